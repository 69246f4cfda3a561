/**
 * RFC 6962 Merkle trees over SHA-256: hashes, the compact range that a growing log keeps, inclusion and
 * consistency proofs and their verification. Pure; verification never throws and takes sizes up to 2^64 as
 * BigInt. Whoever appends works with sizes below 2^53.
 */
import { hash } from 'node:crypto';

/** The hash of a tree without leaves: SHA-256 of nothing. */
export const emptyRoot: Uint8Array = hash('sha256', '', 'buffer');

/** Asking for a binary string and copying it costs half of asking for a buffer (measured). */
function sha256(data: Uint8Array | string): Uint8Array {
  return Buffer.from(hash('sha256', data, 'latin1'), 'latin1');
}

/** SHA-256(0x00 || leaf). A string is taken as UTF-8. */
export function leafHash(leaf: Uint8Array | string): Uint8Array {
  if (typeof leaf === 'string') return sha256(`\0${leaf}`);
  const prefixed = Buffer.allocUnsafe(leaf.length + 1);
  prefixed[0] = 0;
  prefixed.set(leaf, 1);
  return sha256(prefixed);
}

const pair = Buffer.alloc(65, 1);

/** SHA-256(0x01 || left || right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  pair.set(left, 1);
  pair.set(right, 33);
  return sha256(pair);
}

/** The roots of the full subtrees of a tree, largest first: all that is needed to append and to tell the root. */
export interface Range {
  readonly size: number;
  readonly hashes: readonly Uint8Array[];
}

export const emptyRange: Range = { size: 0, hashes: [] };

/** The range after appending leaf hashes. The argument stays as it is. */
export function extend(range: Range, leaves: readonly Uint8Array[]): Range {
  const hashes = [...range.hashes];
  let size = range.size;
  for (const leaf of leaves) {
    let merged = leaf;
    for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
      const left = hashes.pop();
      if (left === undefined) throw new RangeError('a range holds one hash per set bit of its size');
      merged = nodeHash(left, merged);
    }
    hashes.push(merged);
    size += 1;
  }
  return { size, hashes };
}

export function rangeRoot(range: Range): Uint8Array {
  let root: Uint8Array | undefined;
  for (let i = range.hashes.length - 1; i >= 0; i -= 1) {
    const left = range.hashes[i];
    if (left !== undefined) root = root === undefined ? left : nodeHash(left, root);
  }
  return root ?? emptyRoot;
}

/** Reads a range back from its stored bytes; undefined when the number of hashes does not fit the size. */
export function parseRange(size: number, bytes: Uint8Array): Range | undefined {
  let expected = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) expected += rest % 2;
  if (bytes.length !== expected * 32) return undefined;
  const hashes: Uint8Array[] = [];
  for (let i = 0; i < bytes.length; i += 32) hashes.push(Buffer.from(bytes.subarray(i, i + 32)));
  return { size, hashes };
}

export function rangeBytes(range: Range): Uint8Array {
  return Buffer.concat(range.hashes);
}

/** MTH(D[from:to]) of RFC 6962 section 2.1. */
function subtree(leaves: readonly Uint8Array[], from: number, to: number): Uint8Array {
  return rangeRoot(extend(emptyRange, leaves.slice(from, to)));
}

export function treeRoot(leaves: readonly Uint8Array[]): Uint8Array {
  return subtree(leaves, 0, leaves.length);
}

/** The largest power of two below n (n > 1). */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** PATH(index, D[n]): the audit path from the leaf's sibling up to the root's child. */
export function inclusionProof(index: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (!Number.isSafeInteger(index) || index < 0 || index >= leaves.length) {
    throw new RangeError(`index ${index} is outside a tree of ${leaves.length}`);
  }
  const proof: Uint8Array[] = [];
  let from = 0;
  let to = leaves.length;
  while (to - from > 1) {
    const middle = from + split(to - from);
    if (index < middle) {
      proof.unshift(subtree(leaves, middle, to));
      to = middle;
    } else {
      proof.unshift(subtree(leaves, from, middle));
      from = middle;
    }
  }
  return proof;
}

