/**
 * The whole product for tests of pseudonyms: the sample's two clients, of which acme reads pseudonyms, one technician whose
 * name is in no other text, and people in browsers of their own.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { hookEvents } from '../../src/core/hooks.ts';
import { termFor } from '../../src/core/pseudonyms.ts';
import { startWorld, type World } from '../../src/demo/world.ts';
import { pseudonymKeyIn } from '../../src/stores/keys.ts';
import { freePort, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type Answer, type Form, TestBrowser, type Visit } from '../support/oidc.ts';

/** The technician: each of these words is in no other text. */
export const canary = {
  id: 'zoltanid',
  name: 'Zoltan Quillfeather',
  subject: 'zsubject',
  mail: 'zmail@msp.example',
};
export const forbidden = /zoltan|quillfeather|zsubject|zmail|alice/i;

class NavigatingBrowser extends TestBrowser {
  override go(address: string | URL, visit: Visit = {}): Promise<Answer> {
    const headers = { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate', ...visit.headers };
    return super.go(address, { ...visit, headers });
  }
}

/** Somebody in a browser of their own. */
export class Somebody {
  readonly browser = new NavigatingBrowser();
  #csrf = '';
  #ofAcme = false;

  async come(login: string): Promise<this> {
    this.#ofAcme = ['claire', 'dana', 'marc'].includes(login);
    const page = await this.browser.signIn(portal, login);
    expect([login, page.status, page.url.origin]).toEqual([login, 200, portal]);
    this.#csrf = hidden(page.text, 'csrf') || hidden((await this.get('/seat')).text, 'csrf');
    return this;
  }

  get(path: string, language = 'en'): Promise<Answer> {
    return this.browser.go(new URL(path, portal), { headers: { 'accept-language': language } });
  }

