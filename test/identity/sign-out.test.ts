import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Login } from '../../src/core/commands.ts';
import { Fault } from '../../src/core/faults.ts';
import type { Opening } from '../../src/core/model.ts';
import { createIdentityProvider, type DemoIdentityProvider } from '../../src/demo/identity-provider.ts';
import { type Answer, TestBrowser } from '../support/oidc.ts';
import { clientOf, provider, snapshot, startPortal, type TestPortal, user } from './portal.ts';

const json = { accept: 'application/json', 'sec-fetch-mode': 'cors' };
const people = ['alice', 'bruno'].map((login) => ({ login, name: login }));

let portal: TestPortal;
let idp: DemoIdentityProvider;
let browser: TestBrowser;

beforeAll(async () => {
  portal = await startPortal();
  idp = await createIdentityProvider({ clients: [clientOf(portal.url)], people });
  portal.policy = snapshot(
    [provider('main', idp.issuer)],
    people.map(({ login }) => ({ kind: 'provider-user', user: user(login, idp.issuer) })),
  );
});
afterAll(async () => {
  await idp.close();
  await portal.close();
});
beforeEach(() => {
  portal.table.available = true;
  portal.uncuttable = false;
  portal.ended.length = 0;
  portal.clock.ahead = 0;
  browser = new TestBrowser();
});

const at = (path: string) => new URL(path, portal.url);
const me = (who = browser) => who.go(at('/me'), { headers: json });
const read = (answer: Answer) => JSON.parse(answer.text) as { login: Login; csrf: string };

async function signedIn(who = browser, login = 'alice') {
  const signed = read(await who.signIn(at('/me'), login));
  const opening = { id: `opening of ${signed.login.id}`, login: signed.login.id } as Opening;
  portal.table.openings.set(signed.login.id, [opening]);
  return { ...signed, opening };
}

