/** The running server has exactly the limits of the table, and they mean something. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { limits } from '../../src/gateway/limits.ts';
import { createGatewayServer, type GatewayServer } from '../../src/gateway/server.ts';
import { freePort } from '../support/gateway.ts';
import { open } from '../support/raw.ts';

let server: GatewayServer;
let port: number;

beforeAll(async () => {
  server = createGatewayServer({
    portalHost: 'portal.test',
    portal: (_req, res) => res.end('portal'),
    addressOf: () => '127.0.0.1',
    handle: async (_req, res) => {
      res.end('ok');
    },
    upgrade: async (_req, socket) => {
      socket.destroy();
    },
    certificates: undefined,
  });
  port = await freePort();
  await server.listen('127.0.0.1', port);
});

afterAll(() => server.close());

test('the table is the configuration', () => {
  const { http, net } = server;
  expect(http.headersTimeout).toBe(limits.headersTimeout);
  expect(http.requestTimeout).toBe(limits.requestTimeout);
  expect(http.keepAliveTimeout).toBe(limits.keepAliveTimeout);
  expect(http.maxHeadersCount).toBe(limits.headerCount);
  expect(http.maxRequestsPerSocket).toBe(limits.requestsPerConnection);
  expect(net.maxConnections).toBe(limits.connections);
  expect(limits.requestTimeout).toBe(0);
  expect(limits.connectionsCheckingInterval).toBeLessThanOrEqual(1_000);
});

test('slow headers are cut off at their time, not at half a minute', async () => {
  const started = performance.now();
  const slow = open(port, 'GET / HTTP/1.1\r\nHost: x\r\n');
  await slow.closed;
  const took = performance.now() - started;
  expect(slow.received()).toContain('408');
  expect(took).toBeGreaterThan(limits.headersTimeout - 1_000);
  expect(took).toBeLessThan(limits.headersTimeout + 5_000);
}, 40_000);
