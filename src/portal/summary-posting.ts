/**
 * The summary of an access that is over, put into its ticket: when its technician presses the button, and at no other time. What
 * came of it is said on the page; the text to be copied stays there.
 */
import { hash } from 'node:crypto';
import type { Client, Opening } from '../core/model.ts';
import { isProvisional } from '../core/references.ts';
import type { TicketSummary } from '../core/ticket-check.ts';
import { memoryOf, plainNotice } from './memory.ts';
import { Refusal } from './refusal.ts';
import { texts } from './texts.ts';
import { ticketSummary } from './ticket-summary.ts';
import type { Visit } from './visit.ts';

const words = texts.desk.summary;

/** Whether there is a ticket and a way to tell it. */
export function isPostable({ deps }: Visit, client: Client | undefined, { reference }: Opening): boolean {
  if (client?.tickets?.summaryAddress === undefined || deps.tickets.tell === undefined) return false;
  return reference !== '' && !isProvisional(reference);
}

/** Tells the ticket what was done, and leads back to the page. Throws Refusal while the access runs or where nothing is told. */
export async function postSummary(
  visit: Visit,
  client: Client | undefined,
  opening: Opening,
  ended: boolean,
): Promise<void> {
  const { deps, res, req, now } = visit;
  const { tell } = deps.tickets;
  const check = client?.tickets;
  if (
    client === undefined ||
    check === undefined ||
    tell === undefined ||
    !isPostable(visit, client, opening)
  )
    throw new Refusal(409, 'summary_nowhere', words.nowhere, words.nowhereNext);
  if (!ended) throw new Refusal(409, 'summary_early', words.early, words.earlyNext);
  const text = await ticketSummary(visit, client, opening);
  const { reference, id: access } = opening;
  const said: TicketSummary = { client: client.id, reference, access, text };
  const id = `sum_${hash('sha256', JSON.stringify(said), 'base64url').slice(0, 32)}`;
  const taken = await tell(check, { id, said, now });
  memoryOf(req).notice = taken
    ? plainNotice('summary-sent')
    : { ...plainNotice('summary-failed'), recorded: false };
  res.redirect(303, `/openings/${opening.id}`);
}
