/**
 * Requests that break or bypass a naive proxy, sent as raw bytes with a valid session. Each asserts what the client
 * saw, that the upstream saw nothing, and that a good request on the same opening passes afterwards.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { raw } from '../support/raw.ts';
import { type HttpUpstream, httpUpstream } from '../support/upstreams.ts';

let upstream: HttpUpstream;
let gateway: TestGateway;
let access: OpenedAccess;

beforeAll(async () => {
  upstream = await httpUpstream((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/plain', 'content-length': '2' });
    res.end('ok');
  });
  gateway = await startTestGateway({ erp: upstream.origin });
  access = await gateway.open({ purpose: 'support' });
});

afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

/** `H` stands for the host, `C` for cookie and site lines. */
function bytes(template: string): string {
  const gate = `Cookie: ${access.cookie}\nSec-Fetch-Site: same-origin`;
  return template.replaceAll('{H}', access.host).replaceAll('{C}', gate).replaceAll('\n', '\r\n');
}

const good = 'GET / HTTP/1.1\nHost: {H}\n{C}\n\n';

interface Row {
  readonly name: string;
  readonly send: string;
  /** Statuses that are right; 0: closed without an answer. */
  readonly expect: readonly number[];
}

const refused: readonly Row[] = [
  { name: 'two Host lines', send: 'GET / HTTP/1.1\nHost: {H}\nHost: {H}\n{C}\n\n', expect: [400] },
  { name: 'empty Host', send: 'GET / HTTP/1.1\nHost:\n{C}\n\n', expect: [400] },
  { name: 'no Host', send: 'GET / HTTP/1.1\n{C}\n\n', expect: [400] },
  { name: 'HTTP/1.0 without Host', send: 'GET / HTTP/1.0\n{C}\n\n', expect: [400] },
  { name: 'HTTP/1.0 with Host', send: 'GET / HTTP/1.0\nHost: {H}\n{C}\n\n', expect: [400] },
  { name: 'HTTP/0.9', send: 'GET /\n\n', expect: [400, 0] },
  { name: 'user information in Host', send: 'GET / HTTP/1.1\nHost: evil@{H}\n{C}\n\n', expect: [400] },
  { name: 'path in Host', send: 'GET / HTTP/1.1\nHost: {H}/foo\n{C}\n\n', expect: [400] },
  { name: 'list in Host', send: 'GET / HTTP/1.1\nHost: {H}, other\n{C}\n\n', expect: [400] },
  { name: 'impossible port', send: 'GET / HTTP/1.1\nHost: erp.acme.localhost:99999\n{C}\n\n', expect: [421] },
  { name: 'another port', send: 'GET / HTTP/1.1\nHost: erp.acme.localhost:1\n{C}\n\n', expect: [421] },
  { name: 'Latin-1 in Host', send: 'GET / HTTP/1.1\nHost: \xe9{H}\n{C}\n\n', expect: [400] },
  { name: 'trailing dot', send: 'GET / HTTP/1.1\nHost: erp.acme.localhost.\n{C}\n\n', expect: [400] },
  { name: 'unknown host', send: 'GET / HTTP/1.1\nHost: nobody.acme.localhost\n{C}\n\n', expect: [421] },
  {
    name: 'absolute form',
    send: 'GET http://erp.other.localhost/x HTTP/1.1\nHost: {H}\n{C}\n\n',
    expect: [400],
  },
  { name: 'asterisk form', send: 'OPTIONS * HTTP/1.1\nHost: {H}\n{C}\n\n', expect: [400] },
  { name: 'fragment in the target', send: 'GET /a#frag HTTP/1.1\nHost: {H}\n{C}\n\n', expect: [400] },
  { name: 'dot segments', send: 'GET /a/../../b HTTP/1.1\nHost: {H}\n{C}\n\n', expect: [400] },
  { name: 'encoded dot segments', send: 'GET /a/..%2f..%2fb HTTP/1.1\nHost: {H}\n{C}\n\n', expect: [400] },
  { name: 'double slash', send: 'GET //evil/x HTTP/1.1\nHost: {H}\n{C}\n\n', expect: [400] },
  { name: 'backslash', send: 'GET /a\\b HTTP/1.1\nHost: {H}\n{C}\n\n', expect: [400] },
  { name: 'path parameter', send: 'GET /a;b/c HTTP/1.1\nHost: {H}\n{C}\n\n', expect: [400] },
  { name: 'encoded NUL', send: 'GET /a%00 HTTP/1.1\nHost: {H}\n{C}\n\n', expect: [400] },
  { name: 'lone percent', send: 'GET /% HTTP/1.1\nHost: {H}\n{C}\n\n', expect: [400] },
  { name: 'bad percent encoding', send: 'GET /%zz HTTP/1.1\nHost: {H}\n{C}\n\n', expect: [400] },
  { name: 'space in the target', send: 'GET /a b HTTP/1.1\nHost: {H}\n{C}\n\n', expect: [400] },
  {
    name: 'TE gzip, chunked',
    send: 'POST / HTTP/1.1\nHost: {H}\n{C}\nTransfer-Encoding: gzip, chunked\n\n0\n\n',
    expect: [400],
  },
  {
    name: 'two TE lines',
    send: 'POST / HTTP/1.1\nHost: {H}\n{C}\nTransfer-Encoding: identity\nTransfer-Encoding: chunked\n\n0\n\n',
    expect: [400],
  },
  {
    name: 'TE and CL',
    send: 'POST / HTTP/1.1\nHost: {H}\n{C}\nTransfer-Encoding: chunked\nContent-Length: 5\n\n0\n\n',
    expect: [400],
  },
  {
    name: 'two lengths',
    send: 'POST / HTTP/1.1\nHost: {H}\n{C}\nContent-Length: 5\nContent-Length: 6\n\nhello',
    expect: [400],
  },
  { name: 'signed length', send: 'POST / HTTP/1.1\nHost: {H}\n{C}\nContent-Length: +2\n\nhi', expect: [400] },
  {
    name: 'body on GET',
    send: 'GET / HTTP/1.1\nHost: {H}\n{C}\nContent-Length: 40\n\nGET /admin HTTP/1.1\nHost: x\nA: bcdefghi\n\n',
    expect: [400],
  },
  { name: 'TRACE', send: 'TRACE / HTTP/1.1\nHost: {H}\n{C}\n\n', expect: [405] },
  { name: 'CONNECT', send: 'CONNECT example.com:443 HTTP/1.1\nHost: {H}\n{C}\n\n', expect: [405] },
  { name: 'unknown method', send: 'PURGE / HTTP/1.1\nHost: {H}\n{C}\n\n', expect: [405] },
  {
    name: 'another expectation',
    send: 'POST / HTTP/1.1\nHost: {H}\n{C}\nExpect: the-unexpected\nContent-Length: 0\n\n',
    expect: [400],
  },
  {
    name: 'control character in a value',
    send: 'GET / HTTP/1.1\nHost: {H}\n{C}\nX-A: a\x01b\n\n',
    expect: [400],
  },
  {
    name: 'our cookie twice',
    send: 'GET / HTTP/1.1\nHost: {H}\n{C}\nCookie: __Host-consentry=other\n\n',
    expect: [400],
  },
  { name: 'obs-fold', send: 'GET / HTTP/1.1\nHost: {H}\n{C}\nX-A: a\n b\n\n', expect: [400] },
  { name: 'space before colon', send: 'GET / HTTP/1.1\nHost: {H}\n{C}\nX-A : a\n\n', expect: [400] },
  {
    name: 'chunk extension flood',
    send: `POST / HTTP/1.1\nHost: {H}\n{C}\nTransfer-Encoding: chunked\n\n1;${'a'.repeat(20_000)}\nx\n0\n\n`,
    expect: [400, 413, 0],
  },
  {
    name: 'huge head',
    send: `GET / HTTP/1.1\nHost: {H}\n{C}\nX-A: ${'a'.repeat(20_000)}\n\n`,
    expect: [431],
  },
  {
    name: 'a form of another site',
    send: 'POST / HTTP/1.1\nHost: {H}\nCookie: {COOKIE}\nSec-Fetch-Site: same-site\nOrigin: http://payroll.martin.localhost\nContent-Length: 0\n\n',
    expect: [403],
  },
  {
    name: 'no word about the site',
    send: 'POST / HTTP/1.1\nHost: {H}\nCookie: {COOKIE}\nContent-Length: 0\n\n',
    expect: [403],
  },
  {
    name: 'a service worker',
    send: 'GET /sw.js HTTP/1.1\nHost: {H}\n{C}\nService-Worker: script\n\n',
    expect: [403],
  },
  { name: 'no cookie', send: 'GET / HTTP/1.1\nHost: {H}\nAccept: application/json\n\n', expect: [401] },
  {
    name: 'a made-up cookie',
    send: 'GET / HTTP/1.1\nHost: {H}\nCookie: __Host-consentry=abc\nSec-Fetch-Site: same-origin\n\n',
    expect: [401],
  },
];

