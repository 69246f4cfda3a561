/**
 * Matters: what clients ask about accesses or dispute, what is answered, and how it ends. Whether somebody sits, whether the
 * matter is open and whether nothing is permitted any more under what is disputed is looked at in the transaction of the line.
 */
import type { Answers } from '../core/answers.ts';
import type { Command } from '../core/commands.ts';
import { type ContestOutcome, isContestOutcome } from '../core/contests.ts';
import { parseLeaf } from '../core/leaf.ts';
import {
  dueAfter,
  isContestOf,
  isFull,
  type Matter,
  type MatterSaid,
  mayBeDue,
  mostQuestions,
  type Sitting,
  type Speaker,
} from '../core/matters.ts';
import { isReason } from '../core/requests.ts';
import { openBox, sealBox } from './disclosure.ts';
import { type Acts, conflict, rfc3339, write } from './ledger-acts.ts';
import type { Entry, LogState, Owner } from './ledger-log.ts';
import { ownerOf } from './ledger-persons.ts';
import { logOf, type Reading } from './ledger-queries.ts';
import { places } from './ledger-rows.ts';
import { liveSeat, nextKey, type SeatRow, unfit } from './ledger-seated.ts';
import { bytes, int, optionalInt, type Row, text } from './rows.ts';

/** What a matter's box holds, under the client's key. */
type MatterBox = Pick<Matter, 'controller' | 'said'>;

/** `matter.opened` and the row. */
export function matterOpen(
  acts: Acts,
  command: Extract<Command, { do: 'matter-open' }>,
): Answers['matter-open'] {
  const { client, matter, by, due } = command;
  const { id, opening, what } = matter;
  const { sql } = acts.pen;
  const log = acts.heads.touch(client, acts.now);
  const sits = sittingOf(acts, log, by);
  if (sits === undefined) return { refused: 'not_seated' };
  const known = sql.matterById.get(id);
  if (known !== undefined && int(known, 'log') !== log.id) throw conflict('the matter is taken already');
  if (known !== undefined) return { already: id };
  const about = sql.openingById.get(opening);
  if (about === undefined || int(about, 'log') !== log.id) return { refused: 'opening_unknown' };
  checkSaid(log, command.text, due);
  const { seat, owner } = sits;
  const grants = consentsOf(acts, about);
  if (what === 'dispute') {
    if (seat.role !== 'representative') throw conflict('only a representative disputes');
    const same = sql.openDispute.get(opening);
    if (same !== undefined) return { already: text(same, 'id') };
    const active = grants.filter((grant) => sql.grantById.get(grant)?.status === 'active');
    if (active.length > 0) return { active };
  } else if (Number(sql.openQuestions.get(log.id, owner.id)?.count) >= mostQuestions) {
    return { refused: 'too_many_matters' };
  }
  const first: MatterSaid = { id, by: 'client', who: by.seat, at: log.at, text: command.text };
  const box = sealed(log, id, { controller: by.controller, said: [first] });
  sql.insertMatter.run(id, log.id, owner.id, opening, what, log.at, due, log.at, nextKey(log), box);
  const receipt = write(acts, log, {
    t: 'matter.opened',
    id,
    fields: {
      session: opening,
      what,
      due: rfc3339(due),
      seat: by.seat,
      role: seat.role,
      ...(what === 'dispute' ? { grants: grants.join(' ') } : {}),
    },
    groups: { work: { note: command.text } },
    owner,
  });
  return { receipt };
}

/** The consents of an access: the one under which it was opened, and the one it lives from if it was lengthened. */
function consentsOf(acts: Acts, opening: Row): readonly string[] {
  const line = acts.pen.sql.leafAt.get(int(opening, 'entry'));
  const leaf = line === undefined ? undefined : parseLeaf(Buffer.from(text(line, 'leaf')));
  if (leaf === undefined) throw conflict('the access has no line');
  return [...new Set([String(leaf.grant), text(opening, 'consent')])];
}

