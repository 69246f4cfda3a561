/**
 * The line to the writer's thread. What arrives while a batch is on its way joins the next; what arrives in one turn
 * of the event loop goes together. Results wait up to 50 ms for a batch to ride with, and ride again when it failed.
 * When the thread dies its batch is answered as unavailable and the next one starts another.
 */
import type { Worker } from 'node:worker_threads';
import type { Answers } from '../core/answers.ts';
import type { AnswerOf, Command } from '../core/commands.ts';
import { Fault } from '../core/faults.ts';
import type { Clock } from '../core/ports.ts';
import type { StartThread } from '../threads.ts';
import type { Batch, BatchReplies, Reply } from './ledger-batch.ts';
import { Crowd } from './ledger-crowd.ts';
import { FormBook } from './ledger-forms.ts';
import { type Call, type FormedCall, faultMark, movedMark, type WireAnswers } from './ledger-wire.ts';
import type { WriterData, WriterMessage } from './ledger-writer.ts';

const batchLimit = 256;
/** In a crowd (ledger-crowd.ts) a batch waits this long, in milliseconds, for others to join. */
const gatherFor = 4;
/** Results alone wait this long for somebody to ride with, in milliseconds. */
const resultPatience = 50;
const tickEvery = 10_000;
const retryEvery = 1000;
/** Turns of two milliseconds that closing waits for what was handed over: about five seconds. */
const drainTurns = 2500;
/** A batch that takes longer than this counts as failing, in milliseconds. */
const slowBatch = 2500;
/** The writer keeps next to nothing from one batch to the next: a small nursery does, and soon lets go of what came with a large one. */
const resourceLimits = { maxYoungGenerationSizeMb: 6 };

interface Waiting<A> {
  resolve(answer: A): void;
  reject(fault: Fault): void;
}

interface WaitingCall extends Waiting<Answers['intent']> {
  readonly call: Call;
}

interface WaitingCommand extends Waiting<AnswerOf<Command>> {
  readonly command: Command;
}

export class LedgerQueue {
  readonly #data: WriterData;
  readonly #clock: Clock;
  readonly #start: StartThread;
  #worker: Worker | undefined;
  #calls: WaitingCall[] = [];
  #commands: WaitingCommand[] = [];
  #riders: Call[] = [];
  readonly #book = new FormBook();
  #outstanding: { readonly since: number; answer(replies: BatchReplies | Fault): void } | undefined;
  #failingSince: number | undefined;
  #unguarded = 0;
  #scheduled = false;
  #gatherTimer: NodeJS.Timeout | undefined;
  readonly #crowd = new Crowd();
  #rideTimer: NodeJS.Timeout | undefined;
  #tickTimer: NodeJS.Timeout | undefined;
  #closing = false;

  constructor(data: WriterData, clock: Clock, start: StartThread) {
    this.#data = data;
    this.#clock = clock;
    this.#start = start;
  }

