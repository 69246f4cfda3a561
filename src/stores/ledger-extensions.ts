/**
 * A running access that is to last longer: under the consent it rests on, as far as that permits, or under one that the client
 * gave for it. Same access, same cookie; the line says from which consent it lives from then on.
 */
import type { Answers } from '../core/answers.ts';
import { minutesOf } from '../core/budget.ts';
import type { Command } from '../core/commands.ts';
import { longestUnder } from '../core/emergency.ts';
import type { Grant, Opening } from '../core/model.ts';
import type { ConsentRequest } from '../core/requests.ts';
import { type Acts, conflict, raiseEpoch, rfc3339, write } from './ledger-acts.ts';
import { budgetedBy, useMinutes } from './ledger-budgets.ts';
import { type LogState, newId } from './ledger-log.ts';
import { readOpening } from './ledger-openings.ts';
import { ownerOf } from './ledger-persons.ts';
import { grantFrom, words } from './ledger-rows.ts';
import { int, optionalInt, type Row, text } from './rows.ts';

/** `session.extended` under the consent that the access rests on already; the technician's own act. */
export function extend(acts: Acts, command: Extract<Command, { do: 'extend' }>): Answers['extend'] {
  const log = acts.heads.touch(command.client, acts.now);
  if (command.epoch !== log.epoch) return { moved: log.epoch };
  const row = runningRow(acts, log, command.opening);
  if (row === undefined || int(row, 'owner') !== ownerOf(acts.pen, log, command.person).id)
    return { refused: 'opening_ended' };
  // Sent twice, it is one extension.
  if (command.from !== int(row, 'ends_at')) return { refused: 'extended_already' };
  const consent = consentInForce(acts, log, text(row, 'consent'));
  const { endsAt } = command;
  const emergency = int(row, 'emergency') === 1 ? { emergency: true as const } : {};
  const minutes = longestUnder(grantFrom(consent, log.client, log.key), emergency);
  if (endsAt > int(row, 'opened_at') + minutes * 60_000)
    throw conflict('the consent does not permit so long an access');
  const budgeted = budgetedBy(consent);
  const missing = budgeted && useMinutes(acts, log, budgeted, minutesOf(int(row, 'ends_at'), endsAt));
  if (missing !== undefined) return { spent: missing.part, left: missing.left };
  return lengthen(acts, log, row, consent, endsAt);
}

/** The row of an access that runs now; undefined: it has ended, or is none of this client's. */
export function runningRow(acts: Acts, log: LogState, opening: string): Row | undefined {
  const row = acts.pen.sql.openingById.get(opening);
  const runs =
    row !== undefined &&
    int(row, 'log') === log.id &&
    optionalInt(row, 'ended_at') === undefined &&
    int(row, 'ends_at') > log.at;
  return runs ? row : undefined;
}

/** Throws a conflict when a request to lengthen an access does not say what the access says, or comes after its end. */
export function checkExtension(acts: Acts, log: LogState, asked: ConsentRequest, owner: number): void {
  const row = runningRow(acts, log, asked.opening ?? '');
  if (row === undefined || int(row, 'owner') !== owner) throw conflict('the access to lengthen has ended');
  const same =
    asked.purpose === text(row, 'purpose') &&
    asked.systems.join(' ') === text(row, 'systems') &&
    asked.operations.every((one) => words(text(row, 'operations')).includes(one)) &&
    asked.until <= int(row, 'ends_at');
  if (!same) throw conflict('the request says other things than the access it is to lengthen');
}

/** The access goes on under the consent that was just given for it. */
export function extendUnder(
  acts: Acts,
  log: LogState,
  given: Pick<Grant, 'id' | 'minutes' | 'until'>,
  row: Row,
): Opening {
  const { minutes = 0, until } = given;
  if (until > int(row, 'ends_at') + minutes * 60_000)
    throw conflict('the consent lengthens the access by more than it says');
  return lengthen(acts, log, row, consentInForce(acts, log, given.id), until).extended;
}

function consentInForce(acts: Acts, log: LogState, id: string): Row {
  const row = acts.pen.sql.grantById.get(id);
  if (row === undefined || int(row, 'log') !== log.id || text(row, 'status') !== 'active')
    throw conflict('the consent of the access is not in force');
  return row;
}

function lengthen(acts: Acts, log: LogState, row: Row, consent: Row, endsAt: number) {
  const before = int(row, 'ends_at');
  if (!(endsAt > before)) throw conflict('the access ends no later than before');
  if (log.at < int(consent, 'from_at') || endsAt > int(consent, 'until_at'))
    throw conflict('the access ends after its consent');
  const covered = words(text(consent, 'systems'));
  if (!words(text(row, 'systems')).every((system) => covered.includes(system)))
    throw conflict('the consent does not cover these systems');
  if (!words(text(consent, 'purposes')).includes(text(row, 'purpose')))
    throw conflict('the consent does not cover this purpose');
  const permitted = words(text(consent, 'operations'));
  const operations = words(text(row, 'operations')).filter((one) => permitted.includes(one));
  if (operations.length === 0) throw conflict('the consent does not cover these operations');
  const receipt = write(acts, log, {
    t: 'session.extended',
    id: newId(),
    fields: {
      session: text(row, 'id'),
      grant: text(consent, 'id'),
      operations: operations.join(' '),
      ends: rfc3339(endsAt),
      minutes: minutesOf(before, endsAt),
    },
    session: int(row, 'seq'),
  });
  acts.pen.sql.extendOpening.run(endsAt, text(consent, 'id'), operations.join(' '), int(row, 'seq'));
  raiseEpoch(log);
  const changed: Row = { ...row, ends_at: endsAt, consent: text(consent, 'id') };
  return { receipt, epoch: log.epoch, extended: readOpening(acts, changed) };
}
