/**
 * A token bucket: so many at once, so many a second after that. In memory, per process.
 */
import type { Clock } from '../core/ports.ts';

export interface Allowance {
  /** True if one more may pass now. */
  take(): boolean;
}

export function createAllowance(
  clock: Clock,
  { burst, perSecond }: { readonly burst: number; readonly perSecond: number },
): Allowance {
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
