/**
 * Who may act for a client: invitations, seats, and their end. Whether an invitation still seats somebody, and whether
 * its code was right, is decided here, in the transaction that uses it up or counts.
 */
import type { Answers } from '../core/answers.ts';
import type { Arrival, Command, InvitationProof, InvitationRefusal, Seat } from '../core/commands.ts';
import type { LeafFields } from '../core/entries.ts';
import { mailAmr } from '../core/evidence.ts';
import { Fault } from '../core/faults.ts';
import { type Account, type ControllerUser, isOwnAccount } from '../core/model.ts';
import { sealBox } from './disclosure.ts';
import { type Acts, raiseEpoch, rfc3339, write } from './ledger-acts.ts';
import { withdrawFramesOf } from './ledger-frame-ends.ts';
import { type LogState, newId, type Owner } from './ledger-log.ts';
import { ownerOf } from './ledger-persons.ts';
import { forgetRecovery, useRecovery } from './ledger-recovery-codes.ts';
import { controllerFrom, type InvitationBox, nomineeFrom, places, type SeatBox } from './ledger-rows.ts';
import { endOfQuarantine, isNominee, nextKey, unfit } from './ledger-seated.ts';
import { unsign } from './ledger-signers.ts';
import { keepTotp, newTotp } from './ledger-totp.ts';
import { bytes, int, optionalInt, optionalText, type Row, text } from './rows.ts';

/** `controller.nominated` and the invitation that will seat the person. */
export function invite(acts: Acts, command: Extract<Command, { do: 'invite' }>): Answers['invite'] {
  const { nominee, proof, by, expiresAt } = command;
  const { client, ...box } = nominee;
  const log = acts.heads.touch(client, acts.now);
  const why = by === undefined ? undefined : unfit(acts, log, by);
  if (why !== undefined) return { refused: why };
  const inviter = by !== undefined && 'seat' in by ? by.seat : undefined;
  const owner = ownerOf(acts.pen, log, nominee.id);
  const id = newId();
  const receipt = write(acts, log, {
    t: 'controller.nominated',
    id,
    fields: {
      authority: nominee.authority,
      expires: rfc3339(expiresAt),
      role: nominee.role,
      ...inviterFields(inviter),
    },
    groups: {
      person: {
        ...{ subject: nominee.id, name: nominee.name },
        ...(inviter === undefined || nominee.mail === undefined ? {} : { mail: nominee.mail }),
      },
      role: { function: nominee.function },
    },
    owner,
  });
  acts.pen.sql.voidInvitations.run(owner.id);
  acts.pen.sql.insertInvitation.run(
    proof.link,
    id,
    log.id,
    owner.id,
    proof.code,
    expiresAt,
    inviter ?? null,
    sealBox(owner.key, places.invitation(id), JSON.stringify(box satisfies InvitationBox)),
  );
  return { receipt };
}

function inviterFields(inviter: string | undefined): LeafFields {
  return inviter === undefined ? { by: 'provider' } : { by: 'client', inviter };
}

/** So many wrong codes end an invitation. */
const mostWrong = 5;

/** What an invitation says, if link and code are right; else why not. Counts a wrong code. */
export function tryInvitation(
  acts: Acts,
  command: Extract<Command, { do: 'try-invitation' }>,
): Answers['try-invitation'] {
  const found = invitationOf(acts, command.proof);
  if ('refused' in found) return found;
  const { row } = found;
  const { sql, keyring } = acts.pen;
  const owner = sql.ownerById.get(int(row, 'owner'));
  const log = sql.logById.get(int(row, 'log'));
  if (owner === undefined || log === undefined)
    throw new Fault('internal', 'an invitation belongs to nobody');
  const key = keyring.unwrap(places.owner(int(owner, 'id')), bytes(owner, 'key'));
  return {
    nominee: nomineeFrom(row, text(log, 'client'), key),
    byClient: optionalText(row, 'inviter') !== undefined,
    expiresAt: int(row, 'expires_at'),
  };
}

function invitationOf(
  acts: Acts,
  proof: InvitationProof,
): { readonly row: Row } | { readonly refused: InvitationRefusal; readonly left: number } {
  const { sql } = acts.pen;
  const row = sql.invitationByLink.get(proof.link);
  if (row === undefined) return { refused: 'link_unknown', left: 0 };
  const wrong = int(row, 'wrong');
  if (optionalInt(row, 'used_at') !== undefined) return { refused: 'link_used', left: 0 };
  if (int(row, 'expires_at') <= acts.now) return { refused: 'link_expired', left: 0 };
  if (wrong >= mostWrong) return { refused: 'link_dead', left: 0 };
  if (text(row, 'code') === proof.code) return { row };
  sql.countWrong.run(proof.link);
  const left = mostWrong - wrong - 1;
  return { refused: left === 0 ? 'link_dead' : 'code_wrong', left };
}

