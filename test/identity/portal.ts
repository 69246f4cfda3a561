/**
 * A small portal on real sockets for the tests of this room: express, sessions in SQLite, sign-in, and a ledger that
 * keeps the contract of `login` and `logout` in memory (one map is the database; it can be made unavailable).
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import type { AnswerOf, Command, Login, Seat } from '../../src/core/commands.ts';
import { Fault } from '../../src/core/faults.ts';
import {
  accountKey,
  type EndCause,
  type IdentityProvider,
  type Opening,
  type ProviderUser,
  type Snapshot,
  type Who,
} from '../../src/core/model.ts';
import type { Archive, Clock, Ledger } from '../../src/core/ports.ts';
import { createCsrf } from '../../src/identity/csrf.ts';
import { createPasskeys } from '../../src/identity/passkeys.ts';
import { createPortalSessions, portalCookie } from '../../src/identity/portal-session.ts';
import { createSignIn, type SignIn } from '../../src/identity/sign-in.ts';
import type { Log } from '../../src/log.ts';
import type { PortalSessionStore } from '../../src/stores/hashed-session-store.ts';
import { loadPeople, type People } from '../../src/stores/people.ts';
import { createSqliteSessionStore } from '../../src/stores/portal-sessions-sqlite.ts';
import { TestClock } from '../support/clock.ts';

/** The commands of sign-ins, with the contract of the writer; `openings` hang on logins by id. */
export class LoginTable {
  readonly rows = new Map<string, Login & { endedAt: number | undefined }>();
  readonly browsers = new Map<string, string>();
  readonly openings = new Map<string, Opening[]>();
  readonly bound = new Set<string>();
  readonly tokens = new Map<string, { readonly token: string; readonly confirmedAt: number }>();
  /** Live seats, as the archive finds them by their passkey. */
  readonly seats: Seat[] = [];
  available = true;

  async run<C extends Command>(command: C): Promise<AnswerOf<C>> {
    await Promise.resolve();
    if (!this.available) throw new Fault('ledger_unavailable', 'test');
    if (command.do === 'login') {
      if (command.seat !== undefined && !this.seats.some(({ id }) => id === command.seat))
        return { refused: 'not_seated' } as AnswerOf<C>;
      this.rows.set(command.login.id, { ...command.login, endedAt: undefined });
      const { login, after = '' } = command;
      const before = this.rows.get(after);
      if (before?.endedAt === undefined && before?.subject === login.subject) {
        this.browsers.set(after, this.browserOf(after));
        this.browsers.set(login.id, this.browserOf(after));
      }
      return { ok: true } as AnswerOf<C>;
    }
    if (command.do === 'bind') {
      const { person, issuer, mail } = command.binding;
      const entry = `${person} ${issuer} ${mail}`;
      const first = !this.bound.has(entry);
      this.bound.add(entry);
      return (first ? { bound: true } : { refused: 'bound_already' }) as AnswerOf<C>;
    }
    if (command.do === 'token') {
      this.tokens.set(command.login, command);
      return { kept: true } as AnswerOf<C>;
    }
    if (command.do !== 'logout') throw new Error(`not for this test: ${command.do}`);
    const { by } = command;
    const beside = 'login' in by && by.browser === true ? await this.besideLogin(by.login) : [];
    const ending = [...this.rows.values()].filter(
      (row) => row.endedAt === undefined && (matches(row, by) || beside.includes(row.id)),
    );
    for (const row of ending) row.endedAt = Date.now();
    // As the writer does: named by its id, a sign-in tells its live openings even if it ended before.
    const named = 'login' in by ? [by.login, ...beside] : ending.map((row) => row.id);
    const openings = named.flatMap((id) => this.openings.get(id) ?? []);
    return { logins: ending.map((row) => row.id), openings } as unknown as AnswerOf<C>;
  }

  /** The first sign-in of those that took one another's place. */
  private browserOf(id: string): string {
    return this.browsers.get(id) ?? id;
  }

  async besideLogin(id: string): Promise<readonly string[]> {
    return [...this.rows.values()]
      .filter((row) => row.id !== id && row.endedAt === undefined)
      .filter((row) => this.browserOf(row.id) === this.browserOf(id))
      .map((row) => row.id);
  }

  async token(login: string): ReturnType<Archive['token']> {
    if (!this.available) throw new Fault('ledger_unavailable', 'test');
    return this.tokens.get(login);
  }

