import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { strFromU8, strToU8, unzipSync } from 'fflate';
import { formatVerifierKey } from '../../src/core/note.ts';
import { verifyExport } from '../../src/core/verify.ts';
import {
  exportFiles,
  type Folder,
  intentDraft,
  makeFolder,
  openLedger,
  resultFields,
  settle,
  standingClock,
} from '../stores/ledger-world.ts';
import { type ChangeLeaves, editLine, type Files, leavesOf, parseLine, resign } from './resigned.ts';

let folder: Folder;
let files: Files;
/** The same log before any exchange: where each bit of what does not grow with the log is tried. */
let young: Files;
let key: string;
let early: string;
let head: string;

beforeAll(async () => {
  folder = makeFolder();
  const clock = standingClock();
  const { ledger, archive, close } = await openLedger(folder, clock);
  const { opening, epoch } = await settle(folder, (command) => ledger.run(command), clock.now());
  early = (await archive.head('acme'))?.checkpoint ?? '';
  young = new Map(Object.entries(unzipSync(await exportFiles(archive, 'acme'))));
  for (let i = 0; i < 300; i += 1) {
    clock.advance(3);
    const recorded = await ledger.intent(intentDraft(opening, epoch), epoch);
    if (!('receipt' in recorded)) throw new Error('not recorded');
    ledger.result(recorded, `result-${i}`, resultFields);
  }
  await ledger.run({
    do: 'close',
    client: 'acme',
    by: undefined,
    closings: [
      {
        opening: opening.id,
        cause: 'technician',
        cutMs: 0,
        counts: { exchanges: 300, refused: 0, statics: 0, up: 0, down: 0 },
      },
    ],
  });
  const told = await archive.head('acme');
  head = told?.checkpoint ?? '';
  key = told?.verifierKey ?? '';
  files = new Map(Object.entries(unzipSync(await exportFiles(archive, 'acme'))));
  await close();
});

afterAll(() => folder.remove());

const failures = (given: Files, known = { key, since: early }): string[] =>
  verifyExport(given, known)
    .filter(({ kind }) => kind === 'failure')
    .map(({ part, index, what }) => `${part} ${index ?? '-'}: ${what}`);

test('a sound export passes against key and earlier head, and says what is only evaluation', () => {
  const findings = verifyExport(files, { key, since: early });
  expect(findings.filter(({ kind }) => kind === 'failure')).toEqual([]);
  expect(findings.map(({ what }) => what).join()).toContain('evaluation key');
  expect(verifyExport(files, { key, since: head }).filter(({ kind }) => kind === 'failure')).toEqual([]);
  expect(verifyExport(files, {}).filter(({ kind }) => kind === 'failure')).toEqual([]);
});

test('any one flipped bit in any stored byte is found', () => {
  const names = [...files.keys()];
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.nat(7), (which, position, bit) => {
      const name = names[which % names.length] ?? '';
      const content = Uint8Array.from(files.get(name) ?? []);
      if (content.length === 0) return;
      content[position % content.length] = (content[position % content.length] ?? 0) ^ (1 << bit);
      const changed = new Map(files).set(name, content);
      expect([name, failures(changed).length]).toEqual([name, 1]);
    }),
    { numRuns: 150 },
  );
});

test('every bit of the checkpoint and of the texts counts', () => {
  const small = [...young.keys()].filter((name) => /checkpoint|cosignature|policy|grants/.test(name));
  expect(small.length).toBe(4);
  expect(failures(young)).toEqual([]);
  for (const name of small) {
    const content = young.get(name) ?? new Uint8Array(0);
    for (let bit = 0; bit < content.length * 8; bit += name.includes('checkpoint') ? 1 : 61) {
      const changed = Uint8Array.from(content);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(failures(new Map(young).set(name, changed)).length).toBe(1);
    }
  }
});

test('a removed, doubled or foreign file is found; a removed disclosure is erased', () => {
  for (const name of files.keys()) {
    if (['README.txt', 'LISEZMOI.txt'].includes(name)) continue;
    const less = new Map(files);
    less.delete(name);
    expect([name, failures(less).length]).toEqual([name, 1]);
  }
  expect(failures(new Map(files).set('2026/readme', strToU8('x')))[0]).toContain('does not belong');
  const without = new Map(files);
  for (const name of ['README.txt', 'LISEZMOI.txt']) {
    const other = `${strFromU8(files.get(name) ?? new Uint8Array(0))}All is well.\n`;
    expect(failures(new Map(files).set(name, strToU8(other)))).toEqual([
      ` -: ${name} is not the note that belongs to the export`,
    ]);
    without.delete(name);
  }
  expect(failures(without)).toEqual([]);
  const lines = strFromU8(files.get('2026/disclosures.jsonl') ?? new Uint8Array(0)).split('\n');
  const erased = new Map(files).set('2026/disclosures.jsonl', strToU8(lines.slice(3).join('\n')));
  expect(failures(erased)).toEqual([]);
  expect(verifyExport(erased, { key }).map(({ what }) => what)).toContain('3 groups are erased');
  const doubled = new Map(files).set('2026/disclosures.jsonl', strToU8([lines[0], ...lines].join('\n')));
  expect(failures(doubled).length).toBe(1);
});

/** What a provider with the signing keys can do: any leaves, consistently hashed and signed. */
const resigned = (change: ChangeLeaves, cosigned = true): Files => resign(files, folder, change, cosigned);

