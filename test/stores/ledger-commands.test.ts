import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { strFromU8, unzipSync } from 'fflate';
import type { Command } from '../../src/core/commands.ts';
import type { Fault } from '../../src/core/faults.ts';
import type { Grant, Opening } from '../../src/core/model.ts';
import type { Recorded } from '../../src/core/ports.ts';
import { until } from '../support/streams.ts';
import {
  declareCommand,
  endSound,
  exportFiles,
  type Folder,
  freshId,
  grantCommand,
  intentDraft,
  loginCommand,
  makeFolder,
  openingOf,
  openLedger,
  policyCommand,
  resultFields,
  seatCommand,
  settle,
  standingClock,
  textHash,
  type World,
} from './ledger-world.ts';

let folder: Folder;
let world: World;
let clock: ReturnType<typeof standingClock>;
let acme: { seat: string; grant: Grant; opening: Opening; epoch: number; code: string };

const run = <C extends Command>(command: C) => world.ledger.run(command);
const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (fault: Fault) => fault.code,
  );

async function record(opening = acme.opening, epoch = acme.epoch): Promise<Recorded> {
  const recorded = await world.ledger.intent(intentDraft(opening, epoch), epoch);
  if (!('receipt' in recorded)) throw new Error(`moved to ${recorded.moved}`);
  return recorded;
}

const closing = (opening: string) => ({
  opening,
  cause: 'stopped' as const,
  cutMs: 4,
  counts: { exchanges: 1, refused: 0, statics: 0, up: 0, down: 0 },
});

beforeEach(async () => {
  folder = makeFolder();
  clock = standingClock();
  world = await openLedger(folder, clock);
  acme = await settle(folder, run, clock.now());
});

afterEach(() => endSound(world, folder));

describe('intents and results', () => {
  test('an intent is in the log when it is told, its result rides along and ends it', async () => {
    const recorded = await record();
    const [line] = await world.archive.lines({ client: 'acme', limit: 1, disclose: ['target'] });
    expect(line?.leaf).toMatchObject({ t: 'access.intent', id: recorded.id, session: acme.opening.id, v: 1 });
    expect(line?.groups).toEqual({ target: { path: '/invoices/:id' } });
    expect(line?.index).toBe(recorded.receipt.index);
    world.ledger.result(recorded, 'r-1', resultFields);
    await record();
    const [result] = await world.archive.lines({
      client: 'acme',
      kinds: ['access.result'],
      limit: 1,
      disclose: [],
    });
    expect(result?.leaf).toMatchObject({
      id: 'r-1',
      request: recorded.id,
      intent: recorded.receipt.index,
      shard: recorded.receipt.origin,
      down: 1024,
    });
  });

  test('a result alone is written within its patience, one with odd numbers and texts too', async () => {
    const recorded = await record();
    world.ledger.result(recorded, 'odd', {
      ...resultFields,
      ms: 1.75,
      type: 'text/\ud800',
      down: Number.NaN,
    });
    const newest = async () =>
      (await world.archive.lines({ client: 'acme', kinds: ['access.result'], limit: 1, disclose: [] }))[0];
    await until(async () => (await newest()) !== undefined);
    expect((await newest())?.leaf).toMatchObject({ ms: 1, down: 0, type: 'text/\ufffd' });
  });

  test('under a moved epoch nothing is written', async () => {
    const before = await world.archive.head('acme');
    expect(await world.ledger.intent(intentDraft(acme.opening, 1), 1)).toEqual({ moved: acme.epoch });
    expect((await world.archive.head('acme'))?.size).toBe(before?.size);
  });

  test.each<[string, () => ReturnType<typeof intentDraft>]>([
    ['another consent', () => intentDraft({ ...acme.opening, grant: 'other' }, acme.epoch)],
    ['another system', () => intentDraft({ ...acme.opening, systems: ['payroll'] }, acme.epoch)],
  ])('an intent with %s than its opening is a conflict', async (_, draft) => {
    expect(await code(world.ledger.intent(draft(), acme.epoch))).toBe('ledger_conflict');
  });

  test('an intent in no opening, an ended one, or past its end is decided again', async () => {
    const stranger = { ...acme.opening, id: 'nobody' };
    expect(await world.ledger.intent(intentDraft(stranger, acme.epoch), acme.epoch)).toEqual({
      moved: acme.epoch,
    });
    clock.advance(3_600_000);
    expect(await world.ledger.intent(intentDraft(acme.opening, acme.epoch), acme.epoch)).toEqual({
      moved: acme.epoch,
    });
  });

  test('a second result is a conflict, a result of nothing too', async () => {
    const recorded = await record();
    const result = {
      do: 'result',
      client: 'acme',
      intent: recorded.receipt,
      id: 'r',
      fields: resultFields,
    } as const;
    expect(await code(run(result))).toBe('done');
    expect(await code(run({ ...result, id: 'again' }))).toBe('ledger_conflict');
    expect(await code(run({ ...result, intent: { ...recorded.receipt, index: 0 } }))).toBe('ledger_conflict');
    expect(await code(run({ ...result, intent: { ...recorded.receipt, origin: 'elsewhere' } }))).toBe(
      'ledger_conflict',
    );
  });

  test('drafts that need the long way, and those that no leaf can hold', async () => {
    const groups = { target: { path: '/a' }, role: { function: 'support' } };
    const draft = intentDraft(acme.opening, acme.epoch, { groups });
    expect(await code(world.ledger.intent(draft, acme.epoch))).toBe('internal');
    const long = intentDraft(acme.opening, acme.epoch, { groups: { target: { path: '\ud800' } } });
    expect(await code(world.ledger.intent(long, acme.epoch))).toBe('internal');
    const work = intentDraft(acme.opening, acme.epoch, {
      groups: { target: { path: '/a' }, work: { reference: 'T' } },
    });
    expect(await code(world.ledger.intent(work, acme.epoch))).toBe('done');
  });

  test('three hundred at once stand gap-free in the log', async () => {
    const recorded = await Promise.all(Array.from({ length: 300 }, () => record()));
    const indexes = recorded.map(({ receipt }) => receipt.index).sort((a, b) => a - b);
    expect(indexes).toEqual(Array.from({ length: 300 }, (_, i) => (indexes[0] ?? 0) + i));
  });
});

