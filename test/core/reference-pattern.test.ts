/** Forms of references: what they take, what is no form, and that no reference makes them slow. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exampleOf, matchesReference, parseReferencePattern } from '../../src/core/reference-pattern.ts';
import { stopwatch } from '../support/stopwatch.ts';

function matches(pattern: string, reference: string): boolean {
  const parsed = parseReferencePattern(pattern);
  if (parsed === undefined) throw new Error(`${pattern} is no pattern`);
  return matchesReference(parsed, reference);
}

test.each([
  ['INC-#', 'INC-1', true],
  ['INC-#', 'INC-000123456', true],
  ['INC-#', 'INC-', false],
  ['INC-#', 'inc-1', false],
  ['INC-#', 'INC-1a', false],
  ['INC-#', ' INC-1', false],
  ['INC-#', 'XINC-1', false],
  ['CALL-####', 'CALL-1234', true],
  ['CALL-####', 'CALL-123', false],
  ['CALL-####', 'CALL-12345', false],
  ['CALL-####', 'CALL-12a4', false],
  ['##/#', '26/1', true],
  ['##/#', '2/1', false],
  ['*-#', 'PAY-12', true],
  ['*-#', 'PAY-NET-12', true],
  ['*-#', '-12', false],
  ['*-#', 'PAY-', false],
  ['T*', 'T', false],
  ['T*', 'Ticket_7.b', true],
  ['T*', 'T 7', false],
  ['T*', 'Té', false],
  ['#-#', '1-2', true],
  ['#-#', '1--2', false],
  ['A #', 'A 7', true],
  ['INC-#', '', false],
  ['INC-#', 'INC-١', false],
])('%s and %p: %p', (pattern, reference, expected) => {
  expect(matches(pattern, reference)).toBe(expected);
});

test.each([
  '',
  '*',
  ' INC-#',
  'INC-# ',
  'INC-[0-9]',
  '(a+)+',
  'INC-**',
  'é#',
  '#'.repeat(31),
  'a'.repeat(65),
])('%p is no form', (pattern) => {
  expect(parseReferencePattern(pattern)).toBeUndefined();
});

const piece = fc.constantFrom('A', 'b', '-', '#', '##', '*', '/', '7');
const forms = fc
  .array(piece, { minLength: 1, maxLength: 8 })
  .map((parts) => parts.join(''))
  .filter((form) => parseReferencePattern(form) !== undefined);

describe('whatever the form', () => {
  test('its example has it', () => {
    fc.assert(
      fc.property(forms, (form) => {
        const parsed = parseReferencePattern(form);
        expect(parsed !== undefined && matchesReference(parsed, exampleOf(parsed))).toBe(true);
      }),
    );
  });

  test('it takes what an expression of the same meaning takes', () => {
    fc.assert(
      fc.property(forms, fc.stringMatching(/^[Ab7/-]{0,10}$/), (form, reference) => {
        const source = form.replace(/#+|\*|[-/]/g, (part) =>
          part === '*'
            ? '[A-Za-z0-9._/-]+'
            : part === '#'
              ? '[0-9]+'
              : part.startsWith('#')
                ? `[0-9]{${part.length}}`
                : `\\${part}`,
        );
        expect(matches(form, reference)).toBe(new RegExp(`^${source}$`).test(reference));
      }),
      { numRuns: 2000 },
    );
  });
});

test('many wildcards and a long reference that fails only at its end: no slower than any other', () => {
  const pattern = `${'*'.repeat(1)}a#a*a#a*a#a*a#a*b`;
  const reference = 'a1'.repeat(2_000);
  const took = stopwatch();
  for (let i = 0; i < 100; i += 1) expect(matches(pattern, reference)).toBe(false);
  expect(took().ran).toBeLessThan(2_000);
});
