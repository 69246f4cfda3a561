/**
 * Carries a change of policy, or of the client's own instructions, over to what is open and running: ends the openings that no longer qualify and no others,
 * cuts what runs in the rest and could not begin now, and brings ends nearer that the new policy sets.
 */
import type { EndCause, Grant, Opening, Snapshot } from '../core/model.ts';
import type { Authority, Clock, Cutters } from '../core/ports.ts';
import { runsUntil, stillQualifies } from '../core/requalify.ts';

export interface CutPorts {
  readonly authority: Pick<Authority, 'end'> & {
    live(): readonly { readonly opening: Opening; readonly grant: Grant | undefined }[];
  };
  readonly cutters: Pick<Cutters, 'cut' | 'running'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Cuts before anything else runs. Resolves with how many openings ended, once that is recorded or owed. */
export async function cutByPolicy(
  before: Snapshot,
  now: Snapshot,
  ports: CutPorts,
  cause: EndCause = 'policy',
): Promise<number> {
  const at = ports.clock.now();
  const ending: Promise<unknown>[] = [];
  for (const { opening, grant } of ports.authority.live()) {
    if (stillQualifies(before, now, opening, grant, at))
      requalifyRunning(now, opening, grant, at, ports, cause);
    else ending.push(ports.authority.end({ client: opening.client, opening: opening.id }, cause, undefined));
  }
  return (await Promise.all(ending)).length;
}

function requalifyRunning(
  now: Snapshot,
  opening: Opening,
  grant: Grant | undefined,
  at: number,
  { cutters }: CutPorts,
  cause: EndCause,
): void {
  for (const exchange of cutters.running(opening.client)) {
    if (exchange.opening !== opening.id) continue;
    const until = runsUntil(now, opening, grant, exchange, at);
    if (until === undefined)
      cutters.cut({ opening: opening.id, exchange: exchange.id }, `terminated:${cause}`);
    // A transfer may outlive its opening's own end, never an end that the policy sets.
    else if (until < opening.endsAt) exchange.until = Math.min(exchange.until, until);
  }
}
