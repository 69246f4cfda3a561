/**
 * Asks the provider's ticket system about a reference before an access is declared under it, and tells it what was done when the
 * technician says so. One connection each:
 * two seconds for all of it, no redirect is followed, no more than a few kilobytes are read, and the address is one that
 * `lookup` lets pass. Whatever goes wrong is an answer: it could not be checked.
 */
import type { LookupFunction } from 'node:net';
import { secretFaults } from '../core/credential.ts';
import { judgeTicket, type TicketCheck, type TicketDesk, ticketAddress } from '../core/ticket-check.ts';
import type { Log } from '../log.ts';
import { exchangeOnce } from './one-exchange.ts';
import { signedHeaders } from './webhook-signing.ts';

const patience = 2_000;
const mostBytes = 16_384;
/** Questions, and messages, of one client on their way at once: whoever declares in a loop must not wear the ticket system out, nor hold up another client. */
const mostAtOnce = 8;

export interface TicketDeskOptions {
  /** Resolves names, and only to addresses that may be reached. */
  readonly lookup: LookupFunction;
  /** The content of a file in the keys folder. May throw. */
  readonly secret: (name: string) => string | undefined;
  readonly log: Log;
  /** The bytes that messages of and to the ticket system are signed with; undefined: it is told nothing. */
  readonly signing?: Uint8Array | undefined;
}

export function createTicketDesk({ lookup, secret, log, signing }: TicketDeskOptions): TicketDesk {
  const asking = new Slots();
  const telling = new Slots();
  const tell: NonNullable<TicketDesk['tell']> = async (check, { id, said, now }) => {
    const { client, reference } = said;
    const url = ticketAddress(check.summaryAddress ?? '', client, reference);
    if (url === undefined || signing === undefined || !telling.take(client)) return false;
    try {
      const timestamp = new Date(now).toISOString();
      const body = JSON.stringify({ type: 'access.summary', timestamp, data: said });
      const headers = signedHeaders(signing, { id, body }, now);
      const { status } = await exchangeOnce({
        ...{ url, lookup, patience, mostBytes: 0, ca: check.ca, method: 'POST', body, headers },
      });
      const taken = status >= 200 && status < 300;
      if (!taken) log.warn('ticket_summary_refused', { client, status });
      return taken;
    } catch (error) {
      log.warn('ticket_summary_unsent', { client, error });
      return false;
    } finally {
      telling.free(client);
    }
  };
  return {
    ...(signing === undefined ? {} : { tell }),
    async ask(check, client, reference) {
      const url = ticketAddress(check.address, client, reference);
      if (url === undefined) return 'ticket_unknown';
      if (!asking.take(client)) return 'busy';
      try {
        const token = tokenOf(check, secret);
        const { status, body } = await exchangeOnce({
          ...{ url, lookup, patience, mostBytes, ca: check.ca, method: 'GET' },
          headers: {
            accept: 'application/json',
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          },
        });
        const judged = judgeTicket(status, body, client);
        if (judged === 'ticket_unchecked') log.warn('ticket_answer_unusable', { client, status });
        return judged;
      } catch (error) {
        log.warn('ticket_unchecked', { client, error });
        return 'ticket_unchecked';
      } finally {
        asking.free(client);
      }
    },
  };
}

/** So many of each client at once. */
class Slots {
  readonly #taken = new Map<string, number>();

  take(client: string): boolean {
    const taken = this.#taken.get(client) ?? 0;
    if (taken >= mostAtOnce) return false;
    this.#taken.set(client, taken + 1);
    return true;
  }

  free(client: string): void {
    const left = (this.#taken.get(client) ?? 1) - 1;
    if (left > 0) this.#taken.set(client, left);
    else this.#taken.delete(client);
  }
}

function tokenOf({ secretFile }: TicketCheck, secret: TicketDeskOptions['secret']): string | undefined {
  if (secretFile === undefined) return undefined;
  const token = secret(secretFile) ?? '';
  if (secretFaults(token).bearer !== undefined)
    throw new Error('the secret file of the ticket check does not hold a token');
  return token;
}
