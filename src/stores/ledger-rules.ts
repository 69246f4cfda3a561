/** What is known of every log at a glance: its rules, when they last changed, and how long it is. Read-only. */
import { wholeText } from '../core/policy/slice-parts.ts';
import { type Reading, sliceText } from './ledger-queries.ts';
import { entryKey, kindNumbers, rareKinds } from './ledger-schema.ts';
import { int, RowFault, text } from './rows.ts';

/** Client -> time of the newest `policy.activated` line of its log, epoch milliseconds. */
export function rulesChanged(reading: Reading): ReadonlyMap<string, number> {
  const newest = reading.db.prepare(
    `SELECT leaf FROM entries WHERE kind = ? AND id BETWEEN ? AND ? AND ${rareKinds} ORDER BY id DESC LIMIT 1`,
  );
  const shards = reading.db
    .prepare('SELECT l.client, s.id FROM logs l JOIN shards s ON s.log = l.id ORDER BY s.id')
    .all();
  const changed = new Map<string, number>();
  for (const shard of shards) {
    const id = int(shard, 'id');
    const line = newest.get(kindNumbers['policy.activated'], entryKey(id, 0), entryKey(id + 1, 0) - 1);
    if (line !== undefined) changed.set(text(shard, 'client'), timeOf(text(line, 'leaf')));
  }
  return changed;
}

/** The rules of a client under a hash that its log named, as one text; undefined when there are none of that hash. */
export function rulesText(reading: Reading, client: string, hash: string): string | undefined {
  const text = sliceText(reading, client, hash);
  return text === undefined ? undefined : wholeText(text, (part) => sliceText(reading, client, part));
}

function timeOf(leaf: string): number {
  const { at }: { readonly at?: unknown } = JSON.parse(leaf);
  const time = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  if (Number.isNaN(time)) throw new RowFault('a line has no time');
  return time;
}

/** Client -> lines of its log, in all years. */
export function sizes(reading: Reading): ReadonlyMap<string, number> {
  const rows = reading.db
    .prepare('SELECT l.client, sum(s.size) AS size FROM logs l JOIN shards s ON s.log = l.id GROUP BY l.id')
    .all();
  return new Map(rows.map((row) => [text(row, 'client'), int(row, 'size')]));
}
