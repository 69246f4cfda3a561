/**
 * Frames for delegates, as the lines tell them: signed by a seated representative, named on every consent that a delegate gives,
 * and withdrawn once. Pure; it knows only what the lines before have said.
 */
import { type FrameScope, frameDifference, frameFault, frameFrom, outsideFrame } from './delegations.ts';
import type { LeafFields } from './entries.ts';
import { evidenceFault, evidenceFrom } from './evidence.ts';
import { parseFirstUse } from './first-use.ts';
import { textHash } from './leaf.ts';
import type { StoryContext } from './story-context.ts';
import { list } from './story-lines.ts';
import type { SeatsTold, SeatTold } from './story-seats.ts';

export class DelegationsTold {
  readonly #frames = new Map<string, FrameScope & { readonly holder: string; revoked: boolean }>();
  readonly #seats: SeatsTold;
  readonly #context: StoryContext;

  constructor(seats: SeatsTold, context: StoryContext) {
    this.#seats = seats;
    this.#context = context;
  }

  granted(leaf: LeafFields): string | undefined {
    const id = String(leaf.id);
    if (this.#frames.has(id)) return 'the frame was given already';
    const seat = this.#seats.get(String(leaf.seat));
    if (seat === undefined || seat.removed) return 'the frame is not signed by somebody seated';
    if (String(leaf.at) < seat.grantsFrom) return 'whoever signed the frame could not sign yet';
    const delegate = this.#seats.get(String(leaf.delegate));
    if (delegate === undefined || delegate.removed || delegate.role !== 'delegate')
      return 'the frame is for nobody who sits as a delegate';
    const hash = String(leaf.text);
    const text = this.#context.textOf(hash);
    if (text === undefined) return 'the text of the frame is missing';
    if (textHash(text) !== hash) return 'the text of the frame is not the one that was signed';
    const scope = frameFrom(leaf);
    const fault = frameDifference(text, leaf) ?? frameFault(scope, Date.parse(String(leaf.at)));
    if (fault !== undefined) return fault;
    const unsigned = evidenceFault(seat, evidenceFrom(leaf), hash, this.#context.party);
    if (unsigned !== undefined) return `the signature of the frame does not hold: ${unsigned}`;
    this.#frames.set(id, { ...scope, holder: delegate.first, revoked: false });
    return undefined;
  }

  revoked(leaf: LeafFields): string | undefined {
    const frame = this.#frames.get(String(leaf.delegation));
    if (frame === undefined || frame.revoked) return 'it withdraws a frame that is not in force';
    const seat = this.#seats.get(String(leaf.seat));
    if (seat?.role !== 'representative') return 'it is no representative who withdraws the frame';
    frame.revoked = true;
    return undefined;
  }

  /** Whether whoever signs this consent may: a representative needs no frame, a delegate one that covers it. */
  covers(leaf: LeafFields, seat: SeatTold): string | undefined {
    if (seat.role !== 'delegate')
      return leaf.delegation === undefined ? undefined : 'it names a frame that its signer does not need';
    const frame = this.#frames.get(String(leaf.delegation));
    if (frame === undefined || frame.revoked || frame.holder !== seat.first)
      return 'a delegate agreed without a frame in force';
    const clock = leaf.first_use === undefined ? undefined : parseFirstUse(String(leaf.first_use))?.minutes;
    if (leaf.session === undefined && clock === undefined) return 'a delegate agreed to more than one use';
    const wanted = {
      systems: list(leaf.systems),
      purposes: list(leaf.purposes),
      operations: list(leaf.operations),
      minutes: Number(leaf.minutes ?? 0),
      request: leaf.request !== undefined,
      clock,
    };
    const outside = outsideFrame(frame, wanted, Date.parse(String(leaf.at)));
    return outside === undefined ? undefined : `a delegate agreed outside the frame: ${outside}`;
  }
}
