/**
 * Two representatives, and signing again after one was removed, in the real ledger: one person is one signer, nothing is
 * permitted before the second signature, and log, tables and the client's own check agree.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Command } from '../../src/core/commands.ts';
import type { Grant } from '../../src/core/model.ts';
import { type RuleText, writeRuleText } from '../../src/core/signers.ts';
import {
  declareCommand,
  endSound,
  evidenceBy,
  type Folder,
  fault,
  freshId,
  grantCommand,
  loginCommand,
  makeFolder,
  openingOf,
  openLedger,
  rulesCommand,
  seatCommand,
  settle,
  standingClock,
  type World,
} from './ledger-world.ts';

const day = 24 * 3_600_000;
let folder: Folder;
let world: World;
let clock: ReturnType<typeof standingClock>;
/** Seats of Claire (two passkeys), Paul and Lea, all representatives. */
let claire: string;
let claireAgain: string;
let paul: string;
let lea: string;
let old: Grant;

const run = <C extends Command>(command: C) => world.ledger.run(command);

async function seated(controller: string): Promise<string> {
  const subject = `sub-${controller}`;
  const seat = { ...seatCommand(folder, clock.now()).seat, controller, subject, name: controller };
  expect(await run({ do: 'seat', seat, authorisedBy: { evaluation: true } })).toHaveProperty('receipt');
  return seat.id;
}

beforeEach(async () => {
  folder = makeFolder();
  clock = standingClock();
  world = await openLedger(folder, clock);
  ({ seat: claire, grant: old } = await settle(folder, (command) => run(command), clock.now()));
  claireAgain = await seated('claire');
  paul = await seated('paul');
  lea = await seated('lea');
});

afterEach(() => endSound(world, folder));

function ruleText(wish: 'on' | 'off'): RuleText {
  const words = { client: 'acme', name: 'Acme', author: 'Claire', language: 'en' as const };
  return writeRuleText({ id: freshId('rule'), wish, ...words });
}

const choose = (rule: RuleText, seat: string): Command & { do: 'rule' } => ({
  do: 'rule',
  client: 'acme',
  rule,
  evidence: evidenceBy(folder, seat, rule.textHash),
});

const signAs = (grant: Grant, seat: string): Command & { do: 'sign' } => ({
  do: 'sign',
  client: 'acme',
  grant: grant.id,
  evidence: evidenceBy(folder, seat, grant.textHash),
});

async function given(by = claire, changes: Partial<Grant> = {}): Promise<Grant> {
  const command = grantCommand(folder, by, clock.now(), changes);
  expect(await run(command)).toHaveProperty('receipt');
  return command.grant;
}

const unseat = (controller: string, by: string): Command & { do: 'unseat' } => ({
  do: 'unseat',
  client: 'acme',
  controller,
  by: { seat: by, role: 'representative' },
});

async function statusOf(grant: Grant): Promise<string | undefined> {
  return (await world.archive.grants('acme')).find(({ id }) => id === grant.id)?.status;
}

async function declareUnder(grant: Grant): Promise<string> {
  const login = loginCommand(clock.now());
  await run(login);
  const { epoch } = await world.archive.inForce('acme');
  return fault(run(declareCommand(openingOf(grant.id, login.login.id, clock.now()), epoch)));
}

const lines = async (kind: string) =>
  (await world.archive.lines({ client: 'acme', limit: 200, disclose: [] })).filter(
    ({ leaf }) => leaf.t === kind,
  );

