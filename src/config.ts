/**
 * Settings: one table, read once, all faults at once. Secrets are kept apart and never printed, not even in a
 * fault. Pure: the environment and the reading of secret files are handed in. Unknown `CONSENTRY_*` names are
 * faults, because a misspelt safety setting must not be silently ignored.
 */

import type { Address, Parsed } from './setting-formats.ts';
import { isLoopback } from './setting-formats.ts';
import type { Config, FromEnvironment, Secrets, Setting } from './settings.ts';
import { PREFIX, secretSettings, settings } from './settings.ts';

export type { Address } from './setting-formats.ts';
export type { Config, Secrets, SettingRow } from './settings.ts';
export { envExample, settingRows } from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Reading {
  readonly config: Config;
  readonly secrets: Secrets;
}

/** What could be read: every field may be missing. */
export type Readable = { readonly [K in keyof FromEnvironment]?: Config[K] | undefined };

export interface Misread {
  readonly faults: readonly string[];
  /** What could be read all the same, so that other checks can still be made and reported together. */
  readonly readable: Readable;
}

export interface ReadOptions {
  readonly evaluation: boolean;
  /** Reads a secret's file; throws when it cannot. Without it every `_FILE` variant is a fault. */
  readonly readSecretFile?: (path: string) => string;
}

/**
 * Reads the settings. Either everything is right and both results are frozen, or every fault is told at once, one
 * sentence each, beginning with the setting's name. No sentence repeats a value.
 */
export function readConfig(env: Environment, options: ReadOptions): Reading | Misread {
  const faults = unknownNames(env);
  const settle = <T>(result: Parsed<T>, name: string): T | undefined => {
    if ('value' in result) return result.value;
    faults.push(`${name}: ${result.fault}`);
    return undefined;
  };
  const take = <T>(setting: Setting<T>): T | undefined =>
    settle(readOne(setting, env, options.evaluation), setting.name);
  const takeSecret = (setting: Setting<string>): string | undefined =>
    settle(readSecret(setting, env, options.readSecretFile), setting.name);
  const listen = take(settings.listen);
  const portal = portalSetting(options.evaluation, listen);
  const readable: { -readonly [K in keyof FromEnvironment]: Config[K] | undefined } = {
    portalUrl: take(portal),
    listen,
    opsListen: take(settings.opsListen),
    policies: take(settings.policies),
    data: take(settings.data),
    keys: take(settings.keys),
    guard: take(settings.guard),
    credentials: take(settings.credentials),
    tls: take(settings.tls),
    trustedProxies: take(settings.trustedProxies) ?? [],
    mailFrom: take(settings.mailFrom),
    logLevel: take(settings.logLevel),
  };
  const secrets = hidden({
    redisUrl: takeSecret(secretSettings.redisUrl),
    databaseUrl: takeSecret(secretSettings.databaseUrl),
    smtpUrl: takeSecret(secretSettings.smtpUrl),
    scimToken: takeSecret(secretSettings.scimToken),
    ticketSecret: takeSecret(secretSettings.ticketSecret),
    providerHook: takeSecret(secretSettings.providerHook),
    providerHookSecret: takeSecret(secretSettings.providerHookSecret),
  });
  faults.push(...halfHook(secrets, faults));
  faults.push(...(options.evaluation ? evaluationFaults(env, readable) : productionFaults(readable)));
  const { tls, credentials, mailFrom, ...needed } = readable;
  if (faults.length > 0 || !isComplete(needed)) return { faults, readable };
  const { evaluation } = options;
  const config: Config = { evaluation, production: !evaluation, tls, credentials, mailFrom, ...needed };
  return { config: Object.freeze(config), secrets };
}

/** An address without a secret would send what nobody can check. */
function halfHook({ providerHook, providerHookSecret }: Secrets, faults: readonly string[]): string[] {
  const { name } = secretSettings.providerHook;
  if ((providerHook === undefined) === (providerHookSecret === undefined)) return [];
  // What cannot be read is said already.
  if (faults.some((fault) => fault.startsWith(name))) return [];
  return [`${name}: must be set together with ${secretSettings.providerHookSecret.name}`];
}

/** Where the secrets lie that clients handed over. */
export function credentialsFolder({ keys, credentials }: Pick<Config, 'keys' | 'credentials'>): string {
  return credentials ?? `${keys}/credentials`;
}

/** Without an own portal URL, evaluation mode follows the port it listens on. */
function portalSetting(evaluation: boolean, listen: Address | undefined): Setting<URL> {
  if (!evaluation || listen === undefined) return settings.portalUrl;
  return { ...settings.portalUrl, evaluation: `http://portal.localhost:${listen.port}` };
}

