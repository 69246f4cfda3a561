/**
 * The decisions of running openings, remembered while nothing they rest on has changed. An allow says until when time
 * alone cannot change it; opening, agreement, snapshot and sign-in are immutable values, so that the same objects
 * always give the same answer. None can be stale: the intent carries the epoch it was decided under, and the log
 * refuses it when rights moved. A refusal is never remembered.
 */
import { decide } from '../core/decide.ts';
import type { Grant, Opening, Snapshot } from '../core/model.ts';
import type { Allow, Decision, Question } from '../core/question.ts';

/** An allow, and all that it was decided on. */
interface Remembered {
  readonly snapshot: Snapshot;
  readonly grant: Grant | undefined;
  readonly at: number;
  readonly allow: Allow;
}

/** Per opening, by system and operation; gone with the opening. */
const remembered = new WeakMap<Opening, Map<string, Remembered>>();

/**
 * `decide`, from memory where it can be. The question's authentication must be its opening's; method and template
 * decide nothing beyond the operation.
 */
export function decideExchange(snapshot: Snapshot, question: Question, now: number): Decision {
  const { opening, grant } = question;
  if (opening === undefined || question.authentication !== opening.authentication) {
    return decide(snapshot, question, now);
  }
  let mine = remembered.get(opening);
  const key = `${question.system} ${question.operation}`;
  const known = mine?.get(key);
  if (known !== undefined && holds(known, snapshot, grant, question.client, now)) return known.allow;
  const decision = decide(snapshot, question, now);
  if (decision.effect === 'allow') {
    if (mine === undefined) {
      mine = new Map();
      remembered.set(opening, mine);
    }
    mine.set(key, { snapshot, grant, at: now, allow: decision });
  }
  return decision;
}

function holds(
  known: Remembered,
  snapshot: Snapshot,
  grant: Grant | undefined,
  client: string,
  now: number,
): boolean {
  return (
    known.snapshot === snapshot &&
    known.grant === grant &&
    known.allow.client === client &&
    now >= known.at &&
    now < known.allow.until
  );
}

/** Would a copy be allowed on this question? Purpose and agreement are looked at first: the common no is cheap. */
export function wouldAllowCopy(snapshot: Snapshot, question: Question, now: number): boolean {
  const { opening, grant } = question;
  if (opening === undefined || grant === undefined || !grant.operations.includes('copy')) return false;
  if (snapshot.purposes.get(opening.purpose)?.operations.includes('copy') !== true) return false;
  return decideExchange(snapshot, { ...question, operation: 'copy' }, now).effect === 'allow';
}
