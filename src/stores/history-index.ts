/**
 * Counts the lines of ledger.db into history.db, shard by shard, each from where it left off: one piece of lines and the
 * place reached are one transaction, so that after any crash every line is counted once. Only committed lines are seen.
 * Never writes to the log.
 */
import type { DatabaseSync } from 'node:sqlite';
import { leafHash } from '../core/merkle.ts';
import type { Unlocked } from './history-terms.ts';
import { Counting } from './history-counting.ts';
import type { Reading } from './ledger-queries.ts';
import { places } from './ledger-rows.ts';
import { entryKey, kindNumbers } from './ledger-schema.ts';
import { bytes, int, type Row, text } from './rows.ts';

/** Lines of one transaction: some tens of milliseconds of work, so that questions do not wait long. */
const usualPiece = 2048;

const counted = (
  [
    'session.opened',
    'session.closed',
    'session.corrected',
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

/** Follows the log. One instance belongs to one pair of connections. */
export class HistoryIndex {
  readonly #piece: number;
  readonly #reading: Reading;
  readonly #db: DatabaseSync;
  readonly #counting: Counting;
  readonly #cursors = new Map<number, Cursor>();
  readonly #shards;
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
    this.#shards = reading.db.prepare('SELECT id, log, origin, size FROM shards ORDER BY log, year');
    this.#lines = reading.db.prepare(
      `SELECT id, kind, session, leaf FROM entries WHERE id >= ? AND id < ? AND kind IN (${counted.join(', ')})
       ORDER BY id`,
    );
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

  /** Counts one piece, of the given log alone or of any. False when nothing was left to count. */
  step(only?: number): boolean {
    for (const row of this.#shards.all()) {
      if (only !== undefined && int(row, 'log') !== only) continue;
      const next = this.#cursors.get(int(row, 'id'))?.next ?? 0;
      if (int(row, 'size') > next) {
        this.#count(row, next);
        return true;
      }
    }
    return false;
  }

  /** The instant of the newest line counted of a log; undefined when all its lines are counted. */
  behind(log: number): number | undefined {
    let newest = 0;
    let all = true;
    for (const row of this.#shards.all()) {
      if (int(row, 'log') !== log) continue;
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

  #count(shard: Row, next: number): void {
    const id = int(shard, 'id');
    const until = Math.min(int(shard, 'size'), next + this.#piece);
    const log = this.#unlock(int(shard, 'log'));
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      // Another process may follow the same log into the same file.
      const there = this.#reached.get(id);
      if ((there === undefined ? 0 : int(there, 'next')) !== next) throw new Elsewhere();
      if (log !== undefined) {
        const lines = this.#lines.all(entryKey(id, next), entryKey(id, until));
        this.#counting.count(log, lines);
      }
      const first = this.#leaf.get(entryKey(id, 0));
      const last = this.#leaf.get(entryKey(id, until - 1));
      if (first === undefined || last === undefined) throw new Error('a line of the log is missing');
      const at = instantOf(text(last, 'leaf'));
      const hashes = [leafHash(text(first, 'leaf')), leafHash(text(last, 'leaf'))] as const;
      this.#keep.run(id, int(shard, 'log'), until, at, ...hashes);
      this.#db.exec('COMMIT');
      this.#cursors.set(id, { next: until, at });
    } catch (cause) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      if (!this.begin() || !(cause instanceof Elsewhere)) throw cause;
    }
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
