/**
 * The lines of exchanges: an intent under a live opening, a live consent and the epoch it was decided under; its one
 * result; and lines without a projection. This is the hot path of the writer.
 */
import type { Command } from '../core/commands.ts';
import type { Draft, LeafFields, Receipt } from '../core/entries.ts';
import { type Acts, conflict, type Running, write } from './ledger-acts.ts';
import { type Hold, type LogState, newId } from './ledger-log.ts';
import { ownerOf } from './ledger-persons.ts';
import { words } from './ledger-rows.ts';
import { entryKey, placeOf } from './ledger-schema.ts';
import { int, optionalInt, text } from './rows.ts';

/** Records an intent and opens its exchange; `{moved}` when it was decided under rights that are gone. */
export function intent(
  acts: Acts,
  command: Extract<Command, { do: 'intent' }>,
): { readonly receipt: Receipt } | { readonly moved: number } {
  const { draft, epoch } = command;
  if (draft.t !== 'access.intent' && draft.t !== 'access.static') throw conflict(`${draft.t} is no intent`);
  const log = acts.heads.touch(draft.client, acts.now);
  if (epoch !== log.epoch) return { moved: log.epoch };
  const hold = holdOf(acts, log, String(draft.fields['session']));
  if (hold === undefined || log.at < hold.from || log.at >= hold.until) return { moved: log.epoch };
  const { grant, system, operation } = draft.fields;
  if (
    grant !== hold.consent ||
    !hold.systems.has(String(system)) ||
    !hold.operations.has(String(operation)) ||
    draft.fields['epoch'] !== epoch
  ) {
    throw conflict('the intent does not belong to its opening');
  }
  const { t, id, fields, groups } = draft;
  const receipt = write(acts, log, { t, id, fields, groups, session: hold.seq });
  const key = entryKey(log.shard.id, receipt.index);
  acts.pen.sql.insertExchange.run(key, acts.bootRow);
  acts.running.set(key, { id, session: hold.seq });
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
    until: Math.min(int(opening, 'ends_at'), int(grant, 'until_at')),
  };
  if (log.holds.size >= 10_000) log.holds.clear();
  log.holds.set(session, hold);
  return hold;
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

function keyOf(acts: Acts, log: LogState, intent: Receipt): number {
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
  const { changes } = acts.pen.sql.deleteExchange.run(key);
  if (changes !== 1) throw conflict('the exchange has its result already');
  const { id: request, session } = acts.running.get(key) ?? readIntent(acts, key);
  const receipt = write(acts, log, {
    t: 'access.result',
    id,
    fields: { ...fields, request, shard, intent: placeOf(key).index },
    session,
  });
  acts.running.delete(key);
  return receipt;
}

function readIntent(acts: Acts, key: number): Running {
  const row = acts.pen.sql.leafAt.get(key);
  if (row === undefined) throw conflict('the intent is not in the log');
  const leaf: unknown = JSON.parse(text(row, 'leaf'));
  if (typeof leaf !== 'object' || leaf === null || !('id' in leaf)) throw conflict('the intent has no id');
  return { id: String(leaf.id), session: optionalInt(row, 'session') };
}

const plainKinds: ReadonlySet<string> = new Set(['access.refused', 'access.progress', 'log.read']);

/** Records a line that changes nothing else. */
export function append(
  acts: Acts,
  command: Extract<Command, { do: 'append' }>,
): { readonly receipt: Receipt } {
  const draft: Draft = command.draft;
  if (!plainKinds.has(draft.t)) throw conflict(`${draft.t} cannot be appended by itself`);
  const log = acts.heads.touch(draft.client, acts.now);
  const { t, id, fields, groups, person } = draft;
  const session =
    typeof fields['session'] === 'string' ? sessionRow(acts, log, fields['session']) : undefined;
  const owner = person === undefined ? undefined : ownerOf(acts.pen, log, person);
  return { receipt: write(acts, log, { t, id, fields, groups, owner, session }) };
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

/** Closes up to a thousand open exchanges of a run that is gone. Answers how many were left open before. */
export function closeAbandoned(acts: Acts, boot: number): number {
  const rows = acts.pen.sql.exchangesOfBoot.all(boot);
  for (const row of rows) {
    const key = int(row, 'entry');
    const place = acts.pen.sql.clientOfShard.get(placeOf(key).shard);
    if (place === undefined) continue;
    const log = acts.heads.touch(text(place, 'client'), acts.now);
    writeResult(acts, log, key, text(place, 'origin'), newId(), unknownResult);
  }
  return rows.length;
}
