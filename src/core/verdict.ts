/** The one sentence a reader gets first, as numbers, and since when it speaks. Pure. */
import type { Story } from './history.ts';
import { isRobots } from './robots.ts';
import type { Look } from './worth-a-look.ts';

/** Who looks again within this time is still at the same visit. */
export const visitPause = 30 * 60_000;
/** How far the first visit looks back. */
export const firstVisitPeriod = 7 * 24 * 3_600_000;

/** Since when a reader has not looked. */
export interface Since {
  readonly at: number;
  /** False: nobody looked under this name before. */
  readonly visited: boolean;
}

/**
 * The end of the visit before this one.
 * @param reads when this reader looked, epoch milliseconds, newest first; this visit's own may be among them
 */
export function sinceLastVisit(reads: readonly number[], now: number): Since {
  let later = now;
  for (const at of reads) {
    if (later - at > visitPause) return { at, visited: true };
    later = Math.min(later, at);
  }
  return { at: now - firstVisitPeriod, visited: false };
}

export interface Verdict {
  readonly openings: number;
  /** True: there are more than are counted here. */
  readonly more: boolean;
  /** Different people; those whose name was erased count as one each. */
  readonly people: number;
  /** Different robots. */
  readonly robots: number;
  /** Exchanges that were refused. */
  readonly refused: number;
  /** Accesses whose end is not in the record: the gateway stopped in the middle. */
  readonly unfinished: number;
  /** Openings that are worth a look. */
  readonly worth: number;
}

/** Counts what these openings say. `more`: they are not all. */
export function verdictOf(stories: readonly Story[], looks: readonly Look[], more: boolean): Verdict {
  const openings = stories.filter(({ kind }) => kind === 'opening');
  const facts = stories.flatMap((story) => story.facts);
  const count = (wanted: (result: string) => boolean): number =>
    facts.reduce((total, { result, count }) => total + (wanted(result) ? count : 0), 0);
  return {
    openings: openings.length,
    more,
    people: different(openings.filter((story) => !isRobots(story))),
    robots: different(openings.filter(isRobots)),
    refused: count((result) => result.startsWith('refused:')),
    unfinished: count((result) => result === 'unknown-after-crash'),
    worth: new Set(looks.map(({ story }) => story.id)).size,
  };
}

function different(openings: readonly Story[]): number {
  return new Set(openings.map(({ person }) => person)).size;
}
