/** The operator's listener: who asks whether the gateway is ready learns why it is not, and that it is again. */
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test } from '@jest/globals';
import { createOps } from '../../src/gateway/ops.ts';
import { freePort, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { open, raw } from '../support/raw.ts';
import { httpUpstream } from '../support/upstreams.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function ask(port: number, path: string, method = 'GET'): Promise<readonly [number, string]> {
  const headers = { connection: 'close' };
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers });
  return [answer.status, await answer.text()];
}

const readyIs = (port: number) => ask(port, '/readyz');

interface Started {
  readonly gateway: TestGateway;
  readonly ops: number;
  /** A guarded request, as bytes. */
  readonly request: string;
  close(): Promise<void>;
}

async function started(answer?: Parameters<typeof httpUpstream>[0]): Promise<Started> {
  const upstream = await httpUpstream(answer);
  closing.push(() => upstream.close());
  const ops = await freePort();
  const gateway = await startTestGateway({ erp: upstream.origin, opsPort: ops });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= gateway.close();
    return closed;
  };
  closing.push(close);
  const { host, cookie } = await gateway.open();
  const request = `GET /customers HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n`;
  return { gateway, ops, request, close };
}

test('says why it is not ready, in one word, and answers nothing else', async () => {
  let why: string | undefined = 'stopping';
  const server: Server = createOps({
    notReady: () => why,
    numbers: () => Promise.reject(new Error('/secret/path')),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as AddressInfo;
  expect(await readyIs(port)).toEqual([503, 'stopping\n']);
  expect(await ask(port, '/livez')).toEqual([200, 'alive\n']);
  why = undefined;
  expect(await readyIs(port)).toEqual([200, 'ready\n']);
  expect(await ask(port, '/metrics')).toEqual([503, 'numbers unavailable\n']);
  expect((await ask(port, '/readyz', 'POST'))[0]).toBe(405);
  expect((await ask(port, '/readyz?')).at(0)).toBe(404);
  expect((await ask(port, '/')).at(0)).toBe(404);
});

test('while the log cannot be written it is not ready, though alive; it is again once the log is written', async () => {
  const { gateway, ops, request } = await started();
  const lock = new DatabaseSync(join(gateway.folder, 'data', 'ledger.db'));
  closing.push(() => lock.close());
  expect(await readyIs(ops)).toEqual([200, 'ready\n']);
  lock.exec('BEGIN IMMEDIATE');
  expect((await raw(gateway.port, request)).status).toBe(503);
  expect(await readyIs(ops)).toEqual([503, 'ledger_unavailable\n']);
  expect((await ask(ops, '/livez'))[0]).toBe(200);
  lock.exec('ROLLBACK');
  while ((await raw(gateway.port, request)).status !== 200);
  expect(await readyIs(ops)).toEqual([200, 'ready\n']);
});

function begin(_: unknown, res: ServerResponse): void {
  res.writeHead(200, { 'content-type': 'text/html', 'content-length': 1_000 }).write('the first piece');
}

test('while what runs is still let finish it is not ready', async () => {
  const { gateway, ops, request, close } = await started(begin);
  const running = open(gateway.port, request);
  await running.until('the first piece');
  expect(await readyIs(ops)).toEqual([200, 'ready\n']);
  const closed = close();
  expect(await readyIs(ops)).toEqual([503, 'stopping\n']);
  expect((await ask(ops, '/livez'))[0]).toBe(200);
  await Promise.all([closed, running.closed]);
  await expect(readyIs(ops)).rejects.toThrow();
});
