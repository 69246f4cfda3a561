/**
 * Checks an exported log without trusting whoever exported it: every hash, tile, leaf, commitment and text, the
 * signature by a key the client keeps elsewhere, consistency with a head it noted earlier, and the story. Pure: files
 * in, findings out; it reads nothing and knows no time.
 */
import { parseDisclosure } from './disclosures.ts';
import type { LeafFields } from './entries.ts';
import { canonicalFlat, commitment, committedGroup, parseLeaf } from './leaf.ts';
import { emptyRange, extend, leafHash, rangeRoot, treeRoot } from './merkle.ts';
import {
  type Checkpoint,
  ed25519Type,
  openCheckpoint,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  type VerifierKey,
} from './note.ts';
import { createStory, type Story } from './story.ts';
import { decodeBundle, tilePath, tilesOf, tileWidth } from './tiles.ts';

export interface Known {
  /** Verifier key as the client keeps it: `origin+id+base64`. */
  readonly key?: string;
  /** A checkpoint the client noted earlier: the whole note. */
  readonly since?: string;
}

export interface Finding {
  /** A failure means the export must not be believed; a notice should be known. */
  readonly kind: 'failure' | 'notice';
  /** The part of the log (its year), or '' for the export as a whole. */
  readonly part: string;
  readonly index: number | undefined;
  readonly what: string;
}

type Files = ReadonlyMap<string, Uint8Array>;

interface Shard {
  readonly year: string;
  readonly checkpoint: Checkpoint;
  readonly note: string;
  readonly leaves: readonly Uint8Array[];
  readonly hashes: readonly Uint8Array[];
}

class Failure extends Error {
  readonly finding: Finding;

  constructor(part: string, index: number | undefined, what: string) {
    super(what);
    this.finding = { kind: 'failure', part, index, what };
  }
}

/**
 * All that is to be said about an export: at most one failure (the first met, after which nothing more is believed)
 * and the notices. Paths in `files` are relative to the export, with `/`. Empty: all is well and nothing to note.
 */
export function verifyExport(files: Files, known: Known): Finding[] {
  const findings: Finding[] = [];
  try {
    check(files, known, findings);
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    findings.push(cause.finding);
  }
  return findings;
}

function check(files: Files, known: Known, findings: Finding[]): void {
  const key = known.key === undefined ? undefined : readKey(known.key);
  const years = yearsOf(files);
  const expected = new Set<string>();
  const shards = years.map((year) => readShard(files, year, key, expected));
  checkChain(shards);
  if (key !== undefined && !shards.some(({ checkpoint }) => checkpoint.origin === key.name)) {
    throw new Failure('', undefined, 'the key belongs to another log');
  }
  if (known.since !== undefined) checkSince(shards, known.since, key);
  const texts = createTexts(files, expected);
  const story = createStory({ textOf: texts.textOf, party: {} });
  for (const shard of shards) {
    const leaves = readLeaves(shard);
    checkDisclosures(files, shard, leaves, expected, findings);
    tell(story, shard, leaves, shards);
  }
  checkStrays(files, expected);
  for (const what of story.notices()) findings.push({ kind: 'notice', part: '', index: undefined, what });
}

function readKey(text: string): VerifierKey {
  const key = parseVerifierKey(text);
  if (key === undefined || key.type !== ed25519Type) {
    throw new Failure('', undefined, 'the key given is no verifier key');
  }
  return key;
}

function yearsOf(files: Files): string[] {
  const years = new Set<string>();
  for (const path of files.keys()) {
    const year = /^([0-9]{4})\//.exec(path)?.[1];
    if (year !== undefined) years.add(year);
  }
  if (years.size === 0) throw new Failure('', undefined, 'there is no log in it');
  return [...years].sort();
}

function take(files: Files, path: string, year: string, expected: Set<string>): Uint8Array {
  const content = files.get(path);
  if (content === undefined) throw new Failure(year, undefined, `${path} is missing`);
  expected.add(path);
  return content;
}

