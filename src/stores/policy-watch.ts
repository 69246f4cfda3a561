/**
 * Says when something in the policy folder changed and has been quiet again for a moment. The system tells most
 * changes at once; because it may tell nothing (network file systems, a folder that is a link and now leads
 * elsewhere), the folder is also compared slowly. It reads names, sizes and times, never contents.
 */
import { type FSWatcher, watch } from 'node:fs';
import { lstat, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { policyFolders } from './policy-files.ts';

export interface WatchTiming {
  /** Milliseconds without a further change after which one is told. */
  readonly quiet: number;
  /** Milliseconds between comparisons. */
  readonly poll: number;
}

const usual: WatchTiming = { quiet: 100, poll: 3_000 };

/**
 * Calls `onChange` once after each burst of changes since it resolved, never for what was there before. Answers how to
 * end it. Never throws: a folder that is not there is a folder that may come.
 */
export async function watchPolicies(
  directory: string,
  onChange: () => void,
  timing: WatchTiming = usual,
): Promise<() => void> {
  let watchers: FSWatcher[] = [];
  let timer: NodeJS.Timeout | undefined;
  let ended = false;

  function hear(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), timing.quiet);
  }

  /** Tells if the folder is not as it was last seen; waits longer while it still changes. */
  async function look(): Promise<void> {
    const before = await appearance(directory);
    await new Promise((resolve) => setTimeout(resolve, timing.quiet / 4));
    const now = await appearance(directory);
    if (ended) return;
    if (now !== before) return hear();
    if (now === seen) return;
    seen = now;
    listen();
    onChange();
  }

  /** Folders come and go, so they are listened to anew after each change. */
  function listen(): void {
    for (const watcher of watchers) watcher.close();
    watchers = Object.keys(policyFolders).flatMap((folder) => {
      try {
        const watcher = watch(join(directory, folder), hear);
        watcher.on('error', () => watcher.close());
        return [watcher];
      } catch {
        return [];
      }
    });
  }

  listen();
  let seen = await appearance(directory);
  const poll = setInterval(() => void look(), timing.poll);
  return () => {
    ended = true;
    clearTimeout(timer);
    clearInterval(poll);
    for (const watcher of watchers) watcher.close();
  };
}

/** Where the folder really is, and name, size and times of everything in it that could be read as policy. */
async function appearance(directory: string): Promise<string> {
  const real = await realpath(directory).catch(codeOf);
  const folders = await Promise.all(
    Object.keys(policyFolders).map(async (folder) => {
      const at = join(real, folder);
      const names = await readdir(at).catch(codeOf);
      if (typeof names === 'string') return `${folder} ${names}`;
      const files = await Promise.all(names.sort().map((name) => look(at, name)));
      return `${folder}\n${files.join('\n')}`;
    }),
  );
  return [real, ...folders].join('\n\n');
}

async function look(at: string, name: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs, mode } = await lstat(join(at, name), { bigint: true });
    return [name, ino, size, mtimeNs, ctimeNs, mode].join(' ');
  } catch (error) {
    return `${name} ${codeOf(error)}`;
  }
}

function codeOf(error: unknown): string {
  return Error.isError(error) && 'code' in error ? String(error.code) : 'unknown error';
}
