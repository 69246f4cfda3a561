/** Memory for large answers: never two users at once, and never again in use once somebody may still have it. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Hold, type Slab, takeSlab } from '../../src/gateway/slabs.ts';

test('who lets go once has let go once, whatever is said afterwards', () => {
  const slab = takeSlab();
  const first = slab.hold();
  const second = slab.hold();
  first.done();
  first.done();
  first.lost();
  expect(takeSlab()).not.toBe(slab);
  second.done();
  expect(takeSlab()).toBe(slab);
});

test('whatever is held, let go and lost, in any order: nobody gets what somebody may still have', () => {
  const step = fc.record({ do: fc.constantFrom('take', 'hold', 'done', 'lost'), which: fc.nat({ max: 40 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const holds: { readonly slab: Slab; readonly hold: Hold }[] = [];
      const lost = new Set<Slab>();
      const begin = (slab: Slab): void => void holds.push({ slab, hold: slab.hold() });
      for (const { do: what, which } of steps) {
        if (what === 'take') {
          const slab = takeSlab();
          expect(holds.some((held) => held.slab === slab) || lost.has(slab)).toBe(false);
          begin(slab);
          continue;
        }
        const nth = which % Math.max(1, holds.length);
        const held = holds[nth];
        if (held === undefined) continue;
        if (what === 'hold') {
          begin(held.slab);
          continue;
        }
        holds.splice(nth, 1);
        if (what === 'lost') lost.add(held.slab);
        held.hold[what === 'lost' ? 'lost' : 'done']();
      }
      for (const { hold } of holds) hold.done();
    }),
    { numRuns: 300 },
  );
});
