/**
 * Every page that somebody can reach by links, in real Chromium, looked at by axe-core: each language, each theme, on a
 * phone's width and on a desk's. Each role starts at its first page and follows every link of the portal, so a new page
 * is looked at as soon as something leads to it.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startWorld, type World } from '../../src/demo/world.ts';
import { acts, may, type Role } from '../../src/portal/roles.ts';
import { browserAvailable, type LaunchedBrowser, launch } from '../support/browser.ts';
import { freePort, startTestGateway, type TestGateway } from '../support/gateway.ts';

const suite = browserAvailable() ? describe : describe.skip;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** WCAG 2.2 AA and what it builds on. */
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const looks = [
  { locale: 'en-GB', colorScheme: 'light', width: 1440 },
  { locale: 'fr-FR', colorScheme: 'dark', width: 360 },
] as const;

/** Answers that are no pages. */
const noPages = new Set(['activityLive', 'nowLive', 'export', 'takeLog', 'reportPdf', 'ownRecord', 'go']);

const downloads = new Set([...noPages].map((name) => acts[name as keyof typeof acts].path as string));

/** Pages for people who are not signed in; they are looked at without anybody. */
const strangers: readonly string[] = [
  ...['/enrol', '/enrol/welcome', '/recover', '/recover/welcome'],
  ...['/sign-in-by-mail', '/sign-in-by-mail/code'],
];

/** Reached by sending a form, or only once a client has chosen to sign by two; no link leads there from the start. */
const behindForms: readonly string[] = [
  '/staff-notice',
  '/instructions/review',
  '/people/frames/review',
  '/signing',
];

suite('every page that links lead to', () => {
  let world: World;
  let gateway: TestGateway;
  let portal: string;
  let opening: string;

  beforeAll(async () => {
    const port = await freePort();
    portal = `http://portal.localhost:${port}`;
    world = await startWorld(portal);
    gateway = await startTestGateway({
      port,
      erp: world.erp.origin,
      backup: world.backup.origin,
      payroll: world.payroll.origin,
      issuer: world.identityProvider.issuer,
      clientSecret: world.clientSecret,
    });
    ({ opening } = await gateway.open({ purpose: 'support' }));
  }, 60_000);

  afterAll(async () => {
    await gateway?.close();
    await world?.close();
  });

  describe.each(looks)('$locale, $colorScheme, $width px', ({ locale, colorScheme, width }) => {
    let browser: LaunchedBrowser;

    beforeAll(async () => {
      browser = await launch({ locale });
    });
    afterAll(async () => {
      await browser?.close();
    });

    test('nobody', async () => {
      const page = await browser.context.newPage();
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      const faults: string[] = [];
      for (const path of [
        '/enrol',
        '/recover',
        '/sign-in-by-mail',
        '/sign-in-by-mail/code',
        '/no-such-page',
      ]) {
        await page.goto(portal + path);
        faults.push(...(await look(page, path)));
      }
      expect(faults).toEqual([]);
      await page.close();
    }, 60_000);

    test.each<[string, Role]>([
      ['alice', 'technician'],
      ['claire', 'representative'],
      ['marc', 'reader'],
      ['carla', 'contact'],
      ['david', 'dpo'],
    ])(
      '%s',
      async (login, role) => {
        await browser.context.clearCookies();
        const page = await browser.context.newPage();
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await page.goto(portal);
        await page.fill('[name=login]', login);
        await page.fill('[name=password]', 'any');
        await page.click('button[type=submit]');
        await page.waitForURL((url) => url.origin === portal);
        const started = ['/'];
        if (role === 'technician') started.push(await ask(page, portal));
        if (role === 'representative')
          started.push(await draft(page, portal), await question(page, portal, opening));
        const { seen, faults } = await walk(page, portal, started);
        expect(faults).toEqual([]);
        const wanted = (Object.keys(acts) as (keyof typeof acts)[])
          .filter((act) => acts[act].method === 'get' && may(role, act) && !noPages.has(act))
          .map((act) => acts[act].path)
          .filter((path) => !path.includes(':') && !strangers.includes(path) && !behindForms.includes(path));
        expect(wanted.filter((path) => !seen.has(path))).toEqual([]);
        await page.close();
      },
      240_000,
    );
  });
});

