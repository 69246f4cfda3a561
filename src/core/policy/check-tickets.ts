/**
 * Where references are checked: over https, not at this machine or a metadata service, with a secret and certificates that
 * are there. In evaluation mode the ticket system may be on this machine.
 */
import { ticketAddress } from '../ticket-check.ts';
import type { KeyFiles } from './check-provider-secrets.ts';
import type { Complaints } from './complaints.ts';
import type { Files } from './gather.ts';
import { isForbiddenHost } from './networks.ts';

interface TicketRules {
  readonly evaluation: boolean;
  readonly keyFiles?: KeyFiles;
}

/** Adds a fault for each ticket system that could not or must not be asked. */
export function checkTickets(
  { clients, certificates }: Files,
  { evaluation, keyFiles }: TicketRules,
  complaints: Complaints,
): void {
  for (const file of clients.values()) {
    const tickets = file?.content.tickets;
    if (file === undefined || tickets === undefined) continue;
    const { check, summary, secret_file: secret, ca_file: ca } = tickets;
    const add = (key: string, message: string): void => complaints.add(file, ['tickets', key], message);
    for (const [key, address] of Object.entries({ check, summary })) {
      if (evaluation || address === undefined) continue;
      const url = ticketAddress(address, 'client', 'reference');
      if (url?.protocol !== 'https:') add(key, 'a ticket system is asked over https only');
      if (isForbiddenHost(url?.hostname ?? ''))
        add(key, 'a ticket system must not be a loopback, link-local, metadata or multicast address');
    }
    if (ca !== undefined && !certificates.has(ca)) add('ca_file', `the file ${ca} is missing`);
    if (secret === undefined || keyFiles === undefined) continue;
    const fault =
      keyFiles.get('') ??
      (keyFiles.has(secret) ? keyFiles.get(secret) : 'is missing in the folder of the keys');
    if (fault !== undefined) add('secret_file', `the secret file ${secret} ${fault}`);
  }
}
