/**
 * Lines of a log as events, from a place on: an access is one event, told where its end stands, so that nothing is told
 * twice and nothing between two questions is lost. Remembers nothing; the place alone says where to go on.
 */
import { type EventPage, type EventPlace, markLength } from '../core/events.ts';
import { leafHash } from '../core/merkle.ts';
import type { TakenRow } from '../core/taken-rows.ts';
import { type ShardRow, shardsOf } from './ledger-lines.ts';
import { logOf, type Reading } from './ledger-queries.ts';
import { entryKey, kindNumbers, placeOf } from './ledger-schema.ts';
import { takingOf } from './ledger-take.ts';
import { int, type Row, text } from './rows.ts';

/** Lines that one question reads at most, however few events they make. */
const mostLines = 5_000;
const stride = 500;

/** Events after a place, at most so many. Undefined: the place is not in this log. A client without a log has none. */
export function events(
  reading: Reading,
  client: string,
  after: EventPlace | undefined,
  limit: number,
): EventPage | undefined {
  const log = logOf(reading, client);
  if (log === undefined) return after === undefined ? { rows: [], next: undefined, more: false } : undefined;
  const shards = shardsOf(reading, log.id);
  if (after !== undefined && !isPlace(reading, shards, after)) return undefined;
  const follow = follower(reading, shards, takingOf(reading, log, shards));
  const rows: TakenRow[] = [];
  let last: Row | undefined;
  let left = mostLines;
  for (const shard of shards) {
    if (after !== undefined && shard.year < after.year) continue;
    let from = entryKey(shard.id, shard.year === after?.year ? after.read : 0);
    for (let found = linesFrom(reading, shard, from, left); found.length > 0; ) {
      for (const row of found) {
        const told = follow(row);
        if (told !== undefined) rows.push(told);
        last = row;
        left -= 1;
        if (rows.length >= limit || left === 0) return { rows, next: placeAt(shards, row), more: true };
      }
      from = int(last ?? {}, 'id') + 1;
      found = linesFrom(reading, shard, from, left);
    }
  }
  return { rows, next: last === undefined ? after : placeAt(shards, last), more: false };
}

function linesFrom({ db }: Reading, shard: ShardRow, from: number, left: number): readonly Row[] {
  return db
    .prepare('SELECT id, kind, leaf FROM entries WHERE id >= ? AND id < ? ORDER BY id LIMIT ?')
    .all(from, entryKey(shard.id, shard.size), Math.min(stride, left));
}

/** The event that is complete with a line. */
function follower(
  { db }: Reading,
  shards: readonly ShardRow[],
  { taking, told }: ReturnType<typeof takingOf>,
): (row: Row) => TakenRow | undefined {
  const byOrigin = new Map(shards.map(({ id, origin }) => [origin, id]));
  const line = db.prepare('SELECT id, leaf FROM entries WHERE id = ?');
  return (row) => {
    // An access is told by its end, which always comes: whatever a crash left without one gets it at the next start.
    if (int(row, 'kind') === kindNumbers['access.intent']) return undefined;
    const found = told(row);
    if (int(row, 'kind') === kindNumbers['access.result']) {
      const shard = byOrigin.get(String(found.leaf.shard));
      const begun = shard === undefined ? undefined : line.get(entryKey(shard, Number(found.leaf.intent)));
      if (begun === undefined) return undefined;
      taking.take(told(begun));
    }
    return taking.take(found);
  };
}

function placeAt(shards: readonly ShardRow[], row: Row): EventPlace {
  const { shard, index } = placeOf(int(row, 'id'));
  const year = shards.find(({ id }) => id === shard)?.year ?? 0;
  return { year, read: index + 1, mark: markOf(row) };
}

function isPlace({ db }: Reading, shards: readonly ShardRow[], { year, read, mark }: EventPlace): boolean {
  const shard = shards.find((one) => one.year === year);
  if (shard === undefined || read < 1 || read > shard.size) return false;
  const row = db.prepare('SELECT leaf FROM entries WHERE id = ?').get(entryKey(shard.id, read - 1));
  return row !== undefined && markOf(row) === mark;
}

function markOf(row: Row): string {
  return Buffer.from(leafHash(Buffer.from(text(row, 'leaf'))))
    .toString('base64url')
    .slice(0, markLength);
}
