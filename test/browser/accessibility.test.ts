/**
 * Every page that somebody can reach by links, in real Chromium, looked at by axe-core: each language, each theme, on a
 * phone's width and on a desk's. Each role starts at its first page and follows every link of the portal, so a new page
 * is looked at as soon as something leads to it.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { World } from '../../src/demo/world.ts';
import { acts, may, type Role } from '../../src/portal/roles.ts';
import { browserAvailable, type LaunchedBrowser, launch } from '../support/browser.ts';
import type { TestGateway } from '../support/gateway.ts';
import { startSite } from '../support/site.ts';
import { createMemory, faultsOf, follow, noPages, signIn } from '../support/walk.ts';

const suite = browserAvailable() ? describe : describe.skip;

const looks = [
  { locale: 'en-GB', colorScheme: 'light', width: 1440 },
  { locale: 'fr-FR', colorScheme: 'dark', width: 360 },
] as const;

/** Pages for people who are not signed in; they are looked at without anybody. */
const strangers: readonly string[] = [
  ...['/enrol', '/enrol/welcome', '/recover', '/recover/welcome'],
  ...['/sign-in-by-mail', '/sign-in-by-mail/code'],
];

/** Reached by sending a form alone: behind-forms.test.ts sends them. */
const behindForms: readonly string[] = [
  ...['/staff-notice', '/instructions/review', '/people/frames/review', '/ending/review'],
];

suite('every page that links lead to', () => {
  let world: World;
  let gateway: TestGateway;
  let portal: string;
  let opening: string;

  beforeAll(async () => {
    ({ world, gateway, portal } = await startSite());
    ({ opening } = await gateway.open({ purpose: 'support' }));
    await contest(gateway);
  });

  afterAll(async () => {
    await gateway?.close();
    await world?.close();
  });

  describe.each(looks)('$locale, $colorScheme, $width px', ({ locale, colorScheme, width }) => {
    let browser: LaunchedBrowser;
    const isNew = createMemory();

    beforeAll(async () => {
      browser = await launch({ locale });
    });
    afterAll(async () => {
      await browser?.close();
    });

    test('nobody', async () => {
      const page = await browser.context.newPage();
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      const faults: string[] = [];
      for (const path of [
        '/enrol',
        '/recover',
        '/sign-in-by-mail',
        '/sign-in-by-mail/code',
        '/no-such-page',
      ]) {
        await page.goto(portal + path);
        faults.push(...(await faultsOf(page, path)));
      }
      expect(faults).toEqual([]);
      await page.close();
    });

    test.each<[string, Role]>([
      ['alice', 'technician'],
      ['claire', 'representative'],
      ['marc', 'reader'],
      ['carla', 'contact'],
      ['david', 'dpo'],
    ])(
      '%s',
      async (login, role) => {
        await browser.context.clearCookies();
        const page = await browser.context.newPage();
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await signIn(page, portal, login);
        const started = ['/'];
        if (role === 'technician') started.push(await ask(page, portal));
        // No link leads a reader there, who may read it all the same.
        if (role === 'reader') started.push('/signing');
        if (role === 'representative')
          started.push(await draft(page, portal), await question(page, portal, opening));
        const { seen, faults } = await follow(page, portal, started, async (path) =>
          (await isNew(page)) ? faultsOf(page, path) : [],
        );
        expect(faults).toEqual([]);
        if (role === 'technician') {
          expect(await faultsOfTool(page, portal, opening)).toEqual([]);
          expect(await faultsOfMachine(page, portal)).toEqual([]);
        }
        const wanted = (Object.keys(acts) as (keyof typeof acts)[])
          .filter((act) => acts[act].method === 'get' && may(role, act) && !noPages.has(act))
          .map((act) => acts[act].path)
          .filter((path) => !path.includes(':') && !strangers.includes(path) && !behindForms.includes(path));
        expect(wanted.filter((path) => !seen.has(path))).toEqual([]);
        await page.close();
      },
      240_000,
    );
  });
});

/** So that there is a request to look at. Answers the declaration to which a system leads. */
async function ask(page: Page, portal: string): Promise<string> {
  await page.goto(`${portal.replace('portal.', 'payroll.martin.')}/`);
  await page.waitForURL((url) => url.pathname === '/declare');
  const declaration = new URL(page.url());
  await page.locator('a[href*="/requests/new"]').first().click();
  await page.check('[name=purpose][value=diagnosis]');
  await page.fill('[name=reference]', 'T-4711');
  await page.fill('[name=note]', 'The list of payslips stays empty since Monday.');
  await page.locator('[name=operations]').first().check();
  await page.fill('[name=minutes]', '30');
  await page.locator('main form[method=post] button[type=submit]').click();
  await page.waitForURL((url) => url.pathname.startsWith('/requests'));
  if (new URL(page.url()).pathname === '/requests/new') throw new Error(await page.innerText('main'));
  return declaration.pathname + declaration.search;
}

/** So that there is an agreement that somebody contests, beside the one that is used. */
async function contest({ app: { authority } }: TestGateway): Promise<void> {
  const { grants } = await authority.client('acme');
  const unused = [...grants.values()].find(({ purposes }) => purposes.includes('restore'));
  const answer = await authority.run({
    ...{ do: 'contest', client: 'acme', id: 'c'.repeat(22) },
    contested: { grant: unused?.id ?? '', instruction: '' },
    by: { provider: 'alice', role: 'technician', name: 'Alice Durand' },
    text: 'It lets us copy health data for nobody knows what.',
  });
  if (!('receipt' in answer)) throw new Error(JSON.stringify(answer));
}

