/** How long batches wait: nobody alone waits, a crowd waits for those who could come soon, and never for those who left. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Crowd } from '../../src/stores/ledger-crowd.ts';

/** Everybody comes, is let through in one batch, and ends. */
function round(crowd: Crowd, people: number): void {
  for (let i = 0; i < people; i += 1) crowd.came();
  crowd.went(people);
  crowd.began(people);
  for (let i = 0; i < people; i += 1) crowd.ended();
}

describe('a batch', () => {
  test('of somebody alone never waits', () => {
    const crowd = new Crowd();
    for (let i = 0; i < 100; i += 1) {
      crowd.came();
      expect(crowd.isComplete(1)).toBe(true);
      crowd.went(1);
      crowd.began(1);
      crowd.ended();
    }
  });

  test('of a crowd waits until everybody has come back', () => {
    const crowd = new Crowd();
    round(crowd, 32);
    for (let i = 1; i < 32; i += 1) {
      crowd.came();
      expect(crowd.isComplete(i)).toBe(false);
    }
    crowd.came();
    expect(crowd.isComplete(32)).toBe(true);
  });

  test('does not wait when nobody else is there', () => {
    const crowd = new Crowd();
    round(crowd, 32);
    // Five of the 32 go on, the others left; the first batch shows it.
    crowd.went(5);
    crowd.began(5);
    for (let i = 0; i < 5; i += 1) {
      expect(crowd.isComplete(i)).toBe(false);
      crowd.ended();
      crowd.came();
    }
    expect(crowd.isComplete(5)).toBe(true);
  });

  test('of somebody alone waits no more soon after a crowd, whatever long exchanges run', () => {
    const crowd = new Crowd();
    for (let i = 0; i < 32; i += 1) crowd.came();
    crowd.went(32);
    crowd.began(32);
    let waited = 0;
    for (let i = 0; i < 40; i += 1) {
      crowd.came();
      if (!crowd.isComplete(1)) waited += 1;
      crowd.went(1);
      crowd.began(1);
      crowd.ended();
    }
    expect(waited).toBeGreaterThan(0);
    expect(waited).toBeLessThan(25);
  });

  test('with enough in it goes, however many more there are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 256 }), { maxLength: 20 }), (rounds) => {
        const crowd = new Crowd();
        for (const people of rounds) round(crowd, people);
        expect(crowd.isComplete(64)).toBe(true);
      }),
    );
  });
});
