/**
 * One opening as it is told: who and why from its own line in the log, what was counted from history.db, and its lines
 * page by page. What is erased in the log is erased here.
 */
import type { StatementSync } from 'node:sqlite';
import type { Fact, HistoryPlace, HistoryQuery, OpenedStory, Story, StoryLines } from '../core/history.ts';
import { leafHash } from '../core/merkle.ts';
import type { Line } from '../core/ports.ts';
import { robotFunction } from '../core/robots.ts';
import { isReferenceCheck } from '../core/ticket-check.ts';
import type { Histories } from './history-queries.ts';
import { openRoute, personToken, type RouteContent } from './history-terms.ts';
import { type Boxes, createBoxes } from './ledger-disclosures.ts';
import { shardsOf, toLine } from './ledger-lines.ts';
import { head, type LogRow, logOf } from './ledger-queries.ts';
import { entryKey, kindNumbers, placeOf } from './ledger-schema.ts';
import { int, optionalInt, type Row, RowFault, text } from './rows.ts';

/** Facts read of one opening; one with more is told as far as they go, and says so. */
const mostFacts = 300;
const told = ['person', 'role', 'work'];
/** How far after an exchange its result is looked for on a page of an opening's lines. */
const resultWindow = 2_000;

/** Openings, and refusals that belong to none, by the keys of their lines. */
export function readStories(
  here: Histories,
  log: LogRow,
  ids: readonly number[],
  brief?: HistoryQuery['brief'],
): readonly Story[] {
  const shelf = shelfOf(here, log, brief);
  return ids.map((id) => readStory(shelf, log, id));
}

/** What reading several stories shares: statements, and routes that were opened already. */
interface Shelf {
  readonly here: Histories;
  readonly story: StatementSync;
  readonly line: StatementSync;
  readonly counted: StatementSync;
  readonly pending: StatementSync;
  readonly owner: StatementSync;
  readonly earlier: StatementSync;
  readonly boxes: Boxes;
  readonly route: StatementSync;
  readonly routes: Map<number, RouteContent>;
  /** By the number under which the log's rows know them: what stands for them in addresses. */
  readonly people: Map<number, string>;
  /** Of an overview without names: whether this person is a robot, read at one line of each. */
  readonly robots: Map<string, boolean>;
  /** Groups of the openings' lines that are opened. */
  readonly told: readonly string[];
}

function shelfOf(here: Histories, log: LogRow, brief: HistoryQuery['brief']): Shelf {
  const columns = 'h.operation, h.dest, h.type, h.disposition, h.result, h.route';
  return {
    here,
    people: new Map(),
    robots: new Map(),
    told: brief === 'unnamed' ? [] : told,
    story: here.history.prepare('SELECT * FROM stories WHERE id = ? AND log = ?'),
    line: here.db.prepare(
      'SELECT e.id, e.leaf, s.origin FROM entries e JOIN shards s ON s.id = ? WHERE e.id = ? AND s.log = ?',
    ),
    counted: here.history.prepare(
      `SELECT f.*, ${columns} FROM ${brief === undefined ? 'facts' : 'briefs'} f
       JOIN shapes h ON h.id = f.shape WHERE f.story = ? LIMIT ?`,
    ),
    owner: here.db.prepare('SELECT owner, said_entry FROM openings WHERE seq = ? AND log = ?'),
    earlier: here.db.prepare('SELECT 1 FROM openings WHERE owner = ? AND seq < ? LIMIT 1'),
    pending: here.history.prepare(
      `SELECT count(*) AS count, 0 AS up, 0 AS down, min(p.at) AS first, max(p.at) AS last, ${columns}
       FROM pending p JOIN shapes h ON h.id = p.shape WHERE p.story = ? GROUP BY p.shape LIMIT ?`,
    ),
    boxes: createBoxes(here.db, here.keyring, log.id, log.key),
    route: here.history.prepare('SELECT token, box FROM terms WHERE id = ?'),
    routes: new Map(),
  };
}

