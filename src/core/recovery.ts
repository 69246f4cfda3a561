/**
 * Recovery codes: how somebody who lost their only passkey gets to make a new one. A code names the set it belongs to, so
 * that wrong ones can be counted, and holds a secret of 60 bits. Only hashes leave this file. Pure.
 */
import { hash } from 'node:crypto';

/** Crockford's base 32: no letter can be mistaken for a digit. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const setLength = 8;
const secretLength = 12;

/** How many codes a set has: some for paper, some for elsewhere. */
export const codesPerSet = 5;

/** Bytes of randomness that a set needs. */
export const recoveryBytes = setLength + codesPerSet * secretLength;

/** What is looked up and compared: the set by a hash of its name, the code by a hash of the whole. */
export interface RecoveryProof {
  readonly set: string;
  readonly code: string;
}

/** The codes of a new set out of random bytes, in groups of four. */
export function writeRecoveryCodes(random: Uint8Array): readonly string[] {
  const letters = (from: number, length: number) =>
    [...random.subarray(from, from + length)].map((byte) => alphabet[byte % alphabet.length]).join('');
  const set = letters(0, setLength);
  return Array.from({ length: codesPerSet }, (_, at) => {
    const secret = letters(setLength + at * secretLength, secretLength);
    return (`${set}${secret}`.match(/.{4}/g) ?? []).join('-');
  });
}

/** The proof in what somebody typed: small letters, spaces, O for 0, I and L for 1 are all right. */
export function recoveryProof(typed: string): RecoveryProof {
  const plain = typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  return {
    set: hash('sha256', `consentry recovery set\n${plain.slice(0, setLength)}`, 'base64url'),
    code: hash('sha256', `consentry recovery code\n${plain}`, 'base64url'),
  };
}
