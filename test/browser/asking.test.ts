/**
 * A request in two real browsers, with the real parts: alice asks for what no agreement covers, claire asks back in the other
 * language, alice answers, claire agrees to less, alice works, asks for more time and gets it, claire withdraws while alice
 * downloads. Told twice, so that both see each language. No page is wider than a phone.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Text } from '../../src/core/model.ts';
import { startWorld, type World } from '../../src/demo/world.ts';
import { texts } from '../../src/portal/texts.ts';
import { browserAvailable, type LaunchedBrowser, launch } from '../support/browser.ts';
import { freePort, startTestGateway, type TestGateway } from '../support/gateway.ts';

const suite = browserAvailable() ? describe : describe.skip;

suite.each([
  ['en', 'fr'],
  ['fr', 'en'],
] as const)('asking in %s a client who reads %s', (hers, theirs) => {
  const { requests: words, extensions, agreements } = texts;
  /** What alice reads, and what claire reads. */
  const a = (text: Text): string => text[hers];
  const c = (text: Text): string => text[theirs];
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
    alice = await launch({ locale: hers });
    claire = await launch({ locale: theirs });
    work = await alice.context.newPage();
    watch = await claire.context.newPage();
    await work.setViewportSize({ width: 360, height: 780 });
    await watch.setViewportSize({ width: 360, height: 780 });
  });

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
    await work.locator('a[href*="/requests/new"][href*="purpose=restore"]').click();
    await work.waitForURL((url) => url.pathname === '/requests/new');
    await fits(work);
    await work.fill('[name=reference]', 'T-4711');
    await work.fill('[name=note]', 'The orders of Monday are to be brought back.');
    await work.check('[name=operations][value=write]');
    await work.check('[name=operations][value=copy]');
    await work.fill('[name=minutes]', '60');
    await work.getByRole('button', { name: a(words.send) }).click();
    await work.getByText(a(words.states.raised)).waitFor();
    await fits(work);
    request = new URL(work.url()).pathname;
  });

  test('claire finds it on her first page and asks back', async () => {
    await watch.goto(portal);
    await signIn(watch, 'claire');
    await watch.getByText(c(texts.now.waiting)).waitFor();
    await fits(watch);
    await watch.getByRole('link', { name: c(words.look) }).click();
    await watch.getByText('The orders of Monday are to be brought back.').waitFor();
    await fits(watch);
    await watch.fill('form[action$="/ask"] [name=text]', 'Quels clients sont concernés ?');
    await watch.getByRole('button', { name: c(words.askBack) }).click();
    await watch.getByText(c(words.states.more_info)).waitFor();
  });

  test('alice answers', async () => {
    await work.goto(portal + request);
    await work.getByText('Quels clients sont concernés ?').waitFor();
    await work.fill('[name=text]', 'All of them, for every colleague.');
    await work.getByRole('button', { name: a(words.sendAnswer) }).click();
    await work.getByText(a(words.states.raised)).waitFor();
    await fits(work);
  });

  test('claire agrees to reading and copies, for half the time', async () => {
    await watch.goto(portal + request);
    await watch.getByText('All of them, for every colleague.').waitFor();
    await watch.getByText(c(words.less)).click();
    await watch.uncheck('[name=operations][value=write]');
    await watch.fill('[name=minutes]', '30');
    await fits(watch);
    await watch.getByRole('button', { name: c(words.approve) }).click();
    await watch.waitForURL((url) => url.pathname === '/agreements/review');
    await watch
      .locator('.document')
      .getByText(/30\sminutes/)
      .first()
      .waitFor();
    await fits(watch);
    await watch.locator('form[action="/agreements/sign"] button[type=submit]').click();
    await watch.getByText(c(agreements.given)).waitFor();
  });

  test('alice goes straight into the filled-in declaration and works', async () => {
    await work.goto(portal + request);
    await work.getByRole('link', { name: a(words.declareNow) }).click();
    await work.waitForURL((url) => url.pathname === '/declare');
    expect(await work.inputValue('[name=reference]')).toBe('T-4711');
    expect(await work.inputValue('[name=minutes]')).toBe('30');
    expect(await work.isChecked('[name=purpose][value=restore]')).toBe(true);
    await work.getByRole('button', { name: a(words.declareNow) }).click();
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
    await more.getByRole('button', { name: a(extensions.submit) }).click();
    await more.waitForURL((url) => url.pathname.startsWith('/requests/'));
    await fits(more);
    extension = new URL(more.url()).pathname;
    await watch.goto(portal + extension);
    await watch.getByRole('heading', { name: c(extensions.approveTitle(15)) }).waitFor();
    await fits(watch);
    await watch.locator('form[action="/agreements/sign"] button[type=submit]').click();
    await watch.getByText(c(words.states.approved)).waitFor();
    await more.reload();
    await more.getByText(a(extensions.agreed)).waitFor();
    await fits(more);
    const { openings } = await gateway.app.authority.client('acme');
    expect([...openings.values()].map(({ openedAt, endsAt }) => (endsAt - openedAt) / 60_000)).toEqual([45]);
  });

  test('claire withdraws while alice downloads: the file dies in her browser, and both see why', async () => {
    const loads = await alice.context.newPage();
    const begun = loads.waitForEvent('download');
    // A download that navigates nowhere rejects the navigation.
    const going = loads.goto(`${erp}/export/full.bin?mb=400&rate=2000000`).catch(() => null);
    const download = await begun;
    await going;
    const { running } = gateway.app;
    while (!running('acme').some(({ down, operation }) => operation === 'copy' && down > 0))
      await new Promise((resolve) => setTimeout(resolve, 20));
    await watch.goto(portal + extension);
    await watch.getByRole('link', { name: c(words.seeAgreement) }).click();
    await watch.locator('a[href$="/revoke"]').click();
    await watch.locator('form button.danger').click();
    await watch.getByText(c(agreements.withdrawn)).waitFor();
    await fits(watch);
    expect(await download.failure()).not.toBeNull();
    expect(running('acme')).toEqual([]);
    await gateway.lastOutcome();
    const outcomes = (await gateway.lines())
      .filter(({ leaf }) => leaf.t === 'access.result' && leaf.outcome === 'terminated:revoked')
      .map(({ leaf }) => Number(leaf.down));
    expect(Math.max(...outcomes)).toBeGreaterThan(0);
    expect(Math.max(...outcomes)).toBeLessThan(400_000_000);
    const next = await work.goto(`${erp}/customers`);
    expect(new URL(next?.url() ?? '').origin).toBe(portal);
    await work.goto(portal + extension);
    await work.getByText(a(words.over)).waitFor();
    expect(await gateway.app.archive.fsck()).toEqual([]);
  });
});
