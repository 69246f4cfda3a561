/** Reading a real log: what the lease and each decision hang on never waits behind what somebody asks for. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Command } from '../../src/core/commands.ts';
import type { Keyset } from '../../src/core/ports.ts';
import {
  declareCommand,
  type Folder,
  freshId,
  makeFolder,
  openingOf,
  openLedger,
  settle,
  standingClock,
} from './ledger-world.ts';

let folder: Folder;
let world: Awaited<ReturnType<typeof openLedger>>;
let clock: ReturnType<typeof standingClock>;
let acme: Awaited<ReturnType<typeof settle>>;

const run = <C extends Command>(command: C) => world.ledger.run(command);

beforeEach(async () => {
  folder = makeFolder();
  clock = standingClock();
  world = await openLedger(folder, clock, { threads: true });
  acme = await settle(folder, run, clock.now());
});

afterEach(async () => {
  await world.close();
  folder.remove();
});

/** Further accesses of alice, one every second; answers their ids, oldest first. */
async function declareMore(count: number): Promise<readonly string[]> {
  const made: string[] = [];
  for (let i = 0; i < count; i += 1) {
    clock.advance(1_000);
    const opening = openingOf(acme.grant.id, acme.opening.login, clock.now());
    expect(await run(declareCommand(opening, acme.epoch))).toHaveProperty('receipt');
    made.push(opening.id);
  }
  return made;
}

test('epochs, doors, sign-ins and what is in force come before everything that was asked for earlier', async () => {
  const refused = (i: number): Command => ({
    do: 'append',
    draft: {
      ...{ client: 'acme', t: 'access.refused', id: freshId('refused'), person: 'alice' },
      fields: { session: acme.opening.id, system: 'erp', reason: 'copy', count: 1 },
      groups: { target: { path: `/${i}` } },
    },
  });
  for (let i = 0; i < 600; i += 200)
    await Promise.all(Array.from({ length: 200 }, (_, n) => run(refused(i + n))));
  const { archive } = world;
  // Every thread runs and has its connection.
  await Promise.all([archive.epochs(), archive.head('acme'), archive.events('acme', undefined, 1)]);
  const answered: string[] = [];
  const note = (what: string) => (): void => {
    answered.push(what);
  };
  const asked = Array.from({ length: 20 }, () => [
    archive.events('acme', undefined, 1_000).then(note('big')),
    archive.lines({ client: 'acme', limit: 1_000, disclose: ['target'] }).then(note('big')),
  ]).flat();
  const decided = [
    archive.epochs().then(note('small')),
    archive.door('unknown').then(note('small')),
    archive.login(acme.opening.login).then(note('small')),
    archive.inForce('acme').then(note('small')),
  ];
  await Promise.all([...asked, ...decided]);
  expect(answered.slice(0, 6).filter((what) => what === 'small')).toHaveLength(4);
  expect(answered).toHaveLength(44);
});

test('an access is found by id and owner, and by no other owner', async () => {
  const { archive } = world;
  expect(await archive.ownOpening('alice', acme.opening.id)).toMatchObject({ id: acme.opening.id });
  expect(await archive.ownOpening('bruno', acme.opening.id)).toBeUndefined();
  expect(await archive.ownOpening('alice', 'none')).toBeUndefined();
});

test('those of a period are read page by page, each once, newest first', async () => {
  const made = await declareMore(9);
  const { archive } = world;
  const found: string[] = [];
  let before: Keyset['before'];
  for (;;) {
    const period = { from: clock.now(), until: clock.now() };
    const page = await archive.openingsWithin('alice', period, { before, limit: 3 });
    found.push(...page.map(({ id }) => id));
    const last = page.at(-1);
    if (last === undefined) break;
    before = { at: last.openedAt, id: last.id };
  }
  // All still run; the newest began when the period ended.
  expect(found).toEqual([acme.opening.id, ...made.slice(0, -1)].toReversed());
  const over = { from: clock.now() + 3_600_001, until: clock.now() + 7_200_000 };
  expect(await archive.openingsWithin('alice', over, { before: undefined, limit: 3 })).toEqual([]);
  expect(
    await archive.openingsWithin('bruno', { from: 0, until: clock.now() }, { before: undefined, limit: 3 }),
  ).toEqual([]);
});
