/**
 * Who somebody is: single sign-on at the providers of the policy, the sign-in recorded before anything else, and on
 * every request again: is that sign-in alive, and does the policy still know this account? A person is issuer and
 * subject, nothing else.
 */
import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { Login } from '../core/commands.ts';
import { Fault } from '../core/faults.ts';
import {
  type Account,
  type AuthenticationDemand,
  accountKey,
  type IdentityProvider,
  isOwnAccount,
  type Snapshot,
  type Text,
  type Who,
} from '../core/model.ts';
import { namedDemand } from '../core/step-up.ts';
import { type Allowances, createAllowances } from './allowance.ts';
import { answerNotice, wantsPage } from './answer.ts';
import { beginAttempt, internalPath, takeAttempt } from './attempts.ts';
import { createCsrf } from './csrf.ts';
import { createLogins } from './logins.ts';
import { rememberReturn, takeReturn } from './lost-attempt.ts';
import { createMailSignIn, type MailSignIn, offersMail } from './mail-sign-in.ts';
import { style, stylePath } from './notice-style.ts';
import {
  chooser,
  companyAccount,
  faultNotice,
  leadingOn,
  mailAndCode,
  notices,
  unknownAccount,
} from './notices.ts';
import { offersPasskeys, type PasskeySignIn, registerPasskeySignIn } from './passkey-sign-in.ts';
import { save } from './portal-session.ts';
import { createRelyingParties } from './relying-party.ts';
import { createRobotTokens, type RobotTokens } from './robot-tokens.ts';
import { explain } from './sign-in-errors.ts';
import {
  type EndLogins,
  isActive,
  type SignedIn,
  type SignInOptions,
  type SignInParts,
  servesKind,
} from './sign-in-parts.ts';
import { createSignOut } from './sign-out.ts';
import { runStrategy } from './strategy.ts';
import { createVouching } from './vouching.ts';
import { wayBefore } from './way-before.ts';
import { welcome } from './welcome.ts';

export type { SignedIn, SignInOptions } from './sign-in-parts.ts';

export interface SignIn {
  /** `/sign-in`, `/sign-in/<id>`, `/callback/<id>`, `/sign-out`, `/signed-out`, `/backchannel-logout/<id>`. Mount after the session. */
  readonly routes: Router;
  /** Who is signed in, once `routes` or `require` has seen the request. */
  who(req: Request): SignedIn | undefined;
  /** Looks again, for an answer that runs long: undefined when the sign-in ended. Throws Fault `sessions_unavailable`. */
  still(req: Request): Promise<SignedIn | undefined>;
  /** Who is behind a sign-in that something hangs on; undefined: it ended, or they are nobody here. Throws Fault `sessions_unavailable`. */
  behind(login: string): Promise<SignedIn | undefined>;
  /** Passes signed-in people (of one kind); sends navigations to sign in and answers everything else 401 or 403. */
  require(kind?: Who['kind']): RequestHandler;
  /** The policy changed: forget what was learned about providers. */
  forget(): void;
  /** Asks the providers of those who work and are due whether they still stand by them; runs by itself. Never throws. */
  confirm(): Promise<void>;
  /** Signs in whoever has just proved a passkey; see passkey-sign-in.ts. */
  readonly begin: PasskeySignIn['begin'];
  /** Signing in by mail and code; see mail-sign-in.ts. */
  readonly byMail: MailSignIn;
  /** Robots show a token instead of signing in; see robot-tokens.ts. */
  readonly robots: RobotTokens;
  /** True if one more stranger from where this request came may have something kept for them. */
  admitStranger(req: Request): boolean;
  /** True if one more code may be tried from where this request came: ten, then one a minute. */
  admitGuess(req: Request): boolean;
  /** Ends all sign-ins of an account, and what hangs on them; recorded when it resolves, else tried again. */
  end(account: Account): Promise<void>;
  /** Stops asking providers, and trying to record ends that could not be recorded. */
  close(): void;
}

/** What is known about a request's session. */
type Seen =
  | { readonly state: 'nobody' }
  | { readonly state: 'signed-in'; readonly signedIn: SignedIn }
  | { readonly state: 'unknown'; readonly account: Account; readonly provider: IdentityProvider }
  | { readonly state: 'not-active' };

/** How old a provider's metadata may be when a sign-in starts: it also proves that the provider answers. */
const freshMetadata = 30_000;

/** How fast codes may be tried, from one address and from all together. */
const guessing = { one: { burst: 10, perSecond: 1 / 60 }, together: { burst: 300, perSecond: 2 } };

