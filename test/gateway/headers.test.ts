/** Each header name that must not pass, one by one, and what must pass beside it. */
import { expect, test } from '@jest/globals';
import type { System } from '../../src/core/model.ts';
import {
  addOurs,
  connectionTokens,
  downHeaders,
  upHeaders,
  withoutEncoding,
} from '../../src/gateway/headers.ts';

const system = {
  id: 'erp',
  client: 'acme',
  hosts: ['erp.acme.example'],
  publicOrigin: 'https://erp.acme.example',
  upstream: { origin: 'http://10.0.0.1', protocol: 'http:', hostname: '10.0.0.1', port: 80, host: 'public' },
} as unknown as System;
const place = {
  system,
  host: 'erp.acme.example',
  snapshot: { hosts: new Map([['erp.acme.example', system]]) },
};

const neverUp = [
  'Connection',
  'Keep-Alive',
  'Proxy-Connection',
  'Proxy-Authorization',
  'TE',
  'Trailer',
  'Transfer-Encoding',
  'Upgrade',
  'Expect',
  'Host',
  'Content-Length',
  'HTTP2-Settings',
  'Proxy',
  'Forwarded',
  'Via',
  'X-Real-IP',
  'X-Client-IP',
  'True-Client-IP',
  'CF-Connecting-IP',
  'Fastly-Client-IP',
  'X-Forwarded-For',
  'X-Forwarded-User',
  'X-Identity',
  'X-User',
  'Remote-User',
  'X-Remote-User',
  'X-Authenticated-User',
  'X-Auth-Request-Email',
  'Client-Cert',
  'X-SSL-Client-Cert',
  'Impersonate-User',
  'X-HTTP-Method-Override',
  'X-Method-Override',
  'X-Original-URL',
  'X-Original-Host',
  'X-Rewrite-URL',
  'X-Script-Name',
  'X-Path-Info',
  'X-Request-URI',
  'X-WAWS-Unencoded-URL',
  'Destination',
  'X-Middleware-Subrequest',
  'Consentry-Assertion',
  'consentry-request',
  'Proxy-Authenticate',
  'Proxy-Status',
  'X-Cluster-Client-IP',
  'Client-IP',
  'X-Client-IP-Country',
  'X-Host',
  'X-Envoy-External-Address',
  'X-Envoy-Original-Path',
  'X-Username',
  'X-User-Id',
  'X-Email',
  'X-WebAuth-User',
  'X-Authenticated-UserId',
  'X-Authenticated-Groups',
  'X-Credential',
  'X-Consumer-Username',
  'X-HTTP-Method',
  'X-HTTP-Destination',
  'X-Method',
  'X-Original-Method',
  'X-Original-URI',
  'X-Original-Path',
  'X-Override-URL',
  'X-Accel-Redirect',
  'Script-Name',
  'Path-Info',
  'Request-URI',
  'X-Request-URL',
  'X-URI',
  'X-URL',
  'X-Proxy-URL',
  'X-Rewrite-Query',
  'X-SSL-Client-Verify',
  'SSL-Client-Cert',
  'X-Client-Cert',
  'X-Client-DN',
  'X-Client-S-DN',
  'X-Client-Verify',
  'X-ARR-ClientCert',
  'X-Amzn-Oidc-Data',
  'X-Goog-Authenticated-User-Email',
  'X-MS-Client-Principal-Name',
  'X-AppEngine-User-Email',
  'X-Pomerium-Claim-Email',
  'Cf-Access-Jwt-Assertion',
  'X-Remote-Group',
  'X-Sudo',
  'X-Impersonate-User',
  'X-Originating-IP',
  'WL-Proxy-Client-IP',
  'X_Identity',
  'X.Identity',
];

test.each(neverUp)('%s does not go up, in any case of letters', (name) => {
  for (const written of [name, name.toLowerCase(), name.toUpperCase()]) {
    expect(upHeaders([written, 'x', 'Accept', '*/*'], connectionTokens(undefined), true)?.lines).toEqual([
      'Accept',
      '*/*',
    ]);
  }
});

test('what Connection names does not go up, the rest does', () => {
  const lines = upHeaders(
    ['X-A', '1', 'X-B', '2', 'Authorization', 'Basic x'],
    connectionTokens('close, X-A'),
    true,
  )?.lines;
  expect(lines).toEqual(['X-B', '2', 'Authorization', 'Basic x']);
});

test('of the cookies ours stand apart, and the others go up in one line', () => {
  const read = upHeaders(
    [
      'Cookie',
      'a=1; __Host-consentry=s',
      'X-A',
      '1',
      'cookie',
      '__Host-consentry-f-x=t;b=2',
      'Cookie',
      'c=3',
    ],
    connectionTokens(undefined),
    false,
  );
  expect(read?.lines).toEqual(['X-A', '1', 'Cookie', 'a=1; b=2; c=3']);
  expect([...(read?.own ?? [])]).toEqual([
    ['__Host-consentry', 's'],
    ['__Host-consentry-f-x', 't'],
  ]);
});

