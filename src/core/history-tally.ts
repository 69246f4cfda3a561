/**
 * What the facts of an opening come to, in the few kinds that people ask for, and what may be said to be absent. Each
 * exchange is in exactly one kind. Pure.
 */
import { type Fact, resultClass } from './history.ts';

/** The kinds, in the order in which they are told. `assets`, and lines that cover some, are told apart from the rest. */
export const deeds = [
  'pages',
  'calls',
  'changes',
  'uploads',
  'files',
  'brokenFiles',
  'sockets',
  'withheld',
  'refused',
  'unaccepted',
  'errors',
  'broken',
  'failed',
  'unknown',
  'pending',
  'assets',
  'covered',
] as const;

export type Deed = (typeof deeds)[number];

/** Page furniture, which is folded. */
export const furniture: ReadonlySet<Deed> = new Set(['assets', 'covered']);

export interface Amount {
  readonly count: number;
  readonly up: number;
  readonly down: number;
}

export type Tally = { readonly [D in Deed]: Amount };

type Counted = Pick<Fact, 'operation' | 'dest' | 'disposition' | 'result' | 'count' | 'up' | 'down'>;

/** Whether an answer is taken away rather than looked at. */
function isFile({ operation, dest, disposition }: Counted): boolean {
  return operation === 'copy' || dest === 'download' || /^\s*attachment\b/i.test(disposition);
}

/** The one kind that a fact belongs to. */
export function deedOf(fact: Counted): Deed {
  if (fact.result === 'covered') return 'covered';
  const end = resultClass(fact.result);
  switch (end) {
    case 'refused':
    case 'pending':
    case 'withheld':
      return end;
    default:
  }
  if (fact.dest === 'socket' && end !== 'unreached' && end !== 'unknown') return 'sockets';
  switch (end) {
    case 'unknown':
      return 'unknown';
    case 'unreached':
      return 'failed';
    case 'cut':
    case 'aborted':
      return isFile(fact) ? 'brokenFiles' : 'broken';
    case 'answered':
      // What is sent as a file is one, whatever its status says.
      if (/^\s*attachment\b/i.test(fact.disposition)) return 'files';
      return fact.operation === 'write' ? 'unaccepted' : 'errors';
    case 'done':
      return doneDeed(fact);
  }
}

function doneDeed(fact: Counted): Deed {
  if (isFile(fact)) return 'files';
  if (fact.dest === 'upload') return 'uploads';
  // Whatever is not known to be read may have changed something.
  if (fact.operation !== 'read') return 'changes';
  if (fact.dest === 'page') return 'pages';
  return fact.dest === 'asset' ? 'assets' : 'calls';
}

/** Sums by kind. */
export function tally(facts: readonly Counted[]): Tally {
  const sums = Object.fromEntries(deeds.map((deed) => [deed, { count: 0, up: 0, down: 0 }])) as {
    [D in Deed]: { count: number; up: number; down: number };
  };
  for (const fact of facts) {
    const sum = sums[deedOf(fact)];
    sum.count += fact.count;
    sum.up += fact.up;
    sum.down += fact.down;
  }
  return sums;
}

/** How much is known of an opening beside its facts. */
export interface Known {
  /** Its end is recorded. */
  readonly ended: boolean;
  /** All its facts are here, and all its lines are counted. */
  readonly complete: boolean;
  /** Some of its systems are outside: what was done there nobody saw. */
  readonly outside: boolean;
  /** What the person says was done there; '' where nothing is said, undefined where nothing is owed. */
  readonly said?: string | undefined;
  /** It permits copies. */
  readonly copies: boolean;
  /** Some of its systems are served here. */
  readonly served: boolean;
}

/** Answers that passed and were looked at for whether they are files. */
export function answersCounted(sums: Tally): number {
  const { pages, calls, changes, uploads, files, brokenFiles, unaccepted, errors, broken, assets } = sums;
  return [pages, calls, changes, uploads, files, brokenFiles, unaccepted, errors, broken, assets].reduce(
    (sum, { count }) => sum + count,
    0,
  );
}

/**
 * Whether it may be said that nothing was taken away: every line is counted, every exchange has a known end, nothing went
 * through a connection that is not looked into, no system is outside, and none of the answers was a file, not in part. Where
 * copies are permitted, page furniture that one line covers may be one.
 */
export function nothingTaken(sums: Tally, known: Known): boolean {
  const { files, brokenFiles, sockets, unknown, pending } = sums;
  const unclear = [files, brokenFiles, sockets, unknown, pending].some(({ count }) => count > 0);
  const unseen = known.copies && sums.covered.count > 0;
  return known.complete && !known.outside && known.served && !unclear && !unseen;
}

/** Whether it may be said that nothing was opened or asked for at all. */
export function nothingDone(sums: Tally, known: Known): boolean {
  return known.complete && !known.outside && deeds.every((deed) => sums[deed].count === 0);
}
