/**
 * The part of the story that tells of connections: made and ended by somebody seated, used first once, and named by what
 * was done through them only while they live and by whose they are. Pure.
 */
import type { LeafFields } from './entries.ts';
import { isTime } from './story-lines.ts';
import type { SeatsTold } from './story-seats.ts';

interface Told {
  readonly seat: string;
  readonly expires: string;
  used: boolean;
  ended: boolean;
}

export class ConnectionStory {
  readonly #connections = new Map<string, Told>();
  readonly #seats: SeatsTold;

  constructor(seats: SeatsTold) {
    this.#seats = seats;
  }

  /** Takes every line; those that name no connection say nothing here. */
  line(leaf: LeafFields): string | undefined {
    if (leaf.connection === undefined) return undefined;
    if (leaf.t === 'connection.created') return this.#created(leaf);
    const found = this.#connections.get(String(leaf.connection));
    if (found === undefined) return 'it names a connection that was never made';
    if (leaf.t === 'connection.revoked') return this.#revoked(found, leaf);
    if (found.ended || String(leaf.at) >= found.expires) return 'its connection had ended';
    if (this.#seats.get(found.seat)?.removed !== false) return 'its connection is of nobody seated';
    if (leaf.t === 'connection.used') {
      if (found.used) return 'its connection had been used before';
      found.used = true;
      return undefined;
    }
    return leaf.seat === found.seat ? undefined : 'its connection is of somebody else';
  }

  #created(leaf: LeafFields): string | undefined {
    const id = String(leaf.connection);
    if (this.#connections.has(id)) return 'the connection was made already';
    const seat = String(leaf.seat);
    if (this.#seats.get(seat)?.removed !== false) return 'the connection is made by nobody seated';
    const expires = String(leaf.expires);
    if (!isTime(expires) || expires <= String(leaf.at)) return 'the connection ends before it begins';
    this.#connections.set(id, { seat, expires, used: false, ended: false });
    return undefined;
  }

  #revoked(found: Told, leaf: LeafFields): string | undefined {
    if (found.ended) return 'its connection had ended already';
    const by = this.#seats.get(String(leaf.seat));
    if (by?.removed !== false || (by.role !== 'representative' && by.id !== found.seat))
      return 'its connection is ended by somebody who may not';
    found.ended = true;
    return undefined;
  }
}
