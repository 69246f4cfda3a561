/**
 * Memory that large answers pass through: read into from the upstream, written from to the technician, and hashed where it lies, so
 * that nothing is copied and nothing grows. It is shared between threads, and used again as soon as nobody holds it; what may still be
 * in somebody's hands is never used again.
 */

/** Bytes of a slab: what is read at once of a large answer. */
export const slabBytes = 262_144;

/** Slabs kept for later. */
const mostIdle = 16;

const idle: Slab[] = [];

export class Slab {
  readonly memory = new SharedArrayBuffer(slabBytes);
  readonly bytes = Buffer.from(this.memory);
  #holds = 0;
  #lost = false;

  /** Keeps it from being used for anything else. */
  hold(): Hold {
    this.#holds += 1;
    let held = true;
    const drop = (lost: boolean): void => {
      if (!held) return;
      held = false;
      this.#lost ||= lost;
      this.#holds -= 1;
      if (this.#holds === 0 && !this.#lost && idle.length < mostIdle) idle.push(this);
    };
    return { done: () => drop(false), lost: () => drop(true) };
  }
}

/** Each hold ends once; what is said afterwards counts no more. */
export interface Hold {
  /** Nothing reads these bytes any more. */
  done(): void;
  /** Something may still read them: the slab is left to the collector. */
  lost(): void;
}

/** A slab that nobody else holds. What stands in it is of no meaning. Whoever takes it holds it first. */
export function takeSlab(): Slab {
  return idle.pop() ?? new Slab();
}
