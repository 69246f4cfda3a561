/**
 * A request in two real browsers, with the real parts: alice asks in English for what no agreement covers, claire asks
 * back in French, alice answers, claire agrees to less, alice works, asks for more time and gets it, claire withdraws in the middle. No page is wider
 * than a phone.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startWorld, type World } from '../../src/demo/world.ts';
import { browserAvailable, type LaunchedBrowser, launch } from '../support/browser.ts';
import { freePort, startTestGateway, type TestGateway } from '../support/gateway.ts';

const suite = browserAvailable() ? describe : describe.skip;

suite('asking a client', () => {
  let world: World;
  let gateway: TestGateway;
  let alice: LaunchedBrowser;
  let claire: LaunchedBrowser;
  let work: Page;
  let watch: Page;
  let portal: string;
  let erp: string;
  let request = '';
  let extension = '';

  beforeAll(async () => {
    const port = await freePort();
    portal = `http://portal.localhost:${port}`;
    erp = `http://erp.acme.localhost:${port}`;
    world = await startWorld(portal);
    gateway = await startTestGateway({
      port,
      erp: world.erp.origin,
      backup: world.backup.origin,
      payroll: world.payroll.origin,
      issuer: world.identityProvider.issuer,
      clientSecret: world.clientSecret,
    });
    const { authority } = gateway.app;
    const { grants, seats } = await authority.client('acme');
    const seat = seats.find(({ role }) => role === 'representative');
    if (seat === undefined) throw new Error('nobody sits for acme');
    for (const id of grants.keys())
      await authority.withdraw('acme', id, 'revoked', { seat: seat.id, role: seat.role });
    alice = await launch({ locale: 'en-GB' });
    claire = await launch({ locale: 'fr-FR' });
    work = await alice.context.newPage();
    watch = await claire.context.newPage();
    await work.setViewportSize({ width: 360, height: 780 });
    await watch.setViewportSize({ width: 360, height: 780 });
  }, 60_000);

  afterAll(async () => {
    await alice?.close();
    await claire?.close();
    await gateway?.close();
    await world?.close();
  });

  async function signIn(page: Page, login: string): Promise<void> {
    await page.fill('[name=login]', login);
    await page.fill('[name=password]', 'any');
    await page.click('button[type=submit]');
  }

  async function fits(page: Page): Promise<void> {
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  }

  test('alice is led from the declaration to the client', async () => {
    await work.goto(`${erp}/customers`);
    await signIn(work, 'alice');
    await work.waitForURL((url) => url.pathname === '/declare');
    await fits(work);
    await work.locator('a[href*="/requests/new"][href*="purpose=support"]').click();
    await work.waitForURL((url) => url.pathname === '/requests/new');
    await fits(work);
    await work.fill('[name=reference]', 'T-4711');
    await work.fill('[name=note]', 'The customer list stays empty since Monday.');
    await work.check('[name=operations][value=write]');
    await work.fill('[name=minutes]', '60');
    await work.getByRole('button', { name: 'Send the request' }).click();
    await work.getByText('Waiting for the client').waitFor();
    await fits(work);
    request = new URL(work.url()).pathname;
  });

  test('claire finds it on her first page and asks back', async () => {
    await watch.goto(portal);
    await signIn(watch, 'claire');
    await watch.getByText('En attente de votre réponse').waitFor();
    await fits(watch);
    await watch.getByRole('link', { name: /Lire et répondre/ }).click();
    await watch.getByText('The customer list stays empty since Monday.').waitFor();
    await fits(watch);
    await watch.fill('form[action$="/ask"] [name=text]', 'Quels clients sont concernés ?');
    await watch.getByRole('button', { name: 'Interroger le technicien' }).click();
    await watch.getByText('En attente du technicien').waitFor();
  });

  test('alice answers', async () => {
    await work.goto(portal + request);
    await work.getByText('Quels clients sont concernés ?').waitFor();
    await work.fill('[name=text]', 'All of them, for every colleague.');
    await work.getByRole('button', { name: 'Send the answer' }).click();
    await work.getByText('Waiting for the client').waitFor();
    await fits(work);
  });

  test('claire agrees to reading, for half the time', async () => {
    await watch.goto(portal + request);
    await watch.getByText('All of them, for every colleague.').waitFor();
    await watch.getByText('Accorder moins, moins longtemps ou plus tard').click();
    await watch.uncheck('[name=operations][value=write]');
    await watch.fill('[name=minutes]', '30');
    await fits(watch);
    await watch.getByRole('button', { name: 'Lire et signer' }).click();
    await watch.waitForURL((url) => url.pathname === '/agreements/review');
    await watch.locator('.document').getByText('30 minutes au plus', { exact: false }).waitFor();
    await fits(watch);
    await watch.locator('form[action="/agreements/sign"] button[type=submit]').click();
    await watch.getByText('L’accord est donné et enregistré.').waitFor();
  });

  test('alice goes straight into the filled-in declaration and works', async () => {
    await work.goto(portal + request);
    await work.getByRole('link', { name: 'Declare and open' }).click();
    await work.waitForURL((url) => url.pathname === '/declare');
    expect(await work.inputValue('[name=reference]')).toBe('T-4711');
    expect(await work.inputValue('[name=minutes]')).toBe('30');
    expect(await work.isChecked('[name=purpose][value=support]')).toBe(true);
    await work.getByRole('button', { name: 'Declare and open' }).click();
    await work.waitForURL((url) => url.origin === erp && !url.pathname.startsWith('/.consentry'));
    await work.goto(`${erp}/customers`);
    await work.locator('main a[href^="/customers/"]').first().click();
    await work.locator('form button[type=submit]').first().click();
    await work.getByText('write_not_granted').waitFor();
    await work.goto(`${erp}/live`);
    await work.waitForFunction(() => (document.body.innerText.match(/\d/g) ?? []).length > 10);
  });

  test('alice asks for more time, claire signs once, and the same access goes on', async () => {
    const more = await alice.context.newPage();
    await more.setViewportSize({ width: 360, height: 780 });
    await more.goto(portal);
    await more.locator('a[href^="/openings/"]').first().click();
    await more.waitForURL((url) => url.pathname.startsWith('/openings/'));
    await fits(more);
    await more.fill('form[action$="/extend"] input[type=number]', '15');
    await more.getByRole('button', { name: 'Go on longer' }).click();
    await more.waitForURL((url) => url.pathname.startsWith('/requests/'));
    await fits(more);
    extension = new URL(more.url()).pathname;
    await watch.goto(portal + extension);
    await watch.getByRole('heading', { name: /Accorder 15\smin/ }).waitFor();
    await fits(watch);
    await watch.locator('form[action="/agreements/sign"] button[type=submit]').click();
    await watch.getByText('Accordée').waitFor();
    await more.reload();
    await more.getByText('without a new sign-in').waitFor();
    await fits(more);
    const { openings } = await gateway.app.authority.client('acme');
    expect([...openings.values()].map(({ openedAt, endsAt }) => (endsAt - openedAt) / 60_000)).toEqual([45]);
  });

  test('claire withdraws in the middle; nothing passes any more, and both see it', async () => {
    await watch.goto(portal + extension);
    await watch.getByRole('link', { name: 'Lire l’accord' }).click();
    await watch.locator('a[href$="/revoke"]').click();
    await watch.locator('form button.danger').click();
    await watch.getByText('Accord retiré.').waitFor();
    await fits(watch);
    expect(await gateway.lastOutcome()).toBe('terminated:revoked');
    const next = await work.goto(`${erp}/customers`);
    expect(new URL(next?.url() ?? '').origin).toBe(portal);
    await work.goto(portal + extension);
    await work.getByText('is over or was withdrawn').waitFor();
    expect(await gateway.app.archive.fsck()).toEqual([]);
  });
});
