/** A slice in parts says what it says as one text, whatever of it is left out of a comparison. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ledElsewhere } from '../../src/core/policy/rests.ts';
import { sliceChanges } from '../../src/core/policy/slice-changes.ts';
import {
  abridged,
  joined,
  partsNamed,
  rootOf,
  type SlicePart,
  wholeText,
} from '../../src/core/policy/slice-parts.ts';
import { toldSlice } from '../../src/core/policy/slice-told.ts';
import { hashOf } from '../../src/core/policy/slices.ts';

function part(group: string, content: unknown, name?: string): SlicePart {
  const text = JSON.stringify(content);
  return { group, ...(name === undefined ? {} : { name }), hash: hashOf(text), text: () => text };
}

const upstream = fc.record({
  url: fc.constantFrom('https://a', 'https://b'),
  ca_file: fc.constantFrom('a.pem', 'b.pem'),
});
const certificate = fc.option(fc.constantFrom('A', 'B'), { nil: undefined });
const slices = fc
  .record({
    systems: fc.dictionary(fc.constantFrom('erp', 'files'), fc.record({ upstream })),
    purposes: fc.dictionary(fc.constantFrom('support', 'backup'), fc.record({ minutes: fc.nat(2) })),
    profile: fc.option(fc.nat(1), { nil: undefined }),
    a: certificate,
    b: certificate,
    providers: fc.option(fc.record({ helpers: fc.nat(1) }), { nil: undefined }),
  })
  .map(({ systems, purposes, profile, a, b, providers }) => [
    part('file', { systems }),
    part('purposes', purposes),
    ...(profile === undefined ? [] : [part('profiles', { reads: profile }, 'erp')]),
    ...(a === undefined ? [] : [part('certificates', a, 'a.pem')]),
    ...(b === undefined ? [] : [part('certificates', b, 'b.pem')]),
    ...(providers === undefined ? [] : [part('providers', providers)]),
  ]);

describe('what is left out of a comparison changes no word of it', () => {
  test('nor which systems lead elsewhere', () => {
    fc.assert(
      fc.property(slices, slices, (before, now) => {
        const [old, fresh] = abridged('acme', before, now);
        const whole = [joined('acme', before), joined('acme', now)] as const;
        expect(sliceChanges(old, fresh)).toEqual(sliceChanges(...whole));
        // What was there and is there no more is found by the file alone.
        expect(ledElsewhere(old, fresh)).toEqual(ledElsewhere(...whole));
      }),
    );
  });
});

describe('a kept text', () => {
  test('is one text again with its parts, and nothing without one of them', () => {
    fc.assert(
      fc.property(slices, (parts) => {
        const kept = new Map(parts.map(({ hash, text }) => [hash, text()]));
        const root = rootOf('acme', parts);
        expect(new Set(partsNamed(root))).toEqual(new Set(kept.keys()));
        expect(wholeText(root, (hash) => kept.get(hash))).toBe(joined('acme', parts));
        kept.delete(parts[0]?.hash ?? '');
        expect(wholeText(root, (hash) => kept.get(hash))).toBeUndefined();
      }),
    );
  });

  test('that names no parts is whole already', () => {
    const early = '{"client":"acme","file":{}}';
    expect(wholeText(early, () => undefined)).toBe(early);
    expect(partsNamed(early)).toEqual([]);
  });
});

test('a log is given the parts that it lacks: all, unless what it holds is known in parts', () => {
  const [file, before, after] = [part('file', {}), part('purposes', { a: 1 }), part('purposes', { a: 2 })];
  const slice = (parts: readonly SlicePart[]) => {
    const text = rootOf('acme', parts);
    return { text, hash: hashOf(text), parts };
  };
  const [old, now] = [slice([file, before]), slice([file, after])];
  const given = (known: Parameters<typeof toldSlice>[1]) =>
    toldSlice('acme', known, now).parts?.map(({ text }) => text);
  expect(given(undefined)).toEqual(['{}', '{"a":2}']);
  expect(given(joined('acme', old.parts))).toEqual(['{}', '{"a":2}']);
  expect(given(old)).toEqual(['{"a":2}']);
  expect(toldSlice('acme', old, now).change).toEqual(
    toldSlice('acme', joined('acme', old.parts), now).change,
  );
  expect(toldSlice('acme', old, undefined)).toMatchObject({ text: '{"client":"acme"}', parts: [] });
});
