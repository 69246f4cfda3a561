/** `consentry policy`: what it prints and how it exits. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { policyCommand } from '../../src/cli/policy.ts';
import { terminalInto } from '../support/terminal.ts';

const sample = new URL('../../policies/', import.meta.url).pathname;

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = terminalInto(out, err);
  const code = await policyCommand(args, {}, terminal);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const alice = ['--evaluation', '--person', 'alice', '--client', 'acme', '--system', 'erp'];

test('check says that all is well', async () => {
  expect(await run('check', sample, '--evaluation')).toMatchObject({ code: 0, err: '' });
});

test('check names every fault and exits 1', async () => {
  const { code, out, err } = await run('check', sample);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(/^clients\/acme\.yaml:\d+:\d+: the variable ERP_UPSTREAM is not declared$/m);
  expect(err).toMatch(/^14 faults in /m);
});

test('check takes one approver for a fault when the day that accepted it is over, and warns before', async () => {
  const at = (day: string) => run('check', sample, '--evaluation', '--at', `${day}T12:00:00Z`);
  expect(await at('2027-11-30')).toMatchObject({ code: 0, err: '' });
  const warned = await at('2027-12-02');
  expect(warned.code).toBe(0);
  expect(warned.err).toMatch(
    /^warning: clients\/acme\.yaml:\d+:3: its file names one approver only, which is/m,
  );
  const over = await at('2028-01-01');
  expect({ code: over.code, out: over.out }).toEqual({ code: 1, out: '' });
  expect(over.err).toMatch(/^clients\/martin\.yaml:\d+:3: .* was accepted until 2027-12-31/m);
  expect(over.err).toMatch(/^2 faults in /m);
});

test('check warns before nobody answers for a robot, and takes it for a fault then', async () => {
  const files = await mkdtemp(join(tmpdir(), 'consentry-policies-'));
  try {
    await cp(sample, files, { recursive: true });
    const staff = join(files, 'staff.yaml');
    const text = await readFile(staff, 'utf8');
    await writeFile(staff, text.replace('from: 2024-01-02\n', 'from: 2024-01-02\n    until: 2027-06-30\n'));
    const at = (day: string) => run('check', files, '--evaluation', '--at', `${day}T12:00:00Z`);
    const warned = await at('2027-06-30');
    expect(warned.code).toBe(0);
    expect(warned.err).toMatch(
      /^warning: staff\.yaml:\d+:\d+: "alice" leaves on 2027-06-30: name somebody else/m,
    );
    const over = await at('2027-07-01');
    expect(over.code).toBe(1);
    expect(over.err).toMatch(/^staff\.yaml:\d+:\d+: "alice" left on 2027-06-30: name somebody else/m);
  } finally {
    await rm(files, { recursive: true });
  }
});

test('schema prints the schema', async () => {
  const { code, out } = await run('schema');
  expect(code).toBe(0);
  expect(Object.keys(JSON.parse(out).$defs)).toEqual([
    'identity',
    'staff',
    'purposes',
    'providers',
    'defaults',
    'contract',
    'client',
    'profile',
    'template',
    'cases',
  ]);
});

test('explain says allowed, and until when', async () => {
  const { code, out } = await run(
    'explain',
    sample,
    ...alice,
    '--purpose',
    'support',
    '--at',
    '2026-03-02T10:00:00+01:00',
  );
  expect(code).toBe(0);
  expect(out.split('\n')).toHaveLength(16);
  expect(out).toContain('until 2026-03-02T13:00:00.000Z');
});

test('explain says of a robot what is not asked of one, and why', async () => {
  const robot = ['--evaluation', '--person', 'nightly-backup', '--client', 'acme', '--system', 'backup'];
  const at = ['--at', '2026-03-02T03:00:00+01:00'];
  const { code, out } = await run('explain', sample, ...robot, '--purpose', 'backup', ...at);
  expect(code).toBe(0);
  expect(out).toMatch(/met +standing +Not asked of a robot, because .* \(staff\.yaml:\d+\)$/m);
  expect(out).toMatch(/met +authentication .* not asked of a robot, because .* \(staff\.yaml:\d+/m);
  expect(out).toMatch(/met +function +The purpose is one for robots/);
  const people = await run('explain', sample, ...robot, '--purpose', 'restore', ...at);
  expect(people.out).toMatch(/NOT MET function +role_not_allowed/);
});

test('explain names the criterion that is not met and what to do', async () => {
  const asked = ['--purpose', 'hotline', '--method', 'POST', '--path', '/customers/7'];
  const { code, out } = await run('explain', sample, ...alice, ...asked);
  expect(code).toBe(1);
  expect(out).toMatch(/NOT MET operation +write_not_granted/);
  expect(out).toMatch(/^refused: write_not_granted – /m);
  expect(out.match(/NOT MET/g)).toHaveLength(1);
});

test('explain says what cannot even be asked', async () => {
  expect(await run('explain', sample, ...alice, '--purpose', 'fun')).toMatchObject({
    code: 1,
    out: expect.stringContaining('purpose_unknown'),
  });
  const ambiguous = await run('explain', sample, ...alice, '--purpose', 'support', '--path', '/a%2fb');
  expect(ambiguous).toMatchObject({ code: 1, out: expect.stringContaining('bad_request') });
});

test.each([
  [[]],
  [['frob']],
  [['check', '--nope']],
  [['explain', sample]],
  [['check', 'a', 'b']],
  [['check', '--set', 'x=y']],
  [['check', '--portal', 'x']],
])('%j is not understood', async (args) => {
  expect(await run(...args, '--evaluation')).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('consentry policy check'),
  });
});
