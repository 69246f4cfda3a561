/**
 * The hash of a text that somebody agrees to, as it is written down and as the 32 bytes that are signed.
 */

/** `sha256:<base64url>`, bare base64url or hexadecimal of 32 bytes -> those bytes. Throws RangeError for anything else. */
export function hashBytes(textHash: string): Uint8Array<ArrayBuffer> {
  const bare = textHash.startsWith('sha256:') ? textHash.slice('sha256:'.length) : textHash;
  if (/^[0-9a-f]{64}$/.test(bare)) return new Uint8Array(Buffer.from(bare, 'hex'));
  const bytes = Buffer.from(bare, 'base64url');
  if (bytes.length !== 32 || bytes.toString('base64url') !== bare) throw new RangeError('not a SHA-256 hash');
  return new Uint8Array(bytes);
}
