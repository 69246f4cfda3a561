/**
 * The command line without a browser of its own: a machine is signed in by a code that a technician types, and declares by the same
 * checks as the page. Every bad input is refused with its code, and opens nothing.
 */
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { secretHash } from '../../src/core/command-line.ts';
import type { Command } from '../../src/core/commands.ts';
import { textHash } from '../../src/core/leaf.ts';
import type { Client, Person, Purpose } from '../../src/core/model.ts';
import { toolHash } from '../../src/core/tool.ts';
import { type CommandLineActName, commandLineActs } from '../../src/portal/command-line/acts.ts';
import { DeviceCodes } from '../../src/portal/command-line/device-codes.ts';
import { browser } from './browser.ts';
import { makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';
import { grant } from './world-things.ts';

const base = '/api/command-line';
const minute = 60_000;

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function post(world: World, path: string, body: object, token?: string, from = ''): Promise<Answer> {
  const asked = request(world.app).post(`${base}${path}`).set('accept-language', 'en').set('x-from', from);
  if (token !== undefined) asked.set('authorization', `Bearer ${token}`);
  const { status, body: answered } = await asked.send(body);
  return { status, body: answered as Record<string, unknown> };
}

const codeOf = ({ status, body }: Answer) => [status, body.code];

/** A world in which `x-from` is the address. */
function placed(): World {
  return makeWorld({ address: (req) => String(req.headers['x-from'] ?? '') });
}

async function asking(world: World, from = '') {
  const { body } = await post(world, '/device', { name: 'anna@tower' }, undefined, from);
  const device = String(body.device_code);
  return { user: String(body.user_code), fetch: () => post(world, '/token', { device_code: device }), body };
}

const yes = (code: string) => ({ code, answer: 'yes', own: 'yes' });

async function signedIn(world: World, who = 'alice'): Promise<string> {
  const machine = await asking(world);
  expect((await browser(world, who).post('/device/confirm', yes(machine.user))).status).toBe(200);
  const { body } = await machine.fetch();
  expect(body).toMatchObject({ token_type: 'Bearer' });
  return String(body.access_token);
}

const wish = { systems: ['acme/erp'], purpose: 'hotline', reference: 'INC-1' };

/** Confirms what is in force, as the command does after it was read. */
async function confirmed(world: World, token: string, more: object = {}): Promise<object> {
  const { body } = await post(world, '/openings', { ...wish, ...more }, token);
  return { ...wish, confirmed: String(body.confirm), ...more };
}

const done = (world: World, what: Command['do']) => world.memory.commands.filter((one) => one.do === what);
const refusals = (world: World) =>
  world.memory.room('acme').lines.flatMap(({ leaf, groups }) => {
    const { standing } = groups;
    return leaf.t === 'access.refused' && typeof standing === 'object' ? [standing.reason] : [];
  });

describe('signing a machine in', () => {
  test('the code that it shows is typed into the page, which says what asks; the token is on one answer', async () => {
    const world = placed();
    const machine = await asking(world, '10.0.0.9');
    expect(machine.body).toEqual({
      device_code: expect.stringMatching(/^[\w-]{43}$/),
      user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
      verification_uri: 'https://portal.example/device',
      expires_in: 600,
      interval: 2,
    });
    expect(codeOf(await machine.fetch())).toEqual([400, 'authorization_pending']);
    const alice = browser(world, 'alice');
    const page = (await alice.get('/device')).text;
    expect(page).toContain('Only if you started this yourself, on a machine in front of you');
    // A link cannot carry the code.
    expect((await alice.get(`/device?code=${machine.user}`)).text).not.toContain(machine.user);
    const shown = (await alice.post('/device', { code: machine.user.toLowerCase().replace('-', ' ') })).text;
    for (const fact of [machine.user, 'anna@tower', '10.0.0.9', 'from another address than this browser'])
      expect(shown).toContain(fact);
    expect(codeOf(await machine.fetch())).toEqual([400, 'slow_down']);
    world.memory.now += 10_000;
    const untold = await alice.post('/device/confirm', { code: machine.user, answer: 'yes' });
    expect([untold.status, untold.text.includes('Tick that you started this yourself')]).toEqual([422, true]);
    expect((await alice.post('/device/confirm', yes(machine.user))).text).toContain('signed in');
    const answer = await machine.fetch();
    const token = String(answer.body.access_token);
    expect([answer.status, answer.body.person, token]).toEqual([
      200,
      'Alice Durand',
      expect.stringMatching(/^ccl_[\w-]{43}$/),
    ]);
    expect(done(world, 'command-line')).toEqual([
      {
        do: 'command-line',
        session: {
          hash: secretHash(token),
          login: 'login-alice',
          name: 'anna@tower',
          address: '10.0.0.9',
        },
      },
    ]);
    expect(JSON.stringify(world.memory.commands)).not.toContain(token);
    expect((await alice.get('/device')).text).toContain('anna@tower');
    expect((await browser(world, 'bruno').get('/device')).text).not.toContain('anna@tower');
  });

  test('in French', async () => {
    const world = makeWorld();
    const machine = await asking(world);
    const page = await browser(world, 'alice', 'fr').post('/device', { code: machine.user });
    expect(page.text).toContain('Seulement si vous l’avez lancé vous-même');
  });

  test('a code is confirmed once and fetched once, and is over after ten minutes', async () => {
    const world = makeWorld();
    const machine = await asking(world);
    const [one, two] = [browser(world, 'alice'), browser(world, 'bruno')];
    await Promise.all([one.csrf(), two.csrf()]);
    const both = await Promise.all([
      one.post('/device/confirm', yes(machine.user)),
      one.post('/device/confirm', yes(machine.user)),
      two.post('/device/confirm', yes(machine.user)),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 422, 422]);
    expect((await machine.fetch()).status).toBe(200);
    expect(codeOf(await machine.fetch())).toEqual([400, 'expired_token']);
    expect(done(world, 'command-line')).toHaveLength(1);
    const late = await asking(world);
    world.memory.now += 10 * minute;
    expect((await one.post('/device/confirm', yes(late.user))).status).toBe(422);
    expect(codeOf(await late.fetch())).toEqual([400, 'expired_token']);
  });

  test('one that is refused gets nothing, also when somebody confirms it afterwards', async () => {
    const world = makeWorld();
    const machine = await asking(world);
    const alice = browser(world, 'alice');
    const answer = await alice.post('/device/confirm', { code: machine.user, answer: 'no' });
    expect(answer.text).toContain('The machine was refused');
    expect((await alice.post('/device/confirm', yes(machine.user))).status).toBe(422);
    expect(codeOf(await machine.fetch())).toEqual([400, 'access_denied']);
    expect(done(world, 'command-line')).toEqual([]);
  });

  test('whoever asks too fast waits longer and longer', async () => {
    const world = makeWorld();
    const machine = await asking(world);
    await machine.fetch();
    await browser(world, 'alice').post('/device/confirm', yes(machine.user));
    world.memory.now += 1_000;
    expect(codeOf(await machine.fetch())).toEqual([400, 'slow_down']);
    world.memory.now += 5_000;
    expect(codeOf(await machine.fetch())).toEqual([400, 'slow_down']);
    world.memory.now += 12_000;
    expect((await machine.fetch()).status).toBe(200);
  });

  test('wrong codes are few: per person, and per address', async () => {
    const world = placed();
    const machine = await asking(world);
    const guess = async (who: string, code: string, from: string) => {
      const user = browser(world, who);
      const csrf = await user.csrf();
      const sent = user.agent.post('/device').type('form').set('x-test-user', who).set('x-from', from);
      return (await sent.send({ csrf, code })).status;
    };
    for (let nth = 0; nth < 5; nth++) expect(await guess('alice', 'BCDF-GHJK', `10.0.0.${nth}`)).toBe(422);
    expect(await guess('alice', machine.user, '10.0.0.99')).toBe(429);
    // A line each for the operator, without the code.
    const line = { level: 'info', event: 'command_line_code_wrong', fields: { login: 'login-alice' } };
    expect(world.logged).toEqual(Array(5).fill(line));
    expect(await guess('bruno', machine.user, '10.0.0.0')).toBe(200);
    // One address, whoever it is.
    const people = world.snapshot.people as Map<string, Person>;
    const eve = people.get('eve');
    if (eve === undefined) throw new Error('eve is staff');
    for (const id of ['p1', 'p2', 'p3', 'p4', 'p5']) {
      const one = { ...eve, id, subject: id };
      (world.snapshot.accounts as Map<string, unknown>).set(id, { kind: 'technician', person: one });
      for (let nth = 0; nth < 4; nth++) await guess(id, 'nonsense', '192.0.2.1');
    }
    expect(await guess('bruno', machine.user, '192.0.2.1')).toBe(429);
    world.memory.now += 10 * minute;
    expect(await guess('alice', 'BCDF-GHJK', '10.0.0.0')).toBe(422);
  });

  test('nobody but signed-in staff confirms, and no forged form does', async () => {
    const world = makeWorld();
    const machine = await asking(world);
    for (const who of ['claire', 'marc', 'dana', 'david', 'carla'])
      expect([who, (await browser(world, who).post('/device/confirm', yes(machine.user))).status]).toEqual([
        who,
        403,
      ]);
    expect(
      (await request(world.app).post('/device/confirm').type('form').send(yes(machine.user))).status,
    ).toBe(401);
    expect((await request(world.app).get('/device')).status).toBe(303);
    const forged = { ...yes(machine.user), csrf: 'forged' };
    expect((await browser(world, 'alice').post('/device/confirm', forged)).status).toBe(403);
    expect(codeOf(await machine.fetch())).toEqual([400, 'authorization_pending']);
  });

  test('a machine that is nonsense or one too many does not wait', async () => {
    const world = makeWorld();
    for (const name of ['', ' ', 'a\nb', '\u202egnp.exe', 'x'.repeat(81), 7])
      expect(codeOf(await post(world, '/device', { name }))).toEqual([422, 'bad_request']);
    for (let nth = 0; nth < 20; nth++)
      expect((await post(world, '/device', { name: 'one' })).status).toBe(200);
    expect(codeOf(await post(world, '/device', { name: 'one' }))).toEqual([429, 'too_many_requests']);
    for (const device_code of ['', 'x', 7, undefined])
      expect(codeOf(await post(world, '/token', { device_code }))).toEqual([400, 'expired_token']);
    for (let nth = 0; nth < 60; nth++) await post(world, '/token', { device_code: 'guess' });
    expect(codeOf(await post(world, '/token', { device_code: 'guess' }))).toEqual([429, 'too_many_requests']);
  });

  describe('where all places are taken', () => {
    const random = (bytes: number) => randomBytes(bytes);
    const named = (address: string) => ({ name: 'one', address, askedAt: start });
    const who = { person: 'alice', address: '198.51.100.7' };

    /** So many neighbourhoods with so many machines each. */
    function filled(networks: number, each: number): DeviceCodes {
      const codes = new DeviceCodes();
      for (let nth = 0; nth < networks; nth++)
        for (let host = 0; host < each; host++)
          expect(codes.begin(named(`10.${nth}.0.${host}`), random, 0)).toBeDefined();
      return codes;
    }

    test('whoever comes from elsewhere gets one, of the network that has most', () => {
      const codes = filled(10, 100);
      const first = codes.begin(named('192.0.2.1'), random, 0);
      expect(codes.look(first?.userCode, who, 0)).toMatchObject({ address: '192.0.2.1' });
      // The crowd gets no other in its place, and none that was given is taken from somebody who holds few.
      expect(codes.begin(named('10.1.0.101'), random, 0)).toBeUndefined();
      for (let nth = 0; nth < 50; nth++)
        expect(codes.begin(named(`192.0.${nth + 3}.1`), random, 0)).toBeDefined();
      for (let nth = 0; nth < 20; nth++) codes.begin(named('10.0.0.7'), random, 0);
      expect(codes.look(first?.userCode, who, 0)).toMatchObject({ address: '192.0.2.1' });
    });

    test('the oldest of the busiest address there gives way, and is told so; what was confirmed does not', () => {
      const codes = filled(34, 28);
      const begin = (address: string) => codes.begin(named(address), random, 0)?.deviceCode ?? '';
      const first = codes.begin(named('172.16.0.1'), random, 0);
      codes.settle(first?.userCode, 'login-alice', who, 0);
      const [oldest = '', next = ''] = Array.from({ length: 19 }, () => begin('172.16.0.1'));
      const [beside = ''] = Array.from({ length: 10 }, () => begin('172.16.0.2'));
      for (let nth = 0; nth < 18; nth++) begin(`192.0.${nth}.1`);
      begin('198.51.100.1');
      const told = [oldest, next, beside].map((code) => codes.poll(code, 10));
      expect(told).toEqual(['expired_token', 'authorization_pending', 'authorization_pending']);
      expect(codes.poll(first?.deviceCode ?? '', 10)).toMatchObject({ login: 'login-alice' });
    });

    test('where everybody holds one, nobody loses it to somebody who holds one already', () => {
      const codes = new DeviceCodes();
      for (let nth = 0; nth < 1_000; nth++) codes.begin(named(`10.${nth >> 8}.${nth & 255}.1`), random, 0);
      expect(codes.begin(named('10.0.0.2'), random, 0)).toBeUndefined();
      expect(codes.begin(named('192.0.2.1'), random, 0)).toBeDefined();
    });

    test('an IPv6 network counts as one address, its neighbourhood as one', () => {
      const codes = new DeviceCodes();
      for (let nth = 0; nth < 20; nth++)
        expect(codes.begin(named(`2001:db8:1:1::${nth + 1}`), random, 0)).toBeDefined();
      expect(codes.begin(named('2001:db8:1:1::ffff'), random, 0)).toBeUndefined();
      for (let nth = 0; nth < 80; nth++)
        expect(codes.begin(named(`2001:db8:1:${nth + 2}::1`), random, 0)).toBeDefined();
      expect(codes.begin(named('2001:db8:1:fff::1'), random, 0)).toBeUndefined();
      expect(codes.begin(named('2001:db8:2:1::1'), random, 0)).toBeDefined();
    });
  });

  test('a sign-in that ended before it was fetched gives nothing', async () => {
    const world = makeWorld();
    const machine = await asking(world);
    await browser(world, 'alice').post('/device/confirm', yes(machine.user));
    world.memory.signedOut.add('login-alice');
    expect(codeOf(await machine.fetch())).toEqual([400, 'access_denied']);
    expect(world.memory.commandLines.size).toBe(0);
  });
});

describe('a session', () => {
  const session = (world: World, token: string) =>
    request(world.app).get(`${base}/session`).set('authorization', `Bearer ${token}`);

  test('ends with its sign-in, by itself, on the page, and by the command', async () => {
    const world = makeWorld();
    const token = await signedIn(world);
    expect((await session(world, token)).body).toEqual({
      person: 'Alice Durand',
      name: 'anna@tower',
      ends: '2026-10-05T20:00:00.000Z',
      idle_minutes: 180,
    });
    world.memory.signedOut.add('login-alice');
    expect((await session(world, token)).body).toMatchObject({ code: 'signed_out' });
    world.memory.signedOut.clear();
    expect((await session(world, token)).status).toBe(200);
    world.memory.now += 179 * minute;
    expect((await session(world, token)).status).toBe(200);
    world.memory.now += 180 * minute;
    expect((await session(world, token)).status).toBe(401);
    expect((await browser(world, 'alice').get('/device')).text).not.toContain('anna@tower');
    const next = await signedIn(world);
    const alice = browser(world, 'alice');
    // Whoever lost a machine has to know what this button closes.
    expect((await alice.get('/device')).text).toContain('Signing a machine out closes what it opened');
    await browser(world, 'bruno').post('/device/end', { session: secretHash(next) });
    expect((await session(world, next)).status).toBe(200);
    await alice.post('/device/end', { session: secretHash(next) });
    expect((await session(world, next)).status).toBe(401);
    const last = await signedIn(world);
    expect((await post(world, '/end', {}, last)).body).toEqual({ ended: true, closed: 0 });
    expect((await session(world, last)).status).toBe(401);
  });

  test('lasts twelve hours from the sign-in, however often it is used', async () => {
    const world = makeWorld();
    const token = await signedIn(world);
    for (let hours = 2; hours < 12; hours += 2) {
      world.memory.now = start + hours * 60 * minute;
      expect([hours, (await session(world, token)).status]).toEqual([hours, 200]);
    }
    world.memory.now = start + 12 * 60 * minute;
    expect((await session(world, token)).status).toBe(401);
  });

  test('is no way in by a cookie, by another’s secret, or for whoever is staff no longer', async () => {
    const world = makeWorld();
    const token = await signedIn(world);
    for (const authorization of ['', `Basic ${token}`, `Bearer ${token}x`, `Bearer cst_${token.slice(4)}`])
      expect((await request(world.app).get(`${base}/session`).set({ authorization })).status).toBe(401);
    expect((await request(world.app).get(`${base}/session`).set('x-test-user', 'alice')).status).toBe(401);
    (world.snapshot.accounts as Map<string, unknown>).delete('alice');
    expect((await session(world, token)).status).toBe(401);
  });

  const signed = Object.entries(commandLineActs).filter(([, { as }]) => as !== undefined);

  test.each(signed)(
    '%s: a technician may, others get 403 and strangers 401',
    async (name, { method, path }) => {
      const world = makeWorld();
      const token = await signedIn(world);
      const ask = async (given: string) => {
        const address = `${base}${path.replace(':id', 'none')}`;
        const sent = request(world.app)[method](address).set('authorization', `Bearer ${given}`);
        return (await (method === 'post' ? sent.send({}) : sent)).status;
      };
      const expected: Partial<Record<CommandLineActName, number>> = { open: 422, close: 404, extend: 422 };
      expect(await ask(token.replace(/.$/, token.endsWith('A') ? 'B' : 'A'))).toBe(401);
      for (const other of ['claire', 'marc', 'david', 'carla']) {
        const hash = secretHash(token);
        const kept = world.memory.commandLines.get(hash);
        if (kept === undefined) throw new Error('it is kept');
        world.memory.commandLines.set(hash, { ...kept, login: `login-${other}` });
        expect([other, await ask(token)]).toEqual([other, 403]);
        world.memory.commandLines.set(hash, kept);
      }
      expect(await ask(token)).toBe(expected[name as CommandLineActName] ?? 200);
    },
  );

  test('waits for the notice to staff as the pages do', async () => {
    const world = makeWorld();
    const token = await signedIn(world);
    const text = { en: 'x', fr: 'x' };
    const notice = { version: '1', recorded: text, readers: text, kept: text, rights: text };
    Object.assign(world.snapshot, { notice });
    const answer = await post(world, '/openings', wish, token);
    expect([...codeOf(answer), answer.body.page]).toEqual([
      403,
      'notice_unread',
      'https://portal.example/staff-notice',
    ]);
    expect((await session(world, token)).status).toBe(200);
  });
});

describe('declaring', () => {
  test('the instructions are shown and confirmed by their hash; then it opens, with a credential, and says how', async () => {
    const world = makeWorld();
    const token = await signedIn(world);
    const first = await post(world, '/openings', wish, token);
    expect(codeOf(first)).toEqual([422, 'instructions_unconfirmed']);
    expect(first.body.instructions).toEqual(['Do not open <b>lists</b>.']);
    const guessed = { ...wish, confirmed: textHash('something else') };
    expect(codeOf(await post(world, '/openings', guessed, token))).toEqual([422, 'instructions_unconfirmed']);
    expect(done(world, 'declare')).toEqual([]);
    const asked = await confirmed(world, token, { minutes: 30 });
    const { status, body } = await post(world, '/openings', asked, token);
    expect([status, body]).toEqual([
      200,
      {
        id: expect.any(String),
        client: 'acme',
        client_name: 'Acme <SA>',
        systems: [{ id: 'erp', name: 'ERP', origins: ['https://erp.acme.example'] }],
        purpose: 'hotline',
        purpose_name: 'Label hotline',
        reference: 'INC-1',
        opened_at: '2026-10-05T08:00:00.000Z',
        ends_at: '2026-10-05T08:30:00.000Z',
        ends: expect.stringContaining('10:30'),
        page: `https://portal.example/openings/${String(body.id)}`,
        credential: expect.stringMatching(/^ctool_[\w-]{43}$/),
      },
    ]);
    const opened = world.memory.room('acme').lines.find(({ leaf }) => leaf.t === 'session.opened');
    expect(opened?.leaf).toMatchObject({ command_line: true, purpose: 'hotline' });
    expect(done(world, 'tool')).toMatchObject([
      { opening: body.id, hash: toolHash(String(body.credential)) },
    ]);
    expect((await browser(world, 'claire').get('/activity')).text).toContain('declared by command line');
    expect((await browser(world, 'marc', 'fr').get('/activity')).text).toContain(
      'déclaré en ligne de commande',
    );
    // When the text changes, the old hash confirms nothing.
    const [instruction] = world.snapshot.clients.get('acme')?.instructions ?? [];
    Object.assign(instruction?.text ?? {}, { en: 'Do not open anything.' });
    expect(codeOf(await post(world, '/openings', asked, token))).toEqual([422, 'instructions_unconfirmed']);
  });

  const bad: readonly (readonly [string, object, readonly [number, string]])[] = [
    ['no purpose of that name', { purpose: 'fun' }, [422, 'declaration_incomplete']],
    ['no reference', { reference: ' ' }, [422, 'declaration_incomplete']],
    ['a note that is required', { purpose: 'support' }, [422, 'declaration_incomplete']],
    ['too long', { minutes: 100_000 }, [422, 'declaration_incomplete']],
    ['no agreement', { purpose: 'backup' }, [422, 'consent_scope']],
    ['a system that does not exist', { systems: ['acme/none'] }, [404, 'unknown_system']],
    ['systems of two clients', { systems: ['acme/erp', 'martin/payroll'] }, [422, 'several_clients']],
    ['a field that there is not', { emergency: true }, [422, 'bad_request']],
    ['no system', { systems: [] }, [422, 'bad_request']],
    ['minutes that are no number', { minutes: '30' }, [422, 'bad_request']],
  ];

  test.each(bad)('%s: refused, and nothing is opened', async (_, more, expected) => {
    const world = makeWorld();
    const token = await signedIn(world);
    const answer = await post(world, '/openings', await confirmed(world, token, more), token);
    expect(codeOf(answer)).toEqual(expected);
    expect(String(answer.body.detail)).not.toBe('');
    expect(done(world, 'declare')).toEqual([]);
  });

  test('what would help is said: the field, or the page that asks the client', async () => {
    const world = makeWorld();
    const token = await signedIn(world);
    const note = await post(world, '/openings', await confirmed(world, token, { purpose: 'support' }), token);
    expect(Object.keys(note.body.fields as object)).toEqual(['note']);
    const asked = await confirmed(world, token, { purpose: 'backup' });
    const agreement = await post(world, '/openings', asked, token);
    expect(agreement.body.page).toBe(
      'https://portal.example/requests/new?system=acme%2Ferp&purpose=backup&systems=erp',
    );
    // The same refusal is one line, as on the page.
    await post(world, '/openings', asked, token);
    expect(refusals(world)).toEqual(['consent_scope']);
  });

  test('where only a better sign-in helps, the address of that', async () => {
    const world = makeWorld();
    const hotline = world.snapshot.purposes.get('hotline');
    const authentication = { acr: [], amr: ['hwk'], maxAgeSeconds: undefined };
    (world.snapshot.purposes as Map<string, unknown>).set('hotline', {
      ...hotline,
      authentication,
    } as Purpose);
    Object.assign(world.snapshot, {
      providers: [{ id: 'company', issuer: 'https://login.example', serves: ['staff'] }],
    });
    const token = await signedIn(world);
    const answer = await post(world, '/openings', await confirmed(world, token), token);
    expect(answer.status).toBe(422);
    expect(String(answer.body.page)).toContain('https://portal.example/sign-in/company?again=1');
  });

  test('a second reference on the same system is asked about first', async () => {
    const world = makeWorld();
    const token = await signedIn(world);
    const asked = await confirmed(world, token);
    expect((await post(world, '/openings', asked, token)).status).toBe(200);
    const other = { ...asked, reference: 'INC-2' };
    const answer = await post(world, '/openings', other, token);
    expect(codeOf(answer)).toEqual([409, 'second_reference']);
    expect(answer.body).toMatchObject({ second: 'INC-2', open: [{ reference: 'INC-1' }] });
    expect(codeOf(await post(world, '/openings', { ...other, second: 'INC-3' }, token))).toEqual([
      409,
      'second_reference',
    ]);
    expect((await post(world, '/openings', { ...other, second: 'INC-2' }, token)).status).toBe(200);
  });

  test('a ticket that is none, and somebody who is not assigned, are refused on the client’s record', async () => {
    const world = makeWorld({ tickets: { ask: async () => 'ticket_unknown' } });
    const acme = world.snapshot.clients.get('acme') as Client;
    const tickets = { onFailure: 'refuse' } as NonNullable<Client['tickets']>;
    (world.snapshot.clients as Map<string, Client>).set('acme', { ...acme, tickets });
    const token = await signedIn(world);
    const asked = await confirmed(world, token);
    expect(codeOf(await post(world, '/openings', asked, token))).toEqual([422, 'ticket_unknown']);
    const eve = await signedIn(world, 'eve');
    expect(codeOf(await post(world, '/openings', asked, eve))).toEqual([403, 'not_assigned']);
    expect(refusals(world)).toEqual(['ticket_unknown', 'not_assigned']);
    const bruno = await signedIn(world, 'bruno');
    (world.snapshot.clients as Map<string, Client>).set('acme', acme);
    expect(codeOf(await post(world, '/openings', asked, bruno))).toEqual([422, 'charter_not_signed']);
    expect(done(world, 'declare')).toEqual([]);
  });

  test('rights that move are looked at again; a log that cannot be written opens nothing', async () => {
    const world = makeWorld();
    const token = await signedIn(world);
    const asked = await confirmed(world, token);
    world.memory.moves = 2;
    expect(codeOf(await post(world, '/openings', asked, token))).toEqual([409, 'rights_moved']);
    world.memory.moves = 1;
    expect((await post(world, '/openings', asked, token)).status).toBe(200);
    world.memory.failing = 'writes';
    expect(codeOf(await post(world, '/openings', asked, token))).toEqual([503, 'ledger_unavailable']);
  });

  test('an agreement whose budget has less left says how much', async () => {
    const world = makeWorld();
    const token = await signedIn(world);
    const asked = await confirmed(world, token);
    world.memory.missing.set('g1', { spent: 'minutes', left: 12 });
    const answer = await post(world, '/openings', asked, token);
    expect([...codeOf(answer), (answer.body.fields as { minutes: string }).minutes]).toEqual([
      422,
      'declaration_incomplete',
      expect.stringContaining('12'),
    ]);
    world.memory.missing.set('g1', { spent: 'openings', left: 0 });
    expect(codeOf(await post(world, '/openings', asked, token))).toEqual([422, 'budget_spent']);
    world.memory.room('acme').grants.set('g2', { ...grant('g2'), text: '{}' });
    expect((await post(world, '/openings', asked, token)).status).toBe(200);
  });

  test('what is open is listed and closed; another’s does not exist', async () => {
    const world = makeWorld();
    const token = await signedIn(world);
    const { body } = await post(world, '/openings', await confirmed(world, token), token);
    const list = async (given: string) => {
      const asked = request(world.app).get(`${base}/openings`).set('authorization', `Bearer ${given}`);
      return ((await asked).body as { openings: { id: string }[] }).openings.map(({ id }) => id);
    };
    expect(await list(token)).toEqual([body.id]);
    const bruno = await signedIn(world, 'bruno');
    expect(await list(bruno)).toEqual([]);
    expect((await post(world, `/openings/${String(body.id)}/close`, {}, bruno)).status).toBe(404);
    const closed = await post(world, `/openings/${String(body.id)}/close`, {}, token);
    expect([closed.status, closed.body.closed]).toEqual([200, true]);
    expect(world.memory.ends).toMatchObject([{ cause: 'technician', what: { opening: body.id } }]);
    expect(await list(token)).toEqual([]);
  });

  test('signing out, on the page or by the command, closes what that command line opened', async () => {
    const world = makeWorld();
    const [one, two] = [await signedIn(world), await signedIn(world)];
    const open = async (token: string, reference: string) => {
      const asked = await confirmed(world, token, { reference, second: reference });
      return (await post(world, '/openings', asked, token)).body.id;
    };
    const [first, second] = [await open(one, 'INC-1'), await open(two, 'INC-2')];
    const ended = () => {
      const { openings } = world.memory.room('acme');
      return [...openings.values()].filter(({ endedAt }) => endedAt !== undefined).map(({ id }) => id);
    };
    const alice = browser(world, 'alice');
    world.memory.failing = 'writes';
    expect((await alice.post('/device/end', { session: secretHash(one) })).status).toBe(503);
    world.memory.failing = 'no';
    expect((await alice.post('/device/end', { session: secretHash(one) })).status).toBe(303);
    expect(ended()).toEqual([first]);
    // Its time may be over, and what it opened not.
    world.memory.now += 181 * minute;
    expect((await post(world, '/end', {}, two)).body).toEqual({ ended: true, closed: 1 });
    expect(ended()).toEqual([first, second]);
  });

  const extend = (world: World, token: string, id: unknown, body: object) =>
    post(world, `/openings/${String(id)}/extend`, body, token);

  test('more time is given by the rules of the page, once, and what runs goes on', async () => {
    const world = makeWorld();
    const token = await signedIn(world);
    const { body } = await post(world, '/openings', await confirmed(world, token, { minutes: 30 }), token);
    const from = String(body.ends_at);
    const exchange = { opening: body.id, client: 'acme', system: 'erp', operation: 'read', method: 'GET' };
    const runs = { ...exchange, template: '/', until: Date.parse(from) };
    world.memory.running.push(runs as never);
    const longer = await extend(world, token, body.id, { minutes: 15, from });
    const ends = start + 45 * minute;
    expect([longer.status, longer.body]).toEqual([
      200,
      { extended: expect.objectContaining({ id: body.id, ends_at: new Date(ends).toISOString() }) },
    ]);
    expect(runs.until).toBe(ends);
    expect(codeOf(await extend(world, token, body.id, { minutes: 15, from }))).toEqual([
      409,
      'extended_already',
    ]);
    expect(done(world, 'extend')).toMatchObject([
      { opening: body.id, from: start + 30 * minute, endsAt: ends },
    ]);
    const now = new Date(ends).toISOString();
    for (const minutes of [0, -5, 10_000]) {
      const answer = await extend(world, token, body.id, { minutes, from: now });
      expect([...codeOf(answer), Object.keys(answer.body.fields as object)]).toEqual([
        ...[422, 'declaration_incomplete', ['minutes']],
      ]);
    }
    for (const wrong of [
      { minutes: 1.5, from: now },
      { minutes: '5', from: now },
      { minutes: 5, from: 'x' },
    ])
      expect(codeOf(await extend(world, token, body.id, wrong))).toEqual([422, 'bad_request']);
    const bruno = await signedIn(world, 'bruno');
    expect(codeOf(await extend(world, bruno, body.id, { minutes: 5, from: now }))).toEqual([
      404,
      'not_found',
    ]);
    await post(world, `/openings/${String(body.id)}/close`, {}, token);
    expect(codeOf(await extend(world, token, body.id, { minutes: 5, from: now }))).toEqual([
      409,
      'opening_ended',
    ]);
    expect(done(world, 'extend')).toHaveLength(1);
  });

  test('where the agreement does not reach, the client is asked, once', async () => {
    const world = makeWorld();
    const token = await signedIn(world);
    const { body } = await post(world, '/openings', await confirmed(world, token, { minutes: 30 }), token);
    world.memory.missing.set('g1', { spent: 'minutes', left: 0 });
    const asked = await extend(world, token, body.id, { minutes: 15, from: String(body.ends_at) });
    expect(asked.body).toEqual({
      asked: expect.stringMatching(/^[\w-]{22}$/),
      page: `https://portal.example/requests/${String(asked.body.asked)}`,
    });
    expect(done(world, 'request')).toMatchObject([{ request: { opening: body.id, minutes: 15 } }]);
    const list = request(world.app).get(`${base}/openings`).set('authorization', `Bearer ${token}`);
    expect((await list).body).toMatchObject({ openings: [{ ends_at: body.ends_at }] });
  });
});
