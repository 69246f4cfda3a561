/** The client's page: what is open, what happened in words, Stop, and that a look is itself noted. */
import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../src/core/faults.ts';
import type { Opening } from '../../src/core/model.ts';
import type { History } from '../../src/core/ports.ts';
import { browser } from './browser.ts';
import { makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';

function open(world: World, id: string, more: Partial<Opening> = {}): Opening {
  const opening: Opening = {
    id,
    client: 'acme',
    person: 'alice',
    account: { issuer: 'https://login.example', subject: 'alice' },
    systems: ['erp'],
    purpose: 'hotline',
    reference: 'T-<1>',
    note: '',
    grant: 'g1',
    login: 'login-alice',
    authentication: { acr: undefined, amr: [], at: start },
    openedAt: start,
    endsAt: start + 3_600_000,
    endedAt: undefined,
    endCause: undefined,
    ...more,
  };
  world.memory.room(opening.client).openings.set(id, opening);
  world.memory.write({
    client: opening.client,
    t: 'session.opened',
    id,
    fields: { systems: opening.systems.join(' '), purpose: opening.purpose, grant: 'g1' },
    groups: {
      person: { name: 'Alice Durand' },
      role: { function: 'technician' },
      work: { reference: opening.reference, note: opening.note },
    },
  });
  return opening;
}

function exchange(
  world: World,
  id: string,
  session: string,
  path: string,
  result?: Record<string, string | number>,
): void {
  world.memory.write({
    client: 'acme',
    t: 'access.intent',
    id,
    fields: { session, system: 'erp', method: 'GET', operation: 'read', dest: 'page' },
    groups: { target: { path } },
  });
  if (result === undefined) return;
  world.memory.write({
    client: 'acme',
    t: 'access.result',
    id: `r-${id}`,
    fields: { request: id, status: 200, up: 0, down: 0, ...result },
  });
}

describe('what is open now', () => {
  test('names person, purpose, reference, systems, times, and what runs with its bytes', async () => {
    const world = makeWorld();
    open(world, 'o1');
    world.memory.running.push({
      id: 'x1',
      client: 'acme',
      system: 'erp',
      opening: 'o1',
      person: 'alice',
      grant: 'g1',
      method: 'GET',
      template: '/export/full.bin',
      operation: 'copy',
      until: start + 60_000,
      startedAt: start,
      up: 0,
      down: 12_400_000,
    });
    const { text, status } = await browser(world, 'claire').get('/activity');
    expect(status).toBe(200);
    expect(text).toContain('Alice Durand');
    expect(text).toContain('Label hotline');
    expect(text).toContain('T-&lt;1>');
    expect(text).toContain('12.4\u00a0MB sent out');
    expect(text).toContain('/export/full.bin');
    expect(text).toContain('10:00 +02:00');
    expect(text).toContain('data-stream="/activity/live"');
    expect((await browser(world, 'claire', 'fr').get('/activity')).text).toContain('12,4\u00a0Mo sortis');
  });

  test('each row of an access that is open has its own Stop, and no other row has', async () => {
    const world = makeWorld();
    open(world, 'o1');
    exchange(world, 'x1', 'o1', '/customers/:id', { outcome: 'complete' });
    open(world, 'o2');
    exchange(world, 'x2', 'o2', '/customers/:id', { outcome: 'complete' });
    world.memory.room('acme').openings.delete('o2');
    const { text } = await browser(world, 'claire').get('/activity');
    const table = text.slice(text.indexOf('<table'));
    expect(table.match(/name="opening" value="o1"/g)).toHaveLength(2);
    expect(table).not.toContain('name="opening" value="o2"');
  });

  test('another client sees nothing of it', async () => {
    const world = makeWorld();
    open(world, 'o1');
    exchange(world, 'x1', 'o1', '/customers/:id', { outcome: 'complete' });
    for (const path of ['/activity', '/activity?session=o1']) {
      const { text, status } = await browser(world, 'nadia').get(path);
      expect(status).toBe(200);
      expect(text).not.toMatch(/Alice|hotline|T-&lt;1|Customer record|ERP|Acme/);
    }
  });
});

describe('what happened', () => {
  test.each([
    ['complete', { outcome: 'complete', down: 1024 }, 'done'],
    ['an error page', { outcome: 'complete', status: 404 }, 'the system answered 404'],
    ['stopped', { outcome: 'terminated:stopped' }, 'cut: stopped by the client'],
    ['revoked', { outcome: 'terminated:revoked' }, 'cut: the agreement was withdrawn'],
    ['withheld', { outcome: 'withheld:copy_withheld' }, 'held back: no byte left'],
    ['crash', { outcome: 'unknown-after-crash', status: 0 }, 'the gateway stopped in the middle'],
    ['unreachable', { outcome: 'upstream-unreachable', status: 0 }, 'the system did not answer'],
    ['not yet', undefined, 'result not known yet'],
    ['something new', { outcome: 'terminated:<novel>' }, 'cut: &lt;novel>'],
  ])('says how it ended: %s', async (_name, result, words) => {
    const world = makeWorld();
    open(world, 'o1');
    exchange(world, 'x1', 'o1', '/customers/:id', result);
    const { text } = await browser(world, 'marc').get('/activity');
    expect(text).toContain(words);
    expect(text).toContain('Customer record');
  });

  test('refusals too, with a reason that does not show a person’s file, and their count', async () => {
    const world = makeWorld();
    open(world, 'o1');
    world.memory.write({
      client: 'acme',
      t: 'access.refused',
      id: 'f1',
      fields: {
        session: 'o1',
        system: 'erp',
        method: 'POST',
        operation: 'write',
        reason: 'staff_not_cleared',
        count: 7,
      },
      groups: { target: { path: '/customers' }, standing: { reason: 'charter_not_signed' } },
    });
    const { text } = await browser(world, 'claire').get('/activity');
    expect(text).toContain('has not cleared this person');
    expect(text).toContain('7\u00a0times');
    expect(text).not.toContain('charter');
  });

  test('the technician’s note is read by the client, in the open card and on the declaration only', async () => {
    const world = makeWorld();
    open(world, 'o1', { note: 'Look at <invoice> totals' });
    exchange(world, 'x1', 'o1', '/customers/:id', { outcome: 'complete' });
    const { text } = await browser(world, 'claire').get('/activity');
    expect(text.split('Look at &lt;invoice> totals')).toHaveLength(3);
    expect(text).toContain('aria-label="Stop the access: Alice Durand, T-&lt;1>"');
  });

  test('a refused declaration is a request, told about the person and not to them', async () => {
    const world = makeWorld();
    world.memory.write({
      client: 'acme',
      t: 'access.refused',
      id: 'f2',
      fields: { session: '', system: 'erp', method: 'DECLARE', operation: 'read', reason: 'not_assigned' },
      groups: { person: { name: 'Bruno' } },
    });
    const { text } = await browser(world, 'claire', 'fr').get('/activity');
    expect(text).toContain('Accès demandé');
    expect(text).toContain('refusé\u202f: la personne n’est pas affectée à ce système');
    expect(text).not.toMatch(/Accès déclaré|Vous n’êtes pas/);
  });

  test('who stopped an access is named as such; a changed agreement is linked', async () => {
    const world = makeWorld();
    open(world, 'o1');
    world.memory.write({
      client: 'acme',
      t: 'session.closed',
      id: 'c1',
      fields: { session: 'o1', cause: 'stopped', seat: 'seat-claire' },
    });
    world.memory.write({
      client: 'acme',
      t: 'consent.revoked',
      id: 'r1',
      fields: { grant: 'g1', seat: 'seat-claire' },
    });
    const { text } = await browser(world, 'marc').get('/activity');
    expect(text).toContain('by claire');
    expect(text).toContain('<a href="/agreements/g1">Agreement withdrawn</a>');
  });

  test('another key of the same person authorises nobody new', async () => {
    const world = makeWorld();
    const { seats } = world.memory.room('acme');
    const [first] = seats;
    if (first === undefined) throw new Error('nobody is seated');
    seats.push({ ...first, id: 'second', seatedAt: first.seatedAt + 1 });
    for (const seat of [first.id, 'second'])
      world.memory.write({ client: 'acme', t: 'controller.seated', id: `s-${seat}`, fields: { seat } });
    const { text } = await browser(world, 'marc').get('/activity');
    expect(text.split('Access key added')).toHaveLength(2);
    expect(text.split('A person was authorised to act for you')).toHaveLength(2);
  });

  test('one access alone, and pages', async () => {
    const world = makeWorld();
    open(world, 'o1');
    open(world, 'o2', { reference: 'OTHER' });
    for (let n = 0; n < 60; n += 1) exchange(world, `x${n}`, 'o1', `/p${n}/`, { outcome: 'complete' });
    const claire = browser(world, 'claire');
    const first = await claire.get('/activity?session=o1');
    expect(first.text).toContain('/p59/');
    expect(first.text).not.toContain('/p9/');
    const older =
      /href="(\/activity\?session=o1&amp;before=[^"]+)"/.exec(first.text)?.[1]?.replaceAll('&amp;', '&') ??
      '';
    const second = await claire.get(older);
    expect(second.text).toContain('/p9/');
    expect(second.text).not.toContain('/p59/');
    expect(second.text).toContain('Newest');
  });

  test('an access that is over is read from its own last line on, not from the end of the log', async () => {
    const end = { at: 0, index: 0 };
    const history = { lastLine: async () => end } as unknown as History;
    const world = makeWorld({ history });
    open(world, 'o1');
    exchange(world, 'x1', 'o1', '/its-last/', { outcome: 'complete' });
    const { openings, lines } = world.memory.room('acme');
    const last = lines.at(-1);
    Object.assign(end, { at: Date.parse(String(last?.leaf.at)), index: last?.index });
    openings.delete('o1');
    exchange(world, 'x2', 'o1', '/beyond/', { outcome: 'complete' });
    const claire = browser(world, 'claire');
    const { text } = await claire.get('/activity?session=o1');
    expect(text).toContain('/its-last/');
    expect(text).not.toContain('/beyond/');
    // Without what is counted beside the log all of the log is read.
    history.lastLine = async () => {
      throw new Fault('ledger_unavailable', 'no history');
    };
    expect((await claire.get('/activity?session=o1')).text).toContain('/beyond/');
  });

  test.each([
    'session=../../x',
    'session=%00',
    'before=x.y',
    'before=-1.-1',
    'before=1',
    'session=a&session=b',
  ])('ignores damaged parameters: %s', async (query) => {
    expect((await browser(makeWorld(), 'claire').get(`/activity?${query}`)).status).toBe(200);
  });

  test('an erased name is said to be erased', async () => {
    const world = makeWorld();
    world.memory.write({
      client: 'acme',
      t: 'session.opened',
      id: 'o9',
      fields: { systems: 'erp', purpose: 'hotline' },
    });
    const [line] = world.memory.room('acme').lines;
    Object.assign(line?.groups ?? {}, { person: 'erased', work: 'erased' });
    expect((await browser(world, 'claire').get('/activity')).text).toContain('name erased');
  });
});

