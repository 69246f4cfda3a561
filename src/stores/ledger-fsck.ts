/**
 * Re-reads everything: every leaf's hash up to the signed head, every commitment whose group can still be read, and
 * the projections (consents, openings, seats, open exchanges) against the lines they come from.
 */
import { budgetParts, nothingSpent, type Spent } from '../core/budget.ts';
import { BudgetMeter } from '../core/budget-meter.ts';
import type { LeafFields } from '../core/entries.ts';
import { endFrom, parseFirstUse } from '../core/first-use.ts';
import { commitment, committedGroup, parseLeaf } from '../core/leaf.ts';
import { emptyRange, extend, leafHash, rangeRoot } from '../core/merkle.ts';
import { ed25519Type, openCheckpoint } from '../core/note.ts';
import { note, type Told } from './fsck-told.ts';
import { spentFrom } from './ledger-budgets.ts';
import { compareConnections } from './ledger-connections.ts';
import { compareCopies } from './ledger-copy-rows.ts';
import { type Boxes, createBoxes } from './ledger-disclosures.ts';
import { compareClauses, compareEmergencies } from './ledger-emergencies.ts';
import { compareEndings, noEndings } from './ledger-ending-rows.ts';
import { leavesBetween } from './ledger-export.ts';
import { compareHooks } from './ledger-hooks.ts';
import { instructionsFrom } from './ledger-instructions.ts';
import { type ShardRow, shardsOf } from './ledger-lines.ts';
import { compareMatters } from './ledger-matters.ts';
import { compareOutside } from './ledger-outside.ts';
import { type LogRow, logOf, type Reading } from './ledger-queries.ts';
import { entryKey } from './ledger-schema.ts';
import { int, optionalInt, optionalText, type Row, text } from './rows.ts';

/** Findings in words, for one client or all; yields between bundles so that the caller may stop. */
export function* fsck(reading: Reading, client?: string): Generator<string | undefined> {
  const clients =
    client === undefined
      ? reading.db
          .prepare('SELECT client FROM logs ORDER BY id')
          .all()
          .map((row) => text(row, 'client'))
      : [client];
  for (const name of clients) {
    const log = logOf(reading, name);
    if (log === undefined) {
      yield `${name}: there is no log of this client`;
      continue;
    }
    const told: Told = {
      grants: new Map(),
      requests: new Map(),
      proposals: new Map(),
      delegations: new Map(),
      signatures: new Set(),
      openings: new Map(),
      lasting: new Map(),
      owed: new Map(),
      outside: new Map(),
      copies: new Map(),
      contractEnds: noEndings(),
      seats: new Map(),
      waiting: new Map(),
      invitations: new Map(),
      instructions: new Map(),
      connections: new Map(),
      clauses: new Map(),
      emergencies: new Map(),
      matters: new Map(),
      hooks: new Map(),
      credentials: new Set(),
      exchanges: new Set(),
      budgets: new BudgetMeter(),
      firstUses: new Map(),
      ends: new Map(),
    };
    for (const shard of shardsOf(reading, log.id)) yield* checkShard(reading, log, shard, told);
    yield* compareRows(reading, log, told);
  }
}

function* checkShard(
  reading: Reading,
  log: LogRow,
  shard: ShardRow,
  told: Told,
): Generator<string | undefined> {
  const where = `${log.client} ${shard.year}`;
  const key = { name: shard.origin, type: ed25519Type, key: reading.keys.ledgerPublic };
  const checkpoint = openCheckpoint(shard.checkpoint, key);
  if (typeof checkpoint === 'string') yield `${where}: ${checkpoint}`;
  const boxes = createBoxes(reading.db, reading.keyring, log.id, log.key);
  let range = emptyRange;
  for (let from = 0; from < shard.size; from += 256) {
    const leaves = leavesBetween(reading, shard.id, from, Math.min(from + 256, shard.size));
    range = extend(
      range,
      leaves.map((leaf) => leafHash(leaf)),
    );
    for (const [i, leaf] of leaves.entries()) {
      const fields = parseLeaf(leaf);
      if (fields === undefined) {
        yield `${where} line ${from + i}: it is not a canonical leaf`;
        continue;
      }
      note(told, shard.origin, from + i, fields);
      const fault = groupFault(boxes, entryKey(shard.id, from + i), fields);
      if (fault !== undefined) yield `${where} line ${from + i}: ${fault}`;
    }
    yield undefined;
  }
  if (typeof checkpoint === 'string') return;
  if (range.size !== checkpoint.size) yield `${where}: ${range.size} lines, ${checkpoint.size} were signed`;
  else if (Buffer.compare(rangeRoot(range), checkpoint.root) !== 0) {
    yield `${where}: the lines do not hash to the signed root`;
  }
}

