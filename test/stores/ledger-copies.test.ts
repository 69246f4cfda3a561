/** The copy register in the real ledger: log, table and export agree whatever was tried, and whatever died. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Command } from '../../src/core/commands.ts';
import { type EndCopies, type RegisterCopy, usualCopies } from '../../src/core/copies.ts';
import type { LeafFields } from '../../src/core/entries.ts';
import type { Opening } from '../../src/core/model.ts';
import type { Recorded } from '../../src/core/ports.ts';
import { digest, registration } from './copy-commands.ts';
import { declareCommand, openingOf, openLedger, resultFields } from './ledger-world.ts';
import { type SettledWorld, settledWorld } from './settled-world.ts';

const hour = 3_600_000;
const day = 24 * hour;
let acme: SettledWorld;
let opening: Opening;

beforeEach(async () => {
  acme = await settledWorld();
  opening = acme.opening;
});

afterEach(() => acme.end());

const begin = (changes?: LeafFields) => acme.begin(opening, changes);
const registered = (recorded: Recorded, changes?: Partial<RegisterCopy>) =>
  registration(opening, recorded, changes);

async function end(recorded: Recorded, changes: LeafFields = {}): Promise<void> {
  const fields = { ...resultFields, ...changes };
  const whole = fields.outcome === 'complete' && fields.down > 0;
  await acme.run({
    do: 'result',
    client: 'acme',
    intent: recorded.receipt,
    id: `${recorded.id}-r`,
    fields: { ...fields, ...(whole ? { digest } : {}) },
  });
}

/** A whole copy of 1,024 bytes, or how it went otherwise. */
async function taken(changes: { rules?: Partial<RegisterCopy['rules']>; result?: LeafFields } = {}) {
  const recorded = await begin();
  const rules = { ...usualCopies, ...changes.rules };
  expect(await acme.run(registered(recorded, { rules }))).toHaveProperty('receipt');
  await end(recorded, changes.result);
  return recorded.id;
}

/** Another access of somebody, with an exchange that runs. */
async function reopened(person = 'alice'): Promise<void> {
  const next = openingOf(acme.grant.id, acme.opening.login, acme.clock.now(), { person });
  expect(await acme.run(declareCommand(next, acme.epoch))).toHaveProperty('receipt');
  opening = next;
}

const gone = (copy: string, changes: Partial<EndCopies> = {}) =>
  acme.run({
    do: 'copy-gone',
    client: 'acme',
    copies: [copy],
    by: { person: 'alice', name: 'Alice Martin', contact: false },
    how: 'destroyed',
    done: acme.clock.now(),
    text: 'Disk wiped with three passes.',
    ...changes,
  });

const keep = (changes: Partial<Command & { do: 'copy-keep' }> = {}) =>
  acme.run({
    ...{ do: 'copy-keep', client: 'acme', opening: opening.id, person: opening.person, name: 'Alice Martin' },
    ...{ place: 'Vault 2, Lyon', custodian: 'Backup team' },
    ...changes,
  } as Command & { do: 'copy-keep' });

const copies = () => acme.world.archive.copies('acme');

