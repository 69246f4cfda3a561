/** An agreement's budget of bytes at the gateway: what is used up ends what runs under it, refuses what comes, and nothing else. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createErp } from '../../src/demo/erp.ts';
import { type AgreeOptions, agree } from '../support/agreeing.ts';
import { type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { open, raw } from '../support/raw.ts';
import { until } from '../support/streams.ts';

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

const granted = (limits: Pick<AgreeOptions, 'budget' | 'firstUse'>) =>
  agree(gateway.app, { system: 'erp', people: ['assigned'], ...limits });

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
  await until(async () => (await ended()) !== undefined);
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
});

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
