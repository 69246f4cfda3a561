/** What the log is told by the hour rather than by somebody's act. Each answers a timer that holds no process up. */
import type { Ledger, Policies } from '../core/ports.ts';
import type { Log } from '../log.ts';

const hour = 3_600_000;
const minute = 60_000;

/** Writes down, within half a minute, that requests were left without an answer. */
export function startLapsing(ledger: Ledger, log: Log): NodeJS.Timeout {
  const timer = setInterval(() => {
    const logs = ledger.unguarded();
    if (logs > 0) log.error('the newest state of logs cannot be kept, look at the guard folder', { logs });
    ledger
      .run({ do: 'requests-lapse' })
      .catch((error: unknown) => log.warn('lapsed requests not written', { error }));
  }, minute / 2);
  timer.unref();
  return timer;
}

/** An hourly sign of life in logs that were silent, with the number of strangers turned away. */
export function startHeartbeat(
  policies: Policies,
  takeAnonymous: () => ReadonlyMap<string, number>,
  ledger: Ledger,
  running: (client: string) => readonly unknown[],
  log: Log,
): NodeJS.Timeout {
  const timer = setInterval(() => {
    const anonymous = takeAnonymous();
    const counts = [...policies.current().clients.keys()].map((client) => ({
      client,
      anonymous: anonymous.get(client) ?? 0,
      live: running(client).length,
    }));
    ledger
      .run({ do: 'heartbeat', counts })
      .catch((error: unknown) => log.warn('heartbeat not written', { error }));
  }, hour);
  timer.unref();
  return timer;
}
