/**
 * What the history counted is what the lines say, however the lines came, wherever a crash fell, and whatever the file
 * held before; and nothing that the log keeps under a key can be read in it without that key.
 */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Command } from '../../src/core/commands.ts';
import type { Receipt } from '../../src/core/entries.ts';
import type { Fact, HistoryQuery } from '../../src/core/history.ts';
import type { Opening } from '../../src/core/model.ts';
import type { Line, LineQuery } from '../../src/core/ports.ts';
import { ReportTally } from '../../src/core/report.ts';
import { verdictOf } from '../../src/core/verdict.ts';
import { worthALook } from '../../src/core/worth-a-look.ts';
import { createKeyring } from '../../src/stores/disclosure.ts';
import { createHistory } from '../../src/stores/history.ts';
import { HistoryIndex } from '../../src/stores/history-index.ts';
import { type Histories, historyBars, historyPage, historyTerms } from '../../src/stores/history-queries.ts';
import { openHistory } from '../../src/stores/history-schema.ts';
import { lastLine, openedStory, storyLines } from '../../src/stores/history-stories.ts';
import type { Batcher } from '../../src/stores/ledger-batch.ts';
import { lines } from '../../src/stores/ledger-lines.ts';
import { openForReading } from '../../src/stores/ledger-schema.ts';
import { views } from '../../src/stores/ledger-views.ts';
import {
  batchRunner,
  declareCommand,
  type Folder,
  freshId,
  intentDraft,
  makeFolder,
  openBatcher,
  openingOf,
  openLedger,
  resultFields,
  settle,
  standingClock,
} from './ledger-world.ts';

let folder: Folder;
let clock: ReturnType<typeof standingClock>;
let batcher: Batcher;
let run: (command: Command) => Promise<unknown>;
let acme: Awaited<ReturnType<typeof settle>>;
let open: DatabaseSync[];

/** Two days before the year's end, so that a test can cross it. */
const start = Date.UTC(2026, 11, 29, 9);

beforeEach(async () => {
  folder = makeFolder();
  clock = standingClock(start);
  batcher = openBatcher(folder);
  run = batchRunner(batcher, clock);
  acme = await settle(folder, run, clock.now());
  open = [];
});

afterEach(() => {
  for (const db of open) if (db.isOpen) db.close();
  batcher.close(clock.now(), clock.monotonic());
  folder.remove();
});

const fileOf = (): string => join(folder.dir, 'history.db');

function connect(piece?: number): Histories & { readonly index: HistoryIndex } {
  const db = openForReading(folder.file);
  const history = openHistory(fileOf());
  open.push(db, history);
  const reading = { db, keys: folder.keys, keyring: createKeyring(folder.keys.master) };
  const index = new HistoryIndex(reading, history, piece);
  expect(index.begin()).toBe(true);
  return { ...reading, history, index };
}

function catchUp({ index }: { readonly index: HistoryIndex }): void {
  while (index.step());
}

const query = (more: Partial<HistoryQuery> = {}): HistoryQuery => ({
  client: 'acme',
  terms: [],
  limit: 100,
  ...more,
});

async function declare(more: Partial<Opening> = {}): Promise<Opening> {
  const opening = openingOf(acme.grant.id, acme.opening.login, clock.now(), more);
  const answer = (await run(declareCommand(opening, acme.epoch))) as { receipt?: Receipt };
  expect(answer.receipt).toBeDefined();
  return opening;
}

async function intent(
  opening: Opening,
  fields: Record<string, string> = {},
  path = '/invoices/:id',
): Promise<{ receipt: Receipt; id: string }> {
  const draft = intentDraft(opening, acme.epoch);
  const changed = { ...draft, fields: { ...draft.fields, ...fields }, groups: { target: { path } } };
  const { receipt } = (await run({ do: 'intent', epoch: acme.epoch, draft: changed })) as {
    receipt: Receipt;
  };
  return { receipt, id: draft.id };
}

