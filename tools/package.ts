/**
 * Makes one archive that runs on a machine with nothing installed: the built program, its production dependencies, the
 * Node it was tested with, sample policies, deploy files and a start script. `package/consentry-<version>-<platform>.tar.gz`
 */
import { execFileSync } from 'node:child_process';
import { chmod, copyFile, cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
const name = `consentry-${version}-${process.platform}-${process.arch}`;
const work = await mkdtemp(join(tmpdir(), 'consentry-package-'));
const stage = join(work, name);

const START = `#!/bin/sh
# Starts Consentry with the Node that comes with it.
here=$(CDPATH= cd -- "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd)
# Small systems lack a library that this Node needs; ours is used after theirs.
LD_LIBRARY_PATH="\${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$here/lib"
export LD_LIBRARY_PATH
# What is freed goes back to the system, and threads share two stores of memory instead of having one each.
export MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=131072
exec "$here/bin/node" --max-semi-space-size=3 --heap-growing-percent=30 --no-allocation-site-pretenuring --external-memory-accounted-in-global-limit "$here/dist/main.js" "$@"
`;

try {
  await mkdir(join(stage, 'bin'), { recursive: true });
  for (const file of [
    'package.json',
    'package-lock.json',
    'README.md',
    'SECURITY.md',
    'CHANGELOG.md',
    'LICENSE',
  ])
    await copyFile(join(root, file), join(stage, file));
  for (const folder of ['dist', 'policies', 'deploy', 'docs'])
    await cp(join(root, folder), join(stage, folder), { recursive: true, force: true }).catch(ignoreMissing);
  // The demo signs in everybody; its parts are development dependencies and have no place in production.
  await rm(join(stage, 'dist/demo'), { recursive: true, force: true });
  // Scripts of dependencies are not needed at run time; production packages here have none.
  execFileSync('npm', ['ci', '--omit=dev', '--ignore-scripts'], { cwd: stage, stdio: 'inherit' });
  await copyFile(await realpath(process.execPath), join(stage, 'bin/node'));
  await chmod(join(stage, 'bin/node'), 0o755);
  await copyLibrary('libatomic.so.1');
  await writeFile(join(stage, 'bin/consentry'), START, { mode: 0o755 });
  await mkdir(join(root, 'package'), { recursive: true });
  const archive = join(root, 'package', `${name}.tar.gz`);
  execFileSync('tar', ['--owner=0', '--group=0', '--numeric-owner', '-czf', archive, '-C', work, name]);
  process.stdout.write(`${archive}\n`);
} finally {
  await rm(work, { recursive: true, force: true });
}

/** `docs` is there only once it has pictures. */
function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

/** Copies a shared library that Node is linked with, if it is linked with it. */
async function copyLibrary(library: string): Promise<void> {
  const linked = execFileSync('ldd', [await realpath(process.execPath)], { encoding: 'utf8' });
  const found = linked.split('\n').find((line) => line.trim().startsWith(`${library} => /`));
  const path = found?.split('=> ')[1]?.split(' ')[0];
  if (path === undefined) return;
  await mkdir(join(stage, 'lib'), { recursive: true });
  await copyFile(await realpath(path), join(stage, 'lib', library));
}
