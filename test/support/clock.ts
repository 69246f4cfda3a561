/** A clock that tests put ahead, so that nobody waits for time to pass and nothing ends because a machine was slow. */
import type { Clock } from '../../src/core/ports.ts';

export class TestClock implements Clock {
  #ahead = 0;
  #jumped = 0;
  /** Milliseconds added to the real wall clock. Set back, the monotonic clock goes on. */
  get ahead(): number {
    return this.#ahead;
  }
  set ahead(next: number) {
    this.#jumped += Math.max(0, next - this.#ahead);
    this.#ahead = next;
  }
  /** Handed on by the product as functions of their own. */
  readonly now = (): number => Date.now() + this.#ahead;
  readonly monotonic = (): number => performance.now() + this.#jumped;
}
