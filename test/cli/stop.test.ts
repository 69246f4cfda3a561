import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { stopCommand } from '../../src/cli/stop.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { createErp } from '../../src/demo/erp.ts';
import type { TestGateway } from '../support/gateway.ts';
import { startTestGateway } from '../support/gateway.ts';
import { open, raw } from '../support/raw.ts';
import { terminalInto } from '../support/terminal.ts';

let erp: Awaited<ReturnType<typeof createErp>>;
let gateway: TestGateway;
let out: string[];
let err: string[];
let terminal: Terminal;
let env: Record<string, string>;

// One gateway for all, in this order: first what changes nothing, then one client, then the other.
beforeAll(async () => {
  erp = await createErp();
  gateway = await startTestGateway({ erp: erp.origin });
  env = {
    CONSENTRY_PORTAL_URL: 'https://access.example.com',
    CONSENTRY_DATA: gateway.config.data,
    CONSENTRY_KEYS: gateway.config.keys,
    CONSENTRY_GUARD: gateway.config.guard,
  };
});

afterAll(async () => {
  await gateway?.close();
  await erp?.close();
});

beforeEach(() => {
  out = [];
  err = [];
  terminal = terminalInto(out, err);
});

function head(path: string, access: { host: string; cookie: string }): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n`;
}

describe('what it refuses', () => {
  test('a name that is no client, without writing anything', async () => {
    const before = (await gateway.lines()).length;
    expect(await stopCommand(['--client', 'acne'], env, terminal)).toBe(1);
    expect(err.join()).toContain('acme martin');
    expect(await gateway.lines()).toHaveLength(before);
  });

  test('arguments it does not know', async () => {
    for (const args of [[], ['acme'], ['--client'], ['--client', ''], ['--client', 'acme', '--all']])
      expect(await stopCommand(args, env, terminal)).toBe(2);
  });

  test('a folder without a ledger, or without its keys', async () => {
    expect(await stopCommand(['--client', 'acme'], { ...env, CONSENTRY_DATA: '/nowhere' }, terminal)).toBe(1);
    expect(err.join()).toContain('no ledger');
    expect(await stopCommand(['--client', 'acme'], { ...env, CONSENTRY_KEYS: '/nowhere' }, terminal)).toBe(1);
    expect(err.join()).toContain('keys init');
  });
});

describe('beside a running gateway', () => {
  test('another client goes on', async () => {
    const access = await gateway.open({ purpose: 'support' });
    expect(await stopCommand(['--client', 'martin'], env, terminal)).toBe(0);
    expect(out.some((line) => line.startsWith('suspended  '))).toBe(true);
    expect((await raw(gateway.port, head('/', access))).status).toBe(200);
    await gateway.app.authority.end({ client: 'acme', opening: access.opening }, 'stopped', {
      provider: 'test',
    });
  });

  test('a download in another process dies, nothing new passes, and the log says who stopped', async () => {
    const access = await gateway.open({ purpose: 'backup' });
    const download = open(gateway.port, head('/export/full.bin?mb=500', access));
    await download.until('\r\n\r\n');
    expect(await stopCommand(['--client', 'acme', '--by', 'david'], env, terminal)).toBe(0);
    await download.closed;
    expect(out.filter((line) => line.startsWith('suspended  '))).toHaveLength(2);
    expect(out.at(-1)).toContain('nothing is open');
    expect((await raw(gateway.port, head('/', access))).status).toBe(401);
    const leaves = (await gateway.lines()).map(({ leaf }) => leaf);
    expect(leaves.filter(({ t }) => t === 'consent.suspended')).toMatchObject([
      { by: 'provider' },
      { by: 'provider' },
    ]);
    const closed = leaves.find(({ t, session }) => t === 'session.closed' && session === access.opening);
    expect(closed).toMatchObject({ exchanges: 1 });
    // What passed is what the gateway counted, not a guess of this command.
    expect(Number(closed?.down)).toBeGreaterThan(0);
    expect(await gateway.app.archive.fsck('acme')).toEqual([]);
  });

  test('a second stop finds nothing to do, and wrong settings elsewhere do not hinder it', async () => {
    for (const more of [{}, { CONSENTRY_LISTEN: 'nowhere', CONSENTRY_NONSENSE: '1' }]) {
      out.length = 0;
      expect(await stopCommand(['--client', 'acme'], { ...env, ...more }, terminal)).toBe(0);
      expect(out).toHaveLength(1);
    }
  });
});
