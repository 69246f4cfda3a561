/**
 * Reads a request target as the exact bytes that will be forwarded. Refuses what no origin server should get, and
 * marks as ambiguous every path that two servers could read differently, so that rules about paths are never applied
 * to one of several readings. Decodes nothing twice and normalises nothing.
 */

export interface Target {
  /** As received, before `?`. */
  readonly path: string;
  /** As received, after `?`; undefined when there is none. */
  readonly query: string | undefined;
  /** Decoded once; a trailing slash is a last empty segment; `/` has none. Only meaningful when not ambiguous. */
  readonly segments: readonly string[];
  /** Two servers could disagree about which resource this is. */
  readonly ambiguous: boolean;
}

/** Why a target is refused before any rule is looked at. */
export interface RefusedTarget {
  readonly refuse: 'bad_request';
  /** In English, without any part of the target. */
  readonly detail: string;
}

/** Longest target that is looked at, in bytes; more is refused. */
export const longestTarget = 8192;

/**
 * Takes the raw request target. Refused: anything but origin form (RFC 9112 section 3.2.1), `#`, bytes outside
 * visible ASCII, a backslash in the path. A query may hold any other visible ASCII, as browsers send it.
 */
export function parseTarget(rawTarget: string): Target | RefusedTarget {
  if (rawTarget.length > longestTarget) return refused('the target is too long');
  if (rawTarget.charCodeAt(0) !== SLASH) return refused('the target does not start with a slash');
  let mark = -1;
  let plain = true;
  for (let at = 0; at < rawTarget.length; at++) {
    const code = rawTarget.charCodeAt(at);
    if (code <= 0x20 || code >= 0x7f) return refused('the target holds a byte outside visible ASCII');
    if (code === HASH) return refused('the target holds a fragment');
    if (mark >= 0) continue;
    if (code === QUESTION) mark = at;
    else if (code === BACKSLASH) return refused('the path holds a backslash');
    else if (code === PERCENT || code === SEMICOLON) plain = false;
  }
  const path = mark < 0 ? rawTarget : rawTarget.slice(0, mark);
  const query = mark < 0 ? undefined : rawTarget.slice(mark + 1);
  const { segments, ambiguous } = readSegments(path, plain);
  return { path, query, segments, ambiguous };
}

const SPACE = 0x20;
const HASH = 0x23;
const PERCENT = 0x25;
const DOT = 0x2e;
const SLASH = 0x2f;
const SEMICOLON = 0x3b;
const QUESTION = 0x3f;
const BACKSLASH = 0x5c;

function refused(detail: string): RefusedTarget {
  return { refuse: 'bad_request', detail };
}

function readSegments(path: string, plain: boolean): { segments: readonly string[]; ambiguous: boolean } {
  if (path === '/') return { segments: [], ambiguous: false };
  const raw = path.slice(1).split('/');
  const segments: string[] = [];
  let ambiguous = false;
  let left = raw.length;
  for (const segment of raw) {
    left -= 1;
    if (segment === '' && left > 0) ambiguous = true; // `//`
    if (isForFiles(segment)) ambiguous = true;
    const read = plain || !/[%;]/.test(segment) ? segment : decodeOnce(segment);
    if (read === undefined || (read !== segment && isForFiles(read))) ambiguous = true;
    segments.push(read ?? segment);
  }
  return { segments, ambiguous };
}

/**
 * A name that a file system reads as another one: `.` and `..` and, on Windows, longer rows of dots, streams
 * (`name::$DATA`) and short names (`ADMINI~1`).
 */
function isForFiles(segment: string): boolean {
  if (segment === '') return false;
  const first = segment.charCodeAt(0);
  if ((first === DOT || first === SPACE) && /^[. ]+$/.test(segment)) return true;
  const colon = segment.indexOf(':');
  if (colon >= 0 && segment.includes('$', colon)) return true;
  return segment.includes('~') && /~[0-9]/.test(segment);
}

/** The decoded segment, or undefined when servers are known to read it in more than one way. */
function decodeOnce(segment: string): string | undefined {
  if (segment.includes(';')) return undefined; // path parameters: kept by some servers, cut off by others
  let decoded: string;
  try {
    decoded = decodeURIComponent(segment);
  } catch {
    return undefined; // not percent-encoded UTF-8, so also overlong forms and `%u002e`
  }
  if (/%2e/i.test(segment) || hasTrap(decoded)) return undefined;
  // Compatibility forms such as a full-width slash, which "best fit" servers fold to the plain one.
  const folded = decoded.normalize('NFKC');
  if (folded !== decoded && (hasTrap(folded) || folded === '.' || folded === '..')) return undefined;
  return decoded;
}

/** Separators, controls and what is still percent-encoded after decoding once. */
function hasTrap(decoded: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return /[/\\;?#\u0000-\u001f\u007f-\u009f]|%[0-9a-f]{2}/i.test(decoded);
}

/** The one path on systems' hosts that is the gateway's own. */
export const ownPath = '/.consentry/';

/** Longer addresses would make a cookie that browsers do not keep. */
const longestPlace = 2_400;

/** Whether it is a path on a system's own host to which somebody may be led: no other host's, and never back into the gateway's pages. */
export function isPlace(path: string): boolean {
  if (path.length > longestPlace || path.startsWith('//') || path.startsWith(ownPath)) return false;
  return !('refuse' in parseTarget(path));
}