function isComplete<T extends object>(values: T): values is { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.values(values).every((value) => value !== undefined);
}

function readOne<T>(setting: Setting<T>, env: Environment, evaluation: boolean): Parsed<T | undefined> {
  const standard = evaluation ? (setting.evaluation ?? setting.standard) : setting.standard;
  const given = env[setting.name];
  const text = given === undefined || given === '' ? standard : given;
  if (text !== undefined) return setting.parse(text);
  if (!setting.required) return { value: undefined };
  return { fault: `must be set, for instance to ${setting.example}` };
}

function readSecret(
  setting: Setting<string>,
  env: Environment,
  readFile: ReadOptions['readSecretFile'],
): Parsed<string | undefined> {
  const direct = env[setting.name] ?? '';
  const path = env[`${setting.name}_FILE`] ?? '';
  if (direct !== '' && path !== '') return { fault: `is set twice, here and in ${setting.name}_FILE` };
  if (direct !== '') return setting.parse(direct);
  if (path === '') return { value: undefined };
  const text = readSecretText(path, readFile);
  if (text === undefined) return { fault: 'the file that its _FILE variant names cannot be read' };
  return text === '' ? { fault: 'the file that its _FILE variant names is empty' } : setting.parse(text);
}

function readSecretText(path: string, readFile: ReadOptions['readSecretFile']): string | undefined {
  try {
    return readFile?.(path).trim();
  } catch {
    // The error may quote the path or the content; that it failed is all that is told.
    return undefined;
  }
}

/** Evaluation mode signs in everybody with any password, so it stays on this machine. */
function evaluationFaults(env: Environment, config: Readable): string[] {
  const faults: string[] = [];
  if (env.NODE_ENV === 'production')
    faults.push('NODE_ENV: evaluation mode refuses to start with NODE_ENV=production');
  for (const key of ['listen', 'opsListen'] as const) {
    const address = config[key];
    if (address !== undefined && !isLoopback(address.host))
      faults.push(`${settings[key].name}: evaluation mode listens on loopback only, such as 127.0.0.1:8080`);
  }
  if (config.portalUrl !== undefined && !isLoopback(config.portalUrl.hostname))
    faults.push(`${settings.portalUrl.name}: evaluation mode needs a host under localhost`);
  return faults;
}

function productionFaults(config: Readable): string[] {
  if (config.portalUrl === undefined || config.portalUrl.protocol === 'https:') return [];
  return [`${settings.portalUrl.name}: must begin with https://`];
}

/** Things that work but weaken a promise. `deviceOf` tells a folder's file system, or undefined if it is not there yet. */
export function settingWarnings(
  config: Config,
  deviceOf: (path: string) => number | undefined,
): readonly string[] {
  const warnings: string[] = [];
  const data = deviceOf(config.data);
  for (const key of ['keys', 'guard'] as const) {
    if (data !== undefined && deviceOf(config[key]) === data)
      warnings.push(
        `${settings[key].name} is on the same file system as ${settings.data.name}: whoever puts an old disk back puts both back`,
      );
  }
  if (config.tls === undefined && config.trustedProxies.length === 0 && !isLoopback(config.listen.host))
    warnings.push(
      `${settings.listen.name} is reachable from elsewhere without ${settings.tls.name} and without ${settings.trustedProxies.name}`,
    );
  return warnings;
}

/** The secrets as an object that shows nothing when it is printed, copied, logged or turned into JSON. */
function hidden(values: Secrets): Secrets {
  const shell = {};
  for (const [key, value] of Object.entries(values))
    Object.defineProperty(shell, key, { value, enumerable: false });
  const conceal = () => '[secrets]';
  for (const name of ['toJSON', 'toString', Symbol.for('nodejs.util.inspect.custom')])
    Object.defineProperty(shell, name, { value: conceal, enumerable: false });
  return Object.freeze(shell) as Secrets;
}

/** Names beginning with the prefix that mean nothing here, each with the nearest name that does. */
function unknownNames(env: Environment): string[] {
  const known = [
    ...Object.values(settings).map((setting) => setting.name),
    ...Object.values(secretSettings).flatMap((setting) => [setting.name, `${setting.name}_FILE`]),
  ];
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .sort()
    .map((name) => `${name}: there is no such setting; the nearest is ${nearest(name, known)}`);
}

function nearest(name: string, candidates: readonly string[]): string {
  const ranked = candidates.map((candidate) => ({ candidate, steps: editDistance(name, candidate) }));
  ranked.sort((a, b) => a.steps - b.steps);
  return ranked[0]?.candidate ?? '';
}

/** Levenshtein: how many letters must be added, removed or replaced. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replace = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
