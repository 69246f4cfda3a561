/**
 * Credentials of tools: what a program sends in place of the browser's cookie to work within one access. All have one form,
 * by which they are known wherever a program puts them, so that none goes up to a system, whether it still opens anything
 * or not. Pure.
 */

import { hash } from 'node:crypto';
import type { Opening } from './model.ts';

const prefix = 'ctool_';
const form = /^ctool_[A-Za-z0-9_-]{43}$/;

/** Live credentials that one access may have been given. */
export const mostTools = 5;

/** The access that a tool's credential was made for, and whether it still opens anything. */
export interface Tool {
  readonly opening: Opening;
  readonly live: boolean;
}

export type ToolRefusal = 'opening_ended' | 'too_many_tools';

/** The credential that 32 random bytes make. */
export function toolSecret(random: Buffer): string {
  return prefix + random.toString('base64url');
}

/** What is kept of a credential. It holds 256 random bits, so a plain hash tells nobody anything. */
export function toolHash(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

/**
 * What a header line says: the credential; undefined: it holds none of ours; `unfit`: it holds one in a way that cannot be
 * read, so that the request goes no further.
 */
export type ToolRead = { readonly secret: string } | 'unfit' | undefined;

/** `Consentry-Access: <credential>`; the name is ours, so anything else in it is unfit. */
export function readAccessLine(value: string): ToolRead {
  const secret = value.trim();
  return form.test(secret) ? { secret } : 'unfit';
}

/** `Authorization: Bearer <credential>`, or Basic with it as the password and anything as the user name. */
export function readAuthorization(value: string): ToolRead {
  const [, scheme = '', rest = ''] = /^([A-Za-z]+)[ \t]+(.*)$/.exec(value.trim()) ?? [];
  // Read more leniently than any server would: what might be ours must not go up.
  const plain = scheme.toLowerCase() === 'basic' ? Buffer.from(rest, 'base64').toString('latin1') : rest;
  if (!plain.includes(prefix) && !value.includes(prefix)) return undefined;
  const secret = scheme.toLowerCase() === 'basic' ? plain.slice(plain.lastIndexOf(':') + 1) : plain;
  const known = scheme.toLowerCase() === 'basic' ? plain.includes(':') : scheme.toLowerCase() === 'bearer';
  return known && form.test(secret) ? { secret } : 'unfit';
}
