/**
 * A real OpenID provider (oidc-provider) for evaluation and tests: it knows a handful of people, accepts any
 * password and asks for no consent. Loopback only; production never loads this file.
 */
import { generateKeyPairSync, hash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Provider, ProviderContext } from 'oidc-provider';
import { errorPage, loginPage, logoutPage, pagePolicy, signedOutPage } from './identity-pages.ts';
import { fetchOnLoopback } from './loopback-fetch.ts';
import { createMemoryAdapter } from './memory-adapter.ts';

export interface DemoPerson {
  /** What is typed into the form; also the subject. */
  readonly login: string;
  readonly name: string;
  readonly mail?: string;
  readonly mailVerified?: boolean;
}

/** Client metadata under its registered names (OpenID Connect Dynamic Client Registration 1.0). */
export interface DemoClient {
  readonly client_id: string;
  /** Left out: it proves itself with a key. */
  readonly client_secret?: string;
  readonly redirect_uris: readonly string[];
  readonly post_logout_redirect_uris?: readonly string[];
  readonly backchannel_logout_uri?: string;
  readonly [metadata: string]: unknown;
}

export interface IdentityProviderOptions {
  /** 0 or missing: any free port. */
  readonly port?: number;
  /** Must be loopback; default 127.0.0.1. */
  readonly host?: string;
  readonly clients: readonly DemoClient[];
  readonly people: readonly DemoPerson[];
  /** Gives each client another `sub` for the same person; `oid` is the same for all. */
  readonly pairwise?: boolean;
  /** `amr` and `acr` that sign-ins get; default: password and second factor. */
  readonly authentication?: SignInKind;
  /** What sign-ins get instead when the portal asks for this `acr`; default: there is no other. */
  readonly stronger?: SignInKind;
}

interface SignInKind {
  readonly acr: string;
  readonly amr: readonly string[];
}

export interface DemoIdentityProvider {
  /** The same string for browsers and for our back end. */
  readonly issuer: string;
  readonly server: Server;
  /** Provider sessions that a login has at clients, oldest first. */
  sessionsOf(login: string): readonly { readonly client: string; readonly sid: string }[];
  /** Adds somebody, or takes the place of whoever had that login. */
  employ(person: DemoPerson): void;
  /** From now on there is no such person: no sign-in, and no refresh token of theirs works. */
  dismiss(login: string): void;
  /** Ends a person's sessions from the provider's side: a back-channel logout to every client. Answers how many were sent. */
  endSessions(login: string): Promise<number>;
  close(): Promise<void>;
}

interface ProviderSession {
  readonly login: string;
  readonly client: string;
  readonly sid: string;
}

const defaultAuthentication = { acr: 'urn:consentry:evaluation:mfa', amr: ['pwd', 'mfa'] } as const;

/** Starts the provider. Rejects when the port is taken or the host is not loopback. */
export async function createIdentityProvider(
  options: IdentityProviderOptions,
): Promise<DemoIdentityProvider> {
  const host = options.host ?? '127.0.0.1';
  if (host !== '127.0.0.1' && host !== '::1')
    throw new Error('the demo identity provider listens on loopback only');
  const people = new Map(options.people.map((person) => [person.login, person]));
  const authentication = options.authentication ?? defaultAuthentication;

  const server = createServer();
  await listen(server, options.port ?? 0, host);
  const { port } = server.address() as AddressInfo;
  const issuer = `http://${host === '::1' ? '[::1]' : host}:${port}`;

  const { Provider } = await loadProvider();
  const classes = [authentication.acr, ...(options.stronger === undefined ? [] : [options.stronger.acr])];
  const provider = new Provider(issuer, configuration(options, people, classes));
  const sessions: ProviderSession[] = [];
  provider.on('authorization.success', (ctx) => remember(sessions, ctx));
  const serveProtocol = provider.callback();

  server.on('request', (req, res) => {
    const work = req.url?.startsWith('/interaction/')
      ? interact(provider, people, { authentication, stronger: options.stronger }, req, res)
      : serveProtocol(req, res);
    work.catch(() => {
      if (!res.headersSent) sendPage(res, 400, errorPage('interaction_expired'));
      else res.destroy();
    });
  });

  return {
    issuer,
    server,
    employ: (person) => void people.set(person.login, person),
    dismiss: (login) => void people.delete(login),
    sessionsOf: (login) => sessions.filter((session) => session.login === login),
    endSessions: (login) => endSessions(provider, sessions, login),
    close: () => close(server),
  };
}

/** The library warns at load about every Node that is no long-term release; whoever tries the demo cannot act on it. */
async function loadProvider(): Promise<typeof import('oidc-provider')> {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return await import('oidc-provider');
  } finally {
    console.warn = warn;
  }
}

