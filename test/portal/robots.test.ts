/** What people read about robots: who they are, what an agreement lets them do, how a run ended, and that one did not come. */
import { describe, expect, test } from '@jest/globals';
import type { Client, Person, Snapshot } from '../../src/core/model.ts';
import { noticesDue } from '../../src/core/notices.ts';
import { noticeMail } from '../../src/portal/notice-mail.ts';
import { browser, type Form } from './browser.ts';
import { grant, makeWorld, proposed, seat, start, type World } from './world.ts';

const minute = 60_000;

/** The sample with a robot that is assigned to acme's backup server, and a purpose that machines may declare. */
function withRobot(): World {
  const world = makeWorld();
  const { people, clients, purposes } = world.snapshot as unknown as {
    people: Map<string, Person>;
    clients: Map<string, Client>;
    purposes: Map<string, unknown>;
  };
  const alice = people.get('alice');
  const acme = clients.get('acme');
  if (alice === undefined || acme === undefined) throw new Error('the sample changed');
  const windows = [{ days: [1, 2], from: 60, until: 300, latest: 150 }];
  people.set('nightly', {
    ...alice,
    ...{ id: 'nightly', name: '⚙ Robot Nightly', subject: 'nightly', functions: [], teams: [] },
    robot: {
      ...{ label: 'Nightly', clientId: 'nightly', proof: 'private-key', responsible: 'alice' },
      ...{ purposes: ['backup'], windows, hours: { zone: 'Europe/Paris', windows, closedOn: 'none' } },
    },
  });
  purposes.set('backup', { ...(purposes.get('backup') as object), robots: true });
  const assigned = {
    who: 'nightly',
    systems: ['backup'],
    from: 0,
    until: undefined,
    reason: 'nightly copies',
  };
  clients.set('acme', { ...acme, assignments: [...acme.assignments, assigned] });
  return world;
}

const read = (text: string) =>
  text
    .replace(/<[^>]+>/g, ' ')
    .replace(/[\u00a0\u202f]/g, ' ')
    .replace(/ +/g, ' ');

const form: Form = {
  ...{ systems: ['erp', 'backup'], purposes: ['backup'], operations: ['read', 'copy'] },
  ...{ who: '', robots: ['robot:nightly'], from: '2026-10-05', until: '2027-01-31' },
};

test('an agreement lists robots apart, with who answers for them; ticking people ticks none', async () => {
  const world = withRobot();
  const user = browser(world, 'claire', 'en');
  const page = await user.get('/agreements/new');
  expect(read(page.text)).toContain('⚙ Robot Nightly (responsible: Alice Durand)');
  expect(read(page.text)).toContain('Monday, Tuesday 01:00–05:00 (expected by 02:30), Europe/Paris');
  // It is nobody of the people.
  expect(page.text).not.toMatch(/name="(people|emergencyPeople)" value="(robot:)?nightly"/);

  await user.post('/agreements/new', form);
  const review = await user.get('/agreements/review');
  expect(read(review.text)).toContain(
    '⚙ Robot Nightly (responsible: Alice Durand) comes by itself to Backup server for Label backup: it can consult, copy or download, within these hours alone: Monday, Tuesday 01:00–05:00',
  );
  expect(read(review.text)).toContain('Nobody else enters under this agreement.');
  const textHash = /sha256:[\w-]{43}/.exec(review.text)?.[0] ?? '';
  await user.post('/agreements/sign', { textHash, evaluation: '1' });
  const [given] = world.memory.commands.flatMap((command) => (command.do === 'grant' ? [command] : []));
  expect(given?.grant.people).toEqual(['robot:nightly']);
  expect(JSON.parse(given?.text ?? '')).toMatchObject({ people: 'robot:nightly' });
  expect(given?.text).toContain('⚙ Robot Nightly (responsible: Alice Durand)');
});

