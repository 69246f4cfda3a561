/** Asking about an access and disputing it, on the pages of both sides: who may, what is cut, what waits, what is stale. */
import { describe, expect, test } from '@jest/globals';
import type { Opening } from '../../src/core/model.ts';
import { browser } from './browser.ts';
import { hidden, makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';
import { matterOf } from './world-things.ts';

const day = 24 * 3_600_000;
const key = (sign: string) => sign.repeat(22);
const question = 'Why was the list of salaries <b>opened</b>?';
const answer = 'Ticket T-1 named the payslips of May.';

function withAccess(more: Partial<Opening> = {}): World {
  const world = makeWorld();
  world.memory.room('acme').openings.set('o1', {
    ...{ id: 'o1', client: 'acme', person: 'alice', systems: ['erp'], purpose: 'hotline', reference: 'T-1' },
    ...{ account: { issuer: 'https://login.example', subject: 'alice' }, note: '', grant: 'g1' },
    ...{ login: 'login-alice', authentication: { acr: undefined, amr: [], at: start }, openedAt: start },
    ...{ endsAt: start + 3_600_000, endedAt: undefined, endCause: undefined },
    ...more,
  });
  return world;
}

const matters = (world: World) => [...world.memory.room('acme').matters.values()];
const asks = (world: World, who: string, id = key('q')) =>
  browser(world, who).post('/matters/ask', { id, opening: 'o1', question });
const disputes = (world: World, id = key('d')) =>
  browser(world, 'claire').post('/matters/dispute', { id, opening: 'o1', ground: question });
const says = (world: World, who: string, text: string, sign = 'k') =>
  browser(world, who).post(`/matters/${key('q')}/say`, { key: key(sign), text });

describe('asking', () => {
  test('is answered by the contact, read by everybody of the client, and closed by whoever asked', async () => {
    const world = withAccess();
    const form = await browser(world, 'marc').get('/matters/new?opening=o1');
    expect(form.text).toContain('Alice Durand');
    expect(form.text).not.toContain('/matters/dispute');
    const id = hidden(form.text, 'id');
    const sent = await browser(world, 'marc').post('/matters/ask', { id, opening: 'o1', question });
    expect([sent.status, sent.headers.location]).toEqual([303, `/matters/${id}`]);
    // Asked on Monday, it is due when Wednesday ends in Paris. Nothing is suspended.
    expect(matters(world)[0]?.dueAt).toBe(Date.UTC(2026, 9, 7, 22));
    expect(world.memory.room('acme').grants.get('g1')?.status).toBe('active');
    expect((await browser(world, 'carla').get('/')).text).toMatch(/answers by the end of 7\sOctober\s2026/);
    const seen = await browser(world, 'carla').get(`/matters/${id}`);
    expect(seen.text).toContain('salaries &lt;b>opened');
    expect(seen.text).not.toMatch(/\/close|\/history/);
    await browser(world, 'carla').post(`/matters/${id}/say`, { key: hidden(seen.text, 'key'), text: answer });
    expect((await browser(world, 'carla').get('/')).text).not.toContain('Waits for your answer');
    for (const who of ['claire', 'dana', 'marc']) {
      expect((await browser(world, who).get('/')).text).toContain(
        'Your question about an access is answered',
      );
      const page = await browser(world, who).get(`/matters/${id}`);
      expect(page.text).toContain(answer);
      expect(page.text).toContain('Carla Blanc');
      expect(page.text.includes('/close')).toBe(who !== 'dana');
    }
    const french = await browser(world, 'marc', 'fr').get(`/matters/${id}`);
    expect(french.text).toContain('Question sur un accès');
    const end = { key: key('c'), outcome: 'The ticket was shown to us.' };
    expect((await browser(world, 'dana').post(`/matters/${id}/close`, end)).status).toBe(403);
    expect((await browser(world, 'marc').post(`/matters/${id}/close`, end)).status).toBe(303);
    const closed = await browser(world, 'claire').get(`/matters/${id}`);
    expect(closed.text).toContain('Outcome');
    expect(closed.text).not.toContain('<textarea');
    expect((await browser(world, 'claire').get('/')).text).not.toContain('is answered');
  });

  test('the data protection officer answers too, and finds what waits on the first page', async () => {
    const world = withAccess();
    await asks(world, 'marc');
    expect((await browser(world, 'david').get('/')).text).toContain(`/matters/${key('q')}`);
    expect((await says(world, 'david', answer)).status).toBe(303);
    expect(world.memory.commands.at(-1)).toMatchObject({ by: { provider: 'david', role: 'dpo' } });
  });

  test('that somebody of the provider reads it stands in the client’s record before it is shown', async () => {
    const world = withAccess();
    await asks(world, 'marc');
    const david = browser(world, 'david');
    const looks = () => world.memory.room('acme').lines.filter(({ leaf }) => leaf.by === 'provider');
    world.memory.failing = 'writes';
    const unread = await david.get(`/matters/${key('q')}`);
    expect(unread.status).toBe(503);
    expect(unread.text).not.toContain('salaries');
    world.memory.failing = 'no';
    await david.get(`/matters/${key('q')}`);
    await david.get(`/matters/${key('q')}`);
    const look = { by: 'provider', role: 'dpo', view: 'matter' };
    expect(looks().map(({ leaf }) => leaf)).toMatchObject([{ ...look, matter: key('q') }]);
    // Another question of the same client is another look.
    await asks(world, 'claire', key('r'));
    expect((await david.get(`/matters/${key('r')}`)).text).toContain('salaries');
    expect(looks().map(({ leaf }) => leaf.matter)).toEqual([key('q'), key('r')]);
  });

  test('no list of the provider’s people shows a word of it, for lists record no look', async () => {
    const world = withAccess();
    await asks(world, 'marc');
    await disputes(world);
    for (const who of ['carla', 'david'])
      for (const path of ['/', '/matters', '/provider']) {
        const { status, text } = await browser(world, who).get(path);
        expect(status).toBe(200);
        expect(text).toContain(`/matters/${key('q')}`);
        expect(text).not.toContain('salaries');
      }
    expect(world.memory.room('acme').lines.filter(({ leaf }) => leaf.by === 'provider')).toEqual([]);
    expect((await browser(world, 'claire').get('/matters')).text).toContain('salaries');
  });

  test('a double click is one question, one message, one end', async () => {
    const world = withAccess();
    expect((await asks(world, 'marc')).headers.location).toBe(`/matters/${key('q')}`);
    expect((await asks(world, 'marc')).headers.location).toBe(`/matters/${key('q')}`);
    expect((await says(world, 'carla', answer)).status).toBe(303);
    expect((await says(world, 'carla', answer)).status).toBe(303);
    expect(matters(world)[0]?.said).toHaveLength(2);
  });

  test.each([
    ['a dot', '.'],
    ['one sign again and again', 'aaaaaaaaaaaaaaaaaaaa'],
    ['one word', 'incomprehensible'],
    ['too much', `Why ${'x'.repeat(500)}`],
    ['signs that hide', 'Why was the list \u202e opened?'],
  ])('%s says nothing', async (_, text) => {
    const world = withAccess();
    const sent = await browser(world, 'marc').post('/matters/ask', {
      id: key('q'),
      opening: 'o1',
      question: text,
    });
    expect(sent.status).toBe(422);
    expect(sent.text).toContain('Say it in a sentence');
    await asks(world, 'marc');
    expect((await says(world, 'carla', text)).status).toBe(422);
    const end = { key: key('c'), outcome: text };
    expect((await browser(world, 'marc').post(`/matters/${key('q')}/close`, end)).status).toBe(422);
    expect(matters(world)[0]?.said).toHaveLength(1);
  });

  test('stale forms and pages say so', async () => {
    const world = withAccess();
    const bad = await browser(world, 'marc').post('/matters/ask', { id: 'x', opening: 'o1', question });
    expect([bad.status, bad.text]).toEqual([409, expect.stringContaining('The form is too old')]);
    await asks(world, 'marc');
    await browser(world, 'marc').post(`/matters/${key('q')}/close`, {
      key: key('c'),
      outcome: 'The ticket was shown to us.',
    });
    const late = await says(world, 'carla', answer);
    expect([late.status, late.text]).toEqual([409, expect.stringContaining('It is closed already')]);
    expect((await says(world, 'marc', answer)).status).toBe(409);
  });

  test('ten are open at most', async () => {
    const world = withAccess();
    for (let n = 0; n < 10; n += 1) await asks(world, 'marc', key(String(n)));
    const one = await asks(world, 'marc');
    expect([one.status, one.text]).toEqual([409, expect.stringContaining('ten questions open')]);
  });
});

describe('disputing', () => {
  test('cuts and suspends first, keeps everything, and is answered like a question', async () => {
    const world = withAccess();
    const form = await browser(world, 'claire').get('/matters/new?opening=o1');
    expect(form.text).toContain('What is running under it is cut at once');
    const claire = browser(world, 'claire');
    const sent = await claire.post('/matters/dispute', { id: key('d'), opening: 'o1', ground: question });
    expect(sent.status).toBe(303);
    const room = world.memory.room('acme');
    expect(room.grants.get('g1')?.status).toBe('suspended');
    expect(room.openings.get('o1')?.endCause).toBe('suspended');
    expect(world.memory.ends[0]?.by).toEqual({ seat: 'seat-claire', role: 'representative' });
    expect(matters(world)).toMatchObject([
      { what: 'dispute', status: 'open', dueAt: Date.UTC(2026, 9, 7, 22) },
    ]);
    const page = await claire.get(String(sent.headers.location));
    expect(page.text).toContain('The agreement is suspended');
    // Closing gives nothing back.
    await claire.post(`/matters/${key('d')}/close`, { key: key('c'), outcome: 'It was ordered by phone.' });
    expect(room.grants.get('g1')?.status).toBe('suspended');
  });

  test('the same form after resuming suspends nothing again; another dispute does, and is the same one', async () => {
    const world = withAccess();
    await disputes(world);
    const resume = { do: 'grant-status', client: 'acme', grant: 'g1', to: 'active', by: undefined } as const;
    await world.memory.authority.run(resume);
    expect((await disputes(world)).headers.location).toBe(`/matters/${key('d')}`);
    expect(world.memory.room('acme').grants.get('g1')?.status).toBe('active');
    expect((await disputes(world, key('e'))).headers.location).toBe(`/matters/${key('d')}`);
    expect(world.memory.room('acme').grants.get('g1')?.status).toBe('suspended');
    expect(matters(world)).toHaveLength(1);
    const form = await browser(world, 'claire').get('/matters/new?opening=o1');
    expect(form.text).toContain('disputed already');
  });

  test('what is over needs no suspending', async () => {
    const world = withAccess({ endedAt: start });
    const room = world.memory.room('acme');
    const found = room.grants.get('g1');
    if (found === undefined) throw new Error('the world has an agreement');
    room.grants.set('g1', { ...found, status: 'revoked' });
    expect((await disputes(world)).status).toBe(303);
    expect([world.memory.ends, room.grants.get('g1')?.status]).toEqual([[], 'revoked']);
  });

  test('nothing but words that say something suspends', async () => {
    const world = withAccess();
    const form = { id: key('d'), opening: 'o1', ground: '...' };
    expect((await browser(world, 'claire').post('/matters/dispute', form)).status).toBe(422);
    expect(world.memory.room('acme').grants.get('g1')?.status).toBe('active');
  });

  test('while nothing can be recorded the agreement is blocked, and the page says that it failed', async () => {
    const world = withAccess();
    const claire = browser(world, 'claire');
    await claire.get('/seat');
    world.memory.failing = 'writes';
    const sent = await claire.post('/matters/dispute', { id: key('d'), opening: 'o1', ground: question });
    expect(sent.status).toBe(503);
    expect(world.memory.room('acme').withdrawn.get('g1')).toBe('suspended');
    world.memory.failing = 'no';
    const again = await claire.post('/matters/dispute', { id: key('d'), opening: 'o1', ground: question });
    expect(again.status).toBe(303);
    expect(matters(world)).toHaveLength(1);
  });

  test('is a representative’s, and of one’s own client', async () => {
    const world = withAccess();
    for (const who of ['marc', 'dana', 'carla', 'david', 'alice']) {
      const form = { id: key('d'), opening: 'o1', ground: question };
      expect((await browser(world, who).post('/matters/dispute', form)).status).toBe(403);
    }
    for (const path of ['/matters/ask', '/matters/dispute']) {
      const form = { id: key('d'), opening: 'o1', ground: question, question };
      expect((await browser(world, 'nadia').post(path, form)).status).toBe(404);
    }
    expect((await browser(world, 'nadia').get('/matters/new?opening=o1')).status).toBe(404);
    expect((await browser(world, 'claire').get('/matters/new')).status).toBe(404);
    expect([matters(world), world.memory.ends]).toEqual([[], []]);
  });
});

describe('what is overdue', () => {
  test('is shown to both sides', async () => {
    const world = withAccess();
    world.memory.room('acme').matters.set('m1', matterOf('m1', { dueAt: start + day }));
    const overdue = 'was due by the end of';
    expect((await browser(world, 'carla').get('/')).text).not.toContain(overdue);
    expect((await browser(world, 'claire').get('/')).text).not.toContain('overdue');
    world.memory.now = start + day;
    for (const who of ['carla', 'david'])
      expect((await browser(world, who).get('/')).text).toContain(overdue);
    for (const who of ['claire', 'marc'])
      expect((await browser(world, who).get('/')).text).toContain('An answer about an access is overdue');
    expect((await browser(world, 'claire', 'fr').get('/')).text).toContain(
      'Une réponse sur un accès est en retard',
    );
    expect((await browser(world, 'carla').get('/matters')).text).toContain(overdue);
  });
});

describe('the technician', () => {
  test('is told of their own access that it is asked about, and reads nothing of it', async () => {
    const world = withAccess();
    await asks(world, 'marc');
    const page = await browser(world, 'alice').get('/openings/o1');
    expect(page.text).toContain('The client has a question about this access');
    expect(page.text).not.toContain('salaries');
    expect((await browser(world, 'alice').get('/matters')).text).not.toContain('salaries');
    expect((await browser(world, 'alice').get(`/matters/${key('q')}`)).status).toBe(404);
    const form = { key: key('k'), text: answer };
    expect((await browser(world, 'alice').post(`/matters/${key('q')}/say`, form)).status).toBe(404);
    await disputes(world);
    expect((await browser(world, 'alice').get('/openings/o1')).text).toContain(
      'The client disputes this access',
    );
  });

  test('no word about an access of which nothing is asked', async () => {
    const page = await browser(withAccess(), 'alice').get('/openings/o1');
    expect(page.text).not.toMatch(/has a question about|disputes this/);
  });
});

test('another client’s matters are in no list', async () => {
  const world = withAccess();
  await asks(world, 'marc');
  expect((await browser(world, 'nadia').get('/matters')).text).not.toMatch(/salaries|Acme/);
  expect((await browser(world, 'marc').get('/matters')).text).toContain('salaries');
  expect((await browser(world, 'carla').get('/matters')).text).toContain('Acme');
});
