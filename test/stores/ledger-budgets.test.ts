/**
 * Budgets and first uses in the writer: used in the transaction of the line, refused when they do not reach, counted
 * anew by fsck and by the client's check.
 */
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Budget, nothingSpent } from '../../src/core/budget.ts';
import {
  declareCommand,
  freshId,
  grantCommand,
  intentDraft,
  openingOf,
  openLedger,
  resultFields,
} from './ledger-world.ts';
import { type SettledWorld, settledWorld } from './settled-world.ts';

const minute = 60_000;
const week = { per: 'week', zone: 'Europe/Paris' } as const;

let acme: SettledWorld;

beforeEach(async () => {
  acme = await settledWorld();
});

afterEach(() => acme.end());

async function granted(budget: Budget): Promise<string> {
  const command = grantCommand(acme.folder, acme.seat, acme.clock.now(), { budget });
  expect(await acme.run(command)).toMatchObject({ receipt: {} });
  return command.grant.id;
}

async function declared(grant: string, minutes: number) {
  const opening = openingOf(grant, acme.opening.login, acme.clock.now(), {
    endsAt: acme.clock.now() + minutes * minute,
  });
  return { opening, answer: await acme.run(declareCommand(opening, await acme.epochNow())) };
}

async function spentOf(grant: string) {
  return (await acme.world.archive.budgets('acme'))
    .filter((one) => one.grant === grant)
    .map(({ spent }) => spent);
}

test('openings and minutes are used by the declaration, and refused beyond with what is left', async () => {
  const grant = await granted({ ...week, openings: 3, minutes: 100 });
  const { opening, answer } = await declared(grant, 60);
  expect(answer).toMatchObject({ receipt: {} });
  // Bytes without a limit are nobody's to count.
  acme.world.ledger.result(await acme.begin(opening), freshId('r'), resultFields);
  expect((await declared(grant, 41)).answer).toEqual({ spent: 'minutes', left: 40 });
  expect((await declared(grant, 40)).answer).toMatchObject({ receipt: {} });
  expect((await declared(grant, 1)).answer).toEqual({ spent: 'minutes', left: 0 });
  expect(await spentOf(grant)).toEqual([{ ...nothingSpent, openings: 2, minutes: 100, bytes: 0 }]);
  acme.clock.advance(7 * 24 * 60 * minute);
  expect((await acme.world.archive.inForce('acme')).grants.find(({ id }) => id === grant)?.budget).toEqual({
    ...week,
    openings: 3,
    minutes: 100,
  });
});

test('of two declarations at once for the last opening one is written', async () => {
  const grant = await granted({ ...week, openings: 1 });
  const answers = await Promise.all([declared(grant, 10), declared(grant, 10)]);
  expect(answers.filter(({ answer }) => 'receipt' in answer)).toHaveLength(1);
  expect(answers.filter(({ answer }) => 'spent' in answer)).toHaveLength(1);
  expect(await spentOf(grant)).toEqual([{ ...nothingSpent, openings: 1, minutes: 10, bytes: 0 }]);
});

test('bytes are used by progress and result; when they are up nothing passes until the next week', async () => {
  const grant = await granted({ ...week, bytes: 3000 });
  const { opening } = await declared(grant, 60);
  const long = await acme.begin(opening);
  const short = await acme.begin(opening);
  const before = await acme.epochNow();
  const told = (down: number) =>
    acme.run({
      do: 'append',
      draft: {
        client: 'acme',
        t: 'access.progress',
        id: freshId('progress'),
        fields: { session: opening.id, request: long.id, up: 0, down },
      },
    });
  await told(1000);
  await told(1500);
  expect(await spentOf(grant)).toEqual([{ ...nothingSpent, openings: 1, minutes: 60, bytes: 1500 }]);
  acme.world.ledger.result(short, freshId('r'), { ...resultFields, up: 0, down: 1499 });
  const another = await acme.begin(opening);
  expect(await acme.epochNow()).toBe(before);
  acme.world.ledger.result(long, freshId('r'), { ...resultFields, up: 0, down: 1501 });
  // Rides along with a line of somebody else.
  await acme.run({
    do: 'append',
    draft: {
      client: 'acme',
      t: 'log.read',
      id: freshId('read'),
      fields: { view: 'activity', role: 'reader' },
    },
  });
  expect(await acme.epochNow()).toBe(before + 1);
  // What is told after its end counts no more.
  await told(9000);
  expect(await spentOf(grant)).toEqual([{ ...nothingSpent, openings: 1, minutes: 60, bytes: 3000 }]);
  const now = await acme.epochNow();
  expect(await acme.world.ledger.intent(intentDraft(opening, now), now)).toEqual({ moved: now });
  expect((await declared(grant, 10)).answer).toEqual({ spent: 'bytes', left: 0 });
  const held = (await acme.world.archive.inForce('acme')).grants.find(({ id }) => id === grant);
  // Monday 8 June, 0:00 in Paris.
  expect(held?.spentUntil).toBe(Date.parse('2026-06-07T22:00:00Z'));
  acme.world.ledger.result(another, freshId('r'), { ...resultFields, up: 0, down: 5 });
});

