/**
 * `consentry credentials list [--client ID] [--json]`: the register of what clients handed over, and secret files that no
 * policy names any more. Reads this machine's database and folder, and changes nothing. Never prints a secret.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { credentialsFolder, type Readable, readConfig } from '../config.ts';
import type { RegisteredCredential } from '../core/credential.ts';
import { createArchive } from '../stores/archive.ts';
import { KeysFault } from '../stores/keys.ts';
import { surveySecrets } from '../stores/secret-files.ts';
import { type Misread, misread, misunderstood, readOptions } from './options.ts';
import { readSecretFile } from './prepare.ts';
import type { CommandMain, Terminal } from './terminal.ts';

const usage = 'consentry credentials list [--client ID] [--json]';

interface Asked {
  readonly client: string | undefined;
  readonly json: boolean;
}

type Held = RegisteredCredential & { readonly client: string };

/** Answers 0; 1 when something is overdue or left over, or nothing could be read; 2 when not understood. */
export const credentialsCommand: CommandMain = async (args, env, terminal) => {
  const asked = read(args);
  if ('wrong' in asked) return misunderstood('credentials', asked.wrong.en, usage, terminal);
  const reading = readConfig(env, { evaluation: false, readSecretFile });
  const { data, keys, credentials }: Readable = 'config' in reading ? reading.config : reading.readable;
  if (data === undefined || keys === undefined || !existsSync(join(data, 'ledger.db'))) {
    terminal.complain(
      'consentry credentials: there is no ledger at CONSENTRY_DATA; use the settings of the gateway',
    );
    return 1;
  }
  try {
    const held = await register(join(data, 'ledger.db'), keys, asked.client);
    const files = [...surveySecrets(credentialsFolder({ keys, credentials })).keys()];
    return tell(held, leftOver(held, files, asked.client), asked, terminal);
  } catch (error) {
    if (!(error instanceof KeysFault)) throw error;
    for (const fault of error.faults) terminal.complain(`consentry credentials: ${fault}`);
    return 1;
  }
};

function read(args: readonly string[]): Asked | Misread {
  const read = readOptions({
    args: [...args],
    options: { client: { type: 'string' }, json: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  if ('wrong' in read) return read;
  const { client, json } = read.values;
  return read.positionals.join(' ') === 'list' ? { client, json } : misread('what it does is: list');
}

async function register(file: string, keysDir: string, only: string | undefined): Promise<readonly Held[]> {
  const archive = await createArchive({ file, keysDir });
  try {
    const clients = only === undefined ? [...(await archive.epochs()).keys()].sort() : [only];
    const found: Held[] = [];
    for (const client of clients)
      for (const one of await archive.credentials(client)) found.push({ client, ...one });
    return found;
  } finally {
    await archive.close();
  }
}

/** Secret files that belong to no credential in use. */
function leftOver(
  held: readonly Held[],
  files: readonly string[],
  only: string | undefined,
): readonly string[] {
  const used = new Set(
    held.filter(({ returnedAt }) => returnedAt === undefined).map(({ client, file }) => `${client}/${file}`),
  );
  return files.filter((name) => {
    const ofClient = only === undefined || name.startsWith(`${only}/`);
    return ofClient && name.includes('/') && !used.has(name);
  });
}

function tell(held: readonly Held[], left: readonly string[], { json }: Asked, terminal: Terminal): number {
  const now = Date.now();
  const rows = held.map((one) => ({ ...one, state: stateOf(one, now) }));
  if (json)
    terminal.print(JSON.stringify({ credentials: rows.map(forPrograms), left_over: left }, undefined, 2));
  else {
    for (const row of rows) terminal.print(sentence(row));
    if (rows.length === 0) terminal.print('no credentials were handed over');
    for (const name of left)
      terminal.print(`left over  ${name}: no policy names this secret file; delete it, or give it back`);
  }
  return left.length === 0 && rows.every(({ state }) => state !== 'overdue') ? 0 : 1;
}

type State = 'held' | 'overdue' | 'returned';

function stateOf({ returnedAt, rotateBy }: Held, now: number): State {
  if (returnedAt !== undefined) return 'returned';
  return rotateBy !== undefined && rotateBy <= now ? 'overdue' : 'held';
}

function day(at: number | undefined): string {
  return at === undefined ? 'never' : new Date(at).toISOString().slice(0, 10);
}

function sentence(row: Held & { readonly state: State }): string {
  const { client, system, account, kind, handedOverBy, handedOverOn, document, rotateBy } = row;
  const facts = [
    `${client}/${system}: ${account} (${kind}), from ${handedOverBy} on ${handedOverOn}, ${document}`,
    `used ${day(row.usedAt)}`,
    `rotated ${day(row.rotatedAt)}`,
    rotateBy === undefined ? 'no day to rotate by' : `rotate by ${day(rotateBy - 1)}`,
  ];
  if (row.returnedAt !== undefined) facts.push(`given back ${day(row.returnedAt)}`);
  return `${row.state.padEnd(10)} ${facts.join('; ')}`;
}

/** Times in RFC 3339, null for what never happened. */
function forPrograms(row: Held & { readonly state: State }): object {
  const time = (at: number | undefined): string | null =>
    at === undefined ? null : new Date(at).toISOString();
  return {
    client: row.client,
    system: row.system,
    kind: row.kind,
    account: row.account,
    file: `${row.client}/${row.file}`,
    handed_over_by: row.handedOverBy,
    handed_over_on: row.handedOverOn,
    document: row.document,
    recorded_at: time(row.recordedAt),
    used_at: time(row.usedAt),
    rotated_at: time(row.rotatedAt),
    rotate_by: time(row.rotateBy),
    returned_at: time(row.returnedAt),
    state: row.state,
  };
}
