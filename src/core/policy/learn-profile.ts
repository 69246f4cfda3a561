/**
 * Proposes a profile out of what one opening did: stored paths become templates, similar ones one template, each with
 * a label that a person can better. A method that may change something is proposed as a write, whatever it was taken
 * for; what was saved as a file, as a copy. Pure: lines in, text of a file out; the text passes `policy check`.
 */
import { stringify } from 'yaml';
import type { Text } from '../model.ts';
import { learnedLabel } from './learn-label.ts';
import { copyTypes } from './schema-profile.ts';

/** One exchange as the log knows it. */
export interface Seen {
  readonly method: string;
  /** `socket` and `asset` are told apart; see `Destination`. */
  readonly dest: string;
  /** As stored: segments, `*`, `*.pdf`, `:name`, and the keys of the query that may be stored. */
  readonly path: string;
  /** One of several assets that a line stands for together; it has no result. */
  readonly covered: boolean;
  /** Of the result; 0 when there was none. */
  readonly status: number;
  readonly type: string;
  readonly disposition: string;
  readonly outcome: string;
  readonly ms: number;
}

interface Learned {
  readonly segments: readonly string[];
  readonly kind: 'page' | 'static' | 'socket';
  readonly methods: ReadonlySet<string>;
  readonly operation: 'read' | 'write' | 'copy';
  readonly query: ReadonlySet<string>;
  readonly slow: boolean;
}

/** More siblings than this that are used alike are entries of one list, not pages of their own. */
const mostPages = 8;
const looks: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The text of `profiles/<name>.yaml`. */
export function learnProfile(application: Text, seen: readonly Seen[]): string {
  const routes = routesOf(seen).map((route) => `  - ${inline(toSource(route))}\n`);
  return [
    '# yaml-language-server: $schema=../schema.json#/$defs/profile\n',
    '# Proposed from recorded traffic. What was not visited is not here: a GET then reads, everything else writes. Better\n',
    '# the labels, which the client reads in its log, and keep `static` only where nothing of the client’s data is.\n',
    `application: ${inline(application)}\n\n`,
    routes.length === 0 ? 'routes: []\n' : `routes:\n${routes.join('')}`,
  ].join('');
}

/** One line. Texts are always quoted, so that none can be read as something else. */
function inline(value: object): string {
  const style = {
    collectionStyle: 'flow',
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
  } as const;
  return stringify(value, { ...style, lineWidth: 0 }).trim();
}

function toSource({ segments, kind, methods, operation, query, slow }: Learned): object {
  const named = operation === 'write' && kind === 'page';
  return {
    path: `/${segments.join('/')}`,
    ...(named ? { methods: [...methods].toSorted() } : {}),
    operation,
    ...(kind === 'page' ? {} : { [kind]: true }),
    ...(kind === 'static' ? {} : { label: learnedLabel(segments, kind === 'socket' ? 'socket' : operation) }),
    ...(query.size === 0 ? {} : { query: [...query].toSorted() }),
    ...(slow ? { idle_seconds: 3600 } : {}),
  };
}

