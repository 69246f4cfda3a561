import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { formatDisclosure, parseDisclosure } from '../../src/core/disclosures.ts';
import { fillFrame, frame } from '../../src/core/frame.ts';
import { canonicalFlat, commitment, LeafFault, parseLeaf, textHash } from '../../src/core/leaf.ts';
import { decodeBundle, encodeBundle, tileIndex, tilePath, tilesOf } from '../../src/core/tiles.ts';

const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.boolean(),
);
const wellFormed = (text: string): boolean => text.isWellFormed() && text !== '__proto__';
const flat = fc.dictionary(
  fc.oneof(fc.string(), fc.string({ unit: 'binary' })).filter(wellFormed),
  value.filter((v) => typeof v !== 'string' || v.isWellFormed()),
);

test('the canonical form is that of the reference implementation of RFC 8785', () => {
  fc.assert(
    fc.property(flat, (fields) => {
      expect(canonicalFlat(fields)).toBe(canonicalize(fields));
    }),
    { numRuns: 500 },
  );
});

test('what is canonical is read back, what is not is refused', () => {
  fc.assert(
    fc.property(flat, (fields) => {
      expect(parseLeaf(Buffer.from(canonicalFlat(fields)))).toEqual({ ...fields });
    }),
  );
  for (const text of [
    '{"b":1,"a":2}',
    '{ "a":1}',
    '{"a":1.0}',
    '{"a":1e2}',
    '{"a":null}',
    '{"a":[1]}',
    '[]',
    '{"a":1}\n',
    '\ufeff{}',
  ]) {
    expect(parseLeaf(Buffer.from(text))).toBeUndefined();
  }
  expect(parseLeaf(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toBeUndefined();
});

test.each([
  ['a float', { a: 1.5 }],
  ['a number beyond 2^53', { a: 2 ** 53 }],
  ['infinity', { a: Number.POSITIVE_INFINITY }],
  ['a lone surrogate', { a: '\ud800' }],
  ['a lone surrogate in a name', { '\udc00': 'a' }],
  ['nothing', { a: undefined as unknown as string }],
  ['null', { a: null as unknown as string }],
  ['an object', { a: {} as unknown as string }],
])('a leaf cannot hold %s', (_, fields) => {
  expect(() => canonicalFlat(fields)).toThrow(LeafFault);
});

describe('framed leaves', () => {
  const slots = ['at', 'boot', 'm', 'zz'];
  const caller = fc.dictionary(
    fc
      .stringMatching(/^[a-z_]{1,6}$/)
      .filter(
        (name) =>
          !['id', 't', 'v', 'n', 'at', 'node', 'boot', 'actor', 'm', 'zz'].includes(name) &&
          !name.startsWith('commit_'),
      ),
    value.filter((v) => typeof v !== 'string' || v.isWellFormed()),
  );

  test('filled, they are what canonicalFlat makes of all fields', () => {
    fc.assert(
      fc.property(caller, fc.string(), (fields, id) => {
        const framed = frame('access.intent', id, fields, slots);
        const whole = { ...fields, t: 'access.intent', id, v: 1, at: 'now', boot: 'b', m: 7, zz: true };
        expect(fillFrame(framed, slots, ['"now"', '"b"', '7', 'true'])).toBe(canonicalFlat(whole));
      }),
      { numRuns: 300 },
    );
  });

  test("the writer's fields cannot be given by a caller", () => {
    for (const name of ['n', 'at', 'actor', 'commit_target', 'v']) {
      expect(() => frame('access.intent', 'x', { [name]: 'mine' }, slots)).toThrow(LeafFault);
    }
  });
});

test('a commitment is SHA-256 of nonce and canonical group, also for long ones', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.string({ maxLength: 4000 }),
      (nonce, text) => {
        const json = JSON.stringify({ path: text });
        const expected = createHash('sha256').update(nonce).update(json).digest('base64url');
        expect(commitment(nonce, json)).toBe(`sha256:${expected}`);
      },
    ),
  );
  expect(textHash('')).toBe('sha256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU');
});

test('disclosures are read only in the form they are written in', () => {
  const nonce = Buffer.alloc(32, 7).toString('base64url');
  const line = formatDisclosure(12, 'target', nonce, '{"path":"/a"}');
  expect(parseDisclosure(line.trimEnd())).toEqual({
    index: 12,
    group: 'target',
    nonce,
    value: { path: '/a' },
  });
  for (const wrong of [
    line.replace(':12', ': 12'),
    line.replace('12', '12.0'),
    line.replace('/a"', '/a" '),
    'x',
    '{}',
    'null',
  ]) {
    expect(parseDisclosure(wrong.trimEnd())).toBeUndefined();
  }
});

describe('tiles', () => {
  test('paths follow the specification', () => {
    expect(tileIndex(1_234_067)).toBe('x001/x234/067');
    expect(tileIndex(0)).toBe('000');
    expect(tilePath('entries', 5, 112)).toBe('tile/entries/005.p/112');
    expect(tilePath(1, 0, 256)).toBe('tile/1/000');
  });

  test('a tree of 70,000 has the tiles of the specification', () => {
    const count = (level: number) => tilesOf(70_000, level).map(({ width }) => width);
    expect(count(0).length).toBe(274);
    expect(count(0).at(-1)).toBe(112);
    expect(count(1)).toEqual([256, 17]);
    expect(count(2)).toEqual([1]);
  });

  test('bundles come back as they were', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 20 }), (entries) => {
        const back = decodeBundle(encodeBundle(entries));
        expect(back?.map((entry) => [...entry])).toEqual(entries.map((entry) => [...entry]));
      }),
    );
    expect(decodeBundle(Buffer.from([0]))).toBeUndefined();
    expect(decodeBundle(Buffer.from([0, 2, 1]))).toBeUndefined();
  });
});
