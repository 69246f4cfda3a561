/** The part of the story that tells of webhooks: added and removed once each, by somebody who then sits as a representative. Pure. */
import type { LeafFields } from './entries.ts';
import { isHookEvent } from './hooks.ts';
import { list } from './story-lines.ts';
import type { SeatsTold } from './story-seats.ts';

export class HookStory {
  /** Whether each is there. */
  readonly #hooks = new Map<string, boolean>();
  readonly #seats: SeatsTold;

  constructor(seats: SeatsTold) {
    this.#seats = seats;
  }

  added(leaf: LeafFields): string | undefined {
    const id = String(leaf.hook);
    if (this.#hooks.has(id)) return 'the webhook was added already';
    const events = list(leaf.events);
    if (events.length === 0 || !events.every(isHookEvent))
      return 'the webhook is told of nothing that is known';
    const fault = this.#byNobody(leaf);
    if (fault === undefined) this.#hooks.set(id, true);
    return fault;
  }

  removed(leaf: LeafFields): string | undefined {
    const id = String(leaf.hook);
    if (this.#hooks.get(id) !== true) return 'it removes a webhook that is not there';
    const fault = this.#byNobody(leaf);
    if (fault === undefined) this.#hooks.set(id, false);
    return fault;
  }

  /** Whoever may not sign yet may not do this either. */
  #byNobody(leaf: LeafFields): string | undefined {
    const seat = this.#seats.get(String(leaf.seat));
    if (seat?.removed !== false || seat.role !== 'representative')
      return 'the webhook is changed by no representative';
    return String(leaf.at) < seat.grantsFrom ? 'whoever changes the webhook could not sign yet' : undefined;
  }
}
