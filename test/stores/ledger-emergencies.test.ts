/** Emergencies in the real log: judged in the transaction of the line, counted, reviewed once; rows, log and export agree. */
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { EmergencyClause, ReviewEmergency } from '../../src/core/emergency.ts';
import type { Grant, Opening } from '../../src/core/model.ts';
import { declareCommand, fault, grantCommand, openingOf, seatCommand, settle } from './ledger-world.ts';
import { type SettledWorld, settledWorld } from './settled-world.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const clause: EmergencyClause = {
  people: ['alice', 'bruno'],
  minutes: 60,
  perYear: 2,
  reviewDays: 7,
  zone: 'Europe/Paris',
};

let acme: SettledWorld;
let grant: string;

beforeEach(async () => {
  acme = await settledWorld();
  grant = await agreed();
});

afterEach(() => acme.end());

/** An agreement for emergencies only, on what no ordinary one covers. */
async function agreed(changes: Partial<Grant> = {}): Promise<string> {
  const command = grantCommand(acme.folder, acme.seat, acme.clock.now(), {
    ...{ purposes: ['incident'], people: [], emergency: clause },
    until: acme.clock.now() + 300 * day,
    ...changes,
  });
  expect(await acme.run(command)).toMatchObject({ receipt: {} });
  return command.grant.id;
}

async function declared(
  changes: Partial<Opening> = {},
  as: readonly string[] | undefined = ['alice', 'assigned', 'team:hotline'],
) {
  const opening = openingOf(grant, acme.opening.login, acme.clock.now(), {
    ...{ purpose: 'incident', emergency: true as const },
    ...changes,
  });
  return acme.run({ ...declareCommand(opening, await acme.epochNow()), emergency: { as } });
}

const book = () => acme.world.archive.emergencies('acme');

async function review(more: Partial<ReviewEmergency> = {}) {
  const [newest] = await book();
  return acme.run({
    do: 'review-emergency',
    client: 'acme',
    opening: newest?.opening ?? '',
    outcome: 'in_order',
    note: '',
    by: { seat: acme.seat, role: 'representative' },
    ...more,
  });
}

