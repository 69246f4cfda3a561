/** When an answer is due, and what the client's own check says about lines of matters: each way in which one can be wrong. */
import { describe, expect, test } from '@jest/globals';
import { type Calendar, calendars } from '../../src/core/holidays.ts';
import { answerDue, dueAfter, isAnswered, isOverdue, mayBeDue, mostSaid } from '../../src/core/matters.ts';
import { MattersTold } from '../../src/core/story-matters.ts';
import type { SeatTold } from '../../src/core/story-seats.ts';
import type { SessionTold } from '../../src/core/story-sessions.ts';

const hour = 3_600_000;

describe('an answer is due', () => {
  test.each<[string, string, string, Calendar, string]>([
    [
      'at the end of the second working day after',
      '2026-10-05T08:00Z',
      'Europe/Paris',
      'FR',
      '2026-10-07T22:00Z',
    ],
    ['not counting the weekend', '2026-10-02T08:00Z', 'Europe/Paris', 'FR', '2026-10-06T22:00Z'],
    ['from Monday on, said on a Sunday', '2026-10-04T08:00Z', 'Europe/Paris', 'FR', '2026-10-06T22:00Z'],
    ['on the day of the client’s zone', '2026-10-05T23:30Z', 'Europe/Paris', 'FR', '2026-10-08T22:00Z'],
    ['not counting 14 July', '2026-07-13T08:00Z', 'Europe/Paris', 'FR', '2026-07-16T22:00Z'],
    ['not counting Easter Monday', '2026-04-03T08:00Z', 'Europe/Paris', 'FR', '2026-04-08T22:00Z'],
    ['nor Good Friday in Alsace', '2026-04-02T08:00Z', 'Europe/Paris', 'FR-AM', '2026-04-08T22:00Z'],
    ['though it is worked elsewhere', '2026-04-02T08:00Z', 'Europe/Paris', 'FR', '2026-04-07T22:00Z'],
    ['by the wall clock when that changes', '2026-10-23T08:00Z', 'Europe/Paris', 'FR', '2026-10-27T23:00Z'],
    ['in La Réunion earlier', '2026-10-05T08:00Z', 'Indian/Reunion', 'RE', '2026-10-07T20:00Z'],
  ])('%s', (_, at, zone, calendar, due) => {
    expect(new Date(answerDue(Date.parse(at), zone, calendar)).toISOString()).toBe(
      new Date(due).toISOString(),
    );
  });

  test('within the time that every check allows, on any day of any calendar for thirty years', () => {
    const wrong: string[] = [];
    for (const calendar of calendars)
      for (let at = Date.UTC(2024, 0, 1, 23); at < Date.UTC(2054, 0, 1); at += 24 * hour)
        if (!mayBeDue(at, answerDue(at, 'Europe/Paris', calendar))) wrong.push(`${calendar} ${at}`);
    expect(wrong).toEqual([]);
  });

  test('and neither at once nor in a month', () => {
    expect([mayBeDue(5, 5), mayBeDue(5, 4), mayBeDue(0, 30 * 24 * hour), mayBeDue(0, Number.NaN)]).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  test('what the client adds meanwhile postpones nothing; an answer ends the wait, the next word begins another', () => {
    expect([
      dueAfter({ dueAt: 10 }, 'client', 20),
      dueAfter({ dueAt: 10 }, 'provider', 20),
      dueAfter({ dueAt: undefined }, 'client', 20),
    ]).toEqual([10, undefined, 20]);
    const open = { status: 'open', dueAt: 10 } as const;
    expect([isOverdue(open, 9), isOverdue(open, 10), isOverdue({ ...open, status: 'closed' }, 11)]).toEqual([
      false,
      true,
      false,
    ]);
    expect([isAnswered(open), isAnswered({ ...open, dueAt: undefined })]).toEqual([false, true]);
  });
});

const at = '2026-10-05T08:00:00.000Z';
const due = '2026-10-07T22:00:00.000Z';
const seat = (id: string, role: SeatTold['role'], more: Partial<SeatTold> = {}): SeatTold => ({
  ...{ id, role, method: 'passkey', publicKey: 'k', person: id, removed: false, grantsFrom: '', first: id },
  replaces: false,
  ...more,
});
const seats = new Map([
  ['claire', seat('claire', 'representative')],
  ['late', seat('late', 'representative', { grantsFrom: '2026-10-09T08:00:00.000Z' })],
  ['marc', seat('marc', 'reader')],
  ['gone', seat('gone', 'representative', { removed: true })],
]);
const session: SessionTold = {
  ...{ systems: ['erp'], operations: ['read'], purpose: 'support', began: 'g1', grant: 'g2' },
  ...{ opened: at, ends: due, closed: true },
};
const asked = (more: Record<string, string> = {}) => ({
  ...{ id: 'm1', session: 'o', what: 'question', at, due, seat: 'marc', role: 'reader', actor: 'A' },
  ...more,
});
const disputed = (more: Record<string, string> = {}) =>
  asked({ what: 'dispute', seat: 'claire', role: 'representative', grants: 'g1 g2', actor: 'C', ...more });
const said = (more: Record<string, string> = {}) => ({
  matter: 'm1',
  at,
  by: 'provider',
  role: 'contact',
  ...more,
});
const ours = (more: Record<string, string> = {}) =>
  said({ by: 'client', seat: 'marc', role: 'reader', ...more });
const closed = (more: Record<string, string> = {}) => ({
  ...{ matter: 'm1', at, seat: 'marc', role: 'reader', actor: 'A' },
  ...more,
});
const told = (active: readonly string[] = []) =>
  new MattersTold(
    { get: (id) => seats.get(id) },
    {
      isActive: (id) => active.includes(id),
      standing: (id) => (active.includes(id) ? 'active' : 'suspended'),
    },
    { current: () => undefined },
  );

describe('a line that opens', () => {
  test.each<[string, Record<string, string>, readonly string[], string | undefined]>([
    ['a question', asked(), ['g1'], undefined],
    ['nothing', asked({ what: 'thanks' }), [], 'it neither asks nor disputes'],
    ['by nobody', asked({ seat: 'nobody' }), [], 'it is opened by nobody seated'],
    [
      'by somebody removed',
      asked({ seat: 'gone', role: 'representative' }),
      [],
      'it is opened by nobody seated',
    ],
    ['in another role', asked({ role: 'representative' }), [], 'it is opened by nobody seated'],
    ['due before it was said', asked({ due: at }), [], 'its answer is due at no such time'],
    ['due in a month', asked({ due: '2026-11-05T08:00:00.000Z' }), [], 'its answer is due at no such time'],
    ['due in another form', asked({ due: '2026-10-07' }), [], 'its answer is due at no such time'],
    ['a dispute', disputed(), [], undefined],
    [
      'a dispute by a reader',
      disputed({ seat: 'marc', role: 'reader' }),
      [],
      'it is no representative who disputes',
    ],
    [
      'a dispute about less',
      disputed({ grants: 'g2' }),
      [],
      'it names other consents than those of the access',
    ],
    [
      'a dispute while it is permitted',
      disputed(),
      ['g1'],
      'a consent of the access is in force, though it is disputed',
    ],
  ])('%s', (_, line, active, fault) => {
    expect(told(active).opened(line, session)).toBe(fault);
  });

  test('about no access, or twice', () => {
    const matters = told();
    expect(matters.opened(asked(), undefined)).toBe('it is about an access that does not exist');
    expect(matters.opened(asked(), session)).toBeUndefined();
    expect(matters.opened(asked(), session)).toBe('the matter is open already');
  });

  test('one dispute at a time, another after it', () => {
    const matters = told();
    matters.opened(disputed(), session);
    expect(matters.opened(disputed({ id: 'm2' }), session)).toBe('the access is disputed already');
    expect(matters.opened(disputed({ id: 'm3', session: 'p' }), session)).toBeUndefined();
    expect(matters.closed(closed({ seat: 'claire', role: 'representative', actor: 'C' }))).toBeUndefined();
    expect(matters.opened(disputed({ id: 'm2' }), session)).toBeUndefined();
  });
});

describe('a line that says', () => {
  const answer = 'it is answered by somebody who does not answer for the provider';
  const other = 'its answer is due at another time than was waited for';
  test.each<[string, readonly Record<string, string>[], string | undefined]>([
    ['an answer', [said()], undefined],
    ['an answer of the data protection officer', [said({ role: 'dpo' })], undefined],
    ['two answers', [said(), said()], undefined],
    ['about nothing', [said({ matter: 'm9' })], 'it is about a matter that is not open'],
    ['by a technician', [said({ role: 'technician' })], answer],
    ['for the client', [said({ seat: 'marc' })], answer],
    ['an answer with a time', [said({ due })], 'an answer of the provider sets itself a time'],
    ['something else of the client', [ours()], undefined],
    ['by nobody seated', [ours({ seat: 'nobody' })], 'it is said by nobody seated'],
    ['by another side', [ours({ by: 'system' })], 'it is said by nobody seated'],
    ['that postpones what is owed', [ours({ due })], other],
    ['another question after the answer', [said(), ours({ due })], undefined],
    ['one that waits for nothing', [said(), ours()], other],
    ['one that waits for ever', [said(), ours({ due: '2027-10-07T22:00:00.000Z' })], other],
  ])('%s', (_, lines, fault) => {
    const matters = told();
    matters.opened(asked(), session);
    expect(lines.map((line) => matters.answered(line)).at(-1)).toBe(fault);
  });
});

describe('what each side says', () => {
  const more = 'more is said by one side than a matter holds';
  test('is so much and no more, whatever the other said', () => {
    const matters = told();
    matters.opened(asked(), session);
    for (let count = 0; count < mostSaid; count += 1) expect(matters.answered(said())).toBeUndefined();
    expect(matters.answered(said())).toBe(more);
    expect(matters.answered(ours({ due }))).toBeUndefined();
    for (let count = 2; count < mostSaid; count += 1) expect(matters.answered(ours())).toBeUndefined();
    expect(matters.answered(ours())).toBe(more);
  });
});

describe('a line that closes', () => {
  const may = 'it is closed by somebody who may not';
  test.each<[string, Record<string, string>, string | undefined]>([
    ['by whoever opened it', closed(), undefined],
    ['by a representative', closed({ seat: 'claire', role: 'representative', actor: 'C' }), undefined],
    ['by one who may not sign yet', closed({ seat: 'late', role: 'representative', actor: 'L' }), may],
    ['by another reader', closed({ actor: 'B' }), may],
    ['by nobody seated', closed({ seat: 'gone', role: 'representative' }), 'it is closed by nobody seated'],
    ['nothing', closed({ matter: 'm9' }), 'it closes a matter that is not open'],
  ])('%s', (_, line, fault) => {
    const matters = told();
    matters.opened(asked(), session);
    expect(matters.closed(line)).toBe(fault);
  });

  test('once, and nothing is said after it', () => {
    const matters = told();
    matters.opened(asked(), session);
    matters.closed(closed());
    expect(matters.closed(closed())).toBe('it closes a matter that is not open');
    expect(matters.answered(said())).toBe('it is about a matter that is not open');
  });

  test('in the next part of the log, where people have other names', () => {
    const matters = told();
    matters.opened(asked(), session);
    matters.shard();
    expect(matters.closed(closed({ actor: 'Z' }))).toBeUndefined();
  });
});
