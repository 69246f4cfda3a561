/**
 * What a change of policy means for what is open and running: asked of `decide` itself, so that nothing goes on that
 * could not begin now, and nothing ends that could. Pure.
 */
import { decide } from './decide.ts';
import type { Grant, Opening, Operation, Snapshot, System } from './model.ts';

/** One running exchange, as it was decided when it began. */
export interface RunningAs {
  readonly system: string;
  readonly operation: Operation;
  readonly method: string;
  readonly template: string;
}

const operations: readonly Operation[] = ['read', 'write', 'copy'];

/**
 * Whether an opening still permits anything on one of its systems, each of which still leads where it led when the
 * technician declared.
 */
export function stillQualifies(
  before: Snapshot,
  now: Snapshot,
  opening: Opening,
  grant: Grant | undefined,
  at: number,
): boolean {
  if (!opening.systems.every((system) => leadsTheSame(before, now, opening.client, system))) return false;
  return opening.systems.some((system) =>
    operations.some(
      (operation) =>
        runsUntil(now, opening, grant, { system, operation, method: 'GET', template: '/' }, at) !== undefined,
    ),
  );
}

/** Until when a running exchange may go on as far as time alone can tell; undefined: it may not. */
export function runsUntil(
  snapshot: Snapshot,
  opening: Opening,
  grant: Grant | undefined,
  running: RunningAs,
  at: number,
): number | undefined {
  const { authentication, client } = opening;
  const { system, operation, method, template } = running;
  const question = { client, system, opening, grant, authentication, operation, method, template };
  const decision = decide(snapshot, question, at);
  return decision.effect === 'allow' ? decision.until : undefined;
}

/** Unknown before means nothing was reached there; gone now means nothing is. The decision judges both. */
function leadsTheSame(before: Snapshot, now: Snapshot, client: string, id: string): boolean {
  const old = before.clients.get(client)?.systems.get(id);
  const next = now.clients.get(client)?.systems.get(id);
  return old === undefined || next === undefined || old === next || isSameTarget(old, next);
}

function isSameTarget({ upstream: a }: System, { upstream: b }: System): boolean {
  return a.origin === b.origin && a.serverName === b.serverName && a.ca === b.ca && a.host === b.host;
}
