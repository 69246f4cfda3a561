/**
 * Reads one YAML 1.2 text into plain data and remembers where everything stands. Only the plain part of YAML is
 * taken: no anchors, aliases, merge keys, tags, directives or second documents, no key twice, no key that means
 * something to JavaScript, and no word that older YAML reads as a boolean.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import type { Place, PolicyFault } from './faults.ts';
import { substitute, type Variables } from './variables.ts';

/** A policy file as text; `path` is inside the policy folder, with `/`. */
export interface PolicyDocument {
  readonly path: string;
  readonly text: string;
}

export interface ReadDocument {
  readonly path: string;
  readonly data: unknown;
  readonly faults: readonly PolicyFault[];
  /** Where the value (or its key) at `path` stands; for what is missing, the nearest thing around it. */
  place(path: readonly PropertyKey[], of?: 'key' | 'value'): Place;
}

/** Largest file that is read, in UTF-16 units here and in bytes on disk. */
export const largestFile = 1_048_576;

const deepest = 32;
const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const oldBooleans = /^(?:y|yes|n|no|on|off)$/i;

/** Where a node stands, and the nodes inside it. */
interface Spot {
  readonly key: number;
  readonly value: number;
  readonly inside: Map<PropertyKey, Spot>;
}

interface Reading {
  readonly variables: Variables;
  readonly complain: (offset: number, message: string) => void;
}

/** Reads one document. `data` is only worth looking at when there are no faults. */
export function readDocument({ path, text }: PolicyDocument, variables: Variables): ReadDocument {
  const lines = new LineCounter();
  const faults: PolicyFault[] = [];
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const complain = (offset: number, message: string) => {
    faults.push({ file: path, ...placeOf(offset), message });
  };
  const root: Spot = { key: 0, value: 0, inside: new Map() };
  const data =
    text.length > largestFile ? tooLarge(complain) : convert(text, lines, { variables, complain }, root);
  return { path, data, faults, place: (at, of = 'value') => placeOf(descend(root, at, of)) };
}

function tooLarge(complain: Reading['complain']): undefined {
  complain(0, 'the file is larger than 1 MiB');
}

function convert(text: string, lines: LineCounter, reading: Reading, root: Spot): unknown {
  try {
    const options = {
      lineCounter: lines,
      version: '1.2',
      schema: 'core',
      merge: false,
      prettyErrors: false,
    } as const;
    const document = parseDocument(text, { ...options, uniqueKeys: true, strict: true, logLevel: 'error' });
    for (const { pos, message } of [...document.errors, ...document.warnings])
      reading.complain(pos[0], message);
    if (document.directives.yaml.explicit) reading.complain(0, 'directives are not accepted');
    return document.contents === null ? {} : toData(document.contents, reading, root, 0);
  } catch {
    // The parser works recursively: nesting beyond its stack ends here.
    reading.complain(0, 'the file cannot be read as YAML');
    return undefined;
  }
}

function toData(node: ParsedNode, reading: Reading, spot: Spot, depth: number): unknown {
  const offset = node.range[0];
  if (depth > deepest) return reading.complain(offset, 'nested too deeply');
  if (isAlias(node)) return reading.complain(offset, 'aliases (*) are not accepted: write the value out');
  if (node.anchor !== undefined)
    reading.complain(offset, 'anchors (&) are not accepted: write the value out');
  if (node.tag !== undefined) reading.complain(offset, 'tags (!) are not accepted');
  if (isMap(node)) return toMap(node.items, reading, spot, depth);
  if (isSeq(node)) return toList(node.items, reading, spot, depth);
  return toScalar(node, reading);
}

type Pairs = readonly { readonly key: ParsedNode; readonly value: ParsedNode | null }[];

function toMap(pairs: Pairs, reading: Reading, spot: Spot, depth: number): unknown {
  const made: Record<string, unknown> = {};
  for (const { key, value } of pairs) {
    const offset = key.range[0];
    const name = isScalar(key) && key.anchor === undefined && key.tag === undefined ? key.value : undefined;
    if (typeof name !== 'string') reading.complain(offset, 'a key must be plain text');
    else if (name === '<<') reading.complain(offset, 'merge keys (<<) are not accepted: write the keys out');
    else if (forbiddenKeys.has(name)) reading.complain(offset, `the key "${name}" is not accepted`);
    else {
      const inner: Spot = { key: offset, value: value?.range[0] ?? offset, inside: new Map() };
      spot.inside.set(name, inner);
      made[name] = value === null ? null : toData(value, reading, inner, depth + 1);
    }
  }
  return made;
}

function toList(items: readonly ParsedNode[], reading: Reading, spot: Spot, depth: number): unknown[] {
  return items.map((item, index) => {
    const inner: Spot = { key: item.range[0], value: item.range[0], inside: new Map() };
    spot.inside.set(index, inner);
    return toData(item, reading, inner, depth + 1);
  });
}

function toScalar(node: ParsedNode, reading: Reading): unknown {
  const value: unknown = isScalar(node) ? node.value : undefined;
  const offset = node.range[0];
  if (typeof value !== 'string') return value;
  if (isScalar(node) && node.type === 'PLAIN' && oldBooleans.test(value)) {
    reading.complain(
      offset,
      `"${value}" is a boolean in older YAML: write true or false, or put it in quotes`,
    );
  }
  const replaced = substitute(value, reading.variables);
  if (typeof replaced === 'string') return replaced;
  return reading.complain(offset, replaced.fault);
}

function descend(root: Spot, path: readonly PropertyKey[], of: 'key' | 'value'): number {
  let spot = root;
  for (const step of path) {
    const inner = spot.inside.get(step);
    if (inner === undefined) return spot.key;
    spot = inner;
  }
  return spot[of];
}