test.each<[string, Form, readonly string[] | RegExp]>([
  ['people alone', { who: 'assigned', robots: [] }, ['assigned']],
  ['people and a robot', { who: 'assigned' }, ['assigned', 'robot:nightly']],
  ['a named person and a robot', { who: 'named', people: ['alice'] }, ['alice', 'robot:nightly']],
  ['a robot that is not there', { robots: ['robot:other'] }, /Tick robots that are listed here/],
  ['a robot as a person', { who: 'named', people: ['nightly'], robots: [] }, /Say who/],
  ['people ticked without saying so', { people: ['alice'] }, /Say who/],
  ['nobody at all', { robots: [] }, /Say who/],
])('an agreement for %s', async (_, change, expected) => {
  const world = withRobot();
  const user = browser(world, 'claire', 'en');
  const answer = await user.post('/agreements/new', { ...form, ...change });
  if (expected instanceof RegExp) {
    expect(answer.status).toBe(422);
    expect(answer.text).toMatch(expected);
    return;
  }
  const review = await user.get('/agreements/review');
  const textHash = /sha256:[\w-]{43}/.exec(review.text)?.[0] ?? '';
  await user.post('/agreements/sign', { textHash, evaluation: '1' });
  const [given] = world.memory.commands.flatMap((command) => (command.do === 'grant' ? [command] : []));
  expect(given?.grant.people).toEqual(expected);
});

describe('a proposal', () => {
  const lines: Form = { ...form, from: '', until: '2026-12-01' };
  const withProposal = (people: readonly string[]) => {
    const world = withRobot();
    world.memory.room('acme').grants.clear();
    const scope = { systems: ['backup'], purposes: ['backup'], operations: ['read', 'copy'] as const };
    world.memory.room('acme').proposals.set('p1', proposed('p1', { ...scope, people, budget: undefined }));
    return world;
  };
  const answer = (world: World, change: Form = {}) =>
    browser(world, 'claire').post('/proposals/p1/agree', { ...lines, systems: ['backup'], ...change });

  test('of a robot is agreed to by one signature, which names it and nobody else', async () => {
    const world = withProposal(['robot:nightly']);
    const user = browser(world, 'claire');
    const page = await user.get('/proposals/p1');
    expect(page.text).toMatch(/name="robots" value="robot:nightly" checked/);
    expect(page.text).not.toMatch(/name="(who|people)"/);
    expect(read(page.text)).toContain('⚙ Robot Nightly (responsible:');
    expect((await user.post('/proposals/p1/agree', { ...lines, systems: ['backup'] })).status).toBe(303);
    const review = await user.get('/agreements/review');
    const textHash = /sha256:[\w-]{43}/.exec(review.text)?.[0] ?? '';
    expect((await user.post('/agreements/sign', { textHash, evaluation: '1' })).status).toBe(303);
    const [given] = world.memory.commands.filter((command) => command.do === 'grant');
    expect(given?.grant).toMatchObject({ proposal: 'p1', people: ['robot:nightly'] });
    expect(JSON.parse(given?.text ?? '')).toMatchObject({ people: 'robot:nightly', proposal: 'p1' });
  });

  test('of whoever is assigned offers no robot, and none can be added; one of both may be struck of it', async () => {
    const people = withProposal(['assigned']);
    const shown = await browser(people, 'claire').get('/proposals/p1');
    expect(shown.text).not.toContain('name="robots"');
    expect((await answer(people, { who: 'assigned' })).status).toBe(422);
    const both = withProposal(['assigned', 'robot:nightly']);
    expect((await answer(both, { who: 'assigned', robots: [] })).status).toBe(303);
    expect((await answer(both, { who: 'assigned' })).status).toBe(303);
  });

  test.each<[string, Form]>([
    ['people too', { who: 'assigned' }],
    ['a named person too', { who: 'named', people: ['alice'] }],
    ['another robot', { robots: ['robot:other'] }],
    ['nobody', { robots: [] }],
  ])('of a robot cannot be signed for %s', async (_name, change) => {
    const world = withProposal(['robot:nightly']);
    expect((await answer(world, change)).status).toBe(422);
  });
});

