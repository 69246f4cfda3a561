import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { JWTPayload } from 'jose';
import { type Answer, TestBrowser } from '../support/oidc.ts';
import { stopwatch } from '../support/stopwatch.ts';
import { createHostileProvider, type HostileProvider } from './hostile-provider.ts';
import { provider, snapshot, startPortal, type TestPortal, user } from './portal.ts';

const json = { accept: 'application/json', 'sec-fetch-mode': 'cors' };

let portal: TestPortal;
let one: HostileProvider;
let two: HostileProvider;
let browser: TestBrowser;

beforeAll(async () => {
  portal = await startPortal();
  one = await createHostileProvider();
  two = await createHostileProvider();
});
afterAll(async () => {
  await one.close();
  await two.close();
  await portal.close();
});
beforeEach(() => {
  one.lies = {};
  two.lies = {};
  one.asked.length = 0;
  two.asked.length = 0;
  portal.clock.ahead = 0;
  portal.signIn.forget();
  portal.policy = snapshot(
    [provider('one', one.issuer, { serves: ['staff'] }), provider('two', two.issuer, { serves: ['staff'] })],
    [
      { kind: 'provider-user', user: user('alice-of-one', one.issuer, 'alice') },
      { kind: 'provider-user', user: user('alice-of-two', two.issuer, 'alice') },
    ],
  );
  browser = new TestBrowser();
});

const at = (path: string) => new URL(path, portal.url);
const me = (who = browser) => who.go(at('/me'), { headers: json });
const codeIn = (answer: Answer) => /<p class="code"><code>(.*?)<\/code>/.exec(answer.text)?.[1];
const whoIn = (answer: Answer) => (JSON.parse(answer.text) as { login: { who: string } }).login.who;

describe('two providers side by side', () => {
  test('are offered for choice', async () => {
    const page = await browser.follow(at('/me'));
    expect(page.url.pathname).toBe('/sign-in');
    expect(page.text).toContain('href="/sign-in/one?return=%2Fme"');
    expect(page.text).toContain('href="/sign-in/two?return=%2Fme"');
    const french = await browser.go(page.url, { headers: { 'accept-language': 'fr-FR,fr;q=0.9' } });
    expect(french.text).toContain('Fournisseur two');
  });

  test('make two people of one subject', async () => {
    expect(whoIn(await browser.follow(at('/sign-in/one?return=/me')))).toBe('alice-of-one');
    expect(whoIn(await new TestBrowser().follow(at('/sign-in/two?return=/me')))).toBe('alice-of-two');
  });

  test('cannot answer for each other', async () => {
    two.lies = { callback: (parameters) => parameters.set('iss', one.issuer) };
    expect(codeIn(await browser.follow(at('/sign-in/two?return=/me')))).toBe('sign_in_failed');
    // The state of one sign-in, brought back at the other provider's address.
    const away = new URL((await browser.go(at('/sign-in/one'))).headers.location as string);
    const crossed = at('/callback/two');
    crossed.search = new URLSearchParams({
      code: 'code-0',
      state: away.searchParams.get('state') ?? '',
      iss: two.issuer,
    }).toString();
    expect(codeIn(await browser.go(crossed))).toBe('sign_in_expired');
    expect((await me()).status).toBe(401);
  });

  test('one of them unknown to the policy is not found', async () => {
    expect(codeIn(await browser.go(at('/sign-in/three')))).toBe('sign_in_unknown_provider');
    expect(codeIn(await browser.go(at('/callback/three?code=x&state=y')))).toBe('sign_in_unknown_provider');
  });

  test('without any, says so', async () => {
    portal.policy = snapshot([], []);
    const page = await browser.go(at('/sign-in'));
    expect([page.status, codeIn(page)]).toEqual([503, 'sign_in_not_configured']);
  });

  test('with another claim for the subject, that claim is the person', async () => {
    portal.policy = snapshot(
      [provider('one', one.issuer, { subjectClaim: 'oid' })],
      [{ kind: 'provider-user', user: user('by-oid', one.issuer, 'object-7') }],
    );
    one.lies = { claims: (claims) => ({ ...claims, oid: 'object-7' }) };
    expect(whoIn(await browser.follow(at('/me')))).toBe('by-oid');
    one.lies = {};
    expect(codeIn(await new TestBrowser().follow(at('/me')))).toBe('sign_in_failed');
  });
});

describe('groups', () => {
  const groups = new Map([
    ['g-hotline', 'hotline'],
    ['g-hosting', 'hosting'],
  ]);
  const groupsOf = async (): Promise<unknown> => {
    const answer = JSON.parse((await new TestBrowser().follow(at('/me'))).text) as { authentication: object };
    return (answer.authentication as { groups?: unknown }).groups;
  };

  test.each<[string, unknown, unknown]>([
    ['those that have a meaning here are kept, and no other', ['g-hotline', 'g-payroll'], ['g-hotline']],
    ['one alone may be plain text', 'g-hosting', ['g-hosting']],
    ['none of ours', ['g-payroll'], undefined],
    ['no claim', undefined, undefined],
    ['a claim that is no list of texts', [{ name: 'g-hotline' }, 7, null], undefined],
  ])('%s', async (_name, said, kept) => {
    portal.policy = snapshot(
      [provider('one', one.issuer, { groupsClaim: 'groups', teams: groups })],
      [{ kind: 'provider-user', user: user('alice', one.issuer) }],
    );
    one.lies = { claims: (claims) => ({ ...claims, groups: said }) };
    expect(await groupsOf()).toEqual(kept);
    const [login] = [...portal.table.rows.values()].slice(-1);
    expect(login?.groups).toEqual(kept);
  });

  test('are not looked at where the policy names no claim', async () => {
    portal.policy = snapshot(
      [provider('one', one.issuer)],
      [{ kind: 'provider-user', user: user('alice', one.issuer) }],
    );
    one.lies = { claims: (claims) => ({ ...claims, groups: ['g-hotline'] }) };
    expect(await groupsOf()).toBeUndefined();
  });
});

