/** The check of a reference against the ticket system, as the client's rules want it, before anything is written. */
import type { Client } from '../core/model.ts';
import { isProvisional } from '../core/references.ts';
import { checkOf, type ReferenceCheck, type TicketFault } from '../core/ticket-check.ts';
import type { PortalDeps } from './deps.ts';
import { Refusal } from './refusal.ts';
import { texts } from './texts.ts';

export type Checked =
  /** What stands on the line; undefined: there was nothing to ask. */
  { readonly check: ReferenceCheck | undefined } | { readonly refused: TicketFault };

/**
 * Asks where the client's rules say so. No ticket is looked for behind a reference that is owed, or behind none. In an
 * emergency a ticket system that does not answer holds nobody up: the client reviews the access, and sees that it was not asked.
 * That we do not ask now is no answer: throws Refusal, and nothing is borne or written.
 */
export async function checkReference(
  { tickets }: Pick<PortalDeps, 'tickets'>,
  client: Client,
  reference: string,
  emergency = false,
): Promise<Checked> {
  if (client.tickets === undefined || reference === '' || isProvisional(reference))
    return { check: undefined };
  const fault = await tickets.ask(client.tickets, client.id, reference);
  if (fault === 'busy') {
    const { busyTitle, busyNext } = texts.ticketCheck;
    throw new Refusal(503, 'ticket_busy', busyTitle, busyNext);
  }
  const borne = client.tickets.onFailure === 'mark' || (emergency && fault === 'ticket_unchecked');
  if (fault !== undefined && !borne) return { refused: fault };
  return { check: checkOf(fault) };
}
