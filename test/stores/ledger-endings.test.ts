/** The end of a contract in the real ledger: signed, begun, lifted, notified and certified; log, tables and export agree. */
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { unzipSync } from 'fflate';
import type { Command } from '../../src/core/commands.ts';
import {
  currentEnding,
  type EndingTerms,
  earliestErasure,
  type FileEnd,
  writeEnding,
} from '../../src/core/ending.ts';
import { readCertificate } from '../../src/core/ending-certificate.ts';
import { textHash } from '../../src/core/leaf.ts';
import { verifyExport } from '../../src/core/verify.ts';
import {
  declareCommand,
  endSound,
  evidenceBy,
  exportFiles,
  type Folder,
  failures,
  fault,
  freshId,
  grantCommand,
  intentDraft,
  loginCommand,
  makeFolder,
  openingOf,
  openLedger,
  resultFields,
  seatCommand,
  settle,
  sliceText,
  standingClock,
  type World,
} from './ledger-world.ts';

const day = 24 * 3_600_000;
let folder: Folder;
let world: World;
let clock: ReturnType<typeof standingClock>;
let seat: string;
let settled: Awaited<ReturnType<typeof settle>>;

const run = <C extends Command>(command: C) => world.ledger.run(command);

beforeEach(async () => {
  folder = makeFolder();
  clock = standingClock();
  world = await openLedger(folder, clock);
  settled = await settle(folder, (command) => run(command), clock.now());
  ({ seat } = settled);
});

afterEach(() => endSound(world, folder));

const nothing: EndingTerms = { lastDay: '', choice: undefined, by: '', note: '' };
const policy = textHash(sliceText('acme'));
const running: FileEnd = { ended: false, until: undefined };
const ended: FileEnd = { ended: true, until: undefined };
const contact = { person: 'carla', name: 'Carla Blanc' };

function set(version: number, terms: Partial<EndingTerms> = {}, by = seat, client = 'acme') {
  const of = { client, version, language: 'en', author: 'Claire Dubois', zone: 'Europe/Paris' } as const;
  const { text, textHash: hash } = writeEnding(of, { ...nothing, ...terms }, ['We say this.']);
  return { do: 'ending-set', client: 'acme', text, evidence: evidenceBy(folder, by, hash) } as const;
}

const look = (file: FileEnd) => run({ do: 'ending-look', client: 'acme', file, policy });

function closed(opening = settled.opening.id) {
  const counts = { exchanges: 0, refused: 0, statics: 0, up: 0, down: 0 };
  const closings = [{ opening, cause: 'contract', cutMs: 0, counts }] as const;
  return run({ do: 'close', client: 'acme', by: undefined, closings });
}

const notify = (from: number, what: 'data' | 'log' = 'data') =>
  run({ do: 'ending-notify', client: 'acme', by: contact, what, from, text: 'As agreed in C-1.' });

function certify(how: 'client' | 'deleted' = 'client', keptUntil = clock.now() + 1825 * day) {
  return run({
    ...{ do: 'ending-certify', client: 'acme', by: contact, provider: 'Provider SAS', name: 'Acme' },
    ...{ systems: [{ system: 'erp', how }], keptUntil, why: 'Proof, five years.' },
  });
}

async function over(file = ended) {
  await closed();
  expect(await look(file)).toHaveProperty('began');
}

const moveTo = (instant: number) => clock.advance(instant - clock.now());
const at = (when: string) => moveTo(Date.parse(when));
const book = () => world.archive.ending('acme');

