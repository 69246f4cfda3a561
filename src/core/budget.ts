/**
 * How much an agreement lets be used in each day, week or month of the client's zone: openings, minutes declared, bytes
 * transferred, and copies taken; and how long a copy may be kept. What was used follows from the lines of the log alone
 * (budget-meter.ts), by the rules here, so that the writer, the offline check and the rebuilding of rows count the same. Pure.
 */
import { dayAt } from './days.ts';
import { isZone } from './policy/instants.ts';

export type BudgetPeriod = 'day' | 'week' | 'month';

/** At least one limit is set. Weeks begin on Monday. */
export interface Budget {
  readonly per: BudgetPeriod;
  /** IANA zone in which days begin. */
  readonly zone: string;
  readonly openings?: number;
  /** Minutes as declared, whether an access ends earlier or not. */
  readonly minutes?: number;
  /** Up and down; an application's own static files are not counted. */
  readonly bytes?: number;
  /** Copies that may be registered, whether all of one leaves or not. */
  readonly copies?: number;
  /** Bytes that may leave as copies. */
  readonly copied?: number;
  /** Days after which a copy must be gone, where the rules would let it be kept longer. Of no period. */
  readonly keep?: number;
}

export interface Spent {
  readonly openings: number;
  readonly minutes: number;
  readonly bytes: number;
  readonly copies: number;
  /** A copy that runs counts with all that may leave of it; what did not leave is given back when it ends. */
  readonly copied: number;
}

export type BudgetPart = keyof Spent;

/** What is counted, in the order in which it is written. */
export const budgetParts = [
  'openings',
  'minutes',
  'bytes',
  'copies',
  'copied',
] as const satisfies readonly BudgetPart[];
/** All that can be limited, in the order in which it is written. */
export const limitNames = [...budgetParts, 'keep'] as const satisfies readonly (keyof Budget)[];
/** Longest keeping that an agreement may name, days. */
export const mostKeep = 3650;
export const nothingSpent: Spent = { openings: 0, minutes: 0, bytes: 0, copies: 0, copied: 0 };
const periods: readonly string[] = ['day', 'week', 'month'] satisfies BudgetPeriod[];

/** The one way a budget is written, in the signed text and on the line: `per=week zone=Europe/Paris openings=10`. */
export function printBudget(budget: Budget): string {
  const limits = limitNames.flatMap((part) =>
    budget[part] === undefined ? [] : [`${part}=${budget[part]}`],
  );
  return [`per=${budget.per}`, `zone=${budget.zone}`, ...limits].join(' ');
}

/** Reads what `printBudget` wrote; undefined for anything else, also when no limit is set. */
export function parseBudget(text: string): Budget | undefined {
  const given = new Map(text.split(' ').map((part) => part.split('=', 2) as [string, string | undefined]));
  const [per = '', zone = ''] = [given.get('per'), given.get('zone')];
  if (!periods.includes(per) || !isZone(zone)) return undefined;
  const limits = limitNames.flatMap((part) => {
    const limit = given.get(part);
    return limit === undefined ? [] : [[part, /^[1-9]\d{0,15}$/.test(limit) ? Number(limit) : 0] as const];
  });
  if (limits.length === 0 || !limits.every(([, limit]) => limit > 0 && Number.isSafeInteger(limit)))
    return undefined;
  const budget: Budget = { per: per as BudgetPeriod, zone, ...Object.fromEntries(limits) };
  if (budget.keep !== undefined && budget.keep > mostKeep) return undefined;
  return printBudget(budget) === text ? budget : undefined;
}

export interface Period {
  /** First instant, and the one from which on the next period counts; epoch milliseconds. */
  readonly from: number;
  readonly until: number;
}

const lastPeriod = new WeakMap<Budget, Period>();

/** The period that an instant lies in. */
export function periodAt(budget: Budget, at: number): Period {
  const known = lastPeriod.get(budget);
  if (known !== undefined && at >= known.from && at < known.until) return known;
  const today = dayAt(at, budget.zone);
  const first =
    budget.per === 'month'
      ? today.with({ day: 1 })
      : today.subtract({ days: budget.per === 'week' ? today.dayOfWeek - 1 : 0 });
  const next = first.add(budget.per === 'month' ? { months: 1 } : { days: budget.per === 'week' ? 7 : 1 });
  const begin = (day: Temporal.PlainDate) => day.toZonedDateTime(budget.zone).epochMilliseconds;
  const period = { from: begin(first), until: begin(next) };
  lastPeriod.set(budget, period);
  return period;
}

/** Minutes that an opening counts for: begun minutes from its line to its declared end. */
export function minutesOf(at: number, endsAt: number): number {
  return Math.max(0, Math.ceil((endsAt - at) / 60_000));
}

/** What is missing for another opening of so many minutes; undefined: there is enough. */
export function openingExceeds(budget: Budget, spent: Spent, minutes: number): BudgetPart | undefined {
  if (budget.openings !== undefined && spent.openings + 1 > budget.openings) return 'openings';
  if (minutesExceed(budget, spent, minutes)) return 'minutes';
  return bytesAreSpent(budget, spent) ? 'bytes' : undefined;
}

/** What is missing for one more copy, of which so many bytes may leave; undefined: there is enough. */
export function copyExceeds(budget: Budget, spent: Spent, atMost: number): 'copies' | 'copied' | undefined {
  if (budget.copies !== undefined && spent.copies + 1 > budget.copies) return 'copies';
  return budget.copied !== undefined && spent.copied + atMost > budget.copied ? 'copied' : undefined;
}

/** Whether anything is counted in its periods. */
export function countsUse(budget: Budget): boolean {
  return budgetParts.some((part) => budget[part] !== undefined);
}

/** Whether copies are counted at all. */
export function countsCopies({ copies, copied }: Budget): boolean {
  return copies !== undefined || copied !== undefined;
}

/** Whether so many minutes more are too many. */
export function minutesExceed(budget: Budget, spent: Spent, minutes: number): boolean {
  return budget.minutes !== undefined && spent.minutes + minutes > budget.minutes;
}

/** Nothing more passes once the bytes are used up; what was running then has gone a little beyond. */
export function bytesAreSpent(budget: Budget, spent: Spent): boolean {
  return budget.bytes !== undefined && spent.bytes >= budget.bytes;
}

/** What is left in the present period, never below zero; a part without a limit is not there. */
export function leftOf(budget: Budget, spent: Spent): Partial<Spent> {
  return Object.fromEntries(
    budgetParts.flatMap((part) => {
      const limit = budget[part];
      return limit === undefined ? [] : [[part, Math.max(0, limit - spent[part])]];
    }),
  );
}

/** How long the whole of the bytes may be moved without a word: a twentieth, so that a limit is met nearly. */
export function toldEvery(budget: Budget | undefined): number {
  return budget?.bytes === undefined ? Number.POSITIVE_INFINITY : Math.max(1, Math.ceil(budget.bytes / 20));
}