/** `matter.answered`, by either side. */
export function matterSay(
  acts: Acts,
  command: Extract<Command, { do: 'matter-say' }>,
): Answers['matter-say'] {
  const { by, id } = command;
  const log = acts.heads.touch(command.client, acts.now);
  const speaker = speakerOf(acts, log, by);
  if (speaker === undefined) return { refused: 'not_seated' };
  const found = matterOf(acts, log, command.matter);
  if (found === undefined || isNotTheirs(found, by)) return { refused: 'matter_unknown' };
  if (found.said.some((one) => one.id === id)) return { already: true };
  if (found.status === 'closed') return { refused: 'matter_closed' };
  const side = 'seat' in by ? 'client' : 'provider';
  if (isFull(found.said, side)) return { refused: 'matter_full' };
  checkSaid(log, command.text, command.due);
  const contest = found.what === 'contest';
  const due = contest ? undefined : dueAfter(found, side, command.due);
  const starts = !contest && side === 'client' && found.dueAt === undefined;
  const receipt = write(acts, log, {
    t: 'matter.answered',
    id,
    fields: {
      matter: found.id,
      by: side,
      ...speaker.fields,
      ...(starts ? { due: rfc3339(command.due) } : {}),
    },
    groups: { work: { note: command.text }, ...speaker.groups },
    owner: speaker.owner,
  });
  const who = 'seat' in by ? by.seat : by.provider;
  change(acts, log, found, { id, by: side, who, at: log.at, text: command.text }, { status: 'open', due });
  return { receipt };
}

/** A technician speaks in a contest of their own and nowhere else. */
function isNotTheirs(found: Matter, by: Speaker): boolean {
  return 'provider' in by && by.role === 'technician' && !isContestOf(found, by.provider);
}

function speakerOf(
  acts: Acts,
  log: LogState,
  by: Speaker,
): Pick<Entry, 'fields' | 'groups' | 'owner'> | undefined {
  if ('provider' in by)
    return {
      fields: { role: by.role },
      groups: { person: { subject: by.provider, name: by.name } },
      owner: ownerOf(acts.pen, log, by.provider),
    };
  const sits = sittingOf(acts, log, by);
  return sits && { fields: { seat: by.seat, role: sits.seat.role }, owner: sits.owner };
}

/** `matter.closed`: by whoever opened it, or by a representative who may sign; a contest by the latter only. */
export function matterClose(
  acts: Acts,
  command: Extract<Command, { do: 'matter-close' }>,
): Answers['matter-close'] {
  const { by, id } = command;
  const log = acts.heads.touch(command.client, acts.now);
  const sits = sittingOf(acts, log, by);
  if (sits === undefined) return { refused: 'not_seated' };
  const found = matterOf(acts, log, command.matter);
  if (found === undefined) return { refused: 'matter_unknown' };
  if (found.said.some((one) => one.id === id)) return { already: true };
  if (found.status === 'closed') return { refused: 'matter_closed' };
  const { seat, owner } = sits;
  const contest = found.contested;
  const mine = found.owner === owner.id && contest === undefined;
  if (!mine && unfit(acts, log, { seat: by.seat, role: seat.role }) !== undefined)
    return { refused: 'not_yours' };
  if (!isReason(command.text)) throw conflict('the outcome says nothing');
  if ((contest !== undefined) !== isContestOutcome(command.outcome))
    throw conflict('a contest is answered, and nothing else');
  if (contest !== undefined && command.outcome === 'withdrawn' && isLive(acts, contest.grant))
    return { refused: 'grant_live' };
  const outcomeField = command.outcome === undefined ? {} : { outcome: command.outcome };
  const receipt = write(acts, log, {
    t: 'matter.closed',
    id,
    fields: { matter: found.id, seat: by.seat, role: seat.role, ...outcomeField },
    groups: { work: { note: command.text } },
    owner,
  });
  const outcome = { id, by: 'client', who: by.seat, at: log.at, text: command.text } as const;
  change(acts, log, found, outcome, { status: 'closed', due: found.dueAt });
  if (command.outcome !== undefined) acts.pen.sql.closeContest.run(command.outcome, found.id);
  return { receipt };
}

function isLive(acts: Acts, grant: string): boolean {
  return ['active', 'suspended', 'waiting'].includes(String(acts.pen.sql.grantById.get(grant)?.status));
}

function checkSaid(log: LogState, said: string, due: number): void {
  if (!isReason(said)) throw conflict('what is said says nothing');
  if (!mayBeDue(log.at, due)) throw conflict('an answer cannot be due then');
}

/** Somebody who sits now, with their mark in this log. Throws a conflict when the seat is another person's. */
function sittingOf(
  acts: Acts,
  log: LogState,
  by: Sitting,
): { readonly seat: SeatRow; readonly owner: Owner } | undefined {
  const seat = liveSeat(acts, log, by.seat);
  if (seat === undefined) return undefined;
  const owner = ownerOf(acts.pen, log, by.controller);
  if (owner.id !== seat.owner) throw conflict('the seat is another person’s');
  return { seat, owner };
}

function matterOf(acts: Acts, log: LogState, id: string): (Matter & { readonly owner: number }) | undefined {
  const row = acts.pen.sql.matterById.get(id);
  if (row === undefined || int(row, 'log') !== log.id) return undefined;
  return { ...matterFrom(row, log.client, log.key), owner: int(row, 'owner') };
}

