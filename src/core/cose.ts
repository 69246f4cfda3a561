/**
 * Public keys as authenticators give them: COSE_Key (RFC 9052, 9053) in CBOR, for ES256, EdDSA and RS256. Reads only
 * what such a key may hold (a map of integers to integers and byte strings); anything else is undefined. Pure.
 */
import type { webcrypto } from 'node:crypto';

export interface CoseKey {
  readonly algorithm: 'ES256' | 'EdDSA' | 'RS256';
  readonly jwk: webcrypto.JsonWebKey;
}

type Value = number | Uint8Array;

/** The key, or undefined when the bytes are no such key or anything follows it. */
export function parseCoseKey(bytes: Uint8Array): CoseKey | undefined {
  const map = readMap(bytes);
  if (map === undefined) return undefined;
  const type = map.get(1);
  const algorithm = map.get(3);
  const b64 = (label: number, length?: number): string | undefined => {
    const value = map.get(label);
    if (!(value instanceof Uint8Array) || (length !== undefined && value.length !== length)) return undefined;
    return Buffer.from(value).toString('base64url');
  };
  if (type === 2 && algorithm === -7 && map.get(-1) === 1) {
    const [x, y] = [b64(-2, 32), b64(-3, 32)];
    return x && y ? { algorithm: 'ES256', jwk: { kty: 'EC', crv: 'P-256', x, y } } : undefined;
  }
  if (type === 1 && algorithm === -8 && map.get(-1) === 6) {
    const x = b64(-2, 32);
    return x ? { algorithm: 'EdDSA', jwk: { kty: 'OKP', crv: 'Ed25519', x } } : undefined;
  }
  if (type === 3 && algorithm === -257) {
    const [n, e] = [b64(-1), b64(-2)];
    return n && e ? { algorithm: 'RS256', jwk: { kty: 'RSA', n, e } } : undefined;
  }
  return undefined;
}

/** Major type and argument of the item at `at` (arguments up to 32 bits), and where its content begins. */
function readHead(
  bytes: Uint8Array,
  at: number,
): { major: number; argument: number; next: number } | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  const short = first & 0x1f;
  const length = short < 24 ? 0 : ({ 24: 1, 25: 2, 26: 4 } as const)[short as 24 | 25 | 26];
  if (length === undefined || at + 1 + length > bytes.length) return undefined;
  let argument = length === 0 ? short : 0;
  for (let i = 0; i < length; i += 1) argument = argument * 256 + (bytes[at + 1 + i] ?? 0);
  return { major: first >> 5, argument, next: at + 1 + length };
}

function readMap(bytes: Uint8Array): Map<number, Value> | undefined {
  const head = readHead(bytes, 0);
  if (head?.major !== 5 || head.argument > 16) return undefined;
  const map = new Map<number, Value>();
  let at = head.next;
  for (let i = 0; i < head.argument; i += 1) {
    const label = readItem(bytes, at);
    if (label === undefined || typeof label.value !== 'number' || map.has(label.value)) return undefined;
    const item = readItem(bytes, label.next);
    if (item === undefined) return undefined;
    map.set(label.value, item.value);
    at = item.next;
  }
  return at === bytes.length ? map : undefined;
}

/** An integer or a byte string. */
function readItem(bytes: Uint8Array, at: number): { value: Value; next: number } | undefined {
  const head = readHead(bytes, at);
  if (head === undefined) return undefined;
  if (head.major === 0) return { value: head.argument, next: head.next };
  if (head.major === 1) return { value: -1 - head.argument, next: head.next };
  const end = head.next + head.argument;
  if (head.major !== 2 || end > bytes.length) return undefined;
  return { value: bytes.subarray(head.next, end), next: end };
}
