/**
 * The order of a log's lines: times never go back, each run counts its own lines without a gap, and each part of the
 * log has one beginning and one end. Knows only what the lines before have said.
 */
import type { LeafFields } from './entries.ts';
import { isTime } from './story-lines.ts';

export class LineOrder {
  #counters = new Map<string, { n: number; started: boolean }>();
  #at = '';
  #lines = 0;
  #closed = false;

  /** A new part begins: counters start again, time goes on. */
  shard(): void {
    this.#counters = new Map();
    this.#lines = 0;
    this.#closed = false;
  }

  /** This part is closed: nothing more stands in it. */
  close(): void {
    this.#closed = true;
  }

  /** What is wrong with the place of the next line; undefined: nothing. */
  line(leaf: LeafFields): string | undefined {
    const time = String(leaf.at);
    if (!isTime(time)) return 'its time is not RFC 3339 UTC with milliseconds';
    if (time < this.#at) return 'its time is before that of the line before';
    this.#at = time;
    if (this.#closed) return 'it stands after the line that closed its part of the log';
    if ((this.#lines === 0) !== (leaf.t === 'log.opened' && leaf.carried === undefined)) {
      return this.#lines === 0
        ? 'the part of the log does not begin with log.opened'
        : 'log.opened stands in the middle';
    }
    this.#lines += 1;
    return this.#count(leaf);
  }

  #count(leaf: LeafFields): string | undefined {
    const boot = String(leaf.boot);
    const known = this.#counters.get(boot) ?? { n: 0, started: false };
    if (leaf.n !== known.n + 1) return `its counter is ${String(leaf.n)} where ${known.n + 1} should follow`;
    const started = known.started || leaf.t === 'node.started';
    if (!started && leaf.t !== 'log.opened') return 'the run that wrote it was never announced';
    this.#counters.set(boot, { n: known.n + 1, started });
    return undefined;
  }
}
