import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { Login } from '../../src/core/commands.ts';
import { TestBrowser } from '../support/oidc.ts';
import { createHostileProvider, type HostileProvider } from './hostile-provider.ts';
import { provider, snapshot, startPortal, type TestPortal, user } from './portal.ts';

const event = 'http://schemas.openid.net/event/backchannel-logout';
const json = { accept: 'application/json', 'sec-fetch-mode': 'cors' };

let portal: TestPortal;
let idp: HostileProvider;
let browser: TestBrowser;
let login: Login;
let count = 0;

beforeAll(async () => {
  portal = await startPortal();
  idp = await createHostileProvider();
  portal.policy = snapshot(
    [provider('main', idp.issuer)],
    [{ kind: 'provider-user', user: user('alice', idp.issuer) }],
  );
});
afterAll(async () => {
  await idp.close();
  await portal.close();
});
beforeEach(async () => {
  portal.table.available = true;
  browser = new TestBrowser();
  login = (JSON.parse((await browser.follow(new URL('/me', portal.url))).text) as { login: Login }).login;
});

function claims(more: JWTPayload = {}): JWTPayload {
  const now = Math.floor(Date.now() / 1_000);
  const jti = `token-${count++}`;
  return {
    iss: idp.issuer,
    aud: 'consentry',
    iat: now,
    exp: now + 120,
    jti,
    events: { [event]: {} },
    sub: 'alice',
    sid: 'sid-1',
    ...more,
  };
}

async function send(token: string, id = 'main') {
  const url = new URL(`/backchannel-logout/${id}`, portal.url);
  return new TestBrowser().go(url, { method: 'POST', form: { logout_token: token } });
}

async function alive(): Promise<boolean> {
  return (await browser.go(new URL('/me', portal.url), { headers: json })).status === 200;
}

describe('a logout token', () => {
  test('ends the session it names', async () => {
    expect(login.sid).toBe('sid-1');
    const answer = await send(await idp.sign(claims(), { typ: 'logout+jwt' }));
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(await alive()).toBe(false);
  });

  test('without a session ends everything of the subject', async () => {
    const { sid: _sid, ...bySubject } = claims();
    expect((await send(await idp.sign(bySubject))).status).toBe(200);
    expect(await alive()).toBe(false);
  });

  test('for another session or subject ends nothing', async () => {
    expect((await send(await idp.sign(claims({ sid: 'sid-2' })))).status).toBe(200);
    const { sid: _sid, ...other } = claims({ sub: 'bruno' });
    expect((await send(await idp.sign(other))).status).toBe(200);
    expect(await alive()).toBe(true);
  });

  test('counts once', async () => {
    const token = await idp.sign(claims({ sid: 'sid-2' }));
    expect((await send(token)).status).toBe(200);
    expect((await send(token)).status).toBe(400);
  });

  const now = () => Math.floor(Date.now() / 1_000);
  const without = (name: string) => {
    const all = claims();
    delete all[name];
    return all;
  };
  test.each<[string, () => JWTPayload, { typ?: string; kid?: string }?]>([
    ['for another application', () => claims({ aud: 'other' })],
    ['of another issuer', () => claims({ iss: 'https://evil.example' })],
    ['that has expired', () => claims({ iat: now() - 300, exp: now() - 61 })],
    ['issued long ago', () => claims({ iat: now() - 700, exp: now() + 300 })],
    ['issued in the future', () => claims({ iat: now() + 600, exp: now() + 900 })],
    ['with a nonce', () => claims({ nonce: 'n' })],
    ['without an event', () => without('events')],
    ['with another event', () => claims({ events: { 'https://example.org/other': {} } })],
    ['with an event that says nothing', () => claims({ events: { [event]: 'yes' } })],
    ['without an id', () => without('jti')],
    ['without an expiry', () => without('exp')],
    ['without an instant', () => without('iat')],
    ['with a session that is no text', () => claims({ sid: 7 as unknown as string })],
    ['that names nobody', () => claims({ sid: undefined, sub: undefined } as unknown as JWTPayload)],
    ['of another type', () => claims(), { typ: 'at+jwt' }],
    ['under an unknown key', () => claims(), { kid: 'two' }],
  ])('%s is refused', async (_name, make, header = {}) => {
    const answer = await send(await idp.sign(make(), header));
    expect([answer.status, JSON.parse(answer.text)]).toEqual([400, { error: 'invalid_request' }]);
    expect(await alive()).toBe(true);
  });

  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  test.each<[string, () => string | Promise<string>]>([
    ['unsigned', () => `${part({ alg: 'none' })}.${part(claims())}.`],
    [
      'signed with the client secret',
      () => {
        const text = `${part({ alg: 'HS256', kid: 'one' })}.${part(claims())}`;
        return `${text}.${createHmac('sha256', 'the client secret of the tests').update(text).digest('base64url')}`;
      },
    ],
    [
      'signed with somebody else’s key',
      async () => {
        const { privateKey } = await generateKeyPair('ES256');
        return new SignJWT(claims()).setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(privateKey);
      },
    ],
    ['that is no token', () => 'x'],
    ['that is empty', () => ''],
  ])('%s is refused', async (_name, make) => {
    expect((await send(await make())).status).toBe(400);
    expect(await alive()).toBe(true);
  });

  test('at a provider that does not exist is refused', async () => {
    expect((await send(await idp.sign(claims()), 'other')).status).toBe(400);
    expect(await alive()).toBe(true);
  });

  test('that cannot be recorded is answered 400, and blocks here all the same', async () => {
    portal.table.available = false;
    expect((await send(await idp.sign(claims()))).status).toBe(400);
    portal.table.available = true;
    expect(await alive()).toBe(false);
  });
});
