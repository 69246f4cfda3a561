/**
 * A passkey in software, for the refusals that no browser would produce: each part of what it signs can be bent.
 * Makes ES256 credentials and answers like `credential.toJSON()`.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

export interface Bends {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  /** Flags byte; default: user present and verified. */
  readonly flags?: number;
  /** Signs with another key. */
  readonly key?: KeyObject;
  readonly crossOrigin?: boolean;
}

const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest();

/** CBOR (RFC 8949) of the few shapes needed: small integers, byte strings, text, maps. */
function cbor(value: unknown): Buffer {
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (typeof value === 'string')
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Map) {
    const pairs = [...value].flatMap(([key, content]) => [cbor(key), cbor(content)]);
    return Buffer.concat([head(5, value.size), ...pairs]);
  }
  throw new Error('not needed here');
}

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length]);
  if (length < 256) return Buffer.from([(major << 5) | 24, length]);
  return Buffer.from([(major << 5) | 25, length >> 8, length & 0xff]);
}

export class SoftAuthenticator {
  readonly id = randomBytes(16);
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #rpId: string;
  readonly #origin: string;

  constructor(rpId: string, origin: string) {
    this.#rpId = rpId;
    this.#origin = origin;
  }

  create(options: { readonly challenge: string }, bends: Bends = {}): Record<string, unknown> {
    const jwk = this.#keys.publicKey.export({ format: 'jwk' });
    const [x, y] = [Buffer.from(jwk.x ?? '', 'base64url'), Buffer.from(jwk.y ?? '', 'base64url')];
    const cose = cbor(
      new Map<number, unknown>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, x],
        [-3, y],
      ]),
    );
    const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, this.id.length]), this.id, cose]);
    const authData = Buffer.concat([this.#head(bends, 0x40), attested]);
    const attestation = new Map<string, unknown>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ]);
    return this.#answer({
      clientDataJSON: base64url(this.#client('webauthn.create', options.challenge, bends)),
      attestationObject: base64url(cbor(attestation)),
      transports: ['internal'],
    });
  }

  get(options: { readonly challenge: string }, bends: Bends = {}): Record<string, unknown> {
    const authenticatorData = this.#head(bends, 0);
    const client = this.#client('webauthn.get', options.challenge, bends);
    const signed = Buffer.concat([authenticatorData, sha256(client)]);
    return this.#answer({
      clientDataJSON: base64url(client),
      authenticatorData: base64url(authenticatorData),
      signature: base64url(sign('sha256', signed, bends.key ?? this.#keys.privateKey)),
    });
  }

  #head(bends: Bends, extra: number): Buffer {
    const flags = (bends.flags ?? 0x05) | extra;
    return Buffer.concat([sha256(bends.rpId ?? this.#rpId), Buffer.from([flags, 0, 0, 0, 1])]);
  }

  #client(type: string, challenge: string, bends: Bends): Buffer {
    return Buffer.from(
      JSON.stringify({
        type: bends.type ?? type,
        challenge: bends.challenge ?? challenge,
        origin: bends.origin ?? this.#origin,
        crossOrigin: bends.crossOrigin ?? false,
      }),
    );
  }

  #answer(response: Record<string, unknown>): Record<string, unknown> {
    const id = base64url(this.id);
    return { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} };
  }
}
