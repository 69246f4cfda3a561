/**
 * The lines of exchanges: an intent under a live opening, a live consent and the epoch it was decided under; its one
 * result; and lines without a projection. This is the hot path of the writer.
 */
import type { Command } from '../core/commands.ts';
import { bypassFault } from '../core/doors.ts';
import type { Draft, LeafFields, Receipt } from '../core/entries.ts';
import { type Acts, conflict, type Running, rfc3339, write } from './ledger-acts.ts';
import {
  type Budgeted,
  beginCounting,
  budgetedBy,
  budgetedByRequest,
  isSpent,
  useBytes,
} from './ledger-budgets.ts';
import { countCopy, endCopy } from './ledger-copy-ends.ts';
import { noticedAt } from './ledger-endings.ts';
import { type Hold, type LogState, newId } from './ledger-log.ts';
import { ownerOf } from './ledger-persons.ts';
import { words } from './ledger-rows.ts';
import { entryKey, placeOf } from './ledger-schema.ts';
import { int, optionalInt, text } from './rows.ts';

/** What an intent says of itself, to be checked against its opening. */
export interface Claims {
  readonly session: string;
  readonly system: string;
  readonly grant: string;
  readonly operation: string;
}

/**
 * The opening's hold if an intent decided under `epoch` may be written now; undefined when rights changed or time
 * ran out since, so that the caller decides again. Throws a conflict when the intent is not of its opening.
 */
export function permit(acts: Acts, log: LogState, epoch: number, claims: Claims): Hold | undefined {
  if (epoch !== log.epoch) return undefined;
  const hold = holdOf(acts, log, claims.session);
  if (hold === undefined || log.at < hold.from || log.at >= hold.until) return undefined;
  if (
    claims.grant !== hold.consent ||
    !hold.systems.has(claims.system) ||
    !hold.operations.has(claims.operation)
  ) {
    throw conflict('the intent does not belong to its opening');
  }
  if (hold.budgeted !== undefined && isSpent(acts, log, hold.budgeted)) return undefined;
  return hold;
}

/** Opens the exchange of an intent that has just been written. */
export function openExchange(acts: Acts, log: LogState, index: number, id: string, hold: Hold): void {
  const key = entryKey(log.shard.id, index);
  // First, because an id that is taken undoes the command: what is remembered must stand in the database.
  if (hold.budgeted !== undefined) beginCounting(acts, hold.budgeted, id);
  acts.pen.gathered.opened(key, acts.bootRow);
  acts.running.set(key, { id, session: hold.seq, budgeted: hold.budgeted });
}

/** Records an intent and opens its exchange; `{moved}` when it was decided under rights that are gone. */
export function intent(
  acts: Acts,
  command: Extract<Command, { do: 'intent' }>,
): { readonly receipt: Receipt } | { readonly moved: number } {
  const { draft, epoch } = command;
  const { t, id, fields, groups } = draft;
  if (t !== 'access.intent' && t !== 'access.static') throw conflict(`${t} is no intent`);
  if (fields.epoch !== epoch) throw conflict('the intent names another epoch than it was decided under');
  const log = acts.heads.touch(draft.client, acts.now);
  const { session, system, grant, operation } = fields;
  const claims = {
    session: String(session),
    system: String(system),
    grant: String(grant),
    operation: String(operation),
  };
  const hold = permit(acts, log, epoch, claims);
  if (hold === undefined) return { moved: log.epoch };
  const receipt = write(acts, log, { t, id, fields, groups, session: hold.seq });
  openExchange(acts, log, receipt.index, id, hold);
  return { receipt };
}

/** What the opening permits under the present epoch; undefined when it or its consent has ended. */
function holdOf(acts: Acts, log: LogState, session: string): Hold | undefined {
  const known = log.holds.get(session);
  if (known !== undefined) return known;
  const { sql } = acts.pen;
  const opening = sql.openingById.get(session);
  if (opening === undefined || int(opening, 'log') !== log.id) return undefined;
  if (optionalInt(opening, 'ended_at') !== undefined) return undefined;
  const consent = text(opening, 'consent');
  const grant = sql.grantById.get(consent);
  if (grant === undefined || int(grant, 'log') !== log.id || text(grant, 'status') !== 'active')
    return undefined;
  const hold: Hold = {
    seq: int(opening, 'seq'),
    consent,
    systems: new Set(words(text(opening, 'systems'))),
    operations: new Set(words(text(opening, 'operations'))),
    from: int(grant, 'from_at'),
    until: Math.min(
      ...[int(opening, 'ends_at'), int(grant, 'until_at')],
      noticedAt(acts, log) ?? Number.POSITIVE_INFINITY,
    ),
    budgeted: withBytes(budgetedBy(grant)),
  };
  if (log.holds.size >= 10_000) log.holds.clear();
  log.holds.set(session, hold);
  return hold;
}

/** Openings and minutes are used when an opening is declared; only bytes concern its exchanges. */
function withBytes(budgeted: Budgeted | undefined): Budgeted | undefined {
  return budgeted?.budget.bytes === undefined ? undefined : budgeted;
}

/** Records how an exchange ended. Throws a conflict when it is not open: a result follows exactly one intent. */
export function result(
  acts: Acts,
  command: Extract<Command, { do: 'result' }>,
): { readonly receipt: Receipt } {
  const log = acts.heads.touch(command.client, acts.now);
  const key = keyOf(acts, log, command.intent);
  return { receipt: writeResult(acts, log, key, command.intent.origin, command.id, command.fields) };
}

