/** The policy files of a large provider: how long a cold start and a changed file take, and what they cost others. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { largest, writeLargePolicies } from './large-policies.ts';
import { startFlags } from './running.ts';

interface Took {
  readonly ms: number;
  /** Longest hold-up of the main loop, milliseconds. */
  readonly loop: number;
}

export interface PoliciesReport {
  readonly cold: Took;
  /** By file, each time it was changed: from the write until the new snapshot is there, the quiet time included. */
  readonly reloads: Readonly<Record<string, readonly Took[]>>;
  /** Of the whole process at its largest, bytes. */
  readonly rss: number;
}

/** Grows a folder, measures in a process of its own, and takes the folder away. */
export async function measurePolicies(): Promise<PoliciesReport> {
  const home = await mkdtemp(join(tmpdir(), 'consentry-bench-'));
  try {
    const folder = join(home, 'policies');
    await writeLargePolicies(folder, largest);
    const script = fileURLToPath(new URL('./policies-process.ts', import.meta.url));
    const child = spawn(process.execPath, [...(await startFlags()), script, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return JSON.parse(await text(child.stdout));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

export function printPolicies({ cold, reloads, rss }: PoliciesReport): void {
  const { clients, systems, people } = largest;
  const lines = [
    `policies: ${clients} clients, ${clients * systems} systems, ${people} people`,
    `  cold start             ${cold.ms} ms, loop held up ${cold.loop} ms at most`,
    ...Object.entries(reloads).map(([file, all]) => {
      const times = all.map(({ ms }) => ms).join(', ');
      return `  ${file.padEnd(22)} ${times} ms, loop held up ${Math.max(...all.map(({ loop }) => loop))} ms at most`;
    }),
    `  memory                 ${Math.round(rss / 1e6)} MB`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
