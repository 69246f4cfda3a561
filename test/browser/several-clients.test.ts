/**
 * One account that acts for two clients, in real Chromium: a choice after signing in, addresses that carry the client, pages of one
 * client each, switching without another sign-in, and the end at one that is none at the other.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startWorld, type World } from '../../src/demo/world.ts';
import { browserAvailable, type LaunchedBrowser, launch } from '../support/browser.ts';
import { freePort, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type PolicyFolder, policyFolder } from '../support/policies.ts';

const suite = browserAvailable() ? describe : describe.skip;

suite('one account at two clients', () => {
  let world: World;
  let gateway: TestGateway;
  let policies: PolicyFolder;
  let browser: LaunchedBrowser;
  let page: Page;
  let portal: string;

  beforeAll(async () => {
    const port = await freePort();
    portal = `http://portal.localhost:${port}`;
    world = await startWorld(portal);
    const martin = await readFile('policies/clients/martin.yaml', 'utf8');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the policy files
    const issuer = '${ISSUER}';
    const claire = `  claire-too:
    name: Claire Dupont
    function: Conseil externe
    role: representative
    issuer: ${issuer}
    subject: claire
    authority: Mandat du 2026-01-05
`;
    policies = await policyFolder({
      'clients/martin.yaml': martin.replace('controllers:\n', `controllers:\n${claire}`),
    });
    gateway = await startTestGateway({
      port,
      policies: policies.path,
      issuer: world.identityProvider.issuer,
      clientSecret: world.clientSecret,
    });
    browser = await launch({ locale: 'en-GB' });
    page = await browser.context.newPage();
    await page.setViewportSize({ width: 360, height: 740 });
  });

  afterAll(async () => {
    await browser?.close();
    await gateway?.close();
    await policies?.remove();
    await world?.close();
  });

  const main = async () => (await page.textContent('main')) ?? '';
  const path = () => new URL(page.url()).pathname;

  /** What the browser, as it is signed in, is answered there. */
  const statusOf = (address: string) => page.evaluate(async (at) => (await fetch(at)).status, address);

  /** Everything that this page leads or posts to, or follows. */
  const addresses = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('[href], [action], [data-stream]')].flatMap((one) =>
        ['href', 'action', 'data-stream'].flatMap((name) => one.getAttribute(name) ?? []),
      ),
    );

  test('chooses among theirs after signing in, also from a page that does not say for whom', async () => {
    await page.goto(`${portal}/agreements`);
    await page.fill('[name=login]', 'claire');
    await page.fill('[name=password]', 'any');
    await page.click('button[type=submit]');
    await page.waitForURL(`${portal}/clients`);
    expect(await page.locator('main h2').allTextContents()).toEqual(['Acme SARL', 'Martin & Fils']);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    // What the browser's driver evaluates is not held to the page's own policy.
    await page.evaluate(
      await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
    );
    const found = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: { run(of: Document): Promise<{ violations: { id: string }[] }> };
      };
      return (await axe.run(document)).violations.map(({ id }) => id);
    });
    expect(found).toEqual([]);
  });

  test('sees one client on each page, and every address of it carries the client', async () => {
    await page.getByRole('link', { name: 'Acme' }).click();
    await page.waitForURL(`${portal}/c/acme/`);
    for (const [client, other] of [
      ['acme', /Martin & Fils|payroll/i],
      ['martin', /Acme|ERP/],
    ] as const)
      for (const at of [
        '',
        'agreements',
        'people',
        'history',
        'take-away',
        'protection',
        'seat',
        'signing',
      ]) {
        await page.goto(`${portal}/c/${client}/${at}`);
        expect(path()).toBe(`/c/${client}/${at}`);
        expect(await page.textContent('body')).not.toMatch(other);
        const bare = (await addresses()).filter(
          (one) => /^\/(?!c\/)/.test(one) && !/^\/(assets|sign-out|clients)/.test(one),
        );
        expect([client, at, bare]).toEqual([client, at, []]);
        expect((await addresses()).join(' ')).not.toContain(client === 'acme' ? '/c/martin' : '/c/acme');
      }
  });

  test('agrees for one, by form and across redirects, and nothing of it is there for the other', async () => {
    await page.goto(`${portal}/c/martin/agreements/new`);
    await page.check('[name=systems][value=payroll]');
    await page.check('[name=purposes][value=hotline]');
    await page.check('[name=operations][value=read]');
    await page.check('[name=who][value=assigned]');
    const day = (away: number) => new Date(Date.now() + away * 86_400_000).toISOString().slice(0, 10);
    // In the client’s zone tomorrow may have begun.
    await page.fill('[name=from]', day(2));
    await page.fill('[name=until]', day(20));
    await page.click('main form button[type=submit]');
    await page.waitForURL(`${portal}/c/martin/agreements/review`);
    const before = (await gateway.app.archive.grants('martin')).length;
    // What was begun for one client is not there for the other, in the same session.
    expect(await statusOf(`${portal}/c/acme/agreements/review`)).toBe(409);
    await page.click('form[action$="/agreements/sign"] button');
    await page.waitForURL(`${portal}/c/martin/agreements`);
    const grants = await gateway.app.archive.grants('martin');
    expect(grants).toHaveLength(before + 1);
    const given = grants.find(({ from }) => from > Date.now());
    expect(await statusOf(`${portal}/c/martin/agreements/${given?.id}`)).toBe(200);
    expect(await statusOf(`${portal}/c/acme/agreements/${given?.id}`)).toBe(404);
    expect(await gateway.app.archive.fsck()).toEqual([]);
  });

  test('makes a passkey for one of them by script', async () => {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
        ...{ isUserVerified: true, automaticPresenceSimulation: true },
      },
    });
    await page.goto(`${portal}/c/acme/seat`);
    await page.click('form[data-passkey] button');
    await page.waitForFunction(() => document.querySelectorAll('main li').length === 2);
    expect(path()).toBe('/c/acme/seat');
    const methods = async (client: string) =>
      (await gateway.app.archive.inForce(client)).seats
        .filter(({ subject }) => subject === 'claire')
        .map(({ method }) => method);
    expect(await methods('acme')).toEqual(['evaluation-key', 'passkey']);
    expect(await methods('martin')).toEqual(['evaluation-key']);
  });

  test('switches without another sign-in, and being removed at one changes nothing at the other', async () => {
    await page.goto(`${portal}/c/acme/`);
    await page.click('summary');
    await page.getByRole('link', { name: 'My other organisations' }).click();
    await page.getByRole('link', { name: 'Martin & Fils' }).click();
    await page.waitForURL(`${portal}/c/martin/`);
    const { seats, epoch } = await gateway.app.archive.inForce('martin');
    const nadia = seats.find(({ controller }) => controller === 'nadia');
    const there = (await gateway.app.archive.inForce('acme')).epoch;
    const by = { seat: nadia?.id ?? '', role: 'representative' as const };
    const answer = await gateway.app.authority.run({
      ...{ do: 'unseat', client: 'martin', controller: 'claire-too', by },
    });
    // The account acts elsewhere, so nobody's sign-in ends.
    expect(answer).toEqual({ epoch: epoch + 1, accounts: [] });
    await gateway.app.authority.refresh('martin');
    expect((await gateway.app.archive.inForce('acme')).epoch).toBe(there);
    await page.goto(`${portal}/c/acme/agreements`);
    expect(path()).toBe('/c/acme/agreements');
    expect(await statusOf(`${portal}/c/acme/people`)).toBe(200);
    await page.goto(`${portal}/c/martin/agreements`);
    expect(path()).toBe('/c/martin/seat');
    expect(await main()).not.toContain('payroll');
  });
});
