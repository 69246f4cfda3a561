/**
 * Runs of a robot that did not come, from the look to the line, in the real ledger: once each, across restarts and crashes; what
 * nobody saw is told as such.
 */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type RobotWatch, startRobotWatch } from '../../src/app-robots.ts';
import { Fault } from '../../src/core/faults.ts';
import type { Grant, Snapshot } from '../../src/core/model.ts';
import type { InForce } from '../../src/core/ports.ts';
import type { Log } from '../../src/log.ts';
import { ask, asRobot, type World as Case, passing } from '../core/decide-world.ts';
import {
  declareCommand,
  endSound,
  type Folder,
  makeFolder,
  openingOf,
  openLedger,
  settle,
  standingClock,
  type World,
} from './ledger-world.ts';

const minute = 60_000;
const week = 7 * 24 * 60 * minute;
/** A Monday, 8:00 in Paris; the robot is expected each Monday between 9:00 and 10:00. */
const begin = Date.parse('2026-03-02T07:00:00Z');
const silent: Log = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
};

let folder: Folder;
let world: World;
let clock: ReturnType<typeof standingClock>;
let settled: Awaited<ReturnType<typeof settle>>;
let watch: RobotWatch;
let snapshot: Snapshot;
let grant: Grant;
let unreadable = false;

/** A client with a robot that is assigned and named. */
function rules(change: (world: Case) => void = () => undefined): Snapshot {
  const found = passing();
  asRobot()(found);
  found.assignments = found.assignments.map(({ until: _, ...one }) => ({ ...one, until: undefined }));
  change(found);
  return ask(found).snapshot;
}

function watching(): RobotWatch {
  return startRobotWatch({
    policies: { current: () => snapshot },
    authority: {
      client: async () => {
        if (unreadable) throw new Fault('ledger_unavailable', 'a test');
        return { grants: new Map([[grant.id, grant]]) } as unknown as InForce;
      },
      run: (command) => world.ledger.run(command),
    },
    clock,
    log: silent,
  });
}

/** Time passes, and is looked at as it passes. */
async function until(time: string): Promise<void> {
  const end = Date.parse(time);
  while (clock.now() < end) {
    clock.advance(Math.min(110_000, end - clock.now()));
    await watch.look();
  }
}

async function restart(): Promise<void> {
  watch.stop();
  await world.close();
  world = await openLedger(folder, clock);
  watch = watching();
}

async function missed() {
  const lines = await world.archive.lines({
    ...{ client: 'acme', kinds: ['robot.missed'], limit: 100, disclose: [] },
  });
  return lines.map(({ leaf: { robot, system, from, latest, observed } }) =>
    [robot, system, from, latest, observed].join(' '),
  );
}

const first = 'alice erp 2026-03-02T08:00:00.000Z 2026-03-02T09:00:00.000Z';
const second = 'alice erp 2026-03-09T08:00:00.000Z 2026-03-09T09:00:00.000Z';

async function comes(decided = clock.now(), runs?: string): Promise<void> {
  const opening = openingOf(settled.grant.id, settled.opening.login, decided);
  const { epoch } = await world.ledger.run({ do: 'close', client: 'acme', by: undefined, closings: [] });
  const { code: _, ...command } = declareCommand(opening, epoch);
  const answer = await world.ledger.run({
    ...command,
    fields: { ...command.fields, robot: 'alice', ...(runs && { runs }) },
  });
  expect(answer).toHaveProperty('receipt');
}

beforeEach(async () => {
  unreadable = false;
  snapshot = rules();
  folder = makeFolder();
  clock = standingClock(begin);
  world = await openLedger(folder, clock);
  settled = await settle(folder, (command) => world.ledger.run(command), clock.now());
  grant = {
    ...settled.grant,
    ...{ people: ['robot:alice'], systems: ['erp'], purposes: ['support'] },
    ...{ from: begin - week, until: begin + 10 * week },
  };
  watch = watching();
  await watch.look();
});

afterEach(async () => {
  watch.stop();
  await endSound(world, folder);
});

test('is told once it is too late, once, also after a restart, and the next week anew', async () => {
  await until('2026-03-02T08:59:00Z');
  expect(await missed()).toEqual([]);
  await until('2026-03-02T12:00:00Z');
  expect(await missed()).toEqual([`${first} true`]);
  await restart();
  await watch.look();
  await watch.look();
  expect(await missed()).toEqual([`${first} true`]);
  await until('2026-03-09T09:10:00Z');
  expect(await missed()).toEqual([`${second} true`, `${first} true`]);
});

