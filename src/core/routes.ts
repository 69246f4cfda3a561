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
  // Of two routes with one template, the one that names its methods comes first.
  const ordered = routes.toSorted(
    (a, b) => Number(a.methods === undefined) - Number(b.methods === undefined),
  );
  for (const route of ordered) {
    plant(index.exact, route, route.segments);
    plant(index.loose, route, foldSegments(route.segments));
  }
  return index;
}

/** The most specific route for the path; sockets and ordinary requests have routes of their own. */
export function findRoute(
  index: RouteIndex,
  method: string,
  segments: readonly string[],
  upgrade: boolean,
  reading: Reading,
): Route | undefined {
  const wanted = reading === 'loose' ? foldSegments(segments) : segments;
  const takes = (route: Route) => route.socket === upgrade && takesMethod(route, method);
  return walk(index[reading], wanted, 0, takes);
}

function emptyBranch(): Branch {
  return { literals: new Map(), one: undefined, here: [], rest: [] };
}

/** Case and compatibility forms, and the trailing dots and spaces that Windows drops from names. */
function foldSegments(segments: readonly string[]): readonly string[] {
  const folded = segments.map((segment) =>
    segment
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[. ]{1,64}$/, ''),
  );
  return folded.at(-1) === '' ? folded.slice(0, -1) : folded;
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

function takesMethod(route: Route, method: string): boolean {
  if (route.methods === undefined || route.methods.includes(method)) return true;
  return method === 'HEAD' && route.methods.includes('GET');
}