  /** Resolves when the database is open; throws Fault `ledger_unavailable` when it cannot be written. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#tick((replies) => {
        const fault = faultIn(replies);
        if (fault === undefined) resolve();
        else reject(fault);
      });
    });
  }

  /** Sends an intent as encoded for the wire; resolves with what `as` makes of the answer. */
  call<T>(call: Call, as: (answer: Answers['intent']) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#closing) return reject(closed());
      this.#calls.push({ call, resolve: (answer) => resolve(as(answer)), reject });
      this.#crowd.came();
      this.#schedule();
    });
  }

  run<C extends Command>(command: C): Promise<AnswerOf<C>> {
    return new Promise((resolve, reject) => {
      if (this.#closing) return reject(closed());
      this.#commands.push({ command, resolve: resolve as WaitingCommand['resolve'], reject });
      this.#schedule();
    });
  }

  /** Hands over a result as encoded for the wire. */
  ride(call: Call): void {
    this.#riders.push(call);
    this.#crowd.ended();
    if (this.#outstanding === undefined && !this.#scheduled) this.#armRide();
  }

  unguarded(): number {
    return this.#unguarded;
  }

  failingFor(): number {
    const now = this.#clock.monotonic();
    const waited = this.#outstanding === undefined ? 0 : now - this.#outstanding.since;
    const failed = this.#failingSince === undefined ? 0 : Math.max(1, now - this.#failingSince);
    return Math.max(failed, waited > slowBatch ? waited : 0);
  }

  /** Writes what was handed over (for up to five seconds while writing fails), says goodbye, ends the thread. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    await this.#drain();
    if (this.#outstanding === undefined && this.#worker !== undefined) {
      await new Promise<void>((resolve) =>
        this.#exchange({ do: 'close', ...this.#times() }, () => resolve()),
      );
    }
    await this.stop();
  }

  async stop(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#tickTimer);
    clearTimeout(this.#rideTimer);
    clearTimeout(this.#gatherTimer);
    const gone = this.#worker;
    this.#worker = undefined;
    await gone?.terminate();
    for (const { reject } of [...this.#calls, ...this.#commands]) reject(closed());
    this.#calls = [];
    this.#commands = [];
    this.#riders = [];
  }

  #times(): { now: number; monotonic: number } {
    return { now: this.#clock.now(), monotonic: this.#clock.monotonic() };
  }

  #spawned(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const made = this.#start('stores/ledger-writer-thread', {
      name: 'writer',
      workerData: this.#data,
      resourceLimits,
    });
    const lost = (cause: unknown): void => {
      if (this.#worker !== made) return;
      this.#worker = undefined;
      this.#outstanding?.answer(new Fault('ledger_unavailable', 'the writer ended', cause));
    };
    made.on('message', (replies: BatchReplies) => this.#outstanding?.answer(replies));
    made.on('error', lost);
    made.on('exit', lost);
    this.#worker = made;
    this.#book.restart();
    return made;
  }

  /** Sends one message and waits for its answer. Only while nothing is outstanding. */
  #exchange(message: WriterMessage, then: (replies: BatchReplies | Fault) => void): void {
    this.#outstanding = {
      since: message.monotonic,
      answer: (replies) => {
        this.#outstanding = undefined;
        if (!(replies instanceof Fault)) this.#unguarded = replies.unguarded ?? 0;
        if (faultIn(replies) === undefined) this.#failingSince = undefined;
        else this.#failingSince ??= this.#clock.monotonic();
        then(replies);
        if (this.#calls.length + this.#commands.length > 0) this.#schedule();
        else this.#armRide();
      },
    };
    this.#spawned().postMessage(message);
  }

  /** At the end of this turn of the event loop, or a moment later in a crowd: what arrives together is committed together. */
  #schedule(): void {
    if (this.#scheduled || this.#outstanding !== undefined) return;
    if (this.#crowd.isComplete(this.#calls.length)) {
      clearTimeout(this.#gatherTimer);
      this.#gatherTimer = undefined;
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.#flush();
      });
    } else {
      this.#gatherTimer ??= setTimeout(() => {
        this.#gatherTimer = undefined;
        this.#flush();
      }, gatherFor);
    }
  }

  #flush(): void {
    if (this.#outstanding !== undefined) return;
    const calls = this.#calls.splice(0, batchLimit);
    if (calls.length > 0) this.#crowd.went(calls.length);
    const commands = this.#commands.splice(0, batchLimit - calls.length);
    const riders = this.#riders.splice(0, Math.max(batchLimit - calls.length - commands.length, 64));
    if (calls.length + commands.length + riders.length === 0) return;
    clearTimeout(this.#rideTimer);
    this.#rideTimer = undefined;
    this.#spawned();
    const batch = batchOf(this.#book, calls, riders, commands);
    this.#exchange({ do: 'batch', batch, ...this.#times() }, (replies) => {
      const fault = faultIn(replies);
      if (fault !== undefined || replies instanceof Fault) {
        for (const { reject } of [...calls, ...commands]) reject(fault ?? closed());
        this.#riders = [...riders, ...this.#riders];
        return;
      }
      this.#crowd.began(answerCalls(calls, replies));
      commands.forEach((waiting, i) => {
        answerCommand(waiting, replies.replies[i]);
      });
    });
  }

  /** Results that nobody came to ride with start a commit after their patience. */
  #armRide(): void {
    if (this.#riders.length === 0 || this.#rideTimer !== undefined) return;
    const patience = this.#failingSince === undefined ? resultPatience : retryEvery;
    this.#rideTimer = setTimeout(() => {
      this.#rideTimer = undefined;
      this.#flush();
    }, patience);
    this.#rideTimer.unref();
  }

  #tick(then?: (replies: BatchReplies | Fault) => void): void {
    clearTimeout(this.#tickTimer);
    if (this.#outstanding === undefined) {
      this.#exchange({ do: 'tick', ...this.#times() }, (replies) => then?.(replies));
    }
    if (this.#closing) return;
    this.#tickTimer = setTimeout(
      () => this.#tick(),
      this.#failingSince === undefined ? tickEvery : retryEvery,
    );
    this.#tickTimer.unref();
  }

  /** Bounded by turns, so that a ledger that cannot be written does not keep the process. */
  async #drain(): Promise<void> {
    for (let turn = 0; turn < drainTurns; turn += 1) {
      if (this.#outstanding === undefined && !this.#waits()) return;
      this.#flush();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  #waits(): boolean {
    return this.#calls.length + this.#commands.length + this.#riders.length > 0;
  }
}