async function result(of: { readonly receipt: Receipt }, fields: Record<string, string | number> = {}) {
  await run({
    do: 'result',
    client: 'acme',
    intent: of.receipt,
    id: freshId('result'),
    fields: { ...resultFields, ...fields },
  });
}

async function refuse(session: string, count = 1, reason = 'copy_refused'): Promise<void> {
  await run({
    do: 'append',
    draft: {
      client: 'acme',
      t: 'access.refused',
      id: freshId('refused'),
      fields: { session, system: 'erp', method: 'GET', operation: 'copy', reason, count, policy: 'p' },
      ...(session === '' ? { person: 'eve' } : {}),
      groups: {
        target: { path: '/export' },
        ...(session === ''
          ? { person: { name: 'Eve Roy', subject: 'e' }, role: { function: 'support' } }
          : {}),
      },
    },
  });
}

/** The same counts, made from the lines alone by other means. */
function recount(here: Histories): Map<string, string[]> {
  const all: LineQuery = { client: 'acme', limit: 1_000_000, disclose: ['target'] };
  const told = lines(here, all).toReversed();
  const facts = new Map<string, Map<string, Fact>>();
  const ended = new Map<string, Line>();
  for (const line of told) if (line.leaf.t === 'access.result') ended.set(String(line.leaf.request), line);
  for (const { leaf, groups } of told) {
    if (leaf.t === 'session.opened') facts.set(String(leaf.id), new Map());
    if (!['access.intent', 'access.static', 'access.refused'].includes(String(leaf.t))) continue;
    const refused = leaf.t === 'access.refused';
    const end = ended.get(String(leaf.id))?.leaf;
    const late = end?.outcome === 'complete' && Number(end.status) >= 400;
    const shape = {
      system: String(leaf.system),
      method: String(leaf.method),
      path: typeof groups.target === 'object' ? String(groups.target.path) : '',
      operation: String(leaf.operation),
      dest: refused ? '' : String(leaf.dest),
      type: String(end?.type ?? ''),
      disposition: String(end?.disposition ?? ''),
      result: refused
        ? `refused:${leaf.reason}`
        : leaf.t === 'access.static'
          ? 'covered'
          : late
            ? 'answered'
            : String(end?.outcome ?? ''),
    };
    const session = leaf.session === '' ? String(leaf.id) : String(leaf.session);
    const of = facts.get(session) ?? new Map<string, Fact>();
    facts.set(session, of);
    const at = Date.parse(String(leaf.at));
    const name = JSON.stringify(shape);
    const known = of.get(name) ?? { ...shape, count: 0, up: 0, down: 0, first: at, last: at };
    of.set(name, {
      ...known,
      count: known.count + (refused ? Number(leaf.count) : 1),
      up: known.up + Number(end?.up ?? 0),
      down: known.down + Number(end?.down ?? 0),
      last: at,
    });
  }
  return new Map([...facts].map(([id, of]) => [id, [...of.values()].map(sorted).sort()]));
}

