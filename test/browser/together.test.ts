/**
 * More than one person of a client, each on a phone with a passkey of their own: a delegate lets the hotline in within the frame
 * that a representative signed, and an agreement holds only once a second representative has signed the same text.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Locator, Page, Response } from 'playwright-core';
import { invitationLife, invitationProof } from '../../src/core/invitation.ts';
import type { ControllerRole } from '../../src/core/model.ts';
import { startWorld, type World } from '../../src/demo/world.ts';
import { texts } from '../../src/portal/texts.ts';
import { browserAvailable } from '../support/browser.ts';
import { freePort, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { TestBrowser } from '../support/oidc.ts';
import { enrol, fits, newPhone, type Phone } from '../support/phones.ts';
import { type PolicyFolder, policyFolder } from '../support/policies.ts';

const suite = browserAvailable() ? describe : describe.skip;

/** Quoted-printable, undone. */
function unquoted(mail: string): string {
  return mail
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Everything that the page that is shown loads, in bytes as they are once unpacked. */
async function weight(page: Page): Promise<number> {
  const answers: Response[] = [];
  const keep = (answer: Response): void => void answers.push(answer);
  page.on('response', keep);
  await page.reload({ waitUntil: 'networkidle' });
  page.off('response', keep);
  const addresses = answers.map((answer) => answer.url()).join(' ');
  for (const part of [/\/requests\//, /portal\.\S+\.css/, /page\.\S+\.js/]) expect(addresses).toMatch(part);
  const bodies = await Promise.all(answers.map((answer) => answer.body()));
  return bodies.reduce((sum, body) => sum + body.length, 0);
}

/** On how many lines of the screen the facts stand that are told first. */
function linesOfGist(page: Page): Promise<number> {
  return page.locator('main dl.gist').evaluate((list) => {
    const range = document.createRange();
    range.selectNodeContents(list);
    const texts = [...range.getClientRects()].filter(({ height }) => height < 40);
    const middles = texts.map(({ top, bottom }) => (top + bottom) / 2).sort((one, other) => one - other);
    return middles.filter((middle, at) => at === 0 || middle - (middles[at - 1] ?? 0) > 8).length;
  });
}

suite('several people of a client', () => {
  let world: World;
  let gateway: TestGateway;
  let policies: PolicyFolder;
  let nadia: Phone;
  let paul: Phone;
  let dana: Phone;
  let portal: string;

  beforeAll(async () => {
    const port = await freePort();
    portal = `http://portal.localhost:${port}`;
    world = await startWorld(portal);
    const martin = await readFile('policies/clients/martin.yaml', 'utf8');
    policies = await policyFolder({
      'clients/martin.yaml': martin.replace(
        /issuer: \$\{ISSUER\}\n +subject: nadia/,
        'sign_in: passkey\n    mail: nadia@martin.example\n    language: fr',
      ),
    });
    gateway = await startTestGateway({
      port,
      policies: policies.path,
      payroll: world.payroll.origin,
      issuer: world.identityProvider.issuer,
      clientSecret: world.clientSecret,
    });
    [nadia, paul, dana] = [await newPhone('fr'), await newPhone('en'), await newPhone('fr')];
  }, 90_000);

  afterAll(async () => {
    for (const phone of [nadia, paul, dana]) await phone?.browser.close();
    await gateway?.close();
    await policies?.remove();
    await world?.close();
  });

  /** Nadia invites on her page of people; the other takes the link and the code on a phone. */
  async function seat(phone: Phone, name: string, role: ControllerRole): Promise<void> {
    const { page } = nadia;
    await page.goto(`${portal}/people`);
    await page.getByLabel('Nom').fill(name);
    await page.getByLabel('Fonction').fill('Comptable');
    await page.check(`input[name=role][value=${role}]`);
    await page.getByRole('button', { name: 'Inviter', exact: true }).last().click();
    const [link, code] = [await page.textContent('#link'), await page.textContent('#code')];
    await enrol(phone, (link ?? '').trim(), (code ?? '').trim());
  }

  async function sign({ page }: Phone): Promise<void> {
    expect(await fits(page)).toBe(true);
    await page.click('form[data-passkey] button[type=submit]');
  }

  const statuses = async (): Promise<readonly string[]> =>
    (await gateway.app.archive.grants('martin')).map(({ status }) => status);

  test('three sit, each with a passkey of their own', async () => {
    const nominee = { id: 'nadia', client: 'martin', role: 'representative' } as const;
    const { seats } = await gateway.app.authority.client('martin');
    expect(seats).toEqual([]);
    await invite(nominee.id);
    await enrol(nadia, `${portal}/enrol#secret-of-the-link`, 'ABCD-0123');
    await seat(paul, 'Paul Roche', 'representative');
    await seat(dana, 'Dana Roux', 'delegate');
    const now = await gateway.app.authority.client('martin');
    expect(now.seats.map(({ role, method }) => [role, method])).toEqual([
      ['representative', 'passkey'],
      ['representative', 'passkey'],
      ['delegate', 'passkey'],
    ]);
  });

  async function invite(controller: string): Promise<void> {
    const { loadPolicies } = await import('../../src/stores/policy-files.ts');
    const found = await loadPolicies(policies.path, {
      evaluation: true,
      production: false,
      portalUrl: gateway.config.portalUrl,
      credentialsDir: 'none',
      variables: world.variables,
    });
    if ('faults' in found) throw new Error('the policies are right');
    const nominee = found.snapshot.clients.get('martin')?.controllers.find(({ id }) => id === controller);
    if (nominee === undefined) throw new Error(`${controller} is nominated`);
    const proof = invitationProof('secret-of-the-link', 'ABCD-0123');
    const expiresAt = Date.now() + invitationLife;
    await gateway.app.authority.run({ do: 'invite', nominee, proof, expiresAt, by: undefined });
  }

  /** Alice asks; resolves with the id of the request. */
  async function ask(reference: string): Promise<string> {
    const now = Date.now();
    const id = `${reference}-0123456789abcdefghi`.slice(0, 22);
    const asked = { reference, note: 'The payslip of May does not open, and Lea waits for it on the phone.' };
    await gateway.app.authority.run({
      do: 'request',
      request: {
        ...asked,
        ...{ id, client: 'martin', person: 'alice', systems: ['payroll'], purpose: 'hotline' },
        ...{ operations: ['read'], minutes: 30, until: now + 2 * 3_600_000, status: 'raised' },
        ...{ raisedAt: now, changedAt: now, grant: undefined, said: [] },
      },
      groups: {
        person: { subject: 'alice', name: 'Alice Martin' },
        role: { function: 'support-technician', employer: 'Provider', team: '' },
        work: asked,
      },
    });
    return id;
  }

  /** The text of the mail that brings people to that page, once it is there. */
  async function mailAbout(path: string): Promise<string> {
    const folder = join(gateway.config.data, 'outbox');
    for (;;) {
      for (const name of await readdir(folder).catch(() => [])) {
        const text = unquoted(await readFile(join(folder, name), 'utf8'));
        if (text.includes(path)) return text;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  test('from the mail to the decision: who, what, why and how long in eight lines, three taps after signing in, 60 KB', async () => {
    const { page } = nadia;
    const id = await ask('T-77');
    const mail = await mailAbout(`/requests/${id}`);
    const link = new RegExp(`${portal}/requests/[\\w-]+`).exec(mail)?.[0] ?? '';
    // Whatever opens the link first, a mail scanner for one, does nothing by it.
    const scanned = await new TestBrowser().go(link, { headers: { accept: 'text/html' } });
    expect(scanned.status).toBe(303);
    await nadia.browser.context.clearCookies();
    await page.goto(link);
    await page.getByRole('button', { name: /clé d’accès/ }).click();
    await page.waitForURL(link);
    let taps = 0;
    const tap = async (what: Locator): Promise<void> => {
      taps += 1;
      await what.click();
    };
    expect(await fits(page)).toBe(true);
    expect(await weight(page)).toBeLessThanOrEqual(60 * 1024);
    const facts = (await page.textContent('main dl.gist')) ?? '';
    for (const told of [/Alice Martin/, /Paie/, /Assistance hotline/, /payslip of May/, /30\sminutes/])
      expect(facts).toMatch(told);
    const lines = await linesOfGist(page);
    expect(lines).toBeGreaterThanOrEqual(4);
    expect(lines).toBeLessThanOrEqual(8);
    await tap(page.getByRole('button', { name: texts.requests.approve.fr }));
    await page.waitForURL('**/agreements/review');
    await tap(page.locator('form[data-passkey] button[type=submit]'));
    await page.getByText(texts.agreements.given.fr).waitFor();
    expect(taps).toBeLessThanOrEqual(3);
    expect(await statuses()).toEqual(['active']);
  }, 90_000);

  test('the representative signs a frame, and the delegate lets the hotline in with a signature of her own', async () => {
    const { page } = nadia;
    await page.goto(`${portal}/people`);
    await page.getByRole('link', { name: texts.frames.give.fr }).click();
    await page.check('input[name=delegate]');
    for (const [name, value] of [
      ['systems', 'payroll'],
      ['purposes', 'hotline'],
      ['operations', 'read'],
    ] as const)
      await page.check(`input[name=${name}][value=${value}]`);
    await page.fill('[name=minutes]', '30');
    for (const day of await page.locator('input[name=days]').all()) await day.check();
    await page.fill('[name=hoursFrom]', '00:00');
    await page.fill('[name=hoursUntil]', '24:00');
    const inAMonth = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    await page.fill('[name=until]', inAMonth);
    expect(await fits(page)).toBe(true);
    await page.getByRole('button', { name: texts.frames.review.fr }).click();
    await page.waitForURL('**/people/frames/review');
    await sign(nadia);
    await page.waitForURL(/\/people$/);

    await ask('T-78');
    await dana.page.goto(`${portal}/`);
    await dana.page.getByRole('link', { name: texts.requests.look.fr }).click();
    await dana.page.getByText(/The payslip of May does not open/).waitFor();
    expect(await fits(dana.page)).toBe(true);
    await dana.page.getByRole('button', { name: texts.requests.approve.fr }).click();
    await dana.page.waitForURL('**/agreements/review');
    await sign(dana);
    await dana.page.getByText(texts.agreements.given.fr).waitFor();
    const grant = (await gateway.app.archive.grants('martin')).find(
      ({ delegation }) => delegation !== undefined,
    );
    const { seats } = await gateway.app.authority.client('martin');
    const hers = seats.find(({ role }) => role === 'delegate');
    expect(grant).toMatchObject({ status: 'active', kind: 'one-off', people: ['alice'], minutes: 30 });
    const line = (await gateway.lines('martin')).find(
      ({ leaf }) => leaf.t === 'consent.granted' && leaf.delegation !== undefined,
    );
    expect(line?.leaf).toMatchObject({ seat: hers?.id, role: 'delegate' });
    expect(line?.leaf.delegation).toEqual(grant?.delegation);
    // The frame gives nobody but her the right, and nothing beyond it: she may not give an agreement of her own.
    await dana.page.goto(`${portal}/agreements/new`);
    expect(await dana.page.textContent('h1')).not.toBe(texts.agreements.formTitle.fr);
  });

  test('with two signatures wanted, an agreement holds once the second has signed the same text', async () => {
    const { page } = nadia;
    await page.goto(`${portal}/signing`);
    await sign(nadia);
    await page.getByText(texts.signing.ruleSet.fr).waitFor();

    await page.goto(`${portal}/agreements/new`);
    for (const [name, value] of [
      ['systems', 'payroll'],
      ['purposes', 'hotline'],
      ['operations', 'read'],
      ['who', 'assigned'],
    ] as const)
      await page.check(`input[name=${name}][value=${value}]`);
    // The client’s own day, which begins before that of UTC.
    const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format();
    await page.fill('[name=from]', today);
    await page.fill('[name=until]', new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10));
    await page.click('main form[action="/agreements/new"] button[type=submit]');
    await page.waitForURL('**/agreements/review');
    const text = await page.textContent('.document');
    await sign(nadia);
    await page.waitForURL(/\/agreements$/);
    expect(await statuses()).toContain('waiting');

    // Paul finds it on his first page, reads the very same text and signs.
    await paul.page.goto(`${portal}/`);
    await paul.page.locator('main a[href^="/agreements/"]').first().click();
    await paul.page.waitForURL(/\/agreements\/[\w-]+$/);
    expect(await paul.page.textContent('.document')).toBe(text);
    await sign(paul);
    await paul.page.waitForURL(/\/agreements$/);
    expect(await statuses()).not.toContain('waiting');
    const signed = (await gateway.lines('martin')).filter(({ leaf }) => leaf.t === 'consent.signed');
    expect(signed).toHaveLength(1);
    expect(await gateway.app.archive.fsck('martin')).toEqual([]);
  });
});