  /** Answers with what the page says after redirects. Fields may stand several times. */
  async post(path: string, form: Form): Promise<Answer> {
    const answer = await this.browser.follow(new URL(path, portal), {
      method: 'POST',
      headers: { origin: portal, 'sec-fetch-site': 'same-origin' },
      form: { csrf: this.#csrf, ...form },
    });
    const alert = /role="alert">([\s\S]*?)<\/div>/.exec(answer.text)?.[1] ?? '';
    expect([path, answer.status < 400, answer.status < 400 ? '' : alert]).toEqual([path, true, '']);
    if (this.#ofAcme) expect([path, forbidden.exec(answer.text)?.[0]]).toEqual([path, undefined]);
    return answer;
  }

  /** Signs the text that a form leads to. */
  async sign(path: string, form: Form, to = '/agreements/sign'): Promise<Answer> {
    const review = await this.post(path, form);
    const textHash = hidden(review.text, 'textHash');
    expect([path, textHash]).toEqual([path, expect.stringMatching(/^sha256:/)]);
    await this.post(to, { textHash, evaluation: '1' });
    return review;
  }
}

export let world: World;
export let gateway: TestGateway;
let policies: string;
export let portal: string;
export let term: string;
export let zoltan: Somebody;
export let claire: Somebody;
/** What acme's own system was sent. */
export const upstream: string[] = [];
const acmeErp = createServer((req, res) => {
  upstream.push(JSON.stringify(req.headers), JSON.stringify(claims(req.headers['consentry-assertion'])));
  // A file may be called after whoever made it.
  if (req.url?.endsWith('/archive'))
    res.setHeader('content-disposition', `attachment; filename="${canary.name} of ${canary.id}.zip"`);
  res.setHeader('content-type', 'text/html').end('<p>customers</p>');
});
/** What acme's own webhook was sent. */
export const hooked: string[] = [];
const hook = createServer((req, res) => {
  req.setEncoding('utf8').on('data', (part: string) => hooked.push(part));
  req.on('end', () => res.end());
});

export const hidden = (html: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

function claims(jws: unknown): unknown {
  return JSON.parse(Buffer.from(String(jws).split('.')[1] ?? '', 'base64url').toString() || '{}');
}

async function listening(server: typeof hook): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function edit(file: string, from: string | RegExp, to: string): Promise<void> {
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
  const alice = / {2}alice:\n[\s\S]*?\n\n/.exec(staff)?.[0] ?? '';
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
  const named = `  - { id: few, text: { en: Few., fr: Peu. }, only: [alice, nightly-backup, ${canary.id}] }\n`;
  await edit('clients/acme.yaml', 'instructions:\n', `instructions:\n${named}`);
  // Somebody with a name answers for the machine; where copies are kept, whoever takes them says.
  await edit('staff.yaml', 'responsible: alice', `responsible: ${canary.id}`);
  await edit('purposes.yaml', /copies: \{ keep_days: 30, place: [^}]*\}/, 'copies: { keep_days: 30 }');
  const dana = `  dana:\n    { name: Dana Roux, function: Aide, role: delegate, issuer: "\${ISSUER}", subject: dana, authority: D-1 }\n`;
  await edit('clients/acme.yaml', 'controllers:\n', `controllers:\n${dana}`);
  await edit('clients/acme.yaml', 'subject: claire\n', 'subject: claire\n    mail: claire@acme.example\n');
}

const asked = { systems: 'erp', reference: 'T-1', note: '', minutes: '30' };

/** Declares by the desk's own form, answers the page that follows. */
export async function declare(system: string, more: Readonly<Record<string, string>>): Promise<Answer> {
  const [client, id = ''] = system.split('/');
  const form = await zoltan.browser.follow(
    `http://${id}.${client}.localhost:${gateway.port}/.consentry/declare?to=/`,
  );
  const fields = [...form.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  return zoltan.post('/declare', {
    ...Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value])),
    ...asked,
    systems: id,
    ...more,
  });
}

/** Through the page that leads on to the system. */
export async function enter(answer: Answer): Promise<Answer> {
  const href = /href="([^"]*\/\.consentry\/enter[^"]*)"/.exec(answer.text)?.[1] ?? '';
  return zoltan.browser.follow(href.replaceAll('&amp;', '&'));
}

export const inForce = (client = 'acme') => gateway.app.authority.client(client);

/** Takes a copy of acme's, after an access to its backup server was declared. Answers its access. */
export async function takeCopy(): Promise<string> {
  await enter(await declare('acme/backup', { purpose: 'backup' }));
  const copy = await zoltan.browser.go(`http://backup.acme.localhost:${gateway.port}/backups/b-1/archive`);
  expect([copy.status, copy.text]).toEqual([200, '<p>customers</p>']);
  return newestOpening();
}

/** Polls what another thread makes. */
export async function until<T>(find: () => Promise<T | undefined>): Promise<T> {
  const last = Date.now() + 50_000;
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    if (Date.now() > last) throw new Error('it never came');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const seatOfClaire = async () =>
  (await inForce()).seats.find(({ role }) => role === 'representative')?.id ?? '';

export async function newestOpening(client = 'acme'): Promise<string> {
  const all = [...(await inForce(client)).openings.values()];
  return all.sort((a, b) => b.openedAt - a.openedAt)[0]?.id ?? '';
}

/** What Node clones here is of another realm than the tests', and the provider takes a key only as a plain object of its own. */
async function inThisRealm<T>(start: () => Promise<T>): Promise<T> {
  const { structuredClone } = globalThis;
  globalThis.structuredClone = (value) => JSON.parse(JSON.stringify(value));
  try {
    return await start();
  } finally {
    globalThis.structuredClone = structuredClone;
  }
}

/** Starts everything, and the two sign in. */
export async function begin(): Promise<void> {
  await writePolicies();
  const port = await freePort();
  portal = `http://portal.localhost:${port}`;
  world = await inThisRealm(() => startWorld(portal));
  const { identityProvider: idp } = world;
  idp.employ({ login: canary.subject, name: canary.name, mail: canary.mail, mailVerified: true });
  idp.employ({ login: 'dana', name: 'Dana Roux' });
  const acmeSystem = await listening(acmeErp);
  gateway = await startTestGateway({
    ...{ policies, port, issuer: idp.issuer, clientSecret: world.clientSecret, live: true },
    ...{ erp: acmeSystem, backup: acmeSystem, payroll: world.payroll.origin },
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
}

export async function end(): Promise<void> {
  await gateway?.close();
  await world?.close();
  for (const server of [acmeErp, hook]) server.close();
  await rm(policies, { recursive: true, force: true });
}

export const today = Temporal.Now.plainDateISO('Europe/Paris');
export const days = { from: today.toString(), until: today.add({ days: 20 }).toString() };

/** A person may be declared by pseudonym alone; answers the id of what was agreed. */
export async function agree(form: Form): Promise<{ readonly id: string; readonly read: string }> {
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