  async learned(): ReturnType<Archive['learned']> {
    return { bindings: [], directory: [], controllers: [], notices: [] };
  }

  async passkey(id: string): Promise<Seat | undefined> {
    return this.seats.find((seat) => seat.credentialId === id);
  }

  async login(id: string): Promise<(Login & { endedAt: number | undefined }) | undefined> {
    await Promise.resolve();
    if (!this.available) throw new Fault('ledger_unavailable', 'test');
    return this.rows.get(id);
  }
}

function matches(row: Login, by: Extract<Command, { do: 'logout' }>['by']): boolean {
  if ('login' in by) return row.id === by.login;
  if (row.issuer !== by.issuer) return false;
  if ('sid' in by) return row.sid === by.sid;
  return 'sub' in by ? (row.sub ?? row.subject) === by.sub : row.subject === by.subject;
}

export function provider(id: string, issuer: string, more: Partial<IdentityProvider> = {}): IdentityProvider {
  return {
    id,
    issuer,
    label: { en: `Provider ${id}`, fr: `Fournisseur ${id}` },
    clientId: 'consentry',
    secretFile: undefined,
    serves: ['staff', 'controllers'],
    subjectClaim: 'sub',
    scopes: ['openid', 'profile'],
    groupsClaim: undefined,
    teams: new Map(),
    ...more,
  };
}

export function user(id: string, issuer: string, subject = id): ProviderUser {
  return { id, issuer, subject, name: id, role: 'dpo' };
}

/** A policy with nothing but providers and people. */
export function snapshot(providers: readonly IdentityProvider[], people: readonly Who[]): Snapshot {
  const accounts = new Map(
    people.map((who) => {
      const account =
        who.kind === 'technician'
          ? who.person
          : who.kind === 'controller'
            ? who.controller
            : who.kind === 'several'
              ? (who.controllers[0] ?? { issuer: '', subject: '' })
              : who.user;
      return [accountKey(account.issuer, account.subject), who] as const;
    }),
  );
  return {
    hash: 'sha256:test',
    providers,
    people: new Map(),
    users: new Map(),
    purposes: new Map(),
    subProcessors: new Map(),
    clients: new Map(),
    hosts: new Map(),
    territories: new Set(['FR']),
    accounts,
    dpo: { name: 'David', mail: 'dpo@msp.example', postal: 'Paris' },
    contact: { name: 'Desk', mail: 'desk@msp.example' },
    functions: new Map(),
    templates: new Map(),
    organisation: 'MSP',
  };
}

export interface TestPortal {
  readonly url: URL;
  readonly signIn: SignIn;
  readonly clock: TestClock;
  readonly table: LoginTable;
  readonly ended: { readonly openings: readonly Opening[]; readonly cause: EndCause }[];
  readonly logged: { readonly event: string; readonly fields: Readonly<Record<string, unknown>> }[];
  readonly cookie: string;
  policy: Snapshot;
  /** Fails the cutting of openings while true. */
  uncuttable: boolean;
  readonly people: People;
  /** Sign-ins on which an opening hangs, as far as the test says so. */
  readonly working: Set<string>;
  /** Codes that were sent by mail, oldest first. */
  readonly mailed: readonly { readonly to: string; readonly client: string; readonly code: string }[];
  /** Path of the sessions' database. */
  readonly database: string;
  close(): Promise<void>;
}