/** What authorises a seat, as its row and line will say. */
export interface Permit {
  readonly via: 'code' | 'seat' | 'evaluation' | 'recovery';
  readonly fields: LeafFields;
  readonly grantsFrom: number | undefined;
  readonly inviter: string | undefined;
  /** Of whom the client's users are told on every page. */
  readonly arrival?: Arrival;
  /** Whether the person's other passkeys end with it. */
  readonly replaces?: boolean;
  /** What the invitation said of the person. */
  readonly said?: Said;
}

type Said = Pick<ControllerUser, 'function' | 'mail'>;

/** `controller.seated` and the seat's row, when the enrolment is authorised. */
export function seat(acts: Acts, command: Extract<Command, { do: 'seat' }>): Answers['seat'] {
  const { seat: taken } = command;
  const log = acts.heads.touch(taken.client, acts.now);
  const owner = ownerOf(acts.pen, log, taken.controller);
  const account = acts.pen.keyring.token('seat', `${taken.issuer}\n${taken.subject}`);
  const totp = newTotp(acts, taken, command.totp);
  if (typeof totp === 'string') return { refused: totp };
  const permit = permitFor(acts, log, command, owner.id, account);
  if ('refused' in permit) return permit;
  const { controller, issuer, subject, name, authority } = taken;
  const said = permit.said ?? saidOf(acts, owner);
  const box: SeatBox = {
    controller,
    issuer,
    subject,
    name,
    authority,
    ...(said === undefined ? {} : { function: said.function }),
    ...(said?.mail === undefined ? {} : { mail: said.mail }),
  };
  acts.pen.sql.insertSeat.run(
    taken.id,
    log.id,
    owner.id,
    taken.role,
    taken.method,
    taken.credentialId,
    taken.publicKey,
    account,
    taken.seatedAt,
    nextKey(log),
    sealBox(owner.key, places.seat(taken.id), JSON.stringify(box)),
    permit.grantsFrom ?? null,
    permit.inviter ?? null,
    permit.arrival ?? null,
  );
  if (totp !== undefined) keepTotp(acts, taken.id, owner.id, totp);
  const receipt = write(acts, log, {
    t: 'controller.seated',
    id: newId(),
    fields: {
      seat: taken.id,
      role: taken.role,
      method: taken.method,
      credential: taken.credentialId,
      key: taken.publicKey,
      authority,
      via: permit.via,
      ...(totp === undefined ? {} : { amr: mailAmr.join(' ') }),
      ...permit.fields,
      ...(permit.grantsFrom === undefined ? {} : { grants_from: rfc3339(permit.grantsFrom) }),
    },
    groups: { person: { name, issuer, subject, controller } },
    owner,
  });
  return { receipt, replaced: permit.replaces === true ? replace(acts, log, owner, taken) : 0 };
}

/** The other passkeys of whoever was seated anew end, and what was signed in with them. */
function replace(acts: Acts, log: LogState, owner: Owner, successor: Seat): number {
  const others = acts.pen.sql.seatsOfOwner.all(owner.id).filter((row) => text(row, 'id') !== successor.id);
  for (const row of others) {
    write(acts, log, {
      t: 'controller.removed',
      id: newId(),
      fields: { seat: text(row, 'id'), by: 'successor', successor: successor.id },
      groups: { person: { name: successor.name } },
      owner,
    });
    removeSeat(acts, text(row, 'id'));
  }
  if (others.length === 0) return 0;
  // Who signs in elsewhere did not do so with the passkey that ended.
  if (isOwnAccount(successor)) endLogins(acts, successor);
  raiseEpoch(log);
  return others.length;
}

/** What its holder's app knows is of no use to anybody then. */
function removeSeat({ pen, now }: Acts, seat: string): void {
  pen.sql.removeSeat.run(now, seat);
  pen.sql.forgetTotp.run(seat);
}

function endLogins(acts: Acts, { issuer, subject }: Account): void {
  const { sql, keyring } = acts.pen;
  for (const login of sql.loginsBySubject.all(keyring.token('subject', `${issuer}\n${subject}`)))
    sql.endLogin.run(acts.now, text(login, 'id'));
}

/** Whether an account acts for another client too: what is signed in there goes on. */
function sitsElsewhere({ pen }: Acts, log: LogState, { issuer, subject }: Account): boolean {
  const account = pen.keyring.token('seat', `${issuer}\n${subject}`);
  return pen.sql.seatElsewhere.get(account, log.id) !== undefined;
}

/** A further passkey changes nothing about its holder. */
function saidOf(acts: Acts, owner: Owner): Said | undefined {
  const row = acts.pen.sql.lastSeatOfOwner.get(owner.id);
  return row === undefined ? undefined : controllerFrom(row, '', owner.key);
}

