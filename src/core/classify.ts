/**
 * Says what a request is for its system: read, write or copy, under which route, wanted for what. Decides on exactly
 * the bytes that are forwarded; where a profile has rules, a path with more than one reading is refused. What a
 * profile does not list is a read when the method promises to change nothing, and a write otherwise.
 */
import type { Destination, Operation, Profile, Route } from './model.ts';
import type { Target } from './paths.ts';
import type { Classified } from './question.ts';
import type { Reason } from './reasons.ts';
import { findRoute, indexRoutes, type RouteIndex } from './routes.ts';
import { storedPath, withQueryKeys } from './stored-path.ts';

/** What the request's headers tell beside method and target. */
export interface Hints {
  readonly upgrade: boolean;
  /** `Sec-Fetch-Dest`. */
  readonly dest: string | undefined;
  readonly accept: string | undefined;
  /** The request has a body. */
  readonly body: boolean;
  /** `Content-Type` of the request. A body is only looked into when this says JSON. */
  readonly type: string | undefined;
  /** The body is compressed or otherwise encoded; it is not looked into. */
  readonly encoded?: boolean;
}

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']);
const readingMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Entries kept per profile; then the memory starts anew. A request costs a few microseconds more without it. */
const remembered = 2048;

interface Ruling {
  readonly route: Route | undefined;
  readonly operation: Operation;
  readonly template: string;
}

interface Prepared {
  readonly index: RouteIndex;
  readonly rulings: Map<string, Ruling>;
}

/** Profiles are immutable, so their index is made once and dropped with them. */
const prepared = new WeakMap<Profile, Prepared>();

/**
 * Classifies one request. `{refuse}` is `method_not_allowed` for methods nobody forwards (TRACE, CONNECT, unknown
 * ones) and `bad_request` for an ambiguous path under a profile with rules.
 */
export function classify(
  profile: Profile,
  method: string,
  target: Target,
  hints: Hints,
): Classified | { readonly refuse: Reason } {
  if (!methods.has(method)) return { refuse: 'method_not_allowed' };
  if (hints.upgrade && method !== 'GET') return { refuse: 'method_not_allowed' };
  if (target.ambiguous && profile.routes.length > 0) return { refuse: 'bad_request' };
  const { route, operation, template } = ruling(profile, method, target, hints.upgrade);
  // A query could say the opposite of the body, so a body only decides when there is none.
  const decisive = hints.body && !hints.encoded && target.query === undefined && isJson(hints.type);
  const peek = decisive ? route?.peek : undefined;
  // A route whose body decides is a write until its body has been read.
  const settled = route?.peek === undefined ? operation : 'write';
  return {
    operation: settled,
    template:
      route === undefined || route.query.length === 0
        ? template
        : withQueryKeys(template, target.query, route.query),
    label: route?.label,
    static: route?.static === true && settled === 'read',
    destination: destinationOf(method, hints, settled, route),
    idleSeconds: route?.idleSeconds ?? profile.idleSeconds,
    peek,
  };
}

function ruling(profile: Profile, method: string, target: Target, upgrade: boolean): Ruling {
  const kept = prepare(profile);
  const key = `${upgrade ? 'UPGRADE' : method} ${target.path}`;
  const known = kept.rulings.get(key);
  if (known !== undefined) return known;
  const found = rule(kept.index, method, target, upgrade);
  if (kept.rulings.size >= remembered) kept.rulings.clear();
  kept.rulings.set(key, found);
  return found;
}

function prepare(profile: Profile): Prepared {
  const known = prepared.get(profile);
  if (known !== undefined) return known;
  const made = { index: indexRoutes(profile.routes), rulings: new Map<string, Ruling>() };
  prepared.set(profile, made);
  return made;
}

/**
 * The route that matches exactly rules. But many servers ignore case and a trailing slash: a route that would match
 * such a server's reading may make the request stricter (write or copy instead of read), never milder.
 */
function rule(index: RouteIndex, method: string, target: Target, upgrade: boolean): Ruling {
  if (method === 'OPTIONS') return ruleOptions(index, target);
  const fallback: Operation = upgrade || !readingMethods.has(method) ? 'write' : 'read';
  const exact = findRoute(index, method, target.segments, upgrade, 'exact');
  const operation = exact?.operation ?? fallback;
  const loose = findRoute(index, method, target.segments, upgrade, 'loose');
  if (loose !== undefined && loose.operation !== 'read' && operation === 'read') {
    return { route: loose, operation: loose.operation, template: loose.template };
  }
  return { route: exact, operation, template: exact?.template ?? storedPath(target.path) };
}

const acting = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Many servers do not look at the method: OPTIONS is the strictest of what this path can do by any route. */
function ruleOptions(index: RouteIndex, target: Target): Ruling {
  const routes = acting.map((method) => findRoute(index, method, target.segments, false, 'loose'));
  const strict = routes.find(
    (route) => route !== undefined && (route.operation !== 'read' || route.peek !== undefined),
  );
  if (strict !== undefined)
    return {
      route: strict,
      operation: strict.peek === undefined ? strict.operation : 'write',
      template: strict.template,
    };
  const read = routes.find((route) => route !== undefined);
  return { route: read, operation: 'read', template: read?.template ?? storedPath(target.path) };
}

/** `application/json` or a `+json` type, in UTF-8: the one reading that the body is later given. */
function isJson(type: string | undefined): boolean {
  return (
    type !== undefined &&
    /^application\/(?:json|[a-z0-9.-]{1,60}\+json) *(?:; *charset *= *"?utf-8"? *)?$/i.test(type)
  );
}

const assetDestinations: ReadonlySet<string> = new Set([
  'audio',
  'audioworklet',
  'font',
  'image',
  'manifest',
  'paintworklet',
  'script',
  'sharedworker',
  'style',
  'track',
  'video',
  'worker',
  'xslt',
]);
const pageDestinations: ReadonlySet<string> = new Set(['document', 'iframe', 'frame', 'embed', 'object']);

function destinationOf(
  method: string,
  hints: Hints,
  operation: Operation,
  route: Route | undefined,
): Destination {
  if (hints.upgrade) return 'socket';
  if (operation === 'copy') return 'download';
  if (hints.body && isUpload(hints.type)) return 'upload';
  if (route?.static === true) return 'asset';
  if (hints.dest !== undefined && assetDestinations.has(hints.dest)) return 'asset';
  if (hints.dest !== undefined && pageDestinations.has(hints.dest)) return 'page';
  const asksForPage =
    method === 'GET' && hints.dest !== 'empty' && hints.accept?.includes('text/html') === true;
  return asksForPage ? 'page' : 'call';
}

/** A body that is neither a plain form nor structured text: a file. */
function isUpload(type: string | undefined): boolean {
  if (type === undefined) return false;
  const token = (type.split(';', 1)[0] ?? '').trim().toLowerCase();
  return token !== 'application/x-www-form-urlencoded' && !/[/+](?:json|xml|plain|graphql)$/.test(token);
}
