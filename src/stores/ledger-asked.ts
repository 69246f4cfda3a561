/** What waits for an answer of a client, or was answered; who may answer within which frame, and who signed what. */
import type { Delegation } from '../core/delegations.ts';
import type { Signer, Signing } from '../core/ports.ts';
import type { Proposal } from '../core/proposals.ts';
import type { ConsentRequest } from '../core/requests.ts';
import { logOf, ownerKey, type Reading, sliceText } from './ledger-queries.ts';
import { controllerFrom, delegationFrom, proposalFrom, requestFrom } from './ledger-rows.ts';
import { int, optionalInt, text } from './rows.ts';

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

/** How the client signs, and who signed what. */
export function signing(reading: Reading, client: string): Signing {
  const log = logOf(reading, client);
  if (log === undefined) return { two: false, pending: undefined, signers: new Map() };
  const { db } = reading;
  const last = db
    .prepare("SELECT wish FROM rules WHERE log = ? AND status = 'done' ORDER BY seq DESC LIMIT 1")
    .get(log.id);
  const waiting = db.prepare("SELECT * FROM rules WHERE log = ? AND status = 'waiting'").get(log.id);
  const rows = db
    .prepare(
      `SELECT g.consent, g.at AS signed_at, s.* FROM signatures g JOIN seats s ON s.id = g.seat WHERE s.log = ? ORDER BY g.seq`,
    )
    .all(log.id);
  const signers = new Map<string, Signer[]>();
  for (const row of rows) {
    const { name } = controllerFrom(row, client, ownerKey(reading, int(row, 'owner')));
    const removed = optionalInt(row, 'removed_at') !== undefined;
    const unsigned = text(row, 'method') === 'mail-totp' ? { unsigned: true } : {};
    const told = { seat: text(row, 'id'), name, at: int(row, 'signed_at'), removed, ...unsigned };
    const consent = text(row, 'consent');
    signers.set(consent, [...(signers.get(consent) ?? []), told]);
  }
  return { two: last !== undefined && text(last, 'wish') === 'on', pending: pendingRule(), signers };

  function pendingRule(): Signing['pending'] {
    if (waiting === undefined) return undefined;
    const textHash = text(waiting, 'text_hash');
    const said = sliceText(reading, client, textHash) ?? '';
    return {
      ...{ id: text(waiting, 'id'), wish: 'off', text: said, textHash },
      ...{ seat: text(waiting, 'seat'), at: int(waiting, 'at') },
    };
  }
}
