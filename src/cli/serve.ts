/**
 * `consentry serve`: the gateway and the portal, in production. Settings and policies are checked first and every
 * fault of both is told at once; with one fault nothing listens and the exit code is 1.
 */
import { readFileSync, statSync } from 'node:fs';
import { createApp } from '../app.ts';
import { readConfig, settingWarnings } from '../config.ts';
import type { Config, Environment, Readable, Secrets } from '../config.ts';
import type { Snapshot } from '../core/model.ts';
import { createLog } from '../log.ts';
import { loadPolicies } from '../stores/policy-files.ts';
import { untilStopped } from './lifetime.ts';
import type { Terminal } from './terminal.ts';

/** What serving needs, read and checked, or every fault of settings and policies in sentences. */
export type Preparation =
  | { readonly config: Config; readonly secrets: Secrets; readonly snapshot: Snapshot }
  | { readonly faults: readonly string[] };

/** Runs until a signal. Answers 0 after an orderly end, 1 when it could not start or did not end well. */
export async function serveCommand(args: string[], env: Environment, terminal: Terminal): Promise<number> {
  if (args.length > 0) {
    terminal.complain('consentry serve: takes no arguments; settings are environment variables');
    return 2;
  }
  const prepared = await prepare(env);
  if ('faults' in prepared) {
    terminal.complain('consentry serve: not started, because of');
    for (const fault of prepared.faults) terminal.complain(`  ${fault}`);
    return 1;
  }
  const { config, secrets, snapshot } = prepared;
  const log = createLog(config);
  for (const warning of settingWarnings(config, deviceOf)) terminal.complain(`warning: ${warning}`);
  const app = await createApp(config, secrets, { snapshot, log });
  log.info('ready', { portal: app.portalUrl, version: process.versions.node, production: config.production });
  return untilStopped(app, log, terminal);
}

/** Reads settings and policies. Policies are checked even when some settings are wrong, as far as that is possible. */
export async function prepare(env: Environment): Promise<Preparation> {
  const reading = readConfig(env, { evaluation: false, readSecretFile });
  const policies = await checkPolicies('config' in reading ? reading.config : reading.readable);
  if ('faults' in reading) return { faults: [...reading.faults, ...policies.faults] };
  if (policies.snapshot === undefined) return { faults: policies.faults };
  return { config: reading.config, secrets: reading.secrets, snapshot: policies.snapshot };
}

async function checkPolicies(
  config: Readable,
): Promise<{ readonly snapshot: Snapshot | undefined; readonly faults: readonly string[] }> {
  const { policies, portalUrl } = config;
  if (policies === undefined || portalUrl === undefined) return { snapshot: undefined, faults: [] };
  const loaded = await loadPolicies(policies, { evaluation: false, production: true, portalUrl });
  if ('snapshot' in loaded) return { snapshot: loaded.snapshot, faults: [] };
  return { snapshot: undefined, faults: loaded.faults.map(String) };
}

/** Reads one secret from its file. */
export function readSecretFile(path: string): string {
  return readFileSync(path, 'utf8');
}

/** The file system a folder is on, or undefined when it is not there. */
export function deviceOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.dev;
}
