/**
 * The copy register, in the transactions of its lines: a copy is registered while its exchange runs and before a byte of it has
 * left, its result completes it, and it is said once where it is kept and once that it is gone.
 */
import type { Command } from '../core/commands.ts';
import {
  type CopyAnswers,
  type CopyHead,
  doneFault,
  holdsBackFrom,
  keptAtMost,
  saysHow,
  saysWhere,
  timesOf,
} from '../core/copies.ts';
import type { LeafFields } from '../core/entries.ts';
import { sealBox } from './disclosure.ts';
import { type Acts, conflict, rfc3339, write } from './ledger-acts.ts';
import { type Budgeted, budgetedBy, useCopy } from './ledger-budgets.ts';
import { keyOf, runningAt } from './ledger-exchanges.ts';
import { type LogState, newId, type Owner } from './ledger-log.ts';
import { ownerOf } from './ledger-persons.ts';
import { type CopyBox, copyBoxFrom, places, words } from './ledger-rows.ts';
import { entryKey } from './ledger-schema.ts';
import { int, optionalInt, optionalText, type Row, text } from './rows.ts';

type Do<D extends Command['do']> = Extract<Command, { do: D }>;

/** `copy.registered` and the row. */
export function registerCopy(acts: Acts, command: Do<'copy-register'>): CopyAnswers['copy-register'] {
  const log = acts.heads.touch(command.client, acts.now);
  const { request, head } = command;
  if (command.policy !== log.slice) return { moved: true };
  const key = keyOf(acts, log, command.intent);
  if (acts.pen.sql.exchangeByEntry.get(key) === undefined)
    throw conflict('the exchange of the copy has ended');
  const exchange = runningAt(acts, key);
  if (exchange.id !== request) throw conflict('the copy names another request than its exchange');
  const opening = acts.pen.sql.openingById.get(command.opening);
  if (opening === undefined || int(opening, 'log') !== log.id)
    throw conflict('the copy names an opening of nobody');
  const owner = ownerOf(acts.pen, log, command.person);
  checkOpening(opening, owner, command);
  const late = acts.pen.sql.copiesLate.all(owner.id, log.id, log.at, log.at);
  if (late.some((row) => log.at >= holdsBackFrom(owingOf(row)))) return { refused: 'copy_register_required' };
  const budgeted = budgetOf(acts, opening);
  const use = budgeted && useCopy(acts, log, budgeted, head.length, command.sent ?? 0);
  if (use === 'spent') return { refused: 'copy_limit' };
  const rules = keptAtMost(command.rules, budgeted?.budget.keep);
  const { destroyBy, answerBy } = timesOf(rules, log.at);
  const { place, custodian } = rules;
  const kept = place === undefined || custodian === undefined ? undefined : { place, custodian };
  const seq = int(opening, 'seq');
  const entry = entryKey(log.shard.id, log.range.size + log.added.hashes.length);
  const receipt = write(acts, log, {
    t: 'copy.registered',
    id: newId(),
    fields: {
      request,
      session: command.opening,
      system: command.system,
      purpose: text(opening, 'purpose'),
      policy: command.policy,
      keep_days: rules.keepDays,
      grace_days: rules.graceDays,
      destroy_by: rfc3339(destroyBy),
      answer_by: rfc3339(answerBy),
      ...(kept === undefined ? {} : { kept: 'rule' }),
      ...(use?.atMost === undefined ? {} : { at_most: use.atMost }),
      ...headFields(head),
    },
    groups: { target: targetOf(command), ...(kept === undefined ? {} : { work: kept }) },
    owner,
    session: seq,
  });
  acts.pen.sql.insertCopy.run(
    request,
    log.id,
    owner.id,
    seq,
    command.system,
    text(opening, 'purpose'),
    log.at,
    destroyBy,
    rules.graceDays,
    answerBy,
    kept === undefined ? null : log.at,
    entry,
    seal(log, request, { path: command.path, head, ...kept }),
    use?.grant ?? null,
    use?.period ?? null,
    use?.atMost ?? null,
  );
  acts.running.set(key, { ...exchange, copy: true });
  return { receipt, ...(use?.atMost === undefined ? {} : { atMost: use.atMost }) };
}

/** What the agreement that the access is now under says of copies. */
function budgetOf(acts: Acts, opening: Row): Budgeted | undefined {
  const grant = acts.pen.sql.grantById.get(text(opening, 'consent'));
  if (grant === undefined) throw conflict('the opening of the copy has no consent');
  return budgetedBy(grant);
}

