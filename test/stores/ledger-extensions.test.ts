/** Accesses that last longer, in the real log: one line and one end however many ask at once; rows, log and export agree. */
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Command } from '../../src/core/commands.ts';
import type { Grant, Opening } from '../../src/core/model.ts';
import type { ConsentRequest } from '../../src/core/requests.ts';
import { declareCommand, fault, freshId, grantCommand, intentDraft, openingOf } from './ledger-world.ts';
import { type SettledWorld, settledWorld } from './settled-world.ts';

const minute = 60_000;
let acme: SettledWorld;

beforeEach(async () => {
  acme = await settledWorld();
});

afterEach(() => acme.end());

async function extend(opening: Opening, minutes: number, more: Partial<Command & { do: 'extend' }> = {}) {
  const { epoch } = await acme.world.archive.inForce('acme');
  const { id, endsAt } = opening;
  return acme.run({
    do: 'extend',
    ...{
      client: 'acme',
      opening: id,
      person: 'alice',
      epoch,
      from: endsAt,
      endsAt: endsAt + minutes * minute,
    },
    ...more,
  });
}

async function opened(under: Partial<Grant>, more: Partial<Opening> = {}) {
  const given = grantCommand(acme.folder, acme.seat, acme.clock.now(), under);
  await acme.run(given);
  const { epoch } = await acme.world.archive.inForce('acme');
  const opening = openingOf(given.grant.id, acme.opening.login, acme.clock.now(), more);
  await acme.run(declareCommand(opening, epoch));
  return { opening, grant: given.grant };
}

const lines = async (kind: string) =>
  (await acme.world.archive.lines({ client: 'acme', limit: 200, disclose: [] })).filter(
    ({ leaf }) => leaf.t === kind,
  );

const stored = async (id: string) =>
  (await acme.world.archive.inForce('acme')).openings.find((one) => one.id === id);

describe('within the consent', () => {
  test('it is a line, a later end, and what was decided before is decided again', async () => {
    const { opening, epoch } = acme;
    const answer = await extend(opening, 30);
    expect(answer).toMatchObject({ epoch: epoch + 1, extended: { endsAt: opening.endsAt + 30 * minute } });
    expect((await lines('session.extended')).map(({ leaf }) => leaf)).toMatchObject([
      { session: opening.id, minutes: 30, grant: acme.grant.id },
    ]);
    expect(await acme.world.ledger.intent(intentDraft(opening, epoch), epoch)).toEqual({ moved: epoch + 1 });
    acme.clock.advance(80 * minute);
    const late = await acme.world.ledger.intent(intentDraft(opening, epoch + 1), epoch + 1);
    expect(late).toHaveProperty('receipt');
    expect((await stored(opening.id))?.endsAt).toBe(opening.endsAt + 30 * minute);
  });

  test('sent twice at once it is one; and an old epoch lengthens nothing', async () => {
    const both = await Promise.all([extend(acme.opening, 30), extend(acme.opening, 30)]);
    expect(both.filter((answer) => 'extended' in answer)).toHaveLength(1);
    expect(await extend(acme.opening, 30)).toEqual({ refused: 'extended_already' });
    expect(await extend(acme.opening, 30, { epoch: acme.epoch })).toHaveProperty('moved');
    expect(await lines('session.extended')).toHaveLength(1);
  });

  test('of somebody else, of an ended access, backwards, beyond the consent: nothing', async () => {
    const { opening, grant } = acme;
    expect(await extend(opening, 30, { person: 'bruno' })).toEqual({ refused: 'opening_ended' });
    expect(await extend(opening, 30, { opening: 'none' })).toEqual({ refused: 'opening_ended' });
    expect(await fault(extend(opening, -10))).toContain('no later than before');
    expect(await fault(extend(opening, 0, { endsAt: grant.until + 1 }))).toContain('after its consent');
    acme.clock.advance(60 * minute);
    expect(await extend(opening, 30)).toEqual({ refused: 'opening_ended' });
  });

  test('a suspended consent lengthens nothing', async () => {
    const by = { seat: acme.seat, role: 'representative' as const };
    await acme.run({ do: 'grant-status', client: 'acme', grant: acme.grant.id, to: 'suspended', by });
    expect(await fault(extend(acme.opening, 10))).toContain('not in force');
  });

  test('the longest access that the consent permits counts from its beginning', async () => {
    const { opening } = await opened({ minutes: 90 });
    expect(await fault(extend(opening, 31))).toContain('so long an access');
    expect(await extend(opening, 30)).toHaveProperty('extended');
  });

  test('minutes of a budget are used, and not beyond it', async () => {
    const budget = { per: 'week', zone: 'Europe/Paris', minutes: 80 } as const;
    const { opening, grant } = await opened({ budget });
    expect(await extend(opening, 30)).toEqual({ spent: 'minutes', left: 20 });
    expect(await extend(opening, 20)).toHaveProperty('extended');
    expect(await acme.world.archive.budgets('acme')).toMatchObject([
      { grant: grant.id, spent: { openings: 1, minutes: 80 } },
    ]);
  });

  test('an end that was changed in its row alone is found', async () => {
    await extend(acme.opening, 30);
    const db = new DatabaseSync(acme.folder.file);
    const before = db.prepare('SELECT ends_at FROM openings WHERE id = ?').get(acme.opening.id);
    const set = db.prepare('UPDATE openings SET ends_at = ? WHERE id = ?');
    set.run(Number(before?.ends_at) + 1, acme.opening.id);
    expect(await acme.world.archive.fsck()).toEqual([expect.stringContaining('lasts otherwise')]);
    set.run(Number(before?.ends_at), acme.opening.id);
    db.close();
  });
});

