import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { unzipSync } from 'fflate';
import type { Command } from '../../src/core/commands.ts';
import type { Fault } from '../../src/core/faults.ts';
import { verifyExport } from '../../src/core/verify.ts';
import { createArchive, type LedgerArchive } from '../../src/stores/archive.ts';
import type { Batcher } from '../../src/stores/ledger-batch.ts';
import { openForWriting } from '../../src/stores/ledger-schema.ts';
import {
  batchRunner,
  exportFiles,
  type Folder,
  intentDraft,
  makeFolder,
  openBatcher,
  openLedger,
  policyCommand,
  resultFields,
  settle,
  standingClock,
} from '../stores/ledger-world.ts';
import { stopwatch } from '../support/stopwatch.ts';

let folder: Folder;
let clock: ReturnType<typeof standingClock>;

beforeEach(() => {
  folder = makeFolder();
  clock = standingClock();
});

afterEach(() => folder.remove());

/** The client's own check of what stands on disk, and the operator's. */
async function expectSound(clients = ['acme']): Promise<void> {
  const archive = await createArchive({ file: folder.file, keysDir: folder.keysDir });
  try {
    for (const client of clients) {
      expect(await archive.fsck(client)).toEqual([]);
      expect(await failuresOf(archive, client)).toEqual([]);
    }
  } finally {
    await archive.close();
  }
}

async function failuresOf(archive: LedgerArchive, client: string): Promise<string[]> {
  const key = (await archive.head(client))?.verifierKey ?? '';
  const files = new Map(Object.entries(unzipSync(await exportFiles(archive, client))));
  return verifyExport(files, { key })
    .filter(({ kind }) => kind === 'failure')
    .map(({ what }) => what);
}

const intentOf = (acme: Awaited<ReturnType<typeof settle>>): Command => ({
  do: 'intent',
  epoch: acme.epoch,
  draft: intentDraft(acme.opening, acme.epoch),
});

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (fault: Error & Partial<Fault>) => fault.code ?? fault.message,
  );

/** A database whose commits can be made to fail, before or after they happened. */
function breakable(): { open(): DatabaseSync; next: 'fine' | 'not persisted' | 'persisted' } {
  const control = {
    next: 'fine' as 'fine' | 'not persisted' | 'persisted',
    open(): DatabaseSync {
      const db = openForWriting(folder.file);
      const exec = db.exec.bind(db);
      db.exec = (sql: string) => {
        const now = control.next;
        if (sql !== 'COMMIT' || now === 'fine') return exec(sql);
        control.next = 'fine';
        if (now === 'persisted') exec(sql);
        const error = new Error('disk I/O error');
        throw Object.assign(error, { code: 'ERR_SQLITE_ERROR', errcode: 10 });
      };
      return db;
    },
  };
  return control;
}

describe('a commit that fails', () => {
  async function start(): Promise<{
    disk: ReturnType<typeof breakable>;
    batcher: Batcher;
    run: ReturnType<typeof batchRunner>;
    acme: Awaited<ReturnType<typeof settle>>;
  }> {
    const disk = breakable();
    const batcher = openBatcher(folder, { open: disk.open });
    const run = batchRunner(batcher, clock);
    return { disk, batcher, run, acme: await settle(folder, run, clock.now()) };
  }

  test('and was not persisted: nobody is answered, the next one goes on without a gap', async () => {
    const { disk, batcher, run, acme } = await start();
    disk.next = 'not persisted';
    await expect(run(intentOf(acme))).rejects.toThrow('ledger_unavailable');
    const { receipt } = (await run(intentOf(acme))) as { receipt: { index: number } };
    const { receipt: next } = (await run(intentOf(acme))) as { receipt: { index: number } };
    expect(next.index).toBe(receipt.index + 1);
    batcher.close(clock.now(), clock.monotonic());
    await expectSound();
  });

  test('and was persisted: it is found out by reading back, answered, and never written twice', async () => {
    const { disk, batcher, run, acme } = await start();
    disk.next = 'persisted';
    const { receipt } = (await run(intentOf(acme))) as { receipt: { index: number } };
    const { receipt: next } = (await run(intentOf(acme))) as { receipt: { index: number } };
    expect(next.index).toBe(receipt.index + 1);
    batcher.close(clock.now(), clock.monotonic());
    await expectSound();
  });
});

