/** Copies in an export that a provider with the keys signed again: each deadline and limit that was made longer is found by name. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { unzipSync } from 'fflate';
import { usualCopies } from '../../src/core/copies.ts';
import { verifyExport } from '../../src/core/verify.ts';
import {
  declareCommand,
  exportFiles,
  type Folder,
  grantCommand,
  intentDraft,
  makeFolder,
  openingOf,
  openLedger,
  resultFields,
  settle,
  standingClock,
  textHash,
} from '../stores/ledger-world.ts';
import { editLine, type Files, leavesOf, parseLine, resign } from './resigned.ts';

const day = 24 * 3_600_000;
const rules = { ...usualCopies, keepDays: 20, graceDays: 3, answerHours: 12 };
let folder: Folder;
let files: Files;
let key: string;

/** Rules of acme in parts: what they say of copies, which its own file shortens. */
function rulesTold() {
  const file = JSON.stringify({ systems: { erp: {} }, copies: { keep_days: 20 } });
  const said = { copies: { keep_days: 25, grace_days: 3, answer_hours: 12 } };
  const purposes = JSON.stringify({ hotline: said });
  const parts = { certificates: {}, file: textHash(file), profiles: {}, purposes: textHash(purposes) };
  const text = JSON.stringify({ client: 'acme', parts });
  const given = [file, purposes].map((one) => ({ hash: textHash(one), text: one }));
  return { client: 'acme', hash: textHash(text), text, parts: given, summary: 'changed' };
}

beforeAll(async () => {
  folder = makeFolder();
  const clock = standingClock();
  const { ledger, archive, close } = await openLedger(folder, clock);
  const settled = await settle(folder, (command) => ledger.run(command), clock.now());
  const slice = rulesTold();
  await ledger.run({ do: 'policy', slices: [slice] });
  const budget = { per: 'day', zone: 'Europe/Paris', copies: 2, copied: 1000, keep: 5 } as const;
  const limited = grantCommand(folder, settled.seat, clock.now(), { budget });
  await ledger.run(limited);
  const epoch = async () => (await archive.epochs()).get('acme') ?? 0;
  // The first under an agreement that limits nothing, the second under one that does.
  for (const grant of [settled.grant.id, limited.grant.id]) {
    const opening = openingOf(grant, settled.opening.login, clock.now());
    await ledger.run(declareCommand(opening, await epoch()));
    const now = await epoch();
    const recorded = await ledger.intent(intentDraft(opening, now), now);
    if (!('receipt' in recorded)) throw new Error('moved');
    const answer = await ledger.run({
      ...{ do: 'copy-register', client: 'acme', intent: recorded.receipt, request: recorded.id },
      ...{ opening: opening.id, person: opening.person, system: 'erp', policy: slice.hash, rules },
      ...{ head: { status: 200, type: '', length: 800 }, path: '/export' },
    });
    if (!('receipt' in answer)) throw new Error(JSON.stringify(answer));
    const digest = `sha256:${'A'.repeat(43)}`;
    const fields = { ...resultFields, up: 0, down: 800, digest };
    await ledger.run({
      ...{ do: 'result', client: 'acme', intent: recorded.receipt, id: `${recorded.id}-r`, fields },
    });
  }
  key = (await archive.head('acme'))?.verifierKey ?? '';
  files = new Map(Object.entries(unzipSync(await exportFiles(archive, 'acme'))));
  await close();
});

afterAll(() => folder.remove());

function indexes(kind: string): readonly number[] {
  return leavesOf(files).flatMap((leaf, index) => (parseLine(leaf).t === kind ? [index] : []));
}

const faults = (given: Files) =>
  verifyExport(given, { key })
    .filter(({ kind }) => kind === 'failure')
    .map(({ what }) => what);

type Changes = Record<string, string | number | boolean>;
/** The line of that kind, counted from the first, with what is made of its fields. */
function forged(kind: string, which: number, change: (line: Changes) => Changes): readonly string[] {
  const index = indexes(kind)[which] ?? -1;
  const line = parseLine(leavesOf(files)[index] ?? new Uint8Array(0));
  return faults(resign(files, folder, editLine(index, change(line))));
}

const later = (line: Changes, field: string, days: number) =>
  new Date(Date.parse(String(line[field])) + days * day).toISOString();

test('as it was written it passes, and says the shorter of the times that hold', () => {
  expect(faults(files)).toEqual([]);
  expect(faults(resign(files, folder, (leaves) => leaves))).toEqual([]);
  const lines = indexes('copy.registered').map((index) =>
    parseLine(leavesOf(files)[index] ?? new Uint8Array(0)),
  );
  expect(lines).toMatchObject([
    { keep_days: 20, grace_days: 3 },
    { keep_days: 5, grace_days: 3, at_most: 800 },
  ]);
});

test.each<[string, number, (line: Changes) => Changes, string]>([
  [
    'kept longer than the client’s file says',
    0,
    (line) => ({ keep_days: 25, destroy_by: later(line, 'destroy_by', 5) }),
    'the rules keep such copies for another time',
  ],
  [
    'kept longer than the agreement says',
    1,
    (line) => ({ keep_days: 20, destroy_by: later(line, 'destroy_by', 15) }),
    'its agreement keeps such copies for a shorter time',
  ],
  [
    'a later end alone',
    0,
    (line) => ({ destroy_by: later(line, 'destroy_by', 1) }),
    'destroyed at another time',
  ],
  ['a longer grace', 0, () => ({ grace_days: 30 }), 'another time of grace'],
  [
    'a later answer',
    0,
    (line) => ({ answer_by: later(line, 'answer_by', 1) }),
    'the rules ask where such copies are kept by another time',
  ],
  ['a place that no rule says', 0, () => ({ kept: 'rule' }), 'whether it is known where'],
  ['more bytes than are left', 1, () => ({ at_most: 1001 }), 'was spent: copied'],
  ['fewer bytes than left', 1, () => ({ at_most: 799 }), 'more of the copy left'],
])('a deadline or limit that was forged is found: %s', (_name, which, change, said) => {
  expect(forged('copy.registered', which, change)[0]).toContain(said);
});

test('more bytes than the agreement permits, told in the result', () => {
  expect(forged('access.result', 1, () => ({ down: 801 }))[0]).toContain('more of the copy left');
});
