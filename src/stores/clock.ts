/** The one place where time comes from. */
import type { Clock } from '../core/ports.ts';

/** The wall clock and a clock that never goes back. */
export function systemClock(): Clock {
  return { now: () => Date.now(), monotonic: () => performance.now() };
}
