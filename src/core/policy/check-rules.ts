/**
 * Holds the names in rules against the files that define them: hours, demands on a sign-in, instructions,
 * assignments of the staff file, and other providers. A rule that could never be met, or that means nobody by a
 * mistake in a name, is a fault.
 */
import { checkAssigned, checkPeriod, mustBeKnown, type Path } from './check-references.ts';
import type { Complaints } from './complaints.ts';
import type { Files } from './gather.ts';
import type { ParsedFile } from './parse.ts';
import type { HoursSource } from './schema-rules.ts';
import type { ClientFile } from './schemas.ts';
import { reaches, type SharedAssignment } from './shared-assignments.ts';

export function checkRules(files: Files, complaints: Complaints): void {
  checkProviders(files, complaints);
  checkStaffRules(files, complaints);
  const { purposes } = files;
  for (const [code, { hours }] of Object.entries(purposes?.content.purposes ?? {})) {
    if (purposes !== undefined) checkHours(purposes, ['purposes', code, 'hours'], hours, complaints);
  }
  for (const client of files.clients.values()) {
    if (client !== undefined) checkClientRules(files, client, complaints);
  }
}

function checkHours(
  file: ParsedFile<unknown>,
  path: Path,
  hours: HoursSource | undefined,
  complaints: Complaints,
): void {
  for (const [index, window] of (hours?.windows ?? []).entries()) {
    const at = [...path, 'windows', index];
    if (window.from === '24:00') complaints.add(file, [...at, 'from'], 'begins after the day: write 00:00');
    if (window.from === window.until) complaints.add(file, [...at, 'until'], 'ends when it begins');
  }
}

function checkProviders({ providers, clients }: Files, complaints: Complaints): void {
  if (providers === undefined) return;
  for (const [id, provider] of Object.entries(providers.content.providers)) {
    const at = ['providers', id];
    if (provider.guarantees !== undefined)
      checkPeriod(complaints, providers, [...at, 'guarantees'], {
        from: provider.guarantees.reviewed,
        until: provider.guarantees.until,
      });
    for (const [client, approval] of Object.entries(provider.approvals)) {
      mustBeKnown(complaints, providers, [...at, 'approvals', client], client, [...clients.keys()], 'client');
      checkPeriod(complaints, providers, [...at, 'approvals', client], approval);
    }
  }
}

function checkStaffRules(files: Files, complaints: Complaints): void {
  const { staff, providers } = files;
  if (staff === undefined) return;
  const known = Object.keys(providers?.content.providers ?? {});
  for (const [id, { employment, provider }] of Object.entries(staff.content.people)) {
    const at = ['people', id, 'provider'];
    if (employment === 'employee' && provider !== undefined)
      complaints.add(staff, at, 'an employee works for no other provider', 'key');
    else if (employment === 'provider' && provider === undefined)
      complaints.add(staff, ['people', id, 'employment'], 'name the provider of providers.yaml as provider');
    else if (provider !== undefined) mustBeKnown(complaints, staff, at, provider, known, 'provider');
  }
  for (const [index, assignment] of staff.content.assignments.entries()) {
    const at = ['assignments', index];
    checkPeriod(complaints, staff, at, assignment);
    checkAssigned(files, staff, [...at, 'who'], assignment.who, complaints);
    checkReach(files, staff, at, assignment, complaints);
  }
}

/** Each client and tag exists, and each system at one of the clients reached at least. */
function checkReach(
  { clients }: Files,
  staff: ParsedFile<unknown>,
  at: Path,
  assignment: SharedAssignment,
  complaints: Complaints,
): void {
  // A client whose own file is faulty may carry the tag or the system.
  const whole = [...clients.values()].every((file) => file !== undefined);
  const known = [...clients].map(([id, file]) => ({
    id,
    tags: file?.content.tags ?? [],
    systems: file === undefined ? [] : Object.keys(systemsIn(file.content)),
  }));
  for (const [nth, name] of assignment.clients.entries()) {
    if (whole && !known.some(({ id, tags }) => reaches(name, id, tags)))
      complaints.add(staff, [...at, 'clients', nth], `no client is or has "${name}"`);
  }
  const reached = known.filter(({ id, tags }) => assignment.clients.some((name) => reaches(name, id, tags)));
  for (const [nth, id] of assignment.systems.entries()) {
    if (id === '*' && assignment.systems.length > 1)
      complaints.add(staff, [...at, 'systems', nth], '"*" stands alone');
    if (whole && id !== '*' && !reached.some(({ systems }) => systems.includes(id)))
      complaints.add(staff, [...at, 'systems', nth], `none of these clients has a system "${id}"`);
  }
}

/** Served and outside alike. */
function systemsIn({ systems, outside }: ClientFile): ClientFile['outside'] {
  return { ...systems, ...outside };
}

function checkClientRules(files: Files, client: ParsedFile<ClientFile>, complaints: Complaints): void {
  const { instructions } = client.content;
  const systems = systemsIn(client.content);
  const purposes = files.purposes?.content.purposes;
  const codes = purposes === undefined ? undefined : Object.keys(purposes);
  for (const [id, system] of Object.entries(systems)) {
    const classes = system.authentication?.acr ?? [];
    for (const code of system.purposes) {
      const asked = purposes?.[code]?.authentication?.acr ?? [];
      if (classes.length > 0 && asked.length > 0 && !classes.some((acr) => asked.includes(acr)))
        complaints.add(
          client,
          ['systems', id, 'authentication', 'acr'],
          `no sign-in can meet both this and what the purpose "${code}" asks`,
        );
    }
  }
  for (const [index, instruction] of instructions.entries()) {
    const at = ['instructions', index];
    checkHours(client, [...at, 'hours'], instruction.hours, complaints);
    for (const [nth, id] of (instruction.systems ?? []).entries())
      mustBeKnown(complaints, client, [...at, 'systems', nth], id, Object.keys(systems), 'system');
    for (const key of ['forbids', 'purposes'] as const) {
      for (const [nth, code] of (instruction[key] ?? []).entries())
        mustBeKnown(complaints, client, [...at, key, nth], code, codes, 'purpose');
    }
    for (const [nth, who] of (instruction.only ?? []).entries())
      checkAssigned(files, client, [...at, 'only', nth], who, complaints);
  }
}
