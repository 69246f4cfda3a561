/** Who sits for a client now, as the writer's other commands ask. */
import type { Actor, Seat } from '../core/commands.ts';
import { quarantine } from '../core/invitation.ts';
import type { ControllerUser } from '../core/model.ts';
import type { Acts } from './ledger-acts.ts';
import type { LogState } from './ledger-log.ts';
import { entryKey } from './ledger-schema.ts';
import { bytes, int, optionalInt, text } from './rows.ts';

/** The key of the line that is written next. */
export function nextKey(log: LogState): number {
  return entryKey(log.shard.id, log.range.size + log.added.hashes.length);
}

export type SeatRow = Pick<Seat, 'id' | 'role' | 'method' | 'publicKey' | 'grantsFrom'> & {
  /** The holder, and the mark of their account. */
  readonly owner: number;
  readonly account: Uint8Array;
};

/** A seat of this log that nobody has removed. */
export function liveSeat(acts: Acts, log: LogState, id: string): SeatRow | undefined {
  const row = acts.pen.sql.seatById.get(id);
  if (row === undefined || int(row, 'log') !== log.id || optionalInt(row, 'removed_at') !== undefined) {
    return undefined;
  }
  const grantsFrom = optionalInt(row, 'grants_from');
  return {
    id,
    role: text(row, 'role') as Seat['role'],
    method: text(row, 'method') as Seat['method'],
    publicKey: text(row, 'public_key'),
    owner: int(row, 'owner'),
    account: bytes(row, 'account'),
    ...(grantsFrom === undefined ? {} : { grantsFrom }),
  };
}

/**
 * Why somebody may not say who else acts for the client, or give back a consent; undefined: they may. Whoever may not sign
 * yet may not do this either, or their 48 hours would be worth nothing.
 */
export function unfit(acts: Acts, log: LogState, by: Actor): 'not_seated' | 'not_yet' | undefined {
  const seat = 'seat' in by ? liveSeat(acts, log, by.seat) : undefined;
  if (seat?.role !== 'representative') return 'not_seated';
  return seat.grantsFrom !== undefined && acts.now < seat.grantsFrom ? 'not_yet' : undefined;
}

/** When somebody seated now may sign at last. A log's time never goes back, whatever the clock does. */
export function endOfQuarantine({ now }: Acts, { at }: LogState): number {
  return Math.max(now, at) + quarantine;
}

/** What was proved seats the very account and role that it names. */
export function isNominee(nominee: ControllerUser, taken: Seat): boolean {
  return (
    nominee.id === taken.controller &&
    nominee.role === taken.role &&
    nominee.issuer === taken.issuer &&
    nominee.subject === taken.subject
  );
}