/** So that there is a request to look at. Answers the declaration to which a system leads. */
async function ask(page: Page, portal: string): Promise<string> {
  await page.goto(`${portal.replace('portal.', 'payroll.martin.')}/`);
  await page.waitForURL((url) => url.pathname === '/declare');
  const declaration = new URL(page.url());
  await page.locator('a[href*="/requests/new"]').first().click();
  await page.check('[name=purpose][value=diagnosis]');
  await page.fill('[name=reference]', 'T-4711');
  await page.fill('[name=note]', 'The list of payslips stays empty since Monday.');
  await page.locator('[name=operations]').first().check();
  await page.fill('[name=minutes]', '30');
  await page.locator('main form[method=post] button[type=submit]').click();
  await page.waitForURL((url) => url.pathname.startsWith('/requests'));
  if (new URL(page.url()).pathname === '/requests/new') throw new Error(await page.innerText('main'));
  return declaration.pathname + declaration.search;
}

/** So that there is a question to be answered. Answers where it is read. */
async function question(page: Page, portal: string, opening: string): Promise<string> {
  await page.goto(`${portal}/matters/new?opening=${opening}`);
  await page.fill('[name=question]', 'Why was this access needed on Monday?');
  await page.locator('form[action="/matters/ask"] button[type=submit]').click();
  await page.waitForURL((url) => /^\/matters\/[\w-]{22}$/.test(url.pathname));
  return new URL(page.url()).pathname;
}

/** So that there is a text to be signed. Answers where it is read. */
async function draft(page: Page, portal: string): Promise<string> {
  await page.goto(`${portal}/agreements/new`);
  await page.locator('input[name=systems]').first().check();
  await page.check('input[name=purposes][value=hotline]');
  await page.check('input[name=operations][value=read]');
  await page.check('input[name=who][value=assigned]');
  await page.locator('main form[method=post] button[type=submit]').click();
  await page.waitForURL('**/agreements/review');
  return '/agreements/review';
}

/** Follows every link from where the page stands; looks at each row of the table twice. Answers paths and faults. */
async function walk(
  page: Page,
  portal: string,
  started: readonly string[],
): Promise<{ readonly seen: ReadonlySet<string>; readonly faults: readonly string[] }> {
  const waiting = [...started];
  const seen = new Set<string>();
  const faults: string[] = [];
  const shapes = new Map<string, number>();
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const { pathname } = new URL(path, portal);
    const shape = shapeOf(pathname);
    const times = shapes.get(shape) ?? 0;
    if (times >= 2 || seen.has(path) || downloads.has(shape)) continue;
    shapes.set(shape, times + 1);
    seen.add(path);
    seen.add(pathname);
    const answer = await page.goto(portal + path);
    if (answer?.status() !== 200) faults.push(`${path}: ${answer?.status()}`);
    faults.push(...(await look(page, path)));
    waiting.push(...(await links(page, portal)));
  }
  return { seen, faults };
}

/** Which row of the table a path belongs to: pages of one row are alike, two of them are looked at. */
function shapeOf(pathname: string): string {
  const rows = Object.values(acts).filter(({ method }) => method === 'get');
  const exact = rows.find(({ path }) => path === pathname);
  if (exact !== undefined) return exact.path;
  const fits = (path: string): boolean => new RegExp(`^${path.replace(/:[^/]+/g, '[^/]+')}$`).test(pathname);
  return rows.find(({ path }) => fits(path))?.path ?? pathname;
}

async function links(page: Page, portal: string): Promise<string[]> {
  const found = await page
    .locator('a[href]')
    .evaluateAll((all) => all.map((a) => new URL(a.getAttribute('href') ?? '', location.href).href));
  return [...new Set(found)]
    .map((href) => new URL(href))
    .filter(
      (url) =>
        url.origin === portal &&
        !url.pathname.startsWith('/api/') &&
        !url.searchParams.has('lang') &&
        !url.pathname.startsWith('/sign-'),
    )
    .map(({ pathname, search }) => pathname + search);
}

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

async function look(page: Page, path: string): Promise<string[]> {
  for (const drawer of await page.locator('details').all())
    await drawer.evaluate((closed) => closed.setAttribute('open', ''));
  // The page's own policy forbids scripts from elsewhere; what the browser's driver evaluates is not the page's.
  await page.evaluate(axe);
  const found = await page.evaluate(
    (tags) =>
      (
        globalThis as unknown as {
          axe: { run(where: Document, how: object): Promise<{ violations: Finding[] }> };
        }
      ).axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }),
    rules,
  );
  const faults = found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${path}: ${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
  );
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  return wide > 0 ? [...faults, `${path}: ${wide} px wider than the window`] : faults;
}
