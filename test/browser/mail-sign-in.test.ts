/**
 * A client whose representative can use no passkey, in real Chromium on a phone's width: enrolled with an authenticator app,
 * signing in by mail and code past a mail scanner and another browser, agreeing by code, and told everywhere what that is worth.
 */
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { unzipSync } from 'fflate';
import jsqr from 'jsqr';
import type { Page } from 'playwright-core';
import { invitationLife, invitationProof } from '../../src/core/invitation.ts';
import { type ControllerUser, mailAccount } from '../../src/core/model.ts';
import { fromBase32, totpCode, totpStep } from '../../src/core/totp.ts';
import { verifyExport } from '../../src/core/verify.ts';
import { startWorld, type World } from '../../src/demo/world.ts';
import { exportFiles } from '../stores/ledger-world.ts';
import { browserAvailable, type LaunchedBrowser, launch } from '../support/browser.ts';
import { TestClock } from '../support/clock.ts';
import { freePort, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { TestBrowser } from '../support/oidc.ts';
import { type PolicyFolder, policyFolder } from '../support/policies.ts';

/** What a phone reads in the drawing on the page, module by module; undefined when it can read nothing. */
async function readQr(page: Page): Promise<string | undefined> {
  const drawing = page.getByRole('img', { name: /La clé sous forme d’image/ });
  const modules = Number((await drawing.getAttribute('viewBox'))?.split(' ')[2]);
  const path = (await drawing.locator('path').getAttribute('d')) ?? '';
  const side = 4;
  const pixels = new Uint8ClampedArray((modules * side) ** 2 * 4).fill(255);
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g))
    for (let at = 0; at < side ** 2; at += 1) {
      const column = Number(x) * side + (at % side);
      const row = Number(y) * side + Math.floor(at / side);
      pixels.fill(0, (row * modules * side + column) * 4, (row * modules * side + column) * 4 + 3);
    }
  return jsqr.default(pixels, modules * side, modules * side)?.data;
}

const suite = browserAvailable() ? describe : describe.skip;
const narrow = { width: 360, height: 740 };

const nadia: ControllerUser = {
  id: 'nadia',
  client: 'martin',
  name: 'Nadia Martin',
  function: 'Gérante',
  role: 'representative',
  authority: 'Extrait Kbis du 2025-01-20',
  mail: 'nadia@martin.example',
  ...mailAccount('martin', 'nadia'),
};

