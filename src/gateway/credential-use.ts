/**
 * Tells the register that a credential was used: once per opening and system, beside the exchange and never in its way.
 * The uses themselves are lines of the log.
 */
import type { Opening, System } from '../core/model.ts';
import type { Clock, Ledger } from '../core/ports.ts';
import type { Log } from '../log.ts';

export interface CredentialUse {
  note(opening: Opening, system: System): void;
  forget(opening: string): void;
}

export function createCredentialUse(ledger: Ledger, clock: Clock, log: Log): CredentialUse {
  const noted = new Map<string, Set<string>>();
  return {
    note(opening, { client, id, credential }) {
      if (credential === undefined) return;
      const systems = noted.get(opening.id) ?? new Set();
      if (systems.has(id)) return;
      noted.set(opening.id, systems.add(id));
      ledger.run({ do: 'credential-used', client, system: id, at: clock.now() }).catch(() => {
        // The next exchange of this opening tries again.
        systems.delete(id);
        log.warn('credential_use_unrecorded', { client, system: id });
      });
    },
    forget(opening) {
      noted.delete(opening);
    },
  };
}