function readShard(files: Files, year: string, key: VerifierKey | undefined, expected: Set<string>): Shard {
  const note = decode(take(files, `${year}/checkpoint`, year, expected), year, 'the checkpoint');
  const claimed = parseCheckpoint(parseNote(note)?.text ?? '');
  if (claimed === undefined) throw new Failure(year, undefined, 'the checkpoint is malformed');
  if (!claimed.origin.endsWith(`/${year}`))
    throw new Failure(year, undefined, 'the checkpoint is of another year');
  if (key !== undefined) {
    const opened = openCheckpoint(note, { ...key, name: claimed.origin });
    if (typeof opened === 'string') throw new Failure(year, undefined, opened);
    if (parseNote(note)?.signatures.length !== 1) {
      throw new Failure(year, undefined, 'the checkpoint carries signatures that an export does not have');
    }
  }
  const leaves = readBundles(files, year, claimed.size, expected);
  const hashes = leaves.map((leaf) => leafHash(leaf));
  checkTiles(files, year, hashes, expected);
  if (!same(treeRoot(hashes), claimed.root)) {
    throw new Failure(year, undefined, 'the lines do not hash to the root of the checkpoint');
  }
  return { year, checkpoint: claimed, note, leaves, hashes };
}

function decode(content: Uint8Array, year: string, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw new Failure(year, undefined, `${what} is not UTF-8`);
  }
}

function readBundles(files: Files, year: string, size: number, expected: Set<string>): Uint8Array[] {
  const leaves: Uint8Array[] = [];
  for (const { n, width } of tilesOf(size, 0)) {
    const path = `${year}/${tilePath('entries', n, width)}`;
    const entries = decodeBundle(take(files, path, year, expected));
    if (entries?.length !== width) {
      throw new Failure(year, n * tileWidth, `${path} does not hold ${width} entries`);
    }
    for (const entry of entries) leaves.push(entry);
  }
  return leaves;
}

