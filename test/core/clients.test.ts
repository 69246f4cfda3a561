/** A client's file may leave much to the defaults and to the contract it uses; what comes out is whole, or a fault. */
import { describe, expect, test } from '@jest/globals';
import type { Snapshot } from '../../src/core/model.ts';
import { runCases } from '../../src/core/policy/cases.ts';
import { type Compiled, compile } from '../../src/core/policy/compile.ts';
import { formatFault } from '../../src/core/policy/faults.ts';
import { forgetTexts, gather, nothingParsed } from '../../src/core/policy/gather.ts';
import { folder, processing, rulesIn, serving } from './policy-folder.ts';

const defaults = `zone: Europe/Paris
contact: { name: Service, mail: service@msp.example }
use: contract/standard
host_pattern: "{system}.{client}.door.example"
systems:
  "*": { environment: production, profile: generic, purposes: [support] }
  erp: { name: { en: Trade, fr: Gestion }, profile: shop }
controllers: { issuer: "https://login.clients.example" }
`;

const standard = `services: [support]
processing: ${processing}
`;

const short = `name: Dupont SAS
contract: { reference: C-7, from: 2026-01-01 }
systems:
  erp: { upstream: { url: "https://10.7.0.1" } }
  files: { name: Files, upstream: { url: "https://10.7.0.2" } }
  phone: { kind: outside, purposes: [] }
controllers:
  b-dupont: { name: B. Dupont, function: CEO, role: representative, subject: c-7, authority: Kbis }
`;

const files = {
  'defaults.yaml': defaults,
  'contracts/standard.yaml': standard,
  'clients/dupont.yaml': short,
};

type Changed = Readonly<Record<string, string | undefined>>;

function whole(changed: Changed = {}): Compiled {
  const result = compile(folder({ ...files, ...changed }), serving);
  if ('faults' in result) throw new Error(result.faults.map(formatFault).join('\n'));
  return result;
}

function compiled(changed: Changed = {}): Snapshot {
  return whole(changed).snapshot;
}

function faults(changed: Readonly<Record<string, string | undefined>>): readonly string[] {
  const result = compile(folder({ ...files, ...changed }), serving);
  return 'faults' in result ? result.faults.map(formatFault) : [];
}

const dupont = (snapshot: Snapshot) => {
  const client = snapshot.clients.get('dupont');
  if (client === undefined) throw new Error('no dupont');
  return client;
};

describe('a short file', () => {
  test('is made whole by the defaults and the contract it uses', () => {
    const client = dupont(compiled());
    expect(client).toMatchObject({
      zone: 'Europe/Paris',
      contact: { name: 'Service' },
      status: 'live',
      contract: { reference: 'C-7', services: ['support'] },
      controllers: [{ id: 'b-dupont', issuer: 'https://login.clients.example' }],
    });
    expect(client.systems.get('erp')).toMatchObject({
      name: { en: 'Trade', fr: 'Gestion' },
      hosts: ['erp.dupont.door.example'],
      publicOrigin: 'https://erp.dupont.door.example',
      environment: 'production',
      profile: { id: 'shop' },
      purposes: ['support'],
    });
    expect(client.systems.get('files')).toMatchObject({
      name: { en: 'Files', fr: 'Files' },
      profile: { id: 'generic' },
    });
  });

  test('is, whole, what stands in the text that the client can read', () => {
    const slice: unknown = JSON.parse(rulesIn(whole(), 'dupont'));
    expect(slice).toMatchObject({
      file: { systems: { erp: { hosts: ['erp.dupont.door.example'] } }, contract: { services: ['support'] } },
    });
    const before = dupont(compiled()).sliceHash;
    const changed = { 'contracts/standard.yaml': standard.replace('[support]', '[support, hosting]') };
    expect(dupont(compiled(changed)).sliceHash).not.toBe(before);
    expect(compiled(changed).clients.get('acme')?.sliceHash).toBe(compiled().clients.get('acme')?.sliceHash);
  });

  test('says what it says: its own value comes before the others', () => {
    const own = short
      .replace('from: 2026-01-01 }', 'from: 2026-01-01, services: [hosting] }')
      .replace(
        'erp: { upstream',
        'erp: { hosts: [a.dupont.example, b.dupont.example], environment: test, upstream',
      )
      .replace('subject: c-7', 'subject: c-7, issuer: "https://login.clients.example"')
      .replace(
        'name: Dupont SAS',
        'name: Dupont SAS\nzone: Indian/Reunion\nhost_pattern: "{system}-dupont.example.net"',
      );
    const client = dupont(compiled({ 'clients/dupont.yaml': own }));
    expect(client.zone).toBe('Indian/Reunion');
    expect(client.contract.services).toEqual(['hosting']);
    expect(client.systems.get('erp')).toMatchObject({
      environment: 'test',
      hosts: ['a.dupont.example', 'b.dupont.example'],
    });
    expect(client.systems.get('files')?.hosts).toEqual(['files-dupont.example.net']);
  });

  test('has its hosts served, each of several', () => {
    const two = short.replace(
      'erp: { upstream',
      'erp: { hosts: [a.dupont.example, b.dupont.example], upstream',
    );
    const { hosts, clients } = compiled({ 'clients/dupont.yaml': two });
    expect(hosts.get('a.dupont.example')).toBe(clients.get('dupont')?.systems.get('erp'));
    expect(hosts.get('b.dupont.example')).toBe(clients.get('dupont')?.systems.get('erp'));
  });

  test('may use another contract than the defaults say, or write all of it out', () => {
    const other = {
      'contracts/large.yaml': `services: [support, hosting]\nuntil: 2027-12-31\nprocessing: ${processing}\n`,
    };
    const large = dupont(compiled({ ...other, 'clients/dupont.yaml': `use: contract/large\n${short}` }));
    expect(large.contract).toMatchObject({
      services: ['support', 'hosting'],
      until: Date.parse('2028-01-01T00:00+01:00'),
    });
  });
});