test('renewing an agreement ticks the robots it named', async () => {
  const world = withRobot();
  const until = start + 30 * 24 * 60 * minute;
  const named = grant('g9', { people: ['assigned', 'robot:nightly'], until });
  world.memory.room('acme').grants.set('g9', { ...named, text: '' });
  const { text } = await browser(world, 'claire', 'en').get('/agreements/new?renew=g9');
  expect(text).toMatch(/name="robots" value="robot:nightly" checked/);
  const list = await browser(world, 'claire', 'en').get('/agreements');
  expect(read(list.text)).toContain('⚙ Robot Nightly (responsible: Alice Durand)');
});

const line = (observed: boolean) => ({
  origin: 'log/acme',
  index: 7,
  leaf: {
    ...{ t: 'robot.missed', id: 'm1', at: new Date(start - 60 * minute).toISOString(), robot: 'nightly' },
    ...{ system: 'backup', observed },
    from: new Date(start - 180 * minute).toISOString(),
    latest: new Date(start - 120 * minute).toISOString(),
  },
  groups: {},
});

test.each([
  [true, /⚙ Robot Nightly \(responsible: Alice Durand\) did not come\. It was to begin between .* and /],
  [false, /did not come: .*The gateway did not run all that time, so what the robot tried then is not known/],
])('that it did not come is told to client and provider (observed: %s)', async (observed, sentence) => {
  const world = withRobot();
  world.memory.room('acme').lines.push(line(observed));
  for (const [who, path] of [
    ['claire', '/'],
    ['marc', '/'],
    ['claire', '/activity'],
    ['david', '/provider'],
  ] as const)
    expect([who, path, read((await browser(world, who, 'en').get(path)).text)]).toEqual([
      who,
      path,
      expect.stringMatching(sentence),
    ]);
  const french = read((await browser(world, 'claire', 'fr').get('/')).text);
  expect(french).toMatch(/⚙ Robot Nightly \(responsable : Alice Durand\) n’est pas venu/);
});

test('all people of the client are mailed once', () => {
  const world = withRobot();
  const client = { ...(world.snapshot.clients.get('acme') as Client) };
  const mailed = {
    ...client,
    controllers: client.controllers.map((one) => ({ ...one, mail: `${one.id}@acme.example` })),
  };
  const due = noticesDue({
    ...{
      client: mailed,
      requests: [],
      frames: [],
      proposals: [],
      people: [],
      stories: [],
      endings: [],
      copies: [],
      matters: [],
    },
    seats: [seat('claire', 'acme', 'representative'), seat('marc', 'acme', 'reader')],
    ...{ missed: [line(true)], since: 0, now: start },
  });
  expect(due.map(({ key }) => key)).toEqual([
    'robot m1 acme/claire',
    'robot m1 acme/marc',
    'robot m1 acme contact',
  ]);
  const [first] = due;
  if (first === undefined) throw new Error('nobody is told');
  const snapshot: Snapshot = world.snapshot;
  const context = { portalUrl: world.deps.portalUrl, client: mailed, snapshot };
  const mail = noticeMail({ ...first, to: { ...first.to, language: 'en' } }, context);
  expect(mail.subject).toBe('A robot did not come: Backup server');
  expect(mail.text.replace(/\s+/g, ' ')).toContain('did not come. It was to begin between');
});

test('what a robot said at the end stands in the activity', async () => {
  const world = withRobot();
  const closed = (result: string, said: string, index: number) => ({
    origin: 'log/acme',
    index,
    leaf: {
      ...{ t: 'session.closed', id: `c${index}`, at: new Date(start - minute).toISOString() },
      ...{ session: `s${index}`, cause: 'robot', cut_ms: 0, exchanges: 1, refused: 0, statics: 0, result },
    },
    groups: { work: { said } },
  });
  world.memory.room('acme').lines.push(closed('done', '3 files, 12 GB', 8), closed('failed', '', 9));
  const page = read((await browser(world, 'claire', 'en').get('/activity')).text);
  expect(page).toContain('closed by the robot');
  expect(page).toContain('The robot says: done – 3 files, 12 GB');
  expect(page).toContain('The robot says: failed');
});
