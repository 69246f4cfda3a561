/** Who may really act for a client, and what proves that they agreed. Pure data. */
import type { ControllerRole } from './model.ts';

/** A controller user who may really act: a nomination plus a credential enrolled in person. */
export interface Seat {
  /** Random reference used in leaves instead of the person. */
  readonly id: string;
  readonly client: string;
  readonly controller: string;
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly role: ControllerRole;
  readonly authority: string;
  /**
   * `evaluation-key` signs with an Ed25519 key that the gateway holds, in evaluation mode only. `mail-totp` has no key and signs
   * nothing: its holder signs in by mail and code, and agrees by a code.
   */
  readonly method: 'passkey' | 'evaluation-key' | 'mail-totp';
  /** Passkey: base64url credential id. Else empty. */
  readonly credentialId: string;
  /** Passkey: base64url COSE key. Evaluation: base64url raw Ed25519 key. Mail and code: empty. */
  readonly publicKey: string;
  readonly seatedAt: number;
  /** From when on this seat may sign agreements; left out: at once. */
  readonly grantsFrom?: number;
  /** The seat whose holder invited this one; left out: the provider did. */
  readonly invitedBy?: string;
  /** All users of the client are told of it: the provider enrolled its holder late, or a recovery code did. */
  readonly arrival?: Arrival;
  /** Until when its holder has seen such arrivals of others; left out: since they sit. */
  readonly seenAt?: number;
}

export type Arrival = 'provider' | 'recovery';

/**
 * What proves that a seated representative agreed: the signature over the hash of the text shown. Of somebody who signs in by
 * mail and code there is none, and `amr` says so: weaker evidence, which counts only where the client's file accepts it.
 */
export interface Evidence {
  readonly seat: string;
  readonly role: ControllerRole;
  readonly method: Seat['method'];
  /** base64url. Passkey: WebAuthn assertion whose challenge is the 32 raw bytes of the text's SHA-256. */
  readonly signature: string;
  readonly authenticatorData: string;
  readonly clientData: string;
  readonly language: 'en' | 'fr';
  /** How its holder was known, where no signature says it: see `mailAmr`. */
  readonly amr?: string;
  /** The code that their app showed: checked and used up by the writer, and kept nowhere. */
  readonly code?: string;
}
