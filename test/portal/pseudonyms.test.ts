/**
 * A client whose file says `display: pseudonym`, over the whole product: after a day with accesses, requests, an emergency, copies,
 * a robot, a dispute and a contest, no byte that its people can reach on any route, in exports, streams, mails, messages or the
 * interface for programs, nor what its system is sent, holds a technician's name, mail, subject or id. Another client reads
 * names as ever, and the provider can say who it was.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { unzipSync } from 'fflate';
import supertest from 'supertest';
import { scopes } from '../../src/core/connections.ts';
import { spoken, termFor } from '../../src/core/pseudonyms.ts';
import { verifyExport } from '../../src/core/verify.ts';
import { apiActs } from '../../src/portal/api/acts.ts';
import { tokenHash } from '../../src/portal/api/api.ts';
import { pseudonymKeyIn } from '../../src/stores/keys.ts';
import { exportFiles } from '../stores/ledger-world.ts';
import { insidePdf } from '../support/inside-pdf.ts';
import {
  agree,
  begin,
  canary,
  claire,
  days,
  declare,
  edit,
  end,
  enter,
  forbidden,
  gateway,
  hidden,
  hooked,
  inForce,
  newestOpening,
  portal,
  Somebody,
  seatOfClaire,
  takeCopy,
  term,
  today,
  until,
  upstream,
  zoltan,
} from './pseudonym-day.ts';
import { robot, robotMisses, robotWorks } from './pseudonym-robot.ts';
import { bytesOf, firstPiece, seenElsewhere, unseenIn, walk } from './pseudonym-walk.ts';

beforeAll(begin, 60_000);
afterAll(end);

describe('a day at a client that reads pseudonyms', () => {
  test('its representative names people by pseudonym, in agreements that hold for them alone', async () => {
    for (const { id } of (await inForce()).grants.values()) await claire.post(`/agreements/${id}/revoke`, {});
    const form = await claire.get('/agreements/new');
    const offered = [...form.text.matchAll(/name="people" value="([^"]+)"/g)].map(([, value = '']) => value);
    const people = offered.filter((one) => !one.startsWith('team:'));
    expect(people).toEqual(people.map(() => expect.stringMatching(/^[a-z][0-9a-z]{3}-[0-9a-z]{4}$/)));
    expect(form.text).toContain(`Support technician, Systems administrator · ${spoken(term)}`);
    const clause = {
      emergencyPeople: term,
      emergencyMinutes: '60',
      emergencyPerYear: '5',
      emergencyReviewDays: '7',
    };
    const { read } = await agree({ purposes: 'hotline', ...clause });
    expect(read).toContain(spoken(term));
    const note = 'Nobody can invoice and the lorries wait.';
    const emergency = await declare('acme/erp', { purpose: 'hotline', emergency: 'yes', note });
    expect((await enter(emergency)).text).toContain('customers');
    await claire.post(`/emergencies/${await newestOpening()}/review`, {
      outcome: 'in_order',
      note: 'In order.',
    });

    await agree({ purposes: 'support', who: 'named', people: term });
    expect((await enter(await declare('acme/erp', { purpose: 'support' }))).text).toContain('customers');
    expect(JSON.parse(upstream.at(-1) ?? '')).toMatchObject({ sub: term });
    // They know by what they are read.
    const own = await zoltan.get(`/openings/${await newestOpening()}`);
    expect(own.text).toContain(`<dt>The client reads you as</dt><dd>${spoken(term)}</dd>`);
    const alice = await new Somebody().come('alice');
    const refused = await alice.get('/enter?systems=acme%2Ferp&purpose=support&reference=T-9');
    expect(refused.text).toContain('/requests/new');
  });

  test('an id that is guessed names nobody on a form', async () => {
    const form = { ...days, systems: 'erp', purposes: 'support', operations: 'read', who: 'named' };
    const guessed = await claire.browser.go(new URL('/agreements/new', portal), {
      method: 'POST',
      headers: { origin: portal },
      form: { ...form, csrf: hidden((await claire.get('/agreements/new')).text, 'csrf'), people: canary.id },
    });
    expect(guessed.status).toBe(422);
  });

  test('it is asked, answers, and signs for the person who asked', async () => {
    const form = {
      system: 'acme/erp',
      systems: 'erp',
      purpose: 'diagnosis',
      operations: 'read',
      reference: 'T-2',
    };
    const until = `${today.add({ days: 2 }).toString()}T12:00`;
    const note = 'Slow since Monday, every day.';
    const raised = await zoltan.post('/requests/new', { ...form, note, minutes: '60', until });
    const id = /\/requests\/([\w-]+)/.exec(raised.url.pathname)?.[1] ?? '';
    await claire.post(`/requests/${id}/ask`, { text: 'Which customers does it concern?' });
    await zoltan.post(`/requests/${id}/answer`, { text: 'Only those whose orders wait.' });
    const approve = { systems: 'erp', operations: 'read', minutes: '60', until };
    const read = await claire.sign(`/requests/${id}/approve`, approve);
    expect(read.text).toContain(spoken(term));
    expect((await claire.get(`/requests/${id}`)).text).toContain(spoken(term));
    const other = { system: 'acme/backup', systems: 'backup', purpose: 'backup', reference: 'T-3' };
    await zoltan.post('/requests/new', { ...form, ...other, note, minutes: '30', until });
  });

  test('its data is copied, by the technician and by a robot that they answer for, which misses a run', async () => {
    const copying = { purposes: 'backup', systems: 'backup', operations: ['read', 'copy'] };
    await agree({ ...copying, who: 'named', people: term });
    const opening = await takeCopy();
    await zoltan.post(`/openings/${opening}/copies`, { place: 'Vault 2, Lyon', custodian: 'Backup team' });
    const [copy] = await gateway.app.archive.copies('acme');
    const gone = { client: 'acme', copy: copy?.id ?? '', how: 'destroyed', done: today.toString() };
    await zoltan.post('/copies/gone', { ...gone, text: 'The file was wiped from the disk.' });
    // One stays, of which nobody says where it is.
    await takeCopy();
    const form = await claire.get('/agreements/new');
    expect(form.text).toContain(`value="robot:${robot}"`);
    expect(form.text).toContain(`(responsible: ${spoken(term)})`);
    const robots = { ...copying, robots: `robot:${robot}` };
    const { read } = await agree({ ...robots, budgetPer: 'day', budgetCopies: '2', budgetKeepDays: '7' });
    expect(read).toContain(`(responsible: ${spoken(term)})`);
    await robotWorks();
    await robotMisses();
    expect((await gateway.app.archive.copies('acme')).map(({ person }) => person).sort()).toEqual(
      [robot, canary.id, canary.id].sort(),
    );
  });

  test('its own instructions name by pseudonym too, and hold', async () => {
    const form = { sensitivity: 'ordinary', assessment: 'unsaid', note: '', who: 'named' };
    await claire.sign('/instructions/new', { ...form, people: term }, '/instructions/sign');
    expect((await claire.get('/instructions')).text).toContain(spoken(term));
    // Colleagues know one another.
    const { text } = await zoltan.get('/enter?systems=acme%2Ferp&purpose=support');
    expect(text).toContain(`need an agreement too: ${canary.name}.`);
    const confirmed = hidden(text, 'confirmed');
    const opened = await declare('acme/erp', { purpose: 'support', confirmed });
    expect((await enter(opened)).text).toContain('customers');
  });

  test('it asks, disputes and is contested', async () => {
    const opening = await newestOpening();
    const key = async (who: Somebody, path: string, name: string) => hidden((await who.get(path)).text, name);
    const form = `/matters/new?opening=${opening}`;
    const asked = await claire.post('/matters/ask', {
      ...{ opening, id: await key(claire, form, 'id') },
      question: 'Why were these customers opened?',
    });
    const carla = await new Somebody().come('carla');
    const page = await carla.get(asked.url.pathname);
    // The provider's own people read both.
    expect(page.text).toContain(`${canary.name} (${spoken(term)})`);
    await carla.post(`${asked.url.pathname}/say`, {
      key: hidden(page.text, 'key'),
      text: 'Their orders were stuck.',
    });
    const proposing = '/proposals?client=acme';
    const proposal = { id: await key(carla, proposing, 'id'), client: 'acme', template: 'hotline-hours' };
    await carla.post('/proposals', proposal);
    const { id } = await agree({ purposes: 'hotline', who: 'named', people: term });
    const contest = `/contests/new?client=acme&grant=${id}`;
    await zoltan.post('/contests', {
      ...{ client: 'acme', grant: id, instruction: 'agreement', id: await key(zoltan, contest, 'id') },
      ground: 'It would let us read what the law keeps closed.',
    });
    await claire.post('/matters/dispute', {
      ...{ opening, id: await key(claire, form, 'id') },
      ground: 'Nobody here asked for this access.',
    });
  });

  test('while another client reads names as ever', async () => {
    expect((await enter(await declare('martin/payroll', { purpose: 'support' }))).status).toBe(200);
    const nadia = await new Somebody().come('nadia');
    for (const path of ['/', '/history', '/agreements/new', '/activity'])
      expect([path, (await nadia.get(path)).text.includes(canary.name)]).toEqual([path, true]);
    expect((await nadia.get('/agreements/new')).text).toContain(`value="${canary.id}"`);
    const files = unzipSync(await exportFiles(gateway.app.archive, 'martin'));
    expect(textOf(files)).toContain(canary.name);
    expect(textOf(files)).not.toContain(term);
  });
});

function textOf(files: Readonly<Record<string, Uint8Array>>): string {
  return Object.values(files)
    .map((bytes) => Buffer.from(bytes).toString('latin1'))
    .join('\n');
}

describe('no byte that names the technician', () => {
  const month = today.toString().slice(0, 7);
  const taken = ['csv', 'jsonl', 'ecs'].map((format) => `/take-away/log?format=${format}&separator=%3B`);
  const more = [...taken, `/report?month=${month}`, `/history?system=erp`, '/report/consultation?system=erp'];

  test.each([
    ['claire', 'en'],
    ['claire', 'fr'],
    ['dana', 'en'],
    ['marc', 'fr'],
  ])('on any page of %s in %s', async (login, language) => {
    const who = login === 'claire' ? claire : await new Somebody().come(login);
    const seen = await walk(who, language, more);
    const named = [...seen].filter(([, { text }]) => forbidden.test(text));
    expect(named.map(([path, { text }]) => [path, forbidden.exec(text)?.[0]])).toEqual([]);
    const read = [...seen].filter(([, { text }]) => text.includes(spoken(term))).map(([path]) => path);
    for (const path of ['/', '/activity', '/agreements', '/history', '/requests', ...taken])
      expect([path, read.includes(path)]).toEqual([path, true]);
    expect(seen.get('/copies')?.text).toMatch(/RUN-1[\s\S]*The file was wiped from the disk/);
    if (login === 'claire') expect(unseenIn(seen)).toEqual(seenElsewhere);
    for (const kind of ['history', 'emergencies', 'requests', 'matters', 'agreements'])
      expect([
        kind,
        [...seen.keys()].some((path) => new RegExp(`^/${kind}/[\\w-]{12,}$`).test(path)),
      ]).toEqual([kind, true]);
  });

  test('in live pages and in the report as PDF', async () => {
    for (const path of ['/now/live', '/activity/live']) {
      const told = await firstPiece(claire, path);
      expect([path, forbidden.exec(told)?.[0]]).toEqual([path, undefined]);
      if (path === '/activity/live') expect(told).toContain(spoken(term));
    }
    const report = insidePdf(await bytesOf(claire, `/report/pdf?month=${month}`));
    expect(report).toContain('Acme SARL');
    expect(forbidden.exec(report)?.[0]).toBeUndefined();
  });

  test('through the interface for programs, where stopping goes by pseudonym', async () => {
    const token = `cst_${'A'.repeat(43)}`;
    const connection = { id: 'c-1', client: 'acme', seat: await seatOfClaire(), name: 'Ours', scopes };
    await gateway.app.authority.run({
      ...{ do: 'connect', hash: tokenHash(token) },
      connection: { ...connection, expiresAt: Date.now() + 3_600_000 },
    });
    const call = (method: 'get' | 'post', path: string) =>
      supertest(`http://127.0.0.1:${gateway.port}`)
        [method](`/api/v1${path}`)
        .set({ host: new URL(portal).host, authorization: `Bearer ${token}` });
    const confirmed = hidden((await zoltan.get('/enter?systems=acme%2Ferp')).text, 'confirmed');
    await declare('acme/erp', { purpose: 'diagnosis', confirmed });
    const opening = await newestOpening();
    const { grants } = await inForce();
    const [request] = await gateway.app.archive.requests('acme');
    const ids = { openings: opening, grants: [...grants.keys()][0], requests: request?.id };
    let told = '';
    for (const { method, path } of Object.values(apiActs)) {
      if (method !== 'get') continue;
      const kind = path.split('/')[1] as keyof typeof ids;
      const answer = await call('get', path.replace(':id', ids[kind] ?? ''));
      expect([path, answer.status, forbidden.exec(answer.text)?.[0]]).toEqual([path, 200, undefined]);
      told += answer.text;
    }
    expect(told).toContain(`"person":{"id":"${term}","name":"${spoken(term)}"}`);
    expect(told).toContain(`"people":["${term}"]`);
    expect((await call('post', '/stop').send({ person: canary.id })).status).toBe(404);
    const stopped = await call('post', '/stop').send({ person: term });
    expect([stopped.status, stopped.body.openings]).toEqual([200, expect.arrayContaining([opening])]);
  });

  test('in what the client is sent: to its system, its webhook, its mail', async () => {
    const outbox = join(gateway.folder, 'data', 'outbox');
    const mails = await until(async () => {
      const names = await readdir(outbox).catch(() => []);
      const read = await Promise.all(names.map((name) => readFile(join(outbox, name), 'utf8')));
      // Long lines are broken by the mail's own encoding.
      const all = read.map((one) => one.replace(/=\r?\n/g, ''));
      return all.some((one) => one.includes('T-3')) ? all : undefined;
    });
    expect(mails.join('\n')).toContain(spoken(term));
    for (const event of ['access.opened', 'robot.missed'])
      await until(async () => (hooked.some((one) => one.includes(event)) ? true : undefined));
    for (const sent of [...upstream, ...hooked, ...mails]) expect(forbidden.exec(sent)?.[0]).toBeUndefined();
  });

  test('in the export that it verifies, which holds', async () => {
    const files = unzipSync(await exportFiles(gateway.app.archive, 'acme'));
    const key = (await gateway.app.archive.head('acme'))?.verifierKey ?? '';
    const found = verifyExport(new Map(Object.entries(files)), { key });
    expect(found.filter(({ kind }) => kind === 'failure')).toEqual([]);
    expect(forbidden.exec(textOf(files))?.[0]).toBeUndefined();
    expect(textOf(files)).toContain(`"name":"${spoken(term)}"`);
    expect(textOf(files)).toContain(`"who":"${term}"`);
    expect(await gateway.app.archive.fsck()).toEqual([]);
  });
});

test('from the change on, a client that read names reads pseudonyms, others than those of anybody else', async () => {
  const nadia = await new Somebody().come('nadia');
  const theirs = termFor(pseudonymKeyIn(gateway.config.keys) ?? '', 'martin', canary.id);
  expect(theirs).not.toBe(term);
  await edit('clients/martin.yaml', 'zone: Europe/Paris\n', 'zone: Europe/Paris\ndisplay: pseudonym\n');
  await gateway.app.reloadPolicies();
  await declare('martin/payroll', { purpose: 'support' });
  const lines = await gateway.lines('martin');
  const opened = lines.filter(({ leaf }) => leaf.t === 'session.opened');
  expect(opened.map(({ groups }) => groups.person)).toEqual([
    { name: spoken(theirs) },
    { name: canary.name },
  ]);
  const told = await gateway.app.archive.lines({
    ...{ client: 'martin', kinds: ['policy.activated'], limit: 1, disclose: ['change'] },
  });
  expect(JSON.stringify(told)).toContain('whether you read technicians’ names or pseudonyms: pseudonym');
  // Agreements that named by id hold, and pages say who it is by the pseudonym alone.
  const now = await nadia.get('/agreements/new');
  expect([now.text.includes(spoken(theirs)), forbidden.exec(now.text)?.[0]]).toEqual([true, undefined]);
  const { archive } = gateway.app;
  const key = (await archive.head('martin'))?.verifierKey ?? '';
  const files = new Map(Object.entries(unzipSync(await exportFiles(archive, 'martin'))));
  expect(verifyExport(files, { key }).filter(({ kind }) => kind === 'failure')).toEqual([]);
  expect(await archive.fsck()).toEqual([]);
});

test('somebody who stands in no file any more is not named by their id instead', async () => {
  // Somebody else answers for the robot first.
  await edit('staff.yaml', `responsible: ${canary.id}`, 'responsible: alice');
  await edit('staff.yaml', new RegExp(`  ${canary.id}:\n[\\s\\S]*?\n\n`), '');
  for (const client of ['acme', 'martin'])
    await edit(`clients/${client}.yaml`, new RegExp(`  - \\{ who: ${canary.id}[^\n]*\n`), '');
  await edit('clients/acme.yaml', `, ${canary.id}]`, ']');
  await gateway.app.reloadPolicies();
  expect((await claire.get('/agreements/new')).text).not.toContain(spoken(term));
  const seen = await walk(claire, 'en', []);
  const named = [...seen].filter(([, { text }]) => forbidden.test(text));
  expect(named.map(([path, { text }]) => [path, forbidden.exec(text)?.[0]])).toEqual([]);
  // What was written while they worked here still says who.
  expect(seen.get('/history')?.text).toContain(spoken(term));
});
