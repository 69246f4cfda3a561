/**
 * Secrets of sign-in services: a provider that names a secret file needs one that can be used, or nobody could sign in
 * there. What the files are like is told from outside; without that nothing is checked.
 */
import type { Complaints } from './complaints.ts';
import type { Files } from './gather.ts';

/** What is wrong with each file in the keys folder, by name; under an empty name: with the folder. */
export type KeyFiles = ReadonlyMap<string, string | undefined>;

/** Adds a fault for each provider whose secret file is missing or unusable. */
export function checkProviderSecrets(
  { identity }: Files,
  known: KeyFiles | undefined,
  complaints: Complaints,
): void {
  if (identity === undefined || known === undefined) return;
  for (const [id, { secret_file: name }] of Object.entries(identity.content.providers)) {
    if (name === undefined) continue;
    const fault =
      known.get('') ?? (known.has(name) ? known.get(name) : 'is missing in the folder of the keys');
    if (fault !== undefined)
      complaints.add(identity, ['providers', id, 'secret_file'], `the secret file ${name} ${fault}`);
  }
}
