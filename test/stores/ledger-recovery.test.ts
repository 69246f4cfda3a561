/** Coming back with a recovery code in the real ledger, being invited anew, and who stands by whom in the 48 hours. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Command, Seat } from '../../src/core/commands.ts';
import { invitationLife, invitationProof, quarantine } from '../../src/core/invitation.ts';
import { type ControllerUser, passkeyAccount } from '../../src/core/model.ts';
import { recoveryBytes, recoveryProof, writeRecoveryCodes } from '../../src/core/recovery.ts';
import { SeatsTold } from '../../src/core/story-seats.ts';
import {
  endSound,
  type Folder,
  freshId,
  loginCommand,
  makeFolder,
  openLedger,
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

function nominee(id: string, client = 'acme'): ControllerUser {
  return {
    id,
    client,
    name: `Name of ${id}`,
    function: 'Accountant',
    role: 'representative',
    authority: 'DOC-2',
    ...passkeyAccount(client, id),
  };
}

/** A passkey in whose signatures nobody here is interested. */
function passkeyOf({ id: controller, function: _, ...account }: ControllerUser): Seat {
  const id = freshId('seat');
  const credential = { method: 'passkey' as const, credentialId: `cred-${id}`, publicKey: 'pub' };
  return { ...account, ...credential, id, controller, seatedAt: clock.now() };
}

let links = 0;
const by = (seat: string) => ({ seat, role: 'representative' as const });

/** Invites and seats; answers the seat. */
async function join(who: ControllerUser, inviter?: string): Promise<Seat> {
  links += 1;
  const proof = invitationProof(`link-${links}`, 'ABCD-0123');
  const expiresAt = clock.now() + invitationLife;
  const answer = await run({
    do: 'invite',
    nominee: who,
    proof,
    expiresAt,
    by: inviter === undefined ? undefined : by(inviter),
  });
  expect(answer).toHaveProperty('receipt');
  const seat = passkeyOf(who);
  expect(await run({ do: 'seat', seat, authorisedBy: { invitation: proof } })).toHaveProperty('receipt');
  return seat;
}

let sets = 0;

function fresh(): readonly string[] {
  sets += 1;
  return writeRecoveryCodes(Uint8Array.from({ length: recoveryBytes }, (_, at) => (at * 7 + sets) % 256));
}

const make = (seat: Seat, codes: readonly string[]) =>
  run({ do: 'recovery-codes', client: seat.client, seat: seat.id, proofs: codes.map(recoveryProof) });

const recover = (seat: Seat, code: string | undefined) =>
  run({ do: 'seat', seat, authorisedBy: { recovery: recoveryProof(code ?? '') } });

const tryIt = (code: string | undefined) => run({ do: 'try-recovery', proof: recoveryProof(code ?? '') });

const seats = async (client = 'acme') => (await world.archive.inForce(client)).seats;
const unknown = { refused: 'recovery_unknown' };

