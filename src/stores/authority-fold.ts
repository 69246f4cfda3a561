/** What an act of this process changes in memory, folded in as soon as it is committed. */
import type { ClosedWith } from '../core/command-line.ts';
import type { AnswerOf, Command } from '../core/commands.ts';
import type { Opening } from '../core/model.ts';
import type { Cutters } from '../core/ports.ts';
import { giveNotice, type Held, instruct, narrowed } from './held.ts';

/** What folding reaches beyond one client's state. */
export interface FoldHands {
  /** Undefined: nothing of this client is held yet; its first reading will find the act. */
  held(client: string): Held | undefined;
  readonly cutters: Cutters;
  /** A cookie leads to an opening from now on. */
  door(
    cookieHash: string,
    door: { readonly client: string; readonly opening: string; readonly system: string },
  ): void;
  /** An opening is over for good, whatever a reading that is on its way may say. */
  ended(opening: string): void;
  /** A suspended agreement is in force again: nothing is owed about it. */
  resumed(grant: string): void;
  /** The client's own instructions changed. */
  instructed(): void;
  /** Too much changed to fold: reads the client's state again, in the background. */
  reload(client: string): void;
}

/** Folds in a committed command with its answer. An act that was refused changes nothing. */
export function fold(command: Command, answer: AnswerOf<Command>, hands: FoldHands): void {
  switch (command.do) {
    case 'declare': {
      const { client, id } = command.opening;
      if ('receipt' in answer) hands.held(client)?.openings.set(id, command.opening);
      if ('started' in answer) hands.reload(client);
      return;
    }
    case 'correct':
      if ('receipt' in answer) mend(command, hands.held(command.client));
      return;
    case 'redeem':
      if ('opening' in answer) {
        const { client, id } = answer.opening;
        hands.door(command.cookieHash, { client, opening: id, system: answer.system });
      }
      return;
    case 'close':
      if ('closed' in answer) raise(hands.held(command.client), answer.epoch);
      return;
    case 'command-line':
    case 'command-line-end':
      for (const one of 'closedWith' in answer ? answer.closedWith : []) closedWith(one, hands);
      return;
    case 'grant':
      if ('epoch' in answer && 'status' in answer) {
        const held = hands.held(command.grant.client);
        const given = { ...command.grant, status: answer.status };
        held?.grants.set(command.grant.id, narrowed(given, held));
        if ('extended' in answer) lengthen(answer.extended, hands);
        raise(held, answer.epoch);
      }
      return;
    case 'extend':
      if ('extended' in answer && answer.extended !== undefined) {
        lengthen(answer.extended, hands);
        raise(hands.held(command.client), answer.epoch);
      }
      return;
    case 'grant-status':
      if ('grant' in answer) {
        const held = hands.held(command.client);
        held?.grants.set(command.grant, narrowed(answer.grant, held));
        if (command.to === 'active') hands.resumed(command.grant);
        raise(held, answer.epoch);
      }
      return;
    case 'contest':
      if ('epoch' in answer && answer.epoch !== undefined && !('status' in answer))
        contested(command, answer.epoch, hands);
      return;
    case 'instruct':
      if ('instructions' in answer) {
        const held = hands.held(command.client);
        if (held !== undefined) instruct(held, answer.instructions);
        raise(held, answer.epoch);
        hands.instructed();
      }
      return;
    case 'ending-set':
      if ('epoch' in answer && 'receipt' in answer && !('status' in answer)) {
        const held = hands.held(command.client);
        if (held !== undefined) giveNotice(held, 'noticed' in answer ? answer.noticed : undefined);
        raise(held, answer.epoch);
        hands.instructed();
      }
      return;
    case 'ending-look':
      if ('began' in answer) hands.reload(command.client);
      return;
    case 'sign':
      if ('extended' in answer) lengthen(answer.extended, hands);
      if ('epoch' in answer) hands.reload(command.client);
      return;
    case 'policy':
      // The line raised the epoch of these logs.
      for (const client of 'activated' in answer ? answer.activated : [])
        if (hands.held(client) !== undefined) hands.reload(client);
      return;
    case 'seat':
      if ('receipt' in answer) hands.reload(command.seat.client);
      return;
  }
}

/** What is decided and sent up from now on is what the access says now. */
function mend(
  { opening, reference, note }: Extract<Command, { do: 'correct' }>,
  held: Held | undefined,
): void {
  const found = held?.openings.get(opening);
  if (found !== undefined) held?.openings.set(opening, { ...found, reference, note });
}

/** Somebody of the provider contested an agreement that was in force: what runs under it is cut. */
function contested(
  { client, contested: { grant } }: Extract<Command, { do: 'contest' }>,
  epoch: number,
  hands: FoldHands,
): void {
  const held = hands.held(client);
  const known = held?.grants.get(grant);
  if (known !== undefined) held?.grants.set(grant, { ...known, status: 'suspended' });
  raise(held, epoch);
  hands.cutters.cut({ client, grant }, 'terminated:suspended');
}

/** What nobody knew of when the command line was signed out is cut now. */
function closedWith({ client, epoch, openings }: ClosedWith, hands: FoldHands): void {
  const held = hands.held(client);
  for (const id of openings) {
    hands.ended(id);
    if (held?.openings.delete(id)) hands.cutters.cut({ opening: id }, 'terminated:signed-out');
    hands.cutters.forget(id);
    held?.blocked.delete(id);
  }
  raise(held, epoch);
}

/** One that ended here meanwhile does not come back. */
function lengthen(opening: Opening | undefined, hands: FoldHands): void {
  const openings = opening && hands.held(opening.client)?.openings;
  if (opening !== undefined && openings?.has(opening.id)) openings.set(opening.id, opening);
}

function raise(held: Held | undefined, epoch: number): void {
  if (held !== undefined && epoch > held.epoch) held.epoch = epoch;
}
