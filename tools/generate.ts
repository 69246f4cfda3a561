/** Writes every generated file, and says which ones changed. Needs a build. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generated, root } from './generated.ts';

for (const { path, content } of generated) {
  const wanted = await content();
  const there = await readFile(join(root, path), 'utf8').catch(() => undefined);
  if (there === wanted) continue;
  await writeFile(join(root, path), wanted);
  process.stdout.write(`${path} written\n`);
}
