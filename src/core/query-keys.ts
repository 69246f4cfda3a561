/**
 * The keys of a query or form, as servers read them: which there are, and whether one of them lets a framework take
 * another method than the request line says. Values are never looked at, nothing is kept.
 */

const plainName = /^[A-Za-z0-9_.-]{1,100}$/;

/**
 * The names of all keys; what stands in brackets is left out (`where[0][op]` is `where`). Undefined when servers could
 * read the keys in more than one way: `;` between pairs, unusual characters, percent-encoding that is broken.
 */
export function queryNames(query: string | undefined): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  if (query === undefined) return names;
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const key = decoded(pair.split('=', 1)[0] ?? '');
    if (key === undefined || key.includes(';') || pair.includes(';')) return undefined;
    const bracket = key.indexOf('[');
    const name = bracket < 0 ? key : key.slice(0, bracket);
    if (!plainName.test(name)) return undefined;
    names.add(name);
  }
  return names;
}

/** By which keys frameworks are told another method, folded as below. */
const overriding: ReadonlySet<string> = new Set([
  '_method',
  '__method',
  '_http_method',
  '_httpmethod',
  '$httpmethod',
  'http_method_override',
  'x_http_method',
  'x_http_method_override',
  'x_method_override',
]);

/** A key that is worth decoding. */
const suspect = /(?:^|[&;])[^=&;]*(?:%|method)/i;

/** Could a framework read another method out of the keys of this query or form? True when in doubt. */
export function namesMethod(text: string | undefined): boolean {
  if (text === undefined || !suspect.test(text)) return false;
  return text.split(/[&;]/).some((pair) => {
    const key = decoded(pair.split('=', 1)[0] ?? '');
    return key === undefined || isOverride(key);
  });
}

/** Is this the key of a method, in any of the ways that servers fold keys? */
export function isOverride(key: string): boolean {
  const name = key.normalize('NFKC').toLowerCase().trimStart().split(/[[\0]/, 1)[0] ?? '';
  return overriding.has(name.replaceAll(/[-. ]/g, '_'));
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
