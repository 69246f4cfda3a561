/**
 * The guard: the newest checkpoint of each client's log, kept apart from the database, so that a database restored
 * to an older state is noticed before anything is added to it. Written after the commit, so it is never ahead, and
 * after the answer, so nobody waits for it; at most once a second per log, the file synced.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseRange, type Range, rangeBytes } from '../core/merkle.ts';
import { openCheckpoint, parseCheckpoint, parseNote, type VerifierKey } from '../core/note.ts';

export interface Guarded {
  readonly origin: string;
  readonly range: Range;
}

export interface Guard {
  /** What is kept under this name; undefined when nothing is, 'unreadable' when it is not ours or damaged. */
  read(name: string): Guarded | 'unreadable' | undefined;
  /** Takes a checkpoint to be kept; it waits until it is written. */
  offer(name: string, note: string, range: Range): void;
  /**
   * Writes one that waits and is due: a second after the last one, or the last try, under its name. False: there is none.
   * Never throws; one that cannot be written waits on, and the others do not wait for it.
   */
  writeOne(monotonic: number): boolean;
  /** Writes all that wait, due or not. Never throws. */
  writeAll(monotonic: number): void;
  /** How many could not be written when it was tried last. */
  failing(): number;
}

/** `keyFor` gives the verifier key of the installation under an origin. */
export function createGuard(dir: string, keyFor: (origin: string) => VerifierKey): Guard {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const waiting = new Map<string, { note: string; range: Range }>();
  /** When each was written, or tried, last. */
  const tried = new Map<string, number>();
  const failing = new Set<string>();
  const pathOf = (name: string): string => join(dir, `${name}.checkpoint`);

  function write(name: string): void {
    const wanted = waiting.get(name);
    if (wanted === undefined) return;
    const { note, range } = wanted;
    const fresh = `${pathOf(name)}.new`;
    const file = openSync(fresh, 'w', 0o600);
    try {
      writeSync(file, `range ${Buffer.from(rangeBytes(range)).toString('base64')}\n${note}`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, pathOf(name));
    waiting.delete(name);
    failing.delete(name);
  }

  function attempt(name: string, monotonic: number): void {
    tried.set(name, monotonic);
    try {
      write(name);
    } catch {
      failing.add(name);
    }
  }

  return {
    read(name) {
      let content: string;
      try {
        content = readFileSync(pathOf(name), 'utf8');
      } catch (cause) {
        return Error.isError(cause) && 'code' in cause && cause.code === 'ENOENT' ? undefined : 'unreadable';
      }
      return parseGuarded(content, keyFor) ?? 'unreadable';
    },
    offer(name, note, range) {
      waiting.set(name, { note, range });
    },
    writeOne(monotonic) {
      for (const name of waiting.keys()) {
        const last = tried.get(name);
        if (last !== undefined && monotonic - last < 1000) continue;
        attempt(name, monotonic);
        return true;
      }
      return false;
    },
    writeAll(monotonic) {
      for (const name of waiting.keys()) attempt(name, monotonic);
    },
    failing: () => failing.size,
  };
}

function parseGuarded(content: string, keyFor: (origin: string) => VerifierKey): Guarded | undefined {
  const match = /^range ([A-Za-z0-9+/=]*)\n([\s\S]*)$/.exec(content);
  const note = match?.[2] ?? '';
  const claimed = parseCheckpoint(parseNote(note)?.text ?? '');
  if (claimed === undefined) return undefined;
  const checkpoint = openCheckpoint(note, keyFor(claimed.origin));
  if (typeof checkpoint === 'string') return undefined;
  const range = parseRange(checkpoint.size, Buffer.from(match?.[1] ?? '', 'base64'));
  return range === undefined ? undefined : { origin: checkpoint.origin, range };
}
