/**
 * Robots: machines that come for backup, restore and supervision. A robot stands among the staff, with somebody who answers
 * for it, and passes by the same decision; what cannot be asked of a machine is told here, each with its reason. Pure.
 */
import type { AuthenticationDemand, Person, Purpose, Snapshot, Text } from './model.ts';
import type { CriterionName } from './question.ts';
import { type HoursWindow, type Schedule, windowsBetween } from './schedule.ts';

/** How a robot proves to the identity provider that it is itself; a shared secret is weaker. */
export const robotProofs = ['private-key', 'certificate', 'secret'] as const;
export type RobotProof = (typeof robotProofs)[number];

/** A window in which a robot may come; with `latest` it is expected each time, and must have come by then. */
export interface RobotWindow extends HoursWindow {
  /** Minutes after midnight; not after `from`: on the next day. */
  readonly latest?: number;
}

/** What a person of the snapshot has beside when it is a robot. */
export interface Robot {
  /** As its own name is, without the word for what it is. */
  readonly label: string;
  /** The client at its identity provider to which its tokens are given. */
  readonly clientId: string;
  /** What its tokens have to be for; left out: the portal’s own address. */
  readonly audience?: string;
  readonly proof: RobotProof;
  /** Id of the human being who answers for it. */
  readonly responsible: string;
  /** Codes of the purposes it may declare. */
  readonly purposes: readonly string[];
  readonly windows: readonly RobotWindow[];
  /** The same windows as hours: public holidays do not close them. */
  readonly hours: Schedule;
}

export type RobotPerson = Person & { readonly robot: Robot };

/** What stands on lines as the function of a robot. */
export const robotFunction = 'robot';

/** Whether what was done was done by a robot, as the lines tell it. */
export function isRobots({ functions }: { readonly functions: readonly string[] }): boolean {
  return functions.length === 1 && functions[0] === robotFunction;
}

const prefix = 'robot:';

/** How an agreement names a robot; no person, team or other word is called so. */
export function robotName(id: string): string {
  return `${prefix}${id}`;
}

/** The robot that an agreement names so; undefined: it names somebody else. */
export function namedRobot(who: string): string | undefined {
  return who.startsWith(prefix) ? who.slice(prefix.length) : undefined;
}

/** As people read it, with who answers for it: `⚙ Robot Nightly backup (responsible: A. Martin)`. */
export function robotInWords({ people }: Pick<Snapshot, 'people'>, id: string): Text {
  const person = people.get(id);
  const name = person?.name ?? id;
  const by = people.get(person?.robot?.responsible ?? '')?.name;
  if (by === undefined) return { en: name, fr: name };
  return { en: `${name} (responsible: ${by})`, fr: `${name} (responsable : ${by})` };
}

/** Whether a human being of the provider’s own staff answers for it now. */
export function isAnsweredFor({ people }: Pick<Snapshot, 'people'>, robot: Robot, now: number): boolean {
  const person = people.get(robot.responsible);
  if (person === undefined || person.robot !== undefined || person.employment !== 'employee') return false;
  return now >= person.from && (person.until === undefined || now < person.until);
}

/** Whether the purpose is one for machines, and one of this robot's. */
export function mayRobot(robot: Robot, purpose: Purpose): boolean {
  return purpose.robots === true && robot.purposes.includes(purpose.code);
}

/** Where a strong sign-in is asked of people, a robot has to hold a key that it shows to nobody. */
export function provesEnough(
  robot: Robot,
  ...demands: readonly (AuthenticationDemand | undefined)[]
): boolean {
  const strong = demands.some((one) => one !== undefined && (one.acr.length > 0 || one.amr.length > 0));
  return !strong || robot.proof !== 'secret';
}

/** What it means that a robot meets a criterion, where that is something else than for a person. */
export const robotCriteria: { readonly [C in CriterionName]?: string } = {
  person: 'The robot’s entry is in force, and its responsible person is current staff.',
  authentication:
    'The robot proves itself as strongly as is asked. Class, methods and age of a sign-in are not asked of a robot, because it has no second factor and proves itself anew for each access.',
  place: 'The machine stands in a permitted territory.',
  standing:
    'Not asked of a robot, because a machine is not trained and signs nothing: its responsible person answers for it.',
  function: 'The purpose is one for robots, and one of this robot’s; functions are for people.',
  assignment: 'The robot is assigned to this system.',
  provider: 'A robot is the provider’s own: its responsible person is an employee.',
  grant: 'The client’s agreement is live and names this robot, system and purpose.',
  purpose:
    'The purpose is allowed here and now, within a window of the robot, and declared with what it requires.',
};

/** Why a token shows no robot. */
export type RobotTokenFault =
  | 'token_unreadable'
  | 'token_issuer'
  | 'token_signature'
  | 'token_type'
  | 'token_audience'
  | 'token_expired'
  | 'token_human'
  | 'robot_unknown'
  | 'token_used';

/** One planned run: expected between `from` and `latest`, epoch milliseconds. */
export interface PlannedRun {
  readonly from: number;
  readonly latest: number;
}

/** No planned run is longer: a window ends at the latest a day after it began. */
const longestWindow = 2 * 24 * 3_600_000;

/** The runs that begin with what the robot opens now, the most urgent first. */
export function runsAt(robot: Robot, now: number): readonly PlannedRun[] {
  return runsBetween(robot, now - 1, now + longestWindow).filter(({ from }) => from <= now);
}

/**
 * The runs whose latest beginning lies after `after` and not after `until`, oldest first, each once: windows may say the same
 * run, and do where an hour is left out because the clocks go forward.
 */
export function runsBetween({ windows, hours }: Robot, after: number, until: number): readonly PlannedRun[] {
  const runs = windows.flatMap((window) =>
    window.latest === undefined
      ? []
      : windowsBetween(
          hours.zone,
          { days: window.days, from: window.from, until: window.latest },
          after,
          until,
        ),
  );
  return [...new Map(runs.map(({ from, until }) => [`${from} ${until}`, { from, latest: until }])).values()]
    .filter(({ latest }) => latest > after && latest <= until)
    .sort((a, b) => a.latest - b.latest || a.from - b.from);
}

/** The people of a snapshot that are robots. */
export function robotsIn(people: Iterable<Person>): readonly RobotPerson[] {
  return [...people].filter((one): one is RobotPerson => one.robot !== undefined);
}
