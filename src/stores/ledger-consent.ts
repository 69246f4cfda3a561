/**
 * Consent and who may give it: seats, grants and their life. A grant is written only when its evidence verifies
 * here, against the seat's own key and the text, exactly as the client's offline check will do it.
 */
import type { Answers, Command, Seat } from '../core/commands.ts';
import { parseBudget, printBudget } from '../core/budget.ts';
import { textDifference } from '../core/consent-text.ts';
import type { EntryKind, LeafFields } from '../core/entries.ts';
import { evidenceFault } from '../core/evidence.ts';
import { latestEnd } from '../core/grant-limits.ts';
import type { Grant } from '../core/model.ts';
import { sealBox } from './disclosure.ts';
import { type Acts, actorLine, conflict, raiseEpoch, rfc3339, write } from './ledger-acts.ts';
import { checkTextHash, type LogState, newId } from './ledger-log.ts';
import { ownerOf } from './ledger-persons.ts';
import { type GrantBox, grantFrom, places, type SeatBox } from './ledger-rows.ts';
import { entryKey } from './ledger-schema.ts';
import { int, optionalInt, type Row, text } from './rows.ts';

function nextKey(log: LogState): number {
  return entryKey(log.shard.id, log.range.size + log.added.hashes.length);
}

/** The fields of `consent.granted` that the signed text repeats. */
function scopeOf(grant: Grant): LeafFields {
  return {
    systems: grant.systems.join(' '),
    purposes: grant.purposes.join(' '),
    operations: grant.operations.join(' '),
    from: rfc3339(grant.from),
    until: rfc3339(grant.until),
    ...(grant.budget === undefined ? {} : { budget: printBudget(grant.budget) }),
  };
}

/** `consent.granted` and the grant's row. Throws a conflict when text, scope and signature do not agree. */
export function grant(acts: Acts, command: Extract<Command, { do: 'grant' }>): Answers['grant'] {
  const { grant: given, evidence } = command;
  const log = acts.heads.touch(given.client, acts.now);
  const seat = liveSeat(acts, log, evidence.seat);
  if (seat === undefined) return { refused: 'not_seated' };
  if (acts.pen.sql.grantById.get(given.id) !== undefined) return { refused: 'grant_exists' };
  if (!(given.until <= latestEnd(acts.now))) return { refused: 'grant_too_long' };
  checkTextHash(command.text, given.textHash);
  const scope = scopeOf(given);
  if (scope.budget !== undefined && parseBudget(String(scope.budget)) === undefined)
    throw conflict('the budget is none');
  const difference = textDifference(command.text, { ...scope, id: given.id });
  if (difference !== undefined) throw conflict(difference);
  const fault = evidenceFault(seat, evidence, given.textHash);
  if (fault !== undefined) throw conflict(`the evidence does not hold: ${fault}`);
  if (seat.method === 'evaluation-key' && seat.publicKey !== acts.evaluationKey)
    return { refused: 'not_seated' };
  insertGrant(acts, log, given, command.text);
  const receipt = write(acts, log, {
    t: 'consent.granted',
    id: given.id,
    fields: {
      ...scope,
      version: given.version,
      text: given.textHash,
      seat: evidence.seat,
      role: evidence.role,
      method: evidence.method,
      signature: evidence.signature,
      authenticator_data: evidence.authenticatorData,
      client_data: evidence.clientData,
      language: evidence.language,
    },
  });
  return { receipt, epoch: log.epoch };
}

function insertGrant(acts: Acts, log: LogState, given: Grant, text: string): void {
  const { people, upstreamAccount, grantedBy } = given;
  const box: GrantBox = { people, upstreamAccount, grantedBy, text };
  acts.pen.sql.insertGrant.run(
    given.id,
    log.id,
    given.version,
    'active',
    given.systems.join(' '),
    given.purposes.join(' '),
    given.operations.join(' '),
    given.from,
    given.until,
    given.textHash,
    given.grantedAt,
    nextKey(log),
    sealBox(log.key, places.grant(given.id), JSON.stringify(box)),
    given.kind ?? 'standing',
    given.request ?? null,
    given.budget === undefined ? null : printBudget(given.budget),
  );
}

type SeatRow = Pick<Seat, 'id' | 'role' | 'method' | 'publicKey'>;

function liveSeat(acts: Acts, log: LogState, id: string): SeatRow | undefined {
  const row = acts.pen.sql.seatById.get(id);
  if (row === undefined || int(row, 'log') !== log.id || optionalInt(row, 'removed_at') !== undefined) {
    return undefined;
  }
  return {
    id,
    role: text(row, 'role') as Seat['role'],
    method: text(row, 'method') as Seat['method'],
    publicKey: text(row, 'public_key'),
  };
}

const statusLines = {
  active: 'consent.resumed',
  suspended: 'consent.suspended',
  revoked: 'consent.revoked',
  expired: 'consent.expired',
} as const satisfies Readonly<Record<string, EntryKind>>;

