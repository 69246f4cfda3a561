/** Walks role by act over the route table: who may gets in, who may not gets 403, nobody gets in unasked. */
import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import type { Who } from '../../src/core/model.ts';
import { type Act, type ActName, acts, may, type Role } from '../../src/portal/roles.ts';
import { browser } from './browser.ts';
import { hidden, makeWorld, type World, wish } from './world.ts';
import { start } from './world-rules.ts';
import { asked, contestOf, frameOf, matterOf, proposed, seat } from './world-things.ts';

const people: readonly (readonly [Role, string])[] = [
  ['technician', 'alice'],
  ['representative', 'claire'],
  ['delegate', 'dana'],
  ['reader', 'marc'],
  ['contact', 'carla'],
  ['dpo', 'david'],
];

/** For each act, an address and a form with which somebody who may gets a 2xx or 3xx. */
const samples: {
  readonly [A in ActName]: { readonly path: string; readonly body?: Record<string, string> };
} = {
  clients: { path: '/clients' },
  home: { path: '/' },
  staffNotice: { path: '/staff-notice' },
  staffNoticeRead: { path: '/staff-notice', body: { version: '1', back: '/' } },
  enter: { path: '/enter?systems=acme%2Ferp' },
  declareForm: { path: `/declare?${new URLSearchParams(wish)}` },
  declare: {
    path: '/declare',
    body: { ...wish, systems: 'erp', purpose: 'hotline', reference: 'T-1', note: '', minutes: '30' },
  },
  continue: { path: '/continue', body: { ...wish, opening: 'o1' } },
  go: { path: '/go/none' },
  opening: { path: '/openings/o1' },
  openingClose: { path: '/openings/o1/close', body: {} },
  openingPurpose: { path: '/openings/o1/purpose', body: { purpose: 'hotline' } },
  openingCorrect: { path: '/openings/o1/correct', body: { reference: 'T-2', note: '' } },
  openingSummary: { path: '/openings/o1/summary', body: {} },
  openingSaid: { path: '/openings/o1/said', body: { said: 'Checked the printer with the client.' } },
  openingTool: { path: '/openings/o1/tools', body: {} },
  device: { path: '/device' },
  deviceCheck: { path: '/device', body: { code: 'BCDF-GHJK' } },
  deviceConfirm: { path: '/device/confirm', body: { code: 'BCDF-GHJK', answer: 'no' } },
  deviceEnd: { path: '/device/end', body: { session: 'none' } },
  openingCopies: { path: '/openings/o1/copies', body: { place: 'Vault 2', custodian: 'Backup team' } },
  copies: { path: '/copies' },
  copiesGone: {
    path: '/copies/gone',
    body: { client: 'acme', copy: 'c1', how: 'destroyed', done: '2026-06-01', text: 'Wiped the disk twice.' },
  },
  copiesAcross: { path: '/provider/copies' },
  copiesAt: { path: '/provider/copies/acme' },
  copiesGoneAt: {
    path: '/provider/copies/acme/gone',
    body: { copy: 'c1', how: 'returned', done: '2026-06-01', text: 'Handed back against receipt.' },
  },
  ownRecord: { path: '/record/extract' },
  record: { path: '/record' },
  requests: { path: '/requests' },
  requestForm: { path: '/requests/new?system=acme%2Ferp' },
  requestRaise: {
    path: '/requests/new',
    body: {
      ...{ system: 'acme/erp', systems: 'erp', purpose: 'backup', operations: 'read', reference: 'T-1' },
      ...{ note: 'Check the backup of Monday.', minutes: '30', until: '2026-10-06' },
    },
  },
  request: { path: '/requests/r1' },
  requestAnswer: { path: '/requests/r2/answer', body: { text: 'Only the invoices of May.' } },
  requestRemind: { path: '/requests/r1/remind', body: { text: '' } },
  openingExtend: { path: '/openings/o1/extend', body: { minutes: '5', from: String(start + 3_600_000) } },
  requestAsk: { path: '/requests/r1/ask', body: { text: 'Which invoices are meant?' } },
  requestRefuse: { path: '/requests/r1/refuse', body: { reason: 'We repair this ourselves.' } },
  requestApprove: {
    path: '/requests/r1/approve',
    body: { systems: 'erp', operations: 'read', minutes: '30', from: '', until: '2026-10-05T12:00' },
  },
  openAcross: { path: '/provider' },
  openAt: { path: '/provider/open/acme' },
  rulesInForce: { path: '/provider/rules' },
  standing: { path: '/provider/standing' },
  rollout: { path: '/provider/rollout' },
  providerHook: { path: '/provider/webhook' },
  proposing: { path: '/proposals' },
  proposalMake: {
    path: '/proposals',
    body: { id: 'x'.repeat(22), client: 'acme', template: 'hotline' },
  },
  proposal: { path: '/proposals/p1' },
  proposalAgree: {
    path: '/proposals/p1/agree',
    body: {
      ...{ systems: 'erp', purposes: 'hotline', operations: 'read', who: 'assigned', until: '2026-11-05' },
      budgetOpenings: '20',
    },
  },
  proposalDecline: { path: '/proposals/p1/decline', body: {} },
  emergency: { path: '/emergencies/o1' },
  emergencyReview: { path: '/emergencies/o1/review', body: { outcome: 'in_order', note: '' } },
  activity: { path: '/activity' },
  nowLive: { path: '/now/live' },
  activityLive: { path: '/activity/live' },
  history: { path: '/history' },
  viewSave: { path: '/history/views', body: { name: 'Copies', operation: 'copy' } },
  viewDrop: { path: '/history/views/v1/drop', body: {} },
  historyStory: { path: '/history/o1' },
  drill: { path: '/drill', body: {} },
  matters: { path: '/matters' },
  matterForm: { path: '/matters/new?opening=o1' },
  matterAsk: {
    path: '/matters/ask',
    body: { id: 'q'.repeat(22), opening: 'o1', question: 'Why was the list of salaries opened?' },
  },
  matterDispute: {
    path: '/matters/dispute',
    body: { id: 'd'.repeat(22), opening: 'o1', ground: 'Nobody asked for this work.' },
  },
  matter: { path: '/matters/m1' },
  matterSay: {
    path: '/matters/m1/say',
    body: { key: 'k'.repeat(22), text: 'It was opened twice, at noon.' },
  },
  contestForm: { path: '/contests/new?client=acme' },
  contest: {
    path: '/contests',
    body: {
      ...{ id: 'y'.repeat(22), client: 'acme', grant: 'g1', instruction: 'agreement' },
      ground: 'It lets us copy health data.',
    },
  },
  matterClose: {
    path: '/matters/m1/close',
    body: { key: 'k'.repeat(22), outcome: 'The ticket was shown to us.' },
  },
  stop: { path: '/stop', body: { opening: 'all' } },
  agreements: { path: '/agreements' },
  agreementForm: { path: '/agreements/new' },
  agreementDraft: {
    path: '/agreements/new',
    body: {
      systems: 'erp',
      purposes: 'hotline',
      operations: 'read',
      who: 'assigned',
      from: '2026-10-06',
      until: '2026-11-05',
    },
  },
  agreementReview: { path: '/agreements/review' },
  agreementOptions: { path: '/agreements/sign/options', body: {} },
  agreementSign: { path: '/agreements/sign', body: {} },
  agreement: { path: '/agreements/g1' },
  agreementConfirm: { path: '/agreements/g1/revoke' },
  agreementChange: { path: '/agreements/g1/revoke', body: {} },
  factSheet: { path: '/protection' },
  instructions: { path: '/instructions' },
  instructionForm: { path: '/instructions/new' },
  instructionDraft: {
    path: '/instructions/new',
    body: { sensitivity: 'special', assessment: 'unsaid', who: 'anybody', noCopy: '1' },
  },
  instructionReview: { path: '/instructions/review' },
  instructionOptions: { path: '/instructions/sign/options', body: {} },
  instructionSign: { path: '/instructions/sign', body: {} },
  ending: { path: '/ending' },
  endingForm: { path: '/ending/new' },
  endingDraft: { path: '/ending/new', body: { lastDay: '', choice: 'return', by: '2026-12-31', note: '' } },
  endingReview: { path: '/ending/review' },
  endingOptions: { path: '/ending/sign/options', body: {} },
  endingSign: { path: '/ending/sign', body: {} },
  endingCertificate: { path: '/ending/certificate' },
  endingPdf: { path: '/ending/certificate/pdf' },
  endingsAcross: { path: '/provider/endings' },
  endingAt: { path: '/provider/endings/acme' },
  endingPdfAt: { path: '/provider/endings/acme/certificate/pdf' },
  endingNotify: {
    path: '/provider/endings/acme/notice',
    body: { what: 'data', from: '2026-11-05', text: 'Under clause 9 of the contract.' },
  },
  endingCertify: {
    path: '/provider/endings/acme/certificate',
    body: {
      ...{ 'hosted-erp': 'client', 'hosted-backup': 'client', until: '2031-10-05' },
      why: 'Proof of what was done.',
    },
  },
  rule: { path: '/signing' },
  signFurtherOptions: { path: '/signing/options', body: { textHash: 'sha256:x' } },
  signFurther: { path: '/signing', body: { textHash: 'sha256:x' } },
  credentials: { path: '/credentials' },
  takeAway: { path: '/take-away' },
  proves: { path: '/take-away/proves' },
  takeLog: { path: '/take-away/log?format=csv' },
  report: { path: '/report' },
  reportPdf: { path: '/report/pdf' },
  consultation: { path: '/report/consultation' },
  verify: { path: '/verify' },
  export: { path: '/export' },
  connections: { path: '/connections' },
  connectionMake: {
    path: '/connections',
    body: { name: 'Our dashboard', scopes: 'openings:read', until: '2026-12-31' },
  },
  connectionEnd: { path: '/connections/c1/end', body: {} },
  hookAdd: {
    path: '/connections/hooks',
    body: { address: 'https://hooks.acme.example/in', events: 'access.opened' },
  },
  hookRemove: { path: '/connections/hooks/h1/remove', body: {} },
  people: { path: '/people' },
  personInvite: {
    path: '/people',
    body: { id: 'p-0123456789abcdef', name: 'Paul Roche', function: 'Accountant', role: 'delegate' },
  },
  frameForm: { path: '/people/frames/new' },
  frameDraft: {
    path: '/people/frames/new',
    body: {
      ...{ delegate: 'dana', systems: 'erp', purposes: 'hotline', operations: 'read', minutes: '30' },
      ...{ days: '1', hoursFrom: '08:00', hoursUntil: '18:00', until: '2027-01-05' },
    },
  },
  frameReview: { path: '/people/frames/review' },
  frameRevoke: { path: '/people/frames/d1/revoke', body: {} },
  substituteForm: { path: '/people/substitutes/new' },
  substituteDraft: {
    path: '/people/substitutes/new',
    body: { delegate: 'dana', from: '2026-10-05', until: '2026-10-15' },
  },
  personConfirm: { path: '/people/marc/remove' },
  personRemove: { path: '/people/marc/remove', body: {} },
  personVouch: { path: '/people/marc/confirm', body: {} },
  arrivalsSeen: { path: '/people/seen', body: {} },
  enrolForm: { path: '/enrol' },
  enrolCode: { path: '/enrol', body: { link: 'the-link', code: 'the-code' } },
  enrolWelcome: { path: '/enrol/welcome' },
  enrolOptions: { path: '/enrol/options', body: {} },
  enrol: { path: '/enrol/passkey', body: {} },
  enrolByCode: { path: '/enrol/code', body: { code: '000000' } },
  recoverForm: { path: '/recover' },
  recoverCode: { path: '/recover', body: { code: 'the-code' } },
  recoverWelcome: { path: '/recover/welcome' },
  recoverOptions: { path: '/recover/options', body: {} },
  recover: { path: '/recover/passkey', body: {} },
  recoverByCode: { path: '/recover/code', body: { code: '000000' } },
  mailForm: { path: '/sign-in-by-mail' },
  mailAsk: { path: '/sign-in-by-mail', body: { address: 'claire@acme.example', return: '/' } },
  mailCodeForm: { path: '/sign-in-by-mail/code' },
  mailCode: { path: '/sign-in-by-mail/code', body: { mailed: 'ABCD', code: '000000' } },
  seatCodes: { path: '/seat/codes', body: {} },
  seatForm: { path: '/seat' },
  seatOptions: { path: '/seat/options', body: {} },
  seat: { path: '/seat', body: {} },
};

