/**
 * Coming back without one's passkey, and who stands by whoever came back: recovery codes are made, tried and used up here,
 * in the transactions that count. Codes are kept as marks under a key of the installation; whoever steals the database
 * alone cannot even search for one.
 */
import type { Answers } from '../core/answers.ts';
import type { Command, Seat } from '../core/commands.ts';
import { type ControllerUser, isOwnAccount, mailAccount, passkeyAccount } from '../core/model.ts';
import type { RecoveryProof } from '../core/recovery.ts';
import { type Acts, conflict, raiseEpoch, rfc3339, write } from './ledger-acts.ts';
import { type LogState, newId } from './ledger-log.ts';
import { ownerOf } from './ledger-persons.ts';
import { controllerFrom, places } from './ledger-rows.ts';
import { endOfQuarantine, isNominee, liveSeat, unfit } from './ledger-seated.ts';
import type { Permit } from './ledger-seats.ts';
import { bytes, int, optionalInt, optionalText, type Row, text } from './rows.ts';

/** So many wrong codes end a set. They are long, so this leaves room for bad handwriting only. */
const mostWrong = 10;

const unknown = { refused: 'recovery_unknown' } as const;

const markOf = ({ pen }: Acts, { code }: RecoveryProof): Buffer => pen.keyring.token('recovery', code);

/** Ends what codes a person has. */
export function forgetRecovery({ pen }: Acts, owner: number): void {
  pen.sql.forgetRecoveryCodes.run(owner);
  pen.sql.forgetRecoveries.run(owner);
}

/** `controller.recovery` and the marks of the new codes. */
export function recoveryCodes(
  acts: Acts,
  command: Extract<Command, { do: 'recovery-codes' }>,
): Answers['recovery-codes'] {
  const { sql } = acts.pen;
  const log = acts.heads.touch(command.client, acts.now);
  const seat = liveSeat(acts, log, command.seat);
  const row = sql.seatById.get(command.seat);
  const [first] = command.proofs;
  if (seat === undefined || row === undefined || first === undefined) return { refused: 'not_seated' };
  const owner = sql.ownerById.get(int(row, 'owner'));
  if (owner === undefined) return { refused: 'not_seated' };
  const id = int(owner, 'id');
  // Whoever got in with a code that was not theirs must not end those that the holder still has.
  const early = seat.grantsFrom !== undefined && acts.now < seat.grantsFrom;
  if (early && sql.leftOfRecovery.get(id, mostWrong) !== undefined) return { refused: 'not_yet' };
  const key = acts.pen.keyring.unwrap(places.owner(id), bytes(owner, 'key'));
  const holder = controllerFrom(row, command.client, key);
  if (!isOwnAccount(holder)) return { refused: 'not_seated' };
  if (command.proofs.some(({ set }) => set !== first.set) || sql.recoveryByName.get(first.set) !== undefined)
    throw conflict('recovery codes of one set have one name, that no other set has');
  forgetRecovery(acts, id);
  sql.insertRecovery.run(first.set, log.id, id, acts.now);
  for (const proof of command.proofs) sql.insertRecoveryCode.run(markOf(acts, proof), first.set);
  const receipt = write(acts, log, {
    t: 'controller.recovery',
    id: newId(),
    fields: { seat: command.seat },
    groups: { person: { name: holder.name } },
    owner: ownerOf(acts.pen, log, holder.id),
  });
  return { receipt };
}

interface Found {
  readonly owner: number;
  readonly log: number;
  readonly holder: ControllerUser;
  /** The newest seat that they hold. */
  readonly seat: Row;
}

