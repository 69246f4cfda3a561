/** Pulling a real log with a cursor: each act once, in one order, across pages, restarts, the year’s end and a running access. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Command } from '../../src/core/commands.ts';
import { type EventPlace, printPlace, readPlace } from '../../src/core/events.ts';
import type { Grant, Opening } from '../../src/core/model.ts';
import type { Recorded } from '../../src/core/ports.ts';
import { ecsDocument, type TakenRow } from '../../src/core/taken-rows.ts';
import {
  declareCommand,
  type Folder,
  freshId,
  grantCommand,
  intentDraft,
  makeFolder,
  openingOf,
  openLedger,
  resultFields,
  settle,
  standingClock,
} from './ledger-world.ts';

let folder: Folder;
let world: Awaited<ReturnType<typeof openLedger>>;
let clock: ReturnType<typeof standingClock>;
let acme: { seat: string; grant: Grant; opening: Opening; epoch: number };

const run = <C extends Command>(command: C) => world.ledger.run(command);

async function startAt(now?: number): Promise<void> {
  folder = makeFolder();
  clock = now === undefined ? standingClock() : standingClock(now);
  world = await openLedger(folder, clock);
  acme = await settle(folder, run, clock.now());
}

beforeEach(() => startAt());

afterEach(async () => {
  await world.close();
  folder.remove();
});

async function begin(path: string): Promise<Recorded> {
  clock.advance(1000);
  const draft = intentDraft(acme.opening, acme.epoch, { groups: { target: { path } } });
  const recorded = await world.ledger.intent(draft, acme.epoch);
  if (!('receipt' in recorded)) throw new Error(`moved to ${recorded.moved}`);
  return recorded;
}

/** Ends one for sure: the command waits for the commit. */
async function end(intent: Recorded): Promise<void> {
  clock.advance(1000);
  const fields = { ...resultFields, request: intent.id };
  await run({ do: 'result', client: 'acme', intent: intent.receipt, id: freshId('result'), fields });
}

async function page(after: EventPlace | undefined, limit = 1_000) {
  const found = await world.archive.events('acme', after, limit);
  if (found === undefined) throw new Error('the place is not in the log');
  return found;
}

/** Everything from a place on; the cursor goes through its text as it would for a program. */
async function pull(limit: number, after?: EventPlace) {
  const rows: TakenRow[] = [];
  let place = after;
  for (;;) {
    const { rows: more, next, more: further } = await page(place, limit);
    rows.push(...more);
    place = next === undefined ? undefined : readPlace(printPlace(next));
    if (!further) return { rows, place };
  }
}

const ids = (rows: readonly TakenRow[]): readonly string[] => rows.map(({ what, id }) => `${what} ${id}`);

describe('pulling', () => {
  test.each([1, 2, 3, 7, 1_000])('in pages of %d tells everything once, in one order', async (limit) => {
    const open = [await begin('/one'), await begin('/two'), await begin('/three')];
    for (const intent of open.toReversed()) await end(intent);
    const whole = await pull(1_000);
    expect(ids((await pull(limit)).rows)).toEqual(ids(whole.rows));
    expect(new Set(ids(whole.rows)).size).toBe(whole.rows.length);
    const accesses = whole.rows.filter(({ what }) => what === 'access');
    expect(accesses.map(({ path, outcome }) => [path, outcome])).toEqual([
      ['/three', 'complete'],
      ['/two', 'complete'],
      ['/one', 'complete'],
    ]);
    expect(accesses[0]).toMatchObject({
      person: 'Alice Martin',
      reference: 'TICKET-77',
      opening: acme.opening.id,
    });
  });

  test('an access is told when it ended, however much later, and what came between is not told again', async () => {
    const long = await begin('/long');
    const { rows: before, place } = await pull(2);
    expect(before.some(({ what }) => what === 'access')).toBe(false);
    await end(await begin('/short'));
    const second = await pull(2, place);
    expect(second.rows.map(({ path }) => path)).toEqual(['/short']);
    await end(long);
    const third = await pull(2, second.place);
    expect(third.rows.map(({ path }) => path)).toEqual(['/long']);
    expect((await pull(2, third.place)).rows).toEqual([]);
  });

  test('goes on after a restart, which also ends what a crash left open', async () => {
    await begin('/cut off');
    const { place } = await pull(3);
    await world.close();
    world = await openLedger(folder, clock);
    await run({ do: 'heartbeat', counts: [{ client: 'acme', anonymous: 0, live: 0 }] });
    await end(
      await begin('/after').catch(async () => {
        acme = { ...acme, epoch: (await world.archive.inForce('acme')).epoch };
        return begin('/after');
      }),
    );
    const { rows } = await pull(3, place);
    expect(rows.filter(({ what }) => what === 'access').map(({ path, outcome }) => [path, outcome])).toEqual([
      ['/cut off', 'unknown-after-crash'],
      ['/after', 'complete'],
    ]);
  });

  test('goes over the end of a year', async () => {
    await world.close();
    folder.remove();
    await startAt(Date.UTC(2026, 11, 31, 23, 59, 0));
    const long = await begin('/over midnight');
    const { place } = await pull(1);
    clock.advance(120_000);
    await end(long);
    await end(await begin('/new year'));
    const { rows, place: last } = await pull(1, place);
    expect(rows.filter(({ what }) => what === 'access').map(({ path }) => path)).toEqual([
      '/over midnight',
      '/new year',
    ]);
    expect([place?.year, last?.year]).toEqual([2026, 2027]);
    expect(ids((await pull(1_000)).rows).slice(-rows.length)).toEqual(ids(rows));
  });
});

