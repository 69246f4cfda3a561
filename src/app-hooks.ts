/**
 * Works out what clients' webhooks are to be told, keeps it, and sends it. Whether a hook still lives is asked again for each
 * message, so one that was removed gets nothing more. Each hook is sent to by a loop of its own, and looking waits for none
 * of them: one that is slow holds up itself alone.
 */

import { linesSince, storiesSince, writtenAt } from './app-back.ts';
import { lookForProvider, type ProviderHook } from './app-provider-hook.ts';
import { endingKinds } from './core/ending.ts';
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
  /** The provider's own, told of every client; left out: there is none. */
  readonly provider?: ProviderHook | undefined;
}

export interface Hooks {
  /** Looks once, and begins to send what is due. Never throws; what could not be read or sent is tried again. */
  look(): Promise<void>;
  /** Resolves when nothing is on its way any more. */
  settled(): Promise<void>;
  /** Ends what is on its way; it is sent again by the next run, under the same id. */
  stop(): Promise<void>;
}

const interval = 5_000;
/** What is older is not told any more. */
const recently = 24 * 3_600_000;
/** Looked at once more each time: what was on its way into the log, or was not yet known of a new hook. */
const overlap = 60_000;
const peopleKinds = ['controller.nominated', 'controller.seated', 'controller.removed'] as const;
const sessionKinds = ['session.opened', 'session.closed'] as const;

/** How far a client's log was told. */
interface Told {
  /** Its lines when it was last looked at. A log that grew is looked at twice: the count follows behind. */
  readonly size: number;
  readonly again: boolean;
  /** Lines of accesses before this are told, epoch milliseconds. */
  readonly lines: number;
  /** Accesses begun before this are over, and told. */
  readonly stories: number;
  /** When a copy passes its next deadline, epoch milliseconds: it does so without any line. */
  readonly next: number;
}

export function startHooks(deps: HooksDeps): Hooks {
  const told = new Map<string, Told>();
  const forProvider = deps.provider && lookForProvider(deps, deps.provider);
  const lanes = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  const { signal } = stopping;
  const warn = (error: unknown): void => {
    if (!signal.aborted) deps.log.warn('hooks_not_looked_at', { error });
  };
  const send = async (): Promise<void> => {
    const due = signal.aborted ? [] : await deps.queue.dueHooks(deps.clock.now());
    for (const [hook, lane] of Map.groupBy(due, (message) => message.hook)) {
      if (signal.aborted || lanes.has(hook)) continue;
      const running = sendLane(deps, lane, signal)
        .catch(warn)
        .finally(() => lanes.delete(hook));
      lanes.set(hook, running);
    }
  };
  let looking: Promise<void> | undefined;
  const look = (): Promise<void> => {
    looking ??= once(deps, told, forProvider)
      .catch(warn)
      .then(send)
      .catch(warn)
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };
  const settled = async (): Promise<void> => {
    while (lanes.size > 0) await Promise.all(lanes.values());
  };
  const timer = setInterval(() => void look(), interval);
  timer.unref();
  return {
    look,
    settled,
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await looking;
      await settled();
    },
  };
}

async function once(
  deps: HooksDeps,
  told: Map<string, Told>,
  forProvider: ReturnType<typeof lookForProvider> | undefined,
): Promise<void> {
  const live = await deps.archive.liveHooks();
  const own = deps.provider === undefined ? [] : [deps.provider.id];
  await deps.queue.keepHooks([...live.map(({ id }) => id), ...own]);
  if (live.length === 0 && forProvider === undefined) return;
  const sizes = await deps.archive.sizes();
  try {
    await forProvider?.(sizes);
  } catch (error) {
    deps.log.warn('hooks_not_looked_at', { error });
  }
  const { clients } = deps.policies.current();
  for (const [id, hooks] of Map.groupBy(live, ({ client }) => client)) {
    const client = clients.get(id);
    const size = sizes.get(id) ?? 0;
    const before = told.get(id);
    const still = before?.size === size && !before.again && deps.clock.now() < before.next;
    if (client === undefined || still) continue;
    try {
      const { busy, ...upTo } = await tell(deps, client, hooks, before);
      told.set(id, { ...upTo, size, again: busy || before?.size !== size });
    } catch (error) {
      // It is looked at again from where it was told; the others do not wait for that.
      deps.log.warn('hooks_not_looked_at', { client: id, error });
    }
  }
}