test('a full disk: unavailable with nothing applied, and it recovers by itself', async () => {
  let limit: DatabaseSync | undefined;
  const batcher = openBatcher(folder, {
    open() {
      limit = openForWriting(folder.file);
      return limit;
    },
  });
  const run = batchRunner(batcher, clock);
  const acme = await settle(folder, run, clock.now());
  const pages = Number(limit?.prepare('PRAGMA page_count').get()?.page_count);
  limit?.exec(`PRAGMA max_page_count = ${pages}`);
  let refused = '';
  let written = 0;
  for (let i = 0; i < 200 && refused === ''; i += 1) {
    refused = await run(intentOf(acme)).then(
      () => '',
      (error: Error) => error.message,
    );
    written += refused === '' ? 1 : 0;
  }
  expect(refused).toContain('ledger_unavailable');
  expect(refused).toContain('full');
  const count = limit?.prepare('SELECT count(*) AS n FROM exchanges').get()?.n;
  expect(count).toBe(written);
  limit?.exec('PRAGMA max_page_count = 1000000');
  expect(await codeOf(run(intentOf(acme)))).toBe('done');
  batcher.close(clock.now(), clock.monotonic());
  await expectSound();
});

test('a locked database: unavailable after two seconds, the loop goes on, results are kept, it recovers', async () => {
  const { ledger, archive, close } = await openLedger(folder, undefined, { threads: true });
  const acme = await settle(folder, (command) => ledger.run(command), Date.now());
  const recorded = await ledger.intent(intentDraft(acme.opening, acme.epoch), acme.epoch);
  if (!('receipt' in recorded)) throw new Error('not recorded');
  const other = new DatabaseSync(folder.file);
  other.exec('BEGIN EXCLUSIVE');
  let turns = 0;
  const loop = setInterval(() => {
    turns += 1;
  }, 10);
  ledger.result(recorded, 'kept', resultFields);
  const took = stopwatch();
  const outcome = await codeOf(ledger.intent(intentDraft(acme.opening, acme.epoch), acme.epoch));
  expect(outcome).toBe('ledger_unavailable');
  expect(took().ran).toBeLessThan(6_000);
  expect(turns).toBeGreaterThan(50);
  expect(ledger.failingFor()).toBeGreaterThan(0);
  clearInterval(loop);
  other.exec('ROLLBACK');
  other.close();
  expect(await codeOf(ledger.intent(intentDraft(acme.opening, acme.epoch), acme.epoch))).toBe('done');
  expect(ledger.failingFor()).toBe(0);
  const results = await archive.lines({ client: 'acme', kinds: ['access.result'], limit: 9, disclose: [] });
  expect(results.map(({ leaf }) => leaf.id)).toEqual(['kept']);
  await close();
  await expectSound();
});

