/** Provisional and wrong references on the pages: offered, owed, mended, and seen by both sides; and every bad input. */
import { describe, expect, test } from '@jest/globals';
import { parseReferencePattern } from '../../src/core/reference-pattern.ts';
import { mendingTime } from '../../src/core/references.ts';
import { browser } from './browser.ts';
import { makeWorld, type World, wish } from './world.ts';
import { start } from './world-rules.ts';

const form = { ...wish, systems: 'erp', purpose: 'hotline', reference: '', note: '', minutes: '30' };

const openings = (world: World) => [...world.memory.room('acme').openings.values()];

async function calling(world: World) {
  const alice = browser(world, 'alice');
  const answer = await alice.post('/declare', { ...form, call: 'yes' });
  expect(answer.status).toBe(303);
  const [opening] = openings(world);
  if (opening === undefined) throw new Error('an access is declared');
  return { alice, opening };
}

function withPatterns(world: World, ...patterns: string[]): void {
  const hotline = world.snapshot.purposes.get('hotline');
  if (hotline === undefined) throw new Error('there is a hotline');
  const referencePatterns = patterns
    .map((one) => parseReferencePattern(one))
    .filter((one) => one !== undefined);
  (world.snapshot.purposes as Map<string, unknown>).set('hotline', { ...hotline, referencePatterns });
}

describe('somebody calls and there is no ticket', () => {
  test('the form offers a reference that the server makes, on the client’s day', async () => {
    const world = makeWorld();
    world.memory.now = Date.UTC(2026, 9, 5, 22, 30);
    const { opening } = await calling(world);
    expect(opening.reference).toMatch(/^CALL-20261006-\d{4}$/);
    expect(opening.referenceDue).toBe(world.memory.now + mendingTime);
  });

  test('a purpose that names other forms does not take one; one that names this does', async () => {
    const world = makeWorld();
    withPatterns(world, 'INC-#');
    const alice = browser(world, 'alice');
    const answer = await alice.post('/declare', { ...form, call: 'yes' });
    expect([answer.status, openings(world).length]).toEqual([422, 0]);
    expect(answer.text).toContain('takes no CALL- reference');
    withPatterns(world, 'INC-#', 'CALL-*');
    await calling(world);
  });

  test('a reference that is given comes first', async () => {
    const world = makeWorld();
    await browser(world, 'alice').post('/declare', { ...form, reference: 'T-1', call: 'yes' });
    expect(openings(world)[0]?.reference).toBe('T-1');
  });

  test('it is replaced on the page of the access; the client reads both', async () => {
    const world = makeWorld();
    const { alice, opening } = await calling(world);
    expect((await alice.get('/record')).text).toContain('The real reference is owed until');
    const answer = await alice.post(`/openings/${opening.id}/correct`, { reference: 'INC-7', note: '' });
    expect(answer.status).toBe(303);
    expect((await alice.get(`/openings/${opening.id}`)).text).toContain(
      'It is mended. The client sees both.',
    );
    const seen = (await browser(world, 'claire').get('/activity')).text;
    expect(seen).toContain(`Reference: ${opening.reference} → INC-7`);
    expect(seen).toContain('Declaration mended');
    expect((await browser(world, 'marc', 'fr').get('/activity')).text).toContain('Déclaration corrigée');
  });

  test('overdue, both sides see it', async () => {
    const world = makeWorld();
    const { alice, opening } = await calling(world);
    const activity = () => browser(world, 'claire').get('/activity');
    expect((await activity()).text).not.toContain('overdue');
    world.memory.now += mendingTime + 1;
    for (const page of [
      await activity(),
      await alice.get('/record'),
      await alice.get(`/openings/${opening.id}`),
    ])
      expect(page.text).toContain('and is missing');
    expect((await activity()).text).toContain('Accesses whose real reference is overdue');
    // Martin's people see nothing of it.
    expect((await browser(world, 'nadia').get('/activity')).text).not.toContain(opening.reference);
  });

  test('with more than three owed nothing is declared; the client’s log says why', async () => {
    const world = makeWorld();
    const alice = browser(world, 'alice');
    for (let n = 0; n < 4; n += 1) await alice.post('/declare', { ...form, call: 'yes', second: 'call' });
    const answer = await alice.post('/declare', { ...form, reference: 'T-1', second: 'T-1' });
    expect([answer.status, openings(world).length]).toEqual([422, 4]);
    expect(answer.text).toContain('You owe more than three real references');
    const refused = world.memory.room('acme').lines.filter(({ leaf }) => leaf.t === 'access.refused');
    expect(refused.map(({ leaf }) => leaf.reason)).toEqual(['references_owed']);
  });
});

describe('mending', () => {
  const bad: readonly (readonly [string, string, string])[] = [
    ['a line break', 'INC-1\r\nSet-Cookie: a=b', ''],
    ['a text that changes direction', 'INC-1\u202e7', ''],
    ['nothing', '', ''],
    ['64 KB', 'x'.repeat(20_000), ''],
    ['a note that is too long', 'T-1', 'x'.repeat(501)],
    ['a broken character in the note', 'T-1', 'a\u200bb'],
  ];

  test.each(bad)('%s is said at its field, and nothing is written', async (_, reference, note) => {
    const world = makeWorld();
    const { alice, opening } = await calling(world);
    const answer = await alice.post(`/openings/${opening.id}/correct`, { reference, note });
    expect(answer.status).toBe(422);
    expect(world.memory.commands.some((command) => command.do === 'correct')).toBe(false);
  });

  test('a form beyond what is read is refused', async () => {
    const world = makeWorld();
    const { alice, opening } = await calling(world);
    const answer = await alice.post(`/openings/${opening.id}/correct`, { reference: 'x'.repeat(65_536) });
    expect(answer.status).toBe(413);
  });

  test('HTML is text, on both sides', async () => {
    const world = makeWorld();
    const { alice, opening } = await calling(world);
    await alice.post(`/openings/${opening.id}/correct`, { reference: '<img src=x onerror=1>', note: '' });
    for (const page of [await alice.get('/record'), await browser(world, 'claire').get('/activity')]) {
      expect(page.text).toContain('&lt;img src=x');
      expect(page.text).not.toContain('<img src=x');
    }
  });

  test('the forms of the purpose hold for what is new', async () => {
    const world = makeWorld();
    const { alice, opening } = await calling(world);
    withPatterns(world, 'INC-#');
    const send = (reference: string) =>
      alice.post(`/openings/${opening.id}/correct`, { reference, note: '' });
    expect((await send('TASK-1')).status).toBe(422);
    expect((await send('INC-1')).status).toBe(303);
  });

  test('too late there is no form, and sending one is refused with a code', async () => {
    const world = makeWorld();
    const alice = browser(world, 'alice');
    await alice.post('/declare', { ...form, reference: 'T-1' });
    const [opening] = openings(world);
    const path = `/openings/${opening?.id}`;
    world.memory.now = start + mendingTime + 60_000;
    expect((await alice.get(path)).text).not.toContain('Mend the reference');
    const answer = await alice.post(`${path}/correct`, { reference: 'T-2', note: '' });
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('correction_late');
  });

  test('somebody else’s access does not exist', async () => {
    const world = makeWorld();
    const { opening } = await calling(world);
    const answer = await browser(world, 'eve').post(`/openings/${opening.id}/correct`, { reference: 'T-2' });
    expect(answer.status).toBe(404);
  });
});
