/**
 * The composition root: settings, secrets and a checked policy in, a running Consentry out. The only file that
 * knows every room. Nothing listens before everything that can fail at start has succeeded.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { type Config, credentialsFolder, type Secrets } from './config.ts';
import type { IdentityProvider, Person, ProviderUser, Snapshot } from './core/model.ts';
import type { Archive, Authority, Clock, Ledger, Policies, RunningExchange } from './core/ports.ts';
import { loadCertificates } from './gateway/certificates.ts';
import { createGateway, createGatewayState, type Gateway } from './gateway/gateway.ts';
import { limits } from './gateway/limits.ts';
import { createOps } from './gateway/ops.ts';
import { createGatewayServer, type GatewayServer } from './gateway/server.ts';
import { createCsrf } from './identity/csrf.ts';
import { createEvaluationSigner, type EvaluationSigner } from './identity/evaluation-signer.ts';
import { createPasskeys } from './identity/passkeys.ts';
import { createPortalSessions } from './identity/portal-session.ts';
import { createScim } from './identity/scim.ts';
import { createSignIn, type SignIn } from './identity/sign-in.ts';
import type { Log } from './log.ts';
import { languageFor } from './portal/language.ts';
import { createNoticeRenderer } from './portal/notice.tsx';
import { createPortal } from './portal/portal.ts';
import { createArchive } from './stores/archive.ts';
import { LiveAuthority } from './stores/authority.ts';
import { systemClock } from './stores/clock.ts';
import { createCredentialRegister } from './stores/credential-register.ts';
import { createCredentials } from './stores/credentials.ts';
import type { PortalSessionStore } from './stores/hashed-session-store.ts';
import { type Keys, loadKeys } from './stores/keys.ts';
import { loadPeople, type People } from './stores/people.ts';
import { createLedger } from './stores/ledger.ts';
import { createLivePolicies } from './stores/live-policies.ts';
import { activatePolicy } from './stores/policy-activation.ts';
import { cutByPolicy } from './stores/policy-cuts.ts';
import type { PolicyLoader } from './stores/policy-loader.ts';
import { createSqliteSessionStore } from './stores/portal-sessions-sqlite.ts';

export interface AppOptions {
  /** The policy to begin with. */
  readonly snapshot: Snapshot;
  /** Where later policies come from; the app closes it. Left out: the first policy stays. */
  readonly loader?: PolicyLoader;
  readonly log: Log;
  readonly clock?: Clock;
  /** Milliseconds until an upstream's answer must have begun; by default as in the table of limits. */
  readonly upstreamHead?: number;
  /** Milliseconds after which an identity provider is asked again about whoever works; see vouching.ts. */
  readonly confirmAfter?: number;
  /** Client secrets of identity providers; by default read from the provider's `secret_file` in the keys folder. */
  readonly clientSecret?: (provider: IdentityProvider) => string | undefined;
}

export interface App {
  readonly portalUrl: URL;
  readonly ledger: Ledger;
  readonly archive: Archive;
  readonly authority: Authority;
  /** Signs agreements in evaluation mode; undefined everywhere else. */
  readonly evaluation: EvaluationSigner | undefined;
  /** Reads the policy folder again without waiting for it to be noticed. */
  reloadPolicies(): Promise<void>;
  running(client: string): readonly RunningExchange[];
  /** Stops accepting, lets running exchanges finish for up to 30 s, cuts the rest, writes what is owed, closes. */
  close(): Promise<void>;
}

const hour = 3_600_000;
const minute = 60_000;

