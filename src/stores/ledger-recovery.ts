/**
 * What the writer does when SQLite fails: which failures are a caller's, how a connection is given up, and how the
 * outcome of a commit is found out when it is not known.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Heads } from './ledger-heads.ts';
import type { LogState, Pen } from './ledger-log.ts';
import { bytes, int } from './rows.ts';

export interface Connection {
  readonly db: DatabaseSync;
  readonly pen: Pen;
  readonly heads: Heads;
  readonly bootRow: number;
}

/** SQLITE_CONSTRAINT: an id that is taken. The statement did nothing; the rest of the batch is sound. */
export function isConstraint(cause: unknown): boolean {
  return primaryCode(cause) === 19;
}

function primaryCode(cause: unknown): number | undefined {
  if (!Error.isError(cause) || !('errcode' in cause) || typeof cause.errcode !== 'number') return undefined;
  return cause.errcode & 0xff;
}

/** Rolls back what can be; closes the connection unless the database merely was busy or full. */
export function abandon(connection: Connection | undefined, cause: unknown): Connection | undefined {
  if (connection === undefined) return undefined;
  connection.heads.drop();
  connection.pen.gathered.forget();
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
export function readBack(open: () => DatabaseSync, here: Connection, logs: readonly LogState[]): boolean {
  try {
    if (here.db.isTransaction) here.db.exec('ROLLBACK');
    here.db.close();
  } catch {
    // Closing may fail for the same reason; what counts is what a new connection sees.
  }
  const written = logs.filter((log) => log.added.head !== undefined);
  if (written.length === 0) return false;
  const db = open();
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