function permitFor(
  acts: Acts,
  log: LogState,
  { seat: taken, authorisedBy }: Extract<Command, { do: 'seat' }>,
  owner: number,
  account: Buffer,
): Permit | { readonly refused: InvitationRefusal | 'recovery_unknown' | 'not_seated' } {
  const { evaluationKey } = acts;
  const held = evaluationKey !== undefined && taken.publicKey === evaluationKey;
  if (taken.method === 'evaluation-key' && !held) return { refused: 'not_seated' };
  if ('evaluation' in authorisedBy) {
    if (evaluationKey === undefined) return { refused: 'not_seated' };
    return { via: 'evaluation', fields: {}, grantsFrom: undefined, inviter: undefined };
  }
  if ('invitation' in authorisedBy)
    return permitByInvitation(acts, log, taken, authorisedBy.invitation, owner);
  if ('recovery' in authorisedBy) return useRecovery(acts, log, taken, authorisedBy.recovery, owner);
  const earlier = acts.pen.sql.seatById.get(authorisedBy.seat);
  if (earlier === undefined || int(earlier, 'log') !== log.id) return { refused: 'not_seated' };
  const same = Buffer.compare(earlier.account as Uint8Array, account) === 0;
  const live = optionalInt(earlier, 'removed_at') === undefined;
  if (!same || !live || text(earlier, 'role') !== taken.role) return { refused: 'not_seated' };
  return {
    via: 'seat',
    fields: { earlier: authorisedBy.seat },
    grantsFrom: optionalInt(earlier, 'grants_from'),
    inviter: optionalText(earlier, 'inviter'),
  };
}

function permitByInvitation(
  acts: Acts,
  log: LogState,
  taken: Seat,
  proof: InvitationProof,
  owner: number,
): Permit | { readonly refused: InvitationRefusal } {
  const found = tryInvitation(acts, { do: 'try-invitation', proof });
  if ('refused' in found) return { refused: found.refused };
  const row = acts.pen.sql.invitationByLink.get(proof.link);
  if (row === undefined || int(row, 'log') !== log.id || int(row, 'owner') !== owner)
    return { refused: 'link_unknown' };
  if (!isNominee(found.nominee, taken)) return { refused: 'link_unknown' };
  if (acts.pen.sql.useInvitation.run(acts.now, proof.link).changes !== 1) return { refused: 'link_used' };
  const inviter = optionalText(row, 'inviter');
  const late = inviter === undefined && acts.pen.sql.anySeat.get(log.id, owner) !== undefined;
  return {
    via: 'code',
    fields: { invitation: text(row, 'id'), ...inviterFields(inviter) },
    grantsFrom: late ? endOfQuarantine(acts, log) : undefined,
    inviter,
    ...(late ? { arrival: 'provider' as const } : {}),
    // The provider alone ends nobody's passkey: whoever holds it must be able to see, and to object.
    replaces: inviter !== undefined,
    said: found.nominee,
  };
}

/** Ends all seats of a person, in one transaction with what hangs on them. What they signed must be signed again. */
export function unseat(acts: Acts, command: Extract<Command, { do: 'unseat' }>): Answers['unseat'] {
  const { client, controller, by } = command;
  const { sql } = acts.pen;
  const log = acts.heads.touch(client, acts.now);
  const why = unfit(acts, log, by);
  if (why !== undefined || !('seat' in by)) return { refused: why ?? 'not_seated' };
  const owner = ownerOf(acts.pen, log, controller);
  const rows = sql.seatsOfOwner.all(owner.id);
  if (rows.length === 0) return { refused: 'nobody_seated' };
  if (sql.otherRepresentative.get(log.id, owner.id) === undefined) return { refused: 'last_representative' };
  const people = rows.map((row) => controllerFrom(row, client, owner.key));
  for (const [at, row] of rows.entries()) {
    write(acts, log, {
      t: 'controller.removed',
      id: newId(),
      fields: { seat: text(row, 'id'), by: 'client', remover: by.seat },
      groups: { person: { name: people[at]?.name ?? '' } },
      owner,
    });
    removeSeat(acts, text(row, 'id'));
  }
  unsign(acts, log, owner.id);
  withdrawFramesOf(acts, log, owner.id, by.seat);
  sql.voidInvitations.run(owner.id);
  forgetRecovery(acts, owner.id);
  const accounts = people
    .filter((one) => !sitsElsewhere(acts, log, one))
    .map(({ issuer, subject }) => ({ issuer, subject }));
  for (const account of accounts) endLogins(acts, account);
  raiseEpoch(log);
  return { epoch: log.epoch, accounts };
}
