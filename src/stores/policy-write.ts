/**
 * Writes policy files so that a reader sees each of them whole or not at all: beside its place first, under a name that no
 * reader takes, then moved there. Writes nothing when one of them is in the way and may not be replaced.
 */
import { link, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { PolicyDocument } from '../core/policy/document.ts';

/** Those of the files that are there already, whatever they are. */
export async function presentAmong(directory: string, paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map(async (path) => ((await lstat(join(directory, path)).catch(() => undefined)) ? [path] : [])),
  );
  return found.flat();
}

/** All are on disk when it resolves. Without `replace` a file that has appeared meanwhile is an error, not overwritten. */
export async function writePolicyFiles(
  directory: string,
  documents: readonly PolicyDocument[],
  replace: boolean,
): Promise<void> {
  const made: { readonly beside: string; readonly final: string }[] = [];
  try {
    for (const { path, text } of documents) {
      const final = join(directory, path);
      const beside = join(dirname(final), `.${basename(final)}.${process.pid}`);
      await mkdir(dirname(final), { recursive: true });
      const file = await open(beside, 'wx', 0o644);
      made.push({ beside, final });
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
    }
    for (const { beside, final } of made) await (replace ? rename(beside, final) : link(beside, final));
  } finally {
    await Promise.all(made.map(({ beside }) => rm(beside, { force: true })));
  }
}
