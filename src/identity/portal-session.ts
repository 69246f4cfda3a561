/**
 * The portal's session: an opaque 256-bit id in a `__Host-` cookie, everything else on the server. Limits are
 * enforced by the store and again here. It holds no token except the hint needed to sign out at the provider.
 */
import { randomBytes } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import type { Clock } from '../core/ports.ts';
import type { Log } from '../log.ts';
import { answerNotice } from './answer.ts';
import type { Attempt } from './attempts.ts';
import { notices } from './notices.ts';

declare module 'express-session' {
  interface SessionData {
    /** When this session began, epoch milliseconds; survives nothing, a new sign-in starts a new session. */
    startedAt: number;
    /** The sign-in it stands for; missing while nobody is signed in. */
    login?: string;
    /** A technician's: they are at it all day, and each access ends by itself. */
    technician?: true;
    /** Provider of that sign-in and the ID token that signs out there. */
    provider?: string;
    idToken?: string;
    csrf?: string;
    /** Sign-ins under way, by their `state`. */
    attempts?: Record<string, Attempt>;
    /** Challenge of the passkey being registered. */
    passkey?: { readonly challenge: string; readonly until: number };
  }
}

export const portalCookie = '__Host-consentry-portal';

export interface PortalSessions {
  /** Gives each request its session. Passes a Fault `sessions_unavailable` to `next` when the store cannot be asked. */
  readonly middleware: RequestHandler;
  close(): Promise<void>;
}

export interface PortalSessionOptions {
  readonly store: session.Store & { close(): Promise<void> };
  /** Signs the cookie, so that made-up ids never reach the store. At least 32 bytes of randomness; newest first. */
  readonly secret: string | readonly string[];
  readonly clock: Clock;
  /** Default 10 h. The idle limit is the store's. */
  readonly absoluteMs?: number;
  /** Of technicians; default 12 h. */
  readonly technicianMs?: number;
  readonly log?: Log;
}

/**
 * NOTE: the cookie is `Secure`; express-session sets it only when the request says `x-forwarded-proto: https`, which
 * whoever stands in front must strip from clients and set itself.
 */
export function createPortalSessions(options: PortalSessionOptions): PortalSessions {
  const { store, clock } = options;
  const absolute = options.absoluteMs ?? 10 * 3_600_000;
  const longest = { others: absolute, technician: options.technicianMs ?? 12 * 3_600_000 };
  const inner = session({
    name: portalCookie,
    secret: typeof options.secret === 'string' ? options.secret : [...options.secret],
    store,
    genid: () => randomBytes(32).toString('base64url'),
    resave: false,
    saveUninitialized: false,
    rolling: false,
    proxy: true,
    cookie: { path: '/', httpOnly: true, secure: true, sameSite: 'lax' },
  });
  stampNewSessions(store, clock);

  const middleware: RequestHandler = (req, res, next) => {
    if (countCookies(req) > 1) return answerNotice(req, res, notices.cookieTwice);
    // express-session calls `next` again when it cannot save at the end of an answer; by then it is too late for pages.
    let passed = false;
    inner(req, res, (error?: unknown) => {
      if (passed) return options.log?.warn('portal_session_not_saved');
      passed = true;
      if (error) return next(error);
      if (isOver(req, clock.now(), longest)) return req.session.regenerate(next);
      next();
    });
  };
  return { middleware, close: () => store.close() };
}

/** Express-session hangs `generate` on the store; the start belongs to what a fresh session is born with. */
function stampNewSessions(store: session.Store, clock: Clock): void {
  const factory = store as session.Store & { generate(req: Request): void };
  const generate = factory.generate.bind(store);
  factory.generate = (req) => {
    generate(req);
    req.session.startedAt = clock.now();
  };
}

function isOver(
  req: Request,
  now: number,
  longest: { readonly others: number; readonly technician: number },
): boolean {
  const { startedAt, technician } = req.session;
  const absolute = technician === true ? longest.technician : longest.others;
  return typeof startedAt !== 'number' || now >= startedAt + absolute || startedAt > now + 60_000;
}

function countCookies(req: Request): number {
  const header = req.headers.cookie ?? '';
  return header.split(';').filter((pair) => pair.trimStart().startsWith(`${portalCookie}=`)).length;
}

/** A new id and nothing of the old session. Rejects with a Fault when the store cannot be asked. */
export function regenerate(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.regenerate((error: unknown) => (error ? reject(error) : resolve()));
  });
}

/** Stored when it resolves. */
export function save(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.save((error: unknown) => (error ? reject(error) : resolve()));
  });
}

/** Gone from the store when it resolves. */
export function destroy(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.destroy((error: unknown) => (error ? reject(error) : resolve()));
  });
}
