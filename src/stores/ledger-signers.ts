/**
 * Signatures beside the first one: the second that a client may want, and another one after a signer was removed; and
 * the client's own rule that it wants two. Whether somebody is somebody else is decided here, by person, account and key.
 */
import type { Answers } from '../core/answers.ts';
import type { Command } from '../core/commands.ts';
import { evidenceFault } from '../core/evidence.ts';
import type { Grant } from '../core/model.ts';
import { confirmTime, ruleDifference, ruleTime } from '../core/signers.ts';
import { sealBox } from './disclosure.ts';
import { type Acts, conflict, raiseEpoch, write } from './ledger-acts.ts';
import { evidenceFields, signingSeat } from './ledger-evidence.ts';
import { extendUnder, runningRow } from './ledger-extensions.ts';
import { checkTextHash, type LogState, newId } from './ledger-log.ts';
import { places } from './ledger-rows.ts';
import { partyOf } from './ledger-totp.ts';
import { int, optionalInt, optionalText, type Row, text } from './rows.ts';

/** Whether the client wants two signatures now. */
export function wantsTwo(acts: Acts, log: LogState): boolean {
  const row = acts.pen.sql.ruleInForce.get(log.id);
  return row !== undefined && text(row, 'wish') === 'on';
}

/** One person is one signer, whatever seats and passkeys they have. */
function isSamePerson(one: Row, other: Row): boolean {
  const same = Buffer.compare(one.account as Uint8Array, other.account as Uint8Array) === 0;
  if (int(one, 'owner') === int(other, 'owner') || same) return true;
  return text(one, 'method') === 'passkey' && text(one, 'public_key') === text(other, 'public_key');
}

/** `consent.signed`; the consent is in force, or holds on, once enough different people have signed. */
export function sign(acts: Acts, command: Extract<Command, { do: 'sign' }>): Answers['sign'] {
  const { evidence } = command;
  const { sql } = acts.pen;
  const log = acts.heads.touch(command.client, acts.now);
  const seat = signingSeat(acts, log, evidence);
  if (typeof seat === 'string') return { refused: seat };
  const row = sql.grantById.get(command.grant);
  if (row === undefined || int(row, 'log') !== log.id) return { refused: 'grant_unknown' };
  const status = text(row, 'status');
  const confirmBy = optionalInt(row, 'confirm_by');
  if (!['waiting', 'active', 'suspended'].includes(status)) return { refused: 'grant_ended' };
  if (status !== 'waiting' && confirmBy === undefined) return { refused: 'grant_settled' };
  if (log.at >= Math.min(int(row, 'until_at'), confirmBy ?? Number.POSITIVE_INFINITY))
    return { refused: 'grant_ended' };
  const mine = sql.seatById.get(evidence.seat) ?? {};
  const standing = sql.standingSigners.all(command.grant);
  if (standing.some((other) => isSamePerson(other, mine))) return { refused: 'same_person' };
  const fault = evidenceFault(seat, evidence, text(row, 'text_hash'), partyOf(acts, log));
  if (fault !== undefined) throw conflict(`the evidence does not hold: ${fault}`);
  sql.insertSignature.run(command.grant, evidence.seat, log.at);
  const complete = standing.length + 1 >= int(row, 'needed');
  const receipt = write(acts, log, {
    t: 'consent.signed',
    id: newId(),
    fields: {
      grant: command.grant,
      as: status === 'waiting' ? 'second' : 'confirmed',
      complete,
      ...evidenceFields(evidence),
    },
  });
  if (complete) sql.settleGrant.run(command.grant);
  // Nobody loses anything: it is raised so that whoever remembers the consent reads it again.
  raiseEpoch(log);
  const request = sql.requestById.get(optionalText(row, 'request') ?? '');
  const session = request && optionalText(request, 'opening');
  const begins = complete && status === 'waiting' && session !== undefined;
  const running = begins ? runningRow(acts, log, session) : undefined;
  const extended = running ? extendUnder(acts, log, lengthOf(row), running) : undefined;
  return { receipt, epoch: log.epoch, complete, ...(extended === undefined ? {} : { extended }) };
}

/** What a consent that lengthens a running access says of how long. */
function lengthOf(row: Row): Pick<Grant, 'id' | 'minutes' | 'until'> {
  return { id: text(row, 'id'), minutes: optionalInt(row, 'minutes') ?? 0, until: int(row, 'until_at') };
}

