/**
 * The layout of a log as files (c2sp.org/tlog-tiles): paths of tiles and entry bundles, and the bundles' bytes. Pure.
 */

/** Hashes in a full tile, entries in a full bundle. */
export const tileWidth = 256;

/** The index of a tile as path elements of three digits: 1234067 is `x001/x234/067`. */
export function tileIndex(n: number): string {
  const groups: string[] = [];
  let rest = n;
  do {
    groups.unshift(String(rest % 1000).padStart(3, '0'));
    rest = Math.floor(rest / 1000);
  } while (rest > 0);
  return groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
}

/** `tile/<L>/<N>[.p/<W>]`, or `tile/entries/<N>[.p/<W>]`. A width of 256 is a full tile. */
export function tilePath(level: number | 'entries', n: number, width: number): string {
  return `tile/${level}/${tileIndex(n)}${width < tileWidth ? `.p/${width}` : ''}`;
}

/** All tiles of one level of a tree: number and width of each, full ones first. */
export function tilesOf(size: number, level: number): { readonly n: number; readonly width: number }[] {
  const hashes = Math.floor(size / tileWidth ** level);
  const tiles: { n: number; width: number }[] = [];
  for (let n = 0; n * tileWidth < hashes; n += 1) {
    tiles.push({ n, width: Math.min(tileWidth, hashes - n * tileWidth) });
  }
  return tiles;
}

/** Entries with a big-endian length of two bytes before each. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(entry.length);
    parts.push(length, entry);
  }
  return Buffer.concat(parts);
}

/** The entries of a bundle; undefined when the lengths do not fit the bytes. */
export function decodeBundle(bundle: Uint8Array): Uint8Array[] | undefined {
  const bytes = Buffer.from(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 2 > bytes.length) return undefined;
    const length = bytes.readUInt16BE(at);
    if (at + 2 + length > bytes.length) return undefined;
    entries.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return entries;
}
