/** What is in force, in memory, while readings and acts cross on their way. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Fault } from '../../src/core/faults.ts';
import type { Archive, Cutters } from '../../src/core/ports.ts';
import type { Log } from '../../src/log.ts';
import { LiveAuthority } from '../../src/stores/authority.ts';
import { createStopNotes } from '../../src/stores/stop-notes.ts';
import {
  declareCommand,
  type Folder,
  failures,
  grantCommand,
  loginCommand,
  makeFolder,
  openingOf,
  openLedger,
  settle,
  standingClock,
  type World,
} from './ledger-world.ts';

const nothing = (): undefined => undefined;
const log: Log = { error: nothing, warn: nothing, info: nothing, debug: nothing };
const cutters: Cutters = {
  cut: () => 0,
  running: () => [],
  counts: () => ({ exchanges: 0, statics: 0, refused: 0, up: 0, down: 0 }),
  forget: nothing,
};

test('an agreement given while the first reading is on its way is in force when the reading is done', async () => {
  const folder = makeFolder();
  const clock = standingClock();
  const world = await openLedger(folder, clock);
  try {
    const acme = await settle(folder, (command) => world.ledger.run(command), clock.now());
    let found = nothing as () => void;
    const reading = new Promise<void>((resolve) => {
      found = resolve;
    });
    let letGo = nothing as () => void;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const archive: Archive = {
      ...world.archive,
      async inForce(client) {
        const state = await world.archive.inForce(client);
        found();
        await held;
        return state;
      },
    };
    const authority = new LiveAuthority({
      ...{ ledger: world.ledger, archive, cutters, clock, log },
      notes: createStopNotes(join(folder.guardDir, 'stops'), folder.keys.master, log),
      timing: { epochInterval: 60_000, epochLease: 60_000, ledgerOutage: 60_000 },
    });
    const first = authority.client('acme');
    await reading;
    const command = grantCommand(folder, acme.seat, clock.now());
    await authority.run(command);
    letGo();
    expect((await first).grants.get(command.grant.id)?.status).toBe('active');
    expect((await authority.client('acme')).grants.get(command.grant.id)?.status).toBe('active');
  } finally {
    await world.close();
    folder.remove();
  }
});

describe('a command line that is signed out', () => {
  const clock = standingClock();
  let folder: Folder;
  let world: Awaited<ReturnType<typeof openLedger>>;
  let authority: LiveAuthority;
  /** What was cut, and how. */
  let cuts: string[];
  let ledger: World['ledger'];

  beforeEach(async () => {
    folder = makeFolder();
    world = await openLedger(folder, clock);
    cuts = [];
    ledger = world.ledger;
    authority = make();
  });
  afterEach(async () => {
    authority.stop();
    await world.close();
    folder.remove();
  });

  function make(): LiveAuthority {
    return new LiveAuthority({
      ...{ archive: world.archive, clock, log },
      ledger: { ...world.ledger, run: (command) => ledger.run(command) },
      cutters: {
        ...cutters,
        cut: ({ opening }, outcome) => {
          cuts.push(`${opening} ${outcome}`);
          return 1;
        },
        counts: () => ({ exchanges: 3, statics: 0, refused: 0, up: 1, down: 2 }),
      },
      notes: createStopNotes(join(folder.guardDir, 'stops'), folder.keys.master, log),
      timing: { epochInterval: 5, epochLease: 60_000, ledgerOutage: 60_000 },
    });
  }

  /** An access of a browser, and one of each command line. */
  async function opened() {
    const acme = await settle(folder, (command) => authority.run(command), clock.now());
    const { login, grant } = acme.opening;
    for (const hash of ['h1', 'h2'])
      await authority.run({
        do: 'command-line',
        session: { hash, login, name: 'anna@tower', address: '10.0.0.9' },
      });
    const open = async (commandLine: string) => {
      const opening = { ...openingOf(grant, login, clock.now()), commandLine };
      await authority.run(declareCommand(opening, (await authority.client('acme')).epoch));
      return opening.id;
    };
    return { login, browser: acme.opening.id, mine: await open('h1'), other: await open('h2'), open };
  }

  const inMemory = async () => [...(await authority.client('acme')).openings.keys()].sort();
  const inLog = async () => (await world.archive.inForce('acme')).openings.map(({ id }) => id).sort();
  const failing: World['ledger'] = {
    run: () => Promise.reject(new Fault('ledger_unavailable', 'a full disk')),
    failingFor: () => 1,
  } as never;

  test('is cut before it is recorded; browsers and other command lines go on', async () => {
    const { browser, mine, other } = await opened();
    let cutBefore: readonly string[] = [];
    ledger = {
      ...world.ledger,
      run: (command) => {
        if (command.do === 'command-line-end') cutBefore = [...cuts];
        return world.ledger.run(command);
      },
    };
    expect(await authority.endCommandLine('h1')).toMatchObject({
      ...{ ended: true, openings: [mine], exchanges: 1, recorded: true },
    });
    expect(cutBefore).toEqual([`${mine} terminated:signed-out`]);
    expect(await inMemory()).toEqual([browser, other].sort());
    expect(await inLog()).toEqual([browser, other].sort());
    expect((await authority.client('acme')).blocked.size).toBe(0);
    const [line] = await world.archive.lines({
      ...{ client: 'acme', kinds: ['session.closed'], limit: 5, disclose: [] },
    });
    expect(line?.leaf).toMatchObject({ session: mine, cause: 'signed-out', exchanges: 3, down: 2 });
    expect(await failures(world.archive)).toEqual([]);
    expect(await authority.endCommandLine('h1')).toMatchObject({ ended: false, openings: [] });
  });

  test('stays cut while nothing can be recorded, and is recorded when it can, with what came between', async () => {
    const { browser, mine, other, open } = await opened();
    ledger = failing;
    await expect(authority.endCommandLine('h1')).rejects.toMatchObject({ code: 'ledger_unavailable' });
    expect(cuts).toEqual([`${mine} terminated:signed-out`]);
    expect(await inMemory()).toEqual([browser, other].sort());
    expect(await inLog()).toContain(mine);
    // Whoever has the secret opens once more, in the moment in which it can be written again.
    ledger = world.ledger;
    const late = await open('h1');
    authority.start();
    while ((await world.archive.commandLine('h1')) !== undefined || (await inLog()).length > 2)
      await new Promise((resolve) => setImmediate(resolve));
    authority.stop();
    expect(await inLog()).toEqual([browser, other].sort());
    expect(await inMemory()).toEqual([browser, other].sort());
    expect(cuts).toContain(`${late} terminated:signed-out`);
  });

  test('is not brought back by a process that dies before it was recorded', async () => {
    const { browser, mine, other } = await opened();
    ledger = failing;
    await expect(authority.endCommandLine('h1')).rejects.toThrow();
    ledger = world.ledger;
    authority = make();
    expect(await inMemory()).toEqual([browser, other].sort());
    while ((await inLog()).includes(mine)) await new Promise((resolve) => setImmediate(resolve));
    expect(await inLog()).toEqual([browser, other].sort());
  });

  test('leaves nothing to a process that did not know of it', async () => {
    const { browser, other } = await opened();
    authority = make();
    // Nothing is held yet: the writer finds what is open by itself.
    expect((await authority.endCommandLine('h1')).openings).toHaveLength(1);
    expect(await inMemory()).toEqual([browser, other].sort());
    expect(cuts).toEqual([]);
  });

  test('whose sign-in ended, and nothing more, is found when its openings are read', async () => {
    const { browser, mine, other, login } = await opened();
    const fresh = loginCommand(clock.now());
    await authority.run({ ...fresh, after: login });
    await authority.run({ do: 'logout', by: { login: fresh.login.id } });
    expect(await inLog()).toEqual([browser, mine, other].sort());
    authority = make();
    expect(await inMemory()).toEqual([browser]);
    while ((await inLog()).length > 1) await new Promise((resolve) => setImmediate(resolve));
  });
});
