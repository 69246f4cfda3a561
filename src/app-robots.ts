/**
 * Looks now and then whether robots came that were expected. What was looked at stands in the ledger’s database, so that a
 * crash tells nothing twice and forgets nothing; what nobody saw, because the gateway did not run, is told as such.
 */
import { Fault } from './core/faults.ts';
import type { Snapshot } from './core/model.ts';
import type { Authority, Clock, Policies } from './core/ports.ts';
import { expectingClients, type WatchedRobot, watchedAt } from './core/robot-runs.ts';
import type { Log } from './log.ts';

export interface RobotWatchDeps {
  readonly policies: Policies;
  readonly authority: Pick<Authority, 'client' | 'run'>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface RobotWatch {
  /** Looks once. Never throws; what could not be looked at is looked at again. */
  look(): Promise<void>;
  stop(): void;
}

const second = 1_000;
const interval = 15 * second;
/** Agreements come and go: whom they name is looked at again, even when nobody is expected. */
const pause = 5 * 60 * second;
/** A process that did not look for so long did not see either: it was frozen, or its machine slept. */
const blindAfter = 2 * 60 * second;
/** So long after its last moment a run is looked for. */
const settling = 10 * second;
/** How far back a start looks. */
const furthest = 31 * 86_400 * second;

export function startRobotWatch(deps: RobotWatchDeps): RobotWatch {
  const { clock, log, policies } = deps;
  let since = clock.now();
  let lastLook = since;
  /** Up to when everything was looked at, with which rules, and when that was. */
  let done: { readonly upto: number; readonly snapshot: Snapshot } | undefined;
  let looking: Promise<void> | undefined;

  async function lookOnce(): Promise<void> {
    const now = clock.now();
    if (now - lastLook > blindAfter) since = now;
    lastLook = now;
    const snapshot = policies.current();
    const clients = expectingClients(snapshot);
    if (done === undefined && clients.length === 0) {
      // What an earlier process watched is forgotten too.
      await deps.authority.run({ do: 'watch-robots', watched: [], since, unread: [] });
      done = { upto: now, snapshot };
      return;
    }
    // Who was let in at the last moment is perhaps being written.
    const upto = now - settling;
    const after = done?.upto ?? now - furthest;
    const watched: WatchedRobot[] = [];
    const unread: string[] = [];
    for (const client of clients) {
      try {
        const { grants } = await deps.authority.client(client.id);
        watched.push(...watchedAt(snapshot, client, grants.values(), after, upto));
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        unread.push(client.id);
      }
    }
    const due = watched.some(({ runs }) => runs.length > 0);
    if (done?.snapshot === snapshot && !due && now - done.upto < pause) return;
    const { missed } = await deps.authority.run({ do: 'watch-robots', watched, since, unread });
    if (missed > 0) log.warn('robot_missed', { runs: missed });
    if (unread.length === 0) done = { upto, snapshot };
  }

  const look = (): Promise<void> => {
    looking ??= lookOnce()
      .catch((error: unknown) => log.warn('robots_not_looked_at', { error }))
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };
  const timer = setInterval(() => void look(), interval);
  timer.unref();
  return { look, stop: () => clearInterval(timer) };
}
