/** Frames in the real log: a delegate signs within one and nothing beyond; withdrawing takes what hung on it; all agree. */
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Command } from '../../src/core/commands.ts';
import { type Delegation, writeFrameText } from '../../src/core/delegations.ts';
import type { Grant } from '../../src/core/model.ts';
import type { ConsentRequest } from '../../src/core/requests.ts';
import {
  endSound,
  evidenceBy,
  type Folder,
  fault,
  freshId,
  grantCommand,
  makeFolder,
  openLedger,
  seatCommand,
  settle,
  standingClock,
  type World,
} from './ledger-world.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
let folder: Folder;
let world: World;
let clock: ReturnType<typeof standingClock>;
let claire: string;
let dana: string;

const run = <C extends Command>(command: C) => world.ledger.run(command);

beforeEach(async () => {
  folder = makeFolder();
  clock = standingClock();
  world = await openLedger(folder, clock);
  ({ seat: claire } = await settle(folder, (command) => run(command), clock.now()));
  dana = await seated('dana', 'delegate');
});

afterEach(() => endSound(world, folder));

async function seated(controller: string, role: 'delegate' | 'reader' | 'representative', earlier?: string) {
  const { seat } = seatCommand(folder, clock.now());
  const taken = { ...seat, controller, subject: `sub-${controller}`, role };
  const authorisedBy = earlier === undefined ? ({ evaluation: true } as const) : { seat: earlier };
  await run({ do: 'seat', seat: taken, authorisedBy });
  return taken.id;
}

function frame(more: Partial<Delegation> = {}, by = claire): Command & { do: 'delegate' } {
  const scope = {
    ...{ id: freshId('frame'), client: 'acme', seat: dana, controller: 'dana' },
    ...{ systems: ['erp'], purposes: ['support'], operations: ['read'] as const, minutes: 30, hours: '' },
    ...{ from: clock.now(), until: clock.now() + 30 * day },
    ...more,
  };
  const { text, textHash } = writeFrameText({
    ...scope,
    ...{ language: 'en', sentences: ['Dana may.'], author: 'Claire', authority: 'DOC-1' },
  });
  const delegation: Delegation = {
    ...scope,
    ...{ status: 'active', textHash, grantedBy: by, grantedAt: clock.now() },
  };
  return { do: 'delegate', delegation, text, evidence: evidenceBy(folder, by, textHash) };
}

async function given(more: Partial<Delegation> = {}): Promise<string> {
  const command = frame(more);
  expect(await run(command)).toHaveProperty('receipt');
  return command.delegation.id;
}

async function raised(): Promise<ConsentRequest> {
  const request: ConsentRequest = {
    ...{
      id: freshId('asked'),
      client: 'acme',
      person: 'alice',
      systems: ['erp', 'backup'],
      purpose: 'support',
    },
    ...{ operations: ['read', 'write'], reference: freshId('T'), note: 'The invoices of May do not print.' },
    ...{ minutes: 60, until: clock.now() + 120 * minute, status: 'raised' },
    ...{ raisedAt: clock.now(), changedAt: clock.now(), grant: undefined, said: [] },
  };
  const groups = {
    person: { subject: 'sub-alice', name: 'Alice Martin' },
    work: { reference: 'T', note: '' },
  };
  await run({ do: 'request', request, groups });
  return request;
}

function approve(
  request: ConsentRequest,
  delegation: string | undefined,
  more: Partial<Grant> = {},
  by = dana,
) {
  const until = request.until;
  const command = grantCommand(folder, by, clock.now(), {
    ...{ kind: 'one-off', request: request.id, minutes: 30, people: ['alice'], until },
    ...{ systems: ['erp'], purposes: ['support'], operations: ['read'] },
    firstUse: { minutes: 30, startBy: until },
    ...(delegation === undefined ? {} : { delegation }),
    ...more,
  });
  return { ...command, evidence: { ...command.evidence, role: 'delegate' as const } };
}

const by = (seat = claire) => ({ seat, role: 'representative' as const });