function readStory(shelf: Shelf, log: LogRow, id: number): Story {
  const row = shelf.story.get(id, log.id);
  if (row === undefined) throw new RowFault('history.db names an opening that it does not have');
  const line = lineAt(shelf, log, id);
  const { facts, whole } = factsOf(shelf, log, id);
  const { person, role } = line.groups;
  const corrected = optionalInt(row, 'corrected');
  const latest = corrected === undefined || shelf.told.length === 0 ? line : lineAt(shelf, log, corrected);
  const { work } = latest.groups;
  const { reference_check: check } = latest.leaf;
  const listed = (value: unknown): readonly string[] =>
    typeof value === 'string' ? value.split(' ').filter(Boolean) : [];
  const session = optionalInt(row, 'session');
  const refusal = line.leaf.t === 'access.refused';
  const name = typeof person === 'object' ? String(person.name ?? '') : '';
  const roles = typeof role === 'object' ? role : {};
  const who = personOf(shelf, log, session);
  return {
    kind: refusal ? 'refusal' : 'opening',
    id: String(line.leaf.id),
    origin: line.origin,
    index: line.index,
    at: int(row, 'at'),
    lastAt: int(row, 'last_at'),
    endedAt: optionalInt(row, 'ended_at'),
    cause: text(row, 'cause'),
    ...who,
    name: name === '' ? undefined : name,
    functions:
      shelf.told.length > 0
        ? listed(roles.function)
        : isRobot(shelf, log, id, who.person)
          ? [robotFunction]
          : [],
    employer: String(roles.employer ?? ''),
    systems: listed(refusal ? line.leaf.system : line.leaf.systems),
    operations: listed(refusal ? '' : line.leaf.operations),
    declared: listed(line.leaf.declared),
    ...(line.leaf.said === 'owed' ? { said: saidOf(shelf, log, session) } : {}),
    purpose: String(line.leaf.purpose ?? ''),
    reference: typeof work === 'object' ? String(work.reference ?? '') : refusal ? '' : undefined,
    note: typeof work === 'object' ? String(work.note ?? '') : '',
    corrected: corrected !== undefined,
    check: isReferenceCheck(check) ? check : undefined,
    grant: String(line.leaf.grant ?? ''),
    emergency: line.leaf.emergency === true,
    ...(line.leaf.command_line === true ? { commandLine: true as const } : {}),
    statics: optionalInt(row, 'statics'),
    facts,
    whole,
  };
}

/** What was said to be done outside, as its line tells. */
function saidOf(shelf: Shelf, log: LogRow, session: number | undefined): NonNullable<Story['said']> {
  const row = session === undefined ? undefined : shelf.owner.get(session, log.id);
  const entry = row === undefined ? undefined : optionalInt(row, 'said_entry');
  if (entry === undefined) return 'owed';
  const { leaf, groups } = lineAt(shelf, log, entry);
  const { work } = groups;
  return {
    at: Date.parse(String(leaf.at)),
    late: leaf.late === true,
    text: typeof work === 'object' ? String(work.said ?? '') : undefined,
  };
}

/** Who opened, and whether they never had before. */
function personOf(
  { here, owner: ownerOf, earlier, people }: Shelf,
  log: LogRow,
  session: number | undefined,
): { readonly person: string; readonly first: boolean } {
  const row = session === undefined ? undefined : ownerOf.get(session, log.id);
  if (row === undefined || session === undefined) return { person: '', first: false };
  const owner = int(row, 'owner');
  const person = people.get(owner) ?? personToken(here.keyring, log, owner);
  people.set(owner, person);
  return { person, first: earlier.get(owner, session) === undefined };
}

/** A person is a robot or is none, so one line tells it of all of theirs. Who is erased counts as a person. */
function isRobot(shelf: Shelf, log: LogRow, entry: number, person: string): boolean {
  if (person === '') return false;
  const known = shelf.robots.get(person);
  if (known !== undefined) return known;
  const { role } = lineAt(shelf, log, entry, ['role']).groups;
  const robot = typeof role === 'object' && role.function === robotFunction;
  shelf.robots.set(person, robot);
  return robot;
}

function lineAt(shelf: Shelf, log: LogRow, entry: number, groups = shelf.told): Line {
  const row = shelf.line.get(placeOf(entry).shard, entry, log.id);
  if (row === undefined) throw new RowFault('history.db names a line that the log does not have');
  return toLine(row, text(row, 'origin'), shelf.boxes, groups);
}

function factsOf(shelf: Shelf, log: LogRow, story: number) {
  const counted = shelf.counted.all(story, mostFacts + 1);
  const pending = shelf.pending.all(story, mostFacts + 1);
  const rows = [...counted.slice(0, mostFacts), ...pending.slice(0, mostFacts)];
  return {
    facts: rows.map((row) => toFact(shelf, log, row)).sort((a, b) => a.first - b.first),
    whole: counted.length <= mostFacts && pending.length <= mostFacts,
  };
}

function toFact(shelf: Shelf, log: LogRow, row: Row): Fact {
  return {
    ...routeOf(shelf, log, int(row, 'route')),
    operation: text(row, 'operation'),
    dest: text(row, 'dest'),
    type: text(row, 'type'),
    disposition: text(row, 'disposition'),
    result: text(row, 'result'),
    count: int(row, 'count'),
    up: int(row, 'up'),
    down: int(row, 'down'),
    first: int(row, 'first'),
    last: int(row, 'last'),
  };
}

/** Of each route the box is opened once, however many facts there are of it. */
function routeOf({ route, routes }: Shelf, log: LogRow, id: number): RouteContent {
  const known = routes.get(id);
  if (known !== undefined) return known;
  const row = route.get(id);
  const content = (row && openRoute(log, row)) ?? { system: '', method: '', path: '' };
  routes.set(id, content);
  return content;
}

