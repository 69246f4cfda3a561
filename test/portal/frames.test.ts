/** Frames for delegates: given by representatives, used by the delegate alone, and nothing beyond them. */
import { describe, expect, test } from '@jest/globals';
import { browser, type Form } from './browser.ts';
import { makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';
import { asked, frameOf } from './world-things.ts';

const hour = 3_600_000;
const form: Form = {
  delegate: 'dana',
  systems: ['erp'],
  purposes: ['hotline'],
  operations: ['read'],
  minutes: '30',
  days: ['1', '2', '3', '4', '5'],
  hoursFrom: '08:00',
  hoursUntil: '18:00',
  until: '2027-01-05',
};

const done = (world: World, what: string) => world.memory.commands.filter((command) => command.do === what);
const hashOf = (text: string) => /sha256:[\w-]{43}/.exec(text)?.[0] ?? '';

describe('giving a frame', () => {
  test('is a form, the whole text, a signature; all of the client see it', async () => {
    const world = makeWorld();
    const claire = browser(world, 'claire');
    expect((await claire.post('/people/frames/new', form)).headers.location).toBe('/people/frames/review');
    const review = await claire.get('/people/frames/review');
    expect(review.text).toContain('Dana Roux');
    expect(review.text).toMatch(/Longest access: 30\sminutes/);
    const signed = await claire.post('/agreements/sign', { textHash: hashOf(review.text), evaluation: '1' });
    expect(signed.headers.location).toBe('/people');
    expect(done(world, 'delegate')).toMatchObject([
      {
        delegation: {
          ...{ seat: 'seat-dana', controller: 'dana', minutes: 30, systems: ['erp'], purposes: ['hotline'] },
          hours: '1,2,3,4,5 480-1080 Europe/Paris',
        },
        evidence: { role: 'representative' },
      },
    ]);
    for (const who of ['claire', 'dana', 'marc'])
      expect((await browser(world, who).get('/people')).text).toContain('08:00–18:00');
    expect(
      (await claire.post('/agreements/sign', { textHash: hashOf(review.text), evaluation: '1' })).status,
    ).toBe(409);
  });

  test.each([
    ['nobody', { delegate: '' }, 'sits as a delegate'],
    ['a reader', { delegate: 'marc' }, 'sits as a delegate'],
    ['somebody of another client', { delegate: 'nadia' }, 'sits as a delegate'],
    ['no system', { systems: [] }, 'at least one of your systems'],
    ['a system of another client', { systems: ['payroll'] }, 'at least one of your systems'],
    ['no purpose', { purposes: [] }, 'at least one purpose'],
    ['what no purpose permits', { operations: ['copy'] }, 'at least one thing'],
    ['no minutes', { minutes: '0' }, 'whole minutes'],
    ['longer than every purpose', { minutes: '121' }, 'whole minutes'],
    ['no day', { days: [] }, 'at least one day'],
    ['an eighth day', { days: ['8'] }, 'at least one day'],
    ['hours that end first', { hoursFrom: '18:00', hoursUntil: '08:00' }, 'first before the second'],
    ['hours that are none', { hoursFrom: '8' }, 'first before the second'],
    ['an end in the past', { until: '2026-10-04' }, 'at most 12'],
    ['an end after 12 months', { until: '2027-10-07' }, 'at most 12'],
    ['no end', { until: '' }, 'at most 12'],
  ])('not for %s', async (_name, change, text) => {
    const world = makeWorld();
    const answer = await browser(world, 'claire').post('/people/frames/new', { ...form, ...change });
    expect(answer.status).toBe(422);
    expect(answer.text.replaceAll('\u00a0', ' ')).toContain(text);
  });

  test('not by a delegate, not to somebody removed meanwhile, not with another text', async () => {
    const world = makeWorld();
    expect((await browser(world, 'dana').post('/people/frames/new', form)).status).toBe(403);
    const claire = browser(world, 'claire');
    await claire.post('/people/frames/new', form);
    const textHash = hashOf((await claire.get('/people/frames/review')).text);
    expect(
      (await claire.post('/agreements/sign', { textHash: 'sha256:other', evaluation: '1' })).status,
    ).toBe(409);
    const { seats } = world.memory.room('acme');
    seats.splice(
      seats.findIndex(({ id }) => id === 'seat-dana'),
      1,
    );
    const answer = await claire.post('/agreements/sign', { textHash, evaluation: '1' });
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('no longer sits as a delegate');
  });
});

function framed(more: Parameters<typeof frameOf>[1] = {}): World {
  const world = makeWorld();
  world.memory.room('acme').requests.set('r1', asked('r1'));
  world.memory.room('acme').delegations.set('d1', frameOf('d1', more));
  return world;
}

const less: Form = {
  systems: ['erp'],
  operations: ['read'],
  minutes: '30',
  from: '',
  until: '2026-10-05T18:00',
};

describe('a delegate', () => {
  test('is offered what lies within the frame, and signs it alone', async () => {
    const world = framed();
    const dana = browser(world, 'dana');
    const page = await dana.get('/requests/r1');
    expect(page.text).toContain('value="erp" checked');
    expect(page.text).not.toContain('name="systems" value="backup"');
    expect(page.text).toContain('max="30"');
    expect(page.text).not.toContain('/requests/r1/refuse');
    expect((await dana.post('/requests/r1/approve', less)).headers.location).toBe('/agreements/review');
    const review = await dana.get('/agreements/review');
    expect(review.text).toContain('frame signed by a representative on 04 Oct 2026');
    await dana.post('/agreements/sign', { textHash: hashOf(review.text), evaluation: '1' });
    expect(done(world, 'grant')).toMatchObject([
      {
        grant: { delegation: 'd1', request: 'r1', firstUse: { minutes: 30 }, people: ['alice'] },
        evidence: { seat: 'seat-dana', role: 'delegate' },
      },
    ]);
    expect((await browser(world, 'claire').get('/agreements')).text).toContain(
      'given by a delegate, within a frame',
    );
  });

  test.each([
    ['longer', { minutes: '31' }],
    ['another system', { systems: ['erp', 'backup'] }],
    ['another operation', { operations: ['read', 'write'] }],
  ])('never agrees to more than that: %s', async (_name, change) => {
    const world = framed();
    const answer = await browser(world, 'dana').post('/requests/r1/approve', { ...less, ...change });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('A representative must decide this');
  });

  test.each([
    ['without a frame', { controller: 'marc' }, start],
    ['after it was withdrawn', { status: 'revoked' as const }, start],
    ['after its end', { until: start - 1 }, start],
    ['outside of its hours', {}, start + 10 * hour],
    ['for another purpose', { purposes: ['backup'] }, start],
  ])('is told that a representative decides: %s', async (_name, change, now) => {
    const world = framed(change);
    world.memory.now = now;
    const dana = browser(world, 'dana');
    const page = await dana.get('/requests/r1');
    expect(page.text).toContain('A representative must decide this');
    expect(page.text).not.toContain('/requests/r1/approve');
    const until = '2026-10-06T09:00';
    expect((await dana.post('/requests/r1/approve', { ...less, until })).status).toBe(403);
  });

  test.each([
    [
      'the frame',
      (world: World) => world.memory.room('acme').delegations.set('d1', frameOf('d1', { status: 'revoked' })),
    ],
    ['the seat', (world: World) => world.memory.room('acme').seats.splice(0)],
    ['the hour', (world: World) => (world.memory.now = start + 9 * hour)],
  ])('signs nothing when %s is gone between reading and signing', async (_name, change) => {
    const world = framed();
    const dana = browser(world, 'dana');
    await dana.post('/requests/r1/approve', { ...less, until: '2026-10-06T09:00' });
    const textHash = hashOf((await dana.get('/agreements/review')).text);
    change(world);
    expect((await dana.post('/agreements/sign', { textHash, evaluation: '1' })).status).not.toBe(303);
    expect(world.memory.room('acme').requests.get('r1')?.status).toBe('raised');
  });

  test('gives no standing agreement and no frame', async () => {
    const dana = browser(framed(), 'dana');
    expect((await dana.get('/agreements/new')).status).toBe(403);
    expect((await dana.get('/people/frames/new')).status).toBe(403);
    expect((await dana.post('/people/frames/d1/revoke')).status).toBe(403);
  });
});

describe('taking a frame back', () => {
  test('ends what was agreed to within it, and shows both as ended', async () => {
    const world = framed();
    const dana = browser(world, 'dana');
    await dana.post('/requests/r1/approve', less);
    const textHash = hashOf((await dana.get('/agreements/review')).text);
    await dana.post('/agreements/sign', { textHash, evaluation: '1' });
    const claire = browser(world, 'claire');
    expect((await claire.post('/people/frames/d1/revoke')).headers.location).toBe('/people');
    expect(world.memory.ends).toMatchObject([{ cause: 'revoked' }]);
    expect((await claire.get('/people')).text).toContain('withdrawn');
    expect((await claire.post('/people/frames/d1/revoke')).status).toBe(404);
    expect((await browser(world, 'nadia').post('/people/frames/d1/revoke')).status).toBe(404);
  });

  test('the pages in French, without the words of the machinery', async () => {
    const world = framed();
    const people = await browser(world, 'claire', 'fr').get('/people');
    expect(people.text).toContain('Ce que les délégataires peuvent accorder');
    expect(people.text).not.toMatch(/ledger|merkle|checkpoint|intent|snapshot|epoch|OIDC/i);
  });
});
