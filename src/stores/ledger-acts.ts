/** What the writer's commands share: the transaction they run in and the checks that several of them make. */
import type { KeyObject } from 'node:crypto';
import type { Actor } from '../core/commands.ts';
import type { Groups, LeafFields, Receipt } from '../core/entries.ts';
import { Fault } from '../core/faults.ts';
import type { Budgeted } from './ledger-budgets.ts';
import type { Heads } from './ledger-heads.ts';
import { type Entry, type LogState, type Owner, type Pen, writeEntry } from './ledger-log.ts';
import { ownerOf } from './ledger-persons.ts';

/** An exchange that has an intent and no result yet. */
export interface Running {
  readonly id: string;
  readonly session: number | undefined;
  /** Whose bytes it uses, if they are limited. */
  readonly budgeted: Budgeted | undefined;
  /** Its answer is registered as a copy. */
  readonly copy?: boolean;
}

export interface Acts {
  readonly pen: Pen;
  readonly heads: Heads;
  /** The time of the batch, epoch milliseconds. */
  readonly now: number;
  /** The row of this run. */
  readonly bootRow: number;
  /** Running exchanges by entry key, each of which stands in the database: saves reading the line again; may lack some. */
  readonly running: Map<number, Running>;
  /** Installation in evaluation mode: its public consent key (base64url raw); undefined in production. */
  readonly evaluationKey: string | undefined;
}

export type SigningKey = KeyObject;

export function conflict(detail: string): Fault {
  return new Fault('ledger_conflict', detail);
}

/** Writes one line and tells where it will stand once the transaction is committed. */
export function write(acts: Acts, log: LogState, entry: Entry): Receipt {
  const index = writeEntry(acts.pen, log, entry);
  return { origin: log.shard.origin, index, at: log.at };
}

/** Raises the epoch: whatever was decided before is decided again. */
export function raiseEpoch(log: LogState): void {
  log.epoch += 1;
  log.added.epochMoved = true;
  log.holds.clear();
}

/** Who acted, as it stands on a line: a seat of the client, or the provider (whose person is committed only). */
export function actorLine(
  acts: Acts,
  log: LogState,
  by: Actor | undefined,
): { fields: LeafFields; groups?: Groups; owner?: Owner } {
  if (by === undefined) return { fields: { by: 'system' } };
  if ('seat' in by) return { fields: { by: 'client', ...seatFields(by) } };
  return {
    fields: { by: 'provider' },
    groups: { person: { subject: by.provider } },
    owner: ownerOf(acts.pen, log, by.provider),
  };
}

/** A seat, and the program that acted for it. */
export function seatFields({ seat, role, connection }: Extract<Actor, { seat: string }>): LeafFields {
  return { seat, role, ...(connection === undefined ? {} : { connection }) };
}

/** RFC 3339 UTC with milliseconds. */
export function rfc3339(at: number): string {
  return new Date(at).toISOString();
}

/** A line written this much later than what it tells was in force says since when, milliseconds. */
export const noticeable = 1_000;

/** `cut_at` for a line at `at` about what was in force since `cutAt`; nothing when that is about the same. */
export function lateAt(at: number, cutAt: number | undefined): LeafFields {
  return cutAt === undefined || at - cutAt < noticeable ? {} : { cut_at: rfc3339(cutAt) };
}
