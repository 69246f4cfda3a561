/**
 * How a long-running command ends. SIGTERM or SIGINT: drain, then exit 0; a second one: exit at once. An error
 * that nobody caught: the state is unknown, so log it, stop accepting, give what runs five seconds, exit 1 and let
 * the supervisor start us again.
 */
import type { Log } from '../log.ts';
import type { Terminal } from './terminal.ts';

export interface Running {
  /** Stops accepting, lets what runs finish, writes what is owed to the log, closes. */
  close(): Promise<void>;
}

export interface Limits {
  /** Longest time for an orderly end, milliseconds. */
  readonly drainMs: number;
  /** The same after an uncaught error. */
  readonly crashMs: number;
}

const LIMITS: Limits = { drainMs: 40_000, crashMs: 5_000 };

/**
 * Resolves with the exit code when the running thing has ended: 0 after an orderly end, 1 when it could not be
 * closed in time or something was not caught. Calls `terminal.exit` itself in all cases but the orderly end.
 */
export function untilStopped(
  running: Running,
  log: Log,
  terminal: Pick<Terminal, 'events' | 'exit'>,
  limits: Limits = LIMITS,
): Promise<number> {
  const { events } = terminal;
  return new Promise((resolve) => {
    let ending = false;
    const end = (code: number, limit: number): void => {
      ending = true;
      void closeWithin(running, log, limit).then((closed) => {
        for (const [name, listener] of listeners) events.off(name, listener);
        const outcome = closed ? code : 1;
        resolve(outcome);
        // Something may still hold the process open; only after an orderly end may it take its time.
        if (outcome !== 0) terminal.exit(outcome);
      });
    };
    const onSignal = (signal: unknown): void => {
      log.info('stopping', { signal });
      if (ending) terminal.exit(1);
      else end(0, limits.drainMs);
    };
    const onUncaught = (error: unknown): void => {
      log.error('uncaught error', { error });
      if (!ending) end(1, limits.crashMs);
    };
    const listeners = [
      ['SIGTERM', onSignal],
      ['SIGINT', onSignal],
      ['uncaughtException', onUncaught],
      ['unhandledRejection', onUncaught],
    ] as const;
    for (const [name, listener] of listeners) events.on(name, listener);
  });
}

/** Closes, or gives up after `limit` milliseconds. True when it closed without a fault. */
async function closeWithin(running: Running, log: Log, limit: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => {
    log.error('closing took too long', { ms: limit });
    resolve(false);
  }, limit);
  const closed = running.close().then(
    () => true,
    (error: unknown) => {
      log.error('closing failed', { error });
      return false;
    },
  );
  try {
    return await Promise.race([closed, late]);
  } finally {
    clearTimeout(timer);
  }
}
