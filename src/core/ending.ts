/**
 * The end of a client's contract. What the client says about it is one signed text per version, like its instructions: a last
 * day, if it gives notice, and whether copies of its data are returned or deleted. Whether the contract is over follows from that and
 * from the client's file; the line `ending.began` freezes every agreement, and only a new line makes it go on. Pure.
 */
import canonicalize from 'canonicalize';
import { dayAt, dayStart } from './days.ts';
import type { LeafFields } from './entries.ts';
import { parseLeaf, textHash } from './leaf.ts';
import type { Client, Language } from './model.ts';
import { endOf, isDayText } from './policy/instants.ts';

const day = 86_400_000;

/** What becomes of the copies of a client's data, and of the data that is hosted for it (article 28(3)(g) of the GDPR). */
export const endingChoices = ['return', 'delete'] as const;
export type EndingChoice = (typeof endingChoices)[number];

/** What a representative decides. */
export interface EndingTerms {
  /** The last day of the contract, `2026-12-31`; '': no notice is given, the contract runs as agreed. */
  readonly lastDay: string;
  /** Undefined: not chosen yet. */
  readonly choice: EndingChoice | undefined;
  /** The day by which it is to be done; '' exactly when nothing is chosen. */
  readonly by: string;
  /** How and to whom to return, in the client's own words; '' when there is nothing to say. */
  readonly note: string;
}

/** A version in force. */
export interface EndingStatement extends EndingTerms {
  readonly client: string;
  readonly version: number;
  readonly language: Language;
  /** In which the days are meant. */
  readonly zone: string;
  /** The first instant after the last day, epoch milliseconds; undefined: no notice is given. */
  readonly endsAt: number | undefined;
  /** The first instant after the day by which it is to be done; undefined: nothing is chosen. */
  readonly dueAt: number | undefined;
  readonly textHash: string;
}

const kind = 'consentry-ending';

/** Longest note, in characters. */
export const longestEndingNote = 300;

/**
 * The text that is signed: `sentences` are what the page shows, in the author's language. Deterministic. Throws TypeError
 * when something is not well-formed.
 */
export function writeEnding(
  of: {
    readonly client: string;
    readonly version: number;
    readonly language: Language;
    readonly author: string;
    readonly zone: string;
  },
  terms: EndingTerms,
  sentences: readonly string[],
): { readonly text: string; readonly textHash: string } {
  const text = canonicalize({
    v: '1',
    kind,
    client: of.client,
    version: String(of.version),
    language: of.language,
    author: of.author,
    zone: of.zone,
    last_day: terms.lastDay,
    choice: terms.choice ?? '',
    by: terms.by,
    note: terms.note,
    text: sentences.join('\n'),
  });
  if (text === undefined || !text.isWellFormed() || readEnding(text) === undefined)
    throw new TypeError('this end of a contract cannot be written');
  return { text, textHash: textHash(text) };
}

/** What a signed text says; undefined when it is not one of these, in any part. */
export function readEnding(text: Uint8Array | string): EndingStatement | undefined {
  const said = parseLeaf(typeof text === 'string' ? Buffer.from(text) : text);
  if (said === undefined || said.v !== '1' || said.kind !== kind) return undefined;
  const { client, version, language, zone, last_day: lastDay, choice, by, note } = said;
  if (typeof client !== 'string' || typeof note !== 'string' || typeof zone !== 'string') return undefined;
  if (typeof version !== 'string' || !/^[1-9]\d{0,6}$/.test(version)) return undefined;
  if (language !== 'en' && language !== 'fr') return undefined;
  if (typeof lastDay !== 'string' || typeof by !== 'string' || note.length > longestEndingNote)
    return undefined;
  const endsAt = lastDay === '' ? undefined : dayEnd(lastDay, zone);
  const dueAt = by === '' ? undefined : dayEnd(by, zone);
  if ((lastDay !== '' && endsAt === undefined) || (by !== '' && dueAt === undefined)) return undefined;
  const chosen = endingChoices.find((one) => one === choice);
  if ((chosen === undefined) !== (choice === '') || (chosen === undefined) !== (by === '')) return undefined;
  return {
    ...{ client, version: Number(version), language, zone, lastDay, choice: chosen, by, note },
    ...{ endsAt, dueAt, textHash: textHash(text) },
  };
}

function dayEnd(text: string, zone: string): number | undefined {
  return isDayText(text) ? endOf(text, zone) : undefined;
}

/** Whether a version says nothing any more; that is how a notice or a choice is taken back. */
export function saysNothing({ lastDay, choice, note }: EndingTerms): boolean {
  return lastDay === '' && choice === undefined && note === '';
}

/**
 * Why a version does not follow the one before; undefined: it does. A last day that has gone by stays, or is taken back, or becomes
 * another to come: nobody ends a contract in the past. `certified`: the end is certified, so nothing more is chosen for it.
 */
export function statementFault(
  before: Pick<EndingStatement, 'endsAt' | 'version'> | undefined,
  said: EndingStatement,
  at: number,
  certified: boolean,
): 'version_stale' | 'ending_day' | 'ending_certified' | undefined {
  if (said.version !== (before?.version ?? 0) + 1) return 'version_stale';
  if (said.endsAt !== undefined && said.endsAt <= at && said.endsAt !== before?.endsAt) return 'ending_day';
  return certified && said.choice !== undefined ? 'ending_certified' : undefined;
}

/** Why a contract is over: the client's notice, the last day in its file, or its file saying so. */
export const endingCauses = ['notice', 'contract', 'status'] as const;
export type EndingCause = (typeof endingCauses)[number];

