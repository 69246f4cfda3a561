/** What both sides read of the end of a contract: where it stands, what was decided, notices of erasure and the certificate. */
import type { Copy } from '../core/copies.ts';
import type { EndingOpen } from '../core/ending.ts';
import { countCertified, type EndingCertificate } from '../core/ending-certificate.ts';
import { sentencesOf } from '../core/grant-text.ts';
import type { Client, Text } from '../core/model.ts';
import { endingSentences } from './ending-form.ts';
import { type EndingState, lastDayOf, told } from './endings.ts';
import { type NoticeRow, noticeRow } from './notices-of-erasure.ts';
import type { VersionShown } from './pages/versions.tsx';
import { systemName } from './system-names.ts';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

const words = texts.endings;

export interface EndingShown {
  readonly standing: string;
  readonly over: boolean;
  /** By when it was to be done; undefined: it is not late. */
  readonly late: number | undefined;
  readonly versions: readonly VersionShown[];
  readonly open: EndingOpen;
  /** Copies that were destroyed although their return was chosen. */
  readonly other: number;
  readonly notices: readonly NoticeRow[];
  readonly certificate: CertificateShown | undefined;
}

export interface CertificateShown {
  readonly made: string;
  readonly facts: readonly (readonly [string, string])[];
}

export function endingShown(
  visit: Pick<Visit, 'say' | 'language'>,
  state: EndingState,
  client: Client,
  copies: readonly Copy[],
): EndingShown {
  const { over, late, statement, ending, book } = state;
  return {
    standing: visit.say(standing(state, client)),
    over: over !== undefined,
    late: late ? statement?.dueAt : undefined,
    versions: versionsOf(visit, state, client),
    open: book.open,
    other: otherThanChosen(state, copies),
    notices: (ending?.notices ?? []).map(noticeRow(visit)),
    certificate: certificateShown(visit, state, client),
  };
}

function certificateShown(
  { say }: Pick<Visit, 'say'>,
  { certificate, ending }: EndingState,
  client: Client,
): CertificateShown | undefined {
  if (certificate === undefined || ending?.certificate === undefined) return undefined;
  const { at, textHash } = ending.certificate;
  return {
    made: say(words.certified(told(at, client.zone), certificate.attested_by)),
    facts: certificateFacts(client, certificate, textHash).map(
      ([name, value]) => [say(name), say(value)] as const,
    ),
  };
}

/** Where the contract stands, in a sentence. */
export function standing({ over, ending, coming }: EndingState, { zone }: Client): Text {
  if (over !== undefined)
    return ending === undefined
      ? words.overSoon
      : words.over(told(over.since, zone), words.causes[over.cause]);
  return coming === undefined ? words.runs : words.coming(lastDayOf(coming, zone));
}

/** Each version in the words that were signed; to whoever reads the other language, in ours. */
function versionsOf(
  { say, language }: Pick<Visit, 'say' | 'language'>,
  { book }: EndingState,
  { zone }: Client,
): readonly VersionShown[] {
  return book.statements.map(({ said, at, text }) => ({
    version: said.version,
    title: say(texts.versions.title(said.version, told(at, zone))),
    sentences: (said.language === language && sentencesOf(text)) || endingSentences(said).map(say),
  }));
}

/** How many copies were destroyed since the end although the client chose their return. */
function otherThanChosen({ statement, over }: EndingState, copies: readonly Copy[]): number {
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
