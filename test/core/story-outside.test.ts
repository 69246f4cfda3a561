/** What the client's own check says about accesses outside: each way in which owing and saying can be wrong. */
import { describe, expect, test } from '@jest/globals';
import { mostUnsaid, sayingTime } from '../../src/core/outside.ts';
import { OutsideTold } from '../../src/core/story-outside.ts';
import type { SessionTold } from '../../src/core/story-sessions.ts';

const minute = 60_000;
const start = Date.UTC(2026, 5, 1, 9);
const time = (ms: number) => new Date(start + ms).toISOString();
const session = (): SessionTold => ({
  systems: ['erp', 'phone'],
  operations: ['read'],
  purpose: 'hotline',
  grant: 'g',
  began: 'g',
  opened: time(0),
  ends: time(30 * minute),
  closed: false,
});
const opened = (more: Record<string, string> = {}) => ({
  ...{ id: 'o', at: time(0), actor: 'a', declared: 'phone', said: 'owed' },
  ...more,
});
const closed = (ms: number, id = 'o') => ({ session: id, at: time(ms) });
const line = (ms: number, more: Record<string, string | boolean> = {}) => ({
  ...{ session: 'o', at: time(ms), ended: time(10 * minute), actor: 'a' },
  ...more,
});

function told(): OutsideTold {
  const story = new OutsideTold();
  expect(story.opened(opened(), session())).toBeUndefined();
  story.closed(closed(10 * minute));
  return story;
}

describe('a line on what was done', () => {
  const end = 10 * minute;
  test.each([
    ['at the end', line(end), undefined],
    ['an hour later', line(end + sayingTime.late), undefined],
    ['late and said so', line(end + sayingTime.late + 1, { late: true }), undefined],
    ['late and not said so', line(end + sayingTime.late + 1), 'it says otherwise whether it is late'],
    ['in time and called late', line(end, { late: true }), 'it says otherwise whether it is late'],
    ['too late', line(end + sayingTime.last + 1, { late: true }), 'it says what was done too late'],
    ['before the end', line(end - 1), 'it says what was done before the access was over'],
    ['with another end', line(end, { ended: time(0) }), 'the access ended at another time'],
    ['of somebody else', line(end, { actor: 'b' }), 'it says what was done in the access of somebody else'],
    [
      'of another access',
      line(end, { session: 'p' }),
      'it says what was done in an access of which nothing is owed',
    ],
  ])('%s', (_, leaf, fault) => {
    expect(told().declared(leaf)).toBe(fault);
  });

  test('comes once', () => {
    const story = told();
    expect([story.declared(line(end)), story.declared(line(end))]).toEqual([
      undefined,
      'what was done was said already',
    ]);
  });

  test('of an access that nobody closed counts from its declared end', () => {
    const story = new OutsideTold();
    story.opened(opened(), session());
    expect(story.declared(line(30 * minute, { ended: time(30 * minute) }))).toBeUndefined();
  });

  test('in the next part of the log has another name', () => {
    const story = told();
    story.shard();
    expect(story.declared(line(end, { actor: 'z' }))).toBeUndefined();
  });
});

describe('an access outside', () => {
  test.each([
    ['owes something else', opened({ said: 'yes' }), 'what is owed of it is nothing outside'],
    [
      'names a system that it does not have',
      opened({ declared: 'fax' }),
      'what is outside is none of its systems',
    ],
    ['is none', { id: 'o', at: time(0), actor: 'a', said: 'owed' }, 'what is owed of it is nothing outside'],
  ])('that %s is found', (_, leaf, fault) => {
    expect(new OutsideTold().opened(leaf, session())).toBe(fault);
  });

  test('of older logs owes nothing; after the first that does, all do', () => {
    const { said: _, ...older } = opened();
    const story = new OutsideTold();
    expect(story.opened(older, session())).toBeUndefined();
    expect(story.opened(opened(), session())).toBeUndefined();
    expect(story.opened({ ...older, id: 'p' }, session())).toBe('nothing is owed of what is done outside');
  });

  test('is not declared by whoever owes more than three lines, until one is given or a week has passed', () => {
    const story = new OutsideTold();
    for (let n = 0; n <= mostUnsaid; n += 1) {
      story.opened(opened({ id: `o${n}` }), session());
      story.closed(closed(10 * minute, `o${n}`));
    }
    const next = (ms: number, actor = 'a') =>
      story.opened(opened({ id: `n${ms}${actor}`, at: time(ms), actor }), session());
    expect(next(11 * minute)).toBe('too much is owed of what was done outside');
    expect(next(11 * minute, 'b')).toBeUndefined();
    expect(next(10 * minute + sayingTime.counts)).toBeUndefined();
    story.declared(line(10 * minute, { session: 'o0' }));
    expect(next(12 * minute)).toBeUndefined();
  });
});