describe('refused before the upstream sees a byte', () => {
  test.each(refused)('$name', async ({ send, expect: statuses }) => {
    const before = upstream.requests.length;
    const answer = await raw(gateway.port, bytes(send.replaceAll('{COOKIE}', access.cookie)));
    expect(statuses).toContain(answer.status);
    expect(upstream.requests.length).toBe(before);
    const after = await raw(gateway.port, bytes(good));
    expect(after.status).toBe(200);
    expect(after.body).toBe('ok');
  });
});

test.each([
  ['a person', 'text/html', 'text/html; charset=utf-8'],
  ['a program', 'application/json', 'application/problem+json'],
])('a refusal to %s is kept by nobody, framed by nobody and runs nothing', async (_who, accept, type) => {
  const { text, status } = await raw(
    gateway.port,
    bytes(`POST / HTTP/1.1\nHost: {H}\nAccept: ${accept}\nContent-Length: 0\n\n`),
  );
  expect(status).toBe(401);
  const lines = text.split('\r\n');
  for (const line of [
    `Content-Type: ${type}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Referrer-Policy: no-referrer',
  ])
    expect(lines).toContain(line);
  expect(text).toMatch(
    /^Content-Security-Policy: default-src 'none'; style-src 'sha256-[^']+'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'\r$/m,
  );
});

const passed: readonly (Row & {
  readonly absent?: readonly string[];
  readonly present?: Readonly<Record<string, string>>;
})[] = [
  {
    name: 'Trailer without chunks',
    send: 'GET / HTTP/1.1\nHost: {H}\n{C}\nTrailer: X\n\n',
    expect: [200],
    absent: ['trailer'],
  },
  {
    name: 'hop-by-hop lines',
    send: 'GET / HTTP/1.1\nHost: {H}\n{C}\nKeep-Alive: x\nTE: trailers\nProxy-Authorization: Basic x\nUpgrade: h2c\nConnection: Upgrade, HTTP2-Settings\nHTTP2-Settings: x\n\n',
    expect: [200],
    absent: ['keep-alive', 'te', 'proxy-authorization', 'upgrade', 'http2-settings'],
  },
  {
    name: 'Connection names a line',
    send: 'GET / HTTP/1.1\nHost: {H}\n{C}\nConnection: close, X-Secret, Consentry-Assertion\nX-Secret: 1\n\n',
    expect: [200],
    absent: ['x-secret'],
  },
  {
    name: 'identity and forwarding lines',
    send: 'GET / HTTP/1.1\nHost: {H}\n{C}\nX-Identity: mallory\nX_Identity: mallory\nX.Identity: mallory\nConsentry-Assertion: forged\nX-Forwarded-For: 8.8.8.8\nForwarded: for=8.8.8.8\nX-Real-IP: 8.8.8.8\n\n',
    expect: [200],
    absent: ['x-identity', 'x_identity', 'x.identity', 'forwarded', 'x-real-ip'],
    present: { 'x-forwarded-for': '127.0.0.1' },
  },
  {
    name: 'method overrides',
    send: 'POST / HTTP/1.1\nHost: {H}\n{C}\nX-HTTP-Method-Override: DELETE\nX-Original-URL: /admin\nContent-Length: 2\n\nhi',
    expect: [200],
    absent: ['x-http-method-override', 'x-original-url'],
  },
  {
    name: 'Expect: 100-continue',
    send: 'POST / HTTP/1.1\nHost: {H}\n{C}\nExpect: 100-continue\nContent-Length: 2\n\nhi',
    expect: [100, 200],
    absent: ['expect'],
  },
];

describe('forwarded with a clean head', () => {
  test('where it came from is said by us alone, each once', async () => {
    const before = upstream.requests.length;
    const spoofed = ['For: 8.8.8.8', 'Proto: gopher', 'Host: evil.example', 'Port: 1', 'Prefix: /x'];
    const lines = spoofed.map((line) => `X-Forwarded-${line}`).join('\n');
    expect((await raw(gateway.port, bytes(`GET / HTTP/1.1\nHost: {H}\n{C}\n${lines}\n\n`))).status).toBe(200);
    const sent = upstream.requests[before]?.rawHeaders ?? [];
    const said = sent.flatMap((name, i) =>
      i % 2 === 0 && /^(?:host$|x-forwarded-)/i.test(name) ? [`${name}: ${sent[i + 1]}`] : [],
    );
    expect(said).toEqual([
      `Host: ${access.host}`,
      'X-Forwarded-For: 127.0.0.1',
      'X-Forwarded-Proto: http',
      `X-Forwarded-Host: ${access.host}`,
      `X-Forwarded-Port: ${gateway.port}`,
    ]);
  });

  test.each(passed)('$name', async ({ send, expect: statuses, absent, present }) => {
    const before = upstream.requests.length;
    const answer = await raw(gateway.port, bytes(send));
    expect(statuses).toContain(answer.status);
    const seen = upstream.requests[before];
    expect(seen).toBeDefined();
    const names = (seen?.rawHeaders ?? []).filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
    for (const name of absent ?? []) expect(names).not.toContain(name);
    for (const [name, value] of Object.entries(present ?? {})) expect(seen?.headers[name]).toBe(value);
    expect(names.filter((name) => name === 'consentry-assertion')).toHaveLength(1);
    expect(seen?.headers['consentry-assertion']).toMatch(/^eyJ/);
    expect(seen?.rawHeaders.join('\n')).not.toContain('__Host-consentry');
    const after = await raw(gateway.port, bytes(good));
    expect(after.status).toBe(200);
  });
});
