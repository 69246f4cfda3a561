/** So many at once, so many a second after that; per key, in memory, with the longest silent key forgotten. */

interface Bucket {
  left: number;
  at: number;
}

export interface Allowed {
  readonly burst: number;
  readonly perSecond: number;
}

const remembered = 2_000;

export class Rates {
  readonly #allowed: Allowed;
  readonly #buckets = new Map<string, Bucket>();

  constructor(allowed: Allowed) {
    this.#allowed = allowed;
  }

  /** True if one more of this key may pass now (monotonic milliseconds). */
  take(key: string, now: number): boolean {
    const { burst, perSecond } = this.#allowed;
    const bucket = this.#buckets.get(key) ?? { left: burst, at: now };
    bucket.left = Math.min(burst, bucket.left + (Math.max(0, now - bucket.at) / 1_000) * perSecond);
    bucket.at = now;
    // Taken out and put back: the first in the map is the one silent for longest.
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > remembered) {
      const [oldest] = this.#buckets.keys();
      if (oldest !== undefined) this.#buckets.delete(oldest);
    }
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
  }
}
