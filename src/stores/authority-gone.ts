/** What another process ended: cut here when a reading shows it. */
import type { Cutters } from '../core/ports.ts';
import type { Held } from './held.ts';

/** Cuts what is in force no longer. `ended` learns of the openings, so that a late reading does not bring them back. */
export function cutGone(before: Held, now: Held, ended: Set<string>, cutters: Cutters): void {
  for (const opening of before.openings.values()) {
    if (now.openings.has(opening.id)) continue;
    ended.add(opening.id);
    cutters.cut({ opening: opening.id }, 'terminated:stopped');
    cutters.forget(opening.id);
  }
  for (const grant of before.grants.values()) {
    const { status = 'revoked', spentUntil = grant.spentUntil } = now.grants.get(grant.id) ?? {};
    const why = status !== 'active' ? status : spentUntil === grant.spentUntil ? undefined : 'budget';
    if (why !== undefined) cutters.cut({ client: grant.client, grant: grant.id }, `terminated:${why}`);
  }
}
