/**
 * Works out what clients' webhooks are to be told, keeps it, and sends it. Whether a hook still lives is asked again for each
 * message, so one that was removed gets nothing more; a hook that is slow holds up itself alone.
 */
import { hookMessages } from './core/hook-events.ts';
import type { Hook, HookMessage, HookQueue } from './core/hooks.ts';
import type { Client } from './core/model.ts';
import type { Archive, Authority, Clock, History, Policies } from './core/ports.ts';
import type { Log } from './log.ts';
import { under } from './portal/client-address.ts';
import type { HookSender } from './portal/hook-sender.ts';

export interface HooksDeps {
  readonly policies: Policies;
  readonly authority: Authority;
  readonly archive: Archive;
  readonly history: History;
  readonly queue: HookQueue;
  readonly send: HookSender;
  readonly clock: Clock;
  readonly log: Log;
  readonly portalUrl: URL;
  readonly evaluation: boolean;
}

export interface Hooks {
  /** Looks once, and sends what is due. Never throws; what could not be read or sent is tried again. */
  look(): Promise<void>;
  /** Ends what is on its way; it is sent again by the next run, under the same id. */
  stop(): Promise<void>;
}

const interval = 5_000;
/** What is older is not told any more. */
const recently = 24 * 3_600_000;
/** Of the first look, which follows an outage, and of each further one. */
const mostLines = { first: 1_000, later: 200 } as const;
const mostStories = 200;
const peopleKinds = ['controller.nominated', 'controller.seated', 'controller.removed'] as const;
const sessionKinds = ['session.opened', 'session.closed'] as const;

/** Lines of each client's log when it was last looked at. A log that grew is looked at twice: the count follows behind. */
type Seen = Map<string, { readonly size: number; readonly again: boolean }>;

export function startHooks(deps: HooksDeps): Hooks {
  const seen: Seen = new Map();
  const stopping = new AbortController();
  let looking: Promise<void> | undefined;
  const look = (): Promise<void> => {
    looking ??= once(deps, seen, stopping.signal)
      .catch((error: unknown) => {
        if (!stopping.signal.aborted) deps.log.warn('hooks_not_looked_at', { error });
      })
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };
  const timer = setInterval(() => void look(), interval);
  timer.unref();
  return {
    look,
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await looking;
    },
  };
}

async function once(deps: HooksDeps, seen: Seen, signal: AbortSignal): Promise<void> {
  const live = await deps.archive.liveHooks();
  await deps.queue.keepHooks(live.map(({ id }) => id));
  if (live.length === 0) return;
  const sizes = await deps.archive.sizes();
  const { clients } = deps.policies.current();
  for (const [id, hooks] of Map.groupBy(live, ({ client }) => client)) {
    const client = clients.get(id);
    const size = sizes.get(id) ?? 0;
    const before = seen.get(id);
    if (client === undefined || (before?.size === size && !before.again)) continue;
    const busy = await tell(deps, client, hooks, before === undefined ? mostLines.first : mostLines.later);
    seen.set(id, { size, again: busy || before?.size !== size });
  }
  await sendDue(deps, signal);
}

/** Answers whether accesses are open, in which something may still happen. */
async function tell(
  deps: HooksDeps,
  client: Client,
  hooks: readonly Hook[],
  limit: number,
): Promise<boolean> {
  const { archive, authority, history, queue, portalUrl } = deps;
  const now = deps.clock.now();
  const since = now - recently;
  const { openings } = await authority.client(client.id);
  const page = await history.page({ client: client.id, from: since, terms: [], limit: mostStories });
  const messages = hookMessages(
    hooks,
    {
      client,
      requests: await archive.requests(client.id),
      proposals: await archive.proposals(client.id),
      people: await archive.lines({ client: client.id, kinds: peopleKinds, limit: 50, disclose: [] }),
      sessions: await archive.lines({
        ...{ client: client.id, kinds: sessionKinds, limit },
        disclose: ['work'],
      }),
      stories: page.stories,
      now,
      addressOf: (path) => new URL(under(client.id, path), portalUrl).href,
    },
    since,
  );
  if (messages.length > 0) await queue.offerHooks(messages, now);
  return openings.size > 0;
}

async function sendDue(deps: HooksDeps, signal: AbortSignal): Promise<void> {
  for (;;) {
    const due = await deps.queue.dueHooks(deps.clock.now());
    if (due.length === 0 || signal.aborted) return;
    const lanes = [...Map.groupBy(due, ({ hook }) => hook).values()];
    await Promise.all(lanes.map((lane) => sendLane(deps, lane, signal)));
  }
}

/** One after the other; after one that was not taken the queue holds the others back. */
async function sendLane(deps: HooksDeps, lane: readonly HookMessage[], signal: AbortSignal): Promise<void> {
  const { archive, queue, policies, clock, log, evaluation } = deps;
  for (const message of lane) {
    if (signal.aborted) return;
    const target = await archive.hookTarget(message.hook);
    const client = policies.current().clients.get(message.client);
    if (target === undefined || client === undefined) {
      await queue.noteHook(message.id, { fault: 'address', gone: target === undefined }, clock.now());
      return;
    }
    const reach = { evaluation, private: client.privateHooks === true };
    const outcome = await deps.send({ target, message, reach, now: clock.now(), signal });
    if (signal.aborted) return;
    await queue.noteHook(message.id, outcome, clock.now());
    if ('ok' in outcome) continue;
    // The client's page does not tell an address that is not let pass from a server that is silent.
    log.warn('hook_not_taken', { client: client.id, hook: message.hook, fault: outcome.fault });
    return;
  }
}
