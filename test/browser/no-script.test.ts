/**
 * The portal without any script, in real Chromium: every page that links lead to says what it has to say, and its forms work:
 * a declaration, an agreement, a stop.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startWorld, type World } from '../../src/demo/world.ts';
import { browserAvailable, type LaunchedBrowser, launch } from '../support/browser.ts';
import { freePort, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { follow, signIn } from '../support/walk.ts';

const suite = browserAvailable() ? describe : describe.skip;

suite('without scripts', () => {
  let world: World;
  let gateway: TestGateway;
  let portal: string;
  let erp: string;
  const browsers: LaunchedBrowser[] = [];

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
  });

  afterAll(async () => {
    for (const browser of browsers) await browser.close();
    await gateway?.close();
    await world?.close();
  });

  async function somebody(login: string): Promise<Page> {
    const browser = await launch({ scripts: false });
    browsers.push(browser);
    const page = await browser.context.newPage();
    await signIn(page, portal, login);
    return page;
  }

  /** What a page lacks: its words, or a button that does nothing and does not say why. */
  async function lacks(page: Page, path: string): Promise<readonly string[]> {
    const faults = await page.evaluate(() => {
      const found: string[] = [];
      const all = (what: string, inside: ParentNode = document): readonly HTMLElement[] => [
        ...inside.querySelectorAll<HTMLElement>(what),
      ];
      const shows = (one: HTMLElement): boolean =>
        one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().width > 0;
      const words = all('main')
        .map(({ innerText }) => innerText)
        .join('')
        .trim();
      if (all('main h1').length !== 1) found.push('it has no heading');
      if (words.length < 40) found.push(`it says only: ${words}`);
      for (const section of all('main section'))
        if (section.innerText.trim() === '') found.push('a section is empty');
      for (const form of all('main form:has(button[disabled])'))
        if (!all('[data-needs-script]', form).some(shows)) found.push('a button is off without a reason');
      for (const button of all('main button:not([type=submit])').filter(shows))
        found.push(`a button needs a script: ${button.innerText}`);
      return found;
    });
    return faults.map((fault) => `${path}: ${fault}`);
  }

  test('a technician declares, and arrives where they wanted', async () => {
    const page = await somebody('alice');
    await page.goto(`${erp}/customers?page=2`);
    await page.waitForURL((url) => url.pathname === '/declare');
    await page.check('[name=purpose][value=support]');
    await page.fill('[name=reference]', 'T-4711');
    await page.locator('form[action="/declare"] button[type=submit]').last().click();
    await page.waitForURL((url) => url.origin === erp && !url.pathname.startsWith('/.consentry'));
    expect(page.url()).toBe(`${erp}/customers?page=2`);
  });

  test.each(['alice', 'claire', 'marc', 'carla', 'david'])(
    'every page says what it has to say to %s',
    async (login) => {
      const page = await somebody(login);
      const { seen, faults } = await follow(page, portal, ['/'], (path) => lacks(page, path));
      expect(faults).toEqual([]);
      expect(seen.size).toBeGreaterThan(3);
    },
    120_000,
  );

  test('a representative agrees', async () => {
    const page = await somebody('claire');
    await page.goto(`${portal}/agreements/new`);
    await page.locator('[name=systems]').first().check();
    await page.check('[name=purposes][value=hotline]');
    await page.check('[name=operations][value=read]');
    await page.check('[name=who][value=assigned]');
    await page.locator('form[action="/agreements/new"] button[type=submit]').click();
    await page.waitForURL('**/agreements/review');
    const before = (await gateway.app.archive.grants('acme')).length;
    await page.locator('form[action="/agreements/sign"] button[type=submit]').click();
    await page.waitForURL((url) => url.pathname === '/agreements');
    expect(await gateway.app.archive.grants('acme')).toHaveLength(before + 1);
  });

  test('a representative stops what is open', async () => {
    const page = await somebody('claire');
    await page.goto(portal);
    await page.locator('form[action="/stop"] button').first().click();
    await page.waitForLoadState();
    const lines = await gateway.lines();
    expect(lines.some(({ leaf }) => leaf.t === 'session.closed' && leaf.cause === 'stopped')).toBe(true);
    const left = await page.goto(portal);
    expect(left?.status()).toBe(200);
    expect(await page.locator('form[action="/stop"]').count()).toBe(0);
  });
});
