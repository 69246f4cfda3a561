/**
 * Frames for delegates: given and withdrawn by representatives, asked for whenever a delegate signs. Withdrawing one takes with
 * it what was agreed to within it and is not over, in the same transaction.
 */
import type { Answers } from '../core/answers.ts';
import type { Command } from '../core/commands.ts';
import { frameDifference, frameFault, frameFields, outsideFrame, type Within } from '../core/delegations.ts';
import { evidenceFault } from '../core/evidence.ts';
import type { Grant } from '../core/model.ts';
import { sealBox } from './disclosure.ts';
import { type Acts, conflict, raiseEpoch, write } from './ledger-acts.ts';
import { evidenceFields, signingSeat } from './ledger-evidence.ts';
import { withdrawFrame } from './ledger-frame-ends.ts';
import { checkTextHash, type LogState } from './ledger-log.ts';
import { type DelegationBox, delegationFrom, places } from './ledger-rows.ts';
import { liveSeat, nextKey, type SeatRow } from './ledger-seated.ts';
import { partyOf } from './ledger-totp.ts';
import { int, text } from './rows.ts';

/** `delegation.granted` and the row. */
export function delegate(acts: Acts, command: Extract<Command, { do: 'delegate' }>): Answers['delegate'] {
  const { delegation: given, evidence } = command;
  const log = acts.heads.touch(given.client, acts.now);
  const seat = signingSeat(acts, log, evidence);
  if (typeof seat === 'string') return { refused: seat };
  const holder = liveSeat(acts, log, given.seat);
  if (holder?.role !== 'delegate') return { refused: 'delegate_gone' };
  if (acts.pen.sql.delegationById.get(given.id) !== undefined) return { refused: 'grant_exists' };
  checkTextHash(command.text, given.textHash);
  const fields = frameFields(given);
  const wrong = frameFault(given, log.at) ?? frameDifference(command.text, { ...fields, id: given.id });
  if (wrong !== undefined) throw conflict(wrong);
  const fault = evidenceFault(seat, evidence, given.textHash, partyOf(acts, log));
  if (fault !== undefined) throw conflict(`the evidence does not hold: ${fault}`);
  const { controller, grantedBy, textHash, systems, purposes, operations } = given;
  const box: DelegationBox = { controller, grantedBy, textHash, text: command.text };
  acts.pen.sql.insertDelegation.run(
    given.id,
    log.id,
    holder.owner,
    'active',
    given.seat,
    systems.join(' '),
    purposes.join(' '),
    operations.join(' '),
    given.minutes,
    given.hours,
    given.from,
    given.until,
    given.grantedAt,
    nextKey(log),
    sealBox(log.key, places.delegation(given.id), JSON.stringify(box)),
  );
  const receipt = write(acts, log, {
    t: 'delegation.granted',
    id: given.id,
    fields: { ...fields, text: textHash, ...evidenceFields(evidence) },
  });
  return { receipt };
}

/** `delegation.revoked`, and the end of what was agreed to within it. Raises the epoch. */
export function undelegate(
  acts: Acts,
  command: Extract<Command, { do: 'undelegate' }>,
): Answers['undelegate'] {
  const { by } = command;
  const log = acts.heads.touch(command.client, acts.now);
  if (!('seat' in by) || liveSeat(acts, log, by.seat)?.role !== 'representative')
    return { refused: 'not_seated' };
  const row = acts.pen.sql.delegationById.get(command.delegation);
  if (row === undefined || int(row, 'log') !== log.id || text(row, 'status') !== 'active')
    return { refused: 'delegation_unknown' };
  const grants = withdrawFrame(acts, log, command.delegation, by.seat);
  raiseEpoch(log);
  return { epoch: log.epoch, grants };
}

/** Whether the signer may give this consent: a representative needs no frame, a delegate one that covers it now. */
export function mayGive(acts: Acts, log: LogState, given: Grant, seat: SeatRow): boolean {
  if (seat.role !== 'delegate') {
    if (given.delegation !== undefined)
      throw conflict('the consent names a frame that its signer does not need');
    return true;
  }
  const row = acts.pen.sql.delegationById.get(given.delegation ?? '');
  if (row === undefined || int(row, 'log') !== log.id || text(row, 'status') !== 'active') return false;
  if (int(row, 'owner') !== seat.owner) return false;
  const wanted = withinOf(given);
  return (
    wanted !== undefined &&
    outsideFrame(delegationFrom(row, log.client, log.key), wanted, log.at) === undefined
  );
}

/** What of a consent a frame is held against; undefined: it is for more than one use. */
function withinOf(given: Grant): Within | undefined {
  const { systems, purposes, operations, minutes = 0, request, session, firstUse } = given;
  if (session === undefined && firstUse === undefined) return undefined;
  const clock = firstUse?.minutes;
  return { systems, purposes, operations, minutes, request: request !== undefined, clock };
}
