/** Rows written together: each of them is there after its batch, however many, and no result is taken for an exchange that is not open. */

import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Batcher } from '../../src/stores/ledger-batch.ts';
import { FormBook } from '../../src/stores/ledger-forms.ts';
import { encodeIntent, encodeResult, type FormedCall } from '../../src/stores/ledger-wire.ts';
import {
  batchRunner,
  declareCommand,
  type Folder,
  grantCommand,
  intentDraft,
  makeFolder,
  openBatcher,
  openingOf,
  resultFields,
  settle,
  standingClock,
} from './ledger-world.ts';

const clock = standingClock();
const book = new FormBook();
let folder: Folder;
let batcher: Batcher;
let intentOf: (id: string) => FormedCall;
let settled: Awaited<ReturnType<typeof settle>>;

beforeEach(async () => {
  folder = makeFolder();
  batcher = openBatcher(folder);
  book.restart();
  settled = await settle(folder, batchRunner(batcher, clock), clock.now());
  const { opening, epoch } = settled;
  const draft = intentDraft(opening, epoch);
  const fields = Object.freeze({ ...draft.fields });
  const groups = Object.freeze({ target: Object.freeze({ ...draft.groups?.target }) });
  intentOf = (id) => encodeIntent({ ...draft, id, fields, groups }, epoch) as FormedCall;
});

afterEach(() => {
  batcher.close(clock.now(), 1e6);
  folder.remove();
});

const send = (calls: readonly FormedCall[]) =>
  batcher.run({ calls: '', formed: book.write(calls), commands: [] }, clock.now());

/** Begins so many exchanges and tells where they stand. */
function begin(count: number): { origin: string; indexes: readonly number[] } {
  const { formed } = send(Array.from({ length: count }, (_, i) => intentOf(`request-${i}`)));
  expect(formed.faults).toEqual([]);
  return { origin: formed.heads[0]?.origin ?? '', indexes: formed.numbers.filter((_, i) => i % 2 === 1) };
}

function resultOf(origin: string, index: number): FormedCall {
  return encodeResult('acme', { origin, index, at: 0 }, `end-${index}`, resultFields) as FormedCall;
}

/** What another connection sees. */
function seen(sql: string): unknown {
  const db = new DatabaseSync(folder.file);
  try {
    return Object.values(db.prepare(sql).get() ?? {})[0];
  } finally {
    db.close();
  }
}

test.each([1, 15, 16, 17, 40])('%d exchanges at once begin and end', (count) => {
  const { origin, indexes } = begin(count);
  expect(new Set(indexes).size).toBe(count);
  expect(seen('SELECT COUNT(*) FROM exchanges')).toBe(count);
  const { formed } = send(indexes.map((index) => resultOf(origin, index)));
  expect(formed.faults).toEqual([]);
  expect(seen('SELECT COUNT(*) FROM exchanges')).toBe(0);
  for (const kind of ['access.intent', 'access.result'])
    expect(seen(`SELECT COUNT(*) FROM entries WHERE leaf LIKE '%"t":"${kind}"%'`)).toBe(count);
  for (const index of indexes)
    expect(seen(`SELECT leaf FROM entries WHERE leaf LIKE '%"id":"end-${index}"%'`)).toContain(
      `"intent":${index},`,
    );
});

test('an exchange that another hand ended takes no result, and keeps the others from none', () => {
  const { origin, indexes } = begin(20);
  const lines = Number(seen('SELECT COUNT(*) FROM entries'));
  const db = new DatabaseSync(folder.file);
  db.exec('DELETE FROM exchanges WHERE entry = (SELECT min(entry) FROM exchanges)');
  db.close();
  const results = indexes.map((index) => resultOf(origin, index));
  // Nothing is written while it is not known which of them it was.
  expect(send(results).fault?.code).toBe('ledger_unavailable');
  expect(seen('SELECT COUNT(*) FROM entries')).toBe(lines);
  const { formed } = send(results);
  expect(formed.faults).toMatchObject([{ code: 'ledger_conflict' }]);
  expect(formed.numbers.slice(0, 2)).toEqual([-2, 0]);
  expect(seen('SELECT COUNT(*) FROM entries')).toBe(lines + 19);
  expect(seen('SELECT COUNT(*) FROM exchanges')).toBe(0);
});

test('an intent that was undone is not remembered in the place of another’s that stands there', async () => {
  const mine = openBatcher(folder, { process: { host: 'here', pid: 2, alive: () => false } });
  try {
    const [run, others] = [batchRunner(mine, clock), batchRunner(batcher, clock)];
    const budget = { per: 'week', zone: 'Europe/Paris', bytes: 1e9 } as const;
    const given = grantCommand(folder, settled.seat, clock.now(), { budget });
    const { epoch } = (await run(given)) as { epoch: number };
    const opening = openingOf(given.grant.id, settled.opening.login, clock.now());
    await run(declareCommand(opening, epoch));
    const intent = (id: string) =>
      ({ do: 'intent', draft: intentDraft(opening, epoch, { id }), epoch }) as const;
    await run(intent('mine'));
    const twice = mine.run({ calls: '', commands: [intent('mine')] }, clock.now());
    expect(twice.replies).toMatchObject([{ fault: { code: 'ledger_conflict' } }]);
    await others(intent('another'));
    expect(mine.tick(clock.now()).fault).toBeUndefined();
    expect(seen("SELECT leaf FROM entries WHERE leaf LIKE '%unknown-after-crash%'")).toContain(
      '"request":"another"',
    );
    expect(seen('SELECT COUNT(*) FROM exchanges')).toBe(1);
  } finally {
    mine.close(clock.now(), 1e6);
  }
});
