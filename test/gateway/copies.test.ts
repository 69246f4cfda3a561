/**
 * Copies on their way: registered before the first byte leaves, told with the digest of what left whole, and never as more than
 * they were. What is no copy is not in the register.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { failures } from '../stores/ledger-world.ts';
import { ask as askAs, fetched as bodyOf, type CopyingGateway, startCopying } from '../support/copying.ts';
import type { OpenedAccess, TestGateway } from '../support/gateway.ts';
import { open } from '../support/raw.ts';

const threshold = 300_000;
let copying: CopyingGateway;
let gateway: TestGateway;
let access: OpenedAccess;
let respond: (req: IncomingMessage, res: ServerResponse) => void;
/** What the application was asked. */
let seen: { path: string; encoding: string | undefined }[] = [];

beforeAll(async () => {
  copying = await startCopying({
    answer(req, res) {
      seen.push({ path: req.url ?? '', encoding: req.headers['accept-encoding'] as string | undefined });
      respond(req, res);
    },
    frames: { count: 10, bytes: 60_000 },
    threshold,
    routes: [
      '- { path: /export/**, methods: [GET, POST], operation: copy }',
      '- { path: /static/**, operation: read, static: true }',
    ],
  });
  ({ gateway } = copying);
});

afterAll(() => copying?.close());

beforeEach(async () => {
  access = await gateway.open({ purpose: 'backup' });
  seen = [];
});

const sha = (body: Buffer): string => `sha256:${createHash('sha256').update(body).digest('base64url')}`;
const pattern = (length: number): Buffer => Buffer.alloc(length, 'copy me ');

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  askAs(gateway, access, path, headers, method);
const fetched = (...asked: Parameters<typeof ask>) => bodyOf(ask(...asked));

/** The newest result, and the copies of this access. */
async function told() {
  await gateway.lastOutcome();
  const lines = await gateway.lines();
  const result = lines.find(({ leaf }) => leaf.t === 'access.result');
  const registered = lines.filter(
    ({ leaf }) => leaf.t === 'copy.registered' && leaf.session === access.opening,
  );
  const copies = await gateway.app.archive.copiesIn('acme', access.opening);
  return { result: result?.leaf, registered, copies, lines };
}

describe('a copy is registered before its first byte, and told with its digest', () => {
  test.each<[string, string, number, Record<string, string | number>]>([
    ['by its route, in one piece', '/export/all', 10, { 'content-length': 10, 'content-type': 'text/plain' }],
    ['by its route, without a length', '/export/all', 40_000, { 'content-type': 'text/plain' }],
    [
      'as an attachment',
      '/a',
      5_000,
      { 'content-length': 5_000, 'content-disposition': 'attachment; filename="x.pdf"' },
    ],
    ['by its type', '/dump', 200_000, { 'content-length': 200_000, 'content-type': 'application/sql' }],
    ['by its size', '/big', threshold + 1, { 'content-length': threshold + 1, 'content-type': 'text/html' }],
    ['large, hashed by the thread', '/export/all', 5_000_001, { 'content-length': 5_000_001 }],
    ['large, without a length', '/export/all', 5_000_001, {}],
    [
      'without a length, once it is more than a page',
      '/grows',
      threshold + 70_000,
      { 'content-type': 'text/html' },
    ],
  ])('%s', async (_name, path, length, headers) => {
    const body = pattern(length);
    respond = (_req, res) => void res.writeHead(200, headers).end(body);
    const got = await fetched(path);
    expect([got.status, got.body.equals(body)]).toEqual([200, true]);
    const { result, registered, copies, lines } = await told();
    expect(result).toMatchObject({ outcome: 'complete', down: length, digest: sha(body) });
    expect(registered).toHaveLength(1);
    const [line] = registered;
    expect(line?.leaf).toMatchObject({
      request: result?.request,
      system: 'erp',
      purpose: 'backup',
      keep_days: 30,
    });
    // The intent, then the register, then the result.
    const order = lines.filter(({ leaf }) => [leaf.id, leaf.request].includes(result?.request ?? ''));
    expect(order.map(({ leaf }) => leaf.t)).toEqual(['access.result', 'copy.registered', 'access.intent']);
    expect(copies).toMatchObject([
      { bytes: length, digest: sha(body), outcome: 'complete', person: 'alice' },
    ]);
  });

  test('nothing of it has left while the register has not answered, and nothing leaves when it cannot', async () => {
    const { ledger } = gateway.app;
    const run = ledger.run.bind(ledger);
    let asked: (() => void) | undefined;
    const waits = new Promise<void>((resolve) => {
      asked = resolve;
    });
    let go: ((answer: unknown) => void) | undefined;
    const held = new Promise((resolve) => {
      go = resolve;
    });
    ledger.run = (async (command: Parameters<typeof run>[0]) => {
      if (command.do === 'copy-register') {
        asked?.();
        await held;
        return { moved: true };
      }
      return run(command);
    }) as typeof ledger.run;
    try {
      respond = (_req, res) =>
        void res.writeHead(200, { 'content-type': 'text/plain' }).end(pattern(900_000));
      let answered = false;
      const got = fetched('/export/all').finally(() => {
        answered = true;
      });
      await waits;
      expect([answered, gateway.app.running('acme').map(({ down }) => down)]).toEqual([false, [0]]);
      go?.(undefined);
      expect((await got).status).toBe(503);
    } finally {
      ledger.run = run;
    }
    const { result, registered } = await told();
    expect(result).toMatchObject({ outcome: 'withheld:copy_register', down: 0 });
    expect(registered).toEqual([]);
  });
});

