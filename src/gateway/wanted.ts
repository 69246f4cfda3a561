/**
 * Where a person wanted to go before we knew them: sealed into the browser's own cookie, so that the server keeps
 * nothing before sign-in and several tabs do not collide. AES-256-GCM; valid for ten minutes; bound to the system.
 */
import { createCipheriv, createDecipheriv, hash } from 'node:crypto';
import { randomId } from './ids.ts';
import { limits } from './limits.ts';

/** What is sealed. `nonce` binds the one-time code to the browser that began. */
export interface Wanted {
  readonly path: string;
  readonly nonce: string;
  readonly system: string;
  readonly at: number;
  /** Entered beside another host of the system: that one, its own id for what is wanted there, and how many were led over before. */
  readonly beside?: { readonly host: string; readonly f: string; readonly nth: number };
}

export const wantedPrefix = '__Host-consentry-f-';
const idPattern = /^[A-Za-z0-9_-]{11}$/;

export function isWantedId(id: string): boolean {
  return idPattern.test(id);
}

/** SHA-256, base64url: what stands in addresses and in the database instead of the secret. */
export function hashed(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

/** A fresh sealed cookie: its id, its Set-Cookie value, and the nonce's hash for the portal. */
export function seal(
  key: Buffer,
  path: string,
  system: string,
  now: number,
  beside?: Wanted['beside'],
): { id: string; nonceHash: string; cookie: string } {
  const id = randomId(8);
  const wanted: Wanted = { path, nonce: randomId(32), system, at: now, ...(beside && { beside }) };
  const iv = Buffer.from(randomId(12), 'base64url');
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(id));
  const sealed = Buffer.concat([
    iv,
    cipher.update(JSON.stringify(wanted)),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  const age = Math.floor(limits.wantedCookieAge / 1000);
  const cookie = `${wantedPrefix}${id}=${sealed.toString('base64url')}; Path=/; Max-Age=${age}; Secure; HttpOnly; SameSite=Lax`;
  return { id, nonceHash: hashed(wanted.nonce), cookie };
}

/** What was sealed under this id, or undefined: forged, another id's, another system's, or too old. */
export function unseal(
  key: Buffer,
  id: string,
  value: string,
  system: string,
  now: number,
): Wanted | undefined {
  try {
    const sealed = Buffer.from(value, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAAD(Buffer.from(id));
    decipher.setAuthTag(sealed.subarray(-16));
    const text = Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString();
    const wanted = JSON.parse(text) as Wanted;
    const fresh = now >= wanted.at - 60_000 && now < wanted.at + limits.wantedCookieAge;
    return fresh && wanted.system === system ? wanted : undefined;
  } catch {
    return undefined;
  }
}

/** Set-Cookie lines that delete the given sealed cookies. */
export function forget(names: Iterable<string>): string[] {
  return [...names].map((name) => `${name}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax`);
}

/** Of our sealed cookies, those to delete so that one more fits: unreadable ones first, then the oldest. */
export function crowdedOut(
  key: Buffer,
  own: ReadonlyMap<string, string>,
  system: string,
  now: number,
): string[] {
  const names = [...own.keys()].filter((name) => name.startsWith(wantedPrefix));
  if (names.length < limits.wantedCookies) return [];
  const aged = names.map((name) => ({
    name,
    at: unseal(key, name.slice(wantedPrefix.length), own.get(name) ?? '', system, now)?.at ?? 0,
  }));
  aged.sort((a, b) => a.at - b.at);
  return aged.slice(0, names.length - limits.wantedCookies + 1).map(({ name }) => name);
}
