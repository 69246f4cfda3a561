/** What the scripts of the desk and of an access do, in real Chromium: arrow keys, the countdown, the copy button. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { World } from '../../src/demo/world.ts';
import { browserAvailable, type LaunchedBrowser, launch } from '../support/browser.ts';
import type { TestGateway } from '../support/gateway.ts';
import { startSite } from '../support/site.ts';
import { signIn } from '../support/walk.ts';

const suite = browserAvailable() ? describe : describe.skip;

suite('at the desk', () => {
  let world: World;
  let gateway: TestGateway;
  let browser: LaunchedBrowser;
  let page: Page;
  let portal: string;

  beforeAll(async () => {
    ({ world, gateway, portal } = await startSite());
    browser = await launch();
    await browser.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: portal });
    const first = await browser.context.newPage();
    await signIn(first, portal, 'alice');
    await first.close();
  });

  beforeEach(async () => {
    page = await browser.context.newPage();
  });

  afterAll(async () => {
    await browser?.close();
    await gateway?.close();
    await world?.close();
  });

  /** The link or field that has the keyboard. */
  function focused(): Promise<string> {
    return page.evaluate(() => {
      const at = document.activeElement;
      return at instanceof HTMLAnchorElement ? (at.getAttribute('href') ?? '') : (at?.id ?? '');
    });
  }

  test('the arrows go from the search through the results and back, and Enter follows', async () => {
    await page.goto(portal);
    await page.focus('#q');
    await page.keyboard.type('acme');
    await page.waitForSelector('#found a.hit >> nth=1');
    const [first, second] = await page
      .locator('#found a.hit')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    const walked: string[] = [];
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowDown', 'ArrowDown']) {
      await page.keyboard.press(key);
      walked.push(await focused());
    }
    expect(walked).toEqual([first, second, first, 'q', 'q', first, second]);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname + url.search === second);
    await page.close();
  });

  test('the countdown runs, on the desk and on the page of an access', async () => {
    const { opening } = await gateway.open({ minutes: 30 });
    await page.clock.install();
    for (const path of ['/', `/openings/${opening}`]) {
      await page.goto(`${portal}${path}`);
      const left = page.locator('main [data-until]').first();
      await left.waitFor();
      const seconds = async () => {
        const [, minutes = '', rest = ''] = /^(\d+) min (\d+) s left$/.exec(await left.innerText()) ?? [];
        return Number(minutes) * 60 + Number(rest);
      };
      await page.clock.runFor(1_000);
      const before = await seconds();
      expect(before).toBeGreaterThan(29 * 60 - 10);
      await page.clock.runFor(90_000);
      expect(before - (await seconds())).toBeGreaterThanOrEqual(90);
    }
    await page.close();
  });

  test('the summary of an access that is over is copied by its button, which says so', async () => {
    const { opening } = await gateway.open({ purpose: 'hotline' });
    await gateway.app.authority.end({ client: 'acme', opening }, 'technician', undefined);
    await page.goto(`${portal}/openings/${opening}`);
    const button = page.locator('[data-copy=summary]');
    await button.click();
    await page.waitForFunction(() => document.querySelector('[data-copy=summary]')?.textContent === 'Copied');
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(await page.locator('#summary').textContent());
    expect(copied).toContain('T-1001');
    await page.close();
  });
});
