/** Addresses of one system: its own name inside becomes the public host and back, in headers only; nobody else's changes. */
import { readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { System } from '../../src/core/model.ts';
import {
  downLocation,
  downOrigin,
  isOwnPage,
  originsUp,
  sharesOnlyOwn,
} from '../../src/gateway/addresses.ts';
import { type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type PolicyFolder, policyFolder } from '../support/policies.ts';
import { raw } from '../support/raw.ts';
import { type HttpUpstream, httpUpstream } from '../support/upstreams.ts';

function system(
  id: string,
  hosts: readonly string[],
  host = 'public',
  origin = 'http://10.0.0.1:8080',
): System {
  const url = new URL(origin);
  const upstream = {
    origin,
    protocol: url.protocol,
    hostname: url.hostname,
    port: Number(url.port || 80),
    host,
  };
  return { id, client: 'acme', hosts, publicOrigin: `https://${hosts[0]}`, upstream } as unknown as System;
}

const erp = system('erp', ['erp.acme.example', 'files.erp.acme.example', 'other.example']);
const place = (one: System, host = one.hosts[0] ?? '', others: readonly System[] = []) => ({
  system: one,
  host,
  snapshot: {
    hosts: new Map(
      [one, ...others].flatMap((each) => each.hosts.map((name): [string, System] => [name, each])),
    ),
  },
});

const named = system('erp', ['erp.acme.example'], 'erp.inner');

test.each([
  ['http://10.0.0.1:8080/a?b#c', 'https://erp.acme.example/a?b#c'],
  ['https://10.0.0.1:8080', 'https://erp.acme.example/'],
  ['//10.0.0.1:8080?x', 'https://erp.acme.example/?x'],
  ['http://files.erp.acme.example/x', 'https://files.erp.acme.example/x'],
  ['http://FILES.erp.acme.example:80/x', 'https://files.erp.acme.example/x'],
  // Another port, another name, a user, a relative address: as they came.
  ['http://10.0.0.1/a', 'http://10.0.0.1/a'],
  ['http://10.0.0.1:8080.evil.example/', 'http://10.0.0.1:8080.evil.example/'],
  ['http://10.0.0.1:8080@evil.example/', 'http://10.0.0.1:8080@evil.example/'],
  ['https://evil.example/http://10.0.0.1:8080/', 'https://evil.example/http://10.0.0.1:8080/'],
  ['/a', '/a'],
  ['javascript:1', 'javascript:1'],
])('Location %s comes down as %s', (value, expected) => {
  expect(downLocation(value, place(erp))).toBe(expected);
});

test('a name that the policy gives is the system’s own too', () => {
  expect(downLocation('https://erp.inner/x', place(named))).toBe('https://erp.acme.example/x');
  expect(downLocation('http://erp.inner:8081/x', place(named))).toBe('http://erp.inner:8081/x');
  expect(downLocation('http://erp.inner.evil.example/', place(named))).toBe('http://erp.inner.evil.example/');
});

test.each([
  ['https://erp.inner', 'https://erp.acme.example'],
  ['*', '*'],
  ['null', 'null'],
  ['https://elsewhere.example', 'https://elsewhere.example'],
])('Access-Control-Allow-Origin %s comes down as %s', (value, expected) => {
  expect(downOrigin(value, place(named))).toBe(expected);
});

test('Origin and Referer go up as the system is called there, and only those of its own pages', () => {
  const own = [
    'Origin',
    'https://erp.acme.example',
    'referer',
    'https://erp.acme.example/a?b',
    'X-A',
    'https://erp.acme.example',
  ];
  const lines = [...own];
  originsUp(lines, named);
  expect(lines).toEqual([
    'Origin',
    'http://erp.inner',
    'referer',
    'http://erp.inner/a?b',
    'X-A',
    'https://erp.acme.example',
  ]);
  for (const foreign of [
    'null',
    'https://erp.acme.example.evil.example',
    'http://erp.acme.example',
    'https://other.example',
  ]) {
    const kept = ['Origin', foreign];
    originsUp(kept, named);
    expect(kept).toEqual(['Origin', foreign]);
  }
  const open = [...own];
  originsUp(open, erp);
  expect(open).toEqual(own);
});

describe('a cookie’s Domain', () => {
  const above = place(erp, 'files.erp.acme.example');
  test.each([
    ['erp.acme.example', true],
    ['.ERP.acme.example', true],
    // Beside it, above all of it, of another system, nothing below it, and nonsense.
    ['acme.example', false],
    ['example', false],
    ['other.example', false],
    ['files.erp.acme.example', false],
    ['rp.acme.example', false],
    ['', false],
  ])('%s stays: %s', (domain, stays) => {
    expect(sharesOnlyOwn(domain, above)).toBe(stays);
  });

  test('goes when another system has a host below', () => {
    const shop = system('shop', ['shop.erp.acme.example']);
    expect(sharesOnlyOwn('erp.acme.example', place(erp, 'files.erp.acme.example', [shop]))).toBe(false);
  });

  test('goes on a host that is not below it', () => {
    expect(sharesOnlyOwn('erp.acme.example', place(erp, 'other.example'))).toBe(false);
  });
});

test.each([
  ['https://erp.acme.example', true],
  ['https://files.erp.acme.example/page', true],
  ['http://erp.acme.example', false],
  ['https://erp.acme.example.evil.example', false],
  ['https://erp.acme.example@evil.example', false],
  ['//erp.acme.example', false],
  ['null', false],
  [undefined, false],
])('%s is a page of the system: %s', (address, is) => {
  expect(isOwnPage(address, erp)).toBe(is);
});

describe('through the gateway', () => {
  let policies: PolicyFolder;
  let upstream: HttpUpstream;
  let gateway: TestGateway;
  let access: OpenedAccess;
  let answer: Record<string, string | string[]> = {};
  let seen: IncomingHttpHeaders = {};
  const asked: string[] = [];

  beforeAll(async () => {
    upstream = await httpUpstream((req, res) => {
      seen = req.headers;
      asked.push(`${req.method} ${req.url}`);
      res.writeHead(200, { 'content-type': 'text/plain', ...answer }).end('http://erp.inner:8081/');
    });
    const acme = await readFile('policies/clients/acme.yaml', 'utf8');
    const erpProfile = await readFile('policies/profiles/erp-demo.yaml', 'utf8');
    policies = await policyFolder({
      'clients/acme.yaml': acme
        .replace('[erp.acme.localhost]', '[erp.acme.localhost, files.erp.acme.localhost]')
        .replace('ERP_UPSTREAM}" }', 'ERP_UPSTREAM}", host: "erp.inner:8081" }'),
      'profiles/erp-demo.yaml': `${erpProfile.trimEnd()}\n\nbetween_hosts: true\n`,
    });
    gateway = await startTestGateway({ erp: upstream.origin, policies: policies.path });
    access = await gateway.open({ purpose: 'support' });
  });

  afterAll(async () => {
    await gateway?.close();
    await upstream?.close();
    await policies?.remove();
  });

  const files = (): string => access.host.replace('erp.', 'files.erp.');

  function ask(method: string, host: string, lines: string, cookie = access.cookie) {
    const sent = cookie === '' ? '' : `Cookie: ${cookie}\r\n`;
    return raw(
      gateway.port,
      `${method} /customers HTTP/1.1\r\nHost: ${host}\r\n${sent}${lines}Connection: close\r\n\r\n`,
    );
  }

  test('the system is asked under its own name, and answers under the public one', async () => {
    answer = {
      location: 'http://erp.inner:8081/next',
      'access-control-allow-origin': 'http://erp.inner:8081',
      'set-cookie': [
        'a=1; Domain=erp.acme.localhost; Path=/',
        'b=2; Domain=acme.localhost',
        'c=3; Domain=erp.inner',
      ],
    };
    const lines = `Origin: http://${access.host}\r\nReferer: http://${access.host}/a\r\nSec-Fetch-Site: same-origin\r\n`;
    const { text: head, body } = await ask('GET', access.host, lines);
    expect(seen).toMatchObject({
      host: 'erp.inner:8081',
      origin: 'http://erp.inner:8081',
      referer: 'http://erp.inner:8081/a',
      'x-forwarded-host': access.host,
    });
    expect(head).toContain(`location: http://${access.host}/next`);
    expect(head).toContain(`access-control-allow-origin: http://${access.host}\r\n`);
    expect(head).toContain('set-cookie: a=1; Domain=erp.acme.localhost; Path=/\r\n');
    expect(head).toContain('set-cookie: b=2\r\n');
    expect(head).toContain('set-cookie: c=3\r\n');
    expect(body).toContain('\r\nhttp://erp.inner:8081/\r\n');
    answer = {};
  });

  const fromFiles = (): string =>
    `Origin: http://${files()}\r\nSec-Fetch-Site: same-site\r\nSec-Fetch-Mode: cors\r\n`;

  test('a page on one of its hosts may call another, and is recorded as ever', async () => {
    const before = (await gateway.lines()).length;
    expect((await ask('GET', access.host, fromFiles())).status).toBe(200);
    const referred = `Referer: http://${files()}/\r\nSec-Fetch-Site: same-site\r\nSec-Fetch-Mode: no-cors\r\n`;
    expect((await ask('GET', access.host, referred)).status).toBe(200);
    expect((await gateway.lines()).length).toBeGreaterThan(before);
  });

  const foreign: readonly (readonly [string, () => string])[] = [
    [
      'another system of the client',
      () => `Origin: http://backup.acme.localhost:${gateway.port}\r\nSec-Fetch-Site: same-site\r\n`,
    ],
    ['another port', () => 'Origin: http://files.erp.acme.localhost\r\nSec-Fetch-Site: same-site\r\n'],
    [
      'another site, whatever it refers to',
      () => `Referer: http://${files()}/\r\nSec-Fetch-Site: cross-site\r\n`,
    ],
    ['a page that hides itself', () => 'Sec-Fetch-Site: same-site\r\n'],
    [
      'a foreign origin with a good referer',
      () => `Origin: https://evil.example\r\nReferer: http://${files()}/\r\nSec-Fetch-Site: same-site\r\n`,
    ],
  ];

  test.each(foreign)('refused: %s', async (_name, lines) => {
    const before = asked.length;
    const { status, body } = await ask('GET', access.host, lines());
    expect([status, JSON.parse(body).code]).toEqual([403, 'cross_site']);
    expect(asked.length).toBe(before);
  });

  test('what a browser asks beforehand is answered here, for its own hosts alone, and nothing goes up', async () => {
    const before = asked.length;
    const asks =
      'Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: content-type, x-csrf\r\n';
    const { status, text: head } = await ask('OPTIONS', access.host, fromFiles() + asks, '');
    expect(status).toBe(204);
    expect(head).toContain(`Access-Control-Allow-Origin: http://${files()}\r\n`);
    expect(head).toContain('Access-Control-Allow-Methods: PUT\r\n');
    expect(head).toContain('Access-Control-Allow-Headers: content-type, x-csrf\r\n');
    for (const lines of [
      `Origin: https://evil.example\r\nSec-Fetch-Site: cross-site\r\n${asks}`,
      `Origin: http://backup.acme.localhost:${gateway.port}\r\nSec-Fetch-Site: same-site\r\n${asks}`,
      `${fromFiles()}Access-Control-Request-Method: TRACE\r\n`,
      `${fromFiles()}Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: a"b\r\n`,
    ]) {
      const refused = await ask('OPTIONS', access.host, lines, '');
      expect(refused.status).toBe(401);
      expect(refused.text).not.toMatch(/access-control-allow/i);
    }
    expect(asked.length).toBe(before);
  });
});
