/** Sharing changes nothing of what data says, and never takes two different things for the same. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createShare } from '../../src/core/policy/share.ts';

/** Few different leaves and keys, those among them that could be mistaken for one another. */
const leaf = fc.constantFrom<unknown>(
  0,
  -0,
  1,
  '1',
  'number 1',
  '"1',
  '#1',
  '',
  ',',
  true,
  'true',
  null,
  undefined,
);
const key = fc.constantFrom('a', 'b', '"1', 'a,"2', '0');
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(key, tie('tree'), { noNullPrototype: true }),
  ),
}));

test('what comes out says the same, and is the same object exactly when it says the same', () => {
  fc.assert(
    fc.property(fc.array(tree, { minLength: 2, maxLength: 6 }), (all) => {
      const meant = structuredClone(all);
      const share = createShare();
      const shared = all.map((one) => share(one));
      expect(shared).toStrictEqual(meant);
      for (const [n, one] of shared.entries())
        for (const [m, other] of shared.entries())
          expect(Object.is(one, other)).toBe(same(meant[n], meant[m]));
    }),
  );
});

test('what is shared once stays what it is', () => {
  const share = createShare();
  const first = share({ contract: { services: ['support', 'a service of some length'] }, at: new Date(0) });
  expect(share(first)).toBe(first);
  const second = share({ contract: { services: ['support', 'a service of some length'] }, at: new Date(1) });
  expect(second).not.toBe(first);
  expect(second.contract).toBe(first.contract);
  expect(second.at.getTime()).toBe(1);
  const frozen = Object.freeze({ services: Object.freeze(['support', 'a service of some length']) });
  expect(createShare()(frozen)).toBe(frozen);
  expect(share<object>(frozen)).toBe(first.contract);
});

/** As data: the order of keys counts, because texts are made of it. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [one, other] = [Object.entries(a), Object.entries(b)];
  return (
    one.length === other.length && one.every(([k, v], n) => k === other[n]?.[0] && same(v, other[n]?.[1]))
  );
}
