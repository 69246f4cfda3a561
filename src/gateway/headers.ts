/**
 * Which header lines pass, both ways. Upwards: an allow-rule on names, minus what is hop-by-hop, forwarding,
 * identity or an override; ours are added last and once. Downwards: minus what could attack the browser or a
 * sibling system. Nothing here is ever taken from a library's event.
 */
import { headerNames, isPassingName, neverGoesUp } from '../core/header-names.ts';
import type { System } from '../core/model.ts';
import { readAccessLine, readAuthorization, type ToolRead } from '../core/tool.ts';
import { downLocation, downOrigin, originsUp, type Place, sharesOnlyOwn, upstreamHost } from './addresses.ts';
import { holdsOwnToken } from './credential.ts';

/** Visible ASCII, tab, space and Latin-1: what a field's value may hold (RFC 9110, section 5.5). */
export const passingValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Names that never come down. `date` and framing are written by Node itself. */
const neverDown = headerNames(`
  connection keep-alive proxy-connection proxy-authenticate proxy-authorization te trailer
  transfer-encoding upgrade alt-svc clear-site-data service-worker-allowed strict-transport-security
  public-key-pins x-powered-by server via x-accel-redirect x-sendfile cache-control pragma expires age
  refresh nel report-to reporting-endpoints accept-ch link-template cdn-cache-control
  cloudflare-cdn-cache-control surrogate-control x-accel-expires set-login use-as-dictionary
  speculation-rules
  sourcemap x-consentry
`);

/** The cookies the gateway owns on system hosts; they never reach an upstream, nor may it set them. */
export const sessionCookie = '__Host-consentry';
export const ownCookie = /^__Host-consentry(?:$|-)/;

/** May a line of this name go up? Names repeat, so the answers are kept; strangers' names cannot fill the memory. */
function mayGoUp(name: string): boolean {
  const known = judged.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  const verdict = isPassingName(name) && !neverGoesUp(lower);
  if (judged.size < 1_000) judged.set(name, verdict);
  return verdict;
}

const judged = new Map<string, boolean>();

/** The request's header lines that may go up, or the fault that makes the request unforwardable. */
export interface UpHeaders {
  readonly lines: string[];
  /** Values of cookies that are the gateway's own, by name; a repeated name is a fault. */
  readonly own: ReadonlyMap<string, string>;
  /** The credential of a tool. It is in none of the lines. */
  readonly tool: string | undefined;
}

/**
 * Reads raw header lines (`[name, value, …]`) once. Answers the lines that pass and our own cookies apart; `Authorization`
 * passes only with `ownSignIn`, where the profile lets the application's own sign-in pass, and never with a token of ours.
 * `undefined`: the request cannot be forwarded as it stands (control characters, a cookie of ours twice, a tool's credential
 * twice or where it cannot be read).
 */
export function upHeaders(
  raw: readonly string[],
  connectionTokens: ReadonlySet<string>,
  ownSignIn: boolean,
): UpHeaders | undefined {
  const lines: string[] = [];
  const own = new Map<string, string>();
  let cookies = '';
  let tool: string | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? '';
    const value = raw[i + 1] ?? '';
    if (!passingValue.test(value)) return undefined;
    if (name.length === 6 && name.toLowerCase() === 'cookie') {
      const rest = splitCookies(value, own);
      if (rest === undefined) return undefined;
      if (rest !== '') cookies = cookies === '' ? rest : `${cookies}; ${rest}`;
      continue;
    }
    const authorizes = name.length === 13 && name.toLowerCase() === 'authorization';
    const read = authorizes ? readAuthorization(value) : toolIn(name, value);
    if (read === 'unfit' || (read !== undefined && tool !== undefined)) return undefined;
    if (read !== undefined) {
      tool = read.secret;
      continue;
    }
    if (authorizes && (!ownSignIn || holdsOwnToken(value))) continue;
    if (!mayGoUp(name)) continue;
    if (connectionTokens.size > 0 && connectionTokens.has(name.toLowerCase())) continue;
    lines.push(name, value);
  }
  if (cookies !== '') lines.push('Cookie', cookies);
  return { lines, own, tool };
}

