import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Login } from '../../src/core/commands.ts';
import type { Person } from '../../src/core/model.ts';
import { createIdentityProvider, type DemoIdentityProvider } from '../../src/demo/identity-provider.ts';
import { type Answer, TestBrowser } from '../support/oidc.ts';
import { clientOf, provider, snapshot, startPortal, type TestPortal, user } from './portal.ts';

const people = ['alice', 'bruno', 'stranger', 'leaver'].map((login) => ({
  login,
  name: `${login} of the tests`,
}));

let portal: TestPortal;
let idp: DemoIdentityProvider;
let browser: TestBrowser;

beforeAll(async () => {
  portal = await startPortal();
  idp = await createIdentityProvider({ clients: [clientOf(portal.url)], people });
});
afterAll(async () => {
  await idp.close();
  await portal.close();
});
beforeEach(() => {
  portal.clock.ahead = 0;
  portal.table.available = true;
  portal.ended.length = 0;
  portal.policy = policy();
  browser = new TestBrowser();
});

function policy() {
  return snapshot(
    [provider('main', idp.issuer)],
    [
      { kind: 'provider-user', user: user('alice', idp.issuer) },
      { kind: 'provider-user', user: user('bruno', idp.issuer) },
      { kind: 'technician', person: leaver() },
    ],
  );
}

function leaver(): Person {
  return {
    id: 'leaver',
    issuer: idp.issuer,
    subject: 'leaver',
    name: 'Léa Vair',
    employment: 'employee',
    provider: undefined,
    from: 0,
    until: Date.now() - 1_000,
    functions: [],
    teams: [],
    place: 'FR',
    standing: {
      securityTraining: undefined,
      gdprTraining: undefined,
      charter: undefined,
      confidentiality: undefined,
    },
  };
}

const at = (path: string) => new URL(path, portal.url);
const json = { accept: 'application/json', 'sec-fetch-mode': 'cors' };
const me = (who = browser) => who.go(at('/me'), { headers: json });
const codeOf = (answer: Answer) => (JSON.parse(answer.text) as { code: string }).code;
const loginOf = (answer: Answer) => (JSON.parse(answer.text) as { login: Login }).login;

describe('signing in', () => {
  test('leads to where the person wanted to go, and knows who it is', async () => {
    const answer = await browser.signIn(at('/me?x=1'), 'alice');
    expect(answer.url.href).toBe(at('/me?x=1').href);
    const signedIn = JSON.parse(answer.text) as {
      login: Login;
      authentication: { acr: string; amr: string[]; at: number };
    };
    expect(signedIn.login).toMatchObject({ issuer: idp.issuer, subject: 'alice', who: 'alice' });
    expect(signedIn.login.sid).toBe(idp.sessionsOf('alice').at(-1)?.sid);
    expect(signedIn.authentication).toMatchObject({
      acr: 'urn:consentry:evaluation:mfa',
      amr: ['pwd', 'mfa'],
    });
    expect(Math.abs(signedIn.authentication.at - Date.now())).toBeLessThan(60_000);
    expect(portal.table.rows.get(signedIn.login.id)).toMatchObject({ endedAt: undefined });
  });

  test('asks the provider with PKCE S256, a state and a nonce of its own, and the redirect URI of the provider', async () => {
    const first = (await browser.go(at('/sign-in/main'))).headers.location as string;
    const second = (await browser.go(at('/sign-in/main'))).headers.location as string;
    const asked = new URL(first).searchParams;
    expect(asked.get('response_type')).toBe('code');
    expect(asked.get('code_challenge_method')).toBe('S256');
    expect(asked.get('redirect_uri')).toBe(at('/callback/main').href);
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(asked.get(name)).toMatch(/^[A-Za-z0-9_-]{43,}$/);
      expect(asked.get(name)).not.toBe(new URL(second).searchParams.get(name));
    }
  });

  test('gives the browser a new session id', async () => {
    await browser.go(at('/sign-in/main'));
    const before = browser.cookies.get(portal.cookie);
    expect(before).toBeDefined();
    await browser.signIn(at('/me'), 'alice');
    const after = browser.cookies.get(portal.cookie);
    expect(after).not.toBe(before);

    const thief = new TestBrowser();
    thief.cookies.set(portal.cookie, before ?? '');
    expect((await me(thief)).status).toBe(401);
  });

  test('in a browser that is signed in already keeps one’s own earlier sign-in alive', async () => {
    const first = loginOf(await browser.signIn(at('/me'), 'alice'));
    await browser.signIn(at('/sign-in/main?return=/me'), 'alice');
    const second = loginOf(await me());
    expect(second.id).not.toBe(first.id);
    expect(portal.table.rows.get(first.id)?.endedAt).toBeUndefined();
  });

  test('as somebody else in the same browser ends the earlier sign-in', async () => {
    const first = loginOf(await browser.signIn(at('/me'), 'alice'));
    await browser.signIn(at('/sign-in/main?again=1&return=/me'), 'bruno');
    expect(loginOf(await me()).subject).toBe('bruno');
    expect(portal.table.rows.get(first.id)?.endedAt).toEqual(expect.any(Number));
    expect(portal.ended).toHaveLength(1);
  });

  test('works in two tabs at once', async () => {
    const one = await browser.signInUntilCallback(at('/sign-in/main?return=/me?tab=1'), 'alice');
    const two = await browser.follow(at('/sign-in/main?return=/me?tab=2'));
    expect(two.url.href).toBe(at('/me?tab=2').href);
    const answer = await browser.follow(one);
    // The session was renewed meanwhile and the first attempt with it; the tab still gets where it wanted to go.
    expect(answer.status).toBe(200);
    expect(answer.url.href).toBe(at('/me?tab=1').href);
  });
});

