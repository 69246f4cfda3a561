/**
 * Who somebody is: single sign-on at the providers of the policy, the sign-in recorded before anything else, and on
 * every request again: is that sign-in alive, and does the policy still know this account? A person is issuer and
 * subject, nothing else.
 */
import { randomBytes } from 'node:crypto';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { Login } from '../core/commands.ts';
import { Fault } from '../core/faults.ts';
import {
  type Account,
  accountKey,
  type Authentication,
  type EndCause,
  type IdentityProvider,
  type Opening,
  type Who,
} from '../core/model.ts';
import type { Archive, Clock, Ledger, Policies } from '../core/ports.ts';
import type { Log } from '../log.ts';
import { answerNotice, type AnswerStyle, wantsPage } from './answer.ts';
import { beginAttempt, internalPath, takeAttempt } from './attempts.ts';
import { createCsrf, csrf } from './csrf.ts';
import { createLogins, type Logins } from './logins.ts';
import { chooser, faultNotice, notices, unknownAccount } from './notices.ts';
import { style, stylePath } from './notice-style.ts';
import { regenerate, save } from './portal-session.ts';
import { createRelyingParties, type RelyingParties } from './relying-party.ts';
import { explain } from './sign-in-errors.ts';
import { createSignOut } from './sign-out.ts';
import { type Proven, runStrategy } from './strategy.ts';

export interface SignedIn {
  readonly who: Who;
  readonly login: Login;
  /** `at` is 0 when the provider did not say when the person authenticated: too old for any rule. */
  readonly authentication: Authentication;
}

export interface SignInOptions extends AnswerStyle {
  readonly policies: Policies;
  readonly clientSecret: (provider: IdentityProvider) => string | undefined;
  readonly ledger: Pick<Ledger, 'run'>;
  readonly archive: Pick<Archive, 'login'>;
  readonly clock: Clock;
  readonly portalUrl: URL;
  /** Plain HTTP to providers on loopback: evaluation only. */
  readonly allowHttp: boolean;
  readonly log: Log;
  /** Sign-ins ended and these openings hung on them: cut them. Awaited before the logout is answered. */
  readonly onLogout: (openings: readonly Opening[], cause: EndCause) => void | Promise<void>;
}

export interface SignIn {
  /** `/sign-in`, `/sign-in/<id>`, `/callback/<id>`, `/sign-out`, `/signed-out`, `/backchannel-logout/<id>`. Mount after the session. */
  readonly routes: Router;
  /** Who is signed in, once `routes` or `require` has seen the request. */
  who(req: Request): SignedIn | undefined;
  /** Passes signed-in people (of one kind); sends navigations to sign in and answers everything else 401 or 403. */
  require(kind?: Who['kind']): RequestHandler;
  /** The policy changed: forget what was learned about providers. */
  forget(): void;
  /** Stops trying to record ends that could not be recorded. */
  close(): void;
}

/** What is known about a request's session. */
type Seen =
  | { readonly state: 'nobody' }
  | { readonly state: 'signed-in'; readonly signedIn: SignedIn }
  | { readonly state: 'unknown'; readonly account: Account; readonly provider: string }
  | { readonly state: 'not-active' };

export interface SignInParts {
  readonly options: SignInOptions;
  readonly logins: Logins;
  readonly parties: RelyingParties;
}

/** How old a provider's metadata may be when a sign-in starts: it also proves that the provider answers. */
const freshMetadata = 30_000;

export function createSignIn(options: SignInOptions): SignIn {
  const logins = createLogins(options.archive, options.clock);
  const parts: SignInParts = { options, logins, parties: createRelyingParties(options) };
  const seen = new WeakMap<Request, Seen>();
  const signOut = createSignOut(parts);

  async function attach(req: Request): Promise<Seen> {
    const before = seen.get(req);
    if (before) return before;
    const found = await look(req, parts);
    seen.set(req, found);
    return found;
  }

  const routes = Router();
  routes.get(stylePath, (_req, res) => {
    res.set('Cache-Control', 'public, max-age=3600').type('css').send(style);
  });
  routes.post('/backchannel-logout/:provider', ...signOut.backChannel);
  routes.use(async (req, _res, next) => {
    await attach(req);
    next();
  });
  routes.get('/sign-in', async (req, res) => choose(req, res, await attach(req), parts));
  routes.get('/sign-in/:provider', async (req, res) => depart(req, res, req.params.provider, parts));
  routes.get('/callback/:provider', async (req, res) => arrive(req, res, req.params.provider, parts));
  routes.get('/signed-out', (req, res) => answerNotice(req, res, notices.signedOut, options));
  routes.post('/sign-out', ...signOut.form, createCsrf(options).check, signOut.handler);

  return {
    routes,
    who: (req) => {
      const found = seen.get(req);
      return found?.state === 'signed-in' ? found.signedIn : undefined;
    },
    require: (kind) => async (req, res, next) => admit(req, res, next, await attach(req), kind, options),
    forget: () => parts.parties.forget(),
    close: () => signOut.close(),
  };
}

