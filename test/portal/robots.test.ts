/** What people read about robots: who they are, what an agreement lets them do, how a run ended, and that one did not come. */
import { describe, expect, test } from '@jest/globals';
import type { Client, Person, Snapshot } from '../../src/core/model.ts';
import { noticesDue } from '../../src/core/notices.ts';
import { noticeMail } from '../../src/portal/notice-mail.ts';
import { browser, type Form } from './browser.ts';
import { makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';
import { grant, proposed, seat } from './world-things.ts';

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
  expect(given?.text).toContain(
    'No people, only these robots of the provider, which come by themselves: ⚙ Robot Nightly (responsible: Alice Durand).',
  );
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
  expect((await browser(world, 'claire').get('/')).text).toContain('href="/copies#runs"');
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

const at = (text: string) => Date.parse(text);

/** The log's lines of an access by the robot, and the access itself. */
function came(world: World, id: string, from: string, leaf: object, result?: string): void {
  const room = world.memory.room('acme');
  const opened = {
    t: 'session.opened',
    id,
    at: from,
    robot: 'nightly',
    systems: 'backup',
    purpose: 'backup',
  };
  const person = { name: '⚙ Robot Nightly' };
  const groups = { person, role: { function: 'robot' }, work: { reference: 'RUN-1', note: '' } };
  room.lines.push({ origin: 'log/acme', index: room.lines.length, leaf: { ...opened, ...leaf }, groups });
  const closed = {
    t: 'session.closed',
    id: `c${id}`,
    at: from,
    session: id,
    cause: 'robot',
    result: result ?? '',
  };
  if (result !== undefined)
    room.lines.push({ origin: 'log/acme', index: room.lines.length, leaf: closed, groups: {} });
  room.openings.set(id, {
    ...{ id, client: 'acme', person: 'nightly', systems: ['backup'], purpose: 'backup', grant: 'g9' },
    ...{ reference: 'RUN-1', note: '', login: 'l', openedAt: at(from), endsAt: at(from) + minute },
    account: { issuer: 'https://login.example', subject: 'nightly' },
    authentication: { acr: undefined, amr: [], at: at(from) },
    ...{ endedAt: at(from) + minute, endCause: 'robot' },
  });
}

function agreed(world: World): void {
  const from = start - 20 * 24 * 60 * minute;
  const scope = { people: ['robot:nightly'], systems: ['backup'], purposes: ['backup'], from };
  world.memory.room('acme').grants.set('g9', { ...grant('g9', scope), text: '' });
}

/** The cells of the table of planned runs. */
function runsOn(page: string): readonly string[] {
  const part = page.slice(page.indexOf('id="runs"'));
  const body = /<tbody[^>]*>(.*?)<\/tbody>/s.exec(part)?.[1] ?? '';
  return body
    .split('</tr>')
    .map((row) => read(row).trim())
    .filter((row) => row !== '');
}

describe('planned runs', () => {
  const robot = '⚙ Robot Nightly (responsible: Alice Durand) Backup server';
  const [monday, tuesday] = ['5 October 2026, 01:00–02:30 +02:00', '29 September 2026, 01:00–02:30 +02:00'];
  const next = `${robot} 6 October 2026, 01:00–02:30 +02:00 to come`;
  const runs = '2026-10-04T23:00:00.000Z/2026-10-05T00:30:00.000Z';

  test('are shown to client and provider: what came, what was missed, what comes', async () => {
    const world = withRobot();
    agreed(world);
    came(world, 's1', '2026-10-04T23:05:00.000Z', { runs }, 'done');
    const missed = { from: '2026-09-28T23:00:00.000Z', latest: '2026-09-29T00:30:00.000Z' };
    const { leaf } = line(true);
    const told = { ...line(true), leaf: { ...leaf, ...missed, at: '2026-09-29T00:31:00.000Z' } };
    world.memory.room('acme').lines.push(told);
    const page = (await browser(world, 'marc').get('/copies')).text;
    expect(runsOn(page)).toEqual([
      next,
      expect.stringContaining(`${robot} ${monday} came at 01:05 +02:00, says: done See the access`),
      `${robot} ${tuesday} did not come`,
    ]);
    expect(page).toContain('href="/history/s1"');
    const across = (await browser(world, 'david').get('/provider/copies/acme')).text;
    expect(runsOn(across)).toHaveLength(3);
    expect(across).not.toContain('/history/');
    expect(runsOn((await browser(world, 'marc', 'fr').get('/copies')).text)[2]).toContain('n’est pas venu');
  });

  test.each<[string, (world: World) => void, string]>([
    ['nobody looked', () => undefined, 'not watched then'],
    [
      'the gateway did not run',
      (world) => {
        const missed = { from: '2026-10-04T23:00:00.000Z', latest: '2026-10-05T00:30:00.000Z' };
        world.memory.room('acme').lines.push({ ...line(false), leaf: { ...line(false).leaf, ...missed } });
      },
      'did not come; the gateway did not run all that time',
    ],
    [
      'an older line says no run',
      (world) => came(world, 's1', '2026-10-04T23:05:00.000Z', {}),
      'came at 01:05',
    ],
    [
      'it was let in at the last moment and written down later',
      (world) => came(world, 's1', '2026-10-05T00:30:01.000Z', { runs }, 'failed'),
      'came at 02:30 +02:00, says: failed',
    ],
    [
      'it came for another run',
      (world) =>
        came(world, 's1', '2026-10-04T23:05:00.000Z', {
          runs: '2026-09-28T23:00:00.000Z/2026-09-29T00:30:00.000Z',
        }),
      'not watched then',
    ],
    [
      'it is time',
      (world) => Object.assign(world.memory, { now: at('2026-10-04T23:30:00Z') }),
      'expected now',
    ],
  ])('say what is known where %s', async (_name, change, expected) => {
    const world = withRobot();
    agreed(world);
    change(world);
    const rows = runsOn((await browser(world, 'claire').get('/copies')).text);
    expect(rows.find((row) => row.includes(monday))).toContain(expected);
  });

  test('came, however often the robot came to others and people came here since', async () => {
    const world = withRobot();
    agreed(world);
    came(world, 's1', '2026-10-04T23:05:00.000Z', { runs });
    const { openings, lines } = world.memory.room('acme');
    const [own, first] = [openings.get('s1'), lines.at(-1)];
    if (own === undefined || first === undefined) throw new Error('it did not come');
    for (let i = 1; i <= 520; i += 1) {
      const elsewhere = { ...own, id: `z${i}`, client: 'zenith', openedAt: own.openedAt + i * 1000 };
      world.memory.room('zenith').openings.set(elsewhere.id, elsewhere);
      const leaf = { t: 'session.opened', id: `p${i}`, at: '2026-10-05T06:00:00.000Z', systems: 'erp' };
      lines.push({ ...first, index: lines.length, leaf });
    }
    const rows = runsOn((await browser(world, 'claire').get('/copies')).text);
    expect(rows.find((row) => row.includes(monday))).toContain('came at 01:05');
  });

  test('are no section where no robot is expected', async () => {
    const page = (await browser(withRobot(), 'claire').get('/copies')).text;
    expect(page).not.toContain('id="runs"');
  });

  test('stand on the row of the access that begins them', async () => {
    const world = withRobot();
    came(world, 's1', '2026-10-04T23:05:00.000Z', { runs });
    const page = read((await browser(world, 'claire').get('/activity')).text);
    expect(page).toContain(`The planned run of ${monday} begins with it.`);
  });
});

test('what a robot sent is said to be sent by that robot', async () => {
  const world = withRobot();
  came(world, 's1', '2026-10-04T23:05:00.000Z', {});
  const fields = { session: 's1', system: 'backup', operation: 'read', method: 'GET', tool: true };
  const target = { path: '/backups' };
  world.memory.write({ client: 'acme', t: 'access.intent', id: 'x1', fields, groups: { target } });
  const page = read((await browser(world, 'claire').get('/activity')).text);
  expect(page).toContain('sent by ⚙ Robot Nightly');
  expect(page).not.toContain('sent by a program');
});
