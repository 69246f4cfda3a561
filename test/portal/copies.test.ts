/** The copy register on pages: who took copies answers for them, the client reads, the provider sees what is outstanding. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Copy } from '../../src/core/copies.ts';
import { browser } from './browser.ts';
import { makeWorld, type World, wish } from './world.ts';
import { start } from './world-rules.ts';

const day = 24 * 3_600_000;
let world: World;

beforeEach(() => {
  world = makeWorld();
});

function copy(id: string, changes: Partial<Copy> = {}): Copy {
  const made: Copy = {
    id,
    client: 'acme',
    opening: 'o1',
    person: 'alice',
    reference: 'T-77',
    system: 'erp',
    purpose: 'backup',
    registeredAt: start - day,
    destroyBy: start + 29 * day,
    graceDays: 7,
    answerBy: start + 3_600_000,
    path: '/export/*',
    head: { status: 200, type: 'application/zip', extension: 'zip' },
    bytes: 12_000_000,
    outcome: 'complete',
    digest: `sha256:${'A'.repeat(43)}`,
    kept: undefined,
    gone: undefined,
    ...changes,
  };
  world.memory.copies.push(made);
  return made;
}

const kept = { at: start, place: 'Vault 2, Lyon', custodian: 'Backup team' };
const overdue = { destroyBy: start - 1, kept };
const attested = {
  client: 'acme',
  copy: 'c1',
  how: 'destroyed',
  done: new Date(start).toISOString().slice(0, 10),
  text: 'Disk wiped with three passes.',
};

describe('whoever took copies', () => {
  test('sees at the desk what is owed, says where they are, and owes it no more', async () => {
    const alice = browser(world, 'alice');
    const declared = { systems: 'erp', purpose: 'hotline', reference: 'T-77', note: '', minutes: '30' };
    await alice.post('/declare', { ...wish, ...declared });
    const [opening = ''] = world.memory.room('acme').openings.keys();
    copy('c1', { opening });
    copy('c2', { opening, bytes: 5 });
    const desk = await alice.get('/');
    expect(desk.text).toContain('Say where the copies of T-77 are kept');
    const page = await alice.get(`/openings/${opening}`);
    expect(page.text).toContain('copies left in this access');
    const wrong = await alice.post(`/openings/${opening}/copies`, { place: '-', custodian: '<b>x</b>' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('&lt;b>x&lt;/b>');
    const said = { place: 'Vault 2, Lyon', custodian: 'Backup team' };
    expect((await alice.post(`/openings/${opening}/copies`, said)).headers.location).toBe(
      `/openings/${opening}`,
    );
    expect(world.memory.copies.map((one) => one.kept?.place)).toEqual(['Vault 2, Lyon', 'Vault 2, Lyon']);
    expect((await alice.get('/')).text).not.toContain('Say where the copies');
    expect((await alice.post(`/openings/${opening}/copies`, said)).status).toBe(409);
  });

  test('reads the last of many, the earlier ones folded, below all that is to be done', async () => {
    const alice = browser(world, 'alice');
    const declared = { systems: 'erp', purpose: 'hotline', reference: 'T-77', note: '', minutes: '30' };
    await alice.post('/declare', { ...wish, ...declared });
    const [opening = ''] = world.memory.room('acme').openings.keys();
    const taken = (minute: number) => ({ opening, registeredAt: start - day + minute * 60_000 });
    for (let at = 0; at < 65; at += 1)
      copy(`c${at}`, { ...taken(at), head: { status: 200, type: '', extension: `n${at}` } });
    const { text } = await alice.get(`/openings/${opening}`);
    const places = [
      `action="/openings/${opening}/extend"`,
      `action="/openings/${opening}/close"`,
      'name="custodian"',
      'id="more"',
      'id="copies-taken"',
      '.n64',
      '.n60',
      '<summary>60\u00a0earlier copies</summary>',
      '.n59',
      '.n0)',
    ].map((what) => text.indexOf(what));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(text.slice(text.indexOf('.n0)'))).not.toMatch(/<form|<h2/);
  });

  test('of few copies folds none', async () => {
    const alice = browser(world, 'alice');
    const declared = { systems: 'erp', purpose: 'hotline', reference: 'T-77', note: '', minutes: '30' };
    await alice.post('/declare', { ...wish, ...declared });
    const [opening = ''] = world.memory.room('acme').openings.keys();
    for (let at = 0; at < 5; at += 1) copy(`c${at}`, { opening });
    const { text } = await alice.get(`/openings/${opening}`);
    expect([text.includes('id="copies-taken"'), text.includes('earlier cop')]).toEqual([true, false]);
  });

  test('says that they are gone: which, how, when; and reads only their own', async () => {
    const alice = browser(world, 'alice');
    copy('c1', overdue);
    copy('c2', { ...overdue, person: 'bruno', reference: 'T-99' });
    expect((await alice.get('/')).text).toContain('One copy is overdue');
    const page = await alice.get('/copies');
    expect(page.text).toContain('T-77');
    expect(page.text).not.toContain('T-99');
    expect((await alice.post('/copies/gone', attested)).headers.location).toBe('/copies');
    expect(world.memory.copies[0]?.gone).toMatchObject({ how: 'destroyed', by: 'taker', done: start });
    const after = await alice.get('/copies');
    expect(after.text).toContain('It is recorded. The client reads it.');
    expect(after.text).toContain('You hold no copies.');
  });

  test.each<[string, Record<string, string>, number]>([
    ['no copy', { copy: '' }, 422],
    ['a copy of somebody else', { copy: 'c2' }, 404],
    ['a copy of nobody', { copy: 'none' }, 404],
    ['a copy at another client', { client: 'martin' }, 404],
    ['no such way', { how: 'lost' }, 422],
    ['a day that is to come', { done: '2999-01-01' }, 422],
    ['a day before the copy', { done: '2001-01-01' }, 422],
    ['no day', { done: 'yesterday' }, 422],
    ['nothing said', { text: '....' }, 422],
    ['markup', { text: '<script>alert(1)</script> \u202e' }, 422],
    ['too much', { text: 'Wiped the disk. '.repeat(40) }, 422],
  ])('is refused with %s', async (_name, change, status) => {
    copy('c1', overdue);
    copy('c2', { ...overdue, person: 'bruno' });
    const answer = await browser(world, 'alice').post('/copies/gone', { ...attested, ...change });
    expect(answer.status).toBe(status);
    expect(answer.text).not.toContain('<script>alert');
    expect(world.memory.copies.every(({ gone }) => gone === undefined)).toBe(true);
  });

  test('cannot say it twice', async () => {
    copy('c1', overdue);
    const alice = browser(world, 'alice');
    expect((await alice.post('/copies/gone', attested)).status).toBe(303);
    expect((await alice.post('/copies/gone', attested)).status).toBe(404);
  });
});

describe('the client', () => {
  test('reads what is out, what is overdue in words, and what the provider declares', async () => {
    copy('c1', overdue);
    copy('c2', { outcome: 'client-abort', digest: undefined, bytes: 300 });
    copy('c3', { head: { status: 206, type: '', range: '0-99/1000' } });
    copy('c4', {
      kept,
      gone: { at: start, how: 'destroyed', done: start, by: 'taker', text: 'Wiped it twice.' },
    });
    copy('c5', { client: 'martin', reference: 'T-98' });
    const claire = browser(world, 'claire');
    expect((await claire.get('/')).text).toContain('One copy of your data should be gone by now');
    const { text } = await claire.get('/copies');
    for (const words of [
      'overdue',
      'incomplete',
      'part of something larger',
      'bytes 0-99/1000',
      'Wiped it twice.',
    ])
      expect(text).toContain(words);
    expect(text).toContain('declared by the provider, not observed');
    expect(text).toContain('no digest: it did not leave whole');
    expect(text).toContain('Vault 2, Lyon – Backup team');
    expect(text).not.toContain('T-98');
    expect(text).not.toContain('Alice');
    expect((await browser(world, 'claire', 'fr').get('/copies')).text).toContain('en retard');
  });

  test('reads in the month’s report how many there are', async () => {
    copy('c1', overdue);
    const { text } = await browser(world, 'claire').get('/report');
    expect(text).toContain('Copies outside your systems, now');
    expect(text).toContain('Of these overdue');
  });

  test('attests nothing itself', async () => {
    copy('c1', overdue);
    const claire = browser(world, 'claire');
    expect((await claire.post('/copies/gone', attested)).status).toBe(403);
    expect((await claire.get('/provider/copies/acme')).status).toBe(403);
  });

  test('whose contract is over reads what is still open', async () => {
    const acme = world.snapshot.clients.get('acme');
    if (acme === undefined) throw new Error('no acme');
    (world.snapshot.clients as Map<string, typeof acme>).set('acme', { ...acme, status: 'ended' });
    copy('c1');
    const { text } = await browser(world, 'claire').get('/copies');
    expect(text).toContain('The service has ended');
  });
});

describe('the provider', () => {
  test('sees by client how many there are, overdue first, and each look is recorded', async () => {
    copy('c1');
    copy('c2', overdue);
    const carla = browser(world, 'carla');
    const across = await carla.get('/provider/copies');
    expect(across.text).toContain('1 overdue');
    expect(across.text).not.toContain('T-77');
    expect(world.memory.room('acme').lines).toEqual([]);
    expect((await carla.get('/provider/copies/acme')).text).toContain('T-77');
    expect(world.memory.room('acme').lines.at(-1)?.leaf).toMatchObject({ t: 'log.read', view: 'copies' });
    expect((await carla.get('/provider/copies/nobody')).status).toBe(404);
  });

  test('the contact may attest for whoever took a copy; the data protection officer only reads', async () => {
    copy('c1', overdue);
    copy('c2', { ...overdue, client: 'martin' });
    const form = { ...attested, how: 'returned' };
    expect((await browser(world, 'david').post('/provider/copies/acme/gone', form)).status).toBe(403);
    expect((await browser(world, 'david').get('/provider/copies/acme')).text).not.toContain('name="copy"');
    const carla = browser(world, 'carla');
    expect((await carla.post('/provider/copies/acme/gone', { ...form, copy: 'c2' })).status).toBe(404);
    expect((await carla.post('/provider/copies/acme/gone', { ...form, text: '' })).status).toBe(422);
    expect((await carla.post('/provider/copies/acme/gone', form)).status).toBe(303);
    expect(world.memory.copies[0]?.gone).toMatchObject({ how: 'returned', by: 'contact' });
  });
});