describe('declaring one', () => {
  test('is marked on the line and in the row, and its review is due', async () => {
    expect(await declared()).toHaveProperty('receipt');
    const [line] = await acme.world.archive.lines({
      client: 'acme',
      kinds: ['session.opened'],
      limit: 1,
      disclose: [],
    });
    const reviewed = new Date(acme.clock.now() + 7 * day).toISOString();
    expect(line?.leaf).toMatchObject({ emergency: true, named: 1, review_by: reviewed });
    expect(JSON.stringify(line?.leaf)).not.toContain('TICKET');
    const { openings } = await acme.world.archive.inForce('acme');
    expect(openings.filter(({ emergency }) => emergency === true).map(({ purpose }) => purpose)).toEqual([
      'incident',
    ]);
    expect(await book()).toMatchObject([{ grant, reviewBy: acme.clock.now() + 7 * day }]);
  });

  test('the same reference has the same mark, another has another', async () => {
    await declared({ reference: 'T-1' });
    await declared({ reference: ' t-1' });
    const marks = (await book()).map(({ mark }) => mark);
    expect(new Set(marks).size).toBe(1);
    acme.clock.advance(250 * day);
    for (const { opening } of await book()) await review({ opening });
    await declared({ reference: 'T-1' });
    await declared({ reference: 'T-2' });
    expect(new Set((await book()).map(({ mark }) => mark)).size).toBe(2);
  });

  test('of three at once for the last two of the year, two are written', async () => {
    const answers = await Promise.all([declared(), declared(), declared()]);
    expect(answers.filter((answer) => 'receipt' in answer)).toHaveLength(2);
    expect(answers.filter((answer) => 'refused' in answer)).toEqual([{ refused: 'emergency_used_up' }]);
    acme.clock.advance(250 * day);
    expect(await declared()).toHaveProperty('receipt');
  });

  test('a clock set back brings no year back', async () => {
    acme.clock.advance(250 * day);
    await declared();
    await declared();
    const endsAt = acme.clock.now() + 30 * minute;
    acme.clock.advance(-200 * day);
    expect(await declared({ endsAt })).toEqual({ refused: 'emergency_used_up' });
  });

  test('is none while an ordinary agreement permits the same, also one given in the same batch', async () => {
    const ordinary = grantCommand(acme.folder, acme.seat, acme.clock.now(), { purposes: ['incident'] });
    const [, answer] = await Promise.all([acme.run(ordinary), declared()]);
    expect(answer).toEqual({ refused: 'emergency_needless' });
    // It is not meant for another provider's person, who is named by the clause.
    expect(await declared({}, ['alice'])).toHaveProperty('receipt');
    const by = { seat: acme.seat, role: 'representative' as const };
    await acme.run({ do: 'grant-status', client: 'acme', grant: ordinary.grant.id, to: 'suspended', by });
    expect(await declared()).toHaveProperty('receipt');
  });

  test('an ordinary agreement that permits less, or whose budget is used up, does not stand in the way', async () => {
    const budget = { per: 'week', zone: 'UTC', openings: 1 } as const;
    await acme.run(
      grantCommand(acme.folder, acme.seat, acme.clock.now(), {
        purposes: ['incident'],
        operations: ['read'],
      }),
    );
    const limited = grantCommand(acme.folder, acme.seat, acme.clock.now(), {
      purposes: ['incident'],
      budget,
    });
    await acme.run(limited);
    expect(await declared()).toEqual({ refused: 'emergency_needless' });
    const plain = openingOf(limited.grant.id, acme.opening.login, acme.clock.now(), { purpose: 'incident' });
    expect(await acme.run(declareCommand(plain, await acme.epochNow()))).toHaveProperty('receipt');
    expect(await declared()).toHaveProperty('receipt');
  });

  test.each([
    ['by somebody not named', { person: 'chloe' }, 'does not name the person'],
    ['without a reference', { reference: ' ' }, 'needs a reference'],
    ['without a reason', { note: '...' }, 'needs its reason'],
    [
      'for longer than the clause says',
      { endsAt: Date.UTC(2026, 5, 1, 9) + 61 * minute },
      'so long an access',
    ],
    ['that the opening does not say', { emergency: undefined as unknown as true }, 'says otherwise'],
  ])('%s: nothing is written', async (_, changes, why) => {
    expect(await fault(declared(changes))).toContain(why);
    expect(await book()).toEqual([]);
  });

  test('under an agreement without a clause, or without an emergency under one for emergencies only: nothing', async () => {
    const plain = openingOf(acme.grant.id, acme.opening.login, acme.clock.now(), { emergency: true });
    expect(
      await fault(acme.run({ ...declareCommand(plain, await acme.epochNow()), emergency: { as: [] } })),
    ).toContain('no clause');
    const quiet = openingOf(grant, acme.opening.login, acme.clock.now(), { purpose: 'incident' });
    expect(await fault(acme.run(declareCommand(quiet, await acme.epochNow())))).toContain('emergencies only');
    const forged = declareCommand({ ...quiet, purpose: 'incident' }, await acme.epochNow());
    const fields = { ...forged.fields, emergency: true };
    expect(await fault(acme.run({ ...forged, fields }))).toContain('says otherwise');
  });

  test('ordinary people beside a clause need no emergency', async () => {
    grant = await agreed({ purposes: ['repair'], people: ['assigned'] });
    const plain = openingOf(grant, acme.opening.login, acme.clock.now(), { purpose: 'repair' });
    expect(await acme.run(declareCommand(plain, await acme.epochNow()))).toHaveProperty('receipt');
    expect(await declared({ purpose: 'repair' }, ['alice', 'assigned'])).toEqual({
      refused: 'emergency_needless',
    });
    expect(await declared({ purpose: 'repair' }, ['alice'])).toHaveProperty('receipt');
  });
});

