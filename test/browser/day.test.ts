/**
 * A day at the desk in real Chromium: thirty accesses to twelve systems of ten clients, by the keyboard, after one sign-in. For
 * each the technician gives the reference and at most two keys more, beside the words or the link that say which system
 * is meant. Tickets are closed by the ticket system, as it does.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startWorld, type World } from '../../src/demo/world.ts';
import { browserAvailable, type LaunchedBrowser, launch } from '../support/browser.ts';
import { freePort, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type ManyClients, manyClients } from '../support/many-clients.ts';

const suite = browserAvailable() ? describe : describe.skip;
const mostKeys = 2;

/** How a technician comes to the declaration. */
type Way = 'ticket' | 'ticket-complete' | 'pasted' | 'typed';
const ways: readonly Way[] = ['ticket', 'typed', 'pasted', 'ticket-complete', 'typed'];

suite('a day at the desk', () => {
  let world: World;
  let many: ManyClients;
  let gateway: TestGateway;
  let browser: LaunchedBrowser;
  let page: Page;
  let portal: string;
  let signIns = 0;

  beforeAll(async () => {
    const port = await freePort();
    portal = `http://portal.localhost:${port}`;
    world = await startWorld(portal);
    many = await manyClients();
    gateway = await startTestGateway({
      port,
      policies: many.policies.path,
      agreements: many.agreements,
      erp: world.erp.origin,
      backup: world.backup.origin,
      payroll: world.payroll.origin,
      issuer: world.identityProvider.issuer,
      clientSecret: world.clientSecret,
    });
    browser = await launch({ alone: true });
    await browser.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: portal });
    page = await browser.context.newPage();
    page.on('request', (request) => {
      if (request.isNavigationRequest() && new URL(request.url()).origin === world.identityProvider.issuer)
        signIns += request.method() === 'POST' ? 1 : 0;
    });
    await page.goto(portal);
    await focused('INPUT');
    await page.keyboard.type('alice');
    await page.keyboard.press('Tab');
    await page.keyboard.type('any');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.origin === portal);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await gateway?.close();
    await many?.close();
    await world?.close();
  });

  function originOf(name: string): string {
    const [client, system] = name.split('/');
    return `${portal.replace('portal.', `${system}.${client}.`)}`;
  }

  /** Until the page has put the focus where the next key belongs, which it does a moment after it is there. */
  async function focused(...tags: readonly string[]): Promise<void> {
    await page.waitForFunction((wanted) => wanted.includes(document.activeElement?.tagName ?? ''), tags);
  }

  /** Until the desk's own script has looked at what was typed. */
  async function found(name: string): Promise<void> {
    await page.waitForSelector(`#found a.hit[href*="${encodeURIComponent(name)}"]`);
  }

  /** Goes to the filled-in declaration, and counts the keys or buttons it takes. */
  async function begin(way: Way, name: string, purpose: string, reference: string): Promise<number> {
    const [client = '', system = ''] = name.split('/');
    if (way === 'ticket' || way === 'ticket-complete') {
      const query = new URLSearchParams({ systems: name, purpose });
      if (way === 'ticket-complete') query.set('reference', reference);
      await page.goto(`${portal}/enter?${query}`);
      return 1;
    }
    await page.goto(portal);
    await focused('INPUT');
    if (way === 'pasted') {
      await page.evaluate(
        (link) => navigator.clipboard.writeText(link),
        `${originOf(name)}/?from=ticket#top`,
      );
      await page.keyboard.press('Control+v');
    } else {
      await page.keyboard.type(`${client} ${system}`);
      await found(name);
      await page.keyboard.press('Enter');
    }
    await page.waitForURL((url) => url.pathname === '/enter');
    return 1;
  }

  test('thirty accesses, twelve systems, ten clients: the reference and at most two keys each', async () => {
    const used = new Set<string>();
    const entered: number[] = [];
    for (let at = 0; at < 30; at += 1) {
      const name = many.systems[at % many.systems.length] ?? '';
      // Where another purpose than the last is meant, the ticket says so.
      const way = at < 2 ? 'ticket' : (ways[at % ways.length] ?? 'typed');
      const purpose = name === 'acme/backup' ? 'backup' : 'hotline';
      const reference = `INC-${1000 + at}`;
      let keys = await begin(way, name, purpose, reference);
      // Keys reach what has the focus: the page puts it where the next one belongs.
      await page.waitForFunction(
        () => document.activeElement?.closest('form[action="/declare"]') instanceof Element,
      );
      if (way !== 'ticket-complete') await page.keyboard.type(reference);
      const before = performance.now();
      const answered = page.waitForResponse((response) => {
        const url = new URL(response.url());
        return url.origin === originOf(name) && !url.pathname.startsWith('/.consentry/');
      });
      await page.keyboard.press('Enter');
      keys += 1;
      await answered;
      entered.push(performance.now() - before);
      await page.waitForURL((url) => url.origin === originOf(name));
      if (way === 'pasted') expect(page.url()).toBe(`${originOf(name)}/?from=ticket#top`);
      expect([name, way, keys <= mostKeys]).toEqual([name, way, true]);
      used.add(name);
      const [client = ''] = name.split('/');
      const ended = await gateway.app.authority.end({ client, reference }, 'ticket-closed', undefined);
      expect([name, ended.openings.length]).toEqual([name, 1]);
    }
    expect(used.size).toBe(12);
    expect(new Set([...used].map((name) => name.split('/')[0])).size).toBe(10);
    expect(signIns).toBeLessThanOrEqual(1);
    process.stderr.write(`declared and entered: first byte after ${told(entered)}\n`);
  }, 240_000);

  test('Enter on a result, with the access open: the first byte of the system without a new sign-in', async () => {
    await page.goto(`${portal}/enter?systems=mill/crm&purpose=hotline&reference=INC-2000`);
    await focused('INPUT', 'BUTTON');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.origin === originOf('mill/crm'));
    const taken: number[] = [];
    for (let at = 0; at < 10; at += 1) {
      await page.goto(portal);
      await focused('INPUT');
      await page.keyboard.type('moulin');
      await page.waitForSelector('#found a.hit');
      const answered = page.waitForResponse((response) => response.url() === `${originOf('mill/crm')}/`);
      const before = performance.now();
      await page.keyboard.press('Enter');
      await answered;
      taken.push(performance.now() - before);
      await page.waitForURL((url) => url.origin === originOf('mill/crm'));
    }
    process.stderr.write(`Enter on a desk's result: first byte after ${told(taken)}\n`);
    // 300 ms are allowed, which `npm run bench -- --enter` measures on a machine of its own; tests share theirs.
    expect(taken.toSorted((a, b) => a - b)[5] ?? 9_999).toBeLessThan(1_000);
    expect(signIns).toBeLessThanOrEqual(1);
  }, 120_000);
});

function told(taken: readonly number[]): string {
  const sorted = taken.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return `${middle.toFixed(0)} ms in the middle, ${(sorted.at(-1) ?? 0).toFixed(0)} ms at most`;
}