/** PROOF(size1, D[n]): that the tree of the first `size1` leaves is a prefix of this one. */
export function consistencyProof(size1: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (!Number.isSafeInteger(size1) || size1 < 1 || size1 > leaves.length) {
    throw new RangeError(`no consistency proof from ${size1} to ${leaves.length}`);
  }
  const proof: Uint8Array[] = [];
  let from = 0;
  let to = leaves.length;
  let whole = true;
  while (size1 !== to) {
    const middle = from + split(to - from);
    if (size1 <= middle) {
      proof.unshift(subtree(leaves, middle, to));
      to = middle;
    } else {
      proof.unshift(subtree(leaves, from, middle));
      from = middle;
      whole = false;
    }
  }
  if (!whole) proof.unshift(subtree(leaves, from, to));
  return proof;
}

type Size = number | bigint;

function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === 32 && b.length === 32 && Buffer.compare(a, b) === 0;
}

function wellFormed(hashes: readonly Uint8Array[]): boolean {
  return hashes.every((h) => h.length === 32);
}

/** Whether the proof leads from the leaf at `index` to the root of a tree of `size` (RFC 9162 section 2.1.3.2). */
export function verifyInclusion(
  index: Size,
  size: Size,
  leaf: Uint8Array,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  let fn = BigInt(index);
  let sn = BigInt(size) - 1n;
  if (fn < 0n || fn > sn || leaf.length !== 32 || !wellFormed(proof)) return false;
  let computed = leaf;
  for (const sibling of proof) {
    if (sn === 0n) return false;
    if (fn % 2n === 1n || fn === sn) {
      computed = nodeHash(sibling, computed);
      while (fn % 2n === 0n && fn !== 0n) {
        fn /= 2n;
        sn /= 2n;
      }
    } else {
      computed = nodeHash(computed, sibling);
    }
    fn /= 2n;
    sn /= 2n;
  }
  return sn === 0n && sameHash(computed, root);
}

/**
 * Whether the tree with root2 extends the tree with root1 (RFC 9162 section 2.1.4.2). Of the empty tree there is
 * nothing to prove, so from size 0 nothing holds.
 */
export function verifyConsistency(
  size1: Size,
  size2: Size,
  root1: Uint8Array,
  root2: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  const first = BigInt(size1);
  const second = BigInt(size2);
  if (first < 1n || first > second) return false;
  if (first === second) return proof.length === 0 && Buffer.compare(root1, root2) === 0;
  if (!wellFormed([root1, root2, ...proof])) return false;
  if (proof.length === 0) return false;
  return climb(
    first - 1n,
    second - 1n,
    root1,
    root2,
    (first & (first - 1n)) === 0n ? [root1, ...proof] : proof,
  );
}

function climb(
  last1: bigint,
  last2: bigint,
  root1: Uint8Array,
  root2: Uint8Array,
  path: readonly Uint8Array[],
): boolean {
  let fn = last1;
  let sn = last2;
  while (fn % 2n === 1n) {
    fn /= 2n;
    sn /= 2n;
  }
  const [start, ...rest] = path;
  if (start === undefined) return false;
  let fr = start;
  let sr = start;
  for (const step of rest) {
    if (sn === 0n) return false;
    if (fn % 2n === 1n || fn === sn) {
      fr = nodeHash(step, fr);
      sr = nodeHash(step, sr);
      while (fn % 2n === 0n && fn !== 0n) {
        fn /= 2n;
        sn /= 2n;
      }
    } else {
      sr = nodeHash(sr, step);
    }
    fn /= 2n;
    sn /= 2n;
  }
  return sn === 0n && sameHash(fr, root1) && sameHash(sr, root2);
}
