/** The end of contracts as the readers' threads tell it, as an export has it, and whether its rows say what the lines say. */
import { type Ending, type EndingBook, type EndingStatement, readEnding } from '../core/ending.ts';
import type { LeafFields } from '../core/entries.ts';
import { openBox } from './disclosure.ts';
import { type LogRow, logOf, type Reading } from './ledger-queries.ts';
import { places } from './ledger-rows.ts';
import { bytes, int, optionalInt, optionalText, type Row, RowFault, text } from './rows.ts';

const nothing: EndingBook = { statements: [], endings: [], open: { openings: 0, copies: 0, credentials: 0 } };

/** Everything that is known of the end of a client's contract. */
export function endingBook(reading: Reading, client: string): EndingBook {
  const log = logOf(reading, client);
  if (log === undefined) return nothing;
  const { db } = reading;
  const count = (what: string): number =>
    Number(db.prepare(`SELECT COUNT(*) AS count FROM ${what}`).get(log.id)?.count);
  return {
    statements: statementRows(reading, log).map((row) => {
      const written = statementText(row, log);
      return { said: statementFrom(row, written), at: int(row, 'set_at'), text: written };
    }),
    endings: endingRows(reading, log).map((row) => toEnding(reading, log, row)),
    open: {
      openings: count('openings WHERE log = ? AND ended_at IS NULL'),
      copies: count('copies WHERE log = ? AND gone_at IS NULL'),
      credentials: count('credentials WHERE log = ? AND returned_at IS NULL'),
    },
  };
}

function statementRows({ db }: Reading, log: LogRow): readonly Row[] {
  return db.prepare('SELECT * FROM ending_statements WHERE log = ? ORDER BY version DESC').all(log.id);
}

function endingRows({ db }: Reading, log: LogRow): readonly Row[] {
  return db.prepare('SELECT * FROM endings WHERE log = ? ORDER BY entry DESC').all(log.id);
}

function statementText(row: Row, log: LogRow): string {
  return openBox(log.key, places.endingStatement(log.id, int(row, 'version')), bytes(row, 'box'));
}

/** Throws RowFault when it cannot be read: what the client chose must not be forgotten. */
function statementFrom(row: Row, written: string): EndingStatement {
  const said = readEnding(written);
  if (said === undefined || said.textHash !== text(row, 'hash'))
    throw new RowFault('what the client said of the end is malformed');
  return said;
}

function certificateText(row: Row, log: LogRow): string {
  return openBox(log.key, places.ending(text(row, 'id')), bytes(row, 'box'));
}

function toEnding({ db }: Reading, log: LogRow, row: Row): Ending {
  const certifiedAt = optionalInt(row, 'certified_at');
  const notices = db
    .prepare('SELECT * FROM erasure_notices WHERE ending = ? ORDER BY entry DESC')
    .all(text(row, 'id'));
  return {
    since: int(row, 'since_at'),
    cause: text(row, 'cause') as Ending['cause'],
    beganAt: int(row, 'began_at'),
    liftedAt: optionalInt(row, 'lifted_at'),
    notices: notices.map((one) => ({
      what: text(one, 'what') as Ending['notices'][number]['what'],
      at: int(one, 'at'),
      from: int(one, 'from_at'),
      ...(JSON.parse(openBox(log.key, places.erasureNotice(text(one, 'id')), bytes(one, 'box'))) as {
        readonly name: string;
        readonly text: string;
      }),
    })),
    certificate:
      certifiedAt === undefined
        ? undefined
        : { at: certifiedAt, text: certificateText(row, log), textHash: text(row, 'hash') },
  };
}

/** Of every client that has a log. */
export function endingStates({
  db,
}: Reading): ReadonlyMap<string, { readonly over: boolean; readonly noticed: number | undefined }> {
  const rows = db
    .prepare(
      `SELECT l.client, EXISTS (SELECT 1 FROM endings e WHERE e.log = l.id AND e.lifted_at IS NULL) AS over,
         (SELECT s.ends_at FROM ending_statements s WHERE s.log = l.id ORDER BY s.version DESC LIMIT 1) AS ends_at
       FROM logs l`,
    )
    .all();
  return new Map(
    rows.map((row) => [
      text(row, 'client'),
      { over: int(row, 'over') === 1, noticed: optionalInt(row, 'ends_at') },
    ]),
  );
}

