/**
 * Encryption of what stands outside the leaves: AES-256-GCM boxes under a client's or a person's key, those keys
 * wrapped by one derived from the master key, and keyed tokens by which persons are found without being named.
 * Destroying a wrapped key reaches every copy of what it locked.
 */
import { createCipheriv, createDecipheriv, createHmac, hash, randomFillSync } from 'node:crypto';
import { termFor } from '../core/pseudonyms.ts';
import { derive, pseudonymKey } from './keys.ts';

const pool = Buffer.alloc(16_384);
let drawn = pool.length;

/** Random bytes out of a pool that is filled in bulk; each byte is handed out once. */
export function random(bytes: number): Buffer {
  if (drawn + bytes > pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  const slice = Buffer.from(pool.subarray(drawn, drawn + bytes));
  pool.fill(0, drawn, drawn + bytes);
  drawn += bytes;
  return slice;
}

/** Encrypts: nonce (12) || ciphertext || tag (16). `place` says where the box belongs and is authenticated. */
export function sealBox(key: Buffer, place: string, content: string): Buffer {
  const nonce = random(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(place));
  const body = cipher.update(content, 'utf8');
  cipher.final();
  return Buffer.concat([nonce, body, cipher.getAuthTag()]);
}

/** Decrypts a box; throws when the key, the place or a bit of it is wrong. */
export function openBox(key: Buffer, place: string, box: Uint8Array): string {
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(place));
  decipher.setAuthTag(box.subarray(box.length - 16));
  const body = decipher.update(box.subarray(12, box.length - 16));
  decipher.final();
  return body.toString('utf8');
}

/** The keys that are derived from the master key, each for one use. */
export interface Keyring {
  /** A new 32-byte key and its wrapped form for the place where it will be stored. */
  create(place: string): { key: Buffer; wrapped: Buffer };
  unwrap(place: string, wrapped: Uint8Array): Buffer;
  /** A keyed, one-way token of a value within a domain, by which a row is found again. */
  token(domain: string, value: string): Buffer;
  /** A short pseudonym of an installation-wide name within one log, so that two logs cannot be linked by it. */
  alias(clientKey: Buffer, domain: string, value: string): string;
  /** By what a client that reads pseudonyms knows a technician: as the policy says it. */
  term(client: string, person: string): string;
  /** The key for rows that belong to no client: sign-ins. */
  readonly installation: Buffer;
}

/** Keys stay: one in a piece of memory that small buffers share would keep all of it. */
function own(key: Buffer): Buffer {
  const kept = Buffer.allocUnsafeSlow(key.length);
  key.copy(kept);
  return kept;
}

export function createKeyring(master: Buffer): Keyring {
  const wrapping = derive(master, 'wrapped keys');
  const tokens = derive(master, 'tokens');
  const pseudonyms = pseudonymKey(master);
  return {
    installation: derive(master, 'installation rows'),
    create(place) {
      const key = own(random(32));
      return { key, wrapped: sealBox(wrapping, place, key.toString('base64')) };
    },
    unwrap: (place, wrapped) => own(Buffer.from(openBox(wrapping, place, wrapped), 'base64')),
    token: (domain, value) =>
      createHmac('sha256', tokens).update(`${domain}\0${value}`).digest().subarray(0, 16),
    term: (client, person) => termFor(pseudonyms, client, person),
    alias: (clientKey, domain, value) =>
      hash('sha256', Buffer.concat([clientKey, Buffer.from(`${domain}\0${value}`)]), 'base64url').slice(
        0,
        12,
      ),
  };
}
