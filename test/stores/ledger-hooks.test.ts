/** Webhooks in the real ledger: who adds and removes them, that they die with the seat; log, table and export agree. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mostHooks } from '../../src/core/hooks.ts';
import { seatCommand, settle } from './ledger-world.ts';
import { type SettledWorld, settledWorld } from './settled-world.ts';

let acme: SettledWorld;

beforeEach(async () => {
  acme = await settledWorld();
});

afterEach(() => acme.end());

const address = 'https://hooks.acme.example/in?token=abc';
const secret = 'whsec_c2VjcmV0';
const by = (one: string) => ({ seat: one, role: 'representative' }) as const;

const add = (id: string, who = acme.seat, client = 'acme') =>
  acme.run({
    do: 'hook-add',
    client,
    hook: { id, events: ['access.opened', 'access.closed'], address, secret },
    by: by(who),
  });
const remove = (hook: string, who = acme.seat, client = 'acme') =>
  acme.run({ do: 'hook-remove', client, hook, by: by(who) });

async function second(role: 'representative' | 'reader', grantsFrom?: number) {
  const command = seatCommand(acme.folder, acme.clock.now());
  const taken = { ...command.seat, controller: 'marc', subject: 'sub-marc', role };
  const answer = await acme.run({
    ...command,
    seat: { ...taken, ...(grantsFrom === undefined ? {} : { grantsFrom }) },
  });
  expect(answer).toHaveProperty('receipt');
  return taken.id;
}

const lines = (kind: 'hook.added' | 'hook.removed') =>
  acme.world.archive.lines({ client: 'acme', kinds: [kind], limit: 20, disclose: ['work'] });

describe('a webhook', () => {
  test('is a line that tells where it leads, and holds neither path nor secret', async () => {
    expect(await add('h1')).toHaveProperty('receipt');
    const [line] = await lines('hook.added');
    expect(line?.leaf).toMatchObject({ hook: 'h1', seat: acme.seat, events: 'access.opened access.closed' });
    expect(line?.groups.work).toEqual({ note: 'https://hooks.acme.example' });
    expect(JSON.stringify(line)).not.toMatch(/token|c2VjcmV0/);
    expect(await acme.world.archive.hooks('acme')).toEqual([
      {
        ...{ id: 'h1', client: 'acme', seat: acme.seat, events: ['access.opened', 'access.closed'] },
        ...{ origin: 'https://hooks.acme.example', addedAt: acme.clock.now(), removedAt: undefined },
      },
    ]);
    expect(await acme.world.archive.hookTarget('h1')).toEqual({ client: 'acme', address, secret });
  });

  test('that was removed leads nowhere; removing twice is one line', async () => {
    await add('h1');
    acme.clock.advance(5);
    expect(await remove('h1')).toHaveProperty('receipt');
    expect(await remove('h1')).toEqual({ already: true });
    expect(await acme.world.archive.hookTarget('h1')).toBeUndefined();
    expect(await acme.world.archive.liveHooks()).toEqual([]);
    expect((await acme.world.archive.hooks('acme'))[0]?.removedAt).toBe(acme.clock.now());
    expect(await lines('hook.removed')).toHaveLength(1);
  });

  test('dies with the seat that added it, and may then still be removed', async () => {
    const marc = await second('representative');
    await add('h1', marc);
    expect((await acme.world.archive.liveHooks()).map(({ id }) => id)).toEqual(['h1']);
    await acme.run({ do: 'unseat', client: 'acme', controller: 'marc', by: by(acme.seat) });
    expect(await acme.world.archive.liveHooks()).toEqual([]);
    expect(await acme.world.archive.hookTarget('h1')).toBeUndefined();
    expect(await add('h2', marc)).toEqual({ refused: 'not_seated' });
    expect(await remove('h1')).toHaveProperty('receipt');
  });

  test('is a representative’s alone, of the client’s own', async () => {
    const marc = await second('reader');
    await add('h1');
    expect(await add('h2', marc)).toEqual({ refused: 'not_seated' });
    expect(await remove('h1', marc)).toEqual({ refused: 'not_seated' });
    expect(await add('h2', acme.seat, 'martin')).toEqual({ refused: 'not_seated' });
    await settle(acme.folder, (command) => acme.run(command), acme.clock.now(), 'martin');
    const [martins] = (await acme.world.archive.inForce('martin')).seats;
    expect(await remove('h1', martins?.id ?? '', 'martin')).toEqual({ refused: 'hook_unknown' });
    expect(await acme.world.archive.hooks('martin')).toEqual([]);
    expect(await remove('h9')).toEqual({ refused: 'hook_unknown' });
  });

  test('there are five at most; one that ended makes room', async () => {
    for (let n = 0; n < mostHooks; n += 1) expect(await add(`h${n}`)).toHaveProperty('receipt');
    expect(await add('more')).toEqual({ refused: 'too_many_hooks' });
    await remove('h0');
    expect(await add('more')).toHaveProperty('receipt');
  });

  test('that stands in a row without its line is found', async () => {
    await add('h1');
    const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(acme.folder.file);
    db.exec("INSERT INTO hooks SELECT 'forged', log, seat, events, added_at, removed_at, box FROM hooks");
    expect(await acme.world.archive.fsck()).toEqual([
      'acme: webhook forged is there in its row and not so in the log',
    ]);
    db.exec("DELETE FROM hooks WHERE id = 'forged'");
    db.exec('UPDATE hooks SET removed_at = 1');
    expect(await acme.world.archive.fsck()).toEqual([
      'acme: webhook h1 is removed in its row and not so in the log',
    ]);
    db.exec('UPDATE hooks SET removed_at = NULL');
    db.close();
  });
});
