/**
 * What agreements with a budget have used, one row per agreement and period, changed in the transaction of the line that
 * uses it. Agreements without one never come here.
 */
import {
  type Budget,
  type BudgetPart,
  bytesAreSpent,
  copyExceeds,
  countsCopies,
  minutesExceed,
  minutesOf,
  nothingSpent,
  openingExceeds,
  parseBudget,
  periodAt,
  type Spent,
} from '../core/budget.ts';
import { type Acts, raiseEpoch } from './ledger-acts.ts';
import type { LogState } from './ledger-log.ts';
import { int, optionalText, type Row, RowFault, text } from './rows.ts';

/** A consent and its budget, as openings and exchanges carry it. */
export interface Budgeted {
  readonly grant: string;
  readonly budget: Budget;
}

/** The budget of a consent's row; undefined: it has none. */
export function budgetedBy(row: Row): Budgeted | undefined {
  const written = optionalText(row, 'budget');
  if (written === undefined) return undefined;
  const budget = parseBudget(written);
  if (budget === undefined) throw new RowFault('the budget of a consent cannot be read');
  return { grant: text(row, 'id'), budget };
}

export function spentFrom(row: Row | undefined): Spent {
  if (row === undefined) return nothingSpent;
  return {
    openings: int(row, 'openings'),
    minutes: int(row, 'minutes'),
    bytes: int(row, 'bytes'),
    copies: int(row, 'copies'),
    copied: int(row, 'copied'),
  };
}

function spend(acts: Acts, grant: string, period: number, more: Partial<Spent>): void {
  const { openings, minutes, bytes, copies, copied } = { ...nothingSpent, ...more };
  acts.pen.sql.spendBudget.run(grant, period, openings, minutes, bytes, copies, copied);
}

function spentNow(acts: Acts, log: LogState, { grant, budget }: Budgeted): Spent {
  return spentFrom(acts.pen.sql.budgetSpent.get(grant, periodAt(budget, log.at).from));
}

/** Uses an opening that ends at `endsAt`; what is missing for it, with nothing used, or undefined. */
export function useOpening(
  acts: Acts,
  log: LogState,
  budgeted: Budgeted,
  endsAt: number,
): { readonly part: BudgetPart; readonly left: number } | undefined {
  const { budget, grant } = budgeted;
  const spent = spentNow(acts, log, budgeted);
  const minutes = minutesOf(log.at, endsAt);
  const part = openingExceeds(budget, spent, minutes);
  if (part !== undefined) return { part, left: Math.max(0, (budget[part] ?? 0) - spent[part]) };
  spend(acts, grant, periodAt(budget, log.at).from, { openings: 1, minutes });
  return undefined;
}

/** Whether an opening until `endsAt` could be used; uses nothing. */
export function couldOpen(acts: Acts, log: LogState, budgeted: Budgeted, endsAt: number): boolean {
  const spent = spentNow(acts, log, budgeted);
  return openingExceeds(budgeted.budget, spent, minutesOf(log.at, endsAt)) === undefined;
}

/** Uses minutes by which a running access is lengthened; what is missing for it, with nothing used, or undefined. */
export function useMinutes(
  acts: Acts,
  log: LogState,
  budgeted: Budgeted,
  minutes: number,
): { readonly part: BudgetPart; readonly left: number } | undefined {
  const { budget, grant } = budgeted;
  const spent = spentNow(acts, log, budgeted);
  if (minutesExceed(budget, spent, minutes))
    return { part: 'minutes', left: Math.max(0, (budget.minutes ?? 0) - spent.minutes) };
  spend(acts, grant, periodAt(budget, log.at).from, { minutes });
  return undefined;
}

/** Whether nothing more may pass in this period. */
export function isSpent(acts: Acts, log: LogState, budgeted: Budgeted): boolean {
  return bytesAreSpent(budgeted.budget, spentNow(acts, log, budgeted));
}

/** From its intent on, an exchange's bytes are counted. */
export function beginCounting(acts: Acts, { grant }: Budgeted, request: string): void {
  acts.pen.sql.beginCounting.run(request, grant);
}

/** The budget that an open exchange uses, found by its row; undefined: none, or it has ended. */
export function budgetedByRequest(acts: Acts, request: string): Budgeted | undefined {
  const counted = acts.pen.sql.countedBytes.get(request);
  const grant = counted === undefined ? undefined : acts.pen.sql.grantById.get(text(counted, 'consent'));
  return grant === undefined ? undefined : budgetedBy(grant);
}

/**
 * Uses the bytes that an exchange moved so far, those counted before taken off. Raises the epoch when they are used
 * up with this. `over`: the exchange has ended; what is told of it later counts no more.
 */
export function useBytes(
  acts: Acts,
  log: LogState,
  budgeted: Budgeted,
  request: string,
  moved: { readonly up: number; readonly down: number },
  over: boolean,
): void {
  const { sql } = acts.pen;
  const row = sql.countedBytes.get(request);
  if (row === undefined) return;
  const counted = int(row, 'bytes');
  const more = Math.max(0, moved.up + moved.down - counted);
  if (over) sql.endCounting.run(request);
  else sql.countBytes.run(counted + more, request);
  if (more === 0) return;
  const before = isSpent(acts, log, budgeted);
  spend(acts, budgeted.grant, periodAt(budgeted.budget, log.at).from, { bytes: more });
  if (!before && isSpent(acts, log, budgeted)) raiseEpoch(log);
}

/** What a copy uses of a budget until it ends. */
export interface CopyUse {
  readonly grant: string;
  /** The beginning of the period in which it counts. */
  readonly period: number;
  /** How many bytes may leave; undefined: bytes of copies are not limited. */
  readonly atMost: number | undefined;
}

/**
 * Uses a copy: of a known length all of it, else all that is left, of which `sent` bytes have left already. What does not
 * leave is given back when it ends. `spent`: it does not reach, and nothing is used. Undefined: copies are not counted.
 */
export function useCopy(
  acts: Acts,
  log: LogState,
  budgeted: Budgeted,
  length: number | undefined,
  sent: number,
): CopyUse | 'spent' | undefined {
  const { grant, budget } = budgeted;
  if (!countsCopies(budget)) return undefined;
  const spent = spentNow(acts, log, budgeted);
  const left = budget.copied === undefined ? undefined : budget.copied - spent.copied;
  const atMost = left === undefined ? undefined : (length ?? left);
  if (atMost !== undefined && atMost <= sent) return 'spent';
  if (copyExceeds(budget, spent, atMost ?? 0) !== undefined) return 'spent';
  const period = periodAt(budget, log.at).from;
  spend(acts, grant, period, { copies: 1, copied: atMost ?? 0 });
  return { grant, period, atMost };
}

/** A copy ended: what did not leave of it may be copied by others. */
export function giveBack(acts: Acts, { grant, period, atMost }: CopyUse, down: number): void {
  if (atMost !== undefined) spend(acts, grant, period, { copied: down - atMost });
}
