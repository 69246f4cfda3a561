/** What a provider with the signing keys can do to an export: any leaves, consistently hashed and signed. */
import { strFromU8, strToU8 } from 'fflate';
import { leafHash, treeRoot } from '../../src/core/merkle.ts';
import {
  cosign,
  formatVerifierKey,
  keyId,
  mlDsaType,
  parseCheckpoint,
  parseNote,
  signCheckpoint,
} from '../../src/core/note.ts';
import { decodeBundle, encodeBundle, tilePath, tilesOf } from '../../src/core/tiles.ts';
import type { Folder } from '../stores/ledger-world.ts';

export type Files = Map<string, Uint8Array>;
export type ChangeLeaves = (leaves: Uint8Array[]) => Uint8Array[];

export const parseLine = (leaf: Uint8Array) =>
  JSON.parse(strFromU8(leaf)) as Record<string, string | number | boolean>;

/** The leaf of that number with other fields, in canonical form. */
export const editLine =
  (index: number, changes: Record<string, string | number | boolean>): ChangeLeaves =>
  (leaves) =>
    leaves.map((leaf, i) => {
      if (i !== index) return leaf;
      const fields = { ...parseLine(leaf), ...changes };
      const sorted = Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
      return strToU8(JSON.stringify(sorted));
    });

/** All leaves of the part of 2026. */
export function leavesOf(files: Files): Uint8Array[] {
  const note = strFromU8(files.get('2026/checkpoint') ?? new Uint8Array(0));
  const checkpoint = parseCheckpoint(parseNote(note)?.text ?? '');
  if (checkpoint === undefined) throw new Error('no checkpoint');
  return tilesOf(checkpoint.size, 0).flatMap(
    ({ n, width }) =>
      decodeBundle(files.get(`2026/${tilePath('entries', n, width)}`) ?? new Uint8Array(0)) ?? [],
  );
}

/** The export with changed leaves, hashed and signed again. */
export function resign(files: Files, { keys }: Folder, change: ChangeLeaves, cosigned = true): Files {
  const leaves = change(leavesOf(files));
  const made: Files = new Map();
  for (const [name, content] of files) if (!name.includes('/tile/')) made.set(name, content);
  let hashes = leaves.map((leaf) => leafHash(leaf));
  const root = treeRoot(hashes);
  for (const { n, width } of tilesOf(leaves.length, 0)) {
    made.set(`2026/${tilePath('entries', n, width)}`, encodeBundle(leaves.slice(n * 256, n * 256 + width)));
  }
  for (let level = 0; hashes.length > 0; level += 1) {
    const upper: Uint8Array[] = [];
    for (const { n, width } of tilesOf(leaves.length, level)) {
      const part = hashes.slice(n * 256, n * 256 + width);
      made.set(`2026/${tilePath(level, n, width)}`, Buffer.concat(part));
      if (width === 256) upper.push(treeRoot(part));
    }
    hashes = upper;
  }
  const note = strFromU8(files.get('2026/checkpoint') ?? new Uint8Array(0));
  const origin = parseCheckpoint(parseNote(note)?.text ?? '')?.origin ?? '';
  const id = keyId({ name: origin, type: 1, key: keys.ledgerPublic });
  const signed = { origin, size: leaves.length, root };
  made.set('2026/checkpoint', strToU8(signCheckpoint(signed, keys.ledger, id)));
  if (!cosigned) return made;
  const cosigner = { name: origin, type: mlDsaType, key: keys.cosignerPublic };
  const line = cosign(signed, cosigner, keys.cosigner, 1_790_000_000);
  made.set('2026/cosignature', strToU8(`${formatVerifierKey(cosigner)}\n${line}`));
  return made;
}