/** Acts whose success needs a step before; here it is enough that the role is not what stops them. */
const needsMore: Partial<Record<ActName, number>> = {
  go: 410,
  nowLive: 406,
  activityLive: 406,
  viewDrop: 404,
  historyStory: 404,
  // It runs, and what was done is said when it is over.
  openingSaid: 409,
  openingSummary: 409,
  // There are no copies.
  openingCopies: 409,
  copiesGone: 404,
  copiesGoneAt: 404,
  // No machine waits.
  deviceCheck: 422,
  deviceConfirm: 422,
  agreementReview: 409,
  frameReview: 409,
  agreementOptions: 409,
  agreementSign: 409,
  instructionReview: 409,
  instructionOptions: 409,
  instructionSign: 409,
  endingReview: 409,
  endingOptions: 409,
  endingSign: 409,
  // The contract goes on.
  endingCertificate: 404,
  endingPdf: 404,
  endingPdfAt: 404,
  endingNotify: 409,
  endingCertify: 409,
  signFurtherOptions: 409,
  signFurther: 409,
  personVouch: 409,
  enrolCode: 404,
  enrolWelcome: 409,
  enrolOptions: 409,
  enrol: 409,
  enrolByCode: 409,
  recoverByCode: 409,
  mailCode: 422,
  recoverCode: 422,
  recoverWelcome: 409,
  recoverOptions: 409,
  recover: 409,
  seatCodes: 409,
  seatOptions: 200,
  seat: 422,
};

