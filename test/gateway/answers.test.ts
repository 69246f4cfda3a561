/**
 * Upstreams that misbehave: answers that crash, hang or leak through a naive proxy. The client sees a clean 502 or a
 * visible truncation, the log has both lines, and the next good request on the same opening passes.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { limits } from '../../src/gateway/limits.ts';
import { type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { raw } from '../support/raw.ts';
import { type RawConnection, type RawUpstream, rawUpstream } from '../support/upstreams.ts';

let upstream: RawUpstream;
let gateway: TestGateway;
let access: OpenedAccess;
let script: (connection: RawConnection) => void | Promise<void>;

const goodAnswer = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok';

beforeAll(async () => {
  upstream = await rawUpstream(async (connection) => {
    await connection.until('\r\n\r\n');
    await script(connection);
  });
  gateway = await startTestGateway({ erp: upstream.origin, backup: 'http://127.0.0.1:1' });
  access = await gateway.open({ purpose: 'support' });
});

afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

function get(path = '/'): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n`;
}

const malformed: readonly { name: string; answer: string; status?: number; outcome?: string }[] = [
  { name: 'status 000', answer: 'HTTP/1.1 000 x\r\nContent-Length: 0\r\n\r\n' },
  { name: 'status 099', answer: 'HTTP/1.1 099 x\r\nContent-Length: 0\r\n\r\n' },
  { name: 'status 600', answer: 'HTTP/1.1 600 x\r\nContent-Length: 0\r\n\r\n' },
  {
    name: 'control character in a value',
    answer: 'HTTP/1.1 200 OK\r\nX-A: a\x01b\r\nContent-Length: 0\r\n\r\n',
  },
  {
    name: 'unsolicited 101',
    answer: 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  },
  { name: 'not HTTP', answer: 'SSH-2.0-OpenSSH\r\n\r\n' },
  {
    name: 'CL and TE',
    answer: 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  },
  { name: 'two lengths', answer: 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc' },
  { name: 'huge head', answer: `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(70_000)}\r\nContent-Length: 0\r\n\r\n` },
];

describe('a malformed answer is a 502 with both lines', () => {
  test.each(malformed)('$name', async ({ answer }) => {
    script = (connection) => {
      connection.socket.write(Buffer.from(answer, 'latin1'));
    };
    const seen = await raw(gateway.port, get());
    expect(seen.status).toBe(502);
    expect(seen.text).not.toContain('SSH-2.0');
    expect(await gateway.lastOutcome()).toMatch(/^upstream-(abort|unreachable)$/);
    await goodFollows();
  });
});

test('a head of the largest size passes whole, one byte more does not', async () => {
  const start = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nX-A: ';
  const largest = 'a'.repeat(limits.upstreamHeaderBytes - start.length);
  script = ({ socket }) => void socket.end(`${start}${largest}\r\n\r\nok`);
  const passed = await raw(gateway.port, get());
  expect([passed.status, passed.body]).toEqual([200, 'ok']);
  expect(passed.text).toContain(`X-A: ${largest}\r\n`);
  script = ({ socket }) => void socket.write(`${start}${largest}a\r\n\r\nok`);
  const refused = await raw(gateway.port, get());
  expect([refused.status, refused.body]).toEqual([502, expect.stringContaining('upstream_malformed')]);
  expect(await gateway.lastOutcome()).toBe('upstream-abort');
  await goodFollows();
});

async function goodFollows(): Promise<void> {
  script = (connection) => {
    connection.socket.end(goodAnswer);
  };
  const after = await raw(gateway.port, get());
  expect(after.status).toBe(200);
  expect(after.body).toBe('ok');
}

const copyHeads = ['302 Found\r\nLocation: /next', '200 OK', '200 OK\r\nContent-Disposition: attachment'];

test.each(copyHeads)(
  'an answer that would be a copy passes when it turns out to be empty: %j',
  async (head) => {
    script = ({ socket }) =>
      void socket.end(`HTTP/1.1 ${head}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`);
    const seen = await raw(gateway.port, get());
    expect(seen.status).toBe(Number(head.slice(0, 3)));
    expect(await gateway.lastOutcome()).toBe('complete');
  },
);

test.each(copyHeads)('and is withheld at its first byte: %j', async (head) => {
  script = ({ socket }) =>
    void socket.end(`HTTP/1.1 ${head}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`);
  const seen = await raw(gateway.port, get());
  expect([seen.status, seen.body]).toEqual([403, expect.stringContaining('copy_withheld')]);
  expect(seen.text).not.toMatch(/abc|location|attachment/i);
  expect(await gateway.lastOutcome()).toBe('withheld:copy_withheld');
});

test('a reason phrase never comes through', async () => {
  script = (connection) => {
    connection.socket.end(
      Buffer.from('HTTP/1.1 200 a\x01b\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok', 'latin1'),
    );
  };
  const seen = await raw(gateway.port, get());
  expect([200, 502]).toContain(seen.status);
  expect(seen.text).not.toContain('\x01');
  await goodFollows();
});

test('lines that attack the browser do not come down', async () => {
  const lines = [
    'Connection: close, X-Secret',
    'X-Secret: 1',
    'Keep-Alive: timeout=5',
    'Proxy-Authenticate: Basic',
    'Upgrade: h2c',
    'Alt-Svc: h3=":443"',
    'Clear-Site-Data: "*"',
    'Service-Worker-Allowed: /',
    'Strict-Transport-Security: max-age=0',
    'Cache-Control: public, max-age=3600',
    'Set-Cookie: gwsid=evil; Domain=.acme.localhost; Path=/',
    'Set-Cookie: __Host-consentry=stolen; Path=/; Secure',
    `Location: ${upstream.origin}/inner`,
    'Content-Length: 0',
  ];
  script = (connection) => {
    connection.socket.write(`HTTP/1.1 302 Found\r\n${lines.join('\r\n')}\r\n\r\n`);
  };
  const { text, status } = await raw(gateway.port, get());
  expect(status).toBe(302);
  for (const bad of [
    'X-Secret',
    'Proxy-Authenticate',
    'Upgrade',
    'Alt-Svc',
    'Clear-Site-Data',
    'Service-Worker-Allowed',
    'Strict-Transport',
    'max-age',
    'Domain',
    '__Host-consentry',
    'X-Powered-By',
  ]) {
    expect(text.toLowerCase()).not.toContain(bad.toLowerCase());
  }
  expect(text).toContain('Set-Cookie: gwsid=evil; Path=/');
  expect(text).toContain(`Location: http://${access.host}/inner`);
  expect(text).toContain('Cache-Control: no-store');
  await goodFollows();
});

test('a body that ends early is a visible truncation', async () => {
  script = (connection) => {
    connection.socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nshort');
  };
  const seen = await raw(gateway.port, get());
  expect(seen.status).toBe(200);
  expect(seen.body.length).toBeLessThan(100);
  expect(await gateway.lastOutcome()).toBe('upstream-abort');
  await goodFollows();
});

test('a chunked body that ends early is a visible truncation', async () => {
  script = (connection) => {
    connection.socket.end(
      'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n',
    );
  };
  const seen = await raw(gateway.port, get());
  expect(seen.text).not.toContain('\r\n0\r\n');
  expect(await gateway.lastOutcome()).toBe('upstream-abort');
  await goodFollows();
});

test('nobody listens: 502, with intent and result', async () => {
  const { host, cookie } = await gateway.open({ purpose: 'backup', system: 'backup' });
  const gone = await raw(
    gateway.port,
    `GET / HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n`,
  );
  expect(gone.status).toBe(502);
  expect(JSON.parse(gone.body)).toMatchObject({ code: 'upstream_unreachable' });
  expect(await gateway.lastOutcome()).toBe('upstream-unreachable');
});
