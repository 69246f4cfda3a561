/** Somebody stands in for a representative for some days: signed as a frame, told of what waits, over by itself. */
import { describe, expect, test } from '@jest/globals';
import { toldOf } from '../../src/core/absence.ts';
import { browser, type Form } from './browser.ts';
import { makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';
import { asked, frameOf, seat } from './world-things.ts';

const day = 86_400_000;
const form: Form = { delegate: 'dana', from: '2026-10-10', until: '2026-10-20' };
const path = '/people/substitutes/new';
const hashOf = (text: string) => /sha256:[\w-]{43}/.exec(text)?.[0] ?? '';
const done = (world: World, what: string) => world.memory.commands.filter((command) => command.do === what);
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('naming a substitute', () => {
  test('is two days and a signature under the whole text; all of the client see it', async () => {
    const world = makeWorld();
    const claire = browser(world, 'claire');
    expect((await claire.post(path, form)).headers.location).toBe('/people/frames/review');
    const review = await claire.get('/people/frames/review');
    expect(review.text).toContain('lets Dana Roux answer requests');
    expect(review.text).toContain(`href="${path}"`);
    expect(review.text).toContain('at any hour');
    await claire.post('/agreements/sign', { textHash: hashOf(review.text), evaluation: '1' });
    expect(done(world, 'delegate')).toMatchObject([
      {
        delegation: {
          ...{ controller: 'dana', hours: '', minutes: 120 },
          ...{ from: Date.parse('2026-10-09T22:00:00Z'), until: Date.parse('2026-10-20T22:00:00Z') },
        },
      },
    ]);
    for (const who of ['claire', 'dana', 'marc']) {
      const people = plain((await browser(world, who).get('/people')).text);
      expect(people).toContain('substitute, at any hour; from 10 October 2026 until 20 October 2026');
      expect(people).toContain('not yet');
    }
  });

  test.each([
    ['nobody', { delegate: '' }, 'sits as a delegate'],
    ['a reader', { delegate: 'marc' }, 'sits as a delegate'],
    ['a representative', { delegate: 'claire' }, 'sits as a delegate'],
    ['somebody of another client', { delegate: 'nadia' }, 'sits as a delegate'],
    ['from yesterday', { from: '2026-10-04' }, 'a first day, from today on'],
    ['from no day', { from: '2026-02-30' }, 'a first day, from today on'],
    ['until before it begins', { until: '2026-10-09' }, 'not before the first'],
    ['for longer than a summer', { until: '2026-12-11' }, 'at most 62 days'],
    ['for ever', { until: '' }, 'at most 62 days'],
    ['in two years', { from: '2028-01-01', until: '2028-01-10' }, 'at most 62 days'],
  ])('not %s', async (_name, change, text) => {
    const world = makeWorld();
    const answer = await browser(world, 'claire').post(path, { ...form, ...change });
    expect(answer.status).toBe(422);
    expect(plain(answer.text)).toContain(text);
  });

  test('not by a delegate or a reader', async () => {
    const world = makeWorld();
    for (const who of ['dana', 'marc']) {
      expect((await browser(world, who).get(path)).status).toBe(403);
      expect((await browser(world, who).post(path, form)).status).toBe(403);
    }
  });
});

const whole = {
  ...{ hours: '', minutes: 120, systems: ['erp', 'backup'], operations: ['read', 'write'] as const },
  ...{ purposes: ['support', 'hotline', 'backup'], from: start, until: start + 10 * day },
};

function standing(more: Parameters<typeof frameOf>[1] = {}): World {
  const world = makeWorld();
  world.memory.room('acme').requests.set('r1', asked('r1', { until: start + 30 * day }));
  world.memory.room('acme').delegations.set('d1', frameOf('d1', { ...whole, ...more }));
  return world;
}

const answer: Form = {
  ...{ systems: ['erp', 'backup'], operations: ['read', 'write'], minutes: '60' },
  ...{ from: '', until: '2026-10-05T18:00' },
};

describe('a substitute', () => {
  test('agrees to a request as it was asked, at any hour, for one case', async () => {
    const world = standing();
    world.memory.now = Date.parse('2026-10-05T13:00:00Z');
    const dana = browser(world, 'dana');
    expect((await dana.post('/requests/r1/approve', answer)).headers.location).toBe('/agreements/review');
    const review = await dana.get('/agreements/review');
    await dana.post('/agreements/sign', { textHash: hashOf(review.text), evaluation: '1' });
    expect(done(world, 'grant')).toMatchObject([
      { grant: { delegation: 'd1', request: 'r1', firstUse: { minutes: 60 }, people: ['alice'] } },
    ]);
  });

  test('refuses one too; a delegate without such a frame does not', async () => {
    const reason = { reason: 'We repair this ourselves.' };
    for (const other of [{ controller: 'marc' }, { hours: frameOf('x').hours }]) {
      const none = standing(other);
      expect((await browser(none, 'dana').post('/requests/r1/refuse', reason)).status).toBe(403);
      expect(done(none, 'request-say')).toEqual([]);
    }
    const world = standing();
    const dana = browser(world, 'dana');
    expect((await dana.get('/requests/r1')).text).toContain('/requests/r1/refuse');
    expect((await dana.post('/requests/r1/refuse', reason)).headers.location).toBe('/requests/r1');
    expect(done(world, 'request-say')).toMatchObject([{ say: 'refused', by: { role: 'delegate' } }]);
  });

  test('gives nothing that stands, and names nobody', async () => {
    const world = standing();
    const dana = browser(world, 'dana');
    for (const one of ['/agreements/new', '/instructions/new', '/people/frames/new', path])
      expect((await dana.get(one)).status).toBe(403);
    expect((await dana.post('/people', { id: 'p-0123456789abcdef', name: 'X Y' })).status).toBe(403);
    expect((await dana.post('/agreements/new', {})).status).toBe(403);
  });

  test.each([
    ['before it begins', { from: start + 1 }],
    ['ends by itself', { from: start - day, until: start }],
    ['after it was withdrawn', { status: 'revoked' as const }],
  ])('%s', async (_name, change) => {
    const world = standing(change);
    expect((await browser(world, 'dana').post('/requests/r1/approve', answer)).status).toBe(403);
    const { client, seats } = parts(world);
    expect(
      toldOf(asked('r1'), client, seats, start, [frameOf('d1', { ...whole, ...change })]),
    ).not.toContainEqual(expect.objectContaining({ id: 'dana' }));
  });

  test('is told at once of what waits, whatever the representatives’ turn; not without a seat', () => {
    const { client, seats } = parts(makeWorld());
    const frames = [frameOf('d1', whole)];
    const ids = (held: typeof seats) => toldOf(asked('r1'), client, held, start, frames).map(({ id }) => id);
    expect(ids(seats)).toContain('dana');
    expect(ids(seats.filter(({ id }) => id !== 'seat-dana'))).not.toContain('dana');
    const other = frameOf('d2', { ...whole, purposes: ['backup'] });
    expect(toldOf(asked('r1'), client, seats, start, [other]).map(({ id }) => id)).not.toContain('dana');
  });
});

function parts(world: World) {
  const client = world.memory.room('acme') && world.snapshot.clients.get('acme');
  if (client === undefined) throw new Error('acme is missing');
  return { client, seats: [seat('claire', 'acme', 'representative'), seat('dana', 'acme', 'delegate')] };
}
