/**
 * One batch, one transaction for all the logs in it, in four steps:
 *   1. begin, and bring each log in (compare heads)   - if we stop here, nothing was written;
 *   2. run the commands, each failure its caller's    - if we stop here, SQLite rolls everything back;
 *   3. extend ranges, sign checkpoints, commit, fsync - if the outcome is unknown, read back before anybody hears;
 *   4. answer, then write the guard, one log at a time - if we stop here, the guard is older, never newer.
 * After any failure the heads are derived again from the rows by the code that runs at start.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { AnswerOf, Command } from '../core/commands.ts';
import { Fault, type FaultCode } from '../core/faults.ts';
import { LeafFault } from '../core/leaf.ts';
import { ed25519Type, type VerifierKey } from '../core/note.ts';
import type { Keyring } from './disclosure.ts';
import { random } from './disclosure.ts';
import { createGuard, type Guard } from './guard.ts';
import type { Keys } from './keys.ts';
import type { Acts, Running } from './ledger-acts.ts';
import { type Process, sayGoodbye, sweep } from './ledger-boots.ts';
import { noAnswers, runCalls, runFormed } from './ledger-calls.ts';
import { clientOf, execute } from './ledger-commands.ts';
import type { FormedCalls } from './ledger-forms.ts';
import { Gathered } from './ledger-gathered.ts';
import { createHeads } from './ledger-heads.ts';
import { type LogState, markOf, type Pen, resetTo, sealHead } from './ledger-log.ts';
import { abandon, type Connection, isConstraint, readBack } from './ledger-recovery.ts';
import { FormShelf } from './ledger-shelf.ts';
import { prepareAll } from './ledger-statements.ts';
import type { WireAnswers } from './ledger-wire.ts';
import { int, RowFault } from './rows.ts';

export type Reply =
  | { readonly ok: AnswerOf<Command> }
  | { readonly fault: { readonly code: FaultCode; readonly detail: string } };

export interface BatcherDeps {
  /** Opens the database; called again after a failure that closed it. */
  open(): DatabaseSync;
  readonly keys: Keys;
  readonly keyring: Keyring;
  readonly guardDir: string;
  /** Host of the portal, the first part of new origins. */
  readonly host: string;
  readonly node: string;
  readonly process: Process;
}

/** What is run in one transaction: calls as they cross the wire (ledger-wire.ts), written out or by their forms, then commands. */
export interface Batch {
  readonly calls: string;
  readonly formed?: FormedCalls;
  readonly commands: readonly Command[];
}

export interface BatchReplies {
  /** Set when nothing was written: the answer to every call and command. */
  readonly fault?: { readonly code: FaultCode; readonly detail: string };
  readonly calls: WireAnswers;
  readonly formed: WireAnswers;
  readonly replies: readonly Reply[];
  /** As `Batcher.unguarded`; left out: none. */
  readonly unguarded?: number;
}

export interface Batcher {
  /** Runs the batch in one transaction. Never throws: each call and command gets its answer. */
  run(batch: Batch, now: number): BatchReplies;
  /** To be called after each answer until it says false: writes one file of the guard's backlog, and never throws. */
  guardOne(monotonic: number): boolean;
  /** Logs whose newest state could not be kept in the guard when it was tried last. */
  unguarded(): number;
  /** Housekeeping: closes what dead runs left open. */
  tick(now: number): BatchReplies;
  /** `node.stopped` in every log this run wrote to, the guard's backlog, and the database closed. */
  close(now: number, monotonic: number): void;
}

export const nothingSaid: BatchReplies = { calls: noAnswers, formed: noAnswers, replies: [] };

/** Milliseconds between two words of a run that it is alive; others take it for dead after thirty seconds. */
const seenEvery = 5_000;

export function createBatcher(deps: BatcherDeps): Batcher {
  return new OneWriter(deps);
}

class OneWriter implements Batcher {
  readonly #deps: BatcherDeps;
  /** The random name of this run. */
  readonly #boot = random(16).toString('base64url');
  readonly #visited = new Set<number>();
  readonly #running = new Map<number, Running>();
  readonly #shelf = new FormShelf();
  readonly #guard: Guard;
  readonly #evaluationKey: string | undefined;
  #connection: Connection | undefined;
  /** When its row last said that this run is alive. */
  #seenAt: number | undefined;

  constructor(deps: BatcherDeps) {
    this.#deps = deps;
    const keyFor = (name: string): VerifierKey => ({ name, type: ed25519Type, key: deps.keys.ledgerPublic });
    this.#guard = createGuard(deps.guardDir, keyFor);
    this.#evaluationKey = evaluationKeyOf(deps.keys);
  }