describe('refusals and other plain lines', () => {
  test('a refusal carries a pseudonym and locks why under the person', async () => {
    const refusal = {
      client: 'acme',
      t: 'access.refused' as const,
      id: freshId('refusal'),
      person: 'alice',
      fields: {
        session: acme.opening.id,
        system: 'erp',
        method: 'POST',
        operation: 'write',
        reason: 'no_consent',
        count: 1,
        policy: 'x',
      },
      groups: { target: { path: '/x' }, standing: { criteria: 'grant:no_consent' } },
    };
    await run({ do: 'append', draft: refusal });
    const [line] = await world.archive.lines({ client: 'acme', limit: 1, disclose: ['target', 'standing'] });
    expect(line?.groups).toEqual({ target: { path: '/x' }, standing: { criteria: 'grant:no_consent' } });
    const [opened] = await world.archive.lines({
      client: 'acme',
      kinds: ['session.opened'],
      limit: 1,
      disclose: [],
    });
    expect(line?.leaf.actor).toBe(opened?.leaf.actor);
    expect(line?.leaf.actor).toMatch(/^[\w-]{12}$/);
  });

  test('kinds that change something cannot be appended by themselves', async () => {
    const draft = { client: 'acme', t: 'consent.granted' as const, id: 'x', fields: {} };
    expect(await code(run({ do: 'append', draft }))).toBe('ledger_conflict');
    const personal = {
      client: 'acme',
      t: 'log.read' as const,
      id: 'x',
      fields: {},
      groups: { person: { name: 'X' } },
    };
    expect(await code(run({ do: 'append', draft: personal }))).toBe('internal');
    const forged = { client: 'acme', t: 'log.read' as const, id: 'x', fields: { n: 1 } };
    expect(await code(run({ do: 'append', draft: forged }))).toBe('internal');
  });
});