describe('a database that is not the newest', () => {
  const backup = () => join(folder.dir, 'backup.db');

  /** Writes for two clients, keeps a copy of the file in between, and puts it back. */
  async function rollBack(restored: (batcher: Batcher) => Promise<void> | void): Promise<void> {
    let batcher = openBatcher(folder);
    let run = batchRunner(batcher, clock);
    const martin = await settle(folder, run, clock.now(), 'martin');
    const acme = await settle(folder, run, clock.now());
    for (const one of [martin, acme]) await run(intentOf(one));
    batcher.close(clock.now(), clock.monotonic());
    copyFileSync(folder.file, backup());
    clock.advance(5000);
    batcher = openBatcher(folder);
    run = batchRunner(batcher, clock);
    await run(intentOf(acme));
    batcher.close(clock.now(), clock.monotonic());
    for (const end of ['', '-wal', '-shm']) rmSync(folder.file + end, { force: true });
    copyFileSync(backup(), folder.file);
    clock.advance(5000);
    batcher = openBatcher(folder);
    run = batchRunner(batcher, clock);
    expect(await codeOf(run(intentOf(acme)))).toContain('ledger_rollback_detected');
    expect(await codeOf(run(intentOf(martin)))).toBe('done');
    expect(await run({ do: 'heartbeat', counts: [] })).toEqual({ written: [] });
    expect(batcher.tick(clock.now()).fault).toBeUndefined();
    await restored(batcher);
    batcher.close(clock.now(), clock.monotonic());
  }

  test('is refused for the client whose lines are missing, the others go on', async () => {
    await rollBack(() => undefined);
    await expectSound(['martin', 'acme']);
  });

  test('stays refused, also after a restart', async () => {
    await rollBack(() => undefined);
    const batcher = openBatcher(folder);
    const run = batchRunner(batcher, clock);
    expect(
      await codeOf(run({ do: 'append', draft: { client: 'acme', t: 'log.read', id: 'x', fields: {} } })),
    ).toContain('ledger_rollback_detected');
    batcher.close(clock.now(), clock.monotonic());
  });

  test('a new database beside an old guard is a rollback too', async () => {
    const first = openBatcher(folder);
    await settle(folder, batchRunner(first, clock), clock.now());
    first.close(clock.now(), clock.monotonic());
    for (const end of ['', '-wal', '-shm']) rmSync(folder.file + end, { force: true });
    const batcher = openBatcher(folder);
    const done = settle(folder, batchRunner(batcher, clock), clock.now());
    expect(await codeOf(done)).toContain('ledger_rollback_detected');
    batcher.close(clock.now(), clock.monotonic());
  });

  test.each<[string, string]>([
    [
      'a line changed near the end',
      "UPDATE entries SET leaf = replace(leaf, 'hotline', 'hotlime') WHERE leaf LIKE '%session.opened%'",
    ],
    ['a line removed at the end', 'DELETE FROM entries WHERE id = (SELECT max(id) FROM entries)'],
    ['a root exchanged', 'UPDATE shards SET root = zeroblob(32), range = zeroblob(length(range))'],
    ['a checkpoint exchanged', "UPDATE shards SET checkpoint = replace(checkpoint, 'portal', 'mortal')"],
    ['a key exchanged', 'UPDATE logs SET key = zeroblob(length(key))'],
  ])('%s is refused at the next start', async (_, sql) => {
    const first = openBatcher(folder);
    const acme = await settle(folder, batchRunner(first, clock), clock.now());
    first.close(clock.now(), clock.monotonic());
    const db = new DatabaseSync(folder.file);
    expect(Number(db.prepare(sql).run().changes)).toBeGreaterThan(0);
    db.close();
    const batcher = openBatcher(folder);
    expect(await codeOf(batchRunner(batcher, clock)(intentOf(acme)))).toContain('ledger_rollback_detected');
    batcher.close(clock.now(), clock.monotonic());
  });

  test('the guard follows after the answers, a log at a time, each at most once a second', async () => {
    const batcher = openBatcher(folder);
    const run = batchRunner(batcher, clock);
    const kept = (): readonly string[] =>
      readdirSync(folder.guardDir).map((name) => readFileSync(join(folder.guardDir, name), 'utf8'));
    await run(policyCommand('acme'));
    await run(policyCommand('martin'));
    expect(kept()).toEqual([]);
    expect([1, 2, 3].map(() => batcher.guardOne(clock.monotonic()))).toEqual([true, true, false]);
    const before = kept();
    expect(before).toHaveLength(2);
    await run(policyCommand('acme', '{"client":"acme","more":1}'));
    expect(batcher.guardOne(clock.monotonic())).toBe(false);
    clock.advance(1000);
    expect([1, 2].map(() => batcher.guardOne(clock.monotonic()))).toEqual([true, false]);
    expect(kept().filter((one) => !before.includes(one))).toHaveLength(1);
    batcher.close(clock.now(), clock.monotonic());
  });

  test('a guard that cannot be written waits, and nobody with it', async () => {
    const batcher = openBatcher(folder);
    rmSync(folder.guardDir, { recursive: true });
    expect(await codeOf(batchRunner(batcher, clock)(policyCommand('acme')))).toBe('done');
    expect(batcher.unguarded()).toBe(0);
    batcher.guardOne(clock.monotonic());
    expect(batcher.unguarded()).toBe(1);
    expect(batcher.guardOne(clock.monotonic())).toBe(false);
    mkdirSync(folder.guardDir);
    clock.advance(1000);
    expect(batcher.guardOne(clock.monotonic())).toBe(true);
    expect(batcher.unguarded()).toBe(0);
    expect(readdirSync(folder.guardDir)).toHaveLength(1);
    batcher.close(clock.now(), clock.monotonic());
  });

  test('one file of the guard that cannot be written holds up no other', async () => {
    const batcher = openBatcher(folder);
    const run = batchRunner(batcher, clock);
    await run(policyCommand('acme'));
    batcher.guardOne(clock.monotonic());
    const [acme = ''] = readdirSync(folder.guardDir);
    mkdirSync(join(folder.guardDir, `${acme}.new`));
    clock.advance(1000);
    await run(policyCommand('acme', '{"client":"acme","more":1}'));
    await run(policyCommand('martin'));
    expect([1, 2, 3].map(() => batcher.guardOne(clock.monotonic()))).toEqual([true, true, false]);
    expect(readdirSync(folder.guardDir).filter((name) => name.endsWith('.checkpoint'))).toHaveLength(2);
    expect(batcher.unguarded()).toBe(1);
    batcher.close(clock.now(), clock.monotonic());
  });

  test('a guard that cannot be read refuses, it does not pass', async () => {
    const first = openBatcher(folder);
    const acme = await settle(folder, batchRunner(first, clock), clock.now());
    first.close(clock.now(), clock.monotonic());
    const [guard] = readdirSync(folder.guardDir);
    writeFileSync(join(folder.guardDir, guard ?? ''), '');
    const batcher = openBatcher(folder);
    expect(await codeOf(batchRunner(batcher, clock)(intentOf(acme)))).toContain('ledger_rollback_detected');
    batcher.close(clock.now(), clock.monotonic());
  });
});

