/**
 * Token buckets: so many at once, so many a second after that. In memory, per process.
 */
import { network } from '../core/networks.ts';
import type { Clock } from '../core/ports.ts';

export interface Allowance {
  /** True if one more may pass now. */
  take(): boolean;
}

export function createAllowance(clock: Clock, { burst, perSecond }: Rate): Allowance {
  let left = burst;
  let at = clock.monotonic();
  return {
    take() {
      const now = clock.monotonic();
      left = Math.min(burst, left + ((now - at) / 1_000) * perSecond);
      at = now;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}

/** One bucket for each network or other key, and one for all together, so that nobody alone can use up what all share. */
export interface Allowances {
  /** True if one more from this address may pass now. */
  take(address: string): boolean;
}

/** How many keys are remembered; beyond that the longest silent is forgotten. */
const remembered = 10_000;

export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** What a stranger may have kept for them. */
const strangers = { one: { burst: 100, perSecond: 10 }, together: { burst: 2_000, perSecond: 200 } };

/** `keyOf`: whose bucket it is; left out: that of the address's network. */
export function createAllowances(
  clock: Clock,
  rates: { readonly one: Rate; readonly together: Rate } = strangers,
  keyOf: (address: string) => string = network,
): Allowances {
  const all = createAllowance(clock, rates.together);
  const buckets = new Map<string, Allowance>();
  return {
    take(address) {
      const who = keyOf(address);
      const mine = buckets.get(who) ?? createAllowance(clock, rates.one);
      // Taken out and put back: the first in the map is the one silent for longest.
      buckets.delete(who);
      buckets.set(who, mine);
      if (buckets.size > remembered) {
        const [oldest] = buckets.keys();
        if (oldest !== undefined) buckets.delete(oldest);
      }
      return mine.take() && all.take();
    },
  };
}