function routesOf(seen: readonly Seen[]): readonly Learned[] {
  const answered = seen.filter(({ method, status }) => method !== 'OPTIONS' && status < 400);
  const readable = answered.flatMap((one) => {
    const segments = segmentsOf(one.path);
    return segments === undefined ? [] : [{ one, segments }];
  });
  const folders = staticFolders(readable);
  const routes = readable.map(({ one, segments }) => {
    const folder = folders.find((start) => startsWith(segments, start));
    return folder === undefined ? learned(one, segments) : staticRoute(folder);
  });
  const merged = grouped(merge(routes));
  return merged.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** Of a stored path without its keys; undefined when no template can say it. */
function segmentsOf(path: string): readonly string[] | undefined {
  const plain = path.split('?', 1)[0] ?? '';
  if (!plain.startsWith('/')) return undefined;
  const segments = plain === '/' ? [] : plain.slice(1).split('/');
  // A file by its extension alone would be every file.
  const named = segments.map((segment) => (segment === '*' || segment.startsWith('*.') ? ':id' : segment));
  const fits = named.every((segment, at) => {
    const last = at === named.length - 1;
    return segment === '' || segment === '**' ? last && at > 0 : literal.test(segment);
  });
  return fits && named.length <= 15 && named.join('/').length < 290 ? named : undefined;
}

const literal = /^(?::[a-z][a-z0-9_]{0,30}|(?!\.{1,2}$)[A-Za-z0-9_~!$'()+,=@.-]{1,100})$/;

function learned(one: Seen, segments: readonly string[]): Learned {
  const socket = one.dest === 'socket';
  return {
    segments,
    kind: socket ? 'socket' : 'page',
    methods: new Set([one.method === 'HEAD' ? 'GET' : one.method]),
    operation: socket || !looks.has(one.method) ? 'write' : isCopy(one) ? 'copy' : 'read',
    query: new Set(keysOf(one.path)),
    slow: one.type === 'text/event-stream' || one.ms > 120_000,
  };
}

function isCopy({ disposition, type, outcome }: Seen): boolean {
  return disposition === 'attachment' || outcome === 'withheld:copy_withheld' || copyTypes.includes(type);
}

function keysOf(path: string): readonly string[] {
  const at = path.indexOf('?');
  const keys = at < 0 ? [] : path.slice(at + 1).split('&');
  return keys.filter((key) => /^[A-Za-z_][A-Za-z0-9_.-]{0,40}$/.test(key));
}

interface Placed {
  readonly one: Seen;
  readonly segments: readonly string[];
}

const code = /^(?:text\/css|(?:text|application)\/(?:x-)?javascript|font\/.+|application\/(?:font.*|wasm))$/;
const picture = /^image\//;

/** The highest folders below which nothing but scripts, styles, fonts and their pictures was asked for. */
function staticFolders(seen: readonly Placed[]): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  const candidates = seen
    .filter(({ one }) => one.covered || code.test(one.type))
    .flatMap(({ segments }) => segments.slice(0, -1).map((_, at) => segments.slice(0, at + 1)))
    .toSorted((a, b) => a.length - b.length);
  for (const folder of candidates) {
    if (folder.some((segment) => segment.startsWith(':')) || found.some((known) => startsWith(folder, known)))
      continue;
    const inside = seen.filter(({ segments }) => startsWith(segments, folder));
    if (inside.every(({ one, segments }) => segments.length > folder.length && isAsset(one)))
      found.push(folder);
  }
  return found;
}

function isAsset(one: Seen): boolean {
  // An answer from the browser's own copy has no type.
  const harmless =
    one.covered || code.test(one.type) || picture.test(one.type) || (one.status === 304 && one.type === '');
  return (one.method === 'GET' || one.method === 'HEAD') && one.dest === 'asset' && harmless && !isCopy(one);
}

function staticRoute(folder: readonly string[]): Learned {
  const none = new Set<string>();
  return {
    segments: [...folder, '**'],
    kind: 'static',
    methods: none,
    operation: 'read',
    query: none,
    slow: false,
  };
}

function startsWith(segments: readonly string[], start: readonly string[]): boolean {
  return start.every((segment, at) => segments[at] === segment);
}

/** What makes two routes one: kind, shape of the path, and whether it looks or acts. */
function keyOf({ segments, kind, methods, operation }: Learned): string {
  const acts = kind === 'page' && operation === 'write' && !methods.has('GET');
  return `/${segments.map((segment) => (segment.startsWith(':') ? '*' : segment)).join('/')} ${kind} ${acts}`;
}

/** One route per key; of two operations the stricter: a write before a copy before a read. */
function merge(routes: readonly Learned[]): readonly Learned[] {
  const byKey = new Map<string, Learned>();
  for (const route of routes) {
    const known = byKey.get(keyOf(route));
    byKey.set(keyOf(route), known === undefined ? route : both(known, route));
  }
  return [...byKey.values()];
}

function both(a: Learned, b: Learned): Learned {
  const strict = (['write', 'copy', 'read'] as const).find(
    (one) => a.operation === one || b.operation === one,
  );
  return {
    ...a,
    methods: a.methods.union(b.methods),
    operation: strict ?? 'write',
    query: a.query.union(b.query),
    slow: a.slow || b.slow,
  };
}

/** Where many names stand side by side and are used alike, they are names of entries: one template for all of them. */
function grouped(routes: readonly Learned[]): readonly Learned[] {
  const deepest = Math.max(0, ...routes.map(({ segments }) => segments.length));
  let current = routes;
  // The first segment is a part of the application, never an entry.
  for (let at = 1; at < deepest; at += 1) {
    const alike = Map.groupBy(current, (route) => aroundKey(route, at));
    const next = [...alike].flatMap(([key, group]) =>
      key !== undefined && group.length > mostPages ? group.map((route) => generalised(route, at)) : group,
    );
    current = merge(next);
  }
  return current;
}

/** Everything about a route but its segment `at`; undefined when that is no literal. */
function aroundKey(route: Learned, at: number): string | undefined {
  const segment = route.segments[at];
  if (segment === undefined || segment === '' || segment === '**' || segment.startsWith(':'))
    return undefined;
  return `${keyOf(generalised(route, at))} ${route.operation} ${[...route.methods].toSorted().join(' ')}`;
}

function generalised(route: Learned, at: number): Learned {
  return { ...route, segments: route.segments.with(at, ':id') };
}
