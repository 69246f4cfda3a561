/**
 * Brings a client's log into a transaction: derives its head from the rows on first use, compares it with the rows
 * on every later one (another process may have added to it), refuses it when it was rolled back, and opens the shard
 * of the year. The same code runs at start, after a failure and while running.
 */
import { Fault } from '../core/faults.ts';
import { extend, leafHash, parseRange, type Range, rangeRoot } from '../core/merkle.ts';
import { openCheckpoint } from '../core/note.ts';
import type { Guard } from './guard.ts';
import { type LogState, nothingAdded, type Pen, settle } from './ledger-log.ts';
import { places } from './ledger-rows.ts';
import { entryKey } from './ledger-schema.ts';
import {
  createShard,
  newLogToken,
  type ShardDeps,
  setTime,
  shardOf,
  shardStart,
  startLines,
  yearOf,
} from './ledger-shards.ts';
import { bytes, int, type Row, text } from './rows.ts';

export interface Heads {
  /** The client's log, ready for a line at `now`. Makes it when it does not exist. Throws Fault rollback. */
  touch(client: string, now: number): LogState;
  /** The same, or undefined when this client's log is refused: the others go on. */
  touchIfSound(client: string, now: number): LogState | undefined;
  /** Leaves a log out of this transaction again: what brought it in was undone. */
  forget(log: LogState): void;
  /** The logs touched since the last `settle` or `drop`. */
  touched(): readonly LogState[];
  /** After a commit: the transaction's additions are now the state. */
  settle(): void;
  /** After a failure: nothing in memory can be trusted; everything is derived again on next use. */
  drop(): void;
}

export interface HeadsDeps extends ShardDeps {
  readonly guard: Guard;
  /** This installation's name of this node and the random name of this run. */
  readonly node: string;
  readonly boot: string;
}

/** The name under which the guard keeps a client's newest checkpoint: found again without the database. */
export function guardName(pen: Pen, client: string): string {
  return pen.keyring.token('guard', client).toString('hex');
}

export function createHeads(deps: HeadsDeps): Heads {
  return new HeldHeads(deps);
}

class HeldHeads implements Heads {
  readonly #deps: HeadsDeps;
  readonly #known = new Map<string, LogState>();
  readonly #refused = new Map<string, Fault>();
  #touched = new Map<string, LogState>();

  constructor(deps: HeadsDeps) {
    this.#deps = deps;
  }