describe('a recovery code', () => {
  test('lets its holder in again once: old passkeys and sign-ins end, and signing waits for 48 hours', async () => {
    const paul = nominee('paul');
    const old = await join(paul);
    const { issuer, subject } = paul;
    const { login } = loginCommand(clock.now(), { issuer, subject, sid: undefined });
    await run({ do: 'login', login, seat: old.id });
    const codes = fresh();
    await make(old, codes);
    expect(await tryIt(codes[0]?.toLowerCase().replaceAll('0', 'o'))).toEqual({ holder: paul });
    const { epoch } = await world.archive.inForce('acme');
    const both = await Promise.all([recover(passkeyOf(paul), codes[0]), recover(passkeyOf(paul), codes[0])]);
    expect(both).toEqual([expect.objectContaining({ replaced: 1 }), unknown]);
    const [now, ...others] = await seats();
    expect(others).toEqual([]);
    expect(now).toMatchObject({ grantsFrom: clock.now() + quarantine, arrival: 'recovery' });
    expect((await world.archive.login(login.id))?.endedAt).toBe(clock.now());
    expect((await world.archive.inForce('acme')).epoch).toBe(epoch + 1);
    expect(await run({ do: 'login', login: { ...login, id: 'again' }, seat: old.id })).toEqual({
      refused: 'not_seated',
    });
    const lines = await world.archive.lines({ client: 'acme', limit: 3, disclose: ['person'] });
    expect(lines.map(({ leaf }) => leaf)).toMatchObject([
      { t: 'controller.removed', seat: old.id, by: 'successor', successor: now?.id },
      { t: 'controller.seated', seat: now?.id, via: 'recovery', earlier: old.id },
      { t: 'controller.recovery', seat: old.id },
    ]);
    // The holder's other codes still hold: whoever came in with a stolen one can be put out again.
    expect(await tryIt(codes[1])).toHaveProperty('holder');
    expect(await make(now as Seat, fresh())).toEqual({ refused: 'not_yet' });
    expect(await recover(passkeyOf(paul), codes[1])).toHaveProperty('replaced', 1);
  });

  test('belongs to one account: not to another person, role, client, or one that signs in elsewhere', async () => {
    const paul = nominee('paul');
    const codes = fresh();
    await make(await join(paul), codes);
    await join(nominee('lea', 'martin'));
    for (const foreign of [
      nominee('lea'),
      nominee('paul', 'martin'),
      { ...paul, role: 'delegate' as const },
      { ...paul, issuer: 'https://id.example', subject: 'paul' },
    ])
      expect(await recover(passkeyOf(foreign), codes[0])).toEqual(unknown);
    const held = { ...passkeyOf(paul), method: 'evaluation-key' as const };
    expect(await recover(held, codes[0])).toHaveProperty('refused');
    expect(await seats()).toHaveLength(1);
    const claire = seatCommand(folder, clock.now());
    await run(claire);
    expect(await make(claire.seat, fresh())).toEqual({ refused: 'not_seated' });
  });

  test('is void after newer ones, after its holder was removed, and after ten wrong ones', async () => {
    const paul = await join(nominee('paul'));
    const lea = await join(nominee('lea'), paul.id);
    const [first, second, third] = [fresh(), fresh(), fresh()];
    await make(paul, first);
    await make(paul, second);
    expect(await tryIt(first[0])).toEqual(unknown);
    const wrong = `${second[0]?.slice(0, -1)}${second[0]?.endsWith('Z') ? 'Y' : 'Z'}`;
    const tried = await Promise.all(Array.from({ length: 9 }, () => tryIt(wrong)));
    expect(new Set(tried.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify(unknown)]),
    );
    expect(await tryIt(second[0])).toHaveProperty('holder');
    await tryIt(wrong);
    expect(await tryIt(second[0])).toEqual(unknown);
    expect(await recover(passkeyOf(nominee('paul')), second[0])).toEqual(unknown);
    await make(lea, third);
    await run({ do: 'unseat', client: 'acme', controller: 'lea', by: by(paul.id) });
    expect(await tryIt(third[0])).toEqual(unknown);
    expect(await make(lea, fresh())).toEqual({ refused: 'not_seated' });
  });

  test('is not shortened by a clock that was set back', async () => {
    const codes = fresh();
    await make(await join(nominee('paul')), codes);
    clock.advance(-24 * 3_600_000);
    await recover(passkeyOf(nominee('paul')), codes[0]);
    const [now] = await seats();
    const [line] = await world.archive.lines({
      client: 'acme',
      kinds: ['controller.seated'],
      limit: 1,
      disclose: [],
    });
    const at = Date.parse(String(line?.leaf.at));
    expect(now?.grantsFrom).toBeGreaterThanOrEqual(at + quarantine);
  });

  test('is kept nowhere, not even as a plain hash', async () => {
    const codes = fresh();
    await make(await join(nominee('paul')), codes);
    const proof = recoveryProof(codes[0] ?? '');
    await world.close();
    const kept = ['', '-wal'].map((end) => {
      try {
        return readFileSync(`${folder.file}${end}`, 'latin1');
      } catch {
        return '';
      }
    });
    world = await openLedger(folder, clock);
    expect(kept.join('')).toContain(proof.set);
    expect(kept.join('')).not.toContain(proof.code);
    expect(kept.join('').replaceAll('-', '')).not.toContain(codes[0]?.replaceAll('-', ''));
  });
});

describe('a lost key', () => {
  test('ends at once when a representative’s new invitation is taken, and not when the provider’s is', async () => {
    const paul = await join(nominee('paul'));
    const lea = await join(nominee('lea'), paul.id);
    const again = await join(nominee('lea'), paul.id);
    expect((await seats()).map(({ id }) => id)).toEqual([paul.id, again.id]);
    expect((await seats())[1]).not.toHaveProperty('grantsFrom');
    const late = await join(nominee('lea'));
    expect((await seats()).map(({ id, arrival }) => [id, arrival])).toEqual([
      [paul.id, undefined],
      [again.id, undefined],
      [late.id, 'provider'],
    ]);
    expect(lea.id).not.toBe(again.id);
  });
});

describe('whoever may not sign yet', () => {
  test('names nobody, removes nobody, confirms nobody, until another representative stands by them', async () => {
    const paul = await join(nominee('paul'));
    const lea = await join(nominee('lea'));
    const max = await join(nominee('max'));
    const invite = (seat: Seat) =>
      run({
        do: 'invite',
        nominee: nominee('eve'),
        proof: invitationProof(freshId('l'), 'c'),
        expiresAt: clock.now() + 1,
        by: by(seat.id),
      });
    const confirm = (controller: string, seat: Seat) =>
      run({ do: 'confirm-seat', client: 'acme', controller, by: by(seat.id) });
    expect(await invite(lea)).toEqual({ refused: 'not_yet' });
    expect(await run({ do: 'unseat', client: 'acme', controller: 'paul', by: by(lea.id) })).toEqual({
      refused: 'not_yet',
    });
    expect(await confirm('max', lea)).toEqual({ refused: 'not_yet' });
    expect(await confirm('paul', paul)).toEqual({ refused: 'own_seat' });
    expect(await confirm('nobody', paul)).toEqual({ refused: 'nobody_waits' });
    expect(
      await run({ do: 'confirm-seat', client: 'acme', controller: 'lea', by: { provider: 'bob' } }),
    ).toEqual({ refused: 'not_seated' });
    expect(await confirm('lea', paul)).toHaveProperty('receipt');
    expect(await confirm('lea', paul)).toEqual({ refused: 'nobody_waits' });
    const [, confirmed, waiting] = await seats();
    expect(confirmed).not.toHaveProperty('grantsFrom');
    expect(confirmed).toHaveProperty('arrival', 'provider');
    expect(waiting).toMatchObject({ id: max.id, grantsFrom: clock.now() + quarantine });
    expect(await invite(lea)).toHaveProperty('receipt');
    clock.advance(quarantine);
    expect(await invite(max)).toHaveProperty('receipt');
  });

  test('was seen by whoever says so, with all their passkeys', async () => {
    const paul = await join(nominee('paul'));
    expect(await run({ do: 'arrivals-seen', client: 'martin', seat: paul.id })).toEqual({ ok: false });
    clock.advance(5);
    expect(await run({ do: 'arrivals-seen', client: 'acme', seat: paul.id })).toEqual({ ok: true });
    expect((await seats())[0]?.seenAt).toBe(clock.now());
  });
});

