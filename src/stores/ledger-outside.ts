/**
 * What people say they did in systems outside, in the transaction of the line: whose access it is, whether it is over and still
 * may be said, and how many such lines a person owes.
 */
import type { Answers } from '../core/answers.ts';
import type { Command } from '../core/commands.ts';
import type { Opening } from '../core/model.ts';
import { countsAsUnsaid, endOf, isLate, mostUnsaid, sayingFault } from '../core/outside.ts';
import { sealBox } from './disclosure.ts';
import type { Told } from './fsck-told.ts';
import { type Acts, conflict, rfc3339, write } from './ledger-acts.ts';
import { type LogState, newId } from './ledger-log.ts';
import { ownerOf } from './ledger-persons.ts';
import { type LogRow, logOf, type Reading, toOpening } from './ledger-queries.ts';
import { type OpeningBox, openingFrom, places, words } from './ledger-rows.ts';
import { entryKey } from './ledger-schema.ts';
import { int, optionalInt, type Row, text } from './rows.ts';

const counts = (row: Row, at: number): boolean =>
  countsAsUnsaid(endOf({ endsAt: int(row, 'ends_at'), endedAt: optionalInt(row, 'ended_at') }), at);

/**
 * What the line of an opening says of what is owed: nothing where nothing is outside; a number where the person owes too many
 * lines already, at all clients. Throws a conflict where the fields name another system as outside.
 */
export function owedOutside(
  acts: Acts,
  log: LogState,
  { opening, fields }: Extract<Command, { do: 'declare' }>,
): { readonly said?: 'owed' } | number {
  if (fields.said !== undefined) throw conflict('what is owed is the writer’s to say');
  if (fields.declared === undefined) return {};
  const outside = words(String(fields.declared));
  if (outside.length === 0 || !outside.every((system) => opening.systems.includes(system)))
    throw conflict('what is outside is none of the systems');
  const rows = acts.pen.sql.unsaidBy.all(acts.pen.keyring.token('person', opening.person));
  const unsaid = rows.filter((row) => counts(row, log.at)).length;
  return unsaid > mostUnsaid ? unsaid : { said: 'owed' };
}

/** `session.declared`, once, and the row. */
export function sayOutside(
  acts: Acts,
  command: Extract<Command, { do: 'say-outside' }>,
): Answers['say-outside'] {
  const log = acts.heads.touch(command.client, acts.now);
  const row = acts.pen.sql.openingById.get(command.opening);
  if (row === undefined || int(row, 'log') !== log.id) return { refused: 'opening_unknown' };
  const owner = ownerOf(acts.pen, log, command.person);
  if (int(row, 'owner') !== owner.id) return { refused: 'opening_unknown' };
  const opening = openingFrom(row, log.client, owner.key);
  const end = endOf(opening);
  const refused = sayingFault({ end, said: opening.said }, command.text, log.at);
  if (refused !== undefined) return { refused };
  const late = isLate(end, log.at);
  const entry = entryKey(log.shard.id, log.range.size + log.added.hashes.length);
  const receipt = write(acts, log, {
    t: 'session.declared',
    id: newId(),
    fields: { session: opening.id, ended: rfc3339(end), ...(late ? { late } : {}) },
    groups: { ...command.groups, work: { said: command.text } },
    owner,
    session: int(row, 'seq'),
  });
  const { person, account, reference, note, authentication, referenceCheck } = opening;
  const box: OpeningBox = {
    ...{ person, account, reference, note, authentication, saidText: command.text },
    ...(referenceCheck === undefined ? {} : { referenceCheck }),
  };
  const sealed = sealBox(owner.key, places.opening(opening.id), JSON.stringify(box));
  acts.pen.sql.sayOutside.run(log.at, entry, sealed, int(row, 'seq'));
  return { receipt, late };
}

/** Openings at a client that are over and of which what was done outside was not said, newest first; at most 100. */
export function unsaid(reading: Reading, client: string): readonly Opening[] {
  const log = logOf(reading, client);
  if (log === undefined) return [];
  return reading.db
    .prepare(
      'SELECT * FROM openings WHERE log = ? AND said_at = 0 ORDER BY opened_at DESC, seq DESC LIMIT 100',
    )
    .all(log.id)
    .map((row) => toOpening(reading, client, row));
}

/** What the lines say of it, against the rows. */
export function* compareOutside({ db }: Reading, { id, client }: LogRow, told: Told): Generator<string> {
  const rows = db.prepare('SELECT id, said_at FROM openings WHERE log = ? AND said_at IS NOT NULL').all(id);
  for (const row of rows) {
    const opening = text(row, 'id');
    const at = int(row, 'said_at');
    if (told.outside.get(opening) !== (at === 0 ? 'owed' : rfc3339(at)))
      yield `${client}: opening ${opening} says otherwise in its row than in the log whether what was done outside was said`;
  }
  if (rows.length < told.outside.size)
    yield `${client}: the log knows openings outside that have no such row`;
}
