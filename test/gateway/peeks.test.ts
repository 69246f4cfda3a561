/**
 * Requests whose class does not stand in method and path, through the real gateway: bodies looked into and forwarded
 * byte for byte, headers and queries that name another method, WebDAV destinations.
 */
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createErp } from '../../src/demo/erp.ts';
import type { DemoServer } from '../../src/demo/server.ts';
import { type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type PolicyFolder, policyFolder } from '../support/policies.ts';
import { open, type RawAnswer, raw } from '../support/raw.ts';
import { type HttpUpstream, httpUpstream } from '../support/upstreams.ts';

const profile = `application: { en: Test, fr: Essai }
routes:
  - { path: /api/rpc, operation: read, peek: { pointer: /method, reads: [customer.read] } }
  - { path: /graphql, operation: read, peek: { graphql: true } }
  - { path: /soap, operation: read, peek: { header: X-Action, reads: [list] } }
  - { path: /search, methods: [POST], operation: read }
  - { path: "/customers/:id", operation: read }
  - { path: /dav/**, methods: [GET, HEAD, PROPFIND], operation: read }
  - { path: /dav/**, methods: [COPY, MOVE, MKCOL], operation: write }
`;

let policies: PolicyFolder;
let upstream: HttpUpstream;
let gateway: TestGateway;
let hotline: OpenedAccess;
let support: OpenedAccess;

beforeAll(async () => {
  policies = await policyFolder({ 'profiles/erp-demo.yaml': profile });
  upstream = await httpUpstream();
  gateway = await startTestGateway({ erp: upstream.origin, policies: policies.path });
  hotline = await gateway.open({ purpose: 'hotline' });
  support = await gateway.open({ purpose: 'support' });
});

afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
  await policies?.remove();
});

function head(access: OpenedAccess, line: string, more = ''): string {
  return `${line} HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nSec-Fetch-Site: same-origin\r\n${more}\r\n`;
}

function ask(access: OpenedAccess, line: string, more = '', body: Buffer | string = ''): Promise<RawAnswer> {
  const bytes = Buffer.from(body);
  const framing = bytes.length > 0 ? `Content-Length: ${bytes.length}\r\n` : '';
  return raw(gateway.port, Buffer.concat([Buffer.from(head(access, line, more + framing)), bytes]));
}

const json = 'Content-Type: application/json\r\n';

