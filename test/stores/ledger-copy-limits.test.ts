/** What an agreement limits of copies, in the writer: used with the register, given back with the result, counted anew by both checks. */
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Budget } from '../../src/core/budget.ts';
import { type CopyHead, type RegisterCopy, usualCopies } from '../../src/core/copies.ts';
import type { LeafFields } from '../../src/core/entries.ts';
import type { Opening } from '../../src/core/model.ts';
import type { Recorded } from '../../src/core/ports.ts';
import { digest, registration } from './copy-commands.ts';
import {
  declareCommand,
  freshId,
  grantCommand,
  openingOf,
  openLedger,
  resultFields,
} from './ledger-world.ts';
import { type SettledWorld, settledWorld } from './settled-world.ts';

const hour = 3_600_000;
const day = 24 * hour;
const daily = { per: 'day', zone: 'Europe/Paris' } as const;
let acme: SettledWorld;

beforeEach(async () => {
  acme = await settledWorld();
});

afterEach(() => acme.end());

/** An access under an agreement with these limits. */
async function accessUnder(limits: Budget): Promise<Opening> {
  const command = grantCommand(acme.folder, acme.seat, acme.clock.now(), { budget: limits });
  expect(await acme.run(command)).toHaveProperty('receipt');
  return reopened(command.grant.id);
}

async function reopened(grant: string): Promise<Opening> {
  const opening = openingOf(grant, acme.opening.login, acme.clock.now());
  expect(await acme.run(declareCommand(opening, await acme.epochNow()))).toHaveProperty('receipt');
  return opening;
}

const register = (opening: Opening, recorded: Recorded, length?: number, more: Partial<RegisterCopy> = {}) =>
  acme.run(
    registration(opening, recorded, {
      rules: { ...usualCopies, place: 'Tape', custodian: 'Operations' },
      head: { status: 200, type: '', ...(length === undefined ? {} : { length }) } as CopyHead,
      ...more,
    }),
  );

const end = (recorded: Recorded, down: number, changes: LeafFields = {}) =>
  acme.run({
    do: 'result',
    client: 'acme',
    intent: recorded.receipt,
    id: freshId('r'),
    fields: {
      ...resultFields,
      up: 0,
      down,
      ...(changes.outcome === undefined ? { digest } : {}),
      ...changes,
    },
  });

/** What is used in each period, oldest first, as `<copies> <bytes>`. */
async function used(grant: string): Promise<readonly string[]> {
  const all = (await acme.world.archive.budgets('acme')).filter((one) => one.grant === grant);
  return all.sort((a, b) => a.period - b.period).map(({ spent }) => `${spent.copies} ${spent.copied}`);
}

const refused = { refused: 'copy_limit' };

describe('so many copies', () => {
  test('pass and no more, until the next day; what did not leave is one too', async () => {
    const opening = await accessUnder({ ...daily, copies: 2 });
    for (const [down, outcome] of [
      [10, undefined],
      [0, 'client-abort'],
    ] as const) {
      const recorded = await acme.begin(opening);
      expect(await register(opening, recorded, 10)).toEqual({ receipt: expect.anything() });
      await end(recorded, down, outcome === undefined ? {} : { outcome });
    }
    const third = await acme.begin(opening);
    expect(await register(opening, third, 10)).toEqual(refused);
    await end(third, 0, { outcome: 'withheld:copy_limit' });
    expect(await used(opening.grant)).toEqual(['2 0']);
    acme.clock.advance(day);
    const next = await reopened(opening.grant);
    const fourth = await acme.begin(next);
    expect(await register(next, fourth, 10)).toHaveProperty('receipt');
    await end(fourth, 10);
    expect(await used(opening.grant)).toEqual(['2 0', '1 0']);
    expect(await acme.world.archive.copies('acme')).toHaveLength(3);
  });

  test('count under their own agreement alone', async () => {
    const opening = await accessUnder({ ...daily, copies: 1 });
    const first = await acme.begin(opening);
    expect(await register(opening, first, 10)).toHaveProperty('receipt');
    const free = await reopened(acme.grant.id);
    for (let i = 0; i < 3; i += 1) {
      const recorded = await acme.begin(free);
      expect(await register(free, recorded, 10)).toEqual({ receipt: expect.anything() });
      await end(recorded, 10);
    }
    await end(first, 10);
    expect(await used(acme.grant.id)).toEqual([]);
  });
});

