/**
 * Consent: grants and their life. A grant is written only when its evidence verifies
 * here, against the seat's own key and the text, exactly as the client's offline check will do it.
 */

import type { Answers } from '../core/answers.ts';
import { parseBudget, printBudget } from '../core/budget.ts';
import type { Command } from '../core/commands.ts';
import { textDifference } from '../core/consent-text.ts';
import { clauseIn, printClause } from '../core/emergency.ts';
import type { EntryKind, LeafFields } from '../core/entries.ts';
import { evidenceFault } from '../core/evidence.ts';
import { endAtLatest, parseFirstUse, printFirstUse } from '../core/first-use.ts';
import { latestEnd } from '../core/grant-limits.ts';
import { parseLeaf } from '../core/leaf.ts';
import type { Grant } from '../core/model.ts';
import { sealBox } from './disclosure.ts';
import { type Acts, actorLine, conflict, lateAt, raiseEpoch, rfc3339, write } from './ledger-acts.ts';
import { mayGive } from './ledger-delegations.ts';
import { evidenceFields, signingSeat } from './ledger-evidence.ts';
import { checkTextHash, type LogState, newId } from './ledger-log.ts';
import { saysPeople } from './ledger-persons.ts';
import { accepting } from './ledger-proposals.ts';
import { answering } from './ledger-requests.ts';
import { type GrantBox, grantFrom, places } from './ledger-rows.ts';
import { nextKey, unfit } from './ledger-seated.ts';
import { wantsTwo } from './ledger-signers.ts';
import { partyOf } from './ledger-totp.ts';
import { int, type Row, text } from './rows.ts';

/** The fields of `consent.granted` that the signed text repeats. */
function scopeOf(grant: Grant): LeafFields {
  return {
    systems: grant.systems.join(' '),
    purposes: grant.purposes.join(' '),
    operations: grant.operations.join(' '),
    from: rfc3339(grant.from),
    until: rfc3339(grant.until),
    ...(grant.budget === undefined ? {} : { budget: printBudget(grant.budget) }),
    ...(grant.emergency === undefined ? {} : { emergency: printClause(grant.emergency) }),
    ...(grant.firstUse === undefined ? {} : { first_use: printFirstUse(grant.firstUse) }),
    ...(grant.request === undefined ? {} : { request: grant.request }),
    ...(grant.minutes === undefined ? {} : { minutes: grant.minutes }),
    ...(grant.proposal === undefined ? {} : { proposal: grant.proposal }),
    ...(grant.session === undefined ? {} : { session: grant.session }),
    ...(grant.delegation === undefined ? {} : { delegation: grant.delegation }),
  };
}

/** `consent.granted` and the grant's row. Throws a conflict when text, scope and signature do not agree. */
export function grant(acts: Acts, command: Extract<Command, { do: 'grant' }>): Answers['grant'] {
  const { grant: given, evidence } = command;
  const log = acts.heads.touch(given.client, acts.now);
  const seat = signingSeat(acts, log, evidence);
  if (typeof seat === 'string') return { refused: seat };
  if (acts.pen.sql.grantById.get(given.id) !== undefined) return { refused: 'grant_exists' };
  if (!(given.until <= latestEnd(acts.now))) return { refused: 'grant_too_long' };
  checkTextHash(command.text, given.textHash);
  const scope = scopeOf(given);
  if (scope.budget !== undefined && parseBudget(String(scope.budget)) === undefined)
    throw conflict('the budget is none');
  if (given.firstUse !== undefined && !isFirstUse(given, scope.first_use))
    throw conflict('the latest start and the end do not agree');
  const difference = textDifference(command.text, { ...scope, id: given.id });
  if (difference !== undefined) throw conflict(difference);
  checkClause(acts, command.text, given);
  if (!mayGive(acts, log, given, seat)) return { refused: 'outside_frame' };
  const signer = seat.role === 'delegate' ? 'delegate' : 'representative';
  const fault = evidenceFault(seat, evidence, given.textHash, partyOf(acts, log), signer);
  if (fault !== undefined) throw conflict(`the evidence does not hold: ${fault}`);
  const answer = given.request === undefined ? undefined : answering(acts, log, given, seat);
  if (answer === 'request_ended' || answer === 'own_request') return { refused: answer };
  const acceptance = given.proposal === undefined ? undefined : accepting(acts, log, given);
  if (acceptance === 'proposal_ended') return { refused: acceptance };
  const two = wantsTwo(acts, log);
  insertGrant(acts, log, given, command.text, two);
  acts.pen.sql.insertSignature.run(given.id, evidence.seat, log.at);
  const receipt = write(acts, log, {
    t: 'consent.granted',
    id: given.id,
    fields: {
      ...scope,
      version: given.version,
      text: given.textHash,
      ...evidenceFields(evidence),
      ...(two ? { second: 'needed' } : {}),
    },
  });
  const extended = answer?.answered(two);
  acceptance?.answered();
  return {
    receipt,
    epoch: log.epoch,
    status: two ? 'waiting' : 'active',
    ...(extended === undefined ? {} : { extended }),
  };
}