/** A copy of the access, which left whole. */
async function copied(): Promise<string> {
  const { epoch } = await world.archive.inForce('acme');
  const draft = intentDraft(settled.opening, epoch);
  const recorded = await world.ledger.intent(
    { ...draft, fields: { ...draft.fields, operation: 'copy' } },
    epoch,
  );
  if (!('receipt' in recorded)) throw new Error('moved');
  const rules = { keepDays: 30, graceDays: 7, answerHours: 24, place: 'Vault 2', custodian: 'Backup team' };
  await run({
    ...{ do: 'copy-register', client: 'acme', intent: recorded.receipt, request: draft.id, policy, rules },
    ...{ opening: settled.opening.id, person: 'alice', system: 'erp', path: '/export/*' },
    head: { status: 200, type: 'application/zip' },
  });
  const fields = { ...resultFields, digest: `sha256:${'A'.repeat(43)}` };
  await run({ do: 'result', client: 'acme', intent: recorded.receipt, id: freshId('result'), fields });
  return draft.id;
}

const gone = (copy: string, how: 'destroyed' | 'returned' = 'returned') =>
  run({
    ...{ do: 'copy-gone', client: 'acme', copies: [copy], how, done: clock.now() },
    by: { person: 'alice', name: 'Alice Martin', contact: false },
    text: 'Handed over on a disk, receipt 12.',
  });

describe('what the client says of the end', () => {
  test('is one signed line and one row; its last day reaches every agreement', async () => {
    const { epoch: before } = await world.archive.inForce('acme');
    const answer = await run(set(1, { lastDay: '2026-12-31', choice: 'return', by: '2027-01-30' }));
    const noticed = Date.parse('2026-12-31T23:00:00Z');
    expect(answer).toMatchObject({ epoch: before + 1, noticed });
    const held = await world.archive.inForce('acme');
    expect(held.noticed).toBe(noticed);
    for (const grant of held.grants) expect(grant.noticed).toBe(noticed);
    expect((await book()).statements).toMatchObject([{ said: { version: 1, choice: 'return' } }]);
    // Taking it back is another signed act.
    expect(await run(set(2))).not.toHaveProperty('noticed');
    expect((await world.archive.inForce('acme')).grants[0]).not.toHaveProperty('noticed');
    expect([...(await world.archive.endingStates()).entries()]).toEqual([
      ['acme', { over: false, noticed: undefined }],
    ]);
  });

  const bad: Readonly<Record<string, () => [Command & { do: 'ending-set' }, string]>> = {
    'a version that skips one': () => [set(2), 'version_stale'],
    'a last day that has gone by': () => [set(1, { lastDay: '2026-05-30' }), 'ending_day'],
    'a text of another client': () => [set(1, {}, seat, 'martin'), 'says nothing of this end'],
    'a text that is none': () => [{ ...set(1), text: '{}' }, 'says nothing of this end'],
    'a seat that does not exist': () => [set(1, {}, 'nobody'), 'not_seated'],
    'a signature over another text': () => [
      { ...set(1), evidence: set(1, { lastDay: '2026-12-31' }).evidence },
      'does not hold',
    ],
  };
  test.each(Object.entries(bad))('%s changes nothing', async (_name, make) => {
    const [command, expected] = make();
    expect(await fault(run(command))).toContain(expected);
    expect((await book()).statements).toEqual([]);
  });

  test('a reader cannot sign it', async () => {
    const reader = seatCommand(folder, clock.now());
    await run({ ...reader, seat: { ...reader.seat, controller: 'marc', role: 'reader' } });
    expect(await fault(run(set(1, {}, reader.seat.id)))).toContain('no representative');
  });

  test('its last day ends everything to the millisecond, before any line says so', async () => {
    await run(set(1, { lastDay: '2026-06-01' }));
    at('2026-06-01T21:59:59.000Z');
    const login = loginCommand(clock.now(), { id: freshId('login') });
    await run(login);
    const opening = openingOf(settled.grant.id, login.login.id, clock.now());
    const { epoch } = await world.archive.inForce('acme');
    expect(await run(declareCommand(opening, epoch))).toHaveProperty('receipt');
    at('2026-06-01T22:00:00.000Z');
    expect(await world.ledger.intent(intentDraft(opening, epoch), epoch)).toHaveProperty('moved');
    expect(
      await fault(run(declareCommand(openingOf(settled.grant.id, login.login.id, clock.now()), epoch))),
    ).toContain('the contract is over');
    await closed(opening.id);
    await over(running);
    expect((await book()).endings).toMatchObject([{ cause: 'notice', since: clock.now() }]);
  });
});