describe('a copy is registered', () => {
  test('while its exchange runs, and completed by its result', async () => {
    const id = await taken();
    expect(await copies()).toEqual([
      {
        id,
        client: 'acme',
        opening: opening.id,
        person: 'alice',
        reference: 'TICKET-77',
        system: 'erp',
        purpose: 'hotline',
        registeredAt: acme.clock.now(),
        destroyBy: acme.clock.now() + 30 * day,
        graceDays: 7,
        answerBy: acme.clock.now() + day,
        path: '/export/*',
        head: { status: 200, type: 'application/zip', length: 1024, extension: 'zip' },
        bytes: 1024,
        outcome: 'complete',
        digest,
        kept: undefined,
        gone: undefined,
      },
    ]);
    const [line] = await acme.world.archive.lines({
      ...{ client: 'acme', kinds: ['copy.registered'], limit: 1, disclose: ['target'] },
    });
    expect(line?.leaf).toMatchObject({
      request: id,
      destroy_by: new Date(acme.clock.now() + 30 * day).toISOString(),
    });
    expect(line?.leaf).not.toHaveProperty('extension');
    expect(line?.groups.target).toEqual({ path: '/export/*', extension: 'zip' });
    expect(await acme.world.archive.copiesOf('alice')).toHaveLength(1);
    expect(await acme.world.archive.copiesOf('bruno')).toEqual([]);
    expect(await acme.world.archive.copiesIn('martin', opening.id)).toEqual([]);
  });

  test('once, and not for what is over, for another, or under rules that are gone', async () => {
    const recorded = await begin();
    const other = await begin();
    const refusedAs = (changes: Partial<RegisterCopy>) =>
      acme.run(registered(recorded, changes)).then(
        (answer) => answer,
        ({ message }: Error) => message,
      );
    expect(await refusedAs({ policy: 'sha256:other' })).toEqual({ moved: true });
    expect(await refusedAs({ request: other.id })).toContain('another request');
    expect(await refusedAs({ person: 'bruno' })).toContain('somebody else');
    expect(await refusedAs({ system: 'payroll' })).toContain('does not have that system');
    expect(await refusedAs({ opening: 'none' })).toContain('of nobody');
    expect(await refusedAs({ client: 'martin' })).toEqual({ moved: true });
    expect(await acme.run(registered(recorded))).toHaveProperty('receipt');
    expect(await refusedAs({})).toContain('taken already');
    await end(recorded);
    expect(await refusedAs({})).toContain('has ended');
    expect(await copies()).toHaveLength(1);
  });

  test('what left in part stays in the register without a digest; what did not leave at all is none', async () => {
    await taken({ result: { outcome: 'client-abort', down: 300 } });
    await taken({ result: { outcome: 'terminated:stopped', down: 0 } });
    expect(await copies()).toMatchObject([
      { bytes: 300, outcome: 'client-abort', digest: undefined, gone: undefined },
      { bytes: 0, outcome: 'terminated:stopped', gone: { how: 'nothing', by: 'nobody' } },
    ]);
  });

  test('and is there when the process dies before its result, with what was told on the way', async () => {
    const recorded = await begin();
    await acme.run(registered(recorded));
    const fields = { session: opening.id, request: recorded.id, up: 0, down: 700 };
    await acme.run({ do: 'append', draft: { client: 'acme', t: 'access.progress', id: 'p-1', fields } });
    await acme.world.ledger.close();
    await acme.world.archive.close();
    acme.clock.advance(60_000);
    acme.world = await openLedger(acme.folder, acme.clock);
    // A run that said goodbye is not unseen: its exchanges are closed with the first look.
    for (let look = 0; look < 200 && (await copies())[0]?.outcome === undefined; look += 1)
      await new Promise((resolve) => setImmediate(resolve));
    expect(await copies()).toMatchObject([
      { id: recorded.id, outcome: 'unknown-after-crash', bytes: 700, digest: undefined, gone: undefined },
    ]);
    expect(await gone(recorded.id)).toEqual({ gone: 1 });
  });
});

describe('where copies are kept', () => {
  test('is said once for all copies of an access, by whose access it is', async () => {
    await taken();
    await taken();
    expect(await keep({ person: 'bruno' })).toEqual({ refused: 'opening_unknown' });
    expect(await keep({ opening: 'none' })).toEqual({ refused: 'opening_unknown' });
    expect(await keep({ client: 'martin' })).toEqual({ refused: 'opening_unknown' });
    for (const place of ['', '-', '..', 'x'.repeat(201)])
      expect(await keep({ place })).toEqual({ refused: 'copy_place' });
    expect(await keep()).toMatchObject({ copies: 2 });
    expect(await keep()).toEqual({ refused: 'copies_none' });
    await taken();
    expect((await copies()).map(({ kept }) => kept?.custodian)).toEqual([
      'Backup team',
      'Backup team',
      undefined,
    ]);
    expect(await keep({ place: 'Vault 3' })).toMatchObject({ copies: 1 });
  });

  test('may be said by the rules, for robots', async () => {
    await taken({ rules: { place: 'Tape', custodian: 'Operations' } });
    expect(await copies()).toMatchObject([{ kept: { place: 'Tape', custodian: 'Operations' } }]);
    expect(await keep()).toEqual({ refused: 'copies_none' });
  });
});