function sorted(fact: Fact): string {
  return JSON.stringify(Object.fromEntries(Object.entries(fact).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** What the pages tell, walked to the end in small pages. */
function counted(here: Histories, limit = 7): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let before: HistoryQuery['before'];
  do {
    const page = historyPage(here, query({ limit, before }), undefined);
    for (const story of page.stories) found.set(story.id, story.facts.map(sorted).sort());
    before = page.next;
  } while (before !== undefined);
  return found;
}

function expectSame(here: Histories): void {
  const told = recount(here);
  expect(new Map([...counted(here)].sort())).toEqual(new Map([...told].sort()));
}

/** No line of an opening stands after the one that is told as its newest, so a page may begin there; its first line is found alone. */
function expectEndsKnown(here: Histories, openings: readonly Opening[]): void {
  for (const { id } of openings) {
    const last = lastLine(here, 'acme', id);
    const all = { client: 'acme', session: id, limit: 1_000, disclose: [] } as const;
    const [newest] = lines(here, all);
    expect(last).toEqual({ at: Date.parse(String(newest?.leaf.at)), index: newest?.index });
    const opened = lines(here, { ...all, kinds: ['session.opened'] });
    expect(opened.map(({ leaf }) => leaf.id)).toEqual([id]);
  }
  expect(lastLine(here, 'acme', 'nobody-knows-it')).toBeUndefined();
}

type Step =
  | { readonly do: 'open' | 'count' | 'crash' | 'again' | 'outside' }
  | { readonly do: 'intent'; readonly of: number; readonly path: string; readonly operation: string }
  | { readonly do: 'result' | 'refuse' | 'close'; readonly of: number; readonly outcome: string }
  | { readonly do: 'wait'; readonly ms: number };

const nat = fc.nat({ max: 20 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom<Step>({ do: 'open' }, { do: 'outside' }) },
  { weight: 3, arbitrary: fc.constantFrom<Step>({ do: 'count' }, { do: 'crash' }, { do: 'again' }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('intent' as const),
      of: nat,
      path: fc.constantFrom('/a', '/b/:id', '/<script>\u202e', `/${'x'.repeat(150)}`),
      operation: fc.constantFrom('read', 'write', 'copy'),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('result' as const, 'result' as const, 'refuse' as const, 'close' as const),
      of: nat,
      outcome: fc.constantFrom('complete', 'withheld:type', 'terminated:stopped', 'client-abort'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 90_000_000 }) }),
  },
);

async function play(steps: readonly Step[]): Promise<void> {
  let here = connect(3);
  const openings: Opening[] = [acme.opening];
  const all: Opening[] = [acme.opening];
  const running: { receipt: Receipt; id: string }[] = [];
  for (const one of steps) {
    switch (one.do) {
      case 'open':
        openings.push(await declare());
        all.push(...openings.slice(-1));
        break;
      case 'outside':
        await refuse('', 2);
        break;
      case 'count':
        here.index.step();
        break;
      case 'again':
        here.history.close();
        here.db.close();
        here = connect(3);
        break;
      case 'crash':
        crash(here);
        break;
      case 'wait':
        clock.advance(one.ms);
        break;
      case 'intent': {
        const opening = openings[one.of % openings.length];
        if (opening === undefined || opening.endsAt <= clock.now()) break;
        running.push(await intent(opening, { operation: one.operation }, one.path));
        break;
      }
      case 'result': {
        const [of] = running.splice(one.of % Math.max(1, running.length), 1);
        if (of !== undefined)
          await result(of, { outcome: one.outcome, up: one.of, status: 200 + one.of * 20 });
        break;
      }
      case 'refuse':
        await refuse(openings[one.of % Math.max(1, openings.length)]?.id ?? '', 1 + (one.of % 3));
        break;
      case 'close': {
        const [of] = openings.splice(one.of % Math.max(1, openings.length), 1);
        if (of === undefined) break;
        const counts = { exchanges: 1, refused: 0, statics: one.of, up: 0, down: 0 };
        const closings = [{ opening: of.id, cause: 'stopped' as const, cutMs: 1, counts }];
        const { epoch } = (await run({ do: 'close', client: 'acme', by: undefined, closings })) as {
          epoch: number;
        };
        acme = { ...acme, epoch };
      }
    }
  }
  catchUp(here);
  expectSame(here);
  expectBriefTheSame(here);
  expectEndsKnown(here, all);
}

