/**
 * Stop means stop: downloads, uploads, sockets and event streams die on both sides, slow readers get next to nothing
 * more, nothing new passes, and the log says how long it took.
 */
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { createErp } from '../../src/demo/erp.ts';
import { type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { open, raw } from '../support/raw.ts';
import { stopwatch } from '../support/stopwatch.ts';

let erp: Awaited<ReturnType<typeof createErp>>;
let gateway: TestGateway;
let access: OpenedAccess;

beforeAll(async () => {
  erp = await createErp();
  gateway = await startTestGateway({ erp: erp.origin });
});

afterAll(async () => {
  await gateway?.close();
  await erp?.close();
});

beforeEach(async () => {
  access = await gateway.open({ purpose: 'backup' });
});

function head(path: string, method = 'GET', more = ''): string {
  return `${method} ${path} HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nSec-Fetch-Site: same-origin\r\n${more}\r\n`;
}

function stop() {
  return gateway.app.authority.end({ client: 'acme', opening: access.opening }, 'stopped', {
    provider: 'test',
  });
}

test('a large download dies, also at a slow reader', async () => {
  const download = open(gateway.port, head('/export/full.bin?mb=500'));
  await download.until('\r\n\r\n');
  download.socket.pause();
  const before = download.bytes();
  const took = stopwatch();
  const ended = await stop();
  expect(ended).toMatchObject({ exchanges: 1, recorded: true });
  expect(ended.cutMs).toBeLessThan(1_000 + took().stood);
  download.socket.resume();
  await download.closed;
  expect(download.bytes() - before).toBeLessThan(8 * 1024 * 1024);
  expect(await gateway.lastOutcome()).toBe('terminated:stopped');
  const again = await raw(gateway.port, head('/'));
  expect(again.status).toBe(401);
  const closed = (await gateway.lines()).find(({ leaf }) => leaf.t === 'session.closed');
  expect(closed?.leaf).toMatchObject({ id: expect.any(String), cause: 'stopped' });
});

test('a WebSocket dies on both sides, and a new one is refused', async () => {
  const address = `ws://127.0.0.1:${gateway.port}/ws`;
  const options = { headers: { host: access.host, cookie: access.cookie, origin: `http://${access.host}` } };
  const socket = new WebSocket(address, options);
  await once(socket, 'message');
  const closed = once(socket, 'close');
  await stop();
  await closed;
  const refused = new WebSocket(address, options);
  const [error] = (await once(refused, 'error')) as [Error];
  expect(error.message).toContain('401');
});

test('an event stream dies', async () => {
  const stream = open(gateway.port, head('/events'));
  await stream.until('data:');
  await stop();
  await stream.closed;
  expect(await gateway.lastOutcome()).toBe('terminated:stopped');
});

test('an upload dies', async () => {
  access = await gateway.open({ purpose: 'support' });
  const upload = open(
    gateway.port,
    head('/upload', 'POST', 'Content-Type: application/octet-stream\r\nContent-Length: 1000000\r\n'),
  );
  await once(upload.socket, 'connect');
  upload.socket.write(Buffer.alloc(10_000));
  for (;;) {
    const [running] = gateway.app.running('acme');
    if (running !== undefined && running.up > 0) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await stop();
  await upload.closed;
  expect(await gateway.lastOutcome()).toBe('terminated:stopped');
});

test('what another process did counts at once: its own agreement ends an access, another one is not felt', async () => {
  const { ledger, authority } = gateway.app;
  access = await gateway.open({ purpose: 'hotline' });
  const { grants, openings, seats } = await authority.client('acme');
  const claire = seats.find(({ controller }) => controller === 'claire');
  const by = { seat: claire?.id ?? '', role: 'representative' } as const;
  const mine = openings.get(access.opening)?.grant;
  const other = [...grants.keys()].find((grant) => grant !== mine);
  expect((await raw(gateway.port, head('/'))).status).toBe(200);
  // Past this process: nothing of it is known here until it is read.
  const change = (grant: string | undefined, to: 'suspended' | 'active') =>
    ledger.run({ do: 'grant-status', client: 'acme', grant: grant ?? '', to, by });
  const intents = async (): Promise<number> =>
    (await gateway.lines()).filter(({ leaf }) => leaf.t === 'access.intent').length;
  const before = await intents();
  await change(other, 'suspended');
  expect((await raw(gateway.port, head('/'))).status).toBe(200);
  expect(await intents()).toBe(before + 1);
  await change(other, 'active');
  await change(mine, 'suspended');
  // Refused, or cut on its way where that was only read for it.
  expect((await raw(gateway.port, head('/'))).status).not.toBe(200);
  expect(await intents()).toBe(before + 1);
});

test('revoking the agreement cuts what runs under it and refuses what comes', async () => {
  const download = open(gateway.port, head('/export/full.bin?mb=500'));
  await download.until('\r\n\r\n');
  const inForce = await gateway.app.authority.client('acme');
  const grant = inForce.openings.get(access.opening)?.grant ?? '';
  const claire = inForce.seats.find(({ controller }) => controller === 'claire');
  const ended = await gateway.app.authority.withdraw('acme', grant, 'revoked', {
    seat: claire?.id ?? '',
    role: 'representative',
  });
  expect(ended.recorded).toBe(true);
  await download.closed;
  expect(await gateway.lastOutcome()).toBe('terminated:revoked');
  expect((await raw(gateway.port, head('/'))).status).toBe(401);
});
