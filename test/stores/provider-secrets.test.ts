/**
 * The secrets of sign-in services as a policy fault with its place: what is wrong with the file that a provider names is
 * told before anybody tries to sign in.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { formatFault } from '../../src/core/policy/faults.ts';
import { loadPolicies } from '../../src/stores/policy-files.ts';

let folder: string;
let keys: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'consentry-'));
  keys = join(folder, 'keys');
  mkdirSync(keys, { mode: 0o700 });
  cpSync('policies', join(folder, 'policies'), { recursive: true });
  const path = join(folder, 'policies/identity.yaml');
  const source = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    source.replace(
      '    client_id: consentry\n',
      '    client_id: consentry\n    secret_file: company.secret\n',
    ),
  );
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function faults(): Promise<readonly string[]> {
  const origin = 'http://127.0.0.1:9000';
  const result = await loadPolicies(join(folder, 'policies'), {
    evaluation: true,
    production: false,
    portalUrl: new URL('http://portal.localhost:8080'),
    variables: {
      ISSUER: origin,
      ERP_UPSTREAM: origin,
      BACKUP_UPSTREAM: 'http://127.0.0.1:9002',
      PAYROLL_UPSTREAM: 'http://127.0.0.1:9003',
    },
    keysDir: keys,
  });
  return 'faults' in result ? result.faults.map(formatFault) : [];
}

const put = (mode: number, content = 'hidden') =>
  writeFileSync(join(keys, 'company.secret'), content, { mode });

test('a secret that can be used is no fault', async () => {
  put(0o600);
  expect(await faults()).toEqual([]);
});

test.each<[string, () => void, string]>([
  ['missing', () => undefined, 'is missing in the folder of the keys'],
  ['empty', () => put(0o600, ''), 'is empty'],
  ['open to others', () => put(0o644), 'may be read by others (chmod 0600)'],
  ['a folder', () => mkdirSync(join(keys, 'company.secret')), 'is not a regular file'],
])('%s: a fault with file, line and column', async (_, prepare, words) => {
  prepare();
  const [fault, ...others] = await faults();
  expect(others).toEqual([]);
  expect(fault).toMatch(/^identity\.yaml:\d+:\d+: /);
  expect(fault).toContain(words);
  expect(fault).not.toContain('hidden');
});