  run({ calls, formed, commands }: Batch, now: number): BatchReplies {
    if (formed !== undefined) this.#shelf.take(formed);
    return this.#transact(now, (acts) => ({
      calls: runCalls(acts, calls),
      formed: formed === undefined ? noAnswers : runFormed(acts, this.#shelf, formed),
      replies: commands.map((command) => runOne(acts, command)),
    }));
  }

  tick(now: number): BatchReplies {
    return this.#transact(now, (acts) => {
      sweep(acts, this.#deps.process);
      return nothingSaid;
    });
  }

  unguarded(): number {
    return this.#guard.failing();
  }

  guardOne(monotonic: number): boolean {
    return this.#guard.writeOne(monotonic);
  }

  close(now: number, monotonic: number): void {
    this.#transact(now, (acts) => {
      sayGoodbye(acts, this.#visited);
      return nothingSaid;
    });
    this.#guard.writeAll(monotonic);
    this.#connection?.db.close();
    this.#connection = undefined;
  }

  /** Runs `work` in a transaction and commits; replies are given only when the commit is known to be durable. */
  #transact(now: number, work: (acts: Acts) => BatchReplies): BatchReplies {
    try {
      this.#connection ??= connect(this.#deps, this.#guard, this.#boot, this.#visited, now);
      const here = this.#connection;
      const { pen, heads, bootRow } = here;
      here.db.exec('BEGIN IMMEDIATE');
      this.#sayAlive(here, now);
      const replies = work({
        pen,
        heads,
        now,
        bootRow,
        running: this.#running,
        evaluationKey: this.#evaluationKey,
      });
      const logs = heads.touched();
      for (const log of logs) sealHead(pen, log);
      this.#commit(here, logs);
      for (const { added, guarded } of logs)
        if (added.head !== undefined) this.#guard.offer(guarded, added.head.note, added.head.range);
      heads.settle();
      return replies;
    } catch (cause) {
      this.#connection = abandon(this.#connection, cause);
      this.#seenAt = undefined;
      this.#running.clear();
      return { ...nothingSaid, fault: { code: 'ledger_unavailable', detail: describe(cause) } };
    }
  }

  /** With whatever is written: a busy run may have no time for housekeeping, and is taken for dead by nobody. */
  #sayAlive({ pen, bootRow }: Connection, now: number): void {
    if (this.#seenAt !== undefined && Math.abs(now - this.#seenAt) < seenEvery) return;
    pen.sql.bootSeen.run(now, bootRow);
    this.#seenAt = now;
  }

  #commit(here: Connection, logs: readonly LogState[]): void {
    try {
      here.db.exec('COMMIT');
    } catch (cause) {
      if (!readBack(this.#deps.open, here, logs)) throw cause;
      this.#connection = undefined;
    }
  }
}

function evaluationKeyOf(keys: Keys): string | undefined {
  return keys.evaluationPublic === undefined
    ? undefined
    : Buffer.from(keys.evaluationPublic).toString('base64url');
}

function connect(
  deps: BatcherDeps,
  guard: Guard,
  boot: string,
  visited: Set<number>,
  now: number,
): Connection {
  const db = deps.open();
  try {
    const sql = prepareAll(db);
    const { keyring, host, node } = deps;
    const { ledger: signingKey, ledgerPublic: publicKey, cosignerPublic } = deps.keys;
    const gathered = new Gathered(db);
    const pen: Pen = { sql, gathered, keyring, signingKey, publicKey, cosignerPublic };
    sql.insertBoot.run(boot, deps.process.host, deps.process.pid, now);
    const row = sql.bootByName.get(boot);
    if (row === undefined) throw new RowFault('this run has no row');
    const heads = createHeads({ pen, guard, host, node, boot, visited });
    return { db, pen, heads, bootRow: int(row, 'id') };
  } catch (cause) {
    db.close();
    throw cause;
  }
}

/** One command; what is its caller's fault undoes this command alone. */
function runOne(acts: Acts, command: Command): Reply {
  return attempt(() => {
    const client = clientOf(command);
    if (client !== undefined) acts.heads.touch(client, acts.now);
    const marks = new Map(acts.heads.touched().map((log) => [log, markOf(log)]));
    acts.pen.sql.savepoint.run();
    try {
      const ok = execute(acts, command);
      acts.pen.gathered.write();
      acts.pen.sql.release.run();
      return { ok };
    } catch (cause) {
      if (!isCallers(cause)) throw cause;
      acts.pen.gathered.forget();
      acts.pen.sql.rollbackTo.run();
      acts.pen.sql.release.run();
      for (const log of acts.heads.touched()) {
        const mark = marks.get(log);
        if (mark === undefined) acts.heads.forget(log);
        else resetTo(log, mark);
      }
      throw cause;
    }
  });
}

function isCallers(cause: unknown): cause is Fault | LeafFault {
  return cause instanceof Fault || cause instanceof LeafFault || isConstraint(cause);
}

function attempt(work: () => Reply): Reply {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof Fault) return failure(cause);
    if (cause instanceof LeafFault) return failure(new Fault('internal', cause.message));
    if (isConstraint(cause)) return failure(new Fault('ledger_conflict', 'an id is taken already'));
    throw cause;
  }
}

function failure(fault: Fault): Reply {
  return { fault: { code: fault.code, detail: fault.message } };
}

function describe(cause: unknown): string {
  return Error.isError(cause) ? cause.message : 'unknown';
}