function change(
  acts: Acts,
  log: LogState,
  found: Matter,
  more: MatterSaid,
  to: { readonly status: Matter['status']; readonly due: number | undefined },
): void {
  const said = [...found.said, more];
  const box = sealed(log, found.id, { controller: found.controller, said });
  acts.pen.sql.changeMatter.run(to.status, to.due ?? null, log.at, said.length, box, found.id);
}

/** What stands sealed in a matter's row. */
export function sealed(log: LogState, id: string, box: MatterBox): Uint8Array {
  return sealBox(log.key, places.matter(id), JSON.stringify(box));
}

/** A row as it is read. */
function matterFrom(row: Row, client: string, key: Buffer): Matter {
  const id = text(row, 'id');
  const [grant, instruction, outcome] = [row.consent, row.instruction, row.outcome];
  const box = JSON.parse(openBox(key, places.matter(id), bytes(row, 'box'))) as MatterBox;
  return {
    id,
    client,
    opening: text(row, 'opening'),
    what: text(row, 'what') as Matter['what'],
    controller: box.controller,
    status: text(row, 'status') as Matter['status'],
    openedAt: int(row, 'opened_at'),
    dueAt: optionalInt(row, 'due_at'),
    changedAt: int(row, 'changed_at'),
    said: box.said,
    ...(grant === null ? {} : { contested: { grant: String(grant), instruction: String(instruction) } }),
    ...(outcome === null ? {} : { outcome: outcome as ContestOutcome }),
  };
}

const most = 200;

/** Matters of a client, those that are open first, then newest first. */
export function matters(reading: Reading, client: string): readonly Matter[] {
  const log = logOf(reading, client);
  if (log === undefined) return [];
  return reading.db
    .prepare('SELECT * FROM matters WHERE log = ? ORDER BY status DESC, entry DESC LIMIT ?')
    .all(log.id, most)
    .map((row) => matterFrom(row, client, log.key));
}

/** The matter of that id, whoever's it is. */
export function matterAt(reading: Reading, id: string): Matter | undefined {
  const row = reading.db
    .prepare('SELECT m.*, l.client FROM matters m JOIN logs l ON l.id = m.log WHERE m.id = ?')
    .get(id);
  return row && matterIn(reading, row);
}

/** The matter of a row that names its client; undefined: that client has no log. */
export function matterIn(reading: Reading, row: Row): Matter | undefined {
  const log = logOf(reading, text(row, 'client'));
  return log && matterFrom(row, log.client, log.key);
}

/** Open matters of all clients: those that wait for the provider, due first first, then the others. */
export function mattersOpen(reading: Reading): readonly Matter[] {
  return reading.db
    .prepare(
      `SELECT m.*, l.client FROM matters m JOIN logs l ON l.id = m.log
       WHERE m.status = 'open' ORDER BY m.due_at IS NULL, m.due_at, m.entry LIMIT ?`,
    )
    .all(most)
    .flatMap((row) => matterIn(reading, row) ?? []);
}

/** What rows and lines say differently about matters; `told` as in fsck-told.ts. */
export function* compareMatters(
  { db }: Reading,
  log: { readonly id: number; readonly client: string; readonly key: Buffer },
  told: ReadonlyMap<string, string>,
): Generator<string> {
  const rows = db.prepare('SELECT * FROM matters WHERE log = ?').all(log.id);
  for (const row of rows) {
    const id = text(row, 'id');
    const due = optionalInt(row, 'due_at');
    const { consent, instruction, outcome } = row;
    const contest = consent === null ? '' : ` ${consent} ${instruction === '' ? '-' : instruction}`;
    const state = `${text(row, 'status')} ${due === undefined ? '-' : rfc3339(due)} ${int(row, 'said')}${contest}${outcome === null ? '' : ` ${outcome}`}`;
    const written = told.get(id);
    if (written !== state)
      yield `${log.client}: matter ${id} is ${state} in its row, ${written ?? 'unknown'} in the log`;
    else if (saidIn(row, log)?.length !== int(row, 'said'))
      yield `${log.client}: what was said in matter ${id} cannot be read`;
  }
  if (rows.length < told.size) yield `${log.client}: the log knows matters that have no row`;
}

function saidIn(
  row: Row,
  log: { readonly client: string; readonly key: Buffer },
): readonly MatterSaid[] | undefined {
  try {
    return matterFrom(row, log.client, log.key).said;
  } catch {
    return undefined;
  }
}
