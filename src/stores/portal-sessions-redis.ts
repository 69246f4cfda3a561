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

const commandTimeout = 500;
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
    commandOptions: { timeout: commandTimeout },
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
  client.connect().catch(() => log.warn('redis_unavailable'));

  const store = new RedisStore({
    client,
    prefix: 'consentry:portal-session:',
    ttl: (data) => Math.ceil(remainingLife(data, clock.now(), limits) / 1_000),
  });
  return createHashedSessionStore({
    inner: store as InnerStore,
    clock,
    limits,
    close: async () => {
      if (client.isReady) await client.close().catch(() => client.destroy());
      else if (client.isOpen) client.destroy();
    },
  });
}
