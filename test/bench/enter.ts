/**
 * The enter part: from Enter on a result of the desk to the system's first byte, in a real browser on loopback, with the access
 * open and without a new sign-in.
 */
import type { Page } from 'playwright-core';
import { browserAvailable, launch } from '../support/browser.ts';
import { median, startTarget } from './running.ts';

export interface EnterReport {
  readonly rounds: number;
  readonly median_ms: number;
  readonly most_ms: number;
}

/** What a technician may wait for it. */
export const mostEnterMs = 300;

/** Undefined where there is no browser (said on the error output). */
export async function measureEnter(rounds: number): Promise<EnterReport | undefined> {
  if (!browserAvailable()) return undefined;
  const upstream = await startTarget('upstream');
  try {
    const target = await startTarget('consentry', `http://127.0.0.1:${upstream.reach.port}`);
    try {
      const { portal = '', host } = target.reach;
      return await measure(rounds, portal, `http://${host}`);
    } finally {
      await target.child.end();
    }
  } finally {
    await upstream.child.end();
  }
}

async function measure(rounds: number, portal: string, system: string): Promise<EnterReport> {
  const browser = await launch();
  try {
    const page = await browser.context.newPage();
    await signIn(page, portal);
    await openOne(page, portal, system);
    // The first time fills the browser's cache.
    await enter(page, portal, system);
    const taken: number[] = [];
    for (let round = 0; round < rounds; round += 1) taken.push(await enter(page, portal, system));
    return { rounds, median_ms: median(taken), most_ms: Math.max(...taken) };
  } finally {
    await browser.close();
  }
}

async function signIn(page: Page, portal: string): Promise<void> {
  await page.goto(portal);
  await page.fill('[name=login]', 'alice');
  await page.fill('[name=password]', 'bench');
  await page.click('button[type=submit]');
  await page.waitForURL((url) => url.origin === portal);
}

/** One access, so that the desk leads straight into it; what the other parts of the bench opened is closed. */
async function openOne(page: Page, portal: string, system: string): Promise<void> {
  const close = page.locator('form[action$="/close"] button');
  while ((await close.count()) > 0) {
    await close.first().click();
    await page.waitForLoadState();
  }
  await page.goto(`${portal}/enter?systems=bench/app&purpose=hotline&reference=T-1`);
  await page.locator('form[action="/declare"] button[type=submit]').last().click();
  await page.waitForURL((url) => url.origin === system);
}

/** Milliseconds from the key to the first byte. */
async function enter(page: Page, portal: string, system: string): Promise<number> {
  await page.goto(portal);
  await page.fill('#q', 'bench');
  await page.waitForSelector('#found a.hit');
  const answered = page.waitForResponse((answer) => answer.url() === `${system}/`);
  const start = performance.now();
  await page.press('#q', 'Enter');
  await answered;
  const taken = performance.now() - start;
  await page.waitForURL((url) => url.origin === system);
  return taken;
}