describe('so many bytes', () => {
  test('of known lengths are taken whole or not at all, and of two at once only what fits', async () => {
    const opening = await accessUnder({ ...daily, copied: 1000 });
    const [first, second, third] = [
      await acme.begin(opening),
      await acme.begin(opening),
      await acme.begin(opening),
    ];
    expect(await register(opening, first, 1001)).toEqual(refused);
    const answers = await Promise.all([register(opening, first, 600), register(opening, second, 600)]);
    expect(answers).toMatchObject([{ atMost: 600 }, refused]);
    expect(await register(opening, second, 400)).toMatchObject({ atMost: 400 });
    expect(await register(opening, third, 1)).toEqual(refused);
    await end(first, 600);
    // The rest of the second did not leave: others may have it.
    await end(second, 150, { outcome: 'client-abort' });
    expect(await used(opening.grant)).toEqual(['2 750']);
    expect(await register(opening, third, 251)).toEqual(refused);
    expect(await register(opening, third, 250)).toMatchObject({ atMost: 250 });
    await end(third, 250);
    expect(await used(opening.grant)).toEqual(['3 1000']);
  });

  test('of an unknown length get what is left, and nothing where as much has left already', async () => {
    const opening = await accessUnder({ ...daily, copied: 1000 });
    const [first, second, third] = [
      await acme.begin(opening),
      await acme.begin(opening),
      await acme.begin(opening),
    ];
    expect(await register(opening, first, undefined, { sent: 1000 })).toEqual(refused);
    expect(await register(opening, first, undefined, { sent: 999 })).toMatchObject({ atMost: 1000 });
    expect(await register(opening, second)).toEqual(refused);
    await end(first, 700, { outcome: 'terminated:stopped' });
    expect(await register(opening, second)).toMatchObject({ atMost: 300 });
    await end(second, 300, { outcome: 'terminated:copy_limit' });
    expect(await register(opening, third)).toEqual(refused);
    await end(third, 0, { outcome: 'withheld:copy_limit' });
    expect(await used(opening.grant)).toEqual(['2 1000']);
  });

  test('of a copy that nobody saw end count in full', async () => {
    const opening = await accessUnder({ ...daily, copied: 1000 });
    const recorded = await acme.begin(opening);
    expect(await register(opening, recorded, 800)).toMatchObject({ atMost: 800 });
    await acme.world.close();
    acme.world = await openLedger(acme.folder, acme.clock);
    const outcome = async () => (await acme.world.archive.copies('acme'))[0]?.outcome;
    for (let look = 0; look < 200 && (await outcome()) === undefined; look += 1)
      await new Promise((resolve) => setImmediate(resolve));
    expect(await outcome()).toBe('unknown-after-crash');
    expect(await used(opening.grant)).toEqual(['1 800']);
  });

  test('that end in the next day are given back to the day they were taken from', async () => {
    const opening = await accessUnder({ ...daily, copied: 1000 });
    const recorded = await acme.begin(opening);
    expect(await register(opening, recorded, 900)).toMatchObject({ atMost: 900 });
    acme.clock.advance(day);
    await end(recorded, 100, { outcome: 'client-abort' });
    expect(await used(opening.grant)).toEqual(['1 100']);
  });

  test('a row that was changed by hand is found', async () => {
    const opening = await accessUnder({ ...daily, copied: 1000 });
    const recorded = await acme.begin(opening);
    await register(opening, recorded, 400);
    await end(recorded, 400);
    const change = (copied: number) => {
      const db = new DatabaseSync(acme.folder.file);
      db.prepare('UPDATE budgets SET copied = ? WHERE consent = ?').run(copied, opening.grant);
      db.close();
    };
    change(0);
    expect(await acme.world.archive.fsck()).toEqual([
      `acme: consent ${opening.grant} used 0 copied in its row, 400 in the log`,
    ]);
    change(400);
  });
});

test.each([
  [7, 7],
  [30, 30],
  [90, 30],
])('copies under an agreement that says %i days are kept %i', async (keep, days) => {
  const opening = await accessUnder({ ...daily, keep });
  const recorded = await acme.begin(opening);
  expect(await register(opening, recorded, 10)).toEqual({ receipt: expect.anything() });
  await end(recorded, 10);
  expect(await acme.world.archive.copies('acme')).toMatchObject([
    { destroyBy: acme.clock.now() + days * day },
  ]);
  expect(
    (
      await acme.world.archive.lines({ client: 'acme', kinds: ['copy.registered'], limit: 1, disclose: [] })
    )[0]?.leaf,
  ).toMatchObject({ keep_days: days });
});
