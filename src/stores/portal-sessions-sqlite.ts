/**
 * Portal sessions in `portal.db`, for one machine. The database lives in the portal's thread, so that a slow disk
 * never holds up the gateway. A thread that dies fails what waits for it and is started again on the next call.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import type { SessionData } from 'express-session';
import type { Clock } from '../core/ports.ts';
import {
  createHashedSessionStore,
  type InnerStore,
  type PortalSessionStore,
  remainingLife,
  type SessionLimits,
} from './hashed-session-store.ts';
import type { SessionReply, SessionRequest } from './portal-sessions-table.ts';
import { PortalThread } from './portal-thread.ts';

/** Milliseconds after which an unanswered call fails; the database itself waits at most 400 for a lock. */
const patience = 2_000;
const sweepEvery = 10 * 60_000;

/** Opens (or creates) the database at `path`. Callbacks get a Fault `sessions_unavailable` when it cannot be used. */
export function createSqliteSessionStore(options: {
  readonly path: string;
  readonly clock: Clock;
  readonly limits: SessionLimits;
  readonly thread?: PortalThread;
}): PortalSessionStore {
  const { path, clock, limits } = options;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const thread = new Line(path, options.thread ?? new PortalThread());
  const endOf = (data: SessionData) => clock.now() + remainingLife(data, clock.now(), limits);
  const inner: InnerStore = {
    get: (key, callback) =>
      settle(
        thread
          .ask({ do: 'get', key, now: clock.now() })
          .then((text) => (text === undefined ? null : parse(text))),
        callback,
      ),
    set: (key, data, callback) =>
      settle(thread.ask({ do: 'set', key, data: JSON.stringify(data), expiresAt: endOf(data) }), callback),
    touch: (key, data, callback) =>
      settle(thread.ask({ do: 'touch', key, expiresAt: endOf(data) }), callback),
    destroy: (key, callback) => settle(thread.ask({ do: 'destroy', key }), callback),
  };
  const sweep = () => void thread.ask({ do: 'sweep', now: clock.now() }).catch(() => undefined);
  const sweeping = setInterval(sweep, sweepEvery).unref();
  sweep();
  return createHashedSessionStore({
    inner,
    clock,
    limits,
    close: async () => {
      clearInterval(sweeping);
      await thread.close();
    },
  });
}

function parse(text: string): SessionData {
  return JSON.parse(text) as SessionData;
}

/** Promise to callback; the callback runs outside the promise, so that what it throws is not swallowed. */
function settle<T>(work: Promise<T>, callback?: (error: unknown, value?: T) => void): void {
  work.then(
    (value) => queueMicrotask(() => callback?.(null, value)),
    (error: unknown) => queueMicrotask(() => callback?.(error)),
  );
}

type Unnumbered<R> = R extends SessionRequest ? Omit<R, 'id'> : never;

interface Waiting {
  readonly resolve: (data: string | undefined) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** The line to the database and what is asked of it. Opened by the first call, and again after it closed. */
class Line {
  readonly #path: string;
  readonly #thread: PortalThread;
  readonly #waiting = new Map<number, Waiting>();
  #port: MessagePort | undefined;
  #next = 0;
  #closed = false;

  constructor(path: string, thread: PortalThread) {
    this.#path = path;
    this.#thread = thread;
  }

  /** Rejects when the database refuses, the thread dies, or after two seconds. */
  ask(request: Unnumbered<SessionRequest>): Promise<string | undefined> {
    if (this.#closed) return Promise.reject(new Error('the store is closed'));
    this.#port ??= this.#open();
    const port = this.#port;
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Error('portal.db did not answer in time'));
      }, patience);
      this.#waiting.set(id, { resolve, reject, timer });
      port.postMessage({ ...request, id });
    });
  }

  async close(): Promise<void> {
    const port = this.#port;
    if (this.#closed || !port) {
      this.#closed = true;
      return;
    }
    const ended = new Promise<void>((resolve) => port.once('close', () => resolve()));
    const asked = this.ask({ do: 'close' }).catch(() => port.close());
    this.#closed = true;
    await asked;
    await ended;
  }

  #open(): MessagePort {
    const port = this.#thread.open({ part: 'sessions', data: { path: this.#path } });
    port.on('message', (reply: SessionReply) => this.#settle(reply));
    port.on('close', () => this.#lost(port));
    port.unref();
    return port;
  }

  #settle(reply: SessionReply): void {
    const call = this.#waiting.get(reply.id);
    if (!call) return;
    this.#waiting.delete(reply.id);
    clearTimeout(call.timer);
    if ('error' in reply) call.reject(new Error(reply.error));
    else call.resolve(reply.data);
  }

  #lost(port: MessagePort): void {
    if (this.#port !== port) return;
    this.#port = undefined;
    for (const call of this.#waiting.values()) {
      clearTimeout(call.timer);
      call.reject(new Error('the thread of portal.db has ended'));
    }
    this.#waiting.clear();
  }
}
