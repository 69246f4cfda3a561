/** Contests in the real ledger: one transaction suspends and says why; only the client answers and resumes; log, table and export agree. */
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Command } from '../../src/core/commands.ts';
import { mostContests } from '../../src/core/contests.ts';
import { createStory } from '../../src/core/story.ts';
import {
  fault,
  freshId,
  grantCommand,
  intentDraft,
  seatCommand,
  settle,
  sliceText,
  textHash,
} from './ledger-world.ts';
import { type SettledWorld, settledWorld } from './settled-world.ts';

const day = 24 * 3_600_000;
let acme: SettledWorld;
let claire: { readonly seat: string; readonly controller: string };

async function seated(controller: string, role: 'reader' | 'representative', client = 'acme') {
  const command = seatCommand(acme.folder, acme.clock.now(), client);
  await acme.run({ ...command, seat: { ...command.seat, controller, subject: controller, role } });
  return { seat: command.seat.id, controller };
}

beforeEach(async () => {
  acme = await settledWorld();
  const [first] = (await acme.world.archive.inForce('acme')).seats;
  claire = { seat: acme.seat, controller: first?.controller ?? '' };
});

afterEach(() => acme.end());

const ground = 'It lets us copy health data for nobody knows what.';
const alice = { provider: 'alice', role: 'technician', name: 'Alice Durand' } as const;
const david = { provider: 'david', role: 'dpo', name: 'David Simon' } as const;

const contest = (more: Partial<Command & { do: 'contest' }> = {}): Command & { do: 'contest' } => ({
  do: 'contest',
  client: 'acme',
  id: freshId('contest'),
  contested: { grant: acme.grant.id, instruction: '' },
  by: alice,
  text: ground,
  ...more,
});
const say = (matter: string, by: (Command & { do: 'matter-say' })['by'], text = 'It is the payroll.') =>
  ({
    ...{ do: 'matter-say', client: 'acme', matter, id: freshId('said'), by, text },
    due: acme.clock.now() + 3 * day,
  }) as const satisfies Command;
const answer = (matter: string, more: Partial<Command & { do: 'matter-close' }> = {}) =>
  ({
    ...{ do: 'matter-close', client: 'acme', matter, id: freshId('closed'), by: claire },
    text: 'Our officer looked at it: it is lawful.',
    outcome: 'upheld',
    ...more,
  }) as const satisfies Command;
const status = (to: 'active' | 'revoked' | 'suspended', grant = acme.grant.id) =>
  ({
    ...{ do: 'grant-status', client: 'acme', grant, to },
    by: { seat: claire.seat, role: 'representative' },
  }) as const satisfies Command;
const grants = async () => (await acme.world.archive.inForce('acme')).grants;
const lines = () =>
  acme.world.archive.lines({
    client: 'acme',
    kinds: ['consent.suspended', 'consent.resumed', 'matter.opened', 'matter.answered', 'matter.closed'],
    limit: 50,
    disclose: ['work', 'person'],
  });