describe('lengthening one', () => {
  const extend = async (minutes: number) => {
    const [{ id, endsAt } = { id: '', endsAt: 0 }] = (
      await acme.world.archive.inForce('acme')
    ).openings.filter(({ emergency }) => emergency === true);
    const times = { from: endsAt, endsAt: endsAt + minutes * minute };
    return acme.run({
      do: 'extend',
      client: 'acme',
      opening: id,
      person: 'alice',
      epoch: await acme.epochNow(),
      ...times,
    });
  };

  test('goes as far as the clause and no further, and counts once', async () => {
    await declared({ endsAt: acme.clock.now() + 30 * minute });
    expect(await fault(extend(31))).toContain('so long an access');
    expect(await extend(30)).toHaveProperty('extended');
    expect(await fault(extend(1))).toContain('so long an access');
    expect(await book()).toHaveLength(1);
  });
});

test('with the client’s own answer it goes on beyond the clause, and still counts under it', async () => {
  await declared();
  const [opening] = (await acme.world.archive.inForce('acme')).openings.filter(
    ({ emergency }) => emergency === true,
  );
  if (opening === undefined) throw new Error('nothing is open');
  const { id, purpose, systems, endsAt, reference } = opening;
  const request = {
    ...{
      id: 'r1',
      client: 'acme',
      person: 'alice',
      systems,
      purpose,
      operations: ['read'] as const,
      reference,
    },
    ...{
      note: 'The repair takes longer.',
      minutes: 45,
      opening: id,
      until: endsAt,
      status: 'raised' as const,
    },
    ...{ raisedAt: acme.clock.now(), changedAt: acme.clock.now(), grant: undefined, said: [] },
  };
  const groups = {
    person: { subject: 'sub-alice', name: 'Alice Martin' },
    role: { function: 'technician', employer: 'Provider', team: '' },
    work: { reference, note: request.note },
  };
  expect(await acme.run({ do: 'request', request, groups })).toHaveProperty('receipt');
  const answer = grantCommand(acme.folder, acme.seat, acme.clock.now(), {
    ...{ kind: 'one-off', request: 'r1', minutes: 45, people: ['alice'], systems, purposes: [purpose] },
    ...{ operations: ['read'], session: id, until: endsAt + 45 * minute },
  });
  expect(await acme.run(answer)).toHaveProperty('extended');
  expect((await book()).map((one) => [one.opening, one.grant])).toEqual([[id, grant]]);
  expect(await declared()).toHaveProperty('receipt');
  expect(await declared()).toEqual({ refused: 'emergency_used_up' });
});

describe('the review', () => {
  test('is late after its days: another reference waits for it, the same goes on', async () => {
    await declared({ reference: 'T-1' });
    acme.clock.advance(7 * day);
    expect(await declared({ reference: 'T-2' })).toEqual({ refused: 'emergency_unreviewed' });
    expect(await declared({ reference: 'T-1' })).toHaveProperty('receipt');
  });

  test('is given once, by whoever acts for the client, and makes room for another reference', async () => {
    await declared({ reference: 'T-1' });
    acme.clock.advance(8 * day);
    const both = await Promise.all([
      review(),
      review({ outcome: 'not_in_order', note: 'Nobody called us.' }),
    ]);
    expect(both).toEqual([
      expect.objectContaining({ receipt: expect.anything() }),
      { refused: 'reviewed_already' },
    ]);
    expect(await book()).toMatchObject([{ review: { outcome: 'in_order', seat: acme.seat } }]);
    expect(await declared({ reference: 'T-2' })).toHaveProperty('receipt');
  });

  test('may be given by a delegate, not by a reader, nobody, or for another client', async () => {
    await declared();
    const delegate = seatCommand(acme.folder, acme.clock.now());
    const seats = (['delegate', 'reader'] as const).map((role) => ({
      ...delegate,
      seat: { ...delegate.seat, id: `seat-${role}`, controller: role, subject: role, role },
    }));
    for (const one of seats) expect(await acme.run(one)).toHaveProperty('receipt');
    const by = (role: 'delegate' | 'reader') => ({ by: { seat: `seat-${role}`, role } });
    expect(await review(by('reader'))).toEqual({ refused: 'not_seated' });
    expect(await review({ by: { seat: 'seat-reader', role: 'delegate' } })).toEqual({
      refused: 'not_seated',
    });
    expect(await review({ by: { seat: 'none', role: 'representative' } })).toEqual({ refused: 'not_seated' });
    expect(await review({ by: { provider: 'alice' } })).toEqual({ refused: 'not_seated' });
    expect(await review({ opening: acme.opening.id })).toEqual({ refused: 'emergency_unknown' });
    expect(await fault(review({ outcome: 'fine' as 'in_order' }))).toContain('in order');
    expect(await fault(review({ outcome: 'not_in_order', note: '-' }))).toContain('not in order');
    const said = { outcome: 'not_in_order' as const, note: 'Nobody called us.' };
    expect(await review({ ...said, ...by('delegate') })).toHaveProperty('receipt');
    expect(await book()).toMatchObject([{ review: { ...said, seat: 'seat-delegate' } }]);
  });

  test('a client has its own: another’s is unknown', async () => {
    await declared();
    const other = await settle(acme.folder, acme.run, acme.clock.now(), 'bolt');
    const [mine] = await book();
    const answer = await review({
      client: 'bolt',
      opening: mine?.opening ?? '',
      by: { seat: other.seat, role: 'representative' },
    });
    expect(answer).toEqual({ refused: 'emergency_unknown' });
    expect(await acme.world.archive.emergencies('bolt')).toEqual([]);
    expect(await acme.world.archive.emergencies('nobody')).toEqual([]);
  });
});

