/**
 * The end of a successful sign-in: look the account up, record the sign-in, renew the session, in this order. Nobody
 * is signed in who is not on record.
 */
import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Login } from '../core/commands.ts';
import { type Account, accountKey, type IdentityProvider, type Who } from '../core/model.ts';
import { knownGroups } from '../core/teams.ts';
import { answerNotice } from './answer.ts';
import { beginSession, inPlaceOf } from './new-session.ts';
import { notices, unknownAccount } from './notices.ts';
import {
  type EndLogins,
  isActive,
  type SignInOptions,
  type SignInParts,
  servesKind,
} from './sign-in-parts.ts';
import type { Proven } from './strategy.ts';
import { rememberWay } from './way-before.ts';

/** Answers the callback of whoever was proven. Throws Fault when the sign-in cannot be recorded or the session kept. */
export async function welcome(
  req: Request,
  res: Response,
  provider: IdentityProvider,
  proven: Proven,
  returnTo: string,
  parts: SignInParts,
  end: EndLogins,
): Promise<void> {
  const { options, logins, vouching } = parts;
  const subject = proven.claims[provider.subjectClaim];
  if (typeof subject !== 'string' || subject === '') throw new Error('the ID token has no usable subject');
  const account = { issuer: provider.issuer, subject };
  const who = await whoIs(account, provider, proven, options);
  if (!who || !servesKind(provider, who)) {
    options.log.info('sign_in_unknown_account', { provider: provider.id });
    return answerNotice(req, res, unknownAccount(account, provider, proven.claims.name), options);
  }
  if (!isActive(who, options.clock.now())) return answerNotice(req, res, notices.notActive, options);

  const groups = knownGroups(provider, proven.claims);
  const login = loginOf(account, who, proven, groups, options.clock.now());
  await options.ledger.run({ do: 'login', login, ...inPlaceOf(req) });
  logins.began(login);
  if (proven.refreshToken !== undefined) await vouching.begin(login, proven.refreshToken);
  else if (provider.scopes.includes('offline_access'))
    options.log.warn('sign_in_without_refresh_token', { provider: provider.id });
  const told = {
    provider: provider.id,
    idToken: proven.idToken,
    ...(who.kind === 'technician' && { technician: true as const }),
  };
  await beginSession(req, login, told, parts, end);
  if (!provider.serves.includes('staff')) rememberWay(res, provider.id);
  options.log.info('sign_in', { provider: provider.id, login: login.id });
  res.setHeader('Cache-Control', 'no-store');
  res.redirect(303, returnTo);
}

/** Whoever has this account in the policy; or the entry that waited for its mail address, bound to it now. */
async function whoIs(
  account: Account,
  provider: IdentityProvider,
  { claims }: Proven,
  options: SignInOptions,
): Promise<Who | undefined> {
  const find = () => options.policies.current().accounts.get(accountKey(account.issuer, account.subject));
  const known = find();
  // An address that the provider has not verified could be anybody's.
  const verified = claims.email_verified === true && typeof claims.email === 'string';
  if (known !== undefined || !verified || !provider.serves.includes('staff')) return known;
  await options.bind(account, claims.email as string);
  return find();
}

function loginOf(
  account: Account,
  who: Who,
  { claims }: Proven,
  groups: readonly string[],
  now: number,
): Login {
  const sid = claims.sid;
  const { sub, acr, amr, auth_time: seconds } = claims;
  return {
    id: randomBytes(18).toString('base64url'),
    issuer: account.issuer,
    subject: account.subject,
    ...(sub === account.subject ? {} : { sub }),
    sid: typeof sid === 'string' ? sid : undefined,
    who: idOf(who),
    acr: typeof acr === 'string' ? acr : undefined,
    amr: Array.isArray(amr) ? amr.filter((method) => typeof method === 'string') : [],
    authTime: typeof seconds === 'number' ? seconds * 1_000 : 0,
    ...(groups.length === 0 ? {} : { groups }),
    startedAt: now,
  };
}

function idOf(who: Who): string {
  switch (who.kind) {
    case 'technician':
      return who.person.id;
    case 'controller':
      return who.controller.id;
    case 'several':
      return who.controllers.map(({ client, id }) => `${client}/${id}`).join(' ');
    case 'provider-user':
      return who.user.id;
  }
}
