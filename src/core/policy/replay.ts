/**
 * Asks a policy about accesses that were recorded: would it have permitted this one, at that moment, under the agreement
 * that it was made under? Pure.
 */
import { classify } from '../classify.ts';
import { decide } from '../decide.ts';
import type { Grant, Opening, Operation, Snapshot } from '../model.ts';
import { parseTarget } from '../paths.ts';
import type { Reason } from '../reasons.ts';

/** One exchange as the log tells it. */
export interface RecordedAccess {
  readonly opening: Opening;
  readonly grant: Grant | undefined;
  readonly system: string;
  readonly operation: Operation;
  readonly method: string;
  /** The stored path: a route's template, perhaps with names of query keys. */
  readonly template: string;
  /** Whether the browser asked for a socket. */
  readonly socket: boolean;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** `allow`, or the reason for which this policy would have refused. */
export function replay(snapshot: Snapshot, access: RecordedAccess): 'allow' | Reason {
  const { opening, system, method, template, at } = access;
  const question = {
    client: opening.client,
    system,
    opening: { ...opening, endedAt: undefined, endCause: undefined },
    // It was in force then, whatever became of it.
    grant: access.grant === undefined ? undefined : { ...access.grant, status: 'active' as const },
    authentication: opening.authentication,
    operation: operationNow(snapshot, access),
    method,
    template,
  };
  const decision = decide(snapshot, question, at);
  return decision.effect === 'allow' ? 'allow' : decision.reason;
}

/**
 * What the request would be under this policy's profile. Only told anew where the stored template leads to the same
 * route again and no body would have to be looked at; else it stays what it was.
 */
function operationNow(snapshot: Snapshot, access: RecordedAccess): Operation {
  const system = snapshot.clients.get(access.opening.client)?.systems.get(access.system);
  const path = access.template.split('?', 1)[0] ?? '';
  const target = parseTarget(path);
  if (system === undefined || 'refuse' in target) return access.operation;
  const hints = {
    upgrade: access.socket,
    dest: undefined,
    accept: undefined,
    body: access.method !== 'GET',
    type: undefined,
  };
  const classified = classify(system.profile, access.method, target, hints);
  if ('refuse' in classified || classified.peek !== undefined) return access.operation;
  return classified.template.split('?', 1)[0] === path ? classified.operation : access.operation;
}
