/**
 * Reads one YAML 1.2 text into plain data and remembers where everything stands. Only the plain part of YAML is
 * taken: no anchors, aliases, merge keys, tags, directives or second documents, no key twice, no key that means
 * something to JavaScript, and no word that older YAML reads as a boolean.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import type { Place, PolicyFault } from './faults.ts';
import { cutIntoPieces } from './pieces-of-text.ts';
import { substitute, type Variables } from './variables.ts';

/** A policy file as text; `path` is inside the policy folder, with `/`. */
export interface PolicyDocument {
  readonly path: string;
  readonly text: string;
  /** Of the file's bytes: tells whether it changed without making the text. */
  readonly digest?: string;
}

/** A document without its content: what a fault or an explanation needs to say where something stands. */
export interface Placed {
  readonly path: string;
  /** Where the value (or its key) at `path` stands; for what is missing, the nearest thing around it. */
  place(path: readonly PropertyKey[], of?: 'key' | 'value'): Place;
}

export interface ReadDocument {
  readonly placed: Placed;
  readonly data: unknown;
  readonly faults: readonly PolicyFault[];
}

/** Largest file that is read, in UTF-16 units here and in bytes on disk. */
export const largestFile = 1_048_576;

const deepest = 32;
const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const oldBooleans = /^(?:y|yes|n|no|on|off)$/i;

interface Reading {
  readonly variables: Variables;
  readonly complain: (offset: number, message: string) => void;
}

/** What the pieces of a large text meant, by their text, under the same variables. */
export type ReadPieces = Map<string, object>;

/** From this length on, in UTF-16 units, a text is read by pieces. */
const largeText = 65_536;

/**
 * Reads one document. `data` is only worth looking at when there are no faults. `known` holds what the pieces of an earlier
 * text of this document meant, and is brought up to date.
 */
export function readDocument(
  source: PolicyDocument,
  variables: Variables,
  known: ReadPieces = new Map(),
): ReadDocument {
  const placed = placedIn(source);
  const { text } = source;
  const faults: PolicyFault[] = [];
  if (text.length > largestFile) {
    return { placed, data: undefined, faults: [onWhole(source.path, 'the file is larger than 1 MiB')] };
  }
  const byPieces = text.length < largeText ? undefined : readByPieces(text, variables, known);
  if (byPieces !== undefined) return { placed, data: byPieces, faults };
  const lines = new LineCounter();
  const complain = (offset: number, message: string) => {
    faults.push({ file: source.path, ...placeOf(lines, offset), message });
  };
  return { placed, data: convert(text, lines, { variables, complain }), faults };
}

function onWhole(file: string, message: string): PolicyFault {
  return { file, line: 1, column: 1, message };
}

/**
 * Places are asked for only where something is wrong or explained, so the tree that knows them is not kept: it is
 * made again from the text when it is first needed, which whoever keeps the document need not keep either.
 */
export function placedIn(source: Pick<PolicyDocument, 'path' | 'text'>): Placed {
  let known: { readonly root: ParsedNode | null; readonly lines: LineCounter } | undefined;
  return {
    path: source.path,
    place(at, of = 'value') {
      known ??= parseForPlaces(source.text);
      return placeOf(known.lines, descend(known.root, at, of));
    },
  };
}

function parseForPlaces(text: string): { readonly root: ParsedNode | null; readonly lines: LineCounter } {
  const lines = new LineCounter();
  if (text.length > largestFile) return { root: null, lines };
  try {
    return { root: parseDocument(text, { ...yamlOptions, lineCounter: lines }).contents, lines };
  } catch {
    return { root: null, lines };
  }
}

