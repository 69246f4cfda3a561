/** Where a client's contract stands: whether it is over or ends, what the client decided, and what is still open. */
import { inBoth } from '../core/both-languages.ts';
import {
  comingEnd,
  currentEnding,
  type Ending,
  type EndingBook,
  type EndingCause,
  type EndingStatement,
  fileEnd,
  isSettled,
  overAt,
} from '../core/ending.ts';
import { type EndingCertificate, readCertificate } from '../core/ending-certificate.ts';
import type { Client, Text } from '../core/model.ts';
import { date, instant } from './formats.ts';
import type { Visit } from './visit.ts';

export interface EndingState {
  readonly book: EndingBook;
  readonly statement: EndingStatement | undefined;
  /** Since when and why it is over; undefined: it goes on. */
  readonly over: { readonly since: number; readonly cause: EndingCause } | undefined;
  /** As the log says it; undefined while it goes on, and for the moment until the log says that it is over. */
  readonly ending: Ending | undefined;
  /** The next end that is known, the first instant after it. */
  readonly coming: number | undefined;
  readonly certificate: EndingCertificate | undefined;
  /** It was to be done by a day that is over, and something is open. */
  readonly late: boolean;
}

export async function endingState(
  { deps, now }: Pick<Visit, 'deps' | 'now'>,
  client: Client,
): Promise<EndingState> {
  const book = await deps.archive.ending(client.id);
  const statement = book.statements[0]?.said;
  const ending = currentEnding(book);
  const file = fileEnd(client);
  const found = overAt(file, statement?.endsAt, now);
  // While the log says that it is over, it is: nobody is let in before another line.
  const over = ending === undefined ? found : { since: ending.since, cause: ending.cause };
  const dueAt = statement?.dueAt;
  return {
    ...{ book, statement, over, ending },
    coming: over === undefined ? comingEnd(file, statement?.endsAt, now) : undefined,
    certificate: ending?.certificate && readCertificate(ending.certificate.text),
    late: over !== undefined && dueAt !== undefined && dueAt <= now && !isSettled(book.open),
  };
}

/** Whether a contract is over, by what is known of all of them at once. */
export function isOver(
  client: Client,
  known: { readonly over: boolean; readonly noticed: number | undefined } | undefined,
  now: number,
): boolean {
  return known?.over === true || overAt(fileEnd(client), known?.noticed, now) !== undefined;
}

/** An instant in both languages, in the client's zone. */
export function told(at: number, zone: string): Text {
  return inBoth((language) => instant(at, zone, language));
}

/** The day before midnight, or the day of any other instant. */
export function lastDayOf(at: number, zone: string): Text {
  return inBoth((language) => date(at - 1, zone, language));
}

export function dayOf(at: number, zone: string): Text {
  return inBoth((language) => date(at, zone, language));
}
