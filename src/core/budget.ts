/**
 * How much an agreement lets be used in each day, week or month of the client's zone: openings, minutes declared and
 * bytes transferred. What was used follows from the lines of the log alone, by the rules here, so that the writer, the
 * offline check and the rebuilding of rows count the same. Pure.
 */
import type { LeafFields } from './entries.ts';
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
}

export interface Spent {
  readonly openings: number;
  readonly minutes: number;
  readonly bytes: number;
}

export type BudgetPart = keyof Spent;

export const budgetParts = ['openings', 'minutes', 'bytes'] as const satisfies readonly BudgetPart[];
export const nothingSpent: Spent = { openings: 0, minutes: 0, bytes: 0 };
const periods: readonly string[] = ['day', 'week', 'month'] satisfies BudgetPeriod[];

/** The one way a budget is written, in the signed text and on the line: `per=week zone=Europe/Paris openings=10`. */
export function printBudget(budget: Budget): string {
  const limits = budgetParts.flatMap((part) =>
    budget[part] === undefined ? [] : [`${part}=${budget[part]}`],
  );
  return [`per=${budget.per}`, `zone=${budget.zone}`, ...limits].join(' ');
}

/** Reads what `printBudget` wrote; undefined for anything else, also when no limit is set. */
export function parseBudget(text: string): Budget | undefined {
  const given = new Map(text.split(' ').map((part) => part.split('=', 2) as [string, string | undefined]));
  const [per = '', zone = ''] = [given.get('per'), given.get('zone')];
  if (!periods.includes(per) || !isZone(zone)) return undefined;
  const limits = budgetParts.flatMap((part) => {
    const limit = given.get(part);
    return limit === undefined ? [] : [[part, /^[1-9]\d{0,15}$/.test(limit) ? Number(limit) : 0] as const];
  });
  if (limits.length === 0 || !limits.every(([, limit]) => limit > 0 && Number.isSafeInteger(limit)))
    return undefined;
  const budget: Budget = { per: per as BudgetPeriod, zone, ...Object.fromEntries(limits) };
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
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(budget.zone).toPlainDate();
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

interface Account {
  readonly budget: Budget;
  readonly spent: Map<number, Spent>;
}

/** Counts what budgets were used, from the lines of one log in their order. */
export class BudgetMeter {
  readonly #accounts = new Map<string, Account>();
  readonly #sessions = new Map<string, Account>();
  /** By request: whose bytes they are, and how many were counted so far. */
  readonly #running = new Map<string, { readonly account: Account; counted: number }>();

  /** A line of any kind. Answers, in words, when it goes beyond a budget. */
  line(leaf: LeafFields): string | undefined {
    switch (leaf.t) {
      case 'consent.granted':
        return this.#granted(leaf);
      case 'session.opened':
        return this.#opened(leaf);
      case 'session.extended':
        return this.#extended(leaf);
      case 'access.intent':
        return this.#intended(leaf);
      case 'access.progress':
      case 'access.result':
        this.#moved(leaf);
        return undefined;
      default:
        return undefined;
    }
  }

  /** What each consent with a budget used, by the beginning of the period. */
  *all(): Iterable<{ readonly grant: string; readonly period: number; readonly spent: Spent }> {
    for (const [grant, { spent }] of this.#accounts)
      for (const [period, one] of spent) yield { grant, period, spent: one };
  }

  #granted(leaf: LeafFields): string | undefined {
    if (leaf.budget === undefined) return undefined;
    const budget = parseBudget(String(leaf.budget));
    if (budget === undefined) return 'the budget of the consent cannot be read';
    this.#accounts.set(String(leaf.id), { budget, spent: new Map() });
    return undefined;
  }

  #opened(leaf: LeafFields): string | undefined {
    const account = this.#accounts.get(String(leaf.grant));
    if (account === undefined) return undefined;
    // Without a limit of bytes nobody counts them.
    if (account.budget.bytes !== undefined) this.#sessions.set(String(leaf.id), account);
    const at = Date.parse(String(leaf.at));
    const minutes = minutesOf(at, Date.parse(String(leaf.ends)));
    const missing = openingExceeds(account.budget, spentAt(account, at), minutes);
    add(account, at, { openings: 1, minutes, bytes: 0 });
    return missing === undefined ? undefined : `the budget of its consent was spent: ${missing}`;
  }

  /** Its bytes are from now on those of the consent that it goes on under. */
  #extended(leaf: LeafFields): string | undefined {
    const account = this.#accounts.get(String(leaf.grant));
    const session = String(leaf.session);
    if (account?.budget.bytes === undefined) this.#sessions.delete(session);
    else this.#sessions.set(session, account);
    if (account === undefined) return undefined;
    const at = Date.parse(String(leaf.at));
    const minutes = Number(leaf.minutes);
    const missing = minutesExceed(account.budget, spentAt(account, at), minutes);
    add(account, at, { openings: 0, minutes, bytes: 0 });
    return missing ? 'the budget of its consent was spent: minutes' : undefined;
  }

  #intended(leaf: LeafFields): string | undefined {
    const account = this.#sessions.get(String(leaf.session));
    if (account === undefined) return undefined;
    this.#running.set(String(leaf.id), { account, counted: 0 });
    const spent = spentAt(account, Date.parse(String(leaf.at)));
    return bytesAreSpent(account.budget, spent) ? 'the budget of its consent was spent: bytes' : undefined;
  }

  #moved(leaf: LeafFields): void {
    const request = String(leaf.request);
    const known = this.#running.get(request);
    if (known === undefined) return;
    const more = Math.max(0, Number(leaf.up) + Number(leaf.down) - known.counted);
    known.counted += more;
    if (more > 0) add(known.account, Date.parse(String(leaf.at)), { openings: 0, minutes: 0, bytes: more });
    if (leaf.t === 'access.result') this.#running.delete(request);
  }
}

function spentAt({ budget, spent }: Account, at: number): Spent {
  return spent.get(periodAt(budget, at).from) ?? nothingSpent;
}

function add(account: Account, at: number, more: Spent): void {
  const { from } = periodAt(account.budget, at);
  const before = account.spent.get(from) ?? nothingSpent;
  account.spent.set(from, {
    openings: before.openings + more.openings,
    minutes: before.minutes + more.minutes,
    bytes: before.bytes + more.bytes,
  });
}