describe('another process on the same database', () => {
  test('what it adds is taken over, and its epoch obeyed', async () => {
    const one = openBatcher(folder);
    const runOne = batchRunner(one, clock);
    const acme = await settle(folder, runOne, clock.now());
    const two = openBatcher(folder);
    const runTwo = batchRunner(two, clock);
    const by = { seat: acme.seat, role: 'representative' as const };
    await runTwo({ do: 'grant-status', client: 'acme', grant: acme.grant.id, to: 'suspended', by });
    expect(await runOne(intentOf(acme))).toEqual({ moved: acme.epoch + 1 });
    await runTwo({ do: 'grant-status', client: 'acme', grant: acme.grant.id, to: 'active', by });
    const resumed = { ...acme, epoch: acme.epoch + 1 };
    for (const run of [runOne, runTwo, runTwo, runOne])
      expect(await codeOf(run(intentOf(resumed)))).toBe('done');
    two.close(clock.now(), clock.monotonic());
    one.close(clock.now(), clock.monotonic());
    await expectSound();
  });

  test('a foreign hand that rewrote the log is noticed while running', async () => {
    const batcher = openBatcher(folder);
    const run = batchRunner(batcher, clock);
    const acme = await settle(folder, run, clock.now());
    const db = new DatabaseSync(folder.file);
    db.exec('UPDATE shards SET size = size - 1');
    db.close();
    expect(await codeOf(run(intentOf(acme)))).toContain('ledger_rollback_detected');
    batcher.close(clock.now(), clock.monotonic());
  });
});

test('exchanges of a run that died are closed as unknown; those of a living one are not', async () => {
  const first = openBatcher(folder, { process: { host: 'here', pid: 100, alive: () => true } });
  const run = batchRunner(first, clock);
  const acme = await settle(folder, run, clock.now());
  await run(intentOf(acme));
  await run(intentOf(acme));
  const outcomes = async (): Promise<unknown[]> => {
    const archive = await createArchive({ file: folder.file, keysDir: folder.keysDir });
    const lines = await archive.lines({ client: 'acme', kinds: ['access.result'], limit: 9, disclose: [] });
    await archive.close();
    return lines.map(({ leaf }) => leaf.outcome);
  };
  const living = openBatcher(folder, { process: { host: 'here', pid: 200, alive: () => true } });
  living.tick(clock.now());
  expect(await outcomes()).toEqual([]);
  const next = openBatcher(folder, { process: { host: 'here', pid: 300, alive: (pid) => pid === 200 } });
  next.tick(clock.now());
  expect(await outcomes()).toEqual(['unknown-after-crash', 'unknown-after-crash']);
  next.close(clock.now(), clock.monotonic());
  living.close(clock.now(), clock.monotonic());
  await expectSound();
});

test('a run on another host is taken for dead when it was not seen for thirty seconds', async () => {
  const begin = await runElsewhere();
  await begin();
  const next = openBatcher(folder);
  clock.advance(29_000);
  next.tick(clock.now());
  expect(rowsOf('exchanges')).toBe(1);
  clock.advance(1000);
  next.tick(clock.now());
  expect(rowsOf('exchanges')).toBe(0);
  next.close(clock.now(), clock.monotonic());
});