/** `who`: of whom the question is. */
function withOpening(who = 'marc'): World {
  const world = makeWorld();
  const { requests, proposals, matters } = world.memory.room('acme');
  proposals.set('p1', proposed('p1'));
  world.memory.connections.set('hash', {
    ...{ id: 'c1', client: 'acme', seat: 'seat-claire', name: 'One', scopes: ['stop'], createdAt: start },
    ...{ expiresAt: start + 1e9, usedAt: undefined, revokedAt: undefined },
  });
  world.memory.hooks.push({
    ...{ id: 'h1', client: 'acme', seat: 'seat-claire', origin: 'https://hooks.acme.example' },
    ...{ events: ['access.opened'], addedAt: start, removedAt: undefined },
  });
  requests.set('r1', asked('r1'));
  requests.set('r2', asked('r2', { status: 'more_info' }));
  matters.set('m1', who === 'alice' ? contestOf('m1') : matterOf('m1', { controller: who }));
  world.memory.room('acme').delegations.set('d1', frameOf('d1'));
  world.memory.room('acme').delegations.set('d2', frameOf('d2', { hours: '' }));
  const emergency = { opening: 'o1', grant: 'g1', at: start, mark: 't-1', reviewBy: start + 1e9 };
  world.memory.room('acme').emergencies.push(emergency);
  world.memory.room('acme').openings.set('o1', {
    id: 'o1',
    client: 'acme',
    person: 'alice',
    account: { issuer: 'https://login.example', subject: 'alice' },
    systems: ['erp'],
    purpose: 'hotline',
    reference: 'T-1',
    note: '',
    grant: 'g1',
    login: 'login-alice',
    authentication: { acr: undefined, amr: [], at: start },
    openedAt: start,
    endsAt: start + 3_600_000,
    endedAt: undefined,
    endCause: undefined,
  });
  return world;
}

