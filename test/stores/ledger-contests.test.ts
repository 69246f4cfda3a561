/** Contests in the real ledger: one transaction suspends and says why; only the client answers and resumes; log, table and export agree. */
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Command } from '../../src/core/commands.ts';
import { mostContests } from '../../src/core/contests.ts';
import { createStory } from '../../src/core/story.ts';
import {
  endSound,
  type Folder,
  fault,
  freshId,
  grantCommand,
  intentDraft,
  makeFolder,
  openLedger,
  seatCommand,
  settle,
  sliceText,
  standingClock,
  textHash,
  type World,
} from './ledger-world.ts';

const day = 24 * 3_600_000;
let folder: Folder;
let world: World;
let clock: ReturnType<typeof standingClock>;
let settled: Awaited<ReturnType<typeof settle>>;
let claire: { readonly seat: string; readonly controller: string };

const run = <C extends Command>(command: C) => world.ledger.run(command);

async function seated(controller: string, role: 'reader' | 'representative', client = 'acme') {
  const command = seatCommand(folder, clock.now(), client);
  await run({ ...command, seat: { ...command.seat, controller, subject: controller, role } });
  return { seat: command.seat.id, controller };
}

beforeEach(async () => {
  folder = makeFolder();
  clock = standingClock();
  world = await openLedger(folder, clock);
  settled = await settle(folder, (command) => run(command), clock.now());
  const [first] = (await world.archive.inForce('acme')).seats;
  claire = { seat: settled.seat, controller: first?.controller ?? '' };
});

afterEach(() => endSound(world, folder));

const ground = 'It lets us copy health data for nobody knows what.';
const alice = { provider: 'alice', role: 'technician', name: 'Alice Durand' } as const;
const david = { provider: 'david', role: 'dpo', name: 'David Simon' } as const;

const contest = (more: Partial<Command & { do: 'contest' }> = {}): Command & { do: 'contest' } => ({
  do: 'contest',
  client: 'acme',
  id: freshId('contest'),
  contested: { grant: settled.grant.id, instruction: '' },
  by: alice,
  text: ground,
  ...more,
});
const say = (matter: string, by: (Command & { do: 'matter-say' })['by'], text = 'It is the payroll.') =>
  ({
    ...{ do: 'matter-say', client: 'acme', matter, id: freshId('said'), by, text },
    due: clock.now() + 3 * day,
  }) as const satisfies Command;
const answer = (matter: string, more: Partial<Command & { do: 'matter-close' }> = {}) =>
  ({
    ...{ do: 'matter-close', client: 'acme', matter, id: freshId('closed'), by: claire },
    text: 'Our officer looked at it: it is lawful.',
    outcome: 'upheld',
    ...more,
  }) as const satisfies Command;
const status = (to: 'active' | 'revoked' | 'suspended', grant = settled.grant.id) =>
  ({
    ...{ do: 'grant-status', client: 'acme', grant, to },
    by: { seat: claire.seat, role: 'representative' },
  }) as const satisfies Command;
const grants = async () => (await world.archive.inForce('acme')).grants;
const lines = () =>
  world.archive.lines({
    client: 'acme',
    kinds: ['consent.suspended', 'consent.resumed', 'matter.opened', 'matter.answered', 'matter.closed'],
    limit: 50,
    disclose: ['work', 'person'],
  });

