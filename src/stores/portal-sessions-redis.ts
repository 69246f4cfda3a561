/**
 * Portal sessions in Redis, for several nodes. Redis may vanish at any time: calls then fail within half a second
 * (the portal answers 503), nothing queues up, and the connection comes back by itself.
 */
import { RedisStore } from 'connect-redis';
import { createClient } from 'redis';
import type { Clock } from '../core/ports.ts';
import type { Log } from '../log.ts';
import {
  createHashedSessionStore,
  type InnerStore,
  type PortalSessionStore,
  remainingLife,
  type SessionLimits,
} from './hashed-session-store.ts';

/** Milliseconds a call may take. The client's own timeout ends with the writing, so a Redis that hangs needs ours. */
const patience = 500;
const longestQueue = 1_000;
const longestPause = 5_000;

/**
 * Connects in the background and returns at once; until Redis is there, calls fail with Fault `sessions_unavailable`.
 * `url`: redis:// or rediss://, may carry credentials and is never printed.
 */
export function createRedisSessionStore(options: {
  readonly url: string;
  readonly clock: Clock;
  readonly limits: SessionLimits;
  readonly log: Log;
}): PortalSessionStore {
  const { clock, limits, log } = options;
  const client = createClient({
    url: options.url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: longestQueue,
    commandOptions: { timeout: patience },
    socket: {
      connectTimeout: 2_000,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** Math.min(retries, 10), longestPause),
    },
  });
  let down = false;
  client.on('error', () => {
    if (!down) log.warn('redis_unavailable');
    down = true;
  });
  client.on('ready', () => {
    if (down) log.info('redis_available');
    down = false;
  });
  const connect = () => void client.connect().catch(() => log.warn('redis_unavailable'));
  connect();
  let closed = false;

  /** A connection on which an answer is overdue is given up: what waits on it fails, nothing piles up behind it. */
  function reconnect(): void {
    if (closed || !client.isReady) return;
    log.warn('redis_unavailable');
    client.destroy();
    connect();
  }

  const store = new RedisStore({
    client,
    prefix: 'consentry:portal-session:',
    ttl: (data) => Math.ceil(remainingLife(data, clock.now(), limits) / 1_000),
  });
  return createHashedSessionStore({
    inner: withDeadline(store as InnerStore, reconnect),
    clock,
    limits,
    close: async () => {
      closed = true;
      if (client.isReady) await client.close().catch(() => client.destroy());
      else if (client.isOpen) client.destroy();
    },
  });
}

/** The same store, whose calls fail after half a second at the latest, once each. */
function withDeadline(store: InnerStore, overdue: () => void): InnerStore {
  function once<T>(callback?: (error: unknown, value?: T) => void): (error?: unknown, value?: T) => void {
    let open = true;
    const timer = setTimeout(() => {
      open = false;
      overdue();
      callback?.(new Error('redis did not answer in time'));
    }, patience);
    return (error, value) => {
      if (!open) return;
      open = false;
      clearTimeout(timer);
      callback?.(error, value);
    };
  }
  return {
    get: (id, callback) => store.get(id, once(callback)),
    set: (id, data, callback) => store.set(id, data, once(callback)),
    touch: (id, data, callback) => store.touch(id, data, once(callback)),
    destroy: (id, callback) => store.destroy(id, once(callback)),
  };
}
