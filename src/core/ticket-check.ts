/**
 * Whether the reference of a declaration is a ticket: what is asked of the provider's ticket system, and what its answer
 * means. `200 {"open": true, "client": "<id>"}`, 404 when there is none; anything else answers nothing. Pure.
 */
import { parseJson } from './objects.ts';

/** How references are checked for one client. */
export interface TicketCheck {
  /** With `{reference}` and, if it likes, `{client}` in its path or query. */
  readonly address: string;
  /** Name of the file in the keys folder that holds the bearer token; undefined: none is sent. */
  readonly secretFile: string | undefined;
  /** PEM bundle that alone is trusted there; undefined: the system's roots. */
  readonly ca: string | undefined;
  /** What happens to a declaration whose reference is not confirmed. */
  readonly onFailure: 'refuse' | 'mark';
  /** Where the summary of an access goes when its technician says so, as `address`; undefined: nowhere. */
  readonly summaryAddress?: string | undefined;
}

/** What a ticket is told of an access that is over: nothing of what was seen. */
export interface TicketSummary {
  readonly client: string;
  readonly reference: string;
  /** Id of the access. */
  readonly access: string;
  /** As it is shown to be copied. */
  readonly text: string;
}

export type TicketFault = 'ticket_unknown' | 'ticket_closed' | 'ticket_elsewhere' | 'ticket_unchecked';

/** What stands on the line of an access: confirmed, denied, or not to be found out. Left out: it was not asked. */
export const referenceChecks = ['ok', 'failed', 'unchecked'] as const;
export type ReferenceCheck = (typeof referenceChecks)[number];

/**
 * Asks the ticket system. Takes two seconds at most and never throws; undefined: open, and this client's. `busy`: it was not
 * asked, because as much is being asked for this client already; that is no answer of the ticket system.
 */
export interface TicketDesk {
  ask(check: TicketCheck, client: string, reference: string): Promise<TicketFault | 'busy' | undefined>;
  /**
   * Tells a ticket what was done, signed; true: it was taken. Takes two seconds at most and never throws. `id`: the same for the
   * same text, so that pressing twice is told once. Left out: there is nothing to sign with.
   */
  tell?(
    check: TicketCheck,
    message: { readonly id: string; readonly said: TicketSummary; readonly now: number },
  ): Promise<boolean>;
}

export function isReferenceCheck(value: unknown): value is ReferenceCheck {
  return referenceChecks.some((one) => one === value);
}

export function checkOf(fault: TicketFault | undefined): ReferenceCheck {
  if (fault === undefined) return 'ok';
  return fault === 'ticket_unchecked' ? 'unchecked' : 'failed';
}

const marks = /\{reference\}|\{client\}/g;

/** Whether a text can be the address of a check: it says itself where it leads, whatever the reference. */
export function isTicketAddress(text: string): boolean {
  if (!text.includes('{reference}') || !/^https?:\/\//.test(text)) return false;
  const [one, other] = ['a', 'b'].map((name) => plainUrl(text.replace(marks, name)));
  if (one === undefined || other === undefined || one.origin !== other.origin) return false;
  return one.username === '' && one.password === '' && one.hash === '';
}

/** Where one reference is asked about; undefined: it would lead elsewhere, so it is no ticket's. */
export function ticketAddress(address: string, client: string, reference: string): URL | undefined {
  if (!reference.isWellFormed()) return undefined;
  const put = (mark: string): string => encoded(mark === '{client}' ? client : reference);
  return plainUrl(address.replace(marks, put));
}

/** The URL, when it is written as it is read: no dots that climb, nothing left to be encoded. */
function plainUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  return url?.href === text ? url : undefined;
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** What an answer says about a reference of this client. `body`: as it came. */
export function judgeTicket(status: number, body: Uint8Array, client: string): TicketFault | undefined {
  if (status === 404 || status === 410) return 'ticket_unknown';
  const told = status === 200 ? parseJson(body) : undefined;
  if (typeof told !== 'object' || told === null || !('open' in told) || !('client' in told))
    return 'ticket_unchecked';
  if (typeof told.open !== 'boolean' || typeof told.client !== 'string') return 'ticket_unchecked';
  // Nothing is said about another client's ticket but that it is one.
  if (told.client !== client) return 'ticket_elsewhere';
  return told.open ? undefined : 'ticket_closed';
}