function placeOf(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

const yamlOptions = {
  version: '1.2',
  schema: 'core',
  merge: false,
  prettyErrors: false,
  // Looked at below: the parser would compare every key with all before it.
  uniqueKeys: false,
  strict: true,
  logLevel: 'error',
} as const;

/**
 * The data of a text that is in order, from its pieces; those that `known` holds are not read again. Undefined when the
 * text cannot be cut or anything is wrong with it: then only reading it as a whole tells what.
 */
export function readByPieces(text: string, variables: Variables, known: ReadPieces): unknown {
  const pieces = cutIntoPieces(text);
  if (pieces === undefined) return undefined;
  const before = new Map(known);
  known.clear();
  const data: Record<string, unknown> = {};
  let section: Record<string, unknown> = {};
  for (const { text: piece, within, first } of pieces) {
    const meant = before.get(piece) ?? readPiece(piece, within === undefined ? 0 : 1, variables);
    if (within !== undefined && first) {
      section = {};
      if (!add(data, within, section)) return undefined;
    }
    const [entry, ...others] = Object.entries(meant ?? {});
    if (entry === undefined || others.length > 0) return undefined;
    if (!add(within === undefined ? data : section, ...entry)) return undefined;
    known.set(piece, meant as object);
  }
  return data;
}

/** Adds a key once; false when it is there already, or means something to JavaScript. */
function add(to: Record<string, unknown>, name: string, value: unknown): boolean {
  if (forbiddenKeys.has(name) || Object.hasOwn(to, name)) return false;
  to[name] = value;
  return true;
}

/** What one piece means; undefined when anything is wrong with it. */
function readPiece(text: string, depth: number, variables: Variables): object | undefined {
  let sound = true;
  const complain = () => {
    sound = false;
  };
  const data = convert(text, new LineCounter(), { variables, complain }, depth);
  return sound && typeof data === 'object' && data !== null ? data : undefined;
}

function convert(text: string, lines: LineCounter, reading: Reading, depth = 0): unknown {
  try {
    const document = parseDocument(text, { ...yamlOptions, lineCounter: lines });
    for (const { pos, message } of [...document.errors, ...document.warnings])
      reading.complain(pos[0], message);
    if (document.directives.yaml.explicit) reading.complain(0, 'directives are not accepted');
    return document.contents === null ? {} : toData(document.contents, reading, depth);
  } catch {
    // The parser works recursively: nesting beyond its stack ends here.
    reading.complain(0, 'the file cannot be read as YAML');
    return undefined;
  }
}

function toData(node: ParsedNode, reading: Reading, depth: number): unknown {
  const offset = node.range[0];
  if (depth > deepest) return reading.complain(offset, 'nested too deeply');
  if (isAlias(node)) return reading.complain(offset, 'aliases (*) are not accepted: write the value out');
  if (node.anchor !== undefined)
    reading.complain(offset, 'anchors (&) are not accepted: write the value out');
  if (node.tag !== undefined) reading.complain(offset, 'tags (!) are not accepted');
  if (isMap(node)) return toMap(node.items, reading, depth);
  if (isSeq(node)) return toList(node.items, reading, depth);
  return toScalar(node, reading);
}

type Pairs = readonly { readonly key: ParsedNode; readonly value: ParsedNode | null }[];

function toMap(pairs: Pairs, reading: Reading, depth: number): unknown {
  const made: Record<string, unknown> = {};
  for (const { key, value } of pairs) {
    const offset = key.range[0];
    const name = isScalar(key) && key.anchor === undefined && key.tag === undefined ? key.value : undefined;
    if (typeof name !== 'string') reading.complain(offset, 'a key must be plain text');
    else if (name === '<<') reading.complain(offset, 'merge keys (<<) are not accepted: write the keys out');
    else if (forbiddenKeys.has(name)) reading.complain(offset, `the key "${name}" is not accepted`);
    else if (Object.hasOwn(made, name)) reading.complain(offset, `the key "${name}" is there twice`);
    else made[name] = value === null ? null : toData(value, reading, depth + 1);
  }
  return made;
}

function toList(items: readonly ParsedNode[], reading: Reading, depth: number): unknown[] {
  return items.map((item) => toData(item, reading, depth + 1));
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

/** The offset of what stands at `path`, or of the key of the nearest thing around it. */
function descend(root: ParsedNode | null, path: readonly PropertyKey[], of: 'key' | 'value'): number {
  let node: ParsedNode | null = root;
  let spot = { key: 0, value: 0 };
  for (const step of path) {
    if (isMap(node)) {
      const pair: Pairs[number] | undefined = node.items.find(
        ({ key }) => isScalar(key) && key.value === step,
      );
      if (pair === undefined) return spot.key;
      const key = pair.key.range[0];
      spot = { key, value: pair.value?.range[0] ?? key };
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      const item: ParsedNode | undefined = node.items[step];
      if (item === undefined) return spot.key;
      spot = { key: item.range[0], value: item.range[0] };
      node = item;
    } else return spot.key;
  }
  return spot[of];
}
