/** The part of the story that tells of drills: begun and stopped by somebody seated, each once, so many in an hour. Pure. */
import { beginningFault, type Drill, drillLimits, stoppingFault } from './drills.ts';
import type { LeafFields } from './entries.ts';
import type { SeatsTold } from './story-seats.ts';

const kept = 3_600_000;

export class DrillStory {
  readonly #seats: SeatsTold;
  /** Those of the last hour. */
  #drills: readonly Drill[] = [];

  constructor(seats: SeatsTold) {
    this.#seats = seats;
  }

  line(leaf: LeafFields): string | undefined {
    const at = Date.parse(String(leaf.at));
    const seat = String(leaf.seat);
    if (this.#seats.get(seat)?.removed !== false) return 'its drill is by nobody seated';
    this.#drills = this.#drills.filter((one) => one.at > at - kept);
    const id = String(leaf.drill);
    if (leaf.step === 'stopped') return this.#stopped(id, at);
    if (leaf.step !== 'began') return 'its drill neither begins nor ends';
    const until = Date.parse(String(leaf.ends));
    if (until !== at + drillLimits.lasts) return 'its drill does not last as long as drills do';
    if (this.#drills.some((one) => one.id === id)) return 'its drill began already';
    if (beginningFault(this.#drills, at) !== undefined) return 'more drills began than may';
    this.#drills = [...this.#drills, { id, seat, at, until, stoppedAt: undefined }];
    return undefined;
  }

  #stopped(id: string, at: number): string | undefined {
    if (stoppingFault(this.#drills, id, at) !== undefined) return 'it stops a drill that does not run';
    this.#drills = this.#drills.map((one) => (one.id === id ? { ...one, stoppedAt: at } : one));
    return undefined;
  }
}
