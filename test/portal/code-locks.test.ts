/** Codes that were guessed at stand on every page of that client's people for two days, and on nobody else's. */
import { expect, test } from '@jest/globals';
import { Fault } from '../../src/core/faults.ts';
import { browser } from './browser.ts';
import { makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';

const hour = 3_600_000;

/** A world where marc of acme signs in by code and was locked out. */
function withLock(at: number): World {
  const world = makeWorld();
  const { seats } = world.memory.room('acme');
  const index = seats.findIndex(({ controller }) => controller === 'marc');
  const marc = seats[index];
  if (marc === undefined) throw new Error('marc does not sit');
  seats[index] = { ...marc, method: 'mail-totp' };
  world.memory.codeLocks.push({ seat: marc.id, at, until: at + hour });
  return world;
}

const guessed = { en: /Too many wrong codes were given/, fr: /Trop de codes erronés ont été saisis/ };

test('everybody of the client reads it, in their language', async () => {
  const world = withLock(start - hour);
  for (const path of ['/', '/people', '/agreements']) {
    const { text } = await browser(world, 'claire').get(path);
    expect(text).toMatch(guessed.en);
    expect(text).toContain('sign-in of marc on');
  }
  expect((await browser(world, 'claire', 'fr').get('/people')).text).toMatch(guessed.fr);
});

test('nobody else does: not another client’s people, not a technician', async () => {
  const world = withLock(start - hour);
  expect((await browser(world, 'nadia').get('/people')).text).not.toMatch(guessed.en);
  expect((await browser(world, 'alice').get('/')).text).not.toMatch(guessed.en);
});

test('after two days it is gone, and pages work when it cannot be read', async () => {
  const old = withLock(start - 49 * hour);
  expect((await browser(old, 'claire').get('/people')).text).not.toMatch(guessed.en);
  const world = withLock(start - hour);
  const archive = {
    ...world.memory.archive,
    codeLocks: () => Promise.reject(new Fault('ledger_unavailable', 'away')),
  };
  const blind = makeWorld({ archive, authority: world.deps.authority });
  expect((await browser(blind, 'claire').get('/people')).status).toBe(200);
});
