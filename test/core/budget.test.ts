/** Budgets: how they are written, when their periods begin, and that use is counted the same from the lines alone. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Budget,
  BudgetMeter,
  leftOf,
  minutesOf,
  openingExceeds,
  parseBudget,
  periodAt,
  printBudget,
} from '../../src/core/budget.ts';

const zone = 'Europe/Paris';
const at = (text: string) => Date.parse(text);

describe('a budget', () => {
  test('is written in one way, and read from no other', () => {
    const limit = fc.option(fc.integer({ min: 1, max: 1e12 }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.constantFrom('day', 'week', 'month'),
        limit,
        limit,
        limit,
        (per, openings, minutes, bytes) => {
          fc.pre(openings !== undefined || minutes !== undefined || bytes !== undefined);
          const budget = {
            per,
            zone,
            ...(openings === undefined ? {} : { openings }),
            ...(minutes === undefined ? {} : { minutes }),
            ...(bytes === undefined ? {} : { bytes }),
          } as Budget;
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
    const spent = { openings: 1, minutes: 60, bytes: 999 };
    expect(openingExceeds(budget, spent, 30)).toBeUndefined();
    expect(openingExceeds(budget, spent, 31)).toBe('minutes');
    expect(openingExceeds(budget, { ...spent, openings: 2 }, 1)).toBe('openings');
    expect(openingExceeds(budget, { ...spent, bytes: 1000 }, 1)).toBe('bytes');
    expect(leftOf(budget, { openings: 3, minutes: 60, bytes: 0 })).toEqual({
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
    expect([...meter.all()].map(({ spent }) => spent)).toEqual([{ openings: 2, minutes: 91, bytes: 750 }]);
    meter.line(moved('access.result', 'r2', 0, 250));
    expect(meter.line(intent('r3'))).toContain('bytes');
    expect(meter.line({ ...intent('r4'), at: '2026-06-01T22:00:00.000Z' })).toBeUndefined();
  });

  test('of a budget that cannot be read is a fault', () => {
    expect(new BudgetMeter().line({ ...given, budget: 'per=year' })).toContain('cannot be read');
  });
});
