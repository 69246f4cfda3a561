/**
 * The end of a client's contract in the writer: what the client signs about it, when it came, and that it goes on after all. From the
 * end on nobody is let in and nothing is agreed to; that is looked at before any other command is run.
 */
import type { Command } from '../core/commands.ts';
import { overAt, readEnding, statementFault } from '../core/ending.ts';
import type { EndingAnswers } from '../core/ending-commands.ts';
import { evidenceFault } from '../core/evidence.ts';
import { Fault } from '../core/faults.ts';
import { sealBox } from './disclosure.ts';
import { type Acts, conflict, raiseEpoch, rfc3339, write } from './ledger-acts.ts';
import { evidenceFields, signingSeat } from './ledger-evidence.ts';
import { checkTextHash, type LogState, newId } from './ledger-log.ts';
import { places } from './ledger-rows.ts';
import { nextKey } from './ledger-seated.ts';
import { partyOf } from './ledger-totp.ts';
import { int, optionalInt, type Row, text } from './rows.ts';

type Do<D extends Command['do']> = Extract<Command, { do: D }>;

/** The last day that the client gave notice of, as the first instant after it; undefined: it gave none. */
export function noticedAt(acts: Acts, log: LogState): number | undefined {
  const row = acts.pen.sql.newestEnding.get(log.id);
  return row === undefined ? undefined : optionalInt(row, 'ends_at');
}

/** The row of the end that the contract is at; undefined: it goes on, as far as the log says. */
export function overRow(acts: Acts, log: LogState): Row | undefined {
  return acts.pen.sql.overNow.get(log.id);
}

/** What nobody does once a contract is over. */
const letsIn: ReadonlySet<Command['do']> = new Set([
  'declare',
  'extend',
  'grant',
  'sign',
  'delegate',
  'request',
  'propose',
]);

/** Throws Fault `contract_over` where a command would let somebody in, or agree to that, after the end. */
export function checkNotOver(acts: Acts, client: string | undefined, command: Command): void {
  const resumes = command.do === 'grant-status' && command.to === 'active';
  if (client === undefined || !(resumes || letsIn.has(command.do))) return;
  const log = acts.heads.touch(client, acts.now);
  const noticed = noticedAt(acts, log);
  if (overRow(acts, log) !== undefined || (noticed !== undefined && noticed <= log.at))
    throw new Fault('contract_over', 'the contract is over');
}

/** `ending.set` and its row; only the version that follows the one in force. Raises the epoch. */
export function setEnding(acts: Acts, command: Do<'ending-set'>): EndingAnswers['ending-set'] {
  const { client, evidence } = command;
  const { sql } = acts.pen;
  const log = acts.heads.touch(client, acts.now);
  const seat = signingSeat(acts, log, evidence);
  if (typeof seat === 'string') return { refused: seat };
  const said = readEnding(command.text);
  if (said === undefined || said.client !== client) throw conflict('the text says nothing of this end');
  const newest = sql.newestEnding.get(log.id);
  const before = newest && { version: int(newest, 'version'), endsAt: optionalInt(newest, 'ends_at') };
  const over = overRow(acts, log);
  const certified = over !== undefined && optionalInt(over, 'certified_at') !== undefined;
  const wrong = statementFault(before, said, log.at, certified);
  if (wrong !== undefined) return { refused: wrong };
  checkTextHash(command.text, said.textHash);
  const fault = evidenceFault(seat, evidence, said.textHash, partyOf(acts, log));
  if (fault !== undefined) throw conflict(`the evidence does not hold: ${fault}`);
  const box = sealBox(log.key, places.endingStatement(log.id, said.version), command.text);
  sql.insertEndingStatement.run(log.id, said.version, said.textHash, said.endsAt ?? null, log.at, box);
  const receipt = write(acts, log, {
    t: 'ending.set',
    id: newId(),
    fields: { version: said.version, text: said.textHash, ...evidenceFields(evidence) },
  });
  raiseEpoch(log);
  const { endsAt } = said;
  return { receipt, epoch: log.epoch, ...(endsAt === undefined ? {} : { noticed: endsAt }) };
}

/** `ending.began`, with the rest of every agreement in force, or `ending.lifted`; nothing when the log says what is so. */
export function lookAtEnding(acts: Acts, command: Do<'ending-look'>): EndingAnswers['ending-look'] {
  const log = acts.heads.touch(command.client, acts.now);
  if (command.policy !== log.slice) return { moved: true };
  const over = overAt(command.file, noticedAt(acts, log), log.at);
  const known = overRow(acts, log);
  if (over === undefined) return known === undefined ? { same: true } : lift(acts, log, known);
  if (known !== undefined) return { same: true };
  const open = acts.pen.sql.liveOpenings.all(log.id).length;
  if (open > 0) return { open };
  const grants = acts.pen.sql.grantsInTime.all(log.id, log.at).map((row) => text(row, 'id'));
  const { since, cause } = over;
  const id = newId();
  acts.pen.sql.insertEnding.run(id, log.id, cause, since, log.at, nextKey(log));
  write(acts, log, {
    t: 'ending.began',
    id,
    fields: { cause, since: rfc3339(since), policy: log.slice, grants: grants.length },
  });
  for (const grant of grants) {
    write(acts, log, {
      t: 'consent.suspended',
      id: newId(),
      fields: { by: 'system', grant, cause: 'ending' },
    });
    acts.pen.sql.updateGrant.run('suspended', grant);
  }
  raiseEpoch(log);
  return { began: cause, grants };
}

/** What rested stays at rest until the client's representative resumes it. */
function lift(acts: Acts, log: LogState, known: Row): EndingAnswers['ending-look'] {
  const ending = text(known, 'id');
  acts.pen.sql.liftEnding.run(log.at, ending);
  write(acts, log, { t: 'ending.lifted', id: newId(), fields: { ending, policy: log.slice } });
  return { lifted: true };
}
