/** Attempts around the gateway, against real servers; and the command, from the attempt to the line in the log. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createServer as createTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { tryDoors } from '../../src/cli/bypass-doors.ts';
import { type ClientCheck, readSaved, savedText, writeChecks } from '../../src/cli/bypass-record.ts';
import { reachesOut, tryUpstream } from '../../src/cli/bypass-try.ts';
import { doctorCommand } from '../../src/cli/doctor.ts';
import type { Closing } from '../../src/core/doors.ts';
import type { System } from '../../src/core/model.ts';
import { compile } from '../../src/core/policy/compile.ts';
import { folder as policies, replaced, serving } from '../core/policy-folder.ts';
import { type Folder, host, makeFolder, openLedger, settle } from '../stores/ledger-world.ts';
import { terminalInto } from '../support/terminal.ts';

const servers: Server[] = [];
const said: string[] = [];
const terminal = terminalInto(said);

beforeEach(() => void said.splice(0));
afterEach(async () => {
  for (const server of servers.splice(0)) {
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const serve = (listener: RequestListener): Promise<number> => listening(createHttp(listener));

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const port = await serve(() => {});
  await new Promise((resolve) => servers.pop()?.close(resolve));
  return port;
}

function systemAt(port: number, closedBy: Closing = 'firewall', hostname = '127.0.0.1'): System {
  const origin = `http://${hostname}:${port}`;
  return {
    ...{ id: 'erp', client: 'acme', hosts: ['erp.acme.example'] },
    door: { name: 'second-name', closedBy },
    upstream: {
      origin,
      protocol: 'http:',
      hostname,
      port,
      serverName: hostname,
      ca: undefined,
      host: 'public',
    },
  } as unknown as System;
}

describe('an attempt', () => {
  test('that nothing answers is unreachable', async () => {
    expect(await tryUpstream(systemAt(await closedPort()))).toEqual({
      result: 'unreachable',
      why: 'ECONNREFUSED',
    });
  });

  test.each([
    [401, 'authentication'],
    [403, 'authentication'],
    [200, 'open'],
    [302, 'open'],
    [404, 'open'],
    [500, 'open'],
  ])('answered %i is %s', async (status, result) => {
    const port = await serve((_, response) => response.writeHead(status, { location: '/login' }).end('x'));
    expect(await tryUpstream(systemAt(port))).toEqual({ result, why: `answers ${status}` });
  });

  test('carries the public host, and nothing by which anybody is known', async () => {
    const seen = Promise.withResolvers<readonly string[]>();
    const port = await serve((request, response) => {
      seen.resolve(request.rawHeaders);
      response.end();
    });
    await tryUpstream(systemAt(port));
    expect(await seen.promise).toEqual(['host', 'erp.acme.example', 'connection', 'close']);
  });

  test('at what takes connections and breaks them, or says nothing, or speaks no HTTP, is open', async () => {
    const breaking = await listening(createTcp((socket) => socket.destroy()));
    expect(await tryUpstream(systemAt(breaking))).toMatchObject({ result: 'open' });
    const silent = await listening(
      createTcp((socket) => {
        socket.on('error', () => undefined).resume();
      }),
    );
    expect(await tryUpstream(systemAt(silent), 50)).toEqual({
      result: 'open',
      why: 'takes connections and says nothing',
    });
    const other = await listening(
      createTcp((socket) =>
        socket
          .on('error', () => undefined)
          .resume()
          .end('220 mail\r\n'),
      ),
    );
    expect(await tryUpstream(systemAt(other))).toMatchObject({ result: 'open' });
  });

  test('over TLS looks at no certificate; what breaks off is open', async () => {
    const read = (name: string) => readFile(join(import.meta.dirname, 'certificates', name));
    const own = { cert: await read('a.pem'), key: await read('a.key') };
    const at = (port: number): System => {
      const system = systemAt(port);
      const origin = `https://127.0.0.1:${port}`;
      return {
        ...system,
        upstream: { ...system.upstream, protocol: 'https:', origin, serverName: 'a.example' },
      };
    };
    const open = await listening(createHttps(own, (_, response) => response.end('in')));
    expect(await tryUpstream(at(open))).toEqual({ result: 'open', why: 'answers 200' });
    const asking = { ...own, requestCert: true, ca: own.cert, minVersion: 'TLSv1.3' } as const;
    const strict = await listening(
      createTls({ ...asking, rejectUnauthorized: false }, (socket) => socket.destroy()),
    );
    expect(await tryUpstream(at(strict))).toMatchObject({ result: 'open' });
  });

  test('at a name that this machine cannot resolve says nothing', async () => {
    expect(await tryUpstream(systemAt(80, 'firewall', 'erp.invalid'))).toHaveProperty('untold');
  });

  test('from a machine is believed when that one reaches anything', async () => {
    const port = await serve(() => {});
    expect(await reachesOut(new URL(`http://127.0.0.1:${port}`))).toBe(true);
    expect(await reachesOut(new URL(`http://127.0.0.1:${await closedPort()}`))).toBe(false);
  });
});

describe('what is claimed', () => {
  const portal = async () => new URL(`http://127.0.0.1:${await serve(() => {})}`);

  test.each<[Closing, number | undefined, string, boolean]>([
    ['firewall', undefined, 'office', true],
    ['firewall', 403, 'office', false],
    ['firewall', undefined, 'gateway', false],
    ['upstream-auth', 401, 'office', true],
    ['upstream-auth', 200, 'office', false],
    ['assertion', 403, 'gateway', true],
    ['assertion', 302, 'gateway', false],
    ['not-closed', 200, 'office', true],
  ])('%s, answered %s from %s: %s', async (claim, status, place, well) => {
    const port =
      status === undefined ? await closedPort() : await serve((_, answer) => answer.writeHead(status).end());
    const tried = await tryDoors([systemAt(port, claim)], place, await portal(), terminal);
    expect(tried.well).toBe(well);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(well ? /^(ok|note) / : /^do /);
    const silent = claim === 'not-closed' || (claim === 'firewall' && place === 'gateway');
    expect(tried.found).toHaveLength(silent ? 0 : 1);
  });

  test('a machine that reaches nothing finds nothing closed', async () => {
    const nowhere = new URL(`http://127.0.0.1:${await closedPort()}`);
    const tried = await tryDoors([systemAt(await closedPort())], 'office', nowhere, terminal);
    expect(tried).toEqual({ found: [], well: false });
    expect(said.join()).toContain('nor is the portal reached');
  });
});

describe('the command', () => {
  let base: string;
  let ledger: Folder;
  let port: number;
  let env: Record<string, string>;

  /** The gateway of the policy is this machine's own, so the upstream is one that no machine resolves. */
  async function policy(claim: string, more = ''): Promise<void> {
    const files = policies({
      'identity.yaml': replaced('identity.yaml', 'zone:', `places: [office, internet]\nzone:`),
      'clients/acme.yaml': replaced(
        'clients/acme.yaml',
        '    profile: shop\n',
        `    profile: shop\n    closed_by: ${claim}\n${more}`,
      ).replace('https://10.1.0.1:8443', 'http://erp.invalid'),
    });
    for (const { path, text } of files) {
      await mkdir(dirname(join(base, 'policies', path)), { recursive: true });
      await writeFile(join(base, 'policies', path), text);
    }
  }

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'consentry-bypass-'));
    ledger = makeFolder();
    port = await serve(() => {});
    env = {
      CONSENTRY_PORTAL_URL: `https://localhost:${port}`,
      CONSENTRY_POLICIES: join(base, 'policies'),
      CONSENTRY_DATA: ledger.dir,
      CONSENTRY_KEYS: ledger.keysDir,
      CONSENTRY_GUARD: ledger.guardDir,
    };
    await policy('firewall');
    const world = await openLedger(ledger);
    await settle(ledger, (command) => world.ledger.run(command), Date.now());
    await world.close();
  });
  afterEach(async () => {
    ledger.remove();
    await rm(base, { recursive: true, force: true });
  });

  const run = (...args: string[]) => doctorCommand(['bypass', ...args], env, terminal);

  const found = (more = {}) => ({
    ...{ client: 'acme', system: 'erp', place: 'office', result: 'unreachable' as const },
    ...{ upstream: 'http://erp.invalid', claim: 'firewall' as const, at: Date.now(), ...more },
  });

  async function lines() {
    const world = await openLedger(ledger);
    try {
      expect(await world.archive.fsck()).toEqual([]);
      const kinds = ['bypass.checked'] as const;
      const told = await world.archive.lines({ client: 'acme', kinds, limit: 10, disclose: [] });
      return told.map(({ leaf }) => leaf);
    } finally {
      await world.close();
    }
  }

  async function saved(more = {}): Promise<string> {
    const file = join(base, 'found.json');
    await writeFile(file, savedText([found(more)]));
    return file;
  }

  test('what cannot be told is an error, and is not written', async () => {
    expect(await run('--from', 'office', '--client', 'acme')).toBe(1);
    expect(said.join()).toContain('cannot be told from this machine (ENOTFOUND)');
    expect(await lines()).toEqual([]);
  });

  test('of a client whose systems claim nothing it tells that, and is well', async () => {
    expect(await run('--client', 'martin')).toBe(0);
    expect(said[0]).toMatch(/^note {2}martin\/payroll from gateway: not closed/);
  });

  test('what was found elsewhere is recorded: the line says what, from where and when', async () => {
    const at = Date.now() - 3_600_000;
    expect(await run('--record', await saved({ at }))).toBe(0);
    expect(await lines()).toMatchObject([
      {
        ...{ t: 'bypass.checked', system: 'erp', place: 'office', result: 'unreachable' },
        ...{ upstream: 'http://erp.invalid', claim: 'firewall', checked: new Date(at).toISOString() },
      },
    ]);
  });

  test('an open door is recorded, and an error', async () => {
    expect(await run('--record', await saved({ result: 'open' }))).toBe(1);
    expect(await lines()).toMatchObject([{ result: 'open' }]);
  });

  test.each([
    [{ system: 'nothing' }, 'no such system'],
    [{ client: 'nobody' }, 'no such system'],
    [{ place: 'gateway' }, 'lists no place'],
    [{ upstream: 'http://other.invalid' }, 'something else by now'],
    [{ claim: 'assertion' }, 'something else by now'],
    [{ at: Date.now() - 86_401_000 }, 'within the last day'],
    [{ at: Date.now() + 3_600_000 }, 'within the last day'],
    [{ result: 'fine' }, 'not one that --save writes'],
  ])('a file that says %j is refused, whole', async (more, why) => {
    expect(await run('--record', await saved(more))).toBe(1);
    expect(said.join()).toContain(why);
    expect(await lines()).toEqual([]);
  });

  test('a file that is none, or not there', async () => {
    const file = join(base, 'found.json');
    await writeFile(file, 'not JSON');
    expect(await run('--record', file)).toBe(1);
    expect(await run('--record', join(base, 'nowhere.json'))).toBe(1);
    expect(said.join()).toContain('ENOENT');
  });

  test('without a ledger it says how to carry what it finds, and saves it', async () => {
    const { CONSENTRY_POLICIES: folder = '', CONSENTRY_PORTAL_URL: url = '' } = env;
    env = { CONSENTRY_POLICIES: folder, CONSENTRY_PORTAL_URL: url };
    expect(await run('--from', 'office')).toBe(1);
    expect(said.join()).toContain('--save FILE');
    const file = join(base, 'new.json');
    expect(await run('--client', 'martin', '--from', 'office', '--save', file)).toBe(0);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ bypass: [] });
    expect(await run('--client', 'martin', '--from', 'office', '--save', file)).toBe(1);
    expect(said.join()).toContain('EEXIST');
  });

  test('a client without a log is named, and nothing is made for it', async () => {
    const place = { file: ledger.file, keysDir: ledger.keysDir, guardDir: ledger.guardDir, host };
    expect(await writeChecks([found({ client: 'nolog' })], place)).toEqual(['nolog']);
  });

  test.each([
    [['--system', 'erp'], 2],
    [['--save', 'x'], 2],
    [['--record', 'x', '--client', 'acme'], 2],
    [['acme'], 2],
    [['--client', 'nobody'], 1],
    [['--client', 'acme', '--system', 'nothing'], 1],
    [['--from', 'attic'], 1],
  ])('%j is refused', async (args, code) => {
    expect(await run(...args)).toBe(code);
    expect(await lines()).toEqual([]);
  });

  test('a faulty policy is an error', async () => {
    await policy('hope');
    expect(await run()).toBe(1);
    expect(said.join()).toContain('firewall, upstream-auth, assertion, not-closed');
  });
});

