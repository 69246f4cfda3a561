/** The fields that limit how much an agreement lets be used, copied and kept: to a budget and back. */
import { type Budget, countsUse, limitNames, parseBudget } from '../core/budget.ts';
import { field } from './visit.ts';

export interface BudgetForm {
  /** '' for no limit, else a period; numbers that are counted need one. */
  readonly budgetPer: string;
  readonly budgetOpenings: string;
  readonly budgetMinutes: string;
  readonly budgetMegabytes: string;
  readonly budgetCopies: string;
  readonly budgetCopiedMegabytes: string;
  /** Days after which a copy must be gone: of no period. */
  readonly budgetKeepDays: string;
}

/** Which limit each field is, and what one of its units is worth. */
export const budgetUnits = {
  openings: ['budgetOpenings', 1],
  minutes: ['budgetMinutes', 1],
  bytes: ['budgetMegabytes', 1e6],
  copies: ['budgetCopies', 1],
  copied: ['budgetCopiedMegabytes', 1e6],
  keep: ['budgetKeepDays', 1],
} as const satisfies Readonly<
  Record<(typeof limitNames)[number], readonly [Exclude<keyof BudgetForm, 'budgetPer'>, number]>
>;

/** The fields of an agreement without a limit, or of this one. */
export function budgetFields(budget: Budget | undefined): BudgetForm {
  const told = limitNames.map((limit) => {
    const [name, unit] = budgetUnits[limit];
    const most = budget?.[limit];
    return [name, most === undefined ? '' : String(most / unit)] as const;
  });
  const per = budget !== undefined && countsUse(budget) ? budget.per : '';
  return { ...(Object.fromEntries(told) as unknown as BudgetForm), budgetPer: per };
}

export function readBudgetFields(body: unknown): BudgetForm {
  const given = limitNames.map((limit) => {
    const [name] = budgetUnits[limit];
    return [name, field(body, name).trim()] as const;
  });
  return {
    ...(Object.fromEntries(given) as unknown as BudgetForm),
    budgetPer: field(body, 'budgetPer').trim(),
  };
}

/** The budget that the fields say; undefined: none. Numbers that are counted, without a period, are a mistake, not a wish. */
export function budgetIn(form: BudgetForm, zone: string): Budget | undefined | 'malformed' {
  const given = limitNames.flatMap((limit) => {
    const [name, unit] = budgetUnits[limit];
    return form[name] === '' ? [] : [{ limit, unit, said: form[name] }];
  });
  if (form.budgetPer === '' && given.length === 0) return undefined;
  if (!given.every(({ said }) => /^[1-9]\d{0,6}$/.test(said))) return 'malformed';
  const counted = given.some(({ limit }) => limit !== 'keep');
  const per = form.budgetPer === '' && !counted ? 'month' : form.budgetPer;
  const limits = given.map(({ limit, unit, said }) => `${limit}=${Number(said) * unit}`);
  return parseBudget([`per=${per}`, `zone=${zone}`, ...limits].join(' ')) ?? 'malformed';
}
