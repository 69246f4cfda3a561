/**
 * The five questions that a data protection officer asks, each answered within three clicks of the first page, in real
 * Chromium: marc reads for acme, after alice worked there.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { World } from '../../src/demo/world.ts';
import { browserAvailable, type LaunchedBrowser, launch } from '../support/browser.ts';
import type { TestGateway } from '../support/gateway.ts';
import { startSite } from '../support/site.ts';

const suite = browserAvailable() ? describe : describe.skip;

suite('five minutes of a reader', () => {
  let world: World;
  let gateway: TestGateway;
  let marc: LaunchedBrowser;
  let page: Page;
  let portal: string;

  beforeAll(async () => {
    ({ world, gateway, portal } = await startSite());
    await gateway.open({ purpose: 'support' });
    marc = await launch({ locale: 'en-GB' });
    page = await marc.context.newPage();
    await page.goto(portal);
    await page.fill('[name=login]', 'marc');
    await page.fill('[name=password]', 'any');
    await page.click('button[type=submit]');
    await page.waitForURL((url) => url.origin === portal);
  });

  afterAll(async () => {
    await marc?.close();
    await gateway?.close();
    await world?.close();
  });

  /** From the first page, by these links; at most three clicks. `mine`: the first stands under one's own name. */
  async function follow(names: readonly RegExp[], mine = false): Promise<void> {
    await page.goto(portal);
    if (mine) await page.locator('details.mine summary').click();
    for (const name of names) await page.getByRole('link', { name }).first().click();
    expect(names.length + (mine ? 1 : 0)).toBeLessThanOrEqual(3);
  }

  test('who was in our data, and is anything wrong?', async () => {
    await expect(seen(/1\saccess by 1\sperson, under one of your agreements/)).resolves.toBe(true);
    await expect(seen(/Worth a look/)).resolves.toBe(true);
    expect(await page.locator('.looks').innerText()).toContain('Alice');
  });

  test('why, for how long, and what left?', async () => {
    await follow([/^History$/]);
    const story = page.locator('.story').first();
    await story.waitFor();
    expect(await story.innerText()).toMatch(/Alice.*support/i);
    await story.locator('summary').click();
    expect(
      await page
        .getByRole('link', { name: /agreement/i })
        .first()
        .isVisible(),
    ).toBe(true);
  });

  test('who may come in, and who agreed?', async () => {
    await follow([/^Agreements$/, /Read the full text/]);
    await expect(seen(/Claire Dubois/)).resolves.toBe(true);
  });

  test('what protects us?', async () => {
    await follow([/^What protects you$/], true);
    await expect(seen(/Nobody enters without an agreement/)).resolves.toBe(true);
  });

  test('what can I file, and how do I know that it is true?', async () => {
    await follow([/^Take away$/, /Key, state and download/]);
    expect((await page.locator('#phrase strong').innerText()).split(' ')).toHaveLength(6);
  });

  /** The history follows the log within a moment; the page is loaded again until it says it. */
  async function seen(text: RegExp): Promise<boolean> {
    const patience = Date.now() + 20_000;
    for (;;) {
      const said = await page.locator('main').innerText();
      if (text.test(said)) return true;
      if (Date.now() > patience) throw new Error(`${page.url()} says: ${said}`);
      await page.reload();
    }
  }
});
