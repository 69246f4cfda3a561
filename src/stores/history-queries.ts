/**
 * What the history answers: pages of openings found by terms, the terms themselves, counts over time. Every question
 * costs what its page shows and a bounded search, however long the log is. Read-only.
 */
import type { DatabaseSync } from 'node:sqlite';
import {
  type Bar,
  foldedReference,
  type HistoryPage,
  type HistoryPlace,
  type HistoryQuery,
  type HistoryTerm,
  type HistoryTerms,
  mostCounted,
  type PersonTerm,
} from '../core/history.ts';
import { openBox } from './disclosure.ts';
import { termKinds } from './history-schema.ts';
import { keyOfPlace, readStories } from './history-stories.ts';
import { openRoute, type PersonContent, personToken, placeOfTerm, referenceToken } from './history-terms.ts';
import { type LogRow, logOf, type Reading } from './ledger-queries.ts';
import { places } from './ledger-rows.ts';
import { placeOf } from './ledger-schema.ts';
import { bytes, int, type Row, text } from './rows.ts';

/** Openings looked at in one search; beyond, the page says how far it went and goes on from there. */
const mostSearched = 10_000;
/** How far the openings of a term are counted, to begin with the rarest. */
const mostWeighed = 100_000;
/** Terms of one kind offered for choosing. */
const mostTerms = 500;
/** Ids fetched at a time from a list of openings. */
const stride = 500;

/** A log, and both databases. */
export interface Histories extends Reading {
  readonly history: DatabaseSync;
}

/** One page of a client's openings, newest first. */
export function historyPage(here: Histories, query: HistoryQuery, behind: number | undefined): HistoryPage {
  const log = logOf(here, query.client);
  const nothing: HistoryPage = {
    stories: [],
    next: undefined,
    total: query.before === undefined ? 0 : undefined,
    searchedTo: undefined,
    behind,
  };
  if (log === undefined) return nothing;
  const sets = setsOf(here, log, query);
  if (sets === undefined) return nothing;
  const range = rangeOf(here, log, query);
  if (range === undefined) return nothing;
  const wanted = query.before === undefined ? Math.max(query.limit, mostCounted) + 1 : query.limit + 1;
  const found = search(here.history, log.id, sets, range, wanted);
  const shown = found.ids.slice(0, query.limit);
  const more = found.ids.length > shown.length;
  const last = more ? shown.at(-1) : found.stoppedAt;
  return {
    stories: readStories(here, log, shown, query.brief),
    next: last === undefined ? undefined : placeOfEntry(here, log, last),
    total: query.before === undefined ? Math.min(found.ids.length, mostCounted + 1) : undefined,
    searchedTo:
      more || found.stoppedAt === undefined ? undefined : placeOfEntry(here, log, found.stoppedAt).at,
    behind,
  };
}

/** Sets of terms of which each must be met; undefined when one cannot be. */
function setsOf(
  here: Histories,
  log: LogRow,
  query: HistoryQuery,
): readonly (readonly number[])[] | undefined {
  const sets = [...query.terms];
  const named = (kind: 'reference' | 'grant', token: string): void => {
    const row = here.history
      .prepare('SELECT id FROM terms WHERE log = ? AND kind = ? AND token = ?')
      .get(log.id, termKinds[kind], token);
    sets.push(row === undefined ? [] : [int(row, 'id')]);
  };
  if (query.reference !== undefined)
    named('reference', referenceToken(here.keyring, log, foldedReference(query.reference)));
  if (query.grant !== undefined) named('grant', query.grant);
  const own = here.history.prepare('SELECT 1 FROM terms WHERE id = ? AND log = ?');
  const checked = sets.map((set) => set.filter((term) => own.get(term, log.id) !== undefined));
  return checked.some((set) => set.length === 0) ? undefined : checked;
}

interface Range {
  readonly from: number;
  /** Just before. */
  readonly until: number;
}

