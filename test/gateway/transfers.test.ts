/**
 * What applications do with HTTP beyond pages: large uploads with and without a length, parts of a file, events as they
 * happen, answers that come late, live connections with a protocol of their own. Each byte for byte, and as it comes.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import type { Exchange } from '../../src/gateway/exchange.ts';
import { limits } from '../../src/gateway/limits.ts';
import { type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type PolicyFolder, policyFolder } from '../support/policies.ts';
import { type HttpUpstream, httpUpstream } from '../support/upstreams.ts';

let upstream: HttpUpstream;
let gateway: TestGateway;
let access: OpenedAccess;
let policies: PolicyFolder;
let respond: (req: IncomingMessage, res: ServerResponse) => void | Promise<void>;

beforeAll(async () => {
  upstream = await httpUpstream((req, res) => respond(req, res));
  // One second without a byte is too long there, once an answer has begun.
  const profile =
    'application: { en: Test, fr: Essai }\nroutes:\n  - { path: /poll, operation: read, idle_seconds: 1 }\n';
  policies = await policyFolder({ 'profiles/erp-demo.yaml': profile });
  gateway = await startTestGateway({ erp: upstream.origin, policies: policies.path });
  access = await gateway.open({ purpose: 'support' });
});

afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
  await policies?.remove();
});

function ask(method: string, path: string, headers: Record<string, string | number> = {}) {
  return request({
    host: '127.0.0.1',
    port: gateway.port,
    method,
    path,
    headers: { host: access.host, cookie: access.cookie, origin: `http://${access.host}`, ...headers },
  });
}

/** Always the same bytes, made as they are needed. */
function* pieces(count: number): Generator<Buffer> {
  for (let i = 0; i < count; i += 1) yield Buffer.alloc(65_536, `piece ${i} `);
}

const count = 512;
const size = count * 65_536;

