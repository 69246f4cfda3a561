/** What the client handed over: shown to whoever acts for it, named on what it agrees to. */
import { describe, expect, test } from '@jest/globals';
import type { RegisteredCredential } from '../../src/core/credential.ts';
import type { System } from '../../src/core/model.ts';
import { browser } from './browser.ts';
import { makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';

const day = 86_400_000;

function registered(more: Partial<RegisteredCredential> = {}): RegisteredCredential {
  return {
    id: 'c1',
    system: 'erp',
    kind: 'basic',
    account: 'acme-provider',
    file: 'erp',
    handedOverBy: 'Claire <Dubois>',
    handedOverOn: '2026-01-10',
    document: 'PV-2026-1',
    recordedAt: start - 9 * day,
    rotateBy: start + 30 * day,
    rotatedAt: undefined,
    returnedAt: undefined,
    usedAt: undefined,
    ...more,
  };
}

function withRegister(...rows: RegisteredCredential[]): World {
  const world = makeWorld();
  world.memory.room('acme').credentials.push(...rows);
  return world;
}

describe('the register', () => {
  test('names system, account, who handed it over and when, escaped', async () => {
    const { text } = await browser(withRegister(registered()), 'marc', 'en').get('/credentials');
    for (const shown of [
      'acme-provider',
      'Claire &lt;Dubois',
      '10 January 2026',
      'PV-2026-1',
      'password',
      'never',
      'in use',
    ])
      expect(text).toContain(shown);
    expect(text).not.toContain('<Dubois>');
  });

  test.each([
    ['overdue', { rotateBy: start }, 'replacement overdue', 'remplacement en retard'],
    ['given back', { returnedAt: start - day, rotateBy: start }, 'given back', 'rendu'],
    ['without a day', { rotateBy: undefined }, 'no day agreed', 'aucune date convenue'],
    ['replaced', { rotatedAt: start - day }, 'last on', 'dernier le'],
  ])('says that one is %s', async (_, more, en, fr) => {
    const world = withRegister(registered(more));
    expect((await browser(world, 'claire', 'en').get('/credentials')).text).toContain(en);
    expect((await browser(world, 'claire', 'fr').get('/credentials')).text).toContain(fr);
  });

  test('of another client is not shown', async () => {
    const { text } = await browser(withRegister(registered()), 'nadia', 'en').get('/credentials');
    expect(text).not.toContain('acme-provider');
    expect(text).toContain('You have handed over no credentials');
  });
});

describe('an agreement about a system with a credential', () => {
  function handedOver(): World {
    const world = makeWorld();
    const systems = world.snapshot.clients.get('acme')?.systems as Map<string, System>;
    const erp = systems.get('erp');
    if (erp === undefined) throw new Error('no ERP');
    const { account, handedOverBy, handedOverOn, document, file, kind } = registered();
    const words = { account, handedOverBy, handedOverOn, document, file, kind };
    systems.set('erp', { ...erp, credential: { ...words, header: undefined, rotateBy: undefined } });
    return world;
  }

  async function agreed(system: string, language: string) {
    const world = handedOver();
    const user = browser(world, 'claire', language);
    const scope = { systems: [system], purposes: ['hotline'], operations: ['read'], who: 'assigned' };
    await user.post('/agreements/new', { ...scope, from: '2026-10-05', until: '2026-11-05' });
    const { text } = await user.get('/agreements/review');
    const textHash = /sha256:[\w-]{43}/.exec(text)?.[0] ?? '';
    await user.post('/agreements/sign', { textHash, evaluation: '1' });
    const command = world.memory.commands.find(({ do: name }) => name === 'grant');
    return { text, command };
  }

  test.each([
    ['en', 'They work with these accounts'],
    ['fr', 'Elles travaillent avec ces comptes'],
  ])('names the account in the text that is signed and on the agreement (%s)', async (language, sentence) => {
    const { text, command } = await agreed('erp', language);
    expect(text).toContain(sentence);
    expect(command).toMatchObject({ grant: { upstreamAccount: 'erp: acme-provider' } });
    expect(command).toMatchObject({ text: expect.stringContaining('(acme-provider)') });
  });

  test('without one says nothing about accounts', async () => {
    const { text, command } = await agreed('backup', 'en');
    expect(text).not.toContain('these accounts');
    expect(command).toMatchObject({ grant: { upstreamAccount: undefined } });
  });
});