function checkOpening(opening: Row, owner: Owner, { system }: Do<'copy-register'>): void {
  if (int(opening, 'owner') !== owner.id) throw conflict('the copy is of the access of somebody else');
  if (!words(text(opening, 'systems')).includes(system))
    throw conflict('the opening does not have that system');
  if (!words(text(opening, 'operations')).includes('copy'))
    throw conflict('the opening does not permit copies');
}

function targetOf({ path, head: { extension } }: Do<'copy-register'>): LeafFields {
  return extension === undefined ? { path } : { path, extension };
}

/** What the head says, as it stands on the line. */
function headFields(head: CopyHead): LeafFields {
  const { status, type, length, range, encoded, live } = head;
  return {
    ...{ status, type },
    ...(length === undefined ? {} : { length }),
    ...(range === undefined ? {} : { range }),
    ...(encoded === undefined ? {} : { encoded }),
    ...(live === undefined ? {} : { live }),
  };
}

function owingOf(row: Row) {
  return {
    destroyBy: int(row, 'destroy_by'),
    graceDays: int(row, 'grace_days'),
    answerBy: int(row, 'answer_by'),
    kept: optionalInt(row, 'kept_at'),
  };
}

function seal(log: LogState, request: string, box: CopyBox): Uint8Array {
  return sealBox(log.key, places.copy(request), JSON.stringify(box));
}

/** `copy.kept`, for all copies of an access of which nobody said it. */
export function keepCopies(acts: Acts, command: Do<'copy-keep'>): CopyAnswers['copy-keep'] {
  const { place, custodian } = command;
  const log = acts.heads.touch(command.client, acts.now);
  const opening = acts.pen.sql.openingById.get(command.opening);
  if (opening === undefined || int(opening, 'log') !== log.id) return { refused: 'opening_unknown' };
  const owner = ownerOf(acts.pen, log, command.person);
  if (int(opening, 'owner') !== owner.id) return { refused: 'opening_unknown' };
  const seq = int(opening, 'seq');
  const rows = acts.pen.sql.copiesUnanswered.all(seq);
  if (rows.length === 0) return { refused: 'copies_none' };
  if (!saysWhere(place, custodian)) return { refused: 'copy_place' };
  const receipt = write(acts, log, {
    t: 'copy.kept',
    id: newId(),
    fields: { session: command.opening, copies: rows.length },
    groups: { person: { name: command.name }, work: { place, custodian } },
    owner,
    session: seq,
  });
  for (const row of rows) {
    const request = text(row, 'request');
    const box = copyBoxFrom(row, log.key);
    acts.pen.sql.keepCopy.run(log.at, seal(log, request, { ...box, place, custodian }), request);
  }
  return { receipt, copies: rows.length };
}

/** `copy.destroyed` for each, all or none. */
export function copiesGone(acts: Acts, command: Do<'copy-gone'>): CopyAnswers['copy-gone'] {
  const { by, how, done } = command;
  const log = acts.heads.touch(command.client, acts.now);
  const owner = ownerOf(acts.pen, log, by.person);
  const rows: Row[] = [];
  for (const request of new Set(command.copies)) {
    const row = acts.pen.sql.copyByRequest.get(request);
    if (row === undefined || int(row, 'log') !== log.id) return { refused: 'copy_unknown' };
    if (!by.contact && int(row, 'owner') !== owner.id) return { refused: 'copy_unknown' };
    if (optionalInt(row, 'gone_at') !== undefined) return { refused: 'copy_gone' };
    if (optionalText(row, 'outcome') === undefined) return { refused: 'copy_running' };
    const fault = doneFault(int(row, 'registered_at'), done, log.at);
    if (fault !== undefined) return { refused: fault };
    rows.push(row);
  }
  if (rows.length === 0) return { refused: 'copy_unknown' };
  if (!saysHow(command.text)) return { refused: 'copy_said' };
  for (const row of rows) {
    const request = text(row, 'request');
    const said = by.contact ? ('contact' as const) : ('taker' as const);
    write(acts, log, {
      t: 'copy.destroyed',
      id: newId(),
      fields: {
        by: 'provider',
        role: said,
        request,
        session: text(row, 'session'),
        how,
        done: rfc3339(done),
      },
      groups: { person: { name: by.name }, work: { said: command.text } },
      owner,
      session: int(row, 'opening'),
    });
    acts.pen.sql.goneCopy.run(log.at, how, done, request);
    const box = { ...copyBoxFrom(row, log.key), by: said, text: command.text };
    acts.pen.sql.sealCopy.run(seal(log, request, box), request);
  }
  return { gone: rows.length };
}