describe('a contest', () => {
  test('suspends and says why in one transaction; who and why stand in no leaf', async () => {
    const command = contest();
    const done = await acme.run(command);
    expect(done).toMatchObject({ epoch: acme.epoch + 1 });
    expect((await grants())[0]?.status).toBe('suspended');
    expect(await acme.world.ledger.intent(intentDraft(acme.opening, acme.epoch), acme.epoch)).toEqual({
      moved: acme.epoch + 1,
    });
    const [opened, suspended] = await lines();
    expect(suspended?.leaf).toMatchObject({
      ...{ t: 'consent.suspended', by: 'provider', cause: 'contest', matter: command.id },
      grant: acme.grant.id,
    });
    expect(opened?.leaf).toMatchObject({ t: 'matter.opened', what: 'contest', grants: acme.grant.id });
    expect(opened?.index).toBe(Number(suspended?.index) + 1);
    for (const line of [opened, suspended]) {
      expect(line?.groups.person).toEqual({ name: 'Alice Durand' });
      expect(JSON.stringify(line?.leaf)).not.toMatch(/alice|health/i);
    }
    expect(opened?.groups.work).toEqual({ note: ground });
    const told = await acme.world.archive.matterAt(command.id);
    expect(told).toMatchObject({ what: 'contest', status: 'open', contested: command.contested });
    expect(told?.dueAt).toBeUndefined();
    expect(await acme.world.archive.contestsOf('alice')).toEqual([told]);
    expect(await acme.world.archive.contestsOf('david')).toEqual([]);
    expect(await acme.world.archive.mattersOpen()).toEqual([told]);
  });

  test('of what rests already suspends nothing twice, and holds it all the same', async () => {
    await acme.run(status('suspended'));
    const { epoch } = await acme.world.archive.inForce('acme');
    const done = await acme.run(contest());
    expect(done).not.toHaveProperty('epoch');
    expect((await acme.world.archive.inForce('acme')).epoch).toBe(epoch);
    expect(await acme.run(status('active'))).toEqual({ refused: 'grant_contested' });
  });

  test('sent twice, at once or later, is one; another of the same person about it is the same', async () => {
    const command = contest();
    const answers = await Promise.all([acme.run(command), acme.run(command)]);
    expect(answers.filter((one) => 'receipt' in one)).toHaveLength(1);
    expect(await acme.run(command)).toEqual({ already: command.id });
    expect(await acme.run(contest())).toEqual({ already: command.id });
    expect(await acme.run(contest({ by: david }))).toHaveProperty('receipt');
    expect(await lines()).toHaveLength(3);
  });

  test('so many of one technician are open, at all clients together; the officer still may', async () => {
    for (let count = 0; count < mostContests.technician; count += 1) {
      const given = grantCommand(acme.folder, acme.seat, acme.clock.now());
      await acme.run(given);
      expect(
        await acme.run(contest({ contested: { grant: given.grant.id, instruction: '' } })),
      ).toHaveProperty('receipt');
    }
    expect(await acme.run(contest())).toEqual({ refused: 'too_many_contests' });
    const other = await settle(acme.folder, (command) => acme.run(command), acme.clock.now(), 'martin');
    const there = { client: 'martin', contested: { grant: other.grant.id, instruction: '' } };
    expect(await acme.run(contest(there))).toEqual({ refused: 'too_many_contests' });
    expect(await acme.run(contest({ by: david }))).toHaveProperty('receipt');
    expect((await grants()).filter((one) => one.status === 'active')).toEqual([]);
    const [first] = await acme.world.archive.contestsOf('alice');
    await acme.run(answer(first?.id ?? ''));
    expect(await acme.run(contest(there))).toHaveProperty('receipt');
    expect((await acme.world.archive.contestsOf('alice')).map((one) => one.client)).toContain('martin');
  });
});

describe('the client', () => {
  test('answers, and only then is the agreement resumed, by a representative alone', async () => {
    const [one, two] = [contest(), contest({ by: david })];
    await acme.run(one);
    await acme.run(two);
    await acme.run(say(one.id, claire));
    await acme.run(say(one.id, alice, 'It is the sick leave of three people.'));
    await acme.run(say(one.id, { provider: 'carla', role: 'contact', name: 'Carla Blanc' }));
    expect((await acme.world.archive.matterAt(one.id))?.dueAt).toBeUndefined();
    expect(await acme.run(status('active'))).toEqual({ refused: 'grant_contested' });
    expect(await acme.run(answer(one.id))).toHaveProperty('receipt');
    expect(await acme.run(status('active'))).toEqual({ refused: 'grant_contested' });
    await acme.run(answer(two.id, { outcome: 'changed' }));
    expect((await grants())[0]?.status).toBe('suspended');
    const staff = { ...status('active'), by: { provider: 'david' } };
    expect(await fault(acme.run(staff))).toContain('only a seated representative');
    await acme.run(status('active'));
    expect((await grants())[0]?.status).toBe('active');
    const found = await acme.world.archive.matters('acme');
    expect(found.map(({ outcome }) => outcome)).toEqual(['changed', 'upheld']);
    // What is answered may be contested anew.
    expect(await acme.run(contest())).toHaveProperty('receipt');
  });

  test('withdraws: said only once it is done', async () => {
    const command = contest();
    await acme.run(command);
    const end = answer(command.id, { outcome: 'withdrawn' });
    expect(await acme.run(end)).toEqual({ refused: 'grant_live' });
    await acme.run(status('revoked'));
    expect(await acme.run(end)).toHaveProperty('receipt');
    expect(await acme.run(end)).toEqual({ already: true });
    expect(await acme.run(answer(command.id))).toEqual({ refused: 'matter_closed' });
    expect(await acme.world.archive.matterAt(command.id)).toMatchObject({
      status: 'closed',
      outcome: 'withdrawn',
    });
  });

  test('is its representatives here: nobody else closes, and not without a decision', async () => {
    const command = contest();
    await acme.run(command);
    const marc = await seated('marc', 'reader');
    expect(await acme.run(answer(command.id, { by: marc }))).toEqual({ refused: 'not_yours' });
    // A person of the client who is called like the technician is not who contested.
    const namesake = await seated('alice', 'reader');
    expect(await acme.run(answer(command.id, { by: namesake }))).toEqual({ refused: 'not_yours' });
    const { outcome: _, ...undecided } = answer(command.id);
    expect(await fault(acme.run(undecided))).toContain('a contest is answered');
    expect(await fault(acme.run(answer(command.id, { text: 'no' })))).toContain('says nothing');
    const nadia = await seated('nadia', 'representative', 'martin');
    expect(await acme.run(answer(command.id, { client: 'martin', by: nadia }))).toEqual({
      refused: 'matter_unknown',
    });
    expect((await acme.world.archive.matterAt(command.id))?.status).toBe('open');
  });
});

