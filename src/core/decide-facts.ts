/**
 * What one decision looks up: the question joined with the snapshot, each part possibly missing. Also the three
 * relations that the decision and the declaration page share. Never throws on a malformed question: what cannot be
 * looked up is missing, and missing means no.
 */

import { isNamedIn } from './emergency.ts';
import type {
  AnySystem,
  Assignment,
  Authentication,
  AuthenticationDemand,
  Client,
  Grant,
  Instruction,
  Opening,
  Person,
  Purpose,
  Snapshot,
} from './model.ts';
import type { Question } from './question.ts';
import { robotName } from './robots.ts';
import { findSystem } from './systems.ts';
import { seenAs } from './teams.ts';

export interface Facts {
  readonly snapshot: Snapshot;
  readonly question: Question;
  readonly client: Client | undefined;
  readonly system: AnySystem | undefined;
  readonly opening: Opening | undefined;
  readonly person: Person | undefined;
  readonly purpose: Purpose | undefined;
}

/** Looks up everything that the question names. */
export function gatherFacts(snapshot: Snapshot, question: Question): Facts {
  try {
    return lookUp(snapshot, question);
  } catch {
    return {
      snapshot,
      question,
      client: undefined,
      system: undefined,
      opening: undefined,
      person: undefined,
      purpose: undefined,
    };
  }
}

function lookUp(snapshot: Snapshot, question: Question): Facts {
  const client = snapshot.clients.get(question.client);
  const opening = question.opening;
  return {
    snapshot,
    question,
    client,
    system: findSystem(client, question.system),
    opening,
    person: personOf(snapshot, opening),
    purpose: opening === undefined ? undefined : snapshot.purposes.get(opening.purpose),
  };
}

/** Teams are those of the sign-in that the opening hangs on. */
function personOf(snapshot: Snapshot, opening: Opening | undefined): Person | undefined {
  const person = opening === undefined ? undefined : snapshot.people.get(opening.person);
  return person === undefined ? undefined : seenAs(snapshot, person, opening?.authentication);
}

/** Whether this assignment names the person or a team of theirs, and the system, and holds at `now`. */
export function isAssignedNow(
  assignment: Assignment,
  person: Person,
  system: AnySystem,
  now: number,
): boolean {
  if (!(now >= assignment.from) || (assignment.until !== undefined && !(now < assignment.until)))
    return false;
  if (!assignment.systems.includes(system.id) && !assignment.systems.includes('*')) return false;
  return names(assignment.who, person);
}

/**
 * Whether the client's agreement names the person, a team of theirs, or whoever is assigned. A person of another
 * provider must be named: who agrees to "whoever is assigned" agrees to staff.
 */
export function grantCoversPerson(grant: Grant, person: Person): boolean {
  // Whoever agrees to people agrees to no machine: it has to be named as one.
  if (person.robot !== undefined) return grant.people.includes(robotName(person.id));
  if (person.employment !== 'employee') return grant.people.includes(person.id);
  return grant.people.some((who) => who === 'assigned' || names(who, person));
}

/** Whether the agreement lets this person use this access: as one of its people, or in an emergency as its clause names them. */
export function coversOpening(grant: Grant, opening: Opening, person: Person): boolean {
  if (grantCoversPerson(grant, person)) return true;
  return opening.emergency === true && person.robot === undefined && isNamedIn(grant, person.id);
}

/** Whether the client file allows the purpose on the system. */
export function servesSystem(system: AnySystem, purpose: Purpose): boolean {
  return system.purposes.includes(purpose.code);
}

/** Whether an instruction speaks about this system and purpose. */
export function applies(instruction: Instruction, system: AnySystem, purpose: Purpose): boolean {
  const { systems, purposes } = instruction;
  return (
    (systems === undefined || systems.includes(system.id)) &&
    (purposes === undefined || purposes.includes(purpose.code))
  );
}

/** Whether the class is one of those asked for, and all methods asked for were used. */
export function isStrongEnough(asked: AuthenticationDemand | undefined, shown: Authentication): boolean {
  if (asked === undefined) return true;
  if (asked.acr.length > 0 && (shown.acr === undefined || !asked.acr.includes(shown.acr))) return false;
  return asked.amr.every((method) => shown.amr.includes(method));
}

/** The instant from which on the sign-in is too old. */
export function freshUntil(asked: AuthenticationDemand | undefined, shown: Authentication): number {
  return asked?.maxAgeSeconds === undefined
    ? Number.POSITIVE_INFINITY
    : shown.at + asked.maxAgeSeconds * 1000;
}

const TEAM = 'team:';

/** Whether a person's id or `team:<name>` means this person. */
export function names(who: string, person: Person): boolean {
  if (!who.startsWith(TEAM)) return who === person.id;
  for (const team of person.teams) {
    if (who.length === TEAM.length + team.length && who.endsWith(team)) return true;
  }
  return false;
}
