/**
 * What an access says about its reference and note, mended by the person who declared it: the line holds the old and the
 * new, the row the new. Whether it still may be is decided here, in the transaction of the line.
 */
import type { Answers } from '../core/answers.ts';
import type { Command } from '../core/commands.ts';
import { parseLeaf } from '../core/leaf.ts';
import { judgeCorrection } from '../core/references.ts';
import { sealBox } from './disclosure.ts';
import { type Acts, conflict, write } from './ledger-acts.ts';
import { newId } from './ledger-log.ts';
import { ownerOf } from './ledger-persons.ts';
import { type OpeningBox, openingFrom, places } from './ledger-rows.ts';
import { int, optionalInt, text } from './rows.ts';

/** How many real references this person owes, at all clients. */
export function owedBy(acts: Acts, person: string): number {
  const row = acts.pen.sql.owedBy.get(acts.pen.keyring.token('person', person));
  return Number(row?.count);
}

/** `session.corrected` and the row; what stands there already is written once. */
export function correct(acts: Acts, command: Extract<Command, { do: 'correct' }>): Answers['correct'] {
  const { reference, note } = command;
  const { sql } = acts.pen;
  const log = acts.heads.touch(command.client, acts.now);
  const row = sql.openingById.get(command.opening);
  if (row === undefined || int(row, 'log') !== log.id) return { refused: 'opening_unknown' };
  const owner = ownerOf(acts.pen, log, command.person);
  if (int(row, 'owner') !== owner.id) return { refused: 'opening_unknown' };
  const found = openingFrom(row, log.client, owner.key);
  const declaredAt = declaredTime(acts, int(row, 'entry'));
  const due = optionalInt(row, 'due_at');
  const { person, account, authentication } = found;
  const state = { ...found, declaredAt, owed: due !== undefined, corrections: int(row, 'corrections') };
  const judged = judgeCorrection(state, command, log.at);
  if ('refused' in judged) return judged;
  const { changes } = judged;
  if (changes.length === 0) return { already: true };
  // What was found out about a reference stays with it.
  const check = changes.includes('reference') ? command.check : found.referenceCheck;
  const receipt = write(acts, log, {
    t: 'session.corrected',
    id: newId(),
    fields: {
      session: found.id,
      what: changes.join(' '),
      ...(check === undefined ? {} : { reference_check: check }),
    },
    groups: {
      ...command.groups,
      work: { reference, note, old_reference: found.reference, old_note: found.note },
    },
    owner,
    session: int(row, 'seq'),
  });
  const checked = check === undefined ? {} : { referenceCheck: check };
  const { said } = found;
  const line = typeof said === 'object' ? { saidText: said.text } : {};
  const box: OpeningBox = { person, account, reference, note, authentication, ...checked, ...line };
  sql.correctOpening.run(
    sealBox(owner.key, places.opening(found.id), JSON.stringify(box)),
    changes.includes('reference') ? null : (due ?? null),
    int(row, 'seq'),
  );
  return { receipt };
}

/** The time that stands on the line of the declaration. */
function declaredTime(acts: Acts, entry: number): number {
  const row = acts.pen.sql.leafAt.get(entry);
  const leaf = row === undefined ? undefined : parseLeaf(Buffer.from(text(row, 'leaf')));
  if (leaf === undefined) throw conflict('the line of the declaration cannot be read');
  return Date.parse(String(leaf.at));
}
