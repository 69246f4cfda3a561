/**
 * Reading a large text by pieces: what it says must be what the whole text says, whatever the text is like; where pieces
 * cannot tell, it says nothing and the whole is read.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ReadPieces, readByPieces, readDocument } from '../../src/core/policy/document.ts';
import { cutIntoPieces } from '../../src/core/policy/pieces-of-text.ts';

const variables = { ISSUER: 'https://login.example' };
const staff = readFileSync(new URL('../../policies/staff.yaml', import.meta.url), 'utf8');
const sources = [staff, readFileSync(new URL('../../policies/purposes.yaml', import.meta.url), 'utf8')];

/** Short texts are read as a whole. */
const whole = (text: string) => readDocument({ path: 'staff.yaml', text }, variables);
const pieces = (text: string, known: ReadPieces = new Map()) => readByPieces(text, variables, known);

test.each(sources)('the sample files say the same by pieces', (text) => {
  const { data, faults } = whole(text);
  expect(faults).toEqual([]);
  expect(pieces(text)).toEqual(data);
});

/** What could make a piece mean something else than in its place. */
const lines = [
  '',
  '  ',
  '# a remark',
  '    name: "open',
  '    name: open"',
  "    name: 'it''s",
  '    note: |',
  '      people:',
  '  carla:',
  '  carla: { name: Carla }',
  '  alice:',
  '   dora:',
  'people:',
  'people: {}',
  'more: [a, b',
  '  c]',
  '---',
  '...',
  '%YAML 1.2',
  '? key',
  ': value',
  '- item',
  '  - item',
  '    anchor: &here x',
  '    alias: *here',
  '  <<: {}',
  '__proto__:',
  '  __proto__:',
  '\ttab: 1',
  '    from: yes',
  '    tagged: !!str x',
  '    ${ISSUER}: x',
  '    name: ${NOBODY}',
];

test('a text that was changed anywhere says by pieces what it says as a whole, or nothing', () => {
  const change = fc.record({
    at: fc.nat({ max: 200 }),
    take: fc.nat({ max: 3 }),
    put: fc.array(fc.constantFrom(...lines), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.constantFrom(...sources), fc.array(change, { maxLength: 4 }), (source, changes) => {
      const text = source.split('\n');
      for (const { at, take, put } of changes) text.splice(at % text.length, take, ...put);
      const joined = text.join('\n');
      const read = pieces(joined);
      if (read === undefined) return;
      expect(whole(joined)).toMatchObject({ faults: [], data: read });
    }),
    { numRuns: 2_000 },
  );
});

describe('a small change', () => {
  test('leaves the other pieces as they were', () => {
    const known: ReadPieces = new Map();
    const before = pieces(staff, known) as { people: Record<string, object> };
    const after = pieces(staff.replace('name: Eve Rossi', 'name: Eve Bianchi'), known) as typeof before;
    expect(after.people.alice).toBe(before.people.alice);
    expect(after.people.eve).toMatchObject({ name: 'Eve Bianchi' });
    expect(known.size).toBe(cutIntoPieces(staff)?.length);
  });

  test('that takes somebody away leaves nothing of them behind', () => {
    const known: ReadPieces = new Map();
    pieces(staff, known);
    const without = staff.replace(/\n {2}eve:\n[\s\S]*?(?=\n\n)/, '');
    const after = pieces(without, known) as { people: Record<string, object> };
    expect(Object.keys(after.people)).not.toContain('eve');
    expect([...known.keys()].some((piece) => piece.includes('eve:'))).toBe(false);
  });
});
