/** An agreement's budget of bytes at the gateway: what is used up ends what runs under it, refuses what comes, and nothing else. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Budget } from '../../src/core/budget.ts';
import { endAtLatest, type FirstUse } from '../../src/core/first-use.ts';
import { writeGrantText } from '../../src/core/grant-text.ts';
import { createErp } from '../../src/demo/erp.ts';
import { type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { open, raw } from '../support/raw.ts';

let erp: Awaited<ReturnType<typeof createErp>>;
let gateway: TestGateway;

beforeAll(async () => {
  erp = await createErp();
  gateway = await startTestGateway({ erp: erp.origin });
});

afterAll(async () => {
  await gateway?.close();
  await erp?.close();
});

/** Signed by acme's representative for the evaluation, like the samples. */
async function granted(limits: { budget?: Budget; firstUse?: FirstUse }): Promise<string> {
  const { app } = gateway;
  const { seats } = await app.archive.inForce('acme');
  const seat = seats.find(({ role }) => role === 'representative');
  if (seat === undefined || app.evaluation === undefined) throw new Error('nobody can agree');
  const id = randomBytes(12).toString('base64url');
  const from = Date.now();
  const scope = {
    ...{ id, version: 1, client: 'acme', systems: ['erp'], purposes: ['backup'] },
    ...{
      operations: ['read', 'copy'] as const,
      people: ['assigned'],
      from,
    },
    until: limits.firstUse === undefined ? from + 86_400_000 : endAtLatest(limits.firstUse),
    ...limits,
  };
  const named = { client: 'A', provider: 'B', contact: 'C', people: 'D', from: 'E', until: 'F' };
  const { text, textHash } = writeGrantText({
    ...scope,
    language: 'en',
    words: { ...named, systems: ['erp'], purposes: ['backup'], author: 'G', function: 'H', authority: 'I' },
  });
  const answer = await app.authority.run({
    do: 'grant',
    grant: {
      ...scope,
      ...{ status: 'active', upstreamAccount: undefined, textHash, grantedBy: seat.id, grantedAt: from },
    },
    text,
    evidence: { seat: seat.id, role: seat.role, language: 'en', ...app.evaluation.sign(textHash) },
  });
  if ('refused' in answer) throw new Error(answer.refused);
  return id;
}

function head({ host, cookie }: OpenedAccess, path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n`;
}

test('a download that uses the bytes up is cut, the next is refused, and other agreements go on', async () => {
  const grant = await granted({ budget: { per: 'month', zone: 'Europe/Paris', bytes: 100_000 } });
  const limited = await gateway.open({ purpose: 'backup', grant });
  const free = await gateway.open({ purpose: 'backup' });
  const other = open(gateway.port, head(free, '/export/full.bin?mb=500'));
  await other.until('\r\n\r\n');
  other.socket.pause();
  const download = open(gateway.port, head(limited, '/export/full.bin?mb=500'));
  await download.until('\r\n\r\n');
  download.socket.pause();
  const ended = async () =>
    (await gateway.lines()).find(
      ({ leaf }) => leaf.t === 'access.result' && leaf.outcome === 'terminated:budget',
    );
  for (let tries = 0; tries < 100 && (await ended()) === undefined; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await ended()).toBeDefined();
  download.socket.resume();
  await download.closed;
  const again = await raw(gateway.port, head(limited, '/'));
  expect(again.status).toBe(403);
  expect(again.body).toContain('budget_spent');
  const untouched = (await gateway.lines()).filter(({ leaf }) => leaf.t === 'access.result');
  expect(untouched.map(({ leaf }) => leaf.outcome)).toEqual(['terminated:budget']);
  const [used] = (await gateway.app.archive.budgets('acme')).filter((one) => one.grant === grant);
  expect(used?.spent.bytes).toBeGreaterThan(100_000);
  await gateway.app.authority.end({ opening: free.opening }, 'stopped', { provider: 'test' });
  other.socket.destroy();
  expect(await gateway.app.archive.fsck('acme')).toEqual([]);
}, 30_000);

test('a small budget of openings and minutes costs the gateway nothing and ends nothing', async () => {
  const grant = await granted({
    budget: { per: 'day', zone: 'Europe/Paris', openings: 1, minutes: 30 },
  });
  const access = await gateway.open({ purpose: 'backup', grant });
  expect((await raw(gateway.port, head(access, '/'))).status).toBe(200);
  await gateway.app.authority.end({ opening: access.opening }, 'technician', undefined);
});

test('the first access starts the clock of an agreement for once, and goes on working', async () => {
  const grant = await granted({ firstUse: { minutes: 20, startBy: Date.now() + 86_400_000 } });
  const access = await gateway.open({ purpose: 'backup', grant, minutes: 10 });
  expect((await raw(gateway.port, head(access, '/'))).status).toBe(200);
  const held = (await gateway.app.authority.client('acme')).grants.get(grant);
  const opened = (await gateway.lines()).find(({ leaf }) => leaf.id === access.opening);
  const at = Date.parse(String(opened?.leaf.at));
  expect(held).toMatchObject({ startedAt: at, until: at + 20 * 60_000 });
  expect(await gateway.app.archive.fsck('acme')).toEqual([]);
});