test('what a run that died left open is closed, and its budget stays what was told', async () => {
  const grant = await granted({ ...week, bytes: 3000 });
  const { opening } = await declared(grant, 60);
  const recorded = await acme.begin(opening);
  await acme.run({
    do: 'append',
    draft: {
      client: 'acme',
      t: 'access.progress',
      id: freshId('progress'),
      fields: { session: opening.id, request: recorded.id, up: 7, down: 0 },
    },
  });
  await acme.world.close();
  acme.world = await openLedger(acme.folder, acme.clock);
  // Known to no memory of this run: found by its row.
  acme.world.ledger.result(recorded, freshId('r'), { ...resultFields, up: 7, down: 20 });
  await acme
    .run({
      do: 'append',
      draft: {
        client: 'acme',
        t: 'log.read',
        id: freshId('read'),
        fields: { view: 'activity', role: 'reader' },
      },
    })
    .catch(() => undefined);
  const [spent] = await spentOf(grant);
  expect([7, 27]).toContain(spent?.bytes);
});

test('a row that was changed by hand is found', async () => {
  const grant = await granted({ ...week, openings: 5 });
  await declared(grant, 10);
  const change = (openings: number) => {
    const db = new DatabaseSync(acme.folder.file);
    db.prepare('UPDATE budgets SET openings = ? WHERE consent = ?').run(openings, grant);
    db.close();
  };
  change(0);
  expect(await acme.world.archive.fsck()).toEqual([
    `acme: consent ${grant} used 0 openings in its row, 1 in the log`,
  ]);
  change(1);
});

test('a text that says another budget than the line is refused', async () => {
  const given = grantCommand(acme.folder, acme.seat, acme.clock.now(), { budget: { ...week, openings: 5 } });
  const wider = { ...given.grant, budget: { ...week, openings: 50 } };
  await expect(acme.run({ ...given, grant: wider })).rejects.toMatchObject({ code: 'ledger_conflict' });
  const { budget: _, ...without } = given.grant;
  await expect(acme.run({ ...given, grant: without })).rejects.toMatchObject({ code: 'ledger_conflict' });
});

describe('a clock that starts at the first use', () => {
  const hour = 60 * minute;

  async function once(minutes: number): Promise<string> {
    const firstUse = { minutes, startBy: acme.clock.now() + 24 * hour };
    const until = firstUse.startBy + minutes * minute;
    const command = grantCommand(acme.folder, acme.seat, acme.clock.now(), { firstUse, until });
    expect(await acme.run(command)).toMatchObject({ receipt: {} });
    return command.grant.id;
  }

  const held = async (id: string) =>
    (await acme.world.archive.inForce('acme')).grants.find((grant) => grant.id === id);

  test('waits for it, then fixes the end for everybody in the same transaction', async () => {
    const grant = await once(30);
    acme.clock.advance(20 * hour);
    const before = await acme.epochNow();
    const first = await declared(grant, 20);
    expect(first.answer).toMatchObject({ started: { epoch: before + 1, at: acme.clock.now() } });
    expect(await held(grant)).toMatchObject({
      startedAt: acme.clock.now(),
      until: acme.clock.now() + 30 * minute,
    });
    acme.clock.advance(15 * minute);
    await expect(declared(grant, 16)).rejects.toMatchObject({ code: 'ledger_conflict' });
    const second = await declared(grant, 15);
    expect(second.answer).toEqual({ receipt: expect.anything() });
    await acme.begin(second.opening);
    acme.clock.advance(15 * minute);
    const now = await acme.epochNow();
    expect(await acme.world.ledger.intent(intentDraft(second.opening, now), now)).toEqual({ moved: now });
    await expect(declared(grant, 1)).rejects.toMatchObject({ code: 'ledger_conflict' });
  });

  test('of two first uses at once one starts it, and the other is decided again', async () => {
    const grant = await once(30);
    const answers = await Promise.all([declared(grant, 10), declared(grant, 10)]);
    expect(answers.filter(({ answer }) => 'started' in answer)).toHaveLength(1);
    expect(answers.filter(({ answer }) => 'moved' in answer)).toHaveLength(1);
  });

  test('cannot be begun after its latest start, nor be longer than it lasts', async () => {
    const grant = await once(30);
    await expect(declared(grant, 31)).rejects.toMatchObject({ code: 'ledger_conflict' });
    expect((await held(grant))?.startedAt).toBeUndefined();
    acme.clock.advance(24 * hour);
    await expect(declared(grant, 10)).rejects.toMatchObject({ code: 'ledger_conflict' });
  });

  test('must say an end that follows from it', async () => {
    const firstUse = { minutes: 30, startBy: acme.clock.now() + 24 * hour };
    const given = (changes: object) =>
      acme.run(grantCommand(acme.folder, acme.seat, acme.clock.now(), changes));
    await expect(given({ firstUse })).rejects.toMatchObject({ code: 'ledger_conflict' });
    const late = {
      firstUse: { minutes: 30, startBy: acme.clock.now() },
      until: acme.clock.now() + 30 * minute,
    };
    await expect(given(late)).rejects.toMatchObject({ code: 'ledger_conflict' });
  });

  test('that was set back by hand is found', async () => {
    const grant = await once(30);
    await declared(grant, 10);
    const row = (await held(grant)) ?? { until: 0, startedAt: 0 };
    const change = (until: number) => {
      const db = new DatabaseSync(acme.folder.file);
      db.prepare('UPDATE grants SET until_at = ? WHERE id = ?').run(until, grant);
      db.close();
    };
    change(row.until + hour);
    expect(await acme.world.archive.fsck()).toEqual([
      `acme: consent ${grant} ends at another time than its row says`,
    ]);
    change(row.until);
  });
});
