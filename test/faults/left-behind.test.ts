/**
 * A stop that could not be recorded, because the disk is full, by a process that is then killed: the next one still holds to
 * it and records it once. What lies there damaged stands for everything being stopped.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createErp } from '../../src/demo/erp.ts';
import { noticeable } from '../../src/stores/ledger-acts.ts';
import { freePort, type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { open, raw } from '../support/raw.ts';

let erp: Awaited<ReturnType<typeof createErp>>;
let child: ChildProcess | undefined;
let gateway: TestGateway | undefined;
let port: number;
let ready: OpenedAccess & { readonly folder: string };
let said: AsyncIterator<[string]>;

beforeEach(async () => {
  erp = await createErp();
  port = await freePort();
  const args = ['test/support/gateway-process.ts', '-', String(port), erp.origin, 'backup'];
  child = spawn('node_modules/.bin/node', args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, CONSENTRY_TEST_BUILT: '1', NODE_OPTIONS: '' },
  });
  said = on(createInterface(child.stdout ?? process.stdin), 'line') as AsyncIterator<[string]>;
  ready = await answer();
});

afterEach(async () => {
  await kill();
  await gateway?.close(true);
  gateway = undefined;
  await erp?.close();
  if (ready !== undefined) await rm(ready.folder, { recursive: true, force: true });
});

/** The next line that answers; others are of the operator's log. */
async function answer<T extends object>(): Promise<T> {
  for (;;) {
    const [line = ''] = (await said.next()).value as [string?];
    const found: T | { readonly level: string } = line.startsWith('{') ? JSON.parse(line) : { level: 'none' };
    if (!('level' in found)) return found;
  }
}

async function kill(): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** From now on no file of the process can grow, as on a full disk; what is there can be written over. */
function fillDisk(): void {
  execFileSync('prlimit', ['--pid', String(child?.pid), '--fsize=16384:unlimited']);
}

function order(what: 'end' | 'suspend'): Promise<{ recorded: boolean; grant: string }> {
  const answered = answer<{ recorded: boolean; grant: string }>();
  child?.stdin?.write(`${what}\n`);
  return answered;
}

const notes = (): string => join(ready.folder, 'guard', 'stops', 'acme.stops');
const isEmpty = async (): Promise<boolean> => (await readFile(notes())).every((byte) => byte === 0);

function head(path: string, { host, cookie }: Pick<OpenedAccess, 'host' | 'cookie'> = ready): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n`;
}

async function restart(): Promise<TestGateway> {
  gateway = await startTestGateway({ folder: ready.folder, port, erp: erp.origin });
  return gateway;
}

async function until(kind: string, count = 1): Promise<readonly Record<string, unknown>[]> {
  for (;;) {
    const lines = (await gateway?.lines())?.map(({ leaf }) => leaf).filter(({ t }) => t === kind) ?? [];
    if (lines.length >= count) return lines;
    await setTimeout(20);
  }
}

test('an access that was ended on a full disk stays ended after kill -9, and is recorded once', async () => {
  const download = open(port, head('/export/full.bin?mb=4000&rate=1000000'));
  await download.until('\r\n\r\n');
  fillDisk();
  const ended = order('end');
  await download.closed;
  expect((await ended).recorded).toBe(false);
  expect(await isEmpty()).toBe(false);
  await kill();

  // Only what was in force noticeably earlier than its line is told twice.
  await setTimeout(noticeable);
  const { app } = await restart();
  expect((await raw(port, head('/'))).status).toBe(401);
  const closed = await until('session.closed');
  expect(closed).toMatchObject([{ session: ready.opening, cause: 'stopped', by: 'client' }]);
  expect(Number(closed[0]?.down)).toBeGreaterThan(0);
  expect(Date.parse(String(closed[0]?.cut_at))).toBeLessThan(Date.parse(String(closed[0]?.at)));
  await gateway?.close(true);
  expect(await isEmpty()).toBe(true);
  // Nothing is left for a third start either.
  const third = await restart();
  expect(await until('session.closed')).toHaveLength(1);
  expect(await third.app.archive.fsck('acme')).toEqual([]);
  expect(app.running('acme')).toEqual([]);
});

test('an agreement that was suspended on a full disk stays suspended after kill -9, and is recorded once', async () => {
  fillDisk();
  const { grant, recorded } = await order('suspend');
  expect(recorded).toBe(false);
  await kill();

  const { app } = await restart();
  expect((await app.authority.client('acme')).grants.get(grant)?.status).toBe('suspended');
  expect((await raw(port, head('/'))).status).not.toBe(200);
  expect(await until('consent.suspended')).toMatchObject([{ grant, by: 'client' }]);
  expect(await until('session.closed')).toMatchObject([{ session: ready.opening }]);
  expect(await app.archive.fsck('acme')).toEqual([]);
});

test('a stop that is recorded leaves nothing behind', async () => {
  expect(await isEmpty()).toBe(true);
  expect((await order('end')).recorded).toBe(true);
  const gone = once(child ?? process, 'exit');
  child?.stdin?.end();
  await gone;
  expect(await isEmpty()).toBe(true);
});

test('a stop that was cut short while it was written stands for everything: agreements rest, others go on', async () => {
  fillDisk();
  expect((await order('end')).recorded).toBe(false);
  await kill();
  const content = await readFile(notes());
  content.fill(0, 100);
  await writeFile(notes(), content);

  const { app } = await restart();
  expect((await raw(port, head('/'))).status).not.toBe(200);
  const { grants } = await app.authority.client('acme');
  expect([...grants.values()].map(({ status }) => status)).toEqual(['suspended', 'suspended']);
  expect(await until('consent.suspended', 2)).toMatchObject([{ by: 'system' }, { by: 'system' }]);
  const others = await app.authority.client('martin');
  expect([...others.grants.values()].some(({ status }) => status === 'active')).toBe(true);
  expect(await app.archive.fsck('acme')).toEqual([]);
  await gateway?.close(true);
  expect(await isEmpty()).toBe(true);
});

test('what lies there and cannot be read lets nobody in to that client, until it can', async () => {
  await kill();
  const kept = await readFile(notes());
  await rm(notes());
  await mkdir(notes());
  const { open: opened, app } = await restart();
  expect((await raw(port, head('/customers'))).status).toBe(503);
  await expect(app.authority.client('acme')).rejects.toThrow(/ledger_unavailable/);
  const other = await opened({ client: 'martin', system: 'payroll', purpose: 'support' });
  // Let in; it is only that nothing answers there.
  expect((await raw(port, head('/', other))).status).toBe(502);
  await rm(notes(), { recursive: true });
  await writeFile(notes(), kept);
  expect((await raw(port, head('/customers'))).status).toBe(200);
});
