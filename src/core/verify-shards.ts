/**
 * The files of one part of an exported log, checked down to the hash: checkpoint, bundles, tiles, root; the chain from
 * part to part, and consistency with a head noted earlier. Pure.
 */
import { parseLeaf } from './leaf.ts';
import { emptyRange, extend, leafHash, rangeRoot, treeRoot } from './merkle.ts';
import { type Checkpoint, openCheckpoint, parseCheckpoint, parseNote, type VerifierKey } from './note.ts';
import { decodeBundle, tilePath, tilesOf, tileWidth } from './tiles.ts';

export interface Finding {
  /** A failure means the export must not be believed; a notice should be known. */
  readonly kind: 'failure' | 'notice';
  /** The part of the log (its year), or '' for the export as a whole. */
  readonly part: string;
  readonly index: number | undefined;
  readonly what: string;
}

export type Files = ReadonlyMap<string, Uint8Array>;

export interface Shard {
  readonly year: string;
  readonly checkpoint: Checkpoint;
  readonly note: string;
  readonly leaves: readonly Uint8Array[];
  readonly hashes: readonly Uint8Array[];
}

/** Ends the check: nothing after it is believed. */
export class Failure extends Error {
  readonly finding: Finding;

  constructor(part: string, index: number | undefined, what: string) {
    super(what);
    this.finding = { kind: 'failure', part, index, what };
  }
}

export function take(files: Files, path: string, year: string, expected: Set<string>): Uint8Array {
  const content = files.get(path);
  if (content === undefined) throw new Failure(year, undefined, `${path} is missing`);
  expected.add(path);
  return content;
}

export function readShard(
  files: Files,
  year: string,
  key: VerifierKey | undefined,
  expected: Set<string>,
): Shard {
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

export function decode(content: Uint8Array, year: string, what: string): string {
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
export function checkChain(shards: readonly Shard[]): void {
  for (const [i, shard] of shards.entries()) {
    const first = parseLeaf(shard.leaves[0] ?? new Uint8Array(0));
    const before = shards[i - 1];
    if (before === undefined) {
      if (first?.previous === undefined) continue;
      throw new Failure(shard.year, 0, 'it continues a part that is missing from this export');
    }
    const last = parseLeaf(before.leaves.at(-1) ?? new Uint8Array(0));
    if (last?.t !== 'log.closed' || last.next !== shard.checkpoint.origin) {
      throw new Failure(
        before.year,
        before.leaves.length - 1,
        'it does not end by naming the part that follows',
      );
    }
    if (first?.previous !== before.checkpoint.origin || first.checkpoint !== before.note) {
      throw new Failure(shard.year, 0, 'it does not carry the end of the part before');
    }
  }
}

/** The export extends what the client saw: the root at the noted size is the noted root. */
export function checkSince(shards: readonly Shard[], since: string, key: VerifierKey | undefined): void {
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
