/** Lists that are read page by page, each page beginning after the last row of the one before; newest first. */
import type { Opening } from '../core/model.ts';
import type { Keyset } from '../core/ports.ts';
import type { ConsentRequest } from '../core/requests.ts';
import { logOf, ownerKey, type Reading } from './ledger-queries.ts';
import { openingFrom, requestFrom } from './ledger-rows.ts';
import { int } from './rows.ts';

const beginning: NonNullable<Keyset['before']> = { at: Number.MAX_SAFE_INTEGER, id: '' };

export function openingsPage(
  reading: Reading,
  client: string,
  { before, limit }: Keyset,
): readonly Opening[] {
  const log = logOf(reading, client);
  if (log === undefined) return [];
  const { at, id } = before ?? beginning;
  return reading.db
    .prepare(
      `SELECT * FROM openings WHERE log = ? AND (opened_at, id) < (?, ?)
       ORDER BY opened_at DESC, id DESC LIMIT ?`,
    )
    .all(log.id, at, id, limit)
    .map((row) => openingFrom(row, client, ownerKey(reading, int(row, 'owner'))));
}

export function requestsPage(
  reading: Reading,
  client: string,
  { before, limit }: Keyset,
): readonly ConsentRequest[] {
  const log = logOf(reading, client);
  if (log === undefined) return [];
  const { at, id } = before ?? beginning;
  return reading.db
    .prepare(
      `SELECT * FROM requests WHERE log = ? AND (raised_at, id) < (?, ?)
       ORDER BY raised_at DESC, id DESC LIMIT ?`,
    )
    .all(log.id, at, id, limit)
    .map((row) => requestFrom(row, client, ownerKey(reading, int(row, 'owner'))));
}

/** One row of a client, by its id. */
export function openingAt(reading: Reading, client: string, id: string): Opening | undefined {
  const log = logOf(reading, client);
  const row = reading.db.prepare('SELECT * FROM openings WHERE id = ? AND log = ?').get(id, log?.id ?? -1);
  return row === undefined ? undefined : openingFrom(row, client, ownerKey(reading, int(row, 'owner')));
}

export function requestAt(reading: Reading, client: string, id: string): ConsentRequest | undefined {
  const log = logOf(reading, client);
  const row = reading.db.prepare('SELECT * FROM requests WHERE id = ? AND log = ?').get(id, log?.id ?? -1);
  return row === undefined ? undefined : requestFrom(row, client, ownerKey(reading, int(row, 'owner')));
}
