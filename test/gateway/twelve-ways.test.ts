/**
 * Mallory administers the provider's policy files, all of them, and wants into acme. Each way is tried on a running
 * gateway: it is refused, or acme's own log tells it in words before the first byte goes to acme's system.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { formatFault } from '../../src/core/policy/faults.ts';
import { createErp } from '../../src/demo/erp.ts';
import { loadPolicies } from '../../src/stores/policy-files.ts';
import { freePort } from '../support/gateway.ts';
import { type Edit, type LiveGateway, startLiveGateway } from '../support/live-gateway.ts';
import { raw } from '../support/raw.ts';

let erp: Awaited<ReturnType<typeof createErp>>;
let live: LiveGateway;
let ops: number;
let issuer: string;
/** Mallory's own server, which would see what is meant for acme's system. */
let recorder: ReturnType<typeof createServer>;
let recorderUrl: string;
let seen: string[];

const mallory = (text: string): Edit => ['staff.yaml', /  alice:\n[\s\S]*?\n\n/, text];
const claire = (from: string | RegExp, to: string): Edit => ['clients/acme.yaml', from, to];

beforeAll(async () => {
  erp = await createErp();
  issuer = 'http://127.0.0.1:1';
  seen = [];
  recorder = createServer((req, res) => {
    seen.push(req.url ?? '');
    res.writeHead(200, { 'content-type': 'text/html' }).end('recorded');
  });
  await new Promise<void>((resolve) => recorder.listen(0, '127.0.0.1', resolve));
  recorderUrl = `http://127.0.0.1:${(recorder.address() as AddressInfo).port}`;
  ops = await freePort();
  // Mallory is on the staff, in order in everything, and assigned to nobody.
  const own = (alice: string) =>
    alice.replace(/alice/g, 'mallory').replace('teams: [support]', 'teams: [hosting]');
  const sample = new URL('../../policies/staff.yaml', import.meta.url);
  const alice = /  alice:\n[\s\S]*?\n\n/.exec(await readFile(sample, 'utf8'))?.[0] ?? '';
  live = await startLiveGateway({ erp: erp.origin, issuer, opsPort: ops }, [
    mallory(alice + own(alice)),
    claire('    profile: erp-demo\n', '    profile: erp-demo\n    authentication: { amr: [mfa] }\n'),
  ]);
});

afterAll(async () => {
  await live?.close();
  await erp?.close();
  recorder?.close();
});

afterEach(async () => {
  await live.restore();
});

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${ops}/metrics`)).text();
  return Number(new RegExp(`^consentry_${name} (\\d+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
}

/** What the folder's own check says, under the rules of a trial or of production. */
async function faults(production = false): Promise<string> {
  const loaded = await loadPolicies(live.policies, {
    evaluation: true,
    production,
    portalUrl: live.gateway.config.portalUrl,
    variables: {
      ISSUER: issuer,
      ERP_UPSTREAM: erp.origin,
      BACKUP_UPSTREAM: 'http://127.0.0.1:2',
      PAYROLL_UPSTREAM: 'http://127.0.0.1:3',
    },
  });
  return 'faults' in loaded ? loaded.faults.map(formatFault).join('\n') : '';
}

const dummy = (upstream: string, host = 'erp.dummy.localhost') => `name: Dummy
zone: Europe/Paris
contact: { name: M, mail: m@infogerance.example }
use: contract/standard
contract: { reference: X, from: 2024-01-01, processing: { subject: support, nature: remote, data_types: [names], persons: [staff] } }
systems:
  erp:
    name: { en: ERP, fr: ERP }
    hosts: [${host}]
    environment: production
    upstream: ${upstream}
    profile: erp-demo
    purposes: [support]
assignments: []
controllers: {}
`;

