/** What pages show of the end of a client's contract: where it stands, what the client decided, and what is still open. */
import { inBoth } from '../core/both-languages.ts';
import type { Copy } from '../core/copies.ts';
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
import { countCertified, type EndingCertificate, readCertificate } from '../core/ending-certificate.ts';
import type { Client, Text } from '../core/model.ts';
import { endingSentences } from './ending-form.ts';
import { date, instant } from './formats.ts';
import { systemName } from './system-names.ts';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

const words = texts.endings;

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

/** Where the contract stands, in a sentence. */
export function standing({ over, ending, coming }: EndingState, { zone }: Client): Text {
  if (over !== undefined)
    return ending === undefined
      ? words.overSoon
      : words.over(told(over.since, zone), words.causes[over.cause]);
  return coming === undefined ? words.runs : words.coming(lastDayOf(coming, zone));
}

export interface VersionShown {
  readonly version: number;
  readonly title: string;
  readonly sentences: readonly string[];
}

export function versionsOf(
  { say }: Pick<Visit, 'say'>,
  { book }: EndingState,
  { zone }: Client,
): readonly VersionShown[] {
  return book.statements.map(({ said, at }) => ({
    version: said.version,
    title: say(words.version(said.version, told(at, zone))),
    sentences: endingSentences(said).map(say),
  }));
}

/** How many copies were destroyed since the end although the client chose their return. */
export function otherThanChosen({ statement, over }: EndingState, copies: readonly Copy[]): number {
  if (statement?.choice !== 'return' || over === undefined) return 0;
  return copies.filter(({ gone }) => gone?.how === 'destroyed' && gone.at >= over.since).length;
}

/** What a certificate says, beside its list of copies, as names and values. */
export function certificateFacts(
  client: Client,
  said: EndingCertificate,
  hash: string,
): readonly (readonly [Text, Text])[] {
  const { facts } = words;
  const { destroyed, returned } = countCertified(said);
  const plain = (text: string): Text => ({ en: text, fr: text });
  const at = (text: string): number => Date.parse(text);
  const { since, cause } = said.contract_over;
  const over = told(at(since), client.zone);
  return [
    [facts.client, plain(said.client_name)],
    [
      facts.over,
      { en: `${over.en} (${words.causes[cause].en})`, fr: `${over.fr} (${words.causes[cause].fr})` },
    ],
    [facts.chosen, said.choice === '' ? facts.nothingChosen : words.chosen[said.choice]],
    [facts.returned, plain(String(returned))],
    [facts.destroyed, plain(String(destroyed))],
    [facts.credentials, plain(String(said.credentials.length))],
    ...said.systems.map(({ system, how }) => {
      const name = systemName(client, system);
      return [
        { en: `${facts.hosted.en} ${name.en}`, fr: `${facts.hosted.fr} ${name.fr}` },
        words.hosted[how],
      ] as const;
    }),
    ...said.kept.map(
      ({ until, why }) => [facts.kept, facts.keptUntil(lastDayOf(at(until), client.zone), why)] as const,
    ),
    [facts.hash, plain(hash)],
  ];
}
