/**
 * Counts the lines of ledger.db into history.db, shard by shard, each from where it left off: one piece of lines and the
 * place reached are one transaction, so that after any crash every line is counted once. Only committed lines are seen.
 * Never writes to the log.
 */
import type { DatabaseSync } from 'node:sqlite';
import { leafHash } from '../core/merkle.ts';
import { Counting } from './history-counting.ts';
import { lineRow } from './history-lines.ts';
import type { Unlocked } from './history-terms.ts';
import type { Reading } from './ledger-queries.ts';
import { places } from './ledger-rows.ts';
import { entryKey, kindNumbers } from './ledger-schema.ts';
import { bytes, int, text } from './rows.ts';

/** Lines of one transaction: some tens of milliseconds of work, so that questions do not wait long. */
const usualPiece = 2048;

const counted = (
  [
    'session.opened',
    'session.closed',
    'session.corrected',
    'session.declared',
    'copy.registered',
    'copy.kept',
    'copy.destroyed',
    'session.extended',
    'access.intent',
    'access.static',
    'access.result',
    'access.refused',
  ] as const
).map((kind) => kindNumbers[kind]);

/** The file was written by another hand since it was read. */
class Elsewhere extends Error {}

interface Cursor {
  next: number;
  /** Instant of the newest line counted. */
  at: number;
}

/** Lines `next` to `until` of a shard. */
interface Piece {
  readonly shard: number;
  readonly log: number;
  readonly next: number;
  readonly until: number;
}

/** Follows the log. One instance belongs to one pair of connections. */
export class HistoryIndex {
  readonly #piece: number;
  readonly #reading: Reading;
  readonly #db: DatabaseSync;
  readonly #counting: Counting;
  readonly #cursors = new Map<number, Cursor>();
  readonly #shards;
  readonly #shardsOf;
  readonly #lines;
  readonly #leaf;
  readonly #logKey;
  readonly #keep;
  readonly #version;
  readonly #reached;
  #seen: unknown;

  constructor(reading: Reading, db: DatabaseSync, piece = usualPiece) {
    this.#piece = piece;
    this.#reading = reading;
    this.#db = db;
    this.#counting = new Counting(reading, db);
    this.#shards = reading.db.prepare('SELECT id, log, size FROM shards ORDER BY log, year');
    this.#shardsOf = reading.db.prepare('SELECT id, log, size FROM shards WHERE log = ? ORDER BY year');
    this.#lines = reading.db.prepare(
      `SELECT id, kind, session, leaf FROM entries WHERE id >= ? AND id < ? AND kind IN (${counted.join(', ')})
       ORDER BY id`,
    );
    // Rows come by the thousand: as arrays they cost half.
    this.#lines.setReturnArrays(true);
    this.#leaf = reading.db.prepare('SELECT leaf FROM entries WHERE id = ?');
    this.#logKey = reading.db.prepare('SELECT key FROM logs WHERE id = ?');
    this.#reached = db.prepare('SELECT next FROM cursors WHERE shard = ?');
    this.#version = reading.db.prepare('PRAGMA data_version');
    this.#keep = db.prepare(
      `INSERT INTO cursors (shard, log, next, at, first, last) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (shard) DO UPDATE SET next = excluded.next, at = excluded.at, last = excluded.last`,
    );
  }

  /**
   * Takes over what the file says was counted. False when that is not from this log: a line that was counted is gone or
   * is another, as after a restore. The file must then be thrown away.
   */
  begin(): boolean {
    this.#cursors.clear();
    const sizes = new Map(this.#shards.all().map((row) => [int(row, 'id'), int(row, 'size')]));
    for (const row of this.#db.prepare('SELECT * FROM cursors').all()) {
      const shard = int(row, 'shard');
      const next = int(row, 'next');
      if ((sizes.get(shard) ?? 0) < next) return false;
      if (!this.#same(entryKey(shard, 0), bytes(row, 'first'))) return false;
      if (!this.#same(entryKey(shard, next - 1), bytes(row, 'last'))) return false;
      this.#cursors.set(shard, { next, at: int(row, 'at') });
    }
    this.#counting.begin();
    return true;
  }

  /** Whether anything was committed since this was asked last. */
  moved(): boolean {
    const version = this.#version.get()?.data_version;
    if (version === this.#seen) return false;
    this.#seen = version;
    return true;
  }

  /** Counts one piece, of the given log alone or of as many as it holds. False when nothing was left to count. */
  step(only?: number): boolean {
    const pieces: Piece[] = [];
    let room = this.#piece;
    for (const row of only === undefined ? this.#shards.all() : this.#shardsOf.all(only)) {
      const [shard, log, size] = [int(row, 'id'), int(row, 'log'), int(row, 'size')];
      const next = this.#cursors.get(shard)?.next ?? 0;
      if (size <= next) continue;
      const until = Math.min(size, next + room);
      pieces.push({ shard, log, next, until });
      room -= until - next;
      if (room === 0) break;
    }
    if (pieces.length === 0) return false;
    this.#count(pieces);
    return true;
  }

  /** The instant of the newest line counted of a log; undefined when all its lines are counted. */
  behind(log: number): number | undefined {
    let newest = 0;
    let all = true;
    for (const row of this.#shardsOf.all(log)) {
      const cursor = this.#cursors.get(int(row, 'id'));
      newest = Math.max(newest, cursor?.at ?? 0);
      all &&= (cursor?.next ?? 0) >= int(row, 'size');
    }
    return all ? undefined : newest;
  }

  #same(entry: number, hash: Uint8Array): boolean {
    const row = this.#leaf.get(entry);
    return row !== undefined && Buffer.compare(leafHash(text(row, 'leaf')), hash) === 0;
  }

  #count(pieces: readonly Piece[]): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const reached = pieces.map((piece) => [piece.shard, this.#countOne(piece)] as const);
      this.#db.exec('COMMIT');
      for (const [shard, cursor] of reached) this.#cursors.set(shard, cursor);
    } catch (cause) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      if (!this.begin() || !(cause instanceof Elsewhere)) throw cause;
    }
  }

  /** In the transaction that is open. */
  #countOne({ shard, log, next, until }: Piece): Cursor {
    // Another process may follow the same log into the same file.
    const there = this.#reached.get(shard);
    if ((there === undefined ? 0 : int(there, 'next')) !== next) throw new Elsewhere();
    const rows: unknown[] = this.#lines.all(entryKey(shard, next), entryKey(shard, until));
    const lines = rows.map(lineRow);
    const unlocked = lines.length === 0 ? undefined : this.#unlock(log);
    if (unlocked !== undefined) this.#counting.count(unlocked, lines);
    const first = this.#leaf.get(entryKey(shard, 0));
    const last = this.#leaf.get(entryKey(shard, until - 1));
    if (first === undefined || last === undefined) throw new Error('a line of the log is missing');
    const at = instantOf(text(last, 'leaf'));
    this.#keep.run(shard, log, until, at, leafHash(text(first, 'leaf')), leafHash(text(last, 'leaf')));
    return { next: until, at };
  }

  /** A log whose key is gone has nothing that could be told. */
  #unlock(log: number): Unlocked | undefined {
    const row = this.#logKey.get(log);
    if (row === undefined) return undefined;
    try {
      return { id: log, key: this.#reading.keyring.unwrap(places.log(log), bytes(row, 'key')) };
    } catch {
      return undefined;
    }
  }
}

function instantOf(leaf: string): number {
  const at = /"at":"([^"]{1,30})"/.exec(leaf)?.[1];
  const told = at === undefined ? Number.NaN : Date.parse(at);
  return Number.isNaN(told) ? 0 : told;
}
