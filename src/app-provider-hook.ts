/**
 * Works out what the provider's own webhook is told of every client: what is owed of copies, and runs of robots that did not
 * come. It is one address of the operator's, from the settings; messages go through the same queue as those of clients.
 */
import { createHash } from 'node:crypto';
import { linesSince } from './app-back.ts';
import { hookMessages } from './core/hook-events.ts';
import { type Hook, type HookQueue, type HookTarget, providerEvents } from './core/hooks.ts';
import type { Client } from './core/model.ts';
import type { Archive, Clock, Policies } from './core/ports.ts';

export interface ProviderHook {
  /** Another address begins anew, also where the one before was given up. */
  readonly id: string;
  readonly target: HookTarget;
}

export interface ProviderHookDeps {
  readonly policies: Policies;
  readonly archive: Pick<Archive, 'lines' | 'copyDeadlines'>;
  readonly queue: HookQueue;
  readonly clock: Clock;
  readonly portalUrl: URL;
}

/** Undefined: the settings name none. */
export function providerHook(
  address: string | undefined,
  secret: string | undefined,
): ProviderHook | undefined {
  if (address === undefined || secret === undefined) return undefined;
  const mark = createHash('sha256').update(address).digest('base64url').slice(0, 16);
  return { id: `provider-${mark}`, target: { client: '', address, secret } };
}

/** What is older is not told any more. */
const recently = 24 * 3_600_000;
/** Looked at once more each time: what was on its way into the log. */
const overlap = 60_000;

interface Told {
  readonly size: number;
  readonly at: number;
  /** When a copy passes its next deadline. */
  readonly next: number;
}

/** A function that looks once at each client whose log grew, or of whom a copy passed a deadline. `sizes`: of their logs. */
export function lookForProvider(
  deps: ProviderHookDeps,
  { id }: ProviderHook,
): (sizes: ReadonlyMap<string, number>) => Promise<void> {
  const told = new Map<string, Told>();

  async function tell(client: Client, before: Told | undefined, now: number): Promise<number> {
    const { archive, queue, portalUrl } = deps;
    const since = now - recently;
    const { passed, next } = await archive.copyDeadlines(client.id, since, now);
    const missed = await linesSince(
      archive,
      { client: client.id, kinds: ['robot.missed'], disclose: [] },
      Math.max(since, (before?.at ?? since) - overlap),
    );
    const hook: Hook = {
      ...{ id, client: client.id, seat: '', events: providerEvents, origin: '' },
      ...{ addedAt: 0, removedAt: undefined },
    };
    const nothing = { requests: [], proposals: [], people: [], stories: [], sessions: [], endings: [] };
    const addressOf = (path: string): string => new URL(path, portalUrl).href;
    const state = { client, ...nothing, copies: passed, missed, now, addressOf, provider: true };
    const messages = hookMessages([hook], state, since);
    if (messages.length > 0) await queue.offerHooks(messages, now);
    return next ?? Number.POSITIVE_INFINITY;
  }

  return async (sizes) => {
    for (const client of deps.policies.current().clients.values()) {
      const size = sizes.get(client.id);
      const now = deps.clock.now();
      const before = told.get(client.id);
      if (size === undefined || (before?.size === size && now < before.next)) continue;
      const next = await tell(client, before, now);
      told.set(client.id, { size, at: now, next });
    }
  };
}
