/**
 * Holds the names in one file against the files that define them, and the dates against each other. A name that is
 * defined nowhere would silently mean nobody; it is a fault instead.
 */
import { namedRobot } from '../robots.ts';
import type { Complaints } from './complaints.ts';
import type { Files } from './gather.ts';
import { endOf, startOf } from './instants.ts';
import type { ParsedFile } from './parse.ts';
import type { ClientFile } from './schemas.ts';

// NOTE: names in hours, instructions, shared assignments and providers are held in check-rules.

/** Adds a fault for each name without a definition and each period that ends before it begins. */
export function checkReferences(files: Files, complaints: Complaints): void {
  checkStaff(files, complaints);
  checkGroups(files, complaints);
  checkPurposes(files, complaints);
  checkTemplates(files, complaints);
  for (const client of files.clients.values()) {
    if (client !== undefined) checkClient(files, client, complaints);
  }
}

export type Path = readonly PropertyKey[];

/** A name must be among the known ones; when their file is itself faulty there is nothing to compare with. */
export function mustBeKnown(
  complaints: Complaints,
  file: ParsedFile<unknown>,
  path: Path,
  name: string,
  known: readonly string[] | undefined,
  kind: string,
): void {
  if (known === undefined || known.includes(name)) return;
  complaints.add(file, path, `unknown ${kind} "${name}"${suggest(name, known)}`);
}