describe('a callback', () => {
  test('works once', async () => {
    const callback = await browser.signInUntilCallback(at('/me'), 'alice');
    expect((await browser.go(callback)).status).toBe(303);
    const again = await browser.go(callback);
    expect(again.status).toBe(400);
    expect(again.text).toContain('sign_in_expired');
  });

  test('works in the browser that started it only', async () => {
    const callback = await browser.signInUntilCallback(at('/me'), 'alice');
    const other = new TestBrowser();
    expect((await other.go(callback)).text).toContain('sign_in_expired');
    await other.go(at('/sign-in/main'));
    expect((await other.go(callback)).text).toContain('sign_in_expired');
    expect((await me(other)).status).toBe(401);
  });

  test.each([
    ['another state', (url: URL) => url.searchParams.set('state', 'a'.repeat(43))],
    ['no state', (url: URL) => url.searchParams.delete('state')],
    ['two states', (url: URL) => url.searchParams.append('state', 'a')],
    ['a state named like a property of objects', (url: URL) => url.searchParams.set('state', '__proto__')],
  ])('with %s is refused', async (_name, change) => {
    const callback = await browser.signInUntilCallback(at('/me'), 'alice');
    change(callback);
    const answer = await browser.go(callback);
    expect([answer.status, /<code>(.*?)<\/code>/.exec(answer.text)?.[1]]).toEqual([400, 'sign_in_expired']);
    expect((await me()).status).toBe(401);
  });

  test.each([
    ['two codes', (url: URL) => url.searchParams.append('code', 'x'), 'sign_in_failed'],
    ['another code', (url: URL) => url.searchParams.set('code', 'x'), 'sign_in_expired'],
    ['another issuer', (url: URL) => url.searchParams.set('iss', 'https://evil.example'), 'sign_in_failed'],
    ['no issuer', (url: URL) => url.searchParams.delete('iss'), 'sign_in_failed'],
    ['two issuers', (url: URL) => url.searchParams.append('iss', 'https://evil.example'), 'sign_in_failed'],
    ['no code', (url: URL) => url.searchParams.delete('code'), 'sign_in_failed'],
  ])('with %s is refused', async (_name, change, code) => {
    const callback = await browser.signInUntilCallback(at('/me'), 'alice');
    change(callback);
    const answer = await browser.go(callback);
    expect([answer.status, /<code>(.*?)<\/code>/.exec(answer.text)?.[1]]).toEqual([400, code]);
    expect((await me()).status).toBe(401);
  });

  test('comes too late after ten minutes', async () => {
    const callback = await browser.signInUntilCallback(at('/me'), 'alice');
    portal.clock.ahead = 10 * 60_000;
    const late = await browser.go(callback);
    expect([late.status, late.headers.location]).toEqual([303, '/sign-in?return=%2Fme']);
    expect((await me()).status).toBe(401);
  });

  test('with the provider’s refusal says so, in French for whoever reads French', async () => {
    const away = new URL((await browser.go(at('/sign-in/main'))).headers.location as string);
    const callback = at('/callback/main');
    callback.search = new URLSearchParams({
      error: 'access_denied',
      state: away.searchParams.get('state') ?? '',
      iss: idp.issuer,
    }).toString();
    const answer = await browser.go(callback, { headers: { 'accept-language': 'fr' } });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('La connexion a été annulée ou refusée');
    expect(answer.text).toContain('lang="fr"');
    expect(answer.headers['cache-control']).toBe('no-store');
  });
});