function digestOf(parts: Iterable<Buffer>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

describe('an upload of 32 MiB arrives byte for byte', () => {
  test.each([
    ['with its length', { 'content-length': size }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
    ['asked for first', { 'content-length': size, expect: '100-continue' }],
  ])('%s', async (_name, headers) => {
    let seen = '';
    respond = async (req, res) => {
      const hash = createHash('sha256');
      await pipeline(req, hash);
      seen = hash.digest('hex');
      res.writeHead(201, { 'content-type': 'text/plain', 'content-length': 2 }).end('ok');
    };
    const req = ask('POST', '/upload', { 'content-type': 'application/octet-stream', ...headers });
    const answered = once(req, 'response') as Promise<[IncomingMessage]>;
    if ('expect' in headers) {
      req.flushHeaders();
      await once(req, 'continue');
    }
    await pipeline(Readable.from(pieces(count)), req);
    const [answer] = await answered;
    answer.resume();
    expect(answer.statusCode).toBe(201);
    expect(seen).toBe(digestOf(pieces(count)));
    expect(upstream.requests.at(-1)?.headers['content-length']).toBe(
      'content-length' in headers ? String(size) : undefined,
    );
    expect(await gateway.lastOutcome()).toBe('complete');
    const result = (await gateway.lines()).find(({ leaf }) => leaf.t === 'access.result');
    expect(result?.leaf).toMatchObject({ up: size });
  });
});

test('a part of a file is asked for and comes as a part', async () => {
  const file = Buffer.from('0123456789'.repeat(100));
  respond = (req, res) => {
    const [from = 0, to = 0] = (/^bytes=(\d+)-(\d+)$/.exec(req.headers.range ?? '') ?? [])
      .slice(1)
      .map(Number);
    const part = file.subarray(from, to + 1);
    const range = {
      'content-range': `bytes ${from}-${to}/${file.length}`,
      'accept-ranges': 'bytes',
      etag: '"v1"',
    };
    res.writeHead(206, { 'content-type': 'image/png', 'content-length': part.length, ...range }).end(part);
  };
  const req = ask('GET', '/picture.png', { range: 'bytes=10-19', 'if-range': '"v1"' }).end();
  const [answer] = (await once(req, 'response')) as [IncomingMessage];
  expect(answer.statusCode).toBe(206);
  expect(answer.headers).toMatchObject({ 'content-range': 'bytes 10-19/1000', etag: '"v1"' });
  expect(Buffer.concat(await answer.toArray()).toString()).toBe('0123456789');
  expect(upstream.requests.at(-1)?.headers).toMatchObject({ range: 'bytes=10-19', 'if-range': '"v1"' });
});

test('a part of a file that is too large for a page is withheld, however small the part', async () => {
  respond = (_req, res) => {
    res
      .writeHead(206, {
        'content-type': 'image/png',
        'content-length': 1,
        'content-range': 'bytes 0-0/99999999999',
      })
      .end('x');
  };
  const req = ask('GET', '/picture.png', { range: 'bytes=0-0' }).end();
  const [answer] = (await once(req, 'response')) as [IncomingMessage];
  answer.resume();
  expect(answer.statusCode).toBe(403);
  expect(await gateway.lastOutcome()).toBe('withheld:copy_withheld');
});

test('events come one by one, as they happen, and the end of the listener reaches the application', async () => {
  let stream: ServerResponse | undefined;
  let left: Promise<unknown> | undefined;
  respond = (_req, res) => {
    stream = res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    left = once(res, 'close');
    res.write('id: 1\ndata: first\n\n');
  };
  const req = ask('GET', '/events', { accept: 'text/event-stream', 'last-event-id': '0' }).end();
  const [answer] = (await once(req, 'response')) as [IncomingMessage];
  answer.setEncoding('utf8');
  expect(answer.headers['content-type']).toBe('text/event-stream');
  expect(await once(answer, 'data')).toEqual(['id: 1\ndata: first\n\n']);
  // The second is sent only when the first is there: nothing may wait for more.
  stream?.write('data: second\n\n');
  expect(await once(answer, 'data')).toEqual(['data: second\n\n']);
  expect(upstream.requests.at(-1)?.headers['last-event-id']).toBe('0');
  req.destroy();
  await left;
  expect(await gateway.lastOutcome()).toBe('client-abort');
});

test('an answer that comes late is waited for', async () => {
  let answerNow: (() => void) | undefined;
  const asked = new Promise<void>((resolve) => {
    respond = (_req, res) => {
      answerNow = () =>
        void res.writeHead(200, { 'content-type': 'application/json', 'content-length': 2 }).end('{}');
      resolve();
    };
  });
  const req = ask('GET', '/poll').end();
  const answered = once(req, 'response') as Promise<[IncomingMessage]>;
  await asked;
  // Longer than the route's idle time and a look of the sweep that ends what is idle: no event tells that nothing happened.
  await pause(2_100);
  answerNow?.();
  const [answer] = await answered;
  expect(Buffer.concat(await answer.toArray()).toString()).toBe('{}');
});

test('an answer that has begun and then stalls is ended at the route’s idle time', async () => {
  respond = (_req, res) => void res.writeHead(200, { 'content-type': 'text/plain' }).write('begun');
  const req = ask('GET', '/poll').end();
  const [answer] = (await once(req, 'response')) as [IncomingMessage];
  answer.resume().once('error', () => undefined);
  const [error] = (await once(req, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNRESET');
  expect(await gateway.lastOutcome()).toBe('terminated:idle');
});

describe('an upload', () => {
  /** A minute and a second later by the clock of the one that runs. */
  function aMinuteLater(): Exchange {
    const [running] = gateway.app.running('acme') as Exchange[];
    if (running === undefined) throw new Error('nothing runs');
    running.sweep(Date.now(), running.startedAt + limits.uploadWindow + 1_000);
    return running;
  }

  test('that hardly comes is ended', async () => {
    const begun = new Promise<void>((resolve) => {
      respond = (req) => void req.once('data', () => resolve());
    });
    const req = ask('POST', '/upload', { 'content-length': 1_000_000 });
    const ended = once(req, 'error');
    req.write('slow');
    await begun;
    expect(aMinuteLater().ended).toBe('terminated:too_slow');
    await ended;
    expect(await gateway.lastOutcome()).toBe('terminated:too_slow');
  });

  test('that is all there waits for its answer as long as that takes', async () => {
    const arrived = new Promise<ServerResponse>((resolve) => {
      respond = (req, res) => void req.resume().once('end', () => resolve(res));
    });
    const req = ask('POST', '/upload', { 'content-length': 4 });
    const answered = once(req, 'response') as Promise<[IncomingMessage]>;
    req.end('fast');
    const res = await arrived;
    expect(aMinuteLater().ended).toBeUndefined();
    res.writeHead(201, { 'content-length': 0 }).end();
    const [answer] = await answered;
    answer.resume();
    expect(answer.statusCode).toBe(201);
  });
});

describe('a live connection', () => {
  const server = createServer();
  const sockets = new WebSocketServer({
    server,
    perMessageDeflate: { threshold: 0 },
    handleProtocols: (offered) => (offered.has('tty') ? 'tty' : false),
  });
  let other: TestGateway;
  let here: OpenedAccess;

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    sockets.on('connection', (socket) =>
      socket.on('message', (data, binary) => socket.send(data, { binary })),
    );
    other = await startTestGateway({ erp: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    here = await other.open({ purpose: 'support' });
  });

  afterAll(async () => {
    await other?.close();
    sockets.close();
    server.close();
  });

  test('has the protocol and the compression that both sides chose', async () => {
    const headers = { host: here.host, cookie: here.cookie, origin: `http://${here.host}` };
    const socket = new WebSocket(`ws://127.0.0.1:${other.port}/ws`, ['other', 'tty'], { headers });
    await once(socket, 'open');
    expect(socket.protocol).toBe('tty');
    expect(socket.extensions).toContain('permessage-deflate');
    const sent = Buffer.alloc(200_000, 'abc');
    socket.send(sent);
    const [data, binary] = (await once(socket, 'message')) as [Buffer, boolean];
    expect([data.equals(sent), binary]).toEqual([true, true]);
    socket.close(4001, 'enough');
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(4001);
  });
});
