/**
 * A shell in a browser: a real terminal over a WebSocket behind the gateway. Whoever may write types a command and sees what it
 * says; whoever may only read sees the page and gets no socket; a stop takes the shell away.
 */
import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { installed, startTerminal } from '../support/applications.ts';
import { browserAvailable, launch } from '../support/browser.ts';
import { enterWith } from '../support/cookies.ts';
import { startTestGateway } from '../support/gateway.ts';
import { policyFolder } from '../support/policies.ts';

const received = (page: Page, text: string) =>
  page
    .waitForEvent('websocket')
    .then((socket) => socket.waitForEvent('framereceived', ({ payload }) => String(payload).includes(text)));

test('a command and its output, no socket for who only reads, and a stop', async () => {
  if (!browserAvailable() || !installed('websocketd')) return;
  const acme = await readFile('policies/clients/acme.yaml', 'utf8');
  const policies = await policyFolder({
    // It compares `Origin` with the name it is asked under, so the two have to agree.
    'clients/acme.yaml': acme
      .replace('profile: erp-demo', 'profile: web-terminal')
      .replace('ERP_UPSTREAM}" }', 'ERP_UPSTREAM}", host: upstream }'),
  });
  const terminal = await startTerminal();
  const gateway = await startTestGateway({ policies: policies.path, erp: terminal.origin });
  const browser = await launch();
  try {
    const access = await gateway.open({ purpose: 'support' });
    const origin = await enterWith(browser.context, access);
    const page = await browser.context.newPage();
    await page.goto(origin);
    await page.locator('.url').fill(origin.replace('http', 'ws'));
    const output = received(page, 'shell says 42');
    await page.locator('.connect').click();
    const input = page.locator('.send-input');
    await input.fill('echo shell says $((6*7))');
    await input.press('Enter');
    await output;
    const running = gateway.app.running('acme').filter(({ operation }) => operation === 'write');
    expect(running).toHaveLength(1);

    const { exchanges } = await gateway.app.authority.end(
      { client: 'acme', opening: access.opening },
      'stopped',
      { provider: 'test' },
    );
    expect(exchanges).toBeGreaterThan(0);
    expect(await gateway.lastOutcome()).toBe('terminated:stopped');

    await enterWith(browser.context, await gateway.open({ purpose: 'hotline' }));
    const other = await browser.context.newPage();
    await other.goto(origin);
    expect(await other.locator('.connect').count()).toBe(1);
    const refused = await other.evaluate(
      (address) =>
        new Promise<string>((resolve) => {
          const socket = new WebSocket(address);
          socket.onopen = () => resolve('open');
          socket.onerror = () => resolve('refused');
        }),
      origin.replace('http', 'ws'),
    );
    expect(refused).toBe('refused');
    const lines = await gateway.lines();
    const last = lines.find(({ leaf }) => leaf.t === 'access.refused');
    expect(last?.leaf).toMatchObject({ operation: 'write' });
    const sockets = lines.filter(({ leaf }) => leaf.t === 'access.intent' && leaf.dest === 'socket');
    expect(sockets.map(({ leaf }) => leaf.operation)).toEqual(['write']);
  } finally {
    await browser.close();
    await gateway.close();
    await terminal.close();
    await policies.remove();
  }
}, 90_000);
