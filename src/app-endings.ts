/**
 * Looks now and then whether contracts are over and their logs do not say so, or say so and they go on. Accesses that are still open
 * are ended first; the line that follows suspends every agreement. Clients whose log says what is so cost one row of one reading.
 */
import { comingEnd, fileEnd, overAt } from './core/ending.ts';
import { Fault } from './core/faults.ts';
import type { Archive, Authority, Clock, Policies } from './core/ports.ts';
import type { Log } from './log.ts';

export interface EndingsDeps {
  readonly policies: Policies;
  readonly authority: Pick<Authority, 'end' | 'run'>;
  readonly archive: Pick<Archive, 'endingStates'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

export interface EndingWatch {
  /** Looks once, at everybody. Never throws; what could not be written is looked at again. */
  look(): Promise<void>;
  stop(): void;
}

const interval = 15_000;

export function startEndingWatch(deps: EndingsDeps): EndingWatch {
  let looking: Promise<void> | undefined;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  /** At the next end that is known, or after the interval. */
  const again = (wait: number): void => {
    clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(() => void look(), Math.min(interval, wait));
    timer.unref();
  };
  const look = (): Promise<void> => {
    looking ??= lookAtAll(deps)
      .catch((error: unknown) => {
        deps.log.warn('endings_not_looked_at', { error });
        return interval;
      })
      .then(again)
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };
  again(interval);
  return {
    look,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** Answers how long it is until the next end that is known, milliseconds. */
async function lookAtAll({ policies, authority, archive, clock, log }: EndingsDeps): Promise<number> {
  const states = await archive.endingStates();
  const now = clock.now();
  let next = Number.POSITIVE_INFINITY;
  for (const client of policies.current().clients.values()) {
    const state = states.get(client.id);
    if (state === undefined) continue;
    const file = fileEnd(client);
    const over = overAt(file, state.noticed, now) !== undefined;
    next = Math.min(next, comingEnd(file, state.noticed, now) ?? next);
    if (over === state.over) continue;
    try {
      if (over) await authority.end({ client: client.id }, 'contract', undefined);
      const command = { do: 'ending-look', client: client.id, file, policy: client.sliceHash } as const;
      const answer = await authority.run(command);
      if ('began' in answer) log.info('contract_over', { client: client.id, grants: answer.grants.length });
      if ('lifted' in answer) log.info('contract_goes_on', { client: client.id });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      log.warn('endings_not_looked_at', { client: client.id, error });
    }
  }
  return next - now;
}