/** Whom a code would let in again. Every code that does not is the same to whoever tries; wrong ones are counted. */
function find(acts: Acts, proof: RecoveryProof): Found | undefined {
  const { sql, keyring } = acts.pen;
  const set = sql.recoveryByName.get(proof.set);
  if (set === undefined || int(set, 'wrong') >= mostWrong) return undefined;
  if (sql.recoveryCode.get(markOf(acts, proof), proof.set) === undefined) {
    sql.countWrongRecovery.run(proof.set);
    return undefined;
  }
  const owner = sql.ownerById.get(int(set, 'owner'));
  const log = sql.logById.get(int(set, 'log'));
  const seat = sql.seatsOfOwner.all(int(set, 'owner')).at(-1);
  if (owner === undefined || log === undefined || seat === undefined) return undefined;
  const key = keyring.unwrap(places.owner(int(owner, 'id')), bytes(owner, 'key'));
  const holder = controllerFrom(seat, text(log, 'client'), key);
  return { owner: int(owner, 'id'), log: int(set, 'log'), holder, seat };
}

export function tryRecovery(
  acts: Acts,
  command: Extract<Command, { do: 'try-recovery' }>,
): Answers['try-recovery'] {
  const found = find(acts, command.proof);
  return found === undefined ? unknown : { holder: found.holder };
}

/** Uses a code up for a new passkey of the very account that it belongs to, which waits before it signs agreements. */
export function useRecovery(
  acts: Acts,
  log: LogState,
  taken: Seat,
  proof: RecoveryProof,
  owner: number,
): Permit | { readonly refused: 'recovery_unknown' } {
  const found = find(acts, proof);
  if (found === undefined || found.owner !== owner || found.log !== log.id) return unknown;
  const account = taken.method === 'mail-totp' ? mailAccount : passkeyAccount;
  const { issuer, subject } = account(taken.client, taken.controller);
  const theirs = taken.issuer === issuer && taken.subject === subject && taken.method !== 'evaluation-key';
  if (!theirs || !isNominee(found.holder, taken)) return unknown;
  if (acts.pen.sql.useRecoveryCode.run(markOf(acts, proof), proof.set).changes !== 1) return unknown;
  return {
    via: 'recovery',
    fields: { earlier: text(found.seat, 'id') },
    grantsFrom: endOfQuarantine(acts, log),
    inviter: optionalText(found.seat, 'inviter'),
    arrival: 'recovery',
    replaces: true,
    said: found.holder,
  };
}

/** `controller.confirmed` for each seat of a person that may not sign yet. */
export function confirmSeat(
  acts: Acts,
  command: Extract<Command, { do: 'confirm-seat' }>,
): Answers['confirm-seat'] {
  const { sql } = acts.pen;
  const { by } = command;
  const log = acts.heads.touch(command.client, acts.now);
  const confirmer = 'seat' in by ? liveSeat(acts, log, by.seat) : undefined;
  const why = unfit(acts, log, by);
  if (why !== undefined || confirmer === undefined) return { refused: why ?? 'not_seated' };
  const owner = ownerOf(acts.pen, log, command.controller);
  const row = sql.seatById.get(confirmer.id);
  if (row === undefined || int(row, 'owner') === owner.id) return { refused: 'own_seat' };
  const waiting = sql.seatsOfOwner
    .all(owner.id)
    .filter((seat) => (optionalInt(seat, 'grants_from') ?? 0) > acts.now);
  const receipts = waiting.map((seat) => {
    const id = text(seat, 'id');
    sql.confirmSeat.run(id);
    return write(acts, log, {
      t: 'controller.confirmed',
      id: newId(),
      fields: { seat: id, confirmer: confirmer.id, until: rfc3339(int(seat, 'grants_from')) },
      groups: { person: { name: controllerFrom(seat, command.client, owner.key).name } },
      owner,
    });
  });
  const [receipt] = receipts;
  if (receipt === undefined) return { refused: 'nobody_waits' };
  // Whoever reads what is in force elsewhere looks again.
  raiseEpoch(log);
  return { receipt };
}

export function arrivalsSeen(
  acts: Acts,
  command: Extract<Command, { do: 'arrivals-seen' }>,
): Answers['arrivals-seen'] {
  const log = acts.heads.touch(command.client, acts.now);
  const row = acts.pen.sql.seatById.get(command.seat);
  if (row === undefined || liveSeat(acts, log, command.seat) === undefined) return { ok: false };
  acts.pen.sql.seeArrivals.run(acts.now, int(row, 'owner'));
  return { ok: true };
}
