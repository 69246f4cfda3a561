/**
 * The tables of history.db: what was counted per opening, made from the lines of ledger.db and from nothing else. The
 * file may be thrown away at any time; whatever does not fit the log is thrown away and made anew. What the log keeps
 * in sealed boxes stands here in boxes under the same keys, or as tokens made with them, so that a destroyed key
 * reaches this file too. It is never the evidence of anything.
 */
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Raised whenever the tables or what is counted change: older files are made anew. */
const format = '4';

/** What openings are found by. Numbers stand in the file. */
export const termKinds = {
  system: 1,
  purpose: 2,
  operation: 3,
  result: 4,
  route: 5,
  person: 6,
  reference: 7,
  grant: 8,
  emergency: 9,
} as const;

export type TermKind = keyof typeof termKinds;

/**
 * `stories.id` is the key of the opening's line, or of a refusal's that belongs to none. `corrected`: that
 * of the line that last mended its reference or note. `briefs`: the facts of a story once more, those that were read and not
 * refused added up by their result, for overviews of many; their shapes have route 0. `pending`: exchanges without a
 * result, by the key of their intent; they are counted when the result comes.
 */
const tables = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE cursors (shard INTEGER PRIMARY KEY, log INTEGER NOT NULL, next INTEGER NOT NULL, at INTEGER NOT NULL,
  first BLOB NOT NULL, last BLOB NOT NULL);
CREATE TABLE terms (id INTEGER PRIMARY KEY, log INTEGER NOT NULL, kind INTEGER NOT NULL, token TEXT NOT NULL,
  owner INTEGER, box BLOB, UNIQUE (log, kind, token));
CREATE TABLE stories (id INTEGER PRIMARY KEY, log INTEGER NOT NULL, session INTEGER, at INTEGER NOT NULL,
  last INTEGER NOT NULL, last_at INTEGER NOT NULL, ended_at INTEGER, cause TEXT NOT NULL, statics INTEGER,
  purpose INTEGER NOT NULL, corrected INTEGER);
CREATE INDEX stories_log ON stories (log);
CREATE INDEX stories_time ON stories (log, at, purpose);
CREATE TABLE postings (term INTEGER NOT NULL, story INTEGER NOT NULL, PRIMARY KEY (term, story)) WITHOUT ROWID;
CREATE TABLE shapes (id INTEGER PRIMARY KEY, log INTEGER NOT NULL, route INTEGER NOT NULL, operation TEXT NOT NULL,
  dest TEXT NOT NULL, type TEXT NOT NULL, disposition TEXT NOT NULL, result TEXT NOT NULL,
  UNIQUE (route, operation, dest, result, type, disposition));
CREATE TABLE facts (story INTEGER NOT NULL, shape INTEGER NOT NULL, count INTEGER NOT NULL, up INTEGER NOT NULL,
  down INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (story, shape)) WITHOUT ROWID;
CREATE TABLE briefs (story INTEGER NOT NULL, shape INTEGER NOT NULL, count INTEGER NOT NULL, up INTEGER NOT NULL,
  down INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (story, shape)) WITHOUT ROWID;
CREATE TABLE pending (entry INTEGER PRIMARY KEY, story INTEGER NOT NULL, shape INTEGER NOT NULL, at INTEGER NOT NULL);
CREATE INDEX pending_story ON pending (story);
`;

/** Opens history.db, made anew when it is missing, damaged or of another format. Throws what SQLite throws. */
export function openHistory(file: string): DatabaseSync {
  try {
    return open(file);
  } catch {
    forgetHistory(file);
    return open(file);
  }
}

/** Throws the file away. */
export function forgetHistory(file: string): void {
  for (const part of ['', '-wal', '-shm']) rmSync(`${file}${part}`, { force: true });
}

function open(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 2000 });
  try {
    db.exec('PRAGMA journal_mode = WAL');
    // It can be made again: what a power cut takes is indexed once more.
    db.exec('PRAGMA synchronous = NORMAL');
    db.exec('PRAGMA cache_size = -16384');
    db.exec('BEGIN IMMEDIATE');
    const known = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'meta'").get();
    if (known === undefined) {
      db.exec(tables);
      db.prepare("INSERT INTO meta VALUES ('format', ?)").run(format);
    }
    const row = db.prepare("SELECT value FROM meta WHERE name = 'format'").get();
    if (row?.value !== format) throw new Error('history.db is of another format');
    db.exec('COMMIT');
    return db;
  } catch (cause) {
    db.close();
    throw cause;
  }
}
