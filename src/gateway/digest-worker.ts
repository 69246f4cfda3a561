/**
 * A thread that hashes: SHA-256 over the pieces of each stream, in their order, where they lie. Told is only that a piece is done
 * with, so nothing is copied and nothing grows.
 */
import { createHash, type Hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

/** So many bytes of the memory, from there. */
export interface Piece {
  readonly memory: SharedArrayBuffer;
  readonly from: number;
  readonly length: number;
}

/** `end`: answered with the digest. `drop`: forgotten. */
export type DigestAsked =
  | { readonly do: 'pieces'; readonly stream: number; readonly pieces: readonly Piece[] }
  | { readonly do: 'end' | 'drop'; readonly stream: number };

/** Without a digest: the pieces that the stream sent first, and that were not told of yet, are hashed. */
export interface DigestTold {
  readonly stream: number;
  readonly digest?: string;
}

const hashes = new Map<number, Hash>();

function hashOf(stream: number): Hash {
  const known = hashes.get(stream);
  if (known !== undefined) return known;
  const made = createHash('sha256');
  hashes.set(stream, made);
  return made;
}

function tell(told: DigestTold): void {
  parentPort?.postMessage(told);
}

parentPort?.on('message', (asked: DigestAsked) => {
  const { stream } = asked;
  switch (asked.do) {
    case 'pieces': {
      const hash = hashOf(stream);
      for (const { memory, from, length } of asked.pieces) hash.update(new Uint8Array(memory, from, length));
      return tell({ stream });
    }
    case 'end':
      tell({ stream, digest: hashOf(stream).digest('base64url') });
      hashes.delete(stream);
      return;
    case 'drop':
      hashes.delete(stream);
  }
});
