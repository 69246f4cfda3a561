/** Public holidays: Easter against published dates, each calendar by what it has besides. */
import { describe, expect, test } from '@jest/globals';
import { calendars, easter, holidaysOf, isHoliday } from '../../src/core/holidays.ts';

test.each([
  [1961, '04-02'],
  [2000, '04-23'],
  [2008, '03-23'],
  [2011, '04-24'],
  [2019, '04-21'],
  [2024, '03-31'],
  [2025, '04-20'],
  [2026, '04-05'],
  [2027, '03-28'],
  [2028, '04-16'],
  [2030, '04-21'],
  [2038, '04-25'],
  [2049, '04-18'],
  [2076, '04-19'],
])('Easter of %d is on %s', (year, day) => {
  expect(easter(year).toString()).toBe(`${year}-${day}`);
});

test('Easter is a Sunday between 22 March and 25 April, whatever the year', () => {
  for (let year = 1900; year < 2200; year += 1) {
    const day = easter(year);
    expect(day.dayOfWeek).toBe(7);
    expect(day.toString() >= `${year}-03-22` && day.toString() <= `${year}-04-25`).toBe(true);
  }
});

describe('France in 2026', () => {
  const eleven = [
    '2026-01-01',
    '2026-04-06',
    '2026-05-01',
    '2026-05-08',
    '2026-05-14',
    '2026-05-25',
    '2026-07-14',
    '2026-08-15',
    '2026-11-01',
    '2026-11-11',
    '2026-12-25',
  ];

  test('has eleven', () => {
    expect(holidaysOf('FR', 2026)).toEqual(eleven);
  });

  test.each([
    ['FR-AM', ['2026-04-03', '2026-12-26']],
    ['GP', ['2026-05-27']],
    ['MQ', ['2026-05-22']],
    ['GF', ['2026-06-10']],
    ['RE', ['2026-12-20']],
    ['YT', ['2026-04-27']],
    ['MF', ['2026-05-28']],
    ['BL', ['2026-10-09']],
    ['PM', []],
  ] as const)('%s has besides: %p', (calendar, more) => {
    expect(holidaysOf(calendar, 2026)).toEqual([...eleven, ...more].sort());
  });

  test('none means none', () => {
    expect(holidaysOf('none', 2026)).toEqual([]);
  });
});

test('in 2008 Ascension Day and the first of May are one day, named once', () => {
  expect(holidaysOf('FR', 2008).filter((day) => day === '2008-05-01')).toHaveLength(1);
});

test('a day is asked of its own calendar', () => {
  const day = Temporal.PlainDate.from('2026-12-26');
  expect(calendars.filter((calendar) => isHoliday(calendar, day))).toEqual(['FR-AM']);
});
