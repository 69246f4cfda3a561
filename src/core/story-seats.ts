/**
 * Who sits for a client, as the lines of its log tell it: who was invited, by whom, whose signature counts and from when on,
 * and who was removed. Pure; it knows only what the lines before have said.
 */
import type { Seat } from './commands.ts';
import type { LeafFields } from './entries.ts';
import { quarantine } from './invitation.ts';
import type { ControllerRole } from './model.ts';

export type SeatTold = Pick<Seat, 'id' | 'role' | 'method' | 'publicKey'> & {
  removed: boolean;
  /** Stands for the same person on each of their seats, as far as lines tell. */
  readonly person: string;
  /** RFC 3339; '': at once. */
  readonly grantsFrom: string;
  /** The first seat of the same person, of which this one is a further passkey; its own id: none. */
  readonly first: string;
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
    const late = this.#earliest(leaf);
    if (String(grantsFrom) < late) return 'its holder could sign agreements too early';
    const role = leaf.role as ControllerRole;
    const method = leaf.method as Seat['method'];
    const first = this.#seats.get(String(leaf.earlier))?.first ?? id;
    const person = this.#seats.get(String(leaf.earlier))?.person ?? String(leaf.actor ?? id);
    const told = { id, role, method, publicKey: String(leaf.key), person, removed: false };
    this.#seats.set(id, { ...told, grantsFrom: String(grantsFrom), first });
    return undefined;
  }

  /** From when on a new seat may sign at the earliest, RFC 3339; '': at once. */
  #earliest(leaf: LeafFields): string {
    const earlier = this.#seats.get(String(leaf.earlier));
    if (earlier !== undefined) return earlier.grantsFrom;
    const sat = [...this.#seats.values()].some(({ role }) => role === 'representative');
    if (leaf.by !== 'provider' || !sat) return '';
    return new Date(Date.parse(String(leaf.at)) + quarantine).toISOString();
  }

  nominated(leaf: LeafFields): string | undefined {
    const { by, inviter } = leaf;
    const seat = this.#seats.get(String(inviter));
    if (by === 'client' && (seat === undefined || seat.removed || seat.role !== 'representative'))
      return 'it is no seated representative who invites';
    this.#invitations.add(String(leaf.id));
    return undefined;
  }

  removed(leaf: LeafFields): string | undefined {
    const seat = this.#seats.get(String(leaf.seat));
    if (seat === undefined || seat.removed) return 'it removes a seat that nobody holds';
    const remover = this.#seats.get(String(leaf.remover));
    if (leaf.by === 'client' && remover?.role !== 'representative')
      return 'it is no representative who removes';
    seat.removed = true;
    return undefined;
  }
}
