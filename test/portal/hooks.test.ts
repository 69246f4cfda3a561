/** The webhooks on the connections page: added with a secret that is shown once, seen, removed; and every bad input. */
import { describe, expect, test } from '@jest/globals';
import type { HookState } from '../../src/core/hooks.ts';
import type { Client } from '../../src/core/model.ts';
import { browser } from './browser.ts';
import { makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';

const form = {
  address: 'https://hooks.acme.example/in?token=abc',
  events: ['access.opened', 'access.stopped'],
};
const path = '/connections/hooks';
const added = (world: World) => world.memory.commands.filter((command) => command.do === 'hook-add');

describe('a webhook', () => {
  test('is added by a representative; its secret is on that page and nowhere else', async () => {
    const world = makeWorld();
    const claire = browser(world, 'claire');
    const page = await claire.post(path, form);
    expect([page.status, page.headers['cache-control']]).toEqual([200, 'no-store']);
    const [secret = ''] = /whsec_[A-Za-z0-9+/]{43}=/.exec(page.text) ?? [];
    expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
    expect([...world.memory.secrets.values()]).toEqual([secret]);
    expect(added(world)[0]).toMatchObject({
      client: 'acme',
      hook: { address: form.address, events: form.events },
      by: { seat: 'seat-claire', role: 'representative' },
    });
    const list = (await claire.get('/connections')).text;
    expect(list).toContain('https://hooks.acme.example');
    expect(list).toContain('an access is opened, an access was stopped by you');
    expect(list).not.toMatch(/whsec_|token=abc/);
    expect((await browser(world, 'marc', 'fr').get('/connections')).text).toContain('un accès est ouvert');
    expect((await browser(world, 'nadia').get('/connections')).text).not.toContain('hooks.acme.example');
  });

  test('is removed; who only reads sees it and has no form', async () => {
    const world = makeWorld();
    const claire = browser(world, 'claire');
    await claire.post(path, form);
    const [hook] = world.memory.hooks;
    const remove = `${path}/${hook?.id}/remove`;
    expect((await claire.get('/connections')).text).toContain(remove);
    const marc = browser(world, 'marc');
    const seen = (await marc.get('/connections')).text;
    expect(seen).toContain('https://hooks.acme.example');
    expect(seen).not.toMatch(/Add a webhook|\/remove/);
    expect((await marc.post(remove)).status).toBe(403);
    expect((await marc.post(path, form)).status).toBe(403);
    expect((await browser(world, 'nadia').post(remove)).status).toBe(404);
    expect((await claire.get(remove)).status).toBe(404);
    expect((await claire.post(remove)).status).toBe(303);
    expect(world.memory.hooks[0]?.removedAt).toBe(start);
    expect((await claire.get('/connections')).text).not.toContain(remove);
    expect((await claire.post(`${path}/nothing/remove`)).status).toBe(404);
  });

  test.each<[string, Partial<HookState>, RegExp, RegExp]>([
    ['works', { takenAt: start }, /In force/, /En vigueur/],
    [
      'is down',
      { failingSince: start, fault: 'unreachable' },
      /Not taken since .*2026.*: the server gave no answer, or may not be reached from here\. It is tried again for five days/,
      /Non accepté depuis .*2026.*: le serveur n’a pas répondu/,
    ],
    [
      'answers badly',
      { failingSince: start, fault: 'status 500' },
      /the server answered 500/,
      /a répondu 500/,
    ],
    [
      'leads elsewhere',
      { failingSince: start, fault: 'address' },
      // The same words as for a silent server: names of our networks are not told by guessing.
      /Not taken since .*2026.*: the server gave no answer, or may not be reached from here\. It is/,
      /le serveur n’a pas répondu, ou ne peut pas être joint depuis ici/,
    ],
    [
      'was given up',
      { failingSince: start, disabledAt: start + 5 * 86_400_000, fault: 'status 410' },
      /Given up on .*: the server answered 410\. Remove it and add it anew/,
      /Abandonné le .*: le serveur a répondu 410/,
    ],
  ])('that %s says so', async (_, state, english, french) => {
    const none = { takenAt: undefined, failingSince: undefined, disabledAt: undefined, fault: undefined };
    const world = makeWorld({
      hookStates: async (ids) => ids.map((hook) => ({ hook, ...none, ...state })),
    });
    await browser(world, 'claire').post(path, form);
    expect((await browser(world, 'claire').get('/connections')).text).toMatch(english);
    expect((await browser(world, 'claire', 'fr').get('/connections')).text).toMatch(french);
  });

  test('of somebody who no longer sits has ended', async () => {
    const world = makeWorld();
    const claire = browser(world, 'claire');
    await claire.post(path, form);
    const [hook] = world.memory.hooks;
    if (hook !== undefined) world.memory.hooks[0] = { ...hook, seat: 'seat-gone' };
    const list = (await claire.get('/connections')).text;
    expect(list).toContain('Ended');
    expect(list).not.toContain('/remove');
  });

  test('stands among the lines: where it leads, and that it was removed', async () => {
    const world = makeWorld();
    const fields = { hook: 'h', seat: 'seat-claire', role: 'representative' };
    const line = { client: 'acme', fields };
    world.memory.write({
      ...line,
      t: 'hook.added',
      id: 'l1',
      groups: { work: { note: 'https://h.example' } },
    });
    world.memory.write({ ...line, t: 'hook.removed', id: 'l2' });
    const text = (await browser(world, 'claire').get('/activity')).text;
    expect(text).toContain('Webhook added');
    expect(text).toContain('https://h.example');
    expect(text).toContain('Webhook removed');
    expect((await browser(world, 'claire', 'fr').get('/activity')).text).toContain('Webhook retiré');
  });
});

describe('bad input', () => {
  test.each([
    ['no address', { ...form, address: '' }, 'Give a whole https address'],
    ['http', { ...form, address: 'http://hooks.acme.example/' }, 'Give a whole https address'],
    ['a private address', { ...form, address: 'https://10.0.0.1/' }, 'Give a whole https address'],
    ['this machine', { ...form, address: 'https://localhost/' }, 'Give a whole https address'],
    ['metadata', { ...form, address: 'https://169.254.169.254/latest' }, 'Give a whole https address'],
    ['HTML', { ...form, address: '"><img src=x onerror=1>' }, 'Give a whole https address'],
    ['nothing ticked', { address: form.address, events: [] }, 'Tick at least one thing'],
    [
      'something that there is not',
      { ...form, events: ['access.opened', 'everything'] },
      'Tick at least one thing',
    ],
  ])('%s is said at its field; nothing is written', async (_, sent, said) => {
    const world = makeWorld({ evaluation: false });
    const page = await browser(world, 'claire').post(path, sent);
    expect([page.status, added(world)]).toEqual([422, []]);
    expect(page.text).toContain(said);
    expect(page.text).not.toContain('<img src=x');
    if (sent.address !== '' && sent.address !== '"><img src=x onerror=1>')
      expect(page.text).toContain(`value="${sent.address}"`);
  });

  test('a private address is taken where the rules say so', async () => {
    const world = makeWorld({ evaluation: false });
    const clients = world.snapshot.clients as Map<string, Client>;
    const acme = clients.get('acme');
    if (acme !== undefined) clients.set('acme', { ...acme, privateHooks: true });
    const page = await browser(world, 'claire').post(path, { ...form, address: 'https://10.0.0.1/in' });
    expect(page.status).toBe(200);
  });

  test('without a token of the session nothing happens', async () => {
    const world = makeWorld();
    const page = await browser(world, 'claire').post(path, { ...form, csrf: 'wrong' });
    expect([page.status, added(world)]).toEqual([403, []]);
  });
});
