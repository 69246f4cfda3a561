/**
 * Codes that change every thirty seconds (RFC 6238: SHA-1, six digits, as every authenticator app makes them) and how their
 * secret is told to an app. Pure; whether a code was used before is for whoever keeps the secret.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** A secret in base 32, and a code that its app shows. */
export interface TotpProof {
  readonly secret: string;
  readonly code: string;
}

/** Somebody's codes were locked because too many were wrong. Epoch milliseconds; `until` is past or 0 when it is over. */
export interface CodeLock {
  readonly seat: string;
  readonly at: number;
  readonly until: number;
}

const hour = 3_600_000;
const locks = [hour / 4, hour, 4 * hour, 24 * hour];

/** How long codes are locked, milliseconds, after so many locks with no right code since: who guesses on gets ever fewer tries. */
export function lockAfter(before: number): number {
  return locks[Math.min(before, locks.length - 1)] ?? 24 * hour;
}

/** Bytes of a secret. */
export const totpBytes = 20;
/** Milliseconds that a code holds. */
const period = 30_000;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 base 32 without padding: how authenticator apps write secrets. */
export function toBase32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('');
}

/** The bytes of a base 32 text of ours; undefined when it is none, or of another length than a secret's. */
export function fromBase32(text: string): Buffer | undefined {
  if (!/^[A-Z2-7]{32}$/.test(text)) return undefined;
  const bits = [...text].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** The code of one time step, six digits. */
export function totpCode(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** The time step of an instant in epoch milliseconds. */
export function totpStep(now: number): number {
  return Math.floor(now / period);
}

/**
 * The time step that a code is of: this one, the one before or the one after, and later than `used`. Undefined: none. People
 * may write it with spaces. All three are always compared, so that the answer takes as long whichever it is.
 */
export function stepOfCode(secret: Uint8Array, typed: string, now: number, used: number): number | undefined {
  const code = typed.replace(/\s/g, '');
  if (!/^[0-9]{6}$/.test(code)) return undefined;
  const here = totpStep(now);
  const fits = [here - 1, here, here + 1].filter((step) =>
    timingSafeEqual(Buffer.from(totpCode(secret, step)), Buffer.from(code)),
  );
  return fits.find((step) => step > used);
}

/** The address that an authenticator app takes a secret from. `issuer`: the portal's host; `account`: whose it is there. */
export function totpAddress(issuer: string, account: string, secret: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;
}