describe('from the end on', () => {
  test('every agreement rests, and nobody is let in or asked', async () => {
    expect(await look(running)).toEqual({ same: true });
    expect(await look(ended)).toEqual({ open: 1 });
    await closed();
    const { epoch } = await world.archive.inForce('acme');
    expect(await look(ended)).toEqual({ began: 'status', grants: [settled.grant.id] });
    expect(await look(ended)).toEqual({ same: true });
    const held = await world.archive.inForce('acme');
    expect(held.epoch).toBeGreaterThan(epoch);
    expect(held.grants.map(({ status }) => status)).toEqual(['suspended']);
    const { grant } = settled;
    const by = { seat, role: 'representative' } as const;
    const login = loginCommand(clock.now(), { id: freshId('login') });
    await run(login);
    const opening = openingOf(grant.id, login.login.id, clock.now());
    const of = { client: 'acme' };
    const refused = [
      grantCommand(folder, seat, clock.now()),
      declareCommand(opening, held.epoch),
      // By a robot, by command line, outside, and in an emergency: all of them declare.
      { ...declareCommand(opening, held.epoch), emergency: { as: ['alice'] } },
      { ...declareCommand(opening, held.epoch), tool: 'hash' },
      // Whatever else they say, it is looked at first.
      { do: 'request', request: of },
      { do: 'propose', proposal: of },
      { do: 'delegate', delegation: of },
      { do: 'sign', client: 'acme', grant: grant.id },
      { do: 'grant-status', client: 'acme', grant: grant.id, to: 'active', by },
      {
        ...{ do: 'extend', client: 'acme', opening: settled.opening.id, person: 'alice', epoch: held.epoch },
        ...{ from: settled.opening.endsAt, endsAt: settled.opening.endsAt + 1 },
      },
    ] as Command[];
    for (const command of refused) expect(await fault(run(command))).toContain('the contract is over');
    // Taking rights away, and choosing, go on.
    expect(
      await run({ do: 'grant-status', client: 'acme', grant: grant.id, to: 'revoked', by }),
    ).toHaveProperty('epoch');
    expect(await run(set(1, { choice: 'delete', by: '2026-06-30' }))).toHaveProperty('receipt');
  });

  test('a contract that goes on wakes nothing by itself', async () => {
    await over({ ended: false, until: clock.now() });
    expect(await look(running)).toEqual({ lifted: true });
    expect(currentEnding(await book())).toBeUndefined();
    const [grant] = (await world.archive.inForce('acme')).grants;
    expect(grant?.status).toBe('suspended');
    const by = { seat, role: 'representative' } as const;
    const resume = { do: 'grant-status', client: 'acme', grant: settled.grant.id, to: 'active', by } as const;
    expect(await run(resume)).toHaveProperty('receipt');
    // It may end again.
    expect(await look(ended)).toHaveProperty('began');
    expect((await book()).endings).toHaveLength(2);
  });

  test('what the client gave notice of is lifted by its own word alone', async () => {
    await run(set(1, { lastDay: '2026-06-01' }));
    at('2026-06-02T09:00:00Z');
    await over(running);
    expect(await look(running)).toEqual({ same: true });
    expect(await run(set(2, { lastDay: '2026-05-31' }))).toEqual({ refused: 'ending_day' });
    // The day that has gone by stays with what is chosen after it.
    expect(await run(set(2, { lastDay: '2026-06-01', choice: 'return', by: '2026-07-01' }))).toHaveProperty(
      'receipt',
    );
    await run(set(3, { lastDay: '2026-12-31' }));
    expect(await look(running)).toEqual({ lifted: true });
  });

  test('rules that the log does not know begin nothing', async () => {
    await closed();
    const command = { do: 'ending-look', client: 'acme', file: ended, policy: 'sha256:other' } as const;
    expect(await run(command)).toEqual({ moved: true });
  });
});

