/**
 * Whether a seated representative really signed the text of a consent: a WebAuthn assertion over the text's hash, or
 * in evaluation mode an Ed25519 signature by a key the gateway holds. Pure, and never throws on hostile input.
 */
import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import type { Evidence, Seat } from './commands.ts';
import { parseCoseKey } from './cose.ts';
import type { LeafFields } from './entries.ts';
import type { ControllerRole } from './model.ts';
import { publicKeyFrom } from './note.ts';

/** What a signature is checked against beside the text; undefined fields are not known and not checked. */
export interface RelyingParty {
  /** `https://portal.example`: must equal the origin the browser signed. */
  readonly origin?: string;
  readonly rpId?: string;
  /** The client's file accepts agreements that carry no signature; left out: it does not. */
  readonly withoutSignature?: boolean;
}

/**
 * Undefined when the evidence holds; otherwise, in words, why it does not. `textHash` is `sha256:<base64url>`. `signer`: who must
 * have signed; a delegate only where a frame that covers the text is checked as well.
 */
export function evidenceFault(
  seat: Pick<Seat, 'id' | 'role' | 'method' | 'publicKey'>,
  evidence: Evidence,
  textHash: string,
  party: RelyingParty = {},
  signer: ControllerRole = 'representative',
): string | undefined {
  if (evidence.seat !== seat.id) return 'it was signed by another seat';
  if (seat.role !== signer || evidence.role !== signer) return `its signer is no ${signer}`;
  if (evidence.method !== seat.method) return 'it was signed by another method than the seat has';
  const digest = strictBase64url(textHash.replace(/^sha256:/, ''));
  if (!textHash.startsWith('sha256:') || digest?.length !== 32) return 'the hash of the text is malformed';
  try {
    if (seat.method === 'passkey') return passkeyFault(seat.publicKey, evidence, digest, party);
    if (seat.method === 'mail-totp') return mailFault(seat.publicKey, evidence, party);
    // NOTE: whatever else a line may name is held to a signature too.
    return evaluationFault(seat.publicKey, evidence, textHash);
  } catch {
    return 'its key or signature is malformed';
  }
}

/** How somebody is known who signs in by mail and code: on their seat, their sign-ins and what they agree to. */
export const mailAmr = ['mail', 'otp'] as const;

/** No signature, and it must not look as if there were one. */
function mailFault(publicKey: string, evidence: Evidence, party: RelyingParty): string | undefined {
  if (party.withoutSignature !== true)
    return 'it carries no signature, and the client’s file did not accept that then';
  const { signature, authenticatorData, clientData, amr } = evidence;
  if (publicKey !== '' || signature !== '' || authenticatorData !== '' || clientData !== '')
    return 'it carries a signature that its signer cannot have';
  return amr === mailAmr.join(' ') ? undefined : 'it does not say how its giver was known';
}

interface FileSaid {
  readonly accept_without_signature?: unknown;
}

/**
 * Whether the rules of one client, as its log keeps them, accept agreements without a signature. `find`: the text of a part by
 * its hash, which the caller has checked. Anything that cannot be read does not.
 */
export function acceptsWithoutSignature(
  slice: string | undefined,
  find: (hash: string) => string | undefined,
): boolean {
  try {
    const root = JSON.parse(slice ?? '') as { parts?: { file?: unknown }; file?: FileSaid };
    const file =
      root.parts === undefined
        ? root.file
        : (JSON.parse(find(String(root.parts.file)) ?? '') as FileSaid | undefined);
    return file?.accept_without_signature === true;
  } catch {
    return false;
  }
}

/** The evidence that a line of the log tells. */
export function evidenceFrom(leaf: LeafFields): Evidence {
  return {
    seat: String(leaf.seat),
    role: leaf.role as ControllerRole,
    method: leaf.method as Evidence['method'],
    signature: String(leaf.signature),
    authenticatorData: String(leaf.authenticator_data),
    clientData: String(leaf.client_data),
    language: leaf.language as Evidence['language'],
    ...(leaf.amr === undefined ? {} : { amr: String(leaf.amr) }),
  };
}

/** Whether the evidence holds: see `evidenceFault` for why it does not. */
export function verifyEvidence(
  seat: Pick<Seat, 'id' | 'role' | 'method' | 'publicKey'>,
  evidence: Evidence,
  textHash: string,
  party: RelyingParty = {},
): boolean {
  return evidenceFault(seat, evidence, textHash, party) === undefined;
}

/** What the evaluation key signs for a text. */
export function evaluationMessage(textHash: string): Buffer {
  return Buffer.from(`consentry grant\n${textHash}`);
}

function evaluationFault(publicKey: string, evidence: Evidence, textHash: string): string | undefined {
  const key = strictBase64url(publicKey);
  const signature = strictBase64url(evidence.signature);
  if (key?.length !== 32 || signature?.length !== 64) return 'its key or signature is malformed';
  const object = publicKeyFrom({ name: 'evaluation', type: 1, key });
  return verify(null, evaluationMessage(textHash), object, signature)
    ? undefined
    : 'the signature does not verify';
}

const userPresent = 0x01;
const userVerified = 0x04;

function passkeyFault(
  publicKey: string,
  evidence: Evidence,
  digest: Uint8Array,
  party: RelyingParty,
): string | undefined {
  const key = strictBase64url(publicKey);
  const signature = strictBase64url(evidence.signature);
  const authenticator = strictBase64url(evidence.authenticatorData);
  const clientData = strictBase64url(evidence.clientData);
  if (!key || !signature || !authenticator || !clientData) return 'its key or signature is malformed';
  const told: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(clientData));
  if (typeof told !== 'object' || told === null) return 'what the browser signed is malformed';
  if (!('type' in told) || told.type !== 'webauthn.get') return 'what the browser signed is no assertion';
  const challenge = Buffer.from(digest).toString('base64url');
  if (!('challenge' in told) || told.challenge !== challenge) return 'another text was signed';
  if (party.origin !== undefined && (!('origin' in told) || told.origin !== party.origin)) {
    return 'it was signed on another site';
  }
  const flags = authenticator[32] ?? 0;
  if (authenticator.length < 37 || (flags & userPresent) === 0)
    return 'nobody was present when it was signed';
  if ((flags & userVerified) === 0) return 'the signer was not verified by the passkey';
  if (party.rpId !== undefined && !startsWithHash(authenticator, party.rpId))
    return 'it was signed for another site';
  const message = Buffer.concat([authenticator, hash('sha256', clientData, 'buffer')]);
  return coseVerifies(key, message, signature) ? undefined : 'the signature does not verify';
}

function startsWithHash(authenticator: Uint8Array, rpId: string): boolean {
  return Buffer.compare(authenticator.subarray(0, 32), hash('sha256', rpId, 'buffer')) === 0;
}

function coseVerifies(cose: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const parsed = parseCoseKey(cose);
  if (parsed === undefined) return false;
  const key: KeyObject = createPublicKey({ key: parsed.jwk, format: 'jwk' });
  return verify(parsed.algorithm === 'EdDSA' ? null : 'sha256', message, key, signature);
}

function strictBase64url(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
