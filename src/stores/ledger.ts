/**
 * The ledger as the rest of the program sees it: calls are gathered into batches for the writer's thread, one batch
 * on its way at a time. Nothing is answered before it is durable; results ride along and are kept while the ledger
 * cannot be written. The main thread opens no database.
 */
import type { AnswerOf, Command } from '../core/commands.ts';
import type { Draft, LeafFields, LeafValue } from '../core/entries.ts';
import { Fault } from '../core/faults.ts';
import { LeafFault } from '../core/leaf.ts';
import type { Clock, Ledger, Recorded } from '../core/ports.ts';
import { type StartThread, startThread } from '../threads.ts';
import { systemClock } from './clock.ts';
import { loadKeys } from './keys.ts';
import { LedgerQueue } from './ledger-queue.ts';
import { type Call, encodeIntent, encodeResult } from './ledger-wire.ts';

export { type ArchiveOptions, createArchive, type LedgerArchive } from './archive.ts';

export interface LedgerOptions {
  /** Path of ledger.db. */
  readonly file: string;
  readonly keysDir: string;
  readonly guardDir: string;
  /** Host of the portal: the first part of the origins of new logs. */
  readonly host: string;
  /** Name of this node; stands in no log, only an alias of it does. */
  readonly node: string;
  readonly clock?: Clock;
  readonly start?: StartThread;
}

/**
 * Starts the writer. Resolves when the database is open and this run is announced in it; throws KeysFault, or Fault
 * `ledger_unavailable` when the database cannot be written.
 */
export async function createLedger(options: LedgerOptions): Promise<Ledger> {
  loadKeys(options.keysDir);
  const { file, keysDir, guardDir, host, node, clock = systemClock(), start = startThread } = options;
  const queue = new LedgerQueue({ file, keysDir, guardDir, host, node }, clock, start);
  try {
    await queue.start();
  } catch (cause) {
    await queue.stop();
    throw cause;
  }
  return {
    intent: (draft, epoch) => recordIntent(queue, draft, epoch),
    result: (intent, id, fields) => queue.ride(resultCall(intent, id, fields)),
    run: (command) => queue.run(command),
    failingFor: () => queue.failingFor(),
    unguarded: () => queue.unguarded(),
    close: () => queue.close(),
  };
}

function recordIntent<D extends Draft>(
  queue: LedgerQueue,
  draft: D,
  epoch: number,
): Promise<Recorded<D> | { readonly moved: number }> {
  let call: Call | undefined;
  try {
    call = encodeIntent(draft, epoch);
  } catch (cause) {
    return Promise.reject(cause instanceof LeafFault ? new Fault('internal', cause.message) : cause);
  }
  if (call === undefined) return recordLongWay(queue, draft, epoch);
  return queue.call(call, (answer) => recorded(draft, answer));
}

/** For drafts with more groups than the wire carries. */
async function recordLongWay<D extends Draft>(
  queue: LedgerQueue,
  draft: D,
  epoch: number,
): Promise<Recorded<D> | { readonly moved: number }> {
  const command = { do: 'intent', epoch, draft } as const satisfies Command;
  const answer: AnswerOf<typeof command> = await queue.run(command);
  return recorded(draft, answer);
}

function recorded<D extends Draft>(
  draft: D,
  answer: AnswerOf<Command & { do: 'intent' }>,
): Recorded<D> | { readonly moved: number } {
  if ('moved' in answer) return answer;
  return { ...draft, receipt: answer.receipt } as Recorded<D>;
}

/** A result must never be lost to a number with a fraction or half a character in a header: those are mended. */
function resultCall(intent: Recorded, id: string, fields: LeafFields): Call {
  const { client, receipt } = intent;
  const call = encodeResult(client, receipt, id.toWellFormed(), areSound(fields) ? fields : mended(fields));
  if (call === undefined) throw new Fault('internal', 'the intent of this result is none of this ledger');
  return call;
}

function areSound(fields: LeafFields): boolean {
  for (const name in fields) if (!isSound(fields[name] ?? '')) return false;
  return true;
}

function isSound(value: LeafValue): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  return typeof value !== 'string' || (value.length < 1024 && value.isWellFormed());
}

function mended(fields: LeafFields): LeafFields {
  const mend = (value: LeafValue): LeafValue => {
    if (typeof value === 'number') return Number.isFinite(value) ? Math.trunc(value) : 0;
    return typeof value === 'string' ? value.slice(0, 1024).toWellFormed() : value;
  };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, mend(value)]));
}
