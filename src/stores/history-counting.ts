/**
 * Counts one piece of lines: joins results with their exchanges, adds up what has the same shape, and writes each sum
 * once. Runs in a transaction of its caller; what a broken line does not say is left out and never stops the rest.
 */
import type { DatabaseSync } from 'node:sqlite';
import {
  coveredShape,
  endedShape,
  foldedReference,
  intentShape,
  type ReadFields,
  refusalShape,
  type Shape,
  whole,
} from '../core/history.ts';
import { type LineRow, readLine } from './history-lines.ts';
import { type KnownShape, Terms, type Unlocked } from './history-terms.ts';
import { type Boxes, createBoxes, groupValue } from './ledger-disclosures.ts';
import type { Reading } from './ledger-queries.ts';
import { places } from './ledger-rows.ts';
import { entryKey, kindNumbers } from './ledger-schema.ts';
import { bytes, int, type Row } from './rows.ts';

/** An exchange without a result. */
interface Pending {
  readonly story: number;
  readonly shape: Shape;
  readonly shapeId: number;
  readonly at: number;
  /** Whether it stands in the file. */
  kept: boolean;
}

interface Sum {
  count: number;
  up: number;
  down: number;
  first: number;
  last: number;
}

type ShapeSum = Sum & { readonly story: number; readonly shape: KnownShape };
type BriefSum = Sum & { readonly story: number; readonly brief: number };

/** What one piece adds. */
interface Piece {
  readonly log: Unlocked;
  readonly boxes: Boxes;
  readonly sums: Map<string, ShapeSum>;
  /** Newest line and its instant, by story. */
  readonly touched: Map<number, { entry: number; at: number }>;
  readonly fresh: Map<number, Pending>;
  readonly done: number[];
  /** Paths of exchanges by the group as it is stored: most stand there many times. */
  readonly paths: Map<string, string>;
}

const mostSessions = 20_000;

export class Counting {
  readonly #reading: Reading;
  readonly #db: DatabaseSync;
  readonly #terms: Terms;
  readonly #pending = new Map<number, Pending>();
  readonly #sessions = new Map<number, number>();
  readonly #shards = new Map<string, number>();
  readonly #sql;
  #instant = { text: '', at: Number.NaN };

  constructor(reading: Reading, db: DatabaseSync) {
    this.#reading = reading;
    this.#db = db;
    this.#terms = new Terms(db, reading.keyring);
    this.#sql = prepare(reading.db, db);
  }

