/**
 * Credentials of tools, known by their hash alone: each is of one access and opens what it opens. A hash outlives its access
 * for a while, so that whoever still sends the credential is told and stands in the log.
 */
import type { Answers } from '../core/answers.ts';
import type { Command } from '../core/commands.ts';
import type { Opening } from '../core/model.ts';
import { mostTools } from '../core/tool.ts';
import type { Acts } from './ledger-acts.ts';
import type { Reading } from './ledger-queries.ts';
import { toOpening } from './ledger-queries.ts';
import { int, optionalInt, text } from './rows.ts';

/** How long the hash of a credential is kept, in milliseconds: far beyond any access. */
const kept = 90 * 24 * 3_600_000;

/** Hangs a credential on a live access of this client. No line: what is done with it has lines. */
export function tool(acts: Acts, command: Extract<Command, { do: 'tool' }>): Answers['tool'] {
  const { sql } = acts.pen;
  const log = acts.heads.touch(command.client, acts.now);
  const row = sql.openingById.get(command.opening);
  const over = row === undefined || int(row, 'log') !== log.id || optionalInt(row, 'ended_at') !== undefined;
  if (over || int(row, 'ends_at') <= acts.now) return { refused: 'opening_ended' };
  const seq = int(row, 'seq');
  if (Number(sql.toolsOf.get(seq)?.count) >= mostTools) return { refused: 'too_many_tools' };
  sql.forgetTools.run(acts.now - kept);
  sql.insertTool.run(command.hash, seq, acts.now);
  return { ok: true };
}

/** The access that a credential was made for, ended ones too; undefined: no credential has this hash. */
export function toolOpening(reading: Reading, hash: string): Opening | undefined {
  const row = reading.db
    .prepare(
      `SELECT o.*, l.client FROM tools t JOIN openings o ON o.seq = t.opening JOIN logs l ON l.id = o.log
       WHERE t.hash = ?`,
    )
    .get(hash);
  return row === undefined ? undefined : toOpening(reading, text(row, 'client'), row);
}
