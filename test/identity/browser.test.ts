import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import express from 'express';
import helmet from 'helmet';
import type { Page } from 'playwright-core';
import type { Seat } from '../../src/core/commands.ts';
import { createIdentityProvider, type DemoIdentityProvider } from '../../src/demo/identity-provider.ts';
import { type Credential, createPasskeys, type Signature } from '../../src/identity/passkeys.ts';
import { browserAvailable, type LaunchedBrowser, launch } from '../support/browser.ts';
import { clientOf, provider, snapshot, startPortal, type TestPortal, user } from './portal.ts';

const policy = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'style-src': ["'self'"],
      'script-src': ["'self'"],
      'connect-src': ["'self'"],
      'form-action': ["'self'"],
    },
  },
  referrerPolicy: { policy: 'no-referrer' },
});

const available = browserAvailable();
if (!available) {
  test('a browser is missing here, which is not an error outside CI', () => {
    expect(process.env.CI).not.toBe('true');
  });
}
if (available) {
  let chromium: LaunchedBrowser;
  beforeAll(async () => {
    chromium = await launch({ locale: 'fr-FR' });
  });
  afterAll(() => chromium.close());

  describe('in Chromium, over plain HTTP at portal.localhost', () => {
    let portal: TestPortal;
    let idp: DemoIdentityProvider;
    beforeAll(async () => {
      portal = await startPortal({ before: [policy] });
      idp = await createIdentityProvider({
        clients: [clientOf(portal.url)],
        people: ['alice', 'stranger'].map((login) => ({ login, name: login })),
      });
      portal.policy = snapshot(
        [provider('main', idp.issuer)],
        [{ kind: 'provider-user', user: user('alice', idp.issuer) }],
      );
    });
    afterAll(async () => {
      await idp.close();
      await portal.close();
    });

    async function signIn(page: Page, login: string): Promise<void> {
      await page.goto(new URL('/form', portal.url).href);
      await page.getByLabel('Login').fill(login);
      await page.getByLabel('Password').fill('any');
      await page.getByRole('button', { name: 'Se connecter' }).click();
    }

    test('somebody signs in, acts, and signs out at the provider too without another click', async () => {
      const page = await chromium.context.newPage();
      await signIn(page, 'alice');
      await page.waitForURL(new URL('/form', portal.url).href);
      const cookies = await chromium.context.cookies(portal.url.href);
      expect(cookies).toEqual([
        expect.objectContaining({
          name: '__Host-consentry-portal',
          secure: true,
          httpOnly: true,
          sameSite: 'Lax',
          domain: 'portal.localhost',
          expires: -1,
        }),
      ]);
      await page.getByRole('button', { name: 'Act' }).click();
      expect(await page.textContent('body')).toBe('done');

      await page.goto(new URL('/form', portal.url).href);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.waitForURL(new URL('/signed-out', portal.url).href);
      expect(await page.textContent('h1')).toBe('Vous êtes déconnecté');
      expect([...portal.table.rows.values()].every((row) => row.endedAt !== undefined)).toBe(true);

      await page.goto(new URL('/form', portal.url).href);
      expect(new URL(page.url()).pathname).toMatch(/^\/interaction\//);
      await page.close();
    });

    test('an unknown person is told what to hand over, and may use another account', async () => {
      const page = await chromium.context.newPage();
      await signIn(page, 'stranger');
      await page.waitForURL(/\/callback\/main/);
      expect(await page.textContent('h1')).toBe('Personne ne vous a encore donné accès');
      expect(await page.textContent('pre')).toBe(
        `    name: "stranger"\n    issuer: "${idp.issuer}"\n    subject: "stranger"\n`,
      );
      await page.getByRole('link', { name: 'Utiliser un autre compte' }).click();
      await page.getByLabel('Login').fill('alice');
      await page.getByRole('button', { name: 'Se connecter' }).click();
      await page.waitForURL(new URL('/', portal.url).href);
      await page.close();
    });
  });

  describe('a passkey in Chromium', () => {
    let ceremonies: Ceremonies;
    beforeAll(async () => {
      ceremonies = await startCeremonies();
    });
    afterAll(() => ceremonies.close());

    test('is enrolled and signs the very hash of a text', async () => {
      const page = await chromium.context.newPage();
      await withVirtualAuthenticator(page, true);
      await page.goto(ceremonies.url);
      await page.getByRole('button', { name: 'enrol' }).click();
      await page.waitForSelector('output:text("enrolled")');
      await page.getByRole('button', { name: 'sign' }).click();
      await page.waitForSelector('output:text("signed")');
      expect(ceremonies.credential?.method).toBe('passkey');
      const client = Buffer.from(ceremonies.signature?.clientData ?? '', 'base64url').toString('utf8');
      expect(JSON.parse(client)).toMatchObject({
        challenge: ceremonies.textHash.slice('sha256:'.length),
        origin: new URL(ceremonies.url).origin,
      });
      await page.close();
    });

    test('that cannot verify the person is of no use', async () => {
      const page = await chromium.context.newPage();
      await withVirtualAuthenticator(page, false);
      await page.goto(ceremonies.url);
      await page.getByRole('button', { name: 'enrol' }).click();
      await page.waitForSelector('output:text("NotAllowedError")');
      await page.close();
    });
  });
}

async function withVirtualAuthenticator(page: Page, verifies: boolean): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: verifies,
      automaticPresenceSimulation: true,
    },
  });
}

