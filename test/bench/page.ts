/**
 * The page part: how long the editor of Node-RED takes to stand in a real browser, cold (empty profile) and warm (second
 * visit), direct and through the gateway, in rounds and in turn, medians.
 */
import { openEditor } from '../browser/node-red-editor.ts';
import { browserAvailable, launch } from '../support/browser.ts';
import { startNodeRed } from '../support/node-red.ts';
import { median, startTarget } from './running.ts';

export interface PageReport {
  readonly direct: PageTimes;
  readonly consentry: PageTimes;
  readonly ratios: { readonly cold: number; readonly warm: number };
}

export interface PageTimes {
  readonly cold_ms: number;
  readonly warm_ms: number;
}

/** Undefined where there is no browser (said on the error output). */
export async function measurePage(rounds: number): Promise<PageReport | undefined> {
  if (!browserAvailable()) return undefined;
  const nodeRed = await startNodeRed();
  try {
    const target = await startTarget('consentry', nodeRed.origin, 'node-red');
    try {
      const { host, writeCookie } = target.reach;
      return await compare(rounds, nodeRed.origin, `http://${host}`, writeCookie);
    } finally {
      await target.child.end();
    }
  } finally {
    await nodeRed.close();
  }
}

async function compare(
  rounds: number,
  direct: string,
  guarded: string,
  cookie: string | undefined,
): Promise<PageReport> {
  await visit(direct, undefined);
  await visit(guarded, cookie);
  const samples: { readonly direct: PageTimes; readonly guarded: PageTimes }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    samples.push({ direct: await visit(direct, undefined), guarded: await visit(guarded, cookie) });
  }
  const of = (side: 'direct' | 'guarded'): PageTimes => ({
    cold_ms: median(samples.map((sample) => sample[side].cold_ms)),
    warm_ms: median(samples.map((sample) => sample[side].warm_ms)),
  });
  const [bare, ours] = [of('direct'), of('guarded')];
  const ratios = { cold: ours.cold_ms / bare.cold_ms, warm: ours.warm_ms / bare.warm_ms };
  return { direct: bare, consentry: ours, ratios };
}

/** Two visits with one new profile. */
async function visit(origin: string, cookie: string | undefined): Promise<PageTimes> {
  const browser = await launch();
  try {
    if (cookie !== undefined) await browser.context.addCookies([cookieFor(origin, cookie)]);
    const cold = await timed(() => openOnce());
    // The disk cache is written behind the page's back; a person does not come back within the same instant either.
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { cold_ms: cold, warm_ms: await timed(() => openOnce()) };
  } finally {
    await browser.close();
  }

  async function openOnce(): Promise<void> {
    const page = await browser.context.newPage();
    await openEditor(page, origin);
  }
}

function cookieFor(origin: string, pair: string) {
  const at = pair.indexOf('=');
  const { hostname } = new URL(origin);
  const where = { domain: hostname, path: '/', secure: true, httpOnly: true, sameSite: 'Lax' as const };
  return { name: pair.slice(0, at), value: pair.slice(at + 1), ...where };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
