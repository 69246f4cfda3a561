/**
 * The part of the story that tells of matters: opened by somebody seated about an access that was, answered in its time or
 * not, closed once by whoever may. A dispute comes after the agreements of the access were taken back; a contest of the
 * provider suspends its agreement, which rests until the client has answered. Pure.
 */
import { isContestingRole, isContestOutcome, isInstructionName, ownVersion } from './contests.ts';
import type { LeafFields } from './entries.ts';
import { isFull, type MatterSaid, mayBeDue } from './matters.ts';
import type { ConsentsTold } from './story-consents.ts';
import type { InstructionsTold } from './story-instructions.ts';
import { isTime, list } from './story-lines.ts';
import type { SeatsTold, SeatTold } from './story-seats.ts';
import type { SessionTold } from './story-sessions.ts';

interface Told {
  readonly session: string;
  readonly what: string;
  /** The consent that is contested; '': none. */
  readonly grant: string;
  readonly actor: string;
  readonly shard: number;
  /** Who said what was said. */
  readonly said: Pick<MatterSaid, 'by'>[];
  waits: boolean;
  open: boolean;
}

/** Each method takes a line and answers what is wrong with it, in words; undefined when it fits. */
export class MattersTold {
  readonly #matters = new Map<string, Told>();
  readonly #seats: Pick<SeatsTold, 'get'>;
  readonly #consents: Pick<ConsentsTold, 'isActive' | 'standing'>;
  readonly #instructions: Pick<InstructionsTold, 'current'>;
  #shard = 0;
  /** What has to be said next: which consent is contested, and in which matter. */
  #due: { readonly matter: string; readonly grant: string } | undefined;

  constructor(
    seats: Pick<SeatsTold, 'get'>,
    consents: Pick<ConsentsTold, 'isActive' | 'standing'>,
    instructions: Pick<InstructionsTold, 'current'>,
  ) {
    this.#seats = seats;
    this.#consents = consents;
    this.#instructions = instructions;
  }

  /** Looks at every line before it is taken. */
  line(leaf: LeafFields): string | undefined {
    const due = this.#due;
    this.#due = undefined;
    if (due === undefined) return undefined;
    return leaf.t === 'matter.opened' && leaf.id === due.matter && leaf.grants === due.grant
      ? undefined
      : 'a consent is suspended as contested, and nobody says why';
  }

  /** A consent is suspended; by the provider when that is because somebody of theirs contests it. */
  suspended(leaf: LeafFields): string | undefined {
    if (leaf.cause !== 'contest') return undefined;
    if (leaf.by !== 'provider') return 'it is contested by nobody of the provider';
    this.#due = { matter: String(leaf.matter), grant: String(leaf.grant) };
    return undefined;
  }

