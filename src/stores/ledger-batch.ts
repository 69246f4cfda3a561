/**
 * One batch, one transaction for all the logs in it, in four steps:
 *   1. begin, and bring each log in (compare heads)   - if we stop here, nothing was written;
 *   2. run the commands, each failure its caller's    - if we stop here, SQLite rolls everything back;
 *   3. extend ranges, sign checkpoints, commit, fsync - if the outcome is unknown, read back before anybody hears;
 *   4. answer, then offer the checkpoints to the guard - if we stop here, the guard is older, never newer.
 * After any failure the heads are derived again from the rows by the code that runs at start.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { AnswerOf, Command } from '../core/commands.ts';
import { Fault, type FaultCode } from '../core/faults.ts';
import { LeafFault } from '../core/leaf.ts';
import { ed25519Type, type VerifierKey } from '../core/note.ts';
import { random } from './disclosure.ts';
import type { Keyring } from './disclosure.ts';
import { createGuard, type Guard } from './guard.ts';
import type { Keys } from './keys.ts';
import type { Acts, Running } from './ledger-acts.ts';
import { noAnswers, runCalls } from './ledger-calls.ts';
import { clientOf, execute } from './ledger-commands.ts';
import { closeAbandoned } from './ledger-exchanges.ts';
import { createHeads, guardName, type Heads } from './ledger-heads.ts';
import { type LogState, markOf, newId, type Pen, resetTo, sealHead, writeEntry } from './ledger-log.ts';
import type { WireAnswers } from './ledger-wire.ts';
import { prepareAll } from './ledger-statements.ts';
import { bytes, int, optionalInt, RowFault, text } from './rows.ts';

export type Reply =
  | { readonly ok: AnswerOf<Command> }
  | { readonly fault: { readonly code: FaultCode; readonly detail: string } };

/** How this process is told apart from others on the same database. */
export interface Process {
  readonly host: string;
  readonly pid: number;
  /** Whether a process of this host is still there. */
  alive(pid: number): boolean;
}

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

/** What is run in one transaction: calls as they cross the wire (ledger-wire.ts), then commands. */
export interface Batch {
  readonly calls: string;
  readonly commands: readonly Command[];
}

export interface BatchReplies {
  /** Set when nothing was written: the answer to every call and command. */
  readonly fault?: { readonly code: FaultCode; readonly detail: string };
  readonly calls: WireAnswers;
  readonly replies: readonly Reply[];
}

export interface Batcher {
  /** Runs the batch in one transaction. Never throws: each call and command gets its answer. */
  run(batch: Batch, now: number, monotonic: number): BatchReplies;
  /** Housekeeping: says this run is alive, closes what dead runs left open, writes the guard's backlog. */
  tick(now: number, monotonic: number): BatchReplies;
  /** `node.stopped` in every log this run wrote to, the guard's backlog, and the database closed. */
  close(now: number, monotonic: number): void;
}

const nothingSaid: BatchReplies = { calls: noAnswers, replies: [] };

interface Connection {
  readonly db: DatabaseSync;
  readonly pen: Pen;
  readonly heads: Heads;
  readonly bootRow: number;
}

