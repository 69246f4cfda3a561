/** Matters in the real ledger: asked, disputed, answered, closed; what is not allowed writes nothing; log, table and export agree. */
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Command } from '../../src/core/commands.ts';
import { mostQuestions, mostSaid } from '../../src/core/matters.ts';
import { createStory } from '../../src/core/story.ts';
import {
  endSound,
  type Folder,
  fault,
  freshId,
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
let marc: typeof claire;

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
  marc = await seated('marc', 'reader');
});

afterEach(() => endSound(world, folder));

const words = 'Why was the list of salaries opened?';
const open = (
  what: 'question' | 'dispute' = 'question',
  more: Partial<Command & { do: 'matter-open' }> = {},
): Command & { do: 'matter-open' } => ({
  do: 'matter-open',
  client: 'acme',
  matter: { id: freshId('matter'), opening: settled.opening.id, what },
  by: what === 'dispute' ? claire : marc,
  text: words,
  due: clock.now() + 3 * day,
  ...more,
});
const say = (matter: string, more: Partial<Command & { do: 'matter-say' }> = {}) =>
  ({
    do: 'matter-say',
    client: 'acme',
    matter,
    id: freshId('said'),
    by: { provider: 'carla', role: 'contact', name: 'Carla Blanc' },
    text: 'The ticket named the payslips of May.',
    due: clock.now() + 3 * day,
    ...more,
  }) as const satisfies Command;
const close = (matter: string, more: Partial<Command & { do: 'matter-close' }> = {}) =>
  ({
    do: 'matter-close',
    client: 'acme',
    matter,
    id: freshId('closed'),
    by: marc,
    text: 'The ticket was shown to us.',
    ...more,
  }) as const satisfies Command;
const suspend = () =>
  run({
    do: 'grant-status',
    client: 'acme',
    grant: settled.grant.id,
    to: 'suspended',
    by: { seat: claire.seat, role: 'representative' },
  });
const matter = async () => (await world.archive.matters('acme'))[0];
const lines = () =>
  world.archive.lines({
    client: 'acme',
    kinds: ['matter.opened', 'matter.answered', 'matter.closed'],
    limit: 50,
    disclose: ['work', 'person'],
  });

describe('a question', () => {
  test('is a line and a row; what was said stands in no leaf, who answered in none either', async () => {
    const command = open();
    expect(await run(command)).toHaveProperty('receipt');
    const { id } = command.matter;
    expect(await matter()).toMatchObject({ id, what: 'question', status: 'open', dueAt: command.due });
    expect(await world.archive.mattersOpen()).toHaveLength(1);
    await run(say(id));
    expect(await matter()).toMatchObject({ dueAt: undefined, controller: 'marc' });
    expect(await world.archive.mattersOpen()).toMatchObject([{ id, client: 'acme', dueAt: undefined }]);
    await run(close(id));
    expect(await world.archive.mattersOpen()).toEqual([]);
    const told = await world.archive.matterAt(id);
    expect(told).toMatchObject({ client: 'acme', status: 'closed', opening: settled.opening.id });
    expect(told?.said.map(({ by, text }) => [by, text])).toEqual([
      ['client', words],
      ['provider', 'The ticket named the payslips of May.'],
      ['client', 'The ticket was shown to us.'],
    ]);
    const written = await lines();
    expect(written.map(({ leaf }) => leaf.t)).toEqual(['matter.closed', 'matter.answered', 'matter.opened']);
    expect(JSON.stringify(written.map(({ leaf }) => leaf))).not.toMatch(/salaries|ticket|carla|marc/i);
    expect(written[2]?.groups.work).toEqual({ note: words });
    expect(written[1]?.groups.person).toEqual({ name: 'Carla Blanc' });
    // A question suspends nothing.
    expect((await world.archive.inForce('acme')).epoch).toBe(settled.epoch);
  });

  test('sent twice, at once or later, is one; so is what is said and how it is closed', async () => {
    const first = open();
    const answers = await Promise.all([run(first), run(first)]);
    expect(answers.filter((one) => 'receipt' in one)).toHaveLength(1);
    expect(answers).toContainEqual({ already: first.matter.id });
    const answer = say(first.matter.id);
    await Promise.all([run(answer), run(answer)]);
    const end = close(first.matter.id);
    await Promise.all([run(end), run(end)]);
    expect(await run(answer)).toEqual({ already: true });
    expect(await run(first)).toEqual({ already: first.matter.id });
    expect(await lines()).toHaveLength(3);
  });

  test('goes on: what the client adds postpones nothing, a word after the answer waits anew', async () => {
    const command = open();
    await run(command);
    const { id } = command.matter;
    const later = clock.now() + 5 * day;
    await run(say(id, { by: marc, text: 'It was opened twice, at noon.', due: later }));
    expect((await matter())?.dueAt).toBe(command.due);
    await run(say(id));
    await run(say(id, { by: claire, text: 'That ticket is of another year.', due: later }));
    expect((await matter())?.dueAt).toBe(later);
    expect((await lines()).map(({ leaf }) => leaf.due !== undefined)).toEqual([true, false, false, true]);
  });

  test('so many of one person are open at a time; a dispute is possible all the same', async () => {
    for (let count = 0; count < mostQuestions; count += 1) await run(open());
    expect(await run(open())).toEqual({ refused: 'too_many_matters' });
    expect(await run(open('question', { by: claire }))).toHaveProperty('receipt');
    await suspend();
    expect(await run(open('dispute'))).toHaveProperty('receipt');
  });

  test('so much is said in one by each side, and neither takes the other’s room', async () => {
    const command = open();
    await run(command);
    const { id } = command.matter;
    await Promise.all(Array.from({ length: mostSaid }, () => run(say(id))));
    expect(await run(say(id))).toEqual({ refused: 'matter_full' });
    // The first thing said was the client’s.
    for (let count = 1; count < mostSaid; count += 1)
      expect(await run(say(id, { by: claire }))).toHaveProperty('receipt');
    expect(await run(say(id, { by: claire }))).toEqual({ refused: 'matter_full' });
    expect(await run(close(id))).toHaveProperty('receipt');
  });
});

