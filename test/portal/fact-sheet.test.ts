/** The fact sheet tells what is on for this client, and nothing that is not set. */
import { expect, test } from '@jest/globals';
import { measuresOf } from '../../src/portal/fact-sheet.tsx';
import { browser } from './browser.ts';
import { makeWorld } from './world.ts';
import { start } from './world-rules.ts';

const sheet = async (world = makeWorld(), who = 'marc', language = 'en') =>
  (await browser(world, who, language).get('/protection')).text.replace(/[\u00a0\u202f]/g, ' ');

test('tells date and version in both languages', async () => {
  const world = makeWorld();
  const { sliceHash = '' } = world.snapshot.clients.get('acme') ?? {};
  const english = await sheet(world);
  expect(english).toContain(sliceHash);
  expect(english).toContain('As of 05 Oct 2026');
  expect(english).toContain('without an agreement that you signed; 1 in force now');
  expect(english).toContain('2 at the moment');
  const french = await sheet(world, 'claire', 'fr');
  expect(french).toContain('Ce qui vous protège');
  expect(french).toContain(sliceHash);
});

test('each client reads its own', async () => {
  const text = await sheet(makeWorld(), 'nadia');
  expect(text).toContain('0 in force now');
  expect(text).not.toContain('Acme');
});

test('what is not set is not said', async () => {
  const world = makeWorld();
  const client = world.snapshot.clients.get('acme');
  if (client === undefined) throw new Error('no client');
  const inForce = await world.memory.authority.client('acme');
  const told = (more: Partial<typeof client>) => {
    const { who, what } = measuresOf(world.snapshot, { ...client, ...more }, inForce, start);
    return [...who, ...what].map(({ en }) => en).join(' ');
  };
  const plain = told({});
  expect(plain).not.toMatch(
    /stronger or fresher|within their hours|Test purposes|recorded for you|which you approved/,
  );
  const [condition] = client.instructions;
  if (condition === undefined) throw new Error('no instruction');
  expect(told({ instructions: [{ ...condition, noCopy: true }] })).toMatch(/recorded for you .* at once: 1/);
  const hours = { zone: 'Europe/Paris', windows: [], closedOn: 'FR' } as const;
  expect(told({ hours: new Map([['support', hours]]) })).toContain('Only within their hours: Label support.');
});