describe('notice of erasure', () => {
  test('is given after the end, at least 21 calendar days ahead', async () => {
    const earliest = earliestErasure(clock.now(), 'Europe/Paris');
    expect(new Date(earliest).toISOString()).toBe('2026-06-22T22:00:00.000Z');
    expect(await notify(earliest)).toEqual({ refused: 'not_over' });
    await over();
    expect(await notify(clock.now() + 20 * day)).toEqual({ refused: 'too_soon' });
    expect(await notify(earliest)).toHaveProperty('receipt');
    expect(currentEnding(await book())?.notices).toMatchObject([
      { what: 'data', from: earliest, name: 'Carla Blanc', text: 'As agreed in C-1.' },
    ]);
  });

  test.each(['2026-03-08T22:59:00Z', '2026-10-05T10:00:00Z'])(
    'counts days where clocks change: %s',
    (when) => {
      const given = Date.parse(when);
      const from = earliestErasure(given, 'Europe/Paris');
      const local = (instant: number) =>
        Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO('Europe/Paris');
      expect(local(given).toPlainDate().until(local(from).toPlainDate()).days).toBe(22);
      expect(from - given).toBeGreaterThanOrEqual(21 * day - 3_600_000);
    },
  );
});

describe('the certificate', () => {
  test('tells what left and what became of it, and is proved by the export', async () => {
    const [first, second] = [await copied(), await copied()];
    expect(await certify()).toEqual({ refused: 'not_over' });
    await over();
    await run(set(1, { choice: 'return', by: '2026-06-30' }));
    expect((await book()).open).toEqual({ openings: 0, copies: 2, credentials: 0 });
    expect(await certify()).toEqual({ refused: 'outstanding' });
    await gone(first);
    expect(await certify()).toEqual({ refused: 'outstanding' });
    await gone(second, 'destroyed');
    expect(await certify('client', clock.now())).toEqual({ refused: 'kept_until' });
    expect(await certify()).toHaveProperty('receipt');
    expect(await certify()).toEqual({ refused: 'certified' });
    const { certificate } = currentEnding(await book()) ?? {};
    const said = readCertificate(certificate?.text ?? '');
    expect(textHash(certificate?.text ?? '')).toBe(certificate?.textHash);
    expect(said).toMatchObject({ choice: 'return', attested_by: 'Carla Blanc', kept: [{ what: 'log' }] });
    expect(said?.copies.map(({ id, how, by }) => [id, how, by])).toEqual([
      [first, 'returned', 'taker'],
      [second, 'destroyed', 'taker'],
    ]);
    // Who took a copy stands on its line alone.
    expect(certificate?.text).not.toMatch(/alice/i);
    expect(await run(set(2, { choice: 'delete', by: '2026-06-30' }))).toEqual({
      refused: 'ending_certified',
    });
  });

  test('is found when the export says something else, or leaves it out', async () => {
    await over();
    await run(set(1, { choice: 'delete', by: '2026-06-30' }));
    await certify();
    const key = (await world.archive.head('acme'))?.verifierKey ?? '';
    const files = new Map(Object.entries(unzipSync(await exportFiles(world.archive, 'acme'))));
    const found = (changed: ReadonlyMap<string, Uint8Array>) =>
      verifyExport(changed, { key }).map(({ kind, what }) => `${kind}: ${what}`);
    expect(found(files).join()).toContain('notice: the end of the contract was certified on');
    const { textHash: hash = '' } = currentEnding(await book())?.certificate ?? {};
    const path = `endings/${hash.replace('sha256:', '')}.json`;
    const text = Buffer.from(files.get(path) ?? []).toString();
    const forged = Buffer.from(text.replace('"Carla Blanc"', '"Somebody"'));
    expect(found(new Map([...files, [path, forged]])).join()).toContain('is not the one that was recorded');
    const left = new Map([...files].filter(([name]) => name !== path));
    expect(found(left).join()).toContain('the text of the certificate is missing');
    const [statement = ''] = [...files.keys()].filter((name) => name.startsWith('endings/') && name !== path);
    const chosen = Buffer.from(files.get(statement) ?? []).toString();
    const other = Buffer.from(chosen.replace('"delete"', '"return"'));
    expect(found(new Map([...files, [statement, other]])).join()).toContain('is not the one that was signed');
  });

  test('waits for credentials that were handed over', async () => {
    const held = {
      system: 'erp',
      kind: 'basic',
      account: 'svc',
      file: 'erp',
      handedOverBy: 'Claire',
    } as const;
    const more = { handedOverOn: '2026-01-01', document: 'D-1', rotateBy: undefined, mark: 'm' };
    const credentials = (list: readonly object[]) =>
      run({
        ...{ do: 'credentials', secrets: new Set(), only: undefined },
        held: new Map([['acme', list]]),
      } as unknown as Command & { do: 'credentials' });
    await credentials([{ ...held, ...more }]);
    await over();
    expect((await book()).open.credentials).toBe(1);
    expect(await certify()).toEqual({ refused: 'outstanding' });
    await credentials([]);
    expect(await certify()).toHaveProperty('receipt');
    const text = currentEnding(await book())?.certificate?.text ?? '';
    expect(readCertificate(text)?.credentials).toMatchObject([{ system: 'erp', kind: 'basic' }]);
  });

  test('says that hosted data was deleted only after its notice has run', async () => {
    await over();
    expect(await certify('deleted')).toEqual({ refused: 'not_noticed' });
    const from = earliestErasure(clock.now(), 'Europe/Paris');
    await notify(from, 'log');
    moveTo(from);
    expect(await certify('deleted')).toEqual({ refused: 'not_noticed' });
    const later = earliestErasure(clock.now(), 'Europe/Paris');
    await notify(later);
    moveTo(later - 1);
    expect(await certify('deleted')).toEqual({ refused: 'not_noticed' });
    moveTo(later);
    expect(await certify('deleted')).toHaveProperty('receipt');
  });

  test('of a client without copies or credentials says so', async () => {
    await over();
    await certify();
    const files = await failures(world.archive);
    expect(files).toEqual([]);
    const said = readCertificate(currentEnding(await book())?.certificate?.text ?? '');
    expect([said?.copies, said?.credentials, said?.statement, said?.choice]).toEqual([[], [], '', '']);
  });
});

describe('fsck', () => {
  test.each([
    ["UPDATE ending_statements SET hash = 'sha256:x'", 'is not the one in the log'],
    ['UPDATE ending_statements SET ends_at = 1', 'is not the one in the log'],
    ['DELETE FROM ending_statements', 'that have no row'],
    ['UPDATE endings SET since_at = 1', 'otherwise in its row'],
    ['UPDATE endings SET lifted_at = 1', 'otherwise in its row'],
    ['DELETE FROM endings', 'an end of the contract that has no row'],
    ['UPDATE erasure_notices SET from_at = 1', 'a notice of erasure is otherwise'],
    ['DELETE FROM erasure_notices', 'a notice of erasure that has no row'],
  ])('finds %s', async (sql, expected) => {
    await run(set(1, { lastDay: '2026-12-31' }));
    await over();
    await notify(earliestErasure(clock.now(), 'Europe/Paris'));
    const db = new DatabaseSync(folder.file);
    db.exec(sql);
    expect((await world.archive.fsck()).join('\n')).toContain(expected);
    db.close();
    // This ledger is broken on purpose.
    await world.close();
    folder.remove();
    folder = makeFolder();
    world = await openLedger(folder, clock);
  });
});