describe('a contest', () => {
  test('suspends and says why in one transaction; who and why stand in no leaf', async () => {
    const command = contest();
    const done = await run(command);
    expect(done).toMatchObject({ epoch: settled.epoch + 1 });
    expect((await grants())[0]?.status).toBe('suspended');
    expect(await world.ledger.intent(intentDraft(settled.opening, settled.epoch), settled.epoch)).toEqual({
      moved: settled.epoch + 1,
    });
    const [opened, suspended] = await lines();
    expect(suspended?.leaf).toMatchObject({
      ...{ t: 'consent.suspended', by: 'provider', cause: 'contest', matter: command.id },
      grant: settled.grant.id,
    });
    expect(opened?.leaf).toMatchObject({ t: 'matter.opened', what: 'contest', grants: settled.grant.id });
    expect(opened?.index).toBe(Number(suspended?.index) + 1);
    for (const line of [opened, suspended]) {
      expect(line?.groups.person).toEqual({ name: 'Alice Durand' });
      expect(JSON.stringify(line?.leaf)).not.toMatch(/alice|health/i);
    }
    expect(opened?.groups.work).toEqual({ note: ground });
    const told = await world.archive.matterAt(command.id);
    expect(told).toMatchObject({ what: 'contest', status: 'open', contested: command.contested });
    expect(told?.dueAt).toBeUndefined();
    expect(await world.archive.contestsOf('alice')).toEqual([told]);
    expect(await world.archive.contestsOf('david')).toEqual([]);
    expect(await world.archive.mattersOpen()).toEqual([told]);
  });

  test('of what rests already suspends nothing twice, and holds it all the same', async () => {
    await run(status('suspended'));
    const { epoch } = await world.archive.inForce('acme');
    const done = await run(contest());
    expect(done).not.toHaveProperty('epoch');
    expect((await world.archive.inForce('acme')).epoch).toBe(epoch);
    expect(await run(status('active'))).toEqual({ refused: 'grant_contested' });
  });

  test('sent twice, at once or later, is one; another of the same person about it is the same', async () => {
    const command = contest();
    const answers = await Promise.all([run(command), run(command)]);
    expect(answers.filter((one) => 'receipt' in one)).toHaveLength(1);
    expect(await run(command)).toEqual({ already: command.id });
    expect(await run(contest())).toEqual({ already: command.id });
    expect(await run(contest({ by: david }))).toHaveProperty('receipt');
    expect(await lines()).toHaveLength(3);
  });

  test('so many of one technician are open, at all clients together; the officer still may', async () => {
    for (let count = 0; count < mostContests.technician; count += 1) {
      const given = grantCommand(folder, settled.seat, clock.now());
      await run(given);
      expect(await run(contest({ contested: { grant: given.grant.id, instruction: '' } }))).toHaveProperty(
        'receipt',
      );
    }
    expect(await run(contest())).toEqual({ refused: 'too_many_contests' });
    const other = await settle(folder, (command) => run(command), clock.now(), 'martin');
    const there = { client: 'martin', contested: { grant: other.grant.id, instruction: '' } };
    expect(await run(contest(there))).toEqual({ refused: 'too_many_contests' });
    expect(await run(contest({ by: david }))).toHaveProperty('receipt');
    expect((await grants()).filter((one) => one.status === 'active')).toEqual([]);
    const [first] = await world.archive.contestsOf('alice');
    await run(answer(first?.id ?? ''));
    expect(await run(contest(there))).toHaveProperty('receipt');
    expect((await world.archive.contestsOf('alice')).map((one) => one.client)).toContain('martin');
  });
});

