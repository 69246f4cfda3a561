/**
 * Files that hold what lets a program act for somebody: in a folder of their own below `XDG_STATE_HOME`, for their owner alone.
 * As ssh does with keys, nothing is read of a file that others may read or write.
 */
import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { Environment } from '../config.ts';
import { words } from './technician-texts.ts';
import { Told } from './voice.ts';

/** A file or folder that is not as private as it must be; the sentence says what to do. */
export class NotPrivate extends Told {
  override name = 'NotPrivate';
}

/** Windows keeps access lists instead of modes: there the folder of the user is what protects. */
const hasModes = process.platform !== 'win32';

/** `$XDG_STATE_HOME/consentry`, else `~/.local/state/consentry`. Throws NotPrivate when there is neither. */
export function stateFolder(env: Environment): string {
  const given = env.XDG_STATE_HOME;
  // The specification of these folders: a relative path is as if it were not set.
  if (given !== undefined && isAbsolute(given)) return join(given, 'consentry');
  const home = env.HOME ?? env.USERPROFILE;
  if (home === undefined || !isAbsolute(home)) throw new NotPrivate(words.files.noHome);
  return join(home, '.local', 'state', 'consentry');
}

/** Writes a file for its owner alone, in one step: whoever reads meanwhile sees the old one or the new one. */
export async function writePrivate(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  refuseOpen(folder, await stat(folder), 'folder');
  const fresh = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  const file = await open(fresh, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

/** Undefined: there is no such file. Throws NotPrivate: others may read or change it, or somebody else made it. */
export async function readPrivate(path: string): Promise<string | undefined> {
  try {
    refuseOpen(dirname(path), await stat(dirname(path)), 'folder');
    const file = await open(path, constants.O_RDONLY | (hasModes ? constants.O_NOFOLLOW : 0));
    try {
      refuseOpen(path, await file.stat(), 'file');
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = Error.isError(error) && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP') throw new NotPrivate(words.files.link(path));
    throw error;
  }
}

/** The names of the files in a folder, sorted; none when it is not there. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (Error.isError(error) && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => !name.startsWith('.')).sort();
}

function refuseOpen(path: string, { mode, uid }: Stats, what: 'file' | 'folder'): void {
  if (!hasModes) return;
  if (uid !== process.getuid?.()) throw new NotPrivate(words.files.foreign(path, what));
  if ((mode & 0o077) === 0) return;
  const mend = what === 'folder' ? 'chmod 700' : 'chmod 600';
  throw new NotPrivate(words.files.open(path, what, (mode & 0o777).toString(8), mend));
}
