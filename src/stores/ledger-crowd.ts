/**
 * Tells how long a batch should wait for others to join: a commit costs the same for one line and for thirty. Who is
 * alone never waits, nor does a batch that everybody has joined who could come soon.
 */

/** Fewer than this are no crowd. */
const crowd = 4;
/** This many intents are worth a commit without further waiting. */
const fullEnough = 64;
/** How fast the memory of the largest recent batch fades, per batch. */
const fading = 0.9;

/** What one queue knows of those who use it. */
export class Crowd {
  /** The largest number of intents in a recent batch. */
  #everybody = 0;
  /** Exchanges that were let through and have not ended. */
  #running = 0;
  /** Exchanges that ended since, whose people have not come again. */
  #ended = 0;

  /** Whether a batch of so many intents should go now. */
  isComplete(waiting: number): boolean {
    const expected = Math.min(fullEnough, Math.ceil(this.#everybody));
    return expected < crowd || waiting >= Math.min(expected, waiting + this.#running + this.#ended);
  }

  /** Somebody came. */
  came(): void {
    if (this.#ended > 0) this.#ended -= 1;
  }

  /** A batch of so many intents goes. */
  went(intents: number): void {
    this.#everybody = Math.max(intents, this.#everybody * fading);
    // Whoever has not come back by now may have gone home.
    this.#ended = 0;
  }

  /** So many exchanges were let through. */
  began(exchanges: number): void {
    this.#running += exchanges;
  }

  /** An exchange ended. */
  ended(): void {
    if (this.#running > 0) this.#running -= 1;
    this.#ended += 1;
  }
}
