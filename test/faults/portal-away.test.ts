/**
 * Redis is away, so nobody can sign in or use the portal: work that runs goes on and can be stopped, by the command in a
 * process of its own, within a second; the portal says what is the matter, and works again when Redis does.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { faultAnswers } from '../../src/core/faults.ts';
import { startWorld, type World } from '../../src/demo/world.ts';
import { limits } from '../../src/gateway/limits.ts';
import { freePort, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type Answer, TestBrowser } from '../support/oidc.ts';
import { RedisServer, redisThere } from '../support/redis.ts';
import { stopwatch } from '../support/stopwatch.ts';
import { type StreamUpstream, startStream, streamUpstream, until } from '../support/streams.ts';

if (!redisThere && process.env.CI === 'true')
  test('a portal without its Redis needs redis-server', () => expect(redisThere).toBe(true));
const suite = redisThere ? describe : describe.skip;

suite('a portal without its Redis', () => {
  let redis: RedisServer;
  let world: World;
  let upstream: StreamUpstream;
  let gateway: TestGateway;
  let portal: string;
  const claire = { login: 'claire', browser: new TestBrowser() };
  const page = { headers: { accept: 'text/html', 'accept-language': 'en' } };

  beforeEach(async () => {
    redis = new RedisServer(await freePort());
    await redis.start();
    const port = await freePort();
    portal = `http://portal.localhost:${port}`;
    world = await startWorld(portal);
    upstream = await streamUpstream();
    gateway = await startTestGateway({
      port,
      erp: upstream.origin,
      issuer: world.identityProvider.issuer,
      clientSecret: world.clientSecret,
      redisUrl: redis.url,
    });
  });

  afterEach(async () => {
    await gateway?.close();
    await upstream?.close();
    await world?.close();
    await redis?.stop();
  });

  function look(browser: TestBrowser, path: string): Promise<Answer> {
    return browser.go(`${portal}${path}`, page);
  }

  /** The program as an operator runs it beside the gateway; `suspended` is called when it says so. Resolves with its exit. */
  async function stopElsewhere(suspended: () => void): Promise<number> {
    const { data, keys, guard } = gateway.config;
    const env = {
      ...process.env,
      NODE_OPTIONS: '',
      CONSENTRY_PORTAL_URL: 'https://access.example.com',
      CONSENTRY_DATA: data,
      CONSENTRY_KEYS: keys,
      CONSENTRY_GUARD: guard,
    };
    const command = spawn(
      'node_modules/.bin/node',
      ['dist/main.js', 'stop', '--client', 'acme', '--by', 'david'],
      { env, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const exit = once(command, 'exit');
    for await (const line of createInterface(command.stdout)) if (line.startsWith('suspended')) suspended();
    const [code] = (await exit) as [number];
    return code;
  }

  test('says so, lets work go on, is stopped by the command, and comes back', async () => {
    await claire.browser.signIn(`${portal}/`, claire.login);
    expect((await look(claire.browser, '/')).status).toBe(200);
    const access = await gateway.open({ purpose: 'backup' });
    const streams = await Promise.all(
      (['websocket', 'download'] as const).map((kind) => startStream(kind, gateway.port, access, upstream)),
    );

    await redis.stop();
    await until(async () => (await look(claire.browser, '/')).status === 503);
    const { text, retryAfter } = faultAnswers.sessions_unavailable;
    for (const [browser, path] of [
      [claire.browser, '/'],
      [new TestBrowser(), '/sign-in/company'],
    ] as const) {
      const answer = await look(browser, path);
      expect([path, answer.status, answer.headers['retry-after']]).toEqual([path, 503, String(retryAfter)]);
      expect(answer.text).toContain(text.en);
    }
    for (const stream of streams) await stream.goesOn();

    let took: ReturnType<typeof stopwatch> | undefined;
    const over = Promise.all(streams.map((stream) => stream.over)).then(() => took?.().ran ?? 0);
    expect(
      await stopElsewhere(() => {
        took ??= stopwatch();
      }),
    ).toBe(0);
    expect(took).toBeDefined();
    // Epochs are asked for every second; cutting takes milliseconds.
    expect(await over).toBeLessThan(limits.epochInterval + 500);
    const leaves = (await gateway.lines()).map(({ leaf }) => leaf);
    expect(leaves.filter(({ t }) => t === 'session.closed')).toMatchObject([
      { session: access.opening, exchanges: 2 },
    ]);
    expect(await gateway.app.archive.fsck('acme')).toEqual([]);

    await redis.start();
    // Redis came back empty: she signs in again, once it is found again, and reads what was stopped.
    const again = new TestBrowser();
    await until(async () => {
      await again.signIn(`${portal}/`, claire.login);
      return (await look(again, '/')).status === 200;
    });
    expect((await look(again, '/agreements')).text).toContain('Suspended');
  });
});
