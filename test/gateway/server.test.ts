/**
 * The listener in front of the portal and the systems: who is asked is told by one plain Host line, and what the portal believes
 * about where a request came from is said by us alone.
 */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { limits } from '../../src/gateway/limits.ts';
import { createGatewayServer, type GatewayServer } from '../../src/gateway/server.ts';
import { freePort } from '../support/gateway.ts';
import { type RawAnswer, raw } from '../support/raw.ts';

let server: GatewayServer;
let port: number;
let asked: string[] = [];

beforeAll(async () => {
  server = createGatewayServer({
    portalHost: 'portal.test',
    portal(req, res) {
      asked.push('portal');
      res.end(JSON.stringify(req.headers));
    },
    addressOf: () => '192.0.2.1',
    async handle(_req, res) {
      asked.push('system');
      res.end('system');
    },
    async upgrade() {
      asked.push('upgrade');
      throw new Error('not for those outside');
    },
    certificates: undefined,
    limits,
  });
  port = await freePort();
  await server.listen('127.0.0.1', port);
});

afterAll(() => server?.close());

/** Lines of a head without its end. */
const send = (...lines: readonly string[]): Promise<RawAnswer> => raw(port, `${lines.join('\r\n')}\r\n\r\n`);

afterEach(async () => {
  expect((await send('GET / HTTP/1.1', 'Host: portal.test')).status).toBe(200);
  expect((await send('GET / HTTP/1.1', 'Host: erp.test')).body).toBe('system');
  asked = [];
});

test.each([
  ['portal', ['Host: portal.test']],
  ['portal', ['Host: PORTAL.test']],
  ['system', ['Host: portal.test.']],
  ['system', ['Host: portal.test:80']],
  ['system', ['Host: portal.test', 'Host: portal.test']],
  ['system', ['X-Forwarded-Host: portal.test', 'Host: erp.test']],
  ['system', ['Host:']],
  ['system', []],
])('the %s is asked by %j', async (who, lines) => {
  expect((await send('GET / HTTP/1.1', ...lines)).status).toBe(200);
  expect(asked).toEqual([who]);
});

test('the portal is told by us where a request came from', async () => {
  const { body } = await send(
    ...['GET / HTTP/1.1', 'Host: portal.test', 'X-Forwarded-For: 8.8.8.8', 'X-Forwarded-Proto: gopher'],
    ...['X-Forwarded-Host: evil.example', 'X-Forwarded-Port: 1', 'Forwarded: for=8.8.8.8;host=evil.example'],
    ...['X-HTTP-Method-Override: DELETE', 'Accept: */*'],
  );
  expect(JSON.parse(body)).toEqual({
    host: 'portal.test',
    accept: '*/*',
    'x-forwarded-for': '192.0.2.1',
    'x-forwarded-proto': 'https',
  });
});

const upgrade = ['Connection: Upgrade', 'Upgrade: websocket'];

test.each<[string, readonly string[], number]>([
  ['an absolute address', ['GET http://evil.example/ HTTP/1.1', 'Host: portal.test'], 400],
  ['all of the portal', ['OPTIONS * HTTP/1.1', 'Host: portal.test'], 400],
  ['a socket to the portal', ['GET / HTTP/1.1', 'Host: portal.test', ...upgrade], 400],
  ['a tunnel', ['CONNECT evil.example:443 HTTP/1.1', 'Host: portal.test'], 405],
  ['another expectation', ['GET / HTTP/1.1', 'Host: portal.test', 'Expect: more'], 400],
  ['what is no HTTP', ['good evening'], 400],
])('%s is refused and reaches nobody', async (_name, lines, status) => {
  const answer = await send(...lines);
  expect(answer.status).toBe(status);
  expect(answer.text).toMatch(/^cache-control: no-store/im);
  expect(asked).toEqual([]);
});

test('an upgrade that goes wrong is answered without a word of why', async () => {
  const answer = await send('GET / HTTP/1.1', 'Host: erp.test', ...upgrade);
  expect(answer.status).toBe(500);
  expect(answer.text).not.toContain('not for those outside');
  expect(asked).toEqual(['upgrade']);
});

test('any other upgrade is an ordinary request', async () => {
  const h2c = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'];
  expect((await send('GET / HTTP/1.1', 'Host: erp.test', ...h2c)).body).toBe('system');
});
