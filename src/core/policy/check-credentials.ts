/**
 * Credentials that clients handed over: the keys must fit their kind, and the secret file must be there and usable. What
 * the files hold is told from outside; without that only the keys are checked.
 */
import { mayCarryCredential, type SecretFaults } from '../credential.ts';
import type { Complaints } from './complaints.ts';
import type { Files } from './gather.ts';
import { endOf, startOf } from './instants.ts';
import type { ParsedFile } from './parse.ts';
import type { CredentialSource } from './schema-credential.ts';
import type { ClientFile } from './schemas.ts';

/** What is wrong with each secret file, by `<client>/<file>`; `<client>` or an empty name: with a whole folder. */
export type Secrets = ReadonlyMap<string, SecretFaults>;

type System = ClientFile['systems'][string];

/** Adds a fault for each credential that cannot be used as written. */
export function checkCredentials(files: Files, secrets: Secrets | undefined, complaints: Complaints): void {
  for (const [client, file] of files.clients) {
    if (file === undefined) continue;
    for (const [id, system] of Object.entries(file.content.systems)) {
      const source = system.credential;
      if (source === undefined) continue;
      const at = ['systems', id, 'credential'];
      checkKeys(file, at, system, source, complaints);
      const fault = secrets === undefined ? undefined : secretFault(secrets, client, source);
      if (fault !== undefined) complaints.add(file, [...at, 'file'], fault);
    }
  }
}

function checkKeys(
  file: ParsedFile<ClientFile>,
  at: readonly PropertyKey[],
  system: System,
  source: CredentialSource,
  complaints: Complaints,
): void {
  const { kind, header } = source;
  const add = (key: string, message: string): void => complaints.add(file, [...at, key], message);
  if (kind === 'header' && header === undefined) add('kind', 'a credential in a header line needs "header"');
  if (kind !== 'header' && header !== undefined) add('header', 'only kind "header" has a header line');
  if (header !== undefined && !mayCarryCredential(header))
    add('header', 'a credential must not stand in a header line of this name');
  if (kind === 'basic' && source.account.includes(':'))
    add('account', 'the account of a basic credential must not hold a colon');
  if (kind === 'certificate' && !system.upstream.url.startsWith('https:'))
    add('kind', 'a client certificate needs an https upstream');
  const given = startOf(source.handed_over_on, 'UTC');
  const due = source.rotate_by === undefined ? undefined : endOf(source.rotate_by, 'UTC');
  if (given !== undefined && due !== undefined && due <= given)
    add('rotate_by', 'is before the credential was handed over');
}

function secretFault(secrets: Secrets, client: string, { file, kind }: CredentialSource): string | undefined {
  const name = `${client}/${file}`;
  const found = secrets.get(name) ?? secrets.get(client) ?? secrets.get('');
  if (found === undefined) return `the secret file ${name} is missing in the folder of the credentials`;
  return found[kind] === undefined ? undefined : `the secret file ${name} ${found[kind]}`;
}
