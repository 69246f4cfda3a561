/** Connections in the real ledger: who makes and ends them, and that they die with the seat; log, table and export agree. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Command } from '../../src/core/commands.ts';
import { ConnectionStory } from '../../src/core/story-connections.ts';
import { SeatsTold } from '../../src/core/story-seats.ts';
import { seatCommand } from './ledger-world.ts';
import { type SettledWorld, settledWorld } from './settled-world.ts';

let acme: SettledWorld;

beforeEach(async () => {
  acme = await settledWorld();
});

afterEach(() => acme.end());

const connect = (
  id: string,
  by = acme.seat,
  life = 3_600_000,
  client = 'acme',
): Command & { do: 'connect' } => ({
  do: 'connect',
  connection: {
    id,
    client,
    seat: by,
    name: 'Dashboard',
    scopes: ['stop'],
    expiresAt: acme.clock.now() + life,
  },
  hash: `hash of ${id}`,
});
const used = (connection: string) => acme.run({ do: 'connection-used', client: 'acme', connection });
const end = (connection: string, by = acme.seat, client = 'acme') =>
  acme.run({ do: 'disconnect', client, connection, seat: by });

async function second(role: 'representative' | 'reader') {
  const command = seatCommand(acme.folder, acme.clock.now());
  const taken = { ...command.seat, controller: 'marc', subject: 'sub-marc', role };
  expect(await acme.run({ ...command, seat: taken })).toHaveProperty('receipt');
  return taken.id;
}

describe('a connection', () => {
  test('is used by several at once and first used once', async () => {
    await acme.run(connect('c'));
    expect(await Promise.all([used('c'), used('c'), used('c')])).toEqual([
      { ok: true },
      { ok: true },
      { ok: true },
    ]);
    const lines = await acme.world.archive.lines({
      client: 'acme',
      kinds: ['connection.used'],
      limit: 9,
      disclose: [],
    });
    expect(lines).toHaveLength(1);
    expect(await acme.world.archive.connection('hash of c')).toMatchObject({
      name: 'Dashboard',
      usedAt: acme.clock.now(),
    });
  });

  test('dies with the seat, without a line of its own', async () => {
    const marc = await second('representative');
    await acme.run(connect('c', marc));
    await acme.run({
      do: 'unseat',
      client: 'acme',
      controller: 'marc',
      by: { seat: acme.seat, role: 'representative' },
    });
    expect(await used('c')).toEqual({ refused: 'connection_ended' });
    expect(await acme.run(connect('d', marc))).toEqual({ refused: 'not_seated' });
  });

  test('ends with its time, and is never made for more than twelve months', async () => {
    await acme.run(connect('c', acme.seat, 1_000));
    acme.clock.advance(1_000);
    expect(await used('c')).toEqual({ refused: 'connection_ended' });
    await expect(acme.run(connect('d', acme.seat, 400 * 86_400_000))).rejects.toThrow(/lasts too long/);
    await expect(acme.run(connect('d', acme.seat, 0))).rejects.toThrow(/permits nothing/);
  });

  test('is ended by whose it is or a representative; of another client it is unknown', async () => {
    const marc = await second('reader');
    await acme.run(connect('of-claire'));
    await acme.run(connect('of-marc', marc));
    expect(await end('of-claire', marc)).toEqual({ refused: 'not_seated' });
    expect(await end('of-claire', acme.seat, 'martin')).toEqual({ refused: 'connection_unknown' });
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
