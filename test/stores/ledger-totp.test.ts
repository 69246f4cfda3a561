/** Mail and code in the real ledger: seats without a key, codes that count once, and agreements that carry no signature. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Command, Evidence, Seat } from '../../src/core/commands.ts';
import { mailAmr } from '../../src/core/evidence.ts';
import { invitationLife, invitationProof, quarantine } from '../../src/core/invitation.ts';
import { type ControllerUser, mailAccount, passkeyAccount } from '../../src/core/model.ts';
import { recoveryBytes, recoveryProof, writeRecoveryCodes } from '../../src/core/recovery.ts';
import { fromBase32, toBase32, totpCode, totpStep } from '../../src/core/totp.ts';
import { verifyExport } from '../../src/core/verify.ts';
import {
  endSound,
  type Folder,
  freshId,
  grantCommand,
  loginCommand,
  makeFolder,
  openLedger,
  policyCommand,
  seatCommand,
  standingClock,
  type World,
} from './ledger-world.ts';

let folder: Folder;
let clock: ReturnType<typeof standingClock>;
let world: World;

beforeEach(async () => {
  folder = makeFolder();
  clock = standingClock();
  world = await openLedger(folder, clock);
});

afterEach(() => endSound(world, folder));

const run = <C extends Command>(command: C) => world.ledger.run(command);
const step = 30_000;
const secret = toBase32(Buffer.from('12345678901234567890'));
const other = toBase32(Buffer.from('09876543210987654321'));
const accepting = JSON.stringify({ client: 'acme', file: { accept_without_signature: true } });
const refusing = JSON.stringify({ client: 'acme', file: { accept_without_signature: false } });

/** What the app shows, some steps away. */
function shown(of = secret, away = 0): string {
  return totpCode(fromBase32(of) ?? Buffer.alloc(0), totpStep(clock.now()) + away);
}

function nominee(id: string, changes: Partial<ControllerUser> = {}): ControllerUser {
  return {
    id,
    client: 'acme',
    name: `Name of ${id}`,
    function: 'Accountant',
    role: 'representative',
    authority: 'DOC-2',
    mail: `${id}@acme.example`,
    ...mailAccount('acme', id),
    ...changes,
  };
}

function seatOf(
  { id: controller, function: _, ...account }: ControllerUser,
  changes: Partial<Seat> = {},
): Seat {
  const none = { method: 'mail-totp' as const, credentialId: '', publicKey: '' };
  return { ...account, ...none, id: freshId('seat'), controller, seatedAt: clock.now(), ...changes };
}

let links = 0;

async function invited(who: ControllerUser, inviter?: string) {
  links += 1;
  const proof = invitationProof(`link-${links}`, 'ABCD-0123');
  const by = inviter === undefined ? undefined : { seat: inviter, role: 'representative' as const };
  await run({ do: 'invite', nominee: who, proof, expiresAt: clock.now() + invitationLife, by });
  return { invitation: proof };
}

/** Enrols somebody; the code that proves it is of the step before, so that one of this step is left. */
async function enrolled(who: ControllerUser, of = secret): Promise<Seat> {
  const seat = seatOf(who);
  const totp = { secret: of, code: shown(of, -1) };
  const answer = await run({ do: 'seat', seat, authorisedBy: await invited(who), totp });
  expect(answer).toHaveProperty('receipt');
  return seat;
}

const signIn = (who: ControllerUser, code: string) => {
  const { issuer, subject } = who;
  const { login } = loginCommand(clock.now(), { issuer, subject, sid: undefined, amr: [...mailAmr] });
  return run({ do: 'login', login, code });
};

function evidence(seat: Seat, code: string, changes: Partial<Evidence> = {}): Evidence {
  return {
    ...{
      seat: seat.id,
      role: seat.role,
      method: 'mail-totp',
      signature: '',
      authenticatorData: '',
      clientData: '',
    },
    ...{ language: 'en', amr: mailAmr.join(' '), code },
    ...changes,
  };
}

function agreement(seat: Seat, code: string, changes: Partial<Evidence> = {}) {
  const command = grantCommand(folder, seat.id, clock.now());
  return { ...command, evidence: evidence(seat, code, changes) };
}

async function exported() {
  const files = new Map<string, Uint8Array>();
  const { unzipSync } = await import('fflate');
  const chunks: Uint8Array[] = [];
  for await (const chunk of world.archive.export('acme')) chunks.push(chunk);
  for (const [path, bytes] of Object.entries(unzipSync(Buffer.concat(chunks)))) files.set(path, bytes);
  return files;
}