function groupFault(boxes: Boxes, entry: number, fields: LeafFields): string | undefined {
  const committed = Object.keys(fields).filter((name) => committedGroup(name) !== undefined);
  if (committed.length === 0) return undefined;
  try {
    const groups = boxes.groupsAt(entry);
    for (const name of committed) {
      const group = committedGroup(name) ?? '';
      const opened = groups.get(group);
      if (opened === undefined) continue;
      if (commitment(Buffer.from(opened.nonce, 'base64url'), opened.json) !== fields[name]) {
        return `group ${group} is not what the line commits to`;
      }
    }
    return undefined;
  } catch {
    return 'its groups cannot be decrypted';
  }
}

function* compareRows(reading: Reading, log: LogRow, told: Told): Generator<string> {
  const { db } = reading;
  const { client } = log;
  const grants = db.prepare('SELECT id, status FROM grants WHERE log = ?').all(log.id);
  for (const row of grants) {
    const status = told.grants.get(text(row, 'id'));
    if (status !== text(row, 'status')) {
      yield `${client}: consent ${text(row, 'id')} is ${text(row, 'status')} in its row, ${status ?? 'unknown'} in the log`;
    }
  }
  if (grants.length < told.grants.size) yield `${client}: the log knows consents that have no row`;
  const signatures = db
    .prepare('SELECT s.consent, s.seat FROM signatures s JOIN grants g ON g.id = s.consent WHERE g.log = ?')
    .all(log.id);
  for (const row of signatures) {
    if (!told.signatures.has(`${text(row, 'consent')} ${text(row, 'seat')}`))
      yield `${client}: consent ${text(row, 'consent')} has a signature in its rows that is in no line`;
  }
  if (signatures.length < told.signatures.size) yield `${client}: the log knows signatures that have no row`;
  yield* compareAnswered(reading, log, 'request', told.requests);
  yield* compareAnswered(reading, log, 'proposal', told.proposals);
  yield* compareFrames(reading, log, told.delegations);
  const openings = db
    .prepare('SELECT id, ended_at, due_at, ends_at, consent FROM openings WHERE log = ?')
    .all(log.id);
  for (const row of openings) {
    const live = optionalInt(row, 'ended_at') === undefined;
    if (told.openings.get(text(row, 'id')) !== live) {
      yield `${client}: opening ${text(row, 'id')} is ${live ? 'live' : 'ended'} in its row and not so in the log`;
    }
    const lasting = `${new Date(int(row, 'ends_at')).toISOString()} ${text(row, 'consent')}`;
    if (told.lasting.get(text(row, 'id')) !== lasting)
      yield `${client}: opening ${text(row, 'id')} lasts otherwise in its row than in the log`;
    const due = optionalInt(row, 'due_at');
    if (told.owed.get(text(row, 'id')) !== (due === undefined ? undefined : new Date(due).toISOString()))
      yield `${client}: opening ${text(row, 'id')} owes its reference otherwise in its row than in the log`;
  }
  if (openings.length < told.openings.size) yield `${client}: the log knows openings that have no row`;
  yield* compareOutside(reading, log, told);
  yield* compareCopies(reading, log, told);
  yield* compareSeats(reading, log, told);
  const held = db.prepare('SELECT id FROM credentials WHERE log = ? AND returned_at IS NULL').all(log.id);
  for (const row of held) {
    if (!told.credentials.has(text(row, 'id')))
      yield `${client}: credential ${text(row, 'id')} is held in its row and not so in the log`;
  }
  if (held.length < told.credentials.size) yield `${client}: the log knows credentials that have no row`;
  yield* compareInstructions(reading, log, told);
  yield* compareEndings(reading, log, told.contractEnds);
  yield* compareConnections(reading, log, told.connections);
  yield* compareClauses(reading, log, told);
  yield* compareEmergencies(reading, log, told);
  yield* compareMatters(reading, log, told.matters);
  yield* compareHooks(reading, log, told.hooks);
  yield* compareFirstUses(reading, log, told);
  yield* compareBudgets(reading, log, told);
  yield* compareExchanges(reading, log, told);
}

/** The client's own instructions, each version and its text. */
function* compareInstructions({ db }: Reading, log: LogRow, told: Told): Generator<string> {
  const rows = db.prepare('SELECT * FROM instructions WHERE log = ?').all(log.id);
  for (const row of rows) {
    const version = int(row, 'version');
    if (told.instructions.get(version) !== text(row, 'hash'))
      yield `${log.client}: version ${version} of the client’s instructions is not the one in the log`;
    else if (!isReadable(row, log))
      yield `${log.client}: version ${version} of the client’s instructions cannot be read`;
  }
  if (rows.length < told.instructions.size)
    yield `${log.client}: the log knows instructions that have no row`;
}

function isReadable(row: Row, log: LogRow): boolean {
  try {
    instructionsFrom(row, log);
    return true;
  } catch {
    return false;
  }
}

