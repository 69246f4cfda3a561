/**
 * Signed notes (c2sp.org/signed-note) and checkpoints (c2sp.org/tlog-checkpoint) of exactly three lines, signed
 * with Ed25519 (type 0x01); and ML-DSA-44 cosignatures (type 0x06, c2sp.org/tlog-cosignature) for published
 * checkpoints. Pure: time and keys are arguments. Base64 is read strictly, so no two texts mean the same.
 */
import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';

export const ed25519Type = 0x01;
export const mlDsaType = 0x06;

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

export interface VerifierKey {
  readonly name: string;
  readonly type: number;
  /** The raw public key. */
  readonly key: Uint8Array;
}

export interface NoteSignature {
  readonly name: string;
  /** Four bytes, hex. */
  readonly id: string;
  readonly signature: Uint8Array;
}

/** Decodes standard base64; undefined unless it is exactly what encoding would give. */
export function strictBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** First four bytes of SHA-256(name || LF || type || key), hex. */
export function keyId(key: VerifierKey): string {
  const preimage = Buffer.concat([Buffer.from(`${key.name}\n`), Buffer.from([key.type]), key.key]);
  return hash('sha256', preimage, 'hex').slice(0, 8);
}

/** `name+keyid+base64(type || key)`. */
export function formatVerifierKey(key: VerifierKey): string {
  const material = Buffer.concat([Buffer.from([key.type]), key.key]);
  return `${key.name}+${keyId(key)}+${material.toString('base64')}`;
}

const keyLength: Readonly<Record<number, number>> = { [ed25519Type]: 32, [mlDsaType]: 1312 };

/** Reads a verifier key; undefined unless name, id, type and length all fit. */
export function parseVerifierKey(text: string): VerifierKey | undefined {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(text.trim());
  const material = strictBase64(match?.[3] ?? '');
  if (match?.[1] === undefined || material === undefined) return undefined;
  const type = material[0];
  if (type === undefined || material.length - 1 !== keyLength[type]) return undefined;
  const key = { name: match[1], type, key: material.subarray(1) };
  return keyId(key) === match[2] ? key : undefined;
}

/** The raw 32 bytes of an Ed25519 key or the raw 1312 of an ML-DSA-44 key: the tail of its SPKI encoding. */
export function rawPublicKey(key: KeyObject): Uint8Array {
  const spki = (key.type === 'public' ? key : createPublicKey(key)).export({ type: 'spki', format: 'der' });
  return spki.subarray(spki.length - (key.asymmetricKeyType === 'ed25519' ? 32 : 1312));
}

const spkiPrefix: Readonly<Record<number, string>> = {
  [ed25519Type]: '302a300506032b6570032100',
  [mlDsaType]: '30820532300b06096086480165030403110382052100',
};

/** The key object of a raw public key; throws when the bytes are no such key. */
export function publicKeyFrom(key: VerifierKey): KeyObject {
  const prefix = Buffer.from(spkiPrefix[key.type] ?? '', 'hex');
  return createPublicKey({ key: Buffer.concat([prefix, key.key]), format: 'der', type: 'spki' });
}