/** The texts that lines name by their hash. */
export function* endingTexts(
  reading: Reading,
  log: LogRow,
): Generator<readonly [hash: string, text: string]> {
  for (const row of statementRows(reading, log)) yield [text(row, 'hash'), statementText(row, log)];
  for (const row of endingRows(reading, log)) {
    const hash = optionalText(row, 'hash');
    if (hash !== undefined) yield [hash, certificateText(row, log)];
  }
}

/** What lines say: each version and its hash, each end and its state, each notice and its first day. */
export interface EndingsTold {
  readonly statements: Map<number, string>;
  readonly endings: Map<string, string>;
  readonly notices: Map<string, string>;
}

export function noEndings(): EndingsTold {
  return { statements: new Map(), endings: new Map(), notices: new Map() };
}

/** Takes a line that may be about the end. */
export function noteEnding({ statements, endings, notices }: EndingsTold, fields: LeafFields): void {
  switch (fields.t) {
    case 'ending.set':
      statements.set(Number(fields.version), String(fields.text));
      return;
    case 'ending.began':
      endings.set(String(fields.id), `${fields.cause} ${fields.since} ${fields.at} over -`);
      return;
    case 'ending.lifted':
    case 'ending.certified': {
      const [cause, since, began, state, hash] = (endings.get(String(fields.ending)) ?? '').split(' ');
      const now = fields.t === 'ending.lifted' ? ['lifted', hash] : [state, fields.text];
      endings.set(String(fields.ending), [cause, since, began, ...now].join(' '));
      return;
    }
    case 'ending.notified':
      notices.set(String(fields.id), `${fields.ending} ${fields.what} ${fields.from}`);
  }
}

/** What the lines say of the end, against the rows. */
export function* compareEndings(reading: Reading, log: LogRow, told: EndingsTold): Generator<string> {
  const { client } = log;
  const iso = (at: number): string => new Date(at).toISOString();
  const statements = statementRows(reading, log);
  for (const row of statements) {
    const version = int(row, 'version');
    if (told.statements.get(version) !== text(row, 'hash') || !holds(row, log))
      yield `${client}: version ${version} of what the client said of the end is not the one in the log`;
  }
  if (statements.length < told.statements.size)
    yield `${client}: the log knows words about the end that have no row`;
  const endings = endingRows(reading, log);
  for (const row of endings) {
    const state = optionalInt(row, 'lifted_at') === undefined ? 'over' : 'lifted';
    const dates = `${iso(int(row, 'since_at'))} ${iso(int(row, 'began_at'))}`;
    const said = `${text(row, 'cause')} ${dates} ${state} ${optionalText(row, 'hash') ?? '-'}`;
    if (told.endings.get(text(row, 'id')) !== said)
      yield `${client}: the end of the contract is otherwise in its row than in the log`;
  }
  if (endings.length < told.endings.size)
    yield `${client}: the log knows an end of the contract that has no row`;
  const notices = reading.db.prepare('SELECT * FROM erasure_notices WHERE log = ?').all(log.id);
  for (const row of notices)
    if (
      told.notices.get(text(row, 'id')) !==
      `${text(row, 'ending')} ${text(row, 'what')} ${iso(int(row, 'from_at'))}`
    )
      yield `${client}: a notice of erasure is otherwise in its row than in the log`;
  if (notices.length < told.notices.size)
    yield `${client}: the log knows a notice of erasure that has no row`;
}

/** Whether the row says the last day that the signed text says. */
function holds(row: Row, log: LogRow): boolean {
  try {
    return statementFrom(row, statementText(row, log)).endsAt === optionalInt(row, 'ends_at');
  } catch {
    return false;
  }
}
