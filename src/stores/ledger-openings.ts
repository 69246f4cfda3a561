/**
 * Openings: declared under a live consent, entered by single-use codes, closed with what they did. Each row changes
 * in the transaction of its line.
 */
import type { Answers } from '../core/answers.ts';
import type { Closing, Command, EntryCode } from '../core/commands.ts';
import type { Groups } from '../core/entries.ts';
import { endFrom, parseFirstUse } from '../core/first-use.ts';
import type { Opening } from '../core/model.ts';
import { mostOwed, owedUntil } from '../core/references.ts';
import { isReferenceCheck } from '../core/ticket-check.ts';
import { sealBox } from './disclosure.ts';
import { type Acts, actorLine, conflict, lateAt, raiseEpoch, rfc3339, write } from './ledger-acts.ts';
import { budgetedBy, useOpening } from './ledger-budgets.ts';
import { owedBy } from './ledger-corrections.ts';
import { emergencyFor, keepEmergency } from './ledger-emergencies.ts';
import { checkAcknowledged } from './ledger-instructions.ts';
import { type LogState, newId } from './ledger-log.ts';
import { owedOutside } from './ledger-outside.ts';
import { ownerOf } from './ledger-persons.ts';
import { type OpeningBox, openingFrom, places, words } from './ledger-rows.ts';
import { entryKey } from './ledger-schema.ts';
import { bytes, int, optionalInt, optionalText, type Row, text } from './rows.ts';

/** `session.opened`, its row and its first code; `{moved}` when rights changed since it was decided, `{spent}` when the budget does not reach, `{owed}` or `{unsaid}` when too much is owed, `{refused}` when it is no emergency. */
export function declare(acts: Acts, command: Extract<Command, { do: 'declare' }>): Answers['declare'] {
  const { opening, code } = command;
  const log = acts.heads.touch(opening.client, acts.now);
  if (command.epoch !== log.epoch) return { moved: log.epoch };
  const consent = checkConsent(acts, log, opening, words(String(command.fields.operations ?? '')));
  checkLogin(acts, opening);
  const owed = owedBy(acts, opening.person);
  if (owed > mostOwed) return { owed };
  checkAcknowledged(acts, log, command.fields.own);
  const emergency = emergencyFor(acts, log, consent, command);
  if (typeof emergency === 'string') return { refused: emergency };
  const outside = owedOutside(acts, log, command);
  if (typeof outside === 'number') return { unsaid: outside };
  const budgeted = budgetedBy(consent);
  const missing = budgeted && useOpening(acts, log, budgeted, opening.endsAt);
  if (missing !== undefined) return { spent: missing.part, left: missing.left };
  const starts = startClock(acts, log, consent, command);
  const owner = ownerOf(acts.pen, log, opening.person);
  const key = entryKey(log.shard.id, log.range.size + log.added.hashes.length);
  const { person, account, reference, note, authentication } = opening;
  const due = owedUntil(reference, log.at);
  const check = checkTold(command.fields.reference_check, due);
  const box: OpeningBox = { person, account, reference, note, authentication, ...check };
  const inserted = acts.pen.sql.insertOpening.run(
    opening.id,
    log.id,
    owner.id,
    opening.login,
    opening.systems.join(' '),
    String(command.fields.operations),
    opening.purpose,
    opening.grant,
    opening.openedAt,
    opening.endsAt,
    key,
    sealBox(owner.key, places.opening(opening.id), JSON.stringify(box)),
    due ?? null,
    emergency === undefined ? 0 : 1,
    outside.said === undefined ? null : 0,
    opening.commandLine ?? null,
  );
  if (emergency !== undefined) keepEmergency(acts, log, opening, emergency);
  const seq = Number(inserted.lastInsertRowid);
  const receipt = write(acts, log, {
    t: 'session.opened',
    id: opening.id,
    fields: {
      ...command.fields,
      systems: opening.systems.join(' '),
      purpose: opening.purpose,
      grant: opening.grant,
      ends: rfc3339(opening.endsAt),
      ...(due === undefined ? {} : { reference_due: rfc3339(due) }),
      ...outside,
      ...emergency,
    },
    groups: command.groups,
    owner,
    session: seq,
  });
  if (code !== undefined) addCode(acts, code, seq);
  if (command.tool !== undefined) acts.pen.sql.insertTool.run(command.tool, seq, acts.now);
  if (!starts) return { receipt };
  // For whoever comes now, it ends earlier than they were told.
  raiseEpoch(log);
  return { receipt, started: { epoch: log.epoch, at: log.at } };
}