/** `consent.rule`; wanting two holds at once, wanting one again when a second person has signed the same text. */
export function rule(acts: Acts, command: Extract<Command, { do: 'rule' }>): Answers['rule'] {
  const { rule: asked, evidence } = command;
  const { sql } = acts.pen;
  const log = acts.heads.touch(command.client, acts.now);
  const seat = signingSeat(acts, log, evidence);
  if (typeof seat === 'string') return { refused: seat };
  const { id, wish, textHash } = asked;
  if ((wish === 'on') === wantsTwo(acts, log)) return { refused: 'rule_same' };
  if (wish === 'on' && Number(sql.representatives.get(log.id)?.count) < 2) return { refused: 'nobody_else' };
  const pending = wish === 'off' ? sql.rulePending.get(log.id) : undefined;
  const step = wish === 'on' ? 'set' : pending === undefined ? 'first' : 'second';
  if (pending !== undefined) {
    const overdue = log.at >= int(pending, 'at') + ruleTime;
    if (overdue || text(pending, 'id') !== id || text(pending, 'text_hash') !== textHash)
      return { refused: 'rule_pending' };
    const first = sql.seatById.get(text(pending, 'seat'));
    const mine = sql.seatById.get(evidence.seat);
    if (first === undefined || mine === undefined || isSamePerson(first, mine))
      return { refused: 'same_person' };
  }
  checkTextHash(asked.text, textHash);
  const fields = { rule: id, wish, step, text: textHash };
  const fault =
    ruleDifference(asked.text, fields) ?? evidenceFault(seat, evidence, textHash, partyOf(acts, log));
  if (fault !== undefined) throw conflict(`the rule does not hold: ${fault}`);
  // The text is kept with the client's others, so that the export holds it.
  sql.insertSlice.run(log.id, textHash, sealBox(log.key, places.slice(log.id, textHash), asked.text));
  const receipt = write(acts, log, {
    t: 'consent.rule',
    id: newId(),
    fields: { ...fields, ...evidenceFields(evidence) },
  });
  if (pending === undefined)
    sql.insertRule.run(id, log.id, wish, step === 'first' ? 'waiting' : 'done', textHash, seat.id, log.at);
  else sql.endRule.run('done', int(pending, 'seq'));
  return { receipt, complete: step !== 'first' };
}

/** Signatures of somebody who was just removed stand no more: what waited is void, what is in force must be signed again. */
export function unsign(acts: Acts, log: LogState, owner: number): void {
  const { sql } = acts.pen;
  for (const row of sql.rulesSignedBy.all(owner)) lapseRule(acts, log, row);
  for (const row of sql.signedBy.all(owner)) {
    const id = text(row, 'id');
    if (text(row, 'status') === 'waiting') {
      write(acts, log, { t: 'consent.lapsed', id: newId(), fields: { grant: id } });
      sql.updateGrant.run('void', id);
    } else if (sql.standingSigners.all(id).length < int(row, 'needed')) {
      sql.mustConfirm.run(log.at + confirmTime, id);
    }
  }
}

function lapseRule(acts: Acts, log: LogState, row: Row): void {
  write(acts, log, { t: 'consent.lapsed', id: newId(), fields: { rule: text(row, 'id') } });
  acts.pen.sql.endRule.run('void', int(row, 'seq'));
}

/** `consent.expired` for what nobody signed again, `consent.lapsed` for rules that nobody signed second. Answers how many. */
export function lapseSignatures(acts: Acts): number {
  const { sql } = acts.pen;
  let lapsed = 0;
  for (const row of sql.unconfirmed.all(acts.now)) {
    const log = acts.heads.touchIfSound(text(row, 'client'), acts.now);
    if (log === undefined) continue;
    write(acts, log, { t: 'consent.expired', id: newId(), fields: { by: 'system', grant: text(row, 'id') } });
    sql.updateGrant.run('expired', text(row, 'id'));
    raiseEpoch(log);
    lapsed += 1;
  }
  for (const row of sql.rulesOverdue.all(acts.now - ruleTime)) {
    const log = acts.heads.touchIfSound(text(row, 'client'), acts.now);
    if (log === undefined) continue;
    lapseRule(acts, log, row);
    lapsed += 1;
  }
  return lapsed;
}
