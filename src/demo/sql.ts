/**
 * The SQL prompt of the sample ERP: one statement on a copy of its tables, made for it and gone after it, as a reporting
 * database would be. Whoever reaches the application may use it, so it reads and changes those tables and touches no file.
 */
import { constants, DatabaseSync } from 'node:sqlite';
import type { Books } from './erp-data.ts';

export type SqlAnswer =
  | {
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
      /** There were more rows. */
      readonly cut: boolean;
    }
  | { readonly error: string };

const mostRows = 200;
const mostText = 2_000;

/** What statements may do; `ATTACH`, `PRAGMA`, `VACUUM` and the like are not among it. */
const permitted: ReadonlySet<number> = new Set([
  ...[constants.SQLITE_SELECT, constants.SQLITE_READ, constants.SQLITE_FUNCTION],
  ...[constants.SQLITE_INSERT, constants.SQLITE_UPDATE, constants.SQLITE_DELETE],
]);

export function runSql(books: Books, statement: string): SqlAnswer {
  if (statement.length > mostText) return { error: `at most ${mostText} characters` };
  const db = copyOf(books);
  try {
    db.setAuthorizer((action) => (permitted.has(action) ? constants.SQLITE_OK : constants.SQLITE_DENY));
    const prepared = db.prepare(statement);
    const columns = prepared.columns().map(({ name }) => name);
    const rows: string[][] = [];
    for (const row of prepared.iterate()) {
      if (rows.length >= mostRows) return { columns, rows, cut: true };
      rows.push(Object.values(row).map((value) => (value === null ? 'NULL' : String(value))));
    }
    return { columns, rows, cut: false };
  } catch (error) {
    return { error: Error.isError(error) ? error.message : 'not understood' };
  } finally {
    db.close();
  }
}

/** For programs: one row a line, columns apart by tabs. */
export function printSql(answer: SqlAnswer): string {
  if ('error' in answer) return `error: ${answer.error}\n`;
  const lines = [answer.columns, ...answer.rows].map((row) => row.join('\t'));
  return `${lines.join('\n')}\n${answer.cut ? '…\n' : ''}`;
}

function copyOf(books: Books): DatabaseSync {
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE customers (id TEXT, name TEXT, city TEXT, mail TEXT, phone TEXT, note TEXT)');
  db.exec('CREATE TABLE invoices (id TEXT, customer TEXT, day TEXT, cents INTEGER, paid INTEGER)');
  const customer = db.prepare('INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?)');
  for (const { id, name, city, mail, phone, note } of books.customers())
    customer.run(id, name, city, mail, phone, note);
  const invoice = db.prepare('INSERT INTO invoices VALUES (?, ?, ?, ?, ?)');
  for (const { id, customer: of, day, cents, paid } of books.invoices())
    invoice.run(id, of, day, cents, paid ? 1 : 0);
  return db;
}
