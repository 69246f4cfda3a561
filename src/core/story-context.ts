/** What the story of a log is told with, and how it answers. */
import type { LeafFields } from './entries.ts';
import type { RelyingParty } from './evidence.ts';
import type { Position } from './story-exchanges.ts';

export interface StoryContext {
  /** The text of a consent or policy by its hash, from the export; undefined when it is not there. */
  textOf(hash: string): Uint8Array | undefined;
  readonly party: RelyingParty;
}

export interface Story {
  /** Takes the next line. Answers the first thing wrong with it, in words; undefined when it fits. */
  line(position: Position, leaf: LeafFields): string | undefined;
  /** A new shard begins: counters start again, everything else goes on. */
  shard(): void;
  /** The last line was told. Answers what is missing after it, in words. */
  end(): string | undefined;
  /** What is no failure but should be known. */
  notices(): readonly string[];
}
