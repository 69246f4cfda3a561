/**
 * `consentry init [FOLDER]`: a starting folder with policies that let nobody in yet, settings, and what to do next.
 * Never overwrites: if one of its files is there already, nothing is written at all. Makes no keys.
 */
import { lstat, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Environment } from '../config.ts';
import { envExample } from '../config.ts';
import { programFile } from '../program.ts';
import { copiedPolicies, writtenFiles } from './init-files.ts';
import type { Terminal } from './terminal.ts';

/** The policies that come with the program, beside its build. */
const SAMPLE = programFile('../policies/');

/** Answers 0 when everything was written, 1 when something was in the way, 2 for wrong arguments. */
export async function initCommand(args: string[], _env: Environment, terminal: Terminal): Promise<number> {
  const [name = 'consentry', ...rest] = args;
  if (rest.length > 0 || name.startsWith('-')) {
    terminal.complain('usage: consentry init [FOLDER]');
    return 2;
  }
  const folder = resolve(name);
  const files = await startingFiles(folder);
  const present = await existing(folder, [...files.keys()]);
  if (present.length > 0) {
    terminal.complain('consentry init: nothing written, because these are there already:');
    for (const path of present) terminal.complain(`  ${join(folder, path)}`);
    return 1;
  }
  for (const [path, content] of files) await write(join(folder, path), content);
  for (const path of files.keys()) terminal.print(`written  ${join(folder, path)}`);
  terminal.print(`\nNext: ${join(folder, 'NEXT-STEPS.txt')}`);
  return 0;
}

async function startingFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const settings = envExample({
    CONSENTRY_POLICIES: join(folder, 'policies'),
    CONSENTRY_DATA: join(folder, 'data'),
    CONSENTRY_KEYS: join(folder, 'keys'),
    CONSENTRY_GUARD: join(folder, 'guard'),
  });
  const copied = copiedPolicies.map(
    async (path) => [`policies/${path}`, await readFile(new URL(path, SAMPLE), 'utf8')] as const,
  );
  return new Map([...(await Promise.all(copied)), ...writtenFiles(folder, settings)]);
}

/** Links count as present, wherever they lead. */
async function existing(folder: string, paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      const stat = await lstat(join(folder, path)).catch(() => undefined);
      return stat === undefined ? [] : [path];
    }),
  );
  return found.flat();
}

/** `wx`: a file that appeared in the meantime is an error, not overwritten. Settings may come to hold secrets. */
async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content, { flag: 'wx', mode: path.endsWith('.env') ? 0o600 : 0o644 });
}
