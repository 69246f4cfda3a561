/** The policy files of a large provider: how long a cold start and a changed file take, and what they cost others. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { largest, writeLargePolicies } from './large-policies.ts';
import { plainScript } from './plain.ts';
import { readStart } from './running.ts';

export interface Took {
  readonly ms: number;
  /** Of all threads, milliseconds. */
  readonly cpu: number;
  /** Longest hold-up of the main loop, milliseconds. */
  readonly loop: number;
}

export interface PoliciesReport {
  /** Reading and compiling. */
  readonly cold: Took;
  /** The rest of a first start: the first rules are recorded for every client. */
  readonly started: Took;
  /** By file, each time it was changed: from the write until the new policy is recorded and in force, the quiet time included. */
  readonly reloads: Readonly<Record<string, readonly Took[]>>;
  /** Of the whole process at its largest until it has started, bytes. */
  readonly rssAtStart: number;
  /** The same over all. */
  readonly rss: number;
}

/** Grows a folder, measures in a process of its own, and takes the folder away. */
export async function measurePolicies(): Promise<PoliciesReport> {
  const home = await mkdtemp(join(tmpdir(), 'consentry-bench-'));
  try {
    const folder = join(home, 'policies');
    await writeLargePolicies(folder, largest);
    const script = fileURLToPath(await plainScript('policies-process.ts'));
    const { flags, env } = await readStart();
    const child = spawn(process.execPath, [...flags, script, home], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return JSON.parse(await text(child.stdout));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

export function printPolicies({ cold, started, reloads, rssAtStart, rss }: PoliciesReport): void {
  const { clients, systems, people } = largest;
  const lines = [
    `policies: ${clients} clients, ${clients * systems} systems, ${people} people`,
    line('cold start', [cold]),
    line('first recording', [started]),
    ...Object.entries(reloads).map(([file, all]) => line(file, all)),
    `  memory                 ${megabytes(rssAtStart)} MB after the start, ${megabytes(rss)} MB at most`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function line(what: string, all: readonly Took[]): string {
  const times = all.map(({ ms }) => ms).join(', ');
  const cpu = all.map((took) => took.cpu).join(', ');
  const loop = Math.max(...all.map((took) => took.loop));
  return `  ${what.padEnd(22)} ${times} ms (CPU ${cpu} ms), loop held up ${loop} ms at most`;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
