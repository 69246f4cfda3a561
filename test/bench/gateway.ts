/**
 * The product itself as a target: the built app with real policies, keys, ledger and identity provider in a temporary
 * folder, everything on, in evaluation mode on loopback.
 */
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { App } from '../../src/app.ts';
import type { Config } from '../../src/config.ts';
import type { Snapshot } from '../../src/core/model.ts';
import type { PolicyLoader } from '../../src/stores/policy-loader.ts';
import type { LoadedPolicy } from '../../src/stores/policy-teller.ts';
import { agreeAndSignIn } from './access.ts';
import { loadBuilt } from './built.ts';
import { startChild } from './protocol.ts';
import { openRobot } from './robot-opening.ts';
import type { Target } from './target.ts';

const CLIENT = 'bench';
const HOST = 'app.bench.localhost';
const POLICIES = fileURLToPath(new URL('../../test/bench/policies', import.meta.url));
/** Milliseconds from the start of the process to here. */
const begun = performance.now();

export interface Identity {
  readonly issuer: string;
  readonly clientSecret: string;
}

export interface Product {
  readonly app: App;
  readonly snapshot: Snapshot;
  readonly port: number;
  /** Host line of the client's system. */
  readonly host: string;
  readonly ledger: string;
  readonly identity: Identity;
  /** Milliseconds that it took to start, from the start of the process on: without making keys, and without the identity provider. */
  readonly readyMs: number;
  close(): Promise<void>;
}

/** The product as a target of the bench. */
export async function startGateway(upstream: string, application: string): Promise<Target> {
  return target(await startProduct(upstream, application, undefined));
}

/**
 * @param application a profile of the bench's policies: `plain` or `node-red`
 * @param tls a folder of certificates, or undefined: plain HTTP
 */
export async function startProduct(
  upstream: string,
  application: string,
  tls: string | undefined,
): Promise<Product> {
  const folder = await mkdtemp(join(tmpdir(), 'consentry-bench-'));
  const scheme = tls === undefined ? 'http' : 'https';
  const portalUrl = new URL(`${scheme}://portal.localhost:${await freePort()}`);
  const identity = startChild('./identity-process.ts', [portalUrl.origin]);
  const clear = async () => {
    await identity.end();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const known = await identity.ask<Identity>('identity');
    const config = await configure(folder, portalUrl, tls);
    const variables = { ISSUER: known.issuer, UPSTREAM: upstream, APPLICATION: application };
    const waited = performance.now() - begun;
    // As `serve` does: one beside the other.
    const [rules, { createApp }] = await Promise.all([
      policies(portalUrl, variables),
      loadBuilt<typeof import('../../src/app.ts')>('app.js'),
    ]);
    const app = await startApp(createApp, config, rules, known);
    const { snapshot } = rules.policy;
    const port = Number(portalUrl.port);
    return {
      app,
      snapshot,
      port,
      host: `${HOST}:${port}`,
      ledger: join(folder, 'data', 'ledger.db'),
      identity: known,
      readyMs: performance.now() - waited,
      async close() {
        await app.close();
        await clear();
      },
    };
  } catch (fault) {
    await clear();
    throw fault;
  }
}

/** The rules and the thread that reads them, as in a process that serves. */
interface Rules {
  readonly policy: LoadedPolicy;
  readonly loader: PolicyLoader;
}

async function policies(portalUrl: URL, variables: Readonly<Record<string, string>>): Promise<Rules> {
  const { createPolicyLoader } =
    await loadBuilt<typeof import('../../src/stores/policy-loader.ts')>('stores/policy-loader.js');
  const loader = createPolicyLoader(POLICIES, { evaluation: true, production: false, portalUrl, variables });
  const policy = await loader.load();
  if ('faults' in policy) throw new Error(JSON.stringify(policy.faults, undefined, 2));
  return { policy, loader };
}

/** Makes keys and folders. */
async function configure(folder: string, portalUrl: URL, tls: string | undefined): Promise<Config> {
  const { initKeys } = await loadBuilt<typeof import('../../src/stores/keys.ts')>('stores/keys.js');
  for (const name of ['data', 'guard']) mkdirSync(join(folder, name), { mode: 0o700 });
  initKeys(join(folder, 'keys'), { evaluation: true });
  return {
    evaluation: true,
    production: false,
    portalUrl,
    listen: { host: '127.0.0.1', port: Number(portalUrl.port) },
    opsListen: { host: '127.0.0.1', port: 0 },
    policies: POLICIES,
    data: join(folder, 'data'),
    keys: join(folder, 'keys'),
    guard: join(folder, 'guard'),
    credentials: undefined,
    tls,
    trustedProxies: [],
    mailFrom: undefined,
    logLevel: 'info',
  };
}

async function startApp(
  createApp: typeof import('../../src/app.ts').createApp,
  config: Config,
  rules: Rules,
  identity: Identity,
): Promise<App> {
  const secrets = {
    redisUrl: undefined,
    databaseUrl: undefined,
    smtpUrl: undefined,
    scimToken: undefined,
    ticketSecret: undefined,
    providerHook: undefined,
    providerHookSecret: undefined,
  };
  const { createLog } = await loadBuilt<typeof import('../../src/log.ts')>('log.js');
  const log = createLog(config);
  return createApp(config, secrets, { ...rules, log, clientSecret: () => identity.clientSecret });
}

async function target({
  app,
  snapshot,
  port,
  host,
  ledger,
  identity: known,
  readyMs,
  close,
}: Product): Promise<Target> {
  const open = await agreeAndSignIn(app, snapshot);
  return {
    readyMs,
    port,
    host,
    cookie: (await open('hotline')).cookie,
    writeCookie: (await open('support')).cookie,
    copyCookie: (await open('backup')).cookie,
    robot: await openRobot(app.portalUrl, known),
    ledger,
    portal: app.portalUrl.origin,
    beside: {
      async export() {
        let bytes = 0;
        for await (const part of app.archive.export(CLIENT)) bytes += part.length;
        return bytes > 0 ? '' : 'the export is empty';
      },
      async fsck() {
        const findings = await app.archive.fsck(CLIENT);
        return findings.length > 0 ? `${findings.length} findings, the first: ${findings[0]}` : '';
      },
    },
    close,
  };
}

/** A port that was free a moment ago: addresses stand in the policy before anything listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
