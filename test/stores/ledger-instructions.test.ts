/** The client's own instructions in the real ledger: signed, in order, in force at once; log, table and export agree. */
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Command } from '../../src/core/commands.ts';
import { type InstructionTerms, writeInstructions } from '../../src/core/own-instructions.ts';
import {
  declareCommand,
  evidenceBy,
  type Folder,
  failures,
  fault,
  freshId,
  grantCommand,
  loginCommand,
  makeFolder,
  openingOf,
  openLedger,
  seatCommand,
  settle,
  standingClock,
  type World,
} from './ledger-world.ts';

let folder: Folder;
let world: World;
let clock: ReturnType<typeof standingClock>;
let seat: string;

const run = <C extends Command>(command: C) => world.ledger.run(command);

beforeEach(async () => {
  folder = makeFolder();
  clock = standingClock();
  world = await openLedger(folder, clock);
  ({ seat } = await settle(folder, (command) => run(command), clock.now()));
});

afterEach(async () => {
  await world.close();
  folder.remove();
});

const nothing: InstructionTerms = {
  ...{ sensitivity: 'ordinary', assessment: 'unsaid', assessedOn: '', note: '' },
  ...{ hours: undefined, noCopy: false, only: undefined },
};

function instruct(
  version: number,
  terms: Partial<InstructionTerms> = {},
  by = seat,
  client = 'acme',
): Command & { do: 'instruct' } {
  const of = { client, version, language: 'en', author: 'Claire Dubois' } as const;
  const { text, textHash } = writeInstructions(of, { ...nothing, ...terms }, ['We ask this.']);
  return { do: 'instruct', client: 'acme', text, evidence: evidenceBy(folder, by, textHash) };
}

const ownHash = async () => (await world.archive.inForce('acme')).instructions?.textHash;
const epoch = async () => (await world.archive.inForce('acme')).epoch;

/** An opening that names these instructions, `own`. */
async function declared(own: string | undefined, operations = 'read', hours = 1) {
  const grant = grantCommand(folder, seat, clock.now());
  await run(grant);
  const login = loginCommand(clock.now(), { id: freshId('login') });
  await run(login);
  const endsAt = clock.now() + hours * 3_600_000;
  const opening = openingOf(grant.grant.id, login.login.id, clock.now(), { endsAt });
  const command = declareCommand(opening, await epoch());
  const fields = { ...command.fields, operations, ...(own === undefined ? {} : { own }) };
  return run({ ...command, fields });
}

