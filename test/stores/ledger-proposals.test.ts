/** Proposals in the real ledger: permit nothing, answered once, one line each; log, table and export agree. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Command } from '../../src/core/commands.ts';
import type { Grant } from '../../src/core/model.ts';
import type { Proposal } from '../../src/core/proposals.ts';
import { fault, freshId, grantCommand } from './ledger-world.ts';
import { type SettledWorld, settledWorld } from './settled-world.ts';

const day = 24 * 3_600_000;
let acme: SettledWorld;

beforeEach(async () => {
  acme = await settledWorld();
});

afterEach(() => acme.end());

async function made(more: Partial<Proposal> = {}): Promise<Proposal> {
  const proposal: Proposal = {
    id: freshId('proposal'),
    client: 'acme',
    template: 'hotline-hours',
    systems: ['erp', 'backup'],
    purposes: ['hotline'],
    operations: ['read'],
    people: ['assigned'],
    days: 90,
    onceMinutes: undefined,
    budget: { per: 'week', zone: 'Europe/Paris', openings: 20 },
    by: 'carla',
    proposedAt: acme.clock.now(),
    until: acme.clock.now() + 30 * day,
    status: 'waiting',
    changedAt: acme.clock.now(),
    grant: undefined,
    ...more,
  };
  expect(await acme.run({ do: 'propose', proposal, name: 'Carla Blanc' })).toHaveProperty('receipt');
  return proposal;
}

const agree = (proposal: Proposal, more: Partial<Grant> = {}) =>
  grantCommand(acme.folder, acme.seat, acme.clock.now(), {
    proposal: proposal.id,
    systems: ['erp'],
    purposes: ['hotline'],
    operations: ['read'],
    until: acme.clock.now() + 60 * day,
    ...(proposal.budget === undefined ? {} : { budget: proposal.budget }),
    ...more,
  });

const decline = (proposal: string, by = acme.seat): Command & { do: 'decline' } => ({
  do: 'decline',
  client: 'acme',
  proposal,
  by: { seat: by, role: 'representative' },
});

const lines = async (kind: string) =>
  (await acme.world.archive.lines({ client: 'acme', limit: 200, disclose: ['person'] })).filter(
    ({ leaf }) => leaf.t === kind,
  );

describe('a proposal', () => {
  test('is a line that names nobody openly, and a row', async () => {
    const { id } = await made();
    const [line] = await lines('consent.proposed');
    expect(line?.leaf).toMatchObject({ template: 'hotline-hours', days: 90, by: 'provider' });
    expect(JSON.stringify(line?.leaf)).not.toMatch(/carla/i);
    expect(line?.groups.person).toEqual({ name: 'Carla Blanc' });
    expect(await acme.world.archive.proposals('acme')).toMatchObject([
      { id, status: 'waiting', by: 'carla', people: ['assigned'], budget: { openings: 20 } },
    ]);
    expect(await acme.world.archive.proposals('martin')).toEqual([]);
  });

  test('permits nothing: no agreement is in force because of it, and none is not moved', async () => {
    const before = await acme.world.archive.inForce('acme');
    await made();
    const after = await acme.world.archive.inForce('acme');
    expect(after.grants).toEqual(before.grants);
    expect(after.epoch).toBe(before.epoch);
  });

  test('sent twice is one, and there are not very many', async () => {
    const first = await made();
    expect(await acme.run({ do: 'propose', proposal: first, name: '' })).toEqual({
      refused: 'proposal_exists',
    });
    for (let i = 1; i < 10; i += 1) await made();
    const eleventh = { ...first, id: freshId('proposal') };
    expect(await acme.run({ do: 'propose', proposal: eleventh, name: '' })).toEqual({
      refused: 'too_many_proposals',
    });
  });

  test('is answered once: of two signatures and a refusal at once one counts', async () => {
    const proposal = await made();
    const answers = await Promise.all([
      acme.run(agree(proposal)),
      acme.run(decline(proposal.id)),
      acme.run(agree(proposal)),
    ]);
    expect(answers.filter((answer) => 'receipt' in answer)).toHaveLength(1);
    expect(answers.filter((answer) => 'refused' in answer)).toEqual([
      { refused: 'proposal_ended' },
      { refused: 'proposal_ended' },
    ]);
    const [row] = await acme.world.archive.proposals('acme');
    expect(row?.status).toBe('accepted');
    const grant = (await acme.world.archive.grants('acme')).find(({ id }) => id === row?.grant);
    expect(grant).toMatchObject({ proposal: proposal.id, status: 'active', systems: ['erp'] });
  });

  test('names robots on its line, and is not signed for one that it does not name', async () => {
    const people = ['assigned', 'robot:nightly'];
    const proposal = await made({ people });
    expect((await lines('consent.proposed'))[0]?.leaf).toMatchObject({ robots: 'robot:nightly' });
    const wrong = agree(proposal, { people: ['robot:other'] });
    expect(await fault(acme.run(wrong))).toContain('other people than its proposal');
    expect(await acme.run(agree(proposal, { people: ['robot:nightly'] }))).toHaveProperty('receipt');
    const plain = await made();
    expect((await lines('consent.proposed'))[0]?.leaf).not.toHaveProperty('robots');
    expect(await fault(acme.run(agree(plain, { people })))).toContain('other people than its proposal');
  });

  test('is declined by a seated representative of its client alone', async () => {
    const { id } = await made();
    expect(await acme.run(decline(id, 'nobody'))).toEqual({ refused: 'not_seated' });
    expect(await acme.run({ ...decline(id), by: { provider: 'carla' } })).toEqual({ refused: 'not_seated' });
    expect(await acme.run({ ...decline(id), client: 'martin' })).toEqual({ refused: 'proposal_unknown' });
    expect(await acme.run(decline(id))).toHaveProperty('receipt');
    expect(await acme.run(decline(id))).toEqual({ refused: 'proposal_ended' });
    expect(await lines('consent.refused')).toHaveLength(1);
  });

  test('lapses once after thirty days, also when the clock had gone back, and cannot be signed then', async () => {
    const proposal = await made();
    acme.clock.advance(-day);
    expect(await acme.run({ do: 'requests-lapse' })).toEqual({ lapsed: 0 });
    acme.clock.advance(31 * day);
    expect(await acme.run(agree(proposal))).toEqual({ refused: 'proposal_ended' });
    const both = await Promise.all([acme.run({ do: 'requests-lapse' }), acme.run({ do: 'requests-lapse' })]);
    expect(both.map(({ lapsed }) => lapsed).sort()).toEqual([0, 1]);
    expect(await lines('consent.lapsed')).toHaveLength(1);
    expect(await acme.world.archive.proposals('acme')).toMatchObject([{ status: 'lapsed' }]);
  });

  test.each([
    ['another purpose', { purposes: ['support'] }, 'in purposes'],
    ['more systems', { systems: ['erp', 'crm'] }, 'in systems'],
    ['more operations', { operations: ['read', 'write'] as const }, 'in operations'],
    ['other people', { people: ['bruno'] }, 'other people'],
    ['a longer time', { until: Date.UTC(2026, 10, 1) }, 'in days'],
    ['a higher limit', { budget: { per: 'week', zone: 'Europe/Paris', openings: 21 } as const }, 'in budget'],
    [
      'a limit by the day',
      { budget: { per: 'day', zone: 'Europe/Paris', openings: 20 } as const },
      'in budget',
    ],
    ['a proposal that is none', { proposal: 'none' }, 'no such proposal'],
  ])('is never signed for %s', async (_name, change, why) => {
    const proposal = await made();
    expect(await fault(acme.run(agree(proposal, change)))).toContain(why);
    expect(await acme.world.archive.proposals('acme')).toMatchObject([
      { status: 'waiting', grant: undefined },
    ]);
  });
});