describe('giving it', () => {
  const give = (changes: Partial<Grant>, text?: (text: string) => string) => {
    const command = grantCommand(acme.folder, acme.seat, acme.clock.now(), {
      purposes: ['incident'],
      ...changes,
    });
    return fault(acme.run(text === undefined ? command : { ...command, text: text(command.text) }));
  };

  test('the row has the very people that were signed', async () => {
    const command = grantCommand(acme.folder, acme.seat, acme.clock.now(), { emergency: clause, people: [] });
    const others = { ...command.grant, emergency: { ...clause, people: ['alice', 'mallory'] } };
    expect(await fault(acme.run({ ...command, grant: others }))).toContain('other people for emergencies');
    expect(
      await fault(acme.run({ ...command, grant: { ...command.grant, people: ['assigned'] } })),
    ).toContain('differ');
  });

  test.each([
    ['for nobody at all', { people: [] }],
    ['with a team', { emergency: { ...clause, people: ['team:hotline'] } }],
    ['without an end to its minutes', { emergency: { ...clause, minutes: 5000 } }],
    ['without a cap', { emergency: { ...clause, perYear: 0 } }],
    ['that is used once', { emergency: clause, firstUse: { minutes: 30, startBy: Date.UTC(2026, 5, 2) } }],
  ])('%s: refused', async (_, changes) => {
    expect(await give(changes)).not.toMatch(/^done/);
  });
});

test('a row that says otherwise than the log is found', async () => {
  await declared();
  await review();
  const check = async (change: string, undo: string) => {
    const db = new DatabaseSync(acme.folder.file);
    db.exec(change);
    const found = await acme.world.archive.fsck();
    db.exec(undo);
    db.close();
    return found.join('\n');
  };
  expect(await check('UPDATE emergencies SET at = at - 1', 'UPDATE emergencies SET at = at + 1')).toContain(
    'emergency',
  );
  const outcome = (to: string) => `UPDATE emergencies SET outcome = '${to}'`;
  expect(await check(outcome('not_in_order'), outcome('in_order'))).toContain('emergency');
  const capped = (to: number, was: number) =>
    `UPDATE grants SET emergency = replace(emergency, 'per_year=${was}', 'per_year=${to}') WHERE emergency IS NOT NULL`;
  expect(await check(capped(9, 2), capped(2, 9))).toContain('says other things of emergencies');
  const flag = (to: number, was: number) =>
    `UPDATE openings SET emergency = ${to} WHERE emergency = ${was} AND purpose = 'incident'`;
  expect(await check(flag(0, 1), flag(1, 0))).toContain('emergenc');
});