function configuration(
  { clients, pairwise = false }: IdentityProviderOptions,
  people: ReadonlyMap<string, DemoPerson>,
  classes: readonly string[],
): Readonly<Record<string, unknown>> {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  return {
    clients: clients.map((client) => ({
      id_token_signed_response_alg: 'ES256',
      backchannel_logout_session_required: true,
      require_auth_time: true,
      grant_types: ['authorization_code', 'refresh_token'],
      ...(pairwise ? { subject_type: 'pairwise' } : {}),
      ...client,
    })),
    adapter: createMemoryAdapter(),
    jwks: { keys: [{ ...key, use: 'sig', alg: 'ES256', kid: randomBytes(8).toString('hex') }] },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    acrValues: [...classes],
    claims: {
      openid: ['sub', 'acr', 'amr', 'auth_time', 'sid', 'oid'],
      profile: ['name'],
      email: ['email', 'email_verified'],
    },
    ...(pairwise ? { subjectTypes: ['pairwise'], pairwiseIdentifier: pairwiseSubject } : {}),
    rotateRefreshToken: true,
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    responseTypes: ['code'],
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    ttl: {
      AccessToken: 300,
      AuthorizationCode: 60,
      ClientCredentials: 300,
      Grant: 36_000,
      IdToken: 3_600,
      Interaction: 600,
      RefreshToken: 36_000,
      Session: 36_000,
    },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      // Machines ask for themselves, for one resource: its tokens are signed (RFC 9068) and name it alone.
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        getResourceServerInfo: (_ctx: unknown, audience: string) => ({
          ...{ scope: '', audience, accessTokenFormat: 'jwt', accessTokenTTL: 300 },
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx: ProviderContext, form: string) => renderInto(ctx, logoutPage(form)),
        postLogoutSuccessSource: (ctx: ProviderContext) => renderInto(ctx, signedOutPage()),
      },
    },
    interactions: {
      url: (_ctx: unknown, interaction: { readonly uid: string }) => `/interaction/${interaction.uid}`,
    },
    findAccount: (_ctx: unknown, subject: string) => account(people.get(subject)),
    loadExistingGrant: grantEverythingAsked,
    renderError: (ctx: ProviderContext, out: { readonly error: string }) =>
      renderInto(ctx, errorPage(out.error)),
    fetch: fetchOnLoopback,
  };
}

function account(person: DemoPerson | undefined): unknown {
  if (!person) return undefined;
  const { login, name, mail, mailVerified = false } = person;
  const email = mail === undefined ? {} : { email: mail, email_verified: mailVerified };
  return { accountId: login, claims: () => ({ sub: login, oid: `oid-${login}`, name, ...email }) };
}

/** Another subject for each client, as large providers do it. */
async function pairwiseSubject(
  _ctx: unknown,
  login: string,
  client: { readonly clientId: string },
): Promise<string> {
  return hash('sha256', `${client.clientId} ${login}`, 'base64url');
}

/** The clients are our own portal: there is nobody to ask. */
async function grantEverythingAsked(ctx: ProviderContext): Promise<unknown> {
  const { provider, client, session } = ctx.oidc;
  const known = ctx.oidc.result?.consent?.grantId ?? session.grantIdFor(client.clientId);
  if (known) return provider.Grant.find(known);
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid profile email offline_access');
  await grant.save();
  return grant;
}

function remember(sessions: ProviderSession[], ctx: ProviderContext): void {
  const { client, session } = ctx.oidc;
  const sid = session.sidFor(client.clientId);
  if (!sid || sessions.some((known) => known.sid === sid)) return;
  sessions.push({ login: session.accountId, client: client.clientId, sid });
}

async function endSessions(provider: Provider, sessions: ProviderSession[], login: string): Promise<number> {
  const ending = sessions.filter((session) => session.login === login);
  for (const session of ending) sessions.splice(sessions.indexOf(session), 1);
  const sent = ending.map(async (session) => {
    const client = await provider.Client.find(session.client);
    await client?.backchannelLogout(session.login, session.sid);
  });
  // Every client is told before a failure of one is.
  for (const outcome of await Promise.allSettled(sent))
    if (outcome.status === 'rejected') throw outcome.reason;
  return ending.length;
}

async function interact(
  provider: Provider,
  people: ReadonlyMap<string, DemoPerson>,
  kinds: { readonly authentication: SignInKind; readonly stronger: SignInKind | undefined },
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const { uid, prompt, params } = await provider.interactionDetails(req, res);
  // Whoever asks for a refresh token has to ask for consent; nobody needs to be asked here.
  if (prompt.name === 'consent') {
    const result = { consent: {} };
    return provider.interactionFinished(req, res, result, { mergeWithLastSubmission: true });
  }
  const logins = [...people.keys()];
  if (req.method !== 'POST') return sendPage(res, 200, loginPage({ uid, logins, unknown: false }));
  const login = (await readForm(req)).get('login')?.trim() ?? '';
  if (!people.has(login)) return sendPage(res, 401, loginPage({ uid, logins, unknown: true }));
  const asked = String(params.acr_values ?? '').split(' ');
  const { authentication, stronger } = kinds;
  const kind = stronger !== undefined && asked.includes(stronger.acr) ? stronger : authentication;
  const result = {
    login: { accountId: login, acr: kind.acr, amr: [...kind.amr], remember: false },
  };
  await provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false });
}

async function readForm(req: IncomingMessage): Promise<URLSearchParams> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of req) {
    size += (part as Buffer).length;
    if (size > 4_096) throw new Error('form too long');
    parts.push(part as Buffer);
  }
  return new URLSearchParams(Buffer.concat(parts).toString('utf8'));
}

function renderInto(ctx: ProviderContext, html: string): void {
  ctx.type = 'html';
  ctx.set('content-security-policy', pagePolicy);
  ctx.body = html;
}

function sendPage(res: ServerResponse, status: number, html: string): void {
  res.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': pagePolicy,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  res.end(html);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
