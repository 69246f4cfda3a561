/**
 * Contests: somebody of the provider says that an agreement would break the law. Whether it can be contested is looked at in
 * the transaction that suspends it, and the line that suspends it is followed by the one that says why.
 */
import type { Answers } from '../core/answers.ts';
import type { Command } from '../core/commands.ts';
import { isInstructionName, mostContests, ownVersion } from '../core/contests.ts';
import type { Matter, MatterSaid } from '../core/matters.ts';
import { isReason } from '../core/requests.ts';
import { type Acts, conflict, raiseEpoch, write } from './ledger-acts.ts';
import { type LogState, newId } from './ledger-log.ts';
import { matterIn, sealed } from './ledger-matters.ts';
import { ownerOf } from './ledger-persons.ts';
import type { Reading } from './ledger-queries.ts';
import { nextKey } from './ledger-seated.ts';
import { int, text } from './rows.ts';

/** `consent.suspended`, unless it rests already, `matter.opened` and the row. */
export function contest(acts: Acts, command: Extract<Command, { do: 'contest' }>): Answers['contest'] {
  const { client, id, by, contested } = command;
  const { sql, keyring } = acts.pen;
  const log = acts.heads.touch(client, acts.now);
  const known = sql.matterById.get(id);
  if (known !== undefined && int(known, 'log') !== log.id) throw conflict('the matter is taken already');
  if (known !== undefined) return { already: id };
  const row = sql.grantById.get(contested.grant);
  if (row === undefined || int(row, 'log') !== log.id) return { refused: 'grant_unknown' };
  const status = text(row, 'status');
  if (status === 'waiting') return { refused: 'grant_waits' };
  if ((status !== 'active' && status !== 'suspended') || int(row, 'until_at') <= log.at)
    return { refused: 'grant_ended' };
  if (!isInForce(acts, log, contested.instruction)) return { refused: 'instruction_unknown' };
  if (!isReason(command.text)) throw conflict('what is said says nothing');
  const owner = ownerOf(acts.pen, log, by.provider);
  const same = sql.openContests.all(contested.grant).find((one) => int(one, 'owner') === owner.id);
  if (same !== undefined) return { already: text(same, 'id') };
  const open = Number(sql.contestsOpenOf.get(keyring.token('person', by.provider))?.count);
  if (open >= mostContests[by.role]) return { refused: 'too_many_contests' };
  const person = { subject: by.provider, name: by.name };
  if (status === 'active') {
    write(acts, log, {
      t: 'consent.suspended',
      id: newId(),
      fields: { by: 'provider', grant: contested.grant, cause: 'contest', matter: id },
      groups: { person },
      owner,
    });
    sql.updateGrant.run('suspended', contested.grant);
    raiseEpoch(log);
  }
  const first: MatterSaid = { id, by: 'provider', who: by.provider, at: log.at, text: command.text };
  const box = sealed(log, id, { controller: '', said: [first] });
  const { grant, instruction } = contested;
  sql.insertContest.run(id, log.id, owner.id, log.at, log.at, nextKey(log), box, grant, instruction);
  const receipt = write(acts, log, {
    t: 'matter.opened',
    id,
    fields: {
      what: 'contest',
      by: 'provider',
      role: by.role,
      grants: grant,
      ...(instruction === '' ? {} : { instruction }),
    },
    groups: { work: { note: command.text }, person },
    owner,
  });
  return { receipt, ...(status === 'active' ? { epoch: log.epoch } : {}) };
}

/** Of the client's own instructions the newest version; whether its file has a rule of that name is known to who asks. */
function isInForce(acts: Acts, log: LogState, instruction: string): boolean {
  if (!isInstructionName(instruction)) return false;
  const version = ownVersion(instruction);
  return version === undefined || acts.pen.sql.newestInstructions.get(log.id)?.version === version;
}

/** What a person of the provider contested, at all clients. */
export function contestsOf(reading: Reading, person: string): readonly Matter[] {
  return reading.db
    .prepare(
      `SELECT m.*, l.client FROM owners w JOIN matters m ON m.owner = w.id JOIN logs l ON l.id = m.log
       WHERE w.token = ? AND m.what = 'contest' ORDER BY m.status DESC, m.opened_at DESC, m.entry DESC LIMIT 100`,
    )
    .all(reading.keyring.token('person', person))
    .flatMap((row) => matterIn(reading, row) ?? []);
}
