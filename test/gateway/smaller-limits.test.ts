/**
 * Limits that take long or many to reach, met from outside where a gateway has smaller ones: connections at once, how long one
 * stays without a request, how long what comes too late is read over, and how long a system may take to be there.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { afterEach, expect, test } from '@jest/globals';
import {
  type OpenedAccess,
  startTestGateway,
  type TestGateway,
  type TestGatewayOptions,
} from '../support/gateway.ts';
import { policyFolder } from '../support/policies.ts';
import { open, type RawAnswer, raw } from '../support/raw.ts';
import { until } from '../support/streams.ts';
import { httpUpstream, type RawConnection, rawUpstream } from '../support/upstreams.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(options: TestGatewayOptions) {
  const gateway = await startTestGateway(options);
  closing.push(() => gateway.close());
  return { gateway, port: gateway.port, access: await gateway.open({ purpose: 'support' }) };
}

/** Before a system that answers with the path it was asked for, `/held` once the test lets it. */
async function startBefore(limits: NonNullable<TestGatewayOptions['limits']>) {
  let hold: (letGo: () => void) => void;
  const held = new Promise<() => void>((resolve) => {
    hold = resolve;
  });
  const upstream = await httpUpstream((req, res) => {
    if (req.url === '/held') hold(() => say(req, res));
    else say(req, res);
  });
  closing.push(() => upstream.close());
  return { ...(await start({ erp: upstream.origin, limits })), upstream, held };
}

function say({ url = '' }: IncomingMessage, res: ServerResponse): void {
  res.writeHead(200, { 'content-type': 'text/plain', 'content-length': url.length }).end(url);
}

function head(line: string, { host, cookie }: OpenedAccess, more = ''): string {
  return `${line} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nOrigin: http://${host}\r\n${more}\r\n`;
}

/** What was let in and what was refused, newest first. */
async function accesses(gateway: TestGateway): Promise<readonly string[]> {
  const lines = await gateway.lines();
  return lines.map(({ leaf }) => leaf.t).filter((t) => t === 'access.intent' || t === 'access.refused');
}

/** It took too long: what the technician gets, and what stands in the log. */
async function tookTooLong(gateway: TestGateway, answer: RawAnswer): Promise<void> {
  const told = { code: 'upstream_timeout' };
  expect([answer.status, JSON.parse(answer.body)]).toEqual([504, expect.objectContaining(told)]);
  expect(await gateway.lastOutcome()).toBe('upstream-timeout');
  expect(await accesses(gateway)).toEqual(['access.intent']);
}

test('one connection more than there may be is closed unread, and one that leaves makes room', async () => {
  const { gateway, access, port, upstream } = await startBefore({ connections: 3 });
  const get = head('GET /first', access);
  const all = Array.from({ length: 3 }, () => open(port, get));
  await Promise.all(all.map((one) => one.until('/first')));
  expect((await raw(port, get)).text).toBe('');
  expect(upstream.requests).toHaveLength(3);
  expect(await accesses(gateway)).toEqual(['access.intent', 'access.intent', 'access.intent']);
  all[0]?.socket.write(head('GET /second', access));
  await all[0]?.until('/second');
  all[1]?.socket.destroy();
  await until(async () => (await raw(port, get)).body === '/first');
  for (const { socket } of all) socket.destroy();
});

test('a connection without a request ends by itself, one that waits for its answer does not', async () => {
  const { gateway, access, port, held } = await startBefore({ keepAliveTimeout: 1 });
  const waiting = open(port, head('GET /held', access));
  const answer = await held;
  const idle = open(port, head('GET /', access));
  await idle.closed;
  expect(idle.received()).toMatch(/^HTTP\/1\.1 200 /);
  answer();
  await waiting.until('/held');
  expect(await gateway.lastOutcome()).toBe('complete');
  expect((await raw(port, head('GET /after', access))).body).toBe('/after');
});

test('what comes after an early answer is read over for a while, and then its connection is reset', async () => {
  // Nothing else ends a connection in that time.
  const limits = { lingering: 1, keepAliveTimeout: 600_000 };
  const { gateway, access, port } = await startBefore(limits);
  const upload = open(port, head('POST /upload', access, 'Content-Length: 10\r\n').concat('half'));
  await upload.closed;
  expect(upload.received()).toMatch(/^HTTP\/1\.1 200 [\s\S]*\/upload$/);
  expect(await gateway.lastOutcome()).toBe('complete');
  expect((await raw(port, head('GET /after', access))).body).toBe('/after');
});

test('whoever sends the rest within that time keeps the connection', async () => {
  const { access, port } = await startBefore({ lingering: 60_000 });
  const upload = open(port, head('POST /upload', access, 'Content-Length: 10\r\n').concat('half'));
  await upload.until('\r\n\r\n/upload');
  upload.socket.write('other!'.concat(head('GET /next', access)));
  await upload.until('/next');
  upload.socket.destroy();
});

test('a system that is not reached in time is told as such, and reached as soon as it answers', async () => {
  const [cert, key, ca, acme] = await Promise.all(
    [
      'vectors/tls/localhost.pem',
      'vectors/tls/localhost.key',
      'vectors/tls-ca.pem',
      '../policies/clients/acme.yaml',
    ].map((path) => readFile(new URL(`../${path}`, import.meta.url), 'utf8')),
  );
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    // The first one never hears of TLS; the others are answered.
    if (sockets.push(socket.on('error', () => undefined)) === 1) return;
    const secure = new TLSSocket(socket, { isServer: true, cert: cert ?? '', key: key ?? '' });
    secure
      .on('error', () => undefined)
      .once('data', () => secure.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const upstream = `{ url: "https://127.0.0.1:${(server.address() as AddressInfo).port}", server_name: localhost, ca_file: certificates/test.pem }`;
  const policies = await policyFolder({
    'certificates/test.pem': ca ?? '',
    'clients/acme.yaml': acme?.replace('{ url: "${ERP_UPSTREAM}" }', upstream) ?? '',
  });
  closing.push(policies.remove);
  const { gateway, access, port } = await start({
    policies: policies.path,
    limits: { upstreamConnect: 300 },
  });
  const answer = await raw(port, head('GET /', access));
  await tookTooLong(gateway, answer);
  await until(async () => (await raw(port, head('GET /', access))).status === 200);
});

test('an answer that does not begin in time is told as such', async () => {
  const { gateway, access, port, held } = await startBefore({ upstreamHead: 300 });
  await tookTooLong(gateway, await raw(port, head('GET /held', access)));
  (await held)();
  await until(async () => (await raw(port, head('GET /after', access))).body === '/after');
});

test('a handshake of which a byte comes now and then takes no longer than another', async () => {
  const switched = 'HTTP/1.1 101 Fine\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
  let answer = ({ socket }: RawConnection): void => {
    socket.write('HTTP/1.1 101 Fine\r\nX: ');
    const more = setInterval(() => socket.write('x'), 100);
    socket.once('close', () => clearInterval(more));
  };
  const upstream = await rawUpstream(async (connection) => {
    await connection.until('\r\n\r\n');
    answer(connection);
  });
  closing.push(upstream.close);
  const { gateway, access, port } = await start({ erp: upstream.origin, limits: { handshake: 300 } });
  const websocket =
    'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n';
  const late = await raw(port, head('GET /ws', access, websocket));
  await tookTooLong(gateway, late);
  await upstream.connections[0]?.closed;
  answer = ({ socket }) => void socket.end(switched.concat('hello'));
  await until(async () => (await raw(port, head('GET /ws', access, websocket))).body === 'hello');
});
