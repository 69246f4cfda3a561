/** What the client's own check says about lines of emergencies: each way in which one can be wrong. */
import { describe, expect, test } from '@jest/globals';
import { EmergenciesTold } from '../../src/core/story-emergencies.ts';
import type { SeatsTold } from '../../src/core/story-seats.ts';

const day = 24 * 3_600_000;
const start = Date.UTC(2026, 6, 31, 16, 30);
const time = (ms: number) => new Date(start + ms).toISOString();

const text = (more: object = {}) => {
  const all = {
    emergency: 'minutes=60 per_year=2 review_days=7 zone=Europe/Paris',
    emergency_people: 'alice bruno',
    people: '',
    ...more,
  };
  return Buffer.from(
    JSON.stringify(Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)))),
  );
};

const seats: Record<string, object> = {
  rep: { role: 'representative', removed: false, grantsFrom: '' },
  delegate: { role: 'delegate', removed: false, grantsFrom: '' },
  reader: { role: 'reader', removed: false, grantsFrom: '' },
  gone: { role: 'representative', removed: true, grantsFrom: '' },
  late: { role: 'representative', removed: false, grantsFrom: time(100 * day) },
};

function story(more: object = {}): EmergenciesTold {
  const context = { textOf: () => text(more), party: {} };
  const told = new EmergenciesTold(context, { get: (id: string) => seats[id] } as unknown as SeatsTold);
  expect(told.granted({ id: 'g', text: 'sha256:x' })).toBeUndefined();
  return told;
}

const opened = (more: Record<string, string | number | boolean> = {}, at = 0) => ({
  id: 'o1',
  grant: 'g',
  at: time(at),
  ends: time(at + 3_600_000),
  actor: 'a',
  emergency: true,
  named: 1,
  mark: 'm1',
  review_by: time(at + 7 * day),
  ...more,
});
const reviewed = (more: Record<string, string> = {}) => ({
  session: 'o1',
  seat: 'rep',
  role: 'representative',
  outcome: 'in_order',
  at: time(1),
  ...more,
});

describe('an opening', () => {
  const ordinary = ({ emergency: _, ...leaf }: ReturnType<typeof opened>) => leaf;

  test.each([
    ['as the clause says', opened(), undefined],
    ['under another consent', opened({ grant: 'h' }), 'no clause'],
    ['that says something else of it', opened({ emergency: 'yes' }), 'no clause'],
    ['without an emergency', ordinary(opened()), 'for emergencies only'],
    ['too long', opened({ ends: time(3_600_001) }), 'longer than the clause'],
    ['reviewed at leisure', opened({ review_by: time(8 * day) }), 'due at another time'],
    ['of nobody named', opened({ named: 3 }), 'does not name'],
    ['of a half', opened({ named: 1.5 }), 'does not name'],
    ['without a reference', opened({ mark: '' }), 'does not tell its reference'],
  ])('%s', (_, leaf, fault) => {
    const answer = story().opened(leaf);
    if (fault === undefined) expect(answer).toBeUndefined();
    else expect(answer).toContain(fault);
  });

  test('of ordinary people beside the clause needs none', () => {
    expect(story({ people: 'assigned' }).opened(ordinary(opened()))).toBeUndefined();
  });

  test('beyond the cap of the year; the next year begins anew', () => {
    const told = story();
    expect(told.opened(opened())).toBeUndefined();
    expect(told.opened(opened({ id: 'o2' }, 1))).toBeUndefined();
    expect(told.opened(opened({ id: 'o3' }, 2))).toContain('used up');
    expect(told.reviewed(reviewed())).toBeUndefined();
    expect(told.reviewed(reviewed({ session: 'o2' }))).toBeUndefined();
    expect(told.opened(opened({ id: 'o4' }, 160 * day))).toBeUndefined();
  });

  test('under a new reference while a review is late; under the old one, or once it is reviewed, it fits', () => {
    const late = 7 * day;
    const told = story();
    told.opened(opened());
    expect(told.opened(opened({ id: 'o2', mark: 'm2' }, late))).toContain('new reference');
    expect(story().opened(opened({ mark: 'm2' }, late))).toBeUndefined();
    expect(told.reviewed(reviewed())).toBeUndefined();
    expect(told.opened(opened({ id: 'o2', mark: 'm2' }, late))).toBeUndefined();
    const again = story();
    again.opened(opened());
    expect(again.opened(opened({ id: 'o2' }, late))).toBeUndefined();
  });

  test('one person is one of those named, and nobody else is; in the next part of the log they have other names', () => {
    const told = story({ emergency: 'minutes=60 per_year=9 review_days=7 zone=UTC' });
    expect(told.opened(opened())).toBeUndefined();
    expect(told.opened(opened({ id: 'o2', named: 2 }))).toContain('another of those named');
    expect(told.opened(opened({ id: 'o2', actor: 'b' }))).toContain('another of those named');
    expect(told.opened(opened({ id: 'o2', actor: 'b', named: 2 }))).toBeUndefined();
    told.shard();
    expect(told.opened(opened({ id: 'o3', actor: 'c' }))).toBeUndefined();
  });

  test('is lengthened within the clause alone', () => {
    const told = story();
    told.opened(opened());
    expect(told.longest('o1', 'g')).toBe(60);
    expect(told.longest('o1', 'h')).toBe(0);
    expect(told.longest('o2', 'g')).toBe(0);
  });
});

describe('a review', () => {
  test.each([
    ['by a representative', {}, undefined],
    ['by a delegate', { seat: 'delegate', role: 'delegate' }, undefined],
    ['by a reader', { seat: 'reader', role: 'reader' }, 'nobody seated'],
    ['by a reader who says otherwise', { seat: 'reader' }, 'nobody seated'],
    ['by somebody removed', { seat: 'gone' }, 'nobody seated'],
    ['by nobody', { seat: 'none' }, 'nobody seated'],
    ['by somebody who may not sign yet', { seat: 'late' }, 'could not sign yet'],
    ['of something else', { session: 'o2' }, 'no emergency'],
    ['that says nothing', { outcome: 'fine' }, 'whether it is in order'],
  ])('%s', (_, more, fault) => {
    const told = story();
    told.opened(opened());
    const answer = told.reviewed(reviewed(more));
    if (fault === undefined) expect(answer).toBeUndefined();
    else expect(answer).toContain(fault);
  });

  test('is given once', () => {
    const told = story();
    told.opened(opened());
    expect(told.reviewed(reviewed())).toBeUndefined();
    expect(told.reviewed(reviewed())).toContain('reviewed already');
  });
});

test('a consent whose text is gone, or says half a clause, is none', () => {
  const none = new EmergenciesTold({ textOf: () => undefined, party: {} }, {} as SeatsTold);
  expect(none.granted({ id: 'g', text: 'x' })).toBeUndefined();
  const half = { textOf: () => text({ emergency_people: '' }), party: {} };
  expect(new EmergenciesTold(half, {} as SeatsTold).granted({ id: 'g', text: 'x' })).toContain(
    'cannot be read',
  );
});