/** Changes the state of a grant. Only a seated representative resumes; all but resuming raise the epoch. */
export function grantStatus(
  acts: Acts,
  command: Extract<Command, { do: 'grant-status' }>,
): Answers['grant-status'] {
  const log = acts.heads.touch(command.client, acts.now);
  const row = acts.pen.sql.grantById.get(command.grant);
  if (row === undefined || int(row, 'log') !== log.id) return { refused: 'grant_unknown' };
  const from = text(row, 'status');
  if (from !== 'active' && from !== 'suspended') return { refused: 'grant_ended' };
  if (from === command.to) throw conflict('the consent is in that state already');
  if (command.to === 'active' && !isRepresentative(acts, log, command.by)) {
    throw conflict('only a seated representative of the client resumes a consent');
  }
  const { fields, groups, owner } = actorLine(acts, log, command.by);
  const receipt = write(acts, log, {
    t: statusLines[command.to],
    id: newId(),
    fields: { ...fields, grant: command.grant },
    groups,
    owner,
  });
  acts.pen.sql.updateGrant.run(command.to, command.grant);
  if (command.to !== 'active') raiseEpoch(log);
  const changed: Row = { ...row, status: command.to };
  const { text: _, ...grantNow } = grantFrom(changed, log.client, log.key);
  return { receipt, epoch: log.epoch, grant: grantNow };
}

function isRepresentative(
  acts: Acts,
  log: LogState,
  by: Extract<Command, { do: 'grant-status' }>['by'],
): boolean {
  if (by === undefined || !('seat' in by)) return false;
  return liveSeat(acts, log, by.seat)?.role === 'representative';
}

/** `controller.nominated` and the enrolment code that will seat the person. */
export function invite(acts: Acts, command: Extract<Command, { do: 'invite' }>): Answers['invite'] {
  const log = acts.heads.touch(command.client, acts.now);
  const owner = ownerOf(acts.pen, log, command.controller);
  const receipt = write(acts, log, {
    t: 'controller.nominated',
    id: newId(),
    fields: { authority: command.authority, expires: rfc3339(command.expiresAt) },
    groups: { person: { subject: command.controller } },
    owner,
  });
  acts.pen.sql.insertInvite.run(command.codeHash, log.id, owner.id, command.expiresAt);
  return { receipt };
}

/** `controller.seated` and the seat's row, when the enrolment is authorised. */
export function seat(acts: Acts, command: Extract<Command, { do: 'seat' }>): Answers['seat'] {
  const { seat: taken, authorisedBy } = command;
  const log = acts.heads.touch(taken.client, acts.now);
  const owner = ownerOf(acts.pen, log, taken.controller);
  const account = acts.pen.keyring.token('seat', `${taken.issuer}\n${taken.subject}`);
  const refused = seatRefusal(acts, log, command, owner.id, account);
  if (refused !== undefined) return { refused };
  const { controller, issuer, subject, name, authority } = taken;
  const box: SeatBox = { controller, issuer, subject, name, authority };
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
  );
  const via = 'codeHash' in authorisedBy ? 'code' : 'seat' in authorisedBy ? 'seat' : 'evaluation';
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
      via,
    },
    groups: { person: { name, issuer, subject, controller } },
    owner,
  });
  return { receipt };
}

function seatRefusal(
  acts: Acts,
  log: LogState,
  command: Extract<Command, { do: 'seat' }>,
  owner: number,
  account: Buffer,
): 'code_unknown' | 'code_used' | 'code_expired' | 'not_seated' | undefined {
  const { seat: taken, authorisedBy } = command;
  const { sql } = acts.pen;
  const evaluationKey = acts.evaluationKey;
  if (
    taken.method === 'evaluation-key' &&
    (evaluationKey === undefined || taken.publicKey !== evaluationKey)
  ) {
    return 'not_seated';
  }
  if ('evaluation' in authorisedBy) return evaluationKey === undefined ? 'not_seated' : undefined;
  if ('codeHash' in authorisedBy) {
    const row = sql.inviteByHash.get(authorisedBy.codeHash);
    if (row === undefined || int(row, 'log') !== log.id || int(row, 'owner') !== owner) return 'code_unknown';
    if (optionalInt(row, 'used_at') !== undefined) return 'code_used';
    if (int(row, 'expires_at') <= acts.now) return 'code_expired';
    return sql.useInvite.run(acts.now, authorisedBy.codeHash).changes === 1 ? undefined : 'code_used';
  }
  const earlier = sql.seatById.get(authorisedBy.seat);
  if (earlier === undefined || int(earlier, 'log') !== log.id) return 'not_seated';
  const same = Buffer.compare(earlier.account as Uint8Array, account) === 0;
  const live = optionalInt(earlier, 'removed_at') === undefined;
  return same && live && text(earlier, 'role') === taken.role ? undefined : 'not_seated';
}
