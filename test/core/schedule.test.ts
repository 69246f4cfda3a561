/** Hours: what is open when, until when that stays so, and that nothing asked before changes an answer. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Schedule, stretchAt } from '../../src/core/schedule.ts';

const office: Schedule = {
  zone: 'Europe/Paris',
  windows: [
    { days: [1, 2, 3, 4, 5], from: 8 * 60, until: 12 * 60 },
    { days: [1, 2, 3, 4, 5], from: 14 * 60, until: 18 * 60 },
  ],
  closedOn: 'FR',
};

const night: Schedule = {
  zone: 'Europe/Paris',
  windows: [{ days: [5], from: 22 * 60, until: 6 * 60 }],
  closedOn: 'none',
};

const always: Schedule = {
  zone: 'Europe/Paris',
  windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: 0, until: 1440 }],
  closedOn: 'none',
};

const at = (schedule: Schedule, text: string) => stretchAt({ ...schedule }, Date.parse(text));
const end = (schedule: Schedule, text: string) => new Date(at(schedule, text).until).toISOString();

describe('hours', () => {
  test.each([
    ['before', office, '2026-03-02T06:59:59.999Z', false, '2026-03-02T07:00:00.000Z'],
    ['at the beginning', office, '2026-03-02T07:00:00Z', true, '2026-03-02T11:00:00.000Z'],
    ['at the last moment', office, '2026-03-02T10:59:59.999Z', true, '2026-03-02T11:00:00.000Z'],
    ['at noon', office, '2026-03-02T11:00:00Z', false, '2026-03-02T13:00:00.000Z'],
    ['on Friday evening until Monday', office, '2026-03-06T17:00:00Z', false, '2026-03-09T07:00:00.000Z'],
    ['on a holiday until Tuesday', office, '2026-04-06T08:00:00Z', false, '2026-04-07T06:00:00.000Z'],
    ['in summer by summer time', office, '2026-07-15T15:30:00Z', true, '2026-07-15T16:00:00.000Z'],
    ['on Bastille Day', office, '2026-07-14T10:00:00Z', false, '2026-07-15T06:00:00.000Z'],
    ['over midnight', night, '2026-03-06T22:30:00Z', true, '2026-03-07T05:00:00.000Z'],
    ['after it, the day before was open', night, '2026-03-07T04:59:00Z', true, '2026-03-07T05:00:00.000Z'],
    ['the morning after', night, '2026-03-07T05:00:00Z', false, '2026-03-13T21:00:00.000Z'],
    ['Saturday night is not Friday’s', night, '2026-03-07T22:30:00Z', false, '2026-03-13T21:00:00.000Z'],
    // Clocks go forward at 02:00 on 29 March 2026: the night is an hour shorter.
    [
      'the shorter night',
      { ...night, windows: [{ days: [6], from: 1320, until: 360 }] },
      '2026-03-28T22:00:00Z',
      true,
      '2026-03-29T04:00:00.000Z',
    ],
    // And back at 03:00 on 25 October 2026: an hour longer.
    [
      'the longer night',
      { ...night, windows: [{ days: [6], from: 1320, until: 360 }] },
      '2026-10-24T21:00:00Z',
      true,
      '2026-10-25T05:00:00.000Z',
    ],
    [
      'elsewhere',
      { ...office, zone: 'Indian/Reunion', closedOn: 'RE' },
      '2026-03-02T04:00:00Z',
      true,
      '2026-03-02T08:00:00.000Z',
    ],
    [
      'the holiday of the place',
      { ...office, zone: 'America/Martinique', closedOn: 'MQ' },
      '2026-05-22T14:00:00Z',
      false,
      '2026-05-26T12:00:00.000Z',
    ],
  ] as const)('%s', (_, schedule, instant, open, until) => {
    expect({ open: at(schedule, instant).open, until: end(schedule, instant) }).toEqual({ open, until });
  });

  test('days that join are one stretch; nothing at all is never', () => {
    const now = Date.parse('2026-03-02T10:00:00Z');
    expect(stretchAt(always, now).open).toBe(true);
    expect(stretchAt(always, now).until).toBeGreaterThan(now + 14 * 86_400_000);
    const never = { ...always, windows: [] };
    expect(stretchAt(never, now)).toMatchObject({ open: false });
    expect(stretchAt(never, now).until).toBeGreaterThan(now + 14 * 86_400_000);
  });

  test('a time that is none is an error, not an answer', () => {
    expect(() => stretchAt(office, Number.NaN)).toThrow();
    expect(() => stretchAt(office, Number.POSITIVE_INFINITY)).toThrow();
  });
});

test('what was asked before changes nothing, and the answer holds for the whole stretch', () => {
  const instant = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2027-12-31') });
  fc.assert(
    fc.property(
      fc.constantFrom(office, night, always),
      fc.array(instant, { minLength: 2, maxLength: 5 }),
      (schedule, instants) => {
        const kept = { ...schedule };
        for (const now of instants) {
          const found = stretchAt(kept, now);
          const fresh = stretchAt({ ...schedule }, now);
          expect(found.open).toBe(fresh.open);
          expect(found.from <= now && now < found.until).toBe(true);
          // Just before its end still the same; at its end the other, unless it was told in parts.
          expect(stretchAt({ ...schedule }, found.until - 1).open).toBe(found.open);
          if (schedule !== always) expect(stretchAt({ ...schedule }, found.until).open).toBe(!found.open);
        }
      },
    ),
    { numRuns: 200 },
  );
});
