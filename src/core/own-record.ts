/**
 * What somebody opened in a period, and what they could have opened and did not: said of oneself, to have when one is asked.
 * Pure; the days are those of the zone in which it was asked for.
 */
import type { Opening } from './model.ts';

/** A system that somebody is assigned to. */
export interface Assigned {
  readonly client: string;
  readonly system: string;
}

export interface OwnRecord {
  readonly format: 'consentry own record 1';
  readonly provider: string;
  readonly person: { readonly id: string; readonly name: string };
  /** RFC 3339, UTC. */
  readonly made: string;
  readonly from: string;
  /** Up to here and not including it. */
  readonly until: string;
  /** False: there are more accesses than are listed, so nothing is said not to have been opened. */
  readonly complete: boolean;
  /** Oldest first. */
  readonly opened: readonly {
    readonly access: string;
    readonly client: string;
    readonly systems: readonly string[];
    readonly purpose: string;
    readonly reference: string;
    readonly opened: string;
    /** Its declared end while it runs. */
    readonly ended: string;
    /** How it ended; empty while it runs. */
    readonly cause: string;
  }[];
  /** Assigned when this was made, and part of no access in the period. */
  readonly not_opened: readonly Assigned[];
}

export interface RecordAsked {
  readonly provider: string;
  readonly person: { readonly id: string; readonly name: string };
  readonly now: number;
  /** Epoch milliseconds; `until` is not included. */
  readonly from: number;
  readonly until: number;
  /** Of this person, in any order, at most `most`. */
  readonly openings: readonly Opening[];
  readonly most: number;
  readonly assigned: readonly Assigned[];
}

/** Everything that was open at some time in the period counts as opened, also when it was declared before. */
export function ownRecord(asked: RecordAsked): OwnRecord {
  const { from, until, now, openings } = asked;
  const endOf = (one: Opening) => one.endedAt ?? one.endsAt;
  const within = openings.filter((one) => one.openedAt < until && endOf(one) >= from);
  // The list is of the newest: what is older than all of them was not looked at.
  const oldest = Math.min(...openings.map(({ openedAt }) => openedAt));
  const complete = openings.length < asked.most || oldest < from;
  const used = new Set(within.flatMap(({ client, systems }) => systems.map((id) => `${client}/${id}`)));
  return {
    format: 'consentry own record 1',
    provider: asked.provider,
    person: asked.person,
    made: iso(now),
    from: iso(from),
    until: iso(until),
    complete,
    opened: within
      .toSorted((a, b) => a.openedAt - b.openedAt)
      .map((one) => ({
        access: one.id,
        client: one.client,
        systems: one.systems,
        purpose: one.purpose,
        reference: one.reference,
        opened: iso(one.openedAt),
        ended: iso(endOf(one)),
        cause: one.endCause ?? (endOf(one) <= now ? 'expired' : ''),
      })),
    not_opened: complete
      ? asked.assigned.filter(({ client, system }) => !used.has(`${client}/${system}`))
      : [],
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
