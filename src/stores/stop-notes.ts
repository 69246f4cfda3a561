/**
 * Stops that are in force but not in the log yet, one small file per client beside the guard. A stop is laid down, synced,
 * before the log is tried, and taken out once it is there, so a process that dies in between does not lose it. The file is made
 * at its full size beforehand and written in place: that works on a full disk. Its mark is made with a key of the installation;
 * what cannot be told any more (a write cut short, a foreign hand, more than fits) stands for everything being stopped.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from '../core/commands.ts';
import { Fault } from '../core/faults.ts';
import type { Log } from '../log.ts';
import { derive } from './keys.ts';

/** An end or a withdrawal that is in force here but perhaps not in the log. */
export type Owed = Extract<Command, { do: 'close' | 'grant-status' }>;

export interface StopNotes {
  /**
   * What lies there for a client, 'everything' when it cannot be told; makes the file when there is none, which may fail
   * without a word but in the log. Throws Fault `ledger_unavailable` when a file is there that cannot be read.
   */
  read(client: string): Promise<readonly Owed[] | 'everything'>;
  /** Resolves when it is synced, or could not be: a stop waits for nobody. Twice is once; what time ends needs no note. */
  lay(owed: Owed): Promise<void>;
  /** It is in the log, or needs not come there. `owed` left out: nothing new, the file is written anew. Never throws. */
  clear(client: string, owed?: Owed): Promise<void>;
  /** The clients for whom something lies there. */
  clients(): Promise<readonly string[]>;
  /** Resolves when what is on its way to the disk has arrived. */
  settled(): Promise<void>;
}

/** Room for about eighty openings of one client that end at once. */
const size = 16_384;
const markSize = 32;
const nothing = Buffer.alloc(size);
const everything = 'everything';

export function createStopNotes(dir: string, master: Buffer, log: Log): StopNotes {
  const key = derive(master, 'stop notes');
  const lying = new Map<string, Set<Owed>>();
  const writing = new Map<string, Promise<void>>();
  /** Whose last write failed. */
  const unsaved = new Set<string>();
  const pathOf = (client: string): string => join(dir, `${client}.stops`);

  function pack(client: string, owed: ReadonlySet<Owed>): Buffer {
    if (owed.size === 0) return nothing;
    const text = JSON.stringify([...owed]);
    const fits = markSize + Buffer.byteLength(text) <= size;
    const body = Buffer.alloc(size - markSize);
    body.write(fits ? text : JSON.stringify(everything));
    return Buffer.concat([mark(client, body), body]);
  }

  function mark(client: string, body: Uint8Array): Buffer {
    return createHmac('sha256', key).update(`${client}\0`).update(body).digest();
  }

  function unpack(client: string, content: Buffer): readonly Owed[] | 'everything' {
    if (content.equals(nothing)) return [];
    const body = content.subarray(markSize);
    if (content.length !== size || !timingSafeEqual(content.subarray(0, markSize), mark(client, body)))
      return everything;
    const end = body.indexOf(0);
    return JSON.parse(body.toString('utf8', 0, end === -1 ? body.length : end)) as
      | readonly Owed[]
      | 'everything';
  }

  /** In place when the file is there; else it is made whole, and its name synced. */
  async function put(client: string, content: Buffer): Promise<void> {
    const found = await open(pathOf(client), 'r+').catch((cause: unknown) => {
      if (isMissing(cause)) return undefined;
      throw cause;
    });
    const file = found ?? (await made(client));
    try {
      await file.write(content, 0, content.length, 0);
      await file.datasync();
    } finally {
      await file.close();
    }
    if (found === undefined) await syncFolder(dir);
  }

  async function made(client: string) {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    return open(pathOf(client), 'wx', 0o600);
  }

  /** One write of a client's file after the other, each of what lies there then. Never throws. */
  function save(client: string): Promise<void> {
    const before = writing.get(client) ?? Promise.resolve();
    const mine = before.then(async () => {
      try {
        await put(client, pack(client, lying.get(client) ?? new Set()));
        unsaved.delete(client);
      } catch (error) {
        unsaved.add(client);
        log.error('stops of this client would not outlive the process, look at the guard folder', {
          client,
          error,
        });
      }
    });
    writing.set(client, mine);
    void mine.then(() => {
      if (writing.get(client) === mine) writing.delete(client);
    });
    return mine;
  }

  async function contentOf(client: string): Promise<Buffer | undefined> {
    try {
      return await readFile(pathOf(client));
    } catch (cause) {
      if (isMissing(cause)) return undefined;
      log.error('the stops of this client cannot be read, make the guard folder readable', {
        client,
        error: cause,
      });
      throw new Fault('ledger_unavailable', 'the stops beside the guard cannot be read', cause);
    }
  }

  /** One that cannot be read is not empty. */
  async function isEmpty(client: string): Promise<boolean> {
    try {
      return (await contentOf(client))?.equals(nothing) ?? true;
    } catch {
      return false;
    }
  }

  return {
    async read(client) {
      const content = await contentOf(client);
      if (content === undefined) {
        await save(client);
        return [];
      }
      const found = unpack(client, content);
      if (found !== everything) lying.set(client, new Set([...(lying.get(client) ?? []), ...found]));
      return found;
    },
    lay(owed) {
      if (owed.do === 'close' && owed.closings.every(({ cause }) => cause === 'expired'))
        return Promise.resolve();
      const mine = lying.get(owed.client) ?? new Set();
      if (mine.has(owed) && !unsaved.has(owed.client)) return writing.get(owed.client) ?? Promise.resolve();
      lying.set(owed.client, mine.add(owed));
      return save(owed.client);
    },
    clear(client, owed) {
      const mine = lying.get(client);
      if (owed !== undefined && mine?.delete(owed) !== true) return Promise.resolve();
      if (mine?.size === 0) lying.delete(client);
      return save(client);
    },
    async clients() {
      const names = await readdir(dir).catch((cause: unknown) => {
        if (isMissing(cause)) return [];
        throw cause;
      });
      const found: string[] = [];
      for (const name of names) {
        const client = /^(.+)\.stops$/.exec(name)?.[1];
        if (client !== undefined && !(await isEmpty(client))) found.push(client);
      }
      return found;
    },
    async settled() {
      await Promise.all(writing.values());
    },
  };
}

function isMissing(cause: unknown): boolean {
  return Error.isError(cause) && 'code' in cause && cause.code === 'ENOENT';
}

async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