/** The tool's credential that a line of our own name holds. */
function toolIn(name: string, value: string): ToolRead {
  return name.length === 16 && name.toLowerCase() === 'consentry-access' ? readAccessLine(value) : undefined;
}

/** Takes our cookies out of one Cookie value. `undefined`: one of ours stands there twice. */
function splitCookies(value: string, own: Map<string, string>): string | undefined {
  if (!value.includes('__Host-consentry')) return value;
  const rest: string[] = [];
  for (const part of value.split(';')) {
    const pair = part.trim();
    const eq = pair.indexOf('=');
    const name = eq < 0 ? pair : pair.slice(0, eq).trim();
    if (!ownCookie.test(name)) {
      if (pair !== '') rest.push(pair);
      continue;
    }
    if (own.has(name)) return undefined;
    own.set(name, eq < 0 ? '' : pair.slice(eq + 1).trim());
  }
  return rest.join('; ');
}

/** The value of the one line of this name; undefined when there is none, or more than one. */
export function onlyValue(lines: readonly string[], name: string): string | undefined {
  const wanted = name.toLowerCase();
  let found: string | undefined;
  for (let i = 0; i < lines.length; i += 2) {
    if (lines[i]?.toLowerCase() !== wanted) continue;
    if (found !== undefined) return undefined;
    found = lines[i + 1];
  }
  return found;
}

/** Takes `Accept-Encoding` out: an answer that may not be a copy is asked for as it is, so that its size is its size. */
export function withoutEncoding(lines: string[]): string[] {
  for (let i = 0; i < lines.length; i += 2) {
    const name = lines[i] ?? '';
    if (name.length === 15 && name.toLowerCase() === 'accept-encoding') lines.splice(i, 2);
  }
  return lines;
}

/** The names that a Connection header declares hop-by-hop. */
export function connectionTokens(value: string | undefined): ReadonlySet<string> {
  if (value === undefined || value === 'keep-alive' || value === 'close') return none;
  return new Set(value.split(',').map((token) => token.trim().toLowerCase()));
}

const none: ReadonlySet<string> = new Set();

/** Our own lines, added last: Host as the policy says, where the request came from, and the assertion. */
export function addOurs(
  lines: string[],
  from: {
    readonly host: string;
    readonly scheme: string;
    readonly address: string;
    readonly assertion: string;
    readonly request: string;
  },
  system: System,
): void {
  originsUp(lines, system);
  lines.push(
    'Host',
    upstreamHost(system, from.host),
    'X-Forwarded-For',
    from.address,
    'X-Forwarded-Proto',
    from.scheme,
    'X-Forwarded-Host',
    from.host,
    'X-Forwarded-Port',
    portOf(from.host, from.scheme),
    'Consentry-Assertion',
    from.assertion,
    'Consentry-Request',
    from.request,
  );
}

function portOf(host: string, scheme: string): string {
  const colon = host.lastIndexOf(':');
  if (colon >= 0) return host.slice(colon + 1);
  return scheme === 'https' ? '443' : '80';
}

/** What `release` and the log need to know of an answer's head, and the lines that may go down. */
export interface DownHeaders {
  readonly lines: string[];
  readonly type: string;
  readonly disposition: string;
  /** Declared length of the body, if one was declared. */
  readonly length: number | undefined;
  /** `Content-Range` of a part. */
  readonly range: string | undefined;
  readonly encoded: boolean;
  /** The end of the file's name that `Content-Disposition` gives, when it is short and plain. */
  readonly extension: string | undefined;
  /** The system asked for a credential; whether that is in the lines is `mayAsk`. */
  readonly challenged: boolean;
}

/**
 * Filters an upstream's raw header lines. What is about credentials passes only with `mayAsk`: a challenge would ask the
 * technician for a secret that nobody here may have. `undefined`: a line that must stand once stands twice, which is answered
 * with 502.
 */
