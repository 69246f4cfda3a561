/**
 * Emergencies on pages, over the real ledger: 31 July, half past six in the evening, nobody answers and payroll is down. With the
 * clause a technician is inside within three minutes and the client is told and reviews; without it the page says whom to call.
 */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { unzipSync } from 'fflate';
import { decide } from '../../src/core/decide.ts';
import { Fault } from '../../src/core/faults.ts';
import type { Client, Grant, Person } from '../../src/core/model.ts';
import { noticesDue } from '../../src/core/notices.ts';
import { verifyExport } from '../../src/core/verify.ts';
import { createEvaluationSigner } from '../../src/identity/evaluation-signer.ts';
import { noticeMail } from '../../src/portal/notice-mail.ts';
import { refusalTexts } from '../../src/portal/texts/refusals.ts';
import { LiveAuthority } from '../../src/stores/authority.ts';
import { createHistory } from '../../src/stores/history.ts';
import { createStopNotes } from '../../src/stores/stop-notes.ts';
import {
  exportFiles,
  type Folder,
  intentDraft,
  makeFolder,
  openLedger,
  standingClock,
} from '../stores/ledger-world.ts';
import { browser, type Form } from './browser.ts';
import { makeWorld, nonceHash, type World } from './world.ts';
import { sliceOf } from './world-rules.ts';
import { grant, seat } from './world-things.ts';

const second = 1_000;
const day = 24 * 3_600 * second;
const evening = Temporal.ZonedDateTime.from('2026-07-31T18:30[Europe/Paris]').epochMilliseconds;
const way = { system: 'martin/payroll', f: 'abcdefghijk', n: nonceHash };
const address = `/declare?${new URLSearchParams(way)}`;
const urgent = {
  ...way,
  ...{ systems: 'payroll', purpose: 'support', reference: 'T-1', minutes: '60' },
  note: 'Payroll is down and pay day is tomorrow.',
  emergency: 'yes',
};

let folder: Folder;
let stores: Awaited<ReturnType<typeof openLedger>>;
let clock: ReturnType<typeof standingClock>;
let world: World;

beforeEach(async () => {
  folder = makeFolder();
  clock = standingClock(evening - 30 * day);
  stores = await openLedger(folder, clock);
  const memory = makeWorld();
  const key = folder.keys.evaluationConsent;
  if (key === undefined) throw new Error('the folder has no evaluation key');
  const signer = createEvaluationSigner(key);
  const authority = new LiveAuthority({
    ...stores,
    notes: createStopNotes(join(folder.guardDir, 'stops'), folder.keys.master, memory.deps.log),
    cutters: memory.memory.cutters,
    clock,
    log: memory.deps.log,
    timing: { epochInterval: 60_000, epochLease: 60_000, ledgerOutage: 60_000 },
  });
  const { archive } = stores;
  world = makeWorld({ authority, archive, clock, evaluationSign: (textHash) => signer.sign(textHash) });
  await authority.run({
    do: 'policy',
    slices: [...world.snapshot.clients.values()].map(({ id, sliceHash }) => ({
      ...{ client: id, hash: sliceHash, text: sliceOf(id), summary: 'test' },
    })),
  });
  for (const [who, client] of [
    ['nadia', 'martin'],
    ['claire', 'acme'],
  ] as const) {
    const name = who === 'nadia' ? 'Nadia Haddad' : 'Claire Martin';
    await authority.run({
      do: 'seat',
      seat: seat(who, client, 'representative', { publicKey: signer.publicKey, name }),
      authorisedBy: { evaluation: true },
    });
  }
  await authority.run({
    do: 'login',
    login: {
      ...{
        id: 'login-alice',
        issuer: 'https://login.example',
        subject: 'alice',
        sid: undefined,
        who: 'alice',
      },
      ...{ acr: undefined, amr: [], authTime: clock.now(), startedAt: clock.now() },
    },
  });
});

/** Whatever a test did, the client's own check and the rows agree with it. */
afterEach(async () => {
  try {
    expect(await stores.archive.fsck()).toEqual([]);
    const key = (await stores.archive.head('martin'))?.verifierKey ?? '';
    const files = new Map(Object.entries(unzipSync(await exportFiles(stores.archive, 'martin'))));
    expect(verifyExport(files, { key }).filter(({ kind }) => kind === 'failure')).toEqual([]);
  } finally {
    await stores.close();
    folder.remove();
  }
});

