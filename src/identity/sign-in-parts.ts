/**
 * What signing in is made of: the ports it needs, what its files share, and the two rules about accounts that hold at
 * sign-in and on every request afterwards.
 */
import type { Login } from '../core/commands.ts';
import type {
  Account,
  Authentication,
  ControllerUser,
  EndCause,
  IdentityProvider,
  Opening,
  Who,
} from '../core/model.ts';
import type { Archive, Clock, Ledger, Policies } from '../core/ports.ts';
import type { Log } from '../log.ts';
import type { AnswerStyle } from './answer.ts';
import type { Logins } from './logins.ts';
import type { Passkeys } from './passkeys.ts';
import type { RelyingParties } from './relying-party.ts';
import type { SignOut } from './sign-out.ts';
import type { Vouching } from './vouching.ts';

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
  /**
   * Somebody whom no file names proved this address: gives the staff entry that waits for it their account, if there
   * is one. Durable when it resolves; throws Fault when it cannot be recorded.
   */
  readonly bind: (account: Account, mail: string) => Promise<void>;
  readonly archive: Pick<Archive, 'login' | 'besideLogin' | 'token' | 'passkey'>;
  readonly passkeys: Passkeys;
  /** Sends somebody the code by which they sign in, by itself: never throws, and nobody waits for it. */
  readonly sendCode: (to: ControllerUser, code: string) => void;
  readonly clock: Clock;
  readonly portalUrl: URL;
  /** Plain HTTP to providers on loopback: evaluation only. */
  readonly allowHttp: boolean;
  readonly log: Log;
  /** Sign-ins on which an opening hangs now: their providers are asked whether they still stand by them. */
  readonly working: () => Iterable<string>;
  /** Milliseconds after which a provider is asked again; by default four minutes. */
  readonly confirmAfter?: number;
  /** These sign-ins end: cut what hangs on them here, before anything is recorded. Never throws for an unwritable log. */
  readonly cutFirst: (logins: readonly string[]) => Promise<void>;
  /** Sign-ins ended and these openings hung on them: cut them. Awaited before the logout is answered. */
  readonly onLogout: (openings: readonly Opening[], cause: EndCause) => void | Promise<void>;
}

export interface SignInParts {
  readonly options: SignInOptions;
  readonly logins: Logins;
  readonly parties: RelyingParties;
  readonly vouching: Vouching;
}

/** Ends sign-ins; see sign-out.ts. */
export type EndLogins = SignOut['end'];

/** A provider that serves staff does not vouch for controllers, nor the other way round. */
export function servesKind(provider: IdentityProvider, who: Who): boolean {
  return provider.serves.includes(
    who.kind === 'controller' || who.kind === 'several' ? 'controllers' : 'staff',
  );
}

/** Staff that has not started yet or has left is nobody here. */
export function isActive(who: Who, now: number): boolean {
  if (who.kind === 'controller' || who.kind === 'several') return true;
  if (who.kind === 'provider-user') return who.user.until === undefined || now < who.user.until;
  return who.person.from <= now && (who.person.until === undefined || now < who.person.until);
}
