/**
 * Who sits for a client, as the lines of its log tell it: who was invited, by whom, whose signature counts and from when on,
 * and who was removed. Pure; it knows only what the lines before have said.
 */
import type { Seat } from './commands.ts';
import type { LeafFields } from './entries.ts';
import { mailAmr } from './evidence.ts';
import { quarantine } from './invitation.ts';
import type { ControllerRole } from './model.ts';

export type SeatTold = Pick<Seat, 'id' | 'role' | 'method' | 'publicKey'> & {
  removed: boolean;
  /** Stands for the same person on each of their seats, as far as lines tell. */
  readonly person: string;
  /** RFC 3339; '': at once. */
  grantsFrom: string;
  /** The first seat of the same person, as far as the lines tell. */
  readonly first: string;
  /** Whether other seats of its holder may have ended with it. */
  readonly replaces: boolean;
};

/** Each method takes a line and answers what is wrong with it, in words; undefined when it fits. */
export class SeatsTold {
  readonly #seats = new Map<string, SeatTold>();
  /** Invitations that have seated nobody yet. */
  readonly #invitations = new Set<string>();

  get(id: string): SeatTold | undefined {
    return this.#seats.get(id);
  }

  /** Whether two seats are one person's: by what was told, or because one passkey serves both. */
  isSame(one: string, other: string): boolean {
    const [a, b] = [this.#seats.get(one), this.#seats.get(other)];
    if (a === undefined || b === undefined) return true;
    return a.person === b.person || (a.method === 'passkey' && a.publicKey === b.publicKey);
  }

  seated(leaf: LeafFields): string | undefined {
    const id = String(leaf.seat);
    if (this.#seats.has(id)) return 'the seat is taken already';
    const { invitation, inviter, grants_from: grantsFrom = '' } = leaf;
    // Lines from before there were invitations with a link name none.
    if (invitation !== undefined && !this.#invitations.delete(String(invitation)))
      return 'it seats somebody by an invitation that was never made, or was used';
    if (inviter !== undefined && !this.#seats.has(String(inviter)))
      return 'it names an inviter who never sat';
    const earlier = this.#seats.get(String(leaf.earlier));
    if (leaf.earlier !== undefined && (earlier === undefined || earlier.removed))
      return 'it follows from a seat that nobody holds';
    if (leaf.via === 'recovery' && earlier === undefined) return 'it gives back a seat that nobody held';
    const late = this.#earliest(leaf);
    if (String(grantsFrom) < late) return 'its holder could sign agreements too early';
    const byMail = leaf.method === 'mail-totp';
    if (byMail && (leaf.key !== '' || leaf.credential !== '')) return 'its holder has a key that nobody made';
    if (leaf.amr !== (byMail ? mailAmr.join(' ') : undefined))
      return 'it does not say how its holder is known';
    const role = leaf.role as ControllerRole;
    const method = leaf.method as Seat['method'];
    const first = earlier?.first ?? id;
    const replaces = leaf.via === 'recovery' || (invitation !== undefined && leaf.by === 'client');
    const person = earlier?.person ?? String(leaf.actor ?? id);
    const told = { id, role, method, publicKey: String(leaf.key), person, removed: false, first, replaces };
    this.#seats.set(id, { ...told, grantsFrom: String(grantsFrom) });
    return undefined;
  }

  /** From when on a new seat may sign at the earliest, RFC 3339; '': at once. */
  #earliest(leaf: LeafFields): string {
    const earlier = this.#seats.get(String(leaf.earlier));
    const inTwoDays = new Date(Date.parse(String(leaf.at)) + quarantine).toISOString();
    if (leaf.via === 'recovery') return inTwoDays;
    if (earlier !== undefined) return earlier.grantsFrom;
    const sat = [...this.#seats.values()].some(({ role }) => role === 'representative');
    if (leaf.by !== 'provider' || !sat) return '';
    return inTwoDays;
  }

  nominated(leaf: LeafFields): string | undefined {
    const { by, inviter } = leaf;
    const seat = this.#seats.get(String(inviter));
    if (by === 'client' && (seat === undefined || seat.removed || seat.role !== 'representative'))
      return 'it is no seated representative who invites';
    if (by === 'client' && String(leaf.at) < (seat?.grantsFrom ?? ''))
      return 'whoever invites could not sign yet';
    this.#invitations.add(String(leaf.id));
    return undefined;
  }

  removed(leaf: LeafFields): string | undefined {
    const seat = this.#seats.get(String(leaf.seat));
    if (seat === undefined || seat.removed) return 'it removes a seat that nobody holds';
    const remover = this.#seats.get(String(leaf.remover));
    if (leaf.by !== 'client' && leaf.by !== 'successor') return 'nobody who could removes it';
    if (leaf.by === 'client' && remover?.role !== 'representative')
      return 'it is no representative who removes';
    if (leaf.by === 'client' && String(leaf.at) < (remover?.grantsFrom ?? ''))
      return 'whoever removes could not sign yet';
    if (leaf.by === 'successor') {
      const successor = this.#seats.get(String(leaf.successor));
      if (successor?.replaces !== true || successor.removed || successor === seat)
        return 'it is replaced by a seat that nobody holds';
    }
    seat.removed = true;
    return undefined;
  }

  /** Another representative, who may sign, stands by a seat that may not yet. */
  confirmed(leaf: LeafFields): string | undefined {
    const seat = this.#seats.get(String(leaf.seat));
    const confirmer = this.#seats.get(String(leaf.confirmer));
    if (seat === undefined || seat.removed) return 'it confirms a seat that nobody holds';
    if (confirmer === undefined || confirmer.removed || confirmer.role !== 'representative')
      return 'it is no seated representative who confirms';
    if (confirmer.first === seat.first || confirmer.person === seat.person)
      return 'somebody confirms themselves';
    if (String(leaf.at) < confirmer.grantsFrom) return 'whoever confirms could not sign yet';
    seat.grantsFrom = '';
    return undefined;
  }

  /** A line about a seat that somebody holds. */
  held(leaf: LeafFields): string | undefined {
    const seat = this.#seats.get(String(leaf.seat));
    return seat === undefined || seat.removed ? 'it is about a seat that nobody holds' : undefined;
  }
}