/** What a client's file says of the end. */
export interface FileEnd {
  readonly ended: boolean;
  /** The first instant after the last day, epoch milliseconds; undefined: none is named. */
  readonly until: number | undefined;
}

export function fileEnd({ status, contract }: Pick<Client, 'status' | 'contract'>): FileEnd {
  return { ended: status === 'ended', until: contract.until };
}

/** Since when the contract is over, and why; undefined: it goes on at `at`. The earliest cause is the one. */
export function overAt(
  file: FileEnd,
  noticed: number | undefined,
  at: number,
): { readonly since: number; readonly cause: EndingCause } | undefined {
  const notice = noticed ?? Number.POSITIVE_INFINITY;
  const contract = file.until ?? Number.POSITIVE_INFINITY;
  if (Math.min(notice, contract) <= at)
    return notice <= contract ? { since: notice, cause: 'notice' } : { since: contract, cause: 'contract' };
  return file.ended ? { since: at, cause: 'status' } : undefined;
}

/** The next known end that is to come, epoch milliseconds; undefined: none is known. */
export function comingEnd(file: FileEnd, noticed: number | undefined, now: number): number | undefined {
  const ends = [file.until, noticed].filter((end) => end !== undefined && end > now) as number[];
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** What a notice of erasure is about: data that is hosted and copies of it, or this very log with its keys. */
export const erasureSubjects = ['data', 'log'] as const;
export type ErasureSubject = (typeof erasureSubjects)[number];

/** Calendar days between a notice of erasure and the first day on which anything is erased. */
export const noticeDays = 21;

/** The least time between them: so many days, in which clocks may be put forward once. */
export const leastNotice = noticeDays * day - 3_600_000;

/** The first instant of the day on which may be erased at the earliest what is given notice of at `at`. */
export function earliestErasure(at: number, zone: string): number {
  return dayStart(dayAt(at, zone).add({ days: noticeDays + 1 }), zone);
}

/** What became of the data that was hosted in a system, as the provider declares it. `client`: it stays where it is, in the client's hands. */
export const hostedWays = ['client', 'returned', 'deleted'] as const;
export type HostedWay = (typeof hostedWays)[number];

/** One end of a contract, as its row tells it; every instant is epoch milliseconds. */
export interface Ending {
  readonly since: number;
  readonly cause: EndingCause;
  readonly beganAt: number;
  /** The contract went on after all; undefined: it is over. */
  readonly liftedAt: number | undefined;
  readonly notices: readonly ErasureNotice[];
  readonly certificate: { readonly at: number; readonly text: string; readonly textHash: string } | undefined;
}

export interface ErasureNotice {
  readonly what: ErasureSubject;
  readonly at: number;
  /** Nothing is erased before. */
  readonly from: number;
  /** Who gave it, for the provider. */
  readonly name: string;
  readonly text: string;
}

/** Everything that is known of the end of a client's contract. */
export interface EndingBook {
  /** Newest first. */
  readonly statements: readonly {
    readonly said: EndingStatement;
    readonly at: number;
    readonly text: string;
  }[];
  /** Newest first. */
  readonly endings: readonly Ending[];
  /** What holds a certificate back. */
  readonly open: EndingOpen;
}

export interface EndingOpen {
  readonly openings: number;
  readonly copies: number;
  readonly credentials: number;
}

export function isSettled({ openings, copies, credentials }: EndingOpen): boolean {
  return openings + copies + credentials === 0;
}

/** The end that the contract is at, lifted ones left out. */
export function currentEnding({ endings }: Pick<EndingBook, 'endings'>): Ending | undefined {
  const [newest] = endings;
  return newest?.liftedAt === undefined ? newest : undefined;
}

/** Beside what is in force for a client. */
export interface Noticed {
  /** From when on nothing passes because the client gave notice; left out: it did not. Each grant carries it too. */
  readonly noticed?: number;
}

/** By when what the client chose was to be done, while something is outstanding after the end; undefined: nothing is, or nothing was chosen. */
export function undoneBy(book: EndingBook): number | undefined {
  return currentEnding(book) === undefined || isSettled(book.open)
    ? undefined
    : book.statements[0]?.said.dueAt;
}

export interface EndingReader {
  ending(client: string): Promise<EndingBook>;
  /** Of each client that has a log: whether its log says that its contract is over, and the last day that it gave notice of. */
  endingStates(): Promise<
    ReadonlyMap<string, { readonly over: boolean; readonly noticed: number | undefined }>
  >;
}

/** How the data of each system is said on the line: `erp:deleted backup:client`. */
export function printHosted(
  systems: readonly { readonly system: string; readonly how: HostedWay }[],
): string {
  return systems.map(({ system, how }) => `${system}:${how}`).join(' ');
}

export function readHosted(said: unknown): ReadonlyMap<string, HostedWay> | undefined {
  const found = new Map<string, HostedWay>();
  for (const part of String(said).split(' ').filter(Boolean)) {
    const [system = '', word, ...more] = part.split(':');
    const how = hostedWays.find((one) => one === word);
    if (how === undefined || more.length > 0 || found.has(system)) return undefined;
    found.set(system, how);
  }
  return found;
}

/** The lines about the end of a contract. */
export const endingKinds = [
  'ending.set',
  'ending.began',
  'ending.lifted',
  'ending.notified',
  'ending.certified',
] as const;

/** What a line of these says to its readers, in one word. */
export function endingLine({ t }: LeafFields): 'set' | 'began' | 'lifted' | 'notified' | 'certified' {
  switch (t) {
    case 'ending.began':
      return 'began';
    case 'ending.lifted':
      return 'lifted';
    case 'ending.notified':
      return 'notified';
    case 'ending.certified':
      return 'certified';
    default:
      return 'set';
  }
}
