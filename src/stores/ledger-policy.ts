/**
 * What a policy means for logs: a line for each client whose rules changed and, in the same transaction, the rest of the
 * agreements whose systems lead elsewhere now. No access is ever recorded between the two.
 */
import type { Answers } from '../core/answers.ts';
import type { Command } from '../core/commands.ts';
import { Fault } from '../core/faults.ts';
import { partsNamed } from '../core/policy/slice-parts.ts';
import { sealBox } from './disclosure.ts';
import { type Acts, actorLine, raiseEpoch, write } from './ledger-acts.ts';
import { checkTextHash, type LogState, newId } from './ledger-log.ts';
import { places } from './ledger-rows.ts';
import { text } from './rows.ts';

/** `policy.activated` for each client whose slice is new to its log. */
export function policy(acts: Acts, command: Extract<Command, { do: 'policy' }>): Answers['policy'] {
  const activated: string[] = [];
  for (const slice of command.slices) {
    const log = acts.heads.touchIfSound(slice.client, acts.now);
    if (log === undefined || log.slice === slice.hash) continue;
    for (const said of slice.parts ?? []) keep(acts, log, said);
    keep(acts, log, slice);
    if (!partsNamed(slice.text).every((hash) => acts.pen.sql.slice.get(log.id, hash) !== undefined))
      throw new Fault('internal', 'a part of the rules is missing');
    const fields = { policy: slice.hash, summary: slice.summary };
    const groups = slice.change === undefined ? {} : { change: { ...slice.change } };
    write(acts, log, { t: 'policy.activated', id: newId(), fields, groups });
    log.slice = slice.hash;
    rest(acts, log, slice.rests ?? []);
    raiseEpoch(log);
    activated.push(slice.client);
  }
  return { activated };
}

function keep(
  { pen }: Acts,
  log: LogState,
  { hash, text }: { readonly hash: string; readonly text: string },
): void {
  checkTextHash(text, hash);
  pen.sql.insertSlice.run(log.id, hash, sealBox(log.key, places.slice(log.id, hash), text));
}

/**
 * Suspends what is in force and names one of the systems, which only the client's representative resumes, and ends what
 * waits for a second signature.
 */
function rest(acts: Acts, log: LogState, systems: readonly string[]): void {
  if (systems.length === 0) return;
  for (const row of acts.pen.sql.restableGrants.all(log.id)) {
    const elsewhere = text(row, 'systems')
      .split(' ')
      .filter((id) => systems.includes(id));
    if (elsewhere.length === 0) continue;
    const grant = text(row, 'id');
    if (text(row, 'status') === 'waiting') {
      // Nobody signs second what the first no longer signed for.
      write(acts, log, { t: 'consent.lapsed', id: newId(), fields: { grant } });
      acts.pen.sql.updateGrant.run('void', grant);
      continue;
    }
    const { fields } = actorLine(acts, log, undefined);
    write(acts, log, {
      t: 'consent.suspended',
      id: newId(),
      fields: { ...fields, grant, cause: 'policy', systems: elsewhere.join(' ') },
    });
    acts.pen.sql.updateGrant.run('suspended', grant);
  }
}
