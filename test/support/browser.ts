/**
 * The system's own Chromium, driven by playwright-core with a fresh profile and no talk to the outside. Where there is
 * no Chromium, tests say so and pass over it, except when `CI` is `true`: there a missing browser is a failure.
 */
import { accessSync, constants, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { BrowserContext } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

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
  /** Ends the browser and removes its profile. */
  close(): Promise<void>;
}

/** Starts Chromium with an empty profile. @param locale what `Accept-Language` says, e.g. `fr-FR`. @param scripts whether pages may run theirs */
export async function launch({
  locale = 'en-GB',
  scripts = true,
}: {
  locale?: string;
  scripts?: boolean;
} = {}): Promise<LaunchedBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'consentry-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    args: ARGUMENTS,
    locale,
    javaScriptEnabled: scripts,
    timeout: 20_000,
  });
  context.setDefaultTimeout(15_000);
  return {
    context,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
