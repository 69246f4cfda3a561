/**
 * The thread that follows the log: looks twice a second whether anything was committed, counts it piece by piece, and
 * answers questions in between. It rests as long as it works, so that a long way to catch up never takes a whole core
 * from those who work. A file that does not fit the log, or fails, is thrown away and made anew.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { HistoryPlace, HistoryQuery } from '../core/history.ts';
import { systemClock } from './clock.ts';
import { createKeyring } from './disclosure.ts';
import { HistoryIndex } from './history-index.ts';
import { type Histories, historyBars, historyPage, historyTerms } from './history-queries.ts';
import { forgetHistory, openHistory } from './history-schema.ts';
import { lastLine, openedStory, storyLines } from './history-stories.ts';
import { loadKeys } from './keys.ts';
import { logOf } from './ledger-queries.ts';
import { openForReading } from './ledger-schema.ts';
import { RowFault } from './rows.ts';

export interface HistoryData {
  /** Path of ledger.db. */
  readonly file: string;
  /** Path of history.db. */
  readonly history: string;
  readonly keysDir: string;
}

/** Questions with one answer. */
export interface HistoryQuestions {
  page(query: HistoryQuery): ReturnType<typeof historyPage>;
  terms(client: string): ReturnType<typeof historyTerms>;
  bars(client: string, edges: readonly number[]): ReturnType<typeof historyBars>;
  story(client: string, id: string): ReturnType<typeof openedStory>;
  lines(
    client: string,
    id: string,
    after: HistoryPlace | undefined,
    limit: number,
  ): ReturnType<typeof storyLines>;
  lastLine(client: string, id: string): HistoryPlace | undefined;
  settled(): undefined;
}

export interface HistoryMessage {
  readonly id: number;
  readonly ask: keyof HistoryQuestions;
  readonly args: readonly unknown[];
}

const data = workerData as HistoryData;
const clock = systemClock();
const keys = loadKeys(data.keysDir);
const keyring = createKeyring(keys.master);

/** How often the log is looked at, ms. */
const pause = 500;
/** How long a question may wait for lines to be counted first, ms. */
const patience = 40;
/** Failures in a row after which the file is no longer believed in; making it anew helps once, if at all. */
const mostFailures = 3;
const againAfter = 3_600_000;

interface Open extends Histories {
  readonly index: HistoryIndex;
}

let opened: Open | undefined;
let failures = 0;
let forgottenAt = Number.NEGATIVE_INFINITY;
let resting = false;

function connect(): Open {
  if (opened !== undefined) return opened;
  const db = openForReading(data.file);
  try {
    opened = attach(db) ?? attachAnew(db);
    return opened;
  } catch (cause) {
    db.close();
    throw cause;
  }
}

function attach(db: ReturnType<typeof openForReading>): Open | undefined {
  const history = openHistory(data.history);
  const reading = { db, keys, keyring };
  try {
    const index = new HistoryIndex(reading, history);
    if (index.begin()) return { ...reading, history, index };
  } catch {
    // As if it did not fit the log.
  }
  history.close();
  return undefined;
}

function attachAnew(db: ReturnType<typeof openForReading>): Open {
  forgetHistory(data.history);
  const made = attach(db);
  if (made === undefined) throw new Error('history.db cannot be made');
  return made;
}

function disconnect(): void {
  const gone = opened;
  opened = undefined;
  for (const db of [gone?.history, gone?.db]) {
    try {
      db?.close();
    } catch {
      // It is of no more use either way.
    }
  }
}

/** After an error of a database both are opened anew; any other error is a question's own. */
function failed(cause: unknown): void {
  if (!(Error.isError(cause) && ('errcode' in cause || cause instanceof RowFault))) return;
  disconnect();
  failures += 1;
  if (failures < mostFailures || clock.monotonic() - forgottenAt < againAfter) return;
  forgottenAt = clock.monotonic();
  forgetHistory(data.history);
}

/** Counts what was committed, one piece per turn of the loop, and rests in between. */
function follow(): void {
  if (resting) return;
  let more = false;
  const started = clock.monotonic();
  try {
    const { index } = connect();
    more = index.step();
    failures = 0;
  } catch (cause) {
    failed(cause);
  }
  if (!more) return;
  resting = true;
  setTimeout(() => {
    resting = false;
    follow();
  }, clock.monotonic() - started);
}

/** Counts the lines of a client that a question is about, for a short while. */
function catchUp({ index, ...reading }: Open, client: string): number | undefined {
  const log = logOf(reading, client);
  if (log === undefined) return undefined;
  const until = clock.monotonic() + patience;
  while (clock.monotonic() < until && index.step(log.id));
  return index.behind(log.id);
}

/** All reads of one answer see the same commit of the log. */
function consistent<T>(here: Open, read: () => T): T {
  here.db.exec('BEGIN');
  try {
    return read();
  } finally {
    here.db.exec('COMMIT');
  }
}

function answer({ ask, args }: HistoryMessage): unknown {
  const here = connect();
  if (ask === 'settled') {
    while (here.index.step());
    return undefined;
  }
  const [first] = args as [string | HistoryQuery];
  const behind = catchUp(here, typeof first === 'string' ? first : first.client);
  const questions: Omit<HistoryQuestions, 'settled'> = {
    page: (query) => historyPage(here, query, behind),
    terms: (client) => historyTerms(here, client),
    bars: (client, edges) => historyBars(here, client, edges),
    story: (client, id) => openedStory(here, client, id, behind),
    lines: (client, id, after, limit) => storyLines(here, client, id, after, limit),
    lastLine: (client, id) => (behind === undefined ? lastLine(here, client, id) : undefined),
  };
  const question = questions[ask] as (...args: readonly unknown[]) => unknown;
  return consistent(here, () => question(...args));
}

parentPort?.on('message', (message: HistoryMessage) => {
  const { id } = message;
  try {
    parentPort?.postMessage({ id, ok: answer(message) });
  } catch (cause) {
    failed(cause);
    parentPort?.postMessage({ id, fault: Error.isError(cause) ? cause.message : 'unknown' });
  }
});

setInterval(() => {
  try {
    if (opened === undefined || opened.index.moved()) follow();
  } catch (cause) {
    failed(cause);
  }
}, pause).unref();
follow();