describe('an ID token', () => {
  const now = () => Math.floor(Date.now() / 1_000);
  test.each<[string, (claims: JWTPayload) => JWTPayload]>([
    ['with another nonce', (claims) => ({ ...claims, nonce: 'another' })],
    ['without a nonce', ({ nonce: _nonce, ...claims }) => claims],
    ['for another application', (claims) => ({ ...claims, aud: 'other' })],
    [
      'for several, issued to another',
      (claims) => ({ ...claims, aud: ['consentry', 'other'], azp: 'other' }),
    ],
    ['of another issuer', (claims) => ({ ...claims, iss: 'https://evil.example' })],
    ['that has expired', (claims) => ({ ...claims, iat: now() - 900, exp: now() - 120 })],
    ['without an expiry', ({ exp: _exp, ...claims }) => claims],
    ['without a subject', ({ sub: _sub, ...claims }) => claims],
  ])('%s signs nobody in', async (_name, lie) => {
    one.lies = { claims: lie };
    const answer = await browser.follow(at('/sign-in/one?return=/me'));
    expect([answer.status, codeIn(answer)]).toEqual([400, 'sign_in_failed']);
    expect((await me()).status).toBe(401);
  });

  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  test.each<[string, (claims: JWTPayload) => string | Promise<string>]>([
    ['unsigned', (claims) => `${part({ alg: 'none' })}.${part(claims)}.`],
    [
      'signed with the client secret',
      (claims) => {
        const text = `${part({ alg: 'HS256' })}.${part(claims)}`;
        return `${text}.${createHmac('sha256', 'the client secret of the tests').update(text).digest('base64url')}`;
      },
    ],
    ['signed by another provider', (claims) => two.sign(claims)],
    [
      'changed after it was signed',
      async (claims) => (await one.sign(claims)).replace(/\..*\./, `.${part({ ...claims, sub: 'bruno' })}.`),
    ],
  ])('%s signs nobody in', async (_name, make) => {
    one.lies = { idToken: make };
    const answer = await browser.follow(at('/sign-in/one?return=/me'));
    expect([answer.status, codeIn(answer)]).toEqual([400, 'sign_in_failed']);
    expect((await me()).status).toBe(401);
  });

  test('that does not say when the person authenticated counts as too old for any rule', async () => {
    one.lies = { claims: ({ auth_time: _time, ...claims }) => claims };
    const answer = await browser.follow(at('/sign-in/one?return=/me'));
    expect(JSON.parse(answer.text)).toMatchObject({ authentication: { at: 0, amr: [] } });
  });
});

describe('a provider', () => {
  test('that names another issuer is not used', async () => {
    one.lies = { metadata: { issuer: `${one.issuer}/` } };
    const answer = await browser.follow(at('/sign-in/one'));
    expect([answer.status, codeIn(answer)]).toEqual([503, 'identity_provider_unavailable']);
  });

  test('that redirects its metadata elsewhere is not followed', async () => {
    one.lies = { status: 302 };
    expect(codeIn(await browser.follow(at('/sign-in/one')))).toBe('identity_provider_unavailable');
    expect(one.asked).toEqual(['/.well-known/openid-configuration']);
  });

  test('over plain HTTP beyond loopback is never asked', async () => {
    portal.policy = snapshot([provider('one', 'http://login.example.org')], []);
    expect(codeIn(await browser.follow(at('/sign-in/one')))).toBe('identity_provider_unavailable');
  });

  test('that is down is told at once, asked again only after a pause, and used as soon as it is back', async () => {
    one.lies = { status: 500 };
    const first = await browser.follow(at('/sign-in/one'));
    expect([first.status, codeIn(first), first.headers['retry-after']]).toEqual([
      503,
      'identity_provider_unavailable',
      '10',
    ]);
    for (let again = 0; again < 20; again++) await browser.follow(at('/sign-in/one'));
    expect(one.asked).toHaveLength(1);
    one.lies = {};
    portal.clock.ahead += 31_000;
    expect((await browser.follow(at('/sign-in/one?return=/me'))).status).toBe(200);
  });

  test('is looked up once for many who arrive together', async () => {
    const people = Array.from({ length: 10 }, () => new TestBrowser());
    await Promise.all(people.map((person) => person.go(at('/sign-in/one'))));
    expect(one.asked).toEqual(['/.well-known/openid-configuration']);
  });

  test('that never answers is given up after a few seconds', async () => {
    one.lies = { silent: true };
    const took = stopwatch();
    expect(codeIn(await browser.follow(at('/sign-in/one')))).toBe('identity_provider_unavailable');
    expect(took().ran).toBeLessThan(5_000);
  });

  test('that fails at the token endpoint leaves nobody signed in', async () => {
    const away = (await browser.go(at('/sign-in/one?return=/me'))).headers.location as string;
    const callback = (await browser.go(away)).headers.location as string;
    one.lies = { status: 500 };
    const answer = await browser.go(callback);
    expect([answer.status, codeIn(answer)]).toEqual([503, 'identity_provider_unavailable']);
    expect((await me()).status).toBe(401);
  });

  test('keeps those who are signed in when it goes away', async () => {
    await browser.follow(at('/sign-in/one?return=/me'));
    one.lies = { status: 500 };
    expect((await me()).status).toBe(200);
  });
});

test('the log never holds anything of a token or a person', () => {
  const text = JSON.stringify(portal.logged);
  expect(portal.logged.length).toBeGreaterThan(0);
  expect(text).not.toMatch(/alice|eyJ|code-\d/);
});
