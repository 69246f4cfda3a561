/**
 * Runs the product on a large policy folder, changes one file after another, and prints what it took as JSON: times from
 * the change until the new policy is recorded and in force, CPU time, the longest hold-up of the main loop, and memory.
 */
import { mkdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import type { Log } from '../../src/log.ts';
import { loadBuilt } from './built.ts';
import type { PoliciesReport, Took } from './policies.ts';

type Loader = typeof import('../../src/stores/policy-loader.ts');

/** How often each file is changed: the memory of an old policy must be found again for the next. */
const times = 10;

const home = process.argv[2] ?? '';
const folder = join(home, 'policies');
const { createPolicyLoader } = await loadBuilt<Loader>('stores/policy-loader.js');
const { createApp } = await loadBuilt<typeof import('../../src/app.ts')>('app.js');
const { initKeys } = await loadBuilt<typeof import('../../src/stores/keys.ts')>('stores/keys.js');
const portalUrl = new URL('http://portal.localhost:8080');
const variables = {
  ISSUER: 'http://127.0.0.1:9000',
  ERP_UPSTREAM: 'http://127.0.0.1:9001',
  BACKUP_UPSTREAM: 'http://127.0.0.1:9002',
  PAYROLL_UPSTREAM: 'http://127.0.0.1:9003',
};
const loop = monitorEventLoopDelay({ resolution: 1 });
let rss = 0;
setInterval(() => {
  rss = Math.max(rss, process.memoryUsage.rss());
}, 20).unref();

async function measured(act: () => Promise<void>): Promise<Took> {
  loop.reset();
  const before = performance.now();
  const cpu = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(cpu);
  return {
    ms: Math.round(performance.now() - before),
    cpu: Math.round((user + system) / 1e3),
    loop: Math.round(loop.max / 1e5) / 10,
  };
}

let inForce: () => void = () => undefined;
const quiet = () => undefined;
const fail = (event: string) => {
  throw new Error(event);
};
const log: Log = {
  error: fail,
  warn: quiet,
  debug: quiet,
  info: (event) => {
    if (event === 'policy_reloaded') inForce();
  },
};

await setTimeout(200);
loop.enable();
const loader = createPolicyLoader(folder, { evaluation: true, production: false, portalUrl, variables });
let policy: Awaited<ReturnType<typeof loader.load>> | undefined;
const cold = await measured(async () => {
  policy = await loader.load();
});
if (policy === undefined || 'faults' in policy) throw new Error(JSON.stringify(policy?.faults.slice(0, 3)));
for (const name of ['data', 'guard']) mkdirSync(join(home, name), { mode: 0o700 });
initKeys(join(home, 'keys'), { evaluation: true });
const config = {
  evaluation: true,
  production: false,
  portalUrl,
  listen: { host: '127.0.0.1', port: 0 },
  opsListen: { host: '127.0.0.1', port: 0 },
  policies: folder,
  data: join(home, 'data'),
  keys: join(home, 'keys'),
  guard: join(home, 'guard'),
  credentials: undefined,
  tls: undefined,
  trustedProxies: [],
  mailFrom: undefined,
  logLevel: 'info',
} as const;
const secrets = {
  redisUrl: undefined,
  databaseUrl: undefined,
  smtpUrl: undefined,
  scimToken: undefined,
  ticketSecret: undefined,
  providerHook: undefined,
  providerHookSecret: undefined,
};
let app: Awaited<ReturnType<typeof createApp>> | undefined;
const started = await measured(async () => {
  if (policy === undefined || 'faults' in policy) return;
  app = await createApp(config, secrets, { policy, loader, log, clientSecret: () => 'unused' });
  policy = undefined;
});
const rssAtStart = rss;
const reloads: Record<string, Took[]> = {};
for (const [file, from, to] of [
  ['clients/client-5.yaml', 'reference: C', 'reference: D'],
  ['staff.yaml', 'name: Person 7', 'name: Persona 7'],
  ['purposes.yaml', 'minutes: 60', 'minutes: 61'],
] as const) {
  const path = join(folder, file);
  const text = await readFile(path, 'utf8');
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`${file} holds no ${from}`);
  const all: Took[] = [];
  for (let n = 0; n < times; n += 1) {
    await setTimeout(500);
    const done = new Promise<void>((resolve) => {
      inForce = resolve;
    });
    const took = await measured(async () => {
      await writeFile(path, n % 2 === 0 ? changed : text);
      await done;
    });
    all.push(took);
  }
  reloads[file] = all;
}
await app?.close();
const report: PoliciesReport = { cold, started, reloads, rssAtStart, rss };
process.stdout.write(`${JSON.stringify(report)}\n`);