describe('refused, with the policy in force unchanged', () => {
  const ways: readonly (readonly [way: string, edits: () => readonly Edit[], fault: RegExp])[] = [
    [
      'giving claire’s place to an account of his own',
      () => [claire('subject: claire', 'subject: mallory')],
      /this account is both staff and controller/,
    ],
    [
      'giving himself claire’s account as staff',
      () => [['staff.yaml', 'subject: mallory', 'subject: claire']],
      /this account is both staff and controller/,
    ],
    [
      'a dummy client on acme’s upstream',
      () => [['clients/dummy.yaml', dummy('{ url: "${ERP_UPSTREAM}" }')]],
      /this upstream also serves another client/,
    ],
    [
      'the same with the address spelt otherwise',
      () => [['clients/dummy.yaml', dummy(`{ url: "${erp.origin.replace('127.0.0.1', '127.1')}" }`)]],
      /this upstream also serves another client/,
    ],
    [
      'a dummy client that alone says why the upstream is shared',
      () => [['clients/dummy.yaml', dummy('{ url: "${ERP_UPSTREAM}", shared_upstream: reasons }')]],
      /clients\/acme\.yaml.*this upstream also serves another client/,
    ],
    [
      'a dummy client with acme’s host',
      () => [['clients/dummy.yaml', dummy('{ url: "http://127.0.0.1:9" }', 'erp.acme.localhost')]],
      /the host erp\.acme\.localhost is already used/,
    ],
    [
      'an issuer of his own that nobody declared',
      () => [
        claire(
          /issuer: \$\{ISSUER\}\n    subject: claire/,
          'issuer: http://127.0.0.1:4\n    subject: claire',
        ),
      ],
      /no provider in identity\.yaml with this issuer serves controllers/,
    ],
  ];

  test.each(ways)('%s', async (_way, edits, fault) => {
    const before = await live.activations();
    await live.edit(...edits());
    expect(await faults()).toMatch(fault);
    await live.gateway.app.reloadPolicies();
    expect(await metric('policy_faults')).toBeGreaterThan(0);
    expect(await live.activations()).toEqual(before);
    expect((await fetch(`http://127.0.0.1:${ops}/readyz`)).status).toBe(200);
  });

  test('in production, one sign-in service for staff and controllers', async () => {
    expect(await faults(true)).toMatch(/one issuer must not serve both staff and controllers/);
  });
});

