/** Contesting an agreement as unlawful, on the pages of both sides: who may, what is cut, who is told, who answers and resumes. */
import { describe, expect, test } from '@jest/globals';
import { browser } from './browser.ts';
import { hidden, makeWorld, type World, wish } from './world.ts';
import { start } from './world-rules.ts';
import { contestOf, grant } from './world-things.ts';

const key = (sign: string) => sign.repeat(22);
const ground = 'It lets us copy <b>health</b> data.';
const reasons = 'Our officer looked at it: it is lawful.';

function withAccess(): World {
  const world = makeWorld();
  world.memory.room('acme').openings.set('o1', {
    ...{ id: 'o1', client: 'acme', person: 'alice', systems: ['erp'], purpose: 'hotline', reference: 'T-1' },
    ...{ account: { issuer: 'https://login.example', subject: 'alice' }, note: '', grant: 'g1' },
    ...{ login: 'login-alice', authentication: { acr: undefined, amr: [], at: start }, openedAt: start },
    ...{ endsAt: start + 3_600_000, endedAt: undefined, endCause: undefined },
  });
  return world;
}

const form = (more: Record<string, string> = {}) => ({
  ...{ id: key('c'), client: 'acme', grant: 'g1', instruction: 'agreement', ground },
  ...more,
});
const contests = (world: World, who = 'alice', more: Record<string, string> = {}) =>
  browser(world, who).post('/contests', form(more));
const decides = (world: World, who: string, decision: string, outcome = reasons) =>
  browser(world, who).post(`/matters/${key('c')}/close`, { key: key('x'), decision, outcome });
const statusOf = (world: World) => world.memory.room('acme').grants.get('g1')?.status;
const matters = (world: World) => [...world.memory.room('acme').matters.values()];