describe('whose act it is', () => {
  /** An emergency of Alice's, which the client's representative asks about, ends and finds not in order. */
  async function emergency(): Promise<Map<string, TakenRow>> {
    const given = grantCommand(folder, acme.seat, clock.now(), {
      ...{ purposes: ['incident'], people: [] },
      emergency: { people: ['alice'], minutes: 60, perYear: 2, reviewDays: 7, zone: 'Europe/Paris' },
    });
    await run(given);
    const { epoch, seats } = await world.archive.inForce('acme');
    const opening = openingOf(given.grant.id, acme.opening.login, clock.now(), {
      ...{ purpose: 'incident', emergency: true as const },
    });
    const { place } = await pull(1_000);
    expect(await run({ ...declareCommand(opening, epoch), emergency: { as: ['alice'] } })).toHaveProperty(
      'receipt',
    );
    const by = { seat: acme.seat, role: 'representative' as const };
    const due = clock.now() + 3 * 24 * 3_600_000;
    const matter = { id: 'm'.repeat(22), opening: opening.id, what: 'question' as const };
    const sits = { seat: acme.seat, controller: seats[0]?.controller ?? '' };
    const asks = { text: 'Why was this opened at night?', due, by: sits };
    await run({ do: 'matter-open', client: 'acme', matter, ...asks });
    const contact = { provider: 'carla', role: 'contact' as const, name: 'Carla Blanc' };
    const answer = { id: 'n'.repeat(22), by: contact, text: 'Because nobody answered at all.', due };
    await run({ do: 'matter-say', client: 'acme', matter: matter.id, ...answer });
    const counts = { exchanges: 0, refused: 0, statics: 0, up: 0, down: 0 };
    const closing = { opening: opening.id, cause: 'stopped' as const, cutMs: 1, cutAt: clock.now(), counts };
    await run({ do: 'close', client: 'acme', by, closings: [closing] });
    const review = { outcome: 'not_in_order' as const, note: 'Nobody was asked at all.' };
    await run({ do: 'review-emergency', client: 'acme', opening: opening.id, by, ...review });
    const { rows } = await pull(2, place);
    return new Map(rows.map((row) => [row.what, row]));
  }

  test('is told by its own line: the client’s acts about an access are not the technician’s', async () => {
    const rows = await emergency();
    const client = { by: 'client', seat: acme.seat, person: '', function: 'representative', employer: '' };
    expect(rows.get('session.opened')).toMatchObject({ person: 'Alice Martin', by: '', emergency: true });
    expect(rows.get('matter.opened')).toMatchObject({ ...client, purpose: 'incident', emergency: true });
    expect(rows.get('matter.answered')).toMatchObject({
      ...{ by: 'provider', person: 'Carla Blanc', function: 'contact', seat: '' },
    });
    expect(rows.get('session.closed')).toMatchObject({ ...client, cause: 'stopped', emergency: true });
    expect(rows.get('emergency.reviewed')).toMatchObject({
      ...{ ...client, outcome: 'not_in_order', emergency: true },
    });
  });

  test('stands in the documents for a search engine, with what an alert needs', async () => {
    const rows = await emergency();
    const told = [...rows.values()].map((row) => JSON.parse(JSON.stringify(ecsDocument(row, 'acme'))));
    const named = told.filter((one) => one.user?.name === 'Alice Martin').map((one) => one.event.action);
    expect(named).toEqual(['session.opened']);
    expect(told.find((one) => one.event.action === 'emergency.reviewed')).toMatchObject({
      user: { id: acme.seat, roles: ['representative'] },
      labels: { emergency: 'true', outcome: 'not_in_order', by: 'client' },
    });
  });
});

describe('a place', () => {
  test('of a log that was put back, of another year or of another client is refused', async () => {
    const { place } = await pull(1_000);
    if (place === undefined) throw new Error('nothing was told');
    const wrong: readonly EventPlace[] = [
      { ...place, read: place.read + 1 },
      { ...place, read: place.read - 1 },
      { ...place, year: 2020 },
      { ...place, mark: 'A'.repeat(16) },
    ];
    for (const one of wrong) expect(await world.archive.events('acme', one, 10)).toBeUndefined();
    expect(await world.archive.events('martin', place, 10)).toBeUndefined();
    expect(await world.archive.events('nobody', undefined, 10)).toEqual({
      rows: [],
      next: undefined,
      more: false,
    });
  });

  test.each([
    '',
    'e1.2026.0.AAAAAAAAAAAAAAAA',
    'e1.2026.1.AAAA',
    'e2.2026.1.AAAAAAAAAAAAAAAA',
    'e1.2026.1.AAAAAAAAAAAAAAAA ',
    'e1.2026.99999999999.AAAAAAAAAAAAAAAA',
    'e1.2026.1.AAAAAAAAAAAAAAA%',
  ])('is not %j', (text) => {
    expect(readPlace(text)).toBeUndefined();
  });

  test('is read as it was printed', () => {
    const place = { year: 2026, read: 4_294_967_295, mark: 'Ab-_0123456789xy' };
    expect(readPlace(printPlace(place))).toEqual(place);
  });
});
