/**
 * Signs what people take with them of their own record. Its Ed25519 key is derived from the installation's master, so it
 * stays the same over restarts, lies in no file of its own, and is none that signs a log.
 */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { ed25519Type, formatVerifierKey, keyId, rawPublicKey, signatureLine } from '../core/note.ts';
import { derive, type Keys } from './keys.ts';

export interface RecordSigner {
  /** The verifier key of what it signs, as a signed note's is written. */
  readonly key: string;
  /** The signature line of a signed note over a text that ends with a line feed. */
  sign(text: string): string;
}

/** An Ed25519 private key in PKCS #8 is this and its 32 bytes. */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** `host`: the portal's, under which the key is known. */
export function createRecordSigner(keys: Pick<Keys, 'master'>, host: string): RecordSigner {
  const seed = derive(keys.master, 'own record');
  const key = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' });
  const name = `${host}/own-record`;
  const verifier = { name, type: ed25519Type, key: rawPublicKey(createPublicKey(key)) };
  const id = keyId(verifier);
  return {
    key: formatVerifierKey(verifier),
    sign: (text) => signatureLine(name, id, sign(null, Buffer.from(text), key)),
  };
}
