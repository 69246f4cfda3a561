import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SessionData } from 'express-session';
import session from 'express-session';
import { Fault } from '../../src/core/faults.ts';
import { createHashedSessionStore, type InnerStore } from '../../src/stores/hashed-session-store.ts';
import { TestBrowser } from '../support/oidc.ts';
import { createHostileProvider, type HostileProvider } from './hostile-provider.ts';
import { provider, snapshot, startPortal, type TestPortal, user } from './portal.ts';
import { technician } from './staff.ts';

const json = { accept: 'application/json', 'sec-fetch-mode': 'cors' };
const minutes = 60_000;

/** A store in memory that can refuse to read or to write. */
class FlakyStore extends session.MemoryStore {
  reads = true;
  writes = true;
  readonly kept = new Set<string>();
  override get(id: string, callback: (error: unknown, data?: SessionData | null) => void): void {
    if (!this.reads) return callback(new Error('away'));
    super.get(id, callback);
  }
  override set(id: string, data: SessionData, callback?: (error?: unknown) => void): void {
    if (!this.writes) return callback?.(new Error('away'));
    this.kept.add(id);
    super.set(id, data, callback);
  }
}

let idp: HostileProvider;
let portal: TestPortal;
let browser: TestBrowser;
beforeAll(async () => {
  idp = await createHostileProvider();
});
afterAll(() => idp.close());
afterEach(() => portal.close());

const at = (path: string) => new URL(path, portal.url);
const me = (who = browser, headers = {}) => who.go(at('/me'), { headers: { ...json, ...headers } });

async function start(flaky?: FlakyStore): Promise<void> {
  const limits = { idle: 30 * minutes, absolute: 600 * minutes };
  portal = await startPortal(
    flaky
      ? {
          store: (clock) =>
            createHashedSessionStore({
              inner: flaky as InnerStore,
              clock,
              limits,
              close: () => Promise.resolve(),
            }),
        }
      : {},
  );
  portal.policy = snapshot(
    [provider('main', idp.issuer)],
    [{ kind: 'provider-user', user: user('alice', idp.issuer) }],
  );
  browser = new TestBrowser();
}