function sha(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A call of exactly this many bytes, unusual white space and escapes included. */
function call(method: string, bytes: number): Buffer {
  const start = Buffer.from(`\r\n\t{ "m\\u0065thod" : "${method}",\n"text":"é\\/`);
  return Buffer.concat([start, Buffer.alloc(bytes - start.length - 4, 'x'), Buffer.from('" }\n')]);
}

/** The same bytes in chunks of odd sizes. */
function chunked(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const size = Math.min(1 + (at % 7_919), body.length - at);
    parts.push(Buffer.from(`${size.toString(16)}\r\n`), body.subarray(at, at + size), Buffer.from('\r\n'));
    at += size;
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}

describe('a body that is looked into', () => {
  const sizes = [100, 1_000, 16_384, 65_535, 65_536];
  const longer = [65_537, 70_000, 200_000, 1_500_000];

  test.each([...sizes, ...longer])('of %i bytes arrives byte for byte', async (size) => {
    for (const body of [call('customer.read', size), call('customer.delete', size)]) {
      for (const framed of ['length', 'chunked']) {
        const before = upstream.requests.length;
        const sent =
          framed === 'length'
            ? await ask(support, 'POST /api/rpc', json, body)
            : await raw(
                gateway.port,
                Buffer.concat([
                  Buffer.from(head(support, 'POST /api/rpc', `${json}Transfer-Encoding: chunked\r\n`)),
                  chunked(body),
                ]),
              );
        expect(sent.status).toBe(200);
        const seen = upstream.requests[before];
        expect(upstream.requests.length).toBe(before + 1);
        expect([seen?.body.length, sha(seen?.body ?? Buffer.alloc(0))]).toEqual([size, sha(body)]);
        expect(await gateway.lastOutcome()).toBe('complete');
        const result = (await gateway.lines()).find(({ leaf }) => leaf.t === 'access.result');
        expect(result?.leaf.up).toBe(size);
      }
    }
  });

  test('of random bytes arrives byte for byte, as a write', async () => {
    for (const size of [10, 65_536, 65_537, 300_000]) {
      const body = randomBytes(size);
      const before = upstream.requests.length;
      const bytes = Buffer.concat([
        Buffer.from(head(support, 'POST /api/rpc', `${json}Transfer-Encoding: chunked\r\n`)),
        chunked(body),
      ]);
      expect((await raw(gateway.port, bytes)).status).toBe(200);
      expect(sha(upstream.requests[before]?.body ?? Buffer.alloc(0))).toBe(sha(body));
    }
    const intents = (await gateway.lines()).filter(({ leaf }) => leaf.t === 'access.intent').slice(0, 4);
    expect(intents.map(({ leaf }) => leaf.operation)).toEqual(['write', 'write', 'write', 'write']);
  });

  test.each([
    ['exactly the longest', 65_536, 200],
    ['one byte longer', 65_537, 403],
    ['much longer', 1_000_000, 403],
  ])('%s: under a purpose that only reads', async (_name, size, expected) => {
    const before = upstream.requests.length;
    const body = call('customer.read', size);
    expect((await ask(hotline, 'POST /api/rpc', json, body)).status).toBe(expected);
    const bytes = Buffer.concat([
      Buffer.from(head(hotline, 'POST /api/rpc', `${json}Transfer-Encoding: chunked\r\n`)),
      chunked(body),
    ]);
    expect((await raw(gateway.port, bytes)).status).toBe(expected);
    expect(upstream.requests.length - before).toBe(expected === 200 ? 2 : 0);
  });

  test('that arrives slowly and asks first is invited once, and streams on', async () => {
    const body = call('customer.delete', 100_000);
    const before = upstream.requests.length;
    const sent = open(
      gateway.port,
      head(support, 'POST /api/rpc', `${json}Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n`),
    );
    await sent.until('100 Continue');
    const bytes = chunked(body);
    for (let at = 0; at < bytes.length; at += 9_973) {
      sent.socket.write(bytes.subarray(at, at + 9_973));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const answer = await sent.until('200 OK');
    sent.socket.destroy();
    expect(answer.split('100 Continue')).toHaveLength(2);
    expect(sha(upstream.requests[before]?.body ?? Buffer.alloc(0))).toBe(sha(body));
  });

  test.each([
    ['compressed', `${json}Content-Encoding: gzip\r\n`, '{"method":"customer.read"}'],
    ['of another type', 'Content-Type: text/plain\r\n', '{"method":"customer.read"}'],
    ['without a type', '', '{"method":"customer.read"}'],
    ['not in UTF-8', json, Buffer.from('{"method":"customer.read","x":"\xe9"}', 'latin1')],
    ['with a key twice', json, '{"method":"customer.delete","method":"customer.read"}'],
    ['with a key twice elsewhere', json, '{"method":"customer.read","a":{"b":1,"B":2}}'],
    ['with another method', json, '{"method":"customer.read","_method":"DELETE"}'],
  ])('%s is a write', async (_name, more, body) => {
    const before = upstream.requests.length;
    expect((await ask(hotline, 'POST /api/rpc', more, body)).status).toBe(403);
    expect(upstream.requests.length).toBe(before);
    expect((await ask(support, 'POST /api/rpc', more, body)).status).toBe(200);
    expect(upstream.requests[before]?.body).toEqual(Buffer.from(body));
  });

  test('GraphQL queries pass a purpose that only reads; mutations and batches do not', async () => {
    const post = async (body: unknown): Promise<number> =>
      (await ask(hotline, 'POST /graphql', json, JSON.stringify(body))).status;
    expect(await post({ query: '{ me }' })).toBe(200);
    expect(await post({ query: 'mutation { drop }' })).toBe(403);
    expect(await post([{ query: '{ me }' }])).toBe(403);
    expect((await ask(hotline, 'GET /graphql?query=mutation%7Bdrop%7D')).status).toBe(403);
  });
});

describe('a header that is looked at', () => {
  const xml = 'Content-Type: text/xml\r\n';
  test.each([
    ['once', 'X-Action: list\r\n', 200],
    ['in another case of letters', 'x-aCTION: list\r\n', 200],
    ['with another value', 'X-Action: drop\r\n', 403],
    ['not at all', '', 403],
    ['twice', 'X-Action: list\r\nX-Action: drop\r\n', 403],
    ['twice the same', 'X-Action: list\r\nx-action: list\r\n', 403],
    ['named by Connection, so that it does not go up', 'Connection: X-Action\r\nX-Action: list\r\n', 403],
    ['in a name that some servers fold', 'X_Action: list\r\n', 403],
  ])('%s', async (_name, more, expected) => {
    expect((await ask(hotline, 'POST /soap', xml + more, '<q/>')).status).toBe(expected);
  });
});

describe('another method or address than the request line says', () => {
  const names = [
    'X-HTTP-Method-Override',
    'X-HTTP-Method',
    'X-Method-Override',
    'X-Original-URL',
    'X-Rewrite-URL',
    'X-Original-Method',
    'X-Override-URL',
    'X-Forwarded-Uri',
    'X-Forwarded-Prefix',
    'X-Forwarded-Path',
    'Destination',
  ];

  test.each(names)('%s does not go up', async (name) => {
    for (const written of [name, name.toLowerCase(), name.replaceAll('-', '_'), name.replaceAll('-', '.')]) {
      const before = upstream.requests.length;
      const value = /url|uri|path|prefix|destination/i.test(name) ? '/admin' : 'DELETE';
      expect((await ask(hotline, 'GET /customers/7', `${written}: ${value}\r\n`)).status).toBe(200);
      const seen = upstream.requests[before];
      expect([seen?.method, seen?.url]).toEqual(['GET', '/customers/7']);
      expect(JSON.stringify(seen?.rawHeaders).toLowerCase()).not.toContain(value.toLowerCase());
    }
  });

  test('a query or a form that names one makes a write', async () => {
    const form = 'Content-Type: application/x-www-form-urlencoded\r\n';
    expect((await ask(hotline, 'GET /customers/7?_method=DELETE')).status).toBe(403);
    expect((await ask(hotline, 'GET /customers/7?%5Fmethod=DELETE')).status).toBe(403);
    expect((await ask(hotline, 'POST /search', form, 'q=1')).status).toBe(200);
    expect((await ask(hotline, 'POST /search', form, 'q=1&_method=DELETE')).status).toBe(403);
    expect((await ask(hotline, 'POST /search?_method=DELETE', form, 'q=1')).status).toBe(403);
    expect((await ask(support, 'GET /customers/7?_method=DELETE')).status).toBe(200);
  });
});

describe('WebDAV', () => {
  test('methods pass where the profile names them, in their class', async () => {
    expect((await ask(hotline, 'PROPFIND /dav/a', 'Depth: infinity\r\nOverwrite: T\r\n')).status).toBe(200);
    expect((await ask(hotline, 'PROPFIND /dav/a', 'Content-Type: application/xml\r\n', '<x/>')).status).toBe(
      200,
    );
    expect((await ask(hotline, 'PROPFIND /customers/7')).status).toBe(405);
    expect((await ask(support, 'MKCOL /customers/7')).status).toBe(405);
    expect((await ask(hotline, 'MKCOL /dav/new')).status).toBe(403);
    expect((await ask(support, 'MKCOL /dav/new')).status).toBe(200);
    expect((await ask(support, 'LOCK /dav/new')).status).toBe(405);
  });

  test('a destination on the system itself is written anew', async () => {
    for (const given of [
      '/dav/b',
      `http://${support.host}/dav/b`,
      `HTTP://${support.host.toUpperCase()}/dav/b`,
    ]) {
      const before = upstream.requests.length;
      expect((await ask(support, 'MOVE /dav/a', `Destination: ${given}\r\nOverwrite: F\r\n`)).status).toBe(
        200,
      );
      const seen = upstream.requests[before];
      expect([seen?.method, seen?.url]).toEqual(['MOVE', '/dav/a']);
      expect(seen?.headers.destination).toBe(`http://${seen?.headers.host}/dav/b`);
      expect(seen?.headers.overwrite).toBe('F');
    }
    expect((await ask(hotline, 'MOVE /dav/a', 'Destination: /dav/b\r\n')).status).toBe(403);
  });

  test.each([
    ['missing', '', 400],
    ['twice', 'Destination: /dav/b\r\nDestination: /dav/c\r\n', 400],
    ['on another host', 'Destination: http://evil.example/dav/b\r\n', 400],
    ['on another system', 'Destination: http://payroll.martin.localhost/dav/b\r\n', 400],
    ['on another port', 'Destination: http://erp.acme.localhost:1/dav/b\r\n', 400],
    ['by another scheme', 'Destination: https://erp.acme.localhost/dav/b\r\n', 400],
    ['with a user', 'Destination: http://x@erp.acme.localhost/dav/b\r\n', 400],
    ['without a scheme', 'Destination: //erp.acme.localhost/dav/b\r\n', 400],
    ['that is relative', 'Destination: dav/b\r\n', 400],
    ['with dots', 'Destination: /dav/../admin\r\n', 400],
    ['with encoded dots', 'Destination: /dav/%2e%2e/admin\r\n', 400],
    ['with a query', 'Destination: /dav/b?x\r\n', 400],
    ['with a fragment', 'Destination: /dav/b#x\r\n', 400],
    ['where the method is not listed', 'Destination: /admin/b\r\n', 405],
  ])('a destination %s is refused', async (_name, more, expected) => {
    const before = upstream.requests.length;
    expect((await ask(support, 'MOVE /dav/a', more)).status).toBe(expected);
    expect((await ask(support, 'COPY /dav/a', more)).status).toBe(expected);
    expect(upstream.requests.length).toBe(before);
  });
});

describe('the demonstration’s one address for everything', () => {
  let erp: DemoServer;
  let demo: TestGateway;

  beforeAll(async () => {
    erp = await createErp();
    demo = await startTestGateway({ erp: erp.origin });
  });
  afterAll(async () => {
    await demo?.close();
    await erp?.close();
  });

  test('lets a reading opening read and not delete', async () => {
    const reading = await demo.open({ purpose: 'hotline' });
    const writing = await demo.open({ purpose: 'support' });
    const rpc = async (access: OpenedAccess, body: string, more = json): Promise<RawAnswer> =>
      raw(demo.port, head(access, 'POST /api/rpc', `${more}Content-Length: ${body.length}\r\n`) + body);
    const read = '{"method":"customer.read","params":{"id":"1004"}}';
    const remove = '{"method":"customer.delete","params":{"id":"1004"}}';
    expect((await rpc(reading, read)).status).toBe(200);
    const tries = [
      remove,
      '{"method":"customer.read","method":"customer.delete","params":{"id":"1004"}}',
      '{"method":"customer.delete","method":"customer.read","params":{"id":"1004"}}',
      '{"method":"customer.read","Method":"customer.delete","params":{"id":"1004"}}',
      `[${remove}]`,
      `{"x":"${'x'.repeat(70_000)}",${remove.slice(1)}`,
    ];
    for (const body of tries) expect((await rpc(reading, body)).status).toBe(403);
    expect((await rpc(reading, remove, 'Content-Type: text/plain\r\n')).status).toBe(403);
    expect((await rpc(reading, remove, `${json}X-HTTP-Method-Override: GET\r\n`)).status).toBe(403);
    const others = ['DELETE /api/customers/1004', 'POST /api/customers/1004', 'PUT /api/customers/1004'];
    for (const line of others) expect((await raw(demo.port, head(reading, line))).status).toBe(403);
    // Still there; and an opening that may write does delete it.
    expect((await rpc(reading, read)).status).toBe(200);
    expect((await rpc(writing, remove)).status).toBe(200);
    expect((await rpc(reading, read)).status).toBe(404);
  });
});
