/**
 * Views of the history that a person of a client kept: a row each, sealed under that person's key, because a filter may
 * hold a reference. They change no right and are in no line of the log.
 */
import type { Answers } from '../core/answers.ts';
import type { Command } from '../core/commands.ts';
import { mostViews, type SavedView } from '../core/views.ts';
import { openBox, sealBox } from './disclosure.ts';
import type { Acts } from './ledger-acts.ts';
import { ownerOf } from './ledger-persons.ts';
import { logOf, ownerKey, type Reading } from './ledger-queries.ts';
import { places } from './ledger-rows.ts';
import { bytes, int, type Row, text } from './rows.ts';

/** Keeps a view; one of the same name is replaced. */
export function saveView(acts: Acts, command: Extract<Command, { do: 'view-save' }>): Answers['view-save'] {
  const { view } = command;
  const { sql } = acts.pen;
  const log = acts.heads.touch(command.client, acts.now);
  const owner = ownerOf(acts.pen, log, command.controller);
  const kept = sql.viewsOfOwner.all(owner.id).map((row) => viewFrom(row, owner.key));
  const same = kept.find(({ name }) => name === view.name);
  if (same === undefined && kept.length >= mostViews) return { refused: 'views_full' };
  if (same !== undefined) sql.deleteView.run(same.id, owner.id);
  const { id, name, query } = view;
  sql.insertView.run(id, owner.id, sealBox(owner.key, places.view(id), JSON.stringify({ name, query })));
  return { ok: true };
}

/** Forgets a view of this person; false when they have none of that id. */
export function dropView(acts: Acts, command: Extract<Command, { do: 'view-drop' }>): Answers['view-drop'] {
  const log = acts.heads.touch(command.client, acts.now);
  const owner = ownerOf(acts.pen, log, command.controller);
  return { dropped: acts.pen.sql.deleteView.run(command.id, owner.id).changes === 1 };
}

function viewFrom(row: Row, key: Buffer): SavedView {
  const id = text(row, 'id');
  const { name, query } = JSON.parse(openBox(key, places.view(id), bytes(row, 'box'))) as SavedView;
  return { id, name, query };
}

/** The views that a person keeps at a client, by name. */
export function views(reading: Reading, client: string, controller: string): readonly SavedView[] {
  const log = logOf(reading, client);
  if (log === undefined) return [];
  const rows = reading.db
    .prepare(
      'SELECT v.* FROM owners o JOIN views v ON v.owner = o.id WHERE o.token = ? AND o.log = ? ORDER BY v.id',
    )
    .all(reading.keyring.token('person', controller), log.id);
  return rows
    .map((row) => viewFrom(row, ownerKey(reading, int(row, 'owner'))))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
