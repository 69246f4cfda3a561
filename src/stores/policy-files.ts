/**
 * Reads the policy folder and compiles it. Only regular files that lie in the folder itself are read: no link leads
 * out of it or anywhere else. A file that cannot be read is a fault like any other; nothing is applied in part.
 */
import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { lstat, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { runCases } from '../core/policy/cases.ts';
import { type Compiled, type CompileOptions, compile } from '../core/policy/compile.ts';
import { largestFile, type PolicyDocument } from '../core/policy/document.ts';
import { type PolicyFault, sortFaults } from '../core/policy/faults.ts';
import type { Parsed } from '../core/policy/gather.ts';
import { pseudonymKeyIn } from './keys.ts';
import { surveyKeys, surveySecrets } from './secret-files.ts';

/** Folders inside the policy folder that hold policy files, and the endings that are read there. */
export const policyFolders: { readonly [folder: string]: string } = {
  '': '.yaml',
  clients: '.yaml',
  contracts: '.yaml',
  profiles: '.yaml',
  'grant-templates': '.yaml',
  cases: '.yaml',
  certificates: '.pem',
};

/** Far more than the largest provider has; stops a wrong folder from being read whole. */
const mostFiles = 20_000;

export interface LoadOptions extends CompileOptions {
  /** Folder of the secret files that the policy names; left out: they are not looked at. */
  readonly credentialsDir?: string;
  /** Folder of the keys, where the secrets of sign-in services and the one behind pseudonyms lie; left out: they are not looked at. */
  readonly keysDir?: string;
}

/** A policy that may take effect. */
export type SoundPolicy = Pick<Compiled, 'snapshot' | 'sliceOf'>;

/**
 * The snapshot of a policy folder whose own cases all come out as they say, or every fault at once, sorted. Never
 * throws for what is in the folder, nor for a folder that is missing. `parsed` is what an earlier call parsed.
 */
export async function loadPolicies(
  directory: string,
  options: LoadOptions,
  parsed?: Parsed,
): Promise<SoundPolicy | { readonly faults: readonly PolicyFault[] }> {
  return judge(await readPolicyFolder(directory), options, parsed);
}

/** The same for the folder as it would be with these documents written into it. */
export async function loadPoliciesWith(
  directory: string,
  added: readonly PolicyDocument[],
  options: LoadOptions,
): Promise<SoundPolicy | { readonly faults: readonly PolicyFault[] }> {
  const { documents, faults } = await readPolicyFolder(directory);
  const paths = new Set(added.map(({ path }) => path));
  const kept = documents.filter(({ path }) => !paths.has(path));
  return judge({ documents: [...kept, ...added], faults }, options);
}

function judge(
  { documents, faults }: Awaited<ReturnType<typeof readPolicyFolder>>,
  options: LoadOptions,
  parsed?: Parsed,
): SoundPolicy | { readonly faults: readonly PolicyFault[] } {
  const compiled = compile(documents, withSecrets(options), parsed);
  if ('faults' in compiled)
    return { faults: sortFaults([...withoutUnread(compiled.faults, faults), ...faults]) };
  const failed = [...faults, ...runCases(compiled.snapshot, compiled.cases)];
  return failed.length === 0 ? compiled : { faults: sortFaults(failed) };
}

/** The options, with what is wrong with each secret file now. */
export function withSecrets(options: LoadOptions): CompileOptions {
  const { credentialsDir, keysDir } = options;
  const keyFiles = keysDir === undefined ? undefined : surveyKeys(keysDir);
  return {
    ...options,
    ...(credentialsDir === undefined ? {} : { secrets: surveySecrets(credentialsDir) }),
    ...(keyFiles === undefined ? {} : { keyFiles }),
    ...(keysDir === undefined ? {} : { pseudonymKey: pseudonymKeyIn(keysDir) ?? '' }),
  };
}

/**
 * All policy files as text, and what could not be read. The folder itself may be a link: it is resolved once, so that
 * one reading never mixes what was there before and after the link was changed.
 */
export async function readPolicyFolder(
  directory: string,
): Promise<{ readonly documents: readonly PolicyDocument[]; readonly faults: readonly PolicyFault[] }> {
  const documents: PolicyDocument[] = [];
  const faults: PolicyFault[] = [];
  const real = await realpath(directory).catch(() => directory);
  for (const [folder, ending] of Object.entries(policyFolders)) {
    const listed = await listFiles(real, folder, ending);
    faults.push(...listed.faults);
    for (const path of listed.paths) {
      const read = readPolicyFile(real, path);
      if ('bytes' in read) documents.push(documentOf(path, read.bytes));
      else faults.push(onWhole(path, read.fault));
    }
  }
  return { documents, faults };
}

/** Its text is made when it is asked for: of a thousand files that did not change nobody asks. */
function documentOf(path: string, bytes: Uint8Array): PolicyDocument {
  return {
    path,
    digest: hash('sha256', bytes, 'base64url'),
    get text() {
      return new TextDecoder().decode(bytes);
    },
  };
}

interface Listing {
  readonly paths: readonly string[];
  readonly faults: readonly PolicyFault[];
}

async function listFiles(directory: string, folder: string, ending: string): Promise<Listing> {
  const at = folder === '' ? directory : join(directory, folder);
  try {
    if (folder !== '' && (await lstat(at)).isSymbolicLink()) return failed(folder, 'links are not followed');
    const names = (await readdir(at)).filter((name) => !name.startsWith('.') && name.endsWith(ending)).sort();
    if (names.length > mostFiles) return failed(folder, `more than ${mostFiles} files`);
    return { paths: names.map((name) => (folder === '' ? name : `${folder}/${name}`)), faults: [] };
  } catch (error) {
    if (folder !== '' && codeOf(error) === 'ENOENT') return { paths: [], faults: [] };
    return failed(folder, `the folder cannot be read (${codeOf(error)})`);
  }
}

function failed(folder: string, message: string): Listing {
  return { paths: [], faults: [onWhole(folder === '' ? '.' : folder, message)] };
}

/**
 * Opens without following a link and looks at what was opened, so that nothing can be put in its place in between. Waits
 * for the disk: for a thousand small files that is several times faster, and whoever must not wait has a thread for it.
 */
function readPolicyFile(
  directory: string,
  path: string,
): { readonly bytes: Uint8Array } | { readonly fault: string } {
  try {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const file = openSync(join(directory, path), flags);
    try {
      const found = fstatSync(file);
      if (!found.isFile()) return { fault: 'not a regular file' };
      if (found.size > largestFile) return { fault: 'the file is larger than 1 MiB' };
      const bytes = readFileSync(file);
      return isUtf8(bytes) ? { bytes } : { fault: 'the file is not UTF-8 text' };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (codeOf(error) === 'ELOOP') return { fault: 'links are not followed' };
    return { fault: `the file cannot be read (${codeOf(error)})` };
  }
}

function onWhole(file: string, message: string): PolicyFault {
  return { file, line: 1, column: 1, message };
}

/** Error codes of Node itself; `isError` also knows errors of another realm. */
function codeOf(error: unknown): string {
  return Error.isError(error) && 'code' in error ? String(error.code) : 'unknown error';
}

/** A file that could not be read was already named; that it is missing besides would only confuse. */
function withoutUnread(
  faults: readonly PolicyFault[],
  unread: readonly PolicyFault[],
): readonly PolicyFault[] {
  const named = new Set(unread.map(({ file }) => file));
  return faults.filter((fault) => !(named.has(fault.file) && fault.message === 'the file is missing'));
}
