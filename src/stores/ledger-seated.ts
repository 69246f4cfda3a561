/** Who sits for a client now, as the writer's other commands ask. */
import type { Seat } from '../core/commands.ts';
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
