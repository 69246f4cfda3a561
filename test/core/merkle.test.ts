import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  consistencyProof,
  emptyRange,
  extend,
  inclusionProof,
  leafHash,
  parseRange,
  rangeBytes,
  rangeRoot,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from '../../src/core/merkle.ts';

const vectors = join(import.meta.dirname, '../vectors/merkle/testdata');

interface Vector {
  readonly [name: string]: unknown;
  readonly desc: string;
  readonly wantErr: boolean;
}

/** Sizes go beyond 2^53: they are read as BigInt from their digits. */
function readVectors(folder: string): { name: string; vector: Vector }[] {
  const names = readdirSync(join(vectors, folder), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const text = readFileSync(join(vectors, folder, name), 'utf8');
      const digits = /("(?:leafIdx|treeSize|size1|size2)": )(\d+)/g;
      return { name, vector: JSON.parse(text.replaceAll(digits, '$1"$2"')) as Vector };
    });
}

const bytes = (value: unknown): Uint8Array => Buffer.from(String(value ?? ''), 'base64');
const proofOf = (value: unknown): Uint8Array[] => (Array.isArray(value) ? value.map(bytes) : []);

describe('published vectors', () => {
  const inclusion = readVectors('inclusion');
  const consistency = readVectors('consistency');

  test('there are as many as were published', () => {
    expect(inclusion.length).toBe(98);
    expect(consistency.length).toBe(98);
  });

  test.each(inclusion)('inclusion $name', ({ vector }) => {
    const holds = verifyInclusion(
      BigInt(String(vector.leafIdx)),
      BigInt(String(vector.treeSize)),
      bytes(vector.leafHash),
      proofOf(vector.proof),
      bytes(vector.root),
    );
    expect(holds).toBe(!vector.wantErr);
  });

  test.each(consistency)('consistency $name', ({ vector }) => {
    const holds = verifyConsistency(
      BigInt(String(vector.size1)),
      BigInt(String(vector.size2)),
      bytes(vector.root1),
      bytes(vector.root2),
      proofOf(vector.proof),
    );
    expect(holds).toBe(!vector.wantErr);
  });

  test('roots of the eight standard leaves', () => {
    const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657'];
    const leaves = [...inputs, '606162636465666768696a6b6c6d6e6f'].map((hex) =>
      leafHash(Buffer.from(hex, 'hex')),
    );
    const roots = leaves.map((_, i) => Buffer.from(treeRoot(leaves.slice(0, i + 1))).toString('hex'));
    expect(roots.map((root) => `${root.slice(0, 8)}…${root.slice(-4)}`)).toEqual([
      '6e340b9c…a01d',
      'fac54203…c125',
      'aeb6bcfe…6e77',
      'd37ee418…14b7',
      '4e3bbb1f…64d4',
      '76e67dad…87ef',
      'ddb89be4…4c8c',
      '5dc9da79…4328',
    ]);
  });
});

const leavesOf = (size: number): Uint8Array[] =>
  Array.from({ length: size }, (_, i) => leafHash(`leaf ${i}`));

describe('every size up to 70', () => {
  const leaves = leavesOf(70);

  test('every inclusion proof holds, and not for another leaf or index', () => {
    for (let size = 1; size <= 70; size += 1) {
      const tree = leaves.slice(0, size);
      const root = treeRoot(tree);
      for (const [index, leaf] of tree.entries()) {
        const proof = inclusionProof(index, tree);
        expect(verifyInclusion(index, size, leaf, proof, root)).toBe(true);
        expect(verifyInclusion(index, size, leafHash('another'), proof, root)).toBe(false);
        if (size > 1) expect(verifyInclusion((index + 1) % size, size, leaf, proof, root)).toBe(false);
      }
    }
  });

  test('every consistency proof holds, and not to another root', () => {
    for (let size = 1; size <= 70; size += 1) {
      const root = treeRoot(leaves.slice(0, size));
      for (let before = 1; before <= size; before += 1) {
        const proof = consistencyProof(before, leaves.slice(0, size));
        const first = treeRoot(leaves.slice(0, before));
        expect(verifyConsistency(before, size, first, root, proof)).toBe(true);
        expect(verifyConsistency(before, size, leafHash('x'), root, proof)).toBe(false);
        if (before < size) expect(verifyConsistency(before, size, first, first, proof)).toBe(false);
      }
    }
  });

  test('a range grown in any steps has the root of the tree, also after being stored', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 12 }), (steps) => {
        let range = emptyRange;
        let size = 0;
        for (const step of steps) {
          range = extend(range, leavesOf(size + step).slice(size));
          size += step;
          const stored = parseRange(range.size, rangeBytes(range));
          expect(stored).toEqual(range);
        }
        expect(Buffer.from(rangeRoot(range)).equals(treeRoot(leavesOf(size)))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('one flipped bit anywhere in a proof refuses it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 70 }), fc.nat(), fc.nat(), (size, position, bit) => {
        const tree = leaves.slice(0, size);
        const index = position % size;
        const proof = inclusionProof(index, tree).map((hash) => Buffer.from(hash));
        const hash = proof[position % proof.length];
        if (hash === undefined) return;
        hash[bit % 32] = (hash[bit % 32] ?? 0) ^ (1 << (bit % 8));
        const leaf = tree[index] ?? leafHash('');
        expect(verifyInclusion(index, size, leaf, proof, treeRoot(tree))).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});

test('a stored range of the wrong length is refused', () => {
  expect(parseRange(5, Buffer.alloc(32))).toBeUndefined();
  expect(parseRange(0, Buffer.alloc(0))).toEqual({ size: 0, hashes: [] });
});
