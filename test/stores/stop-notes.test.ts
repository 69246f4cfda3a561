import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Fault } from '../../src/core/faults.ts';
import type { Log } from '../../src/log.ts';
import { createStopNotes, type Owed } from '../../src/stores/stop-notes.ts';

const master = Buffer.alloc(32, 7);
let home: string;
let dir: string;
let said: string[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'consentry-notes-'));
  dir = join(home, 'stops');
  said = [];
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

/** As another process would have them. */
function notes(key = master) {
  const error = (event: string): void => void said.push(event);
  const quiet = (): void => undefined;
  const log: Log = { error, warn: quiet, info: quiet, debug: quiet };
  return createStopNotes(dir, key, log);
}

const fileOf = (client: string): string => join(dir, `${client}.stops`);

function withdrawal(client: string, grant = 'g1'): Owed {
  return { do: 'grant-status', client, grant, to: 'revoked', by: { provider: 'david' }, cutAt: 1_000 };
}

function ends(client: string, count: number, cause: 'stopped' | 'expired' = 'stopped'): Owed {
  const counts = { exchanges: 1, refused: 0, statics: 0, up: 2, down: 3 };
  const closings = Array.from({ length: count }, (_, i) => ({
    ...{ opening: `opening-${i}-0123456789ab`, cause, cutMs: 1, cutAt: 1_000, counts },
  }));
  return { do: 'close', client, by: undefined, closings };
}

test('what was laid down is there for the next process, until it is taken out', async () => {
  const first = notes();
  expect(await first.read('acme')).toEqual([]);
  const { size } = statSync(fileOf('acme'));
  const [one, two] = [withdrawal('acme'), ends('acme', 2)];
  await Promise.all([first.lay(one), first.lay(two), first.lay(one)]);
  expect(statSync(fileOf('acme')).size).toBe(size);
  const second = notes();
  expect(await second.clients()).toEqual(['acme']);
  const found = await second.read('acme');
  expect(found).toEqual([one, JSON.parse(JSON.stringify(two))]);
  for (const laid of found === 'everything' ? [] : found) await second.clear('acme', laid);
  expect(await notes().clients()).toEqual([]);
  expect(await notes().read('acme')).toEqual([]);
  expect(statSync(fileOf('acme')).size).toBe(size);
});

test('what time ends by itself needs no note', async () => {
  await notes().lay(ends('acme', 3, 'expired'));
  expect(await notes().clients()).toEqual([]);
});

test('more than fits, a byte that changed, a shorter file, another client’s and another installation’s stand for everything', async () => {
  await notes().lay(ends('acme', 500));
  expect(await notes().read('acme')).toBe('everything');
  await notes().lay(withdrawal('acme'));
  expect(await notes().read('acme')).toEqual([withdrawal('acme')]);
  expect(await notes(Buffer.alloc(32, 8)).read('acme')).toBe('everything');
  copyFileSync(fileOf('acme'), fileOf('martin'));
  expect(await notes().read('martin')).toBe('everything');
  const content = readFileSync(fileOf('acme'));
  for (const at of [0, 40, content.length - 1]) {
    const changed = Buffer.from(content);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    writeFileSync(fileOf('acme'), changed);
    expect(await notes().read('acme')).toBe('everything');
  }
  for (const cut of [0, 31, 100]) {
    writeFileSync(fileOf('acme'), content.subarray(0, cut));
    expect(await notes().read('acme')).toBe('everything');
  }
  // Once it is dealt with, it is gone.
  await notes().clear('acme');
  expect(await notes().read('acme')).toEqual([]);
});

test('a folder that cannot be written hinders no stop, and says so; one that cannot be read refuses the client', async () => {
  writeFileSync(dir, 'not a folder');
  const blind = notes();
  const one = withdrawal('acme');
  await blind.lay(one);
  expect(said).toEqual([expect.stringContaining('look at the guard folder')]);
  rmSync(dir);
  // The next try finds it mended.
  await blind.lay(one);
  expect(await notes().read('acme')).toEqual([one]);
  rmSync(fileOf('acme'));
  mkdirSync(fileOf('acme'));
  await expect(notes().read('acme')).rejects.toThrow(Fault);
  expect(await notes().clients()).toEqual(['acme']);
});
