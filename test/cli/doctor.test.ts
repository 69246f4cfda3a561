import { X509Certificate } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Check } from '../../src/cli/doctor-check.ts';
import { examine } from '../../src/cli/doctor-check.ts';
import { certificates, clock, machineChecks, room, secretChecks } from '../../src/cli/doctor-machine.ts';
import { networkChecks, skew } from '../../src/cli/doctor-network.ts';
import type { Config, Secrets } from '../../src/config.ts';
import { readConfig } from '../../src/config.ts';
import type { Client, IdentityProvider, Snapshot, System } from '../../src/core/model.ts';
import { initKeys } from '../../src/stores/keys.ts';

let base: string;
const servers: Server[] = [];

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'consentry-doctor-'));
});

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  await rm(base, { recursive: true, force: true });
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An address on which nothing listens. */
async function closedOrigin(): Promise<string> {
  const origin = await serve(() => {});
  const server = servers.pop();
  await new Promise((resolve) => server?.close(resolve));
  return origin;
}

function settings(env: Record<string, string> = {}): { config: Config; secrets: Secrets } {
  const reading = readConfig(
    {
      CONSENTRY_PORTAL_URL: 'https://localhost',
      CONSENTRY_DATA: join(base, 'data'),
      CONSENTRY_KEYS: join(base, 'keys'),
      CONSENTRY_GUARD: join(base, 'guard'),
      ...env,
    },
    { evaluation: false },
  );
  if ('faults' in reading) throw new Error(reading.faults.join('\n'));
  return reading;
}

/** A snapshot with one sign-in service and one system; the doctor looks at nothing else. */
function snapshot(issuer: string, upstream: string, host = 'localhost'): Snapshot {
  const { protocol, hostname, port } = new URL(upstream);
  const target = {
    origin: upstream,
    protocol,
    hostname,
    port: Number(port),
    serverName: hostname,
    ca: undefined,
  };
  const system = { id: 'erp', client: 'acme', hosts: [host], upstream: target } as unknown as System;
  const client = { id: 'acme', systems: new Map([['erp', system]]) } as unknown as Client;
  const provider = { id: 'company', issuer } as unknown as IdentityProvider;
  return { providers: [provider], clients: new Map([['acme', client]]) } as unknown as Snapshot;
}

async function report(
  checks: readonly Check[],
  limitMs = 5_000,
): Promise<{ lines: string[]; well: boolean }> {
  const lines: string[] = [];
  const well = await examine(checks, { print: (line) => void lines.push(line) }, limitMs);
  return { lines, well };
}

function provider(body: (origin: string) => unknown, status = 200, date?: string): Promise<string> {
  const origin: Promise<string> = serve((_req, res) => {
    void origin.then((self) => {
      res.writeHead(status, { 'content-type': 'application/json', ...(date === undefined ? {} : { date }) });
      res.end(JSON.stringify(body(self)));
    });
  });
  return origin;
}

describe('secrets of sign-in services', () => {
  test('are there, not empty, and not for others', async () => {
    const providers = [{ id: 'company', secretFile: 'company.secret' }];
    const checks = secretChecks({ keys: base } as unknown as Config, { providers } as unknown as Snapshot);
    const file = join(base, 'company.secret');
    expect((await report(checks)).lines.join()).toMatch(/^do .*cannot be read/);
    await writeFile(file, '', { mode: 0o600 });
    expect((await report(checks)).lines.join()).toMatch(/^do .*is empty/);
    await writeFile(file, 'x');
    await chmod(file, 0o644);
    expect((await report(checks)).lines.join()).toMatch(/^do .*by others/);
    await chmod(file, 0o600);
    expect(await report(checks)).toMatchObject({ well: true });
  });
});

describe('this machine', () => {
  test('all is well with keys made and room on the disk', async () => {
    initKeys(join(base, 'keys'));
    // How much room this machine has is not for this test to say.
    const checks = machineChecks(settings().config).filter(({ about }) => about !== 'disk space');
    const { lines, well } = await report(checks);
    expect(lines.filter((line) => line.startsWith('ok'))).toHaveLength(4);
    expect(lines.filter((line) => line.startsWith('do'))).toEqual([]);
    // Both folders are in one temporary folder: advice, which is not a reason to fail.
    expect(lines.filter((line) => line.startsWith('note'))).toHaveLength(2);
    expect(well).toBe(true);
  });

  test('missing keys, keys that others may read and keys of evaluation mode', async () => {
    const { config } = settings();
    expect((await report(machineChecks(config))).lines.join('\n')).toContain('consentry keys init');
    initKeys(join(base, 'keys'), { evaluation: true });
    const evaluation = await report(machineChecks(config));
    expect(evaluation.well).toBe(false);
    expect(evaluation.lines.join('\n')).toContain('a key of evaluation mode');
    await chmod(join(base, 'keys'), 0o755);
    const open = await report(machineChecks(config));
    expect(open.well).toBe(false);
    expect(open.lines.join('\n')).toMatch(/^do {4}keys: .*0755/m);
  });

  test('two gigabytes are free for the log, or there is something to do', async () => {
    const needed = 2 * 2 ** 30;
    expect(room(needed)).toEqual({ verdict: 'ok', about: 'disk space' });
    expect(room(needed - 1)).toMatchObject({
      verdict: 'do',
      advice: expect.stringMatching(/^1\.9 GiB free; .*2 GiB/),
    });
    expect(room(0)).toMatchObject({ verdict: 'do', advice: expect.stringMatching(/^0\.0 GiB free/) });
    // Of the disk that the log will be on, also where its folder is not made yet.
    const { bavail, bsize } = await statfs(base);
    const check = machineChecks(settings().config).find(({ about }) => about === 'disk space');
    const [found] = (await check?.look(new AbortController().signal)) ?? [];
    expect(found?.verdict).toBe(room(bavail * bsize).verdict);
  });

  test('a clock before the program was written', () => {
    expect(clock(0)).toMatchObject({ verdict: 'do', advice: expect.stringContaining('1970-01-01') });
    expect(clock(Date.UTC(2026, 5, 1))).toEqual({ verdict: 'ok', about: 'clock' });
    expect(clock(Date.UTC(2099, 0, 1)).verdict).toBe('do');
  });
});

