/** Lists that are read page by page, each page beginning after the last row of the one before; newest first. */
import type { Opening } from '../core/model.ts';
import type { Keyset, Period } from '../core/ports.ts';
import type { ConsentRequest } from '../core/requests.ts';
import { logOf, ownerKey, type Reading } from './ledger-queries.ts';
import { openingFrom, requestFrom } from './ledger-rows.ts';
import { int, text } from './rows.ts';

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

/** Openings of one person, at all clients, that were open at some time of the period. */
export function openingsWithin(
  reading: Reading,
  person: string,
  { from, until }: Period,
  { before, limit }: Keyset,
): readonly Opening[] {
  const { at, id } = before ?? beginning;
  return reading.db
    .prepare(
      `SELECT o.*, l.client FROM owners w JOIN openings o ON o.owner = w.id JOIN logs l ON l.id = o.log
       WHERE w.token = ? AND o.opened_at < ? AND coalesce(o.ended_at, o.ends_at) >= ? AND (o.opened_at, o.id) < (?, ?)
       ORDER BY o.opened_at DESC, o.id DESC LIMIT ?`,
    )
    .all(reading.keyring.token('person', person), until, from, at, id, limit)
    .map((row) => openingFrom(row, text(row, 'client'), ownerKey(reading, int(row, 'owner'))));
}

/** One opening of this person; undefined: it is another's, or there is none of that id. */
export function ownOpening(reading: Reading, person: string, id: string): Opening | undefined {
  const row = reading.db
    .prepare(
      `SELECT o.*, l.client FROM openings o JOIN owners w ON w.id = o.owner JOIN logs l ON l.id = o.log
       WHERE o.id = ? AND w.token = ?`,
    )
    .get(id, reading.keyring.token('person', person));
  return row === undefined
    ? undefined
    : openingFrom(row, text(row, 'client'), ownerKey(reading, int(row, 'owner')));
}
