import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { unzipSync } from 'fflate';
import { keysCommand } from '../../src/cli/keys.ts';
import { ledgerCommand } from '../../src/cli/ledger.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { type Folder, intentDraft, makeFolder, openLedger, settle } from '../stores/ledger-world.ts';

let folder: Folder;
let key: string;
let since: string;
let zip: string;

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function say(
  command: typeof ledgerCommand,
  args: string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Said> {
  const out: string[] = [];
  const err: string[] = [];
  const terminal: Terminal = {
    print: (line) => void out.push(line),
    complain: (line) => void err.push(line),
    events: new EventEmitter(),
    exit: (code) => {
      throw new Error(`exit ${code}`);
    },
  };
  const code = await command(args, env, terminal);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const ledger = (...args: string[]): Promise<Said> => say(ledgerCommand, args);
const here = (): string[] => ['--data', folder.dir, '--keys', folder.keysDir];

beforeAll(async () => {
  folder = makeFolder();
  const world = await openLedger(folder);
  const acme = await settle(folder, (command) => world.ledger.run(command), Date.now());
  since = (await world.archive.head('acme'))?.checkpoint ?? '';
  key = (await world.archive.head('acme'))?.verifierKey ?? '';
  await world.ledger.intent(intentDraft(acme.opening, acme.epoch), acme.epoch);
  await world.close();
  zip = join(folder.dir, 'export.zip');
});

afterAll(() => folder.remove());

describe('export and verify', () => {
  test('an export verifies as a zip and unpacked, with the head as a file or a text', async () => {
    expect(await ledger('export', '--client', 'acme', '--out', zip, ...here())).toMatchObject({ code: 0 });
    expect((await ledger('export', '--client', 'acme', '--out', zip, ...here())).code).toBe(1);
    const note = join(folder.dir, 'head.txt');
    writeFileSync(note, since);
    const unpacked = join(folder.dir, 'unpacked');
    for (const [path, content] of Object.entries(unzipSync(readFileSync(zip)))) {
      mkdirSync(dirname(join(unpacked, path)), { recursive: true });
      writeFileSync(join(unpacked, path), content);
    }
    for (const path of [zip, unpacked]) {
      for (const head of [note, since, since.trimEnd()]) {
        const said = await ledger('verify', path, '--key', key, '--since', head);
        expect(said.code).toBe(0);
        expect(said.out).toContain('extends the head you noted');
        expect(said.out).toContain('evaluation key');
      }
    }
    expect(await ledger('verify', zip, '--key', key)).toMatchObject({ code: 0 });
  });

  test('a saved head stays readable with what editors and mail programs add to it', async () => {
    const note = join(folder.dir, 'saved.txt');
    const additions: readonly ((head: string) => string)[] = [
      (head) => `\uFEFF${head.replaceAll('\n', '\r\n')}`,
      (head) => head.replaceAll('\n', '\r\r\n'),
      (head) => `\n\n${head}\n \n`,
      (head) => head.replaceAll('\n', ' \t\n'),
      (head) => `  ${head}`,
    ];
    for (const add of additions) {
      writeFileSync(note, add(since));
      const said = await ledger('verify', zip, '--key', key, '--since', note);
      expect([said.code, said.out]).toEqual([0, expect.stringContaining('extends the head you noted')]);
    }
  });

  test('a saved head that cannot be read is no fault of the log; one with another signature is', async () => {
    const note = join(folder.dir, 'saved.txt');
    const lines = since.split('\n');
    for (const unreadable of ['', 'rubbish', lines.slice(0, 3).join('\n'), since.replace('\n\n', '\n')]) {
      writeFileSync(note, unreadable);
      const said = await ledger('verify', zip, '--key', key, '--since', note);
      expect([said.code, said.out]).toEqual([2, '']);
      expect(said.err).toContain('cannot be read as a checkpoint');
    }
    expect((await ledger('verify', zip, '--key', key, '--since', folder.dir)).code).toBe(2);
    writeFileSync(note, since.replace(/^\d+$/m, '1'));
    const forged = await ledger('verify', zip, '--key', key, '--since', note);
    expect([forged.code, forged.out]).toEqual([1, expect.stringContaining('FAILED')]);
  });

  test('without a key it says that it knows nothing of the writer, and answers 2', async () => {
    const said = await ledger('verify', zip);
    expect(said.code).toBe(2);
    expect(said.out).toContain('consistent with itself only');
  });

  test('one changed byte is named, with its line', async () => {
    const unpacked = join(folder.dir, 'unpacked');
    const leaves = join(unpacked, `${new Date().getUTCFullYear()}/tile/entries/000.p`);
    const { readdirSync } = await import('node:fs');
    const [width = ''] = readdirSync(leaves);
    const path = join(leaves, width);
    const good = readFileSync(path);
    writeFileSync(path, Buffer.from(good.toString('latin1').replace('hotline', 'hotlime'), 'latin1'));
    const said = await ledger('verify', unpacked, '--key', key);
    expect(said.code).toBe(1);
    expect(said.out).toMatch(/FAILED \(\d{4} line \d+\): the line does not hash/);
    writeFileSync(path, good);
    expect((await ledger('verify', unpacked, '--key', key)).code).toBe(0);
  });

  test('a proof of one line', async () => {
    const out = join(folder.dir, 'line.tlog-proof');
    expect((await ledger('prove', '--client', 'acme', '--index', '2', '--out', out, ...here())).code).toBe(0);
    const said = await ledger('verify', out, '--key', key);
    expect(said.code).toBe(0);
    expect(said.out).toContain('"t":"policy.activated"');
    writeFileSync(out, readFileSync(out, 'utf8').replace('index 2', 'index 3'));
    expect((await ledger('verify', out, '--key', key)).code).toBe(1);
    expect((await ledger('verify', out)).code).toBe(2);
    expect((await ledger('prove', '--client', 'acme', '--index', '999', ...here())).code).toBe(1);
  });

  test('fsck says all is well, and what is not', async () => {
    expect(await ledger('fsck', ...here())).toMatchObject({ code: 0 });
    expect(await ledger('fsck', '--client', 'nobody', ...here())).toMatchObject({ code: 1 });
  });

  test('what is not understood or not there', async () => {
    expect((await ledger()).code).toBe(2);
    expect((await ledger('verify')).code).toBe(2);
    expect((await ledger('rewrite')).code).toBe(2);
    expect((await ledger('verify', '/nowhere')).code).toBe(1);
    const noZip = join(folder.dir, 'no.zip');
    writeFileSync(noZip, 'no zip');
    expect((await ledger('verify', noZip)).code).toBe(1);
    expect((await ledger('export', '--client', 'acme', ...here())).code).toBe(2);
    expect(
      (await ledger('export', '--client', 'nobody', '--out', join(folder.dir, 'x'), ...here())).code,
    ).toBe(1);
    expect((await ledger('fsck', '--data', '/nowhere', '--keys', folder.keysDir)).code).toBe(1);
    expect((await ledger('fsck', '--data', folder.dir, '--keys', '/nowhere')).err).toContain('is missing');
  });
});

test('keys init makes the keys once', async () => {
  const dir = join(folder.dir, 'new-keys');
  expect(await say(keysCommand, ['init', '--dir', dir])).toMatchObject({ code: 0 });
  expect(existsSync(join(dir, 'ledger.pem'))).toBe(true);
  const again = await say(keysCommand, ['init', '--dir', dir]);
  expect([again.code, again.err.includes('never overwritten')]).toEqual([1, true]);
  expect((await say(keysCommand, ['rotate'])).code).toBe(2);
  const fromSetting = join(folder.dir, 'set-keys');
  expect((await say(keysCommand, ['init'], { CONSENTRY_KEYS: fromSetting })).code).toBe(0);
  expect(existsSync(join(fromSetting, 'master.key'))).toBe(true);
});
