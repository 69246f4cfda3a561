/**
 * Invitations to act for a client: a link and a code, of which each alone is worth nothing. Only hashes are kept; the
 * code's is taken together with the link, so that so short a code cannot be guessed from what is kept. Pure.
 */
import { hash } from 'node:crypto';
import type { InvitationProof } from './commands.ts';

/** Crockford's base 32: no letter can be mistaken for a digit. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeLength = 8;

/** How long an invitation holds, in milliseconds. */
export const invitationLife = 72 * 3_600_000;

/** How long somebody whom the provider invites beside those who sit, or sat, may not sign agreements: milliseconds. */
export const quarantine = 48 * 3_600_000;

/** Bytes of randomness that an invitation needs: those of its link, then those of its code. */
export const invitationBytes = 32 + codeLength;

/** Link token and code out of random bytes. The code is in two groups of four. */
export function writeInvitation(random: Uint8Array): { readonly link: string; readonly code: string } {
  const letters = [...random.subarray(32, invitationBytes)].map((byte) => alphabet[byte % alphabet.length]);
  const link = Buffer.from(random.subarray(0, 32)).toString('base64url');
  return { link, code: `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}` };
}

/** What is kept of the two, and compared. People may write a code in small letters, with spaces, and O for 0. */
export function invitationProof(link: string, code: string): InvitationProof {
  const plain = code
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  return {
    link: hash('sha256', `consentry link\n${link}`, 'base64url'),
    code: hash('sha256', `consentry code\n${link}\n${plain}`, 'base64url'),
  };
}
