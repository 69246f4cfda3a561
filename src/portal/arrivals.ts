/**
 * Who arrived for a client in a way that all its people should know of: enrolled late by the provider, or come back with a
 * recovery code. Stands on every page of a person until they say that they have seen it.
 */
import type { Arrival } from '../core/commands.ts';
import { Fault } from '../core/faults.ts';
import type { Who } from '../core/model.ts';
import type { Authority } from '../core/ports.ts';
import { seatsOf } from './own-seats.ts';

export interface Arrived {
  readonly name: string;
  readonly how: Arrival;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What this person has not seen. Nothing when what is in force cannot be read: pages that stop must work all the same. */
export async function arrivalsFor(authority: Authority, who: Who): Promise<readonly Arrived[]> {
  if (who.kind !== 'controller') return [];
  const { controller } = who;
  try {
    const inForce = await authority.client(controller.client);
    const mine = seatsOf(inForce, controller);
    const [first] = mine;
    if (first === undefined) return [];
    // Whoever came back had sat before: what they had not seen then is not known, so everything is told once.
    const sitsSince = first.arrival === 'recovery' ? 0 : first.seatedAt;
    const seen = Math.max(sitsSince, ...mine.map(({ seenAt = 0 }) => seenAt));
    return inForce.seats
      .filter((seat) => seat.controller !== controller.id && seat.seatedAt > seen)
      .flatMap(({ name, arrival, seatedAt }) =>
        arrival === undefined ? [] : [{ name, how: arrival, at: seatedAt }],
      );
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return [];
  }
}
