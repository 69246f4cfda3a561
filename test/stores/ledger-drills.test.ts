/** Drills in the real ledger: begun and stopped by somebody seated, so many an hour; log and export agree whatever was tried. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DrillCommand } from '../../src/core/drills.ts';
import { drillLimits, drillsOf, isRunning } from '../../src/core/drills.ts';
import type { Draft, LeafFields } from '../../src/core/entries.ts';
import { DrillStory } from '../../src/core/story-drills.ts';
import type { SeatsTold } from '../../src/core/story-seats.ts';
import {
  endSound,
  type Folder,
  makeFolder,
  openLedger,
  settle,
  standingClock,
  type World,
} from './ledger-world.ts';

const hour = 3_600_000;
let folder: Folder;
let world: World;
let clock: ReturnType<typeof standingClock>;
let by: DrillCommand['by'];

beforeEach(async () => {
  folder = makeFolder();
  clock = standingClock();
  world = await openLedger(folder, clock);
  await settle(folder, (command) => world.ledger.run(command), clock.now());
  const [seat] = (await world.archive.inForce('acme')).seats;
  by = { seat: seat?.id ?? '', role: 'representative' };
});

afterEach(() => endSound(world, folder));

const run = (more: Partial<DrillCommand> = {}) =>
  world.ledger.run<DrillCommand>({ do: 'drill', client: 'acme', drill: undefined, by, ...more });

async function drills() {
  return drillsOf(
    await world.archive.lines({ client: 'acme', kinds: ['drill.ran'], limit: 100, disclose: [] }),
  );
}

describe('a drill', () => {
  test('begins, is stopped once, and is no opening', async () => {
    const began = await run();
    const drill = 'drill' in began ? began.drill : '';
    const [found] = await drills();
    expect(found).toMatchObject({ id: drill, seat: by.seat, until: clock.now() + drillLimits.lasts });
    expect(found !== undefined && isRunning(found, clock.now())).toBe(true);
    const open = (await world.archive.inForce('acme')).openings.map(({ id }) => id);
    expect(open).not.toContain(drill);
    expect(await world.archive.openingAt('acme', drill)).toBeUndefined();
    clock.advance(1_000);
    expect(await run({ drill })).toMatchObject({ drill });
    expect(await run({ drill })).toEqual({ refused: 'drill_over' });
    expect((await drills())[0]?.stoppedAt).toBe(clock.now());
  });

  test('is over by itself, and then cannot be stopped', async () => {
    const began = await run();
    clock.advance(drillLimits.lasts);
    expect(await run({ drill: 'drill' in began ? began.drill : '' })).toEqual({ refused: 'drill_over' });
  });

  test('nobody begins or stops one without a seat, of another client, or one that is not there', async () => {
    expect(await run({ by: { seat: 'nobody', role: 'reader' } })).toEqual({ refused: 'not_seated' });
    expect(await run({ client: 'martin' })).toEqual({ refused: 'not_seated' });
    expect(await run({ drill: 'never' })).toEqual({ refused: 'drill_over' });
    expect(await drills()).toEqual([]);
  });

  test('begins five times in any hour', async () => {
    for (let count = 0; count < drillLimits.perHour; count += 1) {
      expect(await run()).toHaveProperty('receipt');
      clock.advance(60_000);
    }
    expect(await run()).toEqual({ refused: 'drills_spent' });
    clock.advance(hour - drillLimits.perHour * 60_000);
    expect(await run()).toHaveProperty('receipt');
    expect(await run()).toEqual({ refused: 'drills_spent' });
  });

  test('holds no exchange: an intent in it is refused by the writer', async () => {
    const began = await run();
    const draft: Draft = {
      ...{ client: 'acme', t: 'access.intent', id: 'x1' },
      fields: {
        ...{
          session: 'drill' in began ? began.drill : '',
          system: 'erp',
          grant: 'g',
          epoch: 1,
          method: 'GET',
        },
        ...{ operation: 'read', dest: 'page', policy: 'p' },
      },
      groups: { target: { path: '/' } },
    };
    const { epoch } = await world.archive.inForce('acme');
    await expect(world.ledger.intent(draft, epoch)).rejects.toThrow();
  });
});

test.each([
  ['csv', /^.*drill\.ran.*,test,/m],
  ['jsonl', /"what":"drill\.ran".*"outcome":"test"/],
  ['ecs', /"action":"drill\.ran","outcome":"unknown".*"labels":\{.*"outcome":"test"/],
] as const)('a test is marked in what is taken away as %s', async (format, marked) => {
  await run();
  const chunks: Uint8Array[] = [];
  const take = {
    ...{ client: 'acme', from: undefined, until: undefined, format, bom: false },
    ...{ separator: ',' as const, zone: 'Europe/Paris' },
  };
  for await (const chunk of world.archive.take(take)) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toMatch(marked);
});

describe('the client’s own check', () => {
  const at = Date.UTC(2026, 5, 1, 9);
  const seats = {
    get: (id: string) => (id === 'gone' ? { removed: true } : id === 'seat' ? { removed: false } : undefined),
  } as unknown as SeatsTold;
  const begins = (drill: string, ms = 0, more: LeafFields = {}): LeafFields => ({
    ...{ drill, step: 'began', seat: 'seat', role: 'reader', at: new Date(at + ms).toISOString() },
    ends: new Date(at + ms + drillLimits.lasts).toISOString(),
    ...more,
  });
  const stops = (drill: string, ms: number): LeafFields => begins(drill, ms, { step: 'stopped' });

  test.each<readonly [string, readonly LeafFields[], string | undefined]>([
    ['one that is stopped', [begins('a'), stops('a', 1)], undefined],
    ['by nobody', [begins('a', 0, { seat: 'other' })], 'its drill is by nobody seated'],
    ['by somebody removed', [begins('a', 0, { seat: 'gone' })], 'its drill is by nobody seated'],
    ['an unknown step', [begins('a', 0, { step: 'paused' })], 'its drill neither begins nor ends'],
    [
      'one that lasts for days',
      [begins('a', 0, { ends: '2026-07-01T00:00:00.000Z' })],
      'its drill does not last as long as drills do',
    ],
    ['the same twice', [begins('a'), begins('a', 1)], 'its drill began already'],
    ['stopped twice', [begins('a'), stops('a', 1), stops('a', 2)], 'it stops a drill that does not run'],
    ['stopped too late', [begins('a'), stops('a', drillLimits.lasts)], 'it stops a drill that does not run'],
    [
      'six in an hour',
      ['a', 'b', 'c', 'd', 'e', 'f'].map((id, n) => begins(id, n)),
      'more drills began than may',
    ],
    ['six in more', ['a', 'b', 'c', 'd', 'e', 'f'].map((id, n) => begins(id, (n * hour) / 5)), undefined],
  ])('%s', (_name, lines, fault) => {
    const story = new DrillStory(seats);
    expect(lines.map((line) => story.line(line)).at(-1)).toBe(fault);
  });
});