/** Nothing can have been found out about a ticket that is yet to come. */
function checkTold(value: unknown, due: number | undefined): Pick<OpeningBox, 'referenceCheck'> {
  if (value === undefined) return {};
  if (due !== undefined || !isReferenceCheck(value))
    throw conflict('the check of the reference has no meaning');
  return { referenceCheck: value };
}

/** With its first use the consent's clock starts: its end is fixed here, in the transaction of the line. */
function startClock(
  acts: Acts,
  log: LogState,
  consent: Row,
  { opening, fields }: Extract<Command, { do: 'declare' }>,
): boolean {
  const firstUse = parseFirstUse(optionalText(consent, 'first_use') ?? '');
  if (firstUse === undefined) return false;
  const started = optionalInt(consent, 'started_at');
  if (started === undefined && log.at >= firstUse.startBy) throw conflict('the consent is out of its time');
  const clock = fields.clock === undefined ? firstUse.minutes : Number(fields.clock);
  if (!(clock >= 1)) throw conflict('the clock of the consent cannot be read');
  const latest = int(consent, 'until_at');
  const until = started === undefined ? Math.min(latest, endFrom(firstUse, log.at, clock)) : latest;
  if (opening.endsAt > until) throw conflict('the opening ends after the consent');
  if (started === undefined) acts.pen.sql.startGrant.run(log.at, until, opening.grant);
  return started === undefined;
}

/** The row of the consent that covers the opening. Throws a conflict when it does not. */
function checkConsent(acts: Acts, log: LogState, opening: Opening, operations: readonly string[]): Row {
  const row = acts.pen.sql.grantById.get(opening.grant);
  if (row === undefined || int(row, 'log') !== log.id || text(row, 'status') !== 'active') {
    throw conflict('the consent named is not in force');
  }
  const end = Math.min(int(row, 'until_at'), optionalInt(row, 'confirm_by') ?? Number.POSITIVE_INFINITY);
  if (log.at < int(row, 'from_at') || log.at >= end) throw conflict('the consent is out of its time');
  const systems = words(text(row, 'systems'));
  if (opening.systems.length === 0 || !opening.systems.every((system) => systems.includes(system))) {
    throw conflict('the consent does not cover these systems');
  }
  if (!words(text(row, 'purposes')).includes(opening.purpose))
    throw conflict('the consent does not cover this purpose');
  const permitted = words(text(row, 'operations'));
  if (operations.length === 0 || !operations.every((operation) => permitted.includes(operation))) {
    throw conflict('the consent does not cover these operations');
  }
  const minutes = optionalInt(row, 'minutes');
  if (minutes !== undefined && opening.endsAt > log.at + minutes * 60_000)
    throw conflict('the consent does not permit so long an access');
  if (opening.endsAt <= log.at) throw conflict('the opening ends before it begins');
  return row;
}

function checkLogin({ pen: { sql } }: Acts, { login, commandLine }: Opening): void {
  const row = sql.loginById.get(login);
  if (row === undefined || optionalInt(row, 'ended_at') !== undefined) {
    throw conflict('the sign-in is not recorded or has ended');
  }
  if (commandLine !== undefined && sql.commandLineLives.get(commandLine) === undefined)
    throw conflict('the command line was signed out');
}

function addCode(acts: Acts, code: EntryCode, seq: number): void {
  acts.pen.sql.forgetCodes.run(acts.now - 24 * 3_600_000);
  acts.pen.sql.insertCode.run(code.hash, seq, code.system, code.nonceHash, code.expiresAt);
}

/** Another code for a live opening; not ok when it has ended or does not have that system. */
export function code(acts: Acts, command: Extract<Command, { do: 'code' }>): Answers['code'] {
  const row = acts.pen.sql.openingById.get(command.code.opening);
  if (row === undefined || hasEnded(acts, row)) return { ok: false };
  const { client } = clientOf(acts, row);
  const systems = words(text(row, 'systems')).map((system) => `${client}/${system}`);
  if (!systems.includes(command.code.system)) return { ok: false };
  addCode(acts, command.code, int(row, 'seq'));
  return { ok: true };
}

