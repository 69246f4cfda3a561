/**
 * The whole product in one process for tests: real ledger, real authority, real listener on an ephemeral port, the
 * sample policies with upstreams of the test's choice. Openings are made through the same commands the portal uses.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from '../../src/app.ts';
import type { Config } from '../../src/config.ts';
import { accountKey, type Person } from '../../src/core/model.ts';
import { formatFault } from '../../src/core/policy/faults.ts';
import type { Clock, Line } from '../../src/core/ports.ts';
import { type Sample, seedDemo } from '../../src/demo/seed.ts';
import type { SettableLimits } from '../../src/gateway/limits.ts';
import { hashed } from '../../src/gateway/wanted.ts';
import { createLog, type Log } from '../../src/log.ts';
import { initKeys, pseudonymKeyIn } from '../../src/stores/keys.ts';
import { loadPolicies } from '../../src/stores/policy-files.ts';
import { createPolicyLoader } from '../../src/stores/policy-loader.ts';
import { toldHere } from '../../src/stores/policy-teller.ts';

export interface TestGatewayOptions {
  readonly erp?: string;
  readonly backup?: string;
  readonly payroll?: string;
  readonly issuer?: string;
  readonly clientSecret?: string;
  readonly redisUrl?: string;
  readonly policies?: string;
  /** Agreements of clients that are not among the samples. */
  readonly agreements?: readonly Sample[];
  /** Folder of certificates: the listener speaks TLS, and the portal's address is https. */
  readonly tls?: string;
  /** Keeps the folder of an earlier gateway, for restarts. */
  readonly folder?: string;
  readonly port?: number;
  /** By default the machine's. */
  readonly clock?: Clock;
  /** In place of those in the table; the lease is long by default, so that a machine that halts ends nothing. */
  readonly limits?: SettableLimits;
  readonly scimToken?: string;
  readonly ticketSecret?: string;
  readonly confirmAfter?: number;
  /** Port of the operator's listener; by default any. */
  readonly opsPort?: number;
  /** The gateway follows its policy folder. */
  readonly live?: boolean;
}

export interface OpenedAccess {
  readonly opening: string;
  /** `erp.acme.localhost:<port>` */
  readonly host: string;
  /** `name=value` */
  readonly cookie: string;
}

export interface OpenOptions {
  readonly client?: string;
  readonly system?: string;
  readonly purpose?: string;
  readonly minutes?: number;
  /** Some purposes need one. */
  readonly note?: string;
  /** Somebody of the sample policies; by default alice. */
  readonly person?: string;
  /** The agreement to declare under; by default the first that serves. */
  readonly grant?: string;
}

export interface TestGateway {
  readonly app: App;
  readonly config: Config;
  readonly port: number;
  readonly folder: string;
  /** The first sign-in of alice, on which her openings hang until it ends. */
  readonly login: string;
  open(options?: OpenOptions): Promise<OpenedAccess>;
  lines(client?: string): Promise<readonly Line[]>;
  /** The outcome of the newest result, once results handed over are written. */
  lastOutcome(client?: string): Promise<string>;
  /** Closes; the folder is removed unless `keep`. */
  close(keep?: boolean): Promise<void>;
}

/**
 * A port that was free a moment ago, below those from which connections go out, so that none of them takes it before it is
 * listened on.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(12_000, 32_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

/** Plain Node cannot read TSX: a process of its own runs what was built. */
async function loadApp(): Promise<typeof import('../../src/app.ts')> {
  if (process.env.CONSENTRY_TEST_BUILT !== '1') return import('../../src/app.ts');
  const built = new URL('../../dist/app.js', import.meta.url).href;
  return import(built);
}

const silent: Log = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
};

const nowhere = 'http://127.0.0.1:1';

