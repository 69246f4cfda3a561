/**
 * Passport with openid-client's strategy, one instance per attempt: authorization code flow with PKCE S256, and always
 * state and nonce as well. The redirect URI is ours and per provider, never derived from the request.
 */
import type { Request, Response } from 'express';
import type * as oidc from 'openid-client';
import { randomNonce } from 'openid-client';
import {
  type AuthenticateOptions,
  Strategy,
  type StrategyOptions,
  type VerifyFunction,
} from 'openid-client/passport';
import passport from 'passport';
import type { AuthenticationDemand, IdentityProvider } from '../core/model.ts';
import { strategyKey } from './attempts.ts';

export interface StrategyRun {
  readonly configuration: oidc.Configuration;
  readonly provider: IdentityProvider;
  readonly portalUrl: URL;
  readonly state: string;
  /** Ask the provider to have the person sign in anew, in a way that meets this demand. */
  readonly again?: AuthenticationDemand | undefined;
}

/** What the provider said, its signatures and claims checked. */
export interface Proven {
  readonly claims: oidc.IDToken;
  readonly idToken: string;
  /** Asks the provider later whether it still stands by this sign-in; undefined when it gave none. */
  readonly refreshToken: string | undefined;
}

/** The callback of a provider; each has its own, so that one cannot answer for another. */
export function callbackUrl(portalUrl: URL, provider: IdentityProvider): URL {
  return new URL(`/callback/${encodeURIComponent(provider.id)}`, portalUrl);
}

class AttemptStrategy extends Strategy {
  readonly #run: StrategyRun;

  constructor(options: StrategyOptions, verify: VerifyFunction, run: StrategyRun) {
    super(options, verify);
    this.#run = run;
  }

  override authorizationRequestParams<T extends AuthenticateOptions>(
    req: Request,
    options: T,
  ): URLSearchParams {
    const parameters = new URLSearchParams(super.authorizationRequestParams(req, options));
    parameters.set('state', this.#run.state);
    parameters.set('nonce', randomNonce());
    // Some providers give a refresh token only to those who are asked for consent each time.
    const { again } = this.#run;
    const prompts = [...(again === undefined ? [] : ['login']), ...(this.#run.provider.prompt ?? [])];
    if (prompts.length > 0) parameters.set('prompt', prompts.join(' '));
    if (again !== undefined && again.acr.length > 0) parameters.set('acr_values', again.acr.join(' '));
    if (again?.maxAgeSeconds !== undefined) parameters.set('max_age', String(again.maxAgeSeconds));
    return parameters;
  }

  override currentUrl(req: Request): URL {
    return new URL(req.originalUrl, this.#run.portalUrl);
  }

  /** Which of the two it is follows from our route, not from which parameters somebody sent. */
  override shouldInitiateAuthRequest(req: Request): boolean {
    return req.path.startsWith('/sign-in/');
  }
}

const authenticator = new passport.Passport();

/**
 * Runs the strategy on a request. On the way out it answers with the redirect to the provider and never resolves; on
 * the way back it resolves with what was proven. Rejects with the library's errors, or `undefined` when the
 * provider refused.
 */
export function runStrategy(req: Request, res: Response, run: StrategyRun): Promise<Proven> {
  return new Promise((resolve, reject) => {
    const strategy = new AttemptStrategy(
      {
        name: run.provider.id,
        config: run.configuration,
        callbackURL: callbackUrl(run.portalUrl, run.provider).href,
        scope: run.provider.scopes.join(' '),
        sessionKey: strategyKey(run.state),
      },
      (tokens, verified) => {
        const claims = tokens.claims();
        if (!claims || tokens.id_token === undefined)
          return verified(new Error('the provider sent no ID token'));
        const { id_token: idToken, refresh_token: refreshToken } = tokens;
        verified(null, { claims, idToken, refreshToken } satisfies Proven);
      },
      run,
    );
    const handler = authenticator.authenticate(strategy, { session: false }, (error, user) => {
      if (error) reject(error);
      else if (user) resolve(user as Proven);
      else reject(undefined);
    });
    void handler(req, res, (error?: unknown) => reject(error));
  });
}
