/**
 * The system's own Chromium, driven by playwright-core. All tests of a run share one (`browser-keeper.ts`); each `launch` is a
 * context of its own there, with cookies, storage and cache that nobody else sees. Where there is no Chromium, tests say so and
 * pass over it, except when `CI` is `true`: there a missing browser is a failure.
 */
import { accessSync, constants, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';
import { CHROMIUM, chromiumOptions } from './chromium.ts';

/**
 * True when browser tests can run. Says plainly on the error output when not.
 * @throws Error when there is no Chromium and `CI` is `true`.
 */
export function browserAvailable(): boolean {
  try {
    accessSync(CHROMIUM, constants.X_OK);
    return true;
  } catch {
    if (process.env.CI === 'true') throw new Error(`no browser: ${CHROMIUM} is missing and CI needs it`);
    process.stderr.write(`no browser: ${CHROMIUM} is missing, browser tests do not run here\n`);
    return false;
  }
}

export interface LaunchedBrowser {
  /** One profile: its pages share cookies. Open a second browser for a second person. */
  readonly context: BrowserContext;
  /** Ends all its pages and forgets the profile. */
  close(): Promise<void>;
}

let connected: Promise<Browser> | undefined;
let inUse = 0;

/** The Chromium of the run; outside of one, for measurements, a Chromium of this process. */
async function running(): Promise<Browser> {
  const keeper = process.env.CONSENTRY_TEST_BROWSER;
  if (keeper === undefined) return chromium.launch(chromiumOptions);
  const answer = await fetch(keeper);
  const told = await answer.text();
  if (!answer.ok) throw new Error(`Chromium does not start: ${told}`);
  return chromium.connect(told);
}

export interface BrowserOptions {
  /** What `Accept-Language` says, e.g. `fr-FR`. */
  readonly locale?: string;
  /** Whether pages may run theirs. */
  readonly scripts?: boolean;
  /** A whole Chromium of its own: where it is what people have that is tested, or the window that the page stands in counts. */
  readonly alone?: boolean;
}

/** A browser with an empty profile. */
export async function launch({
  locale = 'en-GB',
  scripts = true,
  alone = false,
}: BrowserOptions = {}): Promise<LaunchedBrowser> {
  const { context, close } = await (alone ? ownProfile : sharedContext)({
    locale,
    javaScriptEnabled: scripts,
  });
  context.setDefaultTimeout(45_000);
  return { context, close };
}

async function ownProfile(options: BrowserContextOptions): Promise<LaunchedBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'consentry-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    ...chromiumOptions,
    executablePath: CHROMIUM,
    ...options,
  });
  return {
    context,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

async function sharedContext(options: BrowserContextOptions): Promise<LaunchedBrowser> {
  inUse += 1;
  connected ??= running();
  const browser = await connected;
  const context = await browser.newContext(options);
  let open = true;
  return {
    context,
    async close() {
      if (!open) return;
      open = false;
      await context.close();
      inUse -= 1;
      if (inUse > 0) return;
      connected = undefined;
      await browser.close();
    },
  };
}
