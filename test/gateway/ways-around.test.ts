/**
 * Ways around the door that somebody tried and that led through, once: each is closed, and a good request follows.
 */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import { type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { open, raw } from '../support/raw.ts';
import { type HttpUpstream, httpUpstream } from '../support/upstreams.ts';

let upstream: HttpUpstream;
let flood: WebSocketServer;
let gateway: TestGateway;
let hotline: OpenedAccess;
let support: OpenedAccess;

beforeAll(async () => {
  flood = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  flood.on('connection', (socket) => {
    socket.on('error', () => undefined);
    const more = (): void => {
      if (socket.readyState === socket.OPEN) socket.send(Buffer.alloc(65_536), () => setImmediate(more));
    };
    more();
  });
  upstream = await httpUpstream((req, res) => {
    req.resume();
    if (req.url === '/hang-up') req.on('end', () => res.socket?.destroy());
    else if (req.url?.startsWith('/gzip')) {
      const accepts = req.headers['accept-encoding'] !== undefined || req.url === '/gzip-anyway';
      const body = Buffer.alloc(50_000_000, 'a');
      if (accepts)
        res.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' }).end(gzipSync(body));
      else res.writeHead(200, { 'content-type': 'text/html', 'content-length': body.length }).end(body);
    } else if (req.url === '/static/big.csv')
      res.writeHead(200, { 'content-type': 'text/csv' }).end('a;b\n'.repeat(100));
    else if (req.url === '/two-types')
      res
        .writeHead(200, ['Content-Type', 'text/csv', 'Content-Type', 'text/html', 'Content-Length', '2'])
        .end('ok');
    else res.writeHead(200, { 'content-type': 'text/plain', 'content-length': 2 }).end('ok');
  });
  gateway = await startTestGateway({ erp: upstream.origin });
  hotline = await gateway.open({ purpose: 'hotline' });
  support = await gateway.open({ purpose: 'support' });
});

afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
  for (const client of flood?.clients ?? []) client.terminate();
  flood?.close();
});

function head(access: OpenedAccess, line: string, more = ''): string {
  return `${line} HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nSec-Fetch-Site: same-origin\r\n${more}\r\n`;
}

async function status(access: OpenedAccess, line: string, more = '', body = ''): Promise<number> {
  return (await raw(gateway.port, head(access, line, more) + body)).status;
}

describe('more than the purpose permits', () => {
  test.each([
    ['OPTIONS on a copy', 'OPTIONS /export/full.bin', '', 403],
    ['OPTIONS on a write', 'OPTIONS /api/customers/7', '', 403],
    ['OPTIONS on a call that its body decides', 'OPTIONS /api/rpc', '', 403],
    ['a table among static files', 'GET /static/big.csv', '', 403],
    ['a page that is 50 MB when it is not compressed', 'GET /gzip', 'Accept-Encoding: gzip\r\n', 403],
    ['a compressed answer that nobody asked for', 'GET /gzip-anyway', '', 403],
    ['two types of which one is a copy', 'GET /two-types', '', 502],
  ])('%s', async (_name, line, more, expected) => {
    expect(await status(hotline, line, more)).toBe(expected);
    expect(await status(hotline, 'GET /customers')).toBe(200);
  });

  test.each([
    ['two types', 'Content-Type: application/json\r\nContent-Type: text/plain\r\n', 400],
    ['an encoded body', 'Content-Type: application/json\r\nContent-Encoding: gzip\r\n', 403],
  ])('a body that says read, with %s', async (_name, more, expected) => {
    const body = '{"method":"customer.read"}';
    expect(await status(hotline, 'POST /api/rpc', `${more}Content-Length: ${body.length}\r\n`, body)).toBe(
      expected,
    );
  });

  test('a body that says read, with a query that may say otherwise', async () => {
    const body = '{"method":"customer.read"}';
    const more = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
    expect(await status(hotline, 'POST /api/rpc', more, body)).toBe(200);
    expect(await status(hotline, 'POST /api/rpc?method=customer.delete', more, body)).toBe(403);
  });

  test('a strict client’s Expect is answered before its body is looked at', async () => {
    const call = open(
      gateway.port,
      head(
        hotline,
        'POST /api/rpc',
        'Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 26\r\n',
      ),
    );
    await call.until('100 Continue');
    call.socket.write('{"method":"customer.read"}');
    await call.until('200 OK');
    call.socket.destroy();
  });
});

test('a navigation from elsewhere may look, but not download', async () => {
  const backup = await gateway.open({ purpose: 'backup' });
  const from = (site: string): string =>
    `GET /export/customers.csv HTTP/1.1\r\nHost: ${backup.host}\r\nCookie: ${backup.cookie}\r\nSec-Fetch-Site: ${site}\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n\r\n`;
  expect((await raw(gateway.port, from('cross-site'))).status).toBe(403);
  expect((await raw(gateway.port, from('same-site'))).status).toBe(403);
  expect((await raw(gateway.port, from('none'))).status).toBe(200);
});

