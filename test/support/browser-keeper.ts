/**
 * One Chromium for a whole run of the tests, in jest's own process: started when the first test asks for it, ended with the run.
 * Test files learn from an address on loopback where it listens, and each makes contexts of its own in it.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserServer } from 'playwright-core';
import { chromiumOptions } from './chromium.ts';

/** Called once before the first test; answers what ends it all. */
export default async function keepBrowser(): Promise<void> {
  let browser: Promise<BrowserServer> | undefined;
  const server = createServer((_, answer) => {
    // One that crashed takes the tests with it that were in it, not those after them.
    browser ??= start(() => {
      browser = undefined;
    });
    browser.then(
      (made) => answer.end(made.wsEndpoint()),
      (cause: unknown) => {
        browser = undefined;
        answer.writeHead(500).end(String(cause));
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  process.env.CONSENTRY_TEST_BROWSER = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  (globalThis as { endBrowser?: () => Promise<void> }).endBrowser = async () => {
    server.close();
    server.closeAllConnections();
    await browser?.then((made) => made.close());
  };
}

/** The driver takes half a second to load: where no test asks for a browser, nobody waits for it. */
async function start(closed: () => void): Promise<BrowserServer> {
  const { chromium } = await import('playwright-core');
  const made = await chromium.launchServer(chromiumOptions);
  made.on('close', closed);
  return made;
}
