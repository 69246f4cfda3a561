/** What openings are called. */
import { expect, test } from '@jest/globals';
import { openingId } from '../../src/portal/record-opening.ts';

test('the name of an opening can be a word of a command, whatever its bytes are', () => {
  for (let first = 0; first < 256; first += 1)
    expect(openingId(Buffer.alloc(16, first))).toMatch(/^\w[\w-]{21}$/);
});
