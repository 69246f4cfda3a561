/**
 * Secret files of credentials: each way in which one cannot be used is a policy fault at its place, or while running a
 * warning; no message holds a byte of a secret.
 */
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { System } from '../../src/core/model.ts';
import { formatFault } from '../../src/core/policy/faults.ts';
import { createCredentials } from '../../src/stores/credentials.ts';
import { loadPolicies } from '../../src/stores/policy-files.ts';
import { handedOver } from '../support/credentials.ts';

let folder: string;
let keys: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'consentry-secrets-'));
  keys = join(folder, 'keys');
  mkdirSync(join(keys, 'credentials', 'acme'), { recursive: true, mode: 0o700 });
  file = join(keys, 'credentials', 'acme', 'erp');
  cpSync('policies', join(folder, 'policies'), { recursive: true });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const secret = 'Geheim-7-Pw';

async function loaded(credential: string) {
  const path = join(folder, 'policies', 'clients', 'acme.yaml');
  const source = readFileSync('policies/clients/acme.yaml', 'utf8');
  const line = `    credential: { ${credential}, file: erp, ${handedOver} }\n`;
  writeFileSync(path, source.replace('    profile: erp-demo\n', `    profile: erp-demo\n${line}`));
  const variables = {
    ISSUER: 'http://127.0.0.1:9000',
    ERP_UPSTREAM: 'http://127.0.0.1:9001',
    BACKUP_UPSTREAM: 'http://127.0.0.1:9002',
    PAYROLL_UPSTREAM: 'http://127.0.0.1:9003',
  };
  const portalUrl = new URL('http://portal.localhost:8080');
  const options = {
    evaluation: true,
    production: false,
    portalUrl,
    variables,
    credentialsDir: join(keys, 'credentials'),
  };
  return loadPolicies(join(folder, 'policies'), options);
}

async function faults(credential: string): Promise<readonly string[]> {
  const result = await loaded(credential);
  return 'faults' in result ? result.faults.map(formatFault) : [];
}

const pem = (name: string, end: string) => readFileSync(`test/vectors/tls/${name}.${end}`, 'utf8');

describe('a secret file', () => {
  test('in order is no fault', async () => {
    writeFileSync(file, `${secret}\n`, { mode: 0o600 });
    expect(await faults('kind: basic')).toEqual([]);
  });

  test.each<[string, string, () => void, string]>([
    ['that is missing', 'kind: basic', () => undefined, 'is missing in the folder of the credentials'],
    ['that is empty', 'kind: basic', () => writeFileSync(file, '\n', { mode: 0o600 }), 'is empty'],
    [
      'of two lines',
      'kind: basic',
      () => writeFileSync(file, `${secret}\n${secret}\n`, { mode: 0o600 }),
      'has more than one line',
    ],
    [
      'that others may read',
      'kind: basic',
      () => writeFileSync(file, secret, { mode: 0o644 }),
      'may be read by others (chmod 0600)',
    ],
    [
      'that is a link',
      'kind: basic',
      () => symlinkSync('/etc/hostname', file),
      'cannot be read (links are not followed)',
    ],
    ['that is a folder', 'kind: basic', () => mkdirSync(file), 'is not a regular file'],
    [
      'that is too large',
      'kind: basic',
      () => writeFileSync(file, 'x'.repeat(70_000), { mode: 0o600 }),
      'is larger than 64 KiB',
    ],
    [
      'that is not text',
      'kind: basic',
      () => writeFileSync(file, Buffer.from([0xff, 0xfe]), { mode: 0o600 }),
      'cannot be read (not UTF-8 text)',
    ],
    [
      'with a control character',
      'kind: basic',
      () => writeFileSync(file, `${secret}\u0007`, { mode: 0o600 }),
      'does not hold a password without control characters',
    ],
    [
      'that is no token',
      'kind: bearer',
      () => writeFileSync(file, `${secret} x`, { mode: 0o600 }),
      'does not hold a bearer token (letters, digits and ._~+/-)',
    ],
    [
      'beyond ASCII',
      'kind: header, header: X-Key',
      () => writeFileSync(file, `${secret}é`, { mode: 0o600 }),
      'does not hold visible ASCII characters',
    ],
    [
      'in a folder that others may read',
      'kind: basic',
      () => chmodSync(join(keys, 'credentials'), 0o755),
      'lies in a folder that others may read (chmod 0700)',
    ],
    [
      'in a client’s folder that others may read',
      'kind: basic',
      () => chmodSync(join(keys, 'credentials', 'acme'), 0o750),
      'lies in a folder that others may read (chmod 0700)',
    ],
  ])('%s is a fault with its place', async (_, credential, spoil, message) => {
    spoil();
    const found = await faults(credential);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^clients\/acme\.yaml:\d+:\d+: the secret file acme\/erp /);
    expect(found[0]).toContain(message);
    expect(found.join()).not.toContain(secret);
  });

  test.each([
    ['no key', () => pem('localhost', 'pem'), 'does not hold a certificate and its private key in PEM'],
    [
      'another’s key',
      () => pem('localhost', 'pem') + pem('portal.localhost', 'key'),
      'holds a private key that is not the certificate’s',
    ],
    [
      'a damaged key',
      () => `${pem('localhost', 'pem')}-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n`,
      'cannot be read',
    ],
  ])('of a certificate with %s is a fault', async (_, content, message) => {
    writeFileSync(file, content(), { mode: 0o600 });
    const found = await faults('kind: certificate');
    expect(found.join('\n')).toContain(message);
    expect(found.join('\n')).toContain('a client certificate needs an https upstream');
  });
});