/** Acts that take JSON with the token in a header. */
const spoken: readonly ActName[] = [
  'agreementOptions',
  'instructionOptions',
  'endingOptions',
  'signFurtherOptions',
  'enrolOptions',
  'recoverOptions',
  'recover',
  'enrol',
  'seatOptions',
  'seat',
];

const all = Object.entries(acts) as [ActName, Act][];

describe.each(people)('%s', (role, who) => {
  // Looking changes nothing, nor does what is refused: one world and one session serve for all of that.
  const world = withOpening(who);
  const onlooker = browser(world, who);
  const before = JSON.stringify([...world.memory.room('acme').openings.values()]);

  test.each(all)('%s', async (name, act) => {
    const sample = samples[name];
    const acts = act.method === 'post' && may(role, name);
    const user = acts ? browser(withOpening(who), who) : onlooker;
    const body = sample.body ?? {};
    const send = () => (spoken.includes(name) ? user.json(sample.path, body) : user.post(sample.path, body));
    const answer = act.method === 'get' ? await user.get(sample.path) : await send();
    const expected = may(role, name) ? needsMore[name] : 403;
    if (expected !== undefined) expect(answer.status).toBe(expected);
    else expect([200, 303]).toContain(answer.status);
  });

  test('looking and what was refused changed nothing', () => {
    expect(world.memory.ends).toEqual([]);
    expect(world.memory.commands.filter((command) => command.do !== 'append')).toEqual([]);
    expect(JSON.stringify([...world.memory.room('acme').openings.values()])).toBe(before);
  });
});

