/** A refusal to somebody who is known: counted with their access, and a line in its client's log. */
import type { Opening } from '../core/model.ts';
import type { Classified, Criterion } from '../core/question.ts';
import type { Reason } from '../core/reasons.ts';
import type { Arrival } from './arrive.ts';
import type { Registry } from './cutters.ts';
import { limits } from './limits.ts';
import type { Refusals } from './refusals.ts';

export interface RefuseDeps {
  readonly registry: Registry;
  readonly refusals: Refusals;
}

/** What more is known of what was refused. */
export interface Refused {
  readonly classified?: Classified | undefined;
  readonly criteria?: readonly Criterion[];
}

/** Resolves when the line is durable, at once for a repetition; never throws. */
export async function refuse(
  arrival: Arrival,
  opening: Opening,
  reason: Reason,
  deps: RefuseDeps,
  { classified, criteria = [] }: Refused = {},
): Promise<{ readonly kind: 'refused'; readonly reason: Reason }> {
  const over = reason === 'tool_ended' || opening.endedAt !== undefined;
  // What has ended is counted no more.
  if (!over) deps.registry.refused(opening.id);
  await deps.refusals.tell({
    opening,
    // One client's log names no system of another.
    system: opening.client === arrival.system.client ? arrival.system.id : '',
    method: arrival.method,
    operation: classified?.operation ?? '',
    template: classified?.template ?? '*',
    reason,
    criteria,
    policy: arrival.snapshot.clients.get(opening.client)?.sliceHash ?? '',
    ...(over ? { window: limits.endedWindow } : {}),
  });
  return { kind: 'refused', reason };
}