/** What overviews say is the same of what was summed up. */
function expectBriefTheSame(here: Histories): void {
  const told = (brief: HistoryQuery['brief']) => {
    const { stories } = historyPage(here, query(brief === undefined ? {} : { brief }), undefined);
    const looks = worthALook(stories, {
      watch: {
        hours: { zone: 'Europe/Paris', windows: [], closedOn: 'none' },
        bytes: new Map([['hotline', 50]]),
      },
      purposes: new Map(),
      endOf: () => start + 3_600_000,
    });
    const tally = new ReportTally(clock.now());
    for (const story of stories) tally.add(story);
    const { listed, ...numbers } = tally.numbers();
    const verdict = verdictOf(stories, looks, false);
    const left = listed.map(({ id, facts }) => [id, facts.reduce((sum, { down }) => sum + down, 0)]);
    return {
      verdict,
      looks: looks.map(({ code, story, amount }) => [code, story.id, amount]),
      numbers,
      left,
    };
  };
  const whole = told(undefined);
  for (const brief of ['named', 'unnamed'] as const) expect(told(brief)).toEqual(whole);
}

/** The transaction of one piece is lost at its end. */
function crash({ index, history }: { readonly index: HistoryIndex; readonly history: DatabaseSync }): void {
  const exec = history.exec.bind(history);
  history.exec = (sql: string) => {
    if (sql !== 'COMMIT') return exec(sql);
    throw new Error('the power went');
  };
  try {
    index.step();
  } catch (error) {
    expect(String(error)).toContain('the power went');
  } finally {
    history.exec = exec;
  }
}

describe('what is counted', () => {
  test('is what the lines say, in any order, over years, after any crash', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), play).beforeEach(async () => {
        for (const db of open) if (db.isOpen) db.close();
        batcher.close(clock.now(), clock.monotonic());
        folder.remove();
        folder = makeFolder();
        clock = standingClock(start);
        batcher = openBatcher(folder);
        run = batchRunner(batcher, clock);
        acme = await settle(folder, run, clock.now());
        open = [];
      }),
      { numRuns: 25 },
    );
  });

  test('a result in the next year still belongs to its exchange', async () => {
    const here = connect();
    clock.advance(3 * 86_400_000 - 10 * 3_600_000 + 900_000 * 59);
    const opening = await declare();
    const running = await intent(opening);
    catchUp(here);
    clock.advance(1_000_000);
    expect(new Date(clock.now()).getUTCFullYear()).toBe(2027);
    await result(running, { down: 77 });
    catchUp(here);
    expectSame(here);
    const page = historyPage(here, query(), undefined);
    expect(page.stories[0]?.facts).toMatchObject([{ result: 'complete', down: 77, count: 1 }]);
    expect(storyLines(here, 'acme', opening.id, undefined, 10)?.results).toHaveLength(1);
  });

  test('a burst is counted once, and while it is not, the page says until when it is complete', async () => {
    const here = connect(10);
    catchUp(here);
    for (let n = 0; n < 40; n += 1) await result(await intent(acme.opening));
    const log = 1;
    here.index.step();
    expect(here.index.behind(log)).toBe(start);
    catchUp(here);
    expect(here.index.behind(log)).toBeUndefined();
    expectSame(here);
  });

  test('two processes that follow the same log count each line once', async () => {
    const [one, two] = [connect(2), connect(2)];
    for (let n = 0; n < 10; n += 1) {
      await result(await intent(acme.opening));
      one.index.step();
      two.index.step();
    }
    catchUp(two);
    catchUp(one);
    expectSame(one);
  });
});

test('an overview without names leaves them sealed, and still tells a robot from people', async () => {
  clock.advance(60_000);
  const opening = openingOf(acme.grant.id, acme.opening.login, clock.now(), { person: 'nightly-backup' });
  const command = declareCommand(opening, acme.epoch);
  const groups = { ...command.groups, role: { function: 'robot', employer: 'MSP' } };
  expect(await run({ ...command, groups })).toHaveProperty('receipt');
  const here = connect();
  catchUp(here);
  const { stories } = historyPage(here, query({ brief: 'unnamed' }), undefined);
  expect(stories.map(({ name, functions }) => [name, functions])).toEqual([
    [undefined, ['robot']],
    [undefined, []],
  ]);
  expect(verdictOf(stories, [], false)).toMatchObject({ people: 1, robots: 1 });
});