describe('what did not leave whole has no digest', () => {
  test('the technician goes away in the middle', async () => {
    respond = (_req, res) => {
      res.writeHead(200, { 'content-length': 50_000_000 });
      res.write(pattern(1_000_000));
    };
    const req = ask('/export/all');
    const [answer] = (await once(req, 'response')) as [IncomingMessage];
    await once(answer, 'data');
    req.destroy();
    const { result, copies } = await told();
    expect(result).toMatchObject({ outcome: 'client-abort' });
    expect(result).not.toHaveProperty('digest');
    expect(copies).toMatchObject([{ outcome: 'client-abort', digest: undefined, gone: undefined }]);
  });

  test('the system breaks off', async () => {
    let breakOff: (() => void) | undefined;
    respond = (_req, res) => {
      res.writeHead(200, { 'content-length': 1_000_000 });
      res.write(pattern(400_000));
      breakOff = () => res.destroy();
    };
    const [answer] = (await once(
      ask('/export/all').on('error', () => undefined),
      'response',
    )) as [IncomingMessage];
    answer.on('error', () => undefined);
    await once(answer, 'data');
    breakOff?.();
    await new Promise<void>((resolve) => answer.once('close', resolve));
    expect(answer.complete).toBe(false);
    const { result, copies } = await told();
    expect(result).toMatchObject({ outcome: 'upstream-abort' });
    expect(result).not.toHaveProperty('digest');
    expect(copies).toMatchObject([{ outcome: 'upstream-abort', digest: undefined, gone: undefined }]);
  });

  test('a part is told as a part, with the digest of the part', async () => {
    const file = pattern(2_000_000);
    for (const [from, to] of [
      [0, 999],
      [1000, 1_999_999],
    ] as const) {
      const part = file.subarray(from, to + 1);
      respond = (_req, res) =>
        void res
          .writeHead(206, { 'content-length': part.length, 'content-range': `bytes ${from}-${to}/2000000` })
          .end(part);
      await fetched('/export/all', { range: `bytes=${from}-${to}` });
    }
    const { copies } = await told();
    expect(copies.map(({ head, digest }) => [head.range, digest])).toEqual([
      ['0-999/2000000', sha(file.subarray(0, 1000))],
      ['1000-1999999/2000000', sha(file.subarray(1000))],
    ]);
  });

  test('a live connection is a copy without a body, once it is more than a page', async () => {
    const { host, cookie } = access;
    const live = new WebSocket(`ws://127.0.0.1:${gateway.port}/ws`, {
      headers: { host, cookie, origin: `http://${host}` },
    });
    let bytes = 0;
    live.on('message', (data: Buffer) => (bytes += data.length));
    await once(live, 'close');
    expect(bytes).toBe(600_000);
    const { copies } = await told();
    expect(copies).toMatchObject([{ head: { live: true, status: 101 }, digest: undefined }]);
  });
});

test.each<[string, string, string, number, Record<string, string | number>, number]>([
  [
    'exactly a page',
    'GET',
    '/page',
    200,
    { 'content-length': threshold, 'content-type': 'text/html' },
    threshold,
  ],
  [
    'a page of unknown length that is exactly one',
    'GET',
    '/page',
    200,
    { 'content-type': 'text/html' },
    threshold,
  ],
  ['the head of a copy', 'HEAD', '/export/all', 200, { 'content-length': 5_000_000 }, 0],
  ['what was not modified', 'GET', '/export/all', 304, {}, 0],
  ['an empty export', 'GET', '/export/all', 200, { 'content-length': 0 }, 0],
  ['an empty export of unknown length', 'GET', '/export/all', 200, {}, 0],
  [
    'an export that does not exist',
    'GET',
    '/export/all',
    404,
    { 'content-type': 'text/html', 'content-length': 10 },
    10,
  ],
])('%s is no copy', async (_name, method, path, status, headers, length) => {
  respond = (_req, res) => void res.writeHead(status, headers).end(pattern(length));
  expect((await fetched(path, {}, method)).body).toHaveLength(length);
  const { result, registered } = await told();
  expect(result).toMatchObject({ outcome: 'complete', down: length });
  expect(result).not.toHaveProperty('digest');
  expect(registered).toEqual([]);
});

