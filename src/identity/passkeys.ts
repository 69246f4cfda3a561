/**
 * Passkeys of controllers (WebAuthn): enrolling one, signing in with it, and signing an agreement. What is signed is the SHA-256
 * of the text that was shown: it is the challenge itself, so the signature can be checked by anybody, for ever.
 */

import { createHash } from 'node:crypto';
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import type { SessionData } from 'express-session';
import type { Evidence, Seat } from '../core/commands.ts';
import type { Clock } from '../core/ports.ts';
import { hashBytes } from './text-hash.ts';

/** Loaded at the first ceremony: most processes' lives see few, and every collection of garbage walks what is loaded. */
const webauthn = () => import('@simplewebauthn/server');

/** Milliseconds a person has for the ceremony. */
const patience = 5 * 60_000;
/** EdDSA, ES256, RS256 (COSE): what today's authenticators offer. */
const algorithms = [-8, -7, -257];

/** The signature's part of an agreement's evidence; seat, role and language are the caller's. */
export type Signature = Pick<Evidence, 'method' | 'signature' | 'authenticatorData' | 'clientData'>;

/** A new credential, as a seat keeps it. */
export type Credential = Pick<Seat, 'method' | 'credentialId' | 'publicKey'>;

/** A request that has the portal's session. */
type WithSession = { readonly session: Partial<SessionData> };

export interface Passkeys {
  /**
   * Options for `PublicKeyCredential.parseCreationOptionsFromJSON`. The challenge is put into the session, for five
   * minutes. `known`: credential ids the person already has. `alone`: the person signs in with it, so it must be one that
   * the browser finds by itself.
   */
  registrationOptions(
    req: WithSession,
    user: { readonly id: string; readonly name: string; readonly alone?: boolean },
    known: readonly string[],
  ): Promise<PublicKeyCredentialCreationOptionsJSON>;
  /**
   * The credential, when the body of `credential.toJSON()` answers the session's challenge, which is used up by that;
   * undefined when it does not.
   */
  verifyRegistration(req: WithSession, answer: unknown): Promise<Credential | undefined>;
  /** Options for `PublicKeyCredential.parseRequestOptionsFromJSON`: sign the text with this hash, with one of these seats' keys. */
  assertionOptions(textHash: string, seats: readonly Seat[]): Promise<PublicKeyCredentialRequestOptionsJSON>;
  /** Options to sign in with whichever passkey of this portal the browser has. The challenge is put into the session. */
  signInOptions(req: WithSession): Promise<PublicKeyCredentialRequestOptionsJSON>;
  /**
   * The seat whose passkey answered the session's challenge, with the person verified; the challenge is used up. `find`
   * looks the seat up by credential id. Undefined: nobody.
   */
  verifySignIn(
    req: WithSession,
    answer: unknown,
    find: (credentialId: string) => Promise<Seat | undefined>,
  ): Promise<Seat | undefined>;
  /** The signature, if this seat's passkey signed exactly this text, with the person verified, on this portal. */
  verifyAssertion(answer: unknown, textHash: string, seat: Seat): Promise<Signature | undefined>;
}

/** `rpId`: the portal's host name. `origin`: its origin, port included. */
export function createPasskeys(options: {
  readonly rpId: string;
  readonly origin: string;
  readonly clock: Clock;
}): Passkeys {
  const { rpId, origin, clock } = options;
  return {
    async registrationOptions(req, user, known) {
      const created = await (await webauthn()).generateRegistrationOptions({
        rpName: 'Consentry',
        rpID: rpId,
        userName: user.name,
        userDisplayName: user.name,
        // Stable per person and meaningless to others, as the specification asks.
        userID: new Uint8Array(createHash('sha256').update(`consentry user\n${user.id}`).digest()),
        timeout: patience,
        attestationType: 'none',
        excludeCredentials: known.map((id) => ({ id })),
        authenticatorSelection: {
          residentKey: user.alone === true ? 'required' : 'preferred',
          userVerification: 'required',
        },
        supportedAlgorithmIDs: algorithms,
      });
      req.session.passkey = { challenge: created.challenge, until: clock.now() + patience };
      return created;
    },
    verifyRegistration: (req, answer) =>
      verifyRegistration(req.session, answer, { rpId, origin, now: clock.now() }),
    assertionOptions: async (textHash, seats) =>
      (await webauthn()).generateAuthenticationOptions({
        rpID: rpId,
        challenge: hashBytes(textHash),
        timeout: patience,
        userVerification: 'required',
        allowCredentials: seats
          .filter((seat) => seat.method === 'passkey')
          .map((seat) => ({ id: seat.credentialId })),
      }),
    async signInOptions(req) {
      const asked = await (await webauthn()).generateAuthenticationOptions({
        rpID: rpId,
        timeout: patience,
        userVerification: 'required',
      });
      req.session.passkey = { challenge: asked.challenge, until: clock.now() + patience };
      return asked;
    },
    async verifySignIn(req, answer, find) {
      const pending = req.session.passkey;
      delete req.session.passkey;
      if (!pending || clock.now() >= pending.until) return undefined;
      const id: unknown =
        typeof answer === 'object' && answer !== null && 'id' in answer ? answer.id : undefined;
      const seat = typeof id === 'string' && id.length <= 1_400 ? await find(id) : undefined;
      if (seat === undefined) return undefined;
      const signed = await verifyAnswer(answer, pending.challenge, seat, { rpId, origin });
      return signed === undefined ? undefined : seat;
    },
    verifyAssertion: (answer, textHash, seat) =>
      verifyAnswer(answer, Buffer.from(hashBytes(textHash)).toString('base64url'), seat, { rpId, origin }),
  };
}

async function verifyRegistration(
  session: Partial<SessionData>,
  answer: unknown,
  here: { readonly rpId: string; readonly origin: string; readonly now: number },
): Promise<Credential | undefined> {
  const pending = session.passkey;
  delete session.passkey;
  if (!pending || here.now >= pending.until) return undefined;
  try {
    const { verified, registrationInfo } = await (await webauthn()).verifyRegistrationResponse({
      response: answer as RegistrationResponseJSON,
      expectedChallenge: pending.challenge,
      expectedOrigin: here.origin,
      expectedRPID: here.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    });
    if (!verified) return undefined;
    const { id, publicKey } = registrationInfo.credential;
    return { method: 'passkey', credentialId: id, publicKey: Buffer.from(publicKey).toString('base64url') };
  } catch {
    // The library throws for every body that is not a proper answer; all of them mean the same.
    return undefined;
  }
}

async function verifyAnswer(
  answer: unknown,
  challenge: string,
  seat: Seat,
  here: { readonly rpId: string; readonly origin: string },
): Promise<Signature | undefined> {
  const response = answer as AuthenticationResponseJSON;
  try {
    if (seat.method !== 'passkey' || response.id !== seat.credentialId) return undefined;
    const { verified } = await (await webauthn()).verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: here.origin,
      expectedRPID: here.rpId,
      requireUserVerification: true,
      // Synced passkeys do not count; a copied key shows in the log, where every signature stands.
      credential: {
        id: seat.credentialId,
        publicKey: new Uint8Array(Buffer.from(seat.publicKey, 'base64url')),
        counter: 0,
      },
    });
    if (!verified) return undefined;
    const { signature, authenticatorData, clientDataJSON } = response.response;
    return { method: 'passkey', signature, authenticatorData, clientData: clientDataJSON };
  } catch {
    return undefined;
  }
}
