/** `consentry version`: which release this is, and what it runs on. */
import { readFile } from 'node:fs/promises';
import { programFile } from '../program.ts';
import type { Terminal } from './terminal.ts';

/** Prints the version of the package beside this build, and of Node. */
export async function versionCommand(
  _args: string[],
  _env: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<number> {
  const manifest: unknown = JSON.parse(await readFile(programFile('../package.json'), 'utf8'));
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : 'unknown';
  terminal.print(`consentry ${version} (node ${process.versions.node}, sqlite ${process.versions.sqlite})`);
  return 0;
}