describe('signing out', () => {
  test('ends the sign-in and what hangs on it, here and at the provider', async () => {
    const { login, csrf, opening } = await signedIn();
    const cookie = browser.cookies.get(portal.cookie) ?? '';
    const answer = await browser.go(at('/sign-out'), { method: 'POST', form: { csrf } });
    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(
      /http-equiv="refresh" content="0;url=http:\/\/127\.0\.0\.1:\d+\/session\/end\?/,
    );
    expect(portal.table.rows.get(login.id)?.endedAt).toEqual(expect.any(Number));
    expect(portal.ended).toEqual([{ openings: [opening], cause: 'signed-out' }]);
    expect(browser.cookies.has(portal.cookie)).toBe(false);

    const thief = new TestBrowser();
    thief.cookies.set(portal.cookie, cookie);
    expect((await me(thief)).status).toBe(401);
  });

  test('comes back from the provider, where a password is needed again', async () => {
    const { csrf } = await signedIn();
    const end = await browser.follow(at('/sign-out'), { method: 'POST', form: { csrf } });
    expect(end.url.href).toBe(at('/signed-out').href);
    expect(end.text).toContain('You are signed out');
    const next = await browser.follow(at('/me'));
    expect(next.url.pathname).toMatch(/^\/interaction\//);
  });

  test.each([
    ['without a token', {}, {}],
    ['with another token', { csrf: 'x'.repeat(43) }, {}],
    ['from another site', {}, { 'sec-fetch-site': 'cross-site' }],
    ['from a sibling host', {}, { 'sec-fetch-site': 'same-site' }],
    ['from another origin', {}, { origin: 'http://evil.example' }],
    ['from an opaque origin', {}, { origin: 'null' }],
  ])('%s is refused and changes nothing', async (_name, form, headers) => {
    const { csrf, login } = await signedIn();
    const fields = Object.keys(headers).length > 0 ? { csrf } : form;
    const answer = await browser.go(at('/sign-out'), { method: 'POST', form: fields, headers });
    expect([answer.status, answer.text.includes('form_expired')]).toEqual([403, true]);
    expect(portal.table.rows.get(login.id)?.endedAt).toBeUndefined();
    expect((await me()).status).toBe(200);
  });

  const live = () => [...portal.table.rows.values()].filter(({ endedAt }) => endedAt === undefined);

  test('after signing in anew ends both sign-ins, with what was opened under the first', async () => {
    portal.table.rows.clear();
    const first = await signedIn();
    await browser.follow(at('/sign-in/main?return=/me'));
    const { login, csrf } = read(await me());
    expect(login.id).not.toBe(first.login.id);
    expect(portal.table.rows.get(first.login.id)?.endedAt).toBeUndefined();
    await browser.go(at('/sign-out'), { method: 'POST', form: { csrf } });
    expect(live()).toEqual([]);
    expect(portal.ended).toEqual([{ openings: [first.opening], cause: 'signed-out' }]);
  });

  test('ends a newer sign-in too that was recorded, and of which the browser never learned', async () => {
    portal.table.rows.clear();
    const first = await signedIn();
    const run = portal.table.run.bind(portal.table);
    portal.table.run = async (command) => {
      const answer = await run(command);
      if (command.do === 'login') throw new Fault('ledger_unavailable', 'the process dies here');
      return answer;
    };
    await browser.follow(at('/sign-in/main?return=/me'));
    portal.table.run = run;
    expect(live()).toHaveLength(2);
    const { login, csrf } = read(await me());
    expect(login.id).toBe(first.login.id);
    await browser.go(at('/sign-out'), { method: 'POST', form: { csrf } });
    expect(live()).toEqual([]);
  });

  test('is not done by a link', async () => {
    const { login } = await signedIn();
    expect((await browser.go(at('/sign-out'))).status).toBe(404);
    expect(portal.table.rows.get(login.id)?.endedAt).toBeUndefined();
  });

  test('when the log cannot be written signs out here, says so, and is recorded as soon as possible', async () => {
    const { login, csrf } = await signedIn();
    portal.table.available = false;
    const answer = await browser.go(at('/sign-out'), { method: 'POST', form: { csrf } });
    expect([answer.status, answer.text.includes('not yet recorded')]).toEqual([503, true]);
    expect((await me()).status).toBe(401);
    const recorded = new Promise<void>((resolve) => {
      const run = portal.table.run.bind(portal.table);
      portal.table.run = async (command) => {
        const done = await run(command);
        portal.table.run = run;
        setImmediate(resolve);
        return done;
      };
    });
    portal.table.available = true;
    await recorded;
    expect(portal.table.rows.get(login.id)?.endedAt).toEqual(expect.any(Number));
    expect(portal.ended).toHaveLength(1);
  });
});

describe('what cannot be done at once', () => {
  /** Resolves when the next ledger command has succeeded. */
  function nextSuccess(): Promise<void> {
    return new Promise((resolve) => {
      const run = portal.table.run.bind(portal.table);
      portal.table.run = async (command) => {
        const done = await run(command);
        portal.table.run = run;
        setImmediate(resolve);
        return done;
      };
    });
  }

  test('openings that could not be cut are cut later, though the sign-in is on record as ended', async () => {
    const { csrf, opening } = await signedIn();
    portal.uncuttable = true;
    const answer = await browser.go(at('/sign-out'), { method: 'POST', form: { csrf } });
    expect(answer.status).toBe(503);
    expect(portal.ended).toHaveLength(0);
    portal.uncuttable = false;
    await nextSuccess();
    expect(portal.ended).toEqual([{ openings: [opening], cause: 'signed-out' }]);
  });

  test('a provider’s logout that could not be recorded is recorded later', async () => {
    const { login } = await signedIn();
    portal.table.available = false;
    await expect(idp.endSessions('alice')).rejects.toThrow('400');
    portal.table.available = true;
    expect((await me()).status).toBe(401);
    await nextSuccess();
    expect(portal.table.rows.get(login.id)?.endedAt).toEqual(expect.any(Number));
  });

  test('one can sign out while nobody can say whether the sign-in lives', async () => {
    const { login } = await signedIn();
    portal.table.login = () => Promise.reject(new Error('away'));
    portal.clock.ahead += 5_000;
    expect((await me()).status).toBe(503);
    const csrf = (await browser.go(at('/token'))).text;
    expect((await browser.go(at('/sign-out'), { method: 'POST', form: { csrf } })).status).toBe(200);
    expect(portal.table.rows.get(login.id)?.endedAt).toEqual(expect.any(Number));
    Reflect.deleteProperty(portal.table, 'login');
  });
});

describe('a logout by the provider', () => {
  test('ends the one session it names', async () => {
    const other = new TestBrowser();
    const here = await signedIn();
    const there = await signedIn(other);
    expect(here.login.sid).not.toBe(there.login.sid);
    // The provider's own session of the first browser ends; the second stays.
    const { csrf } = here;
    const page = await browser.go(at('/sign-out'), { method: 'POST', form: { csrf } });
    portal.table.rows.set(here.login.id, { ...here.login, endedAt: undefined });
    await browser.follow(new URL(/url=([^"]+)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? ''));
    expect(portal.table.rows.get(here.login.id)?.endedAt).toEqual(expect.any(Number));
    expect((await me(other)).status).toBe(200);
  });

  test('for all sessions of a person reaches every browser', async () => {
    const other = new TestBrowser();
    await signedIn();
    await signedIn(other);
    await idp.endSessions('alice');
    expect((await me()).status).toBe(401);
    expect((await me(other)).status).toBe(401);
    expect(portal.ended.flatMap(({ openings }) => openings).length).toBeGreaterThanOrEqual(2);
  });
});
