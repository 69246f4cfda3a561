/** Systems outside: agreed to, declared and shown like any other, and each time it is said that nobody observed them. */
import { describe, expect, test } from '@jest/globals';
import { browser } from './browser.ts';
import { grant, makeWorld, start, type World } from './world.ts';

const told = 'Phone (declared, not observed)';

function withPhone(granted: readonly string[] = ['erp', 'phone']): World {
  const world = makeWorld();
  const acme = world.snapshot.clients.get('acme');
  if (acme === undefined) throw new Error('no acme');
  const phone = {
    id: 'phone',
    client: 'acme',
    name: { en: 'Phone', fr: 'Téléphone' },
    environment: 'production',
    purposes: ['hotline'],
    authentication: undefined,
  } as const;
  (world.snapshot.clients as Map<string, typeof acme>).set('acme', {
    ...acme,
    outside: new Map([['phone', phone]]),
  });
  world.memory.room('acme').grants.set('g1', { ...grant('g1', { systems: granted }), text: '{}' });
  return world;
}

const form = {
  system: 'acme/phone',
  systems: 'phone',
  purpose: 'hotline',
  reference: 'T-1',
  note: '',
  minutes: '30',
};

describe('a system outside', () => {
  test('is declared in the portal, and leads to the page of the access', async () => {
    const world = withPhone();
    const alice = browser(world, 'alice');
    expect((await alice.get('/')).text).toContain('href="/enter?systems=acme%2Fphone"');
    const page = await alice.get('/declare?system=acme/phone');
    expect(page.status).toBe(200);
    expect(page.text).toContain(told);
    const answer = await alice.post('/declare', form);
    expect(answer.status).toBe(303);
    const [opening] = world.memory.room('acme').openings.values();
    expect(opening).toMatchObject({ systems: ['phone'], purpose: 'hotline', person: 'alice' });
    expect(answer.headers.location).toBe(`/openings/${opening?.id}`);
    expect(world.memory.codes.size).toBe(0);
    const companion = await alice.get(answer.headers.location ?? '');
    expect(companion.text).toContain(told);
    expect(companion.text).not.toContain('phone.acme');
  });

  test('stands in the record as declared, not observed, and so the client reads it', async () => {
    const world = withPhone();
    await browser(world, 'alice').post('/declare', { ...form, systems: ['phone'] });
    const [line] = world.memory.room('acme').lines;
    expect(line?.leaf).toMatchObject({ t: 'session.opened', systems: 'phone', declared: 'phone' });
    expect((await browser(world, 'claire').get('/activity')).text).toContain(told);
    expect((await browser(world, 'claire', 'fr').get('/activity')).text).toContain(
      'Téléphone (déclaré, non observé)',
    );
  });

  test('may be ticked beside one that is entered', async () => {
    const world = withPhone();
    const alice = browser(world, 'alice');
    const both = {
      ...form,
      system: 'acme/erp',
      systems: ['erp', 'phone'],
      f: 'abcdefghijk',
      n: 'n'.repeat(43),
    };
    expect((await alice.post('/declare', both)).headers.location).toMatch(/^\/go\//);
    const [line] = world.memory.room('acme').lines;
    expect(line?.leaf).toMatchObject({ systems: 'erp phone', declared: 'phone' });
    const erp = { ...both, systems: ['erp'] };
    await alice.post('/declare', erp);
    expect(world.memory.room('acme').lines.at(-1)?.leaf).not.toHaveProperty('declared');
  });

  test('one’s own live access to it goes on without a code', async () => {
    const world = withPhone();
    const alice = browser(world, 'alice');
    const { location = '' } = (await alice.post('/declare', form)).headers;
    const again = await alice.post('/continue', {
      system: 'acme/phone',
      opening: location.split('/').at(-1) ?? '',
    });
    expect([again.status, again.headers.location]).toEqual([303, location]);
  });

  test('without an agreement that names it nothing is declared', async () => {
    const world = withPhone(['erp']);
    const answer = await browser(world, 'alice').post('/declare', form);
    expect(answer.status).toBe(422);
    expect(world.memory.room('acme').openings.size).toBe(0);
    expect(world.memory.room('acme').lines.map(({ leaf }) => leaf.reason)).toEqual(['consent_scope']);
  });

  test('is agreed to as what it is', async () => {
    const world = withPhone();
    const claire = browser(world, 'claire');
    expect((await claire.get('/agreements/new')).text).toContain(told);
    const terms = {
      systems: ['phone'],
      purposes: ['hotline'],
      operations: ['read'],
      who: 'assigned',
      from: new Date(start).toISOString().slice(0, 10),
      until: '2027-01-31',
    };
    await claire.post('/agreements/new', terms);
    expect((await claire.get('/agreements/review')).text).toContain(`following systems: ${told}`);
  });
});
