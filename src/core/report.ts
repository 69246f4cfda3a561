/**
 * A month of a client's accesses as one report: who, why, when, how long, agreed by whom, and what left. Made of openings
 * with what was counted in them; takes them one by one, so that it costs what it shows. Pure.
 */
import type { Fact, Story } from './history.ts';

/** Openings that a report lists; the table of the record has them all. */
export const mostListed = 500;

/** How often something occurred, most often first. */
export type Ranking = readonly (readonly [string, number])[];

export interface ReportNumbers {
  readonly openings: number;
  /** Those of them that were declared emergencies. */
  readonly emergencies: number;
  readonly people: number;
  /** Minutes that openings lasted, together. */
  readonly minutes: number;
  readonly read: number;
  readonly written: number;
  readonly copies: number;
  readonly refused: number;
  readonly unfinished: number;
  /** Bytes that left the systems. */
  readonly down: number;
  /** By purpose and by system: openings. By reason: refused requests. */
  readonly purposes: Ranking;
  readonly systems: Ranking;
  readonly reasons: Ranking;
  /** Oldest first, at most `mostListed`. */
  readonly listed: readonly Story[];
}

/** Counts openings of a period. One instance makes one report. */
export class ReportTally {
  readonly #people = new Set<string>();
  readonly #purposes = new Map<string, number>();
  readonly #systems = new Map<string, number>();
  readonly #reasons = new Map<string, number>();
  readonly #sums = {
    openings: 0,
    emergencies: 0,
    minutes: 0,
    read: 0,
    written: 0,
    copies: 0,
    refused: 0,
    unfinished: 0,
    down: 0,
  };
  readonly #listed: Story[] = [];
  readonly #now: number;

  /** @param now when the report is made, epoch milliseconds: until then lasts what is still open */
  constructor(now: number) {
    this.#now = now;
  }

  /** The next older opening. */
  add(story: Story): void {
    for (const fact of story.facts) this.#count(fact);
    if (story.kind !== 'opening') return;
    this.#sums.openings += 1;
    if (story.emergency) this.#sums.emergencies += 1;
    this.#sums.minutes += Math.max(0, (story.endedAt ?? this.#now) - story.at) / 60_000;
    this.#people.add(story.person);
    raise(this.#purposes, story.purpose, 1);
    for (const system of story.systems) raise(this.#systems, system, 1);
    if (this.#listed.length < mostListed) this.#listed.push(story);
  }

  numbers(): ReportNumbers {
    return {
      ...this.#sums,
      minutes: Math.round(this.#sums.minutes),
      people: this.#people.size,
      purposes: ranked(this.#purposes),
      systems: ranked(this.#systems),
      reasons: ranked(this.#reasons),
      listed: this.#listed.toReversed(),
    };
  }

  #count({ operation, result, count, down }: Fact): void {
    this.#sums.down += down;
    if (result.startsWith('refused:')) {
      this.#sums.refused += count;
      raise(this.#reasons, result.slice('refused:'.length), count);
      return;
    }
    if (result === 'unknown-after-crash') this.#sums.unfinished += count;
    if (operation === 'copy') this.#sums.copies += count;
    else if (operation === 'write') this.#sums.written += count;
    else this.#sums.read += count;
  }
}

function raise(counts: Map<string, number>, name: string, by: number): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}

function ranked(counts: ReadonlyMap<string, number>): Ranking {
  return [...counts].sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1));
}
