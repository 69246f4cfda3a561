/**
 * Reads settings and policies before anything starts, and tells every fault of both at once.
 */
import { readFileSync, statSync } from 'node:fs';
import type { Config, Environment, Readable, Secrets } from '../config.ts';
import { credentialsFolder, readConfig } from '../config.ts';
import { formatFault } from '../core/policy/faults.ts';
import type { LoadOptions } from '../stores/policy-files.ts';
import type { PolicyLoader } from '../stores/policy-loader.ts';
import type { LoadedPolicy } from '../stores/policy-teller.ts';
import type { Terminal } from './terminal.ts';

/** What serving needs, read and checked, or every fault of settings and policies in sentences. */
export type Preparation =
  | { readonly config: Config; readonly secrets: Secrets; readonly policy: LoadedPolicy }
  | { readonly faults: readonly string[] };

/** How policies are loaded: in this thread by default, as commands do that end at once. */
export type LoadPolicies = (directory: string, options: LoadOptions) => ReturnType<PolicyLoader['load']>;

/** The compiler is loaded only here: who serves has it in a thread of its own, and a main thread without it. */
async function loadHere(directory: string, options: LoadOptions): ReturnType<LoadPolicies> {
  const { loadPolicies } = await import('../stores/policy-files.ts');
  const { toldHere } = await import('../stores/policy-teller.ts');
  const loaded = await loadPolicies(directory, options);
  return 'faults' in loaded ? loaded : toldHere(loaded);
}

/** Reads settings and policies. Policies are checked even when some settings are wrong, as far as that is possible. */
export async function prepare(env: Environment, load: LoadPolicies = loadHere): Promise<Preparation> {
  const reading = readConfig(env, { evaluation: false, readSecretFile });
  const policies = await checkPolicies('config' in reading ? reading.config : reading.readable, load);
  if ('faults' in reading) return { faults: [...reading.faults, ...policies.faults] };
  if (policies.policy === undefined) return { faults: policies.faults };
  return { config: reading.config, secrets: reading.secrets, policy: policies.policy };
}

/** The same for a command that says what is wrong and ends; undefined: it was said. */
export async function prepareOrComplain(
  env: Environment,
  terminal: Pick<Terminal, 'complain'>,
): Promise<Exclude<Preparation, { readonly faults: unknown }> | undefined> {
  const prepared = await prepare(env);
  if (!('faults' in prepared)) return prepared;
  for (const fault of prepared.faults) terminal.complain(fault);
  return undefined;
}

async function checkPolicies(
  config: Readable,
  load: LoadPolicies,
): Promise<{ readonly policy: LoadedPolicy | undefined; readonly faults: readonly string[] }> {
  const { keys, credentials, policies, portalUrl } = config;
  if (policies === undefined || portalUrl === undefined) return { policy: undefined, faults: [] };
  const loaded = await load(policies, {
    evaluation: false,
    production: true,
    portalUrl,
    ...(keys === undefined
      ? {}
      : { keysDir: keys, credentialsDir: credentialsFolder({ keys, credentials }) }),
  });
  if ('snapshot' in loaded) return { policy: loaded, faults: [] };
  return { policy: undefined, faults: loaded.faults.map(formatFault) };
}

/** Reads one secret from its file. */
export function readSecretFile(path: string): string {
  return readFileSync(path, 'utf8');
}

/** The file system a folder is on, or undefined when it is not there. */
export function deviceOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.dev;
}
