/** The page of people: a mail address with an invitation, mail that is refused, and people who never look. */
import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../src/core/faults.ts';
import { browser, type Form } from './browser.ts';
import { makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';

const form: Form = {
  ...{ id: 'p-0123456789abcdef', name: 'Paul Roche', function: 'Accountant' },
  ...{ role: 'delegate', mail: 'paul@acme.example' },
};
const invited = (world: World) => world.memory.commands.filter((command) => command.do === 'invite');
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('inviting somebody', () => {
  test('may name a mail address for notices', async () => {
    const world = makeWorld();
    expect((await browser(world, 'claire').post('/people', form)).status).toBe(200);
    expect(invited(world)).toMatchObject([{ nominee: { name: 'Paul Roche', mail: 'paul@acme.example' } }]);
  });

  test('needs none', async () => {
    const world = makeWorld();
    await browser(world, 'claire').post('/people', { ...form, mail: '' });
    const [command] = invited(world);
    expect(command?.do === 'invite' && command.nominee).not.toHaveProperty('mail');
  });

  test.each([
    'paul',
    'a@acme.example, b@acme.example',
    'a@acme.example\r\nBcc: b@x.example',
    'é@acme.example',
  ])('not with %j', async (mail) => {
    const world = makeWorld();
    const answer = await browser(world, 'claire').post('/people', { ...form, mail });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Give one mail address');
    expect(invited(world)).toEqual([]);
  });
});

describe('the list of people', () => {
  const refused = new Map([['claire@acme.example', start - 86_400_000]]);
  function reached(refusedMail = async () => refused as ReadonlyMap<string, number>): World {
    const world = makeWorld({ refusedMail });
    const acme = world.snapshot.clients.get('acme');
    Object.assign(acme ?? {}, {
      controllers: acme?.controllers.map((one) =>
        one.id === 'claire' ? { ...one, mail: 'Claire@acme.example' } : one,
      ),
    });
    return world;
  }

  test('says whom mail does not reach, to everybody of the client', async () => {
    for (const who of ['claire', 'marc']) {
      const page = plain((await browser(reached(), who).get('/people')).text);
      expect(page).toContain('Mail to this person has been refused since 4 October 2026');
      expect(page.match(/has been refused/g)).toHaveLength(1);
    }
  });

  test('is there when that cannot be found out', async () => {
    const page = await browser(
      reached(() => Promise.reject(new Fault('ledger_unavailable', 'gone'))),
      'claire',
    ).get('/people');
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('has been refused');
  });

  test('says who has not looked for 90 days, once the seat is old enough', async () => {
    const world = makeWorld();
    const people = async () => plain((await browser(world, 'claire').get('/people')).text);
    expect(await people()).not.toContain('Has not looked here');
    world.memory.now = start + 95 * 86_400_000;
    const before = (await people()).match(/Has not looked here for 90 days/g)?.length;
    expect(before).toBe(3);
    // A look at the first page is a visit.
    await browser(world, 'marc').get('/history');
    expect((await people()).match(/Has not looked here for 90 days/g)).toHaveLength(2);
  });
});