test('a copy that was answered before all was sent is told with its digest', async () => {
  const headers = { 'content-type': 'text/plain', 'content-length': 4 };
  respond = (_req, res) => void res.writeHead(200, headers).end('copy');
  const technician = open(
    gateway.port,
    `POST /export/all HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nOrigin: http://${access.host}\r\n` +
      'Content-Type: text/plain\r\nContent-Length: 1000\r\n\r\nsome of it',
  );
  expect(await technician.until('\r\n\r\ncopy')).toMatch(/^HTTP\/1\.1 200 /);
  expect((await told()).result).toMatchObject({ outcome: 'complete', digest: sha(Buffer.from('copy')) });
  technician.socket.destroy();
});

test('nobody is asked for a compressed answer; one that comes all the same is told as such', async () => {
  const packed = gzipSync(pattern(1000));
  respond = (_req, res) =>
    void res
      .writeHead(200, {
        'content-type': 'text/html',
        'content-encoding': 'gzip',
        'content-length': packed.length,
      })
      .end(packed);
  await fetched('/page', { 'accept-encoding': 'gzip' });
  expect(seen).toEqual([{ path: '/page', encoding: undefined }]);
  const { copies } = await told();
  expect(copies).toMatchObject([{ digest: sha(packed), head: { encoded: true } }]);
});

test('an asset is no copy, whatever it looks like: there is no line that could tell of one', async () => {
  respond = (_req, res) =>
    void res.writeHead(200, { 'content-type': 'application/zip', 'content-length': 10 }).end(pattern(10));
  expect((await fetched('/static/a.zip')).status).toBe(403);
  expect((await told()).registered).toEqual([]);
});

test.each([
  ['markup', '<script>alert(1)</script>.pdf', 'pdf'],
  ['text that turns around', '\u202efdp.exe', 'exe'],
  ['a person', 'Jeanne Martin 1984', undefined],
  ['a dot and a whole name', 'x.JeanneMartin', undefined],
  ['thirty kilobytes', `${'a'.repeat(30_000)}.zip`, 'zip'],
])('of a file’s name only its end is kept: %s', async (_name, name, extension) => {
  const raw = Buffer.from(`attachment; filename="${name}"`).toString('latin1');
  respond = (_req, res) =>
    void res.writeHead(200, { 'content-disposition': raw, 'content-length': 3 }).end('abc');
  await fetched('/file');
  const { copies, registered } = await told();
  expect(copies.map(({ head }) => head.extension)).toEqual([extension]);
  const words = JSON.stringify(registered);
  expect(words).not.toContain('Jeanne');
  expect(words).not.toContain('script');
});

test.each([
  ['content-type', 'Jeanne Martin/1984'],
  ['content-disposition', 'Jeanne-Martin; filename=x'],
])('of %s no words of the system’s own stand in the log', async (name, value) => {
  respond = (_req, res) => void res.writeHead(200, { 'content-length': 10, [name]: value }).end(pattern(10));
  await fetched('/export/all');
  const { result, registered } = await told();
  expect(result).toMatchObject({ outcome: 'complete', type: '', disposition: '' });
  expect(JSON.stringify(registered)).not.toMatch(/jeanne/i);
});

test('a name that is longer than a header may be reaches nobody', async () => {
  const name = `attachment; filename="${'a'.repeat(65_536)}.zip"`;
  respond = (_req, res) =>
    void res.writeHead(200, { 'content-disposition': name, 'content-length': 3 }).end('abc');
  expect((await fetched('/file')).status).toBe(502);
  expect((await told()).registered).toEqual([]);
});

test('the log with all of this checks out, and rows and lines agree', async () => {
  await gateway.lastOutcome();
  expect(await gateway.app.archive.fsck()).toEqual([]);
  expect(await failures(gateway.app.archive, 'acme')).toEqual([]);
});

test('many at once, some of them broken off in the middle: each is the file it was, by its bytes and by its digest', async () => {
  const body = (nth: number): Buffer => Buffer.alloc(6_000_000 + nth * 70_001, `file ${nth} `);
  respond = (req, res) => {
    const file = body(Number(req.url?.split('/').at(-1)));
    res.writeHead(200, { 'content-length': file.length });
    for (let at = 0; at < file.length; at += 333_333) res.write(file.subarray(at, at + 333_333));
    res.end();
  };
  const brokenOff = async (nth: number): Promise<void> => {
    const asked = ask(`/export/${nth}`);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    await once(answer, 'data');
    asked.destroy();
  };
  const whole = [1, 3, 5, 7, 9, 11];
  const [files] = await Promise.all([
    Promise.all(whole.map((nth) => fetched(`/export/${nth}`))),
    ...[0, 2, 4, 6, 8].map(brokenOff),
  ]);
  expect(files.map(({ body: got }, i) => got.equals(body(whole[i] ?? 0)))).toEqual(whole.map(() => true));
  await gateway.lastOutcome();
  // Results of this access only: others before it left other files.
  const { copies } = await told();
  const digests = copies.flatMap(({ digest }) => (digest === undefined ? [] : [digest]));
  expect(new Set(digests)).toEqual(new Set(whole.map((nth) => sha(body(nth)))));
});