export function createSignIn(options: SignInOptions): SignIn {
  const logins = createLogins(options.archive, options.clock);
  const parties = createRelyingParties(options);
  const signOut = createSignOut({ options, logins, parties });
  const vouching = createVouching({
    ...options,
    parties,
    ...(options.confirmAfter === undefined ? {} : { due: options.confirmAfter }),
    end: (login) => signOut.end({ login }),
  });
  const parts: SignInParts = { options, logins, parties, vouching };
  const seen = new WeakMap<Request, Seen>();
  const strangers = createAllowances(options.clock);
  const guesses = createAllowances(options.clock, guessing);

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
  // What ends a sign-in comes before anything that asks whether it lives: one can sign out while that cannot be read.
  routes.post('/backchannel-logout/:provider', ...signOut.backChannel);
  routes.post('/sign-out', ...signOut.form, createCsrf(options).check, signOut.handler);
  routes.get('/signed-out', (req, res) => answerNotice(req, res, notices.signedOut, options));
  const alone = registerPasskeySignIn(routes, options.passkeys, parts, strangers, signOut.end);
  routes.get('/sign-in/:provider', async (req, res) =>
    depart(req, res, req.params.provider, parts, strangers),
  );
  routes.get('/callback/:provider', async (req, res) =>
    arrive(req, res, req.params.provider, parts, signOut.end),
  );
  routes.use(async (req, _res, next) => {
    await attach(req);
    next();
  });
  routes.get('/sign-in', async (req, res) => choose(req, res, await attach(req), parts));

  return {
    routes,
    who: (req) => {
      const found = seen.get(req);
      return found?.state === 'signed-in' ? found.signedIn : undefined;
    },
    still: async (req) => {
      const found = await look(req, parts);
      return found.state === 'signed-in' ? found.signedIn : undefined;
    },
    behind: async (login) => {
      const found = await lookAt(login, undefined, parts);
      return found.state === 'signed-in' ? found.signedIn : undefined;
    },
    require: (kind) => async (req, res, next) => admit(req, res, next, await attach(req), kind, options),
    forget: () => parts.parties.forget(),
    confirm: () => vouching.check(),
    begin: alone.begin,
    byMail: createMailSignIn(parts, signOut.end),
    robots: createRobotTokens({ ...options, parties }),
    admitStranger: (req) =>
      req.session.csrf !== undefined || strangers.take(req.get('x-forwarded-for') ?? ''),
    admitGuess: (req) => guesses.take(req.get('x-forwarded-for') ?? ''),
    end: ({ issuer, subject }) => signOut.end({ issuer, subject }),
    close: () => {
      vouching.close();
      signOut.close();
    },
  };
}

/** Session -> live sign-in -> account of the policy in force. */
async function look(req: Request, parts: SignInParts): Promise<Seen> {
  const id = req.session?.login;
  return id === undefined ? { state: 'nobody' } : lookAt(id, req.session.provider, parts);
}

/** `through`: the provider that it was made at; undefined: the one of that issuer that serves staff. */
async function lookAt(
  id: string,
  through: string | undefined,
  { options, logins }: SignInParts,
): Promise<Seen> {
  const login = await logins.live(id);
  if (!login) return { state: 'nobody' };
  const { accounts, providers } = options.policies.current();
  const account = { issuer: login.issuer, subject: login.subject };
  const who = accounts.get(accountKey(account.issuer, account.subject));
  if (isOwnAccount(login)) return who === undefined ? { state: 'not-active' } : signedIn(who, login);
  const provider = providers.find(
    (one) =>
      one.issuer === login.issuer &&
      (through === undefined ? one.serves.includes('staff') : one.id === through),
  );
  if (!provider) return { state: 'nobody' };
  if (!who || !servesKind(provider, who)) return { state: 'unknown', account, provider };
  if (!isActive(who, options.clock.now())) return { state: 'not-active' };
  return signedIn(who, login);
}

function signedIn(who: Who, login: Login): Seen {
  const { acr, amr, authTime: at, groups } = login;
  const authentication = { acr, amr, at, ...(groups === undefined ? {} : { groups }) };
  return { state: 'signed-in', signedIn: { who, login, authentication } };
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
      return leadToSignIn(req, res, options);
  }
}

/**
 * On to sign-in. Who came from a system (`f`) with a browser is led through a page, because its script keeps the fragment
 * of the wanted address: no server sees a fragment, and the provider's form would lose it. Browsers navigate with
 * `Upgrade-Insecure-Requests`; programs, which only follow redirects, are redirected.
 */
function leadToSignIn(req: Request, res: Response, options: SignInOptions): void {
  const address = `/sign-in?return=${encodeURIComponent(req.originalUrl)}`;
  const browser = req.get('upgrade-insecure-requests') === '1';
  if (browser && req.query.f !== undefined) return answerNotice(req, res, leadingOn(address), options);
  res.setHeader('Cache-Control', 'no-store');
  res.redirect(303, address);
}

/**
 * `/sign-in`: back to where they wanted if signed in; straight on where there is one way only; else the choice. It names
 * nobody: a passkey, the company's account, and the way this browser went before. A provider that serves clients alone
 * is reached by its own address, which its people have.
 */
