/**
 * The limits that a stranger or a technician can reach, met from outside at their last good value and one beyond it. A good
 * request follows each: whoever goes too far harms nobody else.
 */
import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { limits } from '../../src/gateway/limits.ts';
import { type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type OpenConnection, open, type RawAnswer, raw } from '../support/raw.ts';
import { type HttpUpstream, httpUpstream } from '../support/upstreams.ts';

let upstream: HttpUpstream;
let gateway: TestGateway;
let access: OpenedAccess;
/** Answers that wait until the test lets them go, and who waits for more of them. */
let held: ServerResponse[] = [];
let arrived: () => void = () => undefined;

beforeAll(async () => {
  upstream = await httpUpstream((req, res) => {
    res.writeHead(200, { 'content-type': 'text/plain', 'content-length': 2 });
    if (req.url !== '/hold') return void res.end('ok');
    held.push(res);
    arrived();
  });
  gateway = await startTestGateway({ erp: upstream.origin });
  access = await gateway.open({ purpose: 'support' });
});

afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

/** A request under an access, with more lines. */
function head(line: string, more = '', { host, cookie }: OpenedAccess = access): string {
  return `${line} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nOrigin: http://${host}\r\n${more}\r\n`;
}

const ask = (...asked: Parameters<typeof head>): Promise<RawAnswer> => raw(gateway.port, head(...asked));

afterEach(async () => {
  expect((await ask('GET /')).body).toBe('ok');
});

describe('the size of a request', () => {
  const lineOf = (bytes: number): string => `X-A: ${'a'.repeat(bytes - 'X-A: \r\n'.length)}\r\n`;

  test('the address', async () => {
    const longest = `/${'a'.repeat(8_191)}`;
    expect((await ask(`GET ${longest}`)).status).toBe(200);
    const before = upstream.requests.length;
    expect((await ask(`GET ${longest}a`)).status).toBe(400);
    expect(upstream.requests.length).toBe(before);
  });

  test('the head, whoever sends it', async () => {
    // Our own lines are added to what goes up, and the system has a limit too.
    expect((await ask('GET /', lineOf(14_384))).status).toBe(200);
    const before = upstream.requests.length;
    expect((await ask('GET /', lineOf(16_384))).status).toBe(431);
    const stranger = `GET / HTTP/1.1\r\nHost: ${access.host}\r\n${lineOf(16_384)}\r\n`;
    expect((await raw(gateway.port, stranger)).status).toBe(431);
    expect(upstream.requests.length).toBe(before);
  });

  test('the number of lines', async () => {
    // Host, Cookie and Origin are there already.
    const lines = Array.from({ length: 97 }, (_, i) => `X-N${i}: 1\r\n`).join('');
    expect((await ask('GET /', lines)).status).toBe(200);
    const before = upstream.requests.length;
    expect((await ask('GET /', `${lines}X-Late: 1\r\n`)).status).toBe(431);
    expect(upstream.requests.length).toBe(before);
  });
});

describe('how many at once', () => {
  const most = 64;
  const upgrade =
    'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
  let waiting: OpenConnection[] = [];

  /** As many as may run run, each waiting for its answer. */
  async function fill(): Promise<void> {
    held = [];
    const all = new Promise<void>((resolve) => {
      arrived = () => held.length === most && resolve();
    });
    waiting = Array.from({ length: most }, () => open(gateway.port, head('GET /hold')));
    await all;
  }

  afterEach(() => {
    for (const { socket } of waiting) socket.destroy();
  });

  const intents = async (): Promise<number> =>
    (await gateway.lines()).filter(({ leaf }) => leaf.t === 'access.intent').length;

  test('one more than an access may have is refused before it is recorded as one, and only there', async () => {
    await fill();
    const recorded = await intents();
    const before = upstream.requests.length;
    const refused = await ask('GET /', 'Accept: application/json\r\n');
    expect(refused.status).toBe(429);
    expect(JSON.parse(refused.body)).toMatchObject({ code: 'too_many_requests' });
    expect((await ask('GET /ws', upgrade)).status).toBe(429);
    expect([await intents(), upstream.requests.length, upstream.upgrades.length]).toEqual([
      recorded,
      before,
      0,
    ]);
    const told = (await gateway.lines()).filter(({ leaf }) => leaf.t === 'access.refused');
    expect(told.map(({ leaf }) => leaf.session)).toContain(access.opening);
    // Somebody else's access, and this one as soon as one of them is done.
    const other = await gateway.open({ purpose: 'hotline' });
    expect((await ask('GET /', '', other)).body).toBe('ok');
    const [first] = waiting;
    held[0]?.end('ok');
    await first?.until('ok');
    expect((await ask('GET /')).body).toBe('ok');
    for (const answer of held.slice(1)) answer.end('ok');
    await Promise.all(waiting.map((one) => one.until('ok')));
  });

  test('who leaves makes room', async () => {
    await fill();
    expect((await ask('GET /')).status).toBe(429);
    const left = Promise.all(upstream.requests.slice(-most).map(({ ended }) => ended));
    for (const { socket } of waiting) socket.destroy();
    await left;
  });
});

test('a body that has to be looked at and does not come is not waited for', async () => {
  const started = performance.now();
  const slow = open(
    gateway.port,
    head('POST /api/rpc', 'Content-Type: application/json\r\nContent-Length: 26\r\n').concat('{"method":'),
  );
  await slow.closed;
  expect(slow.received()).toBe('');
  expect(performance.now() - started).toBeGreaterThan(limits.headersTimeout - 1_000);
});
