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
/** Openings of one robot, and missed runs, that are looked at; rows that are shown. */
const most = { openings: 100, missed: 100, rows: 50 };

/** Newest first; empty where no robot is expected. `grants`: those in force. */
export async function plannedRuns(
  visit: Visit,
  client: Client,
  grants: Iterable<Grant>,
): Promise<readonly RunRow[]> {
  const { snapshot, now } = visit;
  const after = now - reach.back;
  const planned = watchedAt(snapshot, client, grants, after, now + reach.ahead);
  const lines = [
    ...(await missedLines(visit, client, after)),
    ...(await openingLines(visit, client, [...new Set(planned.map(({ robot }) => robot))], after)),
  ].map(({ leaf }) => leaf);
  return runsShown(planned, lines, now)
    .slice(0, most.rows)
    .map((run) => rowOf(visit, client, run));
}

async function missedLines({ deps }: Visit, client: Client, after: number): Promise<readonly Line[]> {
  const lines = await deps.archive.lines({
    ...{ client: client.id, kinds: ['robot.missed'], limit: most.missed, disclose: [] },
  });
  return lines.filter(({ leaf }) => Date.parse(String(leaf.at)) >= after);
}

async function openingLines(
  { deps, now }: Visit,
  client: Client,
  robots: readonly string[],
  after: number,
): Promise<readonly Line[]> {
  const period = { from: after, until: now + 1 };
  const page = { before: undefined, limit: most.openings };
  const openings = await Promise.all(robots.map((id) => deps.archive.openingsWithin(id, period, page)));
  const kinds: LineQuery['kinds'] = ['session.opened', 'session.closed'];
  const lines = await Promise.all(
    openings
      .flat()
      .filter((opening) => opening.client === client.id)
      .map(({ id }) => deps.archive.lines({ client: client.id, kinds, session: id, limit: 2, disclose: [] })),
  );
  return lines.flat();
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
