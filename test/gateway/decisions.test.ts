/**
 * Remembered decisions: whatever changes, the answer is the one that `decide` gives now. Every way to break a passing
 * case is tried on a warm memory, with the same objects wherever they did not change.
 */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../src/core/decide.ts';
import type { Question } from '../../src/core/question.ts';
import { decideExchange, wouldAllowCopy } from '../../src/gateway/decisions.ts';
import { ask, breaks, DAY, NOW, passing, robotBreaks, type World } from '../core/decide-world.ts';

/** The question as the gateway puts it: the authentication is the opening's own. */
function gatewayAsks(world: World): ReturnType<typeof ask> {
  const { snapshot, question, now } = ask(world);
  return { snapshot, question: withOwnSignIn(question), now };
}

function withOwnSignIn(question: Question): Question {
  return { ...question, authentication: question.opening?.authentication };
}

describe('a remembered decision', () => {
  test.each([...breaks, ...robotBreaks])('is not given when $name', ({ apply }) => {
    const world = passing();
    const warm = gatewayAsks(world);
    decideExchange(warm.snapshot, warm.question, warm.now);
    apply(world);
    const { snapshot, question, now } = gatewayAsks(world);
    // Under the rules that it is remembered with, and under those that may have changed with it.
    for (const rules of [warm.snapshot, snapshot])
      expect(decideExchange(rules, question, now)).toEqual(decide(rules, question, now));
  });

  test('is not given for another client', () => {
    const { snapshot, question, now } = gatewayAsks(passing());
    expect(decideExchange(snapshot, question, now).effect).toBe('allow');
    expect(decideExchange(snapshot, { ...question, client: 'martin' }, now).effect).toBe('refuse');
  });

  test('is the same object while nothing changes', () => {
    const { snapshot, question, now } = gatewayAsks(passing());
    const first = decideExchange(snapshot, question, now);
    expect(first.effect).toBe('allow');
    expect(decideExchange(snapshot, question, now + 1)).toBe(first);
  });

  test('agrees with `decide` at any time, in any order', () => {
    const { snapshot, question } = gatewayAsks(passing());
    fc.assert(
      fc.property(fc.array(fc.integer({ min: NOW - DAY, max: NOW + DAY }), { minLength: 1 }), (times) => {
        for (const now of times) {
          const { effect } = decide(snapshot, question, now);
          expect(decideExchange(snapshot, question, now).effect).toBe(effect);
        }
      }),
    );
  });

  test('rests on neither method nor template', () => {
    const { snapshot, question, now } = gatewayAsks(passing());
    const answer = decide(snapshot, question, now);
    fc.assert(
      fc.property(fc.string(), fc.string(), (method, template) => {
        expect(decide(snapshot, { ...question, method, template }, now)).toEqual(answer);
      }),
    );
  });
});

describe('whether a copy would be allowed', () => {
  const operations = ['read', 'write', 'copy'] as const;

  test.each([
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ])('purpose permits: %p, agreement permits: %p', (purpose, grant) => {
    const world = passing();
    world.instructions = [];
    const listed = (copy: boolean) => (copy ? operations : operations.slice(0, 2));
    if (world.purpose !== undefined) world.purpose = { ...world.purpose, operations: listed(purpose) };
    if (world.grant !== undefined) world.grant = { ...world.grant, operations: listed(grant) };
    const { snapshot, question, now } = gatewayAsks(world);
    const wanted = decide(snapshot, { ...question, operation: 'copy' }, now).effect === 'allow';
    expect(wouldAllowCopy(snapshot, question, now)).toBe(wanted);
    expect(wanted).toBe(purpose && grant);
  });
});
