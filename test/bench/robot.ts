/**
 * The robot part: one download of 10 GB by a robot, with the credential that it opened, against the same download from the
 * bare upstream; and whether the memory of the gateway stays where it is.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { BulkPlan, BulkResult } from './bulk.ts';
import type { Child, Usage } from './protocol.ts';
import type { Running } from './running.ts';
import { spending } from './running.ts';

export interface RobotRow {
  readonly name: string;
  readonly mib_per_s: number;
  readonly cpu_ms_per_gib: number;
  /** Peak above the start; and how far the second half of the download stood above the first. */
  readonly growth_mb: number;
  readonly late_growth_mb: number;
}

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

/** Only targets that a robot can come to, and the upstream itself. */
export async function measureRobot(
  bytes: number,
  targets: readonly Running[],
  generator: Child,
): Promise<readonly RobotRow[]> {
  const rows: RobotRow[] = [];
  for (const target of targets) {
    const { port, host, robot } = target.reach;
    if (target.name !== 'upstream' && robot === undefined) continue;
    const plan: BulkPlan = {
      reach: { port, host, cookie: undefined, ...(robot === undefined ? {} : { bearer: robot }) },
      bytes,
    };
    // A short one first: what the first megabytes allocate once is no growth.
    await generator.ask<BulkResult>('download', { ...plan, bytes: 256 * MIB }, 60_000);
    const resident: number[] = [];
    const spent = await spending(target, async () => {
      const done = generator.ask<BulkResult>('download', plan, 10 * 60_000);
      const over = done.then(
        () => true,
        () => true,
      );
      while (!(await Promise.race([over, wait(100, false)])))
        resident.push((await target.child.ask<Usage>('usage')).rssBytes);
      return done;
    });
    const half = Math.floor(resident.length / 2);
    const most = (some: readonly number[]) => Math.max(0, ...some);
    rows.push({
      name: target.name,
      mib_per_s: bytes / MIB / spent.result.seconds,
      cpu_ms_per_gib: (spent.cpuUs / 1000 / bytes) * GIB,
      growth_mb: spent.growthBytes / MIB,
      late_growth_mb: (most(resident.slice(half)) - most(resident.slice(0, half))) / MIB,
    });
  }
  return rows;
}