/** Olga is acme's representative and reads for martin, with one account. */
function withOlga(): World {
  const world = withOpening('olga');
  const { accounts } = world.snapshot;
  const claire = accounts.get('claire');
  if (claire?.kind !== 'controller') throw new Error('claire acts for acme');
  const olga = { ...claire.controller, id: 'olga', subject: 'olga', name: 'Olga Simon' };
  const controllers = [olga, { ...olga, client: 'martin', role: 'reader' as const }];
  (accounts as Map<string, Who>).set('olga', { kind: 'several', controllers });
  world.memory.room('acme').seats.push(seat('olga', 'acme', 'representative'));
  world.memory.room('martin').seats.push(seat('olga', 'martin', 'reader', { id: 'seat-olga-2' }));
  return world;
}

describe('somebody who acts for two clients, with another role at each', () => {
  /** Sends the sample of an act under a beginning of addresses. */
  async function sent(world: World, base: string, name: ActName) {
    const sample = samples[name];
    const user = browser(world, 'olga');
    const csrf = hidden((await user.get('/clients')).text, 'csrf');
    if (acts[name].method === 'get') return user.get(base + sample.path);
    const post = user.agent.post(base + sample.path).set('x-test-user', 'olga');
    return spoken.includes(name)
      ? post.set('accept', 'application/json').set('x-csrf-token', csrf).send(sample.body)
      : post
          .set('accept', 'text/html')
          .type('form')
          .send({ ...sample.body, csrf });
  }

  /** Where nothing is done but to look. */
  const still = withOlga();
  /** Where nothing at all is done. */
  const untouched = withOlga();

  test.each(all)('%s of acme is done as its representative, under acme’s address', async (name, act) => {
    const changes = act.method === 'post' && may('representative', name);
    const { status } = await sent(changes ? withOlga() : still, '/c/acme', name);
    if (may('visitor', name)) return expect(status).toBe(404);
    const expected = may('representative', name) ? needsMore[name] : 403;
    if (expected !== undefined) expect(status).toBe(expected);
    else expect([200, 303]).toContain(status);
  });

  // What the samples name is acme's; whoever may look at such things of martin finds nothing of it there.
  test.each(all)(
    '%s under martin’s address is a reader’s, and acme’s things are not there',
    async (name, act) => {
      const world = withOlga();
      const before = JSON.stringify([...world.memory.room('acme').openings.values()]);
      const { status, text } = await sent(world, '/c/martin', name);
      if (may('visitor', name)) return expect(status).toBe(404);
      if (!may('reader', name)) return expect(status).toBe(403);
      if (act.path.includes(':id')) expect(status).toBe(404);
      expect(text ?? '').not.toMatch(/Acme|T-1\b|Progiciel|seat-claire/);
      expect(JSON.stringify([...world.memory.room('acme').openings.values()])).toBe(before);
      const touched = world.memory.commands.filter((one) => 'client' in one && one.client === 'acme');
      expect(touched).toEqual([]);
    },
  );

  test.each(all)('%s without an address that says for whom does nothing for anybody', async (name, act) => {
    const world = may('visitor', name) ? withOlga() : untouched;
    const answer = await sent(world, '', name);
    if (may('visitor', name) || name === 'clients')
      return expect([200, 303, needsMore[name]]).toContain(answer.status);
    expect(answer.status).toBe(act.method === 'get' ? 303 : 409);
    if (act.method === 'get') expect(answer.headers.location).toBe('/clients');
    expect(world.memory.commands).toEqual([]);
    expect(world.memory.ends).toEqual([]);
  });

  test.each([
    ['olga', '/c/unknown/'],
    ['olga', '/c/ACME/'],
    ['olga', '/c/acme%2f..%2fmartin/'],
    ['claire', '/c/martin/'],
    ['alice', '/c/acme/'],
    ['david', '/c/acme/agreements'],
    ['olga', '/c/acme/c/martin/agreements'],
    ['olga', '/c/acme/sign-in'],
    ['olga', '/c/acme/enrol'],
    ['olga', '/c/acme/assets/none.css'],
  ])('%s finds nothing at %s', async (who, path) => {
    expect((await browser(withOlga(), who).get(path)).status).toBe(404);
  });
});

