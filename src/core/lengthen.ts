/**
 * How much longer a running access may last: what its purpose, the other rules and the agreement it rests on leave. Asked of
 * `decide` with the very access that would be stored. Pure.
 */
import { longestUnder } from './emergency.ts';
import type { Grant, Opening, Operation, Snapshot } from './model.ts';
import { runsUntil } from './requalify.ts';

const minute = 60_000;

/** Whole minutes that the purpose leaves beyond the end of the access; 0: none. */
export function purposeLeaves(snapshot: Snapshot, { purpose, openedAt, endsAt }: Opening): number {
  const longest = snapshot.purposes.get(purpose)?.minutes ?? 0;
  return Math.max(0, Math.floor((openedAt + longest * minute - endsAt) / minute));
}

/** What is permitted until when: the access with that end under that agreement, on each of its systems. Undefined: nothing. */
export function permittedUntil(
  snapshot: Snapshot,
  opening: Opening,
  grant: Grant,
  now: number,
  operation: Operation = 'read',
): number | undefined {
  const ends = opening.systems.map((system) =>
    runsUntil(snapshot, opening, grant, { system, operation, method: 'GET', template: '/' }, now),
  );
  return ends.reduce(
    (least, one) => (one === undefined || least === undefined ? undefined : Math.min(least, one)),
    opening.endsAt,
  );
}

/** Whether the agreement lets the access last until then without anybody being asked. */
export function agreementReaches(grant: Grant, opening: Opening, endsAt: number): boolean {
  const longest = grant.session === opening.id ? Number.POSITIVE_INFINITY : longestUnder(grant, opening);
  return grant.status === 'active' && endsAt <= grant.until && endsAt - opening.openedAt <= longest * minute;
}

/** The agreement by which a client lengthens an access, as far as rules look at it. */
export function lengthening(opening: Opening, grant: Grant, endsAt: number, now: number): Grant {
  const { id, client, systems, purpose, person } = opening;
  return {
    id: grant.id,
    client,
    version: 1,
    status: 'active',
    systems,
    purposes: [purpose],
    operations: grant.operations,
    people: [person],
    from: Math.min(now, opening.openedAt),
    until: endsAt,
    upstreamAccount: grant.upstreamAccount,
    textHash: '',
    grantedBy: '',
    grantedAt: now,
    kind: 'one-off',
    session: id,
  };
}
