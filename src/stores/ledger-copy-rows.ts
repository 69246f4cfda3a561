/** The copy register as the reader's thread tells it, and whether its rows say what the lines say. */
import type { Copy } from '../core/copies.ts';
import type { Told } from './fsck-told.ts';
import { type LogRow, logOf, type Reading, toOpening } from './ledger-queries.ts';
import { copyBoxFrom } from './ledger-rows.ts';
import { int, optionalInt, optionalText, type Row, RowFault, text } from './rows.ts';

const most = 500;
const mostAtOnce = 2_000;

/** Those that are there, the next to be destroyed first; then those gone, newest first. */
export function copies(reading: Reading, client: string): readonly Copy[] {
  const log = logOf(reading, client);
  if (log === undefined) return [];
  const there = reading.db
    .prepare('SELECT * FROM copies WHERE log = ? AND gone_at IS NULL ORDER BY destroy_by, entry LIMIT ?')
    .all(log.id, most);
  const gone = reading.db
    .prepare(
      'SELECT * FROM copies WHERE log = ? AND gone_at IS NOT NULL ORDER BY gone_at DESC, entry DESC LIMIT ?',
    )
    .all(log.id, most - there.length);
  return [...there, ...gone].map((row) => toCopy(reading, log, row));
}

/** See `CopyReader`: where a copy is kept is owed until somebody says it. */
export function copyDeadlines(
  reading: Reading,
  client: string,
  since: number,
  now: number,
): { readonly passed: readonly Copy[]; readonly next: number | undefined } {
  const log = logOf(reading, client);
  if (log === undefined) return { passed: [], next: undefined };
  const passed = reading.db
    .prepare(
      `SELECT * FROM copies WHERE log = ? AND gone_at IS NULL AND ((destroy_by > ? AND destroy_by <= ?)
       OR (kept_at IS NULL AND answer_by > ? AND answer_by <= ?)) ORDER BY destroy_by, entry LIMIT ?`,
    )
    .all(log.id, since, now, since, now, mostAtOnce);
  const next = reading.db
    .prepare(
      `SELECT min(CASE WHEN destroy_by > ? THEN destroy_by END) AS destroyed,
       min(CASE WHEN kept_at IS NULL AND answer_by > ? THEN answer_by END) AS answered
       FROM copies WHERE log = ? AND gone_at IS NULL`,
    )
    .get(now, now, log.id);
  const coming = [next?.destroyed, next?.answered].flatMap((at) => (at == null ? [] : [Number(at)]));
  return {
    passed: passed.map((row) => toCopy(reading, log, row)),
    next: coming.length === 0 ? undefined : Math.min(...coming),
  };
}

export function copiesIn(reading: Reading, client: string, opening: string): readonly Copy[] {
  const log = logOf(reading, client);
  if (log === undefined) return [];
  return reading.db
    .prepare(
      'SELECT c.* FROM copies c JOIN openings o ON o.seq = c.opening WHERE o.id = ? AND c.log = ? ORDER BY c.entry LIMIT ?',
    )
    .all(opening, log.id, most)
    .map((row) => toCopy(reading, log, row));
}

export function copiesOf(reading: Reading, person: string): readonly Copy[] {
  const rows = reading.db
    .prepare(
      `SELECT c.*, l.client FROM owners w JOIN copies c ON c.owner = w.id JOIN logs l ON l.id = c.log
       WHERE w.token = ? AND c.gone_at IS NULL ORDER BY c.destroy_by, c.entry LIMIT ?`,
    )
    .all(reading.keyring.token('person', person), most);
  const logs = new Map<string, LogRow | undefined>();
  return rows.map((row) => {
    const client = text(row, 'client');
    if (!logs.has(client)) logs.set(client, logOf(reading, client));
    const log = logs.get(client);
    if (log === undefined) throw new RowFault('a copy has no log');
    return toCopy(reading, log, row);
  });
}

function toCopy(reading: Reading, log: LogRow, row: Row): Copy {
  const opened = reading.db.prepare('SELECT * FROM openings WHERE seq = ?').get(int(row, 'opening'));
  if (opened === undefined) throw new RowFault('a copy has no opening');
  const opening = toOpening(reading, log.client, opened);
  const {
    path,
    head,
    place = '',
    custodian = '',
    by = 'nobody',
    text: said = '',
  } = copyBoxFrom(row, log.key);
  const keptAt = optionalInt(row, 'kept_at');
  const goneAt = optionalInt(row, 'gone_at');
  const how = optionalText(row, 'how') as NonNullable<Copy['gone']>['how'] | undefined;
  return {
    id: text(row, 'request'),
    client: log.client,
    opening: opening.id,
    person: opening.person,
    reference: opening.reference,
    system: text(row, 'system'),
    purpose: text(row, 'purpose'),
    registeredAt: int(row, 'registered_at'),
    destroyBy: int(row, 'destroy_by'),
    graceDays: int(row, 'grace_days'),
    answerBy: int(row, 'answer_by'),
    path,
    head,
    bytes: int(row, 'bytes'),
    outcome: optionalText(row, 'outcome'),
    digest: optionalText(row, 'digest'),
    kept: keptAt === undefined ? undefined : { at: keptAt, place, custodian },
    gone:
      goneAt === undefined || how === undefined
        ? undefined
        : { at: goneAt, how, done: optionalInt(row, 'done_at') ?? goneAt, by, text: said },
  };
}

/** What the lines say of copies, against the rows. */
export function* compareCopies({ db }: Reading, { id, client }: LogRow, told: Told): Generator<string> {
  const rows = db
    .prepare('SELECT c.*, o.id AS session FROM copies c JOIN openings o ON o.seq = c.opening WHERE c.log = ?')
    .all(id);
  for (const row of rows) {
    const request = text(row, 'request');
    const line = told.copies.get(request);
    const same =
      line !== undefined &&
      line.session === text(row, 'session') &&
      line.destroyBy === new Date(int(row, 'destroy_by')).toISOString() &&
      line.kept === (optionalInt(row, 'kept_at') !== undefined) &&
      line.bytes === int(row, 'bytes') &&
      line.outcome === optionalText(row, 'outcome') &&
      line.digest === optionalText(row, 'digest') &&
      line.how === optionalText(row, 'how');
    if (!same) yield `${client}: copy ${request} is otherwise in its row than in the log`;
  }
  if (rows.length < told.copies.size) yield `${client}: the log knows copies that have no row`;
}
