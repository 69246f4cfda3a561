/**
 * Targets that run, and what can be read of them from outside: CPU time, peak memory, size of their log.
 */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { plainScript } from './plain.ts';
import type { Child, Reach, Start, Usage } from './protocol.ts';
import { startChild } from './protocol.ts';

export const targetNames = ['upstream', 'undici', 'hpm', 'consentry'] as const;

export type TargetName = (typeof targetNames)[number];

export interface Running {
  readonly name: TargetName;
  readonly child: Child;
  readonly reach: Reach;
  /** Size of the log when the target was ready, bytes. */
  readonly ledgerAtStart: number;
}

/**
 * Starts a target in its own process; resolves when it is ready.
 * @param upstream origin behind it
 * @param application profile under which the gateway guards it
 */
export async function startTarget(name: TargetName, upstream = '', application = 'plain'): Promise<Running> {
  const start = name === 'consentry' ? await readStart() : undefined;
  const script = await plainScript('target-process.ts');
  const child = startChild(script, [name, upstream, application], start);
  try {
    const reach = await child.ask<Reach>('reach');
    return { name, child, reach, ledgerAtStart: await ledgerBytes(reach) };
  } catch (fault) {
    await child.end();
    throw new Error(`the target ${name} did not start`, { cause: fault });
  }
}

/** What `npm start` gives Node and the process: the product is measured as it is run. */
export async function readStart(): Promise<Start> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  const { scripts } = JSON.parse(text) as { scripts: { start: string } };
  const words = scripts.start.split(' ');
  return {
    flags: words.filter((word) => word.startsWith('--')),
    env: Object.fromEntries(words.flatMap((word) => (/^[A-Z_]+=/.test(word) ? [word.split('=')] : []))),
  };
}

/** Size of the log on disk, its write-ahead file included; 0 where there is none. */
export async function ledgerBytes(reach: Reach): Promise<number> {
  if (reach.ledger === undefined) return 0;
  return (await sizeOf(reach.ledger)) + (await sizeOf(`${reach.ledger}-wal`));
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

export interface Spent<T> {
  readonly result: T;
  readonly cpuUs: number;
  /** Peak resident memory during the work, bytes, and how far that is above the start. */
  readonly peakBytes: number;
  readonly growthBytes: number;
}

/** Does some work against a target and says what the target spent on it. */
export async function spending<T>(target: Running, work: () => Promise<T>): Promise<Spent<T>> {
  await forgetPeak(target.child.pid);
  const before = await target.child.ask<Usage>('usage');
  const result = await work();
  const after = await target.child.ask<Usage>('usage');
  const peakBytes = (await peak(target.child.pid)) ?? after.rssBytes;
  return { result, cpuUs: after.cpuUs - before.cpuUs, peakBytes, growthBytes: peakBytes - before.rssBytes };
}

/** Sets the kernel's high-water mark back to now; where there is no such file the mark is the process's lifetime. */
async function forgetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5').catch(() => undefined);
}

async function peak(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2;
}
