/**
 * Keeps other sites from acting in the name of whoever is signed in: every POST needs the session's own token, and
 * what the browser says about where the request comes from must be this very origin.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { type AnswerStyle, answerNotice } from './answer.ts';
import { notices } from './notices.ts';

export interface Csrf {
  /** The token of this session, for the form field `csrf` or the header `x-csrf-token`. */
  token(req: Request): string;
  /** Lets safe methods and proven requests pass; everything else is answered 403 `form_expired`. Needs the parsed body. */
  readonly check: RequestHandler;
}

/** The token of this session; made on first use. */
export function csrf(req: Request): string {
  req.session.csrf ??= randomBytes(32).toString('base64url');
  return req.session.csrf;
}

/** `portalUrl`: the only origin whose pages may post. */
export function createCsrf(options: { readonly portalUrl: URL } & AnswerStyle): Csrf {
  const origin = options.portalUrl.origin;
  return {
    token: csrf,
    check: (req, res, next) => {
      if (req.method === 'GET' || req.method === 'HEAD' || req.method === 'OPTIONS') return next();
      if (fromHere(req, origin) && carriesToken(req)) return next();
      answerNotice(req, res, notices.formRefused, options);
    },
  };
}

/**
 * Browsers say `Origin: null` for forms of pages with `Referrer-Policy: no-referrer`; `Sec-Fetch-Site`, which no
 * page can set, then decides. Programs that send neither are held by the token alone.
 */
export function fromHere(req: Request, origin: string): boolean {
  const site = req.headers['sec-fetch-site'];
  const from = req.headers.origin;
  if (site !== undefined)
    return site === 'same-origin' && (from === undefined || from === 'null' || from === origin);
  return from === undefined || from === origin;
}

function carriesToken(req: Request): boolean {
  const expected = req.session.csrf;
  if (expected === undefined) return false;
  const body: unknown = req.body;
  const field = typeof body === 'object' && body !== null && 'csrf' in body ? body.csrf : undefined;
  const given = req.headers['x-csrf-token'] ?? field;
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
