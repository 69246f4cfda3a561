/** More time for a running access: at once within its agreement, else asked for and signed once; refused where rules end it. */
import { describe, expect, test } from '@jest/globals';
import type { Grant, Opening } from '../../src/core/model.ts';
import { browser } from './browser.ts';
import { makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';
import { grant, seat } from './world-things.ts';

const minute = 60_000;

function running(more: Partial<Opening> = {}, under: Partial<Grant> = {}): World {
  const world = makeWorld();
  const room = world.memory.room('acme');
  room.grants.set('g2', { ...grant('g2', { ...under }), text: '{}' });
  room.openings.set('o1', {
    id: 'o1',
    client: 'acme',
    person: 'alice',
    account: { issuer: 'https://login.example', subject: 'alice' },
    systems: ['erp'],
    purpose: 'hotline',
    reference: 'T-1',
    note: '',
    grant: 'g2',
    login: 'login-alice',
    authentication: { acr: undefined, amr: ['pwd', 'mfa'], at: start },
    openedAt: start,
    endsAt: start + 60 * minute,
    endedAt: undefined,
    endCause: undefined,
    ...more,
  });
  return world;
}

/** Its agreement ends with it, so that more time must be asked for. */
const exhausted = { until: start + 60 * minute };
const opening = (world: World) => world.memory.room('acme').openings.get('o1');
const done = (world: World, what: string) => world.memory.commands.filter((command) => command.do === what);

async function more(world: World, minutes: string, who = 'alice', from = opening(world)?.endsAt) {
  return browser(world, who).post('/openings/o1/extend', { minutes, from: String(from) });
}

async function asked(world: World) {
  const answer = await more(world, '30');
  const address = String(answer.headers.location);
  expect(address).toMatch(/^\/requests\/[\w-]{22}$/);
  return address;
}

async function ready(world: World, who = 'claire') {
  const address = await asked(world);
  const user = browser(world, who);
  const page = await user.get(address);
  const textHash = /name="textHash" value="(sha256:[\w-]{43})"/.exec(page.text)?.[1] ?? '';
  return { user, address, page, sign: () => user.post('/agreements/sign', { textHash, evaluation: '1' }) };
}

describe('within what was agreed', () => {
  test('the technician goes on, nobody is asked, and what runs goes on too', async () => {
    const world = running();
    const exchange = {
      opening: 'o1',
      client: 'acme',
      system: 'erp',
      operation: 'read',
      until: start + 65 * minute,
    };
    const other = { ...exchange, opening: 'o2' };
    world.memory.running.push(exchange as never, other as never);
    const answer = await more(world, '30');
    expect(answer.headers.location).toBe('/openings/o1');
    expect(done(world, 'extend')).toMatchObject([{ opening: 'o1', endsAt: start + 90 * minute }]);
    expect(done(world, 'request')).toEqual([]);
    expect(exchange.until).toBe(start + 95 * minute);
    expect(other.until).toBe(start + 65 * minute);
  });

  test('clicked twice it is one extension', async () => {
    const world = running();
    const from = start + 60 * minute;
    const both = await Promise.all([more(world, '30', 'alice', from), more(world, '30', 'alice', from)]);
    expect(both.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect(opening(world)?.endsAt).toBe(start + 90 * minute);
    expect((await more(world, '10', 'alice', from)).text).toContain('lengthened a moment ago');
  });

  test.each([
    ['no number', 'x', /from 1\sto 60/],
    ['nothing', '0', /from 1\sto 60/],
    ['less than nothing', '-5', /from 1\sto 60/],
    ['more than the purpose permits', '61', /from 1\sto 60/],
  ])('%s is refused', async (_name, minutes, text) => {
    const world = running();
    const answer = await more(world, minutes);
    expect(answer.status).toBe(422);
    expect(answer.text).toMatch(text);
    expect(done(world, 'extend')).toEqual([]);
  });

  test('the hours of the purpose end it: neither lengthened nor asked for', async () => {
    const world = running();
    // 10:00 in Paris is the start; the hours end at 11:15.
    const windows = [{ days: [1], from: 8 * 60, until: 11 * 60 + 15 }];
    const hours = new Map([['hotline', { zone: 'Europe/Paris', closedOn: 'none' as const, windows }]]);
    Object.assign(world.snapshot.clients.get('acme') ?? {}, { hours });
    const answer = await more(world, '30');
    expect(answer.status).toBe(422);
    expect(answer.text).toMatch(/at most 15\sminutes more/);
    expect((await more(world, '15')).status).toBe(303);
  });

  test('rights that moved, and an access that was ended, lengthen nothing', async () => {
    const world = running();
    const room = world.memory.room('acme');
    room.openings.set('o1', { ...(opening(world) as Opening), endedAt: start, endCause: 'stopped' });
    expect((await more(world, '30')).status).toBe(409);
    expect(done(world, 'extend')).toEqual([]);
  });

  test('somebody else’s access does not exist', async () => {
    const world = running();
    expect((await more(world, '30', 'bruno')).status).toBe(404);
    expect((await more(world, '30', 'claire')).status).toBe(403);
  });

  test('where the budget does not reach the client is asked', async () => {
    const world = running();
    world.memory.missing.set('g2', { spent: 'minutes', left: 3 });
    await asked(world);
    expect(opening(world)?.endsAt).toBe(start + 60 * minute);
  });
});

describe('beyond it', () => {
  test('the client is asked for nothing but the time, and the access shows that', async () => {
    const world = running({}, exhausted);
    const address = await asked(world);
    expect(done(world, 'request')).toMatchObject([
      {
        request: {
          ...{ opening: 'o1', minutes: 30, until: start + 60 * minute, reference: 'T-1' },
          ...{ systems: ['erp'], purpose: 'hotline', operations: ['read'] },
        },
      },
    ]);
    const page = await browser(world, 'alice').get('/openings/o1');
    expect(page.text).toContain(address);
    expect((await browser(world, 'claire').get('/')).text).toContain('More time for a running access');
  });

  test('a representative signs once, and the access goes on', async () => {
    const world = running({}, exhausted);
    const { page, sign, address, user } = await ready(world);
    expect(page.text).toMatch(/may end 30\sminutes later/);
    expect(page.text).not.toContain(`${address}/approve`);
    const answer = await sign();
    expect(answer.headers.location).toBe(address);
    expect(done(world, 'grant')).toMatchObject([
      { grant: { session: 'o1', minutes: 30, people: ['alice'], until: start + 90 * minute } },
    ]);
    expect(opening(world)?.endsAt).toBe(start + 90 * minute);
    expect((await browser(world, 'alice').get(address)).text).toContain('without a new sign-in');
    expect((await sign()).status).toBe(409);
    expect((await user.get(address)).text).not.toContain('textHash');
  });

  test('looked at twice, the text is the same; two who sign at once lengthen once', async () => {
    const world = running({}, exhausted);
    world.memory.room('acme').seats.push(seat('claire', 'acme', 'representative', { id: 'seat-2' }));
    const { user, address, page, sign } = await ready(world);
    const hash = /name="textHash" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    expect((await user.get(address)).text).toContain(hash);
    const both = await Promise.all([sign(), sign()]);
    expect(both.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect(opening(world)?.endsAt).toBe(start + 90 * minute);
  });

  test('readers, and delegates without a frame, are offered nothing to sign', async () => {
    const world = running({}, exhausted);
    const address = await asked(world);
    for (const who of ['marc', 'dana'])
      expect((await browser(world, who).get(address)).text).not.toContain('textHash');
  });

  test('refused or lapsed, nothing changes', async () => {
    const world = running({}, exhausted);
    const { user, address, sign } = await ready(world);
    const reason = 'We close the books at noon today.';
    expect((await user.post(`${address}/refuse`, { reason })).status).toBe(303);
    expect((await sign()).status).toBe(409);
    expect(opening(world)?.endsAt).toBe(start + 60 * minute);
    const late = running({}, exhausted);
    const waiting = await ready(late);
    late.memory.now = start + 60 * minute;
    expect((await waiting.sign()).status).toBe(409);
    expect(opening(late)?.endsAt).toBe(start + 60 * minute);
  });

  test('an access that ended, or a rule that changed since, is not lengthened', async () => {
    const world = running({}, exhausted);
    const { sign } = await ready(world);
    Object.assign(world.snapshot.purposes.get('hotline') ?? {}, { minutes: 80 });
    const overtaken = await sign();
    expect(overtaken.status).toBe(409);
    Object.assign(world.snapshot.purposes.get('hotline') ?? {}, { minutes: 120 });
    world.memory.room('acme').openings.set('o1', { ...(opening(world) as Opening), endedAt: start });
    expect((await sign()).status).toBe(409);
    expect(done(world, 'grant')).toEqual([]);
  });

  test('the same in French, without the words of the machinery', async () => {
    const world = running({}, exhausted);
    const address = await asked(world);
    const { text } = await browser(world, 'claire', 'fr').get(address);
    expect(text).toMatch(/Accorder 30\sminutes de plus/);
    expect(text).not.toMatch(/ledger|merkle|checkpoint|intent|snapshot|epoch|OIDC/i);
  });
});
