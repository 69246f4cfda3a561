/** Opens the log of this machine for a command that writes to it, and closes it again whatever happens. */
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Ledger } from '../core/ports.ts';
import { createArchive } from '../stores/archive.ts';
import { createLedger } from '../stores/ledger.ts';

/** Where the log lies, and the name it bears. */
export interface Place {
  readonly file: string;
  readonly keysDir: string;
  readonly guardDir: string;
  readonly host: string;
}

export function placeOf({
  data,
  keys,
  guard,
  portalUrl,
}: Pick<Config, 'data' | 'keys' | 'guard' | 'portalUrl'>): Place {
  return { file: join(data, 'ledger.db'), keysDir: keys, guardDir: guard, host: portalUrl.host };
}

/** What `work` answers. `node`: the command, as the log's writer is called. Throws what opening and writing throw. */
export async function withLedger<T>(
  place: Place,
  node: string,
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> {
  const ledger = await createLedger({ ...place, node });
  try {
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}

/** The clients that have a log there. */
export async function clientsWithLog(place: Place): Promise<ReadonlySet<string>> {
  const archive = await createArchive(place);
  return archive
    .epochs()
    .then((epochs) => new Set(epochs.keys()))
    .finally(() => archive.close());
}
