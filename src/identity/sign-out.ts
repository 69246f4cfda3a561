/**
 * Ends of sign-ins: by the person (here, then at the provider) and by the provider (back-channel logout). Blocked in
 * memory first, then recorded; what cannot be recorded is tried again until it is.
 */
import { type Request, type RequestHandler, type Response, urlencoded } from 'express';
import * as oidc from 'openid-client';
import type { Command } from '../core/commands.ts';
import type { IdentityProvider } from '../core/model.ts';
import { answerNotice } from './answer.ts';
import { createLogoutTokens, LogoutTokenRefused, type LogoutTarget } from './logout-token.ts';
import { leaving, notices, signedOutUnrecorded } from './notices.ts';
import { destroy, portalCookie } from './portal-session.ts';
import type { SignInParts } from './sign-in.ts';

type By = Extract<Command, { do: 'logout' }>['by'];

export interface SignOut {
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
  const retries = createRetries(parts);
  return {
    form: [body],
    handler: (req, res) => signOut(req, res, parts, retries),
    backChannel: [body, (req, res) => backChannel(req, res, parts, tokens)],
    close: retries.close,
  };
}

/** Ends sign-ins and what hangs on them. Recorded and cut when it resolves; throws Fault `ledger_unavailable`. */
async function end(by: By, { options, logins }: SignInParts): Promise<void> {
  const { logins: ended, openings } = await options.ledger.run({ do: 'logout', by });
  for (const id of ended) logins.ended(id);
  await options.onLogout(openings, 'signed-out');
}

async function signOut(req: Request, res: Response, parts: SignInParts, retries: Retries): Promise<void> {
  const { options, logins } = parts;
  const { login, provider: id, idToken } = req.session;
  let recorded = true;
  if (login !== undefined) {
    logins.ended(login);
    recorded = await end({ login }, parts).then(
      () => true,
      () => retries.later({ login }),
    );
  }
  await destroy(req);
  res.clearCookie(portalCookie, { path: '/', secure: true, httpOnly: true, sameSite: 'lax' });
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
): Promise<void> {
  const { options, parties, logins } = parts;
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
    for (const id of logins.matching(target)) logins.ended(id);
    await end(target, parts);
  } catch {
    options.log.error('backchannel_logout_failed', { provider: provider.id });
    return void res.status(400).json({ error: 'temporarily_unavailable' });
  }
  options.log.info('backchannel_logout', { provider: provider.id });
  res.status(200).end();
}

interface Retries {
  /** Keeps an end to be recorded; answers false: it is not recorded now. */
  later(by: By): false;
  close(): void;
}

function createRetries(parts: SignInParts): Retries {
  const pending = new Set<By>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  async function attempt(): Promise<void> {
    for (const by of [...pending]) {
      try {
        await end(by, parts);
        pending.delete(by);
      } catch {
        break;
      }
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
      return false;
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
