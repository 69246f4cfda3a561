/** Taking a seat by invitation, without any account: link and code, the passkey, and what refuses each. */
import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { invitationProof } from '../../src/core/invitation.ts';
import { type ControllerUser, passkeyAccount } from '../../src/core/model.ts';
import { browser } from './browser.ts';
import { hidden, makeWorld, type World } from './world.ts';

const paul: ControllerUser = {
  id: 'p-0123456789abcdef',
  client: 'acme',
  name: 'Paul Roche',
  function: 'Accountant',
  role: 'delegate',
  authority: 'DOC-9',
  ...passkeyAccount('acme', 'p-0123456789abcdef'),
};

function invite(world: World, nominee: ControllerUser, byClient = true): void {
  const { link, code } = invitationProof('the-link', 'ABCD-0123');
  world.memory.invites.set(link, { code, nominee, byClient });
}

/** A browser in which nobody is signed in. */
function stranger(world: World) {
  const agent = request.agent(world.app);
  const page = <T extends request.Test>(test: T): T =>
    test.set('accept', 'text/html').set('accept-language', 'en');
  const get = (path: string) => page(agent.get(path));
  let known = '';
  // The token comes first: the agent attaches its cookies when a request is made, not when it is sent.
  const token = async () => {
    known ||= hidden((await get('/enrol')).text, 'csrf');
    return known;
  };
  return {
    get,
    async code(link: string, code: string) {
      const csrf = await token();
      return page(agent.post('/enrol')).type('form').send({ csrf, link, code });
    },
    async json(path: string, body: object) {
      const csrf = await token();
      return agent.post(path).set('accept', 'application/json').set('x-csrf-token', csrf).send(body);
    },
  };
}

describe('an invited person', () => {
  test('needs link and code, sees who they will be, and is seated by their passkey', async () => {
    const world = makeWorld();
    invite(world, paul);
    const user = stranger(world);
    expect((await user.get('/enrol')).text).not.toContain('Acme');
    expect((await user.code('other', 'ABCD-0123')).status).toBe(404);
    const wrong = await user.code('the-link', 'ABCD-0124');
    expect([wrong.status, hidden(wrong.text, 'link')]).toEqual([422, 'the-link']);
    expect(wrong.text).toContain('4\u00a0tries are left.');
    expect((await user.code('the-link', ' abcd ol23')).headers.location).toBe('/enrol/welcome');
    const { text } = await user.get('/enrol/welcome');
    for (const told of ['Act for Acme &lt;SA>', 'Paul Roche, Accountant', 'delegate', 'DOC-9'])
      expect(text).toContain(told);
    expect((await user.json('/enrol/options', {})).body).toEqual({ challenge: 'register' });
    expect((await user.json('/enrol/passkey', { credential: 'forged' })).status).toBe(422);
    const { next, codes } = (await user.json('/enrol/passkey', { credential: 'good' })).body;
    expect(next).toBe('/seat');
    // Shown in this answer alone; the log's writer got hashes.
    expect(new Set(codes).size).toBe(5);
    expect(JSON.stringify(world.memory.commands)).not.toContain(codes[0]);
    expect(world.memory.room('acme').seats.at(-1)).toMatchObject({
      client: 'acme',
      controller: paul.id,
      ...passkeyAccount('acme', 'p-0123456789abcdef'),
      role: 'delegate',
      method: 'passkey',
      credentialId: 'cred',
    });
    expect((await user.get('/enrol/welcome')).status).toBe(409);
    expect(JSON.stringify(world.memory.commands)).not.toMatch(/the-link|ABCD/);
  });

  test('whom the provider’s files no longer name is not seated, and one invited by the client is', async () => {
    const world = makeWorld();
    invite(world, paul, false);
    const user = stranger(world);
    await user.code('the-link', 'ABCD-0123');
    expect((await user.get('/enrol/welcome')).status).toBe(403);
    expect((await user.json('/enrol/passkey', { credential: 'good' })).body.code).toBe('not_nominated');
    invite(world, paul);
    expect((await user.get('/enrol/welcome')).status).toBe(200);
  });

  test('with an account elsewhere signs in there first, as the very one who was named', async () => {
    const world = makeWorld();
    const claire = world.snapshot.clients.get('acme')?.controllers.find(({ id }) => id === 'claire');
    if (claire === undefined) throw new Error('claire is named');
    world.memory.room('acme').seats.splice(0);
    invite(world, claire, false);
    const user = stranger(world);
    await user.code('the-link', 'ABCD-0123');
    expect((await user.get('/enrol/welcome')).text).toContain('return=%2Fenrol');
    expect((await user.json('/enrol/options', {})).status).toBe(403);
    const nadia = browser(world, 'nadia');
    await nadia.post('/enrol', { link: 'the-link', code: 'ABCD-0123' });
    expect((await nadia.json('/enrol/passkey', { credential: 'good' })).body.code).toBe('sign_in_first');
    const herself = browser(world, 'claire');
    await herself.post('/enrol', { link: 'the-link', code: 'ABCD-0123' });
    expect((await herself.json('/enrol/passkey', { credential: 'good' })).status).toBe(200);
    expect(world.memory.room('acme').seats).toHaveLength(1);
  });
});
