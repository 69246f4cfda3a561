/**
 * Says what a request is for its system: read, write or copy, under which route, wanted for what. Decides on exactly
 * the bytes that are forwarded; where a profile has rules, a path with more than one reading is refused. What a
 * profile does not list is a read when the method promises to change nothing, and a write otherwise.
 */

import { davMethods, plainMethods } from './methods.ts';
import type { Destination, Operation, Profile, Route } from './model.ts';
import type { Target } from './paths.ts';
import { namesMethod, queryNames } from './query-keys.ts';
import type { BodyPeek, Classified } from './question.ts';
import type { Reason } from './reasons.ts';
import { findRoute, indexRoutes, looseReadings, type RouteIndex, takesMethod } from './routes.ts';
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
  /** The value of a header line that goes up, or undefined when there is none or more than one of this name. */
  readonly header?: (name: string) => string | undefined;
}

const methods: ReadonlySet<string> = new Set(plainMethods);
const ofDav: ReadonlySet<string> = new Set(davMethods);
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
  /** Some route looks at the keys of the query. */
  readonly byQuery: boolean;
}

/** Profiles are immutable, so their index is made once and dropped with them. */
const prepared = new WeakMap<Profile, Prepared>();

/**
 * Classifies one request. `{refuse}` is `method_not_allowed` for methods nobody forwards (TRACE, CONNECT, unknown
 * ones, WebDAV's where no route names them) and `bad_request` for an ambiguous path under a profile with rules.
 */
export function classify(
  profile: Profile,
  method: string,
  target: Target,
  hints: Hints,
): Classified | { readonly refuse: Reason } {
  const dav = ofDav.has(method);
  if (!dav && !methods.has(method)) return { refuse: 'method_not_allowed' };
  if (hints.upgrade && method !== 'GET') return { refuse: 'method_not_allowed' };
  if (target.ambiguous && profile.routes.length > 0) return { refuse: 'bad_request' };
  const found = ruling(profile, method, target, hints.upgrade);
  const { route, template } = found;
  if (dav && route?.methods?.includes(method) !== true) return { refuse: 'method_not_allowed' };
  const { operation, peek } = settle(found, method, target, hints);
  return {
    operation,
    template:
      route === undefined || route.query.length === 0
        ? template
        : withQueryKeys(template, target.query, route.query),
    label: route?.label,
    static: route?.static === true && operation === 'read',
    destination: destinationOf(method, hints, operation, route),
    idleSeconds: route?.idleSeconds ?? profile.idleSeconds,
    peek,
  };
}

/** What the request is so far, and what is still to be looked for in its body; until then it is a write. */
function settle(
  { route, operation }: Ruling,
  method: string,
  target: Target,
  hints: Hints,
): { readonly operation: Operation; readonly peek: BodyPeek | undefined } {
  // A framework may take the method from the query, also on a GET.
  if (operation === 'write' || namesMethod(target.query)) return write;
  const peek = route?.peek;
  if (peek !== undefined && !('header' in peek)) {
    // A query could say the opposite of the body, so a body only decides when there is none.
    const decisive = hints.body && hints.encoded !== true && target.query === undefined;
    const fits = 'select' in peek ? hints.type !== undefined && isForm(hints.type) : isJson(hints.type);
    return decisive && fits ? { operation: 'write', peek } : write;
  }
  if (peek !== undefined && !peek.reads.includes(hints.header?.(peek.header) ?? '')) return write;
  if (!hints.body || readingMethods.has(method)) return { operation, peek: undefined };
  return settleBody(operation, hints);
}

const write = { operation: 'write', peek: undefined } as const;

/** A body whose request is no write by itself: it could still hold the key by which a framework takes the method. */
function settleBody(
  operation: Operation,
  { type, encoded }: Hints,
): { readonly operation: Operation; readonly peek: BodyPeek | undefined } {
  if (encoded === true || type === undefined) return write;
  if (isJson(type)) return { operation: 'write', peek: { overrides: 'json', operation } };
  if (isForm(type)) return { operation: 'write', peek: { overrides: 'form', operation } };
  return isPlainOrXml(type) ? { operation, peek: undefined } : write;
}

function ruling(profile: Profile, method: string, target: Target, upgrade: boolean): Ruling {
  const kept = prepare(profile);
  const names = kept.byQuery && target.query !== undefined ? queryNames(target.query) : noNames;
  const asked = kept.byQuery ? `?${names === undefined ? ';' : [...names].join('&')}` : '';
  const key = `${upgrade ? 'UPGRADE' : method} ${target.path}${asked}`;
  const known = kept.rulings.get(key);
  if (known !== undefined) return known;
  const found = rule(kept.index, { method, upgrade, names, target });
  if (kept.rulings.size >= remembered) kept.rulings.clear();
  kept.rulings.set(key, found);
  return found;
}

const noNames: ReadonlySet<string> = new Set();