describe('the client', () => {
  test('answers, and only then is the agreement resumed, by a representative alone', async () => {
    const [one, two] = [contest(), contest({ by: david })];
    await run(one);
    await run(two);
    await run(say(one.id, claire));
    await run(say(one.id, alice, 'It is the sick leave of three people.'));
    await run(say(one.id, { provider: 'carla', role: 'contact', name: 'Carla Blanc' }));
    expect((await world.archive.matterAt(one.id))?.dueAt).toBeUndefined();
    expect(await run(status('active'))).toEqual({ refused: 'grant_contested' });
    expect(await run(answer(one.id))).toHaveProperty('receipt');
    expect(await run(status('active'))).toEqual({ refused: 'grant_contested' });
    await run(answer(two.id, { outcome: 'changed' }));
    expect((await grants())[0]?.status).toBe('suspended');
    const staff = { ...status('active'), by: { provider: 'david' } };
    expect(await fault(run(staff))).toContain('only a seated representative');
    await run(status('active'));
    expect((await grants())[0]?.status).toBe('active');
    const found = await world.archive.matters('acme');
    expect(found.map(({ outcome }) => outcome)).toEqual(['changed', 'upheld']);
    // What is answered may be contested anew.
    expect(await run(contest())).toHaveProperty('receipt');
  });

  test('withdraws: said only once it is done', async () => {
    const command = contest();
    await run(command);
    const end = answer(command.id, { outcome: 'withdrawn' });
    expect(await run(end)).toEqual({ refused: 'grant_live' });
    await run(status('revoked'));
    expect(await run(end)).toHaveProperty('receipt');
    expect(await run(end)).toEqual({ already: true });
    expect(await run(answer(command.id))).toEqual({ refused: 'matter_closed' });
    expect(await world.archive.matterAt(command.id)).toMatchObject({
      status: 'closed',
      outcome: 'withdrawn',
    });
  });

  test('is its representatives here: nobody else closes, and not without a decision', async () => {
    const command = contest();
    await run(command);
    const marc = await seated('marc', 'reader');
    expect(await run(answer(command.id, { by: marc }))).toEqual({ refused: 'not_yours' });
    // A person of the client who is called like the technician is not who contested.
    const namesake = await seated('alice', 'reader');
    expect(await run(answer(command.id, { by: namesake }))).toEqual({ refused: 'not_yours' });
    const { outcome: _, ...undecided } = answer(command.id);
    expect(await fault(run(undecided))).toContain('a contest is answered');
    expect(await fault(run(answer(command.id, { text: 'no' })))).toContain('says nothing');
    const nadia = await seated('nadia', 'representative', 'martin');
    expect(await run(answer(command.id, { client: 'martin', by: nadia }))).toEqual({
      refused: 'matter_unknown',
    });
    expect((await world.archive.matterAt(command.id))?.status).toBe('open');
  });
});

describe('nothing is written and nothing suspended', () => {
  const bad: Readonly<Record<string, () => Promise<[Command, string]> | [Command, string]>> = {
    'about an agreement that does not exist': () => [
      contest({ contested: { grant: 'none', instruction: '' } }),
      'grant_unknown',
    ],
    'about another client’s agreement': async () => {
      const other = await settle(folder, (command) => run(command), clock.now(), 'martin');
      return [contest({ contested: { grant: other.grant.id, instruction: '' } }), 'grant_unknown'];
    },
    'without words': () => [contest({ text: '....................' }), 'says nothing'],
    'about instructions that were never given': () => [
      contest({ contested: { grant: settled.grant.id, instruction: 'own:1' } }),
      'instruction_unknown',
    ],
    'about an instruction without a name': () => [
      contest({ contested: { grant: settled.grant.id, instruction: 'everything else' } }),
      'instruction_unknown',
    ],
    'about what is over by its time': () => {
      clock.advance(400 * day);
      return [contest(), 'grant_ended'];
    },
  };
  test.each(Object.entries(bad))('%s', async (_name, make) => {
    const [command, expected] = await make();
    expect(await fault(run(command))).toContain(expected);
    expect(await lines()).toEqual([]);
    expect((await grants())[0]?.status).toBe('active');
  });

  test('about one that was withdrawn, or under an id of another client', async () => {
    const other = await settle(folder, (command) => run(command), clock.now(), 'martin');
    const theirs = contest({ client: 'martin', contested: { grant: other.grant.id, instruction: '' } });
    await run(theirs);
    expect(await fault(run(contest({ id: theirs.id })))).toContain('taken');
    expect((await grants())[0]?.status).toBe('active');
    await run(status('revoked'));
    expect(await run(contest())).toEqual({ refused: 'grant_ended' });
  });

  test('by a technician in the contest of another', async () => {
    const command = contest();
    await run(command);
    const bruno = { provider: 'bruno', role: 'technician', name: 'Bruno Leroy' } as const;
    expect(await run(say(command.id, bruno))).toEqual({ refused: 'matter_unknown' });
    expect(await lines()).toHaveLength(2);
  });
});