  touch(client: string, now: number): LogState {
    const here = this.#touched.get(client);
    if (here !== undefined) return here;
    const fault = this.#refused.get(client);
    if (fault !== undefined) throw fault;
    try {
      const log = this.#bring(client, now);
      this.#touched.set(client, log);
      setTime(log, Math.max(log.at, now));
      startLines(this.#deps, log);
      return log;
    } catch (cause) {
      if (isDatabases(cause)) throw cause;
      const refusal = cause instanceof Fault ? cause : rollback(client, 'it cannot be read');
      this.#known.delete(client);
      this.#refused.set(client, refusal);
      throw refusal;
    }
  }

  touchIfSound(client: string, now: number): LogState | undefined {
    try {
      return this.touch(client, now);
    } catch (cause) {
      if (cause instanceof Fault && cause.code === 'ledger_rollback_detected') return undefined;
      throw cause;
    }
  }

  forget(log: LogState): void {
    this.#touched.delete(log.client);
    this.#known.delete(log.client);
  }

  touched(): readonly LogState[] {
    return [...this.#touched.values()];
  }

  settle(): void {
    for (const log of this.#touched.values()) settle(log);
    this.#touched = new Map();
  }

  drop(): void {
    this.#known.clear();
    this.#touched = new Map();
  }

  #bring(client: string, now: number): LogState {
    const cached = this.#known.get(client);
    const log = cached === undefined ? load(this.#deps, client) : compare(this.#deps, cached);
    const ready = log ?? create(this.#deps, client, now);
    this.#known.set(client, ready);
    return ready;
  }
}

/** Errors of the database as a whole condemn the batch; what is wrong with one log refuses that log. */
function isDatabases(cause: unknown): boolean {
  return Error.isError(cause) && 'errcode' in cause;
}

function rollback(client: string, what: string): Fault {
  return new Fault('ledger_rollback_detected', `log of ${client}: ${what}`);
}

/** The log as the rows tell it, checked; undefined when the client has none. */
function load(deps: HeadsDeps, client: string): LogState | undefined {
  const { pen } = deps;
  const row = pen.sql.logByClient.get(client);
  const name = guardName(pen, client);
  const guarded = deps.guard.read(name);
  if (guarded === 'unreadable') throw rollback(client, 'its guard cannot be read');
  if (row === undefined) {
    if (guarded !== undefined) throw rollback(client, 'the guard knows it, the database does not');
    return undefined;
  }
  const id = int(row, 'id');
  const shardRow = pen.sql.shardById.get(int(row, 'shard'));
  if (shardRow === undefined) throw rollback(client, 'its current part is missing');
  const { shard, range } = checkedShard(deps, client, shardRow);
  const key = pen.keyring.unwrap(places.log(id), bytes(row, 'key'));
  const log: LogState = {
    id,
    client,
    token: text(row, 'token'),
    key,
    guarded: name,
    node: pen.keyring.alias(key, 'node', deps.node),
    boot: pen.keyring.alias(key, 'boot', deps.boot),
    shard,
    range,
    root: rangeRoot(range),
    epoch: int(row, 'epoch'),
    slice: text(row, 'slice'),
    at: int(shardRow, 'at'),
    atText: '',
    n: 0,
    started: false,
    holds: new Map(),
    added: nothingAdded(),
  };
  if (guarded !== undefined) checkGuard(deps, log, guarded.origin, guarded.range);
  log.n = counterOf(deps, log);
  log.started = log.n > 0;
  return log;
}

/** Checks a shard's row against its own signature and its right edge against the lines. */
function checkedShard(deps: HeadsDeps, client: string, row: Row): { shard: LogState['shard']; range: Range } {
  const { pen } = deps;
  const shard = shardOf(pen, int(row, 'id'), int(row, 'year'), text(row, 'origin'));
  const size = int(row, 'size');
  const range = parseRange(size, bytes(row, 'range'));
  if (range === undefined) throw rollback(client, 'its stored range does not fit its size');
  const key = { name: shard.origin, type: 1, key: pen.publicKey };
  const checkpoint = openCheckpoint(text(row, 'checkpoint'), key);
  if (typeof checkpoint === 'string') throw rollback(client, checkpoint);
  const root = rangeRoot(range);
  if (checkpoint.size !== size || Buffer.compare(checkpoint.root, root) !== 0) {
    throw rollback(client, 'its head is not the one that was signed');
  }
  const last = pen.sql.lastEntry.get(entryKey(shard.id, 0), entryKey(shard.id + 1, 0))?.last;
  if (last !== entryKey(shard.id, size - 1))
    throw rollback(client, 'its lines do not end where its head does');
  checkEdge(deps, client, shard.id, range);
  return { shard, range };
}

/** The leaves after the last full 256 must hash to the low end of the range. */
function checkEdge(deps: HeadsDeps, client: string, shard: number, range: Range): void {
  const from = range.size - (range.size % 256);
  const edge = extend({ size: 0, hashes: [] }, hashesBetween(deps, shard, from, range.size));
  const tail = range.hashes.slice(range.hashes.length - edge.hashes.length);
  const same = edge.hashes.every((hash, i) => Buffer.compare(hash, tail[i] ?? Buffer.alloc(0)) === 0);
  if (edge.size !== range.size - from || !same)
    throw rollback(client, 'its newest lines are not those of its head');
}

function hashesBetween(deps: HeadsDeps, shard: number, from: number, to: number): Uint8Array[] {
  const rows = deps.pen.sql.leavesBetween.all(entryKey(shard, from), entryKey(shard, to));
  return rows.map((row) => leafHash(text(row, 'leaf')));
}

/** The kept checkpoint must be a beginning of what the database holds. */
function checkGuard(deps: HeadsDeps, log: LogState, origin: string, range: Range): void {
  const row = deps.pen.sql.shardByOrigin.get(log.id, origin);
  if (row === undefined) throw rollback(log.client, 'the guard knows a part that the database does not');
  const size = int(row, 'size');
  if (size < range.size) throw rollback(log.client, `it ends at ${size}, the guard has seen ${range.size}`);
  const now = extend(range, hashesBetween(deps, int(row, 'id'), range.size, size));
  if (now.size !== size || Buffer.compare(rangeRoot(now), bytes(row, 'root')) !== 0) {
    throw rollback(log.client, 'what the guard has seen is not a beginning of it');
  }
}

/** The last counter of this run in the current shard, read from the lines when this run may have written there. */
function counterOf(deps: HeadsDeps, log: LogState): number {
  if (!deps.visited.has(log.shard.id)) return 0;
  const from = entryKey(log.shard.id, 0);
  for (const row of deps.pen.sql.leavesBack.iterate(from, entryKey(log.shard.id + 1, 0))) {
    const leaf: unknown = JSON.parse(text(row, 'leaf'));
    if (typeof leaf !== 'object' || leaf === null || !('boot' in leaf) || !('n' in leaf)) continue;
    if (leaf.boot === log.boot && typeof leaf.n === 'number') return leaf.n;
  }
  return 0;
}

/** Compares a log in memory with its row: same head, or one that extends ours; anything else is a rollback. */
function compare(deps: HeadsDeps, log: LogState): LogState | undefined {
  const row = deps.pen.sql.headOf.get(log.id);
  if (row === undefined) throw rollback(log.client, 'its row is gone');
  const epoch = int(row, 'epoch');
  if (epoch < log.epoch) throw rollback(log.client, 'its epoch went back');
  const sameShard = int(row, 'shard') === log.shard.id;
  const size = int(row, 'size');
  if (sameShard && size === log.range.size) {
    if (Buffer.compare(bytes(row, 'root'), log.root) !== 0)
      throw rollback(log.client, 'another root at the same size');
    if (epoch !== log.epoch) log.holds.clear();
    log.epoch = epoch;
    log.slice = text(row, 'slice');
    return log;
  }
  checkGuard(deps, log, log.shard.origin, log.range);
  return load(deps, log.client);
}

function create(deps: HeadsDeps, client: string, now: number): LogState {
  const { pen } = deps;
  const token = newLogToken();
  const inserted = pen.sql.insertLog.run(client, token, new Uint8Array(0), '');
  const id = Number(inserted.lastInsertRowid);
  const { key, wrapped } = pen.keyring.create(places.log(id));
  pen.sql.updateLogKey.run(wrapped, id);
  const shard = createShard(pen, id, deps.host, token, yearOf(now));
  pen.sql.updateLogShard.run(shard.id, id);
  return {
    id,
    client,
    token,
    key,
    guarded: guardName(pen, client),
    node: pen.keyring.alias(key, 'node', deps.node),
    boot: pen.keyring.alias(key, 'boot', deps.boot),
    shard,
    ...shardStart,
    epoch: 1,
    slice: '',
    at: now,
    atText: '',
    n: 0,
    started: false,
    holds: new Map(),
    added: nothingAdded(),
  };
}
