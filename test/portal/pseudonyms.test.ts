/**
 * A client whose file says `display: pseudonym`, over the whole product: after a day with accesses, requests, an emergency, a
 * dispute and a contest, no byte that its people can reach on any route, in exports, streams, mails, messages or the
 * interface for programs, nor what its system is sent, holds a technician's name, mail, subject or id. Another client reads
 * names as ever, and the provider can say who it was.
 */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { unzipSync } from 'fflate';
import supertest from 'supertest';
import { scopes } from '../../src/core/connections.ts';
import { hookEvents } from '../../src/core/hooks.ts';
import { spoken, termFor } from '../../src/core/pseudonyms.ts';
import { verifyExport } from '../../src/core/verify.ts';
import { startWorld, type World } from '../../src/demo/world.ts';
import { apiActs } from '../../src/portal/api/acts.ts';
import { tokenHash } from '../../src/portal/api/api.ts';
import { type Act, acts } from '../../src/portal/roles.ts';
import { pseudonymKeyIn } from '../../src/stores/keys.ts';
import { exportFiles } from '../stores/ledger-world.ts';
import { freePort, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type Answer, TestBrowser, type Visit } from '../support/oidc.ts';

/** The technician: each of these words is in no other text. */
const canary = {
  id: 'zoltanid',
  name: 'Zoltan Quillfeather',
  subject: 'zsubject',
  mail: 'zmail@msp.example',
};
const forbidden = /zoltan|quillfeather|zsubject|zmail|alice/i;

class NavigatingBrowser extends TestBrowser {
  override go(address: string | URL, visit: Visit = {}): Promise<Answer> {
    const headers = { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate', ...visit.headers };
    return super.go(address, { ...visit, headers });
  }
}

/** Somebody in a browser of their own. */
class Somebody {
  readonly browser = new NavigatingBrowser();
  #csrf = '';

  async come(login: string): Promise<this> {
    const page = await this.browser.signIn(portal, login);
    expect([login, page.status, page.url.origin]).toEqual([login, 200, portal]);
    this.#csrf = hidden(page.text, 'csrf') || hidden((await this.get('/seat')).text, 'csrf');
    return this;
  }

  get(path: string, language = 'en'): Promise<Answer> {
    return this.browser.go(new URL(path, portal), { headers: { 'accept-language': language } });
  }

