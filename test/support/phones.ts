/** People of a client on their phones, in real Chromium: a virtual authenticator, a narrow page, an invitation taken up. */
import type { CDPSession, Page } from 'playwright-core';
import { type LaunchedBrowser, launch } from './browser.ts';

export const narrow = { width: 360, height: 740 };

export interface Phone {
  readonly browser: LaunchedBrowser;
  readonly page: Page;
  readonly language: 'en' | 'fr';
}

/** A phone with nothing on it. */
export async function newPhone(language: 'en' | 'fr'): Promise<Phone> {
  const browser = await launch({ locale: language });
  const page = await browser.context.newPage();
  await page.setViewportSize(narrow);
  await withPasskeys(page);
  return { browser, page, language };
}

/** A phone's own authenticator, with the person verified. */
export async function withPasskeys(page: Page): Promise<CDPSession> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return devtools;
}

/** Whether nothing is wider than the screen. */
export const fits = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);

/** From the link and the code to a seat: link, code, passkey, recovery codes noted. */
export async function enrol({ page, language }: Phone, link: string, code: string): Promise<void> {
  const words = {
    en: ['Continue', 'Create my passkey', 'I have noted them'],
    fr: ['Continuer', 'Créer ma clé d’accès', 'Je les ai notés'],
  } as const;
  const [go, make, noted] = words[language];
  await page.goto(link);
  await page.getByLabel('Code').fill(code);
  await page.getByRole('button', { name: go }).click();
  await page.waitForURL('**/enrol/welcome');
  await page.getByRole('button', { name: make }).click();
  await page.getByRole('link', { name: noted }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/enrol'));
}