function suggest(name: string, known: readonly string[]): string {
  const near = known.find(
    (other) => other.startsWith(name.slice(0, 3)) && Math.abs(other.length - name.length) < 3,
  );
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

/** A period must not end before it begins. */
export function checkPeriod(
  complaints: Complaints,
  file: ParsedFile<unknown>,
  path: Path,
  period: { readonly from: string; readonly until?: string | undefined },
): void {
  if (period.until === undefined) return;
  const from = startOf(period.from, 'UTC');
  const until = endOf(period.until, 'UTC');
  if (from !== undefined && until !== undefined && until <= from) {
    complaints.add(file, [...path, 'until'], 'ends before it begins');
  }
}

function checkStaff({ staff }: Files, complaints: Complaints): void {
  if (staff === undefined) return;
  const functions = Object.keys(staff.content.functions);
  for (const [id, person] of Object.entries(staff.content.people)) {
    checkPeriod(complaints, staff, ['people', id], person);
    for (const [index, name] of person.functions.entries()) {
      mustBeKnown(complaints, staff, ['people', id, 'functions', index], name, functions, 'function');
    }
    for (const [index, name] of person.teams.entries()) {
      mustBeKnown(complaints, staff, ['people', id, 'teams', index], name, staff.content.teams, 'team');
    }
  }
  for (const id of Object.keys(staff.content.users)) {
    if (Object.hasOwn(staff.content.people, id)) {
      complaints.add(staff, ['users', id], `"${id}" is already a person's id`, 'key');
    }
  }
}

function checkGroups({ identity, staff }: Files, complaints: Complaints): void {
  if (identity === undefined) return;
  for (const [id, { groups_claim, teams, serves }] of Object.entries(identity.content.providers)) {
    const path = ['providers', id, 'teams'];
    const names = Object.entries(teams);
    if (names.length > 0 && groups_claim === undefined)
      complaints.add(identity, path, 'groups are read from a claim: name it as groups_claim', 'key');
    if (names.length > 0 && !serves.includes('staff'))
      complaints.add(identity, path, 'only a provider that serves staff says who is in a team', 'key');
    if (groups_claim !== undefined && names.length === 0)
      complaints.add(
        identity,
        ['providers', id, 'groups_claim'],
        'no group has a meaning: add teams (<group>: <team>)',
      );
    for (const [group, team] of names)
      mustBeKnown(complaints, identity, [...path, group], team, staff?.content.teams, 'team');
  }
}

function checkPurposes({ staff, purposes }: Files, complaints: Complaints): void {
  if (purposes === undefined) return;
  const functions = staff === undefined ? undefined : Object.keys(staff.content.functions);
  for (const [code, purpose] of Object.entries(purposes.content.purposes)) {
    for (const [index, name] of purpose.functions.entries()) {
      mustBeKnown(complaints, purposes, ['purposes', code, 'functions', index], name, functions, 'function');
    }
  }
}

function checkClient(files: Files, client: ParsedFile<ClientFile>, complaints: Complaints): void {
  const { systems, assignments, instructions, contract } = client.content;
  const purposes = files.purposes === undefined ? undefined : Object.keys(files.purposes.content.purposes);
  const known = [...Object.keys(systems), ...Object.keys(client.content.outside)];
  checkPeriod(complaints, client, ['contract'], contract);
  for (const [id, system] of Object.entries(systems)) {
    const at = ['systems', id];
    mustBeKnown(
      complaints,
      client,
      [...at, 'profile'],
      system.profile,
      [...files.profiles.keys()],
      'profile',
    );
    for (const [index, code] of system.purposes.entries()) {
      mustBeKnown(complaints, client, [...at, 'purposes', index], code, purposes, 'purpose');
    }
    const bundle = system.upstream.ca_file;
    if (bundle !== undefined && !files.certificates.has(bundle)) {
      complaints.add(client, [...at, 'upstream', 'ca_file'], `the file ${bundle} is missing`);
    }
  }
  for (const [id, system] of Object.entries(client.content.outside)) {
    for (const [index, code] of system.purposes.entries()) {
      mustBeKnown(complaints, client, ['outside', id, 'purposes', index], code, purposes, 'purpose');
    }
  }
  for (const code of Object.keys(client.content.watch?.megabytes ?? {})) {
    mustBeKnown(complaints, client, ['watch', 'megabytes', code], code, purposes, 'purpose');
  }
  for (const [index, instruction] of instructions.entries()) {
    if (instructions.findIndex((other) => other.id === instruction.id) < index) {
      complaints.add(
        client,
        ['instructions', index, 'id'],
        `the instruction "${instruction.id}" is there twice`,
      );
    }
  }
  for (const [index, assignment] of assignments.entries()) {
    const at = ['assignments', index];
    checkPeriod(complaints, client, at, assignment);
    checkAssigned(files, client, [...at, 'who'], assignment.who, complaints);
    for (const [nth, id] of assignment.systems.entries()) {
      if (id !== '*') mustBeKnown(complaints, client, [...at, 'systems', nth], id, known, 'system');
      else if (assignment.systems.length > 1)
        complaints.add(client, [...at, 'systems', nth], '"*" stands alone');
    }
  }
}

/** A person, or `team:<name>`, of the staff file. */
export function checkAssigned(
  { staff }: Files,
  file: ParsedFile<unknown>,
  path: Path,
  who: string,
  complaints: Complaints,
): void {
  if (staff === undefined) return;
  if (who.startsWith('team:')) {
    mustBeKnown(complaints, file, path, who.slice('team:'.length), staff.content.teams, 'team');
  } else {
    const { people, robots } = staff.content;
    mustBeKnown(complaints, file, path, who, [...Object.keys(people), ...Object.keys(robots)], 'person');
  }
}

function checkTemplates({ templates, purposes, staff }: Files, complaints: Complaints): void {
  const known = purposes && Object.keys(purposes.content.purposes);
  for (const file of templates.values()) {
    if (file === undefined) continue;
    const { content } = file;
    for (const [at, code] of content.purposes.entries()) {
      mustBeKnown(complaints, file, ['purposes', at], code, known, 'purpose');
    }
    for (const [at, who] of content.people.entries()) {
      if (staff === undefined) continue;
      const team = /^team:(.*)$/.exec(who)?.[1];
      if (team !== undefined)
        mustBeKnown(complaints, file, ['people', at], team, staff.content.teams, 'team');
      const robot = namedRobot(who);
      if (robot === undefined) continue;
      mustBeKnown(complaints, file, ['people', at], robot, Object.keys(staff.content.robots), 'robot');
      const works = staff.content.robots[robot]?.purposes;
      if (works !== undefined && !content.purposes.some((code) => works.includes(code)))
        complaints.add(file, ['people', at], `the robot ${robot} has none of the purposes of this template`);
    }
  }
}
