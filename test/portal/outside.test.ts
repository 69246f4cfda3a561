/** Systems outside: agreed to, declared and shown like any other, and each time it is said that nobody observed them. */
import { describe, expect, test } from '@jest/globals';
import { browser } from './browser.ts';
import { makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';
import { grant } from './world-things.ts';

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

  const hour = 3_600_000;
  const line = 'Walked through the printer settings.';

  /** Declares a call; the address of its page. */
  async function call(world: World, reference = 'T-1'): Promise<string> {
    const answer = await browser(world, 'alice').post('/declare', { ...form, reference });
    return answer.headers.location ?? '';
  }

  test('what was done is said when it is closed; client and technician read it, as declared', async () => {
    const world = withPhone();
    const alice = browser(world, 'alice');
    const page = await call(world);
    expect((await alice.get(page)).text).toContain('name="said"');
    expect((await alice.post(`${page}/close`, { said: line })).headers.location).toBe(page);
    const last = world.memory.room('acme').lines.at(-1);
    expect(last?.leaf).toMatchObject({ t: 'session.declared', session: page.split('/').at(-1) });
    expect(last?.leaf).not.toHaveProperty('late');
    expect(last?.groups.work).toEqual({ said: line });
    expect(JSON.stringify(last?.leaf)).not.toContain('printer');
    const after = (await alice.get(page)).text;
    expect(after).toContain(line);
    expect(after).toContain('declared, not observed');
    const activity = (await browser(world, 'claire').get('/activity')).text;
    expect(activity).toContain('Said what was done (declared, not observed)');
    expect(activity).toContain(line);
    expect(activity).not.toContain('without a line on what was done');
    const again = await alice.post(`${page}/said`, { said: 'Something else was done, too.' });
    expect(again.status).toBe(409);
  });

  test('closing is not held back by a line that says nothing; it is owed, to technician and client', async () => {
    const world = withPhone();
    const alice = browser(world, 'alice');
    const page = await call(world);
    const answer = await alice.post(`${page}/close`, { said: 'done' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('This does not say what was done');
    expect([...world.memory.room('acme').openings.values()][0]?.endedAt).toBe(start);
    expect((await alice.get('/')).text).toContain('You owe a line on what was done');
    for (const path of ['/activity', '/'])
      expect((await browser(world, 'claire').get(path)).text).toContain('without a line on what was done');
    expect((await browser(world, 'nadia').get('/activity')).text).not.toContain('without a line');
  });

  test.each([
    ['empty', ''],
    ['one word', 'printerprinterprinter'],
    ['dashes', '- - - - - - - - - - -'],
    ['too long', `It was ${'so '.repeat(200)}`],
    ['a sign that turns the text', 'Looked at \u202Ethe printer settings'],
  ])('%s is no line', async (_, said) => {
    const world = withPhone();
    const alice = browser(world, 'alice');
    const page = await call(world);
    await alice.post(`${page}/close`, {});
    expect((await alice.post(`${page}/said`, { said })).status).toBe(422);
    expect(world.memory.room('acme').lines.map(({ leaf }) => leaf.t)).not.toContain('session.declared');
  });

  test('more than an hour after the end it is late, and says so; after a day it is refused and stays missing', async () => {
    const world = withPhone();
    const alice = browser(world, 'alice');
    const first = await call(world);
    await alice.post(`${first}/close`, {});
    const second = await call(world, 'T-2');
    await alice.post(`${second}/close`, {});
    world.memory.now = start + hour + 1;
    expect((await alice.post(`${first}/said`, { said: line })).status).toBe(303);
    expect(world.memory.room('acme').lines.at(-1)?.leaf.late).toBe(true);
    expect((await alice.get(first)).text).toContain('said late');
    expect((await browser(world, 'claire').get('/activity')).text).toContain('Said late what was done');
    world.memory.now = start + 24 * hour + 1;
    const late = await alice.post(`${second}/said`, { said: line });
    expect([late.status, late.text.includes('too late to say')]).toEqual([409, true]);
    expect((await alice.get(second)).text).toContain('was not said in time');
    expect((await browser(world, 'claire').get('/')).text).toContain('did not come in time');
  });

  test('before the end nothing is said, and of what passes here neither', async () => {
    const world = withPhone();
    const alice = browser(world, 'alice');
    const page = await call(world);
    expect((await alice.post(`${page}/said`, { said: line })).status).toBe(409);
    await browser(world, 'alice').post('/declare', {
      ...{ ...form, system: 'acme/erp', systems: 'erp', reference: 'T-1' },
      ...{ f: 'abcdefghijk', n: 'n'.repeat(43) },
    });
    const erp = [...world.memory.room('acme').openings.values()].find(({ systems }) =>
      systems.includes('erp'),
    );
    const there = `/openings/${erp?.id}`;
    expect((await alice.get(there)).text).not.toContain('name="said"');
    await alice.post(`${there}/close`, { said: line });
    expect((await alice.post(`${there}/said`, { said: line })).status).toBe(409);
  });

  test('somebody else’s access does not exist for a colleague', async () => {
    const world = withPhone();
    const page = await call(world);
    await browser(world, 'alice').post(`${page}/close`, {});
    expect((await browser(world, 'bruno').post(`${page}/said`, { said: line })).status).toBe(404);
  });

  test('whoever owes more than three lines declares nothing outside, and the client’s log says why', async () => {
    const world = withPhone();
    const alice = browser(world, 'alice');
    const pages: string[] = [];
    for (const reference of ['T-1', 'T-2', 'T-3', 'T-4']) {
      pages.push(await call(world, reference));
      await alice.post(`${pages.at(-1)}/close`, {});
    }
    const refused = await alice.post('/declare', { ...form, reference: 'T-5' });
    expect([refused.status, refused.text.includes('more than three lines')]).toEqual([422, true]);
    expect(world.memory.room('acme').lines.at(-1)?.leaf).toMatchObject({
      ...{ t: 'access.refused', reason: 'outside_unsaid' },
    });
    const erp = { system: 'acme/erp', systems: 'erp', f: 'abcdefghijk', n: 'n'.repeat(43) };
    expect((await alice.post('/declare', { ...form, ...erp })).headers.location).toMatch(/^\/go\//);
    await alice.post(`${pages[0]}/said`, { said: line });
    expect((await alice.post('/declare', { ...form, reference: 'T-5' })).status).toBe(303);
  });
});
