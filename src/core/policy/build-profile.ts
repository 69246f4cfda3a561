/**
 * Makes a profile out of its file. A route that names no methods gets only those that its operation is safe for, so
 * that "read" on a path never turns a POST into a read by accident.
 */
import { neverGoesUp } from '../header-names.ts';
import type { Peek, Profile, Route } from '../model.ts';
import type { Complaints } from './complaints.ts';
import type { ParsedFile } from './parse.ts';
import type { ProfileFile } from './schema-profile.ts';

type RouteSource = ProfileFile['routes'][number];

/** The profile; what contradicts itself in it is added to `complaints`. */
export function buildProfile(id: string, file: ParsedFile<ProfileFile>, complaints: Complaints): Profile {
  const { copy, idle_seconds, routes: sources } = file.content;
  const routes = sources.map(buildRoute);
  const taken = new Set<string>();
  for (const [index, source] of sources.entries()) {
    for (const message of contradictions(source)) complaints.add(file, ['routes', index], message);
    for (const key of keysOf(routes[index])) {
      if (taken.has(key))
        complaints.add(file, ['routes', index, 'path'], 'another route already takes this path and method');
      taken.add(key);
    }
  }
  checkListed(file, routes, complaints);
  if (file.content.connection_bound && !file.content.pass_authorization)
    complaints.add(file, ['connection_bound'], 'without pass_authorization nobody signs in on a connection');
  return { id, routes, copy, idleSeconds: idle_seconds, ...passesOf(file.content) };
}

/** What of the application passes that otherwise would not. */
function passesOf(content: ProfileFile): Partial<Profile> {
  const { between_hosts, pass_authorization, connection_bound, callbacks, service_workers } = content;
  return {
    ...(between_hosts ? { betweenHosts: true } : {}),
    ...(pass_authorization ? { passAuthorization: true } : {}),
    ...(connection_bound ? { connectionBound: true } : {}),
    ...(callbacks.length > 0 ? { callbacks } : {}),
    ...(service_workers.length > 0 ? { serviceWorkers: service_workers } : {}),
  };
}

/** What is listed for callbacks and service workers has a route of its own that only reads, told by path and method alone. */
function checkListed(file: ParsedFile<ProfileFile>, routes: readonly Route[], complaints: Complaints): void {
  for (const [key, method] of [
    ['callbacks', 'POST'],
    ['service_workers', 'GET'],
  ] as const) {
    for (const [index, path] of file.content[key].entries()) {
      const fits = routes.some(
        ({ template, methods, operation, socket, query, when, peek }) =>
          template === path &&
          methods?.includes(method) === true &&
          operation === 'read' &&
          !socket &&
          query.length === 0 &&
          when === undefined &&
          peek === undefined,
      );
      if (!fits)
        complaints.add(
          file,
          [key, index],
          `there must be a route with this path that takes ${method}, reads, and has no query, when or peek`,
        );
    }
  }
}

function buildRoute(source: RouteSource): Route {
  return {
    template: source.path,
    segments: source.path === '/' ? [] : source.path.slice(1).split('/').map(toSegment),
    methods: source.methods ?? usualMethods(source),
    operation: source.operation,
    label: source.label,
    static: source.static,
    socket: source.socket,
    query: source.query,
    when: source.when && { has: source.when.has, mayHave: source.when.may_have },
    peek: buildPeek(source.peek),
    idleSeconds: source.idle_seconds,
  };
}

/** Undefined as well when the source says too much or too little, which is a fault of its own. */
function buildPeek(source: RouteSource['peek']): Peek | undefined {
  if (source === undefined || peekFault(source) !== undefined) return undefined;
  const { header, pointer, select, reads = [] } = source;
  if (header !== undefined) return { header, reads };
  if (select !== undefined) return { select };
  return pointer === undefined ? { graphql: true } : { pointer, reads };
}

function peekFault({
  header,
  pointer,
  graphql,
  select,
  reads,
}: NonNullable<RouteSource['peek']>): string | undefined {
  const kinds = [header, pointer, graphql, select].filter((kind) => kind !== undefined);
  if (kinds.length !== 1) return 'a peek has one of header, pointer, graphql and select';
  if (header !== undefined && neverGoesUp(header.toLowerCase()))
    return `${header} never goes up to a system, so it cannot decide`;
  if (select !== undefined)
    return reads === undefined ? undefined : 'select takes no reads: what surely only reads is one';
  if (graphql === true) return reads === undefined ? undefined : 'graphql takes no reads: queries are reads';
  return reads === undefined ? 'reads is missing: the values that mean read' : undefined;
}

function toSegment(segment: string): string {
  return segment.startsWith(':') ? '*' : segment;
}

/** Undefined means every method: only a write may mean that. */
function usualMethods({
  operation,
  peek,
  socket,
  static: isStatic,
}: RouteSource): readonly string[] | undefined {
  if (socket) return ['GET'];
  if (peek !== undefined) return ['POST'];
  if (isStatic || operation === 'copy') return ['GET', 'HEAD'];
  return operation === 'read' ? ['GET', 'HEAD', 'OPTIONS'] : undefined;
}

/** Methods of which no route can say that they only read. */
const changing: ReadonlySet<string> = new Set([
  'PUT',
  'PATCH',
  'DELETE',
  'PROPPATCH',
  'MKCOL',
  'COPY',
  'MOVE',
  'LOCK',
  'UNLOCK',
]);

function contradictions(source: RouteSource): readonly string[] {
  const { static: isStatic, socket, operation, methods = [], peek } = source;
  const found: string[] = [];
  if (isStatic && operation !== 'read') found.push('a static route is a read');
  if (isStatic && socket) found.push('a socket is not static');
  if ((isStatic || socket) && methods.some((method) => method !== 'GET' && method !== 'HEAD'))
    found.push('static routes and sockets only take GET and HEAD');
  if (socket && operation === 'copy') found.push('a socket is a read or a write');
  const change = methods.find((method) => changing.has(method));
  if (change !== undefined && operation !== 'write') found.push(`${change} is a write`);
  if (peek === undefined) return found;
  const fault = peekFault(peek);
  if (fault !== undefined) found.push(fault);
  if (operation !== 'read') found.push('with a peek the operation is read: what it is when the peek says so');
  if (isStatic || socket) found.push('static routes and sockets are told by method and path, without a peek');
  if (
    !('header' in peek) &&
    methods.some((method) => method === 'GET' || method === 'HEAD' || method === 'OPTIONS')
  )
    found.push('a peek into the body needs a method that has one');
  return found;
}

/** Two routes collide when they take the same shape of path, kind of request and method. */
function keysOf(route: Route | undefined): readonly string[] {
  if (route === undefined) return [];
  const methods = route.methods ?? ['any'];
  const when = route.when === undefined ? '' : `?${route.when.has.toSorted().join('&')}`;
  return [...new Set(methods)].map(
    (method) => `${method} ${route.socket ? 'socket ' : ''}/${route.segments.join('/')}${when}`,
  );
}
