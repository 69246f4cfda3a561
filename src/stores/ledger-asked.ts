/** What waits for an answer of a client, or was answered: requests, proposals of the provider; and who may answer within which frame. */
import type { Delegation } from '../core/delegations.ts';
import type { Proposal } from '../core/proposals.ts';
import type { ConsentRequest } from '../core/requests.ts';
import { logOf, ownerKey, type Reading } from './ledger-queries.ts';
import { delegationFrom, proposalFrom, requestFrom } from './ledger-rows.ts';
import { int, text } from './rows.ts';

const mostRequests = 100;

export function requests(reading: Reading, client: string): readonly ConsentRequest[] {
  const log = logOf(reading, client);
  if (log === undefined) return [];
  const rows = reading.db
    .prepare(
      `SELECT *, status IN ('raised', 'more_info') AS open FROM requests WHERE log = ?
       ORDER BY open DESC, entry DESC LIMIT ?`,
    )
    .all(log.id, mostRequests);
  return rows.map((row) => requestFrom(row, client, ownerKey(reading, int(row, 'owner'))));
}

export function requestsOf(reading: Reading, person: string): readonly ConsentRequest[] {
  const rows = reading.db
    .prepare(
      `SELECT r.*, l.client FROM owners w JOIN requests r ON r.owner = w.id JOIN logs l ON l.id = r.log
       WHERE w.token = ? ORDER BY r.raised_at DESC LIMIT ?`,
    )
    .all(reading.keyring.token('person', person), mostRequests);
  return rows.map((row) => requestFrom(row, text(row, 'client'), ownerKey(reading, int(row, 'owner'))));
}

/** Proposals to a client, those that wait first, then newest first. */
export function proposals(reading: Reading, client: string): readonly Proposal[] {
  const log = logOf(reading, client);
  if (log === undefined) return [];
  return reading.db
    .prepare(
      "SELECT *, status = 'waiting' AS open FROM proposals WHERE log = ? ORDER BY open DESC, entry DESC LIMIT ?",
    )
    .all(log.id, mostRequests)
    .map((row) => proposalFrom(row, client, log.key));
}

/** Frames of a client, newest first, withdrawn ones too; at most 200. */
export function delegations(
  reading: Reading,
  client: string,
): readonly (Delegation & { readonly text: string })[] {
  const log = logOf(reading, client);
  if (log === undefined) return [];
  return reading.db
    .prepare('SELECT * FROM delegations WHERE log = ? ORDER BY entry DESC LIMIT 200')
    .all(log.id)
    .map((row) => delegationFrom(row, client, log.key));
}
