/**
 * Owns `portal.db`, in the portal's thread. One message is one statement; answers carry the message's number. The database
 * holds nothing that cannot be lost: its loss signs everybody out.
 */
import { DatabaseSync } from 'node:sqlite';
import type { MessagePort } from 'node:worker_threads';

export interface SessionsData {
  /** Path of portal.db. */
  readonly path: string;
}

/** What the main thread asks. Keys are hashes; instants are epoch milliseconds. */
export type SessionRequest =
  | { readonly id: number; readonly do: 'get'; readonly key: string; readonly now: number }
  | {
      readonly id: number;
      readonly do: 'set';
      readonly key: string;
      readonly data: string;
      readonly expiresAt: number;
    }
  | { readonly id: number; readonly do: 'touch'; readonly key: string; readonly expiresAt: number }
  | { readonly id: number; readonly do: 'destroy'; readonly key: string }
  | { readonly id: number; readonly do: 'sweep'; readonly now: number }
  | { readonly id: number; readonly do: 'close' };

export type SessionReply =
  | { readonly id: number; readonly data: string | undefined }
  | { readonly id: number; readonly error: string };

function open(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 400 });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;');
  db.exec('PRAGMA cache_size = -1024');
  db.exec(`CREATE TABLE IF NOT EXISTS portal_sessions (
    key TEXT PRIMARY KEY, data TEXT NOT NULL, expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`);
  db.exec('CREATE INDEX IF NOT EXISTS portal_sessions_by_end ON portal_sessions (expires_at)');
  return db;
}

function serve(db: DatabaseSync): (request: SessionRequest) => string | undefined {
  const get = db.prepare('SELECT data, expires_at FROM portal_sessions WHERE key = ?');
  const set = db.prepare(
    'INSERT INTO portal_sessions (key, data, expires_at) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at',
  );
  const touch = db.prepare('UPDATE portal_sessions SET expires_at = ? WHERE key = ?');
  const destroy = db.prepare('DELETE FROM portal_sessions WHERE key = ?');
  const sweep = db.prepare('DELETE FROM portal_sessions WHERE expires_at <= ?');

  /** A session whose time is over is deleted as soon as it is met: a clock set back does not revive it. */
  function find(key: string, now: number): string | undefined {
    const row = get.get(key) as { readonly data: string; readonly expires_at: number } | undefined;
    if (row && row.expires_at > now) return row.data;
    if (row) destroy.run(key);
    return undefined;
  }

  return (request) => {
    switch (request.do) {
      case 'get':
        return find(request.key, request.now);
      case 'set':
        set.run(request.key, request.data, request.expiresAt);
        return undefined;
      case 'touch':
        touch.run(request.expiresAt, request.key);
        return undefined;
      case 'destroy':
        destroy.run(request.key);
        return undefined;
      case 'sweep':
        sweep.run(request.now);
        return undefined;
      case 'close':
        return undefined;
    }
  };
}

/** Opens the database and answers on the port. Throws what SQLite throws. */
export function serveSessions(port: MessagePort, { path }: SessionsData): void {
  const db = open(path);
  const answer = serve(db);
  port.on('close', () => db.close());
  port.on('message', (request: SessionRequest) => {
    let reply: SessionReply;
    try {
      reply = { id: request.id, data: answer(request) };
    } catch (error) {
      reply = { id: request.id, error: error instanceof Error ? error.message : 'unknown' };
    }
    port.postMessage(reply);
    if (request.do === 'close') port.close();
  });
}
