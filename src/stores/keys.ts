/**
 * The installation's keys: a folder (0700) of files (0600) that is made once, on purpose, by `consentry keys init`.
 * Loading never creates anything and names every fault at once. Keys never appear in messages.
 */
import { createPrivateKey, generateKeyPairSync, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { rawPublicKey } from '../core/note.ts';

export interface Keys {
  /** Ed25519; signs every checkpoint. */
  readonly ledger: KeyObject;
  /** Its raw 32 public bytes. */
  readonly ledgerPublic: Uint8Array;
  /** ML-DSA-44; cosigns published checkpoints. */
  readonly cosigner: KeyObject;
  readonly cosignerPublic: Uint8Array;
  /** 32 bytes that wrap the clients' and the persons' keys. Never used directly: see `derive`. */
  readonly master: Buffer;
  /** 32 bytes that seal the entry cookie of the gateway. */
  readonly seal: Buffer;
  /** 32 bytes for the cookies of portal sessions. */
  readonly sessions: Buffer;
  /** Ed25519 that signs grants in evaluation mode; undefined everywhere else. */
  readonly evaluationConsent: KeyObject | undefined;
  /** Its raw 32 public bytes. */
  readonly evaluationPublic: Uint8Array | undefined;
}

/** Everything that is wrong with a folder of keys, in words for the operator. */
export class KeysFault extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'KeysFault';
    this.faults = faults;
  }
}

const files = {
  ledger: 'ledger.pem',
  cosigner: 'cosigner.pem',
  master: 'master.key',
  seal: 'seal.key',
  sessions: 'sessions.key',
  evaluationConsent: 'evaluation-consent.pem',
} as const;

/**
 * Makes the keys in an empty or new folder, each written and synced. Throws KeysFault, and changes nothing, when
 * any of the files is there already.
 */
export function initKeys(dir: string, options: { readonly evaluation?: boolean } = {}): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const present = new Set(readdirSync(dir));
  const taken = Object.values(files).filter((name) => present.has(name));
  if (taken.length > 0) {
    throw new KeysFault(taken.map((name) => `${join(dir, name)} exists already: keys are never overwritten`));
  }
  chmodSync(dir, 0o700);
  writeSecret(dir, files.ledger, pem(generateKeyPairSync('ed25519').privateKey));
  writeSecret(dir, files.cosigner, pem(generateKeyPairSync('ml-dsa-44').privateKey));
  for (const name of [files.master, files.seal, files.sessions]) {
    writeSecret(dir, name, `${randomBytes(32).toString('base64url')}\n`);
  }
  if (options.evaluation === true) {
    writeSecret(dir, files.evaluationConsent, pem(generateKeyPairSync('ed25519').privateKey));
  }
  syncFolder(dir);
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function writeSecret(dir: string, name: string, content: string): void {
  const file = openSync(join(dir, name), 'wx', 0o600);
  try {
    writeSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function syncFolder(dir: string): void {
  const folder = openSync(dir, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Reads and checks all keys. Throws KeysFault with every fault found; never creates a file. */
export function loadKeys(dir: string): Keys {
  const faults: string[] = [];
  checkMode(dir, 'folder', faults);
  const ledger = readKey(dir, files.ledger, 'ed25519', faults);
  const cosigner = readKey(dir, files.cosigner, 'ml-dsa-44', faults);
  const master = readBytes(dir, files.master, faults);
  const seal = readBytes(dir, files.seal, faults);
  const sessions = readBytes(dir, files.sessions, faults);
  const evaluation = hasFile(dir, files.evaluationConsent)
    ? readKey(dir, files.evaluationConsent, 'ed25519', faults)
    : undefined;
  if (ledger === undefined || cosigner === undefined || faults.length > 0) throw new KeysFault(faults);
  return Object.freeze({
    ledger,
    ledgerPublic: rawPublicKey(ledger),
    cosigner,
    cosignerPublic: rawPublicKey(cosigner),
    master,
    seal,
    sessions,
    evaluationConsent: evaluation,
    evaluationPublic: evaluation === undefined ? undefined : rawPublicKey(evaluation),
  });
}

/** A 32-byte key for one use, derived from a secret (HKDF-SHA-256), so that no key serves two ends. */
export function derive(secret: Buffer, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `consentry ${use}`, 32));
}

/** The secret behind the pseudonyms of technicians, for `termFor`. */
export function pseudonymKey(master: Buffer): string {
  return derive(master, 'pseudonyms').toString('base64url');
}

/** The same out of the folder alone, for whoever reads policies; undefined: there is no such key, which is told elsewhere. */
export function pseudonymKeyIn(dir: string): string | undefined {
  const faults: string[] = [];
  if (!hasFile(dir, files.master)) return undefined;
  const master = readBytes(dir, files.master, faults);
  return faults.length === 0 ? pseudonymKey(master) : undefined;
}

function hasFile(dir: string, name: string): boolean {
  return statSync(join(dir, name), { throwIfNoEntry: false }) !== undefined;
}

function checkMode(path: string, what: 'folder' | 'file', faults: string[]): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) {
    faults.push(`${path} is missing: make the keys with "consentry keys init"`);
    return false;
  }
  if (what === 'folder' ? !stat.isDirectory() : !stat.isFile()) {
    faults.push(`${path} is not a ${what}`);
    return false;
  }
  if ((stat.mode & 0o077) !== 0) {
    const mode = (stat.mode & 0o777).toString(8).padStart(4, '0');
    faults.push(
      `${path} has mode ${mode}: others may read it (chmod ${what === 'folder' ? '0700' : '0600'})`,
    );
    return false;
  }
  return true;
}

function readText(dir: string, name: string, faults: string[]): string | undefined {
  const path = join(dir, name);
  if (!checkMode(path, 'file', faults)) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    faults.push(
      `${path} cannot be read (${Error.isError(cause) && 'code' in cause ? cause.code : 'unknown'})`,
    );
    return undefined;
  }
}

function readKey(dir: string, name: string, type: string, faults: string[]): KeyObject | undefined {
  const text = readText(dir, name, faults);
  if (text === undefined) return undefined;
  try {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyType === type) return key;
  } catch {
    // told below, without the content
  }
  faults.push(`${join(dir, name)} does not hold a private ${type} key`);
  return undefined;
}

function readBytes(dir: string, name: string, faults: string[]): Buffer {
  const text = readText(dir, name, faults)?.trim();
  const bytes = Buffer.from(text ?? '', 'base64url');
  if (text !== undefined && (bytes.length !== 32 || bytes.toString('base64url') !== text)) {
    faults.push(`${join(dir, name)} does not hold 32 bytes in base64url`);
  }
  return bytes;
}