const form = {
  ...{ systems: 'payroll', purposes: 'support', operations: ['read', 'write'] },
  ...{ from: '2026-07-01', until: '2026-12-31' },
  ...{ emergencyPeople: 'alice', emergencyMinutes: '60', emergencyPerYear: '2', emergencyReviewDays: '7' },
};

function plain(html: string): string {
  return html.replaceAll('&lt;', '<').replaceAll('&quot;', '"').replaceAll('&amp;', '&').replace(/\s/g, ' ');
}

/** Nadia gives the agreement on the page; answers what she read before she signed, and the agreement's id. */
async function agreed(more: Form = {}): Promise<{ readonly read: string; readonly id: string }> {
  const nadia = browser(world, 'nadia');
  const drafted = await nadia.post('/agreements/new', { ...form, ...more });
  expect(drafted.status).toBe(303);
  const { text } = await nadia.get('/agreements/review');
  const textHash = /name="textHash" value="(sha256:[\w-]{43})"/.exec(text)?.[1] ?? '';
  expect((await nadia.post('/agreements/sign', { textHash, evaluation: '1' })).status).toBe(303);
  const [newest] = await stores.archive.grants('martin');
  clock.advance(evening - clock.now());
  return { read: plain(text), id: newest?.id ?? '' };
}

const declared = (more: Form = {}) => browser(world, 'alice').post('/declare', { ...urgent, ...more });
const openings = async () => (await stores.archive.inForce('martin')).openings;
const book = () => stores.archive.emergencies('martin');

/** The client's file says whom to call. */
function withContacts(): void {
  const clients = world.snapshot.clients as Map<string, Client>;
  const martin = clients.get('martin');
  if (martin === undefined) throw new Error('no such client');
  const emergencyContacts = [{ name: 'Paul Martin', phone: '+33 6 00 00 00 01' }];
  const absence = { singleApproverUntil: undefined, escalateAfter: undefined, emergencyContacts };
  clients.set('martin', {
    ...martin,
    absence: { ...martin.absence, ...absence } as NonNullable<Client['absence']>,
  });
}