  /** Answers with what the page says after redirects. Fields may stand several times. */
  async post(path: string, form: Readonly<Record<string, string>>): Promise<Answer> {
    const answer = await this.browser.follow(new URL(path, portal), {
      method: 'POST',
      headers: { origin: portal, 'sec-fetch-site': 'same-origin' },
      form: { csrf: this.#csrf, ...form },
    });
    const alert = /role="alert">([\s\S]*?)<\/div>/.exec(answer.text)?.[1] ?? '';
    expect([path, answer.status < 400, answer.status < 400 ? '' : alert]).toEqual([path, true, '']);
    return answer;
  }

  /** Signs the text that a form leads to. */
  async sign(path: string, form: Readonly<Record<string, string>>, to = '/agreements/sign'): Promise<Answer> {
    const review = await this.post(path, form);
    const textHash = hidden(review.text, 'textHash');
    expect([path, textHash]).toEqual([path, expect.stringMatching(/^sha256:/)]);
    await this.post(to, { textHash, evaluation: '1' });
    return review;
  }
}

let world: World;
let gateway: TestGateway;
let policies: string;
let portal: string;
let term: string;
let zoltan: Somebody;
let claire: Somebody;
/** What acme's own system was sent. */
const upstream: string[] = [];
const acmeErp = createServer((req, res) => {
  upstream.push(JSON.stringify(req.headers), JSON.stringify(claims(req.headers['consentry-assertion'])));
  res.setHeader('content-type', 'text/html').end('<p>customers</p>');
});
/** What acme's own webhook was sent. */
const hooked: string[] = [];
const hook = createServer((req, res) => {
  req.setEncoding('utf8').on('data', (part: string) => hooked.push(part));
  req.on('end', () => res.end());
});

const hidden = (html: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

function claims(jws: unknown): unknown {
  return JSON.parse(Buffer.from(String(jws).split('.')[1] ?? '', 'base64url').toString() || '{}');
}

async function listening(server: typeof hook): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function edit(file: string, from: string | RegExp, to: string): Promise<void> {
  const path = join(policies, file);
  const text = await readFile(path, 'utf8');
  expect([file, text.replace(from, to) === text]).toEqual([file, false]);
  await writeFile(path, text.replace(from, to));
}

/** The policy of the sample, with the canary at both clients, and pseudonyms for acme alone. */
async function writePolicies(): Promise<void> {
  policies = await mkdtemp(join(tmpdir(), 'consentry-pseudonyms-'));
  await cp('policies', policies, { recursive: true });
  await rm(join(policies, 'cases'), { recursive: true });
  const staff = await readFile(join(policies, 'staff.yaml'), 'utf8');
  const alice = /  alice:\n[\s\S]*?\n\n/.exec(staff)?.[0] ?? '';
  const other = alice
    .replace('alice:', `${canary.id}:`)
    .replace('Alice Martin', canary.name)
    .replace('subject: alice', `mail: ${canary.mail}`);
  await edit('staff.yaml', alice, alice + other);
  await edit('identity.yaml', 'scopes: [openid, profile,', 'scopes: [openid, profile, email,');
  const assigned = `assignments:\n  - { who: ${canary.id}, systems: ["*"], from: 2024-01-02, reason: account }\n`;
  await edit('clients/martin.yaml', 'assignments:\n', assigned);
  await edit('clients/acme.yaml', 'assignments:\n', assigned);
  await edit('clients/acme.yaml', 'zone: Europe/Paris\n', 'zone: Europe/Paris\ndisplay: pseudonym\n');
  const named = `  - { id: few, text: { en: Few., fr: Peu. }, only: [alice, ${canary.id}] }\n`;
  await edit('clients/acme.yaml', 'instructions:\n', `instructions:\n${named}`);
  const dana = `  dana:\n    { name: Dana Roux, function: Aide, role: delegate, issuer: "\${ISSUER}", subject: dana, authority: D-1 }\n`;
  await edit('clients/acme.yaml', 'controllers:\n', `controllers:\n${dana}`);
  await edit('clients/acme.yaml', 'subject: claire\n', 'subject: claire\n    mail: claire@acme.example\n');
}

const begin = { systems: 'erp', reference: 'T-1', note: '', minutes: '30' };

/** Declares by the desk's own form, answers the page that follows. */
async function declare(system: string, more: Readonly<Record<string, string>>): Promise<Answer> {
  const [client, id = ''] = system.split('/');
  const form = await zoltan.browser.follow(
    `http://${id}.${client}.localhost:${gateway.port}/.consentry/declare?to=/`,
  );
  const fields = [...form.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  return zoltan.post('/declare', {
    ...Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value])),
    ...begin,
    systems: id,
    ...more,
  });
}

/** Through the page that leads on to the system. */
async function enter(answer: Answer): Promise<Answer> {
  const href = /href="([^"]*\/\.consentry\/enter[^"]*)"/.exec(answer.text)?.[1] ?? '';
  return zoltan.browser.follow(href.replaceAll('&amp;', '&'));
}

const inForce = (client = 'acme') => gateway.app.authority.client(client);

/** Polls what another thread makes. */
async function until<T>(find: () => Promise<T | undefined>): Promise<T> {
  const last = Date.now() + 50_000;
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    if (Date.now() > last) throw new Error('it never came');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const seatOfClaire = async () =>
  (await inForce()).seats.find(({ role }) => role === 'representative')?.id ?? '';

async function newestOpening(client = 'acme'): Promise<string> {
  const all = [...(await inForce(client)).openings.values()];
  return all.sort((a, b) => b.openedAt - a.openedAt)[0]?.id ?? '';
}

beforeAll(async () => {
  await writePolicies();
  const port = await freePort();
  portal = `http://portal.localhost:${port}`;
  world = await startWorld(portal);
  const { identityProvider: idp } = world;
  idp.employ({ login: canary.subject, name: canary.name, mail: canary.mail, mailVerified: true });
  idp.employ({ login: 'dana', name: 'Dana Roux' });
  gateway = await startTestGateway({
    ...{ policies, port, issuer: idp.issuer, clientSecret: world.clientSecret, live: true },
    ...{ erp: await listening(acmeErp), payroll: world.payroll.origin },
  });
  term = termFor(pseudonymKeyIn(gateway.config.keys) ?? '', 'acme', canary.id);
  const address = await listening(hook);
  await gateway.app.authority.run({
    ...{ do: 'hook-add', client: 'acme', by: { seat: await seatOfClaire(), role: 'representative' } },
    hook: {
      id: 'hook-1',
      events: hookEvents,
      address,
      secret: `whsec_${Buffer.alloc(32, 5).toString('base64')}`,
    },
  });
  zoltan = await new Somebody().come(canary.subject);
  claire = await new Somebody().come('claire');
}, 60_000);

afterAll(async () => {
  await gateway?.close();
  await world?.close();
  for (const server of [acmeErp, hook]) server.close();
  await rm(policies, { recursive: true, force: true });
});

const today = Temporal.Now.plainDateISO('Europe/Paris');
const days = { from: today.toString(), until: today.add({ days: 20 }).toString() };

/** A person may be declared by pseudonym alone; answers the id of what was agreed. */
async function agree(
  form: Readonly<Record<string, string>>,
): Promise<{ readonly id: string; readonly read: string }> {
  const before = new Set((await inForce()).grants.keys());
  const { text } = await claire.sign('/agreements/new', {
    ...days,
    systems: 'erp',
    operations: 'read',
    ...form,
  });
  const id = [...(await inForce()).grants.keys()].find((one) => !before.has(one)) ?? '';
  return { id, read: text };
}

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

  test('an id that is guessed names nobody, on forms and through the interface', async () => {
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

/** Everything that a GET of the route table answers to somebody: what is linked, and what is asked for by hand. */
async function walk(
  who: Somebody,
  language: string,
  more: readonly string[],
): Promise<ReadonlyMap<string, Answer>> {
  const rows = (Object.values(acts) as Act[])
    .filter(({ method }) => method === 'get')
    .map(({ path }) => path);
  const shapeOf = (path: string) =>
    rows.find((row) => row === path) ??
    rows.find((row) => new RegExp(`^${row.replace(/:[^/]+/g, '[^/]+')}$`).test(path)) ??
    path;
  const waiting = [...rows.filter((row) => !row.includes(':') && !row.endsWith('/live')), ...more];
  const times = new Map<string, number>();
  const seen = new Map<string, Answer>();
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const shape = shapeOf(new URL(path, portal).pathname);
    if (seen.has(path) || shape === '/clients' || (times.get(shape) ?? 0) >= 3 + more.length) continue;
    times.set(shape, (times.get(shape) ?? 0) + 1);
    const answer = await who.get(path, language);
    seen.set(path, answer);
    for (const [, href = ''] of answer.text.matchAll(/href="(\/[^"]*)"/g)) {
      const next = href.replaceAll('&amp;', '&');
      if (!/^\/(?:assets|sign-|api)|[?&]lang=/.test(next)) waiting.push(next);
    }
  }
  return seen;
}

/** The first piece of a live page. */
function firstPiece(who: Somebody, path: string): Promise<string> {
  const url = new URL(path, portal);
  const cookie = [...who.browser.cookies]
    .filter(([name]) => name.startsWith(`${url.host} `))
    .map(([name, value]) => `${name.slice(url.host.length + 1)}=${value}`)
    .join('; ');
  const headers = { host: url.host, cookie, accept: 'text/event-stream', 'accept-language': 'en' };
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: url.port, path, headers }, (answer) => {
      let told = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        told += part;
        if (!told.includes('\n\n')) return;
        asked.destroy();
        resolve(told);
      });
    });
    asked.on('error', reject).end();
  });
}

