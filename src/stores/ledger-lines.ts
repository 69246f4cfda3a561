/** Lines of a log as the reader's thread answers them: newest first, with the groups that are asked for. */
import type { LeafFields } from '../core/entries.ts';
import { committedGroup, isFlat } from '../core/leaf.ts';
import type { Line, LineQuery } from '../core/ports.ts';
import { type Boxes, createBoxes, groupValue } from './ledger-disclosures.ts';
import { logOf, type Reading } from './ledger-queries.ts';
import { entryKey, isRare, kindNumbers, placeOf, rareKinds } from './ledger-schema.ts';
import { int, type Row, RowFault, text } from './rows.ts';

export interface ShardRow {
  readonly id: number;
  readonly year: number;
  readonly origin: string;
  readonly size: number;
  /** Epoch milliseconds of its newest line. */
  readonly at: number;
  readonly checkpoint: string;
}

/** The shards of a log, oldest first. */
export function shardsOf(reading: Reading, log: number): readonly ShardRow[] {
  const rows = reading.db.prepare('SELECT * FROM shards WHERE log = ? ORDER BY year').all(log);
  return rows.map((row) => ({
    id: int(row, 'id'),
    year: int(row, 'year'),
    origin: text(row, 'origin'),
    size: int(row, 'size'),
    at: int(row, 'at'),
    checkpoint: text(row, 'checkpoint'),
  }));
}

/** Lines newest first, with the groups asked for. */
export function lines(reading: Reading, query: LineQuery): readonly Line[] {
  const log = logOf(reading, query.client);
  if (log === undefined) return [];
  const session = query.session === undefined ? undefined : sessionOf(reading, log.id, query.session);
  if (query.session !== undefined && session === undefined) return [];
  const boxes = createBoxes(reading.db, reading.keyring, log.id, log.key);
  const alone = query.kinds?.every((kind) => kind === 'session.opened') === true;
  const found: Line[] = [];
  for (const shard of shardsOf(reading, log.id).toReversed()) {
    const end = upperEnd(shard, query.before);
    if (end === undefined || found.length >= query.limit) continue;
    // An opening has one such line, and its place is known.
    const upTo = alone && session !== undefined ? Math.min(end, session.entry + 1) : end;
    const rows = linesOfShard(reading, shard.id, upTo, session, query, query.limit - found.length);
    for (const row of rows) found.push(toLine(row, shard.origin, boxes, query.disclose));
  }
  return found;
}

/** The first key after the lines that may be told; undefined when all of this shard is newer. */
function upperEnd(shard: ShardRow, before: LineQuery['before']): number | undefined {
  if (before === undefined) return entryKey(shard.id, shard.size);
  const year = new Date(before.at).getUTCFullYear();
  if (shard.year > year) return undefined;
  return entryKey(shard.id, shard.year === year ? Math.min(before.index, shard.size) : shard.size);
}

function sessionOf(reading: Reading, log: number, id: string): { seq: number; entry: number } | undefined {
  const row = reading.db.prepare('SELECT seq, entry FROM openings WHERE id = ? AND log = ?').get(id, log);
  return row === undefined ? undefined : { seq: int(row, 'seq'), entry: int(row, 'entry') };
}

function linesOfShard(
  reading: Reading,
  shard: number,
  upTo: number,
  session: { seq: number; entry: number } | undefined,
  query: LineQuery,
  limit: number,
): readonly Row[] {
  const conditions = ['id >= ?', 'id < ?'];
  const first = entryKey(shard, 0);
  const from = session !== undefined && placeOf(session.entry).shard === shard ? session.entry : first;
  const values: number[] = [from, upTo];
  if (session !== undefined) {
    conditions.push('session = ?');
    values.push(session.seq);
  }
  if (query.kinds !== undefined) {
    const kinds = query.kinds.map((kind) => kindNumbers[kind]);
    conditions.push(`kind IN (${kinds.map(() => '?').join(', ')})`);
    values.push(...kinds);
    if (kinds.every(isRare)) conditions.push(rareKinds);
  }
  return reading.db
    .prepare(`SELECT id, leaf FROM entries WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT ?`)
    .all(...values, limit);
}

export function toLine(row: Row, origin: string, boxes: Boxes, disclose: readonly string[]): Line {
  const entry = int(row, 'id');
  const leaf: unknown = JSON.parse(text(row, 'leaf'));
  if (!isFlat(leaf)) throw new RowFault('a line is not flat');
  const wanted = Object.keys(leaf)
    .map(committedGroup)
    .filter((group): group is string => group !== undefined && disclose.includes(group));
  const groups: Record<string, LeafFields | 'erased'> = {};
  const opened = wanted.length === 0 ? undefined : boxes.groupsAt(entry);
  for (const group of wanted) {
    const content = opened?.get(group);
    groups[group] = content === undefined ? 'erased' : groupValue(content);
  }
  return { origin, index: placeOf(entry).index, leaf, groups };
}
