/** ES modules throughout; TypeScript is only stripped here, types are checked by `npm run verify`. */

// Each ledger starts threads and some tests whole processes: what they load is compiled once, not each time.
process.env.NODE_COMPILE_CACHE ??= new URL('node_modules/.cache/compiled', import.meta.url).pathname;

export default {
  testEnvironment: 'node',
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
  testTimeout: 30_000,
  // Tests wait more than they compute: two at a time also on two cores.
  maxWorkers: 2,
};
