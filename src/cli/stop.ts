/**
 * `consentry stop --client ID`: ends every access to one client without the portal, for the moment in which a client
 * calls. It suspends each active agreement in the ledger itself. From that line on nothing new passes; a running
 * gateway sees it within a second, cuts what runs and writes how much passed. Only the client's representative resumes.
 */
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Environment, Readable } from '../config.ts';
import { readConfig } from '../config.ts';
import { Fault } from '../core/faults.ts';
import type { Archive, Ledger } from '../core/ports.ts';
import { createArchive } from '../stores/archive.ts';
import { KeysFault } from '../stores/keys.ts';
import { type Misread, misread, misunderstood, readOptions } from './options.ts';
import { readSecretFile } from './prepare.ts';
import type { Terminal } from './terminal.ts';
import { type Place, placeOf, withLedger } from './with-ledger.ts';

const usage = 'consentry stop --client ID [--by YOUR-ID]';

/** A running gateway asks for epochs every second; this leaves it time to cut and to write. */
const WAIT_MS = 5_000;
const LOOK_EVERY_MS = 100;

interface Asked {
  readonly client: string;
  readonly by: string;
}

/** Answers 0 when every access is ended, 1 when something is left to do, 2 when the command is not understood. */
export async function stopCommand(args: string[], env: Environment, terminal: Terminal): Promise<number> {
  const asked = read(args);
  if ('wrong' in asked) return misunderstood('stop', asked.wrong.en, usage, terminal);
  // Whatever else is wrong with the settings must not hinder a stop.
  const reading = readConfig(env, { evaluation: false, readSecretFile });
  const place = placeIn('config' in reading ? reading.config : reading.readable);
  if (place === undefined || !existsSync(place.file)) {
    terminal.complain(
      'consentry stop: there is no ledger at CONSENTRY_DATA; use the settings of the gateway',
    );
    return 1;
  }
  try {
    return await stop(asked, place, terminal);
  } catch (error) {
    for (const sentence of sentences(error)) terminal.complain(`consentry stop: ${sentence}`);
    return 1;
  }
}

function read(args: string[]): Asked | Misread {
  const read = readOptions({ args, options: { client: { type: 'string' }, by: { type: 'string' } } });
  if ('wrong' in read) return read;
  const { client = '', by = 'operator' } = read.values;
  return client === '' ? misread('--client is missing') : { client, by };
}

function placeIn({ data, keys, guard, portalUrl }: Readable): Place | undefined {
  if (data === undefined || keys === undefined || guard === undefined || portalUrl === undefined)
    return undefined;
  return placeOf({ data, keys, guard, portalUrl });
}

async function stop(asked: Asked, place: Place, terminal: Terminal): Promise<number> {
  const archive = await createArchive(place);
  try {
    const epochs = await archive.epochs();
    if (!epochs.has(asked.client)) {
      terminal.complain(
        `consentry stop: there is no client of that name; these have a log: ${[...epochs.keys()].join(' ')}`,
      );
      return 1;
    }
    const suspended = await withLedger(place, 'stop', (ledger) => suspendAll(asked, ledger, archive));
    for (const grant of suspended) terminal.print(`suspended  ${grant}`);
    return await untilEnded(asked.client, archive, terminal);
  } finally {
    await archive.close();
  }
}

/** Suspends each active agreement. One that changed meanwhile is looked at again; what is over already is left alone. */
async function suspendAll(asked: Asked, ledger: Ledger, archive: Archive): Promise<readonly string[]> {
  const suspended: string[] = [];
  for (let round = 0; round < 3; round++) {
    const { grants } = await archive.inForce(asked.client);
    const active = grants.filter(({ status }) => status === 'active');
    if (active.length === 0) return suspended;
    for (const { id } of active) if (await suspend(asked, id, ledger)) suspended.push(id);
  }
  throw new Fault('ledger_conflict', 'agreements kept changing');
}

async function suspend({ client, by }: Asked, grant: string, ledger: Ledger): Promise<boolean> {
  try {
    const answer = await ledger.run({
      do: 'grant-status',
      client,
      grant,
      to: 'suspended',
      by: { provider: by },
    });
    return 'grant' in answer;
  } catch (error) {
    if (error instanceof Fault && error.code === 'ledger_conflict') return false;
    throw error;
  }
}

/** Waits for the gateway to write the end of each access. What passed is only known there. */
async function untilEnded(client: string, archive: Archive, terminal: Terminal): Promise<number> {
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    const { openings } = await archive.inForce(client);
    if (openings.length === 0) {
      terminal.print(
        `stopped    ${client}: nothing is open; only its representative can resume an agreement`,
      );
      return 0;
    }
    if (waited >= WAIT_MS) {
      terminal.complain(
        `consentry stop: the agreements are suspended and nothing new passes, but no gateway has ended ${openings.length} open accesses yet; look whether it runs`,
      );
      return 1;
    }
    await pause(LOOK_EVERY_MS);
  }
}

function sentences(error: unknown): readonly string[] {
  if (error instanceof KeysFault) return error.faults;
  if (!(error instanceof Fault)) throw error;
  return [`nothing could be written (${error.code}); stop the gateway itself if access must end now`];
}