export function createBatcher(deps: BatcherDeps): Batcher {
  const boot = random(16).toString('base64url');
  const visited = new Set<number>();
  const running = new Map<number, Running>();
  const keyFor = (origin: string): VerifierKey => ({
    name: origin,
    type: ed25519Type,
    key: deps.keys.ledgerPublic,
  });
  const guard = createGuard(deps.guardDir, keyFor);
  const evaluationKey = evaluationKeyOf(deps.keys);
  let connection: Connection | undefined;

  function connected(now: number): Connection {
    connection ??= connect(deps, guard, boot, visited, now);
    return connection;
  }

  /** Runs `work` in a transaction and commits; replies are given only when the commit is known to be durable. */
  function transact(now: number, monotonic: number, work: (acts: Acts) => BatchReplies): BatchReplies {
    try {
      const here = connected(now);
      here.db.exec('BEGIN IMMEDIATE');
      const acts: Acts = {
        pen: here.pen,
        heads: here.heads,
        now,
        bootRow: here.bootRow,
        running,
        evaluationKey,
      };
      const replies = work(acts);
      const logs = here.heads.touched();
      for (const log of logs) sealHead(here.pen, log);
      commit(here, logs);
      offer(here, logs, guard, monotonic);
      here.heads.settle();
      return replies;
    } catch (cause) {
      connection = abandon(connection, cause);
      return { ...nothingSaid, fault: { code: 'ledger_unavailable', detail: describe(cause) } };
    }
  }

  function commit(here: Connection, logs: readonly LogState[]): void {
    try {
      here.db.exec('COMMIT');
    } catch (cause) {
      if (!readBack(deps, here, logs)) throw cause;
      connection = undefined;
    }
  }

  return {
    run({ calls, commands }, now, monotonic) {
      return transact(now, monotonic, (acts) => ({
        calls: runCalls(acts, calls),
        replies: commands.map((command) => runOne(acts, command)),
      }));
    },
    tick(now, monotonic) {
      const done = transact(now, monotonic, (acts) => {
        acts.pen.sql.bootSeen.run(now, acts.bootRow);
        sweep(acts, deps.process);
        return nothingSaid;
      });
      flushGuard(guard, monotonic, false);
      return done;
    },
    close(now, monotonic) {
      transact(now, monotonic, (acts) => {
        sayGoodbye(acts, visited);
        return nothingSaid;
      });
      flushGuard(guard, monotonic, true);
      connection?.db.close();
      connection = undefined;
    },
  };
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
    const pen: Pen = { sql, keyring, signingKey: deps.keys.ledger, publicKey: deps.keys.ledgerPublic };
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
      acts.pen.sql.release.run();
      return { ok };
    } catch (cause) {
      if (!isCallers(cause)) throw cause;
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

/** SQLITE_CONSTRAINT: an id that is taken. The statement did nothing; the rest of the batch is sound. */
function isConstraint(cause: unknown): boolean {
  return primaryCode(cause) === 19;
}

function primaryCode(cause: unknown): number | undefined {
  if (!Error.isError(cause) || !('errcode' in cause) || typeof cause.errcode !== 'number') return undefined;
  return cause.errcode & 0xff;
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

/** Rolls back what can be; closes the connection unless the database merely was busy or full. */
function abandon(connection: Connection | undefined, cause: unknown): Connection | undefined {
  if (connection === undefined) return undefined;
  connection.heads.drop();
  try {
    if (connection.db.isTransaction) connection.db.exec('ROLLBACK');
    const code = primaryCode(cause);
    if (code === 5 || code === 13) return connection;
    connection.db.close();
  } catch {
    // The connection is lost; the next batch opens another.
  }
  return undefined;
}

/**
 * The commit failed and may still have happened. Looks through a new connection: if all heads are the ones we were
 * about to write, and can be brought to disk, it did; if none is, it did not; anything else is not answered.
 */
function readBack(deps: BatcherDeps, here: Connection, logs: readonly LogState[]): boolean {
  try {
    if (here.db.isTransaction) here.db.exec('ROLLBACK');
    here.db.close();
  } catch {
    // Closing may fail for the same reason; what counts is what a new connection sees.
  }
  const written = logs.filter((log) => log.added.head !== undefined);
  if (written.length === 0) return false;
  const db = deps.open();
  try {
    const head = db.prepare('SELECT size, root FROM shards WHERE id = ?');
    const agrees = written.every((log) => {
      const row = head.get(log.shard.id);
      if (row === undefined || log.added.head === undefined) return false;
      const { range, root } = log.added.head;
      return int(row, 'size') === range.size && Buffer.compare(bytes(row, 'root'), root) === 0;
    });
    if (!agrees) return false;
    const checkpoint = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
    return checkpoint !== undefined && int(checkpoint, 'busy') === 0;
  } finally {
    db.close();
  }
}

function offer(here: Connection, logs: readonly LogState[], guard: Guard, monotonic: number): void {
  for (const log of logs) {
    const head = log.added.head;
    if (head === undefined) continue;
    try {
      guard.offer(guardName(here.pen, log.client), head.note, head.range, monotonic);
    } catch {
      // It waits in the guard's backlog: an older guard still holds, and housekeeping tries again.
    }
  }
}

function flushGuard(guard: Guard, monotonic: number, everything: boolean): void {
  try {
    guard.flush(monotonic, everything);
  } catch {
    // As in `offer`.
  }
}

/** A run unseen for this long is taken for dead, wherever it ran. */
const unseenFor = 30_000;

/** Closes the exchanges of runs that are gone, and forgets the runs once nothing of theirs is open. */
function sweep(acts: Acts, process: Process): void {
  for (const row of acts.pen.sql.otherBoots.all(acts.bootRow)) {
    const ended = optionalInt(row, 'ended_at') !== undefined;
    const dead = text(row, 'host') === process.host && !process.alive(int(row, 'pid'));
    if (!ended && !dead && acts.now - int(row, 'seen_at') < unseenFor) continue;
    if (closeAbandoned(acts, int(row, 'id')) === 0) acts.pen.sql.forgetBoot.run(int(row, 'id'));
  }
}

/** `node.stopped` in the logs of this run, and its row ended. */
function sayGoodbye(acts: Acts, visited: ReadonlySet<number>): void {
  for (const shard of visited) {
    const place = acts.pen.sql.clientOfShard.get(shard);
    if (place === undefined) continue;
    const log = soundLog(acts, text(place, 'client'));
    if (log === undefined || log.shard.id !== shard || !log.started) continue;
    writeEntry(acts.pen, log, { t: 'node.stopped', id: newId(), fields: { last: log.n } });
    log.started = false;
  }
  acts.pen.sql.bootEnded.run(acts.now, acts.bootRow);
}

function soundLog(acts: Acts, client: string): LogState | undefined {
  try {
    return acts.heads.touch(client, acts.now);
  } catch (cause) {
    if (cause instanceof Fault) return undefined;
    throw cause;
  }
}
