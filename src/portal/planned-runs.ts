/** Planned runs of robots at a client, of the last days and the next: read for the client and for the provider alike. */
import type { Client, Grant } from '../core/model.ts';
import { type RunShown, runsShown } from '../core/planned-runs.ts';
import type { Line, LineQuery } from '../core/ports.ts';
import { watchedAt } from '../core/robot-runs.ts';
import { robotInWords } from '../core/robots.ts';
import { hour } from './formats.ts';
import type { RunRow } from './pages/planned-runs.tsx';
import { runInWords } from './robot-words.ts';
import { systemName } from './system-names.ts';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

const words = texts.robots.runs;

const day = 86_400_000;
/** So far back is looked, and so far ahead: the next run of a robot may be a week away. */
const reach = { back: 7 * day, ahead: 8 * day };
/** Lines that are read at once, and rows that are shown. */
const most = { lines: 500, rows: 50 };

/** Newest first; empty where no robot is expected. `grants`: those in force. */
export async function plannedRuns(
  visit: Visit,
  client: Client,
  grants: Iterable<Grant>,
): Promise<readonly RunRow[]> {
  const { snapshot, now } = visit;
  const after = now - reach.back;
  const planned = watchedAt(snapshot, client, grants, after, now + reach.ahead);
  // A run may have begun before the first instant that is shown and was still to begin then.
  const lines = (await linesSince(visit, client, after - day)).map(({ leaf }) => leaf);
  return runsShown(planned, lines, now)
    .filter(({ latest }) => latest > after)
    .slice(0, most.rows)
    .map((run) => rowOf(visit, client, run));
}

/** All of them: a robot that came to many, or people who came often, take no room from a run that is shown. */
async function linesSince({ deps }: Visit, client: Client, after: number): Promise<readonly Line[]> {
  const kinds: LineQuery['kinds'] = ['robot.missed', 'session.opened', 'session.closed'];
  const query = { client: client.id, kinds, limit: most.lines, disclose: [] };
  const found: Line[] = [];
  for (let before: LineQuery['before']; ; ) {
    const page = await deps.archive.lines({ ...query, ...(before === undefined ? {} : { before }) });
    const recent = page.filter(({ leaf }) => timeOf(leaf) >= after);
    found.push(...recent);
    const last = recent.at(-1);
    if (last === undefined || recent.length < most.lines) return found;
    before = { at: timeOf(last.leaf), index: last.index };
  }
}

function timeOf({ at }: Line['leaf']): number {
  return Date.parse(String(at));
}

function rowOf({ say, snapshot, language }: Visit, client: Client, run: RunShown): RunRow {
  const { robot, system, state } = run;
  const told = {
    key: `${robot} ${system} ${run.from} ${run.latest}`,
    robot: say(robotInWords(snapshot, robot)),
    system: say(systemName(client, system)),
    planned: say(runInWords(run, client.zone)),
    opening: state.kind === 'came' ? state.opening : undefined,
  };
  switch (state.kind) {
    case 'came': {
      const text = say(words.came(hour(state.at, client.zone, language)));
      const said = state.said === undefined ? '' : `, ${say(words.said[state.said])}`;
      return { ...told, kind: state.said === 'failed' ? 'bad' : 'good', what: `${text}${said}` };
    }
    case 'missed':
      return { ...told, kind: 'bad', what: say(state.observed ? words.missed : words.unseen) };
    default:
      return { ...told, kind: 'calm', what: say(words[state.kind]) };
  }
}