/** Clocks that start at the first use: when they started, and the end that follows. */
function* compareFirstUses(reading: Reading, log: LogRow, told: Told): Generator<string> {
  const rows = reading.db
    .prepare('SELECT id, first_use, started_at, until_at FROM grants WHERE log = ? AND first_use IS NOT NULL')
    .all(log.id);
  for (const row of rows) {
    const id = text(row, 'id');
    const firstUse = parseFirstUse(text(row, 'first_use'));
    const started = told.firstUses.get(id);
    const named = told.ends.get(id) ?? 0;
    if (firstUse === undefined || optionalInt(row, 'started_at') !== started?.at)
      yield `${log.client}: consent ${id} was first used at another time than its row says`;
    else if (
      int(row, 'until_at') !==
      (started === undefined ? named : Math.min(named, endFrom(firstUse, started.at, started.clock)))
    )
      yield `${log.client}: consent ${id} ends at another time than its row says`;
  }
}

/** What was used of each budget in each period, counted anew from the lines. */
function* compareBudgets(reading: Reading, log: LogRow, told: Told): Generator<string> {
  const rows = reading.db
    .prepare('SELECT b.* FROM budgets b JOIN grants g ON g.id = b.consent WHERE g.log = ?')
    .all(log.id);
  const held = new Map<string, Spent>(
    rows.map((row) => [`${text(row, 'consent')} ${int(row, 'period')}`, spentFrom(row)] as const),
  );
  for (const { grant, period, spent } of told.budgets.all()) {
    const key = `${grant} ${period}`;
    const row = held.get(key) ?? nothingSpent;
    held.delete(key);
    for (const part of budgetParts) {
      if (row[part] === spent[part]) continue;
      yield `${log.client}: consent ${grant} used ${row[part]} ${part} in its row, ${spent[part]} in the log`;
    }
  }
  if (held.size > 0) yield `${log.client}: rows tell of budgets that the log does not know`;
}

/** Invitations that were never used may have been made void by newer ones: those have no row. */
function* compareSeats({ db }: Reading, { id, client }: LogRow, told: Told): Generator<string> {
  const seats = db.prepare('SELECT id, removed_at, grants_from FROM seats WHERE log = ?').all(id);
  for (const row of seats) {
    const held = told.seats.get(text(row, 'id'));
    if (held === undefined) yield `${client}: seat ${text(row, 'id')} is in no line`;
    else if (held !== (optionalInt(row, 'removed_at') === undefined))
      yield `${client}: seat ${text(row, 'id')} is ${held ? 'removed' : 'held'} in its row and not so in the log`;
    if (optionalInt(row, 'grants_from') !== told.waiting.get(text(row, 'id')))
      yield `${client}: seat ${text(row, 'id')} may sign from another time on than the log says`;
  }
  if (seats.length < told.seats.size) yield `${client}: the log knows seats that have no row`;
  const invitations = db.prepare('SELECT id, used_at FROM invitations WHERE log = ?').all(id);
  for (const row of invitations) {
    const used = optionalInt(row, 'used_at') !== undefined;
    if (told.invitations.get(text(row, 'id')) !== used)
      yield `${client}: invitation ${text(row, 'id')} is ${used ? 'used' : 'open'} in its row and not so in the log`;
  }
}

function* compareFrames({ db }: Reading, { id, client }: LogRow, told: ReadonlyMap<string, string>) {
  const rows = db.prepare('SELECT id, status FROM delegations WHERE log = ?').all(id);
  for (const row of rows) {
    const status = told.get(text(row, 'id'));
    if (status !== text(row, 'status'))
      yield `${client}: frame ${text(row, 'id')} is ${text(row, 'status')} in its row, ${status ?? 'unknown'} in the log`;
  }
  if (rows.length < told.size) yield `${client}: the log knows frames that have no row`;
}

/** Requests and proposals: how each was answered, and by which consent. */
function* compareAnswered(
  { db }: Reading,
  { id, client }: LogRow,
  what: 'request' | 'proposal',
  told: ReadonlyMap<string, string>,
): Generator<string> {
  const rows = db.prepare(`SELECT id, status, consent FROM ${what}s WHERE log = ?`).all(id);
  for (const row of rows) {
    const consent = optionalText(row, 'consent');
    const state = consent === undefined ? text(row, 'status') : `${text(row, 'status')} ${consent}`;
    const written = told.get(text(row, 'id'));
    if (written !== state)
      yield `${client}: ${what} ${text(row, 'id')} is ${state} in its row, ${written ?? 'unknown'} in the log`;
  }
  if (rows.length < told.size) yield `${client}: the log knows ${what}s that have no row`;
}

function* compareExchanges(reading: Reading, log: LogRow, told: Told): Generator<string> {
  let open = 0;
  for (const shard of shardsOf(reading, log.id)) {
    const rows = reading.db
      .prepare('SELECT entry FROM exchanges WHERE entry >= ? AND entry < ?')
      .all(entryKey(shard.id, 0), entryKey(shard.id, shard.size));
    for (const row of rows) {
      const index = int(row, 'entry') - entryKey(shard.id, 0);
      open += 1;
      if (!told.exchanges.has(`${shard.origin} ${index}`)) {
        yield `${log.client} ${shard.year} line ${index}: open in its row, ended in the log`;
      }
    }
  }
  if (open < told.exchanges.size) yield `${log.client}: exchanges without a result have no row`;
}