describe('a technician', () => {
  test.each([
    ['declaration', `/declare?${new URLSearchParams(wish)}`],
    ['access', '/openings/o1'],
  ])('finds the form from the page of a %s', async (_name, path) => {
    const page = await browser(withAccess(), 'alice').get(path);
    expect(page.text).toContain('href="/contests/new?client=acme');
  });

  test('suspends what would break the law, ends what runs, and reads on', async () => {
    const world = withAccess();
    const alice = browser(world, 'alice');
    const page = await alice.get('/contests/new?client=acme&grant=g1');
    expect(page.text).toMatch(/value="g1" checked/);
    expect(page.text).toContain('Do not open &lt;b>lists');
    const id = hidden(page.text, 'id');
    const sent = await alice.post('/contests', form({ id, instruction: 'rule:no-lists' }));
    expect([sent.status, sent.headers.location]).toEqual([303, `/matters/${id}`]);
    expect(statusOf(world)).toBe('suspended');
    expect(world.memory.room('acme').openings.get('o1')?.endCause).toBe('suspended');
    expect(world.memory.ends).toEqual([
      { what: { client: 'acme', grant: 'g1' }, cause: 'suspended', by: { provider: 'alice' } },
    ]);
    expect(matters(world)[0]?.contested).toEqual({ grant: 'g1', instruction: 'rule:no-lists' });
    const thread = await alice.get(`/matters/${id}`);
    expect(thread.text).toContain('copy &lt;b>health');
    expect(thread.text).toContain('Alice Durand');
    expect(thread.text).not.toMatch(/\/close|\/agreements|\/resume/);
    const more = { key: key('m'), text: 'It is the sick leave of three people.' };
    expect((await alice.post(`/matters/${id}/say`, more)).status).toBe(303);
    expect((await alice.get('/matters')).text).toContain(`/matters/${id}`);
    const french = await browser(world, 'alice', 'fr').get('/matters');
    expect(french.text).toContain('Mes signalements');
  });

  test('sees of colleagues’ contests, of clients not theirs and of their agreements nothing', async () => {
    const world = withAccess();
    world.memory.room('martin').grants.set('gm', {
      ...grant('gm', { client: 'martin', systems: ['payroll'] }),
      text: '{}',
    });
    await contests(world);
    const { clients } = world.snapshot;
    const martin = clients.get('martin');
    if (martin === undefined) throw new Error('the world has two clients');
    (clients as Map<string, typeof martin>).set('martin', { ...martin, assignments: [] });
    for (const path of [`/matters/${key('c')}`, '/contests/new?client=martin', '/contests/new?client=none'])
      expect((await browser(world, 'bruno').get(path)).status).toBe(404);
    expect((await browser(world, 'bruno').get('/matters')).text).not.toContain('health');
    expect((await contests(world, 'alice', { id: key('d'), client: 'martin', grant: 'gm' })).status).toBe(
      404,
    );
    expect((await contests(world, 'alice', { id: key('d'), grant: 'gm' })).status).toBe(404);
    expect(world.memory.room('martin').grants.get('gm')?.status).toBe('active');
  });

  test('who is assigned to other systems of the client does not reach its other agreements', async () => {
    const world = withAccess();
    const acme = world.snapshot.clients.get('acme');
    if (acme === undefined) throw new Error('the world has acme');
    const assignments = [
      { who: 'alice', systems: ['erp'], from: 0, until: undefined, reason: 'account team' },
    ];
    (world.snapshot.clients as Map<string, typeof acme>).set('acme', { ...acme, assignments });
    world.memory.room('acme').grants.set('g2', { ...grant('g2', { systems: ['backup'] }), text: '{}' });
    const page = await browser(world, 'alice').get('/contests/new?client=acme');
    expect([page.text.includes('value="g1"'), page.text.includes('value="g2"')]).toEqual([true, false]);
    expect((await contests(world, 'alice', { grant: 'g2' })).status).toBe(404);
    expect(world.memory.room('acme').grants.get('g2')?.status).toBe('active');
  });

  test('a double click is one; so is another one about the same agreement', async () => {
    const world = withAccess();
    expect((await contests(world)).headers.location).toBe(`/matters/${key('c')}`);
    expect((await contests(world)).headers.location).toBe(`/matters/${key('c')}`);
    expect((await contests(world, 'alice', { id: key('d') })).headers.location).toBe(`/matters/${key('c')}`);
    expect(matters(world)).toHaveLength(1);
  });

  test('the same form after the client resumed suspends nothing again', async () => {
    const world = withAccess();
    await contests(world);
    await decides(world, 'claire', 'upheld');
    await browser(world, 'claire').post('/agreements/g1/resume');
    expect((await contests(world)).status).toBe(303);
    expect(statusOf(world)).toBe('active');
  });

  test('three are open at most', async () => {
    const world = withAccess();
    for (const name of ['a', 'b', 'd']) {
      world.memory
        .room('acme')
        .matters.set(name, contestOf(name, { contested: { grant: name, instruction: '' } }));
    }
    const one = await contests(world);
    expect([one.status, one.text]).toEqual([409, expect.stringContaining('too many contests')]);
    expect(statusOf(world)).toBe('active');
  });
});