describe('31 July, 18:30, nobody answers, payroll is down', () => {
  test('with the clause she is inside within three minutes', async () => {
    await agreed();
    const alice = browser(world, 'alice');
    const page = await alice.get(address);
    expect(plain(page.text)).toContain('Emergency: nobody of the client can be reached in time');
    expect(plain(page.text)).toContain('60 minutes at most. Used: 0 of 2 this year.');
    clock.advance(90 * second);
    const answer = await alice.post('/declare', urgent);
    expect(answer.status).toBe(303);
    clock.advance(20 * second);
    expect((await alice.get(String(answer.headers.location))).status).toBe(200);
    const [opening] = await openings();
    if (opening === undefined) throw new Error('she is not inside');
    expect(opening).toMatchObject({
      emergency: true,
      person: 'alice',
      systems: ['payroll'],
      purpose: 'support',
    });
    const { grants, epoch } = await stores.archive.inForce('martin');
    const write = { system: 'payroll', operation: 'write', method: 'POST', template: '/' } as const;
    const { authentication, client } = opening;
    const asked = {
      ...write,
      client,
      opening,
      authentication,
      grant: grants.find(({ id }) => id === opening.grant),
    };
    expect(decide(world.snapshot, asked, clock.now()).effect).toBe('allow');
    const policy = world.snapshot.clients.get('martin')?.sliceHash ?? '';
    const draft = intentDraft(opening, epoch);
    expect(
      await stores.ledger.intent({ ...draft, fields: { ...draft.fields, policy } }, epoch),
    ).toHaveProperty('receipt');
    expect(clock.now() - evening).toBeLessThan(180 * second);
  });

  test('every user of the client sees it first, with the reason, and it is counted on the agreement', async () => {
    const { id } = await agreed();
    await declared();
    const nadia = browser(world, 'nadia');
    const [opening] = await openings();
    const first = plain((await nadia.get('/')).text);
    expect(first).toContain('Somebody came in as an emergency');
    expect(first).toContain('Alice Durand came in on 31 Jul 2026, 18:30');
    expect(first).toContain(`href="/emergencies/${opening?.id}"`);
    const one = plain((await nadia.get(`/emergencies/${opening?.id}`)).text);
    expect(one).toContain('Payroll is down and pay day is tomorrow.');
    expect(one).toContain('To be reviewed by 07 Aug 2026');
    expect(plain((await nadia.get(`/agreements/${id}`)).text)).toContain('1 of 2 this year');
    expect(plain((await nadia.get('/activity')).text)).toContain('Access declared as an emergency');
    const french = plain((await browser(world, 'nadia', 'fr').get('/')).text);
    expect(french).toContain('Quelqu’un est entré en urgence');
  });

  test('the history marks it, finds it, and calls it worth a look; everybody who sits gets a mail at once', async () => {
    await agreed();
    await declared();
    const [opening] = await openings();
    const { file, keysDir, dir } = folder;
    const history = createHistory({ file, history: join(dir, 'history.db'), keysDir });
    try {
      await history.settled();
      const { authority, archive } = world.deps;
      const counted = browser(makeWorld({ authority, archive, clock, history }), 'nadia');
      const marked = `<a href="/emergencies/${opening?.id}"><span class="state bad">Emergency</span></a>`;
      for (const path of ['/history', '/history?emergency=yes', `/history/${opening?.id}`])
        expect((await counted.get(path)).text).toContain(marked);
      expect((await counted.get('/history?emergency=no')).status).toBe(422);
      expect(plain((await counted.get('/')).text)).toContain('An emergency: nobody of yours was asked.');
      const client = world.snapshot.clients.get('martin');
      if (client === undefined) throw new Error('no such client');
      const mailed = {
        ...client,
        controllers: client.controllers.map((one) => ({ ...one, mail: 'nadia@martin.example' })),
      };
      const { stories } = await history.page({ client: 'martin', terms: [], limit: 10 });
      const { seats } = await archive.inForce('martin');
      const told = {
        requests: [],
        proposals: [],
        people: [],
        missed: [],
        endings: [],
        frames: [],
        copies: [],
        matters: [],
        since: 0,
        now: clock.now(),
      };
      const [due] = noticesDue({ client: mailed, seats, stories, ...told });
      if (due === undefined) throw new Error('nobody is told');
      expect(due.key).toBe(`emergency ${opening?.id} martin/nadia`);
      const context = { portalUrl: world.deps.portalUrl, client: mailed, snapshot: world.snapshot };
      const mail = noticeMail({ ...due, to: { ...due.to, language: 'en' } }, context);
      expect(mail.subject).toBe('Somebody came into your systems as an emergency');
      expect(plain(mail.text)).toContain('Reason given: Payroll is down and pay day is tomorrow.');
      expect(mail.text).toContain(`https://portal.example/emergencies/${opening?.id}`);
    } finally {
      await history.close();
    }
  });

  test('without the clause the page says whom to call', async () => {
    withContacts();
    clock.advance(evening - clock.now());
    const { text } = await browser(world, 'alice').get(address);
    expect(plain(text)).toContain('Does the client not answer, and it cannot wait? Call:');
    expect(text).toContain('Paul Martin, +33 6 00 00 00 01');
    expect(text).not.toContain('name="emergency"');
    const answer = await declared();
    expect(answer.status).toBe(422);
    expect(plain(answer.text)).toContain('Paul Martin');
    expect(await openings()).toEqual([]);
  });

  test('a request that waits says it too; with nobody named, it says who knows', async () => {
    clock.advance(evening - clock.now());
    const alice = browser(world, 'alice');
    const asking = {
      ...{
        system: 'martin/payroll',
        systems: 'payroll',
        purpose: 'support',
        operations: 'read',
        reference: 'T-1',
      },
      ...{ note: 'Payroll is down since noon.', minutes: '30', until: '2026-08-01T12:00' },
    };
    const raised = await alice.post('/requests/new', asking);
    expect(raised.status).toBe(303);
    const unnamed = plain((await alice.get(String(raised.headers.location))).text);
    expect(unnamed).toContain('It has named nobody to call');
    withContacts();
    expect((await alice.get(String(raised.headers.location))).text).toContain('Paul Martin, +33');
    expect((await browser(world, 'nadia').get(String(raised.headers.location))).text).not.toContain(
      'Paul Martin',
    );
  });
});

