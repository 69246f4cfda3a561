/** What can be said of a system's door: from what its file claims and what attempts found, and when. */
import { describe, expect, test } from '@jest/globals';
import {
  type BypassCheck,
  bypassFault,
  bypassFields,
  type Closing,
  checksIn,
  type DoorState,
  holds,
  reaches,
  stateOf,
} from '../../src/core/doors.ts';

const day = 86_400_000;
const now = Date.parse('2026-11-30T12:00:00Z');
const origin = 'https://10.1.0.1:8443';

const system = (closedBy: Closing) => ({
  id: 'erp',
  door: { name: 'second-name', closedBy } as const,
  upstream: { origin },
});

const check = (more: Partial<BypassCheck> = {}): BypassCheck => ({
  ...{ system: 'erp', place: 'office', result: 'unreachable', upstream: origin, claim: 'firewall' },
  ...{ at: now - day, ...more },
});

describe('what was found fits the claim', () => {
  test.each([
    ['firewall', 'office', ['unreachable']],
    ['firewall', 'gateway', []],
    ['upstream-auth', 'office', ['unreachable', 'authentication']],
    ['assertion', 'gateway', ['unreachable', 'authentication']],
    ['not-closed', 'office', []],
  ] as const)('%s from %s', (claim, place, fitting) => {
    expect(reaches.filter((result) => holds(claim, place, result))).toEqual(fitting);
  });
});

describe('the door of a system', () => {
  const both = ['office', 'internet'];
  const internet = check({ place: 'internet', at: now - 2 * day });

  test.each<[string, Closing, readonly BypassCheck[], readonly string[], DoorState]>([
    ['of which nothing is claimed', 'not-closed', [check()], both, { state: 'not-closed' }],
    ['never tried', 'firewall', [], both, { state: 'unchecked', places: both }],
    [
      'tried from one of two places',
      'firewall',
      [check()],
      both,
      { state: 'unchecked', places: ['internet'] },
    ],
    [
      'tried from all: as old as the oldest',
      'firewall',
      [check(), internet],
      both,
      { state: 'closed', at: internet.at },
    ],
    ['without places', 'firewall', [check()], [], { state: 'unchecked', places: [] }],
    [
      'without places, by its own authentication, from here',
      'upstream-auth',
      [check({ place: 'gateway', result: 'authentication' })],
      [],
      { state: 'closed', at: now - day },
    ],
    [
      'a firewall tried from the gateway’s own machine',
      'firewall',
      [check({ place: 'gateway', result: 'open' })],
      ['office'],
      { state: 'unchecked', places: ['office'] },
    ],
    [
      'thirty days ago',
      'firewall',
      [check({ at: now - 30 * day })],
      ['office'],
      { state: 'closed', at: now - 30 * day },
    ],
    [
      'and a moment',
      'firewall',
      [check({ at: now - 30 * day - 1 })],
      ['office'],
      { state: 'old', at: now - 30 * day - 1 },
    ],
    [
      'found open',
      'firewall',
      [check({ result: 'authentication' }), internet],
      both,
      { state: 'open', place: 'office', at: now - day },
    ],
    [
      'found open, and closed since',
      'firewall',
      [check({ result: 'open', at: now - 3 * day }), check()],
      ['office'],
      { state: 'closed', at: now - day },
    ],
    [
      'found closed, and open since',
      'assertion',
      [check({ result: 'open' }), check({ at: now - 3 * day })],
      ['office'],
      { state: 'open', place: 'office', at: now - day },
    ],
    [
      'found open long ago and never tried again',
      'firewall',
      [check({ result: 'open', at: now - 400 * day })],
      ['office'],
      { state: 'open', place: 'office', at: now - 400 * day },
    ],
    [
      'found open from a place that is listed no more',
      'firewall',
      [check({ place: 'depot', result: 'open' }), check()],
      ['office'],
      { state: 'open', place: 'depot', at: now - day },
    ],
    [
      'tried at another address than its present one',
      'firewall',
      [check({ upstream: 'https://10.1.0.9' })],
      ['office'],
      { state: 'unchecked', places: ['office'] },
    ],
    [
      'of another system',
      'firewall',
      [check({ system: 'payroll' })],
      ['office'],
      { state: 'unchecked', places: ['office'] },
    ],
  ])('%s', (_, claim, checks, places, expected) => {
    expect(stateOf(system(claim), checks, places, now)).toEqual(expected);
  });

  test('of a file that says nothing is not closed', () => {
    expect(stateOf({ id: 'erp', upstream: { origin } }, [check()], ['office'], now)).toEqual({
      state: 'not-closed',
    });
  });
});

describe('a line', () => {
  const at = new Date(now).toISOString();
  const fields = bypassFields(check());

  test('tells the check again', () => {
    expect(checksIn([{ leaf: { t: 'bypass.checked', ...fields } }])).toEqual([check()]);
    expect(checksIn([{ leaf: { t: 'heartbeat', ...fields } }])).toEqual([]);
    expect(bypassFault(fields, at)).toBeUndefined();
  });

  test.each([
    [{ result: 'closed' }, 'nothing that can be found'],
    [{ claim: 'luck' }, 'no known claim'],
    [{ place: '' }, 'no place'],
    [{ system: 'ERP 1' }, 'no system'],
    [{ upstream: 'erp' }, 'no address'],
    [{ checked: 'yesterday' }, 'after its line'],
    [{ checked: new Date(now + 1).toISOString() }, 'after its line'],
  ])('that says %j is at fault', (more, why) => {
    expect(bypassFault({ ...fields, ...more }, at)).toContain(why);
  });
});
