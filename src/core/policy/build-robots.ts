/**
 * Makes people of the snapshot out of the robots of the staff file, and says what is wrong with them where only the files
 * together can tell: an id that somebody else has, nobody who answers, a purpose that is not for machines.
 */
import type { Person, Standing } from '../model.ts';
import type { RobotWindow } from '../robots.ts';
import { minutesOf } from './build-rules.ts';
import { checkPeriod, mustBeKnown } from './check-references.ts';
import type { Complaints } from './complaints.ts';
import type { Files } from './gather.ts';
import { endOf, startOf } from './instants.ts';
import { weekDays } from './schema-rules.ts';
import type { RobotSource, StaffFile } from './schemas.ts';

/** A machine is not trained and signs nothing. */
const none: Standing = {
  securityTraining: undefined,
  gdprTraining: undefined,
  charter: undefined,
  confidentiality: undefined,
};

/** By id; `zone` is the provider's own. Dates that cannot be read never let a robot in. */
export function buildRobots({ robots }: StaffFile, zone: string): readonly (readonly [string, Person])[] {
  return Object.entries(robots).map(([id, source]) => {
    const windows = source.windows.map(windowOf);
    const person: Person = {
      id,
      // A sign and one word in both languages, so that nothing shows a machine as if it were somebody.
      name: `⚙ Robot ${source.name}`,
      issuer: source.issuer,
      subject: subjectOf(source),
      employment: 'employee',
      provider: undefined,
      from: startOf(source.from, zone) ?? Number.POSITIVE_INFINITY,
      until: source.until === undefined ? undefined : (endOf(source.until, zone) ?? 0),
      functions: [],
      teams: [],
      place: source.place,
      standing: none,
      robot: {
        label: source.name,
        clientId: source.client_id,
        ...(source.audience === undefined ? {} : { audience: source.audience }),
        proof: source.proof,
        responsible: source.responsible,
        purposes: source.purposes,
        windows,
        hours: { zone: source.zone ?? zone, windows, closedOn: 'none' },
      },
    };
    return [id, person];
  });
}

/** What its tokens name it: its client at the provider, unless that gives machines a subject of their own. */
export function subjectOf({ client_id, subject }: Pick<RobotSource, 'client_id' | 'subject'>): string {
  return subject ?? client_id;
}

function windowOf({ days, from, until, latest }: RobotSource['windows'][number]): RobotWindow {
  return {
    days: days.map((name) => weekDays.indexOf(name) + 1),
    from: minutesOf(from),
    until: minutesOf(until),
    ...(latest === undefined ? {} : { latest: minutesOf(latest) }),
  };
}

/** Adds a fault for each robot that nobody answers for, that is somebody else, or that may do what machines may not. */
export function checkRobots({ staff, purposes, identity }: Files, complaints: Complaints): void {
  if (staff === undefined) return;
  const { people, users, robots } = staff.content;
  for (const [id, robot] of Object.entries(robots)) {
    const at = ['robots', id];
    if (Object.hasOwn(people, id) || Object.hasOwn(users, id))
      complaints.add(staff, at, `"${id}" is already a person's id`, 'key');
    checkPeriod(complaints, staff, at, robot);
    const responsible = [...at, 'responsible'];
    if (Object.hasOwn(robots, robot.responsible))
      complaints.add(staff, responsible, 'a robot answers for nothing: name a person');
    else mustBeKnown(complaints, staff, responsible, robot.responsible, Object.keys(people), 'person');
    const person = Object.hasOwn(people, robot.responsible) ? people[robot.responsible] : undefined;
    if (person !== undefined && person.employment !== 'employee')
      complaints.add(staff, responsible, 'must be an employee: a robot is the provider’s own');
    for (const [index, code] of robot.purposes.entries()) {
      const path = [...at, 'purposes', index];
      const known = purposes?.content.purposes;
      mustBeKnown(complaints, staff, path, code, known && Object.keys(known), 'purpose');
      const purpose = known !== undefined && Object.hasOwn(known, code) ? known[code] : undefined;
      if (purpose !== undefined && !purpose.robots)
        complaints.add(staff, path, `the purpose "${code}" is for people: it has no robots: true`);
    }
    for (const [index, window] of robot.windows.entries()) {
      if (!isWithin(windowOf(window)))
        complaints.add(staff, [...at, 'windows', index, 'latest'], 'must lie within the window');
    }
    const own = Object.values(identity?.content.providers ?? {}).some(
      ({ issuer, client_id }) => issuer === robot.issuer && client_id === robot.client_id,
    );
    if (own)
      complaints.add(
        staff,
        [...at, 'client_id'],
        'people sign in with this client: a robot needs one of its own',
      );
  }
}

function isWithin({ from, until, latest }: RobotWindow): boolean {
  if (latest === undefined) return true;
  const after = (time: number) => (time > from ? time : time + 1440);
  return after(latest) <= after(until);
}
