/**
 * Where a tab wanted to go, kept in a cookie of that attempt's own. When a browser opens several tabs before it has a
 * session, each gets one and the last wins; the others come back from the provider as strangers. They begin once more,
 * silently, instead of meeting an error. The cookie holds a path of ours and nothing else, and proves nothing.
 */
import type { Request, Response } from 'express';
import { internalPath } from './attempts.ts';

const prefix = '__Host-consentry-r-';
const lifetime = 10 * 60_000;
const options = { path: '/', secure: true, httpOnly: true, sameSite: 'lax' } as const;

function nameFor(state: string): string {
  return `${prefix}${state.slice(0, 11)}`;
}

/** Remembers the path of an attempt. */
export function rememberReturn(res: Response, state: string, returnTo: string): void {
  res.cookie(nameFor(state), returnTo, { ...options, maxAge: lifetime });
}

/** The path that this browser remembered for a `state`, which is forgotten by that; undefined: none. */
export function takeReturn(req: Request, res: Response, state: unknown, origin: string): string | undefined {
  if (typeof state !== 'string' || !/^[A-Za-z0-9_-]{43}$/.test(state)) return undefined;
  const name = nameFor(state);
  for (const part of (req.headers.cookie ?? '').split(';')) {
    const [key = '', value = ''] = part.trim().split('=', 2);
    if (key !== name) continue;
    res.clearCookie(name, options);
    return internalPath(decoded(value), origin);
  }
  return undefined;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return '/';
  }
}
