/**
 * Sessions of the command line: what `consentry login` gets once a technician confirmed its code in a browser. Each hangs on
 * that sign-in and ends with it. It opens no system; it declares, in the technician's name. Pure.
 */
import { hash } from 'node:crypto';
import type { Closing } from './commands.ts';

const minute = 60_000;

/** Milliseconds: of a code, and of a session without use and at most, as of a technician's portal session. */
export const commandLineLife = { code: 10 * minute, idle: 180 * minute, absolute: 720 * minute } as const;

/** Sessions that one sign-in may have; the oldest gives way. */
export const mostCommandLines = 5;

export interface CommandLine {
  readonly hash: string;
  /** The sign-in that it is of. */
  readonly login: string;
  /** What the machine called itself, and the address it came from; both as it said, neither proven. */
  readonly name: string;
  readonly address: string;
  readonly madeAt: number;
  readonly usedAt: number;
}

export type CommandLineCommand =
  /** Keeps a session of a sign-in that lives. No line: what is declared by it has lines. */
  | { readonly do: 'command-line'; readonly session: Omit<CommandLine, 'madeAt' | 'usedAt'> }
  | { readonly do: 'command-line-used'; readonly hash: string }
  /** With `session.closed` for whatever it opened that still runs. `closings`: what is known here of those. */
  | { readonly do: 'command-line-end'; readonly hash: string; readonly closings: readonly Closing[] };

/** Openings that ended with the command line that had declared them. */
export interface ClosedWith {
  readonly client: string;
  readonly epoch: number;
  readonly openings: readonly string[];
}

export interface CommandLineAnswers {
  /** `closedWith`: what an older one had opened, which gave way. */
  'command-line':
    | { readonly ok: true; readonly closedWith: readonly ClosedWith[] }
    | { readonly refused: 'signed_out' };
  'command-line-used': { readonly ok: boolean };
  'command-line-end': { readonly ended: boolean; readonly closedWith: readonly ClosedWith[] };
}

export interface CommandLineReader {
  /** The session with this hash, also when its time is over; undefined: there is none, or it was ended. */
  commandLine(hash: string): Promise<CommandLine | undefined>;
  /** Those of a sign-in, newest first. */
  commandLines(login: string): Promise<readonly CommandLine[]>;
}

/** Whether its time is over; that its sign-in ended is told elsewhere. */
export function isCommandLineOver(
  { madeAt, usedAt }: Pick<CommandLine, 'madeAt' | 'usedAt'>,
  { startedAt }: { readonly startedAt: number },
  now: number,
): boolean {
  const { idle, absolute } = commandLineLife;
  return now >= usedAt + idle || now >= Math.min(madeAt, startedAt) + absolute || madeAt > now + minute;
}

/** The secret of a session that 32 random bytes make. */
export function commandLineToken(random: Buffer): string {
  return `ccl_${random.toString('base64url')}`;
}

/** `Authorization: Bearer <token>`; undefined: it is none. */
export function readCommandLineToken(authorization: string | undefined): string | undefined {
  return /^Bearer (ccl_[A-Za-z0-9_-]{43})$/.exec(authorization ?? '')?.[1];
}

/** What is kept of a token, or of the code that a machine asks with: 256 random bits, so a plain hash tells nothing. */
export function secretHash(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

/** Consonants that are not mistaken for one another and spell no word (RFC 8628, section 6.1). */
const letters = 'BCDFGHJKLMNPQRSTVWXZ';
const length = 8;

/** A code for a person to type, evenly drawn; 32 random bytes are enough. */
export function userCode(random: Buffer): string {
  const even = [...random].filter((byte) => byte < 240).slice(0, length);
  if (even.length < length) throw new Error('too little randomness for a code');
  return even.map((byte) => letters[byte % letters.length]).join('');
}

/** `BCDF-GHJK` */
export function printUserCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

/** A code as somebody typed it: case, spaces and dashes do not matter. Undefined: no code looks like this. */
export function readUserCode(text: string): string | undefined {
  const code = text.toUpperCase().replace(/[\s-]/g, '');
  return code.length === length && [...code].every((letter) => letters.includes(letter)) ? code : undefined;
}

/** What a machine may call itself: one line that can be shown as it is. */
export function isMachineName(name: string): boolean {
  return name.length > 0 && name.length <= 80 && name.isWellFormed() && !/\p{C}/u.test(name);
}
