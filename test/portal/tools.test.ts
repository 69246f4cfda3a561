/** Connecting a tool on the page of an access: the credential is on one answer and nowhere else; and every bad input. */
import { expect, test } from '@jest/globals';
import { toolHash } from '../../src/core/tool.ts';
import { browser } from './browser.ts';
import { makeWorld, type World, wish } from './world.ts';

async function opened(world: World, language: 'en' | 'fr' = 'en') {
  const alice = browser(world, 'alice', language);
  const form = { ...wish, systems: 'erp', purpose: 'hotline', reference: 'T-1', note: '', minutes: '30' };
  expect((await alice.post('/declare', form)).status).toBe(303);
  const [opening] = world.memory.room('acme').openings.values();
  if (opening === undefined) throw new Error('an access is declared');
  return { alice, opening, page: `/openings/${opening.id}`, form: `/openings/${opening.id}/tools` };
}

const secretIn = (text: string): string => /ctool_[\w-]{43}/.exec(text)?.[0] ?? '';
const made = (world: World) => world.memory.commands.filter((command) => command.do === 'tool');

test('the credential is shown once, with the ways to send it; its hash alone goes on', async () => {
  const world = makeWorld();
  const { alice, opening, page, form } = await opened(world);
  expect((await alice.get(page)).text).toContain(`action="${form}"`);
  const answer = await alice.post(form, {});
  const secret = secretIn(answer.text);
  expect([answer.status, answer.headers['cache-control'], secret.length]).toEqual([200, 'no-store', 49]);
  expect(made(world)).toEqual([{ do: 'tool', client: 'acme', opening: opening.id, hash: toolHash(secret) }]);
  expect(JSON.stringify(world.memory.commands)).not.toContain(secret);
  expect(answer.text).toContain(`curl -u any:CREDENTIAL http`);
  expect((await alice.get(page)).text).not.toContain('ctool_');
  const second = await alice.post(form, {});
  expect(secretIn(second.text)).not.toBe(secret);
});

test('in French it is said in French', async () => {
  const world = makeWorld();
  const { alice, form } = await opened(world, 'fr');
  expect((await alice.post(form, {})).text).toContain('il n’est affiché qu’une fois');
});

test('nothing is made for an access that has ended, is another’s or was stopped, nor by a forged form', async () => {
  const world = makeWorld();
  const { alice, opening, page, form } = await opened(world);
  expect((await alice.post(form, { csrf: 'forged' })).status).toBe(403);
  expect((await alice.post('/openings/of-nobody/tools', {})).status).toBe(404);
  expect((await browser(world, 'claire').post(form, {})).status).toBe(403);
  expect(made(world)).toEqual([]);
  const room = world.memory.room('acme');
  room.blocked.set(opening.id, opening);
  expect((await alice.post(form, {})).status).toBe(409);
  expect(made(world)).toEqual([]);
  room.blocked.delete(opening.id);
  world.memory.now = opening.endsAt;
  const late = await alice.post(form, {});
  expect([late.status, secretIn(late.text)]).toEqual([409, '']);
  expect(late.text).toContain('This access has ended');
  expect((await alice.get(page)).text).not.toContain(`action="${form}"`);
});

test('the client reads which exchanges a program sent', async () => {
  const world = makeWorld();
  const { opening } = await opened(world);
  const fields = {
    session: opening.id,
    system: 'erp',
    grant: opening.grant,
    operation: 'read',
    method: 'GET',
  };
  const target = { path: '/customers' };
  world.memory.write({
    client: 'acme',
    t: 'access.intent',
    id: 'x1',
    fields: { ...fields, tool: true },
    groups: { target },
  });
  const seen = (await browser(world, 'claire').get('/activity')).text;
  expect(seen).toContain('sent by a program that was connected to this access');
  expect((await browser(world, 'marc', 'fr').get('/activity')).text).toContain('envoyé par un programme');
});
