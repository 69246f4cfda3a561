/** Coming back with a recovery code, the codes themselves, and the notice that everybody of the client gets. */
import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { accountKey, type ControllerUser, passkeyAccount } from '../../src/core/model.ts';
import { recoveryProof } from '../../src/core/recovery.ts';
import { browser } from './browser.ts';
import { hidden, makeWorld, type World } from './world.ts';
import { makeSnapshot, start } from './world-rules.ts';
import { seat } from './world-things.ts';

const code = 'ABCD-EFGH-JKMN-PQRS-TVWX';
const hour = 3_600_000;

const paul: ControllerUser = {
  id: 'p-0123456789abcdef',
  client: 'acme',
  name: 'Paul Roche',
  function: 'Accountant',
  role: 'representative',
  authority: 'DOC-9',
  ...passkeyAccount('acme', 'p-0123456789abcdef'),
};

/** A world in which Paul acts for acme and has a code. */
function withPaul(): World {
  const snapshot = makeSnapshot();
  const accounts = new Map(snapshot.accounts);
  accounts.set(accountKey(paul.issuer, paul.subject), { kind: 'controller', controller: paul });
  const world = makeWorld({ policies: { current: () => ({ ...snapshot, accounts }) } });
  world.memory.recoveries.set(recoveryProof(code).code, paul);
  return world;
}

/** A browser in which nobody is signed in. */
function stranger(world: World, language = 'en') {
  const agent = request.agent(world.app);
  const page = <T extends request.Test>(test: T): T =>
    test.set('accept', 'text/html').set('accept-language', language);
  const get = (path: string) => page(agent.get(path));
  const token = async () => hidden((await get('/recover')).text, 'csrf');
  return {
    get,
    async code(typed: string) {
      const csrf = await token();
      return page(agent.post('/recover')).type('form').send({ csrf, code: typed });
    },
    async json(path: string, body: object) {
      const csrf = await token();
      return agent.post(path).set('accept', 'application/json').set('x-csrf-token', csrf).send(body);
    },
  };
}

describe('a recovery code', () => {
  test('lets one make a passkey for that account, and nothing else before that', async () => {
    const world = withPaul();
    const user = stranger(world);
    expect((await user.get('/recover')).text).not.toMatch(/acme|martin|paul/i);
    const wrong = await user.code('AAAA-AAAA');
    expect([wrong.status, /acme|paul/i.test(wrong.text)]).toEqual([422, false]);
    expect((await user.code(code.toLowerCase().replaceAll('-', ' '))).headers.location).toBe(
      '/recover/welcome',
    );
    for (const path of ['/', '/people', '/activity', '/agreements', '/seat'])
      expect((await user.get(path)).headers.location).toBe('/sign-in');
    const { text } = await user.get('/recover/welcome');
    expect(text).toContain('Paul Roche, for Acme &lt;SA>');
    expect(text).toContain('Reading and stopping work at once');
    expect((await user.json('/recover/options', {})).body).toEqual({ challenge: 'register' });
    expect((await user.json('/recover/passkey', { credential: 'forged' })).status).toBe(422);
    expect((await user.json('/recover/passkey', { credential: 'good' })).body).toEqual({ next: '/seat' });
    expect(world.memory.room('acme').seats.at(-1)).toMatchObject({ controller: paul.id, method: 'passkey' });
    expect((await user.get('/recover/welcome')).status).toBe(409);
    expect(JSON.stringify(world.memory.commands)).not.toMatch(/ABCD-?EFGH/);
  });

  test('is void for the second of two tabs, and for whoever is no longer named', async () => {
    const world = withPaul();
    const [one, other] = [stranger(world), stranger(world, 'fr')];
    await one.code(code);
    await other.code(code);
    expect((await one.json('/recover/passkey', { credential: 'good' })).status).toBe(200);
    expect((await other.json('/recover/passkey', { credential: 'good' })).body.code).toBe('recovery_unknown');
    expect((await other.get('/recover/welcome')).text).toContain('Ce code n’est pas valable');
    const gone = makeWorld();
    gone.memory.recoveries.set(recoveryProof(code).code, paul);
    const user = stranger(gone);
    await user.code(code);
    expect((await user.get('/recover/welcome')).status).toBe(403);
    expect((await user.json('/recover/passkey', { credential: 'good' })).body.code).toBe('not_nominated');
  });

  test('cannot be tried as often as one likes from one address', async () => {
    let left = 2;
    const world = withPaul();
    Object.assign(world.deps.signIn, { admitGuess: () => left-- > 0 });
    const user = stranger(world);
    expect((await user.code('AAAA')).status).toBe(422);
    expect((await user.code('AAAA')).status).toBe(422);
    expect((await user.code(code)).status).toBe(429);
  });
});

describe('whoever arrived', () => {
  const arrived = (client: string) =>
    seat('max', client, 'representative', {
      name: 'Max Vidal',
      seatedAt: start - hour,
      grantsFrom: start + 47 * hour,
      arrival: 'recovery',
    });

  test('stands on every page of the client’s people until each has seen it, and on nobody else’s', async () => {
    const world = makeWorld();
    world.memory.room('acme').seats.push(arrived('acme'));
    const [claire, marc] = [browser(world, 'claire'), browser(world, 'marc', 'fr')];
    for (const path of ['/people', '/agreements', '/activity', '/verify'])
      expect((await claire.get(path)).text).toContain('Max Vidal came back with a recovery code');
    expect((await claire.post('/people/seen')).status).toBe(303);
    expect((await claire.get('/agreements')).text).not.toContain('data-arrivals');
    expect((await marc.get('/activity')).text).toContain('Max Vidal est revenu avec un code de secours');
    for (const who of ['nadia', 'alice', 'david'])
      expect((await browser(world, who).get('/')).text).not.toContain('Max Vidal');
  });

  test('is confirmed by another representative alone, and only at their own client', async () => {
    const world = makeWorld();
    const room = world.memory.room('acme');
    const at = room.seats.findIndex(({ controller }) => controller === 'dana');
    const dana = room.seats[at];
    if (dana === undefined) throw new Error('dana sits');
    room.seats[at] = { ...dana, grantsFrom: start + hour, arrival: 'provider' };
    const claire = browser(world, 'claire');
    expect((await claire.get('/people')).text).toContain('/people/dana/confirm');
    expect((await browser(world, 'marc').get('/people')).text).not.toContain('/confirm');
    expect((await browser(world, 'nadia').post('/people/dana/confirm')).status).toBe(404);
    expect((await browser(world, 'dana').post('/people/dana/confirm')).status).toBe(403);
    expect((await claire.post('/people/dana/confirm')).headers.location).toBe('/people');
    expect((await claire.get('/people')).text).not.toContain('/people/dana/confirm');
    expect((await claire.post('/people/dana/confirm')).status).toBe(409);
  });
});
