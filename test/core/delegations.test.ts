/** Frames: what lies within one, at which hour, and that narrowing a frame never lets more through. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type FrameScope,
  frameDifference,
  frameFault,
  frameFields,
  outsideFrame,
  parseHours,
  printHours,
  type Within,
  writeFrameText,
} from '../../src/core/delegations.ts';

const day = 86_400_000;
// A Monday, 10:00 in Paris.
const now = Date.UTC(2026, 9, 5, 8);
const frame: FrameScope = {
  systems: ['erp', 'crm'],
  purposes: ['hotline', 'support'],
  operations: ['read', 'write'],
  minutes: 30,
  hours: '1,2,3,4,5 480-1080 Europe/Paris',
  from: now - day,
  until: now + 30 * day,
};
const wanted: Within = {
  systems: ['erp'],
  purposes: ['support'],
  operations: ['read'],
  minutes: 30,
  request: true,
  clock: 30,
};

describe('within a frame', () => {
  test.each([
    ['all of it', {}, {}, now, undefined],
    ['at any hour, where none are set', { hours: '' }, {}, now + 12 * 3_600_000, undefined],
    ['lengthening an access', {}, { clock: undefined }, now, undefined],
    ['before it begins', {}, {}, frame.from - 1, 'time'],
    ['at its end', {}, {}, frame.until, 'time'],
    ['at no time', {}, {}, Number.NaN, 'time'],
    ['in the evening', {}, {}, now + 8 * 3_600_000, 'hours'],
    ['on a Saturday', {}, {}, now + 5 * day, 'hours'],
    ['in hours that cannot be read', { hours: 'always' }, {}, now, 'hours'],
    ['what nobody asked for', {}, { request: false }, now, 'request'],
    ['another system', {}, { systems: ['erp', 'backup'] }, now, 'systems'],
    ['no system', {}, { systems: [] }, now, 'systems'],
    ['another purpose', {}, { purposes: ['backup'] }, now, 'purposes'],
    ['copying', {}, { operations: ['read', 'copy'] }, now, 'operations'],
    ['a minute more', {}, { minutes: 31 }, now, 'minutes'],
    ['a longer clock', {}, { clock: 31 }, now, 'minutes'],
    ['no minutes', {}, { minutes: 0, clock: undefined }, now, 'minutes'],
    ['minutes that are none', {}, { minutes: Number.NaN, clock: undefined }, now, 'minutes'],
  ] as const)('%s', (_name, scope, change, at, answer) => {
    expect(outsideFrame({ ...frame, ...scope }, { ...wanted, ...change }, at)).toBe(answer);
  });

  test('a narrower frame never lets through what a wider one does not', () => {
    const some = <T>(all: readonly T[]) => fc.subarray([...all]);
    const scope = fc.record({
      systems: some(frame.systems),
      purposes: some(frame.purposes),
      operations: some(frame.operations),
      minutes: fc.integer({ min: 0, max: 60 }),
    });
    fc.assert(
      fc.property(scope, scope, fc.integer({ min: 1, max: 60 }), (one, other, minutes) => {
        const wide = { ...frame, ...one };
        const narrow = {
          ...wide,
          systems: wide.systems.filter((id) => other.systems.includes(id)),
          operations: wide.operations.filter((id) => other.operations.includes(id)),
          minutes: Math.min(wide.minutes, other.minutes),
        };
        const asked = { ...wanted, minutes, clock: minutes };
        if (outsideFrame(wide, asked, now) !== undefined)
          expect(outsideFrame(narrow, asked, now)).not.toBeUndefined();
      }),
    );
  });
});

describe('a frame', () => {
  test.each([
    ['is none around nothing', { systems: [] }, /nothing/],
    ['has minutes', { minutes: 0 }, /minutes/],
    ['of a day at most', { minutes: 1441 }, /minutes/],
    ['has hours that can be read', { hours: '8 to 6' }, /hours/],
    ['begins before it ends', { until: frame.from }, /before it begins/],
    ['ends in the future', { until: now }, /before it begins/],
    ['lasts twelve months at most', { until: now + 400 * day }, /too long/],
  ])('%s', (_name, change, fault) => {
    expect(frameFault(frame, now)).toBeUndefined();
    expect(frameFault({ ...frame, ...change }, now)).toMatch(fault);
  });

  test.each([
    '',
    '0 480-1080 Europe/Paris',
    '1 1080-480 Europe/Paris',
    '1 480-1441 Europe/Paris',
    '1 480-1080 Mars',
    '2,1 480-1080 Europe/Paris',
    '1,1 480-1080 Europe/Paris',
    '1 0480-1080 Europe/Paris',
  ])('hours %p are none', (text) => expect(parseHours(text)).toBeUndefined());

  test('hours are written in one way', () => {
    const text = printHours([5, 1], 480, 1440, 'Europe/Paris');
    expect(text).toBe('1,5 480-1440 Europe/Paris');
    expect(parseHours(text)?.windows).toEqual([{ days: [1, 5], from: 480, until: 1440 }]);
  });

  test('its text and its line say the same, in every field', () => {
    const terms = { ...frame, id: 'd1', client: 'acme', language: 'en' as const, seat: 's1' };
    const { text } = writeFrameText({ ...terms, sentences: ['Yes.'], author: 'Claire', authority: 'DOC' });
    const line = { ...frameFields(terms), id: 'd1' };
    expect(frameDifference(text, line)).toBeUndefined();
    for (const [name, value] of Object.entries(line)) {
      const other =
        typeof value === 'number'
          ? value + 1
          : name === 'from' || name === 'until'
            ? '2027-01-01T00:00:00.000Z'
            : `${value}x`;
      expect(frameDifference(text, { ...line, [name]: other })).toContain(name);
    }
    expect(frameDifference('{}', line)).toMatch(/none of a frame/);
  });
});
