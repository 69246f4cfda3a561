import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { unzipSync } from 'fflate';
import { verifyExport } from '../../src/core/verify.ts';
import { exportFiles, type Folder, makeFolder, openLedger, settle } from '../stores/ledger-world.ts';

const child = join(import.meta.dirname, 'ledger-child.ts');
let folder: Folder;

beforeEach(async () => {
  folder = makeFolder();
  const { ledger, close } = await openLedger(folder, undefined, { threads: true });
  const acme = await settle(folder, (command) => ledger.run(command), Date.now());
  writeFileSync(join(folder.dir, 'acme.json'), JSON.stringify(acme));
  await close();
});

afterEach(() => folder.remove());

test('kill -9 in the middle, six rounds: every receipt stands in the log, open exchanges end as unknown', async () => {
  const promised = new Set<number>();
  for (let round = 0; round < 6; round += 1) {
    const writer = spawn(process.execPath, [child, folder.dir], { stdio: ['ignore', 'pipe', 'inherit'] });
    const enough = 40 + round * 97;
    let said = 0;
    for await (const line of createInterface({ input: writer.stdout })) {
      promised.add(Number(line.split(' ')[1]));
      said += 1;
      if (said === enough) writer.kill('SIGKILL');
    }
    if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit');
    expect(writer.signalCode).toBe('SIGKILL');
  }
  const { archive, close } = await openLedger(folder, undefined, { threads: true });
  const lines = await archive.lines({ client: 'acme', limit: 1_000_000, disclose: [] });
  const intents = new Set(lines.filter(({ leaf }) => leaf.t === 'access.intent').map(({ index }) => index));
  const results = lines.filter(({ leaf }) => leaf.t === 'access.result');
  expect([...promised].filter((index) => !intents.has(index))).toEqual([]);
  expect(promised.size).toBeGreaterThan(1000);
  expect(results.length).toBe(intents.size);
  expect(results.filter(({ leaf }) => leaf.outcome === 'unknown-after-crash').length).toBeGreaterThan(6);
  expect(await archive.fsck()).toEqual([]);
  const key = (await archive.head('acme'))?.verifierKey ?? '';
  const files = new Map(Object.entries(unzipSync(await exportFiles(archive, 'acme'))));
  expect(verifyExport(files, { key }).filter(({ kind }) => kind === 'failure')).toEqual([]);
  await close();
});

/** Receipts that were told although nothing of the log was brought to disk since the one before. */
function unsynced(trace: string): number {
  const pending = new Map<string, boolean>();
  let synced = false;
  let told = 0;
  let missing = 0;
  for (const line of trace.split('\n')) {
    const pid = line.split(' ', 1)[0] ?? '';
    const wal = line.includes('ledger.db-wal');
    if (/ (fsync|fdatasync)\(/.test(line)) {
      if (line.includes('unfinished')) pending.set(pid, wal);
      else if (wal && / = 0$/.test(line)) synced = true;
    } else if (/<\.\.\. (fsync|fdatasync) resumed>.* = 0$/.test(line)) {
      if (pending.get(pid) === true) synced = true;
      pending.delete(pid);
    } else if (line.includes('"receipt ')) {
      told += 1;
      if (!synced) missing += 1;
      synced = false;
    }
  }
  expect(told).toBe(12);
  return missing;
}

describe('under strace', () => {
  const present = spawnSync('strace', ['-V']).status === 0;
  const trace = (how: string): string => {
    const out = join(folder.dir, `${how}.trace`);
    const options = ['-f', '-y', '-qq', '-e', 'trace=fsync,fdatasync,write', '-o', out];
    const writer = [process.execPath, child, folder.dir, how, '12', '1'];
    const { status, stderr } = spawnSync('strace', [...options, ...writer], {
      encoding: 'utf8',
      timeout: 25_000,
    });
    expect([status, stderr.includes('Error')]).toEqual([0, false]);
    return readFileSync(out, 'utf8');
  };

  test('a completed sync of the log stands before every receipt, and the test notices when it does not', () => {
    if (!present) {
      console.warn(
        'strace is not installed: that every receipt is preceded by an fsync was not observed here',
      );
      return;
    }
    expect(unsynced(trace('strong'))).toBe(0);
    expect(unsynced(trace('weak'))).toBeGreaterThan(8);
  });
});
