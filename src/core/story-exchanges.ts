/** Exchanges as the lines tell them: each has one beginning and at most one end. Pure; knows only the lines before. */
import type { LeafFields } from './entries.ts';

/** A position in the export: the shard's origin and the index. */
export interface Position {
  readonly origin: string;
  readonly index: number;
}

/** What an exchange's intent said of it. */
export interface RunningTold {
  readonly session: string;
  readonly system: string;
  readonly operation: string;
}

export class ExchangesTold {
  readonly #open = new Map<string, string>();
  readonly #running = new Map<string, RunningTold>();
  readonly #ended = new Set<string>();

  /** How many have no result yet. */
  get open(): number {
    return this.#open.size;
  }

  began(position: Position, leaf: LeafFields): void {
    this.#open.set(placeOf(position), String(leaf.id));
    const { session, system, operation } = leaf;
    this.#running.set(String(leaf.id), {
      session: String(session),
      system: String(system),
      operation: String(operation),
    });
  }

  /** The running exchange of this id. */
  running(request: string): RunningTold | undefined {
    return this.#running.get(request);
  }

  resulted(leaf: LeafFields): string | undefined {
    const place = placeOf({ origin: String(leaf.shard), index: Number(leaf.intent) });
    const request = this.#open.get(place);
    if (request === undefined)
      return this.#ended.has(place) ? 'its exchange had ended already' : 'it follows no intent';
    if (request !== leaf.request) return 'it names another request than its intent';
    this.#open.delete(place);
    this.#running.delete(request);
    this.#ended.add(place);
    return undefined;
  }
}

function placeOf({ origin, index }: Position): string {
  return `${origin}#${index}`;
}
