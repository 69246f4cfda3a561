import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

test('a thread has the heap that it was given, whatever the process was started with', async () => {
  const script = join(import.meta.dirname, 'threads-process.ts');
  const sizes = await Promise.all(
    [[], ['--max-semi-space-size=16']].map(async (flags) => {
      const { stdout } = await promisify(execFile)(process.execPath, [...flags, script]);
      return Number(stdout);
    }),
  );
  expect(sizes).toEqual([35, 35]);
});
