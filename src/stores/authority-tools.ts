/** The accesses behind tools' credentials, from memory where one was asked for before. */
import type { Opening } from '../core/model.ts';
import type { Archive } from '../core/ports.ts';
import type { Tool } from '../core/tool.ts';
import type { Held } from './held.ts';

export interface LiveTools {
  /** As `Authority.tool`. */
  find(hash: string): Tool | Promise<Tool | undefined>;
  /** Forgets those whose access is over. */
  sweep(): void;
}

/**
 * `held`: what memory holds in force, by client; `look`: an access as it is after looking again, undefined once it has
 * ended here or in the log.
 */
export function createLiveTools(
  archive: Pick<Archive, 'tool'>,
  held: ReadonlyMap<string, Pick<Held, 'openings'>>,
  look: (opening: Opening) => Promise<Opening | undefined>,
): LiveTools {
  const known = new Map<string, { readonly client: string; readonly opening: string }>();

  function inMemory(hash: string): Opening | undefined {
    const found = known.get(hash);
    return found === undefined ? undefined : held.get(found.client)?.openings.get(found.opening);
  }

  async function ask(hash: string): Promise<Tool | undefined> {
    const found = await archive.tool(hash);
    if (found === undefined) return undefined;
    const opening = found.endedAt === undefined ? await look(found) : undefined;
    if (opening === undefined) return { opening: found, live: false };
    known.set(hash, { client: opening.client, opening: opening.id });
    return { opening, live: true };
  }

  return {
    find(hash) {
      const opening = inMemory(hash);
      return opening === undefined ? ask(hash) : { opening, live: true };
    },
    sweep() {
      for (const hash of [...known.keys()]) if (inMemory(hash) === undefined) known.delete(hash);
    },
  };
}
