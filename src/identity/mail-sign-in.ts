/**
 * Signing in by mail and code, for people whose nomination says so: a mail with a code that only the browser which asked can
 * use, once and for ten minutes, and then what their app shows. Whoever asks learns nothing about addresses: the answer is the
 * same and waits for no mail. The app's code is asked for only once the mail's was right, and mails are counted by account
 * and by where they are asked for, so that no stranger can lock anybody out.
 */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { CodeRefusal } from '../core/answers.ts';
import type { Login } from '../core/commands.ts';
import { mailAmr } from '../core/evidence.ts';
import { accountKey, type ControllerUser, mailIssuer, type Snapshot } from '../core/model.ts';
import { neighbourhood } from '../core/networks.ts';
import { createAllowances } from './allowance.ts';
import { internalPath } from './attempts.ts';
import { beginSession, inPlaceOf } from './new-session.ts';
import { save } from './portal-session.ts';
import type { EndLogins, SignInParts } from './sign-in-parts.ts';

/** A code that was sent to this browser's account. */
interface Sent {
  readonly subject: string;
  readonly hash: string;
  readonly until: number;
  /** Whether it stands in for one that was fresh. */
  readonly again: boolean;
}

declare module 'express-session' {
  interface SessionData {
    /** A sign-in by mail under way: hashes of what was sent, by account. Nobody's when the address is nobody's. */
    mail?: {
      readonly codes: readonly Sent[];
      readonly until: number;
      readonly returnTo: string;
      readonly wrong: number;
    };
  }
}

/** `next`: signed in, and where they wanted to go. `no_attempt`: this browser asked for no mail, or too long ago. */
export type MailAnswer =
  | { readonly next: string }
  | { readonly refused: 'no_attempt' | 'mail_wrong' | CodeRefusal };

export interface MailSignIn {
  /** Stored when it resolves; the mail, if there is to be one, goes out by itself. `wanted`: a path of ours. */
  ask(req: Request, address: string, wanted: unknown): Promise<void>;
  /** `mailed`: what the mail said. `code`: what the app shows. Throws Fault when it cannot be recorded. */
  enter(req: Request, mailed: string, code: string): Promise<MailAnswer>;
}

const patience = 10 * 60_000;
const mostWrong = 5;
const together = { burst: 300, perSecond: 2 };
/** Mails to one account that one neighbourhood asks for: three at once, then one in five minutes. */
const nearMails = { one: { burst: 3, perSecond: 1 / 300 }, together };
/** Mails to one account whoever asks: so many that one stranger does not use them up. */
const allMails = { one: { burst: 30, perSecond: 1 / 60 }, together };
/** Crockford's base 32: no letter can be mistaken for a digit. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeLength = 12;

/** Whether anybody signs in by mail, so that the way is worth offering. */
export function offersMail({ accounts }: Snapshot): boolean {
  for (const who of accounts.values())
    if (who.kind === 'controller' && who.controller.issuer === mailIssuer) return true;
  return false;
}

export function createMailSignIn(parts: SignInParts, end: EndLogins): MailSignIn {
  const { options, logins } = parts;
  const near = createAllowances(options.clock, nearMails, (key) => key);
  const whole = createAllowances(options.clock, allMails, (key) => key);

  function maySend(req: Request, subject: string): boolean {
    const from = neighbourhood(req.get('x-forwarded-for') ?? '');
    return near.take(`${from} ${subject}`) && whole.take(subject);
  }

  async function ask(req: Request, address: string, wanted: unknown): Promise<void> {
    const now = options.clock.now();
    const fresh = (req.session.mail?.codes ?? []).filter(({ until }) => now < until);
    const codes: Sent[] = [];
    const sending: { readonly to: ControllerUser; readonly code: string }[] = [];
    for (const to of holdersOf(options.policies.current(), address)) {
      const { subject } = to;
      const earlier = fresh.find((one) => one.subject === subject);
      // A browser that has a mail on its way may ask for it again, whatever others used up; once.
      const again = earlier?.again === false;
      if (again || maySend(req, subject)) {
        const code = newCode();
        codes.push({ subject, hash: hashOf(subject, code), until: now + patience, again });
        sending.push({ to, code });
      } else {
        options.log.warn('sign_in_mail_held_back', { controller: to.id });
        // What it has holds on: it must not lose that by asking.
        if (earlier !== undefined) codes.push(earlier);
      }
    }
    const returnTo = internalPath(wanted, options.portalUrl.origin);
    req.session.mail = { codes, until: now + patience, returnTo, wrong: 0 };
    await save(req);
    for (const { to, code } of sending) options.sendCode(to, code);
  }

  async function enter(req: Request, mailed: string, code: string): Promise<MailAnswer> {
    const now = options.clock.now();
    const pending = req.session.mail;
    if (pending === undefined || now >= pending.until) {
      delete req.session.mail;
      return { refused: 'no_attempt' };
    }
    const typed = plain(mailed);
    const subject = pending.codes.find(
      (one) => now < one.until && isSame(one.hash, hashOf(one.subject, typed)),
    )?.subject;
    const who = options.policies.current().accounts.get(accountKey(mailIssuer, subject ?? ''));
    if (subject === undefined || who?.kind !== 'controller') {
      const wrong = pending.wrong + 1;
      if (wrong >= mostWrong) delete req.session.mail;
      else req.session.mail = { ...pending, wrong };
      await save(req);
      options.log.info('sign_in_mail_refused', {});
      return { refused: wrong >= mostWrong ? 'no_attempt' : 'mail_wrong' };
    }
    const login: Login = {
      id: randomBytes(18).toString('base64url'),
      issuer: mailIssuer,
      subject,
      sid: undefined,
      who: who.controller.id,
      acr: undefined,
      amr: [...mailAmr],
      authTime: now,
      startedAt: now,
    };
    const answer = await options.ledger.run({ do: 'login', login, code, ...inPlaceOf(req) });
    if ('refused' in answer) {
      options.log.info('sign_in_mail_refused', { code: answer.refused });
      // Named in a file and not enrolled: no code of theirs can be right.
      const { refused } = answer;
      return { refused: refused === 'not_seated' || refused === 'used_already' ? 'code_wrong' : refused };
    }
    logins.began(login);
    // The session begins anew, and what was sent opens nothing any more.
    await beginSession(req, login, {}, parts, end);
    options.log.info('sign_in', { provider: 'mail', login: login.id });
    return { next: pending.returnTo };
  }

  return { ask, enter };
}

function holdersOf({ accounts }: Snapshot, address: string): readonly ControllerUser[] {
  const meant = address.trim().toLowerCase();
  const found: ControllerUser[] = [];
  for (const who of accounts.values())
    if (
      who.kind === 'controller' &&
      who.controller.issuer === mailIssuer &&
      who.controller.mail?.toLowerCase() === meant
    )
      found.push(who.controller);
  return found;
}

function newCode(): string {
  return [...randomBytes(codeLength)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

/** People may write it in small letters, in groups, and O for 0. */
function plain(typed: string): string {
  return typed
    .slice(0, 60)
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
}

function hashOf(subject: string, code: string): string {
  return hash('sha256', `consentry mail\n${subject}\n${code}`, 'base64url');
}

function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
