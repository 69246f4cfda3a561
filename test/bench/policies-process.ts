/**
 * Loads a large policy folder as the gateway does, changes one file after another, and prints what it took as JSON: times
 * from the change until the new snapshot is there, the longest hold-up of the main loop, and memory.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { loadBuilt } from './built.ts';

type Loader = typeof import('../../src/stores/policy-loader.ts');

const folder = process.argv[2] ?? '';
const { createPolicyLoader } = await loadBuilt<Loader>('stores/policy-loader.js');
const variables = {
  ISSUER: 'http://127.0.0.1:9000',
  ERP_UPSTREAM: 'http://127.0.0.1:9001',
  BACKUP_UPSTREAM: 'http://127.0.0.1:9002',
  PAYROLL_UPSTREAM: 'http://127.0.0.1:9003',
};
const loader = createPolicyLoader(folder, {
  evaluation: true,
  production: false,
  portalUrl: new URL('http://portal.localhost:8080'),
  variables,
});
const loop = monitorEventLoopDelay({ resolution: 1 });
let rss = 0;
setInterval(() => {
  rss = Math.max(rss, process.memoryUsage().rss);
}, 20).unref();

async function measured(load: () => Promise<void>): Promise<{ ms: number; loop: number }> {
  loop.reset();
  const before = performance.now();
  await load();
  return { ms: Math.round(performance.now() - before), loop: Math.round(loop.max / 1e5) / 10 };
}

async function load(): Promise<void> {
  const loaded = await loader.load();
  if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults.slice(0, 3)));
}

await setTimeout(200);
loop.enable();
const cold = await measured(load);
const reloads: Record<string, { ms: number; loop: number }[]> = {};
for (const [file, from, to] of [
  ['clients/client-5.yaml', 'reference: C', 'reference: D'],
  ['staff.yaml', 'name: Person 7', 'name: Persona 7'],
  ['purposes.yaml', 'minutes: 60', 'minutes: 61'],
] as const) {
  const path = join(folder, file);
  const text = await readFile(path, 'utf8');
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`${file} holds no ${from}`);
  for (const content of [changed, text, changed]) {
    await setTimeout(500);
    const noticed = new Promise<void>((resolve) => loader.onChange(resolve));
    const took = await measured(async () => {
      await writeFile(path, content);
      await noticed;
      await load();
    });
    reloads[file] = [...(reloads[file] ?? []), took];
  }
  await writeFile(path, text);
}
await loader.close();
process.stdout.write(`${JSON.stringify({ cold, reloads, rss })}\n`);
