/** To which paths of a system somebody may be led. */
import { expect, test } from '@jest/globals';
import { isPlace } from '../../src/core/paths.ts';

test.each<[string, boolean]>([
  ['/', true],
  ['/invoices/7?tab=lines', true],
  [`/${'a'.repeat(2_399)}`, true],
  [`/${'a'.repeat(2_400)}`, false],
  ['//elsewhere.example/', false],
  ['/.consentry/declare', false],
  ['/a\\b', false],
  ['https://elsewhere.example/', false],
  ['', false],
])('%s: %p', (path, is) => {
  expect(isPlace(path)).toBe(is);
});
