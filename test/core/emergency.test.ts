/** The emergency clause: how it is written and read, how years are counted, when it may be used, and what an ordinary agreement does. */
import { describe, expect, test } from '@jest/globals';
import { coversOpening } from '../../src/core/decide-facts.ts';
import {
  clauseIn,
  clauseRefused,
  type EmergencyClause,
  longestUnder,
  meantAs,
  overdueReviews,
  parseClause,
  permitsOrdinarily,
  printClause,
  usedInYear,
} from '../../src/core/emergency.ts';
import type { Grant, Opening, Person } from '../../src/core/model.ts';

const day = 24 * 3_600_000;
const clause: EmergencyClause = {
  people: ['alice', 'bruno'],
  minutes: 60,
  perYear: 2,
  reviewDays: 7,
  zone: 'Europe/Paris',
};
const written = 'minutes=60 per_year=2 review_days=7 zone=Europe/Paris';

describe('the clause', () => {
  test('is written in one way and read from that alone', () => {
    expect(printClause(clause)).toBe(written);
    expect(parseClause(written, clause.people)).toEqual(clause);
  });

  test.each([
    ['nothing', '', ['alice']],
    ['no minutes', written.replace('minutes=60 ', ''), ['alice']],
    ['zero minutes', written.replace('=60', '=0'), ['alice']],
    ['more than a day', written.replace('=60', '=1441'), ['alice']],
    ['more than fifty a year', written.replace('per_year=2', 'per_year=51'), ['alice']],
    ['a review in a year', written.replace('days=7', 'days=61'), ['alice']],
    ['no such zone', written.replace('Paris', 'Nowhere'), ['alice']],
    ['a number written otherwise', written.replace('=60', '=060'), ['alice']],
    ['something behind it', `${written} more=1`, ['alice']],
    ['nobody', written, []],
    ['an empty name', written, ['']],
    ['a team', written, ['team:hotline']],
    ['whoever is assigned', written, ['assigned']],
    ['somebody twice', written, ['alice', 'alice']],
  ])('is none with %s', (_, text, people) => {
    expect(parseClause(text, people)).toBeUndefined();
  });

  const document = { people: 'assigned', emergency: written, emergency_people: 'alice bruno' };
  test.each([
    ['beside ordinary people', {}, { clause, only: false }],
    ['alone', { people: '' }, { clause, only: true }],
    ['with a first use', { first_use: 'x' }, undefined],
    ['with a request', { request: 'r' }, undefined],
    ['with a frame', { delegation: 'd' }, undefined],
    ['with a proposal', { proposal: 'p' }, undefined],
    ['naming nobody', { emergency_people: '' }, undefined],
  ])('stands in a text %s', (_, more, expected) => {
    expect(clauseIn({ ...document, ...more })).toEqual(expected);
  });

  test('a text without one says none; one with half of it, or for nobody at all, cannot be read', () => {
    expect(clauseIn({ people: 'assigned' })).toBe('none');
    expect(clauseIn({ people: 'assigned', emergency: written })).toBeUndefined();
    expect(clauseIn({ people: 'assigned', emergency_people: 'alice' })).toBeUndefined();
    expect(clauseIn({ people: '' })).toBeUndefined();
  });
});

