import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
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