const credential = `ctool_${'a'.repeat(43)}`;

test('a credential is read, and goes up in no line', () => {
  const read = upHeaders(['Consentry-Access', credential, 'X-A', '1'], connectionTokens(undefined), true);
  expect([read?.tool, read?.lines]).toEqual([credential, ['X-A', '1']]);
});

test.each<[string, readonly string[]]>([
  ['a cookie of ours twice in one line', ['Cookie', '__Host-consentry=a; __Host-consentry=b']],
  ['a cookie of ours in two lines', ['Cookie', '__Host-consentry=a', 'Cookie', '__Host-consentry=a']],
  ['a credential in two lines', ['Consentry-Access', credential, 'Consentry-Access', credential]],
  ['a credential in two places', ['Consentry-Access', credential, 'Authorization', `Bearer ${credential}`]],
  ['a control character', ['X-A', 'a\x01']],
])('a request with %s cannot be forwarded', (_name, lines) => {
  expect(upHeaders(lines, connectionTokens(undefined), true)).toBeUndefined();
});

test('nobody is asked for a compressed answer', () => {
  const lines = ['Accept', '*/*', 'ACCEPT-ENCODING', 'gzip', 'X-A', '1'];
  expect(withoutEncoding(lines)).toEqual(['Accept', '*/*', 'X-A', '1']);
});

const neverDown = [
  'Connection',
  'Keep-Alive',
  'Proxy-Authenticate',
  'Trailer',
  'Transfer-Encoding',
  'Upgrade',
  'Alt-Svc',
  'Clear-Site-Data',
  'Service-Worker-Allowed',
  'Strict-Transport-Security',
  'Public-Key-Pins',
  'X-Powered-By',
  'Server',
  'Refresh',
  'NEL',
  'Report-To',
  'CDN-Cache-Control',
  'Surrogate-Control',
  'X-Accel-Expires',
  'X-Accel-Redirect',
  'X-Sendfile',
  'Expires',
  'Pragma',
  'Proxy-Connection',
  'Proxy-Authorization',
  'TE',
  'Via',
  'Cache-Control',
  'Age',
  'Reporting-Endpoints',
  'Accept-CH',
  'Link-Template',
  'Cloudflare-CDN-Cache-Control',
  'Set-Login',
  'Use-As-Dictionary',
  'Speculation-Rules',
  'SourceMap',
  'X-Consentry',
  'Consentry-Request',
];

test.each(neverDown)('%s does not come down', (name) => {
  const down = downHeaders(['Content-Type', 'text/html', name, 'x'], place, false, true);
  expect(down?.lines).toEqual(['Content-Type', 'text/html', 'Cache-Control', 'no-store']);
});

test('what Connection names does not come down', () => {
  const down = downHeaders(['Connection', 'close, X-A', 'x-a', '1', 'X-B', '2'], place, false, false);
  expect(down?.lines).toEqual(['X-B', '2', 'Cache-Control', 'no-store']);
});

test.each(['Content-Type', 'Content-Disposition'])('an answer with %s twice is none', (name) => {
  expect(
    downHeaders([name, 'text/html', name.toLowerCase(), 'text/html'], place, false, false),
  ).toBeUndefined();
});

test.each([
  ['gzip', true],
  ['Identity', false],
])('an answer in the coding %s is encoded: %p', (coding, encoded) => {
  expect(downHeaders(['Content-Encoding', coding], place, false, false)?.encoded).toBe(encoded);
});

test.each([
  ['a=b; Domain=.example; Path=/', 'a=b; Path=/'],
  ['a=b; path=/; domain', 'a=b; path=/'],
  ['__Host-consentry=x; Path=/', undefined],
  ['__secure-Consentry-f-x=x; Path=/', undefined],
  ['=__Host-consentry=x', undefined],
])('the cookie %j comes down as %j', (cookie, expected) => {
  const lines = downHeaders(['Set-Cookie', cookie], place, false, true)?.lines ?? [];
  expect(lines[lines.indexOf('Set-Cookie') + 1]).toBe(expected === undefined ? lines[0] : expected);
  expect(lines.includes('Set-Cookie')).toBe(expected !== undefined);
});

test.each([
  ['erp.acme.example', 'https', '443'],
  ['erp.acme.example', 'http', '80'],
  ['erp.acme.example:8443', 'https', '8443'],
])('for %s by %s the port that goes up is %s', (host, scheme, port) => {
  const lines: string[] = [];
  addOurs(lines, { host, scheme, address: '192.0.2.1', assertion: 'a', request: 'r' }, system);
  expect(lines).toEqual([
    ...['Host', host, 'X-Forwarded-For', '192.0.2.1', 'X-Forwarded-Proto', scheme],
    ...[
      'X-Forwarded-Host',
      host,
      'X-Forwarded-Port',
      port,
      'Consentry-Assertion',
      'a',
      'Consentry-Request',
      'r',
    ],
  ]);
});
