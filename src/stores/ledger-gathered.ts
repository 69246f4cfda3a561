/**
 * Rows of exchanges that are written together: most of what a row costs is its statement, so up to sixteen share one. They
 * stand in the database only after `write`, which comes before anybody reads there: at the end of the calls of a batch, and of
 * each command.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { RowFault } from './rows.ts';

const most = 16;

/** Rows that wait, and the statements for one and for many of them. */
class Rows {
  readonly #width: number;
  readonly #one: StatementSync;
  readonly #many: StatementSync;
  #values: SQLInputValue[] = [];

  /** @param text the statement around its rows */
  constructor(db: DatabaseSync, width: number, text: (rows: string) => string) {
    const row = width === 1 ? '?' : `(${Array(width).fill('?').join(', ')})`;
    this.#width = width;
    this.#one = db.prepare(text(row));
    this.#many = db.prepare(text(Array(most).fill(row).join(', ')));
  }

  add(...values: readonly SQLInputValue[]): void {
    this.#values.push(...values);
  }

  forget(): void {
    this.#values = [];
  }

  /** Whether each row that waited was written, or was there to be deleted. */
  write(): boolean {
    const values = this.#values;
    if (values.length === 0) return true;
    this.#values = [];
    let changed = 0;
    let at = 0;
    for (const step = most * this.#width; at + step <= values.length; at += step)
      changed += Number(this.#many.run(...values.slice(at, at + step)).changes);
    for (; at < values.length; at += this.#width)
      changed += Number(this.#one.run(...values.slice(at, at + this.#width)).changes);
    return changed * this.#width === values.length;
  }
}

/** What one connection gathers. */
export class Gathered {
  readonly #entries: Rows;
  readonly #opened: Rows;
  readonly #ended: Rows;

  constructor(db: DatabaseSync) {
    this.#entries = new Rows(db, 4, (rows) => `INSERT INTO entries (id, kind, session, leaf) VALUES ${rows}`);
    this.#opened = new Rows(db, 2, (rows) => `INSERT INTO exchanges (entry, boot) VALUES ${rows}`);
    this.#ended = new Rows(db, 1, (rows) => `DELETE FROM exchanges WHERE entry IN (${rows})`);
  }

  /** A line of the log. */
  entry(key: number, kind: number, session: number | undefined, leaf: string): void {
    this.#entries.add(key, kind, session ?? null, leaf);
  }

  /** An exchange that begins. */
  opened(key: number, boot: number): void {
    this.#opened.add(key, boot);
  }

  /** An exchange that is known to be open, and ends. */
  ended(key: number): void {
    this.#ended.add(key);
  }

  /** Throws RowFault when an exchange that ended was not open, and what SQLite throws. */
  write(): void {
    this.#entries.write();
    this.#opened.write();
    if (!this.#ended.write()) throw new RowFault('an exchange that ended was not open');
  }

  /** What waits is not to be written: its transaction, or its command, is undone. */
  forget(): void {
    this.#entries.forget();
    this.#opened.forget();
    this.#ended.forget();
  }
}