describe('the client’s own instructions', () => {
  test('are one signed line and one row; they raise the epoch and reach every agreement', async () => {
    await run(grantCommand(folder, seat, clock.now()));
    const before = await epoch();
    const first = instruct(1, { noCopy: true, only: ['alice'], note: 'Ring twice.' });
    expect(await run(first)).toMatchObject({ epoch: before + 1, instructions: { version: 1, noCopy: true } });
    const held = await world.archive.inForce('acme');
    expect(held.epoch).toBe(before + 1);
    expect(held.grants.length).toBeGreaterThan(0);
    for (const grant of held.grants) expect(grant.instructions).toEqual(held.instructions);
    expect(await declared(await ownHash())).toHaveProperty('receipt');
    // Taking them back is another signed act.
    expect(await run(instruct(2))).toMatchObject({ instructions: { version: 2, noCopy: false } });
    expect(await epoch()).toBe(before + 2);
    expect((await world.archive.instructions('acme')).map(({ said }) => said.version)).toEqual([2, 1]);
    expect(await declared(await ownHash(), 'read copy')).toHaveProperty('receipt');
    expect(await world.archive.fsck()).toEqual([]);
    expect(await failures(world.archive)).toEqual([]);
  });

  test('no name stands in a leaf', async () => {
    await run(instruct(1, { only: ['alice'], note: 'Ring twice.' }));
    const lines = await world.archive.lines({ client: 'acme', limit: 100, disclose: [] });
    const told = JSON.stringify(lines.filter(({ leaf }) => leaf.t === 'instructions.set'));
    expect(told).toContain('instructions.set');
    expect(told).not.toMatch(/alice|Ring/);
  });

  const bad: Readonly<Record<string, () => [Command & { do: 'instruct' }, string]>> = {
    'a version that skips one': () => [instruct(2), 'version_stale'],
    'a text of another client': () => [instruct(1, {}, seat, 'martin'), 'none of these instructions'],
    'a text that is none': () => [{ ...instruct(1), text: '{}' }, 'none of these instructions'],
    'a seat that does not exist': () => [instruct(1, {}, 'nobody'), 'not_seated'],
    'a signature over another text': () => {
      const { evidence } = instruct(1, { noCopy: true });
      return [{ ...instruct(1), evidence }, 'does not hold'];
    },
    'a signature that says it is a reader’s': () => {
      const one = instruct(1);
      return [{ ...one, evidence: { ...one.evidence, role: 'reader' } }, 'no representative'];
    },
  };
  test.each(Object.entries(bad))('%s changes nothing', async (_name, make) => {
    const before = await epoch();
    const [command, expected] = make();
    expect(await fault(run(command))).toContain(expected);
    expect([await epoch(), await ownHash()]).toEqual([before, undefined]);
    expect(await world.archive.fsck()).toEqual([]);
  });

  test('a reader cannot sign them, and a version counts once', async () => {
    const reader = seatCommand(folder, clock.now());
    await run({ ...reader, seat: { ...reader.seat, controller: 'marc', role: 'reader' } });
    expect(await fault(run(instruct(1, {}, reader.seat.id)))).toContain('no representative');
    const first = instruct(1, { noCopy: true });
    await run(first);
    expect(await run(first)).toEqual({ refused: 'version_stale' });
    const both = await Promise.all([run(instruct(2)), run(instruct(2, { noCopy: true }))]);
    expect(both.filter((one) => 'receipt' in one)).toHaveLength(1);
    expect(await failures(world.archive)).toEqual([]);
  });

  test('a text of instructions is no agreement', async () => {
    const { text, evidence } = instruct(1);
    const { grant } = grantCommand(folder, seat, clock.now());
    const { textHash } = (await import('../../src/core/leaf.ts')) as typeof import('../../src/core/leaf.ts');
    const command = { do: 'grant' as const, grant: { ...grant, textHash: textHash(text) }, text, evidence };
    expect(await fault(run(command))).toContain('does not say');
  });

  test('an opening must name the version in force', async () => {
    await run(instruct(1, { noCopy: true }));
    const one = await ownHash();
    expect(await fault(declared(undefined))).toContain('does not name');
    await run(instruct(2, { noCopy: true, note: 'x' }));
    expect(await fault(declared(one))).toContain('does not name');
    expect(await declared(await ownHash())).toHaveProperty('receipt');
  });

  test('the client’s own check finds an opening that they forbid, whoever wrote it', async () => {
    const hours = { days: [1], from: 0, until: 12 * 60, zone: 'UTC' };
    await run(instruct(1, { noCopy: true, hours }));
    expect(await declared(await ownHash())).toHaveProperty('receipt');
    expect(await failures(world.archive)).toEqual([]);
    // 1 June 2026 is a Monday, 09:00: four hours end after noon.
    await declared(await ownHash(), 'read', 4);
    expect(await failures(world.archive)).toMatchObject([
      { what: expect.stringContaining('outside the hours of the client’s own instructions') },
    ]);
  });

  test('the client’s own check finds a copy that they forbid', async () => {
    await run(instruct(1, { noCopy: true }));
    await declared(await ownHash(), 'read copy');
    expect(await failures(world.archive)).toMatchObject([{ what: expect.stringContaining('forbid copies') }]);
  });

  test('fsck finds a row that was changed, lost or made up', async () => {
    await run(instruct(1, { noCopy: true }));
    await run(instruct(2));
    const db = new DatabaseSync(folder.file);
    db.exec("UPDATE instructions SET hash = 'sha256:other' WHERE version = 2");
    expect(await world.archive.fsck()).toHaveLength(1);
    db.exec('DELETE FROM instructions WHERE version = 2');
    expect(await world.archive.fsck()).toEqual(['acme: the log knows instructions that have no row']);
    db.close();
  });
});
