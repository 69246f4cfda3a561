/**
 * The copy gate: looks at the head of an answer, before its first byte, and says whether it may pass. A copy is what
 * a browser would save, what the profile names as an archive or dump, or more bytes than a page has. Pure; unknown
 * lengths are not trusted but counted.
 */
import type { Profile } from './model.ts';

/** The head of an answer, as the upstream sent it. */
export interface AnswerHead {
  /** Purpose, agreement and contract permit a copy here, so nothing is withheld: it is registered. */
  readonly permitted: boolean;
  /** The profile says that this route copies, whatever its answer looks like. Only asked for where a copy is permitted. */
  readonly copyRoute?: boolean;
  readonly profile: Profile;
  readonly status: number;
  /** `Content-Type` as sent, or undefined. */
  readonly type: string | undefined;
  /** `Content-Disposition` as sent, or undefined. */
  readonly disposition: string | undefined;
  /** `Content-Length`, or undefined when unknown. */
  readonly length: number | undefined;
  /** `Content-Range` as sent; a part whose whole is unknown is withheld. */
  readonly range?: string | undefined;
  /** `Content-Encoding` is set although none was asked for: nobody can tell how much is in it. */
  readonly encoded?: boolean;
  /** The answer to a HEAD has no body, so there is nothing to copy. */
  readonly head?: boolean;
}

export type Release =
  /** No copy. */
  | { readonly released: true }
  /** Length unknown: with more body bytes than this it is a copy. */
  | { readonly released: true; readonly countTo: number; readonly beyond: 'cut' | 'register' }
  | { readonly copy: true }
  | { readonly withheld: 'copy_withheld' };

const released: Release = { released: true };
const withheld: Release = { withheld: 'copy_withheld' };

/** Decides on one answer; see `AnswerHead`. */
export function release(answer: AnswerHead): Release {
  const { profile, status, length } = answer;
  if (answer.head === true || status === 204 || status === 304 || length === 0) return released;
  if (isCopy(answer)) return answer.permitted ? { copy: true } : withheld;
  if (length !== undefined) return released;
  return { released: true, countTo: profile.copy.bytes, beyond: answer.permitted ? 'register' : 'cut' };
}

/** Parts (206) are judged by their whole, so that slices add up to nothing. */
function isCopy(answer: AnswerHead): boolean {
  const { profile, status, length = 0 } = answer;
  if (answer.encoded === true) return true;
  if (answer.copyRoute === true && status >= 200 && status < 300) return true;
  if (profile.copy.attachments && isAttachment(answer.disposition)) return true;
  if (isCopyType(profile.copy.types, answer.type)) return true;
  const whole = status === 206 ? (wholeOf(answer.range) ?? Number.POSITIVE_INFINITY) : 0;
  return Math.max(whole, length) > profile.copy.bytes;
}

/** RFC 6266 section 4.2: a disposition that is not `inline` is to be treated as an attachment. */
function isAttachment(disposition: string | undefined): boolean {
  if (disposition === undefined || disposition.trim() === '') return false;
  return mediaToken(disposition) !== 'inline';
}

/** Types repeat, so the answers are kept per profile; a hostile upstream's inventions cannot fill the memory. */
const judged = new WeakMap<readonly string[], Map<string, boolean>>();
const judgedLimit = 200;

function isCopyType(patterns: readonly string[], type = ''): boolean {
  let mine = judged.get(patterns);
  if (mine === undefined) {
    mine = new Map();
    judged.set(patterns, mine);
  }
  const known = mine.get(type);
  if (known !== undefined) return known;
  const verdict = matchesType(patterns, type);
  if (mine.size < judgedLimit && type.length < 100) mine.set(type, verdict);
  return verdict;
}

/** Patterns are lower-case media types; `kind/*` stands for all of a kind. */
function matchesType(patterns: readonly string[], type: string): boolean {
  // Without a type it is bytes of any kind (RFC 9110 section 8.3).
  const token = type.trim() === '' ? 'application/octet-stream' : mediaToken(type);
  const kind = `${token.split('/', 1)[0] ?? ''}/*`;
  return patterns.some((pattern) => pattern === token || pattern === kind);
}

function mediaToken(value: string): string {
  return (value.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/** The complete length out of `bytes 0-99/12345` (RFC 9110 section 14.4); undefined when it is not told. */
function wholeOf(range: string | undefined): number | undefined {
  const digits = /^bytes \d{1,15}-\d{1,15}\/(\d{1,15})$/i.exec(range ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}