export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'consentry-')));
  const port = options.port ?? (await freePort());
  const config: Config = {
    evaluation: true,
    production: false,
    portalUrl: new URL(`${options.tls === undefined ? 'http' : 'https'}://portal.localhost:${port}`),
    listen: { host: '127.0.0.1', port },
    opsListen: { host: '127.0.0.1', port: options.opsPort ?? 0 },
    policies: options.policies ?? 'policies',
    data: join(folder, 'data'),
    keys: join(folder, 'keys'),
    guard: join(folder, 'guard'),
    credentials: undefined,
    tls: options.tls,
    trustedProxies: [],
    mailFrom: undefined,
    logLevel: 'error',
  };
  if (options.folder === undefined) initKeys(config.keys, { evaluation: true });
  const variables = {
    ISSUER: options.issuer ?? 'http://127.0.0.1:1',
    ERP_UPSTREAM: options.erp ?? nowhere,
    BACKUP_UPSTREAM: options.backup ?? 'http://127.0.0.1:2',
    PAYROLL_UPSTREAM: options.payroll ?? 'http://127.0.0.1:3',
  };
  const compile = {
    evaluation: true,
    production: false,
    portalUrl: config.portalUrl,
    credentialsDir: join(config.keys, 'credentials'),
    variables,
    pseudonymKey: pseudonymKeyIn(config.keys) ?? '',
  };
  const loader = options.live === true ? createPolicyLoader(config.policies, compile) : undefined;
  const loaded = await (loader?.load() ?? loadPolicies(config.policies, compile));
  if ('faults' in loaded) {
    await loader?.close();
    throw new Error(loaded.faults.map(formatFault).join('\n'));
  }
  const { snapshot } = loaded;
  // Policies that change are meant to be wrong now and then.
  const log = options.live === true ? silent : createLog({ logLevel: 'error' });
  const { createApp } = await loadApp();
  const app = await createApp(
    config,
    {
      redisUrl: options.redisUrl,
      databaseUrl: undefined,
      smtpUrl: undefined,
      scimToken: options.scimToken,
      ticketSecret: options.ticketSecret,
      providerHook: undefined,
      providerHookSecret: undefined,
    },
    {
      policy: 'tell' in loaded ? loaded : toldHere(loaded),
      log,
      ...(loader === undefined ? {} : { loader }),
      clientSecret: () => options.clientSecret ?? 'unused',
      limits: { epochLease: 60_000, ...options.limits },
      ...(options.clock === undefined ? {} : { clock: options.clock }),
      ...(options.confirmAfter === undefined ? {} : { confirmAfter: options.confirmAfter }),
    },
  );
  await seedDemo(app, snapshot, Date.now(), options.agreements);
  const authentication = { acr: 'urn:consentry:evaluation:mfa', amr: ['pwd', 'mfa'], at: Date.now() };
  const logins = new Map<string, string>();

  /** The person as the policies know them, and a sign-in of theirs; another one after that has ended. */
  async function signedIn(id: string) {
    const person = snapshot.people.get(id);
    if (person === undefined || !snapshot.accounts.has(accountKey(person.issuer, person.subject)))
      throw new Error(`${id} is not in the sample policies`);
    const before = logins.get(id);
    if (before !== undefined && (await app.archive.login(before))?.endedAt === undefined)
      return { person, login: before };
    const login = randomBytes(12).toString('base64url');
    await recordLogin(login, person);
    logins.set(id, login);
    return { person, login };
  }

  async function recordLogin(login: string, { id, issuer, subject }: Person): Promise<void> {
    await app.authority.run({
      do: 'login',
      login: {
        id: login,
        issuer,
        subject,
        sid: undefined,
        who: id,
        acr: authentication.acr,
        amr: authentication.amr,
        authTime: authentication.at,
        startedAt: authentication.at,
      },
    });
  }

  const { login: ofAlice } = await signedIn('alice');

  async function open({
    client = 'acme',
    system = 'erp',
    purpose = 'support',
    minutes = 30,
    note = '',
    person: who = 'alice',
    grant: under,
  }: OpenOptions = {}): Promise<OpenedAccess> {
    const { person, login } = await signedIn(who);
    const inForce = await app.authority.client(client);
    const grant = [...inForce.grants.values()].find(
      (one) =>
        (under === undefined || one.id === under) &&
        one.status === 'active' &&
        one.purposes.includes(purpose) &&
        one.systems.includes(system),
    );
    if (grant === undefined) throw new Error(`no grant for ${purpose} on ${client}/${system}`);
    const now = Date.now();
    const id = randomBytes(16).toString('base64url');
    const secrets = {
      code: randomBytes(32).toString('base64url'),
      nonce: randomBytes(32).toString('base64url'),
      cookie: randomBytes(32).toString('base64url'),
    };
    const name = `${client}/${system}`;
    const opening = {
      id,
      client,
      person: person.id,
      account: { issuer: person.issuer, subject: person.subject },
      systems: [system],
      purpose,
      reference: 'T-1001',
      note,
      grant: grant.id,
      login,
      authentication,
      openedAt: now,
      endsAt: Math.min(now + minutes * 60_000, grant.until),
      endedAt: undefined,
      endCause: undefined,
    };
    const fields = {
      systems: system,
      purpose,
      operations: grant.operations.join(' '),
      grant: grant.id,
      policy: snapshot.clients.get(client)?.sliceHash ?? '',
      ends: new Date(opening.endsAt).toISOString(),
    };
    const groups = {
      person: { subject: person.subject, issuer: person.issuer, name: person.name },
      role: { function: person.functions.join(' '), employer: 'provider', team: person.teams.join(' ') },
      work: { reference: opening.reference, note: opening.note },
    };
    const declared = await app.authority.run({
      do: 'declare',
      epoch: inForce.epoch,
      opening,
      fields,
      groups,
      code: {
        hash: hashed(secrets.code),
        opening: id,
        system: name,
        nonceHash: hashed(secrets.nonce),
        expiresAt: now + 60_000,
      },
    });
    if ('moved' in declared)
      return open({
        ...{ client, system, purpose, minutes, note, person: who },
        ...(under === undefined ? {} : { grant: under }),
      });
    await app.authority.run({
      do: 'redeem',
      codeHash: hashed(secrets.code),
      system: name,
      nonceHash: hashed(secrets.nonce),
      cookieHash: hashed(secrets.cookie),
    });
    const host = new URL(snapshot.clients.get(client)?.systems.get(system)?.publicOrigin ?? '').host;
    return { opening: id, host, cookie: `__Host-consentry=${secrets.cookie}` };
  }

  async function lines(client = 'acme'): Promise<readonly Line[]> {
    return app.archive.lines({
      client,
      limit: 10_000,
      disclose: ['person', 'role', 'work', 'target', 'standing'],
    });
  }

  return {
    app,
    config,
    port,
    folder,
    login: ofAlice,
    open,
    lines,
    async lastOutcome(client = 'acme') {
      // Every result owed so far rides along with this commit.
      for (;;) {
        const found = await lines(client);
        const intents = found.filter(({ leaf }) => leaf.t === 'access.intent');
        const results = found.filter(({ leaf }) => leaf.t === 'access.result');
        if (intents.length === results.length) return String(results[0]?.leaf.outcome ?? 'none');
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async close(keep = false) {
      await app.close();
      if (!keep) await rm(folder, { recursive: true, force: true });
    },
  };
}