interface Ceremonies {
  readonly url: string;
  readonly textHash: string;
  credential: Credential | undefined;
  signature: Signature | undefined;
  close(): Promise<void>;
}

const script = `
const output = document.querySelector('output');
const post = async (path, body) => {
  const answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};
const run = (work) => work().then((text) => { output.textContent = text; }, (error) => { output.textContent = error.name; });
document.querySelector('#enrol').addEventListener('click', () => run(async () => {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await post('/enrol/options', {}));
  await post('/enrol', (await navigator.credentials.create({ publicKey })).toJSON());
  return 'enrolled';
}));
document.querySelector('#sign').addEventListener('click', () => run(async () => {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await post('/sign/options', {}));
  await post('/sign', (await navigator.credentials.get({ publicKey })).toJSON());
  return 'signed';
}));
`;

/** A page with two buttons around the real ceremonies. */
async function startCeremonies(): Promise<Ceremonies> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://portal.localhost:${(server.address() as AddressInfo).port}`;
  const clock = { now: () => Date.now(), monotonic: () => performance.now() };
  const passkeys = createPasskeys({ rpId: 'portal.localhost', origin, clock });
  const req = { session: {} };
  const textHash = `sha256:${createHash('sha256').update('the text of the agreement').digest('base64url')}`;
  const state: Ceremonies = {
    url: `${origin}/`,
    textHash,
    credential: undefined,
    signature: undefined,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const seat = () => ({ id: 'seat', ...state.credential }) as Seat;
  const app = express();
  app.use(policy, express.json());
  app.get('/', (_req, res) => {
    res.send(
      '<!doctype html><button id="enrol">enrol</button><button id="sign">sign</button><output></output><script type="module" src="/page.js"></script>',
    );
  });
  app.get('/page.js', (_req, res) => void res.type('js').send(script));
  app.post('/enrol/options', async (_req, res) => {
    res.json(await passkeys.registrationOptions(req, { id: 'claire', name: 'Claire' }, []));
  });
  app.post('/enrol', async (asked, res) => {
    state.credential = await passkeys.verifyRegistration(req, asked.body);
    res.status(state.credential ? 200 : 422).json({});
  });
  app.post(
    '/sign/options',
    async (_req, res) => void res.json(await passkeys.assertionOptions(textHash, [seat()])),
  );
  app.post('/sign', async (asked, res) => {
    state.signature = await passkeys.verifyAssertion(asked.body, textHash, seat());
    res.status(state.signature ? 200 : 422).json({});
  });
  server.on('request', app);
  return state;
}