describe('the account', () => {
  test('that nobody put into the files gets what to hand to the administrator, and no session', async () => {
    const answer = await browser.signIn(at('/me'), 'stranger');
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('account_unknown');
    expect(answer.text).toContain(idp.issuer);
    expect(answer.text).toContain('subject: &quot;stranger&quot;');
    expect([...portal.table.rows.values()].some((row) => row.subject === 'stranger')).toBe(false);
    expect((await me()).status).toBe(401);
  });

  test('of somebody who left is not let in', async () => {
    const answer = await browser.signIn(at('/me'), 'leaver');
    expect([answer.status, answer.text.includes('account_not_active')]).toEqual([403, true]);
  });

  test('is looked up again on every request', async () => {
    await browser.signIn(at('/me'), 'alice');
    expect((await me()).status).toBe(200);
    portal.policy = snapshot([provider('main', idp.issuer)], []);
    const without = await me();
    expect([without.status, codeOf(without)]).toEqual([403, 'account_unknown']);
    portal.policy = policy();
    expect((await me()).status).toBe(200);
  });

  test('counts only at a provider that serves such people', async () => {
    await browser.signIn(at('/me'), 'alice');
    const { accounts } = portal.policy;
    portal.policy = {
      ...portal.policy,
      providers: [provider('main', idp.issuer, { serves: ['controllers'] })],
      accounts,
    };
    expect((await me()).status).toBe(403);
    const other = new TestBrowser();
    expect((await other.signIn(at('/me'), 'alice')).text).toContain('account_unknown');
  });

  test('of an issuer that the provider’s entry no longer names is nobody', async () => {
    await browser.signIn(at('/me'), 'alice');
    portal.policy = { ...portal.policy, providers: [provider('main', 'https://login.example.org')] };
    expect((await me()).status).toBe(401);
  });

  test('of another kind is refused where only one kind may go', async () => {
    await browser.signIn(at('/me'), 'alice');
    const answer = await browser.go(at('/staff-only'), { headers: json });
    expect([answer.status, codeOf(answer)]).toEqual([403, 'not_for_you']);
  });
});

describe('a request', () => {
  test('without a sign-in is sent there if it is a navigation, and refused otherwise', async () => {
    const page = await browser.go(at('/me?a=b'));
    expect([page.status, page.headers.location]).toEqual([303, '/sign-in?return=%2Fme%3Fa%3Db']);
    const call = await me();
    expect([call.status, codeOf(call), call.headers['content-type']]).toEqual([
      401,
      'not_authenticated',
      'application/problem+json; charset=utf-8',
    ]);
  });

  test('learns within a second that the sign-in was ended by another process', async () => {
    const { id } = loginOf(await browser.signIn(at('/me'), 'alice'));
    const row = portal.table.rows.get(id);
    if (!row) throw new Error('no row');
    row.endedAt = Date.now();
    portal.clock.ahead += 1_000;
    expect((await me()).status).toBe(401);
    row.endedAt = undefined;
    expect((await me()).status).toBe(401);
  });

  test('is answered 503 when nobody can say whether the sign-in lives', async () => {
    await browser.signIn(at('/me'), 'alice');
    portal.table.available = false;
    portal.clock.ahead += 1_000;
    const answer = await me();
    expect([answer.status, codeOf(answer)]).toEqual([503, 'sessions_unavailable']);
    portal.table.available = true;
    expect((await me()).status).toBe(200);
  });
});

describe('nothing but a recorded sign-in counts', () => {
  test('when the log cannot be written nobody is signed in', async () => {
    const callback = await browser.signInUntilCallback(at('/me'), 'alice');
    portal.table.available = false;
    const answer = await browser.go(callback);
    expect([answer.status, answer.text.includes('ledger_unavailable')]).toEqual([503, true]);
    portal.table.available = true;
    expect((await me()).status).toBe(401);
  });
});

describe('strangers', () => {
  test('can start only so many sign-ins at once; whoever is signed in is not held up', async () => {
    const crowded = await startPortal();
    try {
      crowded.policy = policy();
      await browser.signIn(at('/me'), 'alice');
      const away = new URL('/sign-in/main', crowded.url);
      const answers: number[] = [];
      for (let batch = 0; batch < 30; batch++) {
        const several = Array.from({ length: 10 }, () => new TestBrowser().go(away));
        answers.push(...(await Promise.all(several)).map(({ status }) => status));
      }
      expect(answers.slice(0, 100).every((status) => status === 302)).toBe(true);
      expect(answers.slice(200)).toContain(503);
      const refused = await new TestBrowser().go(away);
      if (refused.status === 503) {
        expect([refused.headers['retry-after'], refused.text.includes('overloaded')]).toEqual(['2', true]);
        expect(refused.headers['set-cookie']).toBeUndefined();
      }
      crowded.clock.ahead += 5_000;
      expect((await new TestBrowser().go(away)).status).toBe(302);
    } finally {
      await crowded.close();
    }
  });
});
