/** A system with several hosts: each has a cookie of its own, and one access serves them all without asking twice. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startWorld, type World } from '../../src/demo/world.ts';
import { freePort, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type Answer, TestBrowser, type Visit } from '../support/oidc.ts';

/** Says of each navigation what browsers say of it. */
class NavigatingBrowser extends TestBrowser {
  override go(address: string | URL, visit: Visit = {}): Promise<Answer> {
    const headers = { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate', ...visit.headers };
    return super.go(address, { ...visit, headers });
  }
}

let world: World;
let gateway: TestGateway;
let policies: string;
let browser: TestBrowser;

beforeAll(async () => {
  policies = await mkdtemp(join(tmpdir(), 'consentry-hosts-'));
  await cp('policies', policies, { recursive: true });
  const acme = join(policies, 'clients', 'acme.yaml');
  const text = await readFile(acme, 'utf8');
  await writeFile(acme, text.replace('[erp.acme.localhost]', '[erp.acme.localhost, old-erp.acme.localhost]'));
  const port = await freePort();
  world = await startWorld(`http://portal.localhost:${port}`);
  const { identityProvider, clientSecret, erp } = world;
  gateway = await startTestGateway({
    policies,
    port,
    issuer: identityProvider.issuer,
    clientSecret,
    erp: erp.origin,
  });
  browser = new NavigatingBrowser();
});

afterAll(async () => {
  await gateway.close();
  await world.close();
  await rm(policies, { recursive: true, force: true });
});

const first = (path: string): string => `http://erp.acme.localhost:${gateway.port}${path}`;
const second = (path: string): string => `http://old-erp.acme.localhost:${gateway.port}${path}`;
const cookieOf = (host: string): string | undefined =>
  browser.cookies.get(`${host}:${gateway.port} __Host-consentry`);

async function declareOn(page: Answer): Promise<Answer> {
  const hidden = [...page.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  const form = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]));
  return browser.follow(new URL('/declare', page.url), {
    method: 'POST',
    headers: { origin: page.url.origin, 'sec-fetch-site': 'same-origin' },
    form: { ...form, systems: 'erp', purpose: 'hotline', reference: 'T-1', note: '', minutes: '30' },
  });
}

/** Through the portal's page that leads on, which a browser leaves by itself. */
async function on(answer: Answer): Promise<Answer> {
  const href = /href="([^"]*\/\.consentry\/enter[^"]*)"/.exec(answer.text)?.[1];
  return href === undefined ? answer : browser.follow(href.replaceAll('&amp;', '&'));
}

test('is entered on the host that was wanted, then on the other without a question', async () => {
  const page = await browser.signIn(second('/customers'), 'alice');
  expect(page.url.pathname).toBe('/declare');
  expect(page.url.searchParams.get('h')).toBe('old-erp.acme.localhost');
  const entered = await on(await declareOn(page));
  expect([entered.status, entered.url.href]).toEqual([200, second('/customers')]);
  expect(cookieOf('old-erp.acme.localhost')).toBeDefined();
  expect(cookieOf('erp.acme.localhost')).toBeUndefined();

  const other = await on(await browser.follow(first('/customers')));
  expect([other.status, other.url.href]).toEqual([200, first('/customers')]);
  expect(cookieOf('erp.acme.localhost')).toBeDefined();
  expect(cookieOf('erp.acme.localhost')).not.toBe(cookieOf('old-erp.acme.localhost'));
  const lines = await gateway.lines();
  const opened = lines.filter(({ leaf }) => leaf.t === 'session.opened').map(({ leaf }) => leaf.id);
  const intents = lines.filter(({ leaf }) => leaf.t === 'access.intent').map(({ leaf }) => leaf.session);
  expect(opened).toHaveLength(1);
  expect(new Set(intents)).toEqual(new Set(opened));
});

test('asks when the person wishes to declare anew, and anybody who did not declare', async () => {
  const anew = await browser.follow(first('/.consentry/declare?to=/'));
  expect([anew.url.pathname, anew.url.searchParams.get('on')]).toEqual(['/declare', null]);
  expect(anew.text).toContain('name="purpose"');
  const before = browser;
  browser = new NavigatingBrowser();
  const elsewhere = await browser.signIn(first('/customers'), 'alice');
  expect(elsewhere.url.pathname).toBe('/declare');
  expect(elsewhere.text).toContain('name="purpose"');
  browser = before;
});

test('asks again on each host when the access is over', async () => {
  const [opening] = [...(await gateway.app.authority.client('acme')).openings.values()];
  await gateway.app.authority.end({ client: 'acme', opening: opening?.id ?? '' }, 'technician', undefined);
  for (const address of [first('/customers'), second('/customers')]) {
    const page = await browser.follow(address);
    expect([page.url.pathname, page.text.includes('name="purpose"')]).toEqual(['/declare', true]);
  }
});