/** The three lines that are signed. */
export function checkpointText(checkpoint: Checkpoint): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${Buffer.from(checkpoint.root).toString('base64')}\n`;
}

/** One signature line, line feed included. */
export function signatureLine(name: string, id: string, signature: Uint8Array): string {
  return `— ${name} ${Buffer.concat([Buffer.from(id, 'hex'), signature]).toString('base64')}\n`;
}

/** A checkpoint signed under its own origin as key name. `id` is `keyId` of that key, given so it can be kept. */
export function signCheckpoint(checkpoint: Checkpoint, key: KeyObject, id: string): string {
  const text = checkpointText(checkpoint);
  const signature = sign(null, Buffer.from(text), key);
  return `${text}\n${signatureLine(checkpoint.origin, id, signature)}`;
}

/** Splits a note into its text and its signatures; undefined unless it follows the format. */
export function parseNote(note: string): { text: string; signatures: readonly NoteSignature[] } | undefined {
  const gap = note.lastIndexOf('\n\n');
  if (gap < 0 || !note.endsWith('\n') || hasControl(note) || !note.isWellFormed()) return undefined;
  const signatures: NoteSignature[] = [];
  for (const line of note.slice(gap + 2, -1).split('\n')) {
    const match = /^— ([^+\s]+) (\S+)$/u.exec(line);
    const bytes = strictBase64(match?.[2] ?? '');
    if (match?.[1] === undefined || bytes === undefined || bytes.length < 5) return undefined;
    signatures.push({
      name: match[1],
      id: Buffer.from(bytes.subarray(0, 4)).toString('hex'),
      signature: bytes.subarray(4),
    });
  }
  return signatures.length > 16 ? undefined : { text: note.slice(0, gap + 1), signatures };
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 && unit !== 0x0a) return true;
  }
  return false;
}

/** Reads the three lines of a checkpoint; undefined unless they are exactly that. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const match = /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/=]+)\n$/.exec(text);
  const root = strictBase64(match?.[3] ?? '');
  const size = Number(match?.[2]);
  if (match?.[1] === undefined || root?.length !== 32 || !Number.isSafeInteger(size)) return undefined;
  return { origin: match[1], size, root };
}

/**
 * Opens a signed checkpoint with a known key. Signatures of unknown keys are ignored; one of the known key that
 * does not verify, or none of it, refuses the note. Answers the checkpoint, or in words why not.
 */
export function openCheckpoint(note: string, key: VerifierKey): Checkpoint | string {
  const parsed = parseNote(note);
  if (parsed === undefined) return 'the checkpoint is not a signed note';
  const checkpoint = parseCheckpoint(parsed.text);
  if (checkpoint === undefined) return 'the checkpoint is not three lines of origin, size and root';
  const known = parsed.signatures.filter((s) => s.name === key.name && s.id === keyId(key));
  if (known.length === 0) return 'the checkpoint is not signed by the known key';
  const text = Buffer.from(parsed.text);
  const publicKey = publicKeyFrom(key);
  const good = known.every((s) =>
    key.type === mlDsaType
      ? cosignatureHolds(checkpoint, key, publicKey, s.signature)
      : s.signature.length === 64 && verify(null, text, publicKey, s.signature),
  );
  return good ? checkpoint : 'the signature on the checkpoint does not verify';
}

/** The `cosigned_message` of c2sp.org/tlog-cosignature for a whole tree. */
function cosignedMessage(checkpoint: Checkpoint, cosigner: string, seconds: number): Buffer {
  const opaque = (text: string): Buffer => {
    const bytes = Buffer.from(text);
    if (bytes.length < 1 || bytes.length > 255) throw new RangeError('a name has 1 to 255 bytes');
    return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  };
  return Buffer.concat([
    Buffer.from('subtree/v1\n\0', 'latin1'),
    opaque(cosigner),
    uint64(seconds),
    opaque(checkpoint.origin),
    uint64(0),
    uint64(checkpoint.size),
    checkpoint.root,
  ]);
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/** The cosignature line for a published checkpoint; `seconds` is POSIX time. About a millisecond of work. */
export function cosign(
  checkpoint: Checkpoint,
  cosigner: VerifierKey,
  key: KeyObject,
  seconds: number,
): string {
  const signature = sign(null, cosignedMessage(checkpoint, cosigner.name, seconds), key);
  return signatureLine(cosigner.name, keyId(cosigner), Buffer.concat([uint64(seconds), signature]));
}

function cosignatureHolds(
  checkpoint: Checkpoint,
  cosigner: VerifierKey,
  key: KeyObject,
  timestamped: Uint8Array,
): boolean {
  if (timestamped.length !== 8 + 2420) return false;
  const seconds = Buffer.from(timestamped.subarray(0, 8)).readBigUInt64BE();
  if (seconds > BigInt(Number.MAX_SAFE_INTEGER)) return false;
  const message = cosignedMessage(checkpoint, cosigner.name, Number(seconds));
  return verify(null, message, key, timestamped.subarray(8));
}