export function downHeaders(
  raw: readonly string[],
  place: Place,
  keepCaching: boolean,
  mayAsk: boolean,
): DownHeaders | undefined {
  const lines: string[] = [];
  let type = '';
  let disposition = '';
  let extension: string | undefined;
  let length: number | undefined;
  let range: string | undefined;
  let encoded = false;
  let challenged = false;
  const hop = connectionTokens(rawValue(raw, 'connection'));
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? '';
    const value = raw[i + 1] ?? '';
    const meaning = meaningOf(name);
    if (meaning === 'dropped' || (hop.size > 0 && hop.has(name.toLowerCase()))) continue;
    let passed: string | undefined = value;
    switch (meaning) {
      case 'content-length':
        length = Number(value);
        break;
      case 'content-type':
        if (type !== '') return undefined;
        type = firstToken(value);
        break;
      case 'content-disposition':
        if (disposition !== '') return undefined;
        disposition = firstToken(value);
        extension = extensionOf(value);
        break;
      case 'content-range':
        range = value;
        break;
      case 'content-encoding':
        encoded = value.trim().toLowerCase() !== 'identity';
        break;
      case 'set-cookie':
        passed = downCookie(value, place);
        break;
      case 'location':
      case 'content-location':
        passed = downLocation(value, place);
        break;
      case 'access-control-allow-origin':
        passed = downOrigin(value, place);
        break;
      case 'www-authenticate':
        challenged = true;
        if (!mayAsk) passed = undefined;
        break;
      case 'authentication-info':
      case 'proxy-authentication-info':
        if (!mayAsk) passed = undefined;
        break;
      case 'plain':
    }
    if (passed !== undefined) lines.push(name, passed);
  }
  lines.push('Cache-Control', keepCaching ? 'private, no-cache' : 'no-store');
  return { lines, type, disposition, length, range, encoded, extension, challenged };
}

function extensionOf(disposition: string): string | undefined {
  return /\.([A-Za-z0-9]{1,8})["';\s]*$/.exec(disposition.slice(-40))?.[1]?.toLowerCase();
}

const meaningful = [
  'content-length',
  'content-type',
  'content-disposition',
  'content-range',
  'content-encoding',
  'set-cookie',
  'location',
  'content-location',
  'access-control-allow-origin',
  'www-authenticate',
  'authentication-info',
  'proxy-authentication-info',
] as const;

/** What a line of an answer is by its name: looked at, passed as it is, or dropped. */
type Meaning = (typeof meaningful)[number] | 'plain' | 'dropped';

/** Names repeat, so what they mean is kept; a hostile upstream's inventions cannot fill the memory. */
const meanings = new Map<string, Meaning>();
const meaningsLimit = 1_000;

function meaningOf(name: string): Meaning {
  const known = meanings.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  const dropped = !isPassingName(name) || neverDown.has(lower) || lower.startsWith('consentry-');
  const meaning = dropped ? 'dropped' : (meaningful.find((one) => one === lower) ?? 'plain');
  if (meanings.size < meaningsLimit && name.length < 100) meanings.set(name, meaning);
  return meaning;
}

/** `text/html; charset=utf-8` -> `text/html` */
function firstToken(value: string): string {
  const end = value.indexOf(';');
  return (end < 0 ? value : value.slice(0, end)).trim().toLowerCase();
}

/** Drops `Domain` so that a cookie stays with the system's own hosts, and drops cookies that carry a name of ours. */
function downCookie(value: string, place: Place): string | undefined {
  const parts = value.split(';');
  const name = parts[0]?.split('=', 1)[0]?.trim() ?? '';
  // A cookie without a name is read by some as one whose name is its value.
  if (name === '' || /^__(?:Host|Secure)-consentry/i.test(name)) return undefined;
  return parts
    .filter((part, i) => {
      const domain = i === 0 ? null : /^\s*domain\s*(?:=(.*))?$/i.exec(part);
      return domain === null || sharesOnlyOwn(domain[1] ?? '', place);
    })
    .join(';');
}

function rawValue(raw: readonly string[], wanted: string): string | undefined {
  for (let i = 0; i < raw.length; i += 2) {
    if (raw[i]?.length === wanted.length && raw[i]?.toLowerCase() === wanted) return raw[i + 1];
  }
  return undefined;
}