describe('a dispute', () => {
  test('waits until nothing is permitted any more, and says under which agreements it was', async () => {
    const command = open('dispute');
    expect(await run(command)).toEqual({ active: [settled.grant.id] });
    expect(await lines()).toEqual([]);
    await suspend();
    expect(await run(command)).toHaveProperty('receipt');
    const [line] = await lines();
    expect(line?.leaf).toMatchObject({ what: 'dispute', grants: settled.grant.id, role: 'representative' });
    // Closing it gives nothing back; resuming is an act of its own, and possible.
    await run(close(command.matter.id, { by: claire }));
    expect((await world.archive.inForce('acme')).grants[0]?.status).toBe('suspended');
    const by = { seat: claire.seat, role: 'representative' } as const;
    await run({ do: 'grant-status', client: 'acme', grant: settled.grant.id, to: 'active', by });
    expect((await world.archive.inForce('acme')).grants[0]?.status).toBe('active');
  });

  test('another one about the same access is the same while it is open', async () => {
    await suspend();
    const first = open('dispute');
    await run(first);
    expect(await run(open('dispute'))).toEqual({ already: first.matter.id });
    await run(close(first.matter.id, { by: claire }));
    expect(await run(open('dispute'))).toHaveProperty('receipt');
  });

  test('is a representative’s', async () => {
    await suspend();
    expect(await fault(run(open('dispute', { by: marc })))).toContain('only a representative disputes');
  });
});

