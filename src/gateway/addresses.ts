/**
 * One system's addresses, inside and outside: what its own server calls itself becomes the public host on the way down, and
 * the other way round on the way up. Only headers, and only addresses of this very system; whatever leads elsewhere stays
 * as it is, and bodies are never touched.
 */
import type { Snapshot, System } from '../core/model.ts';

/** Where an answer goes: the system, the host that the browser asked (with its port), and everybody else's hosts. */
export interface Place {
  readonly snapshot: Pick<Snapshot, 'hosts'>;
  readonly system: System;
  readonly host: string;
}

/** The `Host` that a system is asked under: the public one, its own, or the one that the policy names. */
export function upstreamHost({ upstream }: System, publicHost: string): string {
  if (upstream.host === 'public') return publicHost;
  return upstream.host === 'upstream' ? ownAuthority(upstream) : upstream.host;
}

/** `10.0.0.1:8080`, without a port that goes without saying. */
function ownAuthority({ origin, protocol }: System['upstream']): string {
  return origin.slice(protocol.length + 2);
}

interface Known {
  /** What the server may call itself. */
  readonly inner: ReadonlySet<string>;
  /** Its public hosts with their port -> as browsers write them. */
  readonly outer: ReadonlyMap<string, string>;
  /** `https:` or `http:`, as the browser sees it. */
  readonly scheme: string;
}

const known = new WeakMap<System, Known>();

function knownOf(system: System): Known {
  const found = known.get(system);
  if (found !== undefined) return found;
  const { upstream, hosts, publicOrigin } = system;
  const inner = new Set(withUsualPorts(ownAuthority(upstream)));
  if (upstream.host !== 'public' && upstream.host !== 'upstream')
    for (const name of withUsualPorts(upstream.host)) inner.add(name);
  const { protocol, port } = new URL(publicOrigin);
  const outer = new Map(
    hosts.flatMap((host) => {
      const authority = port === '' ? host : `${host}:${port}`;
      return withUsualPorts(authority).map((written): [string, string] => [written, authority]);
    }),
  );
  const made = { inner, outer, scheme: protocol };
  known.set(system, made);
  return made;
}

/** A server behind one that ends TLS often writes the other scheme's usual port, or none. */
function withUsualPorts(authority: string): readonly string[] {
  return /:\d+$/.test(authority) ? [authority] : [authority, `${authority}:80`, `${authority}:443`];
}

/** An address, split where its authority ends; undefined: it has none, or one with a user in it. */
function split(value: string): { readonly authority: string; readonly rest: string } | undefined {
  const parts = /^(?:https?:)?\/\/([^/?#\\@\s]+)(?:([/?#].*))?$/i.exec(value);
  return parts === null ? undefined : { authority: (parts[1] ?? '').toLowerCase(), rest: parts[2] ?? '' };
}

/** `Location` for the browser: the system's own name becomes the host that was asked; its public hosts get their scheme. */
export function downLocation(value: string, { system, host }: Place): string {
  const parts = split(value);
  if (parts === undefined) return value;
  const { inner, outer, scheme } = knownOf(system);
  const there = outer.get(parts.authority) ?? (inner.has(parts.authority) ? host : undefined);
  if (there === undefined) return value;
  return `${scheme}//${there}${parts.rest.startsWith('/') ? '' : '/'}${parts.rest}`;
}

/** `Access-Control-Allow-Origin` for the browser. */
export function downOrigin(value: string, { system, host }: Place): string {
  const parts = split(value);
  if (parts === undefined || parts.rest !== '' || value.startsWith('/')) return value;
  const { inner, scheme } = knownOf(system);
  return inner.has(parts.authority) ? `${scheme}//${host}` : value;
}

/**
 * Changes `Origin` and `Referer` in lines that go up to what they are called inside, where the system is not asked under
 * its public name: a server that compares them with its `Host` would take its own pages for somebody else's.
 */
export function originsUp(lines: string[], system: System): void {
  if (system.upstream.host === 'public') return;
  const { outer, scheme } = knownOf(system);
  for (let i = 0; i < lines.length; i += 2) {
    const name = lines[i] ?? '';
    if (!/^(?:origin|referer)$/i.test(name)) continue;
    const value = lines[i + 1] ?? '';
    const parts = split(value);
    const own = parts && outer.get(parts.authority);
    if (parts === undefined || own === undefined || !value.toLowerCase().startsWith(`${scheme}//`)) continue;
    lines[i + 1] = `${system.upstream.protocol}//${upstreamHost(system, own)}${parts.rest}`;
  }
}

/** Is this, out of an `Origin` or `Referer`, a page on one of the system's own hosts? */
export function isOwnPage(address: string | undefined, system: System): boolean {
  if (address === undefined) return false;
  const parts = split(address);
  const { outer, scheme } = knownOf(system);
  return parts !== undefined && outer.has(parts.authority) && address.startsWith(`${scheme}//`);
}

/**
 * May a cookie keep this `Domain`? Only one that is a host of the system, is above another of them, and is above no host of
 * another system: so the system's hosts share it, and nobody else.
 */
export function sharesOnlyOwn(domain: string, { snapshot, system, host }: Place): boolean {
  const name = domain.trim().replace(/^\./, '').toLowerCase();
  const under = `.${name}`;
  const here = host.replace(/:\d+$/, '');
  if (!system.hosts.includes(name) || (here !== name && !here.endsWith(under))) return false;
  if (!system.hosts.some((other) => other.endsWith(under))) return false;
  for (const [other, theirs] of snapshot.hosts) {
    const same = theirs.client === system.client && theirs.id === system.id;
    if (!same && other.endsWith(under)) return false;
  }
  return true;
}
