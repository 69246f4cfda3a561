/**
 * Opens the log of this machine for a command that only reads it, and closes it again whatever happens. What is wrong
 * with keys or database is said in the command's name.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Environment, readConfig } from '../config.ts';
import { createArchive, type LedgerArchive } from '../stores/archive.ts';
import { KeysFault } from '../stores/keys.ts';
import { readSecretFile } from './prepare.ts';
import type { Terminal } from './terminal.ts';

/** What `unset` means, in words. */
export const unset =
  'nothing says where the log is: give --data and --keys, or CONSENTRY_DATA and CONSENTRY_KEYS';

/** What `work` answers; 1 when the log cannot be read; `unset` when nothing says where it is. */
export async function withArchive(
  command: string,
  given: { readonly data?: string | undefined; readonly keys?: string | undefined },
  env: Environment,
  terminal: Terminal,
  work: (archive: LedgerArchive) => Promise<number>,
): Promise<number | 'unset'> {
  const reading = readConfig(env, { evaluation: false, readSecretFile });
  const config = 'config' in reading ? reading.config : reading.readable;
  const data = given.data ?? config.data;
  const keysDir = given.keys ?? config.keys;
  if (data === undefined || keysDir === undefined) return 'unset';
  const file = join(data, 'ledger.db');
  if (!existsSync(file)) {
    terminal.complain(`consentry ${command}: there is no ${file}`);
    return 1;
  }
  let archive: LedgerArchive | undefined;
  try {
    archive = await createArchive({ file, keysDir });
    return await work(archive);
  } catch (cause) {
    const faults =
      cause instanceof KeysFault ? cause.faults : [Error.isError(cause) ? cause.message : 'unknown'];
    for (const fault of faults) terminal.complain(`consentry ${command}: ${fault}`);
    return 1;
  } finally {
    await archive?.close();
  }
}
