/**
 * The first step of an exchange: from raw header lines to a system, or a refusal. Whatever the forwarder could
 * not send exactly as decided is refused here, before anything is looked up or written.
 */
import type { IncomingMessage } from 'node:http';
import { methodNames } from '../core/methods.ts';
import type { Snapshot, System } from '../core/model.ts';
import { parseTarget, type Target } from '../core/paths.ts';
import type { Reason } from '../core/reasons.ts';
import { connectionTokens, upHeaders } from './headers.ts';
import { randomId } from './ids.ts';

export interface Arrival {
  readonly id: string;
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  readonly snapshot: Snapshot;
  readonly system: System;
  /** As sent, lower case, with its port if one was sent. */
  readonly host: string;
  readonly scheme: 'http' | 'https';
  readonly method: string;
  /** Exactly the request target, which is exactly what will be forwarded. */
  readonly url: string;
  readonly target: Target;
  /** Header lines that may go up. */
  readonly lines: string[];
  /** Our own cookies. */
  readonly own: ReadonlyMap<string, string>;
  /** The credential of a tool, sent in place of our cookie. */
  readonly tool: string | undefined;
  readonly contentLength: number | undefined;
  readonly chunked: boolean;
  readonly upgrade: boolean;
}

/** A request that goes no further, before a system is known or because it could not be forwarded. */
export interface Unfit {
  readonly reason: Reason;
  /** For the operator's debug log; never shown, never stored. */
  readonly why: string;
}

const hostPattern = /^([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(?::([0-9]{1,5}))?$/;
const methods: ReadonlySet<string> = new Set(methodNames);
const bodiless = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The one strict parser of Host. Answers host name and port, or undefined when it is not exactly one plain name. */
export function parseHost(
  raw: readonly string[],
): { readonly name: string; readonly port: string | undefined; readonly value: string } | undefined {
  const line = hostLine(raw);
  return line === undefined ? undefined : plainHost(line);
}

/** The value of the Host line in lower case, whatever it is; undefined when there is none or more than one. */
export function hostLine(raw: readonly string[]): string | undefined {
  let found: string | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    if (raw[i]?.length !== 4 || raw[i]?.toLowerCase() !== 'host') continue;
    if (found !== undefined) return undefined;
    found = raw[i + 1]?.toLowerCase();
  }
  return found;
}

function plainHost(
  value: string,
): { readonly name: string; readonly port: string | undefined; readonly value: string } | undefined {
  const match = hostPattern.exec(value);
  if (match?.[1] === undefined || match[1].includes('..')) return undefined;
  return { name: match[1], port: match[2], value };
}

/** Is `authority`, out of an address in a header, one under which the system that the request is for is published? */
export function atSystem(
  authority: string,
  { snapshot, system, scheme }: Pick<Arrival, 'snapshot' | 'system' | 'scheme'>,
): boolean {
  const host = plainHost(authority.toLowerCase());
  return (
    host !== undefined &&
    snapshot.hosts.get(host.name) === system &&
    onPublishedPort(system, host.port, scheme)
  );
}

/** The port that a host must carry to be the one a system is published under. */
function publishedPort(system: System): string | undefined {
  const port = new URL(system.publicOrigin).port;
  return port === '' ? undefined : port;
}

const ports = new WeakMap<System, { readonly port: string | undefined }>();

function onPublishedPort(system: System, port: string | undefined, scheme: string): boolean {
  let published = ports.get(system);
  if (published === undefined) {
    published = { port: publishedPort(system) };
    ports.set(system, published);
  }
  return (
    published.port === port || (published.port === undefined && port === (scheme === 'https' ? '443' : '80'))
  );
}

/** Answers the arrival, or why the request is unfit. Pure apart from the request id. */
export function arrive(
  req: IncomingMessage,
  snapshot: Snapshot,
  scheme: 'http' | 'https',
  startedAt: number,
  upgrade: boolean,
): Arrival | Unfit {
  const raw = req.rawHeaders;
  if (req.httpVersion !== '1.1') return unfit('bad_request', 'HTTP version');
  const host = parseHost(raw);
  if (host === undefined) return unfit('bad_request', 'Host');
  const system = snapshot.hosts.get(host.name);
  if (system === undefined || !onPublishedPort(system, host.port, scheme))
    return unfit('unknown_system', 'host not served');
  const method = req.method ?? '';
  if (!methods.has(method)) return unfit('method_not_allowed', 'method');
  const url = req.url ?? '';
  const target = parseTarget(url);
  if ('refuse' in target) return unfit('bad_request', 'target');
  const framing = bodyFraming(req, method, upgrade);
  if ('why' in framing) return framing;
  if (repeatsSingleton(raw)) return unfit('bad_request', 'a line that may stand only once stands twice');
  const ownSignIn = system.profile.passAuthorization === true;
  const headers = upHeaders(raw, connectionTokens(req.headers.connection), ownSignIn);
  if (headers === undefined)
    return unfit('bad_request', 'header value, repeated cookie or a tool’s credential');
  return {
    id: randomId(),
    startedAt,
    snapshot,
    system,
    host: host.value,
    scheme,
    method,
    url,
    target,
    lines: headers.lines,
    own: headers.own,
    tool: headers.tool,
    contentLength: framing.contentLength,
    chunked: framing.chunked,
    upgrade,
  };
}

const singletons = new Set(['content-type', 'content-encoding', 'authorization', 'content-length', 'origin']);

/** Lines that servers read differently when they are repeated: first, last or joined. */
function repeatsSingleton(raw: readonly string[]): boolean {
  let seen = '';
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? '';
    // The names have 6, 12, 13, 14 or 16 characters; most lines are told by that.
    if (name.length < 6 || name.length > 16 || (name.length > 6 && name.length < 12)) continue;
    const lower = name.toLowerCase();
    if (!singletons.has(lower)) continue;
    if (seen.includes(`${lower} `)) return true;
    seen += `${lower} `;
  }
  return false;
}

/** How the body is framed, or why that is ambiguous. Node has refused the grossest cases already. */
function bodyFraming(
  req: IncomingMessage,
  method: string,
  upgrade: boolean,
): { contentLength: number | undefined; chunked: boolean } | Unfit {
  const length = req.headers['content-length'];
  const coding = req.headers['transfer-encoding'];
  if (coding !== undefined && (coding !== 'chunked' || length !== undefined))
    return unfit('bad_request', 'Transfer-Encoding');
  if (length !== undefined && !/^[0-9]{1,15}$/.test(length)) return unfit('bad_request', 'Content-Length');
  const contentLength = length === undefined ? undefined : Number(length);
  const hasBody = coding !== undefined || (contentLength ?? 0) > 0;
  if (hasBody && (upgrade || bodiless.has(method)))
    return unfit('bad_request', 'body on a request that has none');
  const expect = req.headers.expect;
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') return unfit('bad_request', 'Expect');
  return { contentLength, chunked: coding !== undefined };
}

function unfit(reason: Reason, why: string): Unfit {
  return { reason, why };
}
