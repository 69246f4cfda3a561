/** What came of the planned runs of robots at one client, from what its log says of openings and of missed runs. Pure. */
import type { LeafFields } from './entries.ts';
import { begins, readRuns, type WatchedRobot } from './robot-runs.ts';
import type { PlannedRun } from './robots.ts';
import { list } from './story-lines.ts';

/** `unwatched`: nobody looked whether it came, because rules or agreement were not there yet, or were others. */
export type RunState =
  | {
      readonly kind: 'came';
      readonly opening: string;
      readonly at: number;
      /** What the robot said at the end; undefined: nothing, or it is still in. */
      readonly said: 'done' | 'failed' | undefined;
    }
  | { readonly kind: 'missed'; readonly observed: boolean }
  | { readonly kind: 'coming' | 'due' | 'unwatched' };

export interface RunShown extends PlannedRun {
  readonly robot: string;
  readonly system: string;
  readonly state: RunState;
}

/** So long after its latest time a run is still being looked for, milliseconds: its line is written within a minute. */
const patience = 2 * 60_000;

/** `lines`: those of openings by robots, of their ends, and of missed runs. Of what is to come only the next; newest first. */
export function runsShown(
  planned: readonly WatchedRobot[],
  lines: readonly LeafFields[],
  now: number,
): readonly RunShown[] {
  const openings = lines.filter(({ t }) => t === 'session.opened');
  const ends = new Map(lines.filter(({ t }) => t === 'session.closed').map((leaf) => [leaf.session, leaf]));
  const shown = new Map<string, RunShown>();
  const put = (robot: string, system: string, run: PlannedRun, state: RunState): void => {
    shown.set(`${robot} ${system} ${run.from} ${run.latest}`, { robot, system, ...run, state });
  };
  const came = (opening: LeafFields): RunState => ({
    ...{ kind: 'came', opening: String(opening.id), at: Date.parse(String(opening.at)) },
    said: saidAtEnd(ends.get(String(opening.id))),
  });
  for (const { robot, system, runs } of planned)
    for (const run of nextOnly(runs, now)) {
      const opening = openings.find((leaf) => isBegunBy(leaf, robot, system, run));
      put(robot, system, run, opening === undefined ? { kind: waitsAt(run, now) } : came(opening));
    }
  for (const leaf of lines.filter(({ t }) => t === 'robot.missed')) {
    const run = { from: Date.parse(String(leaf.from)), latest: Date.parse(String(leaf.latest)) };
    put(String(leaf.robot), String(leaf.system), run, { kind: 'missed', observed: leaf.observed === true });
  }
  // Of a plan that is another by now.
  for (const leaf of openings)
    for (const system of list(leaf.systems))
      for (const run of readRuns(leaf)) put(String(leaf.robot), system, run, came(leaf));
  return [...shown.values()].sort((a, b) => b.latest - a.latest || (a.system < b.system ? -1 : 1));
}

function nextOnly(runs: readonly PlannedRun[], now: number): readonly PlannedRun[] {
  const begun = runs.filter(({ from }) => from <= now);
  return [...begun, ...runs.filter(({ from }) => from > now).slice(0, 1)];
}

function isBegunBy(leaf: LeafFields, robot: string, system: string, { from, latest }: PlannedRun): boolean {
  const time = (at: number) => new Date(at).toISOString();
  return (
    leaf.robot === robot && list(leaf.systems).includes(system) && begins(leaf, time(from), time(latest))
  );
}

function waitsAt({ from, latest }: PlannedRun, now: number): 'coming' | 'due' | 'unwatched' {
  if (now < from) return 'coming';
  return now <= latest + patience ? 'due' : 'unwatched';
}

function saidAtEnd(end: LeafFields | undefined): 'done' | 'failed' | undefined {
  return end?.result === 'done' || end?.result === 'failed' ? end.result : undefined;
}
