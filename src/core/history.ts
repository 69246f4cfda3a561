/**
 * The history of a client: openings with what was counted in them, so that no page ever reads exchanges by the
 * thousand. Which facts there are, and how an exchange becomes one. Pure. The counts are a convenience made from the
 * lines; what proves anything is the lines alone.
 */
import type { LeafValue } from './entries.ts';
import type { Line } from './ports.ts';
import type { ReferenceCheck } from './ticket-check.ts';

/** Members of a line by their names; undefined, too, where the line has none. */
export type ReadFields = Readonly<Record<string, LeafValue | undefined>>;

/** What is the same for all exchanges that one fact counts. */
export interface Shape {
  readonly system: string;
  readonly method: string;
  /** The stored path: a route's template, or what was kept of a path without one; '' when erased. */
  readonly path: string;
  readonly operation: string;
  readonly dest: string;
  /** Media type of the answer, '' when none. */
  readonly type: string;
  readonly disposition: string;
  /**
   * How they ended: an outcome of the log, `answered` for an answer with a status from 400 on, `refused:<reason>`,
   * '' while there is no result.
   */
  readonly result: string;
}

/** Exchanges of one opening that have the same shape, counted. Instants are epoch milliseconds of the lines. */
export interface Fact extends Shape {
  readonly count: number;
  readonly up: number;
  readonly down: number;
  readonly first: number;
  readonly last: number;
}

/** How exchanges ended, coarsely: what can be filtered by. */
export const resultClasses = [
  'done',
  'answered',
  'withheld',
  'cut',
  'aborted',
  'unreached',
  'refused',
  'unknown',
  'pending',
] as const;

export type ResultClass = (typeof resultClasses)[number];

/** The class of a fact's result. An outcome that nobody knows is `unknown`. */
export function resultClass(result: string): ResultClass {
  if (result.startsWith('withheld:')) return 'withheld';
  if (result.startsWith('terminated:')) return 'cut';
  if (result.startsWith('refused:')) return 'refused';
  switch (result) {
    case '':
      return 'pending';
    case 'complete':
    case 'covered':
      return 'done';
    case 'answered':
      return 'answered';
    case 'client-abort':
    case 'upstream-abort':
      return 'aborted';
    case 'upstream-unreachable':
    case 'upstream-timeout':
    case 'upgrade-refused':
      return 'unreached';
    default:
      return 'unknown';
  }
}

/** Longer texts are kept to this many characters: an answer's type is written by the client's own system. */
export const longestText = 200;

function kept(fields: ReadFields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value.slice(0, longestText).toWellFormed() : '';
}

/** An intent, or the line that covers page furniture, before anything is known of its end. */
export function intentShape(leaf: ReadFields, path: string): Shape {
  return {
    system: kept(leaf, 'system'),
    method: kept(leaf, 'method'),
    path: path.slice(0, longestText).toWellFormed(),
    operation: kept(leaf, 'operation'),
    dest: kept(leaf, 'dest'),
    type: '',
    disposition: '',
    result: '',
  };
}

/** Page furniture that one line covers: how much passed is told when the opening ends, and no result follows. */
export function coveredShape(leaf: ReadFields, path: string): Shape {
  return { ...intentShape(leaf, path), result: 'covered' };
}

/** The same exchange with its end. */
export function endedShape(shape: Shape, result: ReadFields): Shape {
  const outcome = kept(result, 'outcome');
  const answered = outcome === 'complete' && whole(result, 'status') >= 400;
  return {
    ...shape,
    type: kept(result, 'type'),
    disposition: kept(result, 'disposition').toLowerCase(),
    result: answered ? 'answered' : outcome === '' ? 'unknown-after-crash' : outcome,
  };
}

/** What was refused to an identified person. */
export function refusalShape(leaf: ReadFields, path: string): Shape {
  return { ...intentShape(leaf, path), dest: '', result: `refused:${kept(leaf, 'reason')}` };
}

/** A count or a size on a line; 0 for anything that is none. */
export function whole(fields: ReadFields, name: string): number {
  const value = fields[name];
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}

/** How references are compared: without case, and without what cannot be seen. */
export function foldedReference(reference: string): string {
  return reference.normalize('NFKC').trim().toLowerCase().slice(0, longestText);
}

/** One value by which openings are found. `id` holds for this process's index only and never leaves the server. */
export interface HistoryTerm {
  readonly id: number;
  readonly value: string;
}

/** A route as the log stored it. */
export interface RouteTerm {
  readonly id: number;
  /** Stands in addresses instead of the path; the same for this client at all times. */
  readonly token: string;
  readonly system: string;
  readonly method: string;
  readonly path: string;
}

