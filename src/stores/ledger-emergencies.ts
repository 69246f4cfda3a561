/**
 * Emergencies: whether it is one is decided here, in the transaction of the line, by the log's own time, so that of two at once one
 * counts first, and an agreement that comes a moment before is used instead. The client's review is a line of its own.
 */
import type { Answers } from '../core/answers.ts';
import type { Command } from '../core/commands.ts';
import { hasContent } from '../core/declared.ts';
import {
  clauseIn,
  clauseRefused,
  type Emergency,
  markOf,
  permitsOrdinarily,
  printClause,
  type ReviewOutcome,
  reviewBy,
  reviewOutcomes,
} from '../core/emergency.ts';
import type { EmergencyFields } from '../core/entries.ts';
import { parseLeaf, textHash } from '../core/leaf.ts';
import type { Opening } from '../core/model.ts';
import type { EmergencyReason } from '../core/reasons-emergency.ts';
import { isReason } from '../core/requests.ts';
import { type Keyring, openBox, sealBox } from './disclosure.ts';
import type { Told } from './fsck-told.ts';
import { type Acts, conflict, rfc3339, seatFields, write } from './ledger-acts.ts';
import { budgetedBy, couldOpen } from './ledger-budgets.ts';
import { type LogState, newId } from './ledger-log.ts';
import { saysPeople } from './ledger-persons.ts';
import { type LogRow, logOf, type Reading } from './ledger-queries.ts';
import { grantFrom, places } from './ledger-rows.ts';
import { liveSeat } from './ledger-seated.ts';
import { bytes, int, optionalInt, optionalText, type Row, text } from './rows.ts';

type Declare = Extract<Command, { do: 'declare' }>;

/**
 * What the line of an emergency says beside, or why it is none; undefined: nobody declared one. Throws a conflict where a page would
 * not have asked: an ordinary access under an agreement for emergencies only, a person not named, no reference, no reason, too long.
 */
export function emergencyFor(
  acts: Acts,
  log: LogState,
  consent: Row,
  command: Declare,
): EmergencyFields | EmergencyReason | undefined {
  const { opening, emergency } = command;
  if ((opening.emergency === true) !== (emergency !== undefined) || command.fields.emergency !== undefined)
    throw conflict('the opening says otherwise whether it is an emergency');
  if (emergency === undefined && optionalText(consent, 'emergency') === undefined) return undefined;
  const grant = grantFrom(consent, log.client, log.key);
  if (emergency === undefined) {
    if (grant.people.length === 0) throw conflict('the consent is for emergencies only');
    return undefined;
  }
  const clause = grant.emergency;
  if (clause === undefined) throw conflict('the consent has no clause for emergencies');
  const named = clause.people.indexOf(opening.person) + 1;
  if (named === 0) throw conflict('the clause for emergencies does not name the person');
  if (!hasContent(opening.reference, 1)) throw conflict('an emergency needs a reference');
  if (!isReason(opening.note)) throw conflict('an emergency needs its reason');
  if (opening.endsAt > log.at + clause.minutes * 60_000)
    throw conflict('the clause for emergencies does not permit so long an access');
  const { systems, purpose, endsAt } = opening;
  const operations = String(command.fields.operations).split(' ');
  const need = { systems, purpose, operations, as: emergency.as };
  if (isAgreedAnyway(acts, log, need, endsAt)) return 'emergency_needless';
  const { keyring } = acts.pen;
  const mark = markOf((domain, value) => keyring.alias(log.key, domain, value), opening.reference);
  const all = acts.pen.sql.emergenciesOf.all(log.id).map((row) => emergencyFrom(row, log.key));
  const refused = clauseRefused(grant.id, clause, all, mark, log.at);
  if (refused !== undefined) return refused;
  return { emergency: true, named, mark, review_by: rfc3339(reviewBy(clause, log.at)) };
}

/** Whether an agreement permits it without any emergency, and its budget reaches. */
function isAgreedAnyway(
  acts: Acts,
  log: LogState,
  need: Parameters<typeof permitsOrdinarily>[1],
  endsAt: number,
): boolean {
  return acts.pen.sql.grantsInForce.all(log.id).some((row) => {
    if (!permitsOrdinarily(grantFrom(row, log.client, log.key), need, log.at)) return false;
    const budgeted = budgetedBy(row);
    return budgeted === undefined || couldOpen(acts, log, budgeted, endsAt);
  });
}

/** Its row, in the transaction of its line. */
export function keepEmergency(
  acts: Acts,
  log: LogState,
  { id, grant }: Opening,
  told: EmergencyFields,
): void {
  const until = Date.parse(told.review_by);
  acts.pen.sql.insertEmergency.run(id, log.id, grant, log.at, told.mark, until);
}

