/**
 * Sends up the credential that a client handed over for its system, in place of whatever the browser sent under that name, and
 * keeps what the system says about it from the browser: a challenge would ask the technician for a secret that nobody
 * here may have.
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
