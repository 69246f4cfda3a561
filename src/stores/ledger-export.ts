/**
 * A client's log as files: one folder per shard in the layout of tlog-tiles, the groups this client may see, the
 * policy slices and the texts of its consents. Told in small steps so that whoever asks sets the pace; no
 * transaction stays open meanwhile, since lines below a signed size never change.
 */
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { formatDisclosure } from '../core/disclosures.ts';
import { inclusionProof, leafHash, treeRoot } from '../core/merkle.ts';
import { cosign, formatVerifierKey, mlDsaType, parseCheckpoint, parseNote } from '../core/note.ts';
import { formatProof } from '../core/proof.ts';
import { provesNotes } from '../core/proves.ts';
import { encodeBundle, tilePath, tilesOf, tileWidth } from '../core/tiles.ts';
import { openBox } from './disclosure.ts';
import { createBoxes } from './ledger-disclosures.ts';
import { endingTexts } from './ledger-ending-rows.ts';
import { instructionsText } from './ledger-instructions.ts';
import { type ShardRow, shardsOf } from './ledger-lines.ts';
import { type LogRow, logOf, type Reading } from './ledger-queries.ts';
import { delegationFrom, grantFrom, places } from './ledger-rows.ts';
import { entryKey } from './ledger-schema.ts';
import { bytes, int, RowFault, text } from './rows.ts';

/** Groups that stand in a client's export. */
export const exportedGroups: readonly string[] = ['person', 'role', 'work', 'target', 'change'];

interface Piece {
  readonly path: string;
  readonly content: Uint8Array;
  /** Hashes do not compress. */
  readonly plain: boolean;
  /** More of the same file follows. */
  readonly open: boolean;
}

/** The zip in chunks of a few KiB to a few hundred; nothing at all when the client has no log. */
export function* exportZip(reading: Reading, client: string): Generator<Uint8Array> {
  const log = logOf(reading, client);
  if (log === undefined) return;
  let ready: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    ready.push(chunk);
  });
  let file: ZipDeflate | ZipPassThrough | undefined;
  for (const piece of pieces(reading, log)) {
    if (file === undefined) {
      file = piece.plain ? new ZipPassThrough(piece.path) : new ZipDeflate(piece.path, { level: 6 });
      zip.add(file);
    }
    file.push(piece.content, !piece.open);
    if (!piece.open) file = undefined;
    yield* ready;
    ready = [];
  }
  zip.end();
  yield* ready;
}

function* pieces(reading: Reading, log: LogRow): Generator<Piece> {
  for (const shard of shardsOf(reading, log.id)) {
    yield whole(`${shard.year}/checkpoint`, Buffer.from(shard.checkpoint), false);
    yield whole(`${shard.year}/cosignature`, Buffer.from(cosignature(reading, shard)), false);
    yield* tilePieces(reading, shard);
    yield* disclosurePieces(reading, log, shard);
  }
  yield* textPieces(reading, log);
  const [first] = shardsOf(reading, log.id);
  for (const [path, note] of provesNotes(first?.origin ?? '')) yield whole(path, Buffer.from(note), false);
}

/** The cosigner's verifier key, to which the first line of the shard commits, and its line over the checkpoint. */
function cosignature(reading: Reading, shard: ShardRow): string {
  const { cosigner, cosignerPublic } = reading.keys;
  const key = { name: shard.origin, type: mlDsaType, key: cosignerPublic };
  const checkpoint = parseCheckpoint(parseNote(shard.checkpoint)?.text ?? '');
  if (checkpoint === undefined) throw new RowFault('a stored checkpoint is malformed');
  return `${formatVerifierKey(key)}\n${cosign(checkpoint, key, cosigner, Math.floor(shard.at / 1000))}`;
}

function whole(path: string, content: Uint8Array, plain: boolean): Piece {
  return { path, content, plain, open: false };
}

/** The exact bytes of a shard's leaves from one index to another. */
export function leavesBetween(reading: Reading, shard: number, from: number, to: number): Uint8Array[] {
  return reading.db
    .prepare('SELECT CAST(leaf AS BLOB) AS leaf FROM entries WHERE id >= ? AND id < ? ORDER BY id')
    .all(entryKey(shard, from), entryKey(shard, to))
    .map((row) => bytes(row, 'leaf'));
}

