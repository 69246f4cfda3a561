/**
 * Credentials on the way up: the one that a client handed over for its system is sent in place of whatever the browser sent
 * under that name; tokens of ours are known, so that they stay here.
 */
import type { Presented } from '../core/credential.ts';

/** Puts the credential's line in, after taking out lines of that name. */
export function addCredential(lines: string[], presented: Presented | undefined): void {
  if (presented?.header === undefined) return;
  const name = presented.header.toLowerCase();
  for (let i = lines.length - 2; i >= 0; i -= 2) {
    if (lines[i]?.toLowerCase() === name) lines.splice(i, 2);
  }
  lines.push(presented.header, presented.value);
}

/** The form of a token of ours, which programs of clients send to the portal. */
const ownToken = /cst_[A-Za-z0-9_-]{43}/;

/** Does an `Authorization` hold a token of ours, also as the password of `Basic`? */
export function holdsOwnToken(value: string): boolean {
  const basic = /^basic\s+(\S+)/i.exec(value)?.[1];
  return (
    ownToken.test(value) ||
    (basic !== undefined && ownToken.test(Buffer.from(basic, 'base64').toString('latin1')))
  );
}
