/**
 * Which provider a browser last signed in at, so that a client's own provider is offered to its people again without
 * being shown to everybody. A convenience: whoever makes such a cookie up learns the name of a provider they named.
 */
import type { Request, Response } from 'express';

const cookieName = '__Host-consentry-way';
const year = 365 * 24 * 3_600_000;

/** The id of the provider, if the browser says one. */
export function wayBefore(req: Request): string | undefined {
  for (const part of (req.headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === cookieName) return part.slice(at + 1).trim();
  }
  return undefined;
}

/** Remembers the provider of a sign-in that succeeded. */
export function rememberWay(res: Response, provider: string): void {
  res.cookie(cookieName, provider, {
    secure: true,
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    maxAge: year,
  });
}
