/** The stopwatch of the tests (`support/stopwatch.ts`): what a machine does counts, that it stands still does not. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { stopwatch } from './support/stopwatch.ts';

test('waiting and computing count', async () => {
  const took = stopwatch();
  await pause(100);
  const before = process.cpuUsage();
  while (process.cpuUsage(before).user < 200_000);
  expect(took().ran).toBeGreaterThan(230);
});

test('standing still does not', () => {
  const took = stopwatch();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  expect(took().stood).toBeGreaterThan(400);
});