describe('visible to acme before the first byte', () => {
  const ways: readonly (readonly [way: string, edits: () => readonly Edit[], told: RegExp])[] = [
    [
      'naming himself representative',
      () => [
        claire(
          'controllers:\n',
          'controllers:\n  zoe:\n    { name: Zoe, function: CEO, role: representative, issuer: "${ISSUER}", subject: zoe, authority: none }\n',
        ),
      ],
      /^Concerns your agreement: Added – who may be enrolled to act for you: zoe/m,
    ],
    [
      'giving claire’s place to an account that is not on the staff',
      () => [claire('subject: claire', 'subject: zoe')],
      /^Concerns your agreement: Changed – .*claire \(subject\): now zoe, before claire$/m,
    ],
    [
      'a sign-in service of his own for acme’s people',
      () => [
        [
          'identity.yaml',
          'providers:\n',
          'providers:\n  own: { issuer: "http://127.0.0.1:4", label: { en: O, fr: O }, client_id: c, serves: [controllers] }\n',
        ],
        claire(
          /issuer: \$\{ISSUER\}\n    subject: claire/,
          'issuer: http://127.0.0.1:4\n    subject: claire',
        ),
      ],
      /^Concerns your agreement: Changed – .*claire \(issuer\): now http:\/\/127\.0\.0\.1:4/m,
    ],
    [
      'a shared upstream that acme’s own file admits to',
      () => [
        ['clients/dummy.yaml', dummy('{ url: "${ERP_UPSTREAM}", shared_upstream: reasons }')],
        claire('url: "${ERP_UPSTREAM}" }', 'url: "${ERP_UPSTREAM}", shared_upstream: reasons }'),
      ],
      /^Concerns your agreement: Added – where the system erp leads \(shared_upstream\): reasons$/m,
    ],
    [
      'leading acme’s system to a server of his own',
      () => [claire('${ERP_UPSTREAM}', recorderUrl)],
      /^Concerns your agreement: Changed – where the system erp leads \(url\): now http:\/\/127\.0\.0\.1/m,
    ],
    [
      'calling acme’s system by another id',
      () => [
        claire('  erp:\n', '  erp2:\n'),
        claire(/systems: \[erp\]/, 'systems: [erp2]'),
        claire(/systems: \[erp, backup\]/, 'systems: [erp2, backup]'),
      ],
      /^Concerns your agreement: Removed – the system erp$/m,
    ],
    [
      'a profile that calls a write a read',
      () => [
        ['profiles/erp-demo.yaml', /("\/customers\/:id", methods: \[POST\], operation: )write/, '$1read'],
      ],
      /^Concerns your agreement: Changed – what POST \/customers\/:id counts as in erp-demo \(operation\): now read, before write$/m,
    ],
    [
      'a purpose that lets copy',
      () => [['purposes.yaml', 'operations: [read]', 'operations: [read, copy]']],
      /^Concerns your agreement: Changed – what the purpose hotline permits: now read, copy, before read$/m,
    ],
    [
      'assigning himself',
      () => [claire('  - who: alice', '  - who: mallory')],
      /^Added – the technician mallory: /m,
    ],
    [
      'joining a team that is assigned',
      () => [['staff.yaml', /(subject: mallory[\s\S]*?teams: )\[hosting\]/, '$1[support]']],
      /^Added – the technician mallory: /m,
    ],
    [
      'a longer contract with more services',
      () => [claire('services: [support, backup, ', 'services: [support, backup, hotline, ')],
      /^Changed – the contract \(services\): now support, backup, hotline/m,
    ],
    [
      'leaving out acme’s instruction',
      () => [claire(/instructions:[\s\S]*$/, 'instructions: []\n')],
      /^Concerns your agreement: Removed – your instruction minimal-look$/m,
    ],
    [
      'asking for a weaker sign-in',
      () => [claire('    authentication: { amr: [mfa] }\n', '')],
      /^Concerns your agreement: Removed – how technicians must sign in for erp$/m,
    ],
    [
      'calling production a test',
      () => [claire('environment: production', 'environment: test')],
      /^Concerns your agreement: Changed – the environment of erp: now test, before production$/m,
    ],
    [
      'moving the host that acme’s people know',
      () => [claire('hosts: [erp.acme.localhost]', 'hosts: [erp.mallory.localhost]')],
      /^Concerns your agreement: Changed – the addresses of the system erp: now erp\.mallory\.localhost/m,
    ],
    [
      'taking acme out of the files',
      () => [['clients/acme.yaml'], ['providers.yaml']],
      /^You no longer stand in the provider’s rules: nobody may enter\.$/m,
    ],
  ];

  test.each(ways)('%s', async (_way, edits, told) => {
    const before = (await live.activations()).length;
    const hits = seen.length;
    await live.edit(...edits());
    expect(await faults()).toBe('');
    await live.gateway.app.reloadPolicies();
    const lines = await live.activations();
    expect(lines).toHaveLength(before + 1);
    const { change } = lines[0]?.groups ?? {};
    expect(typeof change === 'object' && change.en).toMatch(told);
    expect(typeof change === 'object' && change.fr).toMatch(/\p{L}/u);
    // What is told of people stands where it can be erased, not in the line itself.
    expect(JSON.stringify(lines[0]?.leaf)).not.toMatch(/mallory|zoe/);
    expect(seen).toHaveLength(hits);
  });
});

test('the proxy of his own sees nothing of what was open, and nothing before acme was told', async () => {
  const access = await live.gateway.open({ purpose: 'support' });
  const get = (cookie: string) =>
    raw(
      live.gateway.port,
      `GET /customers HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n`,
    );
  expect((await get(access.cookie)).status).toBe(200);
  await live.edit(claire('${ERP_UPSTREAM}', recorderUrl));
  await live.gateway.app.reloadPolicies();
  // The access was declared for where the system led then.
  expect((await get(access.cookie)).status).toBe(401);
  expect(seen).toEqual([]);
  // Nor can one be declared for where it leads now, until acme's representative has looked.
  expect(await standing()).toEqual(['suspended']);
  await expect(live.gateway.open({ purpose: 'support' })).rejects.toThrow();
  expect(seen).toEqual([]);
  await live.resume();
  const later = await live.gateway.open({ purpose: 'support' });
  expect((await get(later.cookie)).body).toContain('recorded');
  const lines = await live.gateway.lines();
  const told = lines.find(({ leaf }) => leaf.t === 'policy.activated');
  const first = lines.find(({ leaf }) => leaf.t === 'access.intent');
  expect(told?.index).toBeLessThan(first?.index ?? 0);
});