/** The key of an intent's line. Throws a conflict when it is in no log of this client. */
export function keyOf(acts: Acts, log: LogState, intent: Pick<Receipt, 'origin' | 'index'>): number {
  if (intent.origin === log.shard.origin) return entryKey(log.shard.id, intent.index);
  const row = acts.pen.sql.shardByOrigin.get(log.id, intent.origin);
  if (row === undefined) throw conflict('the intent is in no log of this client');
  return entryKey(int(row, 'id'), intent.index);
}

/** Writes the result of an open exchange to the current shard and closes it. */
export function writeResult(
  acts: Acts,
  log: LogState,
  key: number,
  shard: string,
  id: string,
  fields: LeafFields,
): Receipt {
  const { id: request, session, budgeted, copy } = closeExchange(acts, key);
  const receipt = write(acts, log, {
    t: 'access.result',
    id,
    fields: { ...fields, request, shard, intent: placeOf(key).index },
    session,
  });
  if (budgeted !== undefined) useBytes(acts, log, budgeted, request, movedBy(fields), true);
  if (copy === true) endCopy(acts, log, request, fields);
  return receipt;
}

/** Bytes each way, as a result or a progress line tells them. */
export function movedBy(fields: LeafFields): { readonly up: number; readonly down: number } {
  return { up: Number(fields.up), down: Number(fields.down) };
}

/** Closes an open exchange and tells which it was. Throws a conflict when it is not open; or RowFault, when it is written. */
export function closeExchange(acts: Acts, key: number): Running {
  const known = acts.running.get(key);
  if (known !== undefined) {
    acts.running.delete(key);
    acts.pen.gathered.ended(key);
    return known;
  }
  // What is not remembered may have ended in this very batch.
  acts.pen.gathered.write();
  const { changes } = acts.pen.sql.deleteExchange.run(key);
  if (changes !== 1) throw conflict('the exchange has its result already');
  return readIntent(acts, key);
}

/** The open exchange of an intent, as remembered or read again. */
export function runningAt(acts: Acts, key: number): Running {
  return acts.running.get(key) ?? readIntent(acts, key);
}

function readIntent(acts: Acts, key: number): Running {
  const row = acts.pen.sql.leafAt.get(key);
  if (row === undefined) throw conflict('the intent is not in the log');
  const leaf: unknown = JSON.parse(text(row, 'leaf'));
  if (typeof leaf !== 'object' || leaf === null || !('id' in leaf)) throw conflict('the intent has no id');
  const id = String(leaf.id);
  const copy = acts.pen.sql.copyByRequest.get(id) !== undefined;
  return { id, session: optionalInt(row, 'session'), budgeted: budgetedByRequest(acts, id), copy };
}

const plainKinds: ReadonlySet<string> = new Set([
  'access.refused',
  'access.progress',
  'log.read',
  'bypass.checked',
]);

/** Records a line that changes nothing else. */
export function append(
  acts: Acts,
  command: Extract<Command, { do: 'append' }>,
): { readonly receipt: Receipt } {
  const draft: Draft = command.draft;
  if (!plainKinds.has(draft.t)) throw conflict(`${draft.t} cannot be appended by itself`);
  const log = acts.heads.touch(draft.client, acts.now);
  const { t, id, fields, groups, person } = draft;
  const fault = t === 'bypass.checked' ? bypassFault(fields, rfc3339(log.at)) : undefined;
  if (fault !== undefined) throw conflict(fault);
  const session = typeof fields.session === 'string' ? sessionRow(acts, log, fields.session) : undefined;
  const owner = person === undefined ? undefined : ownerOf(acts.pen, log, person);
  const receipt = write(acts, log, { t, id, fields, groups, owner, session });
  if (t === 'access.progress') countProgress(acts, log, fields);
  return { receipt };
}

/** What a long exchange moved so far counts now, not only when it ends. */
function countProgress(acts: Acts, log: LogState, fields: LeafFields): void {
  const request = String(fields.request);
  countCopy(acts, request, Number(fields.down));
  const budgeted = budgetedByRequest(acts, request);
  if (budgeted !== undefined) useBytes(acts, log, budgeted, request, movedBy(fields), false);
}

function sessionRow(acts: Acts, log: LogState, session: string): number | undefined {
  if (session === '') return undefined;
  const known = log.holds.get(session);
  if (known !== undefined) return known.seq;
  const row = acts.pen.sql.openingById.get(session);
  if (row === undefined || int(row, 'log') !== log.id) throw conflict('the line names an opening of nobody');
  return int(row, 'seq');
}

/** What is written for exchanges whose process died: nobody knows how they ended. */
const unknownResult: LeafFields = {
  status: 0,
  up: 0,
  down: 0,
  ms: 0,
  type: '',
  disposition: '',
  outcome: 'unknown-after-crash',
};

/**
 * Closes up to a thousand open exchanges of a run that is gone. Those of a log that is refused stay open; they do not
 * keep the others from going on. Answers how many were open before.
 */
export function closeAbandoned(acts: Acts, boot: number): number {
  const rows = acts.pen.sql.exchangesOfBoot.all(boot);
  for (const row of rows) {
    const key = int(row, 'entry');
    const place = acts.pen.sql.clientOfShard.get(placeOf(key).shard);
    if (place === undefined) continue;
    const log = acts.heads.touchIfSound(text(place, 'client'), acts.now);
    if (log !== undefined) writeResult(acts, log, key, text(place, 'origin'), newId(), unknownResult);
  }
  return rows.length;
}