describe('looking is noted', () => {
  test('once per session, view and 15 minutes; the name is in no leaf', async () => {
    const world = makeWorld();
    const claire = browser(world, 'claire');
    await claire.get('/activity');
    await claire.get('/activity');
    await claire.get('/activity');
    const reads = () => world.memory.room('acme').lines.filter((line) => line.leaf.t === 'log.read');
    expect(reads()).toHaveLength(1);
    expect(reads()[0]?.leaf).toMatchObject({ role: 'representative', view: 'activity', seat: 'seat-claire' });
    expect(JSON.stringify(reads()[0]?.leaf)).not.toMatch(/Claire Martin/);
    world.memory.now += 15 * 60_000;
    await claire.get('/activity');
    expect(reads()).toHaveLength(2);
    await browser(world, 'claire').get('/activity');
    expect(reads()).toHaveLength(3);
  });

  test('when the look cannot be noted the page says so and tries again', async () => {
    const world = makeWorld();
    const claire = browser(world, 'claire');
    await claire.csrf();
    world.memory.now += 16 * 60_000;
    world.memory.failing = 'writes';
    const page = await claire.get('/activity');
    expect(page.status).toBe(200);
    expect(page.text).toContain('could not be noted');
    world.memory.failing = 'no';
    expect((await claire.get('/activity')).text).not.toContain('could not be noted');
  });
});

