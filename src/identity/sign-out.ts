/**
 * Ends of sign-ins: by the person (here, then at the provider) and by the provider (back-channel logout). Blocked in
 * memory first, then recorded; what cannot be recorded is tried again until it is.
 */
import { type Request, type RequestHandler, type Response, urlencoded } from 'express';
import * as oidc from 'openid-client';
import type { Command } from '../core/commands.ts';
import type { IdentityProvider } from '../core/model.ts';
import { answerNotice } from './answer.ts';
import { createLogoutTokens, type LogoutTarget, LogoutTokenRefused } from './logout-token.ts';
import { leaving, notices, signedOutUnrecorded } from './notices.ts';
import { destroy, portalCookie } from './portal-session.ts';
import type { SignInParts as AllParts } from './sign-in-parts.ts';

type SignInParts = Omit<AllParts, 'vouching'>;
type By = Extract<Command, { do: 'logout' }>['by'];

export interface SignOut {
  /**
   * Ends sign-ins and what hangs on them: recorded and cut when it resolves. Throws Fault `ledger_unavailable`; it is
   * then tried again until it succeeds.
   */
  end(by: By): Promise<void>;
  readonly form: readonly RequestHandler[];
  readonly handler: RequestHandler;
  readonly backChannel: readonly RequestHandler[];
  close(): void;
}

const retryEvery = 1_000;
const mostPending = 1_000;

export function createSignOut(parts: SignInParts): SignOut {
  const body = urlencoded({ extended: false, limit: '32kb' });
  const tokens = createLogoutTokens();
  const retries = createRetries((by) => endOnce(by, parts));
  const end = async (by: By): Promise<void> => {
    for (const id of named(by, parts)) parts.logins.ended(id);
    for (const id of await besides(by, parts)) parts.logins.ended(id);
    await endOnce(by, parts).catch((error: unknown) => {
      for (const again of error instanceof NotCut ? error.logins : [by]) retries.later(again);
      throw error;
    });
  };
  return {
    end,
    form: [body],
    handler: (req, res) => signOut(req, res, parts, end),
    backChannel: [body, (req, res) => backChannel(req, res, parts, tokens, end)],
    close: retries.close,
  };
}

/** The sign-ins known in memory that a logout means. */
function named(by: By, { logins }: SignInParts): readonly string[] {
  return 'login' in by ? [by.login] : logins.matching(by);
}

/** Others of the same browser; where nobody can look, they end when the end is recorded. */
async function besides(by: By, { options }: SignInParts): Promise<readonly string[]> {
  if (!('login' in by) || by.browser !== true) return [];
  return options.archive.besideLogin(by.login).catch(() => []);
}

/** Recorded, but what hung on these sign-ins could not be cut. */
class NotCut extends Error {
  readonly logins: readonly By[];
  constructor(logins: readonly string[], cause: unknown) {
    super('openings of ended sign-ins could not be cut', { cause });
    this.logins = logins.map((login) => ({ login }));
  }
}

async function endOnce(by: By, parts: SignInParts): Promise<void> {
  const { options, logins } = parts;
  await options.cutFirst([...named(by, parts), ...(await besides(by, parts))]);
  const { logins: ended, openings } = await options.ledger.run({ do: 'logout', by });
  for (const id of ended) logins.ended(id);
  try {
    await options.onLogout(openings, 'signed-out');
  } catch (cause) {
    throw new NotCut('login' in by ? [...new Set([by.login, ...ended])] : ended, cause);
  }
}

async function signOut(req: Request, res: Response, parts: SignInParts, end: SignOut['end']): Promise<void> {
  const { options } = parts;
  const { login, provider: id, idToken } = req.session;
  const recorded =
    login === undefined ||
    (await end({ login, browser: true }).then(
      () => true,
      () => false,
    ));
  await destroy(req);
  res.clearCookie(portalCookie, { path: '/', secure: true, httpOnly: true, sameSite: 'lax' });
  if (login !== undefined) options.log.info('sign_out', { login, recorded });
  if (!recorded) return answerNotice(req, res, signedOutUnrecorded, options);
  const provider = options.policies.current().providers.find((one) => one.id === id);
  const url = provider && idToken !== undefined ? await providerSignOut(provider, idToken, parts) : undefined;
  answerNotice(req, res, url === undefined ? notices.signedOut : leaving(url), options);
}

/** Where to sign out at the provider; undefined when it has no such place or does not answer. */
async function providerSignOut(
  provider: IdentityProvider,
  idToken: string,
  { options, parties }: SignInParts,
): Promise<string | undefined> {
  const party = await parties.of(provider, Number.POSITIVE_INFINITY).catch(() => undefined);
  if (!party?.configuration.serverMetadata().end_session_endpoint) return undefined;
  return oidc.buildEndSessionUrl(party.configuration, {
    id_token_hint: idToken,
    post_logout_redirect_uri: new URL('/signed-out', options.portalUrl).href,
  }).href;
}

/** OpenID Connect Back-Channel Logout 1.0, section 2.8: 200 when done, 400 when refused or not possible. */
async function backChannel(
  req: Request,
  res: Response,
  parts: SignInParts,
  tokens: ReturnType<typeof createLogoutTokens>,
  end: SignOut['end'],
): Promise<void> {
  const { options, parties } = parts;
  res.setHeader('Cache-Control', 'no-store');
  const provider = options.policies.current().providers.find((one) => one.id === req.params.provider);
  const token: unknown = (req.body as Readonly<Record<string, unknown>> | undefined)?.logout_token;
  if (!provider || typeof token !== 'string') return void res.status(400).json({ error: 'invalid_request' });
  let target: LogoutTarget;
  try {
    const { keys } = await parties.of(provider, Number.POSITIVE_INFINITY);
    target = await tokens.read(token, provider, keys, options.clock.now());
  } catch (error) {
    const refused = error instanceof LogoutTokenRefused;
    options.log.warn('backchannel_logout_refused', {
      provider: provider.id,
      reason: refused ? error.message : 'keys_unavailable',
    });
    return void res.status(400).json({ error: refused ? 'invalid_request' : 'temporarily_unavailable' });
  }
  try {
    await end(target);
  } catch {
    options.log.error('backchannel_logout_failed', { provider: provider.id });
    return void res.status(400).json({ error: 'temporarily_unavailable' });
  }
  options.log.info('backchannel_logout', { provider: provider.id });
  res.status(200).end();
}

interface Retries {
  /** Keeps an end to be recorded. */
  later(by: By): void;
  close(): void;
}

/** Tries again every second, in order, until each has succeeded once. */
function createRetries(endOnce: (by: By) => Promise<void>): Retries {
  const pending = new Set<By>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  async function attempt(): Promise<void> {
    for (const by of [...pending]) {
      const done = await endOnce(by).then(
        () => true,
        () => false,
      );
      if (!done) break;
      pending.delete(by);
    }
    timer = undefined;
    schedule();
  }

  function schedule(): void {
    if (closed || timer !== undefined || pending.size === 0) return;
    timer = setTimeout(() => void attempt(), retryEvery).unref();
  }

  return {
    later: (by) => {
      if (pending.size < mostPending) pending.add(by);
      schedule();
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
