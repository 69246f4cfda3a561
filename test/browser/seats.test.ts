/**
 * A client of few people without any identity provider, in real Chromium: invited by link and code, enrolled on a phone with
 * a passkey, agreeing within six pages, and signing in again with nothing but that passkey.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { invitationLife, invitationProof } from '../../src/core/invitation.ts';
import type { Snapshot } from '../../src/core/model.ts';
import { proposalFrom } from '../../src/core/proposals.ts';
import { everySystem } from '../../src/core/systems.ts';
import { startWorld, type World } from '../../src/demo/world.ts';
import { browserAvailable, type LaunchedBrowser, launch } from '../support/browser.ts';
import { freePort, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { fits, narrow, withPasskeys } from '../support/phones.ts';
import { type PolicyFolder, policyFolder } from '../support/policies.ts';
import { stopwatch } from '../support/stopwatch.ts';

const suite = browserAvailable() ? describe : describe.skip;
suite('a client without an identity provider', () => {
  let world: World;
  let gateway: TestGateway;
  let policies: PolicyFolder;
  let phone: LaunchedBrowser;
  let page: Page;
  let portal: string;
  let codes: string[] = [];

  beforeAll(async () => {
    const port = await freePort();
    portal = `http://portal.localhost:${port}`;
    world = await startWorld(portal);
    const martin = await readFile('policies/clients/martin.yaml', 'utf8');
    const alone = martin.replace(/issuer: \$\{ISSUER\}\n +subject: nadia/, 'sign_in: passkey');
    expect(alone).not.toBe(martin);
    policies = await policyFolder({ 'clients/martin.yaml': alone });
    gateway = await startTestGateway({
      port,
      policies: policies.path,
      issuer: world.identityProvider.issuer,
      clientSecret: world.clientSecret,
    });
    phone = await launch({ locale: 'fr-FR' });
    page = await phone.context.newPage();
    await page.setViewportSize(narrow);
    await withPasskeys(page);
  });

  afterAll(async () => {
    await phone?.close();
    await gateway?.close();
    await policies?.remove();
    await world?.close();
  });

  async function loaded(): Promise<Snapshot> {
    const { loadPolicies } = await import('../../src/stores/policy-files.ts');
    const found = await loadPolicies(policies.path, {
      evaluation: true,
      production: false,
      portalUrl: gateway.config.portalUrl,
      credentialsDir: 'none',
      variables: world.variables,
    });
    if ('faults' in found) throw new Error('the policies are right');
    return found.snapshot;
  }

  async function propose(id: string, name: string): Promise<void> {
    const { clients, templates } = await loaded();
    const [client, template] = [clients.get(id), templates.get(name)];
    if (client === undefined || template === undefined) throw new Error('the policies are right');
    const made = { id: 'p'.repeat(22), by: 'david', now: Date.now() };
    const proposal = proposalFrom(template, client, everySystem(client), made);
    if (proposal === undefined) throw new Error('the client has a system for it');
    await gateway.app.authority.run({ do: 'propose', proposal, name: 'David' });
  }

  async function invite(client: string, controller: string, link: string, code: string): Promise<void> {
    const snapshot = await loaded();
    const nominee = snapshot.clients.get(client)?.controllers.find(({ id }) => id === controller);
    if (nominee === undefined) throw new Error(`${controller} is nominated`);
    const expiresAt = Date.now() + invitationLife;
    const proof = invitationProof(link, code);
    await gateway.app.authority.run({ do: 'invite', nominee, proof, expiresAt, by: undefined });
  }

  test('from the invitation to the first agreement in six pages, on a phone, in French', async () => {
    await invite('martin', 'nadia', 'secret-of-the-link', 'ABCD-0123');
    await propose('martin', 'hotline-hours');
    const took = stopwatch();
    const pages: string[] = [];
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) pages.push(new URL(frame.url()).pathname);
    });
    const seen: string[] = [];
    page.on('request', (request) => void seen.push(request.url()));
    await page.goto(`${portal}/enrol#secret-of-the-link`);
    expect(new URL(page.url()).hash).toBe('');
    expect(await page.textContent('h1')).toBe('Vous êtes invité');
    expect(await fits(page)).toBe(true);
    await page.getByLabel('Code').fill('abcd o123');
    await page.getByRole('button', { name: 'Continuer' }).click();
    await page.waitForURL('**/enrol/welcome');
    expect(await page.textContent('main')).toContain('Nadia Martin');
    expect(await fits(page)).toBe(true);
    await page.getByRole('button', { name: 'Créer ma clé d’accès' }).click();
    await page.waitForSelector('[data-codes]:not([hidden])');
    codes = await page.locator('[data-code-list] li').allTextContents();
    expect(new Set(codes).size).toBe(5);
    expect(await fits(page)).toBe(true);
    await page.getByRole('link', { name: 'Je les ai notés' }).click();
    await page.waitForURL(`${portal}/`);
    expect(await page.textContent('main')).toContain('Vous pouvez agir.');
    expect(await page.textContent('main')).toContain('En attente de votre réponse');
    expect(await fits(page)).toBe(true);
    await page.getByRole('link', { name: /Voir et répondre/ }).click();
    await page.waitForURL('**/proposals/*');
    expect(await page.textContent('main')).toContain('Rien de ceci n’est accordé');
    expect(await fits(page)).toBe(true);
    await page.getByRole('button', { name: 'Lire le texte à signer' }).click();
    await page.waitForURL('**/agreements/review');
    await page.click('form[data-passkey] button');
    await page.waitForURL(/\/agreements$/);
    expect(await page.textContent('main')).toContain('En vigueur');
    expect((await gateway.app.archive.proposals('martin')).map(({ status }) => status)).toEqual(['accepted']);
    // Taking the secret out of the address is told as another visit of the same page.
    expect(new Set(pages).size).toBeLessThanOrEqual(6);
    expect(took().ran).toBeLessThan(90_000);
    expect(seen.join(' ')).not.toContain('secret-of-the-link');
    expect(await gateway.app.archive.fsck('martin')).toEqual([]);
  });

  test('the invitation is used up, whatever its holder has', async () => {
    await page.goto(`${portal}/enrol#secret-of-the-link`);
    await page.getByLabel('Code').fill('ABCD-0123');
    await page.getByRole('button', { name: 'Continuer' }).click();
    expect(await page.textContent('h1')).toBe('Cette invitation a déjà servi');
  });

  test('signs out, and in again with the passkey alone; the page names nobody', async () => {
    await page.goto(`${portal}/seat`);
    await page.locator('details.mine summary').click();
    await page.getByRole('button', { name: 'Se déconnecter' }).click();
    await page.waitForURL('**/sign-out');
    await page.goto(`${portal}/agreements?lang=en`);
    await page.waitForURL(/\/sign-in/);
    const text = (await page.textContent('main')) ?? '';
    expect(text).toContain('Company account');
    expect(text).not.toMatch(/acme|martin|infog/i);
    expect(await fits(page)).toBe(true);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.waitForURL(/\/agreements/);
    expect(await page.textContent('main')).toContain('In force');
    const [cookie] = (await phone.context.cookies(portal)).filter(({ name }) => name.endsWith('portal'));
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax' });
  });

  test('a representative invites a second one, who is seen by all, and removed is signed out at once', async () => {
    await page.goto(`${portal}/people?lang=fr`);
    await page.getByLabel('Nom').fill('Paul Roche');
    await page.getByLabel('Fonction').fill('Comptable');
    await page.check('input[name=role][value=representative]');
    expect(await fits(page)).toBe(true);
    await page.getByRole('button', { name: 'Inviter', exact: true }).last().click();
    const link = ((await page.textContent('#link')) ?? '').trim();
    const code = ((await page.textContent('#code')) ?? '').trim();
    expect(await fits(page)).toBe(true);
    const second = await launch({ locale: 'en-GB' });
    const paul = await second.context.newPage();
    await paul.setViewportSize(narrow);
    await withPasskeys(paul);
    await paul.goto(link);
    await paul.getByLabel('Code').fill(code);
    await paul.getByRole('button', { name: 'Continue' }).click();
    await paul.waitForURL('**/enrol/welcome');
    expect(await paul.textContent('main')).toContain('Paul Roche, Comptable');
    await paul.getByRole('button', { name: 'Create my passkey' }).click();
    await paul.getByRole('link', { name: 'I have noted them' }).click();
    await paul.waitForURL('**/seat');
    await paul.goto(`${portal}/people`);
    const list = (await paul.textContent('main')) ?? '';
    for (const told of ['Nadia Martin', 'by the provider', 'Paul Roche', 'by Nadia Martin', 'a passkey'])
      expect(list).toContain(told);
    await page.goto(`${portal}/people`);
    await page
      .getByRole('row', { name: /Paul Roche/ })
      .getByRole('link', { name: 'Retirer' })
      .click();
    await page.getByRole('button', { name: 'Retirer' }).click();
    await page.waitForURL('**/people');
    expect(await page.textContent('main')).not.toContain('Paul Roche');
    await paul.goto(`${portal}/people`);
    await paul.waitForURL(/\/sign-in/);
    await paul.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await paul.waitForSelector('[data-message]:not([hidden])');
    expect(await paul.textContent('[data-message]')).toMatch(/opens nothing here[\s\S]*no longer acts/);
    await second.close();
    expect(await gateway.app.archive.fsck('martin')).toEqual([]);
  });

  test('comes back with a recovery code after the phone was lost, in both languages; the old key is worth nothing', async () => {
    await page.goto(`${portal}/people?lang=fr`);
    expect(await page.textContent('h1')).toContain('Personnes');
    const lost = await launch({ locale: 'fr-FR' });
    const fresh = await lost.context.newPage();
    await fresh.setViewportSize(narrow);
    await withPasskeys(fresh);
    await fresh.goto(`${portal}/sign-in`);
    await fresh.getByRole('link', { name: 'J’ai perdu ma clé d’accès' }).click();
    await fresh.waitForURL('**/recover');
    expect(await fits(fresh)).toBe(true);
    await fresh.getByLabel('Code de secours').fill('AAAA-BBBB-CCCC-DDDD-EEEE');
    await fresh.getByRole('button', { name: 'Continuer' }).click();
    expect(await fresh.textContent('main')).toContain('Ce code n’est pas valable');
    expect(await fits(fresh)).toBe(true);
    await fresh.getByLabel('Code de secours').fill((codes[0] ?? '').toLowerCase());
    await fresh.getByRole('button', { name: 'Continuer' }).click();
    await fresh.waitForURL('**/recover/welcome');
    expect(await fits(fresh)).toBe(true);
    await fresh.goto(`${portal}/recover/welcome?lang=en`);
    expect(await fresh.textContent('main')).toContain('your old passkeys end');
    expect(await fits(fresh)).toBe(true);
    await fresh.getByRole('button', { name: 'Create my new passkey' }).click();
    await fresh.waitForURL('**/seat');
    expect(await fresh.textContent('main')).toContain('the old ones have ended');
    expect(await fresh.locator('main li').count()).toBe(1);
    expect(await fits(fresh)).toBe(true);
    await fresh.getByRole('button', { name: 'Show new recovery codes' }).click();
    expect(await fresh.textContent('h1')).toBe('Your earlier codes still hold');
    // The phone that was lost: signed out, and its passkey is nobody's.
    await page.goto(`${portal}/people?lang=fr`);
    await page.waitForURL(/\/sign-in/);
    await page.getByRole('button', { name: 'Se connecter avec une clé d’accès' }).click();
    await page.waitForSelector('[data-message]:not([hidden])');
    await page.goto(`${portal}/recover`);
    await page.getByLabel('Code de secours').fill(codes[0] ?? '');
    await page.getByRole('button', { name: 'Continuer' }).click();
    expect(await page.textContent('main')).toContain('Ce code n’est pas valable');
    const [seat, ...others] = (await gateway.app.archive.inForce('martin')).seats;
    expect([seat?.arrival, others]).toEqual(['recovery', []]);
    expect(await gateway.app.archive.fsck('martin')).toEqual([]);
    await lost.close();
  });

  test('the company’s people find their way as before', async () => {
    const other = await launch({ locale: 'en-GB' });
    const work = await other.context.newPage();
    await work.goto(portal);
    await work.getByRole('link', { name: 'Company account' }).click();
    await work.fill('[name=login]', 'alice');
    await work.fill('[name=password]', 'any');
    await work.click('button[type=submit]');
    await work.waitForURL(`${portal}/`);
    expect(await work.textContent('h1')).toContain('My systems');
    await other.close();
  });
});
