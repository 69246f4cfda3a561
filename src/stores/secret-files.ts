/**
 * The secret files of credentials that clients handed over: `<client>/<file>` in a folder of their own, folders 0700,
 * files 0600. Reads them, says what is wrong with them, and never writes one. Follows no links; no message holds a byte
 * of a secret. Also says what is wrong with the secrets of sign-in services in the keys folder.
 */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { type SecretFaults, secretFaults, unusable } from '../core/credential.ts';

const largest = 65_536;

/** Which version of a file it is, cheap enough to ask each time; undefined: there is none. */
export function versionOf(dir: string, client: string, file: string): string | undefined {
  const found = statSync(join(dir, client, file), { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  return `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs} ${found.mode}`;
}

/** The content of one secret file, or what is wrong with it as the end of a sentence. Never throws. */
export function readSecretOf(
  dir: string,
  client: string,
  file: string,
): { readonly content: string } | { readonly fault: string } {
  try {
    for (const path of [dir, join(dir, client)]) {
      const fault = folderFault(path);
      if (fault !== undefined) return { fault: `lies in a folder that ${fault}` };
    }
    return readFile(join(dir, client, file));
  } catch (error) {
    return { fault: `cannot be read (${codeOf(error)})` };
  }
}

function folderFault(path: string): string | undefined {
  const found = lstatSync(path);
  if (!found.isDirectory()) return 'is none';
  return (found.mode & 0o077) === 0 ? undefined : 'others may read (chmod 0700)';
}

/** Looks at what was opened, so that nothing can be put in its place in between. */
function readFile(path: string): { readonly content: string } | { readonly fault: string } {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) return { fault: 'is not a regular file' };
    if ((found.mode & 0o077) !== 0) return { fault: 'may be read by others (chmod 0600)' };
    if (found.size > largest) return { fault: 'is larger than 64 KiB' };
    return { content: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)) };
  } finally {
    closeSync(file);
  }
}

/**
 * What is wrong with each secret file that is there, by `<client>/<file>`, for the policy to be checked against; under
 * `<client>` or an empty name when a whole folder cannot be used. Holds no secret.
 */
export function surveySecrets(dir: string): ReadonlyMap<string, SecretFaults> {
  const found = new Map<string, SecretFaults>();
  const clients = list(dir);
  if (typeof clients === 'string') return new Map([['', unusable(clients)]]);
  for (const client of clients) {
    const files = list(join(dir, client));
    if (typeof files === 'string') {
      found.set(client, unusable(files));
      continue;
    }
    for (const file of files) {
      const read = readSecretOf(dir, client, file);
      found.set(`${client}/${file}`, 'fault' in read ? unusable(read.fault) : secretFaults(read.content));
    }
  }
  return found;
}

/**
 * What is wrong with each file in the keys folder as the secret of a sign-in service, by name; undefined: nothing. Looks
 * at the files from outside and reads none. Under an empty name when the folder itself cannot be used. Undefined when
 * there is no folder: that nobody made keys yet is told elsewhere.
 */
export function surveyKeys(dir: string): ReadonlyMap<string, string | undefined> | undefined {
  if (!existsSync(dir)) return undefined;
  const names = list(dir);
  if (typeof names === 'string') return new Map([['', names]]);
  return new Map(names.map((name) => [name, outsideFault(join(dir, name))]));
}

function outsideFault(path: string): string | undefined {
  try {
    const found = statSync(path);
    if (!found.isFile()) return 'is not a regular file';
    if ((found.mode & 0o077) !== 0) return 'may be read by others (chmod 0600)';
    if (found.size === 0) return 'is empty';
    accessSync(path, constants.R_OK);
    return undefined;
  } catch (error) {
    return `cannot be read (${codeOf(error)})`;
  }
}

/** Names in a folder; none when it is not there; otherwise why it cannot be used. */
function list(path: string): readonly string[] | string {
  try {
    const fault = folderFault(path);
    return fault === undefined ? readdirSync(path).sort() : `lies in a folder that ${fault}`;
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? [] : `lies in a folder that cannot be read (${codeOf(error)})`;
  }
}

function codeOf(error: unknown): string {
  if (!Error.isError(error) || !('code' in error)) return 'unknown error';
  if (error.code === 'ELOOP') return 'links are not followed';
  return error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'not UTF-8 text' : String(error.code);
}
