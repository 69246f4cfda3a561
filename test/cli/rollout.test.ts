/** How far each client is: told from its log and from what is found, and a live client that cannot be served is an error. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { meetingsCheck } from '../../src/cli/doctor-network.ts';
import { rollout, rolloutCommand } from '../../src/cli/rollout.ts';
import { createProbes, type Probes } from '../../src/cli/rollout-probes.ts';
import { bypassFields } from '../../src/core/doors.ts';
import type { Snapshot, Upstream } from '../../src/core/model.ts';
import { compile } from '../../src/core/policy/compile.ts';
import type { Rollout } from '../../src/core/rollout.ts';
import { initKeys } from '../../src/stores/keys.ts';
import { folder as policies, replaced, serving } from '../core/policy-folder.ts';
import {
  type Folder,
  grantCommand,
  makeFolder,
  openLedger,
  seatCommand,
  standingClock,
} from '../stores/ledger-world.ts';
import { terminalInto } from '../support/terminal.ts';

const day = 86_400_000;
const open = 'not closed to other ways, which the client is told (closed_by): erp';
const good: Probes = {
  resolves: async () => true,
  certificate: async () => ({ until: Date.parse('2027-03-01T00:00:00Z') }),
  upstream: async () => undefined,
  addresses: async () => [],
  refused: new Map(),
};

function snapshotWith(changed: Readonly<Record<string, string>> = {}): Snapshot {
  const result = compile(policies(changed), serving);
  if ('faults' in result) throw new Error(JSON.stringify(result.faults));
  return result.snapshot;
}

describe('a client', () => {
  let folder: Folder;
  let world: Awaited<ReturnType<typeof openLedger>>;
  let clock: ReturnType<typeof standingClock>;

  beforeEach(async () => {
    folder = makeFolder();
    clock = standingClock();
    world = await openLedger(folder, clock);
  });
  afterEach(async () => {
    await world.close();
    folder.remove();
  });

  const acme = async (probes = good, snapshot = snapshotWith(), now = clock.now()): Promise<Rollout> => {
    const [row] = await rollout(snapshot, world.archive, probes, now, 'acme');
    if (row === undefined) throw new Error('no row');
    return row;
  };

  async function agreed(until = 300 * day): Promise<string> {
    const seat = seatCommand(folder, clock.now());
    await world.ledger.run(seat);
    const given = grantCommand(folder, seat.seat.id, clock.now(), {
      systems: ['erp'],
      purposes: ['support'],
      until: clock.now() + until,
    });
    expect(await world.ledger.run(given)).toHaveProperty('receipt');
    return given.grant.id;
  }

  test('of which nothing is recorded has nobody and no agreement', async () => {
    expect(await acme()).toEqual({
      client: 'acme',
      status: 'live',
      controllers: { nominated: 1, invited: 0, seated: 0 },
      granted: 0,
      second_approver: false,
      dns: { hosts: 1, resolving: 1 },
      certificate: { until: '2027-03-01T00:00:00.000Z' },
      bypass: { systems: 1, closed: 0 },
      ending: [],
      same_machine: [],
      warnings: [open],
      problems: ['no representative has taken a seat', 'the client has given no agreement that holds now'],
    });
  });

  test('is invited, seated and agreed, step by step', async () => {
    await world.ledger.run({
      do: 'invite',
      nominee: {
        id: 'claire',
        client: 'acme',
        name: 'Claire',
        function: 'Manager',
        role: 'representative',
        authority: 'Kbis',
        issuer: 'https://login.clients.example',
        subject: 'c-1',
      },
      proof: { link: 'l', code: 'x' },
      expiresAt: clock.now() + day,
      by: undefined,
    });
    expect((await acme()).controllers).toEqual({ nominated: 1, invited: 1, seated: 0 });
    await agreed();
    const row = await acme();
    expect(row.controllers).toEqual({ nominated: 1, invited: 1, seated: 1 });
    expect([row.granted, row.problems, row.ending]).toEqual([1, [], []]);
  });

  test('is told which agreements end within sixty days', async () => {
    const grant = await agreed(60 * day - 1);
    expect((await acme()).ending).toEqual([
      { grant, until: new Date(clock.now() + 60 * day - 1).toISOString(), days: 59 },
    ]);
    expect((await acme(good, snapshotWith(), clock.now() + 60 * day)).problems).toEqual([
      'the client has given no agreement that holds now',
    ]);
  });

  test('whose person is no longer nominated has nobody', async () => {
    await agreed();
    const changed = replaced('clients/acme.yaml', '  claire:\n', '  clara:\n');
    const row = await acme(good, snapshotWith({ 'clients/acme.yaml': changed }));
    expect(row.controllers).toEqual({ nominated: 1, invited: 0, seated: 0 });
    expect(row.problems).toEqual(['no representative has taken a seat']);
  });

  test('cannot be served without name, certificate or upstream; a second approver is only told', async () => {
    await agreed();
    const now = clock.now();
    const bad: readonly [Partial<Probes>, string][] = [
      [{ resolves: async () => false }, 'erp.acme.example does not resolve'],
      [
        { certificate: async () => ({ fault: 'no certificate names it' }) },
        'erp.acme.example: no certificate names it',
      ],
      [{ certificate: async () => ({ until: now }) }, 'erp.acme.example: its certificate has ended'],
      [{ upstream: async () => 'ECONNREFUSED' }, 'erp cannot be reached: ECONNREFUSED'],
    ];
    for (const [probe, problem] of bad)
      expect((await acme({ ...good, ...probe })).problems).toEqual([problem]);
    expect((await acme()).second_approver).toBe(false);
  });

  test('with one approver it warns in time, and is a problem when the accepted day is over', async () => {
    await agreed();
    const accepted = (day: string) =>
      snapshotWith({ 'clients/acme.yaml': replaced('clients/acme.yaml', '2030-12-31', day) });
    const on = (after: number) => new Date(clock.now() + after * day).toISOString().slice(0, 10);
    const soon = await acme(good, accepted(on(20)));
    expect([soon.problems, soon.warnings]).toEqual([[], [expect.stringContaining('accepted until'), open]]);
    const over = await acme(good, accepted(on(-2)));
    expect([over.problems, over.warnings]).toEqual([[expect.stringContaining('was accepted until')], [open]]);
  });

  test('whose people are not reached is told: mail refused, and nobody looked for 90 days', async () => {
    await agreed();
    const mailed = replaced(
      'clients/acme.yaml',
      'name: Claire\n',
      'name: Claire\n    mail: claire@acme.example\n',
    );
    const snapshot = snapshotWith({ 'clients/acme.yaml': mailed });
    const refused = {
      ...good,
      refused: new Map([['claire@acme.example', Date.parse('2026-01-05T10:00:00Z')]]),
    };
    expect((await acme(refused, snapshot)).warnings).toEqual([
      'mail to claire is refused since 2026-01-05: ask for another address',
      open,
    ]);
    expect((await acme(good, snapshot)).warnings).toEqual([open]);
    clock.advance(91 * day);
    expect((await acme(good, snapshot)).warnings).toEqual([
      'nobody of the client has looked for 90 days: call them',
      open,
    ]);
    const [seat] = (await world.archive.inForce('acme')).seats;
    await world.ledger.run({
      do: 'append',
      draft: {
        ...{ client: 'acme', t: 'log.read', id: 'read-1', person: 'claire' },
        fields: { role: 'representative', seat: seat?.id ?? '', view: 'now' },
        groups: { person: { subject: 'c-1', name: 'Claire' } },
      },
    });
    expect((await acme(good, snapshot)).warnings).toEqual([open]);
  });

  test('a door that is said to be closed warns until it was tried, and is a problem when it was found open', async () => {
    await agreed();
    const claims = replaced(
      'clients/acme.yaml',
      'profile: shop\n',
      'profile: shop\n    closed_by: firewall\n',
    );
    const places = replaced('identity.yaml', 'zone:', 'places: [office]\nzone:');
    const snapshot = snapshotWith({ 'clients/acme.yaml': claims, 'identity.yaml': places });
    const tried = (result: 'unreachable' | 'open') =>
      world.ledger.run({
        do: 'append',
        draft: {
          ...{ client: 'acme', t: 'bypass.checked', id: `tried-${result}` },
          fields: bypassFields({
            ...{ system: 'erp', place: 'office', result, claim: 'firewall' },
            ...{ upstream: 'https://10.1.0.1:8443', at: clock.now() },
          }),
        },
      });
    expect(await acme(good, snapshot)).toMatchObject({
      bypass: { systems: 1, closed: 0 },
      warnings: ['other ways in were never tried from office (consentry doctor bypass): erp'],
      problems: [],
    });
    await tried('unreachable');
    expect(await acme(good, snapshot)).toMatchObject({
      bypass: { systems: 1, closed: 1 },
      warnings: [],
      problems: [],
    });
    expect((await acme(good, snapshot, clock.now() + 31 * day)).warnings).toEqual([
      expect.stringMatching(/^other ways in were last tried on .*: erp$/),
    ]);
    clock.advance(1_000);
    await tried('open');
    expect(await acme(good, snapshot)).toMatchObject({
      bypass: { systems: 1, closed: 0 },
      warnings: [],
      problems: [expect.stringMatching(/^erp was found open to other ways from office on /)],
    });
  });

  test('a system that no agreement covers is named', async () => {
    await agreed();
    const second = replaced(
      'clients/acme.yaml',
      'assignments:\n',
      '  phone: { name: Phone, kind: outside, environment: production, purposes: [support] }\nassignments:\n',
    );
    expect((await acme(good, snapshotWith({ 'clients/acme.yaml': second }))).problems).toEqual([
      'no agreement covers phone',
    ]);
  });

  describe('whose system leads where another client’s does, by another name', () => {
    const inner = (erp: string, pay: string, more = '') =>
      snapshotWith({
        'clients/acme.yaml': replaced(
          'clients/acme.yaml',
          '{ url: "https://10.1.0.1:8443", server_name: erp.internal }',
          `{ url: "https://${erp}"${more} }`,
        ),
        'clients/martin.yaml': replaced(
          'clients/martin.yaml',
          '{ url: "https://10.2.0.1" }',
          `{ url: "https://${pay}"${more} }`,
        ),
      });
    const both = (more = '') => inner('erp.inner.example', 'pay.inner.example', more);
    const known: Readonly<Record<string, readonly string[]>> = {
      'erp.inner.example': ['10.0.0.5', '10.0.0.6'],
      'pay.inner.example': ['10.0.0.6', '10.0.0.5'],
    };
    const addresses = async (name: string) => known[name] ?? [];

    test('is told so, once, without being a problem', async () => {
      const row = await acme({ ...good, addresses }, both());
      expect(row.same_machine).toEqual([
        'acme/erp (erp.inner.example) and martin/payroll (pay.inner.example) lead to the same machine, 10.0.0.5:443',
      ]);
      expect(row.problems.join()).not.toContain('machine');
    });

    test('is not where both files say why', async () => {
      const admitted = both(', shared_upstream: one database for both');
      expect((await acme({ ...good, addresses }, admitted)).same_machine).toEqual([]);
    });

    test('is not where another port answers, or a name does not resolve', async () => {
      const ports = inner('erp.inner.example:8443', 'pay.inner.example');
      expect((await acme({ ...good, addresses }, ports)).same_machine).toEqual([]);
      const failing = async () => Promise.reject(new Error('no such name'));
      expect((await acme({ ...good, addresses: failing }, both())).same_machine).toEqual([]);
    });

    test('doctor says the same, as advice', async () => {
      const systems = [...both().clients.values()].flatMap((client) => [...client.systems.values()]);
      const found = await meetingsCheck(systems, addresses).look(new AbortController().signal);
      expect(found).toMatchObject([
        {
          verdict: 'note',
          advice: expect.stringMatching(/same machine, 10\.0\.0\.5:443; .*shared_upstream/),
        },
      ]);
      expect(await meetingsCheck(systems, async () => []).look(new AbortController().signal)).toEqual([
        { verdict: 'ok', about: 'systems of different clients' },
      ]);
    });
  });

  test.each(['preparing', 'ended'])('that is %s has no problems', async (status) => {
    const changed = replaced('clients/acme.yaml', 'name: Acme\n', `name: Acme\nstatus: ${status}\n`);
    expect(await acme(good, snapshotWith({ 'clients/acme.yaml': changed }))).toMatchObject({
      status,
      problems: [],
    });
  });
});

describe('the looks', () => {
  const upstream = (port: number): Upstream => ({
    origin: `http://127.0.0.1:${port}`,
    protocol: 'http:',
    hostname: '127.0.0.1',
    port,
    serverName: '127.0.0.1',
    ca: undefined,
    host: 'public',
  });

  test('at certificates: of the folder, by the name; nothing over plain HTTP', async () => {
    const tls = join(import.meta.dirname, 'certificates');
    const probes = createProbes({ tls, portalUrl: new URL('https://portal.example') });
    expect(await probes.certificate('a.example')).toEqual({ until: expect.any(Number) });
    expect(await probes.certificate('other.example')).toEqual({
      fault: 'no certificate of CONSENTRY_TLS names it',
    });
    const plain = createProbes({ tls: undefined, portalUrl: new URL('http://portal.localhost:8080') });
    expect(await plain.certificate('erp.acme.localhost')).toBeUndefined();
  });

  test('at upstreams: whether they take a connection, or why not', async () => {
    const probes = createProbes({ tls: undefined, portalUrl: new URL('https://portal.example') });
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await probes.upstream(upstream(port))).toBeUndefined();
    await new Promise((resolve) => server.close(resolve));
    expect(await probes.upstream(upstream(port))).toBe('ECONNREFUSED');
  });

  test('at names', async () => {
    const probes = createProbes({ tls: undefined, portalUrl: new URL('https://portal.example') });
    expect(await probes.resolves('localhost')).toBe(true);
    expect(await probes.resolves('no-such-host.invalid')).toBe(false);
  });
});

describe('the command', () => {
  let base = '';
  const said: string[] = [];
  const terminal = terminalInto(said);

  async function prepared(status: string): Promise<Readonly<Record<string, string>>> {
    base = await mkdtemp(join(tmpdir(), 'consentry-rollout-'));
    said.length = 0;
    const live = (path: string, name: string) =>
      replaced(path, `name: ${name}\n`, `name: ${name}\nstatus: ${status}\n`);
    const files = policies({
      'clients/acme.yaml': live('clients/acme.yaml', 'Acme')
        .replace('erp.acme.example', 'erp.acme.invalid')
        .replace('10.1.0.1', 'erp.invalid'),
      'clients/martin.yaml': live('clients/martin.yaml', 'Martin')
        .replace('payroll.martin.example', 'payroll.martin.invalid')
        .replace('10.2.0.1', 'payroll.invalid'),
    });
    for (const { path, text } of files) {
      await mkdir(dirname(join(base, 'policies', path)), { recursive: true });
      await writeFile(join(base, 'policies', path), text);
    }
    initKeys(join(base, 'keys'));
    return {
      CONSENTRY_PORTAL_URL: 'https://portal.msp.example',
      CONSENTRY_POLICIES: join(base, 'policies'),
      CONSENTRY_DATA: join(base, 'data'),
      CONSENTRY_KEYS: join(base, 'keys'),
      CONSENTRY_GUARD: join(base, 'guard'),
    };
  }
  afterEach(() => rm(base, { recursive: true, force: true }));
  afterAll(() => void said.splice(0));

  test('prints a table, then what is wrong, and exits with 1', async () => {
    const env = await prepared('live');
    expect(await rolloutCommand([], env, terminal)).toBe(1);
    expect(said[0]).toMatch(
      /^client +status +invited +seated +granted +second approver +names +certificate +bypass/,
    );
    expect(said[1]).toMatch(/^acme +live +0\/1 +0\/1 +0 +no +0\/1 +none +0\/1 +–$/);
    expect(said).toContain('acme: no representative has taken a seat');
    expect(said).toContain('martin: payroll.martin.invalid does not resolve');
  });

  test('with nothing live it exits with 0; as JSON it is the same', async () => {
    const env = await prepared('preparing');
    expect(await rolloutCommand(['--json'], env, terminal)).toBe(0);
    const rows = JSON.parse(said.join('\n')) as readonly Rollout[];
    expect(rows.map(({ client, status, problems }) => [client, status, problems])).toEqual([
      ['acme', 'preparing', []],
      ['martin', 'preparing', []],
    ]);
    said.length = 0;
    expect(await rolloutCommand(['--client', 'acme'], env, terminal)).toBe(0);
    expect(said).toHaveLength(2);
    expect(await rolloutCommand(['--client', 'nobody'], env, terminal)).toBe(1);
    expect(await rolloutCommand(['acme'], env, terminal)).toBe(2);
  });
});
