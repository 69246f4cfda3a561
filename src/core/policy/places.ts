/** Where in the policy files each criterion of a decision is decided, so that an explanation can point there. */
import type { CriterionName } from '../question.ts';
import type { Files } from './gather.ts';
import type { ParsedFile } from './parse.ts';
import { reaches } from './shared-assignments.ts';

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
  const robot = staff !== undefined && Object.hasOwn(staff.content.robots, person);
  const ofPerson = (...keys: string[]): Where => [staff, robot ? 'robots' : 'people', person, ...keys];
  const ofPurpose = (...keys: string[]): Where => [purposes, 'purposes', purpose, ...keys];
  const ofSystem = (...keys: string[]): Where => [client, 'systems', system, ...keys];
  const profile = source === undefined ? undefined : files.profiles.get(source.profile);
  return {
    opening: tell([client, 'status'], ofSystem()),
    person: tell(ofPerson()),
    authentication: tell(
      ...(robot ? [ofPerson('proof')] : []),
      ...[ofSystem('authentication'), ofPurpose('authentication')],
    ),
    place: tell(ofPerson('place'), [identity, 'territories']),
    standing: tell(ofPerson(robot ? 'responsible' : 'standing')),
    function: robot
      ? tell(ofPurpose('robots'), ofPerson('purposes'))
      : tell(ofPurpose('functions'), ofPerson('functions')),
    assignment: tell(...assignmentsOf(files, asked), [client, 'assignments']),
    contract: tell([client, 'contract'], [client, 'use'], ofPurpose('service')),
    provider: tell(ofPerson(robot ? 'responsible' : 'employment')),
    grant: [],
    limits: tell(ofPurpose('minutes')),
    purpose: tell(ofSystem('purposes'), ofPurpose(), ...(robot ? [ofPerson('windows')] : [])),
    instructions: tell([client, 'instructions']),
    environment: tell(ofSystem('environment'), ofPurpose('production')),
    operation: tell(
      asked.route === undefined ? [profile, 'routes'] : [profile, 'routes', asked.route],
      ofPurpose('operations'),
    ),
  };
}

/** The assignments that name the person or a team of theirs: of the client's own file, then of the staff file. */
function assignmentsOf({ clients, staff }: Files, { client, person, system }: Asked): readonly Where[] {
  const file = clients.get(client);
  const teams = staff?.content.people[person]?.teams ?? [];
  const fits = ({ who, systems }: { readonly who: string; readonly systems: readonly string[] }): boolean => {
    const named = who === person || teams.some((team) => who === `team:${team}`);
    return named && (systems.includes(system) || systems.includes('*'));
  };
  const own = (file?.content.assignments ?? []).flatMap((assignment, index): Where[] =>
    fits(assignment) ? [[file, 'assignments', index]] : [],
  );
  const tags = file?.content.tags ?? [];
  const shared = (staff?.content.assignments ?? []).flatMap((assignment, index): Where[] =>
    fits(assignment) && assignment.clients.some((name) => reaches(name, client, tags))
      ? [[staff, 'assignments', index]]
      : [],
  );
  return [...own, ...shared];
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
