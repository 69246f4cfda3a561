/**
 * The register of what clients handed over: recorded, rotated and given back as lines of the client's log, last used as a
 * row; after each step log and table agree, the client's own check passes, and no secret is in any of it.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { unzipSync } from 'fflate';
import { credentialsCommand } from '../../src/cli/credentials.ts';
import { verifyExport } from '../../src/core/verify.ts';
import { createCredentialRegister } from '../../src/stores/credential-register.ts';
import { loadKeys } from '../../src/stores/keys.ts';
import { loadPolicies } from '../../src/stores/policy-files.ts';
import { type CredentialGateway, credentialGateway } from '../support/credentials.ts';
import { raw } from '../support/raw.ts';
import { httpUpstream } from '../support/upstreams.ts';

const secret = 'Geheim-8-Pw';
const closing: (() => Promise<unknown>)[] = [];

async function started(): Promise<CredentialGateway> {
  const upstream = await httpUpstream(
    (_req, res) => void res.writeHead(200, { 'content-type': 'text/plain' }).end('ok'),
  );
  closing.push(() => upstream.close());
  const credential = 'kind: basic, rotate_by: 2026-02-01';
  const made = await credentialGateway(credential, secret, { erp: upstream.origin });
  closing.push(() => made.gateway.close());
  return made;
}

afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

async function use({ gateway }: CredentialGateway): Promise<number> {
  const access = await gateway.open();
  const answer = await raw(
    gateway.port,
    `GET /customers HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n`,
  );
  return answer.status;
}

/** The register once `ready` holds for its first row; what is told beside an exchange takes its own moment. */
async function registerOnce(
  { gateway }: CredentialGateway,
  ready: (row: { usedAt: number | undefined; rotatedAt: number | undefined }) => boolean,
) {
  for (;;) {
    const rows = await gateway.app.archive.credentials('acme');
    if (rows[0] !== undefined && ready(rows[0])) return rows;
  }
}

async function sound({ gateway }: CredentialGateway): Promise<void> {
  const { archive } = gateway.app;
  expect(await archive.fsck()).toEqual([]);
  const pieces: Uint8Array[] = [];
  for await (const piece of archive.export('acme')) pieces.push(piece);
  const files = new Map(Object.entries(unzipSync(Buffer.concat(pieces))));
  const key = (await archive.head('acme'))?.verifierKey ?? '';
  const failures = verifyExport(files, { key }).filter(({ kind }) => kind === 'failure');
  expect(failures).toEqual([]);
}

const linesOf = async ({ gateway }: CredentialGateway) =>
  (await gateway.lines()).filter(({ leaf }) => String(leaf.t).startsWith('credential.')).toReversed();

