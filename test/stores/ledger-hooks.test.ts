/** Webhooks in the real ledger: who adds and removes them, that they die with the seat; log, table and export agree. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Command } from '../../src/core/commands.ts';
import { mostHooks } from '../../src/core/hooks.ts';
import {
  endSound,
  type Folder,
  makeFolder,
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

afterEach(() => endSound(world, folder));

const address = 'https://hooks.acme.example/in?token=abc';
const secret = 'whsec_c2VjcmV0';
const by = (one: string) => ({ seat: one, role: 'representative' }) as const;

const add = (id: string, who = seat, client = 'acme') =>
  run({
    do: 'hook-add',
    client,
    hook: { id, events: ['access.opened', 'access.closed'], address, secret },
    by: by(who),
  });
const remove = (hook: string, who = seat, client = 'acme') =>
  run({ do: 'hook-remove', client, hook, by: by(who) });

async function second(role: 'representative' | 'reader', grantsFrom?: number) {
  const command = seatCommand(folder, clock.now());
  const taken = { ...command.seat, controller: 'marc', subject: 'sub-marc', role };
  const answer = await run({
    ...command,
    seat: { ...taken, ...(grantsFrom === undefined ? {} : { grantsFrom }) },
  });
  expect(answer).toHaveProperty('receipt');
  return taken.id;
}

const lines = (kind: 'hook.added' | 'hook.removed') =>
  world.archive.lines({ client: 'acme', kinds: [kind], limit: 20, disclose: ['work'] });

describe('a webhook', () => {
  test('is a line that tells where it leads, and holds neither path nor secret', async () => {
    expect(await add('h1')).toHaveProperty('receipt');
    const [line] = await lines('hook.added');
    expect(line?.leaf).toMatchObject({ hook: 'h1', seat, events: 'access.opened access.closed' });
    expect(line?.groups.work).toEqual({ note: 'https://hooks.acme.example' });
    expect(JSON.stringify(line)).not.toMatch(/token|c2VjcmV0/);
    expect(await world.archive.hooks('acme')).toEqual([
      {
        ...{ id: 'h1', client: 'acme', seat, events: ['access.opened', 'access.closed'] },
        ...{ origin: 'https://hooks.acme.example', addedAt: clock.now(), removedAt: undefined },
      },
    ]);
    expect(await world.archive.hookTarget('h1')).toEqual({ client: 'acme', address, secret });
  });

  test('that was removed leads nowhere; removing twice is one line', async () => {
    await add('h1');
    clock.advance(5);
    expect(await remove('h1')).toHaveProperty('receipt');
    expect(await remove('h1')).toEqual({ already: true });
    expect(await world.archive.hookTarget('h1')).toBeUndefined();
    expect(await world.archive.liveHooks()).toEqual([]);
    expect((await world.archive.hooks('acme'))[0]?.removedAt).toBe(clock.now());
    expect(await lines('hook.removed')).toHaveLength(1);
  });

  test('dies with the seat that added it, and may then still be removed', async () => {
    const marc = await second('representative');
    await add('h1', marc);
    expect((await world.archive.liveHooks()).map(({ id }) => id)).toEqual(['h1']);
    await run({ do: 'unseat', client: 'acme', controller: 'marc', by: by(seat) });
    expect(await world.archive.liveHooks()).toEqual([]);
    expect(await world.archive.hookTarget('h1')).toBeUndefined();
    expect(await add('h2', marc)).toEqual({ refused: 'not_seated' });
    expect(await remove('h1')).toHaveProperty('receipt');
  });

  test('is a representative’s alone, of the client’s own', async () => {
    const marc = await second('reader');
    await add('h1');
    expect(await add('h2', marc)).toEqual({ refused: 'not_seated' });
    expect(await remove('h1', marc)).toEqual({ refused: 'not_seated' });
    expect(await add('h2', seat, 'martin')).toEqual({ refused: 'not_seated' });
    await settle(folder, (command) => run(command), clock.now(), 'martin');
    const [martins] = (await world.archive.inForce('martin')).seats;
    expect(await remove('h1', martins?.id ?? '', 'martin')).toEqual({ refused: 'hook_unknown' });
    expect(await world.archive.hooks('martin')).toEqual([]);
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
    const db = new DatabaseSync(folder.file);
    db.exec("INSERT INTO hooks SELECT 'forged', log, seat, events, added_at, removed_at, box FROM hooks");
    expect(await world.archive.fsck()).toEqual([
      'acme: webhook forged is there in its row and not so in the log',
    ]);
    db.exec("DELETE FROM hooks WHERE id = 'forged'");
    db.exec('UPDATE hooks SET removed_at = 1');
    expect(await world.archive.fsck()).toEqual([
      'acme: webhook h1 is removed in its row and not so in the log',
    ]);
    db.exec('UPDATE hooks SET removed_at = NULL');
    db.close();
  });
});
