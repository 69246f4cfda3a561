/**
 * Checks a logout token (OpenID Connect Back-Channel Logout 1.0, section 2.6): who signed it, for whom, when, that
 * it is a logout token and nothing else, and that it is new. What it answers may end somebody's accesses.
 */
import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { IdentityProvider } from '../core/model.ts';
import { acceptedAlgorithms } from './relying-party.ts';

const event = 'http://schemas.openid.net/event/backchannel-logout';
const tolerance = 60;
const oldest = 600;

/** Whose sign-ins end: one session of the provider, or everything of a subject. */
export type LogoutTarget =
  | { readonly issuer: string; readonly sid: string }
  | { readonly issuer: string; readonly sub: string };

/** The token is not acceptable; the message says why, for the log, and holds nothing of the token. */
export class LogoutTokenRefused extends Error {}

export interface LogoutTokens {
  /** Throws LogoutTokenRefused for a bad token, anything else when the provider's keys could not be had. */
  read(token: string, provider: IdentityProvider, keys: JWTVerifyGetKey, now: number): Promise<LogoutTarget>;
}

/** Remembers the tokens of the last minutes, so that each works once on this node. */
export function createLogoutTokens(): LogoutTokens {
  const seen = new Map<string, number>();
  return {
    async read(token, provider, keys, now) {
      const claims = await verify(token, provider, keys, now);
      const target = targetOf(claims, provider);
      for (const [id, until] of seen) if (until < now) seen.delete(id);
      const id = `${provider.issuer}\n${claims.jti}`;
      if (seen.has(id)) throw new LogoutTokenRefused('replayed');
      seen.set(id, now + (oldest + 2 * tolerance) * 1_000);
      return target;
    },
  };
}

async function verify(token: string, provider: IdentityProvider, keys: JWTVerifyGetKey, now: number) {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer: provider.issuer,
      audience: provider.clientId,
      algorithms: acceptedAlgorithms,
      requiredClaims: ['iat', 'exp', 'jti', 'events'],
      clockTolerance: tolerance,
      maxTokenAge: oldest,
      currentDate: new Date(now),
    });
    const type = protectedHeader.typ?.toLowerCase();
    if (type !== undefined && type !== 'logout+jwt' && type !== 'jwt')
      throw new LogoutTokenRefused('another_type_of_token');
    return payload;
  } catch (error) {
    if (error instanceof errors.JWKSTimeout) throw error;
    if (error instanceof errors.JOSEError) throw new LogoutTokenRefused(error.code);
    throw error;
  }
}

function targetOf(claims: Readonly<Record<string, unknown>>, provider: IdentityProvider): LogoutTarget {
  const events = claims.events;
  if (typeof events !== 'object' || events === null || !Object.hasOwn(events, event)) {
    throw new LogoutTokenRefused('not_a_logout_event');
  }
  const content: unknown = (events as Readonly<Record<string, unknown>>)[event];
  if (typeof content !== 'object' || content === null) throw new LogoutTokenRefused('not_a_logout_event');
  if ('nonce' in claims) throw new LogoutTokenRefused('carries_a_nonce');
  if (typeof claims.jti !== 'string' || claims.jti === '') throw new LogoutTokenRefused('no_usable_jti');
  const { sid } = claims;
  if (typeof sid === 'string' && sid !== '') return { issuer: provider.issuer, sid };
  if (sid !== undefined) throw new LogoutTokenRefused('no_usable_sid');
  // Logout tokens know `sub` alone, also where another claim says who somebody is.
  const { sub } = claims;
  if (typeof sub === 'string' && sub !== '') return { issuer: provider.issuer, sub };
  throw new LogoutTokenRefused('neither_sid_nor_subject');
}
