/** What is left of an agreement's budget in the period that runs, and how its clock stands, as the agreement pages show it. */
import { inBoth } from '../core/both-languages.ts';
import { type BudgetPeriod, countsUse, leftOf, nothingSpent, periodAt } from '../core/budget.ts';
import type { Grant, Language, Text } from '../core/model.ts';
import type { UsedBudget } from '../core/ports.ts';
import { instant, lastDay, size } from './formats.ts';
import { texts } from './texts.ts';

const words = texts.budgets;

export interface BudgetLeft {
  readonly per: BudgetPeriod;
  /** Undefined: nothing is counted. */
  readonly left: Text | undefined;
  /** How long a copy is kept at most; undefined: as long as the rules say. */
  readonly keep: Text | undefined;
}

/** Undefined: the agreement has no budget. */
export function budgetLeft(
  { id, budget }: Grant,
  used: readonly UsedBudget[],
  now: number,
): BudgetLeft | undefined {
  if (budget === undefined) return undefined;
  const { from } = periodAt(budget, now);
  const spent = used.find((one) => one.grant === id && one.period === from)?.spent ?? nothingSpent;
  const left = leftOf(budget, spent);
  const { openings, minutes, bytes, copies, copied, keep } = budget;
  const inWords = (language: Language): string =>
    [
      ...(openings === undefined ? [] : [words.leftOpenings(left.openings ?? 0, openings)[language]]),
      ...(minutes === undefined ? [] : [words.leftMinutes(left.minutes ?? 0, minutes)[language]]),
      ...(bytes === undefined
        ? []
        : [words.leftBytes(size(left.bytes ?? 0, language), size(bytes, language))[language]]),
      ...(copies === undefined ? [] : [words.leftCopies(left.copies ?? 0, copies)[language]]),
      ...(copied === undefined
        ? []
        : [words.leftCopied(size(left.copied ?? 0, language), size(copied, language))[language]]),
    ].join(', ');
  return {
    per: budget.per,
    left: countsUse(budget) ? inBoth(inWords) : undefined,
    keep: keep === undefined ? undefined : words.keptDays(keep),
  };
}

/** How the clock of an agreement that is used once stands; undefined: it is of another kind. */
export function clockOf({ firstUse, startedAt }: Grant, zone: string): Text | undefined {
  if (firstUse === undefined) return undefined;
  return startedAt === undefined
    ? texts.firstUse.waiting(
        firstUse.minutes,
        inBoth((language) => lastDay(firstUse.startBy, zone, language)),
      )
    : texts.firstUse.begun(inBoth((language) => instant(startedAt, zone, language)));
}
