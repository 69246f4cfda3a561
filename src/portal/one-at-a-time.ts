/** Costly works of which one runs per key; whoever asks for another meanwhile is told to come back. In memory. */

export class OneAtATime {
  readonly #running = new Set<string>();

  /** Does the work; undefined, at once: one of this key is still running. Throws what the work throws. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T | undefined> {
    if (this.#running.has(key)) return undefined;
    this.#running.add(key);
    try {
      return await work();
    } finally {
      this.#running.delete(key);
    }
  }
}
