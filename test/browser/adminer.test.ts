/**
 * A SQL prompt in a browser: adminer on a real PostgreSQL behind the gateway. Hotline signs in and sees rows, and every way to
 * send SQL is refused; support runs it.
 */
import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { databasePassword, installed, startAdminer, startPostgres } from '../support/applications.ts';
import { browserAvailable, launch } from '../support/browser.ts';
import { enterWith } from '../support/cookies.ts';
import { startTestGateway } from '../support/gateway.ts';
import { policyFolder } from '../support/policies.ts';

async function signIn(page: Page, origin: string, server: string): Promise<void> {
  await page.goto(origin);
  await page.locator('[name="auth[driver]"]').selectOption('pgsql');
  await page.locator('[name="auth[server]"]').fill(server);
  await page.locator('[name="auth[username]"]').fill('postgres');
  await page.locator('[name="auth[password]"]').fill(databasePassword);
  await page.locator('[name="auth[db]"]').fill('postgres');
  await page.locator('input[type="submit"]').first().click();
  await page.waitForURL(/username=postgres/);
}

test('adminer: hotline sees rows and can send no SQL, support can', async () => {
  if (!browserAvailable() || !installed('php', 'adminer', 'postgres', 'initdb')) return;
  const acme = await readFile('policies/clients/acme.yaml', 'utf8');
  const policies = await policyFolder({
    'clients/acme.yaml': acme.replace('profile: erp-demo', 'profile: adminer'),
  });
  const database = await startPostgres();
  const adminer = await startAdminer();
  const gateway = await startTestGateway({ policies: policies.path, erp: adminer.origin });
  const browser = await launch();
  try {
    const origin = await enterWith(browser.context, await gateway.open({ purpose: 'support' }));
    const page = await browser.context.newPage();
    const failures: string[] = [];
    page.on('response', (answer) => {
      if (answer.status() >= 400) failures.push(`${answer.status()} ${answer.url()}`);
    });
    await signIn(page, origin, `127.0.0.1:${database.port}`);
    const at = new URL(page.url());
    at.searchParams.set('ns', 'public');
    const place = at.href;

    /** Types SQL into the prompt and sends it. */
    const run = async (sql: string): Promise<void> => {
      await page.goto(`${place}&sql=${encodeURIComponent(sql)}`);
      await page.locator('input[type="submit"][value="Execute"]').click();
      await page.locator('.message').first().waitFor();
    };
    await run(
      "create table orders (id int primary key, who text); insert into orders values (1, 'Zoé'), (2, 'Bob')",
    );
    expect(failures).toEqual([]);

    await enterWith(browser.context, await gateway.open({ purpose: 'hotline' }));
    await page.goto(`${place}&select=orders`);
    expect(await page.locator('#table').textContent()).toContain('Zoé');
    await page.goto(`${place}&table=orders`);
    expect(await page.locator('table').first().textContent()).toContain('integer');
    expect(failures).toEqual([]);

    for (const way of [
      '&sql=',
      '&edit=orders',
      '&create=orders',
      '&select=orders&where[0][col]=id&where[0][val]=1',
    ]) {
      const answer = await page.goto(place + way);
      expect([way, answer?.status()]).toEqual([way, 403]);
    }
    await page.goto(`${place}&select=orders`);
    const sent = await page.evaluate(async (address) => {
      const body = new URLSearchParams({ query: 'delete from orders' });
      return (await fetch(address, { method: 'POST', body })).status;
    }, `${place}&sql=`);
    expect(sent).toBe(403);

    const last = await gateway.open({ purpose: 'support' });
    await enterWith(browser.context, last);
    await run("insert into orders values (3, 'Eve')");
    await page.goto(`${place}&select=orders`);
    const rows = await page.locator('#table').textContent();
    expect([rows?.includes('Zoé'), rows?.includes('Bob'), rows?.includes('Eve')]).toEqual([true, true, true]);

    const lines = (await gateway.lines()).filter(
      ({ leaf }) => leaf.session === last.opening && leaf.t === 'access.intent',
    );
    const told = lines.map(
      ({ leaf, groups }) => `${leaf.method} ${leaf.operation} ${(groups.target as { path?: string })?.path}`,
    );
    expect(told).toContain('POST write /?sql');
    expect(JSON.stringify(lines)).not.toContain('Eve');
  } finally {
    await browser.close();
    await gateway.close();
    await adminer.close();
    await database.close();
    await policies.remove();
  }
}, 120_000);
