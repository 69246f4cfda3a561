/**
 * What the portal needs from the rest of the program. Structural, so that the composition root can hand over the
 * real parts and tests their own; the portal imports no other outer room.
 */

import type { Request, RequestHandler, Router } from 'express';
import type { CodeRefusal } from '../core/answers.ts';
import type { Evidence, Login, Seat } from '../core/commands.ts';
import type { HookQueue } from '../core/hooks.ts';
import type { RefusedAddresses } from '../core/mail.ts';
import type { Account, Authentication, ControllerUser, Who } from '../core/model.ts';
import type { Archive, Authority, Clock, Cutters, History, Policies, PolicyState } from '../core/ports.ts';
import type { RobotPerson, RobotTokenFault } from '../core/robots.ts';
import type { NoticeRead } from '../core/staff-notice.ts';
import type { TicketDesk } from '../core/ticket-check.ts';
import type { Log } from '../log.ts';
import type { LivePages } from './live.ts';

/** Somebody whose sign-in still lives and whose account the policy in force knows. */
export interface SignedIn {
  readonly who: Who;
  readonly login: Login;
  readonly authentication: Authentication;
}

export interface SignInPort {
  readonly routes: Router;
  who(req: Request): SignedIn | undefined;
  /** Looks again whether the sign-in of a request still lives, as long as its answer runs. Throws Fault: it cannot be said. */
  still(req: Request): Promise<SignedIn | undefined>;
  /** Who is behind a sign-in that something hangs on; undefined: it ended, or they are nobody here. Throws Fault. */
  behind(login: string): Promise<SignedIn | undefined>;
  /** Signs in whoever has just made or proved this seat's passkey; false: it is not one that signs in alone. */
  begin(req: Request, seat: Seat): Promise<boolean>;
  /** Signing in by mail and code, in two steps; see mail-sign-in.tsx. */
  readonly byMail: {
    ask(req: Request, address: string, wanted: unknown): Promise<void>;
    enter(
      req: Request,
      mailed: string,
      code: string,
    ): Promise<{ readonly next: string } | { readonly refused: 'no_attempt' | 'mail_wrong' | CodeRefusal }>;
  };
  /** Ends all sign-ins of an account; recorded when it resolves, else tried again. */
  end(account: Account): Promise<void>;
  /** True if one more stranger from where this request came may have something kept for them. */
  admitStranger(req: Request): boolean;
  /** True if one more code may be tried from where this request came. */
  admitGuess(req: Request): boolean;
  /** Lets the signed-in through; sends navigations to sign-in and answers 401 to everything else. */
  require(): RequestHandler;
}

export interface CsrfPort {
  token(req: Request): string;
  /** Refuses a POST without the session's token (field `csrf` or header `x-csrf-token`) or from another origin. */
  readonly check: RequestHandler;
}

/** The part of an evidence that a signature itself supplies. */
export type Signature = Pick<Evidence, 'method' | 'signature' | 'authenticatorData' | 'clientData'>;

/** A new credential, as a seat keeps it. */
export type Credential = Pick<Seat, 'method' | 'credentialId' | 'publicKey'>;

export interface PasskeysPort {
  /** Options for `PublicKeyCredential.parseCreationOptionsFromJSON`; the challenge stays in the session. */
  registrationOptions(
    req: Request,
    user: { readonly id: string; readonly name: string; readonly alone?: boolean },
    known: readonly string[],
  ): Promise<unknown>;
  /** The credential, or undefined when the answer does not prove a new passkey for this session's challenge. */
  verifyRegistration(req: Request, answer: unknown): Promise<Credential | undefined>;
  /** Options for `PublicKeyCredential.parseRequestOptionsFromJSON`; the challenge is the text's SHA-256. */
  assertionOptions(textHash: string, seats: readonly Seat[]): Promise<unknown>;
  /** The signature, or undefined when it is not one by this seat over this text. */
  verifyAssertion(answer: unknown, textHash: string, seat: Seat): Promise<Signature | undefined>;
}

export interface RobotsPort {
  /** The robot that shows this token, and its recorded sign-in; or why it shows none. Throws Fault. */
  prove(
    token: string,
  ): Promise<{ readonly person: RobotPerson; readonly login: Login } | { readonly refused: RobotTokenFault }>;
}

export interface PortalDeps {
  readonly portalUrl: URL;
  readonly evaluation: boolean;
  readonly policies: Policies;
  readonly authority: Authority;
  readonly archive: Archive;
  readonly history: History;
  readonly cutters: Cutters;
  readonly live: LivePages;
  readonly clock: Clock;
  readonly log: Log;
  random(bytes: number): Buffer;
  readonly sessions: RequestHandler;
  readonly signIn: SignInPort;
  readonly csrf: CsrfPort;
  /** The secret of an authenticator app that belongs to a nonce, in base 32: the same as long as this process runs. */
  totpSecret(nonce: string): string;
  readonly passkeys: PasskeysPort;
  /** Who acts for clients, beside the files: told of whoever takes a seat and of whoever loses it. */
  readonly people: {
    joined(controller: ControllerUser): void;
    parted(client: string, controller: string): void;
    /** Whether somebody of the staff read this version of the notice; and that they did, durable when it resolves. */
    hasRead(person: string, version: string): boolean;
    readNotice(read: NoticeRead): Promise<void>;
  };
  /** Evaluation mode only: signs the hash of a text with the key that the gateway holds. */
  readonly evaluationSign?: (textHash: string) => Signature;
  /** Signs extracts of people's own record; `key` is what they are checked with. */
  readonly records: { readonly key: string; sign(text: string): string };
  /** Public keys of the assertion sent to systems; served at `/.well-known/jwks.json`. */
  readonly jwks?: unknown;
  /** How the last reading of the policy folder ended; for the provider's own people. */
  policyState(): PolicyState;
  /** Addresses of people that mail does not reach. Throws Fault `ledger_unavailable`. */
  refusedMail(): Promise<RefusedAddresses>;
  /** When the rules of a client last changed, or those of any client; epoch milliseconds, undefined: never yet. */
  rulesChangedAt(client: string | undefined): number | undefined;
  /** The company's directory's endpoint at `/scim/v2`; undefined: there is none. */
  readonly scim?: RequestHandler;
  /** How sending to webhooks goes; of those that were never called nothing is known. */
  readonly hookStates: HookQueue['hookStates'];
  readonly hookDeliveries: HookQueue['hookDeliveries'];
  /** The provider's own webhook; its address may be a secret, so only the server is named. Left out: the settings name none. */
  readonly providerHook?: { readonly id: string; readonly origin: string };
  /** By which robots prove who they are; left out: none comes in. */
  readonly robots?: RobotsPort;
  /** Where references are checked. */
  readonly tickets: TicketDesk;
  /** The bytes that the ticket system signs with; undefined: it tells us nothing. */
  readonly ticketSecret?: Buffer;
  /** The address a request came from, as far as the front proxies are trusted; undefined: not kept. */
  readonly address?: (req: Request) => string | undefined;
}
