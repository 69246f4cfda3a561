/** The index of agreements leaves out nothing that could serve. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { indexGrants } from '../../src/core/grant-index.ts';
import type { Grant } from '../../src/core/model.ts';
import { NOW, passing } from './decide-world.ts';

function grantOf(fields: Partial<Grant>): Grant {
  const { grant } = passing();
  if (grant === undefined) throw new Error('the passing case has an agreement');
  return { ...grant, ...fields };
}

const grants = fc.array(
  fc.record({
    client: fc.constantFrom('acme', 'martin'),
    status: fc.constantFrom('active', 'revoked', 'suspended', 'expired', 'superseded'),
    systems: fc.subarray(['erp', 'crm']),
    purposes: fc.subarray(['support', 'hotline']),
    from: fc.integer({ min: NOW - 2, max: NOW + 2 }),
    until: fc.integer({ min: NOW - 2, max: NOW + 2 }),
  }),
  { maxLength: 30 },
);

describe('candidates', () => {
  test('are all that are live and name system and purpose, when there is one', () => {
    fc.assert(
      fc.property(grants, (all) => {
        const mine = all.map((fields, n) => grantOf({ ...(fields as Partial<Grant>), id: `g${n}` }));
        const serving = mine.filter(
          (one) =>
            one.client === 'acme' &&
            one.status === 'active' &&
            one.systems.includes('erp') &&
            one.purposes.includes('support') &&
            one.from <= NOW &&
            one.until > NOW,
        );
        const found = indexGrants('acme', mine).candidates('erp', 'support', NOW);
        if (serving.length > 0) expect(found).toEqual(serving);
        else expect(found.length).toBeLessThanOrEqual(8);
        expect(found.every(({ client }) => client === 'acme')).toBe(true);
        if (mine.some(({ client }) => client === 'acme')) expect(found.length).toBeGreaterThan(0);
      }),
    );
  });

  test('of many that are over are the newest', () => {
    const over = Array.from({ length: 40 }, (_, n) => grantOf({ id: `g${n}`, until: NOW - 40 + n }));
    const found = indexGrants('acme', over).candidates('erp', 'support', NOW);
    expect(found.map(({ id }) => id)).toEqual(['g39', 'g38', 'g37', 'g36', 'g35', 'g34', 'g33', 'g32']);
  });
});
