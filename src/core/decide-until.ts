/**
 * Until when an allow holds by time alone: the earliest end among everything it rests on, apart from the opening's own
 * end. Asked after all criteria are met; what is missing nevertheless ends at once.
 */
import { applies, type Facts, freshUntil, isAssignedNow } from './decide-facts.ts';
import type { Assignment, Validity } from './model.ts';
import { ownUntil } from './own-instructions.ts';
import { stretchAt } from './schedule.ts';

const never = Number.POSITIVE_INFINITY;

/** Epoch milliseconds. At that very instant the answer is no longer yes. */
export function earliestEnd(facts: Facts, now: number): number {
  const { client, person, question } = facts;
  const { grant } = question;
  if (client === undefined || person === undefined || grant === undefined) return 0;
  return Math.min(
    grant.until,
    client.contract.until ?? never,
    grant.noticed ?? never,
    person.until ?? never,
    standingUntil(facts, now),
    assignedUntil(facts, now),
    signedInUntil(facts),
    providerUntil(facts),
    hoursUntil(facts, now),
    ownUntil(grant.instructions, now),
  );
}

/** A machine has no standing of its own: it has its hours, and somebody who answers for it. */
function standingUntil({ snapshot, person }: Facts, now: number): number {
  if (person === undefined) return 0;
  if (person.robot !== undefined) {
    const responsible = snapshot.people.get(person.robot.responsible);
    return Math.min(responsible?.until ?? never, stretchAt(person.robot.hours, now).until);
  }
  const { securityTraining, gdprTraining, charter, confidentiality } = person.standing;
  return Math.min(endOf(securityTraining), endOf(gdprTraining), endOf(charter), endOf(confidentiality));
}

function endOf(validity: Validity | undefined): number {
  return validity?.until ?? 0;
}

/** The end of the longest assignment that holds now. */
function assignedUntil({ client, system, person }: Facts, now: number): number {
  let latest = 0;
  if (client === undefined || system === undefined || person === undefined) return latest;
  for (const assignment of client.assignments) {
    if (isAssignedNow(assignment, person, system, now)) latest = Math.max(latest, lastOf(assignment));
  }
  return latest;
}

function lastOf(assignment: Assignment): number {
  return assignment.until ?? never;
}

function signedInUntil({ system, purpose, question, person }: Facts): number {
  const shown = question.authentication;
  if (shown === undefined) return 0;
  if (person?.robot !== undefined) return never;
  return Math.min(freshUntil(system?.authentication, shown), freshUntil(purpose?.authentication, shown));
}

function providerUntil({ snapshot, client, person }: Facts): number {
  if (person?.employment === 'employee') return never;
  const provider = snapshot.subProcessors.get(person?.provider ?? '');
  return Math.min(endOf(provider?.guarantees), endOf(provider?.approvals.get(client?.id ?? '')));
}

/** The next end of the purpose's hours and of every instruction's that applies. */
function hoursUntil({ client, system, purpose }: Facts, now: number): number {
  if (client === undefined || system === undefined || purpose === undefined) return 0;
  const hours = client.hours.get(purpose.code);
  let earliest = hours === undefined ? never : stretchAt(hours, now).until;
  for (const instruction of client.instructions) {
    if (instruction.hours !== undefined && applies(instruction, system, purpose))
      earliest = Math.min(earliest, stretchAt(instruction.hours, now).until);
  }
  return earliest;
}
