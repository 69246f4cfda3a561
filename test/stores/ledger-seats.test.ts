/** Invitations and seats in the real ledger: both halves needed, counted, single use, in time; who may not sign yet. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Actor, Command, Seat } from '../../src/core/commands.ts';
import { invitationLife, invitationProof, quarantine } from '../../src/core/invitation.ts';
import { type ControllerUser, passkeyAccount } from '../../src/core/model.ts';
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

function nominee(id: string, more: Partial<ControllerUser> = {}): ControllerUser {
  return {
    id,
    client: 'acme',
    name: `Name of ${id}`,
    function: 'Accountant',
    role: 'representative',
    authority: 'DOC-2',
    ...passkeyAccount('acme', id),
    ...more,
  };
}

const proofOf = (link: string, code = 'ABCD-0123') => invitationProof(link, code);

const invite = (who: ControllerUser, link: string, by?: Actor) =>
  run({ do: 'invite', nominee: who, proof: proofOf(link), expiresAt: clock.now() + invitationLife, by });

function take(who: ControllerUser, link: string, code?: string, more: Partial<Seat> = {}) {
  const { id: controller, function: _, ...account } = who;
  const id = freshId('seat');
  const { seat } = seatCommand(folder, clock.now());
  return run({
    do: 'seat',
    seat: { ...seat, ...account, ...more, id, controller },
    authorisedBy: { invitation: proofOf(link, code) },
  });
}

const tryCode = (link: string, code?: string) => run({ do: 'try-invitation', proof: proofOf(link, code) });

describe('an invitation', () => {
  test('tells its person to whoever has both halves, and seats once', async () => {
    const paul = nominee('paul');
    await invite(paul, 'link-1');
    expect(await tryCode('link-1')).toEqual({
      nominee: paul,
      byClient: false,
      expiresAt: clock.now() + invitationLife,
    });
    expect(await tryCode('link-2')).toEqual({ refused: 'link_unknown', left: 0 });
    expect(await take(nominee('marc'), 'link-1')).toEqual({ refused: 'link_unknown' });
    expect(await take({ ...paul, role: 'delegate' }, 'link-1')).toEqual({ refused: 'link_unknown' });
    expect(await take({ ...paul, subject: 'acme/marc' }, 'link-1')).toEqual({ refused: 'link_unknown' });
    const both = await Promise.all([take(paul, 'link-1'), take(paul, 'link-1')]);
    expect(both.filter((answer) => 'receipt' in answer)).toHaveLength(1);
    expect(both.filter((answer) => 'refused' in answer)).toEqual([{ refused: 'link_used' }]);
    expect(await tryCode('link-1')).toEqual({ refused: 'link_used', left: 0 });
    const [seated, invited] = await world.archive.lines({
      client: 'acme',
      limit: 2,
      disclose: ['person', 'role'],
    });
    expect(seated?.leaf).toMatchObject({
      t: 'controller.seated',
      invitation: invited?.leaf.id,
      by: 'provider',
    });
    expect(invited?.groups).toEqual({ person: { name: 'Name of paul' }, role: { function: 'Accountant' } });
  });

  test('ends with the fifth wrong code, also when they come at once, and the right one is then too late', async () => {
    await invite(nominee('paul'), 'link-1');
    const wrong = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => tryCode('link-1', `WRNG-000${n}`)));
    expect(wrong).toEqual([
      { refused: 'code_wrong', left: 4 },
      { refused: 'code_wrong', left: 3 },
      { refused: 'code_wrong', left: 2 },
      { refused: 'code_wrong', left: 1 },
      { refused: 'link_dead', left: 0 },
      { refused: 'link_dead', left: 0 },
    ]);
    expect(await tryCode('link-1')).toEqual({ refused: 'link_dead', left: 0 });
    expect(await take(nominee('paul'), 'link-1')).toEqual({ refused: 'link_dead' });
  });

  test('counts wrong codes of a seat too', async () => {
    await invite(nominee('paul'), 'link-1');
    expect(await take(nominee('paul'), 'link-1', 'WRNG-0001')).toEqual({ refused: 'code_wrong' });
    expect(await tryCode('link-1', 'WRNG-0002')).toEqual({ refused: 'code_wrong', left: 3 });
  });

  test('holds for 72 hours, and until the next one', async () => {
    await invite(nominee('paul'), 'link-1');
    await invite(nominee('paul'), 'link-2');
    expect(await tryCode('link-1')).toEqual({ refused: 'link_unknown', left: 0 });
    clock.advance(invitationLife - 1);
    expect(await tryCode('link-2')).toHaveProperty('nominee');
    clock.advance(1);
    expect(await tryCode('link-2')).toEqual({ refused: 'link_expired', left: 0 });
    expect(await take(nominee('paul'), 'link-2')).toEqual({ refused: 'link_expired' });
  });

  test('comes from the provider or from a seated representative, nobody else', async () => {
    const by = (seat: string) => ({ seat, role: 'representative' as const });
    expect(await invite(nominee('paul'), 'link-1', by('none'))).toEqual({ refused: 'not_seated' });
    expect(await invite(nominee('paul'), 'link-1', { provider: 'bob' })).toEqual({ refused: 'not_seated' });
    await invite(nominee('marc', { role: 'reader' }), 'link-1');
    await take(nominee('marc', { role: 'reader' }), 'link-1');
    const [marc] = (await world.archive.inForce('acme')).seats;
    expect(await invite(nominee('paul'), 'link-2', by(marc?.id ?? ''))).toEqual({ refused: 'not_seated' });
  });

  test('keeps neither link nor code', async () => {
    await invite(nominee('paul'), 'canary-link');
    await world.close();
    const { readFile } = await import('node:fs/promises');
    const kept = `${await readFile(folder.file, 'latin1')}`;
    expect(kept).not.toMatch(/canary-link|ABCD-?0123|Name of paul/);
    world = await openLedger(folder, clock);
  });
});

describe('somebody whom the provider invites beside those who sit', () => {
  test('may sign after 48 hours only, whatever passkey they add; the client’s own invitations hold at once', async () => {
    await run(seatCommand(folder, clock.now()));
    const [claire] = (await world.archive.inForce('acme')).seats;
    if (claire === undefined) throw new Error('claire sits');
    await invite(nominee('paul'), 'link-1');
    await take(nominee('paul'), 'link-1');
    await invite(nominee('lea'), 'link-2', { seat: claire.id, role: 'representative' });
    await take(nominee('lea'), 'link-2');
    const [, paul, lea] = (await world.archive.inForce('acme')).seats;
    expect(paul?.grantsFrom).toBe(clock.now() + quarantine);
    expect([lea?.grantsFrom, lea?.invitedBy]).toEqual([undefined, claire.id]);
    if (paul === undefined) throw new Error('paul sits');
    await run({ do: 'seat', seat: { ...paul, id: freshId('seat') }, authorisedBy: { seat: paul.id } });
    const again = (await world.archive.inForce('acme')).seats.at(-1);
    expect(again?.grantsFrom).toBe(paul.grantsFrom);
  });
});

describe('a mail address that a representative gave with an invitation', () => {
  const by = (seat: string | undefined) => ({ seat: seat ?? '', role: 'representative' as const });
  const lea = nominee('p-00000000000000aa', { name: 'Lea', mail: 'lea@acme.example' });
  const learned = async () => (await world.archive.learned()).controllers;

  test('is disclosed to the client alone, and is where notices go, also after another passkey', async () => {
    await run(seatCommand(folder, clock.now()));
    const [claire] = (await world.archive.inForce('acme')).seats;
    await invite(lea, 'link-1', by(claire?.id));
    const [line] = await world.archive.lines({ client: 'acme', limit: 1, disclose: ['subject'] });
    expect(line?.leaf.t).toBe('controller.nominated');
    expect(JSON.stringify(line?.leaf)).not.toContain('lea@');
    expect(line?.groups.subject).toMatchObject({ subject: lea.id, mail: 'lea@acme.example' });
    const { mail: _, ...account } = lea;
    await take(account, 'link-1', undefined, { method: 'passkey', credentialId: 'c', publicKey: 'k' });
    expect(await learned()).toMatchObject([{ id: lea.id, mail: 'lea@acme.example' }]);
    const [, seated] = (await world.archive.inForce('acme')).seats;
    if (seated === undefined) throw new Error('lea sits');
    const second = { ...seated, id: freshId('seat'), seatedAt: clock.now() + 1 };
    await run({ do: 'seat', seat: second, authorisedBy: { seat: seated.id } });
    for (const one of await learned()) expect(one.mail).toBe('lea@acme.example');
    await run({ do: 'unseat', client: 'acme', controller: lea.id, by: by(claire?.id) });
    expect(await learned()).toEqual([]);
  });

  test('is not on the line when the provider invites: its files say it', async () => {
    await invite(nominee('paul', { mail: 'paul@acme.example' }), 'link-1');
    const [line] = await world.archive.lines({ client: 'acme', limit: 1, disclose: ['subject'] });
    expect(line?.groups.subject).toEqual({ subject: 'paul' });
  });
});

describe('removing somebody', () => {
  const by = (seat: string | undefined) => ({ seat: seat ?? '', role: 'representative' as const });
  const remove = (controller: string, seat: string | undefined) =>
    run({ do: 'unseat', client: 'acme', controller, by: by(seat) });

  test('ends seats, invitations and sign-ins at once, and nobody removes the last representative', async () => {
    await run(seatCommand(folder, clock.now()));
    const [claire] = (await world.archive.inForce('acme')).seats;
    const lea = nominee('lea');
    await invite(lea, 'link-1', by(claire?.id));
    await take(lea, 'link-1');
    const [, seated] = (await world.archive.inForce('acme')).seats;
    const { login } = loginCommand(clock.now(), { issuer: lea.issuer, subject: lea.subject, sid: undefined });
    expect(await run({ do: 'login', login, seat: seated?.id ?? '' })).toEqual({ ok: true });
    await invite(lea, 'link-2', by(claire?.id));
    const { epoch } = await world.archive.inForce('acme');
    expect(await remove('lea', 'none')).toEqual({ refused: 'not_seated' });
    expect(await remove('marc', claire?.id)).toEqual({ refused: 'nobody_seated' });
    const both = await Promise.all([remove('lea', claire?.id), remove('claire', seated?.id)]);
    expect(both).toEqual([
      { epoch: epoch + 1, accounts: [{ issuer: lea.issuer, subject: lea.subject }] },
      { refused: 'not_seated' },
    ]);
    expect((await world.archive.login(login.id))?.endedAt).toBe(clock.now());
    expect(await run({ do: 'login', login: { ...login, id: 'another' }, seat: seated?.id ?? '' })).toEqual({
      refused: 'not_seated',
    });
    expect(await tryCode('link-2')).toEqual({ refused: 'link_unknown', left: 0 });
    expect(await remove('claire', claire?.id)).toEqual({ refused: 'last_representative' });
    const [line] = await world.archive.lines({ client: 'acme', limit: 1, disclose: ['person'] });
    expect(line?.leaf).toMatchObject({
      t: 'controller.removed',
      seat: seated?.id,
      by: 'client',
      remover: claire?.id,
    });
    expect(line?.groups.person).toEqual({ name: 'Name of lea' });
  });
});
