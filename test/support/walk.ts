/**
 * What tests share that walk the portal in a browser: signing in, following every link, and what is wrong with a page as it
 * stands: axe-core in both themes, and what is cut off, covered or too wide on a narrow window.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { CDPSession, Page } from 'playwright-core';
import { acts } from '../../src/portal/roles.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** WCAG 2.2 AA and what it builds on. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Answers that are no pages. */
export const noPages: ReadonlySet<string> = new Set([
  ...['activityLive', 'nowLive', 'export', 'takeLog', 'reportPdf', 'ownRecord', 'go'],
  ...['endingCertificate', 'endingPdf', 'endingPdfAt'],
]);

const downloads = new Set([...noPages].map((name) => acts[name as keyof typeof acts].path as string));

/** A tablet, a desk at 200 %, the same in a smaller window, and the width that WCAG 1.4.10 asks for, in CSS pixels. */
const narrow = [
  { width: 960, height: 700 },
  { width: 720, height: 450 },
  { width: 640, height: 400 },
  { width: 320, height: 640 },
] as const;

/** Signs in at the sample identity provider; ends on the portal's first page. */
export async function signIn(page: Page, portal: string, login: string): Promise<void> {
  await page.goto(portal);
  await page.fill('[name=login]', login);
  await page.fill('[name=password]', 'any');
  await page.click('button[type=submit]');
  await page.waitForURL((url) => url.origin === portal);
}

/**
 * Follows every link of the portal from these paths on; of the pages of one row of the route table two are visited.
 * Answers the paths seen, with and without their query, and what `visit` found.
 */
export async function follow(
  page: Page,
  portal: string,
  started: readonly string[],
  visit: (path: string) => Promise<readonly string[]>,
): Promise<{ readonly seen: ReadonlySet<string>; readonly faults: readonly string[] }> {
  const waiting = [...started];
  const seen = new Set<string>();
  const faults: string[] = [];
  const shapes = new Map<string, number>();
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const { pathname } = new URL(path, portal);
    const shape = shapeOf(pathname);
    const times = shapes.get(shape) ?? 0;
    if (times >= 2 || seen.has(path) || downloads.has(shape)) continue;
    shapes.set(shape, times + 1);
    seen.add(path);
    seen.add(pathname);
    const answer = await page.goto(portal + path);
    if (answer?.status() !== 200) faults.push(`${path}: ${answer?.status()}`);
    faults.push(...(await visit(path)));
    waiting.push(...(await links(page, portal)));
  }
  return { seen, faults };
}

/** Which row of the table a path belongs to. */
function shapeOf(pathname: string): string {
  const rows = Object.values(acts).filter(({ method }) => method === 'get');
  const exact = rows.find(({ path }) => path === pathname);
  if (exact !== undefined) return exact.path;
  const fits = (path: string): boolean => new RegExp(`^${path.replace(/:[^/]+/g, '[^/]+')}$`).test(pathname);
  return rows.find(({ path }) => fits(path))?.path ?? pathname;
}

async function links(page: Page, portal: string): Promise<string[]> {
  const found = await page
    .locator('a[href]')
    .evaluateAll((all) => all.map((a) => new URL(a.getAttribute('href') ?? '', location.href).href));
  return [...new Set(found)]
    .map((href) => new URL(href))
    .filter(
      (url) =>
        url.origin === portal &&
        !url.pathname.startsWith('/api/') &&
        !url.searchParams.has('lang') &&
        !url.pathname.startsWith('/sign-'),
    )
    .map(({ pathname, search }) => pathname + search);
}

/**
 * Tells whether a page shows anything that none before it has shown: to somebody else it is often the same but for the name above
 * it. Its two parts, what is its own and what is around it, are compared without addresses, numbers, and the mark of where one is.
 */
