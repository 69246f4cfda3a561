/**
 * The end of a frame for a delegate: one line for it and one for each consent that was given within it and is not over, all
 * in the transaction of whoever withdraws. Raising the epoch is the caller's.
 */
import { type Acts, write } from './ledger-acts.ts';
import { type LogState, newId } from './ledger-log.ts';
import { text } from './rows.ts';

/** All frames of somebody who is removed. */
export function withdrawFramesOf(acts: Acts, log: LogState, owner: number, by: string): void {
  for (const row of acts.pen.sql.delegationsOfOwner.all(owner)) withdrawFrame(acts, log, text(row, 'id'), by);
}

/** Answers the consents that ended with it. */
export function withdrawFrame(acts: Acts, log: LogState, id: string, by: string): readonly string[] {
  const { sql } = acts.pen;
  const line = { by: 'client', seat: by, role: 'representative' };
  write(acts, log, { t: 'delegation.revoked', id: newId(), fields: { ...line, delegation: id } });
  sql.revokeDelegation.run(id);
  const grants = sql.grantsWithin.all(id).map((row) => text(row, 'id'));
  for (const grant of grants) {
    write(acts, log, { t: 'consent.revoked', id: newId(), fields: { ...line, grant } });
    sql.updateGrant.run('revoked', grant);
  }
  return grants;
}
