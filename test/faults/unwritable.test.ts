/**
 * The log cannot be written: 503 and nothing forwarded, no answer from memory, what runs is ended after five seconds,
 * a stop says that it is not yet recorded, and everything recovers by itself.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createErp } from '../../src/demo/erp.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { open, raw } from '../support/raw.ts';

let erp: Awaited<ReturnType<typeof createErp>>;
let gateway: TestGateway;
let lock: DatabaseSync;

beforeAll(async () => {
  erp = await createErp();
  gateway = await startTestGateway({ erp: erp.origin });
  lock = new DatabaseSync(join(gateway.folder, 'data', 'ledger.db'));
});

afterAll(async () => {
  lock?.close();
  await gateway?.close();
  await erp?.close();
});

function head(access: { readonly host: string; readonly cookie: string }, path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n`;
}

test('locked for longer than the patience: 503, ends what runs, recovers by itself', async () => {
  const access = await gateway.open({ purpose: 'backup' });
  const download = open(gateway.port, head(access, '/export/full.bin?mb=4000&rate=1000000'));
  await download.until('\r\n\r\n');
  lock.exec('BEGIN IMMEDIATE');
  const refused = await raw(gateway.port, head(access, '/customers'));
  expect(refused.status).toBe(503);
  expect(refused.text).toMatch(/retry-after: \d/i);
  expect(JSON.parse(refused.body)).toMatchObject({ code: 'ledger_unavailable' });
  await download.closed;
  const other = await gateway.app.authority.client('acme');
  expect(other.openings.has(access.opening)).toBe(true);
  const stopped = await gateway.app.authority.end({ client: 'acme', opening: access.opening }, 'stopped', {
    provider: 'test',
  });
  expect(stopped.recorded).toBe(false);
  // Stopped here although it is not in the log yet.
  expect((await raw(gateway.port, head(access, '/customers'))).status).toBe(401);
  lock.exec('ROLLBACK');
  for (;;) {
    const lines = await gateway.lines();
    if (lines.some(({ leaf }) => leaf.t === 'session.closed' && leaf.session === access.opening)) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const again = await gateway.open({ purpose: 'support' });
  expect((await raw(gateway.port, head(again, '/customers'))).status).toBe(200);
  expect(await gateway.lastOutcome()).toBe('complete');
  const outcomes = (await gateway.lines())
    .filter(({ leaf }) => leaf.t === 'access.result')
    .map(({ leaf }) => leaf.outcome);
  expect(outcomes).toContain('terminated:ledger_unavailable');
});

test('a sign-in that ends while nothing can be written: what runs is cut first, and shown until it is recorded', async () => {
  const access = await gateway.open({ purpose: 'backup' });
  const { authority } = gateway.app;
  const opening = (await authority.client('acme')).openings.get(access.opening);
  const download = open(gateway.port, head(access, '/export/full.bin?mb=4000&rate=1000000'));
  await download.until('\r\n\r\n');
  lock.exec('BEGIN IMMEDIATE');
  const ended = authority.end({ login: opening?.login ?? '' }, 'signed-out', undefined);
  await download.closed;
  expect((await authority.client('acme')).blocked.get(access.opening)?.reference).toBe(opening?.reference);
  expect((await ended).recorded).toBe(false);
  lock.exec('ROLLBACK');
  while ((await authority.client('acme')).blocked.size > 0)
    await new Promise((resolve) => setTimeout(resolve, 50));
  const closing = (await gateway.lines()).find(
    ({ leaf }) => leaf.t === 'session.closed' && leaf.session === access.opening,
  );
  expect(closing?.leaf.cause).toBe('signed-out');
});
