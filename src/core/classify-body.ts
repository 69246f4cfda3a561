/**
 * Tells a read from a write by the body of a request, where a route asks for it: the value at a JSON pointer
 * (RFC 6901), a GraphQL document, a SQL statement in a form, or that no key names another method. Every doubt is a write: not UTF-8, not JSON,
 * too long, too deep, or two keys in one object that some server might take for the same.
 */
import { isQueryOnly } from './graphql-reads.ts';
import type { Operation } from './model.ts';
import { isObject, own } from './objects.ts';
import { isOverride, namesMethod } from './query-keys.ts';
import type { BodyPeek, Classified } from './question.ts';
import { isSelectOnly, onlyFormValue } from './sql-reads.ts';

/** Longest body that is read, in bytes. */
export const longestPeek = 65_536;

const deepestPeek = 64;

/** The classification once the whole body is known. The bytes are forwarded as they came; nothing is kept. */
export function classifyBody(peek: BodyPeek, body: Uint8Array, classified: Classified): Classified {
  const operation = body.length > longestPeek ? 'write' : said(peek, body);
  const destination = operation === 'copy' ? 'download' : classified.destination;
  return { ...classified, operation, destination, peek: undefined };
}

/** The classification of a body that is too long to be looked into. */
export function classifyUnread(classified: Classified): Classified {
  return { ...classified, operation: 'write', peek: undefined };
}

function said(peek: BodyPeek, body: Uint8Array): Operation {
  const text = decodeStrictly(body);
  if (text === undefined) return 'write';
  if ('overrides' in peek && peek.overrides === 'form') return namesMethod(text) ? 'write' : peek.operation;
  if ('select' in peek) return isSelectOnly(onlyFormValue(text, peek.select) ?? '') ? 'read' : 'write';
  const parsed = parseStrictly(text);
  if (parsed === undefined || overrides(parsed.value)) return 'write';
  if ('overrides' in peek) return peek.operation;
  const isRead = 'graphql' in peek ? isGraphqlRead(parsed.value) : isListed(peek, parsed.value);
  return isRead ? 'read' : 'write';
}

function isListed(
  peek: { readonly pointer: string; readonly reads: readonly string[] },
  whole: unknown,
): boolean {
  const value = pointed(whole, peek.pointer);
  return typeof value === 'string' && peek.reads.includes(value);
}

const graphqlKeys: ReadonlySet<string> = new Set(['query', 'operationName', 'variables', 'extensions']);

/** One request (no batch) that brings its own document: what is stored at the server by a name could be anything. */
function isGraphqlRead(whole: unknown): boolean {
  if (!isObject(whole) || !Object.keys(whole).every((key) => graphqlKeys.has(key))) return false;
  const extensions = own(whole, 'extensions') ?? {};
  if (!isObject(extensions) || Object.keys(extensions).some((key) => key !== 'clientLibrary')) return false;
  const document = own(whole, 'query');
  return typeof document === 'string' && isQueryOnly(document);
}

/** Frameworks that read JSON like a form also take the method from it. */
function overrides(whole: unknown): boolean {
  return isObject(whole) && Object.keys(whole).some(isOverride);
}

function decodeStrictly(body: Uint8Array): string | undefined {
  try {
    // A byte order mark is kept by this decoder, and JSON.parse then refuses it.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}

function parseStrictly(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isUnambiguous(text) ? { value } : undefined;
  } catch {
    return undefined;
  }
}

/** Follows the pointer through own members only; undefined when it leads nowhere. */
export function pointed(value: unknown, pointer: string): unknown {
  if (pointer === '') return value;
  let here = value;
  for (const token of pointer.slice(1).split('/')) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof here !== 'object' || here === null) return undefined;
    if (Array.isArray(here) && !/^(?:0|[1-9]\d{0,8})$/.test(key)) return undefined;
    if (!Object.hasOwn(here, key)) return undefined;
    here = Reflect.get(here, key);
  }
  return here;
}

/**
 * Walks the tokens of a text that is known to be JSON: no object may have two keys that are equal, or equal for a
 * server that ignores case and compatibility forms, and nesting is bounded.
 */
function isUnambiguous(text: string): boolean {
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;
  const open: (Set<string> | undefined)[] = [];
  let before = '';
  for (const [token] of text.matchAll(tokens)) {
    if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : undefined);
      if (open.length > deepestPeek) return false;
    } else if (token === '}' || token === ']') open.pop();
    else if (token.startsWith('"') && (before === '{' || before === ',') && !addKey(open.at(-1), token))
      return false;
    before = token;
  }
  return true;
}

/** False when the key is there already. Inside an array there are no keys. */
function addKey(keys: Set<string> | undefined, token: string): boolean {
  if (keys === undefined) return true;
  const key = String(JSON.parse(token)).normalize('NFKC').toLowerCase();
  if (keys.has(key)) return false;
  keys.add(key);
  return true;
}