describe('a frame', () => {
  test('is given by a seated representative to a seated delegate, over the very text', async () => {
    const id = await given();
    expect(await world.archive.delegations('acme')).toMatchObject([
      { id, status: 'active', controller: 'dana', seat: dana, minutes: 30, grantedBy: claire },
    ]);
    expect(await run({ ...frame({ id }) })).toEqual({ refused: 'grant_exists' });
    expect(await run(frame({ seat: 'nobody' }))).toEqual({ refused: 'delegate_gone' });
    expect(await run(frame({ seat: claire }))).toEqual({ refused: 'delegate_gone' });
    expect(await run(frame({}, 'nobody'))).toEqual({ refused: 'not_seated' });
    expect(await fault(run(frame({}, dana)))).toContain('evidence does not hold');
    const other = frame();
    const wider = { ...other.delegation, minutes: 60 };
    expect(await fault(run({ ...other, delegation: wider }))).toContain('differ in minutes');
    expect(await fault(run({ ...other, evidence: frame().evidence }))).toContain('evidence does not hold');
    expect(await fault(run(frame({ until: clock.now() + 400 * day })))).toContain('too long');
    expect(await world.archive.delegations('martin')).toEqual([]);
  });
});

describe('a delegate', () => {
  test('agrees to a request within it, by their own signature', async () => {
    const id = await given();
    const request = await raised();
    expect(await run(approve(request, id))).toHaveProperty('receipt');
    expect(await world.archive.requests('acme')).toMatchObject([{ status: 'approved' }]);
    expect((await world.archive.grants('acme'))[0]).toMatchObject({
      delegation: id,
      grantedBy: 'Claire Dubois',
    });
  });

  test('also with a further passkey of the same person', async () => {
    const id = await given();
    const second = await seated('dana', 'delegate', dana);
    expect(await run(approve(await raised(), id, {}, second))).toHaveProperty('receipt');
  });

  test.each([
    ['without a frame', undefined, {}],
    ['in a frame that is none', 'none', {}],
    ['to another system', 'own', { systems: ['erp', 'backup'] }],
    ['to another operation', 'own', { operations: ['read', 'write'] as const }],
    ['for longer', 'own', { minutes: 31 }],
    ['for a longer clock', 'own', { firstUse: { minutes: 31, startBy: 0 } }],
  ])('does not agree %s', async (_name, which, change) => {
    const id = await given();
    const request = await raised();
    const more = 'firstUse' in change ? { firstUse: { minutes: 31, startBy: request.until } } : change;
    const answer = await run(approve(request, which === 'own' ? id : which, more));
    expect(answer).toEqual({ refused: 'outside_frame' });
    expect(await world.archive.requests('acme')).toMatchObject([{ status: 'raised' }]);
  });

  test('gives nothing that answers no request or is for more than one use', async () => {
    const id = await given();
    const request = await raised();
    const { request: _, ...rest } = approve(request, id).grant;
    const free = grantCommand(folder, dana, clock.now(), { ...rest, id: freshId('g') });
    const signed = { ...free, evidence: { ...free.evidence, role: 'delegate' as const } };
    expect(await run(signed)).toEqual({ refused: 'outside_frame' });
    const { firstUse: __, ...often } = approve(request, id).grant;
    const standing = grantCommand(folder, dana, clock.now(), { ...often, id: freshId('g') });
    expect(await run({ ...standing, evidence: { ...standing.evidence, role: 'delegate' } })).toEqual({
      refused: 'outside_frame',
    });
  });

  test('does not use somebody else’s frame, and a representative names none', async () => {
    const id = await given();
    const request = await raised();
    const paul = await seated('paul', 'delegate');
    expect(await run(approve(request, id, {}, paul))).toEqual({ refused: 'outside_frame' });
    const own = approve(request, id, {}, claire);
    expect(await fault(run({ ...own, evidence: { ...own.evidence, role: 'representative' } }))).toContain(
      'does not need',
    );
  });

  test('agrees in the hours of the frame alone', async () => {
    const at = new Date(clock.now());
    const today = at.getUTCDay() === 0 ? 7 : at.getUTCDay();
    const other = today === 7 ? 1 : today + 1;
    const closed = await given({ hours: `${other} 0-1440 UTC` });
    const open = await given({ hours: `${today} 0-1440 UTC` });
    const request = await raised();
    expect(await run(approve(request, closed))).toEqual({ refused: 'outside_frame' });
    expect(await run(approve(request, open))).toHaveProperty('receipt');
  });

  test('and a representative at once: one agreement', async () => {
    const id = await given();
    const request = await raised();
    const own = approve(request, undefined, {}, claire);
    const answers = await Promise.all([
      run(approve(request, id)),
      run({ ...own, evidence: { ...own.evidence, role: 'representative' as const } }),
    ]);
    expect(answers.filter((answer) => 'receipt' in answer)).toHaveLength(1);
  });
});