describe('an agreement for emergencies only', () => {
  test('says before it is signed which of its people could not enter today, and why', async () => {
    const people = world.snapshot.people as Map<string, Person>;
    const alice = people.get('alice');
    if (alice === undefined) throw new Error('no such person');
    people.set('alice', { ...alice, standing: { ...alice.standing, charter: undefined } });
    const { read } = await agreed();
    expect(read).toContain(
      `Alice Durand is named for an emergency, but could not enter today: ${refusalTexts.charter_not_signed.en}.`,
    );
    expect(read).not.toContain('able to enter today');
  });

  test('says so in full before it is signed, and lets nobody in otherwise', async () => {
    const { read, id } = await agreed();
    expect(read).toContain(
      'In an emergency, when nobody of yours can be reached in time: Alice Durand, at most 60 minutes each time and 2 times a calendar year',
    );
    expect(read).toContain('Otherwise nobody enters under this agreement.');
    expect(read).toContain('Named for an emergency and able to enter today: Alice Durand.');
    expect(read).toContain('Only these people: nobody, except in an emergency.');
    expect(read).toContain('and only then, these people and nobody else may come in without another answer');
    const given = (await stores.archive.grants('martin')).find((one) => one.id === id);
    expect(given).toMatchObject({
      people: [],
      emergency: { people: ['alice'], minutes: 60, perYear: 2, reviewDays: 7, zone: 'Europe/Paris' },
    });
    const quiet = await declared({ emergency: '' });
    expect(quiet.status).toBe(422);
    expect(await openings()).toEqual([]);
    const bruno = plain((await browser(world, 'bruno').get(address)).text);
    expect(bruno).not.toContain('name="emergency"');
  });

  test('beside ordinary people it stays what it was for them', async () => {
    const { read } = await agreed({ who: 'named', people: 'bruno' });
    expect(read).toContain('Only these people: Bruno Leroy.');
    expect(read).not.toContain('and only then');
    expect((await declared()).status).toBe(303);
  });

  test('the form keeps what was filled in, and stays closed until somebody wants it', async () => {
    const nadia = browser(world, 'nadia');
    expect((await nadia.get('/agreements/new')).text).toMatch(/<details>\s*<summary>/);
    const wrong = await nadia.post('/agreements/new', { ...form, emergencyPerYear: '0' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toMatch(/<details open/);
    expect(wrong.text).toMatch(/name="emergencyPeople" value="alice"[^>]*checked/);
    await nadia.post('/agreements/new', form);
    expect((await nadia.get('/agreements/new?again=1')).text).toMatch(
      /name="emergencyPeople" value="alice"[^>]*checked/,
    );
  });

  test.each([
    ['nobody', { emergencyPeople: '' }],
    ['somebody unknown', { emergencyPeople: 'mallory' }],
    ['a team', { emergencyPeople: 'team:support' }],
    ['no minutes', { emergencyMinutes: '' }],
    ['minutes beyond a day', { emergencyMinutes: '1441' }],
    ['no number', { emergencyPerYear: 'many' }],
    ['too many a year', { emergencyPerYear: '51' }],
    ['a review next year', { emergencyReviewDays: '61' }],
    ['a single use', { onceMinutes: '30' }],
  ])('with %s is none', async (_, more) => {
    const answer = await browser(world, 'nadia').post('/agreements/new', { ...form, ...more });
    expect(answer.status).toBe(422);
    expect(plain(answer.text)).toContain('Tick people, and give whole numbers');
  });

  test('nobody at all is still nothing', async () => {
    const {
      emergencyPeople: _,
      emergencyMinutes: __,
      emergencyPerYear: ___,
      emergencyReviewDays: ____,
      ...without
    } = form;
    expect((await browser(world, 'nadia').post('/agreements/new', without)).status).toBe(422);
  });
});

describe('declaring one', () => {
  test.each([
    ['without a reason', { note: '' }, 'An emergency needs its reason'],
    ['with a dot as reason', { note: '..........' }, 'An emergency needs its reason'],
    ['with one word', { note: 'Emergency' }, 'An emergency needs its reason'],
    ['without a reference', { reference: '' }, 'reference'],
  ])('%s is refused, the tick stays', async (_, more, why) => {
    await agreed();
    const answer = await declared(more);
    expect(answer.status).toBe(422);
    expect(plain(answer.text)).toContain(why);
    expect(answer.text).toMatch(/name="emergency" value="yes" checked/);
    expect(await book()).toEqual([]);
  });

  test('is never longer than the clause, whatever is asked', async () => {
    await agreed();
    await declared({ minutes: '120' });
    const [opening] = await openings();
    expect(opening?.endsAt).toBe(evening + 3_600 * second);
    const more = await browser(world, 'alice').post(`/openings/${opening?.id}/extend`, {
      minutes: '10',
      from: String(opening?.endsAt),
    });
    // Longer than the clause only with the client's own answer.
    expect(String(more.headers.location)).toMatch(/^\/requests\//);
  });

  test('two at once for the last of the year: one is inside', async () => {
    await agreed({ emergencyPerYear: '1' });
    const both = await Promise.all([declared(), declared()]);
    expect(both.map(({ status }) => status).sort()).toEqual([303, 422]);
    expect(plain(both.find(({ status }) => status === 422)?.text ?? '')).toContain('used up');
    const page = plain((await browser(world, 'alice').get(address)).text);
    expect(page).toContain('The emergencies are used up: 1 of 1 this year.');
    expect(page).not.toContain('name="emergency"');
    expect(await book()).toHaveLength(1);
  });

  test('where an agreement permits the same, it is refused on the record, and is not offered', async () => {
    await agreed();
    const ordinary = await browser(world, 'nadia').post('/agreements/new', {
      ...{ systems: 'payroll', purposes: 'support', operations: ['read', 'write'], who: 'assigned' },
      ...{ from: '2026-07-31', until: '2026-12-31' },
    });
    expect(ordinary.status).toBe(303);
    const nadia = browser(world, 'nadia');
    await nadia.post('/agreements/new', {
      ...{ systems: 'payroll', purposes: 'support', operations: ['read', 'write'], who: 'assigned' },
      ...{ from: '2026-07-31', until: '2026-12-31' },
    });
    const { text } = await nadia.get('/agreements/review');
    const textHash = /name="textHash" value="(sha256:[\w-]{43})"/.exec(text)?.[1] ?? '';
    // The page that she opened before still has the tick.
    await nadia.post('/agreements/sign', { textHash, evaluation: '1' });
    const answer = await declared();
    expect(answer.status).toBe(422);
    expect(plain(answer.text)).toContain('This is no emergency: an agreement permits it');
    const refused = await stores.archive.lines({
      client: 'martin',
      kinds: ['access.refused'],
      limit: 5,
      disclose: [],
    });
    expect(refused.map(({ leaf }) => leaf.reason)).toEqual(['emergency_needless']);
    expect((await browser(world, 'alice').get(address)).text).not.toContain('name="emergency"');
    expect((await declared({ emergency: '' })).status).toBe(303);
    expect(await book()).toEqual([]);
  });
});

describe('the review', () => {
  const review = async (more: Form, who = 'nadia') => {
    const [one] = await book();
    return browser(world, who).post(`/emergencies/${one?.opening}/review`, more);
  };

  test('in order: it leaves the first page, and stands on the record with its name', async () => {
    await agreed();
    await declared();
    expect((await review({ outcome: 'in_order', note: '' })).status).toBe(303);
    const nadia = browser(world, 'nadia');
    expect((await nadia.get('/')).text).not.toContain('came in as an emergency');
    const [one] = await book();
    expect(plain((await nadia.get(`/emergencies/${one?.opening}`)).text)).toContain(
      'By Nadia Haddad on 31 Jul 2026',
    );
    expect(plain((await nadia.get('/activity')).text)).toContain('An emergency was reviewed: in order');
    const again = await review({ outcome: 'not_in_order', note: 'We were there all evening.' });
    expect(again.status).toBe(409);
    expect(plain(again.text)).toContain('Somebody has reviewed it already');
  });

  test.each([
    ['nothing chosen', { outcome: '', note: '' }, 'Choose one of the two'],
    ['something else', { outcome: 'fine', note: '' }, 'Choose one of the two'],
    ['not in order, and no word about it', { outcome: 'not_in_order', note: ' ' }, 'Say in words'],
    ['a text without end', { outcome: 'in_order', note: 'word '.repeat(101) }, 'at most 500 characters'],
    ['a text with hidden signs', { outcome: 'in_order', note: 'a\u202eb' }, 'Say in words'],
  ])('%s: it waits on', async (_, sent, why) => {
    await agreed();
    await declared();
    const answer = await review(sent);
    expect(answer.status).toBe(422);
    expect(plain(answer.text)).toContain(why);
    expect((await book())[0]).not.toHaveProperty('review');
  });

  test('of another client does not exist', async () => {
    await agreed();
    await declared();
    const [one] = await book();
    expect((await browser(world, 'claire').get(`/emergencies/${one?.opening}`)).status).toBe(404);
    expect((await review({ outcome: 'in_order', note: '' }, 'claire')).status).toBe(404);
    expect((await browser(world, 'nadia').get('/emergencies/none')).status).toBe(404);
  });

  test('late: she is warned and goes on under the same reference; under a new one only once it is reviewed', async () => {
    await agreed({ emergencyPerYear: '9' });
    await declared();
    clock.advance(7 * day);
    const page = plain((await browser(world, 'alice').get(address)).text);
    expect(page).toContain('review of an earlier emergency is overdue (T-1)');
    const other = await declared({ reference: 'T-2' });
    expect(other.status).toBe(422);
    expect(plain(other.text)).toContain('The client has not reviewed an earlier emergency');
    expect((await declared()).status).toBe(303);
    expect(plain((await browser(world, 'nadia').get('/')).text)).toContain(
      'Its review was due by 07 Aug 2026',
    );
    for (const { opening } of await book())
      await browser(world, 'nadia').post(`/emergencies/${opening}/review`, { outcome: 'in_order', note: '' });
    // What was open under the other reference has ended.
    clock.advance(2 * 3_600 * second);
    expect((await declared({ reference: 'T-2' })).status).toBe(303);
  });
});

describe('on pages of memory', () => {
  test('a reader looks and does not review; a delegate may', async () => {
    const memory = makeWorld();
    const clause = { people: ['alice'], minutes: 60, perYear: 4, reviewDays: 7, zone: 'UTC' };
    const given: Grant = grant('g9', {
      people: [],
      purposes: ['backup'],
      operations: ['read'],
      emergency: clause,
    });
    memory.memory.room('acme').grants.set('g9', { ...given, text: '{}' });
    const sent = { ...urgent, system: 'acme/erp', systems: 'erp', purpose: 'backup' };
    expect((await browser(memory, 'alice').post('/declare', sent)).status).toBe(303);
    const [one] = memory.memory.room('acme').emergencies;
    const path = `/emergencies/${one?.opening}`;
    const marc = await browser(memory, 'marc').get(path);
    expect(plain(marc.text)).toContain('It waits for the review of a representative or delegate');
    expect(marc.text).not.toContain('<form method="post" action="/emergencies');
    expect((await browser(memory, 'marc').get('/')).text).toContain(path);
    expect(
      (await browser(memory, 'marc').post(`${path}/review`, { outcome: 'in_order', note: '' })).status,
    ).toBe(403);
    expect(
      (await browser(memory, 'dana').post(`${path}/review`, { outcome: 'in_order', note: '' })).status,
    ).toBe(303);
  });

  test('while the log cannot be read, the form comes without it and says whom to call', async () => {
    const memory = makeWorld();
    const clause = { people: ['alice'], minutes: 60, perYear: 4, reviewDays: 7, zone: 'UTC' };
    memory.memory.room('acme').grants.set('g9', {
      ...grant('g9', { people: [], purposes: ['backup'], emergency: clause }),
      text: '{}',
    });
    const broken = {
      ...memory.memory.archive,
      emergencies: () => Promise.reject(new Fault('ledger_unavailable', 'test')),
    };
    const other = makeWorld({ authority: memory.memory.authority, archive: broken });
    const { status, text } = await browser(other, 'alice').get(
      `/declare?${new URLSearchParams({ ...way, system: 'acme/erp' })}`,
    );
    expect(status).toBe(200);
    expect(text).not.toContain('name="emergency"');
  });
});