function closed(): Fault {
  return new Fault('ledger_unavailable', 'the ledger is closed');
}

function faultIn(replies: BatchReplies | Fault): Fault | undefined {
  if (replies instanceof Fault) return replies;
  return replies.fault === undefined ? undefined : new Fault(replies.fault.code, replies.fault.detail);
}

function batchOf(
  book: FormBook,
  calls: readonly WaitingCall[],
  riders: readonly Call[],
  commands: readonly WaitingCommand[],
): Batch {
  const formed: FormedCall[] = [];
  let written = '';
  const sort = (call: Call): void => {
    if (typeof call === 'string') written += call;
    else formed.push(call);
  };
  for (const { call } of calls) sort(call);
  for (const call of riders) sort(call);
  return { calls: written, formed: book.write(formed), commands: commands.map(({ command }) => command) };
}

/** Tells how many were let through. */
function answerCalls(calls: readonly WaitingCall[], replies: BatchReplies): number {
  let passed = 0;
  let formed = 0;
  let written = 0;
  for (const waiting of calls) {
    const done =
      typeof waiting.call === 'string'
        ? answerCall(waiting, replies.calls, written++)
        : answerCall(waiting, replies.formed, formed++);
    if (done) passed += 1;
  }
  return passed;
}

/** Whether it was let through. */
function answerCall(waiting: WaitingCall, answers: WireAnswers, i: number): boolean {
  const mark = answers.numbers[i * 2] ?? faultMark;
  const value = answers.numbers[i * 2 + 1] ?? -1;
  const head = answers.heads[mark];
  if (mark === movedMark) {
    waiting.resolve({ moved: value });
  } else if (head !== undefined) {
    waiting.resolve({ receipt: { origin: head.origin, index: value, at: head.at } });
  } else {
    const fault = answers.faults[value];
    waiting.reject(new Fault(fault?.code ?? 'internal', fault?.detail ?? 'the writer gave no answer'));
  }
  return head !== undefined && mark >= 0;
}

function answerCommand(waiting: WaitingCommand, reply: Reply | undefined): void {
  if (reply !== undefined && 'ok' in reply) waiting.resolve(reply.ok);
  else {
    const fault = reply?.fault;
    waiting.reject(new Fault(fault?.code ?? 'internal', fault?.detail ?? 'the writer gave no answer'));
  }
}
