/**
 * When the largest piece of a page is painted in real Chromium on this machine, and what the page fetches, with nothing in
 * the browser's cache: each page `rounds` times over.
 */
import { launch } from '../support/browser.ts';

export interface Paint {
  /** Milliseconds from the navigation to the last largest paint. */
  readonly p50: number;
  readonly max: number;
  /** Kilobytes of the page, its style, scripts and pictures, as they go over the wire, with headers. */
  readonly fetched: number;
}

const rounds = 5;
/** How long after the page has loaded its paints are waited for, ms. */
const patience = 500;

/** @param pages what they are called, and their addresses below `origin` */
export async function measurePaint(
  origin: string,
  pages: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, Paint>>> {
  const browser = await launch();
  try {
    const page = await browser.context.newPage();
    await page.setViewportSize({ width: 1440, height: 900 });
    const network = await browser.context.newCDPSession(page);
    const found: Record<string, Paint> = {};
    for (const [name, address] of Object.entries(pages)) {
      const paints: number[] = [];
      let fetched = 0;
      for (let round = 0; round < rounds; round += 1) {
        await network.send('Network.clearBrowserCache');
        await page.goto(origin + address, { waitUntil: 'load' });
        const told = await page.evaluate(paintOf, patience);
        paints.push(told.paint);
        ({ fetched } = told);
      }
      const sorted = paints.sort((a, b) => a - b);
      found[name] = {
        p50: Math.round(sorted[Math.floor(rounds / 2)] ?? Number.NaN),
        max: Math.round(sorted.at(-1) ?? Number.NaN),
        fetched: Math.round(fetched / 100) / 10,
      };
    }
    return found;
  } finally {
    await browser.close();
  }
}

/** Runs in the page. */
function paintOf(patience: number): Promise<{ paint: number; fetched: number }> {
  return new Promise((resolve) => {
    let paint = Number.NaN;
    new PerformanceObserver((list) => {
      paint = list.getEntries().at(-1)?.startTime ?? paint;
    }).observe({ type: 'largest-contentful-paint', buffered: true });
    setTimeout(() => {
      const all = [
        ...performance.getEntriesByType('navigation'),
        ...performance.getEntriesByType('resource'),
      ] as PerformanceResourceTiming[];
      resolve({ paint, fetched: all.reduce((sum, { transferSize }) => sum + transferSize, 0) });
    }, patience);
  });
}