/** What acme's agreements that name erp are. */
async function standing(): Promise<readonly string[]> {
  const { grants } = await live.gateway.app.archive.inForce('acme');
  const found = grants.filter(({ systems }) => systems.includes('erp')).map(({ status }) => status);
  return [...new Set(found)].sort();
}

describe('an agreement rests until acme’s representative has looked', () => {
  const all = ['suspended'] as const;
  const none = ['active'] as const;
  const ways: readonly (readonly [way: string, edits: () => readonly Edit[], states: readonly string[]])[] = [
    ['when a system leads elsewhere', () => [claire('${ERP_UPSTREAM}', recorderUrl)], all],
    [
      'when another client’s system may be there too',
      () => [claire('url: "${ERP_UPSTREAM}" }', 'url: "${ERP_UPSTREAM}", shared_upstream: reasons }')],
      all,
    ],
    [
      'only where it names a system that does',
      () => [claire('${BACKUP_UPSTREAM}', recorderUrl)],
      ['active', 'suspended'],
    ],
    [
      'not when people are nominated: they sit nowhere',
      () => [claire('subject: claire', 'subject: zoe')],
      none,
    ],
    ['not when somebody is assigned', () => [claire('  - who: alice', '  - who: mallory')], none],
  ];

  test.each(ways)('%s', async (_way, edits, states) => {
    await live.edit(...edits());
    expect(await faults()).toBe('');
    await live.gateway.app.reloadPolicies();
    expect(await standing()).toEqual(states);
    const lines = await live.gateway.app.archive.lines({
      client: 'acme',
      kinds: ['consent.suspended', 'policy.activated'],
      limit: 1,
      disclose: [],
    });
    // The rest stands right behind the change: one transaction.
    const told = { t: 'consent.suspended', by: 'system', cause: 'policy' };
    expect(lines[0]?.leaf).toMatchObject(states === none ? { t: 'policy.activated' } : told);
  });

  test('also when the system was away in between', async () => {
    await live.edit(['clients/acme.yaml'], ['providers.yaml']);
    await live.gateway.app.reloadPolicies();
    expect(await standing()).toEqual(['active']);
    await live.putBack();
    await live.gateway.app.reloadPolicies();
    expect(await standing()).toEqual(['suspended']);
  });
});

test('who only stands in the files cannot agree, and neither can who took claire’s name', async () => {
  await live.edit(claire('subject: claire', 'subject: zoe'));
  await live.gateway.app.reloadPolicies();
  const { seats, grants } = await live.gateway.app.authority.client('acme');
  expect(seats.filter(({ subject }) => subject === 'zoe')).toEqual([]);
  const [grant] = grants.values();
  if (grant === undefined) throw new Error('acme agreed to something in the sample');
  const evidence = {
    seat: 'zoe',
    role: 'representative',
    method: 'passkey',
    signature: 'AA',
    authenticatorData: 'AA',
    clientData: 'AA',
    language: 'en',
  } as const;
  const asked = { do: 'grant', grant: { ...grant, id: 'own' }, text: '{}', evidence } as const;
  expect(await live.gateway.app.authority.run(asked)).toEqual({ refused: 'not_seated' });
});

test('another id for acme’s system is covered by no agreement', async () => {
  await live.edit(
    claire('  erp:\n', '  erp2:\n'),
    claire(/systems: \[erp\]/, 'systems: [erp2]'),
    claire(/systems: \[erp, backup\]/, 'systems: [erp2, backup]'),
  );
  await live.gateway.app.reloadPolicies();
  await expect(live.gateway.open({ system: 'erp2' })).rejects.toThrow('no grant');
});