  /** Back to what the file says: exchanges that wait for a result. For the start, and after a transaction that was undone. */
  begin(): void {
    this.#terms.forget();
    this.#pending.clear();
    const rows = this.#db
      .prepare(
        'SELECT p.entry, p.story, p.shape, p.at, s.log FROM pending p JOIN stories s ON s.id = p.story',
      )
      .all();
    const logs = new Map<number, Unlocked | undefined>();
    for (const row of rows) {
      const id = int(row, 'log');
      if (!logs.has(id)) logs.set(id, this.#unlock(id));
      const log = logs.get(id);
      if (log === undefined) continue;
      const shapeId = int(row, 'shape');
      this.#pending.set(int(row, 'entry'), {
        story: int(row, 'story'),
        shape: this.#terms.shapeOf(log, shapeId),
        shapeId,
        at: int(row, 'at'),
        kept: true,
      });
    }
  }

  /** Lines of one shard, oldest first. */
  count(log: Unlocked, lines: readonly LineRow[]): void {
    const { db, keyring } = this.#reading;
    const piece: Piece = {
      log,
      boxes: createBoxes(db, keyring, log.id, log.key),
      sums: new Map(),
      touched: new Map(),
      fresh: new Map(),
      done: [],
      paths: new Map(),
    };
    for (const row of lines) this.#line(piece, row);
    this.#write(piece);
  }

  #line(piece: Piece, [entry, kind, number, stored]: LineRow): void {
    const leaf = readLine(kind, stored);
    if (leaf === undefined) return;
    const session = number ?? undefined;
    const at = this.#instantOf(String(leaf.at));
    if (Number.isNaN(at)) return;
    if (kind === kindNumbers['session.opened']) return this.#opened(piece, entry, session, at, leaf);
    if (kind === kindNumbers['access.refused'] && session === undefined)
      return this.#refusedOutside(piece, entry, at, leaf);
    const story = session === undefined ? undefined : this.#storyOf(session);
    if (story === undefined) return;
    piece.touched.set(story, { entry, at });
    if (kind === kindNumbers['session.closed']) {
      this.#sql.close.run(at, String(leaf.cause ?? ''), whole(leaf, 'statics'), story);
    } else if (kind === kindNumbers['session.corrected']) {
      this.#sql.correct.run(entry, story);
      for (const term of this.#reference(piece, entry)) this.#sql.post.run(term, story);
    } else if (kind === kindNumbers['access.result']) {
      this.#ended(piece, leaf);
    } else if (kind === kindNumbers['access.refused']) {
      this.#refused(piece, entry, story, at, leaf);
    } else if (kind === kindNumbers['access.static']) {
      this.#add(piece, story, coveredShape(leaf, pathAt(piece, entry)), { at, count: 1, up: 0, down: 0 });
    } else if (kind === kindNumbers['access.intent']) {
      const shape = intentShape(leaf, pathAt(piece, entry));
      piece.fresh.set(entry, { story, shape, shapeId: 0, at, kept: false });
    }
  }

  /** Lines of one commit have the same instant. */
  #instantOf(text: string): number {
    if (text !== this.#instant.text) this.#instant = { text, at: Date.parse(text) };
    return this.#instant.at;
  }

  #opened(piece: Piece, entry: number, session: number | undefined, at: number, leaf: ReadFields): void {
    const { log } = piece;
    const purpose = this.#terms.plain(log, 'purpose', String(leaf.purpose ?? ''));
    this.#sql.open.run(entry, log.id, session ?? null, at, entry, at, purpose);
    if (session !== undefined) this.#remember(session, entry);
    const terms = [
      purpose,
      this.#terms.plain(log, 'grant', String(leaf.grant ?? '')),
      ...(leaf.emergency === true ? [this.#terms.plain(log, 'emergency', 'yes')] : []),
      ...this.#systems(log, String(leaf.systems ?? '')),
      ...this.#who(piece, entry),
      ...this.#reference(piece, entry),
    ];
    for (const term of terms) this.#sql.post.run(term, entry);
  }

  /** A refusal that belongs to no opening stands for itself. */
  #refusedOutside(piece: Piece, entry: number, at: number, leaf: ReadFields): void {
    const { log } = piece;
    const purpose = this.#terms.plain(log, 'purpose', '');
    this.#sql.open.run(entry, log.id, null, at, entry, at, purpose);
    this.#sql.close.run(at, '', 0, entry);
    for (const term of this.#who(piece, entry)) this.#sql.post.run(term, entry);
    this.#refused(piece, entry, entry, at, leaf);
  }

  #refused(piece: Piece, entry: number, story: number, at: number, leaf: ReadFields): void {
    const count = Math.max(1, whole(leaf, 'count'));
    const shape = refusalShape(leaf, pathAt(piece, entry));
    this.#add(piece, story, shape, { at, count, up: 0, down: 0 });
  }

  #ended(piece: Piece, leaf: ReadFields): void {
    const shard = this.#shardOf(String(leaf.shard ?? ''));
    if (shard === undefined) return;
    const entry = entryKey(shard, Number(leaf.intent));
    const pending = piece.fresh.get(entry) ?? this.#pending.get(entry);
    if (pending === undefined) return;
    piece.fresh.delete(entry);
    if (pending.kept) piece.done.push(entry);
    this.#add(piece, pending.story, endedShape(pending.shape, leaf), {
      at: pending.at,
      count: 1,
      up: whole(leaf, 'up'),
      down: whole(leaf, 'down'),
    });
  }

  #add(
    piece: Piece,
    story: number,
    shape: Shape,
    more: { readonly at: number; readonly count: number; readonly up: number; readonly down: number },
  ): void {
    const known = this.#terms.shape(piece.log, shape);
    const name = `${story} ${known.id}`;
    const sum = piece.sums.get(name);
    if (sum === undefined) {
      const { at, count, up, down } = more;
      piece.sums.set(name, { story, shape: known, count, up, down, first: at, last: at });
      return;
    }
    addTo(sum, { ...more, first: more.at, last: more.at });
  }

  #write(piece: Piece): void {
    for (const { story, shape, count, up, down, first, last } of piece.sums.values()) {
      const { changes } = this.#sql.raise.run(count, up, down, first, last, story, shape.id);
      if (changes === 1) continue;
      this.#sql.fact.run(story, shape.id, count, up, down, first, last);
      for (const term of shape.terms) this.#sql.post.run(term, story);
    }
    for (const { story, brief, count, up, down, first, last } of briefsOf(piece.sums.values()))
      this.#sql.brief.run(story, brief, count, up, down, first, last);
    for (const [story, { entry, at }] of piece.touched) this.#sql.touch.run(entry, at, story);
    for (const entry of piece.done) {
      this.#sql.unpend.run(entry);
      this.#pending.delete(entry);
    }
    for (const [entry, waiting] of piece.fresh) {
      const { story, shape, at } = waiting;
      const known = this.#terms.shape(piece.log, shape);
      this.#sql.pend.run(entry, story, known.id, at);
      for (const term of known.terms) this.#sql.post.run(term, story);
      this.#pending.set(entry, { ...waiting, shapeId: known.id, kept: true });
    }
  }

  #systems(log: Unlocked, list: string): number[] {
    const ids = list.split(' ').filter(Boolean);
    return ids.map((system) => this.#terms.plain(log, 'system', system));
  }

  /** The person of a line, under whose key their name is. */
  #who(piece: Piece, entry: number): number[] {
    const row = this.#sql.owner.get(entry);
    if (row === undefined) return [];
    const owner = int(row, 'id');
    const groups = readable(() => piece.boxes.groupsAt(entry));
    const person = groups?.get('person');
    const role = groups?.get('role');
    const content =
      person === undefined
        ? undefined
        : {
            name: String(groupValue(person).name ?? ''),
            functions: String(role === undefined ? '' : (groupValue(role).function ?? ''))
              .split(' ')
              .filter(Boolean),
          };
    return [this.#terms.person(piece.log, owner, this.#ownerKey(owner, row), content)];
  }

  #ownerKey(owner: number, row: Row): Buffer | undefined {
    return readable(() => this.#reading.keyring.unwrap(places.owner(owner), bytes(row, 'key')));
  }

  #reference(piece: Piece, entry: number): number[] {
    const work = readable(() => piece.boxes.sharedAt(entry)?.get('work'));
    const reference = work === undefined ? '' : foldedReference(String(groupValue(work).reference ?? ''));
    return reference === '' ? [] : [this.#terms.reference(piece.log, reference)];
  }

  /** The line that opened a session, by the number under which the log's rows know it. */
  #storyOf(session: number): number | undefined {
    const known = this.#sessions.get(session);
    if (known !== undefined) return known;
    const row = this.#sql.opening.get(session);
    if (row === undefined) return undefined;
    const entry = int(row, 'entry');
    this.#remember(session, entry);
    return entry;
  }

  #remember(session: number, entry: number): void {
    if (this.#sessions.size >= mostSessions) this.#sessions.clear();
    this.#sessions.set(session, entry);
  }

  #shardOf(origin: string): number | undefined {
    const known = this.#shards.get(origin);
    if (known !== undefined) return known;
    const row = this.#sql.shard.get(origin);
    if (row === undefined) return undefined;
    const id = int(row, 'id');
    this.#shards.set(origin, id);
    return id;
  }

  #unlock(log: number): Unlocked | undefined {
    const row = this.#sql.log.get(log);
    if (row === undefined) return undefined;
    const key = readable(() => this.#reading.keyring.unwrap(places.log(log), bytes(row, 'key')));
    return key === undefined ? undefined : { id: log, key };
  }
}