/** `emergency.reviewed`, once; by whoever acts for the client and may sign by now, readers apart. */
export function reviewEmergency(
  acts: Acts,
  command: Extract<Command, { do: 'review-emergency' }>,
): Answers['review-emergency'] {
  const { opening, outcome, note, by } = command;
  const log = acts.heads.touch(command.client, acts.now);
  const seat = 'seat' in by ? liveSeat(acts, log, by.seat) : undefined;
  if (!('seat' in by) || seat === undefined || seat.role === 'reader' || seat.role !== by.role)
    return { refused: 'not_seated' };
  if (seat.grantsFrom !== undefined && acts.now < seat.grantsFrom) return { refused: 'not_yet' };
  const row = acts.pen.sql.emergencyByOpening.get(opening);
  if (row === undefined || int(row, 'log') !== log.id) return { refused: 'emergency_unknown' };
  if (optionalInt(row, 'reviewed_at') !== undefined) return { refused: 'reviewed_already' };
  if (!reviewOutcomes.includes(outcome)) throw conflict('a review says whether it is in order');
  if (outcome === 'not_in_order' && !hasContent(note, 1)) throw conflict('what is not in order is said');
  const box = sealBox(log.key, places.emergency(opening), note);
  acts.pen.sql.reviewEmergency.run(log.at, outcome, seat.id, box, opening);
  const receipt = write(acts, log, {
    t: 'emergency.reviewed',
    id: newId(),
    fields: { session: opening, ...seatFields(by), outcome },
    groups: { work: { note } },
  });
  return { receipt };
}

function emergencyFrom(row: Row, key: Buffer): Emergency {
  const opening = text(row, 'opening');
  const at = optionalInt(row, 'reviewed_at');
  const found = {
    opening,
    grant: text(row, 'consent'),
    at: int(row, 'at'),
    mark: text(row, 'mark'),
    reviewBy: int(row, 'review_by'),
  };
  if (at === undefined) return found;
  const outcome = text(row, 'outcome') as ReviewOutcome;
  const note = openBox(key, places.emergency(opening), bytes(row, 'box'));
  return { ...found, review: { at, outcome, seat: text(row, 'seat'), note } };
}

/** Accesses at a client that were declared emergencies, newest first. */
export function emergencies(reading: Reading, client: string): readonly Emergency[] {
  const log = logOf(reading, client);
  if (log === undefined) return [];
  return reading.db
    .prepare('SELECT * FROM emergencies WHERE log = ? ORDER BY at DESC, opening LIMIT 500')
    .all(log.id)
    .map((row) => emergencyFrom(row, log.key));
}

/** Clauses as signed, against the rows that the writer goes by: what they permit, and to whom. */
export function* compareClauses(
  { db, keyring }: Reading,
  { id, client, key }: LogRow,
  told: Told,
): Generator<string> {
  const rows = db.prepare('SELECT * FROM grants WHERE log = ? AND emergency IS NOT NULL').all(id);
  for (const row of rows) {
    const consent = text(row, 'id');
    if (told.clauses.get(consent) !== clauseOfRow(keyring, row, client, key))
      yield `${client}: consent ${consent} says other things of emergencies in its row than in the log`;
  }
  if (rows.length < told.clauses.size)
    yield `${client}: the log knows clauses for emergencies that have no row`;
}

/** As `Told.clauses` has it; undefined: it cannot be read, or names other people than its text. */
function clauseOfRow(keyring: Keyring, row: Row, client: string, key: Buffer): string | undefined {
  try {
    const { emergency, people, text: signed } = grantFrom(row, client, key);
    const said = clauseIn(parseLeaf(Buffer.from(signed)) ?? {});
    if (emergency === undefined || said === undefined || said === 'none') return undefined;
    const same =
      said.only === (people.length === 0) &&
      saysPeople(keyring, client, said.clause.people, emergency.people);
    return same ? `${printClause(emergency)} ${textHash(signed)}` : undefined;
  } catch {
    return undefined;
  }
}

/** What the lines say of emergencies, against the rows. */
export function* compareEmergencies({ db }: Reading, { id, client }: LogRow, told: Told): Generator<string> {
  const rows = db
    .prepare(
      'SELECT e.*, o.emergency AS flag FROM emergencies e LEFT JOIN openings o ON o.id = e.opening WHERE e.log = ?',
    )
    .all(id);
  for (const row of rows) {
    const opening = text(row, 'opening');
    const times = [int(row, 'at'), int(row, 'review_by')].map(rfc3339).join(' ');
    const review = optionalText(row, 'outcome');
    const held = `${text(row, 'consent')} ${text(row, 'mark')} ${times}${review === undefined ? '' : ` ${review} ${text(row, 'seat')}`}`;
    if (told.emergencies.get(opening) !== held || row.flag !== 1)
      yield `${client}: emergency ${opening} is another in its row than in the log`;
  }
  if (rows.length < told.emergencies.size) yield `${client}: the log knows emergencies that have no row`;
  const flagged = db
    .prepare('SELECT count(*) AS count FROM openings WHERE log = ? AND emergency = 1')
    .get(id);
  if (Number(flagged?.count) !== told.emergencies.size)
    yield `${client}: openings are emergencies in their rows and not so in the log`;
}