describe('certificates', () => {
  /** Two self-signed pairs for tests only, `a` and `b`, valid for twenty years. */
  const samples = join(import.meta.dirname, 'certificates');
  const day = 86_400_000;

  test('good, near their end, past it', async () => {
    const end = Date.parse(new X509Certificate(await readFile(join(samples, 'a.pem'))).validTo);
    const at = async (now: number) => (await certificates(samples, now))[0];
    expect(await at(end - 60 * day)).toEqual({ verdict: 'ok', about: 'certificate a.pem' });
    expect(await at(end - 10.5 * day)).toMatchObject({
      verdict: 'do',
      advice: 'it expires in 10 days; renew it',
    });
    expect(await at(end + day)).toMatchObject({ verdict: 'do', advice: 'it has expired; renew it' });
  });

  test('the key of another, a file that is none, an empty folder', async () => {
    await copyFile(join(samples, 'a.pem'), join(base, 'a.pem'));
    await copyFile(join(samples, 'b.key'), join(base, 'a.key'));
    await writeFile(join(base, 'broken.pem'), 'nothing');
    const findings = await certificates(base, Date.now());
    expect(findings).toHaveLength(2);
    expect(findings[0]).toMatchObject({ verdict: 'do', advice: 'a.key is the key of another certificate' });
    expect(findings[1]).toMatchObject({ verdict: 'do', about: 'certificate broken.pem' });
    await mkdir(join(base, 'empty'));
    expect(await certificates(join(base, 'empty'), Date.now())).toMatchObject([{ verdict: 'do' }]);
  });
});

describe('beyond this machine', () => {
  test('all is well', async () => {
    const issuer = await provider((self) => ({ issuer: self }));
    const { config, secrets } = settings();
    const { lines, well } = await report(networkChecks(config, secrets, snapshot(issuer, issuer)));
    expect(lines).toEqual([
      'ok    sign-in company',
      'ok    sign-in company: clock',
      'ok    system acme/erp',
      'ok    name localhost',
    ]);
    expect(well).toBe(true);
  });

  test('another issuer in the document, a page that is none, a redirect', async () => {
    const { config, secrets } = settings();
    const upstream = await serve((_req, res) => res.end());
    const redirect = await serve((_req, res) =>
      res.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    );
    const issuers = [
      await provider(() => ({ issuer: 'https://other.example.com' })),
      await provider(() => 'text'),
      await provider((self) => ({ issuer: self }), 404),
      redirect,
    ];
    for (const issuer of issuers) {
      const { lines, well } = await report(networkChecks(config, secrets, snapshot(issuer, upstream)));
      expect(lines[0]).toMatch(/^do {4}sign-in company: /);
      expect(well).toBe(false);
    }
  });

  test('a clock that differs by more than tokens forgive', async () => {
    const issuer = await provider(
      (self) => ({ issuer: self }),
      200,
      new Date(Date.now() - 600_000).toUTCString(),
    );
    const { config, secrets } = settings();
    const { lines } = await report(networkChecks(config, secrets, snapshot(issuer, issuer)));
    expect(lines.join('\n')).toMatch(
      /^do {4}sign-in company: clock: it differs from ours by (599|600|601) s/m,
    );
    expect(skew('x', null, 0)).toEqual([]);
    expect(skew('x', 'no date', 0)).toEqual([]);
  });

  test('nothing listens, no such name', async () => {
    const gone = await closedOrigin();
    const { config, secrets } = settings({ CONSENTRY_REDIS_URL: gone.replace('http:', 'redis:') });
    const { lines, well } = await report(
      networkChecks(config, secrets, snapshot(gone, gone, 'erp.acme.invalid')),
    );
    expect(lines.filter((line) => line.startsWith('do'))).toHaveLength(4);
    expect(lines.join('\n')).toContain('ECONNREFUSED');
    expect(lines.join('\n')).toMatch(/^do {4}name erp\.acme\.invalid: /m);
    expect(well).toBe(false);
  });

  test('whatever hangs is told in time', async () => {
    const silent = await serve(() => {});
    const { config, secrets } = settings();
    const { lines, well } = await report(networkChecks(config, secrets, snapshot(silent, silent)), 200);
    expect(lines[0]).toBe(
      'do    sign-in company: no answer within 0.2 s; look whether it is reachable from here',
    );
    expect(well).toBe(false);
  });
});