describe('a system outside', () => {
  const used = short
    .replace('purposes: []', 'purposes: [support]')
    .replace(
      'controllers:',
      'assignments:\n  - { who: alice, systems: [phone], from: 2026-01-01, reason: desk }\ncontrollers:',
    );
  const compiled = whole({ 'clients/dupont.yaml': used });
  const { snapshot } = compiled;

  test('is the client’s, and no host leads to it', () => {
    expect(dupont(snapshot).outside.get('phone')).toEqual({
      id: 'phone',
      client: 'dupont',
      name: { en: 'phone', fr: 'phone' },
      environment: 'production',
      purposes: ['support'],
      authentication: undefined,
    });
    expect([...snapshot.hosts.values()].map(({ id }) => id)).not.toContain('phone');
    expect(dupont(snapshot).systems.has('phone')).toBe(false);
    expect(rulesIn(compiled, 'dupont')).toContain('"outside":{"phone"');
  });

  test.each([
    ['alice', 'support', 'none', 'no_consent'],
    ['alice', 'support', {}, 'allow'],
  ] as const)('%s declares %s with the agreement %j: %s', (person, purpose, given, expected) => {
    const cases = `cases:
  - { name: x, person: ${person}, client: dupont, system: phone, purpose: ${purpose}, at: "2026-03-02T10:00:00+01:00", grant: ${JSON.stringify(given)}, expect: ${expected} }
`;
    const result = compile(
      folder({ ...files, 'clients/dupont.yaml': used, 'cases/phone.yaml': cases }),
      serving,
    );
    if ('faults' in result) throw new Error(result.faults.map(formatFault).join());
    expect(runCases(result.snapshot, result.cases)).toEqual([]);
  });
});

