/** Matters in the real ledger: asked, disputed, answered, closed; what is not allowed writes nothing; log, table and export agree. */
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Command } from '../../src/core/commands.ts';
import { mostQuestions, mostSaid } from '../../src/core/matters.ts';
import { createStory } from '../../src/core/story.ts';
import { fault, freshId, seatCommand, settle, sliceText, textHash } from './ledger-world.ts';
import { type SettledWorld, settledWorld } from './settled-world.ts';

const day = 24 * 3_600_000;
let acme: SettledWorld;
let claire: { readonly seat: string; readonly controller: string };
let marc: typeof claire;

async function seated(controller: string, role: 'reader' | 'representative', client = 'acme') {
  const command = seatCommand(acme.folder, acme.clock.now(), client);
  await acme.run({ ...command, seat: { ...command.seat, controller, subject: controller, role } });
  return { seat: command.seat.id, controller };
}

beforeEach(async () => {
  acme = await settledWorld();
  const [first] = (await acme.world.archive.inForce('acme')).seats;
  claire = { seat: acme.seat, controller: first?.controller ?? '' };
  marc = await seated('marc', 'reader');
});

afterEach(() => acme.end());

const words = 'Why was the list of salaries opened?';
const open = (
  what: 'question' | 'dispute' = 'question',
  more: Partial<Command & { do: 'matter-open' }> = {},
): Command & { do: 'matter-open' } => ({
  do: 'matter-open',
  client: 'acme',
  matter: { id: freshId('matter'), opening: acme.opening.id, what },
  by: what === 'dispute' ? claire : marc,
  text: words,
  due: acme.clock.now() + 3 * day,
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
    due: acme.clock.now() + 3 * day,
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
  acme.run({
    do: 'grant-status',
    client: 'acme',
    grant: acme.grant.id,
    to: 'suspended',
    by: { seat: claire.seat, role: 'representative' },
  });
const matter = async () => (await acme.world.archive.matters('acme'))[0];
const lines = () =>
  acme.world.archive.lines({
    client: 'acme',
    kinds: ['matter.opened', 'matter.answered', 'matter.closed'],
    limit: 50,
    disclose: ['work', 'person'],
  });

describe('a question', () => {
  test('is a line and a row; what was said stands in no leaf, who answered in none either', async () => {
    const command = open();
    expect(await acme.run(command)).toHaveProperty('receipt');
    const { id } = command.matter;
    expect(await matter()).toMatchObject({ id, what: 'question', status: 'open', dueAt: command.due });
    expect(await acme.world.archive.mattersOpen()).toHaveLength(1);
    await acme.run(say(id));
    expect(await matter()).toMatchObject({ dueAt: undefined, controller: 'marc' });
    expect(await acme.world.archive.mattersOpen()).toMatchObject([{ id, client: 'acme', dueAt: undefined }]);
    await acme.run(close(id));
    expect(await acme.world.archive.mattersOpen()).toEqual([]);
    const told = await acme.world.archive.matterAt(id);
    expect(told).toMatchObject({ client: 'acme', status: 'closed', opening: acme.opening.id });
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
    expect((await acme.world.archive.inForce('acme')).epoch).toBe(acme.epoch);
  });

  test('sent twice, at once or later, is one; so is what is said and how it is closed', async () => {
    const first = open();
    const answers = await Promise.all([acme.run(first), acme.run(first)]);
    expect(answers.filter((one) => 'receipt' in one)).toHaveLength(1);
    expect(answers).toContainEqual({ already: first.matter.id });
    const answer = say(first.matter.id);
    await Promise.all([acme.run(answer), acme.run(answer)]);
    const end = close(first.matter.id);
    await Promise.all([acme.run(end), acme.run(end)]);
    expect(await acme.run(answer)).toEqual({ already: true });
    expect(await acme.run(first)).toEqual({ already: first.matter.id });
    expect(await lines()).toHaveLength(3);
  });

  test('goes on: what the client adds postpones nothing, a word after the answer waits anew', async () => {
    const command = open();
    await acme.run(command);
    const { id } = command.matter;
    const later = acme.clock.now() + 5 * day;
    await acme.run(say(id, { by: marc, text: 'It was opened twice, at noon.', due: later }));
    expect((await matter())?.dueAt).toBe(command.due);
    await acme.run(say(id));
    await acme.run(say(id, { by: claire, text: 'That ticket is of another year.', due: later }));
    expect((await matter())?.dueAt).toBe(later);
    expect((await lines()).map(({ leaf }) => leaf.due !== undefined)).toEqual([true, false, false, true]);
  });

  test('so many of one person are open at a time; a dispute is possible all the same', async () => {
    for (let count = 0; count < mostQuestions; count += 1) await acme.run(open());
    expect(await acme.run(open())).toEqual({ refused: 'too_many_matters' });
    expect(await acme.run(open('question', { by: claire }))).toHaveProperty('receipt');
    await suspend();
    expect(await acme.run(open('dispute'))).toHaveProperty('receipt');
  });

  test('so much is said in one by each side, and neither takes the other’s room', async () => {
    const command = open();
    await acme.run(command);
    const { id } = command.matter;
    await Promise.all(Array.from({ length: mostSaid }, () => acme.run(say(id))));
    expect(await acme.run(say(id))).toEqual({ refused: 'matter_full' });
    // The first thing said was the client’s.
    for (let count = 1; count < mostSaid; count += 1)
      expect(await acme.run(say(id, { by: claire }))).toHaveProperty('receipt');
    expect(await acme.run(say(id, { by: claire }))).toEqual({ refused: 'matter_full' });
    expect(await acme.run(close(id))).toHaveProperty('receipt');
  });
});

describe('a dispute', () => {
  test('waits until nothing is permitted any more, and says under which agreements it was', async () => {
    const command = open('dispute');
    expect(await acme.run(command)).toEqual({ active: [acme.grant.id] });
    expect(await lines()).toEqual([]);
    await suspend();
    expect(await acme.run(command)).toHaveProperty('receipt');
    const [line] = await lines();
    expect(line?.leaf).toMatchObject({ what: 'dispute', grants: acme.grant.id, role: 'representative' });
    // Closing it gives nothing back; resuming is an act of its own, and possible.
    await acme.run(close(command.matter.id, { by: claire }));
    expect((await acme.world.archive.inForce('acme')).grants[0]?.status).toBe('suspended');
    const by = { seat: claire.seat, role: 'representative' } as const;
    await acme.run({ do: 'grant-status', client: 'acme', grant: acme.grant.id, to: 'active', by });
    expect((await acme.world.archive.inForce('acme')).grants[0]?.status).toBe('active');
  });

  test('another one about the same access is the same while it is open', async () => {
    await suspend();
    const first = open('dispute');
    await acme.run(first);
    expect(await acme.run(open('dispute'))).toEqual({ already: first.matter.id });
    await acme.run(close(first.matter.id, { by: claire }));
    expect(await acme.run(open('dispute'))).toHaveProperty('receipt');
  });

  test('is a representative’s', async () => {
    await suspend();
    expect(await fault(acme.run(open('dispute', { by: marc })))).toContain('only a representative disputes');
  });
});

describe('nothing is written', () => {
  const bad: Readonly<Record<string, () => Promise<[Command, string]> | [Command, string]>> = {
    'about an access that does not exist': () => [
      open('question', { matter: { id: 'm', opening: 'none', what: 'question' } }),
      'opening_unknown',
    ],
    'about another client’s access': async () => {
      const other = await settle(acme.folder, (command) => acme.run(command), acme.clock.now(), 'martin');
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
    'due yesterday': () => [open('question', { due: acme.clock.now() - day }), 'due then'],
    'due next year': () => [open('question', { due: acme.clock.now() + 365 * day }), 'due then'],
    'in a matter that does not exist': () => [say('none'), 'matter_unknown'],
  };
  test.each(Object.entries(bad))('%s', async (_name, make) => {
    const [command, expected] = await make();
    expect(await fault(acme.run(command))).toContain(expected);
    expect(await lines()).toEqual([]);
  });

  test('in a matter of another client, under its id, or in one that is closed', async () => {
    const command = open();
    await acme.run(command);
    const { id } = command.matter;
    const nadia = await seated('nadia', 'representative', 'martin');
    expect(await acme.run(say(id, { client: 'martin' }))).toEqual({ refused: 'matter_unknown' });
    expect(await acme.run(close(id, { client: 'martin', by: nadia }))).toEqual({ refused: 'matter_unknown' });
    const other = await settle(acme.folder, (one) => acme.run(one), acme.clock.now(), 'martin');
    const taken = { id, opening: other.opening.id, what: 'question' } as const;
    expect(await fault(acme.run(open('question', { client: 'martin', by: nadia, matter: taken })))).toContain(
      'taken',
    );
    expect(await acme.run(say(id, { by: { ...marc, seat: 'x' } }))).toEqual({ refused: 'not_seated' });
    expect(await fault(acme.run(say(id, { text: 'no' })))).toContain('says nothing');
    expect(await fault(acme.run(close(id, { text: 'ok' })))).toContain('says nothing');
    await acme.run(close(id));
    expect(await acme.run(say(id))).toEqual({ refused: 'matter_closed' });
    expect(await acme.run(close(id))).toEqual({ refused: 'matter_closed' });
    expect(await lines()).toHaveLength(2);
  });

  test('somebody else’s is closed by a representative only, and by one who may sign', async () => {
    const own = open('question', { by: claire });
    await acme.run(own);
    expect(await acme.run(close(own.matter.id))).toEqual({ refused: 'not_yours' });
    await acme.run({
      ...{ do: 'unseat', client: 'acme', controller: 'marc' },
      by: { seat: claire.seat, role: 'representative' },
    });
    expect(await acme.run(close(own.matter.id))).toEqual({ refused: 'not_seated' });
    expect(await acme.run(say(own.matter.id, { by: marc }))).toEqual({ refused: 'not_seated' });
  });
});

test('fsck finds a row that was changed, lost or made up', async () => {
  await acme.run(open());
  const db = new DatabaseSync(acme.folder.file);
  const found = async (change: string, back: string) => {
    db.exec(change);
    const findings = await acme.world.archive.fsck('acme');
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
  await acme.run(command);
  await acme.run(say(command.matter.id));
  const texts = [...(await acme.world.archive.grants('acme')).map(({ text }) => text), sliceText('acme')];
  const byHash = new Map(texts.map((text) => [textHash(text), Buffer.from(text)]));
  const all = (await acme.world.archive.lines({ client: 'acme', limit: 100, disclose: [] })).toReversed();
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
