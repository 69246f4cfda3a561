/**
 * Finds the route of a path among the templates of a profile, by walking its segments: no regular expression comes
 * from a policy file. The most specific template that takes the method wins, whatever the order in the file:
 * a literal before `*`, `*` before `**`, segment by segment.
 */
import type { Route } from './model.ts';

/** `exact`: as written. `loose`: as a server reads it that ignores case, trailing slashes, dots and spaces. */
export type Reading = 'exact' | 'loose';

interface Branch {
  readonly literals: Map<string, Branch>;
  one: Branch | undefined;
  readonly here: Route[];
  /** Routes whose `**` begins here. */
  readonly rest: Route[];
}

export interface RouteIndex {
  readonly exact: Branch;
  readonly loose: Branch;
}

/** Builds the index of a profile's routes once. */
export function indexRoutes(routes: readonly Route[]): RouteIndex {
  const index = { exact: emptyBranch(), loose: emptyBranch() };
  // Of two routes with one template, the one that says more about the request comes first.
  const ordered = routes.toSorted((a, b) => vagueness(a) - vagueness(b));
  for (const route of ordered) {
    plant(index.exact, route, route.segments);
    plant(index.loose, route, fold(route.segments));
    // A script is also asked for with more of a path behind its name: `/admin.php/x`.
    if (route.operation !== 'read' && route.segments.at(-1)?.includes('.') === true)
      plant(index.loose, route, [...fold(route.segments), '**']);
  }
  return index;
}

function vagueness({ when, methods }: Route): number {
  return (when === undefined ? 1_000 : -2 * when.has.length) + (methods === undefined ? 1 : 0);
}

/** The most specific route for the path among those that `takes` accepts. */
export function findRoute(
  index: RouteIndex,
  segments: readonly string[],
  reading: Reading,
  takes: (route: Route) => boolean,
): Route | undefined {
  return walk(index[reading], segments, 0, takes);
}

/** Does the route name this method, or take every one? A route for GET also answers HEAD. */
export function takesMethod(route: Route, method: string): boolean {
  if (route.methods === undefined || route.methods.includes(method)) return true;
  return method === 'HEAD' && route.methods.includes('GET');
}

/**
 * The paths that lenient servers could take this one for, each to be looked up as `loose`: names folded, and for some
 * without the script that all requests go through, or without the extension that stands for a format.
 */
export function looseReadings(segments: readonly string[]): readonly (readonly string[])[] {
  const folded = fold(segments);
  // Most paths have no dot, and then there is one reading only.
  if (!folded.some((segment) => segment.includes('.'))) return [folded];
  const script = folded.findIndex((segment) => scripts.test(segment));
  const behind = script >= 0 && script < folded.length - 1 ? [folded.slice(script + 1)] : [];
  return [folded, ...behind].flatMap((path) => {
    const last = path.at(-1) ?? '';
    const dot = last.lastIndexOf('.');
    return dot > 0 && last.length - dot <= 6 ? [path, [...path.slice(0, -1), last.slice(0, dot)]] : [path];
  });
}

const scripts = /\.(?:php[0-9]?|phtml|aspx?|ashx|jspx?|cgi|fcgi|pl|py|cfm)$/;

function emptyBranch(): Branch {
  return { literals: new Map(), one: undefined, here: [], rest: [] };
}

/** As servers fold names that ignore case, accents and width, and drop dots and spaces at the end of names. */
function fold(segments: readonly string[]): readonly string[] {
  const folded = segments.map(foldOne);
  return folded.at(-1) === '' ? folded.slice(0, -1) : folded;
}

function foldOne(segment: string): string {
  // Up and down again: some letters outside ASCII have a capital inside it.
  const lower = isAscii(segment)
    ? segment.toLowerCase()
    : segment
        .normalize('NFKD')
        .replaceAll(/[\p{M}\p{Cf}]/gu, '')
        .toUpperCase()
        .toLowerCase();
  let from = 0;
  let to = lower.length;
  while (from < to && isSpace(lower.charCodeAt(from))) from += 1;
  while (to > from && (isSpace(lower.charCodeAt(to - 1)) || lower.charCodeAt(to - 1) === DOT)) to -= 1;
  return from === 0 && to === lower.length ? lower : lower.slice(from, to);
}

const DOT = 0x2e;

/** A space, or the plus that some decode into one. */
function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x2b;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) >= 0x80) return false;
  return true;
}

function plant(root: Branch, route: Route, segments: readonly string[]): void {
  let branch = root;
  for (const segment of segments) {
    if (segment === '**') {
      branch.rest.push(route);
      return;
    }
    branch = step(branch, segment);
  }
  branch.here.push(route);
}

function step(branch: Branch, segment: string): Branch {
  if (segment === '*') {
    branch.one ??= emptyBranch();
    return branch.one;
  }
  const known = branch.literals.get(segment);
  if (known !== undefined) return known;
  const made = emptyBranch();
  branch.literals.set(segment, made);
  return made;
}

/** Depth is bounded by the templates, not by the path: at most two ways lead on from a segment. */
function walk(
  branch: Branch,
  segments: readonly string[],
  at: number,
  takes: (route: Route) => boolean,
): Route | undefined {
  const segment = segments[at];
  if (segment === undefined) return branch.here.find(takes) ?? branch.rest.find(takes);
  const literal = branch.literals.get(segment);
  const found = literal === undefined ? undefined : walk(literal, segments, at + 1, takes);
  if (found !== undefined) return found;
  const any =
    branch.one === undefined || segment === '' ? undefined : walk(branch.one, segments, at + 1, takes);
  return any ?? branch.rest.find(takes);
}