function* tilePieces(reading: Reading, shard: ShardRow): Generator<Piece> {
  let upper: Uint8Array[] = [];
  for (const { n, width } of tilesOf(shard.size, 0)) {
    const leaves = leavesBetween(reading, shard.id, n * tileWidth, n * tileWidth + width);
    const hashes = leaves.map((leaf) => leafHash(leaf));
    yield whole(`${shard.year}/${tilePath('entries', n, width)}`, encodeBundle(leaves), false);
    yield whole(`${shard.year}/${tilePath(0, n, width)}`, Buffer.concat(hashes), true);
    if (width === tileWidth) upper.push(treeRoot(hashes));
  }
  for (let level = 1; upper.length > 0; level += 1) {
    const next: Uint8Array[] = [];
    for (const { n, width } of tilesOf(shard.size, level)) {
      const hashes = upper.slice(n * tileWidth, n * tileWidth + width);
      yield whole(`${shard.year}/${tilePath(level, n, width)}`, Buffer.concat(hashes), true);
      if (width === tileWidth) next.push(treeRoot(hashes));
    }
    upper = next;
  }
}

function* disclosurePieces(reading: Reading, log: LogRow, shard: ShardRow): Generator<Piece> {
  const boxes = createBoxes(reading.db, reading.keyring, log.id, log.key);
  const path = `${shard.year}/disclosures.jsonl`;
  for (let from = 0; from < shard.size; from += tileWidth) {
    let content = '';
    for (let index = from; index < Math.min(from + tileWidth, shard.size); index += 1) {
      const groups = boxes.groupsAt(entryKey(shard.id, index));
      for (const group of exportedGroups) {
        const opened = groups.get(group);
        if (opened !== undefined) content += formatDisclosure(index, group, opened.nonce, opened.json);
      }
    }
    yield { path, content: Buffer.from(content), plain: false, open: true };
  }
  yield whole(path, new Uint8Array(0), false);
}

/** Policy slices and consent texts, named by their hash without its prefix. */
function* textPieces(reading: Reading, log: LogRow): Generator<Piece> {
  const name = (hash: string): string => hash.replace(/^sha256:/, '');
  for (const row of reading.db.prepare('SELECT * FROM slices WHERE log = ? ORDER BY rowid').all(log.id)) {
    const hash = text(row, 'hash');
    const content = openBox(log.key, places.slice(log.id, hash), bytes(row, 'box'));
    yield whole(`policy/${name(hash)}.json`, Buffer.from(content), false);
  }
  const seen = new Set<string>();
  for (const row of reading.db.prepare('SELECT * FROM grants WHERE log = ? ORDER BY entry').all(log.id)) {
    const grant = grantFrom(row, log.client, log.key);
    if (seen.has(grant.textHash) || int(row, 'log') !== log.id) continue;
    seen.add(grant.textHash);
    yield whole(`grants/${name(grant.textHash)}.json`, Buffer.from(grant.text), false);
  }
  for (const row of reading.db.prepare('SELECT * FROM instructions WHERE log = ?').all(log.id)) {
    const content = Buffer.from(instructionsText(row, log));
    yield whole(`instructions/${name(text(row, 'hash'))}.json`, content, false);
  }
  for (const [hash, content] of endingTexts(reading, log))
    yield whole(`endings/${name(hash)}.json`, Buffer.from(content), false);
  for (const row of reading.db
    .prepare('SELECT * FROM delegations WHERE log = ? ORDER BY entry')
    .all(log.id)) {
    const frame = delegationFrom(row, log.client, log.key);
    if (seen.has(frame.textHash)) continue;
    seen.add(frame.textHash);
    yield whole(`grants/${name(frame.textHash)}.json`, Buffer.from(frame.text), false);
  }
}

/** A `.tlog-proof` for one line of a client's current or given year; undefined when there is no such line. */
export function proveLine(
  reading: Reading,
  client: string,
  index: number,
  year: number | undefined,
): string | undefined {
  const log = logOf(reading, client);
  const shards = log === undefined ? [] : shardsOf(reading, log.id);
  const shard = year === undefined ? shards.at(-1) : shards.find((one) => one.year === year);
  if (shard === undefined || !(index >= 0 && index < shard.size)) return undefined;
  const leaves = leavesBetween(reading, shard.id, 0, shard.size);
  const leaf = leaves[index];
  if (leaf === undefined) return undefined;
  const path = inclusionProof(
    index,
    leaves.map((bytes) => leafHash(bytes)),
  );
  return formatProof({ index, leaf, path, checkpoint: shard.checkpoint });
}