describe('openings', () => {
  test('a code is redeemed once, whoever asks first', async () => {
    const redeem = { do: 'redeem', codeHash: acme.code, system: 'acme/erp', nonceHash: 'nonce' } as const;
    expect(await run({ ...redeem, cookieHash: 'k0', nonceHash: 'other' })).toEqual({
      ...{ refused: 'code_elsewhere', of: acme.opening },
    });
    expect(await run({ ...redeem, cookieHash: 'k0', system: 'acme/backup' })).toEqual({
      ...{ refused: 'code_elsewhere', of: acme.opening },
    });
    const asked = await Promise.all([1, 2, 3, 4].map((i) => run({ ...redeem, cookieHash: `k${i}` })));
    expect(asked.filter((answer) => 'opening' in answer)).toEqual([
      { opening: acme.opening, system: 'acme/erp' },
    ]);
    expect(asked.filter((answer) => 'refused' in answer && answer.refused === 'code_used').length).toBe(3);
    expect(await run({ ...redeem, codeHash: 'none', cookieHash: 'k9' })).toEqual({ refused: 'code_unknown' });
    const door = (await Promise.all([1, 2, 3, 4].map((i) => world.archive.door(`k${i}`)))).filter(Boolean);
    expect(door).toEqual([{ opening: acme.opening, system: 'acme/erp' }]);
  });

  test('a code expires, and another is made only for a live opening and its systems', async () => {
    clock.advance(60_000);
    const redeem = {
      do: 'redeem',
      codeHash: acme.code,
      system: 'acme/erp',
      nonceHash: 'nonce',
      cookieHash: 'k',
    } as const;
    expect(await run(redeem)).toEqual({ refused: 'code_expired', of: acme.opening });
    const again = {
      hash: 'c2',
      opening: acme.opening.id,
      system: 'acme/erp',
      nonceHash: 'n2',
      expiresAt: clock.now() + 1000,
    };
    expect(await run({ do: 'code', code: { ...again, hash: 'c3', system: 'acme/backup' } })).toEqual({
      ok: false,
    });
    expect(await run({ do: 'code', code: again })).toEqual({ ok: true });
    await run({ do: 'close', client: 'acme', by: undefined, closings: [closing(acme.opening.id)] });
    expect(await run({ ...redeem, codeHash: 'c2', nonceHash: 'n2' })).toMatchObject({
      ...{ refused: 'opening_ended', of: { id: acme.opening.id } },
    });
    expect(await run({ do: 'code', code: { ...again, hash: 'c4' } })).toEqual({ ok: false });
  });

  test('closing raises the epoch once, shuts the door, and passes over what is closed', async () => {
    await run({ do: 'redeem', codeHash: acme.code, system: 'acme/erp', nonceHash: 'nonce', cookieHash: 'k' });
    const by = { seat: acme.seat, role: 'representative' as const };
    const close = {
      do: 'close',
      client: 'acme',
      by,
      closings: [closing(acme.opening.id), closing('nobody')],
    } as const;
    expect(await run(close)).toEqual({ epoch: acme.epoch + 1, closed: [acme.opening.id] });
    expect(await run(close)).toEqual({ epoch: acme.epoch + 1, closed: [] });
    expect(await world.archive.door('k')).toBeUndefined();
    expect((await world.archive.inForce('acme')).openings).toEqual([]);
    expect(await world.ledger.intent(intentDraft(acme.opening, acme.epoch), acme.epoch)).toEqual({
      moved: acme.epoch + 1,
    });
    const [line] = await world.archive.lines({ client: 'acme', limit: 1, disclose: [] });
    expect(line?.leaf).toMatchObject({
      t: 'session.closed',
      by: 'client',
      seat: acme.seat,
      cause: 'stopped',
      cut_ms: 4,
    });
    const [ended] = await world.archive.openingsOf('alice', 5);
    expect(ended).toMatchObject({ id: acme.opening.id, endCause: 'stopped', endedAt: clock.now() });
  });

  test('one that is entered nowhere needs no code', async () => {
    const signedIn = loginCommand(clock.now());
    await run(signedIn);
    const opening = openingOf(acme.grant.id, signedIn.login.id, clock.now());
    const { code: _, ...command } = declareCommand(opening, acme.epoch);
    const declared = { ...command, fields: { ...command.fields, declared: 'erp' } };
    expect(await run(declared)).toHaveProperty('receipt');
    expect((await world.archive.inForce('acme')).openings.map(({ id }) => id)).toContain(opening.id);
    const [line] = await world.archive.lines({ client: 'acme', session: opening.id, limit: 1, disclose: [] });
    expect(line?.leaf).toMatchObject({ t: 'session.opened', declared: 'erp' });
  });

  test('declaring needs the epoch, a consent that covers it and a live sign-in', async () => {
    const login = loginCommand(clock.now());
    await run(login);
    const opening = (changes: Partial<Opening> = {}) =>
      openingOf(acme.grant.id, login.login.id, clock.now(), changes);
    expect(await run(declareCommand(opening(), acme.epoch - 1))).toEqual({ moved: acme.epoch });
    const refused: Partial<Opening>[] = [
      { grant: 'none' },
      { systems: ['erp', 'payroll'] },
      { systems: [] },
      { purpose: 'curiosity' },
      { login: 'none' },
      { endsAt: clock.now() },
    ];
    for (const changes of refused) {
      expect([changes, await code(run(declareCommand(opening(changes), acme.epoch)))]).toEqual([
        changes,
        'ledger_conflict',
      ]);
    }
    const wide = declareCommand(opening(), acme.epoch);
    expect(await code(run({ ...wide, fields: { ...wide.fields, operations: 'read purge' } }))).toBe(
      'ledger_conflict',
    );
    expect(await code(run(declareCommand(opening(), acme.epoch)))).toBe('done');
    expect(await code(run(declareCommand({ ...opening(), id: acme.opening.id }, acme.epoch)))).toBe(
      'ledger_conflict',
    );
  });
});