/** Keys of lines between which the openings lie: times never go back within a log, so time is a range of keys. */
function rangeOf(here: Histories, log: LogRow, query: HistoryQuery): Range | undefined {
  const firstFrom = here.history.prepare(
    'SELECT id FROM stories WHERE log = ? AND at >= ? ORDER BY at, id LIMIT 1',
  );
  let from = 0;
  let until = Number.MAX_SAFE_INTEGER;
  if (query.from !== undefined) {
    const row = firstFrom.get(log.id, query.from);
    if (row === undefined) return undefined;
    from = int(row, 'id');
  }
  if (query.until !== undefined) {
    const row = firstFrom.get(log.id, query.until);
    if (row !== undefined) until = int(row, 'id');
  }
  if (query.before !== undefined) until = Math.min(until, keyOfPlace(here, log, query.before));
  return { from, until };
}

function placeOfEntry(here: Histories, log: LogRow, id: number): HistoryPlace {
  const row = here.history.prepare('SELECT at FROM stories WHERE id = ? AND log = ?').get(id, log.id);
  return { at: row === undefined ? 0 : int(row, 'at'), index: placeOf(id).index };
}

interface Found {
  readonly ids: readonly number[];
  /** The last opening looked at, when the search ended before the range did. */
  readonly stoppedAt: number | undefined;
}

function search(
  db: DatabaseSync,
  log: number,
  sets: readonly (readonly number[])[],
  range: Range,
  wanted: number,
): Found {
  const ordered = [...sets].sort((a, b) => lengthOf(db, a, range) - lengthOf(db, b, range));
  const [driving, ...others] = ordered;
  const candidates = driving === undefined ? allOf(db, log, range) : anyOf(db, driving, range);
  const meets = filterOf(db, others);
  const ids: number[] = [];
  let looked = 0;
  let last: number | undefined;
  while (ids.length < wanted) {
    const some = next(candidates, Math.min(stride, mostSearched - looked));
    if (some.length === 0) break;
    looked += some.length;
    last = some.at(-1);
    ids.push(...meets(some));
    if (looked === mostSearched && ids.length < wanted && candidates.next().done !== true)
      return { ids, stoppedAt: last };
  }
  return { ids: ids.slice(0, wanted), stoppedAt: undefined };
}

/** The next few of a list that goes on. */
function next(list: Iterator<number>, most: number): number[] {
  const some: number[] = [];
  while (some.length < most) {
    const one = list.next();
    if (one.done === true) break;
    some.push(one.value);
  }
  return some;
}

/** Which of some openings have at least one term of each set, in their order; many are asked about at once. */
function filterOf(
  db: DatabaseSync,
  sets: readonly (readonly number[])[],
): (ids: readonly number[]) => readonly number[] {
  if (sets.length === 0) return (ids) => ids;
  const meets = sets.map(
    (set) => `EXISTS (SELECT 1 FROM postings WHERE term IN (${set.join(', ')}) AND story = one.value)`,
  );
  const found = db.prepare(`SELECT one.value AS id FROM json_each(?) one WHERE ${meets.join(' AND ')}`);
  return (ids) => found.all(JSON.stringify(ids)).map((row) => int(row, 'id'));
}

/** How many openings a set of terms has, as far as it matters for choosing the shortest. */
function lengthOf(db: DatabaseSync, set: readonly number[], range: Range): number {
  const count = db.prepare(
    'SELECT count(*) AS n FROM (SELECT 1 FROM postings WHERE term = ? AND story >= ? AND story < ? LIMIT ?)',
  );
  let sum = 0;
  for (const term of set) {
    if (sum >= mostWeighed) break;
    const row = count.get(term, range.from, range.until, mostWeighed);
    sum += row === undefined ? 0 : int(row, 'n');
  }
  return sum;
}

function* allOf(db: DatabaseSync, log: number, range: Range): Generator<number> {
  const fetch = db.prepare(
    'SELECT id FROM stories INDEXED BY stories_log WHERE log = ? AND id >= ? AND id < ? ORDER BY id DESC LIMIT ?',
  );
  yield* strides((until) => fetch.all(log, range.from, until, stride), 'id', range.until);
}