function prepare(profile: Profile): Prepared {
  const known = prepared.get(profile);
  if (known !== undefined) return known;
  const byQuery = profile.routes.some(({ when }) => when !== undefined);
  const made = { index: indexRoutes(profile.routes), rulings: new Map<string, Ruling>(), byQuery };
  prepared.set(profile, made);
  return made;
}

/** What routes are asked about a request. */
interface Asked {
  readonly method: string;
  readonly upgrade: boolean;
  /** Keys of the query; undefined when they can be read in more than one way. */
  readonly names: ReadonlySet<string> | undefined;
  readonly target: Target;
}

/**
 * The route that matches exactly rules. But many servers ignore case and a trailing slash: a route that would match
 * such a server's reading may make the request stricter (write or copy instead of read), never milder.
 */
function rule(index: RouteIndex, asked: Asked): Ruling {
  const { method, target } = asked;
  if (method === 'OPTIONS') return ruleOptions(index, asked);
  const exact = findRoute(index, target.segments, 'exact', (route) => takes(route, asked));
  const operation = exact?.operation ?? unlisted(index, asked);
  const template = exact?.template ?? storedPath(target.path);
  if (operation === 'write') return { route: exact, operation, template };
  for (const reading of looseReadings(target.segments)) {
    const loose = findRoute(
      index,
      reading,
      'loose',
      // Where no route is meant, any that could be is looked for; else only the one that is the most specific.
      (route) => takes(route, asked) && (exact !== undefined || route.operation !== 'read'),
    );
    if (loose !== undefined && loose.operation !== 'read' && loose.operation !== operation)
      return { route: loose, operation: loose.operation, template: loose.template };
  }
  return { route: exact, operation, template };
}

function takes(route: Route, { method, upgrade, names }: Asked): boolean {
  if (route.socket !== upgrade || !takesMethod(route, method)) return false;
  const { when } = route;
  if (when === undefined) return true;
  if (names === undefined || !when.has.every((name) => names.has(name))) return false;
  return [...names].every((name) => when.has.includes(name) || when.mayHave.includes(name));
}

/**
 * What no route takes is a read when the method promises to change nothing. Not where a route says that something
 * beside method and path decides, and this request is not what it describes.
 */
function unlisted(index: RouteIndex, { method, upgrade, target }: Asked): Operation {
  if (upgrade || !readingMethods.has(method)) return 'write';
  const decides = ({ peek, when }: Route): boolean => peek !== undefined || when !== undefined;
  return looseReadings(target.segments).some(
    (reading) => findRoute(index, reading, 'loose', decides) !== undefined,
  )
    ? 'write'
    : 'read';
}

const acting = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/**
 * Many servers do not look at the method: OPTIONS is the strictest of what this path can do by any route. Unless a route says
 * what OPTIONS is, without GET beside it, and no other template takes this path.
 */
function ruleOptions(index: RouteIndex, asked: Asked): Ruling {
  const { target } = asked;
  const routes = looseReadings(target.segments).flatMap((reading) =>
    acting.map((method) => findRoute(index, reading, 'loose', (route) => takes(route, { ...asked, method }))),
  );
  const told = findRoute(
    index,
    target.segments,
    'exact',
    (route) => saysOptions(route) && takes(route, asked),
  );
  if (told !== undefined && routes.every((route) => (route?.template ?? told.template) === told.template))
    return { route: told, operation: told.operation, template: told.template };
  const decides = (route: Route): boolean => route.peek !== undefined || route.when !== undefined;
  const strict = routes.find(
    (route) => route !== undefined && (route.operation !== 'read' || decides(route)),
  );
  if (strict !== undefined) {
    const operation = decides(strict) ? 'write' : strict.operation;
    return { route: strict, operation, template: strict.template };
  }
  const read = routes.find((route) => route !== undefined);
  return {
    route: read,
    operation: unlisted(index, asked),
    template: read?.template ?? storedPath(target.path),
  };
}

function saysOptions({ methods }: Route): boolean {
  return methods?.includes('OPTIONS') === true && !methods.includes('GET');
}

/** `application/json` or a `+json` type, in UTF-8: the one reading that the body is later given. */
function isJson(type: string | undefined): boolean {
  return (
    type !== undefined &&
    /^application\/(?:json|[a-z0-9.-]{1,60}\+json) *(?:; *charset *= *"?utf-8"? *)?$/i.test(type)
  );
}

/** A plain form in UTF-8, as browsers and scripts send it. */
function isForm(type: string): boolean {
  return /^application\/x-www-form-urlencoded *(?:; *charset *= *"?utf-8"? *)?$/i.test(type);
}

/** Types that no framework takes a method from. */
function isPlainOrXml(type: string): boolean {
  return /^(?:text\/plain|(?:text|application)\/(?:[a-z0-9.-]{1,60}\+)?xml) *(?:;|$)/i.test(type);
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