describe('a client that wants two signatures', () => {
  beforeEach(async () => {
    expect(await run(choose(ruleText('on'), claire))).toMatchObject({ complete: true });
  });

  test('has an agreement once a second, different person signed it, and nothing before', async () => {
    const grant = await given();
    expect(await statusOf(grant)).toBe('waiting');
    expect(await declareUnder(grant)).toContain('not in force');
    expect(await run(signAs(grant, claire))).toEqual({ refused: 'same_person' });
    expect(await run(signAs(grant, claireAgain))).toEqual({ refused: 'same_person' });
    expect(await declareUnder(grant)).toContain('not in force');
    expect(await run(signAs(grant, paul))).toMatchObject({ complete: true });
    expect(await statusOf(grant)).toBe('active');
    expect(await declareUnder(grant)).toContain('receipt');
    const { signers, two } = await world.archive.signing('acme');
    expect(two).toBe(true);
    expect(signers.get(grant.id)?.map(({ seat }) => seat)).toEqual([claire, paul]);
  });

  test('keeps what was in force before', async () => {
    expect(await statusOf(old)).toBe('active');
  });

  test('what waits ends when its system leads elsewhere, and no second signature brings it back', async () => {
    const grant = await given();
    await run(rulesCommand('https://here.example'));
    expect(await statusOf(grant)).toBe('waiting');
    await run(rulesCommand('https://there.example', ['erp']));
    expect([await statusOf(grant), await statusOf(old)]).toEqual(['void', 'suspended']);
    expect(await lines('consent.lapsed')).toHaveLength(1);
    expect(await run(signAs(grant, paul))).toEqual({ refused: 'grant_ended' });
  });

  test('two seconds at once: one signature, one line', async () => {
    const grant = await given();
    const answers = await Promise.all([run(signAs(grant, paul)), run(signAs(grant, lea))]);
    expect(answers.filter((answer) => 'receipt' in answer)).toHaveLength(1);
    expect(answers.filter((answer) => 'refused' in answer)).toEqual([{ refused: 'grant_settled' }]);
    expect(await lines('consent.signed')).toHaveLength(1);
  });

  test('a waiting agreement is neither resumed nor suspended, but withdrawn by one', async () => {
    const grant = await given();
    const by = { seat: paul, role: 'representative' } as const;
    const to = (status: 'active' | 'suspended' | 'revoked') =>
      run({ do: 'grant-status', client: 'acme', grant: grant.id, to: status, by });
    expect(await fault(to('active'))).toContain('second signature');
    expect(await fault(to('suspended'))).toContain('second signature');
    expect(await to('revoked')).toHaveProperty('receipt');
    expect(await run(signAs(grant, paul))).toEqual({ refused: 'grant_ended' });
  });

  test('whoever signed first is removed while it waits: it is void for ever', async () => {
    const grant = await given();
    expect(await run(unseat('claire', paul))).toHaveProperty('epoch');
    expect(await statusOf(grant)).toBe('void');
    expect(await run(signAs(grant, paul))).toEqual({ refused: 'grant_ended' });
    expect((await lines('consent.lapsed')).map(({ leaf }) => leaf.grant)).toEqual([grant.id]);
  });

  test('a removed person, a stranger, another text or another client does not sign second', async () => {
    const grant = await given();
    const other = await given();
    await run(unseat('lea', paul));
    expect(await run(signAs(grant, lea))).toEqual({ refused: 'not_seated' });
    expect(await run(signAs(grant, 'nobody'))).toEqual({ refused: 'not_seated' });
    expect(await run({ ...signAs(grant, paul), client: 'martin' })).toEqual({ refused: 'not_seated' });
    const crossed = { ...signAs(grant, paul), evidence: evidenceBy(folder, paul, other.textHash) };
    expect(await fault(run(crossed))).toContain('evidence does not hold');
    expect(await statusOf(grant)).toBe('waiting');
  });

  test('wants one again only when two different people signed the same words', async () => {
    const off = ruleText('off');
    expect(await run(choose(off, claire))).toMatchObject({ complete: false });
    expect((await world.archive.signing('acme')).pending).toMatchObject({ id: off.id, seat: claire });
    expect(await run(choose(off, claireAgain))).toEqual({ refused: 'same_person' });
    expect(await run(choose(ruleText('off'), paul))).toEqual({ refused: 'rule_pending' });
    expect(await statusOf(await given())).toBe('waiting');
    expect(await run(choose(off, paul))).toMatchObject({ complete: true });
    expect(await statusOf(await given())).toBe('active');
    expect(await run(choose(ruleText('off'), paul))).toEqual({ refused: 'rule_same' });
  });

  test('a first signature for one lapses with its signer, and after thirty days', async () => {
    await run(choose(ruleText('off'), lea));
    await run(unseat('lea', claire));
    expect((await world.archive.signing('acme')).pending).toBeUndefined();
    const second = ruleText('off');
    expect(await run(choose(second, claire))).toMatchObject({ complete: false });
    clock.advance(30 * day);
    expect(await run(choose(second, paul))).toEqual({ refused: 'rule_pending' });
    expect(await run({ do: 'requests-lapse' })).toEqual({ lapsed: 1 });
    expect(await run(choose(ruleText('off'), paul))).toMatchObject({ complete: false });
    expect((await world.archive.signing('acme')).two).toBe(true);
  });

  test('is no state that is chosen twice', async () => {
    expect(await run(choose(ruleText('on'), paul))).toEqual({ refused: 'rule_same' });
    expect(await lines('consent.rule')).toHaveLength(1);
  });
});

