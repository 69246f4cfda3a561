/**
 * Two parts over time. Memory: resident memory around the 100,000th and the 200,000th request. Loop: event-loop delay
 * of the gateway's main thread under load while its other work (export, check of the log, sign-ins) runs beside it.
 */
import type { Child, LoopDelay, Usage } from './protocol.ts';
import { runLoad } from './requests.ts';
import type { Running } from './running.ts';
import { spending } from './running.ts';

export interface MemoryReport {
  readonly name: string;
  /** Highest resident memory over the 10,000 requests before that count. */
  readonly at_100k_mb: number;
  readonly at_200k_mb: number;
  readonly growth: number;
  readonly peak_mb: number;
}

const MIB = 1024 * 1024;
const CONNECTIONS = 32;

export async function measureMemory(target: Running, generator: Child): Promise<MemoryReport> {
  const peaks: number[] = [];
  const window = async (before: number) => {
    await runLoad(generator, target, CONNECTIONS, 120_000, before);
    const spent = await spending(target, () => runLoad(generator, target, CONNECTIONS, 60_000, 10_000));
    peaks.push(spent.peakBytes);
    return spent.peakBytes / MIB;
  };
  const first = await window(90_000);
  const second = await window(90_000);
  const { rssBytes } = await target.child.ask<Usage>('usage');
  return {
    name: target.name,
    at_100k_mb: first,
    at_200k_mb: second,
    growth: second / first - 1,
    peak_mb: Math.max(...peaks, rssBytes) / MIB,
  };
}

export interface LoopReport {
  readonly alone: LoopDelay;
  readonly beside: LoopDelay;
  /** How often each piece of other work was finished while the load ran. */
  readonly done: Readonly<Record<string, number>>;
  /** What that work found wrong, the first of each. */
  readonly wrong: Readonly<Record<string, string>>;
}

/** Milliseconds; the sampling itself takes 1 ms, so an idle loop shows about 1. */
export async function measureLoop(
  target: Running,
  generator: Child,
  person: Child,
  milliseconds: number,
): Promise<LoopReport> {
  await runLoad(generator, target, CONNECTIONS, 2_000);
  const alone = await underLoad(target, generator, milliseconds, async () => undefined);
  const works = (await target.child.ask<readonly string[]>('beside')).map(
    (name): Work => [name, () => target.child.ask<string>('doBeside', name, 60_000)],
  );
  const { portal } = target.reach;
  // As fast as strangers of one address may begin: the portal holds back whoever is faster.
  const visit: Work = [
    'sign-in',
    async () => {
      await person.ask('signIn', portal);
      await new Promise((resolve) => setTimeout(resolve, 100));
      return '';
    },
  ];
  const done: Record<string, number> = {};
  const wrong: Record<string, string> = {};
  const beside = await underLoad(target, generator, milliseconds, async (isOver) => {
    await Promise.all([
      repeat(works, { done, wrong }, isOver),
      repeat(portal === undefined ? [] : [visit], { done, wrong }, isOver),
    ]);
  });
  return { alone, beside, done, wrong };
}

type Work = readonly [name: string, work: () => Promise<string>];

/** Does the works in turn until it is over, counts each and keeps the first complaint of each. */
async function repeat(
  works: readonly Work[],
  tally: { readonly done: Record<string, number>; readonly wrong: Record<string, string> },
  isOver: () => boolean,
): Promise<void> {
  while (works.length > 0 && !isOver()) {
    for (const [name, work] of works) {
      const complaint = await work();
      tally.done[name] = (tally.done[name] ?? 0) + 1;
      if (complaint !== '') tally.wrong[name] ??= complaint;
    }
  }
}

async function underLoad(
  target: Running,
  generator: Child,
  milliseconds: number,
  work: (isOver: () => boolean) => Promise<void>,
): Promise<LoopDelay> {
  let over = false;
  await target.child.ask('loopStart');
  const load = runLoad(generator, target, CONNECTIONS, milliseconds).finally(() => {
    over = true;
  });
  await Promise.all([load, work(() => over)]);
  return target.child.ask<LoopDelay>('loopStop');
}
