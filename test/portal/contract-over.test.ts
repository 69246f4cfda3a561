/** After the end of a contract no page offers what would be refused, and each says since when it is over. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { writeEnding } from '../../src/core/ending.ts';
import { browser } from './browser.ts';
import { makeWorld, type World, wish } from './world.ts';
import { start } from './world-rules.ts';
import { asked, frameOf, grant, proposed } from './world-things.ts';

const day = 24 * 3_600_000;
const over = 'The contract has been over since';
let world: World;

beforeEach(() => {
  world = makeWorld();
});

/** Acme gave notice of yesterday, and the log says so. */
function end(): void {
  const terms = { lastDay: '2026-10-04', choice: undefined, by: '', note: '' };
  const { text } = writeEnding(
    { client: 'acme', version: 1, language: 'en', author: 'Claire Martin', zone: 'Europe/Paris' },
    terms,
    ['The last day of the contract is 4 October 2026.'],
  );
  world.memory.endings.run(
    { do: 'ending-set', client: 'acme', text, evidence: {} as never },
    start - 3 * day,
  );
  world.memory.endings.begin('acme', Date.parse('2026-10-04T22:00:00Z'), { cause: 'notice' });
}

/** Acme's file says so, and the log not yet. */
function endByFile(): void {
  const acme = world.snapshot.clients.get('acme');
  if (acme === undefined) throw new Error('no acme');
  (world.snapshot.clients as Map<string, typeof acme>).set('acme', { ...acme, status: 'ended' });
}

describe('the client', () => {
  test('reads on its agreements that the contract is over, and may only take away', async () => {
    const rests = grant('g2', { status: 'suspended', until: start + 5 * day });
    world.memory.room('acme').grants.set('g2', { ...rests, text: '{}' });
    const claire = browser(world, 'claire');
    const before = (await claire.get('/agreements')).text;
    for (const offered of ['href="/agreements/new"', 'href="/agreements/g2/resume"'])
      expect(before).toContain(offered);
    end();
    const { text } = await claire.get('/agreements');
    expect(text).toContain(over);
    expect(text).toContain('href="/ending"');
    expect(text).toContain('href="/agreements/g2/revoke"');
    expect(text).not.toMatch(/href="\/agreements\/(new|\w+\/resume)/);
    expect((await claire.get('/agreements/g2')).text).not.toContain('/resume"');
    expect((await browser(world, 'claire', 'fr').get('/agreements')).text).toContain(
      'Le contrat est terminé depuis le',
    );
  });

  test.each(['/agreements/new', '/agreements/g1/resume', '/people/frames/new', '/people/substitutes/new'])(
    'gets no form at %s',
    async (path) => {
      end();
      const answer = await browser(world, 'claire').get(path);
      expect([answer.status, answer.text.includes('contract_over')]).toEqual([409, true]);
      expect((await makeWorldBrowser(path)).status).toBe(200);
    },
  );

  test('is not asked to decide what it cannot agree to any more', async () => {
    const room = world.memory.room('acme');
    room.proposals.set('p1', proposed('p1'));
    room.requests.set('r1', asked('r1'));
    const claire = browser(world, 'claire');
    expect((await claire.get('/')).text).toContain('/proposals/p1');
    expect((await claire.get('/proposals/p1')).text).toContain('action="/proposals/p1/decline"');
    expect((await claire.get('/requests/r1')).text).toContain('action="/requests/r1/approve"');
    end();
    expect((await claire.get('/')).text).not.toContain('/proposals/p1');
    const proposal = (await claire.get('/proposals/p1')).text;
    expect(proposal).toContain(over);
    expect(proposal).not.toContain('action="/proposals/p1/decline"');
    const request = (await claire.get('/requests/r1')).text;
    expect(request).toContain(over);
    expect(request).not.toMatch(/action="\/requests\/r1\/(approve|ask)"/);
    expect(request).toContain('action="/requests/r1/refuse"');
  });

  test('takes frames back, and gives none', async () => {
    world.memory.room('acme').delegations.set('d1', frameOf('d1'));
    end();
    const { text } = await browser(world, 'claire').get('/people');
    expect(text).toContain('/people/frames/d1/revoke');
    expect(text).not.toContain('href="/people/frames/new"');
  });
});

/** The same page where the contract goes on. */
async function makeWorldBrowser(path: string) {
  return browser(makeWorld(), 'claire').get(path);
}

describe('the technician', () => {
  test.each([
    ['by notice', end, 'contract over since 5 October 2026', over],
    ['by the file', endByFile, 'contract over<', 'The contract is over.'],
  ])('reads it of a contract that ended %s, and is offered nothing', async (_name, ends, tag, said) => {
    ends();
    const alice = browser(world, 'alice');
    const desk = (await alice.get('/')).text;
    expect(desk).toContain(`<span class="tag">${tag}`);
    const list = desk.slice(desk.indexOf('client-acme'), desk.indexOf('client-martin'));
    expect(list).not.toContain('class="button"');
    expect((await alice.get('/?q=erp')).text).toContain(tag);
    for (const path of [`/declare?${new URLSearchParams(wish)}`, '/enter?systems=acme/erp']) {
      const { text } = await alice.get(path);
      expect(text).toContain(said);
      expect(text).not.toContain('action="/declare"');
      expect(text).not.toContain('/requests/new');
    }
    const form = (await alice.get('/requests/new?system=acme/erp')).text;
    expect(form).toContain(said);
    expect(form).not.toContain('action="/requests/new"');
  });

  test('reads it of a request that waits, and need not remind anybody', async () => {
    world.memory
      .room('acme')
      .requests.set('r1', asked('r1', { raisedAt: start - day, changedAt: start - day }));
    const alice = browser(world, 'alice');
    expect((await alice.get('/requests/r1')).text).toContain('action="/requests/r1/remind"');
    end();
    const { text } = await alice.get('/requests/r1');
    expect(text).toContain(over);
    expect(text).not.toContain('action="/requests/r1/remind"');
  });

  test('works for other clients as before', async () => {
    end();
    expect((await browser(world, 'alice').get('/enter?systems=martin/payroll')).text).toContain(
      'action="/declare"',
    );
  });
});

test('the contact is offered no such client to propose to', async () => {
  end();
  const carla = browser(world, 'carla');
  const { text } = await carla.get('/proposals');
  expect(text).toContain('<option value="martin"');
  expect(text).not.toContain('<option value="acme"');
  const form = { id: 'a'.repeat(22), client: 'acme', template: 'hotline' };
  expect((await carla.post('/proposals', form)).status).toBe(422);
});
