/**
 * Scripts of this folder as plain JavaScript. A process whose memory is measured runs these: Node's own reader of TypeScript
 * would take 18 MB of it, and what is shipped is compiled.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';

const from = new URL('./', import.meta.url);
/** As deep as this folder, so that relative addresses mean the same. */
const to = new URL('../../bench-results/js/', import.meta.url);

let written: Promise<void> | undefined;

/** Address of the script's plain form. `name` ends in `.ts`. */
export async function plainScript(name: string): Promise<string> {
  written ??= writeAll();
  await written;
  return new URL(name.replace(/\.ts$/, '.js'), to).href;
}

async function writeAll(): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
    const plain = stripTypeScriptTypes(await readFile(new URL(name, from), 'utf8'));
    const own = plain.replaceAll(/((?:from |import\()'\.\/[\w-]+)\.ts'/g, "$1.js'");
    await writeFile(new URL(name.replace(/\.ts$/, '.js'), to), own);
  }
}
