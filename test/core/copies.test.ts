/** What becomes of copies: how long they may be kept, what state they are in, what their rules may say. */
import { describe, expect, test } from '@jest/globals';
import {
  type Copy,
  copyRules,
  doneFault,
  holdsBackFrom,
  saysHow,
  saysWhere,
  shapeOf,
  stateOf,
  usualCopies,
} from '../../src/core/copies.ts';
import { clientFile, purposesFile } from '../../src/core/policy/schemas.ts';

const day = 24 * 3_600_000;
const head = { status: 200, type: '' };

test('a client’s own limit only shortens what the purpose says', () => {
  const rules = { ...usualCopies, keepDays: 10 };
  expect([undefined, 9, 10, 11].map((days) => copyRules(rules, days).keepDays)).toEqual([10, 9, 10, 10]);
  expect(copyRules(undefined, undefined)).toEqual(usualCopies);
  expect(copyRules(undefined, 1)).toEqual({ ...usualCopies, keepDays: 1 });
});

test.each<[string, Pick<Copy, 'outcome' | 'head'>]>([
  ['running', { outcome: undefined, head }],
  ['whole', { outcome: 'complete', head }],
  ['part', { outcome: 'complete', head: { ...head, range: 'several' } }],
  ['live', { outcome: 'complete', head: { ...head, live: true } }],
  ['incomplete', { outcome: 'unknown-after-crash', head }],
  ['incomplete', { outcome: 'client-abort', head: { ...head, range: '0-1/2' } }],
])('is %s', (shape, copy) => {
  expect(shapeOf(copy)).toBe(shape);
});

describe('at each moment', () => {
  const copy = { destroyBy: 30 * day, answerBy: day, graceDays: 7, kept: undefined, gone: undefined };
  const kept = { ...copy, kept: { at: 0, place: 'a', custodian: 'b' } };
  test.each([
    [copy, 0, 'unanswered', false],
    [copy, day - 1, 'unanswered', false],
    [copy, day, 'unanswered', true],
    [kept, day, 'kept', false],
    [kept, 30 * day - 1, 'kept', false],
    [kept, 30 * day, 'overdue', false],
    [kept, 37 * day - 1, 'overdue', false],
    [kept, 37 * day, 'overdue', true],
  ] as const)('%# it has a state, and holds back new ones or not', (one, now, state, back) => {
    expect([stateOf(one, now), now >= holdsBackFrom(one)]).toEqual([state, back]);
  });

  test('what is gone is gone', () => {
    const gone = { at: 1, how: 'returned', done: 1, by: 'taker', text: '' } as const;
    expect(stateOf({ ...copy, gone }, 99 * day)).toBe('returned');
  });
});

test('what is said has to say something, and happened when it could', () => {
  expect([
    saysWhere('Lyon', 'IT'),
    saysWhere('', 'IT'),
    saysWhere('--', 'IT'),
    saysWhere('x'.repeat(201), 'IT'),
  ]).toEqual([true, false, false, false]);
  expect([saysHow('Wiped the disk twice.'), saysHow('ok'), saysHow('')]).toEqual([true, false, false]);
  expect([0, 4, 5, 6, 7].map((done) => doneFault(5, done, 6))).toEqual([
    'copy_done',
    'copy_done',
    undefined,
    undefined,
    'copy_done',
  ]);
});

test.each<[string, object, boolean]>([
  ['nothing', {}, true],
  ['days alone', { keep_days: 1 }, true],
  ['both who and where', { place: 'Vault 2', custodian: 'Operations' }, true],
  ['who without where', { custodian: 'Operations' }, false],
  ['where without who', { place: 'Vault 2' }, false],
  ['no days', { keep_days: 0 }, false],
  ['half a day', { keep_days: 1.5 }, false],
  ['more than ten years', { keep_days: 3661 }, false],
  ['another key', { keep_for: 3 }, false],
])('rules of a purpose may say %s', (_name, copies, sound) => {
  const shape = purposesFile.shape.purposes.valueType.shape.copies;
  expect(shape.safeParse(copies).success).toBe(sound);
});

test('a client’s file says days and nothing else', () => {
  const { copies } = clientFile.shape;
  expect(
    [{ keep_days: 7 }, {}, { keep_days: 7, place: 'x' }].map((one) => copies.safeParse(one).success),
  ).toEqual([true, false, false]);
});
