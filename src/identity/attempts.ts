/**
 * Sign-ins under way in one browser, kept in its session: each has its own unguessable `state`, works once, for ten
 * minutes, at the provider it was started for. Five at a time, so that several tabs do not spoil each other's.
 */
import { randomBytes } from 'node:crypto';
import type { SessionData } from 'express-session';

export interface Attempt {
  readonly provider: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Path of ours to go to afterwards. */
  readonly returnTo: string;
}

const lifetime = 10 * 60_000;
const most = 5;

type Session = Partial<SessionData> & { [key: string]: unknown };

/** Where the strategy keeps verifier, state and nonce of an attempt. */
export function strategyKey(state: string): string {
  return `oidc:${state}`;
}

/** Begins an attempt and answers its `state`. The oldest ones beyond five, and those too old, are forgotten. */
export function beginAttempt(session: Partial<SessionData>, attempt: Attempt): string {
  const state = randomBytes(32).toString('base64url');
  const alive = Object.entries(session.attempts ?? {})
    .filter(([, other]) => other.startedAt + lifetime > attempt.startedAt)
    .sort(([, a], [, b]) => b.startedAt - a.startedAt);
  const kept = alive.slice(0, most - 1);
  for (const old of Object.keys(session.attempts ?? {})) {
    if (!kept.some(([name]) => name === old)) delete (session as Session)[strategyKey(old)];
  }
  session.attempts = Object.fromEntries([...kept, [state, attempt]]);
  return state;
}

/** Takes an attempt out: whoever asks a second time gets undefined. */
export function takeAttempt(
  session: Partial<SessionData>,
  state: unknown,
  provider: string,
  now: number,
): { readonly state: string; readonly attempt: Attempt } | undefined {
  if (typeof state !== 'string' || !session.attempts || !Object.hasOwn(session.attempts, state))
    return undefined;
  const { [state]: attempt, ...others } = session.attempts;
  session.attempts = others;
  if (attempt && attempt.provider === provider && now < attempt.startedAt + lifetime)
    return { state, attempt };
  delete (session as Session)[strategyKey(state)];
  return undefined;
}

/**
 * A path of ours or `/`: begins with exactly one slash, no backslash, no control character, and stays on our origin.
 * Paths that sign in or out are not destinations.
 */
export function internalPath(asked: unknown, origin: string): string {
  if (typeof asked !== 'string' || asked.length > 2_000) return '/';
  if (!/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(asked)) return '/';
  if (!URL.canParse(asked, origin)) return '/';
  const url = new URL(asked, origin);
  if (url.origin !== origin || url.pathname.startsWith('//')) return '/';
  if (/^\/(sign-in|sign-out|signed-out|callback|backchannel-logout)(\/|$)/.test(url.pathname)) return '/';
  return `${url.pathname}${url.search}`;
}
