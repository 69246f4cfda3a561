/** What the reader's thread answers about a client's agreements, also those that are over. Read-only. */
import type { Grant } from '../core/model.ts';
import type { UsedBudget } from '../core/ports.ts';
import { spentFrom } from './ledger-budgets.ts';
import { logOf, type Reading } from './ledger-queries.ts';
import { grantFrom } from './ledger-rows.ts';
import { int, text } from './rows.ts';

/** All of them, newest first, with their texts. */
export function grants(reading: Reading, client: string): readonly (Grant & { readonly text: string })[] {
  const log = logOf(reading, client);
  if (log === undefined) return [];
  const rows = reading.db.prepare('SELECT * FROM grants WHERE log = ? ORDER BY entry DESC').all(log.id);
  return rows.map((row) => grantFrom(row, client, log.key));
}

/** When these end or ended as they were signed. */
export function grantEnds(
  reading: Reading,
  client: string,
  ids: readonly string[],
): ReadonlyMap<string, number> {
  const log = logOf(reading, client);
  if (log === undefined) return new Map();
  const rows = reading.db
    .prepare(
      `SELECT id, min(until_at, coalesce(confirm_by, until_at)) AS ends FROM grants
       WHERE log = ? AND id IN (SELECT value FROM json_each(?))`,
    )
    .all(log.id, JSON.stringify(ids));
  return new Map(rows.map((row) => [text(row, 'id'), int(row, 'ends')]));
}

/** What a client's agreements with a budget used, by agreement and the beginning of the period. */
export function budgets(reading: Reading, client: string): readonly UsedBudget[] {
  const log = logOf(reading, client);
  if (log === undefined) return [];
  return reading.db
    .prepare('SELECT b.* FROM budgets b JOIN grants g ON g.id = b.consent WHERE g.log = ?')
    .all(log.id)
    .map((row) => ({ grant: text(row, 'consent'), period: int(row, 'period'), spent: spentFrom(row) }));
}