test('a run that writes is seen, however long it has no time to look at others', async () => {
  const begin = await runElsewhere();
  await begin();
  clock.advance(29_000);
  await begin();
  const next = openBatcher(folder);
  clock.advance(29_000);
  next.tick(clock.now());
  expect(rowsOf('exchanges')).toBe(2);
  clock.advance(1000);
  next.tick(clock.now());
  expect(rowsOf('exchanges')).toBe(0);
  next.close(clock.now(), clock.monotonic());
});

test('a run that was only frozen goes on, and what it opens then is closed when it dies', async () => {
  const begin = await runElsewhere();
  await begin();
  const next = openBatcher(folder);
  const later = (milliseconds: number): void => {
    clock.advance(milliseconds);
    next.tick(clock.now());
    next.tick(clock.now());
  };
  later(31_000);
  expect(rowsOf('exchanges')).toBe(0);
  await begin();
  expect(rowsOf('exchanges')).toBe(1);
  later(31_000);
  expect(rowsOf('exchanges')).toBe(0);
  expect(rowsOf('boots')).toBe(2);
  later(31 * 24 * 3_600_000);
  expect(rowsOf('boots')).toBe(1);
  next.close(clock.now(), clock.monotonic());
  await expectSound();
});

/** A run on another host with a client; each call begins an exchange of it that stays open. */
async function runElsewhere(): Promise<() => Promise<unknown>> {
  const batcher = openBatcher(folder, { process: { host: 'elsewhere', pid: 100, alive: () => true } });
  const run = batchRunner(batcher, clock);
  const acme = await settle(folder, run, clock.now());
  return () => run(intentOf(acme));
}

/** How many rows a table of the log's database has. */
function rowsOf(table: string): unknown {
  const db = new DatabaseSync(folder.file, { readOnly: true });
  const count = db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n;
  db.close();
  return count;
}

describe('time', () => {
  test('never goes back within a log', async () => {
    const batcher = openBatcher(folder);
    const run = batchRunner(batcher, clock);
    const acme = await settle(folder, run, clock.now());
    const { receipt } = (await run(intentOf(acme))) as { receipt: { at: number } };
    clock.advance(-3_600_000);
    const { receipt: later } = (await run(intentOf(acme))) as { receipt: { at: number } };
    expect(later.at).toBe(receipt.at);
    batcher.close(clock.now(), clock.monotonic());
    await expectSound();
  });

  test('a new year begins a new part of the log, and what was open goes on', async () => {
    clock = standingClock(Date.UTC(2026, 11, 31, 23, 59, 58));
    const batcher = openBatcher(folder);
    const run = batchRunner(batcher, clock);
    const acme = await settle(folder, run, clock.now());
    const { receipt } = (await run(intentOf(acme))) as {
      receipt: { origin: string; index: number; at: number };
    };
    clock.advance(5000);
    const { receipt: later } = (await run(intentOf(acme))) as { receipt: { origin: string } };
    expect(receipt.origin.endsWith('/2026')).toBe(true);
    expect(later.origin).toBe(receipt.origin.replace('/2026', '/2027'));
    await run({ do: 'result', client: 'acme', intent: receipt, id: 'late', fields: resultFields });
    batcher.close(clock.now(), clock.monotonic());
    await expectSound();
    const archive = await createArchive({ file: folder.file, keysDir: folder.keysDir });
    const files = new Map(Object.entries(unzipSync(await exportFiles(archive, 'acme'))));
    const key = (await archive.head('acme'))?.verifierKey ?? '';
    expect(files.has('2026/checkpoint') && files.has('2027/checkpoint')).toBe(true);
    const lines = await archive.lines({ client: 'acme', limit: 100, disclose: [] });
    expect(lines.some(({ origin }) => origin.endsWith('/2026'))).toBe(true);
    const lessOld = new Map([...files].filter(([path]) => !path.startsWith('2026/')));
    expect(verifyExport(lessOld, { key }).some(({ kind }) => kind === 'failure')).toBe(true);
    const lessNew = new Map([...files].filter(([path]) => !path.startsWith('2027/')));
    expect(verifyExport(lessNew, {}).some(({ kind }) => kind === 'failure')).toBe(true);
    await archive.close();
    const again = openBatcher(folder);
    expect(await codeOf(batchRunner(again, clock)(intentOf(acme)))).toBe('done');
    again.close(clock.now(), clock.monotonic());
    await expectSound();
  });
});