function hasEnded(acts: Acts, row: Row): boolean {
  return optionalInt(row, 'ended_at') !== undefined || int(row, 'ends_at') <= acts.now;
}

function clientOf(acts: Acts, opening: Row): { client: string } {
  const row = acts.pen.sql.logById.get(int(opening, 'log'));
  if (row === undefined) throw conflict('the opening has no log');
  return { client: text(row, 'client') };
}

/** Redeems a code exactly once: the row changes only while it is unused, whoever asks first. */
export function redeem(acts: Acts, command: Extract<Command, { do: 'redeem' }>): Answers['redeem'] {
  const { sql } = acts.pen;
  const row = sql.codeByHash.get(command.codeHash);
  if (row === undefined) return { refused: 'code_unknown' };
  const opening = sql.openingBySeq.get(int(row, 'opening'));
  if (opening === undefined) return { refused: 'code_unknown' };
  const refused = codeFault(acts, row, command) ?? (hasEnded(acts, opening) ? 'opening_ended' : undefined);
  if (refused !== undefined) return { refused, of: readOpening(acts, opening) };
  if (sql.useCode.run(acts.now, command.codeHash).changes !== 1)
    return { refused: 'code_used', of: readOpening(acts, opening) };
  sql.insertDoor.run(command.cookieHash, int(opening, 'seq'), command.system);
  return { opening: readOpening(acts, opening), system: command.system };
}

function codeFault(acts: Acts, row: Row, command: Extract<Command, { do: 'redeem' }>) {
  if (optionalInt(row, 'used_at') !== undefined) return 'code_used';
  if (int(row, 'expires_at') <= acts.now) return 'code_expired';
  const here = text(row, 'system') === command.system && text(row, 'nonce') === command.nonceHash;
  return here ? undefined : 'code_elsewhere';
}

export function readOpening(acts: Acts, row: Row): Opening {
  const owner = acts.pen.sql.ownerById.get(int(row, 'owner'));
  if (owner === undefined) throw conflict('the opening has no person');
  const key = acts.pen.keyring.unwrap(places.owner(int(owner, 'id')), bytes(owner, 'key'));
  return openingFrom(row, clientOf(acts, row).client, key);
}

/** What a robot said stands beside the line, under the client's own key. */
function saidGroups(groups: Groups | undefined, outcome: Closing['outcome']): { groups?: Groups } {
  if (outcome === undefined || outcome.said === '') return groups === undefined ? {} : { groups };
  return { groups: { ...groups, work: { said: outcome.said } } };
}

/** `session.closed` for each opening that is still live; raises the epoch when there was one. */
export function close(acts: Acts, command: Extract<Command, { do: 'close' }>): Answers['close'] {
  const log = acts.heads.touch(command.client, acts.now);
  const closed: string[] = [];
  for (const closing of command.closings) {
    const row = acts.pen.sql.openingById.get(closing.opening);
    if (row === undefined || int(row, 'log') !== log.id || optionalInt(row, 'ended_at') !== undefined)
      continue;
    closeOne(acts, log, row, closing, command.by);
    closed.push(closing.opening);
  }
  if (closed.length > 0) raiseEpoch(log);
  return { epoch: log.epoch, closed };
}

/** `session.closed` and the row of a live opening; raising the epoch is the caller's. */
export function closeOne(
  acts: Acts,
  log: LogState,
  row: Row,
  closing: Closing,
  by: Extract<Command, { do: 'close' }>['by'],
): void {
  const seq = int(row, 'seq');
  const { fields, groups, owner } = actorLine(acts, log, by);
  const { exchanges, refused, statics, up, down } = closing.counts;
  write(acts, log, {
    t: 'session.closed',
    id: newId(),
    fields: {
      ...fields,
      session: closing.opening,
      cause: closing.cause,
      cut_ms: Math.round(closing.cutMs),
      ...lateAt(log.at, closing.cutAt),
      exchanges,
      refused,
      statics,
      up,
      down,
      ...(closing.outcome === undefined ? {} : { result: closing.outcome.result }),
    },
    ...saidGroups(groups, closing.outcome),
    owner,
    session: seq,
  });
  acts.pen.sql.endOpening.run(log.at, closing.cause, seq);
  acts.pen.sql.deleteDoors.run(seq);
}