  /** What is contested is not resumed before the client has answered. */
  resumed(leaf: LeafFields): string | undefined {
    const contested = [...this.#matters.values()].some((one) => one.open && one.grant === leaf.grant);
    return contested ? 'a consent is resumed, though what was contested is not answered' : undefined;
  }

  /** A new part begins: people have other names in it. */
  shard(): void {
    this.#shard += 1;
  }

  /** `session`: the access that the line names, if there was one. */
  opened(leaf: LeafFields, session: SessionTold | undefined): string | undefined {
    const id = String(leaf.id);
    if (this.#matters.has(id)) return 'the matter is open already';
    if (leaf.what === 'contest') return this.#contested(id, leaf);
    if (session === undefined) return 'it is about an access that does not exist';
    const seat = this.#seated(leaf);
    if (seat === undefined) return 'it is opened by nobody seated';
    if (!dueFits(leaf)) return 'its answer is due at no such time';
    const { what, session: about } = leaf;
    if (what !== 'question' && what !== 'dispute') return 'it neither asks nor disputes';
    const fault = what === 'dispute' ? this.#disputed(leaf, session, seat) : undefined;
    if (fault !== undefined) return fault;
    const told = { session: String(about), what, grant: '', actor: String(leaf.actor), shard: this.#shard };
    this.#matters.set(id, { ...told, said: [{ by: 'client' }], waits: true, open: true });
    return undefined;
  }

  /** Somebody of the provider contests a consent, which rests from then on. */
  #contested(id: string, leaf: LeafFields): string | undefined {
    if (leaf.by !== 'provider' || !isContestingRole(leaf.role) || typeof leaf.commit_person !== 'string')
      return 'it is contested by nobody of the provider';
    if (leaf.seat !== undefined || leaf.session !== undefined || leaf.due !== undefined)
      return 'a contest says more than it may';
    const grant = String(leaf.grants);
    if (this.#consents.standing(grant) !== 'suspended') return 'the contested consent does not rest';
    const instruction = leaf.instruction === undefined ? '' : String(leaf.instruction);
    if (leaf.instruction === '' || !isInstructionName(instruction))
      return 'it contests an instruction that has no name';
    const version = ownVersion(instruction);
    if (version !== undefined && version !== this.#instructions.current()?.version)
      return 'it contests instructions that are not in force';
    const actor = String(leaf.actor);
    const same = [...this.#matters.values()].some(
      (one) => one.open && one.grant === grant && one.shard === this.#shard && one.actor === actor,
    );
    if (same) return 'the same person contests the consent twice';
    this.#matters.set(id, {
      ...{ session: '', what: 'contest', grant, actor, shard: this.#shard },
      ...{ said: [{ by: 'provider' }], waits: false, open: true },
    });
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
      if (leaf.seat !== undefined || !this.#answers(leaf, found))
        return 'it is answered by somebody who does not answer for the provider';
      if (leaf.due !== undefined) return 'an answer of the provider sets itself a time';
      found.waits = false;
      return say(found, 'provider');
    }
    if (leaf.by !== 'client' || this.#seated(leaf) === undefined) return 'it is said by nobody seated';
    if (found.what === 'contest')
      return leaf.due === undefined ? say(found, 'client') : 'nobody is given a time in a contest';
    if (found.waits !== (leaf.due === undefined) || (leaf.due !== undefined && !dueFits(leaf)))
      return 'its answer is due at another time than was waited for';
    found.waits = true;
    return say(found, 'client');
  }

  /** Contact and data protection officer, and a technician in their own contest. */
  #answers({ role, actor }: LeafFields, found: Told): boolean {
    if (role === 'contact' || role === 'dpo') return true;
    const own = found.shard !== this.#shard || found.actor === actor;
    return role === 'technician' && found.what === 'contest' && own;
  }

  closed(leaf: LeafFields): string | undefined {
    const found = this.#matters.get(String(leaf.matter));
    if (found?.open !== true) return 'it closes a matter that is not open';
    const seat = this.#seated(leaf);
    if (seat === undefined) return 'it is closed by nobody seated';
    // Who opened it in another part of the log has another name there: then the line cannot tell.
    const other = (found.shard === this.#shard && found.actor !== leaf.actor) || found.what === 'contest';
    if (other && (seat.role !== 'representative' || String(leaf.at) < seat.grantsFrom))
      return 'it is closed by somebody who may not';
    const fault = found.what === 'contest' ? this.#decided(leaf, found) : undefined;
    if (fault !== undefined) return fault;
    found.open = false;
    return undefined;
  }

  /** How the client answered a contest. */
  #decided({ outcome }: LeafFields, { grant }: Told): string | undefined {
    if (!isContestOutcome(outcome)) return 'a contest is closed without an answer';
    const live = ['active', 'suspended', 'waiting'].includes(this.#consents.standing(grant) ?? '');
    return outcome === 'withdrawn' && live
      ? 'the contested consent is said to be withdrawn, and is not'
      : undefined;
  }

  #seated(leaf: LeafFields): SeatTold | undefined {
    const seat = this.#seats.get(String(leaf.seat));
    return seat === undefined || seat.removed || seat.role !== leaf.role ? undefined : seat;
  }
}

function say({ said }: Told, by: MatterSaid['by']): string | undefined {
  if (isFull(said, by)) return 'more is said by one side than a matter holds';
  said.push({ by });
  return undefined;
}

function dueFits({ at, due }: LeafFields): boolean {
  return isTime(String(due)) && mayBeDue(Date.parse(String(at)), Date.parse(String(due)));
}