/** Answers how far it told, and whether accesses are open, in which something may still happen. */
async function tell(
  deps: HooksDeps,
  client: Client,
  hooks: readonly Hook[],
  before: Told | undefined,
): Promise<Pick<Told, 'lines' | 'stories' | 'next'> & { readonly busy: boolean }> {
  const { archive, authority, history, queue, portalUrl } = deps;
  const now = deps.clock.now();
  const since = now - recently;
  const { openings } = await authority.client(client.id);
  const counted = await storiesSince(history, client.id, Math.max(since, before?.stories ?? since));
  const sessions = await linesSince(
    archive,
    { client: client.id, kinds: sessionKinds, disclose: ['work'] },
    Math.max(since, before?.lines ?? since),
  );
  const missed = await linesSince(
    archive,
    { client: client.id, kinds: ['robot.missed'], disclose: [] },
    Math.max(since, before?.lines ?? since),
  );
  const copies = await archive.copyDeadlines(client.id, since, now);
  const messages = hookMessages(
    hooks,
    {
      client,
      requests: await archive.requests(client.id),
      proposals: await archive.proposals(client.id),
      people: await archive.lines({ client: client.id, kinds: peopleKinds, limit: 50, disclose: [] }),
      endings: await archive.lines({ client: client.id, kinds: endingKinds, limit: 20, disclose: [] }),
      sessions,
      missed,
      copies: copies.passed,
      stories: counted.stories,
      now,
      addressOf: (path) => new URL(under(client.id, path), portalUrl).href,
    },
    since,
  );
  if (messages.length > 0) await queue.offerHooks(messages, now);
  const newest = sessions.at(-1);
  const lines = Math.min(now, newest === undefined ? now : writtenAt(newest)) - overlap;
  const running = Math.min(lines, ...[...openings.values()].map(({ openedAt }) => openedAt));
  const stories = counted.whole ? running : Math.min(running, before?.stories ?? since);
  return {
    lines,
    stories,
    next: copies.next ?? Number.POSITIVE_INFINITY,
    busy: openings.size > 0 || !counted.whole,
  };
}

/** One after the other, to the end; after one that was not taken the queue holds the others back. */
async function sendLane(deps: HooksDeps, first: readonly HookMessage[], signal: AbortSignal): Promise<void> {
  const { archive, queue, policies, clock, log, evaluation, provider } = deps;
  for (let lane = first; lane.length > 0; lane = await queue.dueHooks(clock.now(), lane[0]?.hook)) {
    for (const message of lane) {
      if (signal.aborted) return;
      const ours = message.hook === provider?.id;
      const target = ours ? provider?.target : await archive.hookTarget(message.hook);
      const client = policies.current().clients.get(message.client);
      if (target === undefined || client === undefined) {
        await queue.noteHook(message.id, { fault: 'address', gone: target === undefined }, clock.now());
        return;
      }
      // The operator chose its own address, which may be an inner one.
      const reach = { evaluation, private: ours || client.privateHooks === true };
      const outcome = await deps.send({ target, message, reach, now: clock.now(), signal });
      if (signal.aborted) return;
      await queue.noteHook(message.id, outcome, clock.now());
      if ('ok' in outcome) continue;
      // The client's page does not tell an address that is not let pass from a server that is silent.
      log.warn('hook_not_taken', { client: client.id, hook: message.hook, fault: outcome.fault });
      return;
    }
  }
}
