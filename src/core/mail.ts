/** Mail to people: what is handed over, and what is known of how it went. */
import type { Language } from './model.ts';

/** A mail to one person. */
export interface Mail {
  /** The same mail has the same key for ever; a second one is not sent. */
  readonly key: string;
  readonly to: string;
  readonly language: Language;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface MailNumbers {
  readonly waiting: number;
  readonly sent: number;
  /** Given up: the server refused for good, or nobody took it for days. */
  readonly dead: number;
  /** When the one that waits longest was handed over, epoch milliseconds; undefined: none waits. */
  readonly oldest: number | undefined;
}

/** Addresses, folded, that a mail server refused for good -> since when, epoch milliseconds. A mail that arrives ends it. */
export type RefusedAddresses = ReadonlyMap<string, number>;

/** Mail to people. Throws Fault `ledger_unavailable` when its thread is gone; it is started again with the next question. */
export interface Mailbox {
  /** Kept on disk when it resolves, and sent as soon as it can be; answers how many were new. */
  offer(mails: readonly Mail[]): Promise<number>;
  /** When mails began here, epoch milliseconds. */
  since(): Promise<number>;
  numbers(): Promise<MailNumbers>;
  refused(): Promise<RefusedAddresses>;
  /** Resolves when nothing is being sent any more. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const address = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+$/;

/** Whether the text is one mail address in plain letters: nothing in it makes two of it, or a line of a mail's head. */
export function isMailAddress(text: string): boolean {
  return text.length <= 254 && address.test(text);
}
