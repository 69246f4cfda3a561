/**
 * The registry of running exchanges: every one is indexed before anything waits, so that a stop finds it. Also
 * the counts that a closed opening tells. Synchronous, in memory, never throws.
 */

import type { Cut, Cutters, RunningExchange } from '../core/ports.ts';
import { limits } from './limits.ts';
import type { Outcome } from './outcome.ts';

/** One running exchange as the registry sees it; `exchange.ts` makes them. */
export interface Registered extends RunningExchange {
  /** Its place in the registry's list while it runs; the registry's own. */
  place: number;
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
  // Lists, not sets: a set that was full points on to the one that takes its place, so that old ones with much coming and
  // going can keep whole exchanges alive until the next full collection.
  const running = new Map<string, Registered[]>();
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
    const lists = what.opening === undefined ? running.values() : [running.get(what.opening) ?? []];
    for (const list of lists) {
      for (const exchange of list) {
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
      let list = running.get(exchange.opening);
      if (list === undefined) {
        list = [];
        running.set(exchange.opening, list);
      }
      exchange.place = list.push(exchange) - 1;
      countsOf(exchange.opening).exchanges += 1;
    },
    remove(exchange) {
      const list = running.get(exchange.opening);
      if (list?.[exchange.place] !== exchange) return;
      const last = list.pop();
      if (last !== undefined && last !== exchange) {
        list[exchange.place] = last;
        last.place = exchange.place;
      }
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
      if (mine === undefined || mine.length < limits.exchangesPerOpening) return mine?.length ?? 0;
      let count = 0;
      for (const exchange of mine) if (exchange.system === system) count += 1;
      return count;
    },
    *all() {
      for (const list of running.values()) yield* list;
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
      if (running.get(opening)?.length === 0) running.delete(opening);
      onForget(opening);
    },
  };
}
