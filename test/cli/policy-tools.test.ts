/** `consentry policy explain | diff | replay` on real folders and a real log. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { policyCommand } from '../../src/cli/policy.ts';
import { createErp } from '../../src/demo/erp.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { raw } from '../support/raw.ts';
import { terminalInto } from '../support/terminal.ts';

const sample = new URL('../../policies/', import.meta.url).pathname;

let home: string;
let folder: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'consentry-tools-'));
});

afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

beforeEach(async () => {
  folder = join(home, 'policies');
  await rm(folder, { recursive: true, force: true });
  await cp(sample, folder, { recursive: true });
  // The cases of the sample would rightly refuse most of these changes.
  await rm(join(folder, 'cases'), { recursive: true });
});

async function edit(file: string, from: string | RegExp, to: string): Promise<void> {
  const path = join(folder, file);
  const text = await readFile(path, 'utf8');
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  await writeFile(path, changed);
}

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = terminalInto(out, err);
  const code = await policyCommand([...args, '--evaluation'], {}, terminal);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

/** The line (from 1) on which a text first stands in a sample file. */
async function lineOf(file: string, text: string): Promise<number> {
  const lines = (await readFile(join(sample, file), 'utf8')).split('\n');
  return lines.findIndex((line) => line.includes(text)) + 1;
}

describe('explain', () => {
  const asked = ['--person', 'alice', '--client', 'acme', '--system', 'erp', '--at', '2026-03-02T10:00:00Z'];

  test('names file and line of what decides each criterion', async () => {
    const { out } = await run('explain', sample, ...asked, '--purpose', 'support');
    const at = (criterion: string) => new RegExp(`${criterion} .*\\(([^)]*)\\)$`, 'm').exec(out)?.[1];
    expect(at('met     person')).toBe(`staff.yaml:${await lineOf('staff.yaml', '  alice:')}`);
    expect(at('met     assignment')).toContain(
      `clients/acme.yaml:${await lineOf('clients/acme.yaml', '- who: alice')}`,
    );
    expect(at('met     contract')).toContain(
      `clients/acme.yaml:${await lineOf('clients/acme.yaml', 'contract:')}`,
    );
    expect(out.split('\n').filter((line) => line.startsWith('  met'))).toHaveLength(15);
  });

  test('names the staff file where people are assigned to several clients at once', async () => {
    const line = '  - { who: eve, clients: [acme], systems: ["*"], from: 2025-02-03, reason: stands in }';
    await edit('staff.yaml', /$/, `assignments:\n${line}\n`);
    const { out } = await run('explain', folder, ...asked.with(1, 'eve'), '--purpose', 'support');
    const written = (await readFile(join(folder, 'staff.yaml'), 'utf8')).split('\n');
    const at = /met {5}assignment .*\(staff\.yaml:(\d+)/.exec(out)?.[1];
    expect(written[Number(at) - 1]).toBe(line);
  });

  test('points at the route that makes a request a write', async () => {
    const write = ['--purpose', 'hotline', '--method', 'POST', '--path', '/customers/7'];
    const { code, out } = await run('explain', sample, ...asked, ...write);
    expect(code).toBe(1);
    const line = /NOT MET operation .*\(profiles\/erp-demo\.yaml:(\d+)/.exec(out)?.[1];
    const profile = (await readFile(join(sample, 'profiles/erp-demo.yaml'), 'utf8')).split('\n');
    expect(profile[Number(line) - 1]).toContain('/customers/');
  });
});

describe('diff', () => {
  test('of a folder with itself says that nothing changes', async () => {
    expect(await run('diff', folder, folder)).toMatchObject({ code: 0, out: 'nothing changes for anybody' });
  });

  test('says who gains and who loses, and what of it concerns consent', async () => {
    await edit('purposes.yaml', 'operations: [read]', 'operations: [read, write]');
    await edit('clients/acme.yaml', '  - who: alice', '  - who: eve');
    await edit('clients/acme.yaml', 'subject: claire', 'subject: mallory');
    const { code, out } = await run('diff', sample, folder, '--at', '2026-03-02T10:00:00Z');
    expect(code).toBe(0);
    expect(out).toMatch(/CONSENT-RELEVANT {2}Changed – .*claire \(subject\): now mallory, before claire$/m);
    expect(out).toMatch(/^ {2}eve \(Eve Rossi\) gains read, write on acme\/erp for support$/m);
    expect(out).toMatch(/^ {2}alice \(Alice Martin\) loses read, copy on acme\/backup for backup$/m);
    expect(out).not.toContain('bruno');
  });

  test('tells the same as JSON', async () => {
    await edit('clients/acme.yaml', '${ERP_UPSTREAM}', 'http://127.0.0.1:9009');
    const { out } = await run('diff', sample, folder, '--json');
    const { access, clients, provider } = JSON.parse(out);
    expect([access, provider]).toEqual([[], []]);
    expect(clients).toEqual([
      {
        client: 'acme',
        changes: [
          expect.objectContaining({
            consent_relevant: true,
            path: ['file', 'systems', 'erp', 'upstream', 'url'],
          }),
        ],
      },
    ]);
  });

  test('marks another issuer and another data protection officer', async () => {
    await edit('identity.yaml', '${ISSUER}', 'http://127.0.0.1:9999');
    await edit('staff.yaml', 'subject: david', 'subject: mallory');
    const { code, err } = await run('diff', sample, folder);
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('no provider') });
    await edit('identity.yaml', 'http://127.0.0.1:9999', '${ISSUER}');
    const { out } = await run('diff', sample, folder);
    expect(out).toContain('CONSENT-RELEVANT  the provider’s david: now dpo');
  });

  test('of a folder with faults names them', async () => {
    await edit('staff.yaml', 'place: FR', 'place: fr');
    expect(await run('diff', sample, folder)).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^staff\.yaml:\d+:\d+: /),
    });
  });
});