describe('withdrawing', () => {
  test('ends what was agreed to within it, and nothing else; once', async () => {
    const id = await given();
    const request = await raised();
    const command = approve(request, id);
    await run(command);
    const { epoch } = await world.archive.inForce('acme');
    const answers = await Promise.all([
      run({ do: 'undelegate', client: 'acme', delegation: id, by: by() }),
      run({ do: 'undelegate', client: 'acme', delegation: id, by: by() }),
    ]);
    expect(answers).toContainEqual({ epoch: epoch + 1, grants: [command.grant.id] });
    expect(answers).toContainEqual({ refused: 'delegation_unknown' });
    const grants = await world.archive.grants('acme');
    expect(grants.map(({ status }) => status).sort()).toEqual(['active', 'revoked']);
    expect(await run(approve(await raised(), id))).toEqual({ refused: 'outside_frame' });
  });

  test('is a representative’s', async () => {
    const id = await given();
    expect(await run({ do: 'undelegate', client: 'acme', delegation: id, by: by(dana) })).toEqual({
      refused: 'not_seated',
    });
    expect(await run({ do: 'undelegate', client: 'acme', delegation: 'none', by: by() })).toEqual({
      refused: 'delegation_unknown',
    });
  });

  test('happens with the removal of the delegate, in one transaction', async () => {
    const id = await given();
    await run(approve(await raised(), id));
    await run({ do: 'unseat', client: 'acme', controller: 'dana', by: by() });
    expect(await world.archive.delegations('acme')).toMatchObject([{ status: 'revoked' }]);
    expect((await world.archive.grants('acme')).find(({ delegation }) => delegation === id)?.status).toBe(
      'revoked',
    );
    expect(await run(approve(await raised(), id))).toEqual({ refused: 'not_seated' });
  });

  test('a frame that was brought back in its row alone is found', async () => {
    const id = await given();
    await run({ do: 'undelegate', client: 'acme', delegation: id, by: by() });
    const db = new DatabaseSync(folder.file);
    const set = db.prepare('UPDATE delegations SET status = ? WHERE id = ?');
    set.run('active', id);
    expect(await world.archive.fsck()).toEqual([expect.stringContaining('frame')]);
    set.run('revoked', id);
    db.close();
  });
});

test('a substitute agrees from the first day to the last, at any hour, and what was given stays checked', async () => {
  const frame = await given({
    ...{ systems: ['erp', 'backup'], operations: ['read', 'write'], minutes: 120 },
    ...{ from: clock.now() + day, until: clock.now() + 3 * day },
  });
  expect(await run(approve(await raised(), frame))).toEqual({ refused: 'outside_frame' });
  clock.advance(day);
  expect(await run(approve(await raised(), frame))).toHaveProperty('receipt');
  clock.advance(2 * day - 1);
  expect(await run(approve(await raised(), frame))).toHaveProperty('receipt');
  clock.advance(1);
  expect(await run(approve(await raised(), frame))).toEqual({ refused: 'outside_frame' });
});
