/** A gateway whose sample policies name a credential that acme handed over for its ERP, with its secret file. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initKeys } from '../../src/stores/keys.ts';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from './gateway.ts';

export interface CredentialGateway {
  readonly gateway: TestGateway;
  /** Puts another secret in place, atomically as a careful administrator does. */
  replace(secret: string): void;
  /** Path of the secret file. */
  readonly file: string;
}

export const handedOver =
  'account: acme-provider, handed_over_by: Claire Dubois, handed_over_on: 2026-01-10, document: PV-2026-1';

/** `credential`: the keys that belong to its kind, such as `kind: basic`. */
export async function credentialGateway(
  credential: string,
  secret: string,
  options: TestGatewayOptions & { readonly upstream?: string } = {},
): Promise<CredentialGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'consentry-'));
  const keys = join(folder, 'keys');
  initKeys(keys, { evaluation: true });
  mkdirSync(join(keys, 'credentials', 'acme'), { recursive: true, mode: 0o700 });
  const file = join(keys, 'credentials', 'acme', 'erp');
  writeFileSync(file, secret, { mode: 0o600 });
  const policies = join(folder, 'policies');
  cpSync(options.policies ?? 'policies', policies, { recursive: true });
  const path = join(policies, 'clients', 'acme.yaml');
  const line = `credential: { ${credential}, file: erp, ${handedOver} }`;
  const text = readFileSync(path, 'utf8').replace(
    '    profile: erp-demo\n',
    `    profile: erp-demo\n    ${line}\n`,
  );
  writeFileSync(path, text);
  const gateway = await startTestGateway({ ...options, folder, policies });
  return {
    gateway,
    file,
    replace(next) {
      writeFileSync(`${file}.new`, next, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
}
