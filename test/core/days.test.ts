/** Days and times of day: also where clocks are put forward at midnight, and of texts that name no day. */
import { describe, expect, test } from '@jest/globals';
import { clockTime, dayAt, dayEnd, dayStart, parseDay } from '../../src/core/days.ts';

describe('the day of an instant', () => {
  const at = Date.parse('2026-12-31T23:30:00Z');

  test('is the one of the zone', () => {
    expect(dayAt(at, 'UTC').toString()).toBe('2026-12-31');
    expect(dayAt(at, 'Europe/Paris').toString()).toBe('2027-01-01');
  });

  test('also where the instant is no whole millisecond', () => {
    expect(dayAt(at + 0.5, 'UTC').toString()).toBe('2026-12-31');
  });
});

describe('the bounds of a day', () => {
  test.each([
    ['2026-06-01', 'Europe/Paris', '2026-05-31T22:00:00Z', '2026-06-01T22:00:00Z'],
    // 25 hours, and a day that begins at one.
    ['2026-10-25', 'Europe/Paris', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00Z', '2018-11-05T02:00:00Z'],
  ])('%s in %s', (text, zone, from, until) => {
    const day = Temporal.PlainDate.from(text);
    expect(new Date(dayStart(day, zone)).toISOString()).toBe(new Date(from).toISOString());
    expect(new Date(dayEnd(day, zone)).toISOString()).toBe(new Date(until).toISOString());
  });
});

describe('a day as written', () => {
  test('is read', () => {
    expect(parseDay('2028-02-29')?.toString()).toBe('2028-02-29');
  });

  test.each([
    '',
    '2027-02-29',
    '2026-13-01',
    '2026-1-1',
    '20261201',
    '2026-12-01T00:00',
    ' 2026-12-01',
    '2026-12-01\n',
  ])('but not %j', (text) => {
    expect(parseDay(text)).toBeUndefined();
  });
});

test.each([
  [0, '00:00'],
  [510, '08:30'],
  [1440, '24:00'],
])('%i minutes after midnight it is %s', (minutes, text) => {
  expect(clockTime(minutes)).toBe(text);
});
