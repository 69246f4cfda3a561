/** Connections in the real ledger: who makes and ends them, and that they die with the seat; log, table and export agree. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Command } from '../../src/core/commands.ts';
import { ConnectionStory } from '../../src/core/story-connections.ts';
import { SeatsTold } from '../../src/core/story-seats.ts';
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

const connect = (id: string, by = seat, life = 3_600_000, client = 'acme'): Command & { do: 'connect' } => ({
  do: 'connect',
  connection: { id, client, seat: by, name: 'Dashboard', scopes: ['stop'], expiresAt: clock.now() + life },
  hash: `hash of ${id}`,
});
const used = (connection: string) => run({ do: 'connection-used', client: 'acme', connection });
const end = (connection: string, by = seat, client = 'acme') =>
  run({ do: 'disconnect', client, connection, seat: by });

async function second(role: 'representative' | 'reader') {
  const command = seatCommand(folder, clock.now());
  const taken = { ...command.seat, controller: 'marc', subject: 'sub-marc', role };
  expect(await run({ ...command, seat: taken })).toHaveProperty('receipt');
  return taken.id;
}

describe('a connection', () => {
  test('is used by several at once and first used once', async () => {
    await run(connect('c'));
    expect(await Promise.all([used('c'), used('c'), used('c')])).toEqual([
      { ok: true },
      { ok: true },
      { ok: true },
    ]);
    const lines = await world.archive.lines({
      client: 'acme',
      kinds: ['connection.used'],
      limit: 9,
      disclose: [],
    });
    expect(lines).toHaveLength(1);
    expect(await world.archive.connection('hash of c')).toMatchObject({
      name: 'Dashboard',
      usedAt: clock.now(),
    });
  });

  test('dies with the seat, without a line of its own', async () => {
    const marc = await second('representative');
    await run(connect('c', marc));
    await run({ do: 'unseat', client: 'acme', controller: 'marc', by: { seat, role: 'representative' } });
    expect(await used('c')).toEqual({ refused: 'connection_ended' });
    expect(await run(connect('d', marc))).toEqual({ refused: 'not_seated' });
  });

  test('ends with its time, and is never made for more than twelve months', async () => {
    await run(connect('c', seat, 1_000));
    clock.advance(1_000);
    expect(await used('c')).toEqual({ refused: 'connection_ended' });
    await expect(run(connect('d', seat, 400 * 86_400_000))).rejects.toThrow(/lasts too long/);
    await expect(run(connect('d', seat, 0))).rejects.toThrow(/permits nothing/);
  });

  test('is ended by whose it is or a representative; of another client it is unknown', async () => {
    const marc = await second('reader');
    await run(connect('of-claire'));
    await run(connect('of-marc', marc));
    expect(await end('of-claire', marc)).toEqual({ refused: 'not_seated' });
    expect(await end('of-claire', seat, 'martin')).toEqual({ refused: 'connection_unknown' });
    expect(await end('of-marc')).toHaveProperty('receipt');
    expect(await end('of-claire')).toHaveProperty('receipt');
    expect(await end('of-claire')).toEqual({ already: true });
    expect(await used('of-claire')).toEqual({ refused: 'connection_ended' });
  });
});

describe('the client’s own check refuses', () => {
  const at = (ms: number) => new Date(Date.UTC(2026, 5, 1, 9) + ms).toISOString();
  const created = { t: 'connection.created', connection: 'c', seat: 's', expires: at(100), at: at(0) };
  const acted = { t: 'session.closed', connection: 'c', seat: 's', at: at(1) };
  const revoked = { t: 'connection.revoked', connection: 'c', seat: 's', at: at(1) };

  test.each([
    ['nothing that fits', [created, acted, revoked], undefined],
    ['an unknown one', [acted], 'it names a connection that was never made'],
    ['one made twice', [created, created], 'the connection was made already'],
    ['one of nobody', [{ ...created, seat: 'x' }], 'the connection is made by nobody seated'],
    ['one that ends before', [{ ...created, expires: at(0) }], 'the connection ends before it begins'],
    [
      'an act of somebody else through it',
      [created, { ...acted, seat: 'r' }],
      'its connection is of somebody else',
    ],
    ['an act after its time', [created, { ...acted, at: at(100) }], 'its connection had ended'],
    ['an act after its end', [created, revoked, acted], 'its connection had ended'],
    [
      'an end by a reader who does not hold it',
      [created, { ...revoked, seat: 'r' }],
      'its connection is ended by somebody who may not',
    ],
    ['a second end', [created, revoked, revoked], 'its connection had ended already'],
    [
      'a second first use',
      [created, { ...acted, t: 'connection.used' }, { ...acted, t: 'connection.used' }],
      'its connection had been used before',
    ],
  ] as const)('%s', (_, lines, fault) => {
    const seats = new SeatsTold();
    for (const [id, role] of [
      ['s', 'representative'],
      ['r', 'reader'],
    ])
      seats.seated({ seat: id ?? '', role: role ?? '', method: 'passkey', key: '', by: 'client', at: at(0) });
    const story = new ConnectionStory(seats);
    expect(lines.map((line) => story.line(line)).at(-1)).toBe(fault);
  });
});
