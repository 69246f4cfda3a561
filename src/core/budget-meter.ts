/** Counts what budgets were used, from the lines of one log in their order. Pure; the rules are those of budget.ts. */
import {
  type Budget,
  budgetParts,
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
} from './budget.ts';
import type { LeafFields } from './entries.ts';

interface Account {
  readonly budget: Budget;
  readonly spent: Map<number, Spent>;
}

/** A copy that runs, of which so many bytes may leave; they count in the period in which it was registered. */
interface RunningCopy {
  readonly account: Account;
  readonly at: number;
  readonly atMost: number;
}

export class BudgetMeter {
  readonly #accounts = new Map<string, Account>();
  readonly #sessions = new Map<string, Account>();
  /** By session: whose copies they are. */
  readonly #copying = new Map<string, Account>();
  readonly #copies = new Map<string, RunningCopy>();
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
        this.#moved(leaf);
        return undefined;
      case 'access.result':
        this.#moved(leaf);
        return this.#copyEnded(leaf);
      case 'copy.registered':
        return this.#copyRegistered(leaf);
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
    if (countsCopies(account.budget)) this.#copying.set(String(leaf.id), account);
    const at = Date.parse(String(leaf.at));
    const minutes = minutesOf(at, Date.parse(String(leaf.ends)));
    const missing = openingExceeds(account.budget, spentAt(account, at), minutes);
    add(account, at, { openings: 1, minutes });
    return missing === undefined ? undefined : `the budget of its consent was spent: ${missing}`;
  }

  /** Its bytes and copies are from now on those of the consent that it goes on under. */
  #extended(leaf: LeafFields): string | undefined {
    const account = this.#accounts.get(String(leaf.grant));
    const session = String(leaf.session);
    if (account?.budget.bytes === undefined) this.#sessions.delete(session);
    else this.#sessions.set(session, account);
    if (account === undefined || !countsCopies(account.budget)) this.#copying.delete(session);
    else this.#copying.set(session, account);
    if (account === undefined) return undefined;
    const at = Date.parse(String(leaf.at));
    const minutes = Number(leaf.minutes);
    const missing = minutesExceed(account.budget, spentAt(account, at), minutes);
    add(account, at, { minutes });
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
    if (more > 0) add(known.account, Date.parse(String(leaf.at)), { bytes: more });
    if (leaf.t === 'access.result') this.#running.delete(request);
  }

  #copyRegistered(leaf: LeafFields): string | undefined {
    const account = this.#copying.get(String(leaf.session));
    if (account === undefined) return undefined;
    const at = Date.parse(String(leaf.at));
    const limited = account.budget.copied !== undefined;
    const atMost = limited ? Number(leaf.at_most) : 0;
    if (limited && !(Number.isSafeInteger(leaf.at_most) && atMost > 0))
      return 'it does not say how much of the copy may leave';
    const missing = copyExceeds(account.budget, spentAt(account, at), atMost);
    add(account, at, { copies: 1, copied: atMost });
    if (limited) this.#copies.set(String(leaf.request), { account, at, atMost });
    return missing === undefined ? undefined : `the budget of its consent was spent: ${missing}`;
  }

  #copyEnded(leaf: LeafFields): string | undefined {
    const request = String(leaf.request);
    const copy = this.#copies.get(request);
    if (copy === undefined) return undefined;
    this.#copies.delete(request);
    // Nobody knows how much left: it counts with all that might have.
    if (leaf.outcome === 'unknown-after-crash') return undefined;
    const down = Number(leaf.down);
    add(copy.account, copy.at, { copied: down - copy.atMost });
    return down > copy.atMost ? 'more of the copy left than its consent still permitted' : undefined;
  }
}

function spentAt({ budget, spent }: Account, at: number): Spent {
  return spent.get(periodAt(budget, at).from) ?? nothingSpent;
}

function add(account: Account, at: number, more: Partial<Spent>): void {
  const { from } = periodAt(account.budget, at);
  const before = account.spent.get(from) ?? nothingSpent;
  const after = { ...before };
  for (const part of budgetParts) after[part] += more[part] ?? 0;
  account.spent.set(from, after);
}