describe('consent', () => {
  test('is refused without a seat, twice, with another text, or a signature that does not hold', async () => {
    const given = grantCommand(folder, acme.seat, clock.now());
    expect(await run({ ...given, evidence: { ...given.evidence, seat: 'none' } })).toEqual({
      refused: 'not_seated',
    });
    const wider = { ...given.grant, systems: [...given.grant.systems, 'payroll'] };
    expect(await code(run({ ...given, grant: wider }))).toBe('ledger_conflict');
    expect(await code(run({ ...given, text: given.text.replace('agrees', 'Agrees') }))).toBe('internal');
    const forged = { ...given.evidence, signature: Buffer.alloc(64).toString('base64url') };
    expect(await code(run({ ...given, evidence: forged }))).toBe('ledger_conflict');
    const replayed = { ...given.grant, id: 'another' };
    expect(await code(run({ ...given, grant: replayed }))).toBe('ledger_conflict');
    expect(await run(given)).toMatchObject({ epoch: acme.epoch });
    expect(await run(given)).toEqual({ refused: 'grant_exists' });
    const grants = await world.archive.grants('acme');
    expect(grants.map(({ id, text }) => [id, textHash(text)])).toContainEqual([
      given.grant.id,
      given.grant.textHash,
    ]);
  });

  test('is given for twelve months at most, whatever the page let pass', async () => {
    const day = 24 * 3_600_000;
    const given = (until: number) => grantCommand(folder, acme.seat, clock.now(), { until });
    expect(await run(given(clock.now() + 368 * day))).toEqual({ refused: 'grant_too_long' });
    expect(await run(given(clock.now() + 365 * day))).toMatchObject({ receipt: {} });
  });

  test('is suspended, resumed only by a seated representative, and ended for good', async () => {
    const by = { seat: acme.seat, role: 'representative' as const };
    const change = (
      to: 'active' | 'suspended' | 'revoked' | 'expired',
      who: typeof by | { provider: string } | 'nobody' = by,
    ) =>
      run({
        do: 'grant-status',
        client: 'acme',
        grant: acme.grant.id,
        to,
        by: who === 'nobody' ? undefined : who,
      });
    expect(await change('suspended')).toMatchObject({
      epoch: acme.epoch + 1,
      grant: { status: 'suspended' },
    });
    expect(await code(change('suspended'))).toBe('ledger_conflict');
    expect(await code(change('active', { provider: 'bob' }))).toBe('ledger_conflict');
    expect(await code(change('active', 'nobody'))).toBe('ledger_conflict');
    expect(await code(change('active', { ...by, seat: 'none' }))).toBe('ledger_conflict');
    expect(await change('active')).toMatchObject({ epoch: acme.epoch + 1, grant: { status: 'active' } });
    expect(await change('revoked', { provider: 'bob' })).toMatchObject({ epoch: acme.epoch + 2 });
    expect(await change('active')).toEqual({ refused: 'grant_ended' });
    expect(await run({ do: 'grant-status', client: 'acme', grant: 'none', to: 'revoked', by })).toEqual({
      refused: 'grant_unknown',
    });
    expect((await world.archive.inForce('acme')).grants).toEqual([]);
  });

  test('a further passkey needs an earlier seat of the same account and role', async () => {
    const { seat } = seatCommand(folder, clock.now());
    const further = (changes: Partial<typeof seat>, by: string) =>
      run({ do: 'seat', seat: { ...seat, id: freshId('seat'), ...changes }, authorisedBy: { seat: by } });
    expect(await further({}, 'none')).toEqual({ refused: 'not_seated' });
    expect(await further({ subject: 'mallory' }, acme.seat)).toEqual({ refused: 'not_seated' });
    expect(await further({ role: 'reader' }, acme.seat)).toEqual({ refused: 'not_seated' });
    expect(await further({}, acme.seat)).toMatchObject({ receipt: {} });
    expect((await world.archive.inForce('acme')).seats.map(({ name }) => name)).toEqual([
      'Claire Dubois',
      'Claire Dubois',
    ]);
  });
});

