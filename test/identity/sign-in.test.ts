import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Login } from '../../src/core/commands.ts';
import { createIdentityProvider, type DemoIdentityProvider } from '../../src/demo/identity-provider.ts';
import { TestBrowser } from '../support/oidc.ts';
import { clientOf, provider, snapshot, startPortal, type TestPortal, user } from './portal.ts';

const people = ['alice', 'bruno', 'stranger'].map((login) => ({ login, name: `${login} of the tests` }));

describe('sign-in with one provider', () => {
  let portal: TestPortal;
  let idp: DemoIdentityProvider;
  let browser: TestBrowser;

  beforeAll(async () => {
    portal = await startPortal();
    idp = await createIdentityProvider({ clients: [clientOf(portal.url)], people });
    portal.policy = snapshot(
      [provider('main', idp.issuer)],
      [
        { kind: 'provider-user', user: user('alice', idp.issuer) },
        { kind: 'provider-user', user: user('bruno', idp.issuer) },
      ],
    );
  });
  afterAll(async () => {
    await idp.close();
    await portal.close();
  });
  beforeEach(() => {
    portal.clock.ahead = 0;
    portal.table.available = true;
    browser = new TestBrowser();
  });

  const me = (who = browser) =>
    who.go(new URL('/me', portal.url), { headers: { accept: 'application/json' } });

  test('leads to where the person wanted to go, and knows who it is', async () => {
    const answer = await browser.signIn(new URL('/me?x=1', portal.url), 'alice');
    expect(answer.url.href).toBe(new URL('/me?x=1', portal.url).href);
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
});