describe('replay', () => {
  let erp: Awaited<ReturnType<typeof createErp>>;
  let gateway: TestGateway;
  let place: string[];

  beforeAll(async () => {
    erp = await createErp();
    gateway = await startTestGateway({ erp: erp.origin });
    const access = await gateway.open({ purpose: 'support' });
    const head = (method: string, path: string, more = '') =>
      `${method} ${path} HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nOrigin: http://${access.host}\r\nSec-Fetch-Site: same-origin\r\n${more}\r\n`;
    expect((await raw(gateway.port, head('GET', '/customers'))).status).toBe(200);
    const form = 'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 6\r\n';
    await raw(gateway.port, `${head('POST', '/customers/7', form)}name=x`);
    await gateway.lastOutcome();
    place = [
      '--data',
      gateway.config.data,
      '--keys',
      gateway.config.keys,
      '--set',
      'ISSUER=http://127.0.0.1:1',
    ];
  });

  afterAll(async () => {
    await gateway?.close();
    await erp?.close();
  });

  const day = () => {
    const now = Date.now();
    const text = (at: number) => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
    return [text(now - 3_600_000), text(now + 60_000)] as const;
  };

  test('the same policy would have refused nothing', async () => {
    const before = (await gateway.lines()).length;
    const { code, out } = await run('replay', ...day(), folder, ...place);
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/^\d+ recorded accesses, of which this policy would have refused 0$/),
    });
    expect(await gateway.lines()).toHaveLength(before);
  });

  test('a purpose that no longer writes would have refused what was written, and only that', async () => {
    await edit('purposes.yaml', /(support:[\s\S]*?operations: )\[read, write\]/, '$1[read]');
    const { code, out } = await run('replay', ...day(), folder, ...place);
    expect(code).toBe(1);
    const refused = out.split('\n').slice(0, -1);
    expect(refused.length).toBeGreaterThan(0);
    for (const line of refused) expect(line).toContain(' write_not_granted ');
    expect(refused.some((line) => line.includes('acme/erp alice support POST /customers/'))).toBe(true);
  });

  test('a span without accesses has none', async () => {
    const { out } = await run('replay', '2020-01-01', '2020-02-01', folder, ...place);
    expect(out).toBe('0 recorded accesses, of which this policy would have refused 0');
  });

  test.each([[[]], [['2020-01-01']], [['x', 'y']]])('%j is not understood', async (args) => {
    expect((await run('replay', ...args)).code).toBe(2);
  });
});