/** The texts inside a PDF: what its streams hold once they are inflated. */
function insidePdf(bytes: Buffer): string {
  const all = bytes.toString('latin1');
  const streams = [...all.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].map(([, body = '']) => {
    try {
      return inflateSync(Buffer.from(body, 'latin1')).toString('latin1');
    } catch {
      return body;
    }
  });
  return [all, ...streams].join('\n');
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
    }
    const answer = await gateway.app.archive.head('acme');
    expect(answer).toBeDefined();
    expect(
      insidePdf(Buffer.from((await claire.get(`/report/pdf?month=${month}`)).text, 'latin1')),
    ).not.toMatch(forbidden);
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
    expect([stopped.status, stopped.body.openings]).toEqual([200, [opening]]);
  });

  test('in what the client is sent: to its system, its webhook, its mail', async () => {
    const outbox = join(gateway.folder, 'data', 'outbox');
    const mails = await until(async () => {
      const names = await readdir(outbox).catch(() => []);
      const all = await Promise.all(names.map((name) => readFile(join(outbox, name), 'utf8')));
      return all.some((one) => one.includes('T-3')) ? all : undefined;
    });
    // Names as they stand in a subject, encoded or not.
    expect(mails.join('\n')).toContain(spoken(term));
    await until(async () => (hooked.some((one) => one.includes('access.opened')) ? true : undefined));
    for (const sent of [...upstream, ...hooked, ...mails]) expect(forbidden.exec(sent)?.[0]).toBeUndefined();
  }, 60_000);

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
