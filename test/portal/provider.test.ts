/** The provider's own people read: what is open, rules, standing, rollout. A look into a client is an entry; nothing acts. */
import { describe, expect, test } from '@jest/globals';
import type { HookDelivery, HookState } from '../../src/core/hooks.ts';
import { endingStanding } from '../../src/core/standing-ending.ts';
import { browser } from './browser.ts';
import { makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';

const day = 86_400_000;
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

function working(): World {
  const world = makeWorld();
  world.memory.room('acme').openings.set('o1', {
    ...{
      id: 'o1',
      client: 'acme',
      person: 'alice',
      account: { issuer: 'i', subject: 's' },
      systems: ['erp'],
      operations: ['read'] as const,
    },
    ...{ purpose: 'hotline', reference: 'T-<b>1', note: 'secret note', grant: 'g1', login: 'login-alice' },
    authentication: { acr: undefined, amr: [], at: start },
    ...{ openedAt: start, endsAt: start + 3_600_000, endedAt: undefined, endCause: undefined },
  });
  world.memory.room('martin');
  return world;
}

const looks = (world: World, client: string) =>
  world.memory.commands.flatMap((command) =>
    command.do === 'append' && command.draft.t === 'log.read' && command.draft.client === client
      ? [command.draft]
      : [],
  );

describe('what is open', () => {
  test('across clients is how much and until when, and looks into nobody', async () => {
    for (const who of ['david', 'carla']) {
      const world = working();
      const { text } = await browser(world, who).get('/provider');
      expect(text).toContain('Acme');
      expect(text).toContain('href="/provider/open/acme"');
      expect(text).not.toContain('/provider/open/martin');
      for (const secret of ['Alice', 'T-', 'secret note', 'ERP']) expect(text).not.toContain(secret);
      expect(looks(world, 'acme')).toEqual([]);
    }
  });

  test('at one client is an entry in its log first, once in a quarter of an hour', async () => {
    const world = working();
    const david = browser(world, 'david');
    const { text } = await david.get('/provider/open/acme');
    expect(text).toContain('Alice Durand');
    expect(text).toContain('T-&lt;b>1');
    expect(text).not.toContain('secret note');
    await david.get('/provider/open/acme');
    expect(looks(world, 'acme')).toMatchObject([
      {
        fields: { by: 'provider', role: 'dpo', view: 'open' },
        person: 'david',
        groups: { person: { name: 'David Simon' } },
      },
    ]);
    expect(looks(world, 'martin')).toEqual([]);
    world.memory.now += 15 * 60_000;
    await david.get('/provider/open/acme');
    expect(looks(world, 'acme')).toHaveLength(2);
    await browser(world, 'carla').get('/provider/open/acme');
    expect(looks(world, 'acme').at(-1)).toMatchObject({ fields: { role: 'contact' } });
  });

  test('is not shown when the look cannot be recorded, and looked at again afterwards', async () => {
    const world = working();
    world.memory.failing = 'writes';
    const david = browser(world, 'david');
    const refused = await david.get('/provider/open/acme');
    expect(refused.status).toBe(503);
    expect(refused.text).not.toContain('Alice');
    world.memory.failing = 'no';
    expect((await david.get('/provider/open/acme')).text).toContain('Alice Durand');
    expect(looks(world, 'acme')).not.toHaveLength(0);
  });

  test('at a client that there is not is nothing', async () => {
    const world = working();
    for (const id of ['nobody', '..%2facme', 'ACME'])
      expect((await browser(world, 'david').get(`/provider/open/${id}`)).status).toBe(404);
  });

  test('is where a data protection officer starts', async () => {
    expect((await browser(working(), 'david').get('/')).text).toContain('Now open');
    expect((await browser(makeWorld(), 'david').get('/')).text).toContain('No access is open');
  });
});

describe('the rules in force', () => {
  const faults = [{ file: 'clients/acme.yaml', line: 7, column: 3, message: 'unknown key "<b>sytems"' }];

  test('are told with the faults of what is not', async () => {
    const world = makeWorld({ policyState: () => ({ readAt: start, faults, unread: false }) });
    const { text } = await browser(world, 'david').get('/provider/rules');
    expect(text).toContain(world.snapshot.hash);
    expect(text).toContain('clients/acme.yaml:7:3');
    expect(text).toContain('&lt;b>sytems');
    expect(text).toContain('what was changed is not in force');
  });

  test('or that all is well, or that they could not be taken over', async () => {
    expect((await browser(makeWorld(), 'carla').get('/provider/rules')).text).toContain('are in force');
    const world = makeWorld({ policyState: () => ({ readAt: start, faults: [], unread: true }) });
    expect((await browser(world, 'carla').get('/provider/rules')).text).toContain('could not be taken over');
  });
});

describe('standing', () => {
  const held = { from: 0, until: start + 400 * day };
  function person(id: string, changed: object = {}, standing: object = {}) {
    const [model] = makeWorld().snapshot.people.values();
    if (model === undefined) throw new Error('nobody works here');
    const all = { securityTraining: held, gdprTraining: held, charter: held, confidentiality: held };
    return {
      ...model,
      id,
      name: id,
      until: undefined,
      from: 0,
      ...changed,
      standing: { ...all, ...standing },
    };
  }

  test('that is missing, over or ends within 60 days is told, by what ends first', () => {
    const until = (days: number) => ({ from: 0, until: start + days * day });
    const people = [
      person('whole'),
      person('soon', {}, { gdprTraining: until(60) }),
      person('later', {}, { gdprTraining: { from: 0, until: start + 60 * day + 1 } }),
      person('over', {}, { charter: until(0) }),
      person('missing', {}, { confidentiality: undefined }),
      person('left', { until: start }, { charter: undefined }),
      person('next', { from: start + 10 * day }, { securityTraining: undefined }),
      person('far', { from: start + 61 * day }, { securityTraining: undefined }),
    ];
    expect(endingStanding(people, start).map(({ person: { id }, what }) => [id, what])).toEqual([
      ['missing', 'confidentiality'],
      ['next', 'securityTraining'],
      ['over', 'charter'],
      ['soon', 'gdprTraining'],
    ]);
  });

  test('is a page', async () => {
    const { text, status } = await browser(makeWorld(), 'david').get('/provider/standing');
    expect(status).toBe(200);
    expect(plain(text)).toMatch(/within 60 days/);
  });
});

describe('the webhook of our own', () => {
  const hook = { id: 'provider-1', origin: 'https://ops.provider.example' };
  const delivery = (id: string, more: Partial<HookDelivery> = {}): HookDelivery => ({
    ...{
      id,
      client: 'acme',
      type: 'robot.missed',
      madeAt: start,
      tries: 0,
      state: 'sent',
      nextAt: undefined,
    },
    ...more,
  });
  const state: HookState = {
    ...{ hook: hook.id, takenAt: start, failingSince: undefined, disabledAt: undefined, fault: undefined },
  };
  const page = async (
    states: readonly HookState[],
    deliveries: readonly HookDelivery[],
    language: 'en' | 'fr' = 'en',
  ) => {
    const asked: string[] = [];
    const world = makeWorld({
      providerHook: hook,
      hookStates: async (hooks) => states.filter((one) => hooks.includes(one.hook)),
      hookDeliveries: async (id) => {
        asked.push(id);
        return deliveries;
      },
    });
    const { text } = await browser(world, 'david', language).get('/provider/webhook');
    expect(asked).toEqual([hook.id]);
    return text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
  };

  test('says where it leads, what it is told and how the last messages went', async () => {
    const text = await page(
      [state],
      [
        delivery('a', { state: 'waiting', tries: 2, nextAt: start + 60_000, type: 'copy.overdue' }),
        delivery('b', { client: 'martin' }),
      ],
    );
    expect(text).toContain('Messages are taken.');
    expect(text).toContain('https://ops.provider.example');
    expect(text).toMatch(
      /Acme &lt;SA> a copy should be gone .* waits 2 attempts failed, next at 10:01 \+02:00/,
    );
    expect(text).toMatch(/Martin &amp; fils a robot that was expected did not come taken/);
  });

  test.each<[string, Partial<HookState>, RegExp, RegExp]>([
    [
      'an answer that is none',
      { failingSince: start, fault: 'status 500' },
      /Not taken since .*: the server answered 500/,
      /Non accepté depuis .* le serveur a répondu 500/,
    ],
    [
      'an address that may not be reached, which is told to its own operator',
      { failingSince: start, fault: 'address' },
      /leads where nothing may be sent/,
      /mène là où rien ne peut être envoyé/,
    ],
    [
      'giving up',
      { failingSince: start, disabledAt: start, fault: 'unreachable' },
      /Given up on .*: the server gave no answer.* Another address begins anew/,
      /Abandonné le .* Une autre adresse recommence/,
    ],
  ])('tells %s', async (_name, more, english, french) => {
    expect(await page([{ ...state, takenAt: undefined, ...more }], [])).toMatch(english);
    expect(await page([{ ...state, takenAt: undefined, ...more }], [], 'fr')).toMatch(french);
  });

  test('says so where nothing was sent yet, and where none is set', async () => {
    expect(await page([], [])).toMatch(/No message was sent yet\..*No message in the last 30 days/);
    const { text } = await browser(makeWorld(), 'carla').get('/provider/webhook');
    expect(text).toContain('CONSENTRY_PROVIDER_HOOK');
    expect(text).not.toContain('id="deliveries"');
  });

  test('is nothing for clients and technicians', async () => {
    for (const who of ['claire', 'alice'])
      expect((await browser(makeWorld(), who).get('/provider/webhook')).status).toBe(403);
  });
});

describe('the rollout', () => {
  test('tells of each client what the command does, without hosts', async () => {
    const world = makeWorld({ refusedMail: async () => new Map([['claire@acme.example', start]]) });
    const acme = world.snapshot.clients.get('acme');
    Object.assign(acme ?? {}, {
      controllers: acme?.controllers.map((one) =>
        one.id === 'claire' ? { ...one, mail: 'claire@acme.example' } : one,
      ),
    });
    const { text } = await browser(world, 'carla').get('/provider/rollout');
    expect(text).toContain('Acme');
    expect(text).toContain('Martin');
    expect(text).toContain('mail to claire is refused since 2026-10-05');
    expect(text).not.toContain('does not resolve');
    expect(text).not.toContain('claire@');
    expect(plain(text)).toContain('3 of 3 enrolled, 3 invited');
    const french = await browser(world, 'carla').get('/provider/rollout?lang=fr');
    expect(plain(french.text)).toContain('les courriels à claire sont refusés depuis le 2026-10-05');
    expect(plain(french.text)).toContain('3 inscrites sur 3, 3 invitées');
    expect(plain(french.text)).toContain('1 inscrite sur 1, 1 invitée<');
  });

  test('is fifty clients at a time', async () => {
    const world = makeWorld();
    const acme = world.snapshot.clients.get('acme');
    if (acme === undefined) throw new Error('acme is missing');
    const many = Array.from({ length: 51 }, (_, nth) => `c${String(nth).padStart(2, '0')}`);
    Object.assign(world.snapshot, {
      clients: new Map(many.map((id) => [id, { ...acme, id, name: `Client ${id}` }])),
    });
    const david = browser(world, 'david');
    const first = await david.get('/provider/rollout');
    expect(first.text).toContain('Client c49');
    expect(first.text).not.toContain('Client c50');
    expect(first.text).toContain('href="/provider/rollout?after=c49"');
    const second = await david.get('/provider/rollout?after=c49');
    expect(second.text).toContain('Client c50');
    expect(second.text).not.toContain('Client c49');
  });
});

test('nobody of a client, and no technician, gets in', async () => {
  for (const who of ['claire', 'dana', 'marc', 'alice'])
    for (const path of ['', '/open/acme', '/rules', '/standing', '/rollout'])
      expect((await browser(working(), who).get(`/provider${path}`)).status).toBe(403);
});

test('what they see has no form but the one to sign out', async () => {
  for (const path of ['', '/open/acme', '/rules', '/standing', '/rollout']) {
    const { text } = await browser(working(), 'david').get(`/provider${path}`);
    expect(text.match(/<form/g)).toHaveLength(1);
    expect(text).toContain('action="/sign-out"');
  }
});