describe('sign-ins, policy and heartbeats', () => {
  test('the groups of a sign-in stand with it and with what is opened under it', async () => {
    const groups = ['g-hotline'];
    const signedIn = loginCommand(clock.now(), { groups });
    await run(signedIn);
    expect(await world.archive.login(signedIn.login.id)).toMatchObject({ groups });
    const authentication = { acr: undefined, amr: ['pwd'], at: clock.now(), groups };
    const opening = openingOf(acme.grant.id, signedIn.login.id, clock.now(), { authentication });
    await run(declareCommand(opening, acme.epoch));
    const [known] = (await world.archive.inForce('acme')).openings.filter(({ id }) => id === opening.id);
    expect(known?.authentication).toEqual(authentication);
    expect(acme.opening.authentication).not.toHaveProperty('groups');
  });

  test('sign-ins end by id, by provider session, by subject, and tell what hung on them', async () => {
    const login = acme.opening.login;
    expect(await world.archive.login(login)).toMatchObject({
      who: 'alice',
      sid: 'sid-1',
      endedAt: undefined,
    });
    const answer = await run({ do: 'logout', by: { issuer: 'https://id.example', sid: 'sid-1' } });
    expect(answer).toEqual({ logins: [login], openings: [acme.opening] });
    expect(await world.archive.login(login)).toMatchObject({ endedAt: clock.now() });
    expect(await run({ do: 'logout', by: { issuer: 'https://id.example', subject: 'sub-alice' } })).toEqual({
      logins: [],
      openings: [],
    });
    const other = loginCommand(clock.now(), { sid: undefined });
    await run(other);
    const bySubject = await run({ do: 'logout', by: { issuer: 'https://id.example', subject: 'sub-alice' } });
    expect(bySubject.logins).toEqual([other.login.id]);
    expect(await run({ do: 'logout', by: { login: 'none' } })).toEqual({ logins: [], openings: [] });
  });

  test('a policy slice is written when it changed, and its hash must be its own', async () => {
    const now = policyCommand('acme', '{"client":"acme","new":true}');
    expect(await run(now)).toEqual({ activated: ['acme'] });
    const changed = clock.now();
    clock.advance(60_000);
    expect(await run(now)).toEqual({ activated: [] });
    expect(await world.archive.rulesChanged()).toEqual(new Map([['acme', changed]]));
    const [slice] = now.slices;
    const wrong = {
      do: 'policy',
      slices: [
        {
          ...policyCommand('nouveau').slices[0],
          client: 'nouveau',
          hash: slice?.hash ?? '',
          text: 'x',
          summary: '',
        },
      ],
    } as const;
    expect(await code(run(wrong))).toBe('internal');
    expect([...(await world.archive.epochs()).keys()]).toEqual(['acme']);
  });

  test('a policy slice is kept with its parts, each once, and not without one of them', async () => {
    const [file, purposes] = ['{"systems":{}}', '{"support":{}}'];
    const parts = [file, purposes].map((text) => ({ hash: textHash(text), text }));
    const text = JSON.stringify({
      client: 'acme',
      parts: { certificates: {}, file: textHash(file), profiles: {}, purposes: textHash(purposes) },
    });
    const command = (given: typeof parts) =>
      ({
        do: 'policy',
        slices: [{ client: 'acme', hash: textHash(text), text, parts: given, summary: 'changed' }],
      }) as const;
    const before = await world.archive.slices();
    expect(await code(run(command(parts.slice(1))))).toBe('internal');
    expect(await code(run(command(parts.map((part) => ({ ...part, text: `${part.text} ` })))))).toBe(
      'internal',
    );
    expect(await world.archive.slices()).toEqual(before);
    expect(await run(command(parts))).toEqual({ activated: ['acme'] });
    expect(await world.archive.rulesText('acme', textHash(text))).toBe(
      `{"certificates":{},"client":"acme","file":${file},"profiles":{},"purposes":${purposes}}`,
    );
    const next = text.replace(textHash(purposes), textHash('{}'));
    const changed = { client: 'acme', hash: textHash(next), text: next, summary: 'changed' };
    expect(
      await run({ do: 'policy', slices: [{ ...changed, parts: [{ hash: textHash('{}'), text: '{}' }] }] }),
    ).toEqual({
      activated: ['acme'],
    });
    expect(await world.archive.rulesText('acme', textHash(next))).toContain('"purposes":{}');
  });

  test('a heartbeat is written only after an hour of silence', async () => {
    const beat = { do: 'heartbeat', counts: [{ client: 'acme', anonymous: 3, live: 1 }] } as const;
    expect(await run(beat)).toEqual({ written: [] });
    clock.advance(3_600_000);
    expect(await run(beat)).toEqual({ written: ['acme'] });
    expect(await run(beat)).toEqual({ written: [] });
  });
});

