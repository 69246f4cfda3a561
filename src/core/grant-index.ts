/**
 * A client's agreements by system and purpose, so that looking for the one that serves does not ask all of them. Pure;
 * what a decision answers never depends on it: what is left out could not serve.
 */
import type { Grant } from './model.ts';

export interface GrantIndex {
  /**
   * Those worth asking about a system and a purpose: the live ones that name both; without any, the newest that do,
   * for the reason why none serves; without those, one that names something else.
   */
  candidates(system: string, purpose: string, now: number): readonly Grant[];
}

/** Of agreements that are over, so many are enough to say why. */
const mostOver = 8;

/** Reads a client's agreements once; those of other clients are left out. */
export function indexGrants(client: string, grants: Iterable<Grant>): GrantIndex {
  const systems = new Map<string, Map<string, Grant[]>>();
  let other: Grant | undefined;
  for (const grant of grants) {
    if (grant.client !== client) continue;
    if (other === undefined || (other.status !== 'active' && grant.status === 'active')) other = grant;
    for (const system of grant.systems) {
      const purposes = systems.get(system) ?? new Map<string, Grant[]>();
      systems.set(system, purposes);
      for (const purpose of grant.purposes) {
        const found = purposes.get(purpose);
        if (found === undefined) purposes.set(purpose, [grant]);
        else found.push(grant);
      }
    }
  }
  return {
    candidates(system, purpose, now) {
      const named = systems.get(system)?.get(purpose) ?? [];
      const live = named.filter((grant) => isLive(grant, now));
      if (live.length > 0) return live;
      if (named.length > 0) return newest(named);
      return other === undefined ? [] : [other];
    },
  };
}

function isLive(grant: Grant, now: number): boolean {
  return grant.status === 'active' && now >= grant.from && now < grant.until;
}

function newest(grants: readonly Grant[]): readonly Grant[] {
  if (grants.length <= mostOver) return grants;
  return grants.toSorted((a, b) => b.until - a.until).slice(0, mostOver);
}
