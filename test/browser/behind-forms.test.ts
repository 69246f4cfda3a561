/**
 * The pages that no link leads to, in real Chromium: each form is sent as a person would, with a mistake first where one is
 * likely, and what comes back is looked at by axe-core and for what does not fit. Both languages, both themes, two widths.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startWorld, type World } from '../../src/demo/world.ts';
import { browserAvailable, type LaunchedBrowser, launch } from '../support/browser.ts';
import { freePort, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type PolicyFolder, policyFolder } from '../support/policies.ts';
import { faultsOf, signIn } from '../support/walk.ts';

const suite = browserAvailable() ? describe : describe.skip;

const looks = [
  { locale: 'en-GB', colorScheme: 'light', width: 1440 },
  { locale: 'fr-FR', colorScheme: 'dark', width: 360 },
] as const;

/** A second representative and a delegate, so that two may sign and a frame may be given. */
const more = `
  paul: { name: Paul Roche, function: Adjoint, role: representative, issuer: "\${ISSUER}", subject: paul, authority: PV-2026-3 }
  lea: { name: Léa Blanc, function: Comptable, role: delegate, issuer: "\${ISSUER}", subject: lea, authority: PV-2026-4 }
`;

const notice = `notice:
  version: "2026-1"
  recorded: { en: Each access with its purpose., fr: Chaque accès avec sa finalité. }
  readers: { en: The client whose system it is., fr: Le client dont c’est le système. }
  kept: { en: As long as the agreement asks., fr: Aussi longtemps que l’accord le demande. }
  rights: { en: Ask the data protection officer., fr: Adressez-vous au délégué à la protection des données. }
`;