describe('a file that does not fit the log', () => {
  async function counts(): Promise<number> {
    const history = createHistory({ file: folder.file, history: fileOf(), keysDir: folder.keysDir });
    try {
      await history.settled();
      const { stories } = await history.page(query());
      return stories.flatMap(({ facts }) => facts).reduce((sum, { count }) => sum + count, 0);
    } finally {
      await history.close();
    }
  }

  beforeEach(async () => {
    await result(await intent(acme.opening));
  });

  test('missing: it is made', async () => {
    expect(await counts()).toBe(1);
  });

  test('older: it goes on', async () => {
    expect(await counts()).toBe(1);
    await result(await intent(acme.opening));
    expect(await counts()).toBe(2);
  });

  test('newer than a log that was restored, which has gone on since: it is made anew', async () => {
    const backup = join(folder.dir, 'backup.db');
    const db = openForReading(folder.file);
    db.exec(`VACUUM INTO '${backup}'`);
    db.close();
    for (let n = 0; n < 5; n += 1) await result(await intent(acme.opening));
    expect(await counts()).toBe(6);
    batcher.close(clock.now(), clock.monotonic());
    for (const part of ['-wal', '-shm']) writeFileSync(`${folder.file}${part}`, '');
    copyFileSync(backup, folder.file);
    expect(await counts()).toBe(1);
    batcher = openBatcher(folder);
  });

  test('damaged, of another format, or not a database: it is made anew', async () => {
    expect(await counts()).toBe(1);
    const db = new DatabaseSync(fileOf());
    db.exec("UPDATE meta SET value = '0' WHERE name = 'format'");
    db.close();
    expect(await counts()).toBe(1);
    writeFileSync(fileOf(), 'not a database at all, '.repeat(500));
    expect(await counts()).toBe(1);
  });
});

