/**
 * The registry of running exchanges: every one is indexed before anything waits, so that a stop finds it. Also
 * the counts that a closed opening tells. Synchronous, in memory, never throws.
 */
import { limits } from './limits.ts';
import type { Cut, Cutters, RunningExchange } from '../core/ports.ts';
import type { Outcome } from './outcome.ts';

/** One running exchange as the registry sees it; `exchange.ts` makes them. */
export interface Registered extends RunningExchange {
  /** Destroys both sides now and remembers why. */
  cut(outcome: Outcome): void;
  /** Looks at idle time, rate, expiry and progress. */
  sweep(now: number, monotonic: number): void;
}

interface MutableCounts {
  exchanges: number;
  refused: number;
  statics: number;
  up: number;
  down: number;
}

export interface Registry extends Cutters {
  add(exchange: Registered): void;
  /** Takes an exchange out and adds its bytes to its opening's counts. */
  remove(exchange: Registered): void;
  refused(opening: string): void;
  static(opening: string): void;
  /** Running exchanges of an opening on a system; at most those of all its systems while few run. */
  inFlight(opening: string, system: string): number;
  all(): Iterable<Registered>;
}

/** `onForget` lets the pools of an opening go when its opening is closed. */
export function createRegistry(onForget: (opening: string) => void): Registry {
  const running = new Map<string, Set<Registered>>();
  const counts = new Map<string, MutableCounts>();

  function countsOf(opening: string): MutableCounts {
    let found = counts.get(opening);
    if (found === undefined) {
      found = { exchanges: 0, refused: 0, statics: 0, up: 0, down: 0 };
      counts.set(opening, found);
    }
    return found;
  }

  function* matching(what: Cut): Iterable<Registered> {
    const sets = what.opening === undefined ? running.values() : [running.get(what.opening) ?? []];
    for (const set of sets) {
      for (const exchange of set) {
        if (what.client !== undefined && exchange.client !== what.client) continue;
        if (what.grant !== undefined && exchange.grant !== what.grant) continue;
        if (what.person !== undefined && exchange.person !== what.person) continue;
        if (what.exchange !== undefined && exchange.id !== what.exchange) continue;
        yield exchange;
      }
    }
  }

  return {
    add(exchange) {
      const set = running.get(exchange.opening);
      if (set === undefined) running.set(exchange.opening, new Set([exchange]));
      else set.add(exchange);
      countsOf(exchange.opening).exchanges += 1;
    },
    remove(exchange) {
      const set = running.get(exchange.opening);
      if (set === undefined || !set.delete(exchange)) return;
      if (set.size === 0) running.delete(exchange.opening);
      const count = countsOf(exchange.opening);
      count.up += exchange.up;
      count.down += exchange.down;
    },
    refused(opening) {
      countsOf(opening).refused += 1;
    },
    static(opening) {
      countsOf(opening).statics += 1;
    },
    inFlight(opening, system) {
      const mine = running.get(opening);
      // Most openings run far less than the limit: then nothing need be counted.
      if (mine === undefined || mine.size < limits.exchangesPerOpening) return mine?.size ?? 0;
      let count = 0;
      for (const exchange of mine) if (exchange.system === system) count += 1;
      return count;
    },
    *all() {
      for (const set of running.values()) yield* set;
    },
    cut(what, outcome) {
      const found = [...matching(what)];
      for (const exchange of found) exchange.cut(outcome as Outcome);
      return found.length;
    },
    running(client) {
      return [...matching({ client })];
    },
    counts(opening) {
      const live = { ...countsOf(opening) };
      for (const exchange of running.get(opening) ?? []) {
        live.up += exchange.up;
        live.down += exchange.down;
      }
      return live;
    },
    forget(opening) {
      counts.delete(opening);
      onForget(opening);
    },
  };
}
