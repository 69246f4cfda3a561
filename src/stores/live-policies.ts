/**
 * The policy in force. A change of the folder is loaded, recorded in the log of each client that it touches, and only
 * then takes effect, with one swap of one reference. Whatever fails on the way leaves the policy in force as it is,
 * says so, and is tried again when the folder changes, or in a while when it was the log that failed.
 */
import { approverFinding } from '../core/absence.ts';
import type { Snapshot } from '../core/model.ts';
import type { PolicyFault } from '../core/policy/faults.ts';
import type { Clock, Policies, PolicyState } from '../core/ports.ts';
import type { Log } from '../log.ts';
import type { PolicyLoader } from './policy-loader.ts';
import type { LoadedPolicy } from './policy-teller.ts';

export interface LivePolicies extends Policies {
  /** Loads the folder now. Resolves when what is there is in force, or was found wanting; never rejects. */
  reload(): Promise<void>;
  /** How the last reading of the folder ended. */
  state(): PolicyState;
  /** For metrics. */
  numbers(): Readonly<Record<string, number>>;
  /** Listens to the folder no more and waits for a reload that is under way. */
  close(): Promise<void>;
}

export interface LivePoliciesOptions {
  /** In force from the beginning; its activation is the caller's. */
  readonly first: Snapshot;
  /** Left out: the first policy stays. */
  readonly loader: PolicyLoader | undefined;
  /** Records what `next` changes. Durable when it resolves; when it rejects, `next` does not take effect. */
  readonly activate: (next: LoadedPolicy) => Promise<void>;
  /** Called right after the swap, before anything else runs. */
  readonly swapped: (before: Snapshot, now: Snapshot) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Milliseconds until a reload is tried again that failed for another reason than the folder. */
const retryPause = 5_000;
/** Faults told in the operator's log; `policy check` tells all, with words. */
const mostFaults = 20;

export function createLivePolicies(options: LivePoliciesOptions): LivePolicies {
  const { loader, clock, log } = options;
  let current = options.first;
  let since = clock.monotonic();
  let running: Promise<void> | undefined;
  let again = false;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;
  let last: PolicyState = { readAt: clock.now(), faults: [], unread: false };
  const counts = { reloads: 0, failures: 0, faults: 0 };

  function failed(faults: readonly PolicyFault[]): void {
    counts.failures += 1;
    last = { readAt: clock.now(), faults: faults.slice(0, mostFaults), unread: faults.length === 0 };
    counts.faults = Math.max(1, faults.length);
    log.error('policy_reload_failed', { count: faults.length });
    for (const { file, line, column } of faults.slice(0, mostFaults))
      log.error('policy_fault', { file, line, column });
  }

  /** A day that is over takes nothing down: it is said here, and is a fault for `policy check` and `rollout`. */
  function singleApprovers(): readonly string[] {
    const now = clock.now();
    return [...current.clients.values()]
      .filter((client) => approverFinding(client, now)?.verdict === 'fault')
      .map(({ id }) => id);
  }

  function warn(): void {
    for (const client of singleApprovers().slice(0, mostFaults))
      log.warn('fewer than two approvers', { client });
  }

  async function attempt(from: PolicyLoader): Promise<void> {
    const started = clock.monotonic();
    const loaded = await from.load();
    if (closed) return;
    if ('faults' in loaded) return failed(loaded.faults);
    const { snapshot } = loaded;
    if (snapshot.hash !== current.hash) {
      try {
        await options.activate(loaded);
      } catch (error) {
        failed([]);
        log.error('policy_not_recorded', { error });
        retry = setTimeout(() => void reload(), retryPause);
        return;
      }
      const before = current;
      current = snapshot;
      since = clock.monotonic();
      options.swapped(before, snapshot);
    }
    counts.reloads += 1;
    counts.faults = 0;
    last = { readAt: clock.now(), faults: [], unread: false };
    warn();
    log.info('policy_reloaded', { hash: snapshot.hash, ms: Math.round(clock.monotonic() - started) });
  }

  /** One at a time; a change during a reload makes another one follow it. */
  async function reload(): Promise<void> {
    if (loader === undefined || closed) return;
    clearTimeout(retry);
    again = true;
    running ??= (async () => {
      try {
        while (again && !closed) {
          again = false;
          await attempt(loader);
        }
      } catch (error) {
        failed([]);
        log.error('policy_reload_failed', { error });
      } finally {
        running = undefined;
      }
    })();
    return running;
  }

  loader?.onChange(() => void reload());
  warn();
  return {
    current: () => current,
    reload,
    state: () => last,
    numbers: () => ({
      policy_reloads: counts.reloads,
      policy_reload_failures: counts.failures,
      /** Not 0: what is in the folder is not what is in force. */
      policy_faults: counts.faults,
      policy_age_seconds: Math.round((clock.monotonic() - since) / 1_000),
      policy_clients: current.clients.size,
      /** Live clients with fewer than two approvers, of which no accepted day tells. */
      policy_single_approvers: singleApprovers().length,
    }),
    async close() {
      closed = true;
      clearTimeout(retry);
      loader?.onChange(() => undefined);
      await running;
      await loader?.close();
    },
  };
}