/** Session -> live sign-in -> account of the policy in force. */
async function look(req: Request, { options, logins }: SignInParts): Promise<Seen> {
  const id = req.session?.login;
  if (id === undefined) return { state: 'nobody' };
  const login = await logins.live(id);
  if (!login) return { state: 'nobody' };
  const { accounts, providers } = options.policies.current();
  const account = { issuer: login.issuer, subject: login.subject };
  const provider = providers.find((one) => one.id === req.session.provider && one.issuer === login.issuer);
  if (!provider) return { state: 'nobody' };
  const who = accounts.get(accountKey(account.issuer, account.subject));
  if (!who || !servesKind(provider, who)) return { state: 'unknown', account, provider: provider.id };
  if (!isActive(who, options.clock.now())) return { state: 'not-active' };
  const authentication = { acr: login.acr, amr: login.amr, at: login.authTime };
  return { state: 'signed-in', signedIn: { who, login, authentication } };
}

function servesKind(provider: IdentityProvider, who: Who): boolean {
  return provider.serves.includes(who.kind === 'controller' ? 'controllers' : 'staff');
}

function isActive(who: Who, now: number): boolean {
  if (who.kind !== 'technician') return true;
  return who.person.from <= now && (who.person.until === undefined || now < who.person.until);
}

function admit(
  req: Request,
  res: Response,
  next: () => void,
  found: Seen,
  kind: Who['kind'] | undefined,
  options: SignInOptions,
): void {
  switch (found.state) {
    case 'signed-in':
      if (kind === undefined || found.signedIn.who.kind === kind) return next();
      return answerNotice(req, res, notices.wrongKind, options);
    case 'unknown':
      return answerNotice(req, res, unknownAccount(found.account, found.provider), options);
    case 'not-active':
      return answerNotice(req, res, notices.notActive, options);
    case 'nobody':
      if (req.method !== 'GET' || !wantsPage(req))
        return answerNotice(req, res, notices.notSignedIn, options);
      res.setHeader('Cache-Control', 'no-store');
      return res.redirect(303, `/sign-in?return=${encodeURIComponent(req.originalUrl)}`);
  }
}

/** `/sign-in`: back to where they wanted if signed in; straight on with one provider; else the choice. */
function choose(req: Request, res: Response, found: Seen, { options }: SignInParts): void {
  const returnTo = internalPath(req.query.return, options.portalUrl.origin);
  res.setHeader('Cache-Control', 'no-store');
  if (found.state === 'signed-in') return res.redirect(303, returnTo);
  if (found.state !== 'nobody') return admit(req, res, () => undefined, found, undefined, options);
  const { providers } = options.policies.current();
  const choices = providers.map((provider) => ({
    href: `/sign-in/${encodeURIComponent(provider.id)}?return=${encodeURIComponent(returnTo)}`,
    label: provider.label,
  }));
  const [only, ...others] = choices;
  if (!only) return answerNotice(req, res, notices.noProvider, options);
  if (others.length === 0) return res.redirect(303, only.href);
  answerNotice(req, res, chooser(choices), options);
}

/** `/sign-in/<id>`: on to the provider, once we know that it answers and that our session store does. */
async function depart(req: Request, res: Response, id: string, parts: SignInParts): Promise<void> {
  const { options, parties } = parts;
  const provider = options.policies.current().providers.find((one) => one.id === id);
  if (!provider) return answerNotice(req, res, notices.unknownProvider, options);
  try {
    const { configuration } = await parties.of(provider, freshMetadata);
    const state = beginAttempt(req.session, {
      provider: provider.id,
      startedAt: options.clock.now(),
      returnTo: internalPath(req.query.return, options.portalUrl.origin),
    });
    await save(req);
    res.setHeader('Cache-Control', 'no-store');
    const again = req.query.again === '1';
    await runStrategy(req, res, { configuration, provider, portalUrl: options.portalUrl, state, again });
  } catch (error) {
    report(req, res, error, provider, parts);
  }
}