describe('enrolling with an app', () => {
  test('needs link, code and one code of the app; the secret is nowhere in the database', async () => {
    const paul = nominee('paul');
    const authorisedBy = await invited(paul);
    const seat = seatOf(paul);
    const attempt = (totp: { secret: string; code: string } | undefined, changes: Partial<Seat> = {}) =>
      run({
        do: 'seat',
        seat: { ...seat, ...changes },
        authorisedBy,
        ...(totp === undefined ? {} : { totp }),
      });
    expect(await attempt(undefined)).toEqual({ refused: 'not_seated' });
    for (const code of ['', '000000', shown(other), shown(secret, -2)])
      expect(await attempt({ secret, code })).toEqual({ refused: 'totp_wrong' });
    const right = { secret, code: shown() };
    expect(await attempt({ ...right, secret: 'short' })).toEqual({ refused: 'not_seated' });
    expect(await attempt(right, { publicKey: 'pub' })).toEqual({ refused: 'not_seated' });
    expect(await attempt(right, { method: 'passkey' })).toEqual({ refused: 'not_seated' });
    expect(await attempt(right, passkeyAccount('acme', 'paul'))).toEqual({ refused: 'not_seated' });
    expect(await attempt(right)).toHaveProperty('receipt');
    expect(await attempt(right)).toEqual({ refused: 'link_used' });
    const [line] = await world.archive.lines({ client: 'acme', limit: 1, disclose: ['person'] });
    expect(line?.leaf).toMatchObject({
      ...{
        t: 'controller.seated',
        method: 'mail-totp',
        amr: 'mail otp',
        key: '',
        credential: '',
        via: 'code',
      },
    });
    expect(line?.groups.person).toMatchObject({ name: 'Name of paul' });
    for (const name of [folder.file, `${folder.file}-wal`])
      expect(readFileSync(name).includes(Buffer.from(secret))).toBe(false);
    // The code that proved the app was used by that.
    expect(await signIn(paul, right.code)).toEqual({ refused: 'code_wrong' });
  });

  test('no passkey account becomes one, and no seat with a key takes the place of the app', async () => {
    const pia = nominee('pia', passkeyAccount('acme', 'pia'));
    const authorisedBy = await invited(pia);
    const totp = { secret, code: shown() };
    expect(await run({ do: 'seat', seat: seatOf(pia), authorisedBy, totp })).toEqual({
      refused: 'not_seated',
    });
    const paul = await enrolled(nominee('paul'));
    const key = { id: freshId('seat'), method: 'passkey' as const, credentialId: 'cred', publicKey: 'pub' };
    const further = { do: 'seat', seat: { ...paul, ...key }, authorisedBy: { seat: paul.id } } as const;
    expect(await run(further)).toEqual({ refused: 'not_seated' });
  });
});