describe('nothing is suspended', () => {
  test.each<[string, Record<string, string>, number, string]>([
    ['without words', { ground: '...' }, 422, 'Say it in a sentence'],
    ['by signs that hide', { ground: 'It lets us copy \u202e health data' }, 422, 'Say it in a sentence'],
    ['by too many words', { ground: `It lets ${'x'.repeat(500)}` }, 422, 'Say it in a sentence'],
    ['without an agreement', { grant: '' }, 422, 'Choose an agreement'],
    ['without what is contested', { instruction: '' }, 422, 'Choose what would break the law'],
    ['by an agreement that does not exist', { grant: 'none' }, 404, 'There is no such agreement'],
    ['by instructions that are not in force', { instruction: 'own:9' }, 409, 'no longer in force'],
    ['by a rule that does not exist', { instruction: 'rule:none' }, 409, 'no longer in force'],
    ['by a form without a mark', { id: 'x' }, 409, 'The form is too old'],
  ])('%s', async (_name, more, status, text) => {
    const world = withAccess();
    const sent = await contests(world, 'alice', more);
    expect([sent.status, sent.text]).toEqual([status, expect.stringContaining(text)]);
    expect([statusOf(world), matters(world)]).toEqual(['active', []]);
  });

  test('when the agreement ended meanwhile, or waits for a second signature', async () => {
    for (const [status, text] of [
      ['revoked', 'has ended'],
      ['waiting', 'second signature'],
    ] as const) {
      const world = withAccess();
      world.memory.room('acme').grants.set('g1', { ...grant('g1', { status }), text: '{}' });
      const sent = await contests(world);
      expect([sent.status, sent.text]).toEqual([409, expect.stringContaining(text)]);
      expect(matters(world)).toEqual([]);
    }
  });

  test('without the token of the form, or while it cannot be recorded', async () => {
    const world = withAccess();
    const forged = await browser(world, 'alice')
      .agent.post('/contests')
      .set('x-test-user', 'alice')
      .type('form')
      .send(form());
    expect(forged.status).toBe(403);
    world.memory.failing = 'writes';
    expect((await contests(world)).status).toBe(503);
    expect([statusOf(world), matters(world)]).toEqual(['active', []]);
  });

  test('by people of the client', async () => {
    const world = withAccess();
    for (const who of ['claire', 'dana', 'marc', 'nadia'])
      expect((await contests(world, who)).status).toBe(403);
    expect(matters(world)).toEqual([]);
  });
});

describe('contact and data protection officer', () => {
  test.each(['carla', 'david'])('%s contests too; that a client was looked into is recorded', async (who) => {
    const world = withAccess();
    const form = await browser(world, who).get('/contests/new');
    expect(form.text).toContain('<select');
    expect(form.text).not.toContain('value="g1"');
    await browser(world, who).get('/contests/new?client=acme');
    const looks = world.memory.room('acme').lines.filter(({ leaf }) => leaf.t === 'log.read');
    expect(looks).toMatchObject([{ leaf: { by: 'provider' } }]);
    expect((await contests(world, who)).status).toBe(303);
    expect(statusOf(world)).toBe('suspended');
  });

  test('see on their first pages what a technician contested; they can write and not end it', async () => {
    const world = withAccess();
    await contests(world);
    for (const who of ['carla', 'david']) {
      const first = await browser(world, who).get('/');
      expect(first.text).toContain('Contested as unlawful, not decided yet');
      expect(first.text).toContain(`/matters/${key('c')}`);
      const thread = await browser(world, who).get(`/matters/${key('c')}`);
      expect(thread.text).toContain('Only a representative of the client decides');
      expect(thread.text).not.toContain('/close');
      expect((await decides(world, who, 'upheld')).status).toBe(403);
      expect((await browser(world, who).post('/agreements/g1/resume')).status).toBe(403);
      const more = { key: key(who.slice(0, 1)), text: 'We say so too.' };
      expect((await browser(world, who).post(`/matters/${key('c')}/say`, more)).status).toBe(303);
    }
    expect([statusOf(world), matters(world)[0]?.status]).toEqual(['suspended', 'open']);
  });
});