describe('stop', () => {
  test.each(['claire', 'dana', 'marc'])(
    '%s ends one access, and reads how fast and that it is recorded',
    async (who) => {
      const world = makeWorld();
      open(world, 'o1');
      open(world, 'o2');
      const user = browser(world, who);
      const answer = await user.post('/stop', { opening: 'o1' });
      expect(answer.status).toBe(303);
      expect(answer.headers.location).toBe('/');
      expect(world.memory.ends).toEqual([
        {
          what: { client: 'acme', opening: 'o1' },
          cause: 'stopped',
          by: { seat: `seat-${who}`, role: expect.any(String) },
        },
      ]);
      const page = await user.get('/activity');
      expect(page.text).toContain('1\u00a0running transfer cut in 2.5\u00a0ms');
      expect(page.text).toContain('Recorded.');
      expect(page.text).toContain('stop-o2');
      expect(page.text).not.toContain('stop-o1');
      expect((await user.get('/activity')).text).not.toContain('Recorded.');
    },
  );

  test('everything at once, at one’s own client only', async () => {
    const world = makeWorld();
    open(world, 'o1');
    open(world, 'm1', { client: 'martin', systems: ['payroll'] });
    await browser(world, 'claire').post('/stop', { opening: 'all' });
    expect(world.memory.ends.map(({ what }) => what)).toEqual([{ client: 'acme' }]);
    expect(world.memory.room('martin').openings.get('m1')?.endedAt).toBeUndefined();
  });

  test('another client’s access does not exist; a damaged id is refused', async () => {
    const world = makeWorld();
    open(world, 'm1', { client: 'martin', systems: ['payroll'] });
    expect((await browser(world, 'claire').post('/stop', { opening: 'm1' })).status).toBe(404);
    expect((await browser(world, 'claire').post('/stop', { opening: '../x' })).status).toBe(422);
    expect((await browser(world, 'claire').post('/stop', {})).status).toBe(422);
    expect(world.memory.ends).toEqual([]);
  });

  test('one that has just ended is no error', async () => {
    const world = makeWorld();
    const opening = open(world, 'o1');
    world.memory.room('acme').openings.set('o1', { ...opening, endedAt: start, endCause: 'technician' });
    expect((await browser(world, 'claire').post('/stop', { opening: 'o1' })).status).toBe(303);
  });

  test.each([
    ['writes', 'all'],
    ['all', 'all'],
    ['all', 'o1'],
  ] as const)(
    'works while the log is unavailable (%s), for %s, and says that it is not recorded yet',
    async (failing, opening) => {
      const world = makeWorld();
      open(world, 'o1');
      const claire = browser(world, 'claire');
      await claire.csrf();
      world.memory.failing = failing;
      expect((await claire.post('/stop', { opening })).status).toBe(303);
      expect(world.memory.ends[0]?.by).toEqual({ seat: 'seat-claire', role: 'representative' });
      expect(world.memory.ends[0]?.what.client).toBe('acme');
      world.memory.failing = 'no';
      const page = await claire.get('/activity');
      expect(page.text).toContain('Stopped here, not yet recorded');
      expect(page.text).toContain('stopped here, not yet recorded');
    },
  );

  test('not even then for somebody whom this session never saw enrolled', async () => {
    const world = makeWorld();
    world.memory.room('acme').seats.splice(0);
    const claire = browser(world, 'claire');
    await claire.csrf();
    world.memory.failing = 'all';
    expect((await claire.post('/stop', { opening: 'all' })).status).toBe(503);
    expect(world.memory.ends).toEqual([]);
  });
});
