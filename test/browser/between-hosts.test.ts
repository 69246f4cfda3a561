/** A system with two hosts in real Chromium: the first page that is entered may call the other host at once. */
import { expect, test } from '@jest/globals';
import { startTwoHosts } from '../gateway/two-hosts.ts';
import { browserAvailable, launch } from '../support/browser.ts';

test('a page calls the other host from the first moment on, and the place wanted is kept to its fragment', async () => {
  if (!browserAvailable()) return;
  const hosts = await startTwoHosts({ between: true });
  const browser = await launch();
  try {
    const page = await browser.context.newPage();
    await page.goto(hosts.second('/customers?page=2#c-7'));
    await page.fill('[name=login]', 'alice');
    await page.fill('[name=password]', 'any');
    await page.click('button[type=submit]');
    await page.waitForURL((url) => url.pathname === '/declare');
    await page.check('input[name=purpose][value=hotline]');
    await page.fill('[name=reference]', 'T-1');
    await page.getByRole('button', { name: /Declare/ }).click();
    await page.waitForURL((url) => url.origin === new URL(hosts.second('/')).origin);
    expect(page.url()).toBe(hosts.second('/customers?page=2#c-7'));
    // As an opaque answer, because the sample does not permit its reading; that it passed stands in the log.
    await page.evaluate(async (address) => {
      await fetch(address, { mode: 'no-cors', credentials: 'include' });
    }, hosts.first('/api/customers'));
    const lines = await hosts.gateway.lines();
    const called = lines.filter(
      ({ groups }) => (groups.target as { path?: string })?.path === '/api/customers',
    );
    expect(called.map(({ leaf }) => leaf.t)).toEqual(['access.intent']);
    expect(lines.filter(({ leaf }) => leaf.t === 'session.opened')).toHaveLength(1);
    const left = (await browser.context.cookies()).filter(({ name }) => name.includes('consentry-f-'));
    expect(left).toEqual([]);
  } finally {
    await browser.close();
    await hosts.close();
  }
});
