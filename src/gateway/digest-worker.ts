/**
 * A thread that hashes: SHA-256 over the pieces of each stream, in their order. Pieces come in buffers that go back when they are
 * hashed, so that nothing is copied and nothing grows.
 */
import { createHash, type Hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

/** `piece`: the first `length` bytes of the buffer. `end`: answered with the digest. `drop`: forgotten. */
export type DigestAsked =
  | { readonly do: 'piece'; readonly stream: number; readonly buffer: ArrayBuffer; readonly length: number }
  | { readonly do: 'end' | 'drop'; readonly stream: number };

export type DigestTold =
  | { readonly stream: number; readonly buffer: ArrayBuffer }
  | { readonly stream: number; readonly digest: string };

const hashes = new Map<number, Hash>();

function hashOf(stream: number): Hash {
  const known = hashes.get(stream);
  if (known !== undefined) return known;
  const made = createHash('sha256');
  hashes.set(stream, made);
  return made;
}

parentPort?.on('message', (asked: DigestAsked) => {
  const { stream } = asked;
  switch (asked.do) {
    case 'piece': {
      const { buffer, length } = asked;
      hashOf(stream).update(new Uint8Array(buffer, 0, length));
      const told: DigestTold = { stream, buffer };
      parentPort?.postMessage(told, [buffer]);
      return;
    }
    case 'end': {
      const told: DigestTold = { stream, digest: hashOf(stream).digest('base64url') };
      hashes.delete(stream);
      parentPort?.postMessage(told);
      return;
    }
    case 'drop':
      hashes.delete(stream);
  }
});
