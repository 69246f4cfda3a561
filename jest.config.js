/** ES modules throughout; TypeScript is only stripped here, types are checked by `npm run verify`. */
import { statfsSync } from 'node:fs';

// Each ledger starts threads and some tests whole processes: what they load is compiled once, not each time.
process.env.NODE_COMPILE_CACHE ??= new URL('node_modules/.cache/compiled', import.meta.url).pathname;

// What tests write is synced to disk at each commit. Where memory holds it all, nobody waits for a disk: programs that are killed
// leave the same behind there, and that the syncs are asked for is looked at by strace (test/faults/before-upstream.test.ts).
if (process.env.TMPDIR === undefined && freeIn('/dev/shm') > 4e9) process.env.TMPDIR = '/dev/shm';

function freeIn(folder) {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}

export default {
  testEnvironment: '<rootDir>/test/support/loaded-once.ts',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts', '**/*.test.tsx'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'esnext',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic', importSource: 'preact' } },
        },
        module: { type: 'es6' },
      },
    ],
  },
  globalSetup: '<rootDir>/test/support/browser-keeper.ts',
  globalTeardown: '<rootDir>/test/support/browser-end.ts',
  testSequencer: '<rootDir>/test/support/longest-first.ts',
  // Who hangs is given up; what a test may take is said by the test. A machine may be slow, and stand still for seconds.
  testTimeout: 60_000,
  // Many tests wait, and browsers compute beside them: three at a time also on two cores.
  maxWorkers: 3,
};
