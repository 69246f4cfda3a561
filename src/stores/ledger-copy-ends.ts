/** What exchanges tell of the copies that they carry, in the transactions of their lines. */
import type { LeafFields } from '../core/entries.ts';
import type { Acts } from './ledger-acts.ts';
import { giveBack } from './ledger-budgets.ts';
import type { LogState } from './ledger-log.ts';
import { optionalInt, optionalText } from './rows.ts';

/** What the result of a copy's exchange says of it. Of nothing there is no copy. */
export function endCopy(acts: Acts, log: LogState, request: string, fields: LeafFields): void {
  const outcome = String(fields.outcome);
  const unknown = outcome === 'unknown-after-crash';
  const digest = typeof fields.digest === 'string' ? fields.digest : null;
  acts.pen.sql.endCopy.run(outcome, digest, unknown ? null : Number(fields.down), request);
  if (!unknown) giveBackOf(acts, request, Number(fields.down));
  if (!unknown && fields.down === 0) acts.pen.sql.goneCopy.run(log.at, 'nothing', log.at, request);
}

function giveBackOf(acts: Acts, request: string, down: number): void {
  const row = acts.pen.sql.copyByRequest.get(request);
  if (row === undefined) return;
  const [grant, period] = [optionalText(row, 'consent'), optionalInt(row, 'period')];
  if (grant === undefined || period === undefined) return;
  giveBack(acts, { grant, period, atMost: optionalInt(row, 'at_most') }, down);
}

/** Bytes that a running copy moved so far: if its process dies, it was at least so many. */
export function countCopy(acts: Acts, request: string, down: number): void {
  acts.pen.sql.countCopy.run(down, request);
}