describe('one credential, from its handing over to its replacement', () => {
  let handed: CredentialGateway;
  beforeAll(async () => {
    handed = await started();
  });

  test('what was handed over is recorded once, with who, when and which document, and no secret', async () => {
    const [row, ...more] = await handed.gateway.app.archive.credentials('acme');
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      system: 'erp',
      kind: 'basic',
      account: 'acme-provider',
      handedOverBy: 'Claire Dubois',
      handedOverOn: '2026-01-10',
      document: 'PV-2026-1',
      rotateBy: Date.parse('2026-02-01T23:00:00Z'),
      rotatedAt: undefined,
      returnedAt: undefined,
      usedAt: undefined,
    });
    const [line] = await linesOf(handed);
    expect(line?.leaf).toMatchObject({
      t: 'credential.recorded',
      credential: row?.id,
      system: 'erp',
      kind: 'basic',
    });
    expect(JSON.stringify(line?.leaf)).not.toMatch(/Claire|acme-provider|PV-2026/);
    expect(line?.groups.work).toMatchObject({
      account: 'acme-provider',
      by: 'Claire Dubois',
      on: '2026-01-10',
    });
    await sound(handed);
  });

  test('of another client nothing is shown', async () => {
    const { gateway } = handed;
    expect(await gateway.app.archive.credentials('martin')).toEqual([]);
    expect((await linesOf(handed)).length).toBe(1);
  });

  test('the command lists it, says what is overdue or left over, and never the secret', async () => {
    const { gateway } = handed;
    writeFileSync(join(gateway.config.keys, 'credentials', 'acme', 'old'), 'x', { mode: 0o600 });
    const run = async (...args: string[]) => {
      const out: string[] = [];
      const terminal = {
        print: (line: string) => void out.push(line),
        complain: (line: string) => void out.push(line),
      };
      const env = {
        CONSENTRY_PORTAL_URL: 'https://portal.example',
        CONSENTRY_DATA: gateway.config.data,
        CONSENTRY_KEYS: gateway.config.keys,
      };
      return { code: await credentialsCommand(args, env, terminal as never), text: out.join('\n') };
    };
    const listed = await run('list');
    expect(listed.code).toBe(1);
    expect(listed.text).toMatch(
      /^overdue {4}acme\/erp: acme-provider \(basic\), from Claire Dubois on 2026-01-10, PV-2026-1; used never; rotated never; rotate by 2026-02-01$/m,
    );
    expect(listed.text).toMatch(/^left over {2}acme\/old: /m);
    const { credentials, left_over } = JSON.parse((await run('list', '--json')).text);
    expect(credentials).toEqual([
      expect.objectContaining({ client: 'acme', account: 'acme-provider', state: 'overdue', used_at: null }),
    ]);
    expect(left_over).toEqual(['acme/old']);
    expect((await run('list', '--client', 'martin')).text).toBe('no credentials were handed over');
    expect((await run('show')).code).toBe(2);
    expect(listed.text).not.toContain(secret);
  });

  test('its use is noted once per access, a replaced secret as a rotation', async () => {
    expect(await use(handed)).toBe(200);
    const [used] = await registerOnce(handed, ({ usedAt }) => usedAt !== undefined);
    expect(used?.rotatedAt).toBeUndefined();
    handed.replace('Geheim-9-Pw');
    expect(await use(handed)).toBe(200);
    const [rotated] = await registerOnce(handed, ({ rotatedAt }) => rotatedAt !== undefined);
    expect(rotated?.id).toBe(used?.id);
    expect((await linesOf(handed)).map(({ leaf }) => [leaf.t, leaf.credential])).toEqual([
      ['credential.recorded', used?.id],
      ['credential.rotated', used?.id],
    ]);
    await sound(handed);
  });

  test('neither secret nor account is in the database in clear', async () => {
    await use(handed);
    await registerOnce(handed, ({ usedAt }) => usedAt !== undefined);
    const { data } = handed.gateway.config;
    for (const name of readdirSync(data)) {
      const bytes = readFileSync(join(data, name));
      for (const word of [secret, 'acme-provider', 'PV-2026-1'])
        expect([name, bytes.includes(word)]).toEqual([name, false]);
    }
  });
});

test.each([
  ['deleted', true, 'destroyed'],
  ['still there', false, 'left'],
])('taken out of the policy with its secret file %s, it is given back', async (_, deleted, word) => {
  const handed = await started();
  const { gateway, file } = handed;
  if (deleted) rmSync(file);
  const path = join(gateway.config.policies, 'clients/acme.yaml');
  writeFileSync(path, readFileSync(path, 'utf8').replace(/^ {4}credential: .*\n/m, ''));
  const loaded = await loadPolicies(gateway.config.policies, {
    evaluation: true,
    production: false,
    portalUrl: gateway.config.portalUrl,
    variables: {
      ISSUER: 'http://127.0.0.1:1',
      ERP_UPSTREAM: 'http://127.0.0.1:4',
      BACKUP_UPSTREAM: 'http://127.0.0.1:2',
      PAYROLL_UPSTREAM: 'http://127.0.0.1:3',
    },
  });
  if ('faults' in loaded) throw new Error('faults');
  const register = createCredentialRegister({
    dir: join(gateway.config.keys, 'credentials'),
    master: loadKeys(gateway.config.keys).master,
    run: (command) => gateway.app.ledger.run(command),
  });
  expect(await register.record(loaded.snapshot)).toEqual({ recorded: 0, rotated: 0, returned: 1 });
  expect(await register.record(loaded.snapshot)).toEqual({ recorded: 0, rotated: 0, returned: 0 });
  const [row] = await gateway.app.archive.credentials('acme');
  expect(row?.returnedAt).toEqual(expect.any(Number));
  expect((await linesOf(handed)).at(-1)?.leaf).toMatchObject({
    t: 'credential.returned',
    credential: row?.id,
    secret: word,
  });
  await sound(handed);
});
