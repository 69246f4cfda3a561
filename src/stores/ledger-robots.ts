/**
 * Runs of robots that did not come: `robot.missed`, once each, in the transaction that looks whether there is an opening. Up
 * to when each robot was looked after stands in a row, so that nothing is told twice nor, after a time without us, forgotten.
 */
import type { Answers } from '../core/answers.ts';
import type { MissedFields } from '../core/entries.ts';
import { parseLeaf } from '../core/leaf.ts';
import { begins, type WatchedRobot, type WatchRobots } from '../core/robot-runs.ts';
import type { PlannedRun } from '../core/robots.ts';
import { type Acts, rfc3339, write } from './ledger-acts.ts';
import { type LogState, newId } from './ledger-log.ts';
import { words } from './ledger-rows.ts';
import { int, text } from './rows.ts';

/** By how much the time of an opening may differ from that of its line, milliseconds. */
const slack = 10 * 60_000;

export function watchRobots(acts: Acts, command: WatchRobots): Answers['watch-robots'] {
  const { sql } = acts.pen;
  let missed = 0;
  const watched = new Set<string>();
  for (const one of command.watched) {
    watched.add(`${one.client} ${one.robot} ${one.system}`);
    const log = acts.heads.touchIfSound(one.client, acts.now);
    if (log === undefined) continue;
    const row = sql.robotRuns.get(log.id, one.robot, one.system);
    if (row === undefined || text(row, 'plan') !== one.plan) {
      // Of the log, whose time never goes back: what was told before is not told again where the clock was set back.
      sql.putRobotRuns.run(log.id, one.robot, one.system, one.plan, log.at);
      continue;
    }
    const since = int(row, 'upto');
    const due = one.runs.filter(({ latest }) => latest > since && latest < acts.now);
    for (const run of due) if (miss(acts, log, one, run, command.since)) missed += 1;
    const upto = due.at(-1)?.latest;
    if (upto !== undefined) sql.putRobotRuns.run(log.id, one.robot, one.system, one.plan, upto);
  }
  for (const row of sql.allRobotRuns.all()) {
    const [client, robot, system] = [text(row, 'client'), text(row, 'robot'), text(row, 'system')];
    if (!watched.has(`${client} ${robot} ${system}`) && !command.unread.includes(client))
      sql.deleteRobotRuns.run(int(row, 'log'), robot, system);
  }
  return { missed };
}

/** False: the robot came. */
function miss(
  acts: Acts,
  log: LogState,
  { robot, system }: WatchedRobot,
  run: PlannedRun,
  since: number,
): boolean {
  if (came(acts, log, robot, system, run)) return false;
  const fields: MissedFields = {
    robot,
    system,
    from: rfc3339(run.from),
    latest: rfc3339(run.latest),
    observed: since <= run.from,
  };
  write(acts, log, { t: 'robot.missed', id: newId(), fields: { ...fields } });
  return true;
}

function came(acts: Acts, log: LogState, robot: string, system: string, run: PlannedRun): boolean {
  const { keyring, sql } = acts.pen;
  const owner = sql.ownerByToken.get(keyring.token('person', robot), log.id);
  if (owner === undefined) return false;
  const [from, latest] = [rfc3339(run.from), rfc3339(run.latest)];
  return sql.openedBetween.all(int(owner, 'id'), run.from - slack, run.latest + slack).some((row) => {
    const leaf = parseLeaf(Buffer.from(text(row, 'leaf'), 'utf8'));
    return leaf !== undefined && words(text(row, 'systems')).includes(system) && begins(leaf, from, latest);
  });
}