/** Throws a conflict unless the text names the very people of the clause, and nobody beside where there is nobody. */
function checkClause(acts: Acts, text: string, { client, emergency, people }: Grant): void {
  const told = clauseIn(parseLeaf(Buffer.from(text)) ?? {});
  const clause = told === 'none' || told === undefined ? undefined : told.clause;
  if (!saysPeople(acts.pen.keyring, client, clause?.people ?? [], emergency?.people ?? []))
    throw conflict('text and consent name other people for emergencies');
  if (people.length === 0 && emergency === undefined) throw conflict('the consent is for nobody');
  if (told !== 'none' && told?.only !== (people.length === 0))
    throw conflict('text and consent differ in whether it is for emergencies only');
}

/** Whether it can be read again, can be begun, and ends no later than a first use at the last moment would. */
function isFirstUse({ from, until, firstUse }: Grant, written: unknown): boolean {
  return (
    firstUse !== undefined &&
    parseFirstUse(String(written)) !== undefined &&
    from < firstUse.startBy &&
    firstUse.startBy <= until &&
    until <= endAtLatest(firstUse)
  );
}

function insertGrant(acts: Acts, log: LogState, given: Grant, text: string, two: boolean): void {
  const { people, upstreamAccount, grantedBy, emergency } = given;
  const box: GrantBox = { people, upstreamAccount, grantedBy, text, emergency: emergency?.people };
  acts.pen.sql.insertGrant.run(
    given.id,
    log.id,
    given.version,
    two ? 'waiting' : 'active',
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
    given.firstUse === undefined ? null : printFirstUse(given.firstUse),
    given.minutes ?? null,
    given.proposal ?? null,
    given.delegation ?? null,
    two ? 2 : 1,
    emergency === undefined ? null : printClause(emergency),
  );
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
  if (from !== 'active' && from !== 'suspended' && from !== 'waiting') return { refused: 'grant_ended' };
  if (from === 'waiting' && (command.to === 'active' || command.to === 'suspended'))
    throw conflict('the consent waits for its second signature');
  if (from === command.to) throw conflict('the consent is in that state already');
  if (command.to === 'active' && acts.pen.sql.openContests.get(command.grant) !== undefined)
    return { refused: 'grant_contested' };
  if (command.to === 'active' && (command.by === undefined || unfit(acts, log, command.by) !== undefined)) {
    throw conflict('only a seated representative of the client resumes a consent');
  }
  const { fields, groups, owner } = actorLine(acts, log, command.by);
  const receipt = write(acts, log, {
    t: statusLines[command.to],
    id: newId(),
    fields: { ...fields, grant: command.grant, ...lateAt(log.at, command.cutAt) },
    groups,
    owner,
  });
  acts.pen.sql.updateGrant.run(command.to, command.grant);
  if (command.to !== 'active') raiseEpoch(log);
  const changed: Row = { ...row, status: command.to };
  const { text: _, ...grantNow } = grantFrom(changed, log.client, log.key);
  return { receipt, epoch: log.epoch, grant: grantNow };
}
