/** Pages of an emergency in real Chromium, each as it stands while something is to be done: axe-core in both themes, and what does not fit. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeWorld, wish } from '../portal/world.ts';
import { start } from '../portal/world-rules.ts';
import { grant } from '../portal/world-things.ts';
import { browserAvailable, type LaunchedBrowser, launch } from '../support/browser.ts';
import { faultsOf } from '../support/walk.ts';

const suite = browserAvailable() ? describe : describe.skip;
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
  });

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
  ])('%s at %s', async (who, path, there) => {
    const page = await browser.context.newPage();
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.setExtraHTTPHeaders({ 'x-test-user': who });
    const { port } = server.address() as AddressInfo;
    const answer = await page.goto(`http://127.0.0.1:${port}${path}`);
    expect(answer?.status()).toBe(200);
    expect(await page.locator(there).count()).toBeGreaterThan(0);
    expect(await faultsOf(page, path)).toEqual([]);
    await page.close();
  });
});
