/** The running server has exactly the limits of the table, and they mean something. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createSecureContext } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { limits } from '../../src/gateway/limits.ts';
import { createGatewayServer, type GatewayServer, type ServerDeps } from '../../src/gateway/server.ts';
import { freePort } from '../support/gateway.ts';
import { open, raw } from '../support/raw.ts';
import { stopwatch } from '../support/stopwatch.ts';

interface Running {
  readonly server: GatewayServer;
  readonly port: number;
}

let plain: Running;
let secure: Running;

async function start(certificates: ServerDeps['certificates']): Promise<Running> {
  const server = createGatewayServer({
    portalHost: 'portal.test',
    portal: (req, res) => {
      if (req.method === 'GET') res.end('portal');
      else req.resume().once('end', () => res.end('portal'));
    },
    addressOf: () => '127.0.0.1',
    handle: async (_req, res) => {
      res.end('ok');
    },
    upgrade: async (_req, socket) => {
      socket.destroy();
    },
    certificates,
    limits,
  });
  const port = await freePort();
  await server.listen('127.0.0.1', port);
  return { server, port };
}

beforeAll(async () => {
  const of = (name: string) => readFileSync(`test/vectors/tls/erp.acme.localhost.${name}`);
  const certificate = createSecureContext({ cert: of('pem'), key: of('key') });
  plain = await start(undefined);
  secure = await start(() => certificate);
});

afterAll(async () => {
  await plain?.server.close();
  await secure?.server.close();
});

test('the table is the configuration', () => {
  const { http, net } = plain.server;
  expect(http.headersTimeout).toBe(limits.headersTimeout);
  expect(http.requestTimeout).toBe(limits.requestTimeout);
  expect(http.keepAliveTimeout).toBe(limits.keepAliveTimeout);
  expect(http.maxHeadersCount).toBe(limits.headerCount);
  expect(http.maxRequestsPerSocket).toBe(limits.requestsPerConnection);
  expect(net.maxConnections).toBe(limits.connections);
  expect(limits.requestTimeout).toBe(0);
  expect(limits.connectionsCheckingInterval).toBeLessThanOrEqual(1_000);
});

describe('who is slow is cut off at their time, not at half a minute, and others are served', () => {
  const head = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
  const portal = 'Host: portal.test\r\n';

  /** When all of them are closed, how long each took and what it was sent. */
  async function closed(slow: Readonly<Record<string, readonly [number, string]>>) {
    const asked = Object.entries(slow).map(async ([name, [port, bytes]]) => {
      const took = stopwatch();
      const one = open(port, bytes);
      await one.closed;
      return { name, answer: one.received().slice(0, 12), took: took() };
    });
    return Promise.all(asked);
  }

  test('headers, a handshake, a form for the portal', async () => {
    const answers = await closed({
      headers: [plain.port, 'GET / HTTP/1.1\r\nHost: x\r\n'],
      'headers for the portal': [plain.port, `GET / HTTP/1.1\r\n${portal}`],
      'no handshake': [secure.port, ''],
      'half a handshake': [secure.port, '\x16\x03\x01\x02\x00'],
      'a form': [plain.port, `POST / HTTP/1.1\r\n${portal}Content-Length: 10\r\n\r\na=b`],
      'a form in chunks': [plain.port, `POST / HTTP/1.1\r\n${portal}Transfer-Encoding: chunked\r\n\r\n1\r\n`],
    });
    expect(answers.map(({ name, answer }) => [name, answer])).toEqual([
      ['headers', 'HTTP/1.1 408'],
      ['headers for the portal', 'HTTP/1.1 408'],
      ['no handshake', ''],
      ['half a handshake', ''],
      ['a form', ''],
      ['a form in chunks', ''],
    ]);
    for (const { took } of answers) {
      expect(took.ran + took.stood).toBeGreaterThan(limits.headersTimeout - 1_000);
      expect(took.ran).toBeLessThan(limits.headersTimeout + 5_000);
    }
    expect((await raw(plain.port, head)).text).toContain('ok');
    expect((await raw(plain.port, head.replace('x', 'portal.test'))).text).toContain('portal');
    const good = connect({ port: secure.port, host: '127.0.0.1', rejectUnauthorized: false });
    good.write(head);
    const [answer] = (await once(good, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /);
    good.destroy();
  });

  test('a form that came whole is not: its connection stays', async () => {
    const form = open(plain.port, `POST / HTTP/1.1\r\n${portal}Content-Length: 3\r\n\r\na=b${head}`);
    await form.until('ok');
    expect(form.socket.destroyed).toBe(false);
    form.socket.destroy();
  });
});
