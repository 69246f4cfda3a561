/**
 * Holds the register of credentials against the policy and the secret files: at every activation of a policy, and when a
 * secret was replaced while running. The mark of a secret is keyed by the installation, so that a database alone tells
 * nothing about it.
 */
import { createHmac } from 'node:crypto';
import type { AnswerOf, Command } from '../core/commands.ts';
import type { HeldCredential } from '../core/credential.ts';
import type { Snapshot } from '../core/model.ts';
import { derive } from './keys.ts';
import { readSecretOf, surveySecrets } from './secret-files.ts';

export interface CredentialRegisterOptions {
  /** Folder of the secret files. */
  readonly dir: string;
  /** The installation's master key. */
  readonly master: Buffer;
  run(
    command: Extract<Command, { do: 'credentials' }>,
  ): Promise<AnswerOf<Extract<Command, { do: 'credentials' }>>>;
}

export interface CredentialRegister {
  /** Durable when it resolves. For all clients, or for one. Throws Fault `ledger_unavailable` with nothing applied. */
  record(snapshot: Snapshot, only?: string): Promise<AnswerOf<Extract<Command, { do: 'credentials' }>>>;
}

export function createCredentialRegister({
  dir,
  master,
  run,
}: CredentialRegisterOptions): CredentialRegister {
  const key = derive(master, 'credential marks');

  function markOf(client: string, file: string): string | undefined {
    const read = readSecretOf(dir, client, file);
    if ('fault' in read) return undefined;
    return createHmac('sha256', key).update(`${client}/${file}\0${read.content}`).digest('base64url');
  }

  return {
    record(snapshot, only) {
      const held = new Map<string, readonly HeldCredential[]>();
      for (const client of snapshot.clients.values()) {
        if (only !== undefined && client.id !== only) continue;
        const found = [...client.systems.values()].flatMap(({ id, credential }): HeldCredential[] => {
          if (credential === undefined) return [];
          const { header: _, ...words } = credential;
          return [{ system: id, ...words, mark: markOf(client.id, credential.file) }];
        });
        if (found.length > 0) held.set(client.id, found);
      }
      return run({ do: 'credentials', held, secrets: new Set(surveySecrets(dir).keys()), only });
    },
  };
}
