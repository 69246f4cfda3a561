/**
 * No record, no access, proved from outside: an upstream that looks into the database through a connection of its
 * own and finds the committed intent of every request before it answers. 10,000 requests of all sorts, concurrent.
 */
import { type RequestOptions, request } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { open } from '../support/raw.ts';
import { type HttpUpstream, httpUpstream } from '../support/upstreams.ts';

const total = 10_000;
let upstream: HttpUpstream;
let gateway: TestGateway;
let access: OpenedAccess;
let committed: (id: string) => boolean;
const misses: string[] = [];
let checked = 0;

function check(id: unknown): void {
  checked += 1;
  if (typeof id !== 'string' || !committed(id)) misses.push(String(id));
}

beforeAll(async () => {
  upstream = await httpUpstream((req, res) => {
    check(req.headers['consentry-request']);
    req.resume();
    const partial = req.headers.range !== undefined;
    const unchanged = req.headers['if-none-match'] !== undefined;
    if (unchanged) res.writeHead(304, { etag: '"a"' }).end();
    else if (partial)
      res
        .writeHead(206, { 'content-type': 'text/plain', 'content-range': 'bytes 0-1/4', 'content-length': 2 })
        .end('ok');
    else
      res
        .writeHead(200, { 'content-type': 'text/plain', 'content-length': 2 })
        .end(req.method === 'HEAD' ? undefined : 'ok');
  });
  gateway = await startTestGateway({ erp: upstream.origin });
  access = await gateway.open({ purpose: 'support' });
  const db = new DatabaseSync(join(gateway.folder, 'data', 'ledger.db'), { readOnly: true });
  const newer = db.prepare('SELECT id, leaf FROM entries WHERE id > ? AND kind = 32 ORDER BY id');
  const ids = new Set<string>();
  let last = 0;
  committed = (id) => {
    if (!ids.has(id)) {
      for (const row of newer.all(last)) {
        last = Number(row.id);
        ids.add(String(JSON.parse(String(row.leaf)).id));
      }
    }
    return ids.delete(id);
  };
});

afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

const shapes: readonly (RequestOptions & { readonly body?: string })[] = [
  { method: 'GET' },
  { method: 'HEAD' },
  { method: 'GET', headers: { range: 'bytes=0-1' } },
  { method: 'GET', headers: { 'if-none-match': '"a"' } },
  { method: 'POST', body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  { method: 'POST', body: 'hi', headers: { expect: '100-continue', 'content-length': '2' } },
  {
    method: 'PUT',
    body: '{}',
    headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
  },
  { method: 'DELETE' },
];

function send(shape: (typeof shapes)[number]): Promise<number> {
  const { body, headers, ...rest } = shape;
  return new Promise((resolve, reject) => {
    const req = request(
      {
        host: '127.0.0.1',
        port: gateway.port,
        path: '/api/customers/7',
        setHost: false,
        ...rest,
        headers: { ...headers, host: access.host, cookie: access.cookie, 'sec-fetch-site': 'same-origin' },
      },
      (res) => {
        res.resume();
        res.on('end', () => resolve(res.statusCode ?? 0));
      },
    );
    req.on('error', reject);
    if (rest.method === 'POST' && req.getHeader('expect') !== undefined)
      req.on('continue', () => req.end(body));
    else req.end(body);
  });
}

test('every request of 10,000 finds its committed intent', async () => {
  const statuses = new Map<number, number>();
  let next = 0;
  async function worker(): Promise<void> {
    for (;;) {
      const index = next++;
      const shape = shapes[index % shapes.length];
      if (index >= total || shape === undefined) return;
      const status = await send(shape);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  }
  await Promise.all(Array.from({ length: 32 }, worker));
  expect(Object.fromEntries(statuses)).toEqual({ 200: total * 0.75, 206: total / 8, 304: total / 8 });
  for (let i = 0; i < 50; i += 1) {
    const before = upstream.upgrades.length;
    const socket = open(
      gateway.port,
      `GET /ws HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nOrigin: http://${access.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    );
    await socket.closed;
    check(upstream.upgrades[before]?.headers['consentry-request']);
  }
  expect(checked).toBe(total + 50);
  expect(misses).toEqual([]);
}, 120_000);

test('a check of everything beside the load finds nothing wrong', async () => {
  let over = false;
  async function worker(): Promise<void> {
    while (!over) await send({ method: 'GET' });
  }
  const workers = Array.from({ length: 16 }, worker);
  const findings: string[] = [];
  for (let round = 0; round < 3; round += 1) findings.push(...(await gateway.app.archive.fsck('acme')));
  over = true;
  await Promise.all(workers);
  expect(findings).toEqual([]);
});