const unseen = withOpening();

test.each(all)('nobody signed in: %s', async (name, act) => {
  const { app } = unseen;
  const answer = await request(app)[act.method](samples[name].path).set('accept', 'text/html');
  if (may('visitor', name)) {
    // Pages are shown or say what is missing; nothing is done without a form that came from one.
    expect(answer.status).toBe(act.method === 'post' ? 403 : (needsMore[name] ?? 200));
  } else if (act.method === 'get') {
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/sign-in');
  } else {
    expect(answer.status).toBe(401);
  }
});

describe('every POST', () => {
  const posts = all.filter(([, act]) => act.method === 'post');
  const able = (name: ActName): string => people.find(([role]) => may(role, name))?.[1] ?? 'nobody';
  const world = withOpening();

  test.each(posts)(
    '%s is refused without the token, with another one, and from another site',
    async (name) => {
      const { path, body } = samples[name];
      const user = browser(world, able(name));
      const token = await user.csrf();
      const send = (form: object) =>
        user.agent.post(path).set('x-test-user', able(name)).type('form').send(form);
      expect((await send({ ...body })).status).toBe(403);
      expect((await send({ ...body, csrf: 'x'.repeat(43) })).status).toBe(403);
      expect((await send({ ...body, csrf: token }).set('origin', 'https://evil.example')).status).toBe(403);
      expect((await send({ ...body, csrf: token }).set('sec-fetch-site', 'cross-site')).status).toBe(403);
      expect((await send({ ...body, csrf: token }).set('sec-fetch-site', 'same-site')).status).toBe(403);
      expect(world.memory.ends).toEqual([]);
      expect(world.memory.commands.filter((command) => command.do !== 'append')).toEqual([]);
    },
  );
});