describe('a provider who holds the key and signs again', () => {
  const edit = editLine;
  const kinds = () => leavesOf(files).map((leaf) => parseLine(leaf).t);
  const indexOf = (kind: string): number => kinds().indexOf(kind);
  const lastIndexOf = (kind: string): number => kinds().lastIndexOf(kind);

  test('the same lines signed again pass', () => {
    expect(failures(resigned((leaves) => leaves))).toEqual([]);
  });

  test('whoever has only the Ed25519 key, one day broken, is stopped by the cosignature', () => {
    const cut = resigned((leaves) => leaves.slice(0, -1), false);
    expect(failures(cut, { key, since: early })[0]).toContain('of the cosignature');
  });

  test('a truncated log fails against the head noted, and only against it', () => {
    const cut = resigned((leaves) => leaves.slice(0, leaves.length - 4));
    expect(failures(cut, { key, since: head })[0]).toContain('the log was cut');
    const disclosed = strFromU8(files.get('2026/disclosures.jsonl') ?? new Uint8Array(0));
    const kept = disclosed.split('\n').filter((line) => line === '' || JSON.parse(line).index < 600);
    cut.set('2026/disclosures.jsonl', strToU8(kept.join('\n')));
    expect(failures(cut, { key, since: early })).toEqual([]);
  });

  test('a rewritten line fails against the head noted', () => {
    const intent = indexOf('access.intent');
    expect(intent).toBeGreaterThan(0);
    const changed = resigned(edit(2, { summary: 'Nothing happened.' }));
    expect(failures(changed, { key, since: head })[0]).toContain('the log was rewritten');
    expect(failures(changed, { key, since: early })[0]).toContain('the log was rewritten');
  });

  test.each<[string, () => (leaves: Uint8Array[]) => Uint8Array[], RegExp]>([
    [
      'another consent on an access',
      () => edit(indexOf('access.intent'), { grant: 'other' }),
      /another consent/,
    ],
    [
      'another system',
      () => edit(indexOf('access.intent'), { system: 'payroll' }),
      /does not have that system/,
    ],
    ['another operation', () => edit(indexOf('access.intent'), { operation: 'purge' }), /does not permit/],
    ['another opening', () => edit(indexOf('access.intent'), { session: 'none' }), /lies in no opening/],
    [
      'an epoch that goes back',
      () => edit(lastIndexOf('access.intent'), { epoch: 1 }),
      /rights that had changed/,
    ],
    [
      'a time that goes back',
      () => edit(indexOf('access.intent'), { at: '2020-01-01T00:00:00.000Z' }),
      /time is before/,
    ],
    ['a counter with a gap', () => edit(indexOf('access.intent'), { n: 99 }), /counter/],
    [
      'a wider consent than was signed',
      () => edit(indexOf('consent.granted'), { systems: 'erp backup payroll' }),
      /differ in systems/,
    ],
    [
      'a consent of longer life',
      () => edit(indexOf('consent.granted'), { until: '2030-01-01T00:00:00.000Z' }),
      /differ in until/,
    ],
    [
      'a consent under another name',
      () => edit(indexOf('consent.granted'), { id: 'grant-again' }),
      /differ in id/,
    ],
    [
      'a forged signature',
      () => edit(indexOf('consent.granted'), { signature: 'A'.repeat(86) }),
      /signature/,
    ],
    [
      'a signer nobody seated',
      () => edit(indexOf('consent.granted'), { seat: 'mallory' }),
      /somebody seated/,
    ],
    [
      'another purpose',
      () => edit(indexOf('session.opened'), { purpose: 'curiosity' }),
      /does not cover the purpose/,
    ],
    [
      'a result twice',
      () => (leaves) => edit(indexOf('access.result') + 2, { intent: indexOf('access.intent') })(leaves),
      /ended already|follows no intent|another request/,
    ],
    ['a result of nothing', () => edit(indexOf('access.result'), { intent: 1 }), /follows no intent/],
    ['an unknown kind', () => edit(indexOf('access.intent'), { t: 'access.secret' }), /kind is unknown/],
    [
      'a missing field',
      () => (leaves) => edit(indexOf('access.result'), { outcome: 7 })(leaves),
      /does not say outcome/,
    ],
  ])('%s', (_, change, expected) => {
    const failure = verifyExport(resigned(change()), { key }).find(({ kind }) => kind === 'failure');
    expect(failure?.what).toMatch(expected);
  });

  test('a line left out, and two lines exchanged', () => {
    const intent = indexOf('access.intent');
    const without = resigned((leaves) => leaves.filter((_, i) => i !== intent));
    expect(verifyExport(without, { key }).some(({ kind }) => kind === 'failure')).toBe(true);
    const swapped = resigned((leaves) =>
      leaves.map((leaf, i) => (i === 2 ? leaves[3] : i === 3 ? leaves[2] : leaf) ?? leaf),
    );
    expect(verifyExport(swapped, { key })[0]?.what).toMatch(/counter|time|commits/);
  });
});

test('a key of somebody else, and a head of another log', () => {
  const other = makeFolder();
  const name = key.split('+')[0] ?? '';
  const foreign = formatVerifierKey({ name, type: 1, key: other.keys.ledgerPublic });
  expect(failures(files, { key: foreign, since: early })[0]).toContain('not signed by the known key');
  const elsewhere = formatVerifierKey({ name: 'elsewhere/2026', type: 1, key: folder.keys.ledgerPublic });
  expect(failures(files, { key: elsewhere, since: early })[0]).toContain('belongs to another log');
  expect(failures(files, { key: 'rubbish', since: early })[0]).toContain('no verifier key');
  expect(failures(files, { key, since: 'rubbish' })[0]).toContain('no signed checkpoint');
  other.remove();
});
