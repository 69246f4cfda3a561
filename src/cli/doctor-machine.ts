/**
 * What `consentry doctor` looks at on this machine: clock, keys, folders, disk, certificates. Reads only.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { access, constants, readdir, readFile, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Config } from '../config.ts';
import { settingWarnings } from '../config.ts';
import type { Snapshot } from '../core/model.ts';
import { KeysFault, loadKeys } from '../stores/keys.ts';
import type { Check, Finding } from './doctor-check.ts';
import { deviceOf } from './prepare.ts';

const GIBIBYTE = 2 ** 30;
/** Room that the access log should always have before it. */
const FREE_BYTES = 2 * GIBIBYTE;
const DAY_MS = 86_400_000;
/** The clock cannot be before this program was written, nor a lifetime after it. */
const EARLIEST = Date.UTC(2026, 0, 1);
const LATEST = Date.UTC(2066, 0, 1);

/** All checks of this machine, for these settings. */
export function machineChecks(config: Config): readonly Check[] {
  return [
    { about: 'clock', look: async () => [clock(Date.now())] },
    { about: 'keys', look: async () => keys(config.keys) },
    { about: 'data folder', look: () => writable('data folder', config.data) },
    { about: 'guard folder', look: () => writable('guard folder', config.guard) },
    { about: 'disk space', look: () => space(config.data) },
    { about: 'separation', look: async () => separation(config) },
    ...(config.tls === undefined ? [] : [certificatesCheck(config.tls)]),
  ];
}

/** The files with which the portal proves itself to sign-in services: there, and for the owner's eyes only. */
export function secretChecks(config: Config, snapshot: Snapshot): readonly Check[] {
  return snapshot.providers.flatMap(({ id, secretFile }) => {
    if (secretFile === undefined) return [];
    const about = `secret of ${id}`;
    return [{ about, look: async () => [await secret(about, join(config.keys, secretFile))] }];
  });
}

async function secret(about: string, file: string): Promise<Finding> {
  try {
    const { mode, size } = await stat(file);
    if (size === 0)
      return { verdict: 'do', about, advice: `${file} is empty; put the client secret into it` };
    if ((mode & 0o077) !== 0)
      return { verdict: 'do', about, advice: `${file} can be read by others; chmod 600 it` };
    return { verdict: 'ok', about };
  } catch {
    const advice = `${file} cannot be read; put the client secret of this sign-in service into it, mode 0600`;
    return { verdict: 'do', about, advice };
  }
}

/** Coarse: a machine without a clock battery starts in 1970. The sign-in check compares to the minute. */
export function clock(now: number): Finding {
  if (now >= EARLIEST && now < LATEST) return { verdict: 'ok', about: 'clock' };
  const advice = `this machine believes it is ${new Date(now).toISOString()}; set it, and keep it set by NTP`;
  return { verdict: 'do', about: 'clock', advice };
}

function keys(folder: string): readonly Finding[] {
  try {
    const { evaluationConsent } = loadKeys(folder);
    if (evaluationConsent === undefined) return [{ verdict: 'ok', about: 'keys' }];
    const advice =
      'this folder holds a key of evaluation mode; make new keys with "consentry keys init" in another folder';
    return [{ verdict: 'do', about: 'keys', advice }];
  } catch (error) {
    if (!(error instanceof KeysFault)) throw error;
    return error.faults.map((advice) => ({ verdict: 'do', about: 'keys', advice }));
  }
}

async function writable(about: string, folder: string): Promise<readonly Finding[]> {
  const place = existingAncestor(folder);
  try {
    await access(place, constants.W_OK | constants.X_OK);
    return [{ verdict: 'ok', about }];
  } catch {
    return [
      {
        verdict: 'do',
        about,
        advice: `this user may not write in ${place}; give it to the user that runs Consentry`,
      },
    ];
  }
}

/** The folder itself, or the nearest one above it that is there: the start makes the rest. */
function existingAncestor(folder: string): string {
  let place = resolve(folder);
  while (deviceOf(place) === undefined && dirname(place) !== place) place = dirname(place);
  return place;
}

async function space(folder: string): Promise<readonly Finding[]> {
  const { bavail, bsize } = await statfs(existingAncestor(folder));
  return [room(bavail * bsize)];
}

/** Is so much free room enough for the log? */
export function room(free: number): Finding {
  const about = 'disk space';
  if (free >= FREE_BYTES) return { verdict: 'ok', about };
  const left = (Math.floor((free / GIBIBYTE) * 10) / 10).toFixed(1);
  const advice = `${left} GiB free; without room for the log nobody gets in: make room for at least 2 GiB`;
  return { verdict: 'do', about, advice };
}

function separation(config: Config): readonly Finding[] {
  const about = 'separation';
  const warnings = settingWarnings(config, (folder) => deviceOf(existingAncestor(folder)));
  if (warnings.length === 0) return [{ verdict: 'ok', about }];
  return warnings.map((advice) => ({ verdict: 'note', about, advice }));
}

function certificatesCheck(folder: string): Check {
  return { about: 'certificates', look: () => certificates(folder, Date.now()) };
}

/** Every `<name>.pem` has its `<name>.key`, they belong together, and it is valid for another 30 days. */
export async function certificates(folder: string, now: number): Promise<readonly Finding[]> {
  const about = 'certificates';
  const names = (await readdir(folder)).filter((name) => name.endsWith('.pem'));
  if (names.length === 0) return [{ verdict: 'do', about, advice: `there is no .pem file in ${folder}` }];
  return Promise.all(names.sort().map((name) => certificate(folder, name, now)));
}

async function certificate(folder: string, name: string, now: number): Promise<Finding> {
  const about = `certificate ${name}`;
  const keyName = name.replace(/\.pem$/, '.key');
  try {
    const chain = new X509Certificate(await readFile(join(folder, name)));
    const key = createPrivateKey(await readFile(join(folder, keyName)));
    const days = Math.floor((Date.parse(chain.validTo) - now) / DAY_MS);
    if (!chain.checkPrivateKey(key))
      return { verdict: 'do', about, advice: `${keyName} is the key of another certificate` };
    if (days < 0) return { verdict: 'do', about, advice: 'it has expired; renew it' };
    if (days < 30) return { verdict: 'do', about, advice: `it expires in ${days} days; renew it` };
    return { verdict: 'ok', about };
  } catch {
    return {
      verdict: 'do',
      about,
      advice: `${name} or ${keyName} cannot be read; both must be PEM files that this user may read`,
    };
  }
}
