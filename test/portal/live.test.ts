/** Pages that follow what happens: what a stream sends, to whom, for how long, and how often the log is asked for it. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type LiveLimits, LivePages, liveLimits } from '../../src/portal/live.ts';
import { browser } from './browser.ts';
import { makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';

const brief = { ...liveLimits, tick: 10 };
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A portal on a socket, with streams of its own limits. */
async function listening(limits: Partial<LiveLimits> = {}) {
  const live = new LivePages({ ...brief, ...limits });
  const world = makeWorld({ live });
  const server: Server = createServer(world.app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  closing.push(async () => {
    live.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { world, live, origin };
}

/** One stream as a browser reads it: its events one after the other. */
async function watch(origin: string, user: string, path = '/now/live') {
  const aborter = new AbortController();
  const headers = { accept: 'text/event-stream', 'x-test-user': user, 'accept-language': 'en' };
  const answer = await fetch(origin + path, { headers, signal: aborter.signal });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    status: answer.status,
    headers: answer.headers,
    /** The next block: `[event, data]`, or `['', '']` for a sign of life; undefined at the end. */
    async next(): Promise<readonly [string, string] | undefined> {
      while (!text.includes('\n\n')) {
        const piece = await reader?.read();
        if (piece?.done !== false) return undefined;
        text += piece.value;
      }
      const [block = ''] = text.split('\n\n', 1);
      text = text.slice(block.length + 2);
      const data = /^data: (.*)$/m.exec(block)?.[1];
      return [/^event: (.*)$/m.exec(block)?.[1] ?? '', data === undefined ? '' : String(JSON.parse(data))];
    },
    close: () => aborter.abort(),
  };
}

function enter(world: World, id: string): void {
  const opening = {
    ...{ id, client: 'acme', person: 'alice', systems: ['erp'], purpose: 'hotline', reference: `T-${id}` },
    ...{ account: { issuer: 'https://login.example', subject: 'alice' }, note: '', grant: 'g1' },
    ...{ login: 'login-alice', authentication: { acr: undefined, amr: [], at: start } },
    ...{ openedAt: start, endsAt: start + 3_600_000, endedAt: undefined, endCause: undefined },
  };
  world.memory.room('acme').openings.set(id, opening);
  world.memory.write({
    client: 'acme',
    t: 'session.opened',
    id,
    fields: { systems: 'erp', purpose: 'hotline' },
  });
}

describe('a stream', () => {
  test.each(['/now/live', '/activity/live'])(
    '%s begins with what is, and goes on with what comes',
    async (path) => {
      const { world, origin } = await listening();
      enter(world, 'o1');
      const stream = await watch(origin, 'claire', path);
      expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
      expect(stream.headers.get('cache-control')).toBe('no-store, no-transform');
      const first = await stream.next();
      expect(first?.[0]).toBe('piece');
      expect(first?.[1]).toContain('T-o1');
      expect(first?.[1]).not.toContain('<html');
      enter(world, 'o2');
      const second = await stream.next();
      expect(second?.[1]).toContain('T-o2');
      expect(second?.[1]).toMatch(/name="opening" value="o2"/);
    },
  );

  test('is nothing to be opened as a page', async () => {
    const { text, status } = await browser(makeWorld(), 'claire').get('/now/live');
    expect(status).toBe(406);
    expect(text).toContain('This address is not a page.');
  });

  test('of another client does not exist, and nothing of another client is ever sent', async () => {
    const { world, origin } = await listening();
    enter(world, 'o1');
    expect((await watch(origin, 'nadia', '/activity/live?session=o1')).status).toBe(404);
    const stream = await watch(origin, 'nadia', '/activity/live');
    const first = await stream.next();
    enter(world, 'o2');
    world.memory.write({ client: 'martin', t: 'log.read', id: 'r1', fields: { view: 'now' } });
    world.memory.now += 60_000;
    expect(first?.[1]).not.toMatch(/Alice|hotline|T-o/);
    world.memory.room('martin').seats.length = 0;
    expect(await stream.next()).toEqual(['end', 'moved']);
  });

  test('is noted as a look, once', async () => {
    const { world, origin } = await listening();
    await (await watch(origin, 'marc')).next();
    const reads = world.memory.room('acme').lines.filter(({ leaf }) => leaf.t === 'log.read');
    expect(reads.map(({ leaf }) => leaf.view)).toEqual(['now']);
  });

  test('says that it lives while nothing happens', async () => {
    const { origin } = await listening({ heartbeat: 30 });
    const stream = await watch(origin, 'claire');
    await stream.next();
    expect(await stream.next()).toEqual(['', '']);
  });
});

describe('a stream ends', () => {
  test('when the seat is removed', async () => {
    const { world, origin, live } = await listening();
    const stream = await watch(origin, 'marc');
    const other = await watch(origin, 'claire');
    await stream.next();
    await other.next();
    const { seats } = world.memory.room('acme');
    seats.splice(
      seats.findIndex(({ id }) => id === 'seat-marc'),
      1,
    );
    expect(await stream.next()).toEqual(['end', 'moved']);
    expect(await stream.next()).toBeUndefined();
    enter(world, 'o1');
    expect((await other.next())?.[1]).toContain('T-o1');
    expect(live.size).toBe(1);
  });

  test('when the sign-in ends, and when that cannot be looked up', async () => {
    const { world, origin } = await listening();
    const stream = await watch(origin, 'claire');
    await stream.next();
    Object.assign(world.deps.signIn, { still: async () => undefined });
    expect(await stream.next()).toEqual(['end', 'gone']);
    Object.assign(world.deps.signIn, { still: () => Promise.reject(new Error('away')) });
    expect(await (await watch(origin, 'claire')).next()).toEqual(['end', 'cut']);
  });

  test('when its time is over, when the lines cannot be read, and at the end', async () => {
    const { origin } = await listening({ life: 20 });
    const old = await watch(origin, 'claire');
    await old.next();
    expect(await old.next()).toEqual(['end', 'again']);
    const { world, origin: other, live } = await listening();
    const reading = await watch(other, 'claire', '/activity/live');
    await reading.next();
    world.memory.failing = 'all';
    expect(await reading.next()).toEqual(['end', 'cut']);
    world.memory.failing = 'no';
    const last = await watch(other, 'claire');
    await last.next();
    live.close();
    expect(await last.next()).toEqual(['end', 'cut']);
    expect((await watch(other, 'claire')).status).toBe(503);
  });

  test('when its reader goes', async () => {
    const { origin, live } = await listening();
    const stream = await watch(origin, 'claire');
    await stream.next();
    stream.close();
    while (live.size > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(await stream.next().catch(() => 'gone')).toBe('gone');
  });
});

/** How often lines are asked for from here on. */
function counted(world: World): () => number {
  let asked = 0;
  const { lines } = world.deps.archive;
  Object.assign(world.deps.archive, {
    lines: (query: Parameters<typeof lines>[0]) => {
      asked += 1;
      return lines(query);
    },
  });
  return () => asked;
}

describe('however many watch', () => {
  test('an account has four, all together have a limit, and each place becomes free again', async () => {
    const { origin, live } = await listening({ together: 6 });
    const mine = [];
    for (let count = 0; count < 4; count += 1) mine.push(await watch(origin, 'claire'));
    expect(mine.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await watch(origin, 'claire')).status).toBe(429);
    expect((await watch(origin, 'marc')).status).toBe(200);
    expect((await watch(origin, 'nadia')).status).toBe(200);
    expect((await watch(origin, 'marc')).status).toBe(503);
    mine[0]?.close();
    while (live.size > 5) await new Promise((resolve) => setImmediate(resolve));
    expect((await watch(origin, 'claire')).status).toBe(200);
  });

  test('the log is asked each question once a tick', async () => {
    const { world, origin } = await listening({ tick: 50 });
    const one = await watch(origin, 'claire', '/activity/live');
    await one.next();
    const alone = counted(world);
    enter(world, 'o1');
    await one.next();
    const forOne = alone();
    const all = [
      one,
      await watch(origin, 'claire', '/activity/live'),
      await watch(origin, 'marc', '/activity/live'),
    ];
    for (const stream of all.slice(1)) await stream.next();
    const together = counted(world);
    enter(world, 'o2');
    for (const stream of all) expect((await stream.next())?.[1]).toContain('T-o2');
    expect(forOne).toBeGreaterThan(0);
    // A tick more may have begun meanwhile: its one look.
    expect(together()).toBeLessThanOrEqual(forOne + 1);
  });
});