function addTo(sum: Sum, more: Sum): void {
  sum.count += more.count;
  sum.up += more.up;
  sum.down += more.down;
  sum.first = Math.min(sum.first, more.first);
  sum.last = Math.max(sum.last, more.last);
}

/** The sums once more, by what overviews count them under. */
function briefsOf(sums: Iterable<ShapeSum>): Iterable<BriefSum> {
  const briefs = new Map<string, BriefSum>();
  for (const { shape, ...sum } of sums) {
    const name = `${sum.story} ${shape.brief}`;
    const known = briefs.get(name);
    if (known === undefined) briefs.set(name, { ...sum, brief: shape.brief });
    else addTo(known, sum);
  }
  return briefs.values();
}

/** The stored path of an exchange or a refusal; '' when it is erased or there is none. */
function pathAt(piece: Piece, entry: number): string {
  const target = readable(() => piece.boxes.sharedAt(entry)?.get('target'));
  if (target === undefined) return '';
  const known = piece.paths.get(target.json);
  if (known !== undefined) return known;
  const path = String(groupValue(target).path ?? '');
  piece.paths.set(target.json, path);
  return path;
}

/** A box that cannot be opened is as good as erased. */
function readable<T>(open: () => T): T | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
}

function prepare(ledger: DatabaseSync, db: DatabaseSync) {
  return {
    opening: ledger.prepare('SELECT entry FROM openings WHERE seq = ?'),
    shard: ledger.prepare('SELECT id FROM shards WHERE origin = ?'),
    log: ledger.prepare('SELECT key FROM logs WHERE id = ?'),
    owner: ledger.prepare(
      'SELECT o.id, o.key FROM personal p JOIN owners o ON o.id = p.owner WHERE p.entry = ?',
    ),
    open: db.prepare(
      `INSERT INTO stories (id, log, session, at, last, last_at, cause, purpose) VALUES (?, ?, ?, ?, ?, ?, '', ?)`,
    ),
    close: db.prepare('UPDATE stories SET ended_at = ?, cause = ?, statics = ? WHERE id = ?'),
    correct: db.prepare('UPDATE stories SET corrected = ? WHERE id = ?'),
    touch: db.prepare('UPDATE stories SET last = ?, last_at = ? WHERE id = ?'),
    post: db.prepare('INSERT OR IGNORE INTO postings (term, story) VALUES (?, ?)'),
    raise: db.prepare(
      `UPDATE facts SET count = count + ?, up = up + ?, down = down + ?, first = min(first, ?), last = max(last, ?)
       WHERE story = ? AND shape = ?`,
    ),
    fact: db.prepare(
      'INSERT INTO facts (story, shape, count, up, down, first, last) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    brief: db.prepare(
      `INSERT INTO briefs (story, shape, count, up, down, first, last) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (story, shape) DO UPDATE SET count = count + excluded.count, up = up + excluded.up,
       down = down + excluded.down, first = min(first, excluded.first), last = max(last, excluded.last)`,
    ),
    pend: db.prepare('INSERT INTO pending (entry, story, shape, at) VALUES (?, ?, ?, ?)'),
    unpend: db.prepare('DELETE FROM pending WHERE entry = ?'),
  };
}
