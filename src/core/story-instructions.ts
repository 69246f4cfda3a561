/**
 * The part of the story that tells of the client's own instructions: versions follow one another without a gap, each signed
 * by a seated representative over the very text. Pure.
 */
import type { LeafFields } from './entries.ts';
import { evidenceFault, evidenceFrom } from './evidence.ts';
import { type OwnInstructions, readInstructions } from './own-instructions.ts';
import type { StoryContext } from './story-context.ts';
import type { SeatsTold } from './story-seats.ts';

export class InstructionsTold {
  readonly #context: StoryContext;
  readonly #seats: Pick<SeatsTold, 'get'>;
  #current: OwnInstructions | undefined;

  constructor(context: StoryContext, seats: Pick<SeatsTold, 'get'>) {
    this.#context = context;
    this.#seats = seats;
  }

  /** What the client's own instructions are at this point; undefined: none were given. */
  current(): OwnInstructions | undefined {
    return this.#current;
  }

  /** Takes an `instructions.set` line. */
  set(leaf: LeafFields): string | undefined {
    const seat = this.#seats.get(String(leaf.seat));
    if (seat === undefined || seat.removed) return 'the instructions are not signed by somebody seated';
    if (String(leaf.at) < seat.grantsFrom) return 'whoever signed the instructions could not sign yet';
    const hash = String(leaf.text);
    const text = this.#context.textOf(hash);
    if (text === undefined) return 'the text of the instructions is missing';
    const said = readInstructions(text);
    if (said === undefined) return 'the text of the instructions is malformed';
    if (said.textHash !== hash) return 'the text of the instructions is not the one that was signed';
    if (said.version !== leaf.version) return 'text and line of the instructions differ in version';
    if (said.version !== (this.#current?.version ?? 0) + 1)
      return 'the instructions do not follow the version before';
    if (this.#current !== undefined && said.client !== this.#current.client)
      return 'the instructions are of another client';
    const fault = evidenceFault(seat, evidenceFrom(leaf), hash, this.#context.party);
    if (fault !== undefined) return `the signature of the instructions does not hold: ${fault}`;
    this.#current = said;
    return undefined;
  }
}
