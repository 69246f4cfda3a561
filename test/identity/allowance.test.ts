import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createAllowance } from '../../src/identity/allowance.ts';

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
