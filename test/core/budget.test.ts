/** Budgets: how they are written, when their periods begin, and that use is counted the same from the lines alone. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Budget,
  copyExceeds,
  leftOf,
  limitNames,
  minutesOf,
  mostKeep,
  nothingSpent,
  openingExceeds,
  parseBudget,
  periodAt,
  printBudget,
} from '../../src/core/budget.ts';
import { BudgetMeter } from '../../src/core/budget-meter.ts';

const zone = 'Europe/Paris';
const at = (text: string) => Date.parse(text);

describe('a budget', () => {
  test('is written in one way, and read from no other', () => {
    const limit = fc.option(fc.integer({ min: 1, max: 1e12 }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.constantFrom('day', 'week', 'month'),
        fc.array(limit, { minLength: limitNames.length, maxLength: limitNames.length }),
        (per, most) => {
          const limits = limitNames.flatMap((name, index) => {
            const value = most[index];
            if (value === undefined) return [];
            return [[name, name === 'keep' ? (value % mostKeep) + 1 : value] as const];
          });
          fc.pre(limits.length > 0);
          const budget = { per, zone, ...Object.fromEntries(limits) } as Budget;
          expect(parseBudget(printBudget(budget))).toEqual(budget);
        },
      ),
    );
  });

  test.each([
    '',
    'per=week zone=Europe/Paris',
    'per=year zone=Europe/Paris openings=1',
    'per=week zone=Mars/Olympus openings=1',
    'per=week zone=Europe/Paris openings=0',
    'per=week zone=Europe/Paris openings=-1',
    'per=week zone=Europe/Paris openings=1.5',
    'per=week zone=Europe/Paris openings=1e3',
    'per=week zone=Europe/Paris openings=01',
    'per=week zone=Europe/Paris bytes=9999999999999999',
    'per=week zone=Europe/Paris minutes=5 openings=1',
    'zone=Europe/Paris per=week openings=1',
    'per=week zone=Europe/Paris openings=1 openings=2',
    'per=week zone=Europe/Paris openings=1 people=2',
    'per=week zone=Europe/Paris copied=5 copies=1',
    'per=week zone=Europe/Paris keep=3651',
    'keep=5',
  ])('is not: %s', (text) => {
    expect(parseBudget(text)).toBeUndefined();
  });
});

describe('a period', () => {
  test.each([
    ['day', '2026-03-29T10:00Z', '2026-03-28T23:00Z', '2026-03-29T22:00Z'],
    ['day', '2026-10-25T22:59:59Z', '2026-10-24T22:00Z', '2026-10-25T23:00Z'],
    ['day', '2026-10-25T23:00Z', '2026-10-25T23:00Z', '2026-10-26T23:00Z'],
    ['week', '2026-06-07T21:59Z', '2026-05-31T22:00Z', '2026-06-07T22:00Z'],
    ['week', '2026-06-07T22:00Z', '2026-06-07T22:00Z', '2026-06-14T22:00Z'],
    ['month', '2026-12-31T22:59Z', '2026-11-30T23:00Z', '2026-12-31T23:00Z'],
    ['month', '2026-12-31T23:00Z', '2026-12-31T23:00Z', '2027-01-31T23:00Z'],
  ] as const)('a %s at %s', (per, now, from, until) => {
    expect(periodAt({ per, zone, openings: 1 }, at(now))).toEqual({ from: at(from), until: at(until) });
  });
});

describe('use', () => {
  const budget: Budget = { per: 'day', zone, openings: 2, minutes: 90, bytes: 1000 };

  test('goes to the limit and not beyond', () => {
    const spent = { ...nothingSpent, openings: 1, minutes: 60, bytes: 999 };
    expect(openingExceeds(budget, spent, 30)).toBeUndefined();
    expect(openingExceeds(budget, spent, 31)).toBe('minutes');
    expect(openingExceeds(budget, { ...spent, openings: 2 }, 1)).toBe('openings');
    expect(openingExceeds(budget, { ...spent, bytes: 1000 }, 1)).toBe('bytes');
    expect(leftOf(budget, { ...nothingSpent, openings: 3, minutes: 60 })).toEqual({
      openings: 0,
      minutes: 30,
      bytes: 1000,
    });
    expect(minutesOf(0, 60_001)).toBe(2);
  });

  const day = '2026-06-01T';
  const given = { t: 'consent.granted', id: 'g', budget: printBudget(budget) };
  const opened = (id: string, from: string, to: string) => ({
    ...{ t: 'session.opened', id, grant: 'g', at: `${day}${from}:00.000Z`, ends: `${day}${to}:00.000Z` },
  });
  const moved = (t: string, request: string, up: number, down: number, time = '10:20') => ({
    ...{ t, session: 's1', request, up, down, at: `${day}${time}:00.000Z` },
  });

  test('is told when lines go beyond, and each byte counts once', () => {
    const meter = new BudgetMeter();
    const intent = (id: string) => ({ t: 'access.intent', id, session: 's1', at: `${day}10:10:00.000Z` });
    expect(meter.line(given)).toBeUndefined();
    expect(meter.line(opened('s1', '10:00', '11:00'))).toBeUndefined();
    expect(meter.line(opened('s2', '10:00', '10:31'))).toContain('minutes');
    expect(meter.line(intent('r1'))).toBeUndefined();
    expect(meter.line(intent('r2'))).toBeUndefined();
    meter.line(moved('access.progress', 'r1', 100, 300));
    meter.line(moved('access.progress', 'r1', 100, 500));
    meter.line(moved('access.result', 'r1', 150, 600));
    meter.line(moved('access.progress', 'r1', 900, 900));
    meter.line(moved('access.result', 'unknown', 900, 900));
    expect([...meter.all()].map(({ spent }) => spent)).toEqual([
      { ...nothingSpent, openings: 2, minutes: 91, bytes: 750 },
    ]);
    meter.line(moved('access.result', 'r2', 0, 250));
    expect(meter.line(intent('r3'))).toContain('bytes');
    expect(meter.line({ ...intent('r4'), at: '2026-06-01T22:00:00.000Z' })).toBeUndefined();
  });

  test('of a budget that cannot be read is a fault', () => {
    expect(new BudgetMeter().line({ ...given, budget: 'per=year' })).toContain('cannot be read');
  });
});

describe('copies', () => {
  const budget: Budget = { per: 'day', zone, copies: 2, copied: 1000, keep: 7 };
  const day = '2026-06-01T';
  const at_ = (time: string) => `${day}${time}:00.000Z`;
  const opened = { t: 'session.opened', id: 's', grant: 'g', at: at_('10:00'), ends: at_('18:00') };
  const registered = (request: string, atMost: unknown, time = '10:10') => ({
    ...{ t: 'copy.registered', request, session: 's', at: at_(time) },
    ...(atMost === undefined ? {} : { at_most: atMost as number }),
  });
  const ended = (request: string, down: number, outcome = 'complete', time = '10:20') => ({
    ...{ t: 'access.result', request, up: 0, down, outcome, at: at_(time) },
  });

  function meter(limits = budget): BudgetMeter {
    const fresh = new BudgetMeter();
    fresh.line({ t: 'consent.granted', id: 'g', budget: printBudget(limits) });
    fresh.line(opened);
    return fresh;
  }
  const spent = (of: BudgetMeter) => [...of.all()].map((one) => [one.spent.copies, one.spent.copied]);

  test('go to the limit and not beyond', () => {
    expect(copyExceeds(budget, nothingSpent, 1000)).toBeUndefined();
    expect(copyExceeds(budget, nothingSpent, 1001)).toBe('copied');
    expect(copyExceeds(budget, { ...nothingSpent, copies: 2 }, 1)).toBe('copies');
    expect(copyExceeds({ per: 'day', zone, keep: 7 }, { ...nothingSpent, copies: 99 }, 9e9)).toBeUndefined();
  });

  test('count with what may leave, and give back what did not', () => {
    const told = meter();
    expect(told.line(registered('a', 900))).toBeUndefined();
    expect(spent(told)).toEqual([[1, 900]]);
    expect(told.line(ended('a', 300, 'client-abort'))).toBeUndefined();
    expect(spent(told)).toEqual([[1, 300]]);
    // Told late of something else, or once more: it counts no more.
    told.line(ended('a', 999));
    told.line(ended('other', 999));
    expect(spent(told)).toEqual([[1, 300]]);
    expect(told.line(registered('b', 700))).toBeUndefined();
    expect(told.line(ended('b', 0, 'unknown-after-crash'))).toBeUndefined();
    expect(spent(told)).toEqual([[2, 1000]]);
    expect(told.line(registered('c', 1))).toContain('copies');
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['not even a byte', 0],
    ['less than nothing', -5],
    ['no number', '10'],
    ['half a byte', 1.5],
  ])('that say of what may leave: %s', (_name, atMost) => {
    expect(meter().line(registered('a', atMost))).toBe('it does not say how much of the copy may leave');
  });

  test('of which more left than was still permitted', () => {
    const told = meter();
    expect(told.line(registered('a', 1001))).toContain('spent: copied');
    const more = meter();
    more.line(registered('a', 10));
    expect(more.line(ended('a', 11))).toBe('more of the copy left than its consent still permitted');
  });

  test('count in the period in which they were registered', () => {
    const told = meter();
    told.line({ ...opened, id: 't', ends: '2026-06-02T18:00:00.000Z' });
    told.line({ ...registered('a', 900, '21:59'), session: 't' });
    told.line(ended('a', 200, 'complete', '22:10'));
    told.line({ ...registered('b', 1000, '22:20'), session: 't' });
    expect(spent(told)).toEqual([
      [1, 200],
      [1, 1000],
    ]);
  });

  test('are those of the agreement that the access goes on under', () => {
    const told = meter();
    told.line({ t: 'consent.granted', id: 'h', budget: printBudget({ per: 'day', zone, copies: 1 }) });
    const extended = { t: 'session.extended', session: 's', minutes: 5, at: at_('10:05') };
    told.line({ ...extended, grant: 'h' });
    expect(told.line(registered('a', undefined))).toBeUndefined();
    expect(told.line(registered('b', undefined))).toContain('spent: copies');
    told.line({ ...extended, grant: 'unlimited' });
    expect(told.line(registered('c', undefined))).toBeUndefined();
  });
});