describe('signing in by code', () => {
  test('takes each step once, one before and one after, and never an earlier one again', async () => {
    const paul = nominee('paul');
    await enrolled(paul);
    clock.advance(10 * step);
    const codes = [-1, 0, 1].map((away) => shown(secret, away));
    expect(await signIn(paul, shown(secret, 2))).toEqual({ refused: 'code_wrong' });
    expect(await signIn(paul, codes[1] ?? '')).toEqual({ ok: true });
    expect(await signIn(paul, codes[1] ?? '')).toEqual({ refused: 'code_wrong' });
    expect(await signIn(paul, codes[0] ?? '')).toEqual({ refused: 'code_wrong' });
    expect(await signIn(paul, codes[2] ?? '')).toEqual({ ok: true });
    expect(await signIn(paul, codes[2] ?? '')).toEqual({ refused: 'code_wrong' });
  });

  test('of two at once with the same code one gets in', async () => {
    const paul = nominee('paul');
    await enrolled(paul);
    const both = await Promise.all([signIn(paul, shown()), signIn(paul, shown())]);
    expect(both).toEqual([{ ok: true }, { refused: 'code_wrong' }]);
  });

  test('is locked for fifteen minutes by five wrong codes, also over a restart, and for this person alone', async () => {
    const [paul, rosa] = [nominee('paul'), nominee('rosa')];
    await enrolled(paul);
    await enrolled(rosa, other);
    for (let wrong = 1; wrong < 5; wrong += 1)
      expect(await signIn(paul, shown(other))).toEqual({ refused: 'code_wrong' });
    expect(await signIn(paul, shown(other))).toEqual({ refused: 'code_locked' });
    await world.close();
    world = await openLedger(folder, clock);
    expect(await signIn(paul, shown())).toEqual({ refused: 'code_locked' });
    expect(await signIn(rosa, shown(other))).toEqual({ ok: true });
    clock.advance(15 * 60_000 - 1);
    expect(await signIn(paul, shown())).toEqual({ refused: 'code_locked' });
    clock.advance(1);
    expect(await signIn(paul, shown(other))).toEqual({ refused: 'code_wrong' });
    expect(await signIn(paul, shown())).toEqual({ ok: true });
    // A right code takes the count back.
    for (let wrong = 1; wrong < 5; wrong += 1)
      expect(await signIn(paul, '000000')).toEqual({ refused: 'code_wrong' });
  });

  test('is locked longer each time until a right code, and everybody of the client can be told', async () => {
    const [paul, rosa] = [nominee('paul'), nominee('rosa')];
    const seat = await enrolled(paul);
    await enrolled(rosa, other);
    const minute = 60_000;
    const began = clock.now();
    const guess = async (times: number) => {
      let answer: unknown;
      for (let wrong = 0; wrong < times; wrong += 1) answer = await signIn(paul, '000000');
      return answer;
    };
    expect(await world.archive.codeLocks('acme', began)).toEqual([]);
    for (const minutes of [15, 60, 240, 1_440, 1_440]) {
      expect(await guess(5)).toEqual({ refused: 'code_locked' });
      const until = clock.now() + minutes * minute;
      expect(await world.archive.codeLocks('acme', began)).toEqual([
        { seat: seat.id, at: clock.now(), until },
      ]);
      clock.advance(minutes * minute - 1);
      expect(await signIn(paul, shown())).toEqual({ refused: 'code_locked' });
      clock.advance(1);
    }
    expect(await signIn(rosa, shown(other))).toEqual({ ok: true });
    expect(await signIn(paul, shown())).toEqual({ ok: true });
    // What was tried is told on; the next lock is short again.
    expect(await world.archive.codeLocks('acme', began)).toMatchObject([{ seat: seat.id, until: 0 }]);
    expect(await world.archive.codeLocks('martin', began)).toEqual([]);
    expect(await world.archive.codeLocks('acme', clock.now())).toEqual([]);
    expect(await guess(5)).toEqual({ refused: 'code_locked' });
    clock.advance(15 * minute);
    expect(await signIn(paul, shown())).toEqual({ ok: true });
  });

  test('is nobody’s who is not seated, was removed, or signs in otherwise; nobody signs in by mail without a code', async () => {
    const paul = nominee('paul');
    expect(await signIn(paul, shown())).toEqual({ refused: 'not_seated' });
    const seat = await enrolled(paul);
    const { login } = loginCommand(clock.now(), {
      issuer: paul.issuer,
      subject: paul.subject,
      sid: undefined,
    });
    expect(await run({ do: 'login', login })).toEqual({ refused: 'code_wrong' });
    expect(await run({ do: 'login', login, seat: seat.id })).toEqual({ refused: 'code_wrong' });
    expect(await signIn({ ...paul, ...passkeyAccount('acme', 'paul') }, shown())).toEqual({
      refused: 'not_seated',
    });
    const claire = seatCommand(folder, clock.now());
    await run(claire);
    const by = { seat: claire.seat.id, role: 'representative' as const };
    await run({ do: 'unseat', client: 'acme', controller: 'paul', by });
    expect(await signIn(paul, shown())).toEqual({ refused: 'not_seated' });
  });
});