describe('nothing is written', () => {
  const bad: Readonly<Record<string, () => Promise<[Command, string]> | [Command, string]>> = {
    'about an access that does not exist': () => [
      open('question', { matter: { id: 'm', opening: 'none', what: 'question' } }),
      'opening_unknown',
    ],
    'about another client’s access': async () => {
      const other = await settle(folder, (command) => run(command), clock.now(), 'martin');
      return [
        open('question', { matter: { id: 'm', opening: other.opening.id, what: 'question' } }),
        'opening_unknown',
      ];
    },
    'by a seat that does not exist': () => [open('question', { by: { ...marc, seat: 'x' } }), 'not_seated'],
    'by somebody else’s seat': () => [
      open('question', { by: { ...marc, seat: claire.seat } }),
      'another person’s',
    ],
    'by another client’s seat': async () => [
      open('question', { by: await seated('nadia', 'reader', 'martin') }),
      'not_seated',
    ],
    'without words': () => [open('question', { text: '....................' }), 'says nothing'],
    'due yesterday': () => [open('question', { due: clock.now() - day }), 'due then'],
    'due next year': () => [open('question', { due: clock.now() + 365 * day }), 'due then'],
    'in a matter that does not exist': () => [say('none'), 'matter_unknown'],
  };
  test.each(Object.entries(bad))('%s', async (_name, make) => {
    const [command, expected] = await make();
    expect(await fault(run(command))).toContain(expected);
    expect(await lines()).toEqual([]);
  });

  test('in a matter of another client, under its id, or in one that is closed', async () => {
    const command = open();
    await run(command);
    const { id } = command.matter;
    const nadia = await seated('nadia', 'representative', 'martin');
    expect(await run(say(id, { client: 'martin' }))).toEqual({ refused: 'matter_unknown' });
    expect(await run(close(id, { client: 'martin', by: nadia }))).toEqual({ refused: 'matter_unknown' });
    const other = await settle(folder, (one) => run(one), clock.now(), 'martin');
    const taken = { id, opening: other.opening.id, what: 'question' } as const;
    expect(await fault(run(open('question', { client: 'martin', by: nadia, matter: taken })))).toContain(
      'taken',
    );
    expect(await run(say(id, { by: { ...marc, seat: 'x' } }))).toEqual({ refused: 'not_seated' });
    expect(await fault(run(say(id, { text: 'no' })))).toContain('says nothing');
    expect(await fault(run(close(id, { text: 'ok' })))).toContain('says nothing');
    await run(close(id));
    expect(await run(say(id))).toEqual({ refused: 'matter_closed' });
    expect(await run(close(id))).toEqual({ refused: 'matter_closed' });
    expect(await lines()).toHaveLength(2);
  });

  test('somebody else’s is closed by a representative only, and by one who may sign', async () => {
    const own = open('question', { by: claire });
    await run(own);
    expect(await run(close(own.matter.id))).toEqual({ refused: 'not_yours' });
    await run({
      ...{ do: 'unseat', client: 'acme', controller: 'marc' },
      by: { seat: claire.seat, role: 'representative' },
    });
    expect(await run(close(own.matter.id))).toEqual({ refused: 'not_seated' });
    expect(await run(say(own.matter.id, { by: marc }))).toEqual({ refused: 'not_seated' });
  });
});

test('fsck finds a row that was changed, lost or made up', async () => {
  await run(open());
  const db = new DatabaseSync(folder.file);
  const found = async (change: string, back: string) => {
    db.exec(change);
    const findings = await world.archive.fsck('acme');
    db.exec(back);
    return findings.join('; ');
  };
  const copy = 'CREATE TABLE kept AS SELECT * FROM matters';
  db.exec(copy);
  const back = 'DELETE FROM matters; INSERT INTO matters SELECT * FROM kept';
  expect(await found("UPDATE matters SET status = 'closed'", back)).toContain('in its row');
  expect(await found('UPDATE matters SET due_at = due_at + 1', back)).toContain('in its row');
  expect(await found('UPDATE matters SET said = 2', back)).toContain('in its row');
  expect(await found("UPDATE matters SET box = x'00'", back)).toContain('cannot be read');
  expect(await found('DELETE FROM matters', back)).toContain('matters that have no row');
  expect(await found("UPDATE matters SET id = 'other'", back)).toContain('unknown in the log');
  db.exec('DROP TABLE kept');
  db.close();
});

test('the client’s own check sees a dispute that left its agreement in force, and one that was never opened', async () => {
  await suspend();
  const command = open('dispute');
  await run(command);
  await run(say(command.matter.id));
  const texts = [...(await world.archive.grants('acme')).map(({ text }) => text), sliceText('acme')];
  const byHash = new Map(texts.map((text) => [textHash(text), Buffer.from(text)]));
  const all = (await world.archive.lines({ client: 'acme', limit: 100, disclose: [] })).toReversed();
  const without = (kind: string | undefined): string | undefined => {
    const story = createStory({ textOf: (hash) => byHash.get(hash), party: {} });
    return all
      .filter(({ leaf }) => leaf.t !== kind)
      .map(({ origin, index, leaf }, at) => story.line({ origin, index }, { ...leaf, n: at + 1 }))
      .find((one) => one !== undefined);
  };
  expect(without(undefined)).toBeUndefined();
  expect(without('consent.suspended')).toBe('a consent of the access is in force, though it is disputed');
  expect(without('matter.opened')).toBe('it is about a matter that is not open');
});