describe('what the reader tells', () => {
  test('lines by kind, by session, page by page, newest first', async () => {
    const recorded = [await record(), await record(), await record()];
    clock.advance(5);
    const all = await world.archive.lines({ client: 'acme', limit: 100, disclose: [] });
    expect(all.map(({ index }) => index)).toEqual(all.map((_, i) => all.length - 1 - i));
    const paged = [];
    let before: { at: number; index: number } | undefined;
    for (;;) {
      const page = await world.archive.lines({
        client: 'acme',
        limit: 2,
        disclose: [],
        ...(before ? { before } : {}),
      });
      const last = page.at(-1);
      if (last === undefined) break;
      paged.push(...page);
      before = { at: Date.parse(String(last.leaf.at)), index: last.index };
    }
    expect(paged).toEqual(all);
    const session = await world.archive.lines({
      client: 'acme',
      session: acme.opening.id,
      limit: 100,
      disclose: [],
    });
    expect(session.map(({ leaf }) => leaf.t)).toEqual([
      'access.intent',
      'access.intent',
      'access.intent',
      'session.opened',
    ]);
    expect(session[0]?.leaf.id).toBe(recorded[2]?.id);
    const rare = await world.archive.lines({
      client: 'acme',
      kinds: ['consent.granted', 'controller.seated'],
      limit: 9,
      disclose: ['person'],
    });
    expect(rare.map(({ leaf }) => leaf.t)).toEqual(['consent.granted', 'controller.seated']);
    expect(rare[1]?.groups).toEqual({ person: { name: 'Claire Dubois' } });
    expect(await world.archive.lines({ client: 'nobody', limit: 9, disclose: [] })).toEqual([]);
  });

  test('no client sees an identifier of another', async () => {
    const martin = await settle(folder, run, clock.now(), 'martin');
    await record(martin.opening, martin.epoch);
    const words = async (client: string) => {
      const files = unzipSync(await exportFiles(world.archive, client));
      const text = Object.entries(files)
        // The cosigner's public key is the installation's own, as the signing key is.
        .filter(([path]) => !path.endsWith('/cosignature'))
        .map(([, file]) => strFromU8(file, true))
        .join('\n');
      return new Set(text.match(/[\w-]{12,}/g));
    };
    const [ours, theirs] = [await words('acme'), await words('martin')];
    const shared = [...ours].filter((word) => theirs.has(word) && /\d/.test(word));
    // What is the installation's own: the evaluation key that both seats hold in this test, and times.
    const known = Buffer.from(folder.keys.evaluationPublic ?? []).toString('base64url');
    expect(shared.filter((word) => word !== known && !/^2026-\d\d-\d\dT/.test(word))).toEqual([]);
  });

  test('names, references and paths are nowhere in the database in clear', async () => {
    await record();
    const { readFileSync, readdirSync } = await import('node:fs');
    const { join } = await import('node:path');
    const files = readdirSync(folder.dir, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    for (const file of files) {
      const content = readFileSync(join(file.parentPath, file.name)).toString('latin1');
      for (const canary of [
        'Alice',
        'alice',
        'Claire',
        'claire',
        'TICKET-77',
        'printer',
        '192.0.2.7',
        '/invoices',
        'id.example',
        'sub-',
      ]) {
        expect([file.name, canary, content.includes(canary)]).toEqual([file.name, canary, false]);
      }
    }
  });

  test('a proof for one line, and nothing for lines that are not there', async () => {
    const recorded = await record();
    expect(await world.archive.prove('acme', recorded.receipt.index, undefined)).toContain(
      `index ${recorded.receipt.index}\n`,
    );
    expect(await world.archive.prove('acme', 10_000, undefined)).toBeUndefined();
    expect(await world.archive.prove('nobody', 0, undefined)).toBeUndefined();
  });
});