test('a client with one representative cannot lock itself out by wanting two', async () => {
  await run(unseat('paul', claire));
  await run(unseat('lea', claire));
  expect(await run(choose(ruleText('on'), claire))).toEqual({ refused: 'nobody_else' });
});

describe('after a representative was removed', () => {
  test('what they signed holds for thirty days unless another signs the same text', async () => {
    const grant = await given(paul, { until: clock.now() + 90 * day });
    const removed = clock.now();
    await run(unseat('paul', claire));
    const [row] = await world.archive.grants('acme');
    expect(row).toMatchObject({ id: grant.id, status: 'active', until: removed + 30 * day });
    expect(row?.confirmBy).toBe(removed + 30 * day);
    const ends = () => world.archive.grantEnds('acme', [grant.id, 'no-such-grant']);
    expect(await ends()).toEqual(new Map([[grant.id, removed + 30 * day]]));
    expect(await world.archive.grantEnds('martin', [grant.id])).toEqual(new Map());
    expect(await declareUnder(grant)).toContain('receipt');
    expect(await run(signAs(grant, claire))).toMatchObject({ complete: true });
    const [again] = await world.archive.grants('acme');
    expect(again).toMatchObject({ until: grant.until });
    expect(await ends()).toEqual(new Map([[grant.id, grant.until]]));
    expect(again?.confirmBy).toBeUndefined();
    clock.advance(60 * day);
    expect(await declareUnder(grant)).toContain('receipt');
  });

  test('what nobody signs again ends then, and that is written once', async () => {
    const grant = await given(paul, { until: clock.now() + 90 * day });
    await run(unseat('paul', claire));
    clock.advance(30 * day);
    expect(await run(signAs(grant, claire))).toEqual({ refused: 'grant_ended' });
    const both = await Promise.all([run({ do: 'requests-lapse' }), run({ do: 'requests-lapse' })]);
    expect(both.map(({ lapsed }) => lapsed).sort()).toEqual([0, 1]);
    expect(await statusOf(grant)).toBe('expired');
    expect(await declareUnder(grant)).toContain('not in force');
  });

  test('the deadline does not move when another is removed, nor when the clock goes back', async () => {
    const grant = await given(paul, { until: clock.now() + 90 * day });
    const due = clock.now() + 30 * day;
    await run(unseat('paul', claire));
    clock.advance(-5 * day);
    await run(unseat('lea', claire));
    expect((await world.archive.grants('acme')).find(({ id }) => id === grant.id)?.confirmBy).toBe(due);
  });

  test('of two signers one is left: the other signature comes from a third person', async () => {
    await run(choose(ruleText('on'), claire));
    const grant = await given(claire);
    await run(signAs(grant, paul));
    await run(unseat('paul', claire));
    expect(await run(signAs(grant, claire))).toEqual({ refused: 'same_person' });
    expect(await run(signAs(grant, lea))).toMatchObject({ complete: true });
  });

  test('what others signed is as it was, and is not signed again', async () => {
    const grant = await given(claire);
    await run(unseat('paul', claire));
    expect(await run(signAs(grant, lea))).toEqual({ refused: 'grant_settled' });
  });
});
