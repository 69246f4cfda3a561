/** A system with several hosts: each has a cookie of its own, and one access serves them all without asking twice. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestGateway } from '../support/gateway.ts';
import { NavigatingBrowser, startTwoHosts, type TwoHosts } from './two-hosts.ts';

let hosts: TwoHosts;
let gateway: TestGateway;
let browser: NavigatingBrowser;

beforeAll(async () => {
  hosts = await startTwoHosts();
  ({ gateway } = hosts);
  browser = new NavigatingBrowser();
});

afterAll(() => hosts.close());

const first = (path: string): string => hosts.first(path);
const second = (path: string): string => hosts.second(path);
const cookieOf = (host: string): string | undefined => hosts.cookieOf(browser, host);

test('is entered on the host that was wanted, then on the other without a question', async () => {
  const page = await browser.signIn(second('/customers'), 'alice');
  expect(page.url.pathname).toBe('/declare');
  expect(page.url.searchParams.get('h')).toBe('old-erp.acme.localhost');
  const entered = await browser.on(await browser.declareOn(page));
  expect([entered.status, entered.url.href]).toEqual([200, second('/customers')]);
  expect(cookieOf('old-erp.acme.localhost')).toBeDefined();
  expect(cookieOf('erp.acme.localhost')).toBeUndefined();

  const other = await browser.on(await browser.follow(first('/customers')));
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
