/**
 * The composition root: settings, secrets and a checked policy in, a running Consentry out. The only file that
 * knows every room. Nothing listens before everything that can fail at start has succeeded.
 */
import { mkdirSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { startEndingWatch } from './app-endings.ts';
import { startHooks } from './app-hooks.ts';
import { mailNumbers, startNotices } from './app-notices.ts';
import { composePortal, type PortalOptions } from './app-portal.ts';
import { providerHook } from './app-provider-hook.ts';
import { startRobotWatch } from './app-robots.ts';
import { type Config, credentialsFolder, type Secrets } from './config.ts';
import type { Archive, Authority, Clock, Ledger, RunningExchange } from './core/ports.ts';
import { loadCertificates } from './gateway/certificates.ts';
import { createGateway, createGatewayState } from './gateway/gateway.ts';
import { type Limits, type SettableLimits, limits as table } from './gateway/limits.ts';
import { createOps } from './gateway/ops.ts';
import { createGatewayServer, type GatewayServer } from './gateway/server.ts';
import { lookupOnly } from './gateway/upstream-address.ts';
import { createEvaluationSigner, type EvaluationSigner } from './identity/evaluation-signer.ts';
import type { Log } from './log.ts';
import { createHookSender } from './portal/hook-sender.ts';
import { createArchive } from './stores/archive.ts';
import { LiveAuthority } from './stores/authority.ts';
import { startHeartbeat, startLapsing } from './stores/chores.ts';
import { systemClock } from './stores/clock.ts';
import { createCredentialRegister } from './stores/credential-register.ts';
import { createCredentials } from './stores/credentials.ts';
import { createHistory } from './stores/history.ts';
import { loadKeys } from './stores/keys.ts';
import { createLedger } from './stores/ledger.ts';
import { createLivePolicies } from './stores/live-policies.ts';
import { createMailbox } from './stores/notices.ts';
import { loadPeople } from './stores/people.ts';
import { activatePolicy } from './stores/policy-activation.ts';
import { cutByPolicy } from './stores/policy-cuts.ts';
import type { PolicyLoader } from './stores/policy-loader.ts';
import type { LoadedPolicy } from './stores/policy-teller.ts';
import { PortalThread } from './stores/portal-thread.ts';
import { createStopNotes } from './stores/stop-notes.ts';

export interface AppOptions extends PortalOptions {
  /** The policy to begin with. */
  readonly policy: LoadedPolicy;
  /** Where later policies come from; the app closes it. Left out: the first policy stays. */
  readonly loader?: PolicyLoader;
  readonly clock?: Clock;
  /** In place of those in the table. */
  readonly limits?: SettableLimits;
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

export async function createApp(config: Config, secrets: Secrets, options: AppOptions): Promise<App> {
  const { log } = options;
  const clock = options.clock ?? systemClock();
  const limits: Limits = { ...table, ...options.limits };
  const keys = loadKeys(config.keys);
  const certificates = config.tls === undefined ? undefined : loadCertificates(config.tls);
  for (const folder of [config.data, config.guard]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(config.data, 'ledger.db');
  // The readers load while the writer does.
  const archive = await createArchive({ file, keysDir: config.keys, ahead: true });
  const ledger = await createLedger({
    file,
    keysDir: config.keys,
    guardDir: config.guard,
    host: config.portalUrl.host,
    node: 'main',
    clock,
  });
  const history = createHistory({ file, history: join(config.data, 'history.db'), keysDir: config.keys });
  const state = createGatewayState();
  const notes = createStopNotes(join(config.guard, 'stops'), keys.master, log);
  const authority = new LiveAuthority({
    ledger,
    archive,
    notes,
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
  let rulesChanged: ReadonlyMap<string, number> = new Map();
  const activate = async (next: LoadedPolicy): Promise<void> => {
    await activatePolicy(next, { authority, archive });
    rulesChanged = await archive.rulesChanged();
    await register.record(next.snapshot);
  };
  await activate(options.policy);
  let swapped: () => void = () => undefined;
  const policies = createLivePolicies({
    first: options.policy.snapshot,
    loader: options.loader,
    activate,
    swapped: (before, now) => {
      cutByPolicy(before, people.current(), { authority, cutters: state.registry, clock })
        .then((openings) => log.info('policy_in_force', { hash: now.hash, openings }))
        .catch((error: unknown) => log.error('requalifying failed', { error }))
        .finally(() => endings.look());
      swapped();
    },
    clock,
    log,
  });
  const people = await loadPeople({ policies, ledger, archive, clock });
  authority.onInstructed(() => {
    const now = people.current();
    cutByPolicy(now, now, { authority, cutters: state.registry, clock }, 'instructions')
      .then((openings) => log.info('instructions_in_force', { openings }))
      .catch((error: unknown) => log.error('requalifying failed', { error }));
  });
  const endings = startEndingWatch({ policies: people, authority, archive, clock, log });
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
      limits,
    },
  });
  const signer =
    config.evaluation && keys.evaluationConsent !== undefined
      ? createEvaluationSigner(keys.evaluationConsent)
      : undefined;
  const portalThread = new PortalThread();
  const mailbox = createMailbox(
    {
      file: join(config.data, 'notices.db'),
      outbox: join(config.data, 'outbox'),
      smtpUrl: secrets.smtpUrl,
      from: config.mailFrom ?? `consentry@${config.portalUrl.hostname}`,
      domain: config.portalUrl.hostname,
      retryAfter: 60_000,
    },
    portalThread,
  );
  const ownHook = providerHook(secrets.providerHook, secrets.providerHookSecret);
  const portal = await composePortal(config, secrets, options, {
    thread: portalThread,
    mailbox,
    people,
    authority,
    archive,
    history,
    clock,
    keys,
    gateway,
    state,
    signer,
    refusedMail: () => mailbox.refused(),
    policyState: policies.state,
    hookStates: (ids) => mailbox.hookStates(ids),
    hookDeliveries: (hook, limit) => mailbox.hookDeliveries(hook, limit),
    providerHook: ownHook && { id: ownHook.id, origin: new URL(ownHook.target.address).origin },
    rulesChangedAt: (client) =>
      client === undefined ? newest(rulesChanged.values()) : rulesChanged.get(client),
  });
  swapped = portal.policyChanged;
  const telling = { policies: people, authority, archive, history, clock, log, portalUrl: config.portalUrl };
  const notices = startNotices({ ...telling, mailbox });
  const hooks = startHooks({
    ...telling,
    queue: mailbox,
    send: createHookSender(lookupOnly),
    evaluation: config.evaluation,
    provider: ownHook,
  });
  const server = createGatewayServer({
    portalHost: config.portalUrl.host,
    portal: portal.listener,
    addressOf: gateway.addressOf,
    handle: gateway.handle,
    upgrade: gateway.upgrade,
    certificates: certificates === undefined ? undefined : (name) => certificates.choose(name),
    limits,
  });
  // What an earlier run left open is looked after from the start, not when somebody asks for it.
  for (const client of new Set([...(await notes.clients()), ...(await archive.busyClients())]))
    await loadOrSay(authority, client, log);
  authority.start();
  const lapsing = startLapsing(ledger, log);
  const robots = startRobotWatch({ policies: people, authority, clock, log });
  void robots.look();
  void endings.look();
  const heartbeat = startHeartbeat(
    policies,
    gateway.refusals.takeAnonymous,
    ledger,
    state.registry.running,
    log,
  );
  let stopping = false;
  const ops = createOps({
    notReady: () => (stopping ? 'stopping' : ledger.failingFor() > 0 ? 'ledger_unavailable' : undefined),
    numbers: async () => ({
      exchanges_running: [...state.registry.all()].length,
      ledger_failing_ms: ledger.failingFor(),
      guard_failing_logs: ledger.unguarded(),
      ...policies.numbers(),
      ...(await mailNumbers(mailbox, clock)),
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
      robots.stop();
      endings.stop();
      await policies.close();
      portal.leave();
      server.stopAccepting();
      await server.drained(config.evaluation ? 1_000 : limits.drain);
      await gateway.close();
      await server.close();
      authority.stop();
      await portal.close();
      await hooks.stop();
      await ledger.close();
      await notes.settled();
      await archive.close();
      notices.stop();
      await mailbox.close();
      await history.close();
      await new Promise((resolve) => ops.close(resolve));
    },
  };
}

/** One client that cannot be loaded keeps the others from nothing: whoever asks for it is refused. */
async function loadOrSay(authority: Authority, client: string, log: Log): Promise<void> {
  try {
    await authority.client(client);
  } catch (error) {
    log.error('this client is refused until it can be read', { client, error });
  }
}

/** The latest of some instants; undefined: there is none. */
function newest(instants: Iterable<number>): number | undefined {
  let latest: number | undefined;
  for (const at of instants) if (latest === undefined || at > latest) latest = at;
  return latest;
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