describe('that a copy is gone', () => {
  test('is said once, by whoever took it or the contact, at a time that can be', async () => {
    const id = await taken();
    acme.clock.advance(hour);
    expect(await gone('none')).toEqual({ refused: 'copy_unknown' });
    expect(await gone(id, { client: 'martin' })).toEqual({ refused: 'copy_unknown' });
    const bruno = { person: 'bruno', name: 'Bruno', contact: false };
    expect(await gone(id, { by: bruno })).toEqual({ refused: 'copy_unknown' });
    for (const done of [acme.clock.now() + 1, acme.clock.now() - hour - 1, Number.NaN, 1.5, -1])
      expect(await gone(id, { done })).toEqual({ refused: 'copy_done' });
    for (const text of ['', 'ok', '....................', 'a'.repeat(501)])
      expect(await gone(id, { text })).toEqual({ refused: 'copy_said' });
    const answers = await Promise.all([gone(id), gone(id)]);
    expect(answers).toEqual([{ gone: 1 }, { refused: 'copy_gone' }]);
    await reopened();
    const other = await taken();
    expect(await gone(other, { by: { ...bruno, contact: true }, how: 'returned' })).toEqual({ gone: 1 });
    expect((await copies()).map(({ gone: way }) => [way?.how, way?.by])).toEqual([
      ['returned', 'contact'],
      ['destroyed', 'taker'],
    ]);
    expect(await acme.world.archive.copiesOf('alice')).toEqual([]);
  });

  test('is said of several, all or none; not of one that runs', async () => {
    const [first, second] = [await taken(), await taken()];
    const running = await begin();
    await acme.run(registered(running));
    expect(await gone('', { copies: [first, running.id] })).toEqual({ refused: 'copy_running' });
    expect(await gone('', { copies: [] })).toEqual({ refused: 'copy_unknown' });
    expect((await copies()).filter((copy) => copy.gone !== undefined)).toEqual([]);
    expect(await gone('', { copies: [first, second, first] })).toEqual({ gone: 2 });
    await end(running);
  });
});

describe('new copies are held back while something is owed', () => {
  const registers = async () => {
    const recorded = await begin();
    const answer = await acme.run(registered(recorded));
    await end(recorded, { outcome: 'withheld:copy_register_required', down: 0 });
    return 'refused' in answer ? answer.refused : 'registered';
  };

  test('where copies are kept, from a day on; said, they pass again', async () => {
    await taken();
    const first = opening;
    acme.clock.advance(day - 1);
    await reopened();
    expect(await registers()).toBe('registered');
    acme.clock.advance(1);
    expect(await registers()).toBe('copy_register_required');
    // Nobody else is held back.
    await reopened('bruno');
    expect(await registers()).toBe('registered');
    expect(await keep({ opening: first.id, person: 'alice' })).toMatchObject({ copies: 1 });
    await reopened();
    expect(await registers()).toBe('registered');
  });

  test('overdue ones, once their grace is over; gone, they pass again', async () => {
    const id = await taken({ rules: { keepDays: 1, graceDays: 2, place: 'Tape', custodian: 'Operations' } });
    acme.clock.advance(3 * day - 1);
    await reopened();
    expect(await registers()).toBe('registered');
    acme.clock.advance(1);
    expect(await registers()).toBe('copy_register_required');
    expect(await gone(id)).toEqual({ gone: 1 });
    expect(await registers()).toBe('registered');
  });
});