function choose(req: Request, res: Response, found: Seen, { options }: SignInParts): void {
  const returnTo = internalPath(req.query.return, options.portalUrl.origin);
  res.setHeader('Cache-Control', 'no-store');
  if (found.state === 'signed-in') return res.redirect(303, returnTo);
  if (found.state !== 'nobody') return admit(req, res, () => undefined, found, undefined, options);
  const snapshot = options.policies.current();
  const passkeys = offersPasskeys(snapshot);
  const mail = offersMail(snapshot);
  const { providers } = snapshot;
  const href = ({ id }: IdentityProvider) =>
    `/sign-in/${encodeURIComponent(id)}?return=${encodeURIComponent(returnTo)}`;
  const [only, ...others] = providers;
  if (!passkeys && !mail) {
    if (!only) return answerNotice(req, res, notices.noProvider, options);
    if (others.length === 0) return res.redirect(303, href(only));
  }
  const shown = shownProviders(providers, wayBefore(req));
  const choices: { href: string; label: Text }[] = shown.map((provider) => ({
    href: href(provider),
    label: shown.length === 1 ? companyAccount : provider.label,
  }));
  if (mail)
    choices.push({ href: `/sign-in-by-mail?return=${encodeURIComponent(returnTo)}`, label: mailAndCode });
  answerNotice(req, res, chooser(choices, passkeys ? returnTo : undefined), options);
}

/** The staff's providers, and the one this browser signed in at before. */
function shownProviders(
  providers: readonly IdentityProvider[],
  before: string | undefined,
): readonly IdentityProvider[] {
  return providers.filter(({ id, serves }) => serves.includes('staff') || id === before);
}

/** `/sign-in/<id>`: on to the provider, once we know that it answers and that our session store does. */
async function depart(
  req: Request,
  res: Response,
  id: string,
  parts: SignInParts,
  strangers: Allowances,
): Promise<void> {
  const { options, parties } = parts;
  const provider = options.policies.current().providers.find((one) => one.id === id);
  if (!provider) return answerNotice(req, res, notices.unknownProvider, options);
  // Only a sign-in makes us keep something for a stranger, so there is a limit to how many may start one.
  const stranger = req.session.login === undefined && req.session.attempts === undefined;
  if (stranger && !strangers.take(req.get('x-forwarded-for') ?? ''))
    return answerNotice(req, res, faultNotice('overloaded'), options);
  try {
    const { configuration } = await parties.of(provider, freshMetadata);
    const returnTo = internalPath(req.query.return, options.portalUrl.origin);
    const attempt = { provider: provider.id, startedAt: options.clock.now(), returnTo };
    const state = beginAttempt(req.session, attempt);
    rememberReturn(res, state, returnTo);
    await save(req);
    res.setHeader('Cache-Control', 'no-store');
    const again = demandedBy(req, options.policies.current());
    await runStrategy(req, res, { configuration, provider, portalUrl: options.portalUrl, state, again });
  } catch (error) {
    report(req, res, error, provider, parts);
  }
}

/** `again=1` asks for a new sign-in; `for` and `purpose` name what it must be good enough for. */
function demandedBy(req: Request, snapshot: Snapshot): AuthenticationDemand | undefined {
  if (req.query.again !== '1') return undefined;
  const { for: systems, purpose } = req.query;
  return namedDemand(snapshot, String(systems ?? ''), String(purpose ?? ''));
}

/** `/callback/<id>`: the answer is checked, the sign-in recorded, the session renewed, in this order. */
async function arrive(
  req: Request,
  res: Response,
  id: string,
  parts: SignInParts,
  end: EndLogins,
): Promise<void> {
  const { options, parties } = parts;
  const provider = options.policies.current().providers.find((one) => one.id === id);
  if (!provider) return answerNotice(req, res, notices.unknownProvider, options);
  // A state that this session never had: the session may have been lost to another tab's.
  const foreign = !Object.hasOwn(req.session.attempts ?? {}, String(req.query.state));
  const taken = takeAttempt(req.session, req.query.state, provider.id, options.clock.now());
  const wanted = takeReturn(req, res, req.query.state, options.portalUrl.origin);
  if (!taken) {
    if (!foreign || wanted === undefined) return answerNotice(req, res, notices.expired, options);
    res.setHeader('Cache-Control', 'no-store');
    return res.redirect(303, `/sign-in?return=${encodeURIComponent(wanted)}`);
  }
  try {
    const { configuration } = await parties.of(provider, Number.POSITIVE_INFINITY);
    const { portalUrl } = options;
    const proven = await runStrategy(req, res, { configuration, provider, portalUrl, state: taken.state });
    await welcome(req, res, provider, proven, taken.attempt.returnTo, parts, end);
  } catch (error) {
    report(req, res, error, provider, parts);
  }
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
