/** What the declaration page offers: the agreement that serves, or the reason of the one that came nearest. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../src/core/decide.ts';
import type { Grant } from '../../src/core/model.ts';
import { type Option, options } from '../../src/core/options.ts';
import { ask, breaks, MINUTE, NOW, passing, type World } from './decide-world.ts';

function offered(
  world: World,
  grants: readonly Grant[],
  person = 'alice',
  client = 'acme',
): readonly Option[] {
  const authentication = world.authentication ?? { acr: undefined, amr: [], at: NOW };
  return options(ask(world).snapshot, person, authentication, client, grants, world.now);
}

function granted(fields: Partial<Grant> = {}): Grant {
  const { grant } = passing();
  if (grant === undefined) throw new Error('the passing case has an agreement');
  return { ...grant, ...fields };
}

describe('an option', () => {
  test('names the agreement, what both permit, and until when', () => {
    expect(offered(passing(), [granted({ operations: ['read', 'write'] })])).toEqual([
      {
        system: 'erp',
        purpose: 'support',
        grant: 'g1',
        reason: undefined,
        unmet: [],
        operations: ['read', 'write'],
        until: NOW + 50 * MINUTE,
      },
    ]);
    expect(offered(passing(), [granted({ until: NOW + 7 * MINUTE })])[0]?.until).toBe(NOW + 7 * MINUTE);
  });

  test('is the agreement with most operations, then the latest end', () => {
    const small = granted({ id: 'small', operations: ['read'] });
    const brief = granted({ id: 'brief', until: NOW + MINUTE });
    const whole = granted({ id: 'whole' });
    for (const grants of [
      [small, brief, whole],
      [whole, brief, small],
      [brief, whole, small],
    ]) {
      expect(offered(passing(), grants)[0]?.grant).toBe('whole');
    }
  });

  test('without an agreement is the client’s to give', () => {
    expect(offered(passing(), [])).toMatchObject([
      { grant: undefined, reason: 'no_consent', operations: [], until: 0 },
    ]);
    expect(offered(passing(), [granted({ client: 'martin' })])).toMatchObject([{ reason: 'no_consent' }]);
  });

  test.each([
    [{ status: 'revoked' } as const, 'consent_revoked'],
    [{ status: 'suspended' } as const, 'consent_suspended'],
    [{ until: NOW } as const, 'consent_expired'],
    [{ from: NOW + 1 } as const, 'consent_not_started'],
    [{ people: ['bruno'] } as const, 'consent_scope'],
  ])('with %j says why it does not serve', (fields, reason) => {
    expect(offered(passing(), [granted(fields)])).toMatchObject([{ grant: undefined, reason }]);
  });

  test('asks for nothing that the person has yet to fill in', () => {
    const world = passing();
    world.opening = undefined;
    expect(offered(world, [granted()])[0]?.reason).toBeUndefined();
  });

  test('of an unknown person or client does not exist', () => {
    expect(offered(passing(), [granted()], 'mallory')).toEqual([]);
    expect(offered(passing(), [granted()], 'alice', 'martin')).toEqual([]);
  });
});

test('what is offered is allowed once declared, and what is refused is refused', () => {
  const inPolicy = breaks.filter(({ criterion }) => criterion !== 'opening' && criterion !== 'limits');
  fc.assert(
    fc.property(fc.subarray([...inPolicy], { maxLength: 2 }), (chosen) => {
      const world = passing();
      for (const { apply } of chosen) apply(world);
      const [option] = offered(world, world.grant === undefined ? [] : [world.grant]);
      if (option === undefined || world.opening === undefined || world.person === undefined) return;
      const { snapshot, question } = ask(world);
      const { issuer, subject } = world.person;
      const declared = {
        ...world.opening,
        account: { issuer, subject },
        openedAt: NOW,
        endsAt: option.until,
        reference: 'T-1',
        note: 'look',
        grant: option.grant ?? '',
      };
      if (option.reason === undefined) {
        for (const operation of option.operations) {
          expect(decide(snapshot, { ...question, opening: declared, operation }, NOW).effect).toBe('allow');
        }
        for (const operation of (['read', 'write', 'copy'] as const).filter(
          (one) => !option.operations.includes(one),
        )) {
          expect(decide(snapshot, { ...question, opening: declared, operation }, NOW).effect).toBe('refuse');
        }
      } else {
        const open = { ...declared, grant: world.grant?.id ?? '', endsAt: NOW + MINUTE };
        expect(decide(snapshot, { ...question, opening: open, operation: 'read' }, NOW).effect).not.toBe(
          'allow',
        );
      }
    }),
    { numRuns: 500 },
  );
});
