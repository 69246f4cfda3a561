/**
 * The first promise as the operating system sees it: of each guarded request the log is written and brought to disk before
 * anything of that request goes to the client's system. A kill does not show a sync that is missing; strace does.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { freePort, type OpenedAccess } from '../support/gateway.ts';
import { raw } from '../support/raw.ts';
import { type HttpUpstream, httpUpstream } from '../support/upstreams.ts';

const times = 8;
let upstream: HttpUpstream;
let folder: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  upstream = await httpUpstream();
  folder = await mkdtemp(join(tmpdir(), 'consentry-strace-'));
});

afterEach(async () => {
  await ended();
  await upstream.close();
  await rm(folder, { recursive: true, force: true });
});

/** The gateway ends with its input, and strace with the gateway. */
async function ended(): Promise<void> {
  if (child === undefined) return;
  const gone = child.exitCode === null ? once(child, 'exit') : undefined;
  child.stdin?.end();
  await gone;
  child = undefined;
}

/** @throws Error when strace is missing and `CI` is `true`. */
function straceHere(): boolean {
  if (spawnSync('strace', ['-V']).status === 0) return true;
  if (process.env.CI === 'true') throw new Error('strace is missing and CI needs it');
  process.stderr.write('strace is not installed: the order of log and upstream was not observed here\n');
  return false;
}

/** What the system saw of a gateway that serves these requests one after the other, `preload` loaded first. */
async function traced(preload: readonly string[]): Promise<string> {
  const out = join(folder, 'trace');
  const port = await freePort();
  const calls = 'trace=read,write,writev,sendto,sendmsg,connect,pwrite64,fsync,fdatasync';
  const strace = [
    '-f',
    '-yy',
    '-qq',
    '--seccomp-bpf',
    '-s',
    '16',
    '-e',
    calls,
    '-e',
    'signal=none',
    '-o',
    out,
  ];
  const gateway = ['test/support/gateway-process.ts', '-', String(port), upstream.origin];
  child = spawn('strace', [...strace, 'node_modules/.bin/node', ...preload, ...gateway], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, CONSENTRY_TEST_BUILT: '1', NODE_OPTIONS: '' },
  });
  const { folder: kept, ...access } = await ready(child);
  for (let nth = 0; nth < times; nth += 1) {
    const head = `GET /customers HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\n`;
    expect((await raw(port, `${head}Sec-Fetch-Site: same-origin\r\n\r\n`)).status).toBe(200);
  }
  await ended();
  await rm(kept, { recursive: true, force: true });
  return readFile(out, 'utf8');
}

async function ready({ stdout }: ChildProcess): Promise<OpenedAccess & { readonly folder: string }> {
  if (stdout === null) throw new Error('the gateway has no output');
  for await (const line of createInterface(stdout)) if (line.includes('"cookie"')) return JSON.parse(line);
  throw new Error('the gateway did not start');
}

/** How far a request was when something of it went up. */
type Step = 'asked' | 'written' | 'synced';

/** One for each request, in order. A sync counts when it began after the log was written and has ended well. */
function stepsIn(trace: string): readonly Step[] {
  const toUpstream = new RegExp(
    ` (?:write|writev|sendto|sendmsg)\\(\\d+<TCP:\\[\\S+->127\\.0\\.0\\.1:${new URL(upstream.origin).port}\\]>` +
      `| connect\\(.*htons\\(${new URL(upstream.origin).port}\\)`,
  );
  const steps: Step[] = [];
  const syncing = new Set<string>();
  let step: Step | undefined;
  for (const line of trace.split('\n')) {
    const thread = line.split(' ', 1)[0] ?? '';
    if (/ (?:read\(|<\.\.\. read resumed>).*"GET \/customers/.test(line)) step = 'asked';
    else if (/ p?write(?:64)?\(\d+<[^>]*ledger\.db-wal>/.test(line)) {
      if (step === 'asked') step = 'written';
    } else if (/ f(?:data)?sync\(\d+<[^>]*ledger\.db-wal>/.test(line)) {
      if (step === 'written' && line.endsWith('= 0')) step = 'synced';
      else if (step === 'written') syncing.add(thread);
    } else if (/ <\.\.\. f(?:data)?sync resumed>/.test(line)) {
      if (syncing.delete(thread) && step === 'written' && line.endsWith('= 0')) step = 'synced';
    } else if (step !== undefined && toUpstream.test(line)) {
      steps.push(step);
      step = undefined;
    }
  }
  return steps;
}

test('the log is on disk before anything of a request goes up, and the test notices when it is not', async () => {
  if (!straceHere()) return;
  expect(stepsIn(await traced([]))).toEqual(Array(times).fill('synced'));
  const weaker = stepsIn(await traced(['--import', './test/faults/weaker-log.ts']));
  expect(weaker).toHaveLength(times);
  // Now and then a checkpoint of the database syncs all the same.
  expect(weaker.filter((step) => step === 'synced').length).toBeLessThan(times / 2);
});
