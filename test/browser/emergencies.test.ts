/** Pages of an emergency in real Chromium, each as it stands while something is to be done: axe-core, both themes, 360 px and a desk. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { grant, makeWorld, start, wish } from '../portal/world.ts';
import { browserAvailable, type LaunchedBrowser, launch } from '../support/browser.ts';

const suite = browserAvailable() ? describe : describe.skip;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const clause = { people: ['alice'], minutes: 60, perYear: 4, reviewDays: 7, zone: 'Europe/Paris' };

/** An agreement for emergencies only, one access that waits for its review, and one whose review is late. */
function world() {
  const made = makeWorld();
  const room = made.memory.room('acme');
  const given = grant('g9', { people: [], purposes: ['backup'], operations: ['read'], emergency: clause });
  room.grants.set('g9', { ...given, text: '{}' });
  for (const [id, at] of [
    ['o1', start],
    ['o2', start - 30 * 86_400_000],
  ] as const) {
    room.openings.set(id, {
      ...{ id, client: 'acme', person: 'alice', systems: ['erp'], purpose: 'backup', grant: 'g9' },
      ...{ account: { issuer: 'https://login.example', subject: 'alice' }, login: 'login-alice' },
      ...{ reference: `T-${id}`, note: 'The backup stands still and nobody answers.', emergency: true },
      ...{ authentication: { acr: undefined, amr: [], at }, openedAt: at, endsAt: at + 3_600_000 },
      ...{ endedAt: undefined, endCause: undefined },
    });
    const reviewBy = at + 7 * 86_400_000;
    room.emergencies.push({ opening: id, grant: 'g9', at, mark: id, reviewBy });
  }
  return made;
}

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

async function look(page: Page): Promise<string[]> {
  for (const drawer of await page.locator('details').all())
    await drawer.evaluate((closed) => closed.setAttribute('open', ''));
  await page.evaluate(axe);
  const found = (await page.evaluate(
    (values) =>
      (globalThis as unknown as { axe: { run(of: object): Promise<{ violations: unknown[] }> } }).axe
        .run({ runOnly: { type: 'tag', values } })
        .then(({ violations }) => violations),
    rules,
  )) as Finding[];
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  return [
    ...found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    ...(wide ? ['it is wider than the window'] : []),
  ];
}

suite.each([
  { locale: 'en-GB', colorScheme: 'light', width: 1440 },
  { locale: 'fr-FR', colorScheme: 'dark', width: 360 },
] as const)('$locale, $colorScheme, $width px', ({ locale, colorScheme, width }) => {
  let browser: LaunchedBrowser;
  let server: Server;

  beforeAll(async () => {
    server = createServer(world().app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await launch({ locale });
  }, 30_000);

  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
  });

  test.each([
    ['alice', `/declare?${new URLSearchParams(wish)}`, '[name=emergency]'],
    ['claire', '/', '.notice.bad a[href="/emergencies/o2"]'],
    ['claire', '/emergencies/o2', '[name=outcome]'],
    ['marc', '/emergencies/o1', '.notice.bad'],
    ['claire', '/agreements/new', '[name=emergencyPeople]'],
    ['claire', '/agreements', 'dl'],
  ])(
    '%s at %s',
    async (who, path, there) => {
      const page = await browser.context.newPage();
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await page.setExtraHTTPHeaders({ 'x-test-user': who });
      const { port } = server.address() as AddressInfo;
      const answer = await page.goto(`http://127.0.0.1:${port}${path}`);
      expect(answer?.status()).toBe(200);
      expect(await page.locator(there).count()).toBeGreaterThan(0);
      expect(await look(page)).toEqual([]);
      await page.close();
    },
    60_000,
  );
});
