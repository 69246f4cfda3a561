/**
 * Signing in again because a system or purpose asks for more: the whole product and a real identity provider. The
 * declaration says so and leads to the provider with what is asked; afterwards the same declaration is possible.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createErp } from '../../src/demo/erp.ts';
import { createIdentityProvider, type DemoIdentityProvider } from '../../src/demo/identity-provider.ts';
import type { DemoServer } from '../../src/demo/server.ts';
import { freePort, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type Answer, TestBrowser } from '../support/oidc.ts';

let idp: DemoIdentityProvider;
let erp: DemoServer;
let gateway: TestGateway;
let policies: string;
let portal: string;
let system: string;

async function edit(file: string, from: string, to: string): Promise<void> {
  const path = join(policies, file);
  const text = await readFile(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
  await writeFile(path, text.replace(from, to));
}

beforeAll(async () => {
  policies = await mkdtemp(join(tmpdir(), 'consentry-policies-'));
  await cp('policies', policies, { recursive: true });
  await rm(join(policies, 'cases'), { recursive: true });
  await edit(
    'clients/acme.yaml',
    '    profile: erp-demo\n',
    '    profile: erp-demo\n    authentication: { acr: ["urn:strong"], max_age_minutes: 30 }\n',
  );
  await edit(
    'purposes.yaml',
    '    minutes: 60\n',
    '    minutes: 60\n    authentication: { acr: ["urn:strong", "urn:stronger"], amr: [hwk], max_age_minutes: 10 }\n',
  );
  const port = await freePort();
  portal = `http://portal.localhost:${port}`;
  system = `http://erp.acme.localhost:${port}`;
  const clientSecret = 'a-secret-of-the-tests-that-is-long-enough';
  idp = await createIdentityProvider({
    clients: [
      {
        client_id: 'consentry',
        client_secret: clientSecret,
        redirect_uris: [`${portal}/callback/company`],
      },
    ],
    people: [{ login: 'alice', name: 'Alice' }],
    authentication: { acr: 'urn:weak', amr: ['pwd'] },
    stronger: { acr: 'urn:strong', amr: ['pwd', 'hwk'] },
  });
  erp = await createErp({});
  gateway = await startTestGateway({ port, policies, erp: erp.origin, issuer: idp.issuer, clientSecret });
});

afterAll(async () => {
  await gateway?.close();
  await erp?.close();
  await idp?.close();
  await rm(policies, { recursive: true, force: true });
});

function linkTo(page: Answer, purpose: string): URL {
  const links = [...page.text.matchAll(/href="(\/sign-in\/[^"]+)"/g)].map(
    ([, href = '']) => new URL(href.replaceAll('&amp;', '&'), page.url),
  );
  const found = links.find((link) => link.searchParams.get('purpose') === purpose);
  if (found === undefined) throw new Error(`no way to sign in again for ${purpose}`);
  return found;
}

function fieldsOf(page: Answer): Record<string, string> {
  const form = /<form method="post" action="\/declare"[\s\S]*?<\/form>/.exec(page.text)?.[0] ?? '';
  const hidden = [...form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  return Object.fromEntries(
    hidden.map(([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')]),
  );
}

async function declare(browser: TestBrowser, page: Answer): Promise<Answer> {
  const form = {
    ...fieldsOf(page),
    systems: 'erp',
    purpose: 'hotline',
    reference: 'T-1',
    note: '',
    minutes: '60',
  };
  return browser.go(`${portal}/declare`, { method: 'POST', form, headers: { origin: portal } });
}

test('too weak: the declaration leads to a stronger sign-in and back to itself, and then opens the system', async () => {
  const browser = new TestBrowser();
  const weak = await browser.signIn(`${system}/customers?page=2`, 'alice');
  expect(weak.url.pathname).toBe('/declare');
  expect(weak.text).toMatch(/value="hotline"[^>]*disabled/);
  expect(weak.text).toContain('Stronger sign-in needed');

  const refused = await declare(browser, weak);
  expect(refused.status).toBe(422);
  expect(refused.text).toContain('Sign in again and come back here');

  // Hotline asks for one of two classes, the system for one of them; of both ages the shorter one.
  const again = await browser.follow(linkTo(weak, 'hotline'));
  expect(again.url.pathname).toMatch(/^\/interaction\//);
  const away = await browser.go(linkTo(weak, 'hotline'));
  const asked = new URL(String(away.headers.location)).searchParams;
  expect(Object.fromEntries(asked)).toMatchObject({
    prompt: 'login consent',
    acr_values: 'urn:strong',
    max_age: '600',
  });

  const back = await browser.signIn(linkTo(weak, 'hotline'), 'alice');
  expect(back.url.pathname).toBe('/declare');
  for (const name of ['system', 'f', 'n'])
    expect(back.url.searchParams.get(name)).toBe(weak.url.searchParams.get(name));
  expect(back.text).toMatch(/value="hotline"[^>]*checked/);
  expect(back.text).not.toContain('Stronger sign-in needed');

  const declared = await declare(browser, back);
  expect(declared.status).toBe(303);
  const page = await browser.go(new URL(String(declared.headers.location), portal));
  const onward = /content="0; url=([^"]+)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
  expect(new URL(onward).origin).toBe(system);
  const entered = await browser.go(onward);
  expect(new URL(String(entered.headers.location), system).href).toBe(`${system}/customers?page=2`);
  const headers = { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'none' };
  expect((await browser.go(`${system}/customers?page=2`, { headers })).status).toBe(200);

  // The access ends when the sign-in will be too old for its purpose, although sixty minutes were asked for.
  const { openings } = await gateway.app.authority.client('acme');
  const [opening] = [...openings.values()].filter(({ purpose }) => purpose === 'hotline');
  const { at } = opening?.authentication ?? { at: 0 };
  expect(opening?.endsAt).toBe(at + 10 * 60_000);
});

test('what only the system asks is asked for another purpose', async () => {
  const browser = new TestBrowser();
  const weak = await browser.signIn(`${system}/customers`, 'alice');
  const away = await browser.go(linkTo(weak, 'support'));
  const asked = new URL(String(away.headers.location)).searchParams;
  expect(Object.fromEntries(asked)).toMatchObject({
    prompt: 'login consent',
    acr_values: 'urn:strong',
    max_age: '1800',
  });
});

test('nothing to ask for: an address with names that mean nothing only signs in again', async () => {
  const browser = new TestBrowser();
  await browser.signIn(`${system}/customers`, 'alice');
  const away = await browser.go(`${portal}/sign-in/company?again=1&for=x/y&for=z&purpose=__proto__`);
  const asked = new URL(String(away.headers.location)).searchParams;
  expect(asked.get('prompt')).toBe('login consent');
  expect(asked.has('acr_values')).toBe(false);
  expect(asked.has('max_age')).toBe(false);
});