/** A person in one function. */
export interface PersonTerm {
  readonly id: number;
  /** Stands in addresses instead of the person; the same person at another client has another. */
  readonly token: string;
  /** Undefined: erased. */
  readonly name: string | undefined;
  readonly functions: readonly string[];
}

/** Everything by which a client's openings can be filtered. Lists are bounded; `cut` says that one was. */
export interface HistoryTerms {
  readonly systems: readonly HistoryTerm[];
  readonly purposes: readonly HistoryTerm[];
  readonly operations: readonly HistoryTerm[];
  readonly results: readonly HistoryTerm[];
  /** One that emergencies have; empty: there never was one. */
  readonly emergencies: readonly HistoryTerm[];
  readonly routes: readonly RouteTerm[];
  readonly people: readonly PersonTerm[];
  readonly cut: boolean;
}

/** Where a page begins: before this line. */
export interface HistoryPlace {
  readonly at: number;
  readonly index: number;
}

export interface HistoryQuery {
  readonly client: string;
  /** Opened at or after, epoch milliseconds. */
  readonly from?: number | undefined;
  /** Opened before, epoch milliseconds. */
  readonly until?: number | undefined;
  /** Ids of terms: of each list at least one must hold. */
  readonly terms: readonly (readonly number[])[];
  readonly reference?: string | undefined;
  readonly grant?: string | undefined;
  readonly before?: HistoryPlace | undefined;
  readonly limit: number;
  /**
   * For overviews of many: what was read and not refused is summed up by its result, without route, form and system.
   * `unnamed`: and name, function, reference and note are left sealed and out; of functions only a robot's is told.
   */
  readonly brief?: 'named' | 'unnamed';
}

/** An opening, or a refusal that belongs to none, with what was counted in it. */
export interface Story {
  readonly kind: 'opening' | 'refusal';
  /** The id of the opening; of a refusal, that of its line. */
  readonly id: string;
  readonly origin: string;
  readonly index: number;
  readonly at: number;
  /** When its last line so far was written. */
  readonly lastAt: number;
  /** Undefined while no end is recorded. */
  readonly endedAt: number | undefined;
  readonly cause: string;
  /** Tells people apart, also those of one name or of none; the same person at another client has another. '' of a refusal. */
  readonly person: string;
  /** The first opening of this person at this client. */
  readonly first: boolean;
  /** Undefined: erased. */
  readonly name: string | undefined;
  readonly functions: readonly string[];
  readonly employer: string;
  readonly systems: readonly string[];
  /** Of an opening: what it permits. */
  readonly operations: readonly string[];
  /** Those of them that are outside: declared, not observed. */
  readonly declared: readonly string[];
  /** What the person says was done there; `owed`: nothing yet. Left out: nothing is owed. */
  readonly said?: 'owed' | { readonly at: number; readonly late: boolean; readonly text: string | undefined };
  readonly purpose: string;
  /** Undefined: erased. */
  readonly reference: string | undefined;
  readonly note: string;
  /** The reference or the note was mended after the declaration; these are the new ones. */
  readonly corrected: boolean;
  /** What the ticket system said about the reference; undefined: it was not asked. */
  readonly check: ReferenceCheck | undefined;
  readonly grant: string;
  /** It was declared an emergency. */
  readonly emergency: boolean;
  /** It was declared by command line. */
  readonly commandLine?: true;
  /** Page furniture that passed, as the end tells it; undefined while it is not known. */
  readonly statics: number | undefined;
  readonly facts: readonly Fact[];
  /** False: there are more facts than these, so nothing may be said to be absent. */
  readonly whole: boolean;
}

export interface HistoryPage {
  /** Newest first. */
  readonly stories: readonly Story[];
  readonly next: HistoryPlace | undefined;
  /** How many there are in all, counted up to one beyond `mostCounted`; undefined on later pages. */
  readonly total: number | undefined;
  /** The search went back to here and no further; undefined: it went to the end of the period. */
  readonly searchedTo: number | undefined;
  /** Until when everything is counted; undefined: up to the newest line. */
  readonly behind: number | undefined;
}

/** Totals are counted no further. */
export const mostCounted = 1000;

/** Openings by purpose from one instant until just before the next. */
export interface Bar {
  readonly from: number;
  readonly until: number;
  readonly purposes: readonly { readonly purpose: string; readonly count: number }[];
}

/** One opening with what proves its line. */
export interface OpenedStory {
  readonly story: Story;
  /** Hash of the line as the log's tree has it, base64. */
  readonly hash: string;
  /** Lines in that part of the log now. */
  readonly size: number;
  /** As on a page. */
  readonly behind: number | undefined;
}

/** A page of the lines of one opening, oldest first. */
export interface StoryLines {
  readonly lines: readonly Line[];
  readonly results: readonly Line[];
  /** Where the next page begins; undefined at the end. */
  readonly next: HistoryPlace | undefined;
}
