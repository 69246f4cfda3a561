/**
 * The pages in a real browser: nothing overflows on a phone, everything has a name and enough contrast in light and
 * dark, no content policy is broken, the client's page refreshes by itself without losing the keyboard's place.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Opening } from '../../src/core/model.ts';
import { createCsrf } from '../../src/identity/csrf.ts';
import { browserAvailable, type LaunchedBrowser, launch } from '../support/browser.ts';
import { makeWorld, type World, wish } from './world.ts';
import { start } from './world-rules.ts';
import { asked, frameOf } from './world-things.ts';

const pages = [
  ['alice', '/'],
  ['alice', '/?q=acme'],
  ['alice', '/enter?systems=acme%2Ferp'],
  ['alice', '/record'],
  ['alice', '/openings/o1'],
  ['alice', `/declare?${new URLSearchParams(wish)}`],
  ['claire', '/activity'],
  ['claire', '/agreements'],
  ['claire', '/agreements/new'],
  ['claire', '/agreements/g1'],
  ['claire', '/agreements/g1/revoke'],
  ['claire', '/credentials'],
  ['claire', '/verify'],
  ['david', '/provider'],
  ['david', '/provider/open/acme'],
  ['david', '/provider/rules'],
  ['carla', '/provider/standing'],
  ['carla', '/provider/rollout'],
  ['carla', '/provider/webhook'],
  ['claire', '/people'],
  ['claire', '/people/marc/remove'],
  ['claire', '/people/frames/new'],
  ['claire', '/people/substitutes/new'],
  ['claire', '/requests'],
  ['claire', '/requests/r1'],
  ['claire', '/requests/r3'],
  ['dana', '/requests/r1'],
  ['alice', '/requests/r1'],
  ['alice', '/requests/r2'],
  ['alice', `/requests/new?${new URLSearchParams({ system: 'acme/erp' })}`],
  ['claire', '/enrol'],
  ['claire', '/seat'],
  ['david', '/'],
  ['eve', `/declare?${new URLSearchParams(wish)}`],
] as const;

function opening(id: string): Opening {
  return {
    id,
    client: 'acme',
    person: 'alice',
    account: { issuer: 'https://login.example', subject: 'alice' },
    systems: ['erp', 'backup'],
    purpose: 'hotline',
    reference: `T-${id}-${'x'.repeat(50)}`,
    note: 'A note',
    grant: 'g1',
    login: 'login-alice',
    authentication: { acr: undefined, amr: [], at: start },
    openedAt: start,
    endsAt: start + 3_600_000,
    endedAt: undefined,
    endCause: undefined,
  };
}

/** Everything a person could not read or reach, in words. Runs in the page. */
function flaws(): string[] {
  const found: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > window.innerWidth)
    found.push(`overflows: ${root.scrollWidth} > ${window.innerWidth}`);
  if (document.querySelectorAll('h1').length !== 1) found.push('not exactly one h1');
  const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
  if (new Set(ids).size !== ids.length) found.push('an id stands twice');
  for (const field of document.querySelectorAll<HTMLInputElement>(
    'input:not([type=hidden]), textarea, select',
  )) {
    if ((field.labels?.length ?? 0) === 0) found.push(`no label: ${field.name}`);
  }
  for (const one of document.querySelectorAll<HTMLElement>('a, button')) {
    if ((one.textContent ?? '').trim() === '') found.push(`no name: ${one.outerHTML}`);
    const box = one.getBoundingClientRect();
    if (box.width > 0 && box.height < 24 && one.closest('p, li, td, dd, footer') === null)
      found.push(`too small: ${one.outerHTML}`);
  }
  for (const one of document.querySelectorAll('[aria-describedby], [aria-labelledby]')) {
    for (const id of `${one.getAttribute('aria-describedby') ?? ''} ${one.getAttribute('aria-labelledby') ?? ''}`.split(
      ' ',
    )) {
      if (id !== '' && document.getElementById(id) === null) found.push(`describes by nothing: ${id}`);
    }
  }
  const numbers = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const light = (color: readonly number[]) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, n) => {
      const part = (color[n] ?? 0) / 255;
      return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    }, 0);
  const behind = (one: Element | null): readonly number[] => {
    for (let at = one; at !== null; at = at.parentElement) {
      const color = numbers(getComputedStyle(at).backgroundColor);
      if ((color[3] ?? 1) > 0) return color;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const one = node.parentElement;
    if (
      one === null ||
      (node.textContent ?? '').trim() === '' ||
      one.closest('[disabled], .unseen, .skip') !== null
    )
      continue;
    const pair = [light(numbers(getComputedStyle(one).color)), light(behind(one))].sort((a, b) => b - a);
    const ratio = ((pair[0] ?? 0) + 0.05) / ((pair[1] ?? 0) + 0.05);
    if (ratio < 4.5)
      found.push(`contrast ${ratio.toFixed(2)}: ${one.className} ${(node.textContent ?? '').slice(0, 30)}`);
  }
  return found;
}

