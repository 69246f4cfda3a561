/** Reports: what a month comes to, what a data subject may be told, and that neither says more than was counted. */
import { describe, expect, test } from '@jest/globals';
import type { Fact, HistoryQuery, Story } from '../../src/core/history.ts';
import { mostListed, ReportTally } from '../../src/core/report.ts';
import { browser } from './browser.ts';
import { makeWorld } from './world.ts';
import { start } from './world-rules.ts';

const minute = 60_000;

function fact(change: Partial<Fact> = {}): Fact {
  return {
    ...{ system: 'erp', method: 'GET', path: '/c', operation: 'read', dest: 'page', type: 'text/html' },
    ...{ disposition: '', result: 'complete', count: 1, up: 0, down: 1000, first: start, last: start },
    ...change,
  };
}

function story(change: Partial<Story> = {}): Story {
  return {
    ...{
      kind: 'opening',
      id: 'o1',
      origin: 'log',
      index: 1,
      at: start,
      lastAt: start,
      endedAt: start + 30 * minute,
    },
    ...{ cause: 'technician', person: 'p1', first: false, name: 'Alice <b>', functions: [], employer: '' },
    ...{
      systems: ['erp'],
      declared: [],
      purpose: 'support',
      reference: 'T-1',
      note: '',
      grant: 'g1',
      statics: 0,
    },
    facts: [fact()],
    whole: true,
    ...change,
  } as Story;
}

describe('a tally', () => {
  test('counts each request once, by what it did or why it was refused', () => {
    const tally = new ReportTally(start + 60 * minute);
    tally.add(
      story({
        facts: [
          fact({ count: 3 }),
          fact({ operation: 'write', count: 2 }),
          fact({ operation: 'copy', down: 500 }),
          fact({ operation: 'write', result: 'refused:write_not_granted', count: 4, down: 0 }),
          fact({ result: 'unknown-after-crash' }),
        ],
      }),
    );
    tally.add(
      story({ id: 'o2', person: 'p2', emergency: true, endedAt: undefined, at: start + 50 * minute }),
    );
    tally.add(
      story({
        id: 'r',
        kind: 'refusal',
        person: '',
        facts: [fact({ result: 'refused:no_consent', down: 0 })],
      }),
    );
    expect(tally.numbers()).toMatchObject({
      emergencies: 1,
      ...{ openings: 2, people: 2, minutes: 40, read: 5, written: 2, copies: 1, refused: 5, unfinished: 1 },
      down: 4500,
      purposes: [['support', 2]],
      reasons: [
        ['write_not_granted', 4],
        ['no_consent', 1],
      ],
    });
  });

  test('lists no more than it says', () => {
    const tally = new ReportTally(start);
    for (let at = 0; at < mostListed + 10; at += 1) tally.add(story({ id: `o${at}` }));
    expect(tally.numbers().listed).toHaveLength(mostListed);
    expect(tally.numbers().openings).toBe(mostListed + 10);
  });
});

/** A world whose history has these openings; answers what was asked of it. */
function worldWith(stories: readonly Story[]) {
  const world = makeWorld();
  const asked: HistoryQuery[] = [];
  Object.assign(world.deps.history, {
    page: async (query: HistoryQuery) => {
      asked.push(query);
      return { stories, next: undefined, total: stories.length, searchedTo: undefined, behind: undefined };
    },
  });
  return { world, asked };
}

describe('the month', () => {
  test('is the one before this one, in the client’s zone, and everything is escaped', async () => {
    const { world, asked } = worldWith([story()]);
    const { status, text } = await browser(world, 'marc').get('/report');
    expect(status).toBe(200);
    expect(asked[0]).toMatchObject({
      client: 'acme',
      from: Date.UTC(2026, 7, 31, 22),
      until: Date.UTC(2026, 8, 30, 22),
    });
    expect(text).toContain('September 2026');
    expect(text).toContain('Alice &lt;b>');
    expect(text).toContain('Seen here is what passed through Consentry.');
  });

  test('is a PDF too, and that is a line of the log', async () => {
    const { world } = worldWith([story({ name: 'Łukasz \u202e=HYPERLINK(1)' })]);
    const answer = await browser(world, 'claire')
      .get('/report/pdf?month=2026-09')
      .buffer()
      .parse((res, done) => binary(res as unknown as NodeJS.ReadableStream, done));
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/pdf');
    expect(answer.headers['content-disposition']).toContain('report-acme-2026-09.pdf');
    expect((answer.body as Buffer).subarray(0, 5).toString()).toBe('%PDF-');
    expect(world.memory.commands).toContainEqual(
      expect.objectContaining({
        draft: expect.objectContaining({ fields: expect.objectContaining({ view: 'report' }) }),
      }),
    );
  });

  test.each(['2026-13', '<b>', '26-1'])('%s is none', async (month) => {
    const { world } = worldWith([]);
    const answer = await browser(world, 'claire').get(`/report?month=${encodeURIComponent(month)}`);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('This is not a month');
  });
});

describe('consultations', () => {
  test('name days, systems and purposes, and nobody', async () => {
    const { world } = worldWith([
      story(),
      story({ id: 'o2', name: 'Bruno' }),
      story({ kind: 'refusal', id: 'r' }),
    ]);
    const { status, text } = await browser(world, 'marc').get(
      '/report/consultation?from=2026-10-01&until=2026-10-05',
    );
    expect(status).toBe(200);
    expect(text).toContain('5 October 2026');
    expect(text).toMatch(/<span>2<\/span>/);
    expect(text).not.toMatch(/Alice|Bruno|T-1/);
    expect(text).toContain('Whether this person’s own data was looked at cannot be told');
  });

  test.each([
    ['an end before the beginning', 'from=2026-10-05&until=2026-10-01', 422],
    ['a day that does not exist', 'from=2026-02-30&until=2026-10-01', 422],
    ['too long', 'from=2020-01-01&until=2026-10-01', 422],
    ['another’s system', 'from=2026-10-01&until=2026-10-05&system=payroll', 404],
  ])('%s', async (_, query, status) => {
    const { world } = worldWith([]);
    expect((await browser(world, 'claire').get(`/report/consultation?${query}`)).status).toBe(status);
  });
});

function binary(res: NodeJS.ReadableStream, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  res.on('data', (chunk: Buffer) => chunks.push(chunk));
  res.on('end', () => done(null, Buffer.concat(chunks)));
}
