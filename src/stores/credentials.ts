/**
 * The credentials in use. Each exchange gets the secret as its file holds it now: one `stat` tells whether it changed, so a
 * file that was replaced is used by the next exchange, without a restart. A file that is there and cannot be used leaves
 * the former secret in place, with a warning; a file that is gone is a credential taken back. Secrets are kept in memory
 * only, and told to nobody but the gateway.
 */
import { type Credential, type Presented, present, secretFaults } from '../core/credential.ts';
import type { System } from '../core/model.ts';
import type { Credentials } from '../core/ports.ts';
import type { Log } from '../log.ts';
import { readSecretOf, versionOf } from './secret-files.ts';

interface Held {
  readonly credential: Credential;
  /** Version of the file that was last looked at. */
  readonly version: string;
  readonly presented: Presented | undefined;
}

export interface CredentialOptions {
  /** Folder of the secret files. */
  readonly dir: string;
  readonly log: Log;
  /** Told after a secret of this client changed while running. */
  readonly changed: (client: string) => void;
}

export function createCredentials({ dir, log, changed }: CredentialOptions): Credentials {
  const known = new Map<string, Held>();

  function look(system: System, credential: Credential, key: string): Presented | undefined {
    const before = known.get(key);
    const version = versionOf(dir, system.client, credential.file);
    if (version === undefined) {
      if (before?.presented !== undefined) log.warn('credential_gone', whose(system));
      known.delete(key);
      return undefined;
    }
    const same = before !== undefined && sameCredential(before.credential, credential);
    if (same && before.version === version) return before.presented;
    const read = readSecretOf(dir, system.client, credential.file);
    const fault = 'fault' in read ? read.fault : secretFaults(read.content)[credential.kind];
    if ('fault' in read || fault !== undefined) {
      const presented = same ? before.presented : undefined;
      known.set(key, { credential, version, presented });
      if (presented === undefined) log.warn('credential_unusable', whose(system));
      else log.warn('credential_unusable_former_kept', whose(system));
      return presented;
    }
    const presented = present(credential, read.content);
    known.set(key, { credential, version, presented });
    if (before !== undefined) changed(system.client);
    return presented;
  }

  return {
    of(system) {
      const { credential } = system;
      return credential === undefined ? undefined : look(system, credential, `${system.client}/${system.id}`);
    },
  };
}

function whose({ client, id }: System): { readonly client: string; readonly system: string } {
  return { client, system: id };
}

/** Equal in all that decides what goes up; a reloaded policy makes new objects. */
function sameCredential(a: Credential, b: Credential): boolean {
  return (
    a === b || (a.kind === b.kind && a.file === b.file && a.header === b.header && a.account === b.account)
  );
}
