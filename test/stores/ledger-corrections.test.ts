/** References in the real ledger: what is owed, what is mended and by whom; log, table and export agree whatever was tried. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Answers } from '../../src/core/answers.ts';
import type { Command } from '../../src/core/commands.ts';
import type { LeafFields } from '../../src/core/entries.ts';
import type { Opening } from '../../src/core/model.ts';
import { isProvisional, mendingTime, provisionalReference } from '../../src/core/references.ts';
import { createStory } from '../../src/core/story.ts';
import { declareCommand, openingOf } from './ledger-world.ts';
import { type SettledWorld, settledWorld } from './settled-world.ts';

const hour = 3_600_000;
let acme: SettledWorld;

beforeEach(async () => {
  acme = await settledWorld();
});

afterEach(() => acme.end());

async function declare(
  reference: string,
  fields: LeafFields = {},
): Promise<{ opening: Opening; answer: Answers['declare'] }> {
  const { grant, opening: first, epoch } = acme;
  const opening = openingOf(grant.id, first.login, acme.clock.now(), { reference });
  const command = declareCommand(opening, epoch);
  return { opening, answer: await acme.run({ ...command, fields: { ...command.fields, ...fields } }) };
}

const correct = (
  opening: Opening,
  more: { reference?: string; note?: string; person?: string } = {},
): Command & { do: 'correct' } => ({
  do: 'correct',
  client: opening.client,
  opening: opening.id,
  person: more.person ?? opening.person,
  reference: more.reference ?? opening.reference,
  note: more.note ?? opening.note,
  groups: { person: { subject: 'sub-alice', name: 'Alice Martin' } },
});

const corrections = () =>
  acme.world.archive.lines({ client: 'acme', kinds: ['session.corrected'], limit: 20, disclose: ['work'] });

describe('a wrong reference or note', () => {
  test('is mended by the person within a day; old and new stand on the line, neither in the leaf', async () => {
    const { opening } = acme;
    acme.clock.advance(mendingTime);
    expect(await acme.run(correct(opening, { reference: 'TICKET-78' }))).toHaveProperty('receipt');
    const [line] = await corrections();
    expect(line?.groups.work).toEqual({
      reference: 'TICKET-78',
      note: opening.note,
      old_reference: 'TICKET-77',
      old_note: opening.note,
    });
    expect(line?.leaf).toMatchObject({ session: opening.id, what: 'reference' });
    expect(JSON.stringify(line?.leaf)).not.toMatch(/TICKET|printer/);
    expect((await acme.world.archive.openingsOf('alice', 5))[0]).toMatchObject({ reference: 'TICKET-78' });
  });

  test('not a millisecond later', async () => {
    acme.clock.advance(mendingTime + 1);
    const late = await acme.run(correct(acme.opening, { reference: 'TICKET-78' }));
    expect(late).toEqual({ refused: 'correction_late' });
    expect(await corrections()).toEqual([]);
  });

  test('of somebody else, of another client or of nobody is unknown', async () => {
    const { opening } = acme;
    const tries = [
      correct(opening, { reference: 'X-1', person: 'bruno' }),
      correct({ ...opening, client: 'martin' }, { reference: 'X-1' }),
      correct({ ...opening, id: 'none' }, { reference: 'X-1' }),
    ];
    for (const one of tries) expect(await acme.run(one)).toEqual({ refused: 'opening_unknown' });
    expect(await corrections()).toEqual([]);
  });

  test('sent twice at once is one line; five times is enough', async () => {
    const { opening } = acme;
    const answers = await Promise.all([1, 2].map(() => acme.run(correct(opening, { reference: 'T-1' }))));
    expect(answers).toEqual([expect.objectContaining({ receipt: expect.anything() }), { already: true }]);
    for (const n of [2, 3, 4, 5]) await acme.run(correct(opening, { reference: `T-${n}` }));
    expect(await acme.run(correct(opening, { reference: 'T-6' }))).toEqual({ refused: 'corrections_spent' });
    expect(await corrections()).toHaveLength(5);
  });

  test('does not become a provisional one', async () => {
    const answer = await acme.run(correct(acme.opening, { reference: 'CALL-1' }));
    expect(answer).toEqual({ refused: 'correction_provisional' });
  });
});

describe('what the ticket system said', () => {
  test('stays with the reference until there is another one', async () => {
    const { opening } = await declare('T-1', { reference_check: 'failed' });
    expect((await acme.world.archive.openingsOf('alice', 1))[0]?.referenceCheck).toBe('failed');
    await acme.run(correct(opening, { reference: 'T-1', note: 'The printer, again.' }));
    await acme.run({ ...correct(opening, { reference: 'T-2', note: 'The printer, again.' }), check: 'ok' });
    await acme.run(correct(opening, { reference: 'T-3', note: 'The printer, again.' }));
    const checks = (await corrections()).map(({ leaf }) => leaf.reference_check);
    expect(checks).toEqual([undefined, 'ok', 'failed']);
    expect((await acme.world.archive.openingsOf('alice', 1))[0]?.referenceCheck).toBeUndefined();
  });

  test.each([
    ['of another name', 'T-1', 'fine'],
    ['about a ticket yet to come', 'CALL-1', 'ok'],
  ])('%s is not written', async (_, reference, check) => {
    await expect(declare(reference, { reference_check: check })).rejects.toMatchObject({
      code: 'ledger_conflict',
    });
  });
});

describe('a reference that stands for a ticket yet to come', () => {
  test('is owed until it is replaced, also late; the line says until when', async () => {
    const { opening } = await declare('CALL-20260601-0001');
    const [line] = await acme.world.archive.lines({
      client: 'acme',
      kinds: ['session.opened'],
      limit: 1,
      disclose: [],
    });
    expect(line?.leaf.reference_due).toBe(new Date(acme.clock.now() + mendingTime).toISOString());
    expect(await acme.world.archive.owed('acme')).toMatchObject([{ id: opening.id }]);
    acme.clock.advance(48 * hour);
    expect(await acme.run(correct(opening, { note: 'Something else' }))).toEqual({
      refused: 'correction_late',
    });
    expect(await acme.run(correct(opening, { reference: 'CALL-2' }))).toEqual({
      refused: 'correction_provisional',
    });
    expect(await acme.run(correct(opening, { reference: 'INC-9' }))).toHaveProperty('receipt');
    expect(await acme.world.archive.owed('acme')).toEqual([]);
    // What is paid is like any other now: too late to change.
    expect(await acme.run(correct(opening, { reference: 'INC-10' }))).toEqual({ refused: 'correction_late' });
  });

  test('more than three of them owed: nothing more is declared, until one is given', async () => {
    const owing: Opening[] = [];
    for (const n of [1, 2, 3, 4]) owing.push((await declare(`call-${n}`)).opening);
    expect((await declare('CALL-5')).answer).toEqual({ owed: 4 });
    expect((await declare('INC-5')).answer).toEqual({ owed: 4 });
    const [first] = owing;
    if (first === undefined) throw new Error('one is owed');
    await acme.run(correct(first, { reference: 'INC-1' }));
    expect((await declare('INC-5')).answer).toHaveProperty('receipt');
  });

  test('a row that forgets what is owed is found', async () => {
    const { opening } = await declare('CALL-1');
    const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(acme.folder.file);
    const set = (due: number | null) =>
      db.prepare('UPDATE openings SET due_at = ? WHERE id = ?').run(due, opening.id);
    set(null);
    expect(await acme.world.archive.fsck()).toEqual([
      `acme: opening ${opening.id} owes its reference otherwise in its row than in the log`,
    ]);
    set(acme.clock.now() + mendingTime);
    db.close();
  });
});

test('what is made here stands for a reference, whatever the day and number', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (number) => {
      const made = provisionalReference('2026-10-05', number);
      return isProvisional(made) && /^CALL-20261005-\d{4}$/.test(made);
    }),
  );
});

describe('the client’s own check', () => {
  const at = (ms: number) => new Date(Date.UTC(2026, 5, 1, 9) + ms).toISOString();
  const told = (lines: readonly Record<string, string | number>[]) => {
    const story = createStory({ textOf: () => undefined, party: { id: 'x', origin: 'x' } as never });
    let n = 0;
    const faults = lines.map((line) => {
      n += 1;
      const leaf = { v: 1, id: `l${n}`, node: 'main', boot: 'b', n, ...line };
      return story.line({ origin: 'o', index: n }, leaf as never);
    });
    return faults.at(-1);
  };

  test('refuses to mend what was never declared', () => {
    const begun = [
      { t: 'log.opened', at: at(0) },
      { t: 'node.started', at: at(0) },
    ];
    const line = { t: 'session.corrected', at: at(1), session: 'none', what: 'note', actor: 'a' };
    expect(told([...begun, { ...line, commit_work: 'c' }])).toBe(
      'it mends an access that was never declared',
    );
    expect(told([...begun, line])).toBe('it does not say commit_work');
  });
});