export function createMemory(): (page: Page) => Promise<boolean> {
  const known = new Set<string>();
  return async (page) => {
    const parts = await page.evaluate(() => {
      const own = document.querySelector('main')?.outerHTML ?? '';
      return [own, document.body.outerHTML.replace(own, '')];
    });
    const fresh = parts
      .map((part) =>
        part
          .replace(/ (href|action|value|nonce|aria-current)="[^"]*"/g, '')
          .replace(/[\w-]{22,}/g, '_')
          .replace(/\d+/g, '0'),
      )
      .filter((part) => !known.has(part));
    for (const part of fresh) known.add(part);
    return fresh.length > 0;
  };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** What is wrong with the page as it stands, all drawers open: axe-core in both themes, then the layout at each width. */
export async function faultsOf(page: Page, path: string): Promise<string[]> {
  const own = page.viewportSize() ?? { width: 1440, height: 900 };
  const session = await sessionOf(page);
  const faults = [...(await axeFaults(page)), ...(await layoutFaults(page, own.width))];
  for (const size of narrow) {
    await resize(session, size);
    faults.push(...(await layoutFaults(page, size.width)));
  }
  await resize(session, own);
  return faults.map((fault) => `${path}: ${fault}`);
}

const sessions = new WeakMap<Page, CDPSession>();

/** Of each page that is looked at; from its next address on it also brings axe-core, which is run only where somebody looks. */
async function sessionOf(page: Page): Promise<CDPSession> {
  const known = sessions.get(page);
  if (known !== undefined) return known;
  const session = await page.context().newCDPSession(page);
  sessions.set(page, session);
  await page.addInitScript(`globalThis.bringAxe = () => { ${axe} };`);
  return session;
}

/** The page alone: moving the browser's whole window with it, as the driver would, takes several times as long. */
async function resize(session: CDPSession, size: Size): Promise<void> {
  await session.send('Emulation.setDeviceMetricsOverride', { ...size, deviceScaleFactor: 0, mobile: false });
}

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** The other theme changes colours alone, so only they are looked at again. */
async function axeFaults(page: Page): Promise<string[]> {
  const { dark, brought } = await page.evaluate(() => {
    for (const drawer of document.querySelectorAll('details')) drawer.setAttribute('open', '');
    const { bringAxe } = globalThis as { bringAxe?: () => void };
    bringAxe?.();
    return {
      dark: matchMedia('(prefers-color-scheme: dark)').matches,
      brought: bringAxe !== undefined,
    };
  });
  // The page's own policy forbids scripts from elsewhere; what the browser's driver evaluates is not the page's.
  if (!brought) await page.evaluate(axe);
  const first = await run(page, { type: 'tag', values: tags });
  await page.emulateMedia({ colorScheme: dark ? 'light' : 'dark' });
  const second = await run(page, { type: 'rule', values: ['color-contrast'] });
  await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
  return [...first, ...second].flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
  );
}

/** No rule of these tags wants what axe-core would fetch beforehand: the sheets once more, and sound. */
async function run(page: Page, runOnly: object): Promise<readonly Finding[]> {
  const { violations } = await page.evaluate(
    (only) =>
      (
        globalThis as unknown as {
          axe: { run(where: Document, how: object): Promise<{ violations: Finding[] }> };
        }
      ).axe.run(document, { runOnly: only, resultTypes: ['violations'], preload: false }),
    runOnly,
  );
  return violations;
}

/** What does not fit: a page wider than its window, text cut off or outside, something to press under something else. */
async function layoutFaults(page: Page, width: number): Promise<string[]> {
  const found = await page.evaluate(() => {
    const faults: string[] = [];
    const wide = document.documentElement.scrollWidth - innerWidth;
    if (wide > 0) faults.push(`${wide} px wider than the window`);
    const told = (element: Element): string => element.outerHTML.slice(0, 120);
    const unseen = (element: Element): boolean =>
      element.closest('.unseen, .skip, thead, title, option') !== null;
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
      const parent = text.parentElement;
      if (parent === null || text.textContent?.trim() === '' || unseen(parent)) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      for (const box of range.getClientRects()) {
        if (box.width === 0) continue;
        if (box.right > innerWidth + 1 || box.left < -1) faults.push(`outside the window: ${told(parent)}`);
        for (let round: Element | null = parent; round !== null; round = round.parentElement) {
          const { overflowX, overflowY } = getComputedStyle(round);
          if (!['hidden', 'clip'].includes(overflowX) && !['hidden', 'clip'].includes(overflowY)) continue;
          const frame = round.getBoundingClientRect();
          if (box.right > frame.right + 1 || box.bottom > frame.bottom + 1)
            faults.push(`cut off: ${told(parent)}`);
        }
      }
    }
    for (const control of document.querySelectorAll<HTMLElement>(
      'main button, main input, main select, main textarea',
    )) {
      const box = control.getBoundingClientRect();
      if (box.width === 0 || unseen(control)) continue;
      if (box.right > innerWidth + 1 || box.left < -1) faults.push(`outside the window: ${told(control)}`);
      if (control.scrollWidth > control.clientWidth + 1 && control.tagName === 'BUTTON')
        faults.push(`cut off: ${told(control)}`);
    }
    // The drawer of one's own name lies over the page on purpose.
    document.querySelector('details.mine')?.removeAttribute('open');
    for (const pressed of document.querySelectorAll<HTMLElement>(
      'main a[href], button, input, select, summary',
    )) {
      const [box] = pressed.getClientRects();
      if (box === undefined || box.width === 0 || unseen(pressed) || pressed.matches('svg a')) continue;
      if (!pressed.checkVisibility()) continue;
      pressed.scrollIntoView({ block: 'center', behavior: 'instant' });
      const [now] = pressed.getClientRects();
      if (now === undefined) continue;
      const top = document.elementFromPoint(now.left + now.width / 2, now.top + now.height / 2);
      if (top === null || !(pressed.contains(top) || top.contains(pressed)))
        faults.push(`covered by ${top === null ? 'nothing' : told(top)}: ${told(pressed)}`);
    }
    document.querySelector('details.mine')?.setAttribute('open', '');
    return [...new Set(faults)];
  });
  return found.map((fault) => `at ${width} px ${fault}`);
}
