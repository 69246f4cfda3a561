/**
 * Signing in with a passkey alone, for people whose nomination says so: the browser offers what it has, nothing is asked
 * for that names anybody. The sign-in is recorded, and refused there if its seat was removed meanwhile, before the session begins.
 */
import { randomBytes } from 'node:crypto';
import { json, type Request, type Response, type Router } from 'express';
import type { Login, Seat } from '../core/commands.ts';
import { accountKey, passkeyIssuer, type Snapshot } from '../core/model.ts';
import type { Allowances } from './allowance.ts';
import { answerNotice } from './answer.ts';
import { internalPath } from './attempts.ts';
import { createCsrf, csrf, fromHere } from './csrf.ts';
import { beginSession, inPlaceOf } from './new-session.ts';
import { faultNotice, notices } from './notices.ts';
import type { Passkeys } from './passkeys.ts';
import { save } from './portal-session.ts';
import type { EndLogins, SignInParts } from './sign-in-parts.ts';

export interface PasskeySignIn {
  /**
   * Signs in whoever has just proved this seat's passkey with their verification. False: the seat is not one that signs
   * in alone, or was removed, or the policy no longer names its holder. Throws Fault when it cannot be recorded.
   */
  begin(req: Request, seat: Seat): Promise<boolean>;
}

/** Whether anybody signs in with a passkey alone, so that the way is worth offering. */
export function offersPasskeys({ accounts }: Snapshot): boolean {
  for (const who of accounts.values())
    if (who.kind === 'controller' && who.controller.issuer === passkeyIssuer) return true;
  return false;
}

/** Registers POST `/sign-in/passkey/options` and POST `/sign-in/passkey` (JSON `credential return`). */
export function registerPasskeySignIn(
  routes: Router,
  passkeys: Passkeys,
  parts: SignInParts,
  strangers: Allowances,
  end: EndLogins,
): PasskeySignIn {
  const { options } = parts;
  const body = json({ limit: '64kb', strict: true });
  const begin = (req: Request, seat: Seat) => signInWith(req, seat, parts, end);

  // The session begins here, so its token cannot be asked for yet: what the browser says about the page must do.
  routes.post('/sign-in/passkey/options', body, async (req, res) => {
    if (!fromHere(req, options.portalUrl.origin)) return answerNotice(req, res, notices.formRefused, options);
    if (!strangers.take(req.get('x-forwarded-for') ?? ''))
      return answerNotice(req, res, faultNotice('overloaded'), options);
    const asked = await passkeys.signInOptions(req);
    const token = csrf(req);
    await save(req);
    res.set('Cache-Control', 'no-store').json({ options: asked, csrf: token });
  });
  routes.post('/sign-in/passkey', body, createCsrf(options).check, async (req, res) => {
    await arrive(req, res);
  });

  async function arrive(req: Request, res: Response): Promise<void> {
    const { credential, return: wanted } = (req.body ?? {}) as Readonly<Record<string, unknown>>;
    const seat = await passkeys.verifySignIn(req, credential, (id) => options.archive.passkey(id));
    if (seat === undefined || !(await begin(req, seat))) {
      options.log.info('sign_in_passkey_refused', {});
      return answerNotice(req, res, notices.passkeyUnknown, options);
    }
    res.set('Cache-Control', 'no-store').json({ next: internalPath(wanted, options.portalUrl.origin) });
  }

  return { begin };
}

async function signInWith(req: Request, seat: Seat, parts: SignInParts, end: EndLogins): Promise<boolean> {
  const { options, logins } = parts;
  const who = options.policies.current().accounts.get(accountKey(seat.issuer, seat.subject));
  if (seat.issuer !== passkeyIssuer || who?.kind !== 'controller') return false;
  const { controller } = who;
  if (controller.id !== seat.controller || controller.client !== seat.client || controller.role !== seat.role)
    return false;
  const now = options.clock.now();
  const login: Login = {
    id: randomBytes(18).toString('base64url'),
    issuer: seat.issuer,
    subject: seat.subject,
    sid: undefined,
    who: controller.id,
    acr: undefined,
    // RFC 8176: a key was proved, and its holder verified by a second factor of the device.
    amr: ['pop', 'mfa'],
    authTime: now,
    startedAt: now,
  };
  const answer = await options.ledger.run({ do: 'login', login, seat: seat.id, ...inPlaceOf(req) });
  if ('refused' in answer) return false;
  logins.began(login);
  await beginSession(req, login, {}, parts, end);
  options.log.info('sign_in', { provider: 'passkey', login: login.id });
  return true;
}
