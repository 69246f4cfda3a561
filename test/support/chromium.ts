/**
 * Where the system's own Chromium is, and how tests start it: without a window, and with no talk to the outside. Where Debian's
 * `chromium-headless-shell` is installed, most tests use that: the same engine without the toolbars and tabs of a browser, which
 * nobody sees here and which take more processor time than the pages.
 */
import { existsSync } from 'node:fs';

export const CHROMIUM = '/usr/bin/chromium';

const WITHOUT_TOOLBARS = '/usr/bin/chromium-headless-shell';

export const chromiumOptions = {
  executablePath: existsSync(WITHOUT_TOOLBARS) ? WITHOUT_TOOLBARS : CHROMIUM,
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    // No page of a test stays long enough to earn back what the optimising compilers cost.
    '--js-flags=--no-opt --no-maglev',
  ],
  timeout: 20_000,
};