describe('nothing is written and nothing suspended', () => {
  const bad: Readonly<Record<string, () => Promise<[Command, string]> | [Command, string]>> = {
    'about an agreement that does not exist': () => [
      contest({ contested: { grant: 'none', instruction: '' } }),
      'grant_unknown',
    ],
    'about another client’s agreement': async () => {
      const other = await settle(acme.folder, (command) => acme.run(command), acme.clock.now(), 'martin');
      return [contest({ contested: { grant: other.grant.id, instruction: '' } }), 'grant_unknown'];
    },
    'without words': () => [contest({ text: '....................' }), 'says nothing'],
    'about instructions that were never given': () => [
      contest({ contested: { grant: acme.grant.id, instruction: 'own:1' } }),
      'instruction_unknown',
    ],
    'about an instruction without a name': () => [
      contest({ contested: { grant: acme.grant.id, instruction: 'everything else' } }),
      'instruction_unknown',
    ],
    'about what is over by its time': () => {
      acme.clock.advance(400 * day);
      return [contest(), 'grant_ended'];
    },
  };
  test.each(Object.entries(bad))('%s', async (_name, make) => {
    const [command, expected] = await make();
    expect(await fault(acme.run(command))).toContain(expected);
    expect(await lines()).toEqual([]);
    expect((await grants())[0]?.status).toBe('active');
  });

  test('about one that was withdrawn, or under an id of another client', async () => {
    const other = await settle(acme.folder, (command) => acme.run(command), acme.clock.now(), 'martin');
    const theirs = contest({ client: 'martin', contested: { grant: other.grant.id, instruction: '' } });
    await acme.run(theirs);
    expect(await fault(acme.run(contest({ id: theirs.id })))).toContain('taken');
    expect((await grants())[0]?.status).toBe('active');
    await acme.run(status('revoked'));
    expect(await acme.run(contest())).toEqual({ refused: 'grant_ended' });
  });

  test('by a technician in the contest of another', async () => {
    const command = contest();
    await acme.run(command);
    const bruno = { provider: 'bruno', role: 'technician', name: 'Bruno Leroy' } as const;
    expect(await acme.run(say(command.id, bruno))).toEqual({ refused: 'matter_unknown' });
    expect(await lines()).toHaveLength(2);
  });
});

test('an instruction is named by its line', async () => {
  await acme.run(contest({ contested: { grant: acme.grant.id, instruction: 'rule:no-lists' } }));
  expect((await lines())[0]?.leaf).toMatchObject({ instruction: 'rule:no-lists' });
  const [found] = await acme.world.archive.matters('acme');
  expect(found?.contested?.instruction).toBe('rule:no-lists');
});

test('fsck finds a contest that was closed, moved or decided beside the log', async () => {
  const command = contest();
  await acme.run(command);
  const db = new DatabaseSync(acme.folder.file);
  const found = async (change: string, back: string) => {
    db.exec(change);
    const findings = await acme.world.archive.fsck('acme');
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
  await acme.run(answer(command.id));
});

test('the client’s own check sees a contest without its suspension, one that is hidden, and a resumption before the answer', async () => {
  const command = contest();
  await acme.run(command);
  await acme.run(say(command.id, alice));
  await acme.run(answer(command.id));
  await acme.run(status('active'));
  const texts = [...(await acme.world.archive.grants('acme')).map(({ text }) => text), sliceText('acme')];
  const byHash = new Map(texts.map((text) => [textHash(text), Buffer.from(text)]));
  const all = (await acme.world.archive.lines({ client: 'acme', limit: 100, disclose: [] })).toReversed();
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