/** Starts a portal at `http://portal.localhost:<port>`. The policy is set once the address is known. */
export async function startPortal(
  options: {
    readonly store?: (clock: Clock) => PortalSessionStore;
    /** Handlers in front of everything, such as security headers. */
    readonly before?: readonly express.RequestHandler[];
    /** The real ledger, instead of the table in memory. */
    readonly ledger?: Pick<Ledger, 'run'>;
    readonly archive?: Pick<Archive, 'login' | 'besideLogin' | 'learned' | 'token' | 'passkey'>;
  } = {},
): Promise<TestPortal> {
  const folder = await mkdtemp(join(tmpdir(), 'consentry-identity-'));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://portal.localhost:${(server.address() as AddressInfo).port}`);
  const clock = new TestClock();
  const table = new LoginTable();
  const ended: { openings: readonly Opening[]; cause: EndCause }[] = [];
  const logged: { event: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const note = (event: string, fields: Readonly<Record<string, unknown>> = {}) =>
    void logged.push({ event, fields });
  const log: Log = { error: note, warn: note, info: note, debug: note };
  const database = join(folder, 'portal.db');
  const technician = { idle: 3 * 3_600_000, absolute: 12 * 3_600_000 };
  const limits = { idle: 30 * 60_000, absolute: 10 * 3_600_000, technician };
  const store = options.store?.(clock) ?? createSqliteSessionStore({ path: database, clock, limits });
  const sessions = createPortalSessions({
    store,
    secret: 'test secret of at least thirty-two bytes',
    clock,
    log,
  });
  const working = new Set<string>();
  const mailed: { to: string; client: string; code: string }[] = [];
  const holder = { policy: snapshot([], []), uncuttable: false };
  const { ledger = table, archive = table } = options;
  const files = { current: () => holder.policy };
  const people = await loadPeople({ policies: files, ledger, archive, clock });
  const signIn = createSignIn({
    policies: people,
    clientSecret: () => 'the client secret of the tests',
    ledger,
    bind: (account, mail) => people.bind(account, mail),
    archive,
    sendCode: (to, code) => void mailed.push({ to: to.id, client: to.client, code }),
    passkeys: createPasskeys({ rpId: url.hostname, origin: url.origin, clock }),
    clock,
    portalUrl: url,
    allowHttp: true,
    log,
    working: () => working,
    cutFirst: async () => undefined,
    onLogout: (openings, cause) => {
      if (holder.uncuttable) throw new Error('test');
      ended.push({ openings, cause });
    },
  });
  server.on('request', application([...(options.before ?? []), sessions.middleware], signIn, url));
  return {
    url,
    signIn,
    clock,
    table,
    ended,
    logged,
    cookie: `${url.host} ${portalCookie}`,
    database,
    people,
    working,
    mailed,
    get policy() {
      return holder.policy;
    },
    set policy(next) {
      holder.policy = next;
    },
    get uncuttable() {
      return holder.uncuttable;
    },
    set uncuttable(next) {
      holder.uncuttable = next;
    },
    close: async () => {
      signIn.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await sessions.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function application(before: readonly express.RequestHandler[], signIn: SignIn, url: URL): express.Express {
  const app = express();
  const csrf = createCsrf({ portalUrl: url });
  app.use((req, _res, next) => {
    req.headers['x-forwarded-proto'] = 'https';
    next();
  });
  app.use(...before);
  app.get('/token', (req, res) => void res.send(csrf.token(req)));
  app.use(signIn.routes);
  app.get('/me', signIn.require(), (req, res) => {
    const signedIn = signIn.who(req);
    res.json({ ...signedIn, csrf: csrf.token(req) });
  });
  app.get('/', (_req, res) => void res.send('home'));
  app.get('/form', signIn.require(), (req, res) => {
    const field = `<input type="hidden" name="csrf" value="${csrf.token(req)}">`;
    const form = (path: string, name: string) =>
      `<form method="post" action="${path}">${field}<button>${name}</button></form>`;
    res.send(`<!doctype html>${form('/act', 'Act')}${form('/sign-out', 'Sign out')}`);
  });
  app.get('/staff-only', signIn.require('technician'), (_req, res) => void res.send('staff'));
  app.post('/act', express.urlencoded({ extended: false }), csrf.check, signIn.require(), (_req, res) => {
    res.send('done');
  });
  const form = express.urlencoded({ extended: false });
  app.post('/ask', form, async (req, res) => {
    await signIn.byMail.ask(req, String(req.body.address), req.body.return);
    res.send('asked');
  });
  app.post('/enter', form, async (req, res) => {
    res.json(await signIn.byMail.enter(req, String(req.body.mailed), String(req.body.code)));
  });
  app.use((error: unknown, _req: express.Request, res: express.Response, next: express.NextFunction) => {
    if (res.headersSent) return next(error);
    const code = error instanceof Fault ? error.code : 'internal';
    res
      .status(code === 'internal' ? 500 : 503)
      .json({ code, ...(code === 'internal' ? { why: String(error) } : {}) });
  });
  return app;
}

/** Client metadata of a portal at a provider. */
export function clientOf(url: URL, id = 'main') {
  return {
    client_id: 'consentry',
    client_secret: 'the client secret of the tests',
    redirect_uris: [new URL(`/callback/${id}`, url).href],
    post_logout_redirect_uris: [new URL('/signed-out', url).href],
    backchannel_logout_uri: new URL(`/backchannel-logout/${id}`, url).href,
  };
}
