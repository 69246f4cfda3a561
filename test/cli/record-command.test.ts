/** `record verify`: an extract as the portal gives it passes; whatever is changed in it, or another key, does not. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { recordCommand } from '../../src/cli/record.ts';
import { createRecordSigner } from '../../src/stores/record-signer.ts';
import { browser } from '../portal/browser.ts';
import { makeWorld } from '../portal/world.ts';
import { terminalInto } from '../support/terminal.ts';

let folder: string;
let key: string;
let readable: string;
let json: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'consentry-record-'));
  const world = makeWorld();
  key = world.deps.records.key;
  const alice = browser(world, 'alice');
  readable = (await alice.get('/record/extract')).text;
  json = (await alice.get('/record/extract?format=json')).text;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function say(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await recordCommand(args, {}, terminalInto(out, err));
  return { code, out: out.join('\n'), err: err.join('\n') };
}

function fileOf(content: string | Uint8Array): string {
  const path = join(folder, 'extract');
  writeFileSync(path, content);
  return path;
}

describe('an extract as it was taken away', () => {
  test('is well, in both forms', async () => {
    const text = await say('verify', fileOf(readable), '--key', key);
    expect(text).toMatchObject({ code: 0, err: '' });
    expect(text.out).toMatch(/^OK: signed by the key, and unchanged\. .*Alice Durand/);
    const data = await say('verify', fileOf(json), '--key', key);
    expect(data).toMatchObject({ code: 0, err: '' });
    expect(data.out).toContain('Alice Durand (alice), Provider SAS');
  });

  test('is well with the line ends and the mark that an editor leaves, and in one line', async () => {
    const edited = `\uFEFF${readable.replaceAll('\n', '\r\n')}`;
    expect((await say('verify', fileOf(edited), '--key', key)).code).toBe(0);
    const minified = JSON.stringify(JSON.parse(json));
    expect((await say('verify', fileOf(minified), '--key', key)).code).toBe(0);
  });

  test('fails when any one sign of it is another', async () => {
    for (const whole of [readable, json])
      for (let at = 0; at < whole.length; at += 1) {
        if (/\s/.test(whole[at] ?? '')) continue;
        const other = whole[at] === 'x' ? 'y' : 'x';
        const changed = `${whole.slice(0, at)}${other}${whole.slice(at + 1)}`;
        const { code } = await say('verify', fileOf(changed), '--key', key);
        expect([at, code]).toEqual([at, 1]);
      }
  });
});

describe('fails', () => {
  const twice = () =>
    json.replace('"person": {', '"person": { "id": "eve", "name": "Eve" },\n    "person": {');
  test.each([
    ['cut off', () => readable.slice(0, -20)],
    ['cut off JSON', () => json.slice(0, -20)],
    ['empty', () => ''],
    ['something added behind', () => `${readable}One more line.\n`],
    ['something said twice', twice],
    ['another field beside', () => json.replace('"key":', '"more": 1,\n  "key":')],
    ['no extract', () => '{"record":{},"key":"","signature":""}'],
    ['two lines as a signature', () => json.replace(/"signature": "/, '"signature": "x\\n')],
    ['a list', () => '[1]'],
  ])('%s', async (_, made) => {
    const said = await say('verify', fileOf(made()), '--key', key);
    expect(said).toMatchObject({ code: 1, out: '' });
    expect(said.err).toMatch(/^FAILED: /);
  });

  test('under the key of another installation, or one that signs no records', async () => {
    const other = createRecordSigner({ master: Buffer.alloc(32, 4) }, 'portal.example').key;
    expect((await say('verify', fileOf(readable), '--key', other)).err).toContain('not signed by this key');
    expect((await say('verify', fileOf(json), '--key', other)).err).toContain('names another key');
    const named = json.replace(key, other);
    expect((await say('verify', fileOf(named), '--key', other)).err).toContain('not signed by this key');
    const elsewhere = createRecordSigner({ master: Buffer.alloc(32, 3) }, 'portal.example/log').key;
    expect((await say('verify', fileOf(readable), '--key', elsewhere)).err).toContain(
      'none that signs records',
    );
  });

  test('a file that is not there, or no text', async () => {
    expect((await say('verify', join(folder, 'none'), '--key', key)).code).toBe(1);
    expect((await say('verify', fileOf(Buffer.from([0xff, 0xfe, 0])), '--key', key)).code).toBe(1);
  });
});

test.each([
  ['nothing', []],
  ['no key', ['verify', 'extract']],
  ['half a key', ['verify', 'extract', '--key', 'portal.example/own-record+00000000']],
  ['another act', ['sign', 'extract', '--key', 'k']],
  ['two files', ['verify', 'a', 'b', '--key', 'k']],
  ['an unknown option', ['verify', 'a', '--keys', 'k']],
])('%s is not understood', async (_, args) => {
  const said = await say(...args);
  expect(said).toMatchObject({ code: 2, out: '' });
  expect(said.err).toContain('consentry record verify FILE --key KEY');
});
