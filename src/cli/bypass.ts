/**
 * `consentry doctor bypass`: tries each system around the gateway, says whether what its file claims (`closed_by`) holds, and
 * writes what was found into the client's log. Where there is no log, as at an office or on the internet, `--save` keeps it in a
 * file, which `--record` takes on the gateway's machine. Needs no key and no ledger to try.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Environment, type Readable, readConfig } from '../config.ts';
import { holds, ownPlace } from '../core/doors.ts';
import { Fault } from '../core/faults.ts';
import type { Snapshot } from '../core/model.ts';
import { formatFault } from '../core/policy/faults.ts';
import { KeysFault } from '../stores/keys.ts';
import { loadPolicies } from '../stores/policy-files.ts';
import { tryDoors } from './bypass-doors.ts';
import { type ClientCheck, readSaved, savedText, writeChecks } from './bypass-record.ts';
import { type Misread, misread, misunderstood, readOptions } from './options.ts';
import { readSecretFile } from './prepare.ts';
import type { CommandMain, Terminal } from './terminal.ts';

const usage = [
  'consentry doctor bypass [--client ID [--system ID]] [--from PLACE [--save FILE]]',
  'consentry doctor bypass --record FILE',
];

interface Asked {
  readonly client: string | undefined;
  readonly system: string | undefined;
  readonly from: string;
  readonly save: string | undefined;
  readonly record: string | undefined;
}

/** 0: what was tried is closed as its file claims, and that is recorded. 1: it is not, or could not be told or written. 2: not understood. */
export const bypassCommand: CommandMain = async (args, env, terminal) => {
  const asked = read(args);
  if ('wrong' in asked) return misunderstood('doctor bypass', asked.wrong.en, usage, terminal);
  const { readable, snapshot, faults } = await policyOf(env);
  if (snapshot === undefined) {
    for (const fault of faults) terminal.complain(fault);
    return 1;
  }
  const fault = faultIn(asked, snapshot);
  if (fault !== undefined) {
    terminal.complain(`consentry doctor bypass: ${fault}`);
    return 1;
  }
  try {
    return asked.record === undefined
      ? await tryAll(asked, readable, snapshot, terminal)
      : await record(asked.record, readable, snapshot, terminal);
  } catch (error) {
    for (const sentence of sentences(error)) terminal.complain(`consentry doctor bypass: ${sentence}`);
    return 1;
  }
};

function read(args: readonly string[]): Asked | Misread {
  const read = readOptions({
    args: [...args],
    options: {
      client: { type: 'string' },
      system: { type: 'string' },
      from: { type: 'string' },
      save: { type: 'string' },
      record: { type: 'string' },
    },
  });
  if ('wrong' in read) return read;
  const { client, system, from, save, record: file } = read.values;
  if (system !== undefined && client === undefined) return misread('--system needs --client');
  if (save !== undefined && from === undefined) return misread('--save needs --from');
  if (file !== undefined && Object.keys(read.values).length > 1) return misread('--record goes alone');
  return { client, system, from: from ?? ownPlace, save, record: file };
}

/** The policy as the settings name it; whatever else is wrong with them must not hinder a look. */
export async function policyOf(env: Environment): Promise<{
  readonly readable: Readable;
  readonly snapshot?: Snapshot;
  readonly faults: readonly string[];
}> {
  const reading = readConfig(env, { evaluation: false, readSecretFile });
  const readable: Readable = 'config' in reading ? reading.config : reading.readable;
  const { policies, portalUrl } = readable;
  if (policies === undefined || portalUrl === undefined)
    return { readable, faults: 'faults' in reading ? reading.faults : [] };
  const loaded = await loadPolicies(policies, { evaluation: false, production: true, portalUrl });
  return 'snapshot' in loaded
    ? { readable, snapshot: loaded.snapshot, faults: [] }
    : { readable, faults: loaded.faults.map(formatFault) };
}

function faultIn({ client, system, from }: Asked, { clients, places = [] }: Snapshot): string | undefined {
  const known = client === undefined ? undefined : clients.get(client);
  if (client !== undefined && known === undefined) return `there is no client ${client}`;
  if (system !== undefined && known?.systems.has(system) !== true)
    return `${client} has no system ${system} that is served`;
  if (from !== ownPlace && !places.includes(from))
    return `identity.yaml lists no place ${from}: ${places.join(', ') || 'it lists none'}`;
  return undefined;
}

async function tryAll(
  asked: Asked,
  readable: Readable,
  snapshot: Snapshot,
  terminal: Terminal,
): Promise<number> {
  if (asked.save === undefined && !hasLedger(readable)) {
    terminal.complain(
      'consentry doctor bypass: there is no ledger at CONSENTRY_DATA; keep what is found with --save FILE, and record that file on the gateway’s machine',
    );
    return 1;
  }
  const systems = [...snapshot.clients.values()]
    .filter(({ id }) => asked.client === undefined || id === asked.client)
    .flatMap((client) => [...client.systems.values()])
    .filter(({ id }) => asked.system === undefined || id === asked.system);
  const { found, well } = await tryDoors(systems, asked.from, readable.portalUrl, terminal);
  if (asked.save === undefined) return (await writeFound(found, readable, terminal)) && well ? 0 : 1;
  writeFileSync(asked.save, savedText(found), { mode: 0o600, flag: 'wx' });
  terminal.print(`saved ${found.length}: on the gateway’s machine, doctor bypass --record ${asked.save}`);
  return well ? 0 : 1;
}

async function record(
  file: string,
  readable: Readable,
  snapshot: Snapshot,
  terminal: Terminal,
): Promise<number> {
  const { checks, faults } = readSaved(readFileSync(file, 'utf8'), snapshot, Date.now());
  for (const fault of faults) terminal.complain(`consentry doctor bypass: ${fault}`);
  if (faults.length > 0) return 1;
  const written = await writeFound(checks, readable, terminal);
  return written && checks.every(({ claim, place, result }) => holds(claim, place, result)) ? 0 : 1;
}

function hasLedger({ data }: Readable): boolean {
  return data !== undefined && existsSync(join(data, 'ledger.db'));
}

/** Answers whether everything was written. */
async function writeFound(
  checks: readonly ClientCheck[],
  readable: Readable,
  terminal: Terminal,
): Promise<boolean> {
  const { data, keys, guard, portalUrl } = readable;
  if (!hasLedger(readable) || data === undefined || keys === undefined || guard === undefined) {
    terminal.complain(
      'consentry doctor bypass: there is no ledger at CONSENTRY_DATA; use the settings of the gateway',
    );
    return false;
  }
  const place = {
    file: join(data, 'ledger.db'),
    keysDir: keys,
    guardDir: guard,
    host: portalUrl?.host ?? '',
  };
  const without = await writeChecks(checks, place);
  for (const client of without)
    terminal.complain(`consentry doctor bypass: ${client} has no log yet; start the gateway first`);
  terminal.print(`recorded ${checks.filter(({ client }) => !without.includes(client)).length}`);
  return without.length === 0;
}

function sentences(error: unknown): readonly string[] {
  if (error instanceof KeysFault) return error.faults;
  if (error instanceof Fault) return [`what was found could not be written (${error.code})`];
  if (Error.isError(error) && 'code' in error && 'path' in error)
    return [`${String(error.path)}: ${String(error.code)}`];
  throw error;
}
