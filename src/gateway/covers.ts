/**
 * The durable `access.static` lines that cover the static assets of an opening: one for each system and epoch,
 * written once even when a page asks for twenty assets at the same moment.
 */
import type { Recorded } from '../core/ports.ts';
import type { AllowedDraft } from './intent.ts';

type Written = Recorded<AllowedDraft> | { readonly moved: number };

export interface Covers {
  /** The line for this opening and key; `write` is called when there is none. A failure is not remembered. */
  of(opening: string, key: string, write: () => Promise<Written>): Promise<Written>;
  forget(opening: string): void;
}

export function createCovers(): Covers {
  const openings = new Map<string, Map<string, Promise<Written>>>();
  return {
    async of(opening, key, write) {
      let covers = openings.get(opening);
      if (covers === undefined) {
        covers = new Map();
        openings.set(opening, covers);
      }
      const known = covers.get(key);
      if (known !== undefined) return known;
      const written = write();
      covers.set(key, written);
      try {
        const line = await written;
        if ('moved' in line) covers.delete(key);
        return line;
      } catch (error) {
        covers.delete(key);
        throw error;
      }
    },
    forget(opening) {
      openings.delete(opening);
    },
  };
}