describe('finding', () => {
  test('by each kind of term, by reference, by agreement, by period; another client’s terms find nothing', async () => {
    const here = connect();
    await result(await intent(acme.opening));
    clock.advance(60_000);
    const other = await declare({ purpose: 'support', reference: ' Inc-9 ', systems: ['backup'] });
    await result(await intent(other, { operation: 'copy', dest: 'download' }), { outcome: 'withheld:type' });
    const foreign = await settle(folder, run, clock.now(), 'martin');
    catchUp(here);
    await run({
      do: 'correct',
      client: 'acme',
      opening: acme.opening.id,
      person: 'alice',
      reference: 'MENDED-1',
      note: 'mended',
      check: 'unchecked',
      groups: {},
    });
    catchUp(here);
    const terms = historyTerms(here, 'acme');
    const ids = (more: Partial<HistoryQuery>) =>
      historyPage(here, query(more), undefined).stories.map(({ id }) => id);
    const term = (list: readonly { readonly id: number; readonly value: string }[], value: string) =>
      list.filter((one) => one.value === value).map(({ id }) => id);
    expect(ids({})).toEqual([other.id, acme.opening.id]);
    expect(ids({ terms: [term(terms.purposes, 'support')] })).toEqual([other.id]);
    expect(ids({ terms: [term(terms.systems, 'erp')] })).toEqual([acme.opening.id]);
    expect(ids({ terms: [term(terms.operations, 'copy')] })).toEqual([other.id]);
    expect(ids({ terms: [term(terms.results, 'withheld'), term(terms.operations, 'copy')] })).toEqual([
      other.id,
    ]);
    expect(ids({ terms: [term(terms.results, 'withheld'), term(terms.systems, 'erp')] })).toEqual([]);
    expect(ids({ terms: [terms.routes.map(({ id }) => id)] })).toHaveLength(2);
    expect(terms.people).toMatchObject([{ name: 'Alice Martin', functions: ['support'] }]);
    expect(ids({ terms: [terms.people.map(({ id }) => id)] })).toHaveLength(2);
    expect(ids({ reference: 'INC-9' })).toEqual([other.id]);
    expect(ids({ reference: 'INC' })).toEqual([]);
    expect(ids({ reference: 'ticket-77' })).toEqual([acme.opening.id]);
    expect(ids({ reference: 'mended-1' })).toEqual([acme.opening.id]);
    expect(openedStory(here, 'acme', acme.opening.id, undefined)?.story).toMatchObject({
      reference: 'MENDED-1',
      note: 'mended',
      corrected: true,
      check: 'unchecked',
    });
    expect(ids({ grant: acme.grant.id })).toHaveLength(2);
    expect(ids({ grant: foreign.grant.id })).toEqual([]);
    expect(ids({ from: start + 1 })).toEqual([other.id]);
    expect(ids({ until: start + 1 })).toEqual([acme.opening.id]);
    expect(ids({ from: start + 9e9 })).toEqual([]);
    const foreignTerms = historyTerms(here, 'martin');
    expect(ids({ terms: [foreignTerms.purposes.map(({ id }) => id)] })).toEqual([]);
    expect(foreignTerms.people[0]?.token).not.toBe(terms.people[0]?.token);
    expect(openedStory(here, 'acme', foreign.opening.id, undefined)).toBeUndefined();
    expect(storyLines(here, 'acme', foreign.opening.id, undefined, 5)).toBeUndefined();
    expect(openedStory(here, 'martin', foreign.opening.id, undefined)?.story.id).toBe(foreign.opening.id);
    expect(historyPage(here, query({ client: 'nobody' }), undefined).stories).toEqual([]);
    expect(historyBars(here, 'acme', [start, start + 60_000, start + 120_000])).toMatchObject([
      { purposes: [{ purpose: 'hotline', count: 1 }] },
      { purposes: [{ purpose: 'support', count: 1 }] },
    ]);
  });

  test('pages of one opening’s lines, each line once, each with its result', async () => {
    const here = connect();
    for (let n = 0; n < 12; n += 1) await result(await intent(acme.opening), { down: n });
    catchUp(here);
    const seen: number[] = [];
    let after: HistoryQuery['before'];
    do {
      const page = storyLines(here, 'acme', acme.opening.id, after, 5);
      expect(page?.results.length).toBe(page?.lines.length);
      seen.push(...(page?.results ?? []).map(({ leaf }) => Number(leaf.down)));
      after = page?.next;
    } while (after !== undefined);
    expect(seen).toEqual(Array.from({ length: 12 }, (_, n) => n));
  });
});

describe('what must not stand in the file', () => {
  test('no name, function, reference, note or path can be read in it', async () => {
    const here = connect();
    const secret = await declare({ reference: 'REF-SECRET', note: 'NOTE-SECRET' });
    await result(await intent(secret, {}, '/PATH-SECRET'));
    await refuse('');
    catchUp(here);
    here.history.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const held = readFileSync(fileOf()).toString('latin1');
    expect(held).toContain('hotline');
    for (const word of ['SECRET', 'Alice', 'Martin', 'Eve', 'alice', 'TICKET-77', 'printer', '/invoices']) {
      expect(held.toLowerCase()).not.toContain(word.toLowerCase());
    }
    expect(held).not.toContain('support');
  });

  test('with a person’s key destroyed they are erased here too, at once, and when the file is made anew', async () => {
    const first = connect();
    catchUp(first);
    const writing = new DatabaseSync(folder.file);
    writing.exec("UPDATE owners SET key = x'00'");
    writing.exec('DELETE FROM personal');
    writing.close();
    expect(historyTerms(first, 'acme').people).toMatchObject([{ name: undefined, functions: [] }]);
    expect(historyPage(first, query(), undefined).stories[0]?.name).toBeUndefined();
    first.history.close();
    writeFileSync(fileOf(), '');
    const anew = connect();
    catchUp(anew);
    expect(historyPage(anew, query(), undefined).stories).toHaveLength(1);
    expect(historyTerms(anew, 'acme').people).toEqual([]);
  });

  test('with the client’s key destroyed its routes are unreadable and the rest goes on', async () => {
    const here = connect();
    const martin = await settle(folder, run, clock.now(), 'martin');
    catchUp(here);
    const writing = new DatabaseSync(folder.file);
    writing.exec("UPDATE logs SET key = x'00' WHERE client = 'acme'");
    writing.close();
    const anew = connect();
    catchUp(anew);
    expect(historyPage(anew, query({ client: 'martin' }), undefined).stories[0]?.id).toBe(martin.opening.id);
    expect(() => historyTerms(anew, 'acme')).toThrow();
  });
});

