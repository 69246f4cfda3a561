/** What an agreement will allow, told before it is signed: never more than `decide` then lets pass. */
import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/core/decide.ts';
import { foresee } from '../../src/core/foresee.ts';
import type { Client, Grant, Operation } from '../../src/core/model.ts';
import { ask, breaks, DAY, NOW, passing, type World } from './decide-world.ts';

function granted(world: World, fields: Partial<Grant> = {}): Grant {
  if (world.grant === undefined) throw new Error('the passing case has an agreement');
  return { ...world.grant, ...fields };
}

function foreseen(world: World, fields: Partial<Grant> = {}) {
  return foresee(ask(world).snapshot, granted(world, fields), world.now);
}

describe('an agreement will allow', () => {
  test('what purpose, agreement and instructions all permit, to whom it reaches', () => {
    expect(foreseen(passing())).toEqual({
      people: ['alice'],
      uses: [
        {
          ...{ purpose: 'support', systems: ['erp'], people: ['alice'], operations: ['read', 'write'] },
          ...{ copiesForbidden: true, hours: true, minutes: 60 },
        },
      ],
      stopped: [],
      moreByGroups: false,
    });
    expect(foreseen(passing(), { operations: ['read'] }).uses[0]).toMatchObject({
      operations: ['read'],
      copiesForbidden: false,
    });
  });

  test('nothing to people it does not name', () => {
    expect(foreseen(passing(), { people: ['carol'] })).toMatchObject({ people: [], stopped: [] });
  });

  test('also when it is signed at night, or for later', () => {
    const night = { ...passing(), now: NOW + 12 * 3_600_000 };
    expect(foreseen(night, { until: NOW + 3 * DAY }).people).toEqual(['alice']);
    expect(foreseen(passing(), { from: NOW + DAY, until: NOW + 2 * DAY }).people).toEqual(['alice']);
  });

  test('nothing when no hour of it is open', () => {
    const night = { ...passing(), now: NOW + 12 * 3_600_000 };
    expect(foreseen(night, { until: NOW + 13 * 3_600_000 })).toMatchObject({
      people: [],
      stopped: [{ person: 'alice', reason: 'outside_hours' }],
    });
  });

  test('to a client in preparation, what it will once it is live', () => {
    const world = passing();
    world.client = { ...(world.client as Client), status: 'preparing' };
    expect(foreseen(world).people).toEqual(['alice']);
  });

  test('to nobody of a client that is unknown', () => {
    expect(foreseen(passing(), { client: 'nobody' }).people).toEqual([]);
  });
});

// What the person does later, and what the client does with the agreement once it is given, is not foreseen.
const later: readonly string[] = ['opening', 'authentication', 'grant', 'limits'];
const declared: readonly string[] = ['reference_missing', 'reference_form', 'note_missing', 'note_too_short'];
const conditions = breaks.filter(
  ({ criterion, reason }) =>
    !later.includes(criterion) && !declared.includes(reason) && reason !== 'client_preparing',
);

/** Whether the rules let it pass at some hour of the coming days, signed in and declared in that hour. */
function everPasses(world: World, operation: Operation): boolean {
  const { snapshot, question, now } = ask(world);
  const { opening, grant, authentication } = question;
  if (opening === undefined || grant === undefined || authentication === undefined) return false;
  return Array.from({ length: 96 }, (_, hour) => now + hour * 3_600_000).some((at) => {
    const account = { issuer: world.person?.issuer ?? '', subject: world.person?.subject ?? '' };
    const fresh = { ...opening, account, openedAt: at, endsAt: Math.min(at + 60_000, grant.until) };
    const shown = { ...authentication, at };
    const asked = { ...question, opening: fresh, authentication: shown, operation };
    return at < grant.until && decide(snapshot, asked, at).effect === 'allow';
  });
}

describe('nothing is promised that the rules then refuse', () => {
  test.each(conditions)('$reason: $name', ({ apply }) => {
    const world = passing();
    apply(world);
    const promised =
      world.grant === undefined
        ? []
        : foresee(ask(world).snapshot, world.grant, world.now).uses.flatMap((use) => use.operations);
    for (const operation of promised)
      expect([operation, everPasses(world, operation)]).toEqual([operation, true]);
  });

  test('and the conditions do take something away', () => {
    const taken = conditions.filter(({ apply }) => {
      const world = passing();
      apply(world);
      const grant = world.grant;
      return grant !== undefined && foresee(ask(world).snapshot, grant, world.now).people.length === 0;
    });
    expect(taken.length).toBeGreaterThan(conditions.length / 2);
  });
});
