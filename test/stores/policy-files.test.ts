/** Reading the policy folder, and the sample policies that really run. */
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sampleVariables } from '../../src/cli/policy-options.ts';
import { options } from '../../src/core/options.ts';
import type { CompileOptions } from '../../src/core/policy/compile.ts';
import { formatFault } from '../../src/core/policy/faults.ts';
import { policySchemaText } from '../../src/core/policy/json-schema.ts';
import { loadPolicies } from '../../src/stores/policy-files.ts';

const sample = new URL('../../policies/', import.meta.url).pathname;
const trial: CompileOptions = {
  evaluation: true,
  production: false,
  portalUrl: new URL('http://portal.localhost:8080'),
  variables: sampleVariables,
};

let folder: string;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'consentry-policies-')), 'policies');
  await cp(sample, folder, { recursive: true });
});

afterEach(async () => {
  await rm(join(folder, '..'), { recursive: true, force: true });
});

async function faults(): Promise<readonly string[]> {
  const loaded = await loadPolicies(folder, trial);
  return 'faults' in loaded ? loaded.faults.map(formatFault) : [];
}

describe('the sample policies', () => {
  test('are in order, cases included', async () => {
    expect(await faults()).toEqual([]);
  });

  test('do not pass for production', async () => {
    const loaded = await loadPolicies(sample, { ...trial, evaluation: false, production: true });
    const found = 'faults' in loaded ? loaded.faults.map(formatFault) : [];
    expect(found.filter((fault) => fault.includes('one issuer must not serve both'))).toHaveLength(1);
    expect(found.filter((fault) => fault.includes('loopback'))).toHaveLength(3);
  });

  test('know everybody of the tour', async () => {
    const loaded = await loadPolicies(folder, trial);
    if ('faults' in loaded) throw new Error('the sample is in order');
    const { snapshot } = loaded;
    expect([...snapshot.people.keys()]).toEqual(['alice', 'bruno', 'eve', 'nightly-backup']);
    expect(snapshot.users.get('david')?.role).toBe('dpo');
    expect([...snapshot.hosts.keys()]).toEqual([
      'erp.acme.localhost',
      'backup.acme.localhost',
      'payroll.martin.localhost',
    ]);
    const roles = [...snapshot.clients.values()].flatMap(({ controllers }) =>
      controllers.map(({ id, role }) => [id, role]),
    );
    expect(roles).toEqual([
      ['claire', 'representative'],
      ['marc', 'reader'],
      ['nadia', 'representative'],
    ]);
    const now = Date.parse('2026-03-02T09:00:00Z');
    const shown = options(snapshot, 'bruno', { acr: undefined, amr: [], at: now }, 'acme', [], now);
    expect(new Set(shown.map(({ reason }) => reason))).toContain('charter_not_signed');
  });

  test('have a schema that is in step with the compiler', async () => {
    expect(await readFile(join(sample, 'schema.json'), 'utf8')).toBe(policySchemaText());
  });
});

describe('a folder', () => {
  test('that is not there is a fault', async () => {
    const loaded = await loadPolicies(join(folder, 'nowhere'), trial);
    expect('faults' in loaded && loaded.faults.map(formatFault)).toContain(
      '.:1:1: the folder cannot be read (ENOENT)',
    );
  });

  test('that is a file is a fault', async () => {
    const loaded = await loadPolicies(join(folder, 'staff.yaml'), trial);
    expect('faults' in loaded && loaded.faults.map(formatFault)).toContain(
      '.:1:1: the folder cannot be read (ENOTDIR)',
    );
  });

  test('without one file says which', async () => {
    await rm(join(folder, 'staff.yaml'));
    expect(await faults()).toEqual(['staff.yaml:1:1: the file is missing']);
  });

  test('may hold other files and hidden ones', async () => {
    await writeFile(join(folder, 'README.md'), 'x');
    await writeFile(join(folder, '.staff.yaml.swp'), 'x');
    await mkdir(join(folder, '.git'));
    expect(await faults()).toEqual([]);
  });
});

describe('a file', () => {
  test('that is a link is not followed', async () => {
    const outside = join(folder, '..', 'outside.yaml');
    await writeFile(outside, 'a: 1\n');
    await symlink(outside, join(folder, 'clients', 'evil.yaml'));
    expect(await faults()).toEqual(['clients/evil.yaml:1:1: links are not followed']);
  });

  test('in a folder that is a link is not read', async () => {
    await cp(join(folder, 'clients'), join(folder, '..', 'clients'), { recursive: true });
    await rm(join(folder, 'clients'), { recursive: true });
    await symlink(join(folder, '..', 'clients'), join(folder, 'clients'));
    expect(await faults()).toContain('clients:1:1: links are not followed');
  });

  test('that is a folder is a fault', async () => {
    await mkdir(join(folder, 'clients', 'odd.yaml'));
    expect(await faults()).toEqual(['clients/odd.yaml:1:1: not a regular file']);
  });

  test('that is too large is not read', async () => {
    await writeFile(join(folder, 'clients', 'big.yaml'), `# ${'x'.repeat(10_000_000)}`);
    expect(await faults()).toEqual(['clients/big.yaml:1:1: the file is larger than 1 MiB']);
  });

  test('that is not UTF-8 is a fault', async () => {
    await writeFile(join(folder, 'clients', 'latin.yaml'), Buffer.from('name: Société\n', 'latin1'));
    expect(await faults()).toEqual(['clients/latin.yaml:1:1: the file is not UTF-8 text']);
  });

  test('that may not be read is a fault, unless nothing is forbidden to us', async () => {
    await chmod(join(folder, 'staff.yaml'), 0);
    const expected = process.getuid?.() === 0 ? [] : ['staff.yaml:1:1: the file cannot be read (EACCES)'];
    expect(await faults()).toEqual(expected);
  });

  test('cut off in the middle is a fault, and nothing of it is applied', async () => {
    const path = join(folder, 'clients', 'acme.yaml');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.slice(0, text.indexOf('assignments')));
    expect(await faults()).toContain('clients/acme.yaml:1:1: "controllers" is missing');
  });

  test('whose change breaks a case is refused with the case', async () => {
    const path = join(folder, 'purposes.yaml');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('operations: [read]', 'operations: [read, write, copy]'));
    const told = await faults();
    expect(told).toContainEqual(
      expect.stringMatching(
        /^cases\/demo\.yaml:5:\d+: case "hotline does not save": expected write_not_granted, came out allow$/,
      ),
    );
    expect(told.every((fault) => /^cases\/demo\.yaml:\d+:\d+: case "[^"]+": expected /.test(fault))).toBe(
      true,
    );
  });
});