test('the thread follows by itself: what is committed is found without being asked to count', async () => {
  batcher.close(clock.now(), clock.monotonic());
  const { ledger, close } = await openLedger(folder, clock);
  const history = createHistory({ file: folder.file, history: fileOf(), keysDir: folder.keysDir });
  try {
    const recorded = await ledger.intent(intentDraft(acme.opening, acme.epoch), acme.epoch);
    if (!('receipt' in recorded)) throw new Error('not recorded');
    const page = await history.page(query());
    expect(page).toMatchObject({ behind: undefined, total: 1 });
    expect(page.stories[0]?.facts).toMatchObject([{ result: '', count: 1 }]);
    expect((await history.story('acme', acme.opening.id))?.hash).toMatch(/^[\w+/]{43}=$/);
    expect((await history.terms('acme')).cut).toBe(false);
    expect((await history.lines('acme', acme.opening.id, undefined, 5))?.lines).toHaveLength(1);
    expect(await history.bars('acme', [start, start + 1])).toHaveLength(1);
    await expect(history.page(query({ from: {} as number }))).rejects.toThrow('ledger_unavailable');
    expect((await history.page(query())).stories).toHaveLength(1);
  } finally {
    await history.close();
    await close();
    batcher = openBatcher(folder);
  }
});

describe('kept views', () => {
  const view = (id: string, name: string, more = {}) => ({
    ...({ do: 'view-save', client: 'acme', controller: 'claire' } as const),
    view: { id, name, query: 'reference=SECRET' },
    ...more,
  });

  test('belong to one person at one client, are replaced by name, and are sealed', async () => {
    await settle(folder, run, clock.now(), 'martin');
    expect(await run(view('v1', 'Mine'))).toEqual({ ok: true });
    expect(await run(view('v2', 'Mine'))).toEqual({ ok: true });
    expect(await run(view('v3', 'Other', { controller: 'marc' }))).toEqual({ ok: true });
    const here = connect();
    expect(views(here, 'acme', 'claire')).toEqual([{ id: 'v2', name: 'Mine', query: 'reference=SECRET' }]);
    expect(views(here, 'martin', 'claire')).toEqual([]);
    const drop = { do: 'view-drop', client: 'acme', controller: 'claire' } as const;
    expect(await run({ ...drop, id: 'v3' })).toEqual({ dropped: false });
    expect(await run({ ...drop, client: 'martin', id: 'v2' })).toEqual({ dropped: false });
    const box = here.db.prepare("SELECT box FROM views WHERE id = 'v2'").get()?.box as Uint8Array;
    expect(Buffer.from(box).toString('latin1')).not.toContain('SECRET');
    expect(await run({ ...drop, id: 'v2' })).toEqual({ dropped: true });
    expect(views(here, 'acme', 'claire')).toEqual([]);
  });

  test('are twenty at most', async () => {
    for (let n = 0; n < 20; n += 1) expect(await run(view(`v${n}`, `View ${n}`))).toEqual({ ok: true });
    expect(await run(view('v20', 'View 20'))).toEqual({ refused: 'views_full' });
    expect(await run(view('v21', 'View 3'))).toEqual({ ok: true });
  });
});
