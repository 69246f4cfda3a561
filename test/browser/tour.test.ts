/**
 * The tour of the README in real Chromium, with the real parts: a technician signs in, declares, is refused what the
 * purpose does not permit; the client watches, stops a download in the middle, exports and verifies. Set
 * `TOUR_PICTURES` to a folder to keep screenshots.
 */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startWorld, type World } from '../../src/demo/world.ts';
import { loadKeys } from '../../src/stores/keys.ts';
import { browserAvailable, type LaunchedBrowser, launch } from '../support/browser.ts';
import { freePort, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { flipOneByte, truncateAndSign } from '../support/tamper.ts';

const pictures = process.env.TOUR_PICTURES;
const run = promisify(execFile);
const suite = browserAvailable() ? describe : describe.skip;

suite('the tour', () => {
  let world: World;
  let gateway: TestGateway;
  let alice: LaunchedBrowser;
  let claire: LaunchedBrowser;
  let work: Page;
  let watch: Page;
  let portal: string;
  let erp: string;
  let key = '';
  let head = '';
  let exported = '';

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
    alice = await launch({ locale: 'en-GB', alone: true });
    claire = await launch({ locale: 'fr-FR', alone: true });
    work = await alice.context.newPage();
    watch = await claire.context.newPage();
  });

  afterAll(async () => {
    await alice?.close();
    await claire?.close();
    await gateway?.close();
    await world?.close();
  });

  async function picture(page: Page, name: string): Promise<void> {
    if (pictures === undefined) return;
    await mkdir(pictures, { recursive: true });
    for (const width of [1440, 360]) {
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: join(pictures, `${name}-${width}.png`), fullPage: true });
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  }

  async function signIn(page: Page, login: string): Promise<void> {
    await page.fill('[name=login]', login);
    await page.fill('[name=password]', 'any');
    await page.click('button[type=submit]');
  }

  async function declare(page: Page, purpose: string): Promise<void> {
    await page.waitForURL((url) => url.pathname === '/declare');
    await page.check(`input[name=purpose][value=${purpose}]`);
    await page.fill('[name=reference]', 'T-4711');
    await picture(page, `declare-${purpose}`);
    await page.getByRole('button', { name: /Declare/ }).click();
    await page.waitForURL((url) => url.origin === erp && !url.pathname.startsWith('/.consentry'));
  }

  test('hotline: pages and the live view work, at the wanted address', async () => {
    await work.goto(`${erp}/customers?page=1#list`);
    await picture(work, 'sign-in');
    await signIn(work, 'alice');
    await declare(work, 'hotline');
    expect(new URL(work.url()).pathname + new URL(work.url()).search).toBe('/customers?page=1');
    await picture(work, 'erp-customers');
    await work.goto(`${erp}/live`);
    await work.waitForFunction(() => (document.body.innerText.match(/\d/g) ?? []).length > 10);
    await picture(work, 'erp-live');
  });

  test('hotline: saving a form and downloading are refused, with what to do next', async () => {
    await work.goto(`${erp}/customers`);
    await work.locator('main a[href^="/customers/"]').first().click();
    await work.locator('form button[type=submit]').first().click();
    await work.getByText('write_not_granted').waitFor();
    await picture(work, 'refused-write');
    const answer = await work.goto(`${erp}/export/customers.csv`);
    expect(answer?.status()).toBe(403);
    await work.getByText(/copy_not_granted/).waitFor();
    await picture(work, 'refused-copy');
  });

  test('support: from the refusal by one click and one entry back to the form, which saves', async () => {
    const declared = async () =>
      (await gateway.lines()).filter(({ leaf }) => leaf.t === 'session.opened').length;
    await work.goto(`${erp}/customers`);
    await work.locator('main a[href^="/customers/"]').first().click();
    const form = work.url();
    await work.locator('form button[type=submit]').first().click();
    const [tab] = await Promise.all([
      work.waitForEvent('popup'),
      work.getByRole('link', { name: 'Declare another purpose' }).click(),
    ]);
    await tab.waitForURL((url) => url.pathname === '/declare');
    await picture(tab, 'another-purpose');
    const before = await declared();
    await tab.locator('form[action$="/purpose"] button[value=support]').click();
    await tab.waitForURL(form);
    expect(await declared()).toBe(before + 1);
    await tab.locator('form button[type=submit]').first().click();
    await tab.waitForURL(/saved/);
    await tab.close();
  });

  test('the client sees each access appear, and stops a large download in the middle', async () => {
    await watch.goto(portal);
    await signIn(watch, 'claire');
    await watch.getByText('T-4711').first().waitFor();
    await picture(watch, 'now');
    await watch.getByRole('link', { name: /Chaque ligne/ }).click();
    await watch.getByText('T-4711').first().waitFor();
    await picture(watch, 'activity');
    await watch.goto(portal);
    await again('backup');
    const csv = await download('/export/customers.csv');
    expect(csv.error).toBeUndefined();
    const large = download('/export/full.bin?mb=400&rate=20000000');
    await watch
      .getByText(/export\/full\.bin|Export complet/)
      .first()
      .waitFor();
    await picture(watch, 'activity-running');
    await watch.locator('#stop-all').click();
    await watch
      .getByText(/arrêté|coupé/i)
      .first()
      .waitFor();
    await picture(watch, 'activity-stopped');
    const ended = await large;
    expect(ended.error).toBeDefined();
    expect(await gateway.lastOutcome()).toBe('terminated:stopped');
    const next = await work.goto(`${erp}/customers`);
    expect(new URL(next?.url() ?? '').origin).toBe(portal);
  });

  test('key, state and export: the check passes, one changed byte fails, so does a truncated log signed again', async () => {
    await watch.goto(`${portal}/verify`);
    key = await watch.locator('#key').innerText();
    head = await watch.locator('#state').innerText();
    await picture(watch, 'verify');
    const [file] = await Promise.all([
      watch.waitForEvent('download'),
      watch.locator('a[href="/export"]').click(),
    ]);
    exported = join(gateway.folder, 'export.zip');
    await file.saveAs(exported);
    await writeFile(join(gateway.folder, 'state.txt'), `${head.trimEnd()}\n`);
    const good = await verify(exported);
    expect(good).toMatchObject({ code: 0 });
    const bytes = await readFile(exported);
    const changed = await verify(await keep('changed.zip', flipOneByte(bytes)));
    expect(changed.code).toBe(1);
    expect(changed.out).toMatch(/root|hash|bytes/i);
    const cut = truncateAndSign(bytes, 5, loadKeys(gateway.config.keys));
    const truncated = await verify(await keep('truncated.zip', cut));
    expect(truncated.code).toBe(1);
    expect(truncated.out).toMatch(/since|smaller|shorter|noted|kept/i);
  });

  /** A new declaration although one is open. */
  async function again(purpose: string): Promise<void> {
    await work.goto(`${erp}/.consentry/declare?to=%2F`);
    await declare(work, purpose);
  }

  /** Downloads by a page of the system, as a person does. */
  async function download(path: string): Promise<{ readonly error: string | undefined }> {
    const [started] = await Promise.all([
      work.waitForEvent('download'),
      work.evaluate((href) => {
        const link = document.createElement('a');
        link.href = href;
        document.body.append(link);
        link.click();
      }, path),
    ]);
    return { error: (await started.failure()) ?? undefined };
  }

  async function keep(name: string, bytes: Uint8Array): Promise<string> {
    const file = join(gateway.folder, name);
    await writeFile(file, bytes);
    return file;
  }

  async function verify(path: string): Promise<{ readonly code: number; readonly out: string }> {
    const args = [
      'dist/main.js',
      'ledger',
      'verify',
      path,
      '--key',
      key,
      '--since',
      join(gateway.folder, 'state.txt'),
    ];
    try {
      const { stdout } = await run('node_modules/.bin/node', args);
      return { code: 0, out: stdout };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, out: stdout + stderr };
    }
  }
});