describe('an agreement by code', () => {
  test('counts where the client’s file accepts it, carries no signature, and the client’s check says so', async () => {
    await run(policyCommand('acme', accepting));
    const paul = await enrolled(nominee('paul'));
    const command = agreement(paul, shown());
    expect(await run(command)).toMatchObject({ status: 'active' });
    const [line] = await world.archive.lines({ client: 'acme', limit: 1, disclose: [] });
    expect(line?.leaf).toMatchObject({ method: 'mail-totp', amr: 'mail otp', signature: '' });
    expect(JSON.stringify(line)).not.toContain(command.evidence.code);
    const signers = (await world.archive.signing('acme')).signers.get(command.grant.id);
    expect(signers).toMatchObject([{ seat: paul.id, unsigned: true }]);
    const findings = verifyExport(await exported(), {});
    expect(findings).toEqual([
      expect.objectContaining({
        kind: 'notice',
        what: `consent.granted ${command.grant.id} carries no signature of its own: its giver was known by mail and code only, which is weaker evidence`,
      }),
    ]);
    // The code was used by it, for signing in too.
    expect(await signIn(nominee('paul'), command.evidence.code ?? '')).toEqual({ refused: 'code_wrong' });
    expect(await run(agreement(paul, command.evidence.code ?? ''))).toEqual({ refused: 'code_wrong' });
  });

  test('is refused where the file does not, no longer does, or was never recorded; no code is used up by that', async () => {
    const paul = await enrolled(nominee('paul'));
    const code = shown();
    expect(await run(agreement(paul, code))).toEqual({ refused: 'unsigned' });
    await run(policyCommand('acme', accepting));
    await run(policyCommand('acme', refusing));
    expect(await run(agreement(paul, code))).toEqual({ refused: 'unsigned' });
    await run(policyCommand('acme', accepting));
    expect(await run(agreement(paul, code))).toMatchObject({ status: 'active' });
    await run(policyCommand('acme', refusing));
    expect(verifyExport(await exported(), {}).map(({ kind }) => kind)).toEqual(['notice']);
  });

  test('needs a code that holds, of this very seat, and five wrong ones lock it', async () => {
    await run(policyCommand('acme', accepting));
    const paul = await enrolled(nominee('paul'));
    clock.advance(quarantine);
    const rosa = await enrolled(nominee('rosa'), other);
    for (const code of ['', '000000', shown(other), shown(secret, -2)])
      expect(await run(agreement(paul, code))).toEqual({ refused: 'code_wrong' });
    expect(await run(agreement(paul, shown(other)))).toEqual({ refused: 'code_locked' });
    expect(await run(agreement(paul, shown()))).toEqual({ refused: 'code_locked' });
    // Whom the provider named beside somebody who sits waits.
    expect(await run(agreement(rosa, shown(other)))).toEqual({ refused: 'not_yet' });
  });

  test.each([
    ['a signature', { signature: 'AAAA' }],
    ['another method', { method: 'passkey' }],
    ['nothing about how its giver was known', { amr: '' }],
    ['more than is true', { amr: 'pop mfa' }],
    ['another role', { role: 'delegate' }],
  ] as const)('that claims %s is none', async (_, changes) => {
    await run(policyCommand('acme', accepting));
    const paul = await enrolled(nominee('paul'));
    const code = shown();
    await expect(run(agreement(paul, code, changes))).rejects.toThrow('the evidence does not hold');
    // Nothing of it happened, so the code is left.
    expect(await run(agreement(paul, code))).toMatchObject({ status: 'active' });
  });

  test('is not what a seat with a key gives: it signs', async () => {
    await run(policyCommand('acme', accepting));
    const claire = seatCommand(folder, clock.now());
    await run(claire);
    await expect(run(agreement(claire.seat, '000000'))).rejects.toThrow('another method');
  });
});

describe('coming back', () => {
  const codes = writeRecoveryCodes(Uint8Array.from({ length: recoveryBytes }, (_, at) => (at * 7) % 256));

  test('a recovery code sets up another app; the old one opens nothing, and agreeing waits for 48 hours', async () => {
    await run(policyCommand('acme', accepting));
    const who = nominee('paul');
    const old = await enrolled(who);
    const proofs = codes.map(recoveryProof);
    expect(await run({ do: 'recovery-codes', client: 'acme', seat: old.id, proofs })).toHaveProperty(
      'receipt',
    );
    const [first = ''] = codes;
    const seat = seatOf(who);
    const back = (of: string, code: string) =>
      run({
        ...{ do: 'seat', seat, authorisedBy: { recovery: recoveryProof(first) } },
        totp: { secret: of, code },
      });
    expect(await back(other, shown())).toEqual({ refused: 'totp_wrong' });
    expect(await back(other, shown(other, -1))).toMatchObject({ replaced: 1 });
    expect(await signIn(who, shown())).toEqual({ refused: 'code_wrong' });
    expect(await signIn(who, shown(other))).toEqual({ ok: true });
    clock.advance(step);
    expect(await run(agreement(seat, shown(other)))).toEqual({ refused: 'not_yet' });
    clock.advance(quarantine);
    expect(await run(agreement(seat, shown(other)))).toMatchObject({ status: 'active' });
    expect(verifyExport(await exported(), {}).map(({ kind }) => kind)).toEqual(['notice']);
  });

  test('another representative’s new invitation ends the old app too', async () => {
    const claire = seatCommand(folder, clock.now());
    await run(claire);
    const who = nominee('paul');
    await enrolled(who);
    const seat = seatOf(who);
    const totp = { secret: other, code: shown(other, -1) };
    const authorisedBy = await invited(who, claire.seat.id);
    expect(await run({ do: 'seat', seat, authorisedBy, totp })).toMatchObject({ replaced: 1 });
    expect(await signIn(who, shown())).toEqual({ refused: 'code_wrong' });
    expect(await signIn(who, shown(other))).toEqual({ ok: true });
  });
});
