/** Two representatives, signing again after one was removed, renewing: what the pages say, and that one outcome comes of each act. */
import { describe, expect, test } from '@jest/globals';
import type { ControllerUser, Who } from '../../src/core/model.ts';
import { browser, type Form } from './browser.ts';
import { makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';
import { asked, grant, seat } from './world-things.ts';

const day = 24 * 3_600_000;

/** Acme has a second representative, Paul. */
function withPaul(): World {
  const world = makeWorld();
  const client = world.snapshot.clients.get('acme');
  const claire = client?.controllers.find(({ id }) => id === 'claire');
  if (client === undefined || claire === undefined) throw new Error('both are in this world');
  const paul: ControllerUser = { ...claire, id: 'paul', name: 'Paul Roche', subject: 'paul' };
  Object.assign(client, { controllers: [...client.controllers, paul] });
  (world.snapshot.accounts as Map<string, Who>).set('paul', { kind: 'controller', controller: paul });
  world.memory.room('acme').seats.push(seat('paul', 'acme', 'representative'));
  return world;
}

function withTwo(): World {
  const world = withPaul();
  world.memory.room('acme').signing = { ...world.memory.room('acme').signing, two: true };
  return world;
}

const done = (world: World, what: 'sign' | 'rule' | 'grant') =>
  world.memory.commands.filter((command) => command.do === what);
const hashOn = (text: string) => /sha256:[\w-]{43}/.exec(text)?.[0] ?? '';

const form: Form = {
  ...{ systems: ['erp'], purposes: ['hotline'], operations: ['read'], who: 'assigned' },
  ...{ from: '2026-10-06', until: '2026-11-05' },
};

async function give(world: World, who = 'claire') {
  const user = browser(world, who);
  await user.post('/agreements/new', form);
  const review = await user.get('/agreements/review');
  const answer = await user.post('/agreements/sign', { textHash: hashOn(review.text), evaluation: '1' });
  expect(answer.status).toBe(303);
  const [command] = done(world, 'grant').slice(-1);
  if (command?.do !== 'grant') throw new Error('nothing was given');
  return { user, grant: command.grant };
}

describe('wanting two signatures', () => {
  test('is hidden in the form until somebody unfolds it, and is signed as a text', async () => {
    const world = withPaul();
    const claire = browser(world, 'claire');
    const blank = await claire.get('/agreements/new');
    expect(blank.text).toMatch(
      /<details><summary>More limits<\/summary>[\s\S]*href="\/signing"[\s\S]*<\/details>/,
    );
    expect((await claire.get('/agreements')).text).not.toContain('/signing');
    const page = await claire.get('/signing');
    expect(page.text).toContain('holds only once two different representatives have signed the same text');
    const answer = await claire.post('/signing', { textHash: hashOn(page.text), evaluation: '1' });
    expect(answer.headers.location).toBe('/signing');
    expect((await claire.get('/signing')).text).toContain('two representatives sign from now on');
    expect(done(world, 'rule')).toMatchObject([{ rule: { wish: 'on' }, evidence: { seat: 'seat-claire' } }]);
  });

  test('the same form sent again signs nothing more', async () => {
    const world = withPaul();
    const claire = browser(world, 'claire');
    const textHash = hashOn((await claire.get('/signing')).text);
    await claire.post('/signing', { textHash, evaluation: '1' });
    const again = await claire.post('/signing', { textHash, evaluation: '1' });
    expect(again.status).toBe(409);
    expect(again.text).toContain('Nothing waits for this signature');
    expect(done(world, 'rule')).toHaveLength(1);
  });

  test('needs somebody who could sign second', async () => {
    const page = await browser(makeWorld(), 'claire').get('/signing');
    expect(page.text).toContain('You need a second representative first');
    expect(page.text).not.toContain('name="textHash"');
  });

  test('going back takes both, and the first sees that it waits for somebody else', async () => {
    const world = withTwo();
    const [claire, paul] = [browser(world, 'claire'), browser(world, 'paul')];
    const textHash = hashOn((await claire.get('/signing')).text);
    await claire.post('/signing', { textHash, evaluation: '1' });
    const mine = await claire.get('/signing');
    expect(mine.text).toContain('somebody else must');
    expect(mine.text).not.toContain('name="textHash"');
    expect((await claire.post('/signing', { textHash, evaluation: '1' })).status).toBe(409);
    expect((await paul.get('/')).text).toContain('Going back to one signature');
    const page = await paul.get('/signing');
    expect(hashOn(page.text)).toBe(textHash);
    await paul.post('/signing', { textHash, evaluation: '1' });
    expect((await paul.get('/signing')).text).toContain('One representative signs an agreement');
  });
});

describe('an agreement that waits for its second signature', () => {
  test('says so to everybody, and only somebody else may sign the very same text', async () => {
    const world = withTwo();
    const { user: claire, grant: given } = await give(world);
    expect((await claire.get('/agreements')).text).toContain('permits nothing until a second representative');
    for (const who of ['claire', 'paul', 'dana', 'marc'])
      expect((await browser(world, who).get('/')).text).toContain(
        'An agreement waits for a second signature',
      );
    const own = await claire.get(`/agreements/${given.id}`);
    expect(own.text).toContain('somebody else must');
    expect(own.text).not.toContain('action="/signing"');
    expect((await claire.post('/signing', { textHash: given.textHash, evaluation: '1' })).text).toContain(
      'must come from somebody else',
    );
    const paul = browser(world, 'paul');
    const page = await paul.get(`/agreements/${given.id}`);
    expect(page.text).toContain('What this will allow');
    expect(page.text).toContain(given.textHash);
    const answer = await paul.post('/signing', { textHash: given.textHash, evaluation: '1' });
    expect(answer.status).toBe(303);
    expect((await paul.get('/agreements')).text).toMatch(
      /The agreement is in force[\s\S]*seat-claire, seat-paul/,
    );
    const again = await paul.post('/signing', { textHash: given.textHash, evaluation: '1' });
    expect(again.status).toBe(409);
    expect(
      done(world, 'sign').filter((one) => one.do === 'sign' && one.evidence.seat === 'seat-paul'),
    ).toHaveLength(1);
  });

  test('is not signed by a reader or delegate, another client, without the signature, or after its end', async () => {
    const world = withTwo();
    const { grant: given } = await give(world);
    const sent = { textHash: given.textHash, evaluation: '1' };
    for (const who of ['dana', 'marc'])
      expect((await browser(world, who).post('/signing', sent)).status).toBe(403);
    expect((await browser(world, 'nadia').post('/signing', sent)).status).toBe(409);
    const unsigned = await browser(world, 'paul').post('/signing', { textHash: given.textHash });
    expect(unsigned.status).toBe(422);
    world.memory.now = given.until;
    expect((await browser(world, 'paul').post('/signing', sent)).status).toBe(409);
    expect(done(world, 'sign')).toEqual([]);
  });

  test('is withdrawn by one, never resumed: the pages offer nothing else', async () => {
    const world = withTwo();
    const { user, grant: given } = await give(world);
    const page = await user.get('/agreements');
    expect(page.text).toContain(`/agreements/${given.id}/revoke`);
    expect(page.text).not.toContain(`/agreements/${given.id}/resume`);
    expect(page.text).not.toContain(`/agreements/${given.id}/suspend`);
  });

  test('the technician who asked for it reads that a second signature is waited for', async () => {
    const world = withTwo();
    const { requests, grants } = world.memory.room('acme');
    grants.clear();
    grants.set('g7', { ...grant('g7', { status: 'waiting', people: ['alice'] }), text: '{}' });
    requests.set('r1', asked('r1', { status: 'approved', grant: 'g7' }));
    const page = await browser(world, 'alice').get('/requests/r1');
    expect(page.text).toContain('a second one must sign before it may be used');
  });
});

describe('when a signer was removed', () => {
  function withGone(): World {
    const world = withPaul();
    const { grants } = world.memory.room('acme');
    const due = start + 20 * day;
    grants.clear();
    const textHash = `sha256:${'g'.repeat(43)}`;
    grants.set('g5', {
      ...grant('g5', { confirmBy: due, until: due, textHash, grantedBy: 'seat-old' }),
      text: '{}',
    });
    world.memory.room('acme').signing = {
      two: false,
      pending: undefined,
      signers: new Map([['g5', [{ seat: 'seat-old', name: 'Old Boss', at: start, removed: true }]]]),
    };
    return world;
  }

  test('everybody sees until when it holds; a representative signs the same text again', async () => {
    const world = withGone();
    for (const who of ['claire', 'dana', 'marc']) {
      const home = await browser(world, who).get('/');
      expect(home.text).toContain('An agreement must be signed again');
      const page = await browser(world, who).get('/agreements/g5');
      expect(page.text).toContain('It ends after 25 October 2026');
      expect(page.text.includes('action="/signing"')).toBe(who === 'claire');
    }
    const claire = browser(world, 'claire');
    const answer = await claire.post('/signing', { textHash: `sha256:${'g'.repeat(43)}`, evaluation: '1' });
    expect(answer.status).toBe(303);
    expect(done(world, 'sign')).toMatchObject([{ grant: 'g5', evidence: { seat: 'seat-claire' } }]);
    expect((await claire.get('/')).text).not.toContain('must be signed again');
  });

  test('two representatives at once: one signature, and a clear page for the other', async () => {
    const world = withGone();
    const sent = { textHash: `sha256:${'g'.repeat(43)}`, evaluation: '1' };
    const users = [browser(world, 'claire'), browser(world, 'paul')];
    const answers = await Promise.all(users.map((user) => user.post('/signing', sent)));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
  });
});

describe('a standing agreement that ends within sixty days', () => {
  function ending(until: number): World {
    const world = makeWorld();
    const { grants } = world.memory.room('acme');
    grants.clear();
    grants.set('g1', { ...grant('g1', { until, from: start - 30 * day }), text: '{}' });
    return world;
  }

  test('is a task that leads to the filled-in form, from the day after its end', async () => {
    const until = Date.UTC(2026, 9, 24, 22);
    const claire = browser(ending(until), 'claire');
    const home = await claire.get('/');
    expect(home.text).toContain('An agreement ends soon');
    const page = await claire.get('/agreements/new?renew=g1');
    expect(page.text).toMatch(/value="hotline" checked/);
    expect(page.text).toMatch(/value="erp" checked/);
    expect(page.text).toContain('value="2026-10-25"');
  });

  test('is no task later, nor once a longer one covers the same, nor for who may not sign', async () => {
    expect((await browser(ending(start + 61 * day), 'claire').get('/')).text).not.toContain('ends soon');
    const world = ending(start + 20 * day);
    expect((await browser(world, 'marc').get('/')).text).not.toContain('ends soon');
    world.memory.room('acme').grants.set('g2', { ...grant('g2', { until: start + 90 * day }), text: '{}' });
    expect((await browser(world, 'claire').get('/')).text).not.toContain('ends soon');
  });

  test('of another client or that is none opens an empty form', async () => {
    const page = await browser(makeWorld(), 'nadia').get('/agreements/new?renew=g1');
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('checked');
  });
});

describe('deciding about an agreement that somebody has decided about', () => {
  function suspended(): World {
    const world = withPaul();
    world.memory.room('acme').grants.set('g1', { ...grant('g1', { status: 'suspended' }), text: '{}' });
    return world;
  }

  test('resuming twice, or by two at once: one change, and a clear page for the other', async () => {
    const world = suspended();
    const users = [browser(world, 'claire'), browser(world, 'paul')];
    const answers = await Promise.all(users.map((user) => user.post('/agreements/g1/resume', {})));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect(answers.find(({ status }) => status === 409)?.text).toContain('This was decided already');
  });

  test('resuming what somebody withdrew meanwhile brings nothing back', async () => {
    const world = suspended();
    const [claire, paul] = [browser(world, 'claire'), browser(world, 'paul')];
    expect((await claire.get('/agreements/g1/resume')).status).toBe(200);
    expect((await paul.post('/agreements/g1/revoke', {})).status).toBe(303);
    const late = await claire.post('/agreements/g1/resume', {});
    expect(late.status).toBe(409);
    expect(late.text).toContain('already ended');
    expect(world.memory.room('acme').grants.get('g1')?.status).toBe('revoked');
  });

  test('withdrawing what waits for its second signature is one click; suspending it is not possible', async () => {
    const world = withTwo();
    const { user, grant: given } = await give(world);
    expect((await user.post(`/agreements/${given.id}/suspend`, {})).status).toBe(409);
    expect((await user.post(`/agreements/${given.id}/revoke`, {})).status).toBe(303);
    expect(world.memory.room('acme').grants.get(given.id)?.status).toBe('revoked');
    const paul = browser(world, 'paul');
    expect((await paul.post('/signing', { textHash: given.textHash, evaluation: '1' })).status).toBe(409);
  });

  test('somebody removed while deciding decides nothing', async () => {
    const world = suspended();
    const paul = browser(world, 'paul');
    await paul.get('/agreements/g1/resume');
    const { seats } = world.memory.room('acme');
    seats.splice(
      seats.findIndex(({ controller }) => controller === 'paul'),
      1,
    );
    for (const act of ['resume', 'revoke', 'suspend'])
      expect((await paul.post(`/agreements/g1/${act}`, {})).status).toBeGreaterThanOrEqual(300);
    expect(world.memory.room('acme').grants.get('g1')?.status).toBe('suspended');
  });
});
