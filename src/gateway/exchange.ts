/**
 * One running exchange: who, what, since when, how many bytes, how it ended. Registered before anything waits, so
 * a stop finds it in every state; it ends exactly once, and then its result line is handed to the log.
 */
import type { Draft, EntryKind, ResultFields } from '../core/entries.ts';
import type { Opening, Operation } from '../core/model.ts';
import type { Ledger, Recorded } from '../core/ports.ts';
import type { Registered, Registry } from './cutters.ts';
import { randomId } from './ids.ts';
import { limits } from './limits.ts';
import type { Outcome } from './outcome.ts';

export interface ExchangeFacts {
  readonly id: string;
  readonly system: string;
  readonly opening: Opening;
  readonly method: string;
  readonly template: string;
  readonly operation: Operation;
  readonly idleSeconds: number;
  /** A static asset after the first: covered by one line, counted, no result line. */
  readonly covered: boolean;
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  /** Wall clock after which it is cut. */
  readonly until: number;
  /** Bytes after which what was moved is told to the log; infinite where nothing limits them. */
  readonly tellBytes: number;
}

export class Exchange implements Registered {
  readonly id: string;
  readonly client: string;
  readonly system: string;
  readonly opening: string;
  readonly person: string;
  readonly grant: string;
  readonly method: string;
  readonly template: string;
  readonly operation: Operation;
  readonly startedAt: number;
  until: number;
  place = -1;
  up = 0;
  down = 0;
  status = 0;
  type = '';
  disposition = '';
  /** Of a registered copy, once it left whole. */
  digest: string | undefined;
  /** Set once, by whatever ended it first. */
  ended: Outcome | undefined;
  /** An upload is still arriving: the minimum rate applies. */
  uploading = false;
  /** The upstream has not answered yet: its own timeout applies, not the idle rule. */
  waiting = true;

  readonly #facts: ExchangeFacts;
  readonly #registry: Registry;
  readonly #ledger: Ledger;
  readonly #monotonic: () => number;
  readonly #inTouch: () => boolean;
  #recorded: Recorded | undefined;
  #finished = false;
  #destroyers: (() => void)[] = [];
  #movedAt: number;
  #movedBytes = 0;
  #windowAt: number;
  #windowBytes = 0;
  #toldAt: number;
  #toldBytes = 0;

  constructor(
    facts: ExchangeFacts,
    deps: { registry: Registry; ledger: Ledger; monotonic: () => number; inTouch: () => boolean },
  ) {
    this.#facts = facts;
    this.#registry = deps.registry;
    this.#ledger = deps.ledger;
    this.#monotonic = deps.monotonic;
    this.#inTouch = deps.inTouch;
    this.id = facts.id;
    this.client = facts.opening.client;
    this.system = facts.system;
    this.opening = facts.opening.id;
    this.person = facts.opening.person;
    this.grant = facts.opening.grant;
    this.method = facts.method;
    this.template = facts.template;
    this.operation = facts.operation;
    this.until = facts.until;
    this.startedAt = facts.startedAt;
    this.#movedAt = facts.startedAt;
    this.#windowAt = facts.startedAt;
    this.#toldAt = facts.startedAt;
    this.#registry.add(this);
  }

  /**
   * Asked before each piece passes, either way. A process that was frozen wakes up to what came meanwhile before any timer
   * of its own runs: what it decided before is then no longer good, and the exchange is cut here.
   */
  mayPass(): boolean {
    if (this.ended === undefined && !this.#inTouch()) this.cut('terminated:lease');
    return this.ended === undefined;
  }

  /** What to destroy when the exchange is cut; called at once if it was cut already. */
  onCut(destroy: () => void): void {
    if (this.ended === undefined) this.#destroyers.push(destroy);
    else destroy();
  }

  /** Remembers the durable intent; from here on a result is owed. */
  recorded(intent: Recorded): void {
    this.#recorded = intent;
    if (this.#finished) this.#tell();
  }

  cut(outcome: Outcome): void {
    if (this.ended !== undefined) return;
    this.ended = outcome;
    for (const destroy of this.#destroyers) destroy();
    this.finish(outcome);
  }

  /** Ends the exchange; the first outcome stands. `unsent` bytes were counted but never left. */
  finish(outcome: Outcome, unsent = 0): void {
    if (this.#finished) return;
    this.#finished = true;
    this.ended ??= outcome;
    this.down = Math.max(0, this.down - unsent);
    this.#destroyers = [];
    this.#registry.remove(this);
    if (this.#recorded !== undefined) this.#tell();
  }

  get finished(): boolean {
    return this.#finished;
  }

  sweep(now: number, monotonic: number): void {
    if (now >= this.until) {
      this.cut('terminated:expired');
      return;
    }
    const bytes = this.up + this.down;
    if (bytes !== this.#movedBytes || this.waiting) {
      this.#movedBytes = bytes;
      this.#movedAt = monotonic;
    } else if (monotonic - this.#movedAt > this.#facts.idleSeconds * 1000) {
      this.cut('terminated:idle');
      return;
    }
    if (this.uploading && monotonic - this.#windowAt > limits.uploadWindow) {
      if (this.up - this.#windowBytes < limits.uploadBytesPerWindow) {
        this.cut('terminated:too_slow');
        return;
      }
      this.#windowAt = monotonic;
      this.#windowBytes = this.up;
    }
    if (
      monotonic - this.#toldAt > limits.progressInterval ||
      bytes - this.#toldBytes >= this.#facts.tellBytes
    )
      this.#progress(monotonic);
  }

  #progress(monotonic: number): void {
    this.#toldAt = monotonic;
    this.#toldBytes = this.up + this.down;
    const recorded = this.#recorded;
    if (recorded === undefined || this.#facts.covered) return;
    const fields = { session: this.opening, request: this.id, up: this.up, down: this.down };
    this.#ledger
      .run({
        do: 'append',
        draft: {
          client: this.client,
          t: 'access.progress' satisfies EntryKind,
          id: randomId(),
          fields,
        } satisfies Draft,
      })
      // NOTE: a lost progress line is made up for by the result; an unwritable log ends the exchange anyway.
      .catch(() => undefined);
  }

  #tell(): void {
    const recorded = this.#recorded;
    if (recorded === undefined || this.#facts.covered) return;
    const fields = {
      status: this.status,
      up: this.up,
      down: this.down,
      ms: Math.max(0, Math.round(this.#monotonic() - this.startedAt)),
      type: this.type,
      disposition: this.disposition,
      outcome: this.ended ?? 'complete',
    } satisfies ResultFields;
    const { digest } = this;
    const whole = digest !== undefined && this.ended === 'complete';
    this.#ledger.result(recorded, this.id, whole ? { ...fields, digest } : fields);
  }
}
