/**
 * Planned runs of robots that did not come: what is watched, and what lines may say of it. A run counts for each system that
 * the robot is assigned to, while an agreement of the client names the robot; from when that is first seen on. Pure.
 */
import { isAssignedNow } from './decide-facts.ts';
import type { LeafFields } from './entries.ts';
import type { Client, Grant, Person, Snapshot, System } from './model.ts';
import { type PlannedRun, type RobotPerson, robotName, robotsIn, runsBetween } from './robots.ts';
import { isTime, list } from './story-lines.ts';

/** A robot that is expected at a system. */
export interface WatchedRobot {
  readonly client: string;
  readonly robot: string;
  readonly system: string;
  /** The windows as they are planned; when they change, watching begins anew. */
  readonly plan: string;
  /** Runs that were to begin by now, oldest first; some may have been looked at before. */
  readonly runs: readonly PlannedRun[];
}

/**
 * `robot.missed` for each run that has no opening, once; whom nobody watches any more is forgotten. What is watched for the
 * first time begins now. `since`: when the gateway began to see what robots do. `unread`: clients that could not be looked at.
 */
export interface WatchRobots {
  readonly do: 'watch-robots';
  readonly watched: readonly WatchedRobot[];
  readonly since: number;
  readonly unread: readonly string[];
}

/** The clients to which a robot with planned runs is assigned by its id. */
export function expectingClients({ people, clients }: Snapshot): readonly Client[] {
  const ids = new Set(expected(people.values()).map(({ id }) => id));
  if (ids.size === 0) return [];
  return [...clients.values()].filter(
    ({ status, assignments }) => status === 'live' && assignments.some(({ who }) => ids.has(who)),
  );
}

function expected(people: Iterable<Person>): readonly RobotPerson[] {
  return robotsIn(people).filter(({ robot }) => robot.windows.some(({ latest }) => latest !== undefined));
}

/** What is watched at one client, with the runs that were to begin after `after` and by `now`. */
export function watchedAt(
  { people }: Snapshot,
  client: Client,
  grants: Iterable<Grant>,
  after: number,
  now: number,
): readonly WatchedRobot[] {
  const all = [...grants];
  return expected(people.values()).flatMap((person) => {
    const runs = runsBetween(person.robot, after, now);
    const { windows, hours } = person.robot;
    const plan = JSON.stringify([hours.zone, windows]);
    return [...client.systems.values()].flatMap((system) => {
      const naming = all.filter((grant) => names(grant, person, system));
      if (naming.length === 0 || !isEverAssigned(client, person, system)) return [];
      const counted = runs.filter((run) => isPlanned(client, person, system, naming, run));
      return [{ client: client.id, robot: person.id, system: system.id, plan, runs: counted }];
    });
  });
}

/** An agreement that rests expects the run all the same: it is not made because it rests, and that is told. */
function names(grant: Grant, { id, robot }: RobotPerson, system: System): boolean {
  const live = grant.status === 'active' || grant.status === 'suspended';
  const purposes = grant.purposes.filter(
    (code) => robot.purposes.includes(code) && system.purposes.includes(code),
  );
  return (
    live && grant.people.includes(robotName(id)) && grant.systems.includes(system.id) && purposes.length > 0
  );
}

function isEverAssigned(client: Client, { id }: RobotPerson, system: System): boolean {
  return client.assignments.some(
    ({ who, systems }) => who === id && (systems.includes(system.id) || systems.includes('*')),
  );
}

function isPlanned(
  client: Client,
  person: RobotPerson,
  system: System,
  naming: readonly Grant[],
  { from, latest }: PlannedRun,
): boolean {
  const within = (first: number, end: number | undefined) =>
    first <= from && (end === undefined || latest < end);
  const assigned = (at: number) => client.assignments.some((one) => isAssignedNow(one, person, system, at));
  const { contract } = client;
  return (
    within(person.from, person.until) &&
    within(contract.from, contract.until) &&
    naming.some((grant) => within(grant.from, Math.min(grant.until, grant.noticed ?? grant.until))) &&
    assigned(from) &&
    assigned(latest)
  );
}

/** Planned runs as they stand on the opening with which they begin: `FROM/LATEST`, space-separated; '' when there are none. */
export function printRuns(runs: readonly PlannedRun[]): string {
  const time = (at: number) => new Date(at).toISOString();
  return runs.map(({ from, latest }) => `${time(from)}/${time(latest)}`).join(' ');
}

/** The runs that an opening says to begin; those that cannot be read are left out. */
export function readRuns({ runs }: LeafFields): readonly PlannedRun[] {
  return list(runs ?? '').flatMap((run) => {
    const [from = Number.NaN, latest = Number.NaN] = run.split('/').map(Date.parse);
    return from < latest ? [{ from, latest }] : [];
  });
}

/**
 * Whether a robot's opening is the beginning of a run. It says so since `runs` was decided with it; of older ones the time of the
 * line decides.
 */
export function begins(leaf: LeafFields, from: string, latest: string): boolean {
  if (leaf.runs !== undefined) return list(leaf.runs).includes(`${from}/${latest}`);
  const at = String(leaf.at);
  return at >= from && at <= latest;
}

/** A line may be written so much later than what it tells was decided, milliseconds. */
const late = 60_000;

/** What is wrong with the runs that an opening says to begin; undefined: nothing. */
function wrongRuns({ runs, robot, at }: LeafFields): string | undefined {
  if (runs === undefined) return undefined;
  if (robot === undefined) return 'an opening of a person begins a run of a robot';
  const isRun = (run: string): boolean => {
    const [from = '', latest = '', ...more] = run.split('/');
    if (!isTime(from) || !isTime(latest) || from >= latest || more.length > 0) return false;
    return from <= String(at) && Date.parse(String(at)) <= Date.parse(latest) + late;
  };
  return runs !== '' && list(runs).every(isRun) ? undefined : 'it begins a run of another time';
}

/** What the lines of a log say about robots. */
export class RobotsTold {
  readonly #openings: LeafFields[] = [];
  readonly #sessions = new Set<string>();
  readonly #missed = new Set<string>();

  opened(leaf: LeafFields): string | undefined {
    const wrong = wrongRuns(leaf);
    if (wrong !== undefined || leaf.robot === undefined) return wrong;
    this.#sessions.add(String(leaf.id));
    this.#openings.push(leaf);
    return undefined;
  }

  /** A robot has no browser. */
  intended(leaf: LeafFields): string | undefined {
    const browsed = this.#sessions.has(String(leaf.session)) && leaf.tool !== true;
    return browsed ? 'a browser works in an opening of a robot' : undefined;
  }

  missed(leaf: LeafFields): string | undefined {
    const { robot, system, at } = leaf;
    const [from, latest] = [String(leaf.from), String(leaf.latest)];
    if (!isTime(from) || !isTime(latest) || from >= latest || latest > String(at))
      return 'the run was not yet to come';
    if (typeof leaf.observed !== 'boolean') return 'it does not say observed';
    const key = `${String(robot)} ${String(system)} ${from} ${latest}`;
    if (this.#missed.has(key)) return 'the same run is missed twice';
    this.#missed.add(key);
    const came = this.#openings.some(
      (one) => one.robot === robot && list(one.systems).includes(String(system)) && begins(one, from, latest),
    );
    return came ? 'the robot came in that time' : undefined;
  }
}
