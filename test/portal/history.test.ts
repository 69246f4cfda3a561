/**
 * The client's history on a real log and a real count: filters that stand in the address, openings as sentences, one
 * opening with its requests and its line, and every bad address answered in words.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Copy } from '../../src/core/copies.ts';
import type { Receipt } from '../../src/core/entries.ts';
import { mostCounted } from '../../src/core/history.ts';
import type { Opening } from '../../src/core/model.ts';
import type { History } from '../../src/core/ports.ts';
import { createHistory } from '../../src/stores/history.ts';
import {
  batchRunner,
  declareCommand,
  freshId,
  intentDraft,
  makeFolder,
  openBatcher,
  openingOf,
  resultFields,
  settle,
  standingClock,
} from '../stores/ledger-world.ts';
import { browser } from './browser.ts';
import { makeWorld } from './world.ts';
import { start } from './world-rules.ts';

const nasty = `<img src=x onerror=alert(1)>\u202e\u0000"'&${'é'.repeat(300)}`;
const clock = standingClock(start - 2 * 86_400_000);
const folder = makeFolder();
const batcher = openBatcher(folder);
const run = batchRunner(batcher, clock);
let history: History;
let ordinary: Opening;
let copied: Opening;
let hostile: Opening;
let foreign: Opening;
let epoch: number;

async function exchange(
  opening: Opening,
  path: string,
  fields: Record<string, string> = {},
  result: Record<string, string | number> | null = {},
): Promise<void> {
  const draft = intentDraft(opening, epoch);
  const changed = { ...draft, fields: { ...draft.fields, ...fields }, groups: { target: { path } } };
  const { receipt } = (await run({ do: 'intent', epoch, draft: changed })) as { receipt: Receipt };
  if (result === null) return;
  const id = freshId('result');
  await run({ do: 'result', client: 'acme', intent: receipt, id, fields: { ...resultFields, ...result } });
}

async function declare(acme: Awaited<ReturnType<typeof settle>>, more: Partial<Opening>): Promise<Opening> {
  const opening = openingOf(acme.grant.id, acme.opening.login, clock.now(), more);
  const command = declareCommand(opening, epoch);
  const { referenceCheck: check } = more;
  const fields = { ...command.fields, ...(check === undefined ? {} : { reference_check: check }) };
  expect(await run({ ...command, fields })).toHaveProperty('receipt');
  return opening;
}

beforeAll(async () => {
  const acme = await settle(folder, run, clock.now());
  epoch = acme.epoch;
  ordinary = acme.opening;
  for (let n = 0; n < 120; n += 1) await exchange(ordinary, '/customers/:id');
  await exchange(ordinary, '/customers/:id', { operation: 'write', dest: 'call', method: 'POST' });
  for (let n = 0; n < 3; n += 1) await exchange(ordinary, '/assets/*', { dest: 'asset' });
  clock.advance(29 * 60_000);
  const counts = { exchanges: 124, refused: 0, statics: 40, up: 0, down: 0 };
  const closings = [{ opening: ordinary.id, cause: 'stopped' as const, cutMs: 1, counts }];
  ({ epoch } = (await run({ do: 'close', client: 'acme', by: undefined, closings })) as { epoch: number });
  clock.advance(86_400_000);
  copied = await declare(acme, {
    purpose: 'support',
    reference: 'INC-42',
    systems: ['backup'],
    referenceCheck: 'failed',
  });
  await exchange(copied, '/export', { operation: 'copy', dest: 'download' }, { down: 2_500_000 });
  clock.advance(60_000);
  hostile = await declare(acme, { reference: nasty, note: nasty });
  await exchange(hostile, nasty, {}, { type: nasty, disposition: nasty });
  await exchange(hostile, '/customers/:id', {}, null);
  await run({
    do: 'append',
    draft: {
      client: 'acme',
      t: 'access.refused',
      id: freshId('refused'),
      fields: {
        session: '',
        system: 'erp',
        method: 'DECLARE',
        operation: 'read',
        reason: 'not_assigned',
        count: 1,
        policy: 'p',
      },
      person: 'eve',
      groups: { person: { name: nasty, subject: 'e' }, role: { function: 'support' } },
    },
  });
  foreign = (await settle(folder, run, clock.now(), 'martin')).opening;
  history = createHistory({
    file: folder.file,
    history: join(folder.dir, 'history.db'),
    keysDir: folder.keysDir,
  });
  await history.settled();
});

afterAll(async () => {
  await history.close();
  batcher.close(clock.now(), clock.monotonic());
  folder.remove();
});

const visitor = (who = 'claire') => browser(makeWorld({ history }), who);
const page = async (address: string, who?: string): Promise<string> => (await visitor(who).get(address)).text;
const stories = (text: string): number => text.match(/<li class="story">/g)?.length ?? 0;
/** Without the typographer's spaces. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

describe('the page', () => {
  test('tells each access as one sentence, newest first, with what may be said to be absent', async () => {
    const text = plain(await page('/history'));
    expect(stories(text)).toBe(4);
    expect(text).toContain(
      'Alice Martin, support, ERP, Label hotline, TICKET-77, 10:00–10:29 +02:00: 120 pages viewed (Customer record), ' +
        '1 change accepted (Customer record), nothing left the system as a file (124 answers counted).',
    );
    expect(text).toContain('1 file taken out (2.5 MB).');
    expect(text).toContain('stopped by the client');
    expect(text).toContain('3 scripts, styles and images, 40 more, by number');
    expect(text).toContain('(08:00:00 UTC)');
    expect(text.indexOf('INC-42')).toBeLessThan(text.indexOf('TICKET-77'));
    expect(text).toContain('4 accesses, from 6 September 2026 to 5 October 2026');
  });

  test('says the same in French', async () => {
    const text = plain(await page('/history?lang=fr'));
    expect(text).toContain('120 pages consultées (Fiche client), 1 modification acceptée (Fiche client)');
    expect(text).toContain('rien n’est sorti du système sous forme de fichier (124 réponses comptées).');
  });

  test('shows what others wrote as text, without what cannot be seen, and visibly shortened', async () => {
    for (const address of ['/history', `/history/${hostile.id}`]) {
      const text = await page(address);
      expect(text).not.toContain('<img src=x');
      expect(text).toContain('&lt;img src=x onerror=alert(1)>\ufffd\ufffd');
      for (const mark of ['\u202e', '\u0000']) expect(text.includes(mark)).toBe(false);
      expect(text).not.toContain('é'.repeat(200).concat('é'.repeat(301)));
      expect(text).toContain('é…');
    }
  });

  test.each([
    ['purpose=support', 1],
    ['system=erp', 3],
    ['system=backup', 1],
    ['operation=copy', 1],
    ['operation=write', 1],
    ['result=pending', 1],
    ['result=refused', 1],
    ['result=withheld', 0],
    ['reference=inc-42', 1],
    ['reference=inc', 0],
    ['function=support', 4],
    ['route=Customer+record', 2],
    ['function=director', 0],
    ['purpose=nobody-knows', 0],
    ['person=AAAAAAAAAAAA', 0],
    ['route=~unknown', 0],
    ['from=2026-10-04&to=2026-10-04', 3],
    ['from=2026-10-03&to=2026-10-03', 1],
    ['from=2026-10-05', 0],
    ['operation=copy&purpose=support&system=backup&reference=INC-42', 1],
    ['operation=copy&purpose=hotline', 0],
    ['person=&function=&system=', 4],
  ])('%s finds %d', async (query, found) => {
    const { text, status } = await visitor().get(`/history?${query}`);
    expect(status).toBe(200);
    expect(stories(text)).toBe(found);
    if (found === 0) expect(text).toContain('No access in this period with these filters.');
  });

  test('offers people by a token of this client, and finds by it', async () => {
    const text = await page('/history');
    const token = /<option value="([\w-]{12})">Alice Martin<\/option>/.exec(text)?.[1] ?? '';
    expect(stories(await page(`/history?person=${token}`))).toBe(3);
    expect(stories(await page(`/history?person=${token}`, 'nadia'))).toBe(0);
    expect(await page('/history', 'nadia')).not.toContain(token);
  });

  test('by agreement, with a link to it', async () => {
    const text = await page(`/history?agreement=${ordinary.grant}`);
    expect(stories(text)).toBe(3);
    expect(text).toContain(`href="/agreements/${ordinary.grant}"`);
  });

  test('draws bars that are links, with a table beside them, and keeps the other filters', async () => {
    const text = plain(await page('/history?operation=copy'));
    expect(text).toContain('<svg');
    expect(text).toContain('from=2026-10-03&amp;to=2026-10-03&amp;operation=copy');
    expect(text).toContain('2 accesses (Label hotline: 1, Label support: 1)');
    expect(text).not.toContain('style=');
  });

  test('a period that is too long is shortened, and says so; weeks instead of days', async () => {
    const text = plain(await page('/history?from=1999-01-01'));
    expect(text).toContain('A page shows at most 366 days.');
    expect(text).toContain('value="2025-10-05"');
    expect(text).toContain('in each week');
    expect(stories(text)).toBe(4);
  });

  test.each([
    ['before=x', 'before'],
    ['before=1.2.3', 'before'],
    ['before=-1.0', 'before'],
    ['from=2026-02-30', 'from'],
    ['from=yesterday', 'from'],
    ['to=9999-12-31', 'to'],
    ['from=2026-10-05&to=2026-10-01', 'from'],
    ['operation=delete', 'operation'],
    ['result=fine', 'result'],
    ['system=a&system=b', 'system'],
    ['system=%00', 'system'],
    ['person=<script>', 'person'],
    [`reference=${'x'.repeat(201)}`, 'reference'],
    ['colour=blue', 'colour'],
    [`${encodeURIComponent(nasty)}=1`, '&lt;img src=x'],
  ])('%s is answered in words', async (query, name) => {
    const { text, status } = await visitor().get(`/history?${query}`);
    expect(status).toBe(422);
    expect(text).toContain('This address has no meaning here');
    expect(text).toContain(`“${name}`);
    expect(text).not.toContain('<img src=x');
  });

  test('a place beyond the ends is a page that says there is nothing older', async () => {
    expect(await page('/history?before=0.0')).toContain('Nothing older.');
    expect(stories(await page('/history?before=99999999999999.9999999999'))).toBe(4);
  });

  test('a look is noted once in fifteen minutes', async () => {
    const world = makeWorld({ history });
    const claire = browser(world, 'claire');
    for (const address of [
      '/history',
      '/history?purpose=support',
      `/history/${copied.id}`,
      `/history/${ordinary.id}`,
    ])
      await claire.get(address);
    const noted = () =>
      world.memory
        .room('acme')
        .lines.filter(({ leaf }) => leaf.t === 'log.read')
        .map(({ leaf }) => leaf.view);
    expect(noted()).toEqual(['history', 'history-access']);
    world.memory.now += 16 * 60_000;
    await claire.get('/history');
    expect(noted()).toEqual(['history', 'history-access', 'history']);
  });

  test('while the count is behind it says until when it is complete, and claims no absence for what is open', async () => {
    const late: History = {
      ...history,
      page: async (query) => ({ ...(await history.page(query)), behind: start - 1000 }),
    };
    const text = plain(
      await browser(makeWorld({ history: late }), 'claire')
        .get('/history')
        .then((r) => r.text),
    );
    expect(text).toContain('Complete up to 05 Oct 2026, 09:59:59 +02:00');
    expect(text).toContain('and more than is counted here');
  });

  test('counts beyond a thousand are “more than”', async () => {
    const many: History = {
      ...history,
      page: async (query) => ({ ...(await history.page(query)), total: mostCounted + 1 }),
    };
    expect(plain((await browser(makeWorld({ history: many }), 'claire').get('/history')).text)).toContain(
      'more than 1,000 accesses',
    );
  });
});

describe('one access', () => {
  test('shows every request by pages, with furniture folded, and how its line is checked', async () => {
    const first = plain(await page(`/history/${ordinary.id}`));
    expect(first).toContain('Request by request');
    expect(first.match(/Customer record/g)?.length).toBeGreaterThan(100);
    expect(first).toMatch(/<code>[\w+/]{43}=<\/code>/);
    expect(first).toContain('href="/verify"');
    expect(first).toContain(`href="/agreements/${ordinary.grant}"`);
    const next = /href="(\/history\/[^"]*after=[^"]*)"/.exec(first)?.[1] ?? '';
    const second = plain(await page(next));
    expect(second).toContain('3 scripts, styles and images');
    expect(second).toContain('Access ended: stopped by the client');
    expect(second).not.toContain('Further');
  });

  test('tells of its copies while they are there, and when all of them are gone', async () => {
    const world = makeWorld({ history });
    const gone = { at: start, how: 'destroyed', done: start, by: 'taker', text: 'Wiped it twice.' } as const;
    const copy: Copy = {
      ...{ id: 'c1', client: 'acme', opening: copied.id, person: 'alice', reference: 'T-77', system: 'erp' },
      ...{ purpose: 'backup', registeredAt: start, destroyBy: start + 86_400_000, graceDays: 7 },
      ...{ answerBy: start, path: '/export/*', head: { status: 200, type: 'application/zip' } },
      ...{ bytes: 12_000_000, outcome: 'complete', digest: undefined, kept: undefined, gone: undefined },
    };
    world.memory.copies.push(copy);
    const claire = browser(world, 'claire');
    expect((await claire.get(`/history/${copied.id}`)).text).toContain('to be destroyed or returned by');
    world.memory.copies.splice(0, 1, { ...copy, gone });
    const { status, text } = await claire.get(`/history/${copied.id}`);
    expect(status).toBe(200);
    expect(text).toContain('Copies that left');
    expect(text).not.toContain('to be destroyed or returned by');
  });

  test('says what the ticket system said about its reference, where it was asked', async () => {
    const marked = /not confirmed: the ticket system knows no open ticket of yours under it/;
    expect(await page(`/history/${copied.id}`)).toMatch(marked);
    expect(await page(`/history/${ordinary.id}`)).not.toMatch(/ticket system/);
    const french = (await browser(makeWorld({ history }), 'claire', 'fr').get(`/history/${copied.id}`)).text;
    expect(french).toMatch(/non confirmée/);
  });

  test('another client’s, an unknown one and none are not found; a wrong place is said', async () => {
    for (const id of [foreign.id, 'nobody', '%00', '..%2f', 'x'.repeat(65)]) {
      expect((await visitor().get(`/history/${id}`)).status).toBe(404);
    }
    expect((await visitor('nadia').get(`/history/${foreign.id}`)).status).toBe(200);
    expect((await visitor().get(`/history/${ordinary.id}?after=zzz`)).status).toBe(422);
    expect((await visitor().get(`/history/${ordinary.id}?x=1`)).status).toBe(422);
    expect((await visitor().get(`/history/${ordinary.id}?after=0.0`)).status).toBe(200);
  });

  test('an opening that still runs claims nothing that is not known', async () => {
    const text = plain(await page(`/history/${hostile.id}`));
    expect(text).toContain('1 request without a result yet');
    expect(text).not.toContain('nothing has left');
    expect(text).toContain('not ended yet');
  });
});

describe('kept views', () => {
  const keep = (more: Record<string, string>) => ({
    name: 'Copies in ERP',
    operation: 'copy',
    system: 'erp',
    ...more,
  });

  test('are one’s own, without the period unless asked for, and lead back to what they show', async () => {
    const world = makeWorld({ history });
    const claire = browser(world, 'claire');
    const saved = await claire.post('/history/views', keep({ from: '2026-10-01', to: '2026-10-04' }));
    expect(saved.status).toBe(303);
    await claire.post(
      '/history/views',
      keep({ name: 'With days', from: '2026-10-01', to: '2026-10-04', period: 'yes' }),
    );
    expect(world.memory.views.map(({ query }) => query)).toEqual([
      'system=erp&operation=copy',
      'from=2026-10-01&to=2026-10-04&system=erp&operation=copy',
    ]);
    const { text } = await claire.get('/history');
    expect(text).toContain('<a href="/history?system=erp&amp;operation=copy">Copies in ERP</a>');
    expect((await browser(world, 'marc').get('/history')).text).not.toContain('Copies in ERP');
    const id = world.memory.views[0]?.id ?? '';
    expect((await browser(world, 'marc').post(`/history/views/${id}/drop`, {})).status).toBe(404);
    expect((await claire.post(`/history/views/${id}/drop`, {})).status).toBe(303);
    expect(world.memory.views).toHaveLength(1);
  });

  test.each<[Record<string, string>, number, string]>([
    [{ name: '  ' }, 422, 'A view needs a name'],
    [{ operation: 'destroy' }, 422, 'This address has no meaning here'],
    [{ from: 'tomorrow' }, 422, 'This address has no meaning here'],
  ])('%j is answered in words', async (more, status, words) => {
    const answer = await visitor().post('/history/views', keep(more));
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(words);
  });

  test('at most twenty, each name short and without marks that turn the text', async () => {
    const world = makeWorld({ history });
    const claire = browser(world, 'claire');
    await claire.post('/history/views', keep({ name: `${nasty}` }));
    expect(world.memory.views[0]?.name).toHaveLength(60);
    expect(world.memory.views[0]?.name).not.toContain('\u202e');
    expect((await claire.get('/history')).text).not.toContain('<img src=x');
    for (let n = 1; n < 20; n += 1) await claire.post('/history/views', keep({ name: `View ${n}` }));
    const more = await claire.post('/history/views', keep({ name: 'One more' }));
    expect(more.status).toBe(409);
    expect(more.text).toContain('remove one that you no longer need');
  });
});