/** Openings that have at least one of the terms, newest first, each once. */
function* anyOf(db: DatabaseSync, set: readonly number[], range: Range): Generator<number> {
  const fetch = db.prepare(
    'SELECT story FROM postings WHERE term = ? AND story >= ? AND story < ? ORDER BY story DESC LIMIT ?',
  );
  const size = Math.max(30, Math.floor(stride / set.length));
  const lists = set.map((term) =>
    strides((until) => fetch.all(term, range.from, until, size), 'story', range.until),
  );
  const heads = lists.map((list) => list.next());
  while (true) {
    let newest = -1;
    for (const head of heads) if (head.done !== true && head.value > newest) newest = head.value;
    if (newest < 0) return;
    yield newest;
    for (const [at, head] of heads.entries()) {
      const list = lists[at];
      if (list !== undefined && head.done !== true && head.value === newest) heads[at] = list.next();
    }
  }
}

function* strides(
  fetch: (until: number) => readonly Row[],
  column: string,
  from: number,
): Generator<number, undefined> {
  let until = from;
  while (true) {
    const rows = fetch(until);
    if (rows.length === 0) return undefined;
    for (const row of rows) {
      until = int(row, column);
      yield until;
    }
  }
}

/** Everything by which a client's openings can be filtered. */
export function historyTerms(here: Histories, client: string): HistoryTerms {
  const log = logOf(here, client);
  const rows = (kind: keyof typeof termKinds): readonly Row[] =>
    log === undefined
      ? []
      : here.history
          .prepare('SELECT * FROM terms WHERE log = ? AND kind = ? ORDER BY id DESC LIMIT ?')
          .all(log.id, termKinds[kind], mostTerms + 1);
  const plain = (kind: 'emergency' | 'system' | 'purpose' | 'operation' | 'result'): readonly HistoryTerm[] =>
    rows(kind)
      .map((row) => ({ id: int(row, 'id'), value: text(row, 'token') }))
      .filter(({ value }) => value !== '');
  const routes = rows('route');
  const people = rows('person');
  return {
    systems: plain('system'),
    purposes: plain('purpose'),
    operations: plain('operation'),
    results: plain('result'),
    emergencies: plain('emergency'),
    routes: routes.slice(0, mostTerms).flatMap((row) => {
      const content = log === undefined ? undefined : openRoute(log, row);
      return content === undefined ? [] : [{ id: int(row, 'id'), token: text(row, 'token'), ...content }];
    }),
    people: people
      .slice(0, mostTerms)
      .flatMap((row) => (log === undefined ? [] : [personOf(here, log, row)])),
    cut: routes.length > mostTerms || people.length > mostTerms,
  };
}

function personOf(here: Histories, log: LogRow, row: Row): PersonTerm {
  const owner = int(row, 'owner');
  const known = { id: int(row, 'id'), token: personToken(here.keyring, log, owner) };
  const keyRow = here.db.prepare('SELECT key FROM owners WHERE id = ?').get(owner);
  try {
    if (keyRow === undefined) throw new Error('the key is gone');
    const key = here.keyring.unwrap(places.owner(owner), bytes(keyRow, 'key'));
    const place = placeOfTerm(log.id, 'person', text(row, 'token'));
    const content = JSON.parse(openBox(key, place, bytes(row, 'box'))) as PersonContent;
    return { ...known, name: content.name || undefined, functions: content.functions };
  } catch {
    return { ...known, name: undefined, functions: [] };
  }
}

/** Openings by purpose between neighbouring instants, which are in order. Refusals outside an opening do not count. */
export function historyBars(here: Histories, client: string, edges: readonly number[]): readonly Bar[] {
  const log = logOf(here, client);
  const count = here.history.prepare(
    `SELECT t.token AS purpose, c.n FROM
       (SELECT purpose, count(*) AS n FROM stories INDEXED BY stories_time WHERE log = ? AND at >= ? AND at < ?
        GROUP BY purpose) c JOIN terms t ON t.id = c.purpose WHERE t.token <> '' ORDER BY t.token`,
  );
  return edges.slice(1).map((until, at) => {
    const from = edges[at] ?? until;
    const rows = log === undefined ? [] : count.all(log.id, from, until);
    return {
      from,
      until,
      purposes: rows.map((row) => ({ purpose: text(row, 'purpose'), count: int(row, 'n') })),
    };
  });
}
