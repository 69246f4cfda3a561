/** Drills: openings by nobody, as lines alone. There is no row: nothing is ever permitted by one. */
import type { Answers } from '../core/answers.ts';
import type { Command } from '../core/commands.ts';
import { beginningFault, type Drill, drillLimits, drillsOf, stoppingFault } from '../core/drills.ts';
import { parseLeaf } from '../core/leaf.ts';
import { type Acts, rfc3339, seatFields, write } from './ledger-acts.ts';
import { type LogState, newId } from './ledger-log.ts';
import { entryKey } from './ledger-schema.ts';
import { liveSeat } from './ledger-seated.ts';
import { int, text } from './rows.ts';

/** `drill.ran`: begins one, or stops the one named. */
export function drill(acts: Acts, command: Extract<Command, { do: 'drill' }>): Answers['drill'] {
  const log = acts.heads.touch(command.client, acts.now);
  if (liveSeat(acts, log, command.by.seat) === undefined) return { refused: 'not_seated' };
  const known = recent(acts, log);
  const fault =
    command.drill === undefined ? beginningFault(known, log.at) : stoppingFault(known, command.drill, log.at);
  if (fault !== undefined) return { refused: fault };
  const id = command.drill ?? newId();
  const step =
    command.drill === undefined
      ? { step: 'began', ends: rfc3339(log.at + drillLimits.lasts) }
      : { step: 'stopped' };
  const fields = { drill: id, ...step, ...seatFields(command.by) };
  return { receipt: write(acts, log, { t: 'drill.ran', id: newId(), fields }), drill: id };
}

/** Drills of the last hour and perhaps some before; its lines may stand in the part of the year before. */
function recent(acts: Acts, log: LogState): readonly Drill[] {
  const { sql } = acts.pen;
  const lines = sql.newestShards.all(log.id).flatMap((shard) => {
    const first = entryKey(int(shard, 'id'), 0);
    return sql.drillLines.all(first, entryKey(int(shard, 'id') + 1, 0));
  });
  return drillsOf(
    lines.flatMap((row) => {
      const leaf = parseLeaf(Buffer.from(text(row, 'leaf')));
      return leaf === undefined ? [] : [{ leaf }];
    }),
  );
}
