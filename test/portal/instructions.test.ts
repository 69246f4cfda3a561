/** The page on which a client instructs: who may, what is wrong, what is signed, and what technicians must confirm. */
import { describe, expect, test } from '@jest/globals';
import { browser } from './browser.ts';
import { hidden, makeWorld, type World, wish } from './world.ts';
import { start } from './world-rules.ts';

const good = {
  sensitivity: 'special',
  assessment: 'with-measures',
  assessedOn: '2026-09-30',
  days: ['1', '2'],
  hoursFrom: '08:00',
  hoursUntil: '18:00',
  noCopy: '1',
  who: 'named',
  people: 'alice',
  note: 'Ring <b>twice</b>.',
};

async function give(world: World, form: Record<string, string | string[]> = good) {
  const claire = browser(world, 'claire');
  const drafted = await claire.post('/instructions/new', form);
  expect([drafted.status, drafted.headers.location]).toEqual([303, '/instructions/review']);
  const review = await claire.get('/instructions/review');
  const textHash = hidden(review.text, 'textHash');
  return {
    claire,
    review,
    textHash,
    signed: await claire.post('/instructions/sign', { textHash, evaluation: '1' }),
  };
}

const declaration = {
  ...wish,
  systems: 'erp',
  purpose: 'hotline',
  reference: 'T-1',
  note: '',
  minutes: '30',
};

describe('our instructions', () => {
  test('are read, signed, and shown to everybody of the client', async () => {
    const world = makeWorld();
    const { review, signed } = await give(world);
    expect(review.text).toContain('Alice Durand');
    expect(signed.status).toBe(303);
    const [own] = world.memory.room('acme').instructions;
    expect(own?.said).toMatchObject({ version: 1, noCopy: true, only: ['alice'], sensitivity: 'special' });
    for (const who of ['claire', 'marc', 'dana']) {
      const page = await browser(world, who).get('/instructions');
      expect(page.text).toContain('Ring &lt;b>twice');
      expect(page.text).toContain('Only on Monday, Tuesday, from 08:00');
      expect(page.text.includes('href="/instructions/new"')).toBe(who === 'claire');
    }
    const french = await browser(world, 'claire', 'fr').get('/instructions');
    expect(french.text).toContain('Uniquement lundi, mardi, de 08:00');
  });

  const bad: readonly (readonly [string, Record<string, string | string[]>])[] = [
    ['an unknown sensitivity', { sensitivity: 'x' }],
    ['an unknown assessment', { assessment: '' }],
    ['an assessment of tomorrow', { assessedOn: '2026-10-06' }],
    ['a day that does not exist', { assessedOn: '2026-02-30' }],
    ['hours without days', { days: [] }],
    ['a day of the week that does not exist', { days: ['8'] }],
    ['hours that end before they begin', { hoursUntil: '07:00' }],
    ['hours that are none', { hoursFrom: '25:00' }],
    ['nobody named', { people: [] }],
    ['somebody who is not of this provider', { people: ['alice', 'nadia'] }],
    ['an unknown choice of people', { who: 'all' }],
    ['a note over two lines', { note: 'a\nb' }],
    ['a note that is too long', { note: 'x'.repeat(301) }],
  ];
  test.each(bad)('%s is refused', async (_name, wrong) => {
    const world = makeWorld();
    const answer = await browser(world, 'claire').post('/instructions/new', { ...good, ...wrong });
    expect(answer.status).toBe(422);
    expect(world.memory.room('acme').instructions).toEqual([]);
  });

  test('a stale page cannot be signed', async () => {
    const world = makeWorld();
    const claire = browser(world, 'claire');
    await claire.post('/instructions/new', good);
    const textHash = hidden((await claire.get('/instructions/review')).text, 'textHash');
    await give(world, { ...good, note: 'Another.' });
    const late = await claire.post('/instructions/sign', { textHash, evaluation: '1' });
    expect(late.status).toBe(409);
    expect(world.memory.room('acme').instructions).toHaveLength(1);
  });

  test('another text than the one that was read, or no signature, changes nothing', async () => {
    const world = makeWorld();
    const claire = browser(world, 'claire');
    await claire.post('/instructions/new', good);
    const textHash = hidden((await claire.get('/instructions/review')).text, 'textHash');
    expect((await claire.post('/instructions/sign', { textHash: 'sha256:x', evaluation: '1' })).status).toBe(
      409,
    );
    expect((await claire.post('/instructions/sign', { textHash })).status).toBe(422);
    expect((await claire.json('/instructions/sign', { textHash, credential: 'bad' })).status).toBe(422);
    expect(world.memory.room('acme').instructions).toEqual([]);
  });
});

describe('at the declaration', () => {
  test('they are shown in the reader’s language and confirmed once per version', async () => {
    const world = makeWorld();
    await give(world, { ...good, days: [], hoursFrom: '', hoursUntil: '' });
    const alice = browser(world, 'alice');
    const page = await alice.get(`/declare?${new URLSearchParams(wish)}`);
    expect(page.text).toContain('In our own words: Ring &lt;b>twice');
    expect(page.text).toContain('version 1, and work by them');
    expect((await browser(world, 'alice', 'fr').get(`/declare?${new URLSearchParams(wish)}`)).text).toContain(
      'En nos propres termes',
    );
    expect((await alice.post('/declare', declaration)).status).toBe(422);
    expect(world.memory.room('acme').openings.size).toBe(0);
    const [own] = world.memory.room('acme').instructions;
    const confirmed = own?.said.textHash ?? '';
    expect((await alice.post('/declare', { ...declaration, confirmed })).status).toBe(303);
    const line = world.memory.room('acme').lines.find(({ leaf }) => leaf.t === 'session.opened');
    expect(line?.leaf).toMatchObject({ own: confirmed });
    // Not asked again for this version; the next one is asked for, and the old mark does not do.
    const again = await alice.get(`/declare?${new URLSearchParams(wish)}`);
    expect(hidden(again.text, 'confirmed')).toBe(confirmed);
    expect(again.text).not.toContain('and work by them');
    await give(world, { ...good, days: [], hoursFrom: '', hoursUntil: '', note: 'New.' });
    expect((await alice.post('/declare', { ...declaration, confirmed })).status).toBe(422);
  });

  test.each([
    ['other people', { people: 'bruno' }, 'name other people'],
    ['other hours', { days: ['7'] }, 'close these hours'],
  ])('%s are refused, and say so', async (_name, more, said) => {
    const world = makeWorld();
    expect(new Date(start).getUTCDay()).toBe(1);
    await give(world, { ...good, ...more });
    const confirmed = world.memory.room('acme').instructions[0]?.said.textHash ?? '';
    const alice = browser(world, 'alice');
    await alice.get('/record');
    const answer = await alice.post('/declare', { ...declaration, confirmed });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(said);
  });
});