describe('what the client’s file says', () => {
  test.each([
    ['kind: header', 'a credential in a header line needs "header"'],
    ['kind: basic, header: X-Key', 'only kind "header" has a header line'],
    ['kind: basic, rotate_by: 2026-01-09', 'is before the credential was handed over'],
    ...[
      'Connection',
      'Host',
      'Cookie',
      'Transfer-Encoding',
      'X-Forwarded-For',
      'Consentry-Assertion',
      'X-Remote-User',
    ].map(
      (name) => [`kind: header, header: ${name}`, 'must not stand in a header line of this name'] as const,
    ),
    ...['X-HTTP-Method-Override', 'Content-Type', 'X_Key', 'Origin', '"a: b"'].map(
      (name) => [`kind: header, header: ${name}`, 'must not stand in a header line of this name'] as const,
    ),
    ['kind: digest', 'must be one of: basic, bearer, header, certificate'],
    ['kind: basic, password: hunter2', 'unknown key "password"'],
  ])('%s is a fault', async (credential, message) => {
    writeFileSync(file, 'token', { mode: 0o600 });
    expect((await faults(credential)).join('\n')).toContain(message);
  });
});

describe('while running', () => {
  async function running() {
    writeFileSync(file, secret, { mode: 0o600 });
    const result = await loaded('kind: bearer');
    if ('faults' in result) throw new Error('faults');
    const system = result.snapshot.clients.get('acme')?.systems.get('erp') as System;
    const said: string[] = [];
    const say = (event: string, fields?: object): void =>
      void said.push(`${event} ${JSON.stringify(fields)}`);
    const log = { error: say, warn: say, info: say, debug: say };
    const changes: string[] = [];
    const credentials = createCredentials({
      dir: join(keys, 'credentials'),
      log,
      changed: (client) => changes.push(client),
    });
    return { system, said, changes, value: () => credentials.of(system)?.header && credentials.of(system) };
  }

  test('the same secret is the same object; a replaced one is told once', async () => {
    const { value, changes, said } = await running();
    const first = value();
    expect(first).toEqual({ header: 'Authorization', value: `Bearer ${secret}`, tls: undefined });
    expect(value()).toBe(first);
    writeFileSync(`${file}.new`, 'next', { mode: 0o600 });
    renameSync(`${file}.new`, file);
    expect(value()).toMatchObject({ value: 'Bearer next' });
    value();
    expect([changes, said]).toEqual([['acme'], []]);
  });

  test('a spoilt file leaves the former one and one warning, without a byte of it', async () => {
    const { value, changes, said } = await running();
    const first = value();
    truncateSync(file);
    expect([value(), value()]).toEqual([first, first]);
    expect(said).toEqual(['credential_unusable_former_kept {"client":"acme","system":"erp"}']);
    writeFileSync(file, 'whole');
    expect(value()).toMatchObject({ value: 'Bearer whole' });
    expect(changes).toEqual(['acme']);
  });

  test('a file that is gone is taken back, with one warning', async () => {
    const { value, said } = await running();
    value();
    rmSync(file);
    expect([value(), value()]).toEqual([undefined, undefined]);
    expect(said).toEqual(['credential_gone {"client":"acme","system":"erp"}']);
  });
});
