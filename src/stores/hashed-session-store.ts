/**
 * What every store of portal sessions has in common, whatever is behind it: ids never reach it in clear
 * (key = base64url(SHA-256(id))), lifetimes are decided here, and "could not look" is a Fault, never "nobody".
 */
import { createHash } from 'node:crypto';
import type { SessionData } from 'express-session';
import session from 'express-session';
import { Fault } from '../core/faults.ts';
import type { Clock } from '../core/ports.ts';

/** How long a session lives, in milliseconds: without use, and at most. */
export interface SessionLife {
  readonly idle: number;
  readonly absolute: number;
}

export interface SessionLimits extends SessionLife {
  /** Of technicians, who are at it all day; left out: as everybody's. */
  readonly technician?: SessionLife;
}

/** A store of express-session that can be closed. Errors given to callbacks are Faults `sessions_unavailable`. */
export interface PortalSessionStore extends session.Store {
  close(): Promise<void>;
}

/** What a store behind the wrapper offers: express-session's own calls, `touch` included. */
export type InnerStore = Pick<session.Store, 'get' | 'set' | 'destroy'> &
  Required<Pick<session.Store, 'touch'>>;

/** The fields that decide how long a session lives. */
type Kept = { readonly startedAt?: unknown; readonly login?: unknown; readonly technician?: unknown };

/** Before anybody is signed in a session is kept only for as long as a sign-in may take. */
const anonymousLife = 10 * 60_000;

/**
 * Milliseconds a session may still live if it is not used again: its idle time, or less when its absolute end is
 * nearer. Zero or less: it is over. A start in the future by more than a minute (clock set back) is over too.
 */
export function remainingLife(data: SessionData, now: number, limits: SessionLimits): number {
  const { startedAt, login, technician } = data as Kept;
  if (typeof startedAt !== 'number' || startedAt > now + 60_000) return 0;
  const { idle, absolute } = (technician === true ? limits.technician : undefined) ?? limits;
  const longest = login === undefined ? Math.min(anonymousLife, absolute) : absolute;
  return Math.min(idle, startedAt + longest - now);
}

/** Wraps a store. Sessions beyond their absolute life are destroyed when met, even if the store kept them. */
export function createHashedSessionStore(options: {
  readonly inner: InnerStore;
  readonly clock: Clock;
  readonly limits: SessionLimits;
  readonly close: () => Promise<void>;
}): PortalSessionStore {
  return new HashedSessionStore(options);
}

type Options = Parameters<typeof createHashedSessionStore>[0];

class HashedSessionStore extends session.Store implements PortalSessionStore {
  readonly #options: Options;

  constructor(options: Options) {
    super();
    this.#options = options;
  }

  override get(id: string, callback: (error: unknown, data?: SessionData | null) => void): void {
    const { inner, clock, limits } = this.#options;
    inner.get(keyOf(id), (error: unknown, data?: SessionData | null) => {
      if (error) return callback(unavailable(error));
      if (!data) return callback(null, null);
      if (remainingLife(data, clock.now(), limits) > 0) return callback(null, data);
      this.destroy(id, () => callback(null, null));
    });
  }

  override set(id: string, data: SessionData, callback?: (error?: unknown) => void): void {
    this.#options.inner.set(keyOf(id), data, (error: unknown) =>
      callback?.(error ? unavailable(error) : undefined),
    );
  }

  /** Prolongs the idle time. A failure is not passed on: the session then simply ends earlier. */
  override touch(id: string, data: SessionData, callback?: () => void): void {
    this.#options.inner.touch(keyOf(id), data, () => callback?.());
  }

  override destroy(id: string, callback?: (error?: unknown) => void): void {
    this.#options.inner.destroy(keyOf(id), (error: unknown) =>
      callback?.(error ? unavailable(error) : undefined),
    );
  }

  close(): Promise<void> {
    return this.#options.close();
  }
}

function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}

function unavailable(cause: unknown): Fault {
  return new Fault('sessions_unavailable', 'the store of portal sessions does not answer', cause);
}
