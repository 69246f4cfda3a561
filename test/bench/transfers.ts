/**
 * The transfers part: one large download and one large upload through each target, in rounds, medians; with the CPU
 * per gibibyte and how far the memory grew.
 */
import type { BulkPlan, BulkResult } from './bulk.ts';
import type { Child } from './protocol.ts';
import type { Running } from './running.ts';
import { median, spending } from './running.ts';

export interface TransfersRow {
  readonly name: string;
  readonly way: 'download' | 'upload';
  readonly mib_per_s: number;
  readonly cpu_ms_per_gib: number;
  readonly growth_mb: number;
}

const GIB = 1024 ** 3;

export async function measureTransfers(
  bytes: number,
  rounds: number,
  targets: readonly Running[],
  generator: Child,
): Promise<readonly TransfersRow[]> {
  const samples: TransfersRow[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const way of ['download', 'upload'] as const) {
      for (const target of targets) samples.push(await transfer(way, bytes, target, generator));
    }
  }
  const groups = Object.groupBy(samples, (sample) => `${sample.way} ${sample.name}`);
  return Object.values(groups).map((group = []) => ({
    name: group[0]?.name ?? '',
    way: group[0]?.way ?? 'download',
    mib_per_s: median(group.map((sample) => sample.mib_per_s)),
    cpu_ms_per_gib: median(group.map((sample) => sample.cpu_ms_per_gib)),
    growth_mb: Math.max(...group.map((sample) => sample.growth_mb)),
  }));
}

async function transfer(
  way: 'download' | 'upload',
  bytes: number,
  target: Running,
  generator: Child,
): Promise<TransfersRow> {
  const { port, host, copyCookie, writeCookie } = target.reach;
  const plan: BulkPlan = {
    reach: { port, host, cookie: way === 'download' ? copyCookie : writeCookie },
    bytes,
  };
  const spent = await spending(target, () => generator.ask<BulkResult>(way, plan, 60_000));
  return {
    name: target.name,
    way,
    mib_per_s: bytes / 1024 / 1024 / spent.result.seconds,
    cpu_ms_per_gib: (spent.cpuUs / 1000 / bytes) * GIB,
    growth_mb: spent.growthBytes / 1024 / 1024,
  };
}