describe('by a request', () => {
  async function asked(more: Partial<ConsentRequest> = {}) {
    const { id, systems, purpose, reference, note, endsAt } = acme.opening;
    const request: ConsentRequest = {
      ...{ id: freshId('asked'), client: 'acme', person: 'alice', systems, purpose, reference, note },
      operations: ['read', 'write', 'copy'],
      minutes: 30,
      opening: id,
      until: endsAt,
      status: 'raised',
      raisedAt: acme.clock.now(),
      changedAt: acme.clock.now(),
      grant: undefined,
      said: [],
      ...more,
    };
    const groups = {
      person: { subject: 'sub-alice', name: 'Alice Martin' },
      role: { function: 'technician', employer: 'Provider', team: '' },
      work: { reference, note },
    };
    return { request, answer: await acme.run({ do: 'request', request, groups }) };
  }

  const approve = (request: ConsentRequest, more: Partial<Grant> = {}) =>
    grantCommand(acme.folder, acme.seat, acme.clock.now(), {
      ...{ kind: 'one-off', request: request.id, minutes: request.minutes, people: ['alice'] },
      ...{ systems: request.systems, purposes: [request.purpose], operations: request.operations },
      session: acme.opening.id,
      until: acme.opening.endsAt + request.minutes * minute,
      ...more,
    });

  test('the access goes on under the consent that was given for it, in the same transaction', async () => {
    const { request } = await asked();
    const given = approve(request);
    const answers = await Promise.all([acme.run(given), acme.run(approve(request))]);
    expect(answers.filter((answer) => 'receipt' in answer)).toHaveLength(1);
    const [row] = await acme.world.archive.requests('acme');
    const now = await stored(acme.opening.id);
    expect(row).toMatchObject({ status: 'approved', opening: acme.opening.id });
    expect(now).toMatchObject({ grant: row?.grant, endsAt: acme.opening.endsAt + 30 * minute });
    const { epoch } = await acme.world.archive.inForce('acme');
    const draft = intentDraft({ ...acme.opening, grant: String(now?.grant) }, epoch);
    expect(await acme.world.ledger.intent(draft, epoch)).toHaveProperty('receipt');
    expect(await fault(acme.world.ledger.intent(intentDraft(acme.opening, epoch), epoch))).not.toMatch(
      /^done/,
    );
  });

  test.each([
    ['another access', { session: 'other' }, 'another access'],
    ['more minutes', { minutes: 31 }, 'longer accesses'],
    ['other systems', { systems: ['erp', 'backup', 'crm'] }, 'beyond its request in systems'],
  ])('never to %s', async (_name, change, why) => {
    const { request } = await asked();
    expect(await fault(acme.run(approve(request, change)))).toContain(why);
  });

  test('never to a later end, or to an access longer by more than it says', async () => {
    const { request } = await asked();
    const later = { until: acme.opening.endsAt + 30 * minute + 1 };
    expect(await fault(acme.run(approve(request, later)))).toContain('lasts longer');
    const fewer = { minutes: 10, until: acme.opening.endsAt + 20 * minute };
    expect(await fault(acme.run(approve(request, fewer)))).toContain('lasts longer');
    expect(await lines('session.extended')).toEqual([]);
  });

  test.each([
    ['another purpose', { purpose: 'support' }],
    ['other systems', { systems: ['erp', 'backup'] }],
    ['another person', { person: 'bruno' }],
    ['an access that is none', { opening: 'none' }],
  ])('that says %s than the access is none', async (_name, change) => {
    expect(await fault(asked(change))).not.toMatch(/^done/);
    expect(await acme.world.archive.requests('acme')).toEqual([]);
  });

  test('after the access ended, it is answered by nothing', async () => {
    const { request } = await asked();
    const counts = { exchanges: 0, refused: 0, statics: 0, up: 0, down: 0 };
    const closings = [{ opening: acme.opening.id, cause: 'technician' as const, cutMs: 0, counts }];
    await acme.run({ do: 'close', client: 'acme', by: undefined, closings });
    expect(await acme.run(approve(request))).toEqual({ refused: 'request_ended' });
    expect(await lines('session.extended')).toEqual([]);
  });

  test('withdrawing that consent ends the access’s rights at once', async () => {
    const { request } = await asked();
    const given = approve(request);
    await acme.run(given);
    const by = { seat: acme.seat, role: 'representative' as const };
    const grant = given.grant.id;
    await acme.run({ do: 'grant-status', client: 'acme', grant, to: 'revoked', by });
    const { epoch } = await acme.world.archive.inForce('acme');
    const answer = await acme.world.ledger.intent(intentDraft({ ...acme.opening, grant }, epoch), epoch);
    expect(answer).not.toHaveProperty('receipt');
  });
});