test('says nothing when the robot came, even at the last moment', async () => {
  await until('2026-03-02T09:00:00Z');
  await comes();
  await until('2026-03-02T12:00:00Z');
  expect(await missed()).toEqual([]);
});

test('says nothing of a robot that was let in at the last moment, though its line came after it', async () => {
  await until('2026-03-02T09:00:00Z');
  const decided = clock.now();
  clock.advance(2_000);
  await watch.look();
  await comes(decided, '2026-03-02T08:00:00.000Z/2026-03-02T09:00:00.000Z');
  await until('2026-03-02T12:00:00Z');
  expect(await missed()).toEqual([]);
});

test('a robot that came for another run then did not come for this one', async () => {
  await until('2026-03-02T08:30:00Z');
  await comes(clock.now(), '2026-03-02T08:20:00.000Z/2026-03-02T08:40:00.000Z');
  await until('2026-03-02T12:00:00Z');
  expect(await missed()).toEqual([`${first} true`]);
});

test('came too late is not come', async () => {
  await until('2026-03-02T09:00:00Z');
  clock.advance(1_000);
  await comes();
  await until('2026-03-02T12:00:00Z');
  expect(await missed()).toEqual([`${first} true`]);
});

test('what was missed while the gateway was down is told as not observed, each run once', async () => {
  watch.stop();
  clock.advance(2 * week);
  await restart();
  await watch.look();
  await watch.look();
  expect(await missed()).toEqual([`${second} false`, `${first} false`]);
});

test('a process that slept through it did not observe it either', async () => {
  await until('2026-03-02T08:10:00Z');
  clock.advance(2 * 60 * minute);
  await watch.look();
  expect(await missed()).toEqual([`${first} false`]);
});

test('an agreement that rests leaves the run expected; one that is over, or names it no more, does not', async () => {
  grant = { ...grant, status: 'suspended' };
  await until('2026-03-02T09:10:00Z');
  expect(await missed()).toEqual([`${first} true`]);
  grant = { ...grant, status: 'revoked' };
  await until('2026-03-09T12:00:00Z');
  grant = { ...grant, status: 'active', people: ['assigned', 'alice'] };
  await until('2026-03-16T12:00:00Z');
  expect(await missed()).toHaveLength(1);
});

test('a clock that is set back tells no run twice', async () => {
  await until('2026-03-02T09:10:00Z');
  grant = { ...grant, status: 'revoked' };
  await until('2026-03-02T09:20:00Z');
  clock.advance(-120 * minute);
  grant = { ...grant, status: 'active' };
  await restart();
  await until('2026-03-02T09:20:00Z');
  expect(await missed()).toHaveLength(1);
  await until('2026-03-09T09:10:00Z');
  expect(await missed()).toEqual([`${second} true`, `${first} true`]);
});

test('watching begins when it is planned, and anew when the plan changes', async () => {
  await until('2026-03-02T08:30:00Z');
  const windows = [{ days: [1], from: 60, until: 600, latest: 120 }];
  snapshot = rules((found) => {
    if (found.person?.robot !== undefined)
      found.person = { ...found.person, robot: { ...found.person.robot, windows } };
  });
  // One in the morning is long over: nobody expected it then.
  await until('2026-03-02T12:00:00Z');
  expect(await missed()).toEqual([]);
  await until('2026-03-09T02:00:00Z');
  expect(await missed()).toEqual(['alice erp 2026-03-09T00:00:00.000Z 2026-03-09T01:00:00.000Z true']);
});

test('a client that cannot be read is looked at again, and nothing is lost', async () => {
  await until('2026-03-02T08:50:00Z');
  unreadable = true;
  await until('2026-03-02T10:00:00Z');
  expect(await missed()).toEqual([]);
  unreadable = false;
  await until('2026-03-02T10:10:00Z');
  expect(await missed()).toEqual([`${first} true`]);
});

test('who is no robot any more is forgotten', async () => {
  snapshot = rules((found) => {
    found.assignments = [];
  });
  await until('2026-03-02T12:00:00Z');
  snapshot = rules();
  await until('2026-03-02T13:00:00Z');
  expect(await missed()).toEqual([]);
});
