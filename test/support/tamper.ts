/** What a dishonest provider could do to an export: change a byte, or cut the end off and sign the rest again. */
import { strFromU8, unzipSync, zipSync } from 'fflate';
import { leafHash, treeRoot } from '../../src/core/merkle.ts';
import {
  formatVerifierKey,
  keyId,
  parseNote,
  parseVerifierKey,
  signCheckpoint,
} from '../../src/core/note.ts';
import { decodeBundle, encodeBundle, tilePath, tilesOf } from '../../src/core/tiles.ts';
import type { Keys } from '../../src/stores/keys.ts';

/** One byte of the first recorded access, flipped. */
export function flipOneByte(zip: Uint8Array): Uint8Array {
  const files = unzipSync(zip);
  for (const [name, bytes] of Object.entries(files)) {
    const at = name.includes('/tile/entries/') ? Buffer.from(bytes).indexOf('access.intent') : -1;
    if (at < 0) continue;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return zipSync(files);
  }
  throw new Error('the export holds no access');
}

/** The last `cut` lines removed, all tiles made anew, the checkpoint signed with the real key. */
export function truncateAndSign(zip: Uint8Array, cut: number, keys: Keys): Uint8Array {
  const files: Record<string, Uint8Array> = unzipSync(zip);
  const name = Object.keys(files).find((file) => /(?:^|\/)checkpoint$/.test(file));
  if (name === undefined) throw new Error('the export holds no checkpoint');
  const root = name.slice(0, -'checkpoint'.length);
  const note = parseNote(strFromU8(files[name] ?? new Uint8Array()));
  const [origin = '', size = '0'] = note?.text.split('\n') ?? [];
  const leaves: Uint8Array[] = [];
  for (const { n, width } of tilesOf(Number(size), 0)) {
    leaves.push(...(decodeBundle(files[root + tilePath('entries', n, width)] ?? new Uint8Array()) ?? []));
  }
  const kept = leaves.slice(0, leaves.length - cut);
  for (const file of Object.keys(files)) if (file.startsWith(`${root}tile/`)) delete files[file];
  for (const { n, width } of tilesOf(kept.length, 0)) {
    const part = kept.slice(n * 256, n * 256 + width);
    files[root + tilePath('entries', n, width)] = new Uint8Array(encodeBundle(part));
    files[root + tilePath(0, n, width)] = Buffer.concat(part.map(leafHash));
  }
  const key = parseVerifierKey(formatVerifierKey({ name: origin, type: 1, key: keys.ledgerPublic }));
  if (key === undefined) throw new Error('no key');
  const signed = signCheckpoint(
    { origin, size: kept.length, root: treeRoot(kept.map(leafHash)) },
    keys.ledger,
    keyId(key),
  );
  files[name] = Buffer.from(signed);
  return zipSync(files);
}