describe('the portal’s cookie', () => {
  beforeEach(() => start());

  test('is bound to the host, out of reach of scripts, and dies with the browser', async () => {
    const answer = await browser.go(at('/sign-in/main'));
    const cookie = [answer.headers['set-cookie'] ?? []].flat().find((one) => one.includes('-portal='));
    expect(cookie).toMatch(
      /^__Host-consentry-portal=s%3A[A-Za-z0-9_-]{43}\.[^;]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  test('is not given to whoever just looks', async () => {
    expect((await me()).headers['set-cookie']).toBeUndefined();
    expect((await browser.go(at('/me'))).headers['set-cookie']).toBeUndefined();
    expect((await browser.go(at('/sign-in'))).headers['set-cookie']).toBeUndefined();
  });

  test('stands for an id that is on no disk', async () => {
    await browser.follow(at('/me'));
    const id = /^s%3A([A-Za-z0-9_-]{43})/.exec(browser.cookies.get(portal.cookie) ?? '')?.[1] ?? '';
    expect(id).toHaveLength(43);
    const files = await Promise.all(
      [portal.database, `${portal.database}-wal`].map((file) => readFile(file, 'latin1').catch(() => '')),
    );
    expect(files.join('')).toContain('"login"');
    expect(files.join('')).not.toContain(id);
  });

  test('sent twice is a refusal', async () => {
    await browser.follow(at('/me'));
    const value = browser.cookies.get(portal.cookie) ?? '';
    const twice = await me(new TestBrowser(), {
      cookie: `__Host-consentry-portal=${value}; __Host-consentry-portal=${value}`,
    });
    expect([twice.status, JSON.parse(twice.text)]).toEqual([
      400,
      expect.objectContaining({ code: 'bad_request' }),
    ]);
  });

  test.each([
    ['made up', () => 's%3AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.bm90IGEgc2lnbmF0dXJl'],
    ['unsigned', () => 'A'.repeat(43)],
    [
      'changed',
      (value: string) => value.replace(/^s%3A./, (start) => `s%3A${start.endsWith('A') ? 'B' : 'A'}`),
    ],
  ])('%s is nobody', async (_name, make) => {
    await browser.follow(at('/me'));
    const other = new TestBrowser();
    other.cookies.set(portal.cookie, make(browser.cookies.get(portal.cookie) ?? ''));
    expect((await me(other)).status).toBe(401);
    expect((await me()).status).toBe(200);
  });
});

describe('a portal session', () => {
  beforeEach(() => start());

  test('ends after half an hour without use', async () => {
    await browser.follow(at('/me'));
    portal.clock.ahead = 29 * minutes;
    expect((await me()).status).toBe(200);
    portal.clock.ahead = 58 * minutes;
    expect((await me()).status).toBe(200);
    portal.clock.ahead = 89 * minutes;
    expect((await me()).status).toBe(401);
  });

  test('ends after ten hours however much it is used', async () => {
    await browser.follow(at('/me'));
    for (let hour = 0.4; hour < 10; hour += 0.4) {
      portal.clock.ahead = hour * 60 * minutes;
      expect((await me()).status).toBe(200);
    }
    portal.clock.ahead = 600 * minutes;
    expect((await me()).status).toBe(401);
  });

  test('of a technician ends after three hours without use, and after twelve however much it is used', async () => {
    const alice = technician('alice', idp.issuer, { subject: 'alice' });
    portal.policy = snapshot([provider('main', idp.issuer)], [{ kind: 'technician', person: alice }]);
    await browser.follow(at('/me'));
    for (const hour of [2.9, 5.8, 8.7, 11.6]) {
      portal.clock.ahead = hour * 60 * minutes;
      expect([hour, (await me()).status]).toEqual([hour, 200]);
    }
    portal.clock.ahead = 720 * minutes;
    expect((await me()).status).toBe(401);
    const other = new TestBrowser();
    await other.follow(at('/me'));
    portal.clock.ahead += 179 * minutes;
    expect((await me(other)).status).toBe(200);
    portal.clock.ahead += 181 * minutes;
    expect((await me(other)).status).toBe(401);
  });

  test('is not prolonged by setting the clock back', async () => {
    portal.clock.ahead = 120 * minutes;
    await browser.follow(at('/me'));
    portal.clock.ahead = 0;
    expect((await me()).status).toBe(401);
  });
});

describe('when the store of sessions is away', () => {
  let store: FlakyStore;
  beforeEach(async () => {
    store = new FlakyStore();
    await start(store);
  });

  test('whoever has a session is answered 503, and goes on when it is back', async () => {
    await browser.follow(at('/me'));
    store.reads = false;
    const answer = await me();
    expect([answer.status, JSON.parse(answer.text)]).toEqual([503, { code: 'sessions_unavailable' }]);
    store.reads = true;
    expect((await me()).status).toBe(200);
  });

  test('nobody is sent to the provider for a sign-in that could not be finished', async () => {
    store.writes = false;
    const answer = await browser.go(at('/sign-in/main'));
    expect([answer.status, answer.text.includes('sessions_unavailable')]).toEqual([503, true]);
  });

  test('a sign-in that comes back is not finished', async () => {
    const away = (await browser.go(at('/sign-in/main?return=/me'))).headers.location as string;
    const callback = (await browser.go(away)).headers.location as string;
    store.writes = false;
    expect((await browser.go(callback)).status).toBe(503);
    store.writes = true;
    expect((await me()).status).toBe(401);
  });

  test('faults of a store are faults of sessions', async () => {
    const wrapped = createHashedSessionStore({
      inner: store as InnerStore,
      clock: portal.clock,
      limits: { idle: 1_000, absolute: 1_000 },
      close: () => Promise.resolve(),
    });
    store.reads = false;
    const error = await new Promise((resolve) => wrapped.get('id', resolve));
    expect(error).toBeInstanceOf(Fault);
    expect(error).toMatchObject({ code: 'sessions_unavailable' });
  });
});
