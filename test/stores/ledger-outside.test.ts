/** What is said of systems outside, in the real ledger: log, table, history and export agree whatever was tried. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Answers } from '../../src/core/answers.ts';
import type { LeafFields } from '../../src/core/entries.ts';
import type { Opening } from '../../src/core/model.ts';
import { sayingTime } from '../../src/core/outside.ts';
import { createHistory } from '../../src/stores/history.ts';
import { declareCommand, openingOf } from './ledger-world.ts';
import { type SettledWorld, settledWorld } from './settled-world.ts';

const minute = 60_000;
const hour = 60 * minute;
let acme: SettledWorld;
let epoch: number;

beforeEach(async () => {
  acme = await settledWorld();
  epoch = acme.epoch;
});

afterEach(() => acme.end());

async function declare(fields: LeafFields = {}): Promise<{ opening: Opening; answer: Answers['declare'] }> {
  const opening = openingOf(acme.grant.id, acme.opening.login, acme.clock.now());
  const command = declareCommand(opening, epoch);
  const [system] = opening.systems;
  return {
    opening,
    answer: await acme.run({
      ...command,
      fields: { ...command.fields, declared: system ?? '', ...fields },
    }),
  };
}

async function close(opening: Opening): Promise<void> {
  const counts = { exchanges: 0, refused: 0, statics: 0, up: 0, down: 0 };
  const closings = [{ opening: opening.id, cause: 'technician' as const, cutMs: 0, counts }];
  epoch = (await acme.run({ do: 'close', client: 'acme', by: undefined, closings })).epoch;
}

const say = (opening: Opening, more: { text?: string; person?: string; client?: string } = {}) =>
  acme.run({
    do: 'say-outside',
    client: more.client ?? opening.client,
    opening: opening.id,
    person: more.person ?? opening.person,
    text: more.text ?? 'Walked through the printer settings.',
    groups: { person: { subject: 'sub-alice', name: 'Alice Martin' } },
  });

const lines = (t: 'session.declared' | 'session.opened') =>
  acme.world.archive.lines({ client: 'acme', kinds: [t], limit: 20, disclose: ['work'] });

describe('what was done outside', () => {
  test('is owed from the declaration on, said once after the end, and stands apart from the leaf', async () => {
    const { opening } = await declare();
    expect((await lines('session.opened'))[0]?.leaf).toMatchObject({ said: 'owed' });
    expect(await acme.world.archive.unsaid('acme')).toMatchObject([{ id: opening.id, said: 'owed' }]);
    expect(await say(opening)).toEqual({ refused: 'saying_running' });
    await close(opening);
    const answers = await Promise.all([say(opening), say(opening)]);
    expect(answers).toEqual([expect.objectContaining({ late: false }), { refused: 'saying_none' }]);
    const [line] = await lines('session.declared');
    expect(line?.leaf).toMatchObject({
      session: opening.id,
      ended: new Date(acme.clock.now()).toISOString(),
    });
    expect(line?.groups.work).toEqual({ said: 'Walked through the printer settings.' });
    expect(JSON.stringify(line?.leaf)).not.toContain('printer');
    expect(await acme.world.archive.unsaid('acme')).toEqual([]);
    const [own] = await acme.world.archive.openingsOf('alice', 1);
    expect(own?.said).toEqual({ at: acme.clock.now(), text: 'Walked through the printer settings.' });
  });

  test.each([
    [sayingTime.late, false],
    [sayingTime.late + 1, true],
    [sayingTime.last, true],
  ])('%i milliseconds after the end it is late: %s', async (after, late) => {
    const { opening } = await declare();
    await close(opening);
    acme.clock.advance(after);
    expect(await say(opening)).toMatchObject({ late });
    expect((await lines('session.declared'))[0]?.leaf.late).toBe(late ? true : undefined);
  });

  test('a day after the end it is refused; the end is the declared one where nobody closed', async () => {
    const { opening } = await declare();
    acme.clock.advance(opening.endsAt - acme.clock.now() + sayingTime.last);
    expect(await say(opening)).toMatchObject({ late: true });
    const other = (await declare()).opening;
    await close(other);
    acme.clock.advance(sayingTime.last + 1);
    expect(await say(other)).toEqual({ refused: 'saying_late' });
  });

  test('of somebody else, of another client, of nobody, of what passes here, or saying nothing: refused', async () => {
    const { opening } = await declare();
    await close(opening);
    expect(await say(opening, { person: 'bruno' })).toEqual({ refused: 'opening_unknown' });
    expect(await say(opening, { client: 'martin' })).toEqual({ refused: 'opening_unknown' });
    expect(await say({ ...opening, id: 'none' })).toEqual({ refused: 'opening_unknown' });
    expect(await say(acme.opening)).toEqual({ refused: 'saying_none' });
    for (const text of ['', 'ok', '...............', 'a b '.repeat(200)])
      expect(await say(opening, { text })).toEqual({ refused: 'saying_empty' });
    expect(await lines('session.declared')).toEqual([]);
  });

  test('a correction afterwards keeps what was said', async () => {
    const { opening } = await declare();
    await close(opening);
    await say(opening);
    await acme.run({
      ...{ do: 'correct', client: 'acme', opening: opening.id, person: opening.person },
      ...{ reference: 'TICKET-99', note: opening.note, groups: {} },
    });
    const [own] = await acme.world.archive.openingsOf('alice', 1);
    expect(own).toMatchObject({
      reference: 'TICKET-99',
      said: { text: 'Walked through the printer settings.' },
    });
  });

  test('more than three owed block what is outside, at all clients together; a week later they are over', async () => {
    for (const _ of [1, 2, 3, 4]) await close((await declare()).opening);
    expect((await declare()).answer).toEqual({ unsaid: 4 });
    const inside = openingOf(acme.grant.id, acme.opening.login, acme.clock.now());
    expect(await acme.run(declareCommand(inside, epoch))).toHaveProperty('receipt');
    acme.clock.advance(sayingTime.counts - 1);
    expect((await declare()).answer).toEqual({ unsaid: 4 });
    acme.clock.advance(1);
    expect((await declare()).answer).toHaveProperty('receipt');
  });

  test.each([
    ['names another system as outside', { declared: 'other' }],
    ['names none', { declared: '' }],
    ['says itself what is owed', { said: 'owed' }],
  ])('a declaration that %s is not written', async (_, fields) => {
    await expect(declare(fields)).rejects.toMatchObject({ code: 'ledger_conflict' });
  });

  test('a row that forgets what is owed, or makes it up, is found', async () => {
    const { opening } = await declare();
    const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(acme.folder.file);
    const set = (at: number | null) =>
      db.prepare('UPDATE openings SET said_at = ? WHERE id = ?').run(at, opening.id);
    set(null);
    expect(await acme.world.archive.fsck()).toEqual([
      'acme: the log knows openings outside that have no such row',
    ]);
    set(acme.clock.now());
    expect(await acme.world.archive.fsck()).toEqual([
      `acme: opening ${opening.id} says otherwise in its row than in the log whether what was done outside was said`,
    ]);
    set(0);
    db.close();
  });

  test('stands in the story and in what the client takes away', async () => {
    const { opening } = await declare();
    await close(opening);
    acme.clock.advance(2 * hour);
    await say(opening);
    const { file, keysDir, dir } = acme.folder;
    const history = createHistory({ file, keysDir, history: `${dir}/history.db` });
    try {
      await history.settled();
      const told = (await history.story('acme', opening.id))?.story;
      expect(told).toMatchObject({
        declared: opening.systems,
        said: { at: acme.clock.now(), late: true, text: 'Walked through the printer settings.' },
      });
      const page = await history.lines('acme', opening.id, undefined, 20);
      expect(page?.lines.map(({ leaf }) => leaf.t)).toEqual(['session.closed', 'session.declared']);
    } finally {
      await history.close();
    }
    const taken = async (format: 'csv' | 'jsonl' | 'ecs'): Promise<string> => {
      const take = { client: 'acme', from: undefined, until: undefined, separator: ',' as const };
      let text = '';
      for await (const chunk of acme.world.archive.take({
        ...take,
        format,
        bom: false,
        zone: 'Europe/Paris',
      }))
        text += Buffer.from(chunk).toString();
      return text;
    };
    for (const format of ['csv', 'jsonl', 'ecs'] as const) {
      const rows = (await taken(format)).split('\n').filter((row) => row.includes('declared-not-observed'));
      expect(rows).toHaveLength(2);
      expect(rows.join('\n')).toContain('Walked through the printer settings.');
    }
  });
});
