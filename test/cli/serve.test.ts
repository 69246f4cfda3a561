/** The built program as an operator runs it: from an empty folder to ready, and to an orderly end. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { freePort } from '../support/gateway.ts';

const root = join(import.meta.dirname, '../..');
const program = join(root, 'dist/main.js');

let base: string;
let env: Record<string, string>;
let child: ChildProcess | undefined;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'consentry-serve-'));
  env = {
    PATH: process.env.PATH ?? '',
    CONSENTRY_PORTAL_URL: 'https://access.example.com',
    CONSENTRY_LISTEN: `127.0.0.1:${await freePort()}`,
    CONSENTRY_OPS_LISTEN: `127.0.0.1:${await freePort()}`,
    CONSENTRY_POLICIES: join(base, 'start/policies'),
    CONSENTRY_DATA: join(base, 'start/data'),
    CONSENTRY_KEYS: join(base, 'start/keys'),
    CONSENTRY_GUARD: join(base, 'start/guard'),
  };
  expect(run('init', join(base, 'start')).status).toBe(0);
});

afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  child = undefined;
  await rm(base, { recursive: true, force: true });
});

function run(...args: string[]) {
  return spawnSync(process.execPath, [program, ...args], { env, encoding: 'utf8', timeout: 20_000 });
}

/** Starts `serve` and answers its log line by line. */
async function* serve(): AsyncGenerator<Record<string, unknown>> {
  child = spawn(process.execPath, [program, 'serve'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  if (child.stdout === null) throw new Error('no output');
  for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line);
}

async function untilReady(): Promise<Record<string, unknown>> {
  for await (const line of serve()) if (line.event === 'ready') return line;
  throw new Error('it ended before it was ready');
}

async function connects(address: string): Promise<boolean> {
  const { hostname, port } = new URL(`http://${address}`);
  const socket = connect(Number(port), hostname);
  const connected = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return connected;
}

/** Keys, and the secret of the sign-in service that the starting folder names. */
function makeKeys(): void {
  expect(run('keys', 'init').status).toBe(0);
  writeFileSync(join(base, 'start/keys/company.secret'), 'shared with the provider\n', { mode: 0o600 });
}

describe('serve', () => {
  test('from an empty folder to ready, and an orderly end on SIGTERM', async () => {
    makeKeys();
    const ready = await untilReady();
    expect(ready).toMatchObject({ level: 'info', portal: 'https://access.example.com', production: true });
    const answer = await fetch(`http://${env.CONSENTRY_OPS_LISTEN}/readyz`);
    expect(answer.status).toBe(200);
    if (child === undefined) throw new Error('not started');
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    expect(await connects(env.CONSENTRY_LISTEN ?? '')).toBe(false);
  });

  test('does not start when nobody could sign in: the secret of the sign-in service is missing', async () => {
    expect(run('keys', 'init').status).toBe(0);
    const { status, stderr } = run('serve');
    expect(status).toBe(1);
    expect(stderr).toMatch(/identity\.yaml:\d+:\d+: the secret file company\.secret is missing/);
    expect(await connects(env.CONSENTRY_LISTEN ?? '')).toBe(false);
  });

  test('never makes keys by itself', async () => {
    const { status, stderr } = run('serve');
    expect(status).toBe(1);
    expect(stderr).toContain('consentry keys init');
    await expect(readFile(join(base, 'start/keys/ledger.pem'))).rejects.toThrow();
  });

  test('tells the faults of settings and policies together, and nothing listens', async () => {
    makeKeys();
    await writeFile(join(base, 'start/policies/staff.yaml'), 'functions: {}\npeople: {}\nstranger: 1\n');
    const address = env.CONSENTRY_LISTEN ?? '';
    env.CONSENTRY_LOG_LEVEL = 'loud';
    const { status, stderr, stdout } = run('serve');
    expect(status).toBe(1);
    expect(stderr).toContain('CONSENTRY_LOG_LEVEL: must be one of');
    expect(stderr).toMatch(/staff\.yaml:3:1: .*stranger/);
    expect(stdout).toBe('');
    expect([await connects(address), await connects(env.CONSENTRY_OPS_LISTEN ?? '')]).toEqual([false, false]);
  });

  test('a port that is taken is said, and the process ends', async () => {
    makeKeys();
    await untilReady();
    const { status, stderr } = run('serve');
    expect(status).toBe(1);
    expect(stderr).toContain('another program listens on');
  });

  test('takes no arguments', () => {
    expect(run('serve', '--port=1').status).toBe(2);
  });
});
