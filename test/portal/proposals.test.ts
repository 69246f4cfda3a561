/** Proposals: made by a contact, permit nothing, answered by a representative once, for no more than was proposed. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Operation } from '../../src/core/model.ts';
import { beyondProposal, type Proposal } from '../../src/core/proposals.ts';
import { browser, type Form } from './browser.ts';
import { makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';
import { proposed } from './world-things.ts';

const day = 24 * 3_600_000;
const all: Form = {
  systems: ['erp', 'backup'],
  purposes: ['hotline', 'support'],
  operations: ['read', 'write'],
  who: 'assigned',
  until: '2027-01-03',
  budgetOpenings: '20',
};

function withProposal(more: Partial<Proposal> = {}): World {
  const world = makeWorld();
  world.memory.room('acme').grants.clear();
  world.memory.room('acme').proposals.set('p1', proposed('p1', more));
  return world;
}

function done(world: World, what: 'propose' | 'decline' | 'grant') {
  return world.memory.commands.filter((command) => command.do === what);
}

describe('proposing', () => {
  const sent = { id: 'x'.repeat(22), client: 'acme', template: 'hotline' };

  test('a contact starts on the form, chooses client and template, and sees how it was answered', async () => {
    const world = makeWorld();
    const carla = browser(world, 'carla');
    expect((await carla.get('/')).text).toContain('Propose an agreement');
    const form = await carla.get('/proposals?client=acme');
    expect(form.text).toContain('About hotline.');
    const answer = await carla.post('/proposals', sent);
    expect(answer.status).toBe(303);
    expect(done(world, 'propose')).toMatchObject([
      {
        proposal: {
          ...{ client: 'acme', template: 'hotline', by: 'carla', systems: ['erp', 'backup'], days: 90 },
          ...{ purposes: ['hotline', 'support'], operations: ['read', 'write'], people: ['assigned'] },
          ...{ budget: { per: 'week', zone: 'Europe/Paris', openings: 20 }, until: start + 30 * day },
        },
      },
    ]);
    const page = await carla.get(answer.headers.location ?? '');
    expect(page.text).toContain('The proposal is recorded');
    expect(page.text).toContain('Waiting for an answer');
  });

  test('the same form sent twice is one proposal', async () => {
    const world = makeWorld();
    const carla = browser(world, 'carla');
    for (let i = 0; i < 2; i += 1) expect((await carla.post('/proposals', sent)).status).toBe(303);
    expect(world.memory.room('acme').proposals.size).toBe(1);
  });

  test.each([
    ['no client', { client: '' }, 'Choose a client'],
    ['a client that is none', { client: 'toString' }, 'Choose a client'],
    ['no template', { template: '' }, 'Choose a template'],
    ['a form of its own', { id: 'short' }, 'Choose a template'],
  ])('refuses %s', async (_name, change, message) => {
    const world = makeWorld();
    const answer = await browser(world, 'carla').post('/proposals', { ...sent, ...change });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(message);
    expect(done(world, 'propose')).toEqual([]);
  });
});

describe('the client', () => {
  test('sees it under "waiting for you" with its lapse, and what it would let happen; only a representative answers', async () => {
    const world = withProposal();
    for (const who of ['claire', 'dana', 'marc']) {
      const user = browser(world, who);
      const home = await user.get('/');
      expect(home.text).toMatch(/Waiting for you[\s\S]*href="\/proposals\/p1"/);
      expect(home.text).toContain('lapses in');
      const page = await user.get('/proposals/p1');
      expect(page.text).toContain('Alice Durand');
      expect(page.text.includes('/proposals/p1/decline')).toBe(who === 'claire');
      expect(page.text.includes('Read the text to sign')).toBe(who === 'claire');
    }
  });

  test('of somebody else does not see it', async () => {
    const world = withProposal();
    const nadia = browser(world, 'nadia');
    for (const answer of [
      await nadia.get('/proposals/p1'),
      await nadia.post('/proposals/p1/agree', all),
      await nadia.post('/proposals/p1/decline', {}),
    ])
      expect(answer.status).toBe(404);
    expect(world.memory.room('acme').proposals.get('p1')?.status).toBe('waiting');
  });

  async function toReview(world: World, form: Form = all) {
    const user = browser(world, 'claire');
    expect((await user.post('/proposals/p1/agree', form)).headers.location).toBe('/agreements/review');
    const review = await user.get('/agreements/review');
    const textHash = /sha256:[\w-]{43}/.exec(review.text)?.[0] ?? '';
    return { review, sign: () => user.post('/agreements/sign', { textHash, evaluation: '1' }) };
  }

  test('strikes lines and signs the rest: what is signed says so and names the proposal', async () => {
    const world = withProposal();
    const less = { systems: ['erp'], purposes: ['hotline'], operations: ['read'], budgetOpenings: '5' };
    const { review, sign } = await toReview(world, { ...all, ...less, until: '2026-10-31' });
    expect(review.text).toContain('Provider SAS proposed it on');
    expect(review.text).toContain('at most 5 accesses');
    expect(review.text).toContain('href="/proposals/p1"');
    expect((await sign()).status).toBe(303);
    expect(done(world, 'grant')).toMatchObject(
      [
        {
          grant: {
            ...{ proposal: 'p1', ...less, people: ['assigned'] },
            ...{ budget: { per: 'week', openings: 5 }, budgetOpenings: undefined },
          },
        },
      ].map(({ grant: { budgetOpenings: _, ...grant } }) => ({ grant })),
    );
    expect((await browser(world, 'claire').get('/proposals/p1')).text).toContain('Signed');
  });

  test.each([
    ['another system', { systems: ['erp', 'payroll'] }, 'systems'],
    ['no line of a kind', { purposes: [] }, 'purpose'],
    ['an operation that was not proposed', { operations: ['read', 'copy'] }, 'may be done'],
    ['a person who was not proposed', { who: 'named', people: ['eve'] }, 'Say who'],
    ['a higher limit', { budgetOpenings: '21' }, 'lower number'],
    ['no limit', { budgetOpenings: '' }, 'whole numbers above zero'],
    ['a limit over a longer time', { budgetPer: 'month', budgetOpenings: '21' }, 'lower number'],
    ['a day after what was proposed', { until: '2027-02-01' }, 'within 90\u00a0days'],
    ['for ever', { until: '' }, 'last day'],
  ])('cannot sign %s', async (_name, change, message) => {
    const world = withProposal();
    const answer = await browser(world, 'claire').post('/proposals/p1/agree', { ...all, ...change });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(message);
    expect(done(world, 'grant')).toEqual([]);
  });

  test('of a whole year is signed as it stands', async () => {
    const world = withProposal({ days: 365 });
    const page = await browser(world, 'claire').get('/proposals/p1');
    expect(page.text).toContain('value="2027-10-04"');
    await toReview(world, { ...all, until: '2027-10-04' });
  });

  test('declines with one click; a second click, a page that was open elsewhere and a signature change nothing', async () => {
    const world = withProposal();
    const { sign } = await toReview(world);
    const claire = browser(world, 'claire');
    const answers = [
      await claire.post('/proposals/p1/decline', {}),
      await claire.post('/proposals/p1/decline', {}),
      await claire.post('/proposals/p1/agree', all),
      await sign(),
    ];
    expect(answers.map(({ status }) => status)).toEqual([303, 409, 409, 409]);
    for (const { text } of answers.slice(1)) expect(text).toContain('answered already, or has lapsed');
    expect((await claire.get('/')).text).toContain('The proposal is declined');
    expect((await claire.get('/proposals/p1')).text).not.toContain(
      '/proposals/p1/agree" class="panel stack"><input',
    );
    expect(world.memory.room('acme').grants.size).toBe(0);
  });

  test('two representatives at once: one agreement, and a clear page for the other', async () => {
    const world = withProposal();
    const [one, other] = [await toReview(world), await toReview(world)];
    const answers = await Promise.all([one.sign(), other.sign()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect(world.memory.room('acme').grants.size).toBe(1);
  });

  test('finds a lapsed one as lapsed, written down or not', async () => {
    const world = withProposal({ until: start });
    const claire = browser(world, 'claire');
    expect((await claire.get('/')).text).not.toContain('/proposals/p1');
    expect((await claire.get('/proposals/p1')).text).toContain('Lapsed');
    expect((await claire.post('/proposals/p1/agree', all)).status).toBe(409);
    expect((await claire.post('/proposals/p1/decline', {})).status).toBe(409);
  });

  test('nothing happens on a GET', async () => {
    const world = withProposal();
    for (const act of ['agree', 'decline'])
      expect((await browser(world, 'claire').get(`/proposals/p1/${act}`)).status).toBe(404);
    expect(done(world, 'decline')).toEqual([]);
  });
});

describe('striking', () => {
  const some = <T>(all: readonly T[]) => fc.subarray([...all], { minLength: 1 });

  test('never widens: what is left is within what was proposed, and one line more is not', () => {
    const base = proposed('p');
    const given = {
      until: start + 80 * day,
      budget: base.budget ?? { per: 'day', zone: 'UTC', openings: 1 },
    };
    fc.assert(
      fc.property(
        some(base.systems),
        some(base.purposes),
        some(base.operations),
        fc.integer({ min: 1, max: 20 }),
        (systems, purposes, operations, openings) => {
          const less = { ...given, systems, purposes, operations, budget: { ...given.budget, openings } };
          expect(beyondProposal(base, less, start)).toBeUndefined();
          expect(beyondProposal(base, { ...less, systems: [...systems, 'crm'] }, start)).toBe('systems');
          expect(beyondProposal(base, { ...less, purposes: [...purposes, 'x'] }, start)).toBe('purposes');
          const more: Operation[] = [...operations, 'copy'];
          expect(beyondProposal(base, { ...less, operations: more }, start)).toBe('operations');
          expect(beyondProposal(base, { ...less, until: start + 93 * day }, start)).toBe('days');
          const budget = { ...given.budget, openings: openings + 20 };
          expect(beyondProposal(base, { ...less, budget }, start)).toBe('budget');
        },
      ),
    );
  });

  test('an agreement over the whole time is more than one for once', () => {
    const once = proposed('p', { onceMinutes: 60, budget: undefined });
    const given = {
      systems: ['erp'],
      purposes: ['hotline'],
      operations: ['read'] as const,
      until: start + day,
    };
    expect(beyondProposal(once, given, start)).toBe('minutes');
    const firstUse = (minutes: number) => ({ ...given, firstUse: { minutes, startBy: start + day } });
    expect(beyondProposal(once, firstUse(61), start)).toBe('minutes');
    expect(beyondProposal(once, firstUse(60), start)).toBeUndefined();
  });
});
