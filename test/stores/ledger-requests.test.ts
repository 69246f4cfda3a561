/** Requests in the real ledger: one outcome and one line however many act at once; log, table and export agree. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Command } from '../../src/core/commands.ts';
import type { Grant } from '../../src/core/model.ts';
import type { ConsentRequest, Said } from '../../src/core/requests.ts';
import {
  declareCommand,
  fault,
  freshId,
  grantCommand,
  loginCommand,
  openingOf,
  seatCommand,
} from './ledger-world.ts';
import { type SettledWorld, settledWorld } from './settled-world.ts';

const minute = 60_000;
let acme: SettledWorld;

beforeEach(async () => {
  acme = await settledWorld();
});

afterEach(() => acme.end());

function raise(more: Partial<ConsentRequest> = {}): Command & { do: 'request' } {
  const request: ConsentRequest = {
    id: freshId('asked'),
    client: 'acme',
    person: 'alice',
    systems: ['erp', 'backup'],
    purpose: 'support',
    operations: ['read', 'write'],
    reference: 'T-SECRET-7',
    note: 'The invoices of May do not print.',
    minutes: 60,
    until: acme.clock.now() + 120 * minute,
    status: 'raised',
    raisedAt: acme.clock.now(),
    changedAt: acme.clock.now(),
    grant: undefined,
    said: [],
    ...more,
  };
  const { reference, note } = request;
  const groups = {
    person: { subject: 'sub-alice', name: 'Alice Martin' },
    role: { function: 'technician', employer: 'Provider', team: '' },
    work: { reference, note },
  };
  return { do: 'request', request, groups };
}

async function raised(more: Partial<ConsentRequest> = {}): Promise<ConsentRequest> {
  const command = raise(more);
  expect(await acme.run(command)).toHaveProperty('receipt');
  return command.request;
}

const say = (request: string, what: Said['say'], by = acme.seat): Command & { do: 'request-say' } => ({
  do: 'request-say',
  client: 'acme',
  request,
  say: what,
  text: `This is ${what} by somebody.`,
  by:
    what === 'answered' || what === 'reminded' ? { provider: 'alice' } : { seat: by, role: 'representative' },
});

const approve = (request: ConsentRequest, more: Partial<Grant> = {}, by = acme.seat) =>
  grantCommand(acme.folder, by, acme.clock.now(), {
    kind: 'one-off',
    request: request.id,
    minutes: 30,
    people: ['alice'],
    systems: ['erp'],
    purposes: ['support'],
    operations: ['read'],
    until: request.until,
    ...more,
  });

const lines = async (kind: string) =>
  (
    await acme.world.archive.lines({
      client: 'acme',
      limit: 200,
      disclose: ['person', 'work'],
    })
  ).filter(({ leaf }) => leaf.t === kind);

describe('a request', () => {
  test('is a line whose words are committed, and a row that both sides read', async () => {
    const { id } = await raised();
    const [line] = await lines('consent.requested');
    expect(JSON.stringify(line?.leaf)).not.toMatch(/SECRET|invoices|Alice|alice/);
    expect(line?.groups.work).toEqual({ reference: 'T-SECRET-7', note: 'The invoices of May do not print.' });
    for (const requests of [
      await acme.world.archive.requests('acme'),
      await acme.world.archive.requestsOf('alice'),
    ])
      expect(requests).toMatchObject([{ id, status: 'raised', person: 'alice', reference: 'T-SECRET-7' }]);
    expect(await acme.world.archive.requestsOf('bruno')).toEqual([]);
    expect(await acme.world.archive.requests('martin')).toEqual([]);
  });

  test('sent twice at once is one', async () => {
    const until = acme.clock.now() + 90 * minute;
    const answers = await Promise.all([
      acme.run(raise({ until })),
      acme.run(raise({ until })),
      acme.run(raise({ until })),
    ]);
    expect(answers.filter((answer) => 'receipt' in answer)).toHaveLength(1);
    const [one] = await acme.world.archive.requests('acme');
    expect(answers.filter((answer) => 'already' in answer)).toEqual([
      { already: one?.id },
      { already: one?.id },
    ]);
    expect(await lines('consent.requested')).toHaveLength(1);
  });

  test('is not one of very many', async () => {
    for (let i = 0; i < 10; i += 1) await raised({ reference: `T-${i}` });
    expect(await acme.run(raise({ reference: 'T-11' }))).toEqual({ refused: 'too_many_requests' });
    await raised({ reference: 'T-11', person: 'bruno' });
  });

  test('alternates between the sides, one line each', async () => {
    const { id } = await raised();
    expect(await acme.run(say(id, 'answered'))).toEqual({ refused: 'request_turn' });
    const asked = await Promise.all([acme.run(say(id, 'asked')), acme.run(say(id, 'asked'))]);
    expect(asked.filter((answer) => 'receipt' in answer)).toHaveLength(1);
    expect(await acme.run(say(id, 'asked'))).toEqual({ refused: 'request_turn' });
    expect(await acme.run(say(id, 'answered'))).toHaveProperty('receipt');
    const [request] = await acme.world.archive.requests('acme');
    expect(request).toMatchObject({ status: 'raised', said: [{ say: 'asked' }, { say: 'answered' }] });
    expect(JSON.stringify((await lines('consent.asked'))[0]?.leaf)).not.toContain('somebody');
  });

  test('is answered by the technician who asked, and by nobody removed or of another client', async () => {
    const { id } = await raised();
    await acme.run(say(id, 'asked'));
    expect(await fault(acme.run({ ...say(id, 'answered'), by: { provider: 'bruno' } }))).toContain(
      'only the technician',
    );
    expect(await fault(acme.run({ ...say(id, 'refused'), by: { provider: 'alice' } }))).toContain(
      'other side',
    );
    expect(await acme.run(say(id, 'refused', 'nobody'))).toEqual({ refused: 'not_seated' });
    expect(await acme.run({ ...say(id, 'refused'), client: 'martin' })).toEqual({
      refused: 'request_unknown',
    });
  });

  test('is reminded of at most three times, half an hour apart, one line each', async () => {
    const { id } = await raised({ until: acme.clock.now() + 600 * minute });
    expect(await acme.run(say(id, 'reminded'))).toEqual({ refused: 'reminder_early' });
    for (let i = 0; i < 3; i += 1) {
      acme.clock.advance(30 * minute);
      const both = await Promise.all([acme.run(say(id, 'reminded')), acme.run(say(id, 'reminded'))]);
      expect(both.filter((answer) => 'receipt' in answer)).toHaveLength(1);
    }
    acme.clock.advance(30 * minute);
    expect(await acme.run(say(id, 'reminded'))).toEqual({ refused: 'reminders_used' });
    const told = await lines('consent.reminded');
    expect(told.map(({ leaf }) => leaf.count).sort()).toEqual([1, 2, 3]);
    const [request] = await acme.world.archive.requests('acme');
    expect(request?.changedAt).toBe(request?.raisedAt);
  });

  test('lapses once when nobody answers, and can then not be answered', async () => {
    const request = await raised();
    expect(await acme.run({ do: 'requests-lapse' })).toEqual({ lapsed: 0 });
    acme.clock.advance(120 * minute);
    expect(await acme.run(say(request.id, 'refused'))).toEqual({ refused: 'request_ended' });
    expect(await acme.run(approve(request, { until: acme.clock.now() + 1 }))).toEqual({
      refused: 'request_ended',
    });
    const both = await Promise.all([acme.run({ do: 'requests-lapse' }), acme.run({ do: 'requests-lapse' })]);
    expect(both.map(({ lapsed }) => lapsed).sort()).toEqual([0, 1]);
    expect(await lines('consent.lapsed')).toHaveLength(1);
    expect(await acme.world.archive.requests('acme')).toMatchObject([{ status: 'lapsed' }]);
  });

  test('a clock set back wakes no request that lapsed, and reopens no agreement that ended', async () => {
    const waits = await raised({ until: acme.clock.now() + 10 * minute });
    const answered = await raised({ reference: 'T-2', until: acme.clock.now() + 20 * minute });
    const given = approve(answered);
    expect(await acme.run(given)).toHaveProperty('receipt');
    acme.clock.advance(30 * minute);
    // From now on the log knows how late it was.
    await raised({ reference: 'T-3' });
    acme.clock.advance(-25 * minute);
    expect(await acme.run(approve(waits))).toEqual({ refused: 'request_ended' });
    expect(await acme.run(say(waits.id, 'asked'))).toEqual({ refused: 'request_ended' });
    const login = loginCommand(acme.clock.now());
    await acme.run(login);
    const { epoch } = await acme.world.archive.inForce('acme');
    const opening = openingOf(given.grant.id, login.login.id, acme.clock.now(), {
      ...{ purpose: 'support', systems: ['erp'], endsAt: acme.clock.now() + 5 * minute },
    });
    const declared = declareCommand(opening, epoch);
    const fields = { ...declared.fields, operations: 'read' };
    expect(await fault(acme.run({ ...declared, fields }))).toContain('out of its time');
  });

  test('that lapsed unnoticed makes room for the same wish', async () => {
    const until = acme.clock.now() + minute;
    await raised({ until });
    acme.clock.advance(2 * minute);
    await raised({ until: acme.clock.now() + minute });
    expect(await acme.world.archive.requests('acme')).toHaveLength(2);
  });
});

describe('agreeing', () => {
  test('answers the request in the same transaction; whoever comes second changes nothing', async () => {
    const request = await raised();
    const other = {
      ...seatCommand(acme.folder, acme.clock.now()).seat,
      controller: 'paul',
      subject: 'sub-paul',
    };
    await acme.run({ do: 'seat', seat: other, authorisedBy: { evaluation: true } });
    const answers = await Promise.all([
      acme.run(approve(request)),
      acme.run(approve(request, {}, other.id)),
      acme.run(say(request.id, 'refused')),
    ]);
    expect(answers.filter((answer) => 'receipt' in answer)).toHaveLength(1);
    expect(
      answers.filter((answer) => 'refused' in answer && answer.refused === 'request_ended'),
    ).toHaveLength(2);
    const [row] = await acme.world.archive.requests('acme');
    expect(row?.status).toBe('approved');
    const grant = (await acme.world.archive.grants('acme')).find(({ id }) => id === row?.grant);
    expect(grant).toMatchObject({ kind: 'one-off', request: request.id, minutes: 30, people: ['alice'] });
    expect(await lines('consent.refused')).toEqual([]);
  });

  test('is never to what the signer’s own account asked', async () => {
    const request = await raised({ account: { issuer: 'https://id.example', subject: 'sub-claire' } });
    expect(await acme.run(approve(request))).toEqual({ refused: 'own_request' });
    expect(await acme.world.archive.requests('acme')).toMatchObject([{ status: 'raised' }]);
  });

  test.each([
    ['another purpose', { purposes: ['hotline'] }, 'beyond its request in purpose'],
    ['more systems', { systems: ['erp', 'crm'] }, 'beyond its request in systems'],
    ['more operations', { operations: ['read', 'copy'] as const }, 'beyond its request in operations'],
    ['longer accesses', { minutes: 61 }, 'longer accesses'],
    ['another person', { people: ['bruno'] }, 'another person'],
    ['everybody', { people: ['assigned'] }, 'another person'],
    ['a request that is none', { request: 'none' }, 'no such request'],
  ])('is never to %s', async (_name, change, why) => {
    const request = await raised();
    expect(await fault(acme.run(approve(request, change)))).toContain(why);
    expect(await acme.world.archive.requests('acme')).toMatchObject([{ status: 'raised', grant: undefined }]);
  });

  test('is never to a later end', async () => {
    const request = await raised();
    expect(await fault(acme.run(approve(request, { until: request.until + 1 })))).toContain('lasts longer');
  });

  test('never begins before the request does', async () => {
    const request = await raised({ from: acme.clock.now() + 10 * minute });
    expect(await fault(acme.run(approve(request)))).toContain('begins before its request');
    expect(await acme.run(approve(request, { from: acme.clock.now() + 10 * minute }))).toHaveProperty(
      'receipt',
    );
    expect(await acme.world.archive.requests('acme')).toMatchObject([
      { from: acme.clock.now() + 10 * minute },
    ]);
  });

  test.each([
    ['starts with the first access', 60, undefined, 30],
    ['is what the rules of that moment leave', 60, 20, 20],
    ['never goes beyond the end that was named', 10, undefined, 10],
  ])('the clock %s', async (_name, left, rules, minutes) => {
    const request = await raised();
    const until = acme.clock.now() + 70 * minute;
    const command = approve(request, { until, firstUse: { minutes: 30, startBy: until } });
    expect(await acme.run(command)).toHaveProperty('receipt');
    acme.clock.advance((70 - left) * minute);
    const login = loginCommand(acme.clock.now());
    await acme.run(login);
    const { epoch } = await acme.world.archive.inForce('acme');
    const at = acme.clock.now();
    const open = (endsAt: number) => {
      const more = { purpose: 'support', systems: ['erp'], endsAt };
      const declared = declareCommand(openingOf(command.grant.id, login.login.id, at, more), epoch);
      const fields = { ...declared.fields, operations: 'read', ...(rules && { clock: rules }) };
      return acme.run({ ...declared, fields });
    };
    expect(await fault(open(at + minutes * minute + 1))).not.toMatch(/^done/);
    expect(await open(at + minutes * minute)).toHaveProperty('started');
    const grant = (await acme.world.archive.grants('acme')).find(({ id }) => id === command.grant.id);
    expect(grant?.until).toBe(at + minutes * minute);
  });

  test('permits accesses of the agreed length and no longer', async () => {
    const request = await raised();
    const command = approve(request);
    const given = await acme.run(command);
    if (!('receipt' in given)) throw new Error('not given');
    const login = loginCommand(acme.clock.now());
    await acme.run(login);
    const purpose = { purpose: 'support', systems: ['erp'] };
    const open = (endsAt: number) => {
      const opening = openingOf(command.grant.id, login.login.id, acme.clock.now(), { ...purpose, endsAt });
      const declared = declareCommand(opening, given.epoch);
      return acme.run({ ...declared, fields: { ...declared.fields, operations: 'read' } });
    };
    expect(await fault(open(acme.clock.now() + 31 * minute))).toContain('so long an access');
    expect(await open(acme.clock.now() + 30 * minute)).toHaveProperty('receipt');
  });
});