suite('a representative without a passkey', () => {
  let world: World;
  let gateway: TestGateway;
  let clock: TestClock;
  let policies: PolicyFolder;
  let phone: LaunchedBrowser;
  let elsewhere: LaunchedBrowser;
  let page: Page;
  let portal: string;
  let secret = '';
  let axe = '';

  beforeAll(async () => {
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const port = await freePort();
    portal = `http://portal.localhost:${port}`;
    world = await startWorld(portal);
    const martin = await readFile('policies/clients/martin.yaml', 'utf8');
    const changed = martin
      .replace(/issuer: \$\{ISSUER\}\n +subject: nadia/, 'sign_in: mail-totp\n    mail: nadia@martin.example')
      .replace('controllers:', 'accept_without_signature: true\n\ncontrollers:');
    policies = await policyFolder({ 'clients/martin.yaml': changed });
    clock = new TestClock();
    gateway = await startTestGateway({
      port,
      clock,
      policies: policies.path,
      issuer: world.identityProvider.issuer,
      clientSecret: world.clientSecret,
    });
    phone = await launch({ locale: 'fr-FR' });
    elsewhere = await launch({ locale: 'en-GB' });
    page = await phone.context.newPage();
    await page.setViewportSize(narrow);
  });

  afterAll(async () => {
    await phone?.close();
    await elsewhere?.close();
    await gateway?.close();
    await policies?.remove();
    await world?.close();
  });

  /** The code of the next half minute, which comes at once: each counts once, and for half a minute at least. */
  async function nextCode(): Promise<string> {
    const bytes = fromBase32(secret);
    if (bytes === undefined) throw new Error('the secret was read');
    clock.ahead += 30_000;
    return totpCode(bytes, totpStep(clock.now()));
  }

  /** The mails that lie in the outbox, decoded. */
  async function mails(): Promise<readonly string[]> {
    const folder = join(gateway.config.data, 'outbox');
    const names = await readdir(folder).catch(() => []);
    const texts = await Promise.all(
      names.filter((name) => name.endsWith('.eml')).map((name) => readFile(join(folder, name), 'utf8')),
    );
    return texts
      .map((text) =>
        text
          .replaceAll('=\r\n', '')
          .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      )
      .filter((text) => text.includes('/sign-in-by-mail/code?'));
  }

  const seen = new Set<string>();

  /** Asks for a mail on the page and answers the address in the one that comes. */
  async function askAndRead(): Promise<string> {
    await page.goto(`${portal}/sign-in?return=%2Fagreements`);
    await page.getByRole('link', { name: 'Courriel et code' }).click();
    await page.getByLabel('Votre adresse de courriel').fill('nadia@martin.example');
    await page.getByRole('button', { name: 'M’envoyer un courriel' }).click();
    await page.waitForURL('**/sign-in-by-mail/code');
    return nextLink();
  }

  /** The address in the mail that comes next. */
  async function nextLink(): Promise<string> {
    for (;;) {
      const fresh = (await mails()).find((text) => !seen.has(text));
      if (fresh !== undefined) {
        seen.add(fresh);
        const link = /http:\S+\/sign-in-by-mail\/code\?code=[0-9A-Z-]+/.exec(fresh)?.[0];
        if (link === undefined) throw new Error('the mail has a link');
        return link;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** What axe-core finds, and whether the page is wider than the phone. */
  async function faults(where: Page): Promise<readonly string[]> {
    await where.evaluate(axe);
    const found = await where.evaluate(async () => {
      type Finding = { id: string; nodes: { html: string }[] };
      const { axe: looker } = globalThis as unknown as {
        axe: { run(of: Document, how: object): Promise<{ violations: Finding[] }> };
      };
      const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
      const { violations } = await looker.run(document, { runOnly: { type: 'tag', values } });
      return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
    });
    const wide = await where.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    return wide > 0 ? [...found, `${wide} px too wide`] : found;
  }

  const main = async (where = page) => (await where.textContent('main')) ?? '';

  test('enrols an app by link and code, and is told what it is worth', async () => {
    const proof = invitationProof('link-of-nadia', 'ABCD-0123');
    const expiresAt = Date.now() + invitationLife;
    await gateway.app.authority.run({ do: 'invite', nominee: nadia, proof, expiresAt, by: undefined });
    await page.goto(`${portal}/enrol#link-of-nadia`);
    await page.getByLabel('Code').fill('ABCD-0123');
    await page.getByRole('button', { name: 'Continuer' }).click();
    await page.waitForURL('**/enrol/welcome');
    expect(await main()).toContain('Moins probant qu’une clé d’accès');
    expect(await page.getByRole('img', { name: /La clé sous forme d’image/ }).isVisible()).toBe(true);
    const address =
      (await page.getByRole('link', { name: /Ouvrir dans l’application/ }).getAttribute('href')) ?? '';
    secret = new URL(address).searchParams.get('secret') ?? '';
    expect(await readQr(page)).toBe(address);
    expect((await main()).replaceAll(' ', '')).toContain(secret);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await faults(page)).toEqual([]);
    }
    await page.reload();
    expect((await main()).replaceAll(' ', '')).toContain(secret);
    await page.getByLabel(/Code de votre application/).fill('000000');
    await page.getByRole('button', { name: 'Terminer' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('n’est pas le bon');
    expect(await faults(page)).toEqual([]);
    await page.getByLabel(/Code de votre application/).fill(await nextCode());
    await page.getByRole('button', { name: 'Terminer' }).click();
    expect(await page.textContent('h1')).toBe('Vos codes de secours');
    expect(await page.locator('.codes li').count()).toBe(5);
    // Enrolled is not signed in: the mailbox was not proved.
    await page.getByRole('link', { name: 'Je les ai notés' }).click();
    expect(new URL(page.url()).pathname).toBe('/sign-in');
  });

  test('signs in past a scanner that opened the link twice and another browser that tried it', async () => {
    const link = await askAndRead();
    for (let time = 0; time < 2; time += 1) expect((await new TestBrowser().go(link)).status).toBe(200);
    const other = await elsewhere.context.newPage();
    await other.goto(link);
    expect(await other.getByLabel('Code from the mail').inputValue()).toMatch(
      /^[0-9A-Z]{4}(-[0-9A-Z]{4}){2}$/,
    );
    await other.getByLabel('Code of your authenticator app').fill('000000');
    await other.getByRole('button', { name: 'Sign in' }).click();
    expect(await other.getByRole('alert').textContent()).toContain('This browser waits for no mail');
    expect(await faults(other)).toEqual([]);
    await page.goto(link);
    expect(await faults(page)).toEqual([]);
    await page.getByLabel(/Code de votre application/).fill('000000');
    await page.getByRole('button', { name: 'Me connecter' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('Attendez le suivant');
    await page.getByLabel(/Code de votre application/).fill(await nextCode());
    await page.getByRole('button', { name: 'Me connecter' }).click();
    await page.waitForURL(`${portal}/agreements`);
    await other.goto(link);
    await other.getByLabel('Code of your authenticator app').fill('000000');
    await other.getByRole('button', { name: 'Sign in' }).click();
    expect(await other.getByRole('alert').textContent()).toContain('This browser waits for no mail');
    await other.close();
  });

  test('an address that nobody has gets the same page and no mail', async () => {
    const before = (await mails()).length;
    const other = await elsewhere.context.newPage();
    const pages: string[] = [];
    // Mails go out in the order in which they were asked for.
    for (const address of ['nobody@martin.example', 'nadia@martin.example']) {
      await other.goto(`${portal}/sign-in-by-mail`);
      await other.getByLabel('Your mail address').fill(address);
      await other.getByRole('button', { name: 'Send me a mail' }).click();
      await other.waitForURL('**/sign-in-by-mail/code');
      pages.push(await main(other));
    }
    expect(pages[0]).toContain('If this address signs in here, a mail is on its way to it.');
    expect(pages[1]).toBe(pages[0]);
    await nextLink();
    const all = await mails();
    expect(all).toHaveLength(before + 1);
    expect(all.join()).not.toContain('nobody@martin.example');
    await other.close();
  });

  test('agrees by code, and pages, log and the client’s own check say that nobody signed', async () => {
    await page.goto(`${portal}/agreements/new`);
    await page.check('[name=systems][value=payroll]');
    await page.check('[name=purposes][value=hotline]');
    await page.check('[name=operations][value=read]');
    await page.check('[name=who][value=assigned]');
    const day = (away: number) => new Date(Date.now() + away * 86_400_000).toISOString().slice(0, 10);
    await page.fill('[name=from]', day(1));
    await page.fill('[name=until]', day(20));
    await page.getByRole('button', { name: 'Lire le texte' }).click();
    await page.waitForURL('**/agreements/review');
    expect(await main()).toMatch(/sans signature propre\s: preuve plus faible/);
    expect(await faults(page)).toEqual([]);
    const review = page.url();
    await page.getByLabel(/Code de votre application/).fill('000000');
    await page.getByRole('button', { name: 'Accepter par code' }).click();
    expect(await main()).toContain('Attendez le suivant');
    await page.goto(review);
    await page.getByLabel(/Code de votre application/).fill(await nextCode());
    await page.getByRole('button', { name: 'Accepter par code' }).click();
    await page.waitForURL(/\/agreements$/);
    expect(await main()).toContain('Connexion par courriel et code');
    expect(await main()).toContain('pas de signature propre');
    await page.goto(`${portal}/agreements?lang=en`);
    expect(await main()).toContain('Signed in by mail and code; no signature of their own.');
    expect(await faults(page)).toEqual([]);
    const [given] = await gateway.app.archive.lines({
      ...{ client: 'martin', kinds: ['consent.granted'], limit: 1, disclose: [] },
    });
    expect(given?.leaf).toMatchObject({ method: 'mail-totp', amr: 'mail otp', signature: '' });
    const [seat] = await gateway.app.archive.lines({
      ...{ client: 'martin', kinds: ['controller.seated'], limit: 1, disclose: [] },
    });
    expect(seat?.leaf).toMatchObject({ method: 'mail-totp', amr: 'mail otp', key: '' });
    expect(await gateway.app.archive.fsck('martin')).toEqual([]);
    const files = new Map(Object.entries(unzipSync(await exportFiles(gateway.app.archive, 'martin'))));
    const findings = verifyExport(files, {});
    expect(findings.filter(({ kind }) => kind === 'failure')).toEqual([]);
    const said = findings.map(({ what }) => what).filter((what) => what.includes('by mail and code only'));
    expect(said).toHaveLength(1);
  }, 120_000);

  test('sees how they sign in, gets new recovery codes, and makes no passkey there', async () => {
    await page.goto(`${portal}/seat?lang=fr`);
    expect(await main()).toContain('Vous vous connectez par courriel et code.');
    expect(await page.locator('form[data-passkey]').count()).toBe(0);
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Afficher de nouveaux codes de secours' }).click();
    expect(await page.locator('.codes li').count()).toBe(5);
  });
});
