import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { neighbourhood } from '../../src/core/networks.ts';
import { createAllowance, createAllowances } from '../../src/identity/allowance.ts';

test('lets a burst through, then so many a second, and never saves up more than a burst', () => {
  let at = 0;
  const clock = { now: () => 0, monotonic: () => at };
  const allowance = createAllowance(clock, { burst: 3, perSecond: 2 });
  const takeAll = () => {
    let taken = 0;
    while (allowance.take()) taken += 1;
    return taken;
  };
  expect(takeAll()).toBe(3);
  at = 499;
  expect(takeAll()).toBe(0);
  at = 500;
  expect(takeAll()).toBe(1);
  at = 3_600_000;
  expect(takeAll()).toBe(3);
});

test('over any pattern of arrivals never lets more through than burst plus rate', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 400 }), { maxLength: 300 }), (gaps) => {
      let at = 0;
      const clock = { now: () => 0, monotonic: () => at };
      const allowance = createAllowance(clock, { burst: 5, perSecond: 10 });
      let taken = 0;
      for (const gap of gaps) {
        at += gap;
        if (allowance.take()) taken += 1;
      }
      expect(taken).toBeLessThanOrEqual(5 + (at / 1_000) * 10 + 1e-6);
    }),
  );
});

test('an IPv6 address counts for its network, however it is written', () => {
  const clock = { now: () => 0, monotonic: () => 0 };
  const one = { burst: 1, perSecond: 1 };
  const allowances = createAllowances(clock, { one, together: { burst: 9, perSecond: 1 } });
  expect(allowances.take('2001:db8::1')).toBe(true);
  for (const same of ['2001:db8::2', '2001:db8:0:0:1:2:3:4', '2001:db8::ffff:1'])
    expect(allowances.take(same)).toBe(false);
  for (const other of ['2001:db8:0:1::1', '192.0.2.1', '192.0.2.2'])
    expect(allowances.take(other)).toBe(true);
});

test.each([
  ['192.0.2.1', '192.0.2.200', '192.0.3.1'],
  ['2001:db8:1::1', '2001:db8:1:ffff::2', '2001:db8:2::1'],
  ['2001:db8::1', '2001:db8:0:7::1', '2001:db9::1'],
])('%s and %s are neighbours, %s is not', (address, near, far) => {
  expect(neighbourhood(near)).toBe(neighbourhood(address));
  expect(neighbourhood(far)).not.toBe(neighbourhood(address));
});
