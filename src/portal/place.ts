/**
 * A place inside a system that a person names, by a link or a path: read from text that anybody may have written. Only
 * places on the system's own hosts exist here; where a link leads elsewhere, nothing is made of it.
 */
import type { AnySystem, Client, Snapshot, System } from '../core/model.ts';
import { isPlace } from '../core/paths.ts';
import { field } from './visit.ts';

export interface Place {
  /** One of the system's hosts, or empty: its first. */
  readonly host: string;
  /** Path and query, as a browser would send them. */
  readonly path: string;
  /** Without the `#`. */
  readonly fragment: string;
}

/** A system at its client. */
export interface Known {
  readonly client: Client;
  readonly system: AnySystem;
}

const longestFragment = 1024;

/** Kept as the browser sent it, without the `#`; nothing that could end an address early. */
export function readFragment(raw: string): string {
  const text = raw.startsWith('#') ? raw.slice(1) : raw;
  return text.length <= longestFragment && /^[\x21-\x7e]*$/.test(text) ? text : '';
}

/** The fields `to h fragment` of a form. Undefined: there is no place, or none that a host would seal. */
export function readPlace(source: unknown, system: System): Place | undefined {
  const path = field(source, 'to');
  if (!isPlace(path)) return undefined;
  const host = field(source, 'h');
  const fragment = readFragment(field(source, 'fragment'));
  return { host: system.hosts.includes(host) ? host : '', path, fragment };
}

/** What was pasted, as the web address it is; undefined: it is no address. Never throws. */
export function readLink(text: string): URL | undefined {
  const link = text.trim();
  if (/[\s\\]/.test(link)) return undefined;
  const full = /^https?:\/\//i.test(link);
  const bare = /^[\w-]+(?:\.[\w-]+)+(?::\d{1,5})?[/?#]/.test(link);
  if (!full && !bare) return undefined;
  const address = full ? link : `https://${link}`;
  return URL.canParse(address) ? new URL(address) : undefined;
}

/**
 * The place on a system that is wanted: a path, or an address on one of the system's hosts, below its public address or of the
 * server behind it.
 * Undefined: it leads elsewhere.
 */
export function placeOn(system: System, wanted: string): Place | undefined {
  if (wanted.includes('\\')) return undefined;
  if (wanted === '') return { host: '', path: '/', fragment: '' };
  const local = wanted.startsWith('/') && !wanted.startsWith('//');
  const url = local ? URL.parse(wanted, system.publicOrigin) : readLink(wanted.replace(/^\/\//, 'https://'));
  if (!url || (!local && !isOf(system, url))) return undefined;
  const host = !local && system.hosts.includes(url.hostname) ? url.hostname : '';
  const path = `${url.pathname}${url.search}`;
  return isPlace(path) ? { host, path, fragment: readFragment(url.hash) } : undefined;
}

/** The systems at an address: the one whose host it is, else those whose own server has it, as the client's people know it. */
export function systemsAt(snapshot: Snapshot, url: URL): readonly System[] {
  const served = snapshot.hosts.get(url.hostname);
  if (served !== undefined) return [served];
  return [...snapshot.clients.values()].flatMap((client) =>
    [...client.systems.values()].filter((system) => isOf(system, url)),
  );
}

function isOf(system: System, url: URL): boolean {
  const { hosts, upstream } = system;
  if (hosts.includes(url.hostname) || isBelowPublic(system, url)) return true;
  if (url.hostname === upstream.serverName) return true;
  const port = url.port === '' ? undefined : Number(url.port);
  return url.hostname === upstream.hostname && (port === undefined || port === upstream.port);
}

/** Whether an address lies below the one under which the client's own people know the system. */
function isBelowPublic({ publicUrl }: System, url: URL): boolean {
  const known = publicUrl === undefined ? null : URL.parse(publicUrl);
  if (known === null || known.host !== url.host) return false;
  const path = known.pathname.endsWith('/') ? known.pathname : `${known.pathname}/`;
  return `${url.pathname}/`.startsWith(path);
}

/**
 * The systems that words tell, best first: each word stands somewhere in the client's name or id, or in the system's names, id
 * or hosts. Of equals the order stays.
 */
export function searchSystems(words: string, known: readonly Known[]): readonly Known[] {
  const terms = folded(words)
    .split(/[\s/]+/)
    .filter(Boolean);
  if (terms.length === 0) return [];
  return known
    .map((one) => ({ one, text: folded(namesOf(one)) }))
    .filter(({ text }) => terms.every((term) => text.includes(term)))
    .map(({ one, text }) => ({ one, begins: terms.filter((term) => text.includes(` ${term}`)).length }))
    .sort((a, b) => b.begins - a.begins)
    .map(({ one }) => one);
}

function namesOf({ client, system }: Known): string {
  const served = client.systems.get(system.id);
  const hosts = [...(served?.hosts ?? []), served?.publicUrl ?? ''];
  return ` ${[client.name, client.id, system.name.en, system.name.fr, system.id, ...hosts].join(' ')}`;
}

/** Small letters without accents, so that nobody has to type them. */
function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
