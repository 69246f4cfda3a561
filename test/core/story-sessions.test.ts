/** What the client's own check says about lines that lengthen an access: each way in which one can be wrong. */
import { describe, expect, test } from '@jest/globals';
import { lengthenFault, type SessionTold } from '../../src/core/story-sessions.ts';

const minute = 60_000;
const time = (minutes: number) => new Date(Date.UTC(2026, 5, 1, 9) + minutes * minute).toISOString();

const session = (): SessionTold => ({
  systems: ['erp'],
  operations: ['read', 'write'],
  purpose: 'support',
  grant: 'g1',
  began: 'g1',
  opened: time(0),
  ends: time(60),
  closed: false,
});
const line = { session: 'o', grant: 'g1', operations: 'read write', ends: time(90), minutes: 30 };
const own = { until: time(600), minutes: 0, session: '' };
const given = { until: time(90), minutes: 30, session: 'o' };

describe('a line that lengthens', () => {
  test.each([
    ['under its own consent', {}, own, undefined],
    ['as long as that permits', {}, { ...own, minutes: 90 }, undefined],
    ['longer than that', {}, { ...own, minutes: 89 }, 'longer than the consent permits'],
    ['past its end', {}, { ...own, until: time(89) }, 'ends after its consent'],
    ['by nothing', { ends: time(60), minutes: 0 }, own, 'lengthens nothing'],
    ['backwards', { ends: time(30), minutes: -30 }, own, 'lengthens nothing'],
    ['until no time', { ends: 'soon' }, own, 'lengthens nothing'],
    ['by other minutes than it says', { minutes: 5 }, own, 'counts other minutes'],
    ['with more operations', { operations: 'read write copy' }, own, 'permits more'],
    ['with none', { operations: '' }, own, 'permits more'],
    ['under one that was given for it', { grant: 'g2' }, given, undefined],
    ['under one that was given for another access', { grant: 'g2' }, { ...given, session: 'p' }, 'not given'],
    ['under one that was given for none', { grant: 'g2' }, { ...given, session: '' }, 'not given'],
    ['by more than that says', { grant: 'g2' }, { ...given, minutes: 29 }, 'longer than the consent'],
  ])('%s', (_name, change, grant, fault) => {
    const told = session();
    const answer = lengthenFault(told, { ...line, ...change }, grant);
    if (fault !== undefined) {
      expect(answer).toContain(fault);
      expect(told).toEqual(session());
      return;
    }
    expect(answer).toBeUndefined();
    expect(told).toMatchObject({ ends: time(90), grant: { ...line, ...change }.grant });
  });
});