describe('what is wrong', () => {
  const at = 'clients/dupont.yaml';
  test.each<[string, Readonly<Record<string, string | undefined>>, readonly string[]]>([
    [
      'nothing to leave things to',
      { 'defaults.yaml': undefined },
      [
        `${at}:1:1: "contact" is missing`,
        `${at}:1:1: "zone" is missing`,
        `${at}:2:1: "processing" is missing`,
        `${at}:2:1: "services" is missing`,
        `${at}:4:3: "environment" is missing`,
        `${at}:4:3: "hosts" is missing`,
        `${at}:4:3: "profile" is missing`,
        `${at}:4:3: "purposes" is missing`,
        `${at}:5:3: "environment" is missing`,
        `${at}:5:3: "hosts" is missing`,
        `${at}:5:3: "profile" is missing`,
        `${at}:5:3: "purposes" is missing`,
        `${at}:6:3: "environment" is missing`,
        `${at}:8:3: "issuer" is missing; or say sign_in: passkey`,
      ],
    ],
    [
      'a contract that is not there',
      { [at]: `use: contract/gold\n${short}` },
      [`${at}:1:6: the file contracts/gold.yaml is missing`],
    ],
    [
      'use of something else',
      { [at]: `use: standard\n${short}` },
      [`${at}:1:6: must be contract/<name> for contracts/<name>.yaml`],
    ],
    [
      'a faulty contract is told once, where it stands',
      { 'contracts/standard.yaml': 'services: support\n' },
      ['contracts/standard.yaml:1:11: must be a list'],
    ],
    [
      'an unknown key of a contract',
      { 'contracts/standard.yaml': `${standard}servces: []\n` },
      ['contracts/standard.yaml:3:1: unknown key "servces"'],
    ],
    [
      'faulty defaults are told once, and what is wrong in clients all the same',
      {
        'defaults.yaml': defaults.replace('Europe/Paris', 'Europe/Lutece'),
        [at]: short.replace('name: Dupont', 'nom: Dupont'),
      },
      [
        `${at}:1:1: "name" is missing`,
        `${at}:1:1: unknown key "nom"`,
        'defaults.yaml:1:7: must be a time zone such as Europe/Paris',
      ],
    ],
    [
      'a pattern without the system',
      { 'defaults.yaml': defaults.replace('{system}.', '') },
      ['defaults.yaml:4:15: must hold {system}: two systems cannot have one host'],
    ],
    [
      'a pattern with an unknown name in it',
      { 'defaults.yaml': defaults.replace('{client}', '{klient}') },
      ['defaults.yaml:4:15: must be a host name in small letters with {system} and {client} in it'],
    ],
    [
      'a pattern that leads two clients to one host',
      {
        'defaults.yaml': defaults.replace('.{client}', ''),
        'clients/zoe.yaml': short
          .replace('10.7.0.1', '10.8.0.1')
          .replace('10.7.0.2', '10.8.0.2')
          .replace('c-7', 'c-8'),
      },
      [
        'clients/zoe.yaml:4:3: the host erp.door.example is already used at clients/dupont.yaml:4',
        'clients/zoe.yaml:5:3: the host files.door.example is already used at clients/dupont.yaml:5',
      ],
    ],
    [
      'a pattern under the portal',
      { 'defaults.yaml': defaults.replace('door.example', 'msp.example') },
      [
        `${at}:4:3: the host erp.dupont.msp.example must not be the portal's, above it or under its domain`,
        `${at}:5:3: the host files.dupont.msp.example must not be the portal's, above it or under its domain`,
      ],
    ],
    [
      'a label that gets too long',
      {
        'defaults.yaml': defaults.replace('{system}.{client}', '{system}-{client}'),
        [`clients/${'d'.repeat(63)}.yaml`]: short,
        [at]: undefined,
      },
      ['', ''].map(
        (_, nth) =>
          `clients/${'d'.repeat(63)}.yaml:${nth + 4}:3: must be a host name in small letters, without port`,
      ),
    ],
    [
      'an outside system with what only a served one has',
      { [at]: short.replace('kind: outside', 'kind: outside, hosts: [x.example], profile: generic') },
      [
        `${at}:6:27: a system outside has no hosts: nothing of it passes here`,
        `${at}:6:47: a system outside has no profile: nothing of it passes here`,
      ],
    ],
    [
      'an outside system with an unknown purpose',
      { [at]: short.replace('purposes: []', 'purposes: [chat]') },
      [`${at}:6:38: unknown purpose "chat"`],
    ],
    [
      'another kind',
      { [at]: short.replace('outside', 'inside') },
      [`${at}:6:18: must be one of: web, outside`],
    ],
    [
      'another status',
      { [at]: `status: gone\n${short}` },
      [`${at}:1:9: must be one of: preparing, live, ended`],
    ],
    [
      'no controllers at all',
      { [at]: short.slice(0, short.indexOf('controllers')) },
      [`${at}:1:1: "controllers" is missing`],
    ],
  ])('%s', (_name, changed, expected) => {
    expect(faults(changed)).toEqual(expected);
  });
});

test('only what changed is made whole again', () => {
  const parsed = nothingParsed();
  const first = gather(folder(files), {}, parsed).files.clients;
  const again = gather(folder({ ...files, 'clients/martin.yaml': undefined }), {}, parsed).files.clients;
  expect(again.get('dupont')).toBe(first.get('dupont'));
  const later = gather(folder({ ...files, 'defaults.yaml': defaults.replace('Paris', 'Madrid') }), {}, parsed)
    .files.clients;
  expect(later.get('dupont')?.content.zone).toBe('Europe/Madrid');
});

test('a fault in a file that did not change stands at its place, though its text was let go', () => {
  const parsed = nothingParsed();
  expect(compile(folder(files), serving, parsed)).toHaveProperty('snapshot');
  forgetTexts(parsed);
  const gone = folder({ ...files, 'profiles/shop.yaml': undefined });
  const again = compile(gone, serving, parsed);
  expect(again).toHaveProperty('faults');
  expect(again).toEqual(compile(gone, serving));
});

describe('the portal’s domain', () => {
  test.each<[string, string, boolean]>([
    ['portal.msp.co.uk', 'erp.other.co.uk', true],
    ['portal.msp.co.uk', 'erp.msp.co.uk', false],
    ['portal.msp.asso.fr', 'erp.other.asso.fr', true],
    ['portal.msp.fr', 'erp.msp.fr', false],
    ['portal.msp.fr', 'erp.notmsp.fr', true],
    ['a.b.c.msp.fr', 'x.msp.fr', false],
    ['portal.msp.fr', 'fr', false],
    ['portal.cloud.example', 'erp.cloud.example', false],
    ['10.0.0.1', 'erp.dupont.fr', true],
  ])('under %s, the host %s: %p', (portal, host, accepted) => {
    const changed = {
      'clients/dupont.yaml': short.replace('erp: { upstream', `erp: { hosts: [${host}], upstream`),
    };
    const result = compile(folder({ ...files, ...changed }), {
      ...serving,
      portalUrl: new URL(`https://${portal}`),
    });
    const told = 'faults' in result ? result.faults.map(({ message }) => message) : [];
    expect(told).toEqual(
      accepted ? [] : [`the host ${host} must not be the portal's, above it or under its domain`],
    );
  });
});