describe('the client’s own check', () => {
  const at = (hours: number) => new Date(Date.UTC(2026, 9, 1, hours)).toISOString();
  const seated = (seat: string, hours: number, more: object = {}) => ({
    ...{ t: 'controller.seated', at: at(hours), seat, role: 'representative', method: 'passkey', key: 'k' },
    ...more,
  });

  /** Paul sits, came back with a code in the first hour; lea sits at once, by his invitation. */
  function told(): SeatsTold {
    const story = new SeatsTold();
    expect(story.seated(seated('paul', 0))).toBeUndefined();
    expect(story.nominated({ id: 'i', by: 'client', inviter: 'paul', at: at(0) })).toBeUndefined();
    const invited = { invitation: 'i', by: 'client', inviter: 'paul' };
    expect(story.seated(seated('lea', 0, invited))).toBeUndefined();
    const back = { via: 'recovery', earlier: 'paul', grants_from: at(49) };
    expect(story.seated(seated('anew', 1, back))).toBeUndefined();
    return story;
  }

  test('accepts what the writer writes', () => {
    const story = told();
    expect(story.removed({ seat: 'paul', by: 'successor', successor: 'anew', at: at(1) })).toBeUndefined();
    expect(story.confirmed({ seat: 'anew', confirmer: 'lea', at: at(2) })).toBeUndefined();
    expect(story.get('anew')?.grantsFrom).toBe('');
  });

  test.each([
    [
      'a return that signs too early',
      (s: SeatsTold) => s.seated(seated('x', 2, { via: 'recovery', earlier: 'lea', grants_from: at(3) })),
      'too early',
    ],
    [
      'a return to a seat that never was',
      (s: SeatsTold) => s.seated(seated('x', 2, { via: 'recovery', grants_from: at(60) })),
      'nobody held',
    ],
    [
      'a return to a seat that ended',
      (s: SeatsTold) =>
        s.removed({ seat: 'paul', by: 'successor', successor: 'anew', at: at(1) }) ??
        s.seated(seated('x', 2, { via: 'recovery', earlier: 'paul', grants_from: at(60) })),
      'nobody holds',
    ],
    [
      'a seat that ended for somebody else’s',
      (s: SeatsTold) => s.removed({ seat: 'lea', by: 'successor', successor: 'paul', at: at(1) }),
      'nobody holds',
    ],
    [
      'a seat that the provider ended',
      (s: SeatsTold) => s.removed({ seat: 'lea', by: 'provider', at: at(1) }),
      'nobody who could',
    ],
    [
      'somebody who confirms themselves',
      (s: SeatsTold) => s.confirmed({ seat: 'anew', confirmer: 'paul', at: at(2) }),
      'themselves',
    ],
    [
      'somebody who confirms themselves from an earlier seat, after the provider invited them anew',
      (s: SeatsTold) =>
        s.seated(seated('old', 1, { actor: 'nina' })) ??
        s.seated(seated('late', 2, { actor: 'nina', grants_from: at(60) })) ??
        s.confirmed({ seat: 'late', confirmer: 'old', at: at(3) }),
      'themselves',
    ],
    [
      'a confirmation by whoever waits',
      (s: SeatsTold) => s.confirmed({ seat: 'lea', confirmer: 'anew', at: at(2) }),
      'could not sign yet',
    ],
    [
      'an invitation by whoever waits',
      (s: SeatsTold) => s.nominated({ id: 'j', by: 'client', inviter: 'anew', at: at(2) }),
      'could not sign yet',
    ],
    [
      'a removal by whoever waits',
      (s: SeatsTold) => s.removed({ seat: 'lea', by: 'client', remover: 'anew', at: at(2) }),
      'could not sign yet',
    ],
    ['codes of nobody', (s: SeatsTold) => s.held({ seat: 'x' }), 'nobody holds'],
  ] as const)('finds %s', (_what, say, fault) => {
    expect(say(told())).toContain(fault);
  });
});