suite.each(looks)('behind forms: $locale, $colorScheme, $width px', ({ locale, colorScheme, width }) => {
  let world: World;
  let gateway: TestGateway;
  let policies: PolicyFolder;
  let portal: string;
  let erp: string;
  const browsers: LaunchedBrowser[] = [];

  beforeAll(async () => {
    const port = await freePort();
    portal = `http://portal.localhost:${port}`;
    erp = `http://erp.acme.localhost:${port}`;
    world = await startWorld(portal);
    const acme = await readFile('policies/clients/acme.yaml', 'utf8');
    const staff = await readFile('policies/staff.yaml', 'utf8');
    const martin = await readFile('policies/clients/martin.yaml', 'utf8');
    policies = await policyFolder({
      'clients/acme.yaml': acme.replace('\ninstructions:', `${more}\ninstructions:`),
      // The contract of this one is over.
      'clients/martin.yaml': martin.replace('name: ', 'status: ended\nname: '),
      'staff.yaml': staff.replace('\npeople:', `\n${notice}\npeople:`),
    });
    gateway = await startTestGateway({
      port,
      policies: policies.path,
      erp: world.erp.origin,
      backup: world.backup.origin,
      payroll: world.payroll.origin,
      issuer: world.identityProvider.issuer,
      clientSecret: world.clientSecret,
    });
  });

  afterAll(async () => {
    for (const browser of browsers) await browser.close();
    await gateway?.close();
    await policies?.remove();
    await world?.close();
  });

  async function somebody(login: string): Promise<Page> {
    const browser = await launch({ locale });
    browsers.push(browser);
    const page = await browser.context.newPage();
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await signIn(page, portal, login);
    return page;
  }

  /** Presses the button of the form that goes there, and looks at what comes back. `at`: where that must be. */
  async function send(page: Page, action: string, at: RegExp): Promise<void> {
    await Promise.all([
      page.waitForEvent('load'),
      page.locator(`main form[action="${action}"] button[type=submit]`).last().click(),
    ]);
    await looksRight(page, at);
  }

  async function looksRight(page: Page, at: RegExp): Promise<void> {
    const { pathname } = new URL(page.url());
    expect(pathname).toMatch(at);
    expect(await page.locator('h1').count()).toBe(1);
    expect(await faultsOf(page, pathname)).toEqual([]);
  }

  /** As `send`, with something missing: the page lists what. */
  async function mistaken(page: Page, action: string, at: RegExp): Promise<void> {
    await send(page, action, at);
    expect(await page.locator('#errors li').count()).toBeGreaterThan(0);
  }

  test('the end of a contract: what the client chooses, notice of erasure, the certificate', async () => {
    const nadia = await somebody('nadia');
    await looksRight(nadia, /^\/$/);
    await nadia.locator('main a[href="/ending"]').first().click();
    await looksRight(nadia, /^\/ending$/);
    await nadia.goto(`${portal}/ending/new`);
    await mistaken(nadia, '/ending/new', /^\/ending\/new$/);
    await nadia.check('[name=choice][value=return]');
    await nadia.fill('[name=note]', 'A disk, by hand, to our accountant.');
    await send(nadia, '/ending/new', /^\/ending\/review$/);
    await send(nadia, '/ending/sign', /^\/ending$/);

    const carla = await somebody('carla');
    await carla.goto(`${portal}/provider/endings`);
    await looksRight(carla, /^\/provider\/endings$/);
    await carla.locator('main a[href="/provider/endings/martin"]').click();
    await looksRight(carla, /^\/provider\/endings\/martin$/);
    const [give, issue] = ['notice', 'certificate'].map((one) => `/provider/endings/martin/${one}`);
    if (give === undefined || issue === undefined) throw new Error('there are two forms');
    await mistaken(carla, give, /\/notice$/);
    await carla.check('[name=what][value=data]');
    await carla.fill(
      'form[action$="/notice"] [name=text]',
      'Under clause 9 of the contract, by overwriting.',
    );
    await send(carla, give, /\/martin$/);
    await mistaken(carla, issue, /\/certificate$/);
    await carla.check('[name=hosted-payroll][value=returned]');
    await carla.check('[name=hosted-desktop][value=client]');
    await send(carla, issue, /\/martin$/);

    await nadia.goto(`${portal}/ending`);
    expect(await nadia.locator('a[href="/ending/certificate/pdf"]').count()).toBe(1);
    await looksRight(nadia, /^\/ending$/);
    const pictures = process.env.ENDING_PICTURES;
    if (pictures !== undefined)
      await nadia.screenshot({ path: `${pictures}/ending-${width}.png`, fullPage: true });
  }, 90_000);

  test('a representative withdraws an agreement', async () => {
    const page = await somebody('claire');
    await page.goto(`${portal}/agreements`);
    await page
      .locator('main li, main .tile', { hasText: /Backup|Sauvegarde/ })
      .first()
      .locator('a[href$="/revoke"]')
      .click();
    const { pathname } = new URL(page.url());
    await looksRight(page, /\/revoke$/);
    await send(page, pathname, /^\/agreements/);
  });

  test('a technician: the notice, the declaration, a request, more time, a correction', async () => {
    const page = await somebody('alice');
    await page.goto(`${erp}/customers`);
    await looksRight(page, /^\/staff-notice$/);
    await send(page, '/staff-notice', /^\/declare$/);
    await mistaken(page, '/declare', /^\/declare$/);
    await page.check('[name=purpose][value=support]');
    await page.fill('[name=reference]', 'T-4711');
    await page.locator('form[action="/declare"] button[type=submit]').last().click();
    await page.waitForURL((url) => url.origin === erp && !url.pathname.startsWith('/.consentry'));
    await page.goto(`${portal}/requests/new?system=acme%2Ferp`);
    await mistaken(page, '/requests/new', /^\/requests\/new$/);
    for (const reference of ['T-4712', 'T-4713']) {
      await page.goto(`${portal}/requests/new?system=acme%2Ferp`);
      await page.check('[name=purpose][value=backup]');
      await page.fill('[name=reference]', reference);
      await page.fill('[name=note]', 'The nightly copy of the orders stays empty since Monday.');
      await page.locator('[name=operations]').first().check();
      await page.fill('[name=minutes]', '30');
      await send(page, '/requests/new', /^\/requests(\/[\w-]{22})?$/);
    }
    await page.goto(portal);
    await page.locator('main a[href^="/openings/"]').first().click();
    const { pathname } = new URL(page.url());
    await mistaken(page, `${pathname}/extend`, /^\/openings\//);
    await page.goto(portal + pathname);
    await page.fill('[name=reference]', '');
    await mistaken(page, `${pathname}/correct`, /^\/openings\//);
    await page.fill('[name=reference]', 'T-4714');
    await send(page, `${pathname}/correct`, /^\/openings\//);
  }, 120_000);

  test('a system’s own words: refused, ended, unknown', async () => {
    const page = await somebody('alice');
    await page.goto(`${erp}/`);
    await page.locator('form[action="/continue"] button').first().click();
    await page.waitForURL((url) => url.origin === erp);
    for (const path of ['/export/customers.csv', '/.consentry/enter', '/.consentry/nothing']) {
      await page.goto(erp + path);
      expect(await faultsOf(page, path)).toEqual([]);
    }
    await page.goto(`${erp}/customers`);
    await page.locator('main a[href^="/customers/"]').first().click();
    await gateway.app.authority.end({ client: 'acme', person: 'alice' }, 'stopped', { provider: 'test' });
    await page.locator('form button[type=submit]').first().click();
    await page.getByText(/Not sent|Non envoyé/).waitFor();
    expect(await faultsOf(page, 'ended')).toEqual([]);
  });

  test('a representative: watching, asking, disputing, stopping', async () => {
    const { opening } = await gateway.open({ purpose: 'support' });
    const page = await somebody('claire');
    await page.goto(portal);
    await send(page, '/drill', /^\/$/);
    await send(page, '/stop', /^\//);
    await page.goto(`${portal}/matters/new?opening=${opening}`);
    await mistaken(page, '/matters/ask', /^\/matters/);
    await page.fill('[name=question]', 'Why was this access needed on Monday?');
    await send(page, '/matters/ask', /^\/matters\/[\w-]{22}$/);
    const matter = new URL(page.url()).pathname;
    await mistaken(page, `${matter}/say`, /^\/matters\//);
    await page.goto(`${portal}/matters/new?opening=${opening}`);
    await mistaken(page, '/matters/dispute', /^\/matters/);
    await page.fill('[name=ground]', 'We did not order this.');
    await send(page, '/matters/dispute', /^\/matters\/[\w-]{22}$/);
  }, 120_000);

  test('a representative: requests, agreements, instructions, frames, people, connections, the rule of two', async () => {
    const page = await somebody('claire');
    await page.goto(`${portal}/requests`);
    const asked = await page
      .locator('main a[href^="/requests/"]')
      .evaluateAll((all) => [...new Set(all.map((a) => a.getAttribute('href') ?? ''))]);
    const [first = '', second = ''] = asked;
    await page.goto(portal + first);

    await mistaken(page, `${first}/ask`, /^\/requests\//);
    await page.locator(`form[action="${first}/ask"] [name=text]`).fill('Which list is empty?');
    await send(page, `${first}/ask`, /^\/requests\//);
    await page.goto(portal + second);
    await mistaken(page, `${second}/refuse`, /^\/requests\//);
    await page.locator(`form[action="${second}/refuse"] [name=reason]`).fill('Not this week.');
    await send(page, `${second}/refuse`, /^\/requests/);
    await page.goto(portal + first);
    await send(page, `${first}/approve`, /^\/agreements\/review|^\/requests\//);
    await send(page, '/agreements/sign', /^\/agreements|^\/requests/);

    await page.goto(`${portal}/agreements/new`);
    await mistaken(page, '/agreements/new', /^\/agreements\/new$/);

    await page.goto(`${portal}/instructions/new`);
    await page.fill('[name=hoursFrom]', '25:00');
    await mistaken(page, '/instructions/new', /^\/instructions\/new$/);
    await page.fill('[name=hoursFrom]', '');
    await page.check('[name=noCopy]');
    await send(page, '/instructions/new', /^\/instructions\/review$/);
    await send(page, '/instructions/sign', /^\/instructions$/);

    await page.goto(`${portal}/people/frames/new`);
    await mistaken(page, '/people/frames/new', /^\/people\/frames\/new$/);
    await page.check('[name=delegate]');
    for (const name of ['systems', 'purposes', 'operations'])
      await page.locator(`[name=${name}]`).first().check();
    await send(page, '/people/frames/new', /^\/people\/frames\/review$/);
    await send(page, '/agreements/sign', /^\/people$/);
    await page.goto(`${portal}/people/substitutes/new`);
    await mistaken(page, '/people/substitutes/new', /^\/people\/substitutes\/new$/);
    await page.check('[name=delegate]');
    await send(page, '/people/substitutes/new', /^\/people\/frames\/review$/);

    await page.goto(`${portal}/people`);
    await page.locator('form[action="/people"] [name=name]').last().waitFor();
    await mistaken(page, '/people', /^\/people$/);
    await page.fill('[name=name]', 'Rose Noir');
    await page.fill('[name=function]', 'Comptable');
    await page.check('[name=role][value=reader]');
    await send(page, '/people', /^\/people$/);
    expect(await page.locator('#code').count()).toBe(1);

    await page.goto(`${portal}/connections`);
    await mistaken(page, '/connections', /^\/connections$/);
    await page.fill('[name=name]', 'Dashboard');
    await page.locator('[name=scopes]').first().check();
    await send(page, '/connections', /^\/connections$/);

    await page.goto(`${portal}/signing`);
    await send(page, '/signing', /^\/signing$/);
  }, 180_000);

  test('the provider’s contact: a proposal, an answer; and what the client does with them', async () => {
    const page = await somebody('carla');
    await page.goto(`${portal}/proposals?client=acme`);
    await mistaken(page, '/proposals', /^\/proposals$/);
    await page.locator('[name=template]').first().check();
    await send(page, '/proposals', /^\/proposals$/);
    await page.goto(`${portal}/matters`);
    await page.locator('main a[href^="/matters/"]').first().click();
    const { pathname } = new URL(page.url());
    await page.fill(`form[action="${pathname}/say"] [name=text]`, 'A user had called about an invoice.');
    await send(page, `${pathname}/say`, /^\/matters\//);
    const client = await somebody('claire');
    await client.locator('main a[href^="/proposals/"]').first().click();
    const proposed = new URL(client.url()).pathname;
    await looksRight(client, /^\/proposals\//);
    await send(client, `${proposed}/agree`, /^\/agreements\/review$/);
    await send(client, '/agreements/sign', /^\/agreements$/);
    await client.goto(portal + pathname);
    await mistaken(client, `${pathname}/close`, /^\/matters\//);
  }, 120_000);
});
