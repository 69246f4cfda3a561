/**
 * The ledger as the rest of the program sees it: calls are gathered into batches for the writer's thread, one batch
 * on its way at a time. Nothing is answered before it is durable; results ride along and are kept while the ledger
 * cannot be written. The main thread opens no database.
 */
import { Worker } from 'node:worker_threads';
import type { AnswerOf, Command } from '../core/commands.ts';
import type { Draft, LeafFields } from '../core/entries.ts';
import { Fault } from '../core/faults.ts';
import type { Clock, Ledger, Recorded } from '../core/ports.ts';
import { systemClock } from './clock.ts';
import { loadKeys } from './keys.ts';
import type { Reply } from './ledger-batch.ts';
import type { WriterAnswer, WriterData, WriterMessage } from './ledger-writer.ts';

export { type ArchiveOptions, createArchive } from './archive.ts';

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
}

const batchLimit = 256;
/** Results alone wait this long for somebody to ride with, in milliseconds. */
const resultPatience = 50;
const tickEvery = 10_000;
const retryEvery = 1000;
/** A batch that takes longer than this counts as failing, in milliseconds. */
const slowBatch = 2500;

interface Waiting {
  readonly command: Command;
  resolve(answer: AnswerOf<Command>): void;
  reject(fault: Fault): void;
}

/**
 * Starts the writer. Resolves when the database is open and this run is announced in it; throws KeysFault, or Fault
 * `ledger_unavailable` when the database cannot be written.
 */
export async function createLedger(options: LedgerOptions): Promise<Ledger> {
  loadKeys(options.keysDir);
  const writer = createWriterLine(options, options.clock ?? systemClock());
  try {
    await writer.start();
  } catch (cause) {
    await writer.stop();
    throw cause;
  }
  return {
    async intent<D extends Draft>(draft: D, epoch: number) {
      const answer = await writer.run({ do: 'intent', epoch, draft });
      if ('moved' in answer) return answer;
      return { ...draft, receipt: answer.receipt } as Recorded<D>;
    },
    result(intent: Recorded, id: string, fields: LeafFields) {
      writer.ride({ do: 'result', client: intent.client, intent: intent.receipt, id, fields });
    },
    run: (command) => writer.run(command),
    failingFor: () => writer.failingFor(),
    close: () => writer.close(),
  };
}

interface WriterLine {
  start(): Promise<void>;
  run<C extends Command>(command: C): Promise<AnswerOf<C>>;
  ride(command: Command): void;
  failingFor(): number;
  close(): Promise<void>;
  stop(): Promise<void>;
}

