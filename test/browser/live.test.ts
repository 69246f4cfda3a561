/** A reader watches in real Chromium, with the real parts: what happens appears at once, and a cut stream says so. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { World } from '../../src/demo/world.ts';
import { browserAvailable, type LaunchedBrowser, launch } from '../support/browser.ts';
import type { OpenedAccess, TestGateway } from '../support/gateway.ts';
import { raw } from '../support/raw.ts';
import { startSite } from '../support/site.ts';
import { stopwatch } from '../support/stopwatch.ts';

const suite = browserAvailable() ? describe : describe.skip;

suite('watching', () => {
  let world: World;
  let gateway: TestGateway;
  let marc: LaunchedBrowser;
  let page: Page;
  let portal: string;
  let access: OpenedAccess;
  let closed = false;

  beforeAll(async () => {
    ({ world, gateway, portal } = await startSite());
    marc = await launch({ locale: 'en-GB' });
    page = await marc.context.newPage();
    await signIn(page);
  });

  afterAll(async () => {
    await marc?.close();
    if (!closed) await gateway?.close();
    await world?.close();
  });

  async function signIn(on: Page): Promise<void> {
    await on.goto(portal);
    await on.fill('[name=login]', 'marc');
    await on.fill('[name=password]', 'any');
    await on.click('button[type=submit]');
    await on.waitForURL((url) => url.origin === portal);
  }

  /** Milliseconds until the page shows it, counted from now. */
  async function seenWithin(selector: string): Promise<number> {
    const took = stopwatch();
    await page.locator(selector).first().waitFor();
    return took().ran;
  }

  test('who enters stands on the first page within a second, with Stop', async () => {
    await page.locator('[data-live-on]').waitFor();
    access = await gateway.open({ purpose: 'support' });
    expect(await seenWithin(`#stop-${access.opening}`)).toBeLessThan(1_000);
  });

  test('each exchange stands on the page of every line within a second, and its row has Stop', async () => {
    await page.goto(`${portal}/activity`);
    await page.locator('[data-live-on]').waitFor();
    const rows = page.locator('td button.small');
    expect(await rows.count()).toBe(1);
    const lines = ['GET /customers HTTP/1.1', `Host: ${access.host}`, `Cookie: ${access.cookie}`];
    const answer = await raw(gateway.port, `${lines.join('\r\n')}\r\nSec-Fetch-Site: same-origin\r\n\r\n`);
    expect(answer.status).toBe(200);
    expect(await seenWithin('tr:nth-child(2) td button.small')).toBeLessThan(1_000);
  });

  test('a drill that somebody else asks for stands there within five seconds, marked; its stop says how long it took', async () => {
    await page.goto(portal);
    await page.locator('[data-live-on]').waitFor();
    const { seats } = await gateway.app.authority.client('acme');
    const seat = seats.find(({ role }) => role === 'representative');
    if (seat === undefined) throw new Error('nobody sits for acme');
    const by = { seat: seat.id, role: seat.role };
    await gateway.app.authority.run({ do: 'drill', client: 'acme', drill: undefined, by });
    expect(await seenWithin('.tile:has-text("Test opening: no person entered")')).toBeLessThan(5_000);
    const took = stopwatch();
    await page.locator('#drill').click();
    await page.locator('.notice:has-text("The test is written into your log.")').waitFor();
    expect(await page.locator('.tile:has-text("Test opening")').count()).toBe(2);
    expect(took().ran).toBeLessThan(5_000);
    await page.getByRole('button', { name: 'Stop the test' }).first().click();
    const said = await page.locator('.notice:has-text("The test is stopped")').innerText();
    expect(said).toMatch(/[\d.]+\sms from the moment/);
    expect(await page.locator('.tile:has-text("Test opening")').count()).toBe(1);
    expect(await page.locator(`#stop-${access.opening}`).count()).toBe(1);
  });

  test('after signing out elsewhere the page leaves by itself, and signs nobody in again', async () => {
    await page.goto(`${portal}/activity`);
    await page.locator('[data-live-on]').waitFor();
    const other = await marc.context.newPage();
    await other.goto(portal);
    await other.locator('details.mine summary').click();
    const took = stopwatch();
    await other.locator('form[action="/sign-out"] button').click();
    await page.waitForURL(`${portal}/signed-out`);
    expect(took().ran).toBeLessThan(5_000);
    await other.waitForURL(`${portal}/signed-out`);
    await other.close();
  });

  test('when the gateway stops, the page says that it is cut, in words and by a sign', async () => {
    await signIn(page);
    await page.goto(`${portal}/activity`);
    await page.locator('[data-live-on]').waitFor();
    const took = stopwatch();
    closed = true;
    await gateway.close();
    const { ran } = took();
    const cut = page.locator('[data-live-cut]');
    expect(await seenWithin('[data-live-cut]')).toBeLessThan(5_000);
    expect(await cut.innerText()).toMatch(/⚠ Not live/);
    expect(await page.locator('[data-live-on]').isVisible()).toBe(false);
    // Streams hold no shutdown up; what is left is idle connections of the browser.
    expect(ran).toBeLessThan(10_000);
  });
});
