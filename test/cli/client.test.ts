/** An invitation: recorded, usable once by the portal's command, refused for whom no file nominates. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { clientCommand } from '../../src/cli/client.ts';
import { invitationProof } from '../../src/core/invitation.ts';
import { spoken, termFor } from '../../src/core/pseudonyms.ts';
import { createArchive } from '../../src/stores/archive.ts';
import { initKeys, pseudonymKeyIn } from '../../src/stores/keys.ts';
import { createLedger } from '../../src/stores/ledger.ts';
import { folder } from '../core/policy-folder.ts';
import { terminalInto } from '../support/terminal.ts';

let base: string;
let env: Record<string, string>;
const said: string[] = [];
const terminal = terminalInto(said);

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'consentry-invite-'));
  for (const { path, text } of folder()) {
    await mkdir(dirname(join(base, 'policies', path)), { recursive: true });
    await writeFile(join(base, 'policies', path), text);
  }
  initKeys(join(base, 'keys'));
  env = {
    CONSENTRY_PORTAL_URL: 'https://portal.msp.example',
    CONSENTRY_POLICIES: join(base, 'policies'),
    CONSENTRY_DATA: join(base, 'data'),
    CONSENTRY_KEYS: join(base, 'keys'),
    CONSENTRY_GUARD: join(base, 'guard'),
  };
});

afterAll(() => rm(base, { recursive: true, force: true }));

test('prints a link and a code that together seat their person once', async () => {
  expect(await clientCommand(['invite', '--client', 'acme', '--controller', 'claire'], env, terminal)).toBe(
    0,
  );
  const [, link = ''] = /https:\/\/portal\.msp\.example\/enrol#([\w-]{43})/.exec(said.join('\n')) ?? [];
  const [, code = ''] = /code +([0-9A-Z]{4}-[0-9A-Z]{4})/.exec(said.join('\n')) ?? [];
  expect(code).toHaveLength(9);
  const ledger = await createLedger({
    file: join(base, 'data', 'ledger.db'),
    keysDir: join(base, 'keys'),
    guardDir: join(base, 'guard'),
    host: 'portal.msp.example',
    node: 'test',
  });
  const seat = {
    id: 'seat-1',
    client: 'acme',
    controller: 'claire',
    issuer: 'https://login.clients.example',
    subject: 'c-1',
    name: 'Claire',
    role: 'representative',
    authority: 'Kbis',
    method: 'passkey',
    credentialId: 'Y3JlZA',
    publicKey: 'a2V5',
    seatedAt: Date.now(),
  } as const;
  const take = { do: 'seat', seat, authorisedBy: { invitation: invitationProof(link, code) } } as const;
  expect(await ledger.run(take)).toMatchObject({ receipt: expect.anything() });
  expect(await ledger.run({ ...take, seat: { ...seat, id: 'seat-2' } })).toEqual({ refused: 'link_used' });
  await ledger.close();
});

test('proposes what a contact would, once per call, and only from a template and by a contact', async () => {
  await mkdir(join(base, 'policies', 'grant-templates'), { recursive: true });
  const template = `label: { en: Look, fr: Voir }
about: { en: To look., fr: Pour voir. }
purposes: [support]
operations: [read]
days: 30
`;
  await writeFile(join(base, 'policies', 'grant-templates', 'look.yaml'), template);
  const staff = folder().find(({ path }) => path === 'staff.yaml')?.text ?? '';
  const contact =
    'users:\n  carla: { name: Carla, role: contact, issuer: "https://login.msp.example", subject: u-8 }\n';
  await writeFile(join(base, 'policies', 'staff.yaml'), staff.replace('users:\n', contact));
  const propose = (client: string, name: string, by: string) =>
    clientCommand(['propose', '--client', client, '--template', name, '--by', by], env, terminal);
  expect(await propose('acme', 'look', 'carla')).toBe(0);
  expect(said.join('\n')).toContain('permits nothing until a representative signs; lapses in 30 days');
  said.length = 0;
  for (const [client, name, by] of [
    ['nobody', 'look', 'carla'],
    ['acme', 'toString', 'carla'],
    ['acme', 'look', 'david'],
  ] as const)
    expect(await propose(client, name, by)).toBe(1);
  expect(said.join('\n')).toMatch(/no client nobody[\s\S]*there are: look[\s\S]*david is no contact/);
  expect(await clientCommand(['propose', '--client', 'acme'], env, terminal)).toBe(2);
});

test('says who a pseudonym is, once that it was asked stands in the log of the client', async () => {
  const path = join(base, 'policies', 'clients', 'acme.yaml');
  const acme = folder().find((one) => one.path === 'clients/acme.yaml')?.text ?? '';
  const term = termFor(pseudonymKeyIn(join(base, 'keys')) ?? '', 'acme', 'alice');
  const asked = ['who', '--client', 'acme', '--pseudonym', spoken(term)];
  const why = ['--reason', 'Court of Lyon, order 12/2026'];
  const who = (args: readonly string[]) => {
    said.length = 0;
    return clientCommand([...args], env, terminal);
  };
  // Whoever is shown by name has no pseudonym.
  expect(await who([...asked, ...why])).toBe(1);
  await writeFile(path, acme.replace('name: Acme\n', 'name: Acme\ndisplay: pseudonym\n'));
  expect(await who([...asked, ...why])).toBe(0);
  expect(said.join('\n')).toContain(`${spoken(term)} at acme is Alice (alice)`);
  expect(await who(['who', '--client', 'acme', '--pseudonym', 'a000-0000', ...why])).toBe(1);
  expect(said.join('\n')).toContain('nobody of the staff file is A000-0000 at acme');
  expect(said.join('\n')).not.toContain('Alice');
  expect(await who(['who', '--client', 'martin', '--pseudonym', term, ...why])).toBe(1);
  for (const poor of ['', 'because', 'x'.repeat(501), 'Court of\u0007 Lyon, order 12/2026'])
    expect(await who([...asked, '--reason', poor])).toBe(2);
  expect(await who(asked)).toBe(2);
  const archive = await createArchive({ file: join(base, 'data', 'ledger.db'), keysDir: join(base, 'keys') });
  try {
    const looks = await archive.lines({ client: 'acme', kinds: ['log.read'], limit: 9, disclose: ['work'] });
    expect(looks.map(({ leaf, groups }) => [leaf.by, leaf.role, leaf.view, groups.work])).toEqual([
      ['provider', 'operator', 'pseudonym', { reference: spoken(term), note: why[1] }],
    ]);
    expect(await archive.fsck()).toEqual([]);
  } finally {
    await archive.close();
    await writeFile(path, acme);
  }
});

test.each([
  [['invite', '--client', 'acme', '--controller', 'mallory'], 1],
  [['invite', '--client', 'nobody', '--controller', 'claire'], 1],
  [['invite', '--client', 'acme'], 2],
  [['revoke'], 2],
])('refuses %j with %d', async (args, code) => {
  expect(await clientCommand([...args], env, terminal)).toBe(code);
});