/** Every stored tile is exactly what the lines hash to. */
function checkTiles(
  files: Files,
  year: string,
  leafHashes: readonly Uint8Array[],
  expected: Set<string>,
): void {
  let hashes = leafHashes;
  for (let level = 0; hashes.length > 0; level += 1) {
    const upper: Uint8Array[] = [];
    for (const { n, width } of tilesOf(leafHashes.length, level)) {
      const path = `${year}/${tilePath(level, n, width)}`;
      const tile = take(files, path, year, expected);
      const part = hashes.slice(n * tileWidth, n * tileWidth + width);
      const wrong = part.findIndex((hash, i) => !same(hash, tile.subarray(i * 32, i * 32 + 32)));
      if (wrong >= 0 || tile.length !== width * 32) {
        const at = (n * tileWidth + Math.max(wrong, 0)) * tileWidth ** level;
        throw new Failure(year, at, 'the line does not hash to what its tile says');
      }
      if (width === tileWidth) upper.push(treeRoot(part));
    }
    hashes = upper;
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Each part carries the final checkpoint of the one before, and is the one that was named there. */
function checkChain(shards: readonly Shard[]): void {
  for (const [i, shard] of shards.entries()) {
    const first = parseLeaf(shard.leaves[0] ?? new Uint8Array(0));
    const before = shards[i - 1];
    if (before === undefined) continue;
    const last = parseLeaf(before.leaves.at(-1) ?? new Uint8Array(0));
    if (last?.['t'] !== 'log.closed' || last['next'] !== shard.checkpoint.origin) {
      throw new Failure(
        before.year,
        before.leaves.length - 1,
        'it does not end by naming the part that follows',
      );
    }
    if (first?.['previous'] !== before.checkpoint.origin || first['checkpoint'] !== before.note) {
      throw new Failure(shard.year, 0, 'it does not carry the end of the part before');
    }
  }
}

/** The export extends what the client saw: the root at the noted size is the noted root. */
function checkSince(shards: readonly Shard[], since: string, key: VerifierKey | undefined): void {
  const note = since.endsWith('\n') ? since : `${since}\n`;
  const noted = parseCheckpoint(parseNote(note)?.text ?? '');
  if (noted === undefined) throw new Failure('', undefined, 'the head noted earlier is no signed checkpoint');
  const shard = shards.find(({ checkpoint }) => checkpoint.origin === noted.origin);
  if (shard === undefined) throw new Failure('', undefined, 'the head noted earlier belongs to another log');
  if (key !== undefined) {
    const opened = openCheckpoint(note, { ...key, name: noted.origin });
    if (typeof opened === 'string')
      throw new Failure(shard.year, undefined, `of the head noted earlier: ${opened}`);
  }
  const size = shard.hashes.length;
  if (size < noted.size) {
    throw new Failure(
      shard.year,
      size,
      `the log was cut: it ends after ${size} lines, the head noted earlier had ${noted.size}`,
    );
  }
  if (!same(rangeRoot(extend(emptyRange, shard.hashes.slice(0, noted.size))), noted.root)) {
    throw new Failure(
      shard.year,
      noted.size,
      'the log was rewritten: it does not extend the head noted earlier',
    );
  }
}

function readLeaves(shard: Shard): LeafFields[] {
  return shard.leaves.map((bytes, index) => {
    const leaf = parseLeaf(bytes);
    if (leaf === undefined) throw new Failure(shard.year, index, 'the line is not flat canonical JSON');
    return leaf;
  });
}

/** Groups that an export discloses when they are not erased. */
const disclosable: ReadonlySet<string> = new Set(['person', 'role', 'work', 'target']);

function checkDisclosures(
  files: Files,
  shard: Shard,
  leaves: readonly LeafFields[],
  expected: Set<string>,
  findings: Finding[],
): void {
  const { year } = shard;
  const path = `${year}/disclosures.jsonl`;
  const content = decode(take(files, path, year, expected), year, path);
  if (content !== '' && !content.endsWith('\n'))
    throw new Failure(year, undefined, `${path} ends in mid-line`);
  const seen = new Set<string>();
  for (const [i, line] of content.split('\n').slice(0, -1).entries()) {
    const told = parseDisclosure(line);
    if (told === undefined) throw new Failure(year, undefined, `line ${i + 1} of ${path} is malformed`);
    const committed = leaves[told.index]?.[`commit_${told.group}`];
    const given = commitment(Buffer.from(told.nonce, 'base64url'), canonicalFlat(told.value));
    const name = `${told.index} ${told.group}`;
    if (committed !== given || seen.has(name)) {
      throw new Failure(
        year,
        told.index,
        `the disclosed group ${told.group} is not what the line commits to`,
      );
    }
    seen.add(name);
  }
  const erased = countCommitted(leaves) - countDisclosable(seen);
  if (erased > 0) {
    findings.push({ kind: 'notice', part: year, index: undefined, what: `${erased} groups are erased` });
  }
}

function countCommitted(leaves: readonly LeafFields[]): number {
  let count = 0;
  for (const leaf of leaves) {
    for (const name of Object.keys(leaf)) {
      if (disclosable.has(committedGroup(name) ?? '')) count += 1;
    }
  }
  return count;
}

function countDisclosable(seen: ReadonlySet<string>): number {
  return [...seen].filter((name) => disclosable.has(name.split(' ')[1] ?? '')).length;
}

/** Texts by hash; a text is only expected in the export once a line has asked for it. */
function createTexts(files: Files, expected: Set<string>): { textOf(hash: string): Uint8Array | undefined } {
  return {
    textOf(hash) {
      const name = `${hash.replace(/^sha256:/, '')}.json`;
      for (const path of [`policy/${name}`, `grants/${name}`]) {
        const content = files.get(path);
        if (content === undefined) continue;
        expected.add(path);
        return content;
      }
      return undefined;
    },
  };
}

function tell(story: Story, shard: Shard, leaves: readonly LeafFields[], shards: readonly Shard[]): void {
  story.shard();
  for (const [index, leaf] of leaves.entries()) {
    const fault = story.line({ origin: shard.checkpoint.origin, index }, leaf);
    if (fault !== undefined) throw new Failure(shard.year, index, fault);
  }
  const last = leaves.at(-1)?.['t'];
  if ((last === 'log.closed') !== (shard !== shards.at(-1)) && last === 'log.closed') {
    throw new Failure(shard.year, leaves.length - 1, 'the part that follows is missing');
  }
}

function checkStrays(files: Files, expected: ReadonlySet<string>): void {
  for (const path of files.keys()) {
    if (!expected.has(path)) throw new Failure('', undefined, `${path} does not belong to the export`);
  }
}