/** `/callback/<id>`: the answer is checked, the sign-in recorded, the session renewed, in this order. */
async function arrive(req: Request, res: Response, id: string, parts: SignInParts): Promise<void> {
  const { options, parties } = parts;
  const provider = options.policies.current().providers.find((one) => one.id === id);
  if (!provider) return answerNotice(req, res, notices.unknownProvider, options);
  const taken = takeAttempt(req.session, req.query.state, provider.id, options.clock.now());
  if (!taken) return answerNotice(req, res, notices.expired, options);
  try {
    const { configuration } = await parties.of(provider, Number.POSITIVE_INFINITY);
    const { portalUrl } = options;
    const proven = await runStrategy(req, res, { configuration, provider, portalUrl, state: taken.state });
    await welcome(req, res, provider, proven, taken.attempt.returnTo, parts);
  } catch (error) {
    report(req, res, error, provider, parts);
  }
}

async function welcome(
  req: Request,
  res: Response,
  provider: IdentityProvider,
  proven: Proven,
  returnTo: string,
  parts: SignInParts,
): Promise<void> {
  const { options, logins } = parts;
  const subject = proven.claims[provider.subjectClaim];
  if (typeof subject !== 'string' || subject === '') throw new Error('the ID token has no usable subject');
  const account = { issuer: provider.issuer, subject };
  const who = options.policies.current().accounts.get(accountKey(account.issuer, account.subject));
  if (!who || !servesKind(provider, who)) {
    options.log.info('sign_in_unknown_account', { provider: provider.id });
    return answerNotice(req, res, unknownAccount(account, provider.id), options);
  }
  if (!isActive(who, options.clock.now())) return answerNotice(req, res, notices.notActive, options);

  const login = loginOf(account, who, proven, options.clock.now());
  await options.ledger.run({ do: 'login', login });
  logins.began(login);
  const replaced = req.session.login;
  await regenerate(req);
  Object.assign(req.session, { login: login.id, provider: provider.id, idToken: proven.idToken });
  csrf(req);
  await save(req);
  if (replaced !== undefined) await endForeign(replaced, account, parts);
  options.log.info('sign_in', { provider: provider.id, login: login.id });
  res.setHeader('Cache-Control', 'no-store');
  res.redirect(303, returnTo);
}

function loginOf(account: Account, who: Who, { claims }: Proven, now: number): Login {
  const sid = claims.sid;
  const { acr, amr, auth_time: seconds } = claims;
  return {
    id: randomBytes(18).toString('base64url'),
    issuer: account.issuer,
    subject: account.subject,
    sid: typeof sid === 'string' ? sid : undefined,
    who: idOf(who),
    acr: typeof acr === 'string' ? acr : undefined,
    amr: Array.isArray(amr) ? amr.filter((method) => typeof method === 'string') : [],
    authTime: typeof seconds === 'number' ? seconds * 1_000 : 0,
    startedAt: now,
  };
}

function idOf(who: Who): string {
  switch (who.kind) {
    case 'technician':
      return who.person.id;
    case 'controller':
      return who.controller.id;
    case 'provider-user':
      return who.user.id;
  }
}

/** Somebody else was signed in in this browser: their sign-in ends. One's own goes on, and its accesses with it. */
async function endForeign(id: string, account: Account, { options, logins }: SignInParts): Promise<void> {
  const before = await logins.live(id);
  if (!before || (before.issuer === account.issuer && before.subject === account.subject)) return;
  logins.ended(id);
  const { openings } = await options.ledger.run({ do: 'logout', by: { login: id } });
  await options.onLogout(openings, 'signed-out');
}

function report(
  req: Request,
  res: Response,
  error: unknown,
  provider: IdentityProvider,
  { options }: SignInParts,
): void {
  const { notice, reason } = explain(error);
  options.log.warn('sign_in_failed', { provider: provider.id, code: notice.code, reason });
  if (res.headersSent) return void res.destroy();
  answerNotice(req, res, error instanceof Fault ? faultNotice(error.code) : notice, options);
}
