/**
 * Fetches what a page of the client's view needs from its log: the lines, the results that complete them, and who
 * and why. A page costs a handful of questions however long the log is, because it is asked anew every second.
 */
import { Fault } from '../core/faults.ts';
import type { HistoryPlace } from '../core/history.ts';
import type { Client, Opening, Snapshot } from '../core/model.ts';
import type { Archive, History, InForce, Line, LineQuery } from '../core/ports.ts';
import { type Access, accessOf, sessionOf } from './activity-access.ts';
import { rowKinds } from './activity-rows.ts';

const pageLength = 50;
/** How far after the newest line of an older page its results are looked for at once. */
const resultWindow = 500;
const recentAccesses = 200;
/** Accesses whose results are looked for one by one: transfers that ran for long. */
const lateAccesses = 3;

export const disclosed = ['person', 'role', 'work', 'target', 'change'];

export interface View {
  readonly session: string | undefined;
  readonly before: HistoryPlace | undefined;
}

export interface Page {
  /** Newest first; never a result. */
  readonly rows: readonly Line[];
  /** By the id of the exchange. */
  readonly results: ReadonlyMap<string, Line>;
  readonly accesses: ReadonlyMap<string, Access>;
  /** Where the next older page begins; undefined at the end. */
  readonly next: View['before'];
}

export interface PageDeps {
  readonly archive: Archive;
  readonly history: Pick<History, 'lastLine'>;
  readonly snapshot: Snapshot;
  readonly client: Client;
  readonly inForce: InForce;
  /** Ids of exchanges that run now, whose results cannot exist yet. */
  readonly running: ReadonlySet<string>;
}

/** One page of a client's log. Throws Fault `ledger_unavailable`. */
export async function readPage(deps: PageDeps, view: View): Promise<Page> {
  const { archive, client } = deps;
  const ahead = view.before === undefined ? 0 : resultWindow;
  const limit = 3 * pageLength + ahead;
  // A result always stands after its exchange, so one stretch of the log holds most of both.
  const found = await archive.lines({
    client: client.id,
    kinds: [...rowKinds, 'access.result'],
    ...(view.session === undefined ? {} : { session: view.session }),
    ...(await endOf(deps, view.session, view.before && { ...view.before, index: view.before.index + ahead })),
    limit,
    disclose: disclosed,
  });
  const results = resultsIn(found);
  const older = found.filter((line) => line.leaf.t !== 'access.result' && isBefore(line, view.before));
  const rows = older.slice(0, pageLength);
  const last = rows.at(-1);
  const more = older.length > pageLength || found.length === limit;
  return {
    rows,
    results: new Map([...results, ...(await lateResults(deps, rows, results))]),
    accesses: await accessesOf(deps, rows),
    next: more && last !== undefined ? positionOf(last) : undefined,
  };
}

/**
 * Before which line to look: what the page begins with, or just after the newest line of an access that is over, because looking
 * for that from the end of a long log reads all of the log that is newer.
 */
async function endOf(
  { history, client, inForce }: PageDeps,
  session: string | undefined,
  before: View['before'],
): Promise<Pick<LineQuery, 'before'>> {
  const bounded = before === undefined ? {} : { before };
  if (session === undefined || inForce.openings.has(session)) return bounded;
  const last = await history.lastLine(client.id, session).catch((error: unknown) => {
    // What is counted beside the log only makes this quicker.
    if (error instanceof Fault) return undefined;
    throw error;
  });
  if (last === undefined) return bounded;
  const end = { at: last.at, index: last.index + 1 };
  return before !== undefined && isEarlier(before, end) ? bounded : { before: end };
}

function positionOf(line: Line): HistoryPlace {
  return { at: Date.parse(String(line.leaf.at)), index: line.index };
}

/** Indexes begin anew every UTC year. */
function isEarlier(one: HistoryPlace, other: HistoryPlace): boolean {
  const year = new Date(one.at).getUTCFullYear();
  const limit = new Date(other.at).getUTCFullYear();
  return year < limit || (year === limit && one.index < other.index);
}

function isBefore(line: Line, before: View['before']): boolean {
  return before === undefined || isEarlier(positionOf(line), before);
}

function resultsIn(lines: readonly Line[]): ReadonlyMap<string, Line> {
  return new Map(
    lines.filter((line) => line.leaf.t === 'access.result').map((line) => [String(line.leaf.request), line]),
  );
}

/** Results that came long after their exchange: asked for by access, for a few accesses. */
async function lateResults(
  deps: PageDeps,
  rows: readonly Line[],
  known: ReadonlyMap<string, Line>,
): Promise<ReadonlyMap<string, Line>> {
  const open = rows.filter((line) => {
    const id = String(line.leaf.id);
    return line.leaf.t === 'access.intent' && !known.has(id) && !deps.running.has(id);
  });
  const sessions = [...new Set(open.map(sessionOf))].slice(0, lateAccesses);
  const found = await Promise.all(
    sessions.map(async (session) =>
      deps.archive.lines({
        client: deps.client.id,
        kinds: ['access.result'],
        session,
        ...(await endOf(deps, session, undefined)),
        limit: resultWindow,
        disclose: [],
      }),
    ),
  );
  return resultsIn(found.flat());
}

/** Who and why of the accesses that the rows belong to: from what is open, from these lines, else from the log. */
async function accessesOf(deps: PageDeps, rows: readonly Line[]): Promise<ReadonlyMap<string, Access>> {
  const accesses = new Map<string, Access>();
  const wanted = new Set(rows.map(sessionOf).filter((id) => id !== ''));
  const learn = (lines: readonly Line[]): void => {
    for (const line of lines) {
      const access = line.leaf.t === 'session.opened' ? accessOf(line) : undefined;
      if (access !== undefined && wanted.delete(access.id)) accesses.set(access.id, access);
    }
  };
  learn(rows);
  for (const id of wanted) {
    const opening = deps.inForce.openings.get(id);
    if (opening !== undefined && wanted.delete(id)) accesses.set(id, ofOpening(deps.snapshot, opening));
  }
  const ask = (query: Partial<LineQuery>, limit: number) =>
    deps.archive.lines({
      client: deps.client.id,
      kinds: ['session.opened'],
      ...query,
      limit,
      disclose: disclosed,
    });
  if (wanted.size > 1) learn(await ask({}, recentAccesses));
  for (const lines of await Promise.all([...wanted].map((session) => ask({ session }, 1)))) learn(lines);
  return accesses;
}

function ofOpening(snapshot: Snapshot, opening: Opening): Access {
  const person = snapshot.people.get(opening.person);
  return {
    id: opening.id,
    name: person?.name,
    function: person?.robot === undefined ? (person?.functions ?? []).join(', ') : 'robot',
    purpose: opening.purpose,
    reference: opening.reference,
    note: opening.note,
  };
}