suite('who looks', () => {
  const head = '<!doctype html><html lang="en"><head><title>A page</title><style>';
  const dark = '@media (prefers-color-scheme: dark) {';

  test.each([
    ['nothing', '', '<p>Text</p>', []],
    ['a contrast that is too low', 'p { color: #999 }', '<p>Text</p>', [/^p: color-contrast/]],
    [
      'one in the other theme alone',
      `${dark} html { background: #222 } h1 { color: #fff } p { color: #444 } }`,
      '<p>Text</p>',
      [/^p: color-contrast/],
    ],
    [
      'a picture that says nothing',
      '',
      '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
      [/^p: image-alt/],
    ],
    [
      'what is too wide for the narrowest window alone',
      'div { width: 500px }',
      '<div>Text</div>',
      [/^p: at 320 px \d+ px wider than the window/],
    ],
    [
      'what covers a button',
      'div { position: fixed; inset: 0 }',
      '<div></div><button>Go</button>',
      [1440, 960, 720, 640, 320].map((width) => new RegExp(`^p: at ${width} px covered by`)),
    ],
  ])('finds %s', async (_what, css, html, wanted) => {
    const browser = await launch();
    try {
      const page = await browser.context.newPage();
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.route('http://page.localhost/', (route) =>
        route.fulfill({
          contentType: 'text/html',
          body: `${head}${css}</style></head><body><main><h1>Title</h1>${html}</main></body></html>`,
        }),
      );
      // Once with axe-core brought in, once with the page that came with it.
      for (let time = 0; time < 2; time += 1) {
        await page.goto('http://page.localhost/');
        const faults = await faultsOf(page, 'p');
        for (const fault of faults) expect(wanted.some((one) => one.test(fault)) ? '' : fault).toBe('');
        for (const one of wanted) expect([one, faults.some((fault) => one.test(fault))]).toEqual([one, true]);
      }
    } finally {
      await browser.close();
    }
  });
});

suite('what is looked at once', () => {
  const frame = (name: string, here: string): string =>
    `<header><a href="/"${here}>Home</a> ${name}</header><main>`;

  test('is the same but for addresses, numbers, and where one is; any other word makes it new', async () => {
    const browser = await launch();
    try {
      const page = await browser.context.newPage();
      const isNew = createMemory();
      const told: boolean[] = [];
      for (const body of [
        `${frame('Claire', '')}<p>10 accesses</p><a href="/a">Look</a></main>`,
        `${frame('Claire', ' aria-current="page"')}<p>12 accesses</p><a href="/b">Look</a></main>`,
        `${frame('Marc', '')}<p>10 accesses</p><a href="/a">Look</a></main>`,
        `${frame('Marc', '')}<p>10 accesses</p><a href="/a">Look</a><button>End</button></main>`,
        `${frame('Claire', '')}<p>10 accesses</p><a href="/a">Look</a><button>End</button></main>`,
        `${frame('Claire', '')}<p class="late">10 accesses</p><a href="/a">Look</a></main>`,
        `${frame('Claire', '')}<p class="late">10 accesses</p><a href="/a">Look</a></main><footer></footer>`,
      ]) {
        await page.setContent(body);
        told.push(await isNew(page));
      }
      expect(told).toEqual([true, false, true, true, false, true, true]);
    } finally {
      await browser.close();
    }
  });
});

/** The page that shows a tool's credential once is an answer to a form. */
async function faultsOfTool(page: Page, portal: string, opening: string): Promise<readonly string[]> {
  await page.goto(`${portal}/openings/${opening}`);
  await page.locator('form[action$="/tools"] button').click();
  await page.locator('pre#token').waitFor();
  return faultsOf(page, '/openings/:id/tools');
}

/** A machine that asks to be signed in is shown where its code is typed. */
async function faultsOfMachine(page: Page, portal: string): Promise<readonly string[]> {
  await page.goto(`${portal}/device`);
  const code = await page.evaluate(async () => {
    const headers = { 'content-type': 'application/json' };
    const asked = { method: 'POST', headers, body: '{"name":"anna@tower"}' };
    const answer: unknown = await (await fetch('/api/command-line/device', asked)).json();
    return String((answer as { user_code?: unknown }).user_code);
  });
  await page.fill('[name=code]', code);
  await page.keyboard.press('Enter');
  await page.locator('[name=own]').waitFor();
  return faultsOf(page, '/device, with a machine');
}

/** So that there is a question to be answered. Answers where it is read. */
async function question(page: Page, portal: string, opening: string): Promise<string> {
  await page.goto(`${portal}/matters/new?opening=${opening}`);
  await page.fill('[name=question]', 'Why was this access needed on Monday?');
  await page.locator('form[action="/matters/ask"] button[type=submit]').click();
  await page.waitForURL((url) => /^\/matters\/[\w-]{22}$/.test(url.pathname));
  return new URL(page.url()).pathname;
}

/** So that there is a text to be signed. Answers where it is read. */
async function draft(page: Page, portal: string): Promise<string> {
  await page.goto(`${portal}/agreements/new`);
  await page.locator('input[name=systems]').first().check();
  await page.check('input[name=purposes][value=hotline]');
  await page.check('input[name=operations][value=read]');
  await page.check('input[name=who][value=assigned]');
  await page.locator('main form[method=post] button[type=submit]').click();
  await page.waitForURL('**/agreements/review');
  return '/agreements/review';
}