describe('never another client’s data', () => {
  // Every act whose address or form names something: what the sample names is of Acme and of Alice.
  const naming = all.filter(([, act]) => act.path.includes('/:id'));
  const foreign = [...naming, ['stop', acts.stop] as [ActName, Act]].flatMap(([name, act]) =>
    (act.path.includes('/:change') ? ['revoke', 'suspend', 'resume'] : ['']).map((change) => ({
      name,
      who: may('representative', name) ? 'nadia' : 'bruno',
      method: act.method,
      path: change === '' ? samples[name].path : samples[name].path.replace('revoke', change),
      body: name === 'stop' ? { opening: 'o1' } : (samples[name].body ?? {}),
    })),
  );

  const theirs = withOpening();

  test.each(foreign)('$name: $who $method $path does not exist', async ({ who, method, path, body }) => {
    const world = theirs;
    const user = browser(world, who);
    const answer = method === 'get' ? await user.get(path) : await user.post(path, body);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toMatch(/Alice|T-1|Acme/);
    expect(world.memory.ends).toEqual([]);
    expect(world.memory.room('acme').grants.get('g1')?.status).toBe('active');
  });

  test('going on in somebody else’s access is answered as if there were none', async () => {
    const world = withOpening();
    const user = browser(world, 'bruno');
    const going = async (opening: string) => (await user.post('/continue', { ...wish, opening })).status;
    expect([await going('o1'), await going('none')]).toEqual([422, 422]);
    expect(world.memory.codes.size).toBe(0);
  });

  test('an export is one’s own', async () => {
    const { agent } = browser(makeWorld(), 'nadia');
    const answer = await agent
      .get('/export')
      .set('x-test-user', 'nadia')
      .buffer(true)
      .parse((res, done) => {
        const pieces: Buffer[] = [];
        res.on('data', (piece: Buffer) => pieces.push(piece));
        res.on('end', () => done(null, Buffer.concat(pieces).toString()));
      });
    expect(answer.body).toBe('PK zip of martin');
  });
});

describe('a named person who is not enrolled', () => {
  const paths = [
    '/',
    '/activity',
    '/agreements',
    '/agreements/new',
    '/agreements/review',
    '/agreements/g1',
    '/verify',
    '/export',
  ];

  test.each(paths)('is sent to enrol from %s and sees nothing', async (path) => {
    const world = makeWorld();
    world.memory.room('acme').seats.splice(0);
    const answer = await browser(world, 'claire').get(path);
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/seat');
  });

  test.each(['/stop', '/agreements/new', '/agreements/g1/revoke', '/agreements/sign'])(
    'may not post %s',
    async (path) => {
      const world = makeWorld();
      world.memory.room('acme').seats.splice(0);
      const answer = await browser(world, 'claire').post(path, { opening: 'all' });
      expect(answer.status).toBe(403);
      expect(world.memory.ends).toEqual([]);
    },
  );

  test('a seat of the same name at another issuer, client or role does not count', async () => {
    const world = makeWorld();
    const { seats } = world.memory.room('acme');
    const [own] = seats.filter((one) => one.controller === 'claire');
    if (own === undefined) throw new Error('claire has a seat in this world');
    for (const wrong of [
      { issuer: 'https://other.example' },
      { subject: 'x' },
      { role: 'reader' as const },
      { client: 'martin' },
    ]) {
      seats.splice(0, seats.length, { ...own, ...wrong });
      expect((await browser(world, 'claire').get('/activity')).status).toBe(303);
    }
  });
});