describe('the client', () => {
  test('is told on everybody’s first page, in both languages, until it is decided', async () => {
    const world = withAccess();
    await contests(world);
    for (const who of ['claire', 'dana', 'marc']) {
      const first = await browser(world, who).get('/');
      expect(first.text).toContain('staff say that an agreement would break the law');
      expect(first.text).toContain('copy &lt;b>health');
    }
    expect((await browser(world, 'claire', 'fr').get('/')).text).toContain('enfreindrait le droit');
    expect((await browser(world, 'nadia').get('/')).text).not.toContain('health');
    expect((await browser(world, 'nadia').get(`/matters/${key('c')}`)).status).toBe(404);
    await decides(world, 'claire', 'upheld');
    expect((await browser(world, 'marc').get('/')).text).not.toContain('staff say');
  });

  test('stands by it with reasons, and resumes on a page that shows what was contested', async () => {
    const world = withAccess();
    await contests(world);
    const claire = browser(world, 'claire');
    const early = await claire.get('/agreements/g1/resume');
    expect(early.text).toContain('copy &lt;b>health');
    expect(early.text).not.toContain('action="/agreements/g1/resume"');
    const refused = await claire.post('/agreements/g1/resume');
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('is not answered yet')]);
    expect(statusOf(world)).toBe('suspended');
    const sent = await decides(world, 'claire', 'upheld');
    expect([sent.status, sent.headers.location]).toEqual([303, '/agreements/g1/resume']);
    expect(statusOf(world)).toBe('suspended');
    const page = await claire.get('/agreements/g1/resume');
    expect(page.text).toContain('copy &lt;b>health');
    expect(page.text).toContain('The client stands by it');
    expect(page.text).toContain('action="/agreements/g1/resume"');
    await claire.post('/agreements/g1/resume');
    expect(statusOf(world)).toBe('active');
    // It stays to be seen.
    expect((await claire.get('/agreements/g1')).text).toContain('copy &lt;b>health');
    expect((await claire.get('/matters')).text).toContain('The client stands by it');
    expect((await browser(world, 'alice').get(`/matters/${key('c')}`)).text).toContain(reasons);
  });

  test('changes it: the agreement rests on', async () => {
    const world = withAccess();
    await contests(world);
    const sent = await decides(world, 'claire', 'changed');
    expect(sent.headers.location).toBe(`/matters/${key('c')}`);
    expect([statusOf(world), matters(world)[0]?.outcome]).toEqual(['suspended', 'changed']);
  });

  test('withdraws: the agreement ends, then the contest; a second click changes nothing', async () => {
    const world = withAccess();
    await contests(world);
    expect((await decides(world, 'claire', 'withdrawn')).status).toBe(303);
    expect([statusOf(world), matters(world)[0]?.outcome]).toEqual(['revoked', 'withdrawn']);
    expect((await decides(world, 'claire', 'withdrawn')).status).toBe(303);
    expect(matters(world)[0]?.said).toHaveLength(2);
  });

  test('others write and do not decide; nothing is decided without words or choice', async () => {
    const world = withAccess();
    await contests(world);
    for (const who of ['dana', 'marc']) {
      const page = await browser(world, who).get(`/matters/${key('c')}`);
      expect(page.text).toContain('A representative of your company decides');
      expect(page.text).not.toContain('/close');
      for (const decision of ['upheld', 'withdrawn'])
        expect((await decides(world, who, decision)).status).toBe(403);
      const said = { key: key(who.slice(0, 1)), text: 'We ask our lawyer.' };
      expect((await browser(world, who).post(`/matters/${key('c')}/say`, said)).status).toBe(303);
    }
    expect((await browser(world, 'alice').get('/matters')).text).toContain('The client has written');
    for (const [decision, outcome] of [
      ['', reasons],
      ['fine', reasons],
      ['withdrawn', 'no'],
      ['upheld', ''],
    ] as const)
      expect((await decides(world, 'claire', decision, outcome)).status).toBe(422);
    expect((await decides(world, 'nadia', 'withdrawn')).status).toBe(404);
    expect([statusOf(world), matters(world)[0]?.status]).toEqual(['suspended', 'open']);
  });

  test('a stale page says so', async () => {
    const world = withAccess();
    await contests(world);
    await decides(world, 'claire', 'upheld');
    const late = await browser(world, 'claire').post(`/matters/${key('c')}/close`, {
      ...{ key: key('z'), decision: 'withdrawn', outcome: reasons },
    });
    expect([late.status, late.text]).toEqual([409, expect.stringContaining('closed already')]);
    // What somebody else decided first stands: nothing was withdrawn.
    expect(statusOf(world)).toBe('suspended');
  });
});