/** The opening of that id with what proves its line; undefined when this client has none. */
export function openedStory(
  here: Histories,
  client: string,
  id: string,
  behind: number | undefined,
): OpenedStory | undefined {
  const found = findStory(here, client, id);
  if (found === undefined) return undefined;
  const { log, entry } = found;
  const leaf = here.db.prepare('SELECT leaf FROM entries WHERE id = ?').get(entry);
  const newest = head(here, client);
  const [story] = readStories(here, log, [entry]);
  if (story === undefined || leaf === undefined || newest === undefined) return undefined;
  const hash = Buffer.from(leafHash(text(leaf, 'leaf'))).toString('base64');
  const current = newest.origin === story.origin ? newest.size : sizeOf(here, story.origin);
  return { story, hash, size: current, behind };
}

function sizeOf(here: Histories, origin: string): number {
  const row = here.db.prepare('SELECT size FROM shards WHERE origin = ?').get(origin);
  return row === undefined ? 0 : int(row, 'size');
}

/** Where the newest counted line of an opening stands; undefined when this client has none of that id. */
export function lastLine(here: Histories, client: string, id: string): HistoryPlace | undefined {
  const found = findStory(here, client, id);
  return found === undefined ? undefined : { at: found.lastAt, index: placeOf(found.last).index };
}

interface FoundStory {
  readonly log: LogRow;
  readonly entry: number;
  readonly session: number;
  /** The key of its newest line, and when that was written. */
  readonly last: number;
  readonly lastAt: number;
}

function findStory(here: Histories, client: string, id: string): FoundStory | undefined {
  const log = logOf(here, client);
  if (log === undefined) return undefined;
  const row = here.db.prepare('SELECT seq, entry FROM openings WHERE id = ? AND log = ?').get(id, log.id);
  if (row === undefined) return undefined;
  const entry = int(row, 'entry');
  const known = here.history
    .prepare('SELECT last, last_at FROM stories WHERE id = ? AND log = ?')
    .get(entry, log.id);
  if (known === undefined) return undefined;
  const [last, lastAt] = [int(known, 'last'), int(known, 'last_at')];
  return { log, entry, session: int(row, 'seq'), last, lastAt };
}

const shown = (
  [
    'session.closed',
    'session.corrected',
    'session.declared',
    'copy.registered',
    'copy.kept',
    'copy.destroyed',
    'session.extended',
    'access.intent',
    'access.static',
    'access.refused',
  ] as const
).map((kind) => kindNumbers[kind]);

/** Lines of one opening after a place, oldest first, with the results that complete them. */
export function storyLines(
  here: Histories,
  client: string,
  id: string,
  after: HistoryPlace | undefined,
  limit: number,
): StoryLines | undefined {
  const found = findStory(here, client, id);
  if (found === undefined) return undefined;
  const { log, entry, session, last } = found;
  const from = after === undefined ? entry : Math.max(entry, keyOfPlace(here, log, after));
  const rows = here.db
    .prepare(
      `SELECT id, leaf FROM entries WHERE id > ? AND id <= ? AND session = ? AND kind IN (${shown.join(', ')})
       ORDER BY id LIMIT ?`,
    )
    .all(from, last, session, limit + 1);
  const tell = teller(here, log);
  const lines = rows.slice(0, limit).map(tell);
  const newest = lines.at(-1);
  return {
    lines,
    results: resultsOf(here, rows.slice(0, limit), session, last, limit)
      .map(tell)
      .filter((line) => lines.some(({ leaf }) => leaf.id === line.leaf.request)),
    next:
      rows.length > limit && newest !== undefined
        ? { at: Date.parse(String(newest.leaf.at)), index: newest.index }
        : undefined,
  };
}

function resultsOf(
  here: Histories,
  page: readonly Row[],
  session: number,
  last: number,
  limit: number,
): readonly Row[] {
  const [first] = page;
  if (first === undefined) return [];
  return here.db
    .prepare(
      'SELECT id, leaf FROM entries WHERE id > ? AND id <= ? AND session = ? AND kind = ? ORDER BY id LIMIT ?',
    )
    .all(int(first, 'id'), last, session, kindNumbers['access.result'], limit + resultWindow);
}

/** From rows to lines, of whatever part of the log they are. */
function teller(here: Histories, log: LogRow): (row: Row) => Line {
  const boxes = createBoxes(here.db, here.keyring, log.id, log.key);
  const origins = new Map(shardsOf(here, log.id).map(({ id, origin }) => [id, origin]));
  return (row) => toLine(row, origins.get(placeOf(int(row, 'id')).shard) ?? '', boxes, ['target']);
}

/** The key of a place in a log. Indexes begin anew every UTC year. */
export function keyOfPlace(here: Histories, log: LogRow, place: HistoryPlace): number {
  const year = new Date(place.at).getUTCFullYear();
  let key = 0;
  for (const shard of shardsOf(here, log.id)) {
    if (shard.year < year) key = entryKey(shard.id, shard.size);
    if (shard.year === year) key = entryKey(shard.id, Math.min(place.index, shard.size));
  }
  return key;
}
