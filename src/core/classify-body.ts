/**
 * Tells a read from a write by the body of a request, where a route asks for it: the value at a JSON pointer
 * (RFC 6901) must be one that the profile lists as a read. Every doubt is a write: not UTF-8, not JSON, too long, too
 * deep, or two keys in one object that some server might take for the same.
 */
import type { Peek } from './model.ts';
import type { Classified } from './question.ts';

/** Longest body that is read, in bytes. */
export const longestPeek = 65_536;

const deepestPeek = 64;

/** The classification once the whole body is known. The bytes are forwarded as they came; nothing is kept. */
export function classifyBody(peek: Peek, body: Uint8Array, classified: Classified): Classified {
  return { ...classified, operation: saysRead(peek, body) ? 'read' : 'write', peek: undefined };
}

function saysRead(peek: Peek, body: Uint8Array): boolean {
  if (body.length > longestPeek) return false;
  const parsed = parseStrictly(body);
  if (parsed === undefined) return false;
  const value = pointed(parsed.value, peek.pointer);
  return typeof value === 'string' && peek.reads.includes(value);
}

function parseStrictly(body: Uint8Array): { readonly value: unknown } | undefined {
  try {
    // A byte order mark is kept by this decoder, and JSON.parse then refuses it.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
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
