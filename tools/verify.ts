/**
 * Everything that must hold before a change is taken: format, lint, types, build, arrows and tests, policy cases, and
 * generated files in step. Runs all steps, prints what failed, exits 1 if anything did.
 */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generated, root } from './generated.ts';

const node = process.execPath;
const bin = (name: string): string => join(root, 'node_modules/.bin', name);
const jest = [
  '--min-semi-space-size=16',
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  join(root, 'node_modules/jest/bin/jest.js'),
];

/** A command in words, and how to run it. The order is from quick to slow. */
const steps: readonly (readonly [string, string, readonly string[]])[] = [
  ['format, lint, order of imports', bin('biome'), ['check', '--diagnostic-level=error', '.']],
  ['types', bin('tsc'), ['-p', 'tsconfig.test.json']],
  ['build', node, [join(root, 'tools/bundle.ts')]],
  ['build: assets', node, [join(root, 'tools/finish-build.ts')]],
  [
    'policy cases',
    node,
    [join(root, 'dist/main.js'), 'policy', 'check', join(root, 'policies'), '--evaluation'],
  ],
  ['tests', node, jest],
];

const failed: string[] = [];

for (const [name, command, args] of steps) {
  process.stdout.write(`\n== ${name}\n`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) failed.push(name);
}

process.stdout.write('\n== generated files\n');
for (const { path, content } of generated) {
  if (!(await inStep(path, content))) failed.push(`${path} is not what "npm run generate" writes`);
}

process.stdout.write(failed.length === 0 ? '\nAll is well.\n' : `\nFailed: ${failed.join('; ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;

async function inStep(path: string, content: () => Promise<string>): Promise<boolean> {
  try {
    return (await readFile(join(root, path), 'utf8')) === (await content());
  } catch {
    return false;
  }
}
