/** Where the system's own Chromium is, and how tests start it: without a window, and with no talk to the outside. */
export const CHROMIUM = '/usr/bin/chromium';

export const chromiumOptions = {
  executablePath: CHROMIUM,
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
