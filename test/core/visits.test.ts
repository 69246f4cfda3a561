/** When people of a client last looked, from the lines of their log; and what is a mail address. */
import { describe, expect, test } from '@jest/globals';
import { isMailAddress } from '../../src/core/mail.ts';
import type { Line, LineQuery } from '../../src/core/ports.ts';
import { isLongAway, visitsTo } from '../../src/core/visits.ts';

const day = 86_400_000;
const now = Date.parse('2026-10-05T08:00:00Z');

/** An archive of lines, newest first, page by page. */
function archive(looks: readonly (readonly [number, string, string?])[]) {
  const asked: LineQuery[] = [];
  const all: Line[] = looks.map(([daysAgo, seat, connection], nth) => ({
    origin: 'log',
    index: looks.length - nth,
    leaf: {
      ...{ t: 'log.read', at: new Date(now - daysAgo * day).toISOString(), seat },
      ...(connection === undefined ? {} : { connection }),
    },
    groups: {},
  }));
  return {
    asked,
    lines: async (query: LineQuery) => {
      asked.push(query);
      const { before } = query;
      return all.filter(({ index }) => before === undefined || index < before.index).slice(0, query.limit);
    },
  };
}

const held = (...ids: string[]) => ids.map((id) => ({ id, seatedAt: now - 200 * day }));

describe('visits', () => {
  test('are the latest look of each seat; a program that reads is none', async () => {
    const log = archive([
      [0, 'b', 'token'],
      [1, 'a'],
      [2, 'a'],
      [3, 'c'],
    ]);
    const visits = await visitsTo(log, 'acme', ['a', 'b'], now);
    expect([...visits.seats]).toEqual([
      ['a', now - day],
      ['c', now - 3 * day],
    ]);
    expect(isLongAway(held('b'), visits, now)).toBe(true);
    expect(isLongAway(held('a'), visits, now)).toBe(false);
    expect(isLongAway(held('b', 'c'), visits, now)).toBe(false);
  });

  test('of more than 90 days ago are none; a seat that is younger says nothing', async () => {
    const visits = await visitsTo(archive([[91, 'a']]), 'acme', ['a'], now);
    expect(isLongAway(held('a'), visits, now)).toBe(true);
    expect(isLongAway([{ id: 'a', seatedAt: now - 89 * day }], visits, now)).toBe(false);
    expect(isLongAway([], visits, now)).toBe(false);
  });

  test('are looked through page by page, and no further than needed', async () => {
    const many = Array.from({ length: 2_500 }, (_, nth) => [nth / 100, 'a'] as const);
    const found = archive(many);
    await visitsTo(found, 'acme', ['a'], now);
    expect(found.asked).toHaveLength(1);
    const missed = archive(many);
    expect((await visitsTo(missed, 'acme', ['b'], now)).whole).toBe(true);
    expect(missed.asked).toHaveLength(3);
  });

  test('that are too many to look through say nothing of anybody', async () => {
    const visits = await visitsTo(
      archive(Array.from({ length: 10_001 }, () => [1, 'a'] as const)),
      'acme',
      ['b'],
      now,
    );
    expect(visits.whole).toBe(false);
    expect(isLongAway(held('b'), visits, now)).toBe(false);
  });
});

test.each([
  ['claire@acme.example', true],
  ["o'neil+x@mail.acme.example", true],
  ['claire@acme', false],
  ['a,b@acme.example', false],
  ['<a>@acme.example', false],
  ['a@acme.example\r\nBcc: b@x.example', false],
  ['a b@acme.example', false],
  ['é@acme.example', false],
  ['a@b@acme.example', false],
  [`${'a'.repeat(65)}@acme.example`, false],
  [`a@${'b.'.repeat(130)}example`, false],
  ['', false],
])('%s is a mail address: %p', (text, expected) => {
  expect(isMailAddress(text)).toBe(expected);
});
