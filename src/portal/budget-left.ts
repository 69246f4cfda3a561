/** What is left of an agreement's budget in the period that runs, as the agreement pages show it. */
import { leftOf, nothingSpent, periodAt, type BudgetPeriod } from '../core/budget.ts';
import type { Grant, Language, Text } from '../core/model.ts';
import type { UsedBudget } from '../core/ports.ts';
import { size } from './formats.ts';
import { texts } from './texts.ts';

const words = texts.budgets;

export interface BudgetLeft {
  readonly per: BudgetPeriod;
  readonly left: Text;
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
  const { openings, minutes, bytes } = budget;
  const inWords = (language: Language): string =>
    [
      ...(openings === undefined ? [] : [words.leftOpenings(left.openings ?? 0, openings)[language]]),
      ...(minutes === undefined ? [] : [words.leftMinutes(left.minutes ?? 0, minutes)[language]]),
      ...(bytes === undefined
        ? []
        : [words.leftBytes(size(left.bytes ?? 0, language), size(bytes, language))[language]]),
    ].join(', ');
  return { per: budget.per, left: { en: inWords('en'), fr: inWords('fr') } };
}
