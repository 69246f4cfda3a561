/** Where in the policy files each criterion of a decision is decided, so that an explanation can point there. */
import type { CriterionName } from '../question.ts';
import type { Files } from './gather.ts';
import type { ParsedFile } from './parse.ts';

export interface Asked {
  readonly person: string;
  readonly client: string;
  readonly system: string;
  readonly purpose: string;
  /** Which route of the system's profile the request takes; undefined: none of its own. */
  readonly route: number | undefined;
}

type Where = readonly [ParsedFile<unknown> | undefined, ...path: (string | number)[]];

/** `file:line` for each criterion, the deciding text first; empty where no file decides but the client's log. */
export function placesOf(files: Files, asked: Asked): { readonly [C in CriterionName]: readonly string[] } {
  const { identity, staff, purposes } = files;
  const { person, purpose, system } = asked;
  const client = files.clients.get(asked.client);
  const source = client?.content.systems[system];
  const ofPerson = (...keys: string[]): Where => [staff, 'people', person, ...keys];
  const ofPurpose = (...keys: string[]): Where => [purposes, 'purposes', purpose, ...keys];
  const ofSystem = (...keys: string[]): Where => [client, 'systems', system, ...keys];
  const profile = source === undefined ? undefined : files.profiles.get(source.profile);
  return {
    opening: tell([client, 'status'], ofSystem()),
    person: tell(ofPerson()),
    authentication: tell(ofSystem('authentication'), ofPurpose('authentication')),
    place: tell(ofPerson('place'), [identity, 'territories']),
    standing: tell(ofPerson('standing')),
    function: tell(ofPurpose('functions'), ofPerson('functions')),
    assignment: tell(...assignmentsOf(files, asked), [client, 'assignments']),
    contract: tell([client, 'contract'], [client, 'use'], ofPurpose('service')),
    provider: tell(ofPerson('employment')),
    grant: [],
    limits: tell(ofPurpose('minutes')),
    purpose: tell(ofSystem('purposes'), ofPurpose()),
    instructions: tell([client, 'instructions']),
    environment: tell(ofSystem('environment'), ofPurpose('production')),
    operation: tell(
      asked.route === undefined ? [profile, 'routes'] : [profile, 'routes', asked.route],
      ofPurpose('operations'),
    ),
  };
}

/** The assignments of the client's own file that name the person or a team of theirs. */
function assignmentsOf({ clients, staff }: Files, { client, person, system }: Asked): readonly Where[] {
  const file = clients.get(client);
  const teams = staff?.content.people[person]?.teams ?? [];
  return (file?.content.assignments ?? []).flatMap(({ who, systems }, index): Where[] => {
    const named = who === person || teams.some((team) => who === `team:${team}`);
    const here = systems.includes(system) || systems.includes('*');
    return named && here ? [[file, 'assignments', index]] : [];
  });
}

/** What stands nowhere of its own is told by what stands around it, and what stands at the very top by nothing. */
function tell(...places: readonly Where[]): readonly string[] {
  const told = places.flatMap(([file, ...path]) => {
    if (file === undefined) return [];
    const { line, column } = file.document.place(path, 'key');
    return line === 1 && column === 1 ? [] : [`${file.document.path}:${line}`];
  });
  return [...new Set(told)];
}
