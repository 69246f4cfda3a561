/**
 * The portal by keyboard alone, in real Chromium: Tab, Shift+Tab, Enter, Space and typed text, never the pointer. Each stop shows
 * its focus inside the window, the order is that of the page, nothing holds the focus, and the first stop skips the menu.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startWorld, type World } from '../../src/demo/world.ts';
import { browserAvailable, type LaunchedBrowser, launch } from '../support/browser.ts';
import { freePort, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { signIn } from '../support/walk.ts';

const suite = browserAvailable() ? describe : describe.skip;

/** More stops than any page has. */
const most = 150;

interface Stop {
  /** `BODY` when the focus has left the page. */
  readonly tag: string;
  readonly name: string;
  readonly said: string;
  readonly href: string;
  readonly visible: boolean;
  readonly inside: boolean;
  /** Whether it comes after the stop before in the page's own order. */
  readonly after: boolean;
}

/** Presses Tab and tells where that leads. */
async function tab(page: Page): Promise<Stop> {
  await page.keyboard.press('Tab');
  return page.evaluate(() => {
    const here = document.activeElement ?? document.body;
    const memory = globalThis as unknown as { before?: Element };
    const { before } = memory;
    memory.before = here;
    const { outlineStyle, outlineWidth } = getComputedStyle(here);
    const box = here.getBoundingClientRect();
    const labels = here instanceof HTMLInputElement ? [...(here.labels ?? [])] : [];
    const texts = labels.map(({ textContent }) => textContent ?? '');
    return {
      tag: here.tagName,
      name: here.getAttribute('name') ?? '',
      said: [here.getAttribute('aria-label') ?? here.textContent ?? '', ...texts].join(' ').trim(),
      href: here.getAttribute('href') ?? '',
      visible: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1,
      inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
      after:
        before === undefined ||
        !before.isConnected ||
        // A day has a stop for each of its parts.
        before === here ||
        (before.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0,
    };
  });
}

/** What is wrong with a stop. */
function wrong(stop: Stop): readonly string[] {
  const where = `${stop.tag} ${stop.said.slice(0, 60) || stop.name}`;
  return [
    ...(stop.visible ? [] : [`${where}: the focus does not show`]),
    ...(stop.inside ? [] : [`${where}: it stands outside the window`]),
    ...(stop.after ? [] : [`${where}: it comes after what follows it`]),
  ];
}

/** Tabs on until there; each stop on the way must be right. */
async function to(page: Page, wanted: (stop: Stop) => boolean): Promise<Stop> {
  const passed: string[] = [];
  for (let count = 0; count < most; count += 1) {
    const stop = await tab(page);
    if (stop.tag === 'BODY') continue;
    // Whoever tabs over the end begins again at the top.
    expect(wrong({ ...stop, after: stop.after || stop.href === '#content' })).toEqual([]);
    if (wanted(stop)) return stop;
    passed.push(stop.said.slice(0, 40));
  }
  throw new Error(`${page.url()}: not reached, but ${passed.join(' | ')}`);
}

/** Presses a key that leaves the page. */
async function leave(page: Page, key: 'Enter' | 'Space', there: RegExp): Promise<void> {
  await Promise.all([
    page.waitForURL((url) => there.test(url.pathname + url.search), { waitUntil: 'load' }),
    page.keyboard.press(key),
  ]);
}

const says =
  (text: RegExp) =>
  ({ said }: Stop): boolean =>
    text.test(said);

const named =
  (wanted: string) =>
  ({ name }: Stop): boolean =>
    name === wanted;

suite('by keyboard alone', () => {
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

  /** Signs in at the identity provider, whose page is not the portal's. */
  async function somebody(login: string, first: string): Promise<Page> {
    const browser = await launch({ alone: true });
    browsers.push(browser);
    const page = await browser.context.newPage();
    await page.goto(first);
    await page.focus('[name=login]');
    await page.keyboard.type(login);
    await page.keyboard.press('Tab');
    await page.keyboard.type('any');
    await Promise.all([
      page.waitForURL((url) => url.origin === portal, { waitUntil: 'load' }),
      page.keyboard.press('Enter'),
    ]);
    return page;
  }

  test('alice declares, and is where she wanted to go', async () => {
    const page = await somebody('alice', `${erp}/customers`);
    await to(page, says(/^Skip/));
    await page.keyboard.press('Enter');
    const first = await tab(page);
    expect(['purpose', 'systems']).toContain(first.name);
    if (first.name !== 'purpose') await to(page, named('purpose'));
    // The arrows choose within a group.
    for (let count = 0; count < 10; count += 1) {
      await page.keyboard.press('ArrowDown');
      if (await page.isChecked('[name=purpose][value=support]')) break;
    }
    expect(await page.isChecked('[name=purpose][value=support]')).toBe(true);
    await to(page, named('reference'));
    await page.keyboard.type('T-4711');
    await to(page, says(/^Declare/));
    await Promise.all([
      page.waitForURL((url) => url.origin === erp && url.pathname === '/customers'),
      page.keyboard.press('Enter'),
    ]);
  }, 120_000);

  test('marc finds who was in the ERP, and takes the record home', async () => {
    const page = await somebody('marc', portal);
    await to(page, says(/^History$/));
    await leave(page, 'Enter', /^\/history/);
    await to(page, says(/More filters/));
    await page.keyboard.press('Enter');
    await to(page, named('system'));
    await page.keyboard.type('ERP');
    await to(page, says(/^Show$/));
    await leave(page, 'Enter', /^\/history\?.*system=erp/);
    await to(page, ({ tag, said }) => tag === 'SUMMARY' && /Alice Martin.*ERP/s.test(said));
    await page.keyboard.press('Space');
    expect(await page.locator('.story details[open]').count()).toBe(1);
    await to(page, says(/^Take away$/));
    await leave(page, 'Enter', /^\/take-away/);
    await to(page, says(/^Download$/));
    const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    expect(file.suggestedFilename()).toMatch(/\.csv$/);
    await to(page, says(/^Key, state and download$/));
    await leave(page, 'Enter', /^\/verify/);
    await to(page, says(/^Download the access log$/));
    const [whole] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    expect(whole.suggestedFilename()).toMatch(/\.zip$/);
  }, 120_000);

  test('claire agrees to a request, and stops an access', async () => {
    await ask();
    const page = await somebody('claire', portal);
    await to(page, ({ href }) => /^\/requests\/[\w-]{22}$/.test(href));
    await leave(page, 'Enter', /^\/requests\//);
    await to(page, ({ tag, said }) => tag === 'BUTTON' && said === 'Read and sign');
    await leave(page, 'Enter', /^\/agreements\/review$/);
    const before = (await gateway.app.archive.grants('acme')).length;
    await to(page, ({ tag, said }) => tag === 'BUTTON' && /evaluation/i.test(said));
    await leave(page, 'Enter', /^\/agreements$/);
    expect(await gateway.app.archive.grants('acme')).toHaveLength(before + 1);
    await to(page, says(/^Now$/));
    await leave(page, 'Enter', /^\/$/);
    await to(page, ({ tag, said }) => tag === 'BUTTON' && /^Stop.*Alice Martin/.test(said));
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Space')]);
    const lines = await gateway.lines();
    expect(lines.some(({ leaf }) => leaf.t === 'session.closed' && leaf.cause === 'stopped')).toBe(true);
  }, 120_000);

  /** So that there is something to ask for, and it is asked; how is another test's matter. */
  async function ask(): Promise<void> {
    const { grants, seats } = await gateway.app.archive.inForce('acme');
    const given = grants.find(({ purposes }) => purposes.includes('backup'));
    const [seat] = seats;
    if (given === undefined || seat === undefined) throw new Error('nobody agreed to that');
    await gateway.app.authority.withdraw('acme', given.id, 'revoked', { seat: seat.id, role: seat.role });
    const browser = await launch();
    browsers.push(browser);
    const page = await browser.context.newPage();
    await signIn(page, portal, 'alice');
    await page.goto(`${portal}/requests/new?system=acme%2Ferp`);
    await page.check('[name=purpose][value=backup]');
    await page.fill('[name=reference]', 'T-4712');
    await page.fill('[name=note]', 'The nightly copy stays empty since Monday.');
    await page.locator('[name=operations]').first().check();
    await page.fill('[name=minutes]', '30');
    await page.locator('form[action="/requests/new"] button[type=submit]').click();
    await page.waitForURL(/\/requests(\/[\w-]{22})?$/);
  }

  test.each([
    ['claire', ['/', '/history', '/agreements/new', '/take-away', '/people', '/instructions/new', '/seat']],
    ['alice', ['/', '/record', '/requests/new?system=acme%2Ferp']],
    ['carla', ['/proposals?client=acme', '/provider']],
  ] as const)(
    '%s: from the first stop to the last and out, in the order of the page',
    async (login, paths) => {
      const page = await somebody(login, portal);
      for (const path of paths) {
        await page.goto(portal + path);
        await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
        await page.goto(`${portal}${path}`);
        const stops: Stop[] = [];
        while (stops.at(-1)?.tag !== 'BODY' && stops.length < most) stops.push(await tab(page));
        const inPage = stops.filter(({ tag }) => tag !== 'BODY');
        expect([path, stops.at(-1)?.tag]).toEqual([path, 'BODY']);
        expect([path, ...inPage.flatMap(wrong)]).toEqual([path]);
        expect(inPage.length).toBeGreaterThan(3);
        // The whole page once more from its top: the first stop leads over the menu.
        const [skip, ...rest] = [await tab(page)];
        expect([rest, skip?.href]).toEqual([[], '#content']);
        await page.keyboard.press('Enter');
        const { tag } = await tab(page);
        const beyond = await page.evaluate(() => document.activeElement?.closest('header') === null);
        expect([path, tag === 'BODY' || beyond]).toEqual([path, true]);
      }
    },
    120_000,
  );
});
