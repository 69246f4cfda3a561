/**
 * The last step of a build: what the compiler does not do. Copies the assets that pages and demo read, makes the
 * program executable, and links it as `npx consentry` in a clone: npm links the bins of dependencies only, and a `bin` in
 * package.json would make npx install the project into its cache first.
 */
import { chmod, cp, lstat, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

for (const folder of ['portal/assets', 'demo/assets', 'identity/assets']) {
  const from = join(root, 'src', folder);
  const found = await lstat(from).catch(() => undefined);
  if (found?.isDirectory()) await cp(from, join(root, 'dist', folder), { recursive: true });
}

await chmod(join(root, 'dist/main.js'), 0o755);

const link = join(root, 'node_modules/.bin/consentry');
await mkdir(join(root, 'node_modules/.bin'), { recursive: true });
await rm(link, { force: true });
await symlink('../../dist/main.js', link);
