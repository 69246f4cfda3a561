/**
 * Clients that leave: while the record waits for the disk, while the upstream thinks, in the middle of an answer.
 * Nothing is sent in the name of who is gone, nothing stays registered, and the log says so.
 */
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { open, raw } from '../support/raw.ts';
import { until } from '../support/streams.ts';
import { type HttpUpstream, httpUpstream } from '../support/upstreams.ts';

let upstream: HttpUpstream;
let gateway: TestGateway;
let access: OpenedAccess;

beforeAll(async () => {
  upstream = await httpUpstream((req, res) => {
    if (req.url === '/customers/slow') return;
    if (req.url !== '/customers/endless') {
      res.end('ok');
      return;
    }
    const more = (): void => {
      while (!res.destroyed && res.write('x'.repeat(65_536)));
    };
    res.on('drain', more);
    more();
  });
  gateway = await startTestGateway({ erp: upstream.origin });
  access = await gateway.open({ purpose: 'backup' });
});

afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n`;
}

async function nothingRuns(): Promise<void> {
  await until(() => gateway.app.running('acme').length === 0);
}

test('while the record waits: nothing is forwarded', async () => {
  const lock = new DatabaseSync(join(gateway.folder, 'data', 'ledger.db'));
  lock.exec('BEGIN IMMEDIATE');
  const before = upstream.requests.length;
  const clients = Array.from({ length: 20 }, () => open(gateway.port, get('/customers/1')));
  await until(() => gateway.app.running('acme').length === 20);
  for (const { socket } of clients) socket.destroy();
  await Promise.all(clients.map(({ closed }) => closed));
  // The gateway has seen them go once it answers somebody who came later.
  expect(
    (await raw(gateway.port, `GET / HTTP/1.1\r\nHost: ${access.host}\r\nAccept: */*\r\n\r\n`)).status,
  ).toBe(401);
  lock.exec('ROLLBACK');
  lock.close();
  await nothingRuns();
  expect(upstream.requests.length).toBe(before);
  expect(await gateway.lastOutcome()).toBe('client-abort');
  expect((await raw(gateway.port, get('/customers/1'))).status).toBe(200);
});

test('while the upstream thinks: the upstream is let go', async () => {
  const client = open(gateway.port, get('/customers/slow'));
  while (!upstream.requests.some(({ url }) => url === '/customers/slow'))
    await new Promise((resolve) => setImmediate(resolve));
  const seen = upstream.requests.find(({ url }) => url === '/customers/slow');
  client.socket.destroy();
  await seen?.ended;
  await nothingRuns();
  expect(await gateway.lastOutcome()).toBe('client-abort');
});

test('in the middle of an answer: the upstream is let go, with the bytes that went out', async () => {
  const client = open(gateway.port, get('/customers/endless'));
  await once(client.socket, 'data');
  const seen = upstream.requests.find(({ url }) => url === '/customers/endless');
  client.socket.destroy();
  await seen?.ended;
  await nothingRuns();
  expect(await gateway.lastOutcome()).toBe('client-abort');
});