function createWriterLine(options: LedgerOptions, clock: Clock): WriterLine {
  const { file, keysDir, guardDir, host, node } = options;
  const workerData: WriterData = { file, keysDir, guardDir, host, node };
  let worker: Worker | undefined;
  let pending: Waiting[] = [];
  let riding: Command[] = [];
  let outstanding: { since: number; answer(replies: WriterAnswer | Fault): void } | undefined;
  let failingSince: number | undefined;
  let scheduled = false;
  let rideTimer: NodeJS.Timeout | undefined;
  let tickTimer: NodeJS.Timeout | undefined;
  let closing = false;

  function spawned(): Worker {
    if (worker !== undefined) return worker;
    const script = import.meta.url.endsWith('.ts') ? './ledger-writer.ts' : './ledger-writer.js';
    const made = new Worker(new URL(script, import.meta.url), { workerData });
    const lost = (cause: unknown): void => {
      if (worker !== made) return;
      worker = undefined;
      outstanding?.answer(new Fault('ledger_unavailable', 'the writer ended', cause));
    };
    made.on('message', (replies: WriterAnswer) => outstanding?.answer(replies));
    made.on('error', lost);
    made.on('exit', lost);
    worker = made;
    return made;
  }

  /** Sends one message and waits for its answer. Only while nothing is outstanding. */
  function exchange(message: WriterMessage, answer: (replies: WriterAnswer | Fault) => void): void {
    outstanding = {
      since: message.monotonic,
      answer(replies) {
        outstanding = undefined;
        noteHealth(replies);
        answer(replies);
        if (pending.length > 0) schedule();
        else armRide();
      },
    };
    spawned().postMessage(message);
  }

  function noteHealth(replies: WriterAnswer | Fault): void {
    const failed = replies instanceof Fault || replies.some(isUnavailable);
    if (!failed) failingSince = undefined;
    else failingSince ??= clock.monotonic();
  }

  function schedule(): void {
    if (scheduled || outstanding !== undefined) return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      flush();
    });
  }

  function flush(): void {
    if (outstanding !== undefined || pending.length + riding.length === 0) return;
    clearTimeout(rideTimer);
    rideTimer = undefined;
    const waiting = pending.splice(0, batchLimit);
    const riders = riding.splice(0, batchLimit - waiting.length);
    const commands = [...waiting.map(({ command }) => command), ...riders];
    const now = clock.now();
    exchange({ do: 'batch', commands, now, monotonic: clock.monotonic() }, (replies) => {
      if (replies instanceof Fault) {
        for (const { reject } of waiting) reject(replies);
        riding = [...riders, ...riding];
        return;
      }
      waiting.forEach((one, i) => settle(one, replies[i]));
      const kept = riders.filter((_, i) => isUnavailable(replies[waiting.length + i]));
      riding = [...kept, ...riding];
    });
  }

  /** Results that nobody came to ride with start a commit after their patience. */
  function armRide(): void {
    if (riding.length === 0 || rideTimer !== undefined) return;
    rideTimer = setTimeout(
      () => {
        rideTimer = undefined;
        flush();
      },
      failingSince === undefined ? resultPatience : retryEvery,
    );
    rideTimer.unref();
  }

  function tick(then?: (replies: WriterAnswer | Fault) => void): void {
    clearTimeout(tickTimer);
    if (outstanding === undefined) {
      const times = { now: clock.now(), monotonic: clock.monotonic() };
      exchange({ do: 'tick', ...times }, (replies) => then?.(replies));
    }
    if (closing) return;
    tickTimer = setTimeout(() => tick(), failingSince === undefined ? tickEvery : retryEvery);
    tickTimer.unref();
  }

  async function idle(): Promise<void> {
    const patience = clock.monotonic() + 5000;
    while (outstanding !== undefined || pending.length + riding.length > 0) {
      if (clock.monotonic() > patience) return;
      flush();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  return {
    start: () =>
      new Promise((resolve, reject) => {
        tick((replies) => {
          const fault = replies instanceof Fault ? replies : faultOf(replies[0]);
          if (fault === undefined) resolve();
          else reject(fault);
        });
      }),
    run<C extends Command>(command: C): Promise<AnswerOf<C>> {
      return new Promise((resolve, reject) => {
        if (closing) {
          reject(new Fault('ledger_unavailable', 'the ledger is closed'));
          return;
        }
        pending.push({ command, resolve: resolve as Waiting['resolve'], reject });
        schedule();
      });
    },
    ride(command) {
      riding.push(command);
      armRide();
    },
    failingFor() {
      const now = clock.monotonic();
      const waited = outstanding === undefined ? 0 : now - outstanding.since;
      const failed = failingSince === undefined ? 0 : now - failingSince;
      return Math.max(failed, waited > slowBatch ? waited : 0);
    },
    async close() {
      if (closing) return;
      closing = true;
      await idle();
      const times = { now: clock.now(), monotonic: clock.monotonic() };
      if (outstanding === undefined && worker !== undefined) {
        await new Promise<void>((resolve) => exchange({ do: 'close', ...times }, () => resolve()));
      }
      await this.stop();
    },
    async stop() {
      closing = true;
      clearTimeout(tickTimer);
      clearTimeout(rideTimer);
      const gone = worker;
      worker = undefined;
      await gone?.terminate();
      for (const { reject } of pending) reject(new Fault('ledger_unavailable', 'the ledger is closed'));
      pending = [];
    },
  };
}

function settle(waiting: Waiting, reply: Reply | undefined): void {
  if (reply !== undefined && 'ok' in reply) waiting.resolve(reply.ok);
  else waiting.reject(faultOf(reply) ?? new Fault('internal', 'the writer gave no answer'));
}

function faultOf(reply: Reply | undefined): Fault | undefined {
  if (reply === undefined || !('fault' in reply)) return undefined;
  return new Fault(reply.fault.code, reply.fault.detail);
}

function isUnavailable(reply: Reply | undefined): boolean {
  return reply !== undefined && 'fault' in reply && reply.fault.code === 'ledger_unavailable';
}
