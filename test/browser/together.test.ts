/**
 * More than one person of a client, each on a phone with a passkey of their own: a delegate lets the hotline in within the frame
 * that a representative signed, and an agreement holds only once a second representative has signed the same text.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { invitationLife, invitationProof } from '../../src/core/invitation.ts';
import type { ControllerRole } from '../../src/core/model.ts';
import { startWorld, type World } from '../../src/demo/world.ts';
import { texts } from '../../src/portal/texts.ts';
import { browserAvailable } from '../support/browser.ts';
import { freePort, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { enrol, fits, newPhone, type Phone } from '../support/phones.ts';
import { policyFolder, type PolicyFolder } from '../support/policies.ts';

const suite = browserAvailable() ? describe : describe.skip;
const request = 'r'.repeat(22);

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
      'clients/martin.yaml': martin.replace(/issuer: \$\{ISSUER\}\n +subject: nadia/, 'sign_in: passkey'),
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
  }, 60_000);

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

  async function ask(): Promise<void> {
    const now = Date.now();
    const asked = { reference: 'T-77', note: 'The payslip of May does not open.' };
    await gateway.app.authority.run({
      do: 'request',
      request: {
        ...asked,
        ...{ id: request, client: 'martin', person: 'alice', systems: ['payroll'], purpose: 'hotline' },
        ...{ operations: ['read'], minutes: 30, until: now + 2 * 3_600_000, status: 'raised' },
        ...{ raisedAt: now, changedAt: now, grant: undefined, said: [] },
      },
      groups: {
        person: { subject: 'alice', name: 'Alice Martin' },
        role: { function: 'support-technician', employer: 'Provider', team: '' },
        work: asked,
      },
    });
  }

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

    await ask();
    await dana.page.goto(`${portal}/`);
    await dana.page.getByRole('link', { name: texts.requests.look.fr }).click();
    await dana.page.getByText('The payslip of May does not open.').waitFor();
    expect(await fits(dana.page)).toBe(true);
    await dana.page.getByRole('button', { name: texts.requests.approve.fr }).click();
    await dana.page.waitForURL('**/agreements/review');
    await sign(dana);
    await dana.page.getByText(texts.agreements.given.fr).waitFor();
    const [grant] = await gateway.app.archive.grants('martin');
    const { seats } = await gateway.app.authority.client('martin');
    const hers = seats.find(({ role }) => role === 'delegate');
    expect(grant).toMatchObject({ status: 'active', kind: 'one-off', people: ['alice'], minutes: 30 });
    const line = (await gateway.lines('martin')).find(({ leaf }) => leaf.t === 'consent.granted');
    expect(line?.leaf).toMatchObject({ seat: hers?.id, role: 'delegate' });
    expect(line?.leaf.delegation).toEqual(grant?.delegation);
    // The frame gives nobody but her the right, and nothing beyond it: she may not give an agreement of her own.
    await dana.page.goto(`${portal}/agreements/new`);
    expect(await dana.page.textContent('h1')).not.toBe(texts.agreements.formTitle.fr);
  }, 60_000);

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
    await page.fill('[name=from]', new Date().toISOString().slice(0, 10));
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
  }, 60_000);
});