describe('using it', () => {
  const at = Date.UTC(2026, 6, 31, 16, 30);
  const used = (more: object = {}) => ({
    opening: 'o',
    grant: 'g',
    at: at - day,
    mark: 'm1',
    reviewBy: at + 6 * day,
    ...more,
  });

  test('counts the calendar year of its zone, and its own agreement', () => {
    const silvester = Date.UTC(2026, 11, 31, 23, 30);
    const all = [used({ at: silvester }), used(), used({ grant: 'h' })];
    expect(usedInYear('g', clause, all, at)).toBe(1);
    expect(usedInYear('g', clause, all, silvester)).toBe(1);
    expect(usedInYear('g', { ...clause, zone: 'UTC' }, all, at)).toBe(2);
  });

  test.each([
    ['the first time', [], 'm1', undefined],
    ['below the cap', [used()], 'm2', undefined],
    ['at the cap', [used(), used()], 'm1', 'emergency_used_up'],
    [
      'at the cap of another year',
      [used({ at: at - 300 * day }), used({ at: at - 300 * day })],
      'm2',
      undefined,
    ],
    ['with a late review, under a new reference', [used({ reviewBy: at })], 'm2', 'emergency_unreviewed'],
    ['with a late review, under its reference', [used({ reviewBy: at })], 'm1', undefined],
    [
      'with a late review of another agreement',
      [used({ grant: 'h', reviewBy: at })],
      'm2',
      'emergency_unreviewed',
    ],
    ['once it is reviewed', [used({ reviewBy: at, review: {} })], 'm2', undefined],
    ['a moment before it is late', [used({ reviewBy: at + 1 })], 'm2', undefined],
    ['with a late review, under no reference yet', [used({ reviewBy: at })], undefined, undefined],
  ])('%s', (_, all, mark, expected) => {
    expect(clauseRefused('g', clause, all, mark, at)).toBe(expected);
  });

  test('a late review is one that nobody gave in time', () => {
    expect(
      overdueReviews([used(), used({ reviewBy: at }), used({ reviewBy: at, review: {} })], at),
    ).toHaveLength(1);
  });
});

describe('who it lets in', () => {
  const grant = {
    id: 'g',
    status: 'active',
    systems: ['erp', 'backup'],
    purposes: ['support'],
    operations: ['read', 'write'],
    people: ['assigned'],
    from: 0,
    until: 10 * day,
    emergency: clause,
  } as unknown as Grant;
  const person = (id: string, more: Partial<Person> = {}) =>
    ({ id, teams: ['hotline'], employment: 'employee', ...more }) as Person;
  const opening = (more: Partial<Opening> = {}) => ({ ...more }) as Opening;

  test('those it names, in an emergency and not otherwise', () => {
    const only = { ...grant, people: [] };
    expect(coversOpening(only, opening({ emergency: true }), person('alice'))).toBe(true);
    expect(coversOpening(only, opening(), person('alice'))).toBe(false);
    expect(coversOpening(only, opening({ emergency: true }), person('chloe'))).toBe(false);
    const { emergency: _, ...without } = only;
    expect(coversOpening(without, opening({ emergency: true }), person('alice'))).toBe(false);
    expect(coversOpening(grant, opening(), person('chloe'))).toBe(true);
  });

  test('not longer than it says, nor than the agreement says', () => {
    expect(longestUnder(grant, { emergency: true })).toBe(60);
    expect(longestUnder({ ...grant, minutes: 30 }, { emergency: true })).toBe(30);
    expect(longestUnder(grant, {})).toBe(Number.POSITIVE_INFINITY);
  });

  const need = {
    systems: ['erp'],
    purpose: 'support',
    operations: ['read', 'write'],
    as: meantAs(person('alice')),
  };
  test.each([
    ['the same things', {}, {}, true],
    ['less', {}, { operations: ['read'] }, true],
    ['by name', { people: ['alice'] }, {}, true],
    ['by team', { people: ['team:hotline'] }, {}, true],
    ['to others', { people: ['chloe'] }, {}, false],
    ['to nobody', { people: [] }, {}, false],
    ['other systems', { systems: ['backup'] }, {}, false],
    ['other purposes', { purposes: ['hotline'] }, {}, false],
    ['fewer operations', { operations: ['read'] }, {}, false],
    ['once it is suspended', { status: 'suspended' as const }, {}, false],
    ['before it begins', { from: 6 * day }, {}, false],
    ['after its end', { until: 5 * day }, {}, false],
    ['when its first use came too late', { firstUse: { minutes: 5, startBy: 5 * day } }, {}, false],
    ['only to lengthen another access', { session: 'o' }, {}, false],
    ['to staff, when the person is another provider’s', {}, { as: ['alice'] }, false],
  ])('an ordinary agreement permits %s', (_, change, wanted, expected) => {
    expect(permitsOrdinarily({ ...grant, ...change } as Grant, { ...need, ...wanted }, 5 * day)).toBe(
      expected,
    );
  });

  test('another provider’s person is meant by name alone', () => {
    expect(meantAs(person('alice', { employment: 'provider' as Person['employment'] }))).toEqual(['alice']);
    expect(meantAs(person('alice'))).toEqual(['alice', 'assigned', 'team:hotline']);
  });
});