describe('a client’s file', () => {
  const compiled = (more: string, url = 'https://10.1.0.1:8443') =>
    compile(
      policies({
        'clients/acme.yaml': replaced(
          'clients/acme.yaml',
          '    profile: shop\n',
          `    profile: shop\n${more}`,
        ).replace('https://10.1.0.1:8443', url),
      }),
      serving,
    );

  test('says how its system is reached and closed, or nothing', () => {
    const door = (more: string) => {
      const result = compiled(more);
      return 'faults' in result ? result.faults : result.snapshot.hosts.get('erp.acme.example')?.door;
    };
    expect(door('    door: same-name\n    closed_by: firewall\n')).toEqual({
      name: 'same-name',
      closedBy: 'firewall',
    });
    expect(door('    door: same-name\n')).toEqual({ name: 'same-name', closedBy: 'not-closed' });
    expect(door('')).toBeUndefined();
  });

  test('does not send the public name back here', () => {
    const faults = (door: string) => {
      const result = compiled(door, 'https://erp.acme.example');
      return 'faults' in result ? result.faults.map(({ message }) => message).join() : '';
    };
    expect(faults('    door: same-name\n')).toContain('leads here');
    expect(faults('    door: second-name\n')).toBe('');
  });

  test('and no system outside has a door', () => {
    const outside =
      '  phone: { name: Phone, kind: outside, environment: production, purposes: [support], closed_by: firewall }\nassignments:\n';
    const result = compile(
      policies({ 'clients/acme.yaml': replaced('clients/acme.yaml', 'assignments:\n', outside) }),
      serving,
    );
    expect('faults' in result && result.faults[0]?.message).toContain('a system outside has no closed_by');
  });

  test('no place is called like the gateway’s own machine', () => {
    const result = compile(
      policies({ 'identity.yaml': replaced('identity.yaml', 'zone:', 'places: [gateway]\nzone:') }),
      serving,
    );
    expect('faults' in result && result.faults[0]?.message).toContain('the gateway’s own machine');
  });

  test('what a file saves is what is read again', () => {
    const result = compiled('    closed_by: firewall\n');
    if ('faults' in result) throw new Error('faulty');
    const check: ClientCheck = {
      ...{ client: 'acme', system: 'erp', place: 'office', result: 'unreachable' },
      ...{ upstream: 'https://10.1.0.1:8443', claim: 'firewall', at: Date.now() },
    };
    const snapshot = { ...result.snapshot, places: ['office'] };
    expect(readSaved(savedText([check]), snapshot, Date.now())).toEqual({ checks: [check], faults: [] });
  });
});
