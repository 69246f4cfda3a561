/**
 * Evaluation mode only: signs agreements with an Ed25519 key that the gateway holds, in place of a passkey. The log
 * says so (`evaluation-key`), and production has no such key.
 */
import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import type { Signature } from './passkeys.ts';
import { hashBytes } from './text-hash.ts';

export interface EvaluationSigner {
  /** base64url of the raw 32 bytes, as a seat's `publicKey`. */
  readonly publicKey: string;
  /** Ed25519 over `consentry grant\n` followed by the hash exactly as written. */
  sign(textHash: string): Signature;
}

/** Throws when the key is not an Ed25519 private key. */
export function createEvaluationSigner(privateKey: KeyObject): EvaluationSigner {
  if (privateKey.type !== 'private' || privateKey.asymmetricKeyType !== 'ed25519') {
    throw new Error('an Ed25519 private key is needed');
  }
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (x === undefined) throw new Error('an Ed25519 private key is needed');
  return {
    publicKey: x,
    sign(textHash) {
      hashBytes(textHash);
      const signature = sign(null, Buffer.from(`consentry grant\n${textHash}`), privateKey).toString(
        'base64url',
      );
      return { method: 'evaluation-key', signature, authenticatorData: '', clientData: '' };
    },
  };
}
