/**
 * Sends up the credential that a client handed over for its system, in place of whatever the browser sent under that name, and
 * keeps what the system says about it from the browser: a challenge would ask the technician for a secret that nobody
 * here may have.
 */
import type { Presented } from '../core/credential.ts';
import type { System } from '../core/model.ts';

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

/**
 * Takes `Authorization` out of what a browser sends up, unless the profile lets the application's own sign-in pass. A token
 * of ours stays here in any case, also as the password of `Basic`.
 */
export function withoutAuthorization(lines: string[], { profile }: System): void {
  for (let i = lines.length - 2; i >= 0; i -= 2) {
    const name = lines[i] ?? '';
    if (name.length !== 13 || name.toLowerCase() !== 'authorization') continue;
    if (profile.passAuthorization !== true || holdsOurs(lines[i + 1] ?? '')) lines.splice(i, 2);
  }
}

function holdsOurs(value: string): boolean {
  const basic = /^basic\s+(\S+)/i.exec(value)?.[1];
  return (
    ownToken.test(value) ||
    (basic !== undefined && ownToken.test(Buffer.from(basic, 'base64').toString('latin1')))
  );
}

const aboutCredentials = /^(?:www-authenticate|authentication-info|proxy-authentication-info)$/i;

/**
 * Takes out of an answer's lines what is about the credential we sent. Answers whether the system refused it: 401 with a
 * challenge. A 401 without one is the application's own word and passes.
 */
export function hideChallenge(status: number, lines: string[]): boolean {
  let challenged = false;
  for (let i = lines.length - 2; i >= 0; i -= 2) {
    const name = lines[i] ?? '';
    if (!aboutCredentials.test(name)) continue;
    challenged ||= name.toLowerCase() === 'www-authenticate';
    lines.splice(i, 2);
  }
  return challenged && status === 401;
}
