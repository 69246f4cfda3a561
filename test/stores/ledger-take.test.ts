/** What a client takes away, out of a real log: every access with its end, whatever the time asked for cuts through. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Command } from '../../src/core/commands.ts';
import type { Grant, Opening } from '../../src/core/model.ts';
import type { Recorded } from '../../src/core/ports.ts';
import type { Take, TakenRow } from '../../src/core/taken-rows.ts';
import {
  type Folder,
  freshId,
  intentDraft,
  makeFolder,
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

beforeEach(async () => {
  folder = makeFolder();
  clock = standingClock();
  world = await openLedger(folder, clock, { threads: true });
  acme = await settle(folder, run, clock.now());
});

afterEach(async () => {
  await world.close();
  folder.remove();
});

async function begin(path: string): Promise<Recorded> {
  clock.advance(1000);
  const recorded = await world.ledger.intent(
    intentDraft(acme.opening, acme.epoch, { groups: { target: { path } } }),
    acme.epoch,
  );
  if (!('receipt' in recorded)) throw new Error(`moved to ${recorded.moved}`);
  return recorded;
}

/** Ends one for sure: the command waits for the commit. */
async function end(intent: Recorded): Promise<void> {
  clock.advance(1000);
  await run({
    do: 'result',
    client: 'acme',
    intent: intent.receipt,
    id: freshId('result'),
    fields: { ...resultFields, request: intent.id },
  });
}

async function file(change: Partial<Take> = {}): Promise<string> {
  const take: Take = {
    client: 'acme',
    from: undefined,
    until: undefined,
    format: 'jsonl',
    separator: ';',
    bom: false,
    zone: 'Europe/Paris',
    ...change,
  };
  const chunks: Uint8Array[] = [];
  for await (const chunk of world.archive.take(take)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function accesses(
  change: Partial<Take> = {},
): Promise<(Partial<TakenRow> & { readonly path: string })[]> {
  const lines = (await file(change)).trim().split('\n').filter(Boolean);
  return lines
    .map((line) => JSON.parse(line) as TakenRow)
    .filter(({ what }) => what === 'access' || what === 'access.refused');
}

test('an access is one row with who, why and how it ended', async () => {
  await end(await begin('/invoices/:id'));
  expect(await accesses()).toEqual([
    expect.objectContaining({
      what: 'access',
      purpose: 'hotline',
      reference: 'TICKET-77',
      system: 'erp',
      path: '/invoices/:id',
      outcome: 'complete',
      status: 200,
      down: 1024,
      agreement: acme.grant.id,
      opening: acme.opening.id,
    }),
  ]);
});

test('what runs is told at the end, as running', async () => {
  const long = await begin('/long');
  await end(await begin('/short'));
  expect((await accesses()).map(({ path, outcome }) => [path, outcome])).toEqual([
    ['/short', 'complete'],
    ['/long', 'running'],
  ]);
  await end(long);
});

test('a time that cuts through: what began in it, with its end even when that came later', async () => {
  const before = await begin('/before');
  clock.advance(1000);
  const from = clock.now();
  await end(before);
  const within = await begin('/within');
  clock.advance(1000);
  const until = clock.now();
  await end(await begin('/after'));
  await end(within);
  expect((await accesses({ from, until })).map(({ path, outcome }) => [path, outcome])).toEqual([
    ['/within', 'complete'],
  ]);
  // Its opening began before: who and why are there all the same.
  expect((await accesses({ from, until }))[0]?.reference).toBe('TICKET-77');
  expect(await accesses({ from: clock.now() + 1 })).toEqual([]);
});

test('a refusal has its reason', async () => {
  await run({
    do: 'append',
    draft: {
      client: 'acme',
      t: 'access.refused',
      id: freshId('refused'),
      fields: {
        session: acme.opening.id,
        system: 'erp',
        method: 'POST',
        operation: 'write',
        reason: 'write_not_granted',
      },
      groups: { target: { path: '=cmd' } },
    },
  });
  expect(await accesses()).toEqual([
    expect.objectContaining({ outcome: 'refused:write_not_granted', path: '=cmd' }),
  ]);
  const csv = await file({ format: 'csv', bom: true });
  expect(csv.startsWith('\uFEFFtime_utc;time_local;')).toBe(true);
  expect(csv).toContain(";'=cmd;");
  expect(csv).toContain('+02:00;');
});

test('agreements and decisions are rows too, and another client has none', async () => {
  const kinds = (await file())
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as TakenRow).what);
  expect(kinds).toEqual(expect.arrayContaining(['controller.seated', 'consent.granted', 'session.opened']));
  expect(await file({ client: 'martin' })).toBe('');
});

test('nothing is lost or told twice over many lines', async () => {
  for (let at = 0; at < 1200; at += 40)
    await Promise.all(Array.from({ length: 40 }, () => begin('/many').then(end)));
  const rows = await accesses();
  expect(rows).toHaveLength(1200);
  expect(rows.every(({ outcome }) => outcome === 'complete')).toBe(true);
});