test('a write that was delivered before the upstream hung up is not called unreachable', async () => {
  expect(await status(support, 'POST /hang-up', 'Content-Length: 2\r\n', 'hi')).toBe(502);
  expect(await gateway.lastOutcome()).toBe('upstream-abort');
});

test('each request of a connection is judged by the cookie that it carries itself', async () => {
  const write = (access: OpenedAccess): string => head(access, 'POST /customers/7', 'Content-Length: 0\r\n');
  const shared = open(gateway.port, write(support));
  await shared.until('HTTP/1.1 200 ');
  shared.socket.write(write(hotline));
  await shared.until('HTTP/1.1 403 ');
  shared.socket.write(write({ ...support, cookie: '__Host-consentry=made-up' }));
  await shared.until('HTTP/1.1 401 ');
  shared.socket.destroy();
  expect(await status(support, 'POST /customers/7', 'Content-Length: 0\r\n')).toBe(200);
});

test('the cookie of one system is nobody’s at another', async () => {
  const host = support.host.replace('erp.', 'backup.');
  const told = (await gateway.lines()).length;
  expect(await status({ ...support, host }, 'GET /')).toBe(401);
  expect(await gateway.lines()).toHaveLength(told);
});

test('the way back never leaves the host', async () => {
  const arrive = `GET //evil.example/x HTTP/1.1\r\nHost: ${support.host}\r\nSec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\n\r\n`;
  const asked = await raw(gateway.port, arrive);
  expect([303, 400]).toContain(asked.status);
  expect(asked.text).not.toContain('evil.example');
});

test('a refused upgrade does not stay half open', async () => {
  const socket = open(
    gateway.port,
    `GET /ws HTTP/1.1\r\nHost: ${support.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  );
  socket.socket.allowHalfOpen = true;
  await socket.until('401');
  // The other side is gone for good: what is written to it comes back as a reset.
  const knocking = setInterval(() => socket.socket.write('x'), 500);
  await socket.closed;
  clearInterval(knocking);
});

test('a refused body does not hold its connection', async () => {
  const slow = open(
    gateway.port,
    `POST /x HTTP/1.1\r\nHost: ${support.host}\r\nContent-Length: 1000\r\n\r\nx`,
  );
  await slow.until('401');
  await slow.closed;
});

test('suspending twice and resuming once leaves the agreement resumed', async () => {
  const { authority } = gateway.app;
  const inForce = await authority.client('acme');
  const grant = inForce.openings.get(support.opening)?.grant ?? '';
  const by = {
    seat: inForce.seats.find(({ controller }) => controller === 'claire')?.id ?? '',
    role: 'representative',
  } as const;
  const both = await Promise.all([
    authority.withdraw('acme', grant, 'suspended', by),
    authority.withdraw('acme', grant, 'suspended', by),
  ]);
  expect(both.every(({ recorded }) => recorded)).toBe(true);
  await authority.run({ do: 'grant-status', client: 'acme', grant, to: 'active', by });
  const before = (await gateway.lines()).filter(({ leaf }) => leaf.t === 'consent.suspended').length;
  expect(before).toBe(1);
  // Two rounds of the clock that retries what is owed.
  for (let round = 0; round < 2; round += 1) await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect((await gateway.lines()).filter(({ leaf }) => leaf.t === 'consent.suspended').length).toBe(before);
  expect((await authority.client('acme')).grants.get(grant)?.status).toBe('active');
});

test('a socket under a purpose that only looks is cut when it carries more than a page', async () => {
  const guarded = await startTestGateway({
    erp: `http://127.0.0.1:${(flood.address() as { port: number }).port}`,
  });
  try {
    const access = await guarded.open({ purpose: 'hotline' });
    let bytes = 0;
    const socket = new WebSocket(`ws://127.0.0.1:${guarded.port}/ws`, {
      headers: { host: access.host, cookie: access.cookie, origin: `http://${access.host}` },
    });
    socket.on('message', (data: Buffer) => {
      bytes += data.length;
    });
    const errors: Error[] = [];
    socket.on('error', (error) => errors.push(error));
    await new Promise((resolve) => socket.once('close', resolve));
    // Not one frame was lost or torn before the cut.
    expect(errors.filter(({ message }) => message.includes('frame'))).toEqual([]);
    expect(bytes).toBeGreaterThan(1_000_000);
    expect(bytes).toBeLessThan(8_000_000);
    expect(await guarded.lastOutcome()).toBe('terminated:copy_gate');
  } finally {
    await guarded.close();
  }
});
