/**
 * Entering a system in real Chromium: several tabs at once, a form of a sibling system's page, a form that meets an
 * ended access, a code that is tried twice, another person's browser. Cookies are the browser's own business here.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { startWorld, type World } from '../../src/demo/world.ts';
import { browserAvailable, type LaunchedBrowser, launch } from '../support/browser.ts';
import { freePort, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { until } from '../support/streams.ts';

let world: World;
let gateway: TestGateway;
let browser: LaunchedBrowser;
let context: BrowserContext;
let erp: string;
let payroll: string;
let portal: string;
const here = browserAvailable();

beforeAll(async () => {
  if (!here) return;
  const port = await freePort();
  portal = `http://portal.localhost:${port}`;
  erp = `http://erp.acme.localhost:${port}`;
  payroll = `http://payroll.martin.localhost:${port}`;
  world = await startWorld(portal);
  gateway = await startTestGateway({
    port,
    erp: world.erp.origin,
    backup: world.backup.origin,
    payroll: world.payroll.origin,
    issuer: world.identityProvider.issuer,
    clientSecret: world.clientSecret,
  });
  browser = await launch({ alone: true });
  context = browser.context;
});

afterAll(async () => {
  await browser?.close();
  await gateway?.close();
  await world?.close();
});

async function signIn(page: Page): Promise<void> {
  await page.fill('[name=login]', 'alice');
  await page.fill('[name=password]', 'any');
  await page.click('button[type=submit]');
  await page.waitForURL((url) => url.pathname === '/declare');
}

async function declare(page: Page, purpose: string): Promise<void> {
  await page.check(`input[name=purpose][value=${purpose}]`);
  await page.fill('[name=reference]', 'T-1');
  await page.getByRole('button', { name: /Declare/ }).click();
}

function path(page: Page): string {
  const { pathname, search, hash } = new URL(page.url());
  return pathname + search + hash;
}

test('several tabs at once, each back where it wanted to go', async () => {
  if (!here) return;
  const [one, two, three] = [await context.newPage(), await context.newPage(), await context.newPage()];
  await Promise.all([
    one.goto(`${erp}/customers?page=2`),
    two.goto(`${erp}/invoices`),
    three.goto(`${payroll}/payslips`),
  ]);
  const cookies = await context.cookies(erp);
  expect(cookies.filter(({ name }) => name.startsWith('__Host-consentry-f-'))).toHaveLength(2);
  await Promise.all(
    [one, two, three].map((page) => page.waitForURL((url) => url.origin === world.identityProvider.issuer)),
  );
  // Three tabs began without a session, so two of them lost theirs: they begin again without a word.
  for (const page of [one, two, three]) await signIn(page);
  await declare(one, 'support');
  await one.waitForURL((url) => url.origin === erp);
  expect(path(one)).toBe('/customers?page=2');
  // The second tab goes on in the same access; the third is another client and declares for itself.
  await two.reload();
  await two.waitForURL((url) => url.origin === erp);
  expect(path(two)).toBe('/invoices');
  await declare(three, 'hotline');
  await three.waitForURL((url) => url.origin === payroll);
  expect(path(three)).toBe('/payslips');
  const session = (await context.cookies(erp)).find(({ name }) => name === '__Host-consentry');
  expect(session).toMatchObject({
    httpOnly: true,
    secure: true,
    sameSite: 'Lax',
    path: '/',
    domain: 'erp.acme.localhost',
  });
  expect(
    (await context.cookies(erp)).filter(({ name }) => name.startsWith('__Host-consentry-f-')).length,
  ).toBeLessThanOrEqual(1);
  for (const page of [one, two, three]) await page.close();
});

test('query and fragment survive when the person is signed in already', async () => {
  if (!here) return;
  const page = await context.newPage();
  await page.goto(`${erp}/.consentry/declare?to=${encodeURIComponent('/customers?page=3')}#row-7`);
  await declare(page, 'support');
  await page.waitForURL((url) => url.origin === erp);
  expect(path(page)).toBe('/customers?page=3#row-7');
  await page.close();
});

test('query and fragment survive a sign-in that comes in between', async () => {
  if (!here) return;
  const stranger = await launch();
  const page = await stranger.context.newPage();
  await page.goto(`${erp}/customers?page=4#row-9`);
  await page.waitForURL((url) => url.origin === world.identityProvider.issuer);
  await signIn(page);
  await declare(page, 'support');
  await page.waitForURL((url) => url.origin === erp);
  expect(path(page)).toBe('/customers?page=4#row-9');
  await stranger.close();
});

test('a link pasted at the desk leads, after declaring, to the same path, query and fragment', async () => {
  if (!here) return;
  const page = await context.newPage();
  await page.goto(`${portal}/`);
  await page.evaluate((link) => {
    const input = document.querySelector<HTMLInputElement>('#q');
    const data = new DataTransfer();
    data.setData('text/plain', link);
    if (input === null) throw new Error('no search');
    input.value = link;
    input.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
  }, `${payroll}/payslips?page=2#row-5`);
  // Payroll is open already, so it is gone on with at once.
  await page.waitForURL((url) => url.origin === payroll);
  expect(path(page)).toBe('/payslips?page=2#row-5');
  const other = `${erp.replace('erp.', 'backup.')}/?list=all#first`;
  await page.goto(`${portal}/?${new URLSearchParams({ q: other, go: '1' })}`);
  await page.waitForURL((url) => url.pathname === '/enter');
  await declare(page, 'backup');
  await page.waitForURL((url) => url.hostname.startsWith('backup.acme'));
  expect(path(page)).toBe('/?list=all#first');
  await page.close();
});

test('a link to the second system of one declaration leads to its fragment too, although no form is shown', async () => {
  if (!here) return;
  await gateway.app.authority.end({ client: 'acme', person: 'alice' }, 'ticket-closed', undefined);
  const page = await context.newPage();
  const backup = erp.replace('erp.', 'backup.');
  await page.goto(`${portal}/enter?systems=acme/erp,acme/backup`);
  await declare(page, 'backup');
  await page.waitForURL((url) => url.origin === erp);
  const forms: string[] = [];
  page.on('framenavigated', () => forms.push(new URL(page.url()).pathname));
  await page.goto(`${backup}/?list=all#second`);
  await page.waitForURL((url) => url.origin === backup && !url.pathname.startsWith('/.consentry'));
  expect(path(page)).toBe('/?list=all#second');
  expect(forms).not.toContain('/declare');
  await page.close();
});

test('a form of a sibling system’s page cannot act here, although the browser sends the cookie', async () => {
  if (!here) return;
  const page = await context.newPage();
  // Both hosts are one site for the browser, so the Lax cookie travels.
  await page.goto(`${erp.replace('erp.', 'backup.')}/`);
  expect(new URL(page.url()).hostname).toBe('backup.acme.localhost');
  const before = (await gateway.lines()).length;
  await page.evaluate((action) => {
    const form = document.createElement('form');
    form.method = 'post';
    form.action = action;
    document.body.append(form);
    form.submit();
  }, `${erp}/customers/1`);
  await page.getByText(/cross_site/).waitFor();
  const newer = (await gateway.lines()).slice(0, (await gateway.lines()).length - before);
  expect(newer.some(({ leaf }) => leaf.t === 'access.refused' && leaf.reason === 'cross_site')).toBe(true);
  expect(newer.some(({ leaf }) => leaf.t === 'access.intent')).toBe(false);
  await page.close();
});

test('a form that meets an ended access is not sent, and nothing typed is lost', async () => {
  if (!here) return;
  const page = await context.newPage();
  await page.goto(`${erp}/customers`);
  await page.locator('main a[href^="/customers/"]').first().click();
  const typed = 'Éléonore’s note: “ask again”. '.repeat(67).slice(0, 2_000);
  expect(typed).toHaveLength(2_000);
  await page.fill('textarea', typed);
  await gateway.app.authority.end({ client: 'acme', person: 'alice' }, 'stopped', { provider: 'test' });
  await page.locator('form button[type=submit]').first().click();
  await page.getByText('Not sent: your access has ended').waitFor();
  const renewed = await context.newPage();
  await renewed.goto(`${erp}/`);
  await declare(renewed, 'support');
  await renewed.waitForURL((url) => url.origin === erp);
  // Reloading sends the same form again.
  await page.reload();
  await page.waitForURL(/saved/);
  expect(await page.inputValue('textarea')).toBe(typed);
  await page.close();
  await renewed.close();
});

test('a one-time code works once, and only in the browser that began', async () => {
  if (!here) return;
  const page = await context.newPage();
  let entry = '';
  page.on('request', (request) => {
    if (request.url().includes('/.consentry/enter')) entry = request.url();
  });
  await page.goto(`${erp}/.consentry/declare`);
  await declare(page, 'support');
  await page.waitForURL((url) => url.origin === erp && url.pathname === '/');
  expect(entry).toContain('code=');
  const twice = await page.goto(entry);
  expect(twice?.status()).toBe(403);
  const other = await launch();
  const elsewhere = await other.context.newPage();
  const stolen = await elsewhere.goto(entry);
  expect(stolen?.status()).toBe(403);
  expect((await other.context.cookies(erp)).some(({ name }) => name === '__Host-consentry')).toBe(false);
  await other.close();
  await page.close();
});

test('signed out at the provider: what runs is cut, by the provider’s own message', async () => {
  if (!here) return;
  const page = await context.newPage();
  await page.goto(`${erp}/.consentry/declare?to=%2Flive`);
  await declare(page, 'support');
  await page.waitForURL((url) => url.pathname === '/live');
  const sockets = (): number =>
    gateway.app.running('acme').filter(({ template }) => template === '/ws').length;
  await until(() => sockets() > 0);
  expect(await world.identityProvider.endSessions('alice')).toBeGreaterThan(0);
  await until(() => sockets() === 0);
  await gateway.lastOutcome();
  const lines = await gateway.lines();
  expect(
    lines.some(({ leaf }) => leaf.t === 'access.result' && leaf.outcome === 'terminated:signed-out'),
  ).toBe(true);
  expect(lines.some(({ leaf }) => leaf.t === 'session.closed' && leaf.cause === 'signed-out')).toBe(true);
  await page.goto(`${erp}/`);
  expect(new URL(page.url()).origin).not.toBe(erp);
  await page.close();
});
