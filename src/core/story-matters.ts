/**
 * The part of the story that tells of matters: opened by somebody seated about an access that was, answered in its time or
 * not, closed once by whoever may. A dispute comes after the agreements of the access were taken back. Pure.
 */
import type { LeafFields } from './entries.ts';
import { mayBeDue } from './matters.ts';
import type { ConsentsTold } from './story-consents.ts';
import { isTime, list } from './story-lines.ts';
import type { SeatTold, SeatsTold } from './story-seats.ts';
import type { SessionTold } from './story-sessions.ts';

interface Told {
  readonly session: string;
  readonly what: string;
  readonly actor: string;
  readonly shard: number;
  waits: boolean;
  open: boolean;
}

/** Each method takes a line and answers what is wrong with it, in words; undefined when it fits. */
export class MattersTold {
  readonly #matters = new Map<string, Told>();
  readonly #seats: Pick<SeatsTold, 'get'>;
  readonly #consents: Pick<ConsentsTold, 'isActive'>;
  #shard = 0;

  constructor(seats: Pick<SeatsTold, 'get'>, consents: Pick<ConsentsTold, 'isActive'>) {
    this.#seats = seats;
    this.#consents = consents;
  }

  /** A new part begins: people have other names in it. */
  shard(): void {
    this.#shard += 1;
  }

  /** `session`: the access that the line names, if there was one. */
  opened(leaf: LeafFields, session: SessionTold | undefined): string | undefined {
    const id = String(leaf.id);
    if (this.#matters.has(id)) return 'the matter is open already';
    if (session === undefined) return 'it is about an access that does not exist';
    const seat = this.#seated(leaf);
    if (seat === undefined) return 'it is opened by nobody seated';
    if (!dueFits(leaf)) return 'its answer is due at no such time';
    const { what, session: about } = leaf;
    if (what !== 'question' && what !== 'dispute') return 'it neither asks nor disputes';
    const fault = what === 'dispute' ? this.#disputed(leaf, session, seat) : undefined;
    if (fault !== undefined) return fault;
    const told = { session: String(about), what, actor: String(leaf.actor), shard: this.#shard };
    this.#matters.set(id, { ...told, waits: true, open: true });
    return undefined;
  }

  #disputed(leaf: LeafFields, session: SessionTold, seat: SeatTold): string | undefined {
    if (seat.role !== 'representative') return 'it is no representative who disputes';
    const grants = [...new Set([session.began, session.grant])];
    if (list(leaf.grants).join(' ') !== grants.join(' '))
      return 'it names other consents than those of the access';
    if (grants.some((grant) => this.#consents.isActive(grant)))
      return 'a consent of the access is in force, though it is disputed';
    const same = [...this.#matters.values()].some(
      (one) => one.open && one.what === 'dispute' && one.session === leaf.session,
    );
    return same ? 'the access is disputed already' : undefined;
  }

  answered(leaf: LeafFields): string | undefined {
    const found = this.#matters.get(String(leaf.matter));
    if (found?.open !== true) return 'it is about a matter that is not open';
    if (leaf.by === 'provider') {
      if (leaf.seat !== undefined || (leaf.role !== 'contact' && leaf.role !== 'dpo'))
        return 'it is answered by somebody who does not answer for the provider';
      if (leaf.due !== undefined) return 'an answer of the provider sets itself a time';
      found.waits = false;
      return undefined;
    }
    if (leaf.by !== 'client' || this.#seated(leaf) === undefined) return 'it is said by nobody seated';
    if (found.waits !== (leaf.due === undefined) || (leaf.due !== undefined && !dueFits(leaf)))
      return 'its answer is due at another time than was waited for';
    found.waits = true;
    return undefined;
  }

  closed(leaf: LeafFields): string | undefined {
    const found = this.#matters.get(String(leaf.matter));
    if (found?.open !== true) return 'it closes a matter that is not open';
    const seat = this.#seated(leaf);
    if (seat === undefined) return 'it is closed by nobody seated';
    // Who opened it in another part of the log has another name there: then the line cannot tell.
    const other = found.shard === this.#shard && found.actor !== leaf.actor;
    if (other && (seat.role !== 'representative' || String(leaf.at) < seat.grantsFrom))
      return 'it is closed by somebody who may not';
    found.open = false;
    return undefined;
  }

  #seated(leaf: LeafFields): SeatTold | undefined {
    const seat = this.#seats.get(String(leaf.seat));
    return seat === undefined || seat.removed || seat.role !== leaf.role ? undefined : seat;
  }
}

function dueFits({ at, due }: LeafFields): boolean {
  return isTime(String(due)) && mayBeDue(Date.parse(String(at)), Date.parse(String(due)));
}