export async function createApp(config: Config, secrets: Secrets, options: AppOptions): Promise<App> {
  const { log } = options;
  const clock = options.clock ?? systemClock();
  const keys = loadKeys(config.keys);
  const certificates = config.tls === undefined ? undefined : loadCertificates(config.tls);
  for (const folder of [config.data, config.guard]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(config.data, 'ledger.db');
  const ledger = await createLedger({
    file,
    keysDir: config.keys,
    guardDir: config.guard,
    host: config.portalUrl.host,
    node: 'main',
    clock,
  });
  const archive = await createArchive({ file, keysDir: config.keys });
  const state = createGatewayState();
  const authority = new LiveAuthority({
    ledger,
    archive,
    cutters: state.registry,
    clock,
    log,
    timing: limits,
  });
  const register = createCredentialRegister({
    dir: credentialsFolder(config),
    master: keys.master,
    run: (command) => ledger.run(command),
  });
  const activate = async (next: Snapshot): Promise<void> => {
    await activatePolicy(next, { authority, archive });
    await register.record(next);
  };
  await activate(options.snapshot);
  let swapped: () => void = () => undefined;
  const policies = createLivePolicies({
    first: options.snapshot,
    loader: options.loader,
    activate,
    swapped: (before, now) => {
      cutByPolicy(before, people.current(), { authority, cutters: state.registry, clock })
        .then((openings) => log.info('policy_in_force', { hash: now.hash, openings }))
        .catch((error: unknown) => log.error('requalifying failed', { error }));
      swapped();
    },
    clock,
    log,
  });
  const people = await loadPeople({ policies, ledger, archive, clock });
  const credentials = createCredentials({
    dir: credentialsFolder(config),
    log,
    changed: (client) => {
      register
        .record(people.current(), client)
        .catch((error: unknown) => log.warn('credential_rotation_unrecorded', { client, error }));
    },
  });
  const gateway = createGateway(state, {
    policies: people,
    authority,
    ledger,
    credentials,
    clock,
    log,
    settings: {
      portalOrigin: config.portalUrl.origin,
      scheme: config.tls === undefined && config.evaluation ? 'http' : 'https',
      sealKey: keys.seal,
      loopbackAllowed: config.evaluation,
      trustedProxies: config.trustedProxies,
      upstreamHead: options.upstreamHead ?? limits.upstreamHead,
    },
  });
  const signer =
    config.evaluation && keys.evaluationConsent !== undefined
      ? createEvaluationSigner(keys.evaluationConsent)
      : undefined;
  const portal = await composePortal(config, secrets, options, {
    people,
    authority,
    archive,
    clock,
    keys,
    gateway,
    state,
    signer,
  });
  swapped = portal.policyChanged;
  const server = createGatewayServer({
    portalHost: config.portalUrl.host,
    portal: portal.listener,
    addressOf: gateway.addressOf,
    handle: gateway.handle,
    upgrade: gateway.upgrade,
    certificates: certificates === undefined ? undefined : (name) => certificates.choose(name),
  });
  // What an earlier run left open is looked after from the start, not when somebody asks for it.
  for (const client of await archive.busyClients()) await authority.client(client);
  authority.start();
  const lapsing = startLapsing(ledger, log);
  const heartbeat = startHeartbeat(policies, gateway, ledger, state.registry.running, log);
  let stopping = false;
  const ops = createOps({
    notReady: () => (stopping ? 'stopping' : ledger.failingFor() > 0 ? 'ledger_unavailable' : undefined),
    numbers: () => ({
      exchanges_running: [...state.registry.all()].length,
      ledger_failing_ms: ledger.failingFor(),
      ...policies.numbers(),
    }),
  });
  await listenAll(config, server, ops);

  return {
    portalUrl: config.portalUrl,
    ledger,
    archive,
    authority,
    evaluation: signer,
    reloadPolicies: policies.reload,
    running: state.registry.running,
    async close() {
      stopping = true;
      clearInterval(heartbeat);
      clearInterval(lapsing);
      await policies.close();
      server.stopAccepting();
      await server.drained(config.evaluation ? 1_000 : limits.drain);
      await gateway.close();
      await server.close();
      authority.stop();
      await portal.close();
      await ledger.close();
      await archive.close();
      await new Promise((resolve) => ops.close(resolve));
    },
  };
}

interface Parts {
  readonly people: People;
  readonly authority: LiveAuthority;
  readonly signer: EvaluationSigner | undefined;
  readonly archive: Archive;
  readonly clock: Clock;
  readonly keys: Keys;
  readonly gateway: Gateway;
  readonly state: ReturnType<typeof createGatewayState>;
}

/** Sessions, sign-in, passkeys and pages. */
async function composePortal(config: Config, secrets: Secrets, options: AppOptions, parts: Parts) {
  const { log } = options;
  const { people, authority, archive, clock, keys, gateway, state, signer } = parts;
  const store = await sessionStore(config, secrets, clock, log);
  const sessions = createPortalSessions({ store, secret: keys.sessions.toString('base64url'), clock, log });
  const style = {
    render: createNoticeRenderer({ evaluation: config.evaluation, policies: people }),
    language: languageFor,
  };
  const passkeys = createPasskeys({
    rpId: config.portalUrl.hostname,
    origin: config.portalUrl.origin,
    clock,
  });
  const signIn = createSignIn({
    passkeys,
    ...style,
    policies: people,
    clientSecret: options.clientSecret ?? ((provider) => readSecret(config.keys, provider.secretFile)),
    ledger: authority,
    bind: (account, mail) => people.bind(account, mail),
    archive,
    clock,
    portalUrl: config.portalUrl,
    allowHttp: config.evaluation,
    log,
    working: () => authority.working(),
    ...(options.confirmAfter === undefined ? {} : { confirmAfter: options.confirmAfter }),
    cutFirst: async (logins) => {
      for (const login of logins) await authority.end({ login }, 'signed-out', undefined);
    },
    onLogout: async (openings, cause) => {
      for (const { client, id } of openings) await authority.end({ client, opening: id }, cause, undefined);
    },
  });
  const scim =
    secrets.scimToken === undefined
      ? undefined
      : createScim({
          token: secrets.scimToken,
          portalUrl: config.portalUrl,
          people,
          clock,
          log,
          out: (staff) => endAll(staff, authority, signIn),
        });
  const listener = createPortal({
    portalUrl: config.portalUrl,
    evaluation: config.evaluation,
    policies: people,
    authority,
    archive,
    cutters: state.registry,
    clock,
    log,
    random: randomBytes,
    sessions: sessions.middleware,
    signIn,
    csrf: createCsrf({ portalUrl: config.portalUrl, ...style }),
    passkeys,
    people,
    ...(signer === undefined ? {} : { evaluationSign: (textHash: string) => signer.sign(textHash) }),
    jwks: gateway.assertions.jwks,
    ...(scim === undefined ? {} : { scim }),
    address: (req) => req.get('x-forwarded-for'),
  });
  return {
    listener,
    /** Providers may have changed: what was learned about them is looked up again. */
    policyChanged: () => signIn.forget(),
    async close() {
      signIn.close();
      await sessions.close();
    },
  };
}

/** Whoever is out: first what they have open, then their sign-ins. */
async function endAll(
  staff: readonly (Person | ProviderUser)[],
  authority: Authority,
  signIn: SignIn,
): Promise<void> {
  await Promise.all(
    staff.map(async (one) => {
      await authority.end({ person: one.id }, 'leaver', undefined);
      if (one.subject !== '') await signIn.end(one);
    }),
  );
}

/** Redis when an address is set, and only then is its client loaded; else the data folder. */
async function sessionStore(
  config: Config,
  secrets: Secrets,
  clock: Clock,
  log: Log,
): Promise<PortalSessionStore> {
  const timing = { idle: 30 * minute, absolute: 10 * hour };
  if (secrets.redisUrl === undefined) {
    return createSqliteSessionStore({ path: join(config.data, 'portal.db'), clock, limits: timing });
  }
  const { createRedisSessionStore } = await import('./stores/portal-sessions-redis.ts');
  return createRedisSessionStore({ url: secrets.redisUrl, clock, limits: timing, log });
}

/** Writes down, within half a minute, that requests were left without an answer. */
function startLapsing(ledger: Ledger, log: Log): NodeJS.Timeout {
  const timer = setInterval(() => {
    ledger
      .run({ do: 'requests-lapse' })
      .catch((error: unknown) => log.warn('lapsed requests not written', { error }));
  }, minute / 2);
  timer.unref();
  return timer;
}

/** An hourly sign of life in logs that were silent, with the number of strangers turned away. */
function startHeartbeat(
  policies: Policies,
  gateway: Gateway,
  ledger: Ledger,
  running: (client: string) => readonly unknown[],
  log: Log,
): NodeJS.Timeout {
  const timer = setInterval(() => {
    const anonymous = gateway.refusals.takeAnonymous();
    const counts = [...policies.current().clients.keys()].map((client) => ({
      client,
      anonymous: anonymous.get(client) ?? 0,
      live: running(client).length,
    }));
    ledger
      .run({ do: 'heartbeat', counts })
      .catch((error: unknown) => log.warn('heartbeat not written', { error }));
  }, hour);
  timer.unref();
  return timer;
}

function readSecret(folder: string, name: string | undefined): string | undefined {
  return name === undefined ? undefined : readFileSync(join(folder, name), 'utf8').trim();
}

async function listenAll(config: Config, server: GatewayServer, ops: Server): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    ops.once('error', reject);
    ops.listen(config.opsListen.port, config.opsListen.host, resolve);
  });
  try {
    await server.listen(config.listen.host, config.listen.port);
  } catch (error) {
    ops.close();
    throw error;
  }
}
