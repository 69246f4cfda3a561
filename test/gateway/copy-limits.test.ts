/** What an agreement limits of copies, at the gateway: refused before the first byte, or cut at the limit, and nothing else. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import type { Budget } from '../../src/core/budget.ts';
import { failures } from '../stores/ledger-world.ts';
import { agree } from '../support/agreeing.ts';
import { ask, fetched as bodyOf, type CopyingGateway, startCopying } from '../support/copying.ts';
import type { OpenedAccess, TestGateway } from '../support/gateway.ts';

const threshold = 100_000;
const monthly = { per: 'month', zone: 'Europe/Paris' } as const;
let copying: CopyingGateway;
let gateway: TestGateway;

/** `/export/LENGTH` says its length, `/unsaid/LENGTH` does not and is a page as long as it is one; `/held/…` waits for `letGo`. */
let letGo: (() => void) | undefined;
function answer(req: IncomingMessage, res: ServerResponse): void {
  const [, how, digits = '0'] = (req.url ?? '').split('/');
  const body = Buffer.alloc(Number(digits), 'copy me ');
  if (how === 'unsaid') {
    res.writeHead(200, { 'content-type': 'text/html' });
    for (let at = 0; at < body.length; at += 30_000) res.write(body.subarray(at, at + 30_000));
    res.end();
    return;
  }
  res.writeHead(200, { 'content-type': 'application/zip', 'content-length': body.length });
  if (how !== 'held') return void res.end(body);
  res.write(body.subarray(0, 100));
  letGo = () => void res.end(body.subarray(100));
}

beforeAll(async () => {
  copying = await startCopying({ answer, frames: { count: 20, bytes: 30_000 }, threshold });
  ({ gateway } = copying);
});

afterAll(() => copying?.close());

async function accessUnder(limits: Omit<Budget, 'per' | 'zone'>): Promise<OpenedAccess & { grant: string }> {
  const budget = { ...monthly, ...limits };
  const grant = await agree(gateway.app, { system: 'erp', people: ['assigned'], budget });
  return { ...(await gateway.open({ purpose: 'backup', grant })), grant };
}

async function fetched(access: OpenedAccess, path: string) {
  const { status, body, whole } = await bodyOf(ask(gateway, access, path, { accept: 'application/json' }));
  return { status, length: body.length, text: body.toString(), whole };
}

/** The newest result of an access, and what is used of its agreement. */
async function told({ opening, grant }: OpenedAccess & { grant: string }) {
  await gateway.lastOutcome();
  const lines = await gateway.lines();
  const result = lines.find(({ leaf }) => leaf.t === 'access.result' && leaf.session === opening);
  const newest = result ?? lines.find(({ leaf }) => leaf.t === 'access.result');
  const [used] = (await gateway.app.archive.budgets('acme')).filter((one) => one.grant === grant);
  return { ...newest?.leaf, copies: used?.spent.copies, copied: used?.spent.copied };
}

test('of the last copy every byte passes, of the next none, and reading goes on', async () => {
  const access = await accessUnder({ copies: 1 });
  expect(await fetched(access, '/export/5000')).toMatchObject({ status: 200, length: 5000, whole: true });
  const next = await fetched(access, '/export/10');
  expect(next.status).toBe(403);
  expect(next.text).toContain('copy_limit');
  expect(next.text).not.toContain('copy me');
  expect(await told(access)).toMatchObject({ outcome: 'withheld:copy_limit', down: 0, copies: 1, copied: 0 });
  expect(await fetched(access, '/unsaid/500')).toMatchObject({ status: 200, length: 500 });
});

test('a length that goes beyond is refused before its first byte; one that fits passes', async () => {
  const access = await accessUnder({ copied: 8000 });
  expect((await fetched(access, '/export/8001')).status).toBe(403);
  expect(await told(access)).toMatchObject({ outcome: 'withheld:copy_limit', down: 0 });
  expect(await fetched(access, '/export/6000')).toMatchObject({ status: 200, length: 6000 });
  expect((await fetched(access, '/export/2001')).status).toBe(403);
  expect(await fetched(access, '/export/2000')).toMatchObject({ status: 200, length: 2000 });
  expect(await told(access)).toMatchObject({ outcome: 'complete', copies: 2, copied: 8000 });
});

test('while one runs its bytes are taken; what does not leave of it may be copied again', async () => {
  const access = await accessUnder({ copied: 50_000 });
  const running = ask(gateway, access, '/held/50000');
  const [first] = (await once(running, 'response')) as [IncomingMessage];
  first.on('error', () => undefined);
  running.on('error', () => undefined);
  await once(first, 'data');
  expect((await fetched(access, '/export/1')).text).toContain('copy_limit');
  first.destroy();
  for (let tries = 0; tries < 200 && (await told(access)).copied === 50_000; tries += 1)
    await new Promise((resolve) => setImmediate(resolve));
  letGo?.();
  expect((await told(access)).copied).toBeLessThan(1000);
  expect(await fetched(access, '/export/49000')).toMatchObject({ status: 200, length: 49_000 });
});

test.each([
  ['a copy of no said length is cut where the agreement ends', 250_000],
  ['also within its first piece beyond a page', 100_001],
])('%s', async (_name, limit) => {
  const access = await accessUnder({ copied: limit });
  const got = await fetched(access, '/unsaid/900000');
  expect(got.whole).toBe(false);
  expect(got.length).toBeLessThanOrEqual(limit);
  expect(await told(access)).toMatchObject({
    ...{ outcome: 'terminated:copy_limit', down: limit, copies: 1, copied: limit },
  });
  expect(await told(access)).not.toHaveProperty('digest');
  expect((await fetched(access, '/export/1')).status).toBe(403);
});

test('one that ends at the limit is whole; one that grows where nothing is left is cut as a page', async () => {
  const access = await accessUnder({ copied: 240_000 });
  expect(await fetched(access, '/unsaid/240000')).toMatchObject({ whole: true, length: 240_000 });
  expect(await told(access)).toMatchObject({ outcome: 'complete', copied: 240_000 });
  const got = await fetched(access, '/unsaid/240000');
  expect(got.whole).toBe(false);
  expect(got.length).toBeLessThanOrEqual(threshold);
  expect(await told(access)).toMatchObject({ outcome: 'terminated:copy_limit', copies: 1, copied: 240_000 });
});

test('a live connection is cut at the limit too', async () => {
  const access = await accessUnder({ copied: 250_000 });
  const { host, cookie } = access;
  const live = new WebSocket(`ws://127.0.0.1:${gateway.port}/ws`, {
    headers: { host, cookie, origin: `http://${host}` },
  });
  live.on('error', () => undefined);
  let length = 0;
  live.on('message', (data: Buffer) => {
    length += data.length;
  });
  await once(live, 'close');
  expect(length).toBeLessThanOrEqual(250_000);
  expect(await told(access)).toMatchObject({
    ...{ outcome: 'terminated:copy_limit', down: 250_000, copies: 1, copied: 250_000 },
  });
});

test('the log with all of this checks out, and rows and lines agree', async () => {
  await gateway.lastOutcome();
  expect(await gateway.app.archive.fsck()).toEqual([]);
  expect(await failures(gateway.app.archive, 'acme')).toEqual([]);
});