// Where there is no browser that is said on the error output, and each test passes over its work.
const available = browserAvailable();

describe('in a real browser', () => {
  let world: World;
  let server: Server;
  let browser: LaunchedBrowser;
  let origin = '';
  const errors: string[] = [];

  beforeAll(async () => {
    if (!available) return;
    let app: World['app'] | undefined;
    server = createServer((req, res) => app?.(req, res));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://portal.localhost:${(server.address() as AddressInfo).port}`;
    const portalUrl = new URL(origin);
    world = makeWorld({ portalUrl, csrf: createCsrf({ portalUrl }) });
    const { openings, requests, delegations } = world.memory.room('acme');
    openings.set('o1', opening('o1'));
    requests.set('r1', asked('r1'));
    requests.set('r2', asked('r2', { status: 'more_info' }));
    const more = { purpose: 'hotline', operations: ['read'] as const, minutes: 30 };
    requests.set('r3', asked('r3', { ...more, opening: 'o1', until: start + 3_600_000 }));
    delegations.set('d1', frameOf('d1'));
    world.memory.write({
      client: 'acme',
      t: 'session.opened',
      id: 'o1',
      fields: { systems: 'erp backup', purpose: 'hotline', grant: 'g1' },
      groups: {
        person: { name: 'Alice Durand' },
        role: { function: 'technician' },
        work: { reference: 'T-o1' },
      },
    });
    for (const [id, result] of [
      ['x1', 'complete'],
      ['x2', 'terminated:stopped'],
    ] as const) {
      world.memory.write({
        client: 'acme',
        t: 'access.intent',
        id,
        fields: { session: 'o1', system: 'erp', method: 'GET', operation: 'read' },
        groups: { target: { path: `/${'very-long-segment/'.repeat(8)}` } },
      });
      world.memory.write({
        client: 'acme',
        t: 'access.result',
        id: `r-${id}`,
        fields: { request: id, status: 200, up: 5, down: 7_000_000, outcome: result },
      });
    }
    app = world.app;
    browser = await launch({ locale: 'fr-FR' });
  });

  afterAll(async () => {
    if (!available) return;
    await browser.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  async function open(who: string, path: string): Promise<Page> {
    const page = await browser.context.newPage();
    await page.setExtraHTTPHeaders({ 'x-test-user': who });
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('403'))
        errors.push(`${path}: ${message.text()}`);
    });
    page.on('pageerror', (error) => errors.push(`${path}: ${error.message}`));
    await page.goto(origin + path);
    return page;
  }

  test.each(pages)('%s %s', async (who, path) => {
    if (!available) return;
    const page = await open(who, path);
    for (const width of [360, 1440]) {
      await page.setViewportSize({ width, height: 800 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect([colorScheme, width, await page.evaluate(flaws)]).toEqual([colorScheme, width, []]);
      }
    }
    await page.close();
  });

  test('the client’s page shows a new access by itself and keeps the keyboard where it was', async () => {
    if (!available) return;
    const page = await open('claire', '/activity');
    await page.focus('#stop-o1');
    world.memory.room('acme').openings.set('o2', opening('o2'));
    await page.waitForSelector('#stop-o2');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('stop-o1');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.notice.good');
    expect(world.memory.ends.at(-1)).toMatchObject({
      what: { client: 'acme', opening: 'o1' },
      cause: 'stopped',
    });
    await page.close();
  });

  test('the fragment of the wanted address travels with the declaration, and the way on is followed', async () => {
    if (!available) return;
    const page = await open('alice', `/declare?${new URLSearchParams(wish)}#part-2`);
    expect(await page.inputValue('[name=fragment]')).toBe('part-2');
    let onward = '';
    await page.route('https://erp.acme.example/**', (route) => {
      onward = route.request().url();
      return route.fulfill({ status: 200, contentType: 'text/plain', body: 'here' });
    });
    await page.check('[name=purpose][value=hotline]');
    await page.fill('[name=reference]', opening('o2').reference);
    await page.click('main form[action="/declare"] button');
    await page.waitForURL(/erp\.acme\.example/);
    expect(new URL(page.url()).hash).toBe('#part-2');
    expect(onward).toMatch(/\/\.consentry\/enter\?code=[\w-]{43}&f=abcdefghijk$/);
    await page.close();
  });

  test('the companion says ten, five and one minute before the end that it is near, and one click lengthens', async () => {
    if (!available) return;
    const mine = { ...opening('o9'), openedAt: start - 1_800_000, endsAt: start + 3_600_000 };
    world.memory.room('acme').openings.set('o9', mine);
    const page = await browser.context.newPage();
    await page.clock.install();
    await page.setExtraHTTPHeaders({ 'x-test-user': 'alice' });
    await page.goto(`${origin}/openings/o9`);
    const soon = page.locator('#soon');
    expect(await soon.getAttribute('role')).toBe('alert');
    expect(await soon.innerText()).toBe('');
    for (const [forward, minutes] of [
      ['50:01', '10'],
      ['05:00', '5'],
      ['04:00', 'une'],
    ] as const) {
      await page.clock.fastForward(forward);
      await soon.getByText(new RegExp(`dans\\s${minutes}\\sminute`)).waitFor();
      await page.clock.runFor(1_000);
      expect(await page.title()).toMatch(minutes === 'une' ? /^1 min – / : new RegExp(`^${minutes} min – `));
    }
    await page.getByRole('button', { name: /30\sminutes de plus/ }).click();
    await page.getByText('L’accès est prolongé.').waitFor();
    expect(world.memory.room('acme').openings.get('o9')?.endsAt).toBe(mine.endsAt + 1_800_000);
    expect(await soon.innerText()).toBe('');
    await page.close();
  });

  test('lengthened in another tab, the companion takes the new end instead of a false alarm', async () => {
    if (!available) return;
    const mine = { ...opening('o8'), endsAt: start + 3_600_000 };
    const { openings } = world.memory.room('acme');
    openings.set('o8', mine);
    const page = await browser.context.newPage();
    await page.clock.install();
    await page.setExtraHTTPHeaders({ 'x-test-user': 'alice' });
    await page.goto(`${origin}/openings/o8`);
    const later = new Date(mine.endsAt + 1_800_000).toISOString();
    openings.set('o8', { ...mine, endsAt: mine.endsAt + 1_800_000 });
    await page.clock.fastForward('50:01');
    await page.locator(`[data-until="${later}"]`).waitFor();
    expect(await page.locator('#soon').innerText()).toBe('');
    await page.close();
  });

  test('nothing broke the content policy or threw', () => {
    expect(errors).toEqual([]);
  });
});
