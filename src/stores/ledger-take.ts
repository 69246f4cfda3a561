/**
 * A client's log as a table, as JSON lines or as documents for a search engine: told in small steps, so that whoever takes
 * it sets the pace and memory stays flat however long the log is.
 */
import type { Line } from '../core/ports.ts';
import { csvHead, csvLine, ecsLine, jsonLine, type Take, type TakenRow } from '../core/taken-rows.ts';
import { Taking, takenGroups } from '../core/taking.ts';
import { createBoxes } from './ledger-disclosures.ts';
import { type ShardRow, shardsOf, toLine } from './ledger-lines.ts';
import { logOf, type Reading } from './ledger-queries.ts';
import { entryKey, kindNumbers, placeOf } from './ledger-schema.ts';
import { int, type Row, text } from './rows.ts';

/** Lines read at a time. */
const stride = 500;

/** The file in chunks of a few KiB to a few hundred. A client without a log has a head and no rows. */
export function* takeAway(reading: Reading, take: Take): Generator<Uint8Array> {
  const tell = teller(take);
  yield Buffer.from(`${take.bom ? '\uFEFF' : ''}${take.format === 'csv' ? csvHead(take.separator) : ''}`);
  let ready = '';
  for (const row of rows(reading, take)) {
    if (row !== undefined) ready += tell(row);
    if (ready.length < 32_768 && row !== undefined) continue;
    if (ready !== '') yield Buffer.from(ready);
    ready = '';
  }
  if (ready !== '') yield Buffer.from(ready);
}

function teller({ format, separator, zone, client }: Take): (row: TakenRow) => string {
  switch (format) {
    case 'csv':
      return (row) => csvLine(row, localTime(row.at, zone), separator);
    case 'jsonl':
      return jsonLine;
    case 'ecs':
      return (row) => ecsLine(row, client);
  }
}

/** `2026-11-25T14:02:31+01:00` */
function localTime(at: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString({ timeZone: zone, smallestUnit: 'second' });
}

/** What makes rows of a log's lines, and how a row of the table becomes a line. */
export function takingOf(
  reading: Reading,
  log: { readonly id: number; readonly key: Buffer },
  shards: readonly ShardRow[],
): { readonly taking: Taking; told(row: Row): Line } {
  const boxes = createBoxes(reading.db, reading.keyring, log.id, log.key);
  const origins = new Map(shards.map(({ id, origin }) => [id, origin]));
  const told = (row: Row): Line =>
    toLine(row, origins.get(placeOf(int(row, 'id')).shard) ?? '', boxes, takenGroups);
  const opening = reading.db.prepare(
    'SELECT e.id, e.leaf FROM openings o JOIN entries e ON e.id = o.entry WHERE o.id = ? AND o.log = ?',
  );
  const taking = new Taking((id) => {
    const row = opening.get(id, log.id);
    return row === undefined ? undefined : told(row);
  });
  return { taking, told };
}

/** Rows of the time asked for, each at its end; undefined after each stride, so that what is ready can be told. */
function* rows(reading: Reading, take: Take): Generator<TakenRow | undefined> {
  const log = logOf(reading, take.client);
  if (log === undefined) return;
  const shards = shardsOf(reading, log.id);
  const { taking, told } = takingOf(reading, log, shards);
  const every = reading.db.prepare(
    'SELECT id, leaf FROM entries WHERE id >= ? AND id < ? ORDER BY id LIMIT ?',
  );
  // After the time asked for only the ends of what began in it are of interest.
  const ends = reading.db.prepare(
    `SELECT id, leaf FROM entries WHERE id >= ? AND id < ? AND kind = ${kindNumbers['access.result']} ORDER BY id LIMIT ?`,
  );
  for (const shard of shards) {
    const last = entryKey(shard.id, shard.size);
    let from = take.from === undefined ? entryKey(shard.id, 0) : firstAt(reading, shard, take.from);
    const until = take.until === undefined ? last : firstAt(reading, shard, take.until);
    for (let more = from < until; more; ) {
      const found = every.all(from, until, stride);
      for (const row of found) {
        const taken = taking.take(told(row));
        if (taken !== undefined) yield taken;
        from = int(row, 'id') + 1;
      }
      more = found.length === stride;
      yield undefined;
    }
    for (let more = until < last && taking.waits, at = until; more; ) {
      const found = ends.all(at, last, stride);
      for (const row of found) {
        const taken = taking.ended(told(row));
        if (taken !== undefined) yield taken;
        at = int(row, 'id') + 1;
      }
      more = found.length === stride && taking.waits;
      yield undefined;
    }
  }
  yield* taking.unfinished();
}

/** The key of the first line of a part of the log at or after an instant: times never go back in it. */
function firstAt({ db }: Reading, shard: ShardRow, at: number): number {
  const line = db.prepare('SELECT leaf FROM entries WHERE id = ?');
  let low = 0;
  let high = shard.size;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const row = line.get(entryKey(shard.id, middle));
    const leaf: { readonly at?: unknown } = row === undefined ? {} : JSON.parse(text(row, 'leaf'));
    if (Date.parse(String(leaf.at)) < at) low = middle + 1;
    else high = middle;
  }
  return entryKey(shard.id, low);
}
