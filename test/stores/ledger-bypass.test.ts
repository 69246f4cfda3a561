/** The line of an attempt to come in another way: written whole or not at all, and the client's own check knows it. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type BypassCheck, bypassFields } from '../../src/core/doors.ts';
import { checksToldOf } from '../../src/core/doors-told.ts';
import type { System } from '../../src/core/model.ts';
import { endSound, type Folder, makeFolder, openLedger, standingClock, type World } from './ledger-world.ts';

let folder: Folder;
let clock: ReturnType<typeof standingClock>;
let world: World;

beforeEach(async () => {
  folder = makeFolder();
  clock = standingClock();
  world = await openLedger(folder, clock);
});

afterEach(() => endSound(world, folder));

const check = (more: Partial<BypassCheck> = {}): BypassCheck => ({
  ...{ system: 'erp', place: 'office', result: 'unreachable', upstream: 'https://10.1.0.1:8443' },
  ...{ claim: 'firewall', at: clock.now(), ...more },
});

const write = (fields: ReturnType<typeof bypassFields>) =>
  world.ledger.run({
    do: 'append',
    draft: { client: 'acme', t: 'bypass.checked', id: randomUUID(), fields },
  });

const acme = (closedBy: 'firewall' | 'not-closed') => {
  const erp = { id: 'erp', door: { name: 'second-name', closedBy } } as unknown as System;
  return { id: 'acme', systems: new Map([['erp', erp]]) };
};

test('is read again, newest first, and not asked for where nothing is claimed', async () => {
  await write(bypassFields(check()));
  clock.advance(1_000);
  await write(bypassFields(check({ result: 'open' })));
  expect(await checksToldOf(world.archive, acme('firewall'))).toEqual([
    check({ result: 'open' }),
    check({ at: clock.now() - 1_000 }),
  ]);
  expect(await checksToldOf(world.archive, acme('not-closed'))).toEqual([]);
});

test('more than one page of them is read', async () => {
  const many = Array.from({ length: 1_001 }, (_, n) =>
    write(bypassFields(check({ place: n === 0 ? 'internet' : 'office' }))),
  );
  await Promise.all(many);
  const checks = await checksToldOf(world.archive, acme('firewall'));
  expect(checks).toHaveLength(1_001);
  expect(checks.at(-1)?.place).toBe('internet');
});

test.each([
  { result: 'fine' },
  { claim: 'luck' },
  { place: 'The Office' },
  { upstream: 'https://10.1.0.1/path' },
  { checked: '2126-01-01T00:00:00.000Z' },
])('with %j is not written', async (more) => {
  await write(bypassFields(check()));
  await expect(write({ ...bypassFields(check()), ...more })).rejects.toMatchObject({
    code: 'ledger_conflict',
  });
  expect(await checksToldOf(world.archive, acme('firewall'))).toHaveLength(1);
});
