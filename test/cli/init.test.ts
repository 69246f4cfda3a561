import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { initCommand } from '../../src/cli/init.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { readConfig } from '../../src/config.ts';
import { formatFault } from '../../src/core/policy/faults.ts';
import { loadPolicies } from '../../src/stores/policy-files.ts';
import { terminalInto } from '../support/terminal.ts';

let base: string;
let out: string[];
let err: string[];
let terminal: Terminal;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'consentry-init-'));
  out = [];
  err = [];
  terminal = terminalInto(out, err);
});

afterEach(() => rm(base, { recursive: true, force: true }));

async function tree(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The settings of the written file, as a shell would load them. */
async function settingsOf(folder: string): Promise<Record<string, string>> {
  const text = await readFile(join(folder, 'consentry.env'), 'utf8');
  const lines = text.split('\n').filter((line) => /^CONSENTRY_/.test(line));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

describe('a new folder', () => {
  test('has settings and policies that production accepts and that let nobody in', async () => {
    const folder = join(base, 'start');
    expect(await initCommand([folder], {}, terminal)).toBe(0);
    const reading = readConfig(await settingsOf(folder), { evaluation: false });
    if ('faults' in reading) throw new Error(reading.faults.join('\n'));
    const { config } = reading;
    expect(config.keys).toBe(join(folder, 'keys'));
    const loaded = await loadPolicies(config.policies, {
      evaluation: false,
      production: true,
      portalUrl: config.portalUrl,
    });
    if ('faults' in loaded) throw new Error(loaded.faults.map(formatFault).join('\n'));
    expect(loaded.snapshot.people.size).toBe(0);
    expect(loaded.snapshot.clients.size).toBe(0);
    expect(loaded.snapshot.purposes.size).toBeGreaterThan(4);
  });

  test('the sample of a client becomes a client by its name alone', async () => {
    const folder = join(base, 'start');
    await initCommand([folder], {}, terminal);
    const sample = await readFile(join(folder, 'policies/clients/client.yaml.sample'), 'utf8');
    await writeFile(join(folder, 'policies/clients/acme.yaml'), sample);
    const loaded = await loadPolicies(join(folder, 'policies'), {
      evaluation: false,
      production: true,
      portalUrl: new URL('https://access.example.com'),
    });
    if ('faults' in loaded) throw new Error(loaded.faults.map(formatFault).join('\n'));
    expect([...loaded.snapshot.clients.keys()]).toEqual(['acme']);
  });

  test('tells each file and keeps the settings to the owner; holds nobody of the demo and no keys', async () => {
    const folder = join(base, 'start');
    await initCommand([folder], {}, terminal);
    const files = await tree(folder);
    for (const file of files) expect(out).toContain(`written  ${file}`);
    expect((await stat(join(folder, 'consentry.env'))).mode & 0o777).toBe(0o600);
    const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    expect(texts.join('\n')).not.toMatch(/alice|bruno|claire|nadia|localhost/);
    expect(files.some((file) => file.includes('/keys/'))).toBe(false);
  });
});

describe('never overwrites', () => {
  test('a second run changes nothing', async () => {
    const folder = join(base, 'start');
    await initCommand([folder], {}, terminal);
    await writeFile(join(folder, 'policies/staff.yaml'), 'mine\n');
    expect(await initCommand([folder], {}, terminal)).toBe(1);
    expect(await readFile(join(folder, 'policies/staff.yaml'), 'utf8')).toBe('mine\n');
    expect(err[0]).toContain('nothing written');
  });

  test('one file in the way: nothing is written at all, not through a link either', async () => {
    const folder = join(base, 'start');
    await mkdir(join(folder, 'policies'), { recursive: true });
    await symlink(join(base, 'elsewhere'), join(folder, 'policies/staff.yaml'));
    expect(await initCommand([folder], {}, terminal)).toBe(1);
    expect(await tree(folder)).toEqual([]);
    expect(await readdir(base)).toEqual(['start']);
    expect(err.join('\n')).toContain(join(folder, 'policies/staff.yaml'));
  });

  test('strange arguments are refused', async () => {
    expect(await initCommand(['--force'], {}, terminal)).toBe(2);
    expect(await initCommand(['a', 'b'], {}, terminal)).toBe(2);
  });
});