test('an instruction is named by its line', async () => {
  await run(contest({ contested: { grant: settled.grant.id, instruction: 'rule:no-lists' } }));
  expect((await lines())[0]?.leaf).toMatchObject({ instruction: 'rule:no-lists' });
  const [found] = await world.archive.matters('acme');
  expect(found?.contested?.instruction).toBe('rule:no-lists');
});

test('fsck finds a contest that was closed, moved or decided beside the log', async () => {
  const command = contest();
  await run(command);
  const db = new DatabaseSync(folder.file);
  const found = async (change: string, back: string) => {
    db.exec(change);
    const findings = await world.archive.fsck('acme');
    db.exec(back);
    return findings.join('; ');
  };
  const back = 'DELETE FROM matters; INSERT INTO matters SELECT * FROM kept';
  db.exec('CREATE TABLE kept AS SELECT * FROM matters');
  expect(await found("UPDATE matters SET status = 'closed'", back)).toContain('in its row');
  expect(await found("UPDATE matters SET consent = 'other'", back)).toContain('in its row');
  expect(await found("UPDATE matters SET instruction = 'own:1'", back)).toContain('in its row');
  expect(await found("UPDATE matters SET outcome = 'upheld'", back)).toContain('in its row');
  expect(await found('DELETE FROM matters', back)).toContain('matters that have no row');
  db.exec('DROP TABLE kept');
  db.close();
  await run(answer(command.id));
});

test('the client’s own check sees a contest without its suspension, one that is hidden, and a resumption before the answer', async () => {
  const command = contest();
  await run(command);
  await run(say(command.id, alice));
  await run(answer(command.id));
  await run(status('active'));
  const texts = [...(await world.archive.grants('acme')).map(({ text }) => text), sliceText('acme')];
  const byHash = new Map(texts.map((text) => [textHash(text), Buffer.from(text)]));
  const all = (await world.archive.lines({ client: 'acme', limit: 100, disclose: [] })).toReversed();
  const told = (change: (leaf: (typeof all)[number]['leaf']) => typeof leaf | undefined) => {
    const story = createStory({ textOf: (hash) => byHash.get(hash), party: {} });
    return all
      .flatMap(({ origin, index, leaf }) => {
        const changed = change(leaf);
        return changed === undefined ? [] : [{ origin, index, leaf: changed }];
      })
      .map(({ origin, index, leaf }, at) => story.line({ origin, index }, { ...leaf, n: at + 1 }))
      .find((one) => one !== undefined);
  };
  const without = (kind: string) => told((leaf) => (leaf.t === kind ? undefined : leaf));
  const as = (kind: string, more: Record<string, string>) =>
    told((leaf) => (leaf.t === kind ? { ...leaf, ...more } : leaf));
  expect(told((leaf) => leaf)).toBeUndefined();
  expect(without('consent.suspended')).toBe('the contested consent does not rest');
  expect(without('matter.opened')).toBe('a consent is suspended as contested, and nobody says why');
  expect(without('matter.closed')).toBe('a consent is resumed, though what was contested is not answered');
  expect(as('consent.suspended', { by: 'client' })).toBe('it is contested by nobody of the provider');
  expect(as('matter.opened', { by: 'client' })).toBe('it is contested by nobody of the provider');
  expect(as('matter.opened', { role: 'reader' })).toBe('it is contested by nobody of the provider');
  expect(as('matter.opened', { seat: 'x' })).toBe('a contest says more than it may');
  expect(as('matter.opened', { instruction: 'own:7' })).toBe(
    'it contests instructions that are not in force',
  );
  expect(as('matter.opened', { instruction: 'all' })).toBe('it contests an instruction that has no name');
  expect(as('matter.answered', { actor: 'another' })).toContain('does not answer for the provider');
  expect(as('matter.closed', { outcome: 'fine' })).toBe('a contest is closed without an answer');
  expect(as('matter.closed', { outcome: 'withdrawn' })).toBe(
    'the contested consent is said to be withdrawn, and is not',
  );
});
