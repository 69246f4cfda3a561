/**
 * Decides one exchange. Pure and total: no clock, no I/O, never throws. Whatever is not allowed is refused, and a
 * criterion that cannot be evaluated is not met. All criteria stand in one order; the first unmet one names the
 * refusal. The explanation is only built when the answer is no, so that the common answer stays cheap.
 */
import { criterionTexts, type Judge, judges } from './criteria.ts';
import { type Facts, gatherFacts } from './decide-facts.ts';
import { earliestEnd } from './decide-until.ts';
import type { Snapshot } from './model.ts';
import {
  type Allow,
  type Criterion,
  type CriterionName,
  criterionNames,
  type Decision,
  type Question,
  type Refuse,
} from './question.ts';
import { type Reason, reasonAnswers } from './reasons.ts';
import { robotCriteria } from './robots.ts';

const inOrder: readonly (readonly [CriterionName, Judge])[] = criterionNames.map((name) => [
  name,
  judges[name],
]);

/**
 * The one decision. `now` is epoch milliseconds UTC; the question's times are too. Answers `allow` with the earliest
 * instant at which time alone could change it, `ask` when nobody signed in or nothing was declared, else `refuse`
 * with every criterion.
 */
export function decide(snapshot: Snapshot, question: Question, now: number): Decision {
  const facts = gatherFacts(snapshot, question);
  const reason = firstUnmet(facts, now);
  if (reason !== undefined) return notAllowed(facts, reason, now);
  return allowed(facts, now) ?? notAllowed(facts, 'no_consent', now);
}

/** Every criterion of a question, met or not, in order; what `decide` says when it refuses, for any question. */
export function explainDecision(snapshot: Snapshot, question: Question, now: number): readonly Criterion[] {
  return explain(gatherFacts(snapshot, question), now);
}

function firstUnmet(facts: Facts, now: number): Reason | undefined {
  let nth = 0;
  try {
    for (const [, judge] of inOrder) {
      const reason = judge(facts, now);
      if (reason !== undefined) return reason;
      nth += 1;
    }
    return undefined;
  } catch {
    return criterionTexts[criterionNames[nth] ?? 'opening'].failed;
  }
}

function judged(name: CriterionName, judge: Judge, facts: Facts, now: number): Reason | undefined {
  try {
    return judge(facts, now);
  } catch {
    return criterionTexts[name].failed;
  }
}

function notAllowed(facts: Facts, reason: Reason, now: number): Decision {
  if (reason === 'not_authenticated') return { effect: 'ask', to: 'sign-in', reason };
  if (reason === 'opening_missing') return { effect: 'ask', to: 'declare', reason };
  return {
    effect: 'refuse',
    reason,
    criteria: explain(facts, now),
    policy: facts.client?.sliceHash ?? '',
  } satisfies Refuse;
}

function explain(facts: Facts, now: number): readonly Criterion[] {
  return inOrder.map(([name, judge]) => {
    const reason = judged(name, judge, facts, now);
    const met = (facts.person?.robot && robotCriteria[name]) ?? criterionTexts[name].met;
    const detail = reason === undefined ? met : reasonAnswers[reason].title.en;
    return { name, met: reason === undefined, reason, detail };
  });
}

/** Undefined if a fact is missing after all, which the criteria exclude; the caller then refuses. */
function allowed(facts: Facts, now: number): Allow | undefined {
  const { client, system, opening, purpose, question } = facts;
  const { grant } = question;
  if (client === undefined || system === undefined || opening === undefined) return undefined;
  if (purpose === undefined || grant === undefined) return undefined;
  const atMost = earliestEnd(facts, now);
  return {
    effect: 'allow',
    client: client.id,
    system: system.id,
    operation: question.operation,
    purpose: opening.purpose,
    grant: grant.id,
    until: Math.min(opening.endsAt, atMost),
    atMost,
    policy: client.sliceHash,
  };
}
