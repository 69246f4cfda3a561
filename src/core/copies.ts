/**
 * The copy register: what left a client's system as a copy, where it is kept, who answers for it, until when it may be, and
 * that it is gone. A copy is registered before its first byte leaves; its size and digest are those of the exchange's result.
 * Pure.
 */
import type { Receipt } from './entries.ts';
import { isReason } from './requests.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** What a purpose says of copies taken under it. */
export interface CopyRules {
  /** Days after which a copy must be gone. */
  readonly keepDays: number;
  /** Days after that during which no new copy is held back. */
  readonly graceDays: number;
  /** Hours within which it is to be said where a copy is kept and who answers for it. */
  readonly answerHours: number;
  /** Who answers for copies of which nobody says otherwise, and where they are kept; left out: somebody has to say. */
  readonly custodian?: string | undefined;
  readonly place?: string | undefined;
}

/** What holds where a purpose says nothing. */
export const usualCopies: CopyRules = { keepDays: 30, graceDays: 7, answerHours: 24 };

/** Longest place and custodian, and longest word on how a copy was destroyed, in characters. */
export const longestPlace = 200;
export const longestGone = 500;

/** How a copy came to an end. `nothing`: not a byte of it left. */
export const goneWays = ['destroyed', 'returned'] as const;
export type GoneWay = (typeof goneWays)[number];

/** What the head of the answer says of a copy. */
export interface CopyHead {
  readonly status: number;
  /** Media type, or ''. */
  readonly type: string;
  /** Declared length, when one was declared. */
  readonly length?: number | undefined;
  /** `0-99/1234` of one part of something; `several` of a body of several parts. */
  readonly range?: string | undefined;
  /** It was sent compressed although nobody asked for that: the digest is of what was sent. */
  readonly encoded?: true | undefined;
  /** Of the file's name, which itself is not kept. On the line it stands with the route, because it may be part of a name. */
  readonly extension?: string | undefined;
  /** Bytes both ways over one connection: there is no body of which there could be a digest. */
  readonly live?: true | undefined;
}

/** `copy.registered`: only while the exchange runs, under the rules last recorded, and while the person owes nothing. */
export interface RegisterCopy {
  readonly do: 'copy-register';
  readonly client: string;
  /** Of the exchange. */
  readonly intent: Pick<Receipt, 'origin' | 'index'>;
  /** The exchange's id, which is the copy's. */
  readonly request: string;
  readonly opening: string;
  readonly person: string;
  readonly system: string;
  /** Hash of the client's slice that the rules are of. */
  readonly policy: string;
  readonly rules: CopyRules;
  readonly head: CopyHead;
  /** The route, as it is recorded. */
  readonly path: string;
  /** Bytes that left before it turned out to be a copy; left out: none. */
  readonly sent?: number;
}

/** `copy.kept`: where the copies of one access are kept of which nobody said it, and who answers for them. */
export interface KeepCopies {
  readonly do: 'copy-keep';
  readonly client: string;
  readonly opening: string;
  readonly person: string;
  readonly name: string;
  readonly place: string;
  readonly custodian: string;
}

/** `copy.destroyed`: by whoever took it, or by the provider's contact. Once. */
export interface EndCopies {
  readonly do: 'copy-gone';
  readonly client: string;
  readonly copies: readonly string[];
  readonly by: { readonly person: string; readonly name: string; readonly contact: boolean };
  readonly how: GoneWay;
  /** When it was done, epoch milliseconds. */
  readonly done: number;
  readonly text: string;
}

export type CopyCommand = RegisterCopy | KeepCopies | EndCopies;

export type KeepRefusal = 'opening_unknown' | 'copies_none' | 'copy_place';
export type GoneRefusal = 'copy_unknown' | 'copy_gone' | 'copy_running' | 'copy_done' | 'copy_said';

export interface CopyAnswers {
  /**
   * `atMost`: the bytes that may leave, where the agreement limits them. `{moved}`: other rules were recorded meanwhile.
   * `{refused}`: the person owes what became of earlier copies, or the agreement permits no more copies in this period.
   */
  'copy-register':
    | { readonly receipt: Receipt; readonly atMost?: number }
    | { readonly moved: true }
    | { readonly refused: 'copy_register_required' | 'copy_limit' };
  /** `copies`: how many it was said of. */
  'copy-keep': { readonly receipt: Receipt; readonly copies: number } | { readonly refused: KeepRefusal };
  'copy-gone': { readonly gone: number } | { readonly refused: GoneRefusal };
}

/** A copy as its row tells it; every instant is epoch milliseconds. */
export interface Copy {
  /** The id of its exchange. */
  readonly id: string;
  readonly client: string;
  readonly opening: string;
  /** Staff id of whoever took it. */
  readonly person: string;
  readonly reference: string;
  readonly system: string;
  readonly purpose: string;
  readonly registeredAt: number;
  readonly destroyBy: number;
  readonly graceDays: number;
  readonly answerBy: number;
  readonly path: string;
  readonly head: CopyHead;
  /** What left, so far as is known; at least so much while it runs or nobody knows how it ended. */
  readonly bytes: number;
  /** As its result says; undefined: it runs. */
  readonly outcome: string | undefined;
  /** SHA-256 of a body that left whole, `sha256:<base64url>`. */
  readonly digest: string | undefined;
  /** Undefined: nobody has said it. */
  readonly kept: { readonly at: number; readonly place: string; readonly custodian: string } | undefined;
  readonly gone:
    | {
        readonly at: number;
        readonly how: GoneWay | 'nothing';
        readonly done: number;
        /** Who says it: whoever took the copy, or the provider's contact. Nobody where nothing left. */
        readonly by: 'taker' | 'contact' | 'nobody';
        readonly text: string;
      }
    | undefined;
}

/** Reads the register. */
export interface CopyReader {
  /** Copies of a client: those that are there first, the next to be destroyed first; then those gone, newest first. At most 500. */
  copies(client: string): Promise<readonly Copy[]>;
  /** Copies that one person took at all clients and that are there, the next to be destroyed first; at most 500. */
  copiesOf(person: string): Promise<readonly Copy[]>;
  /**
   * Copies of a client that are there and passed a deadline after `since` and by `now` (epoch milliseconds), the next to be destroyed
   * first, at most 2,000; and when one passes its next deadline after `now`, undefined: none does.
   */
  copyDeadlines(
    client: string,
    since: number,
    now: number,
  ): Promise<{ readonly passed: readonly Copy[]; readonly next: number | undefined }>;
  /** All copies of one access, oldest first; at most 500. */
  copiesIn(client: string, opening: string): Promise<readonly Copy[]>;
}

/** `part`: some bytes of something whole. `incomplete`: it ended before its end, or nobody knows how. */
export type CopyShape = 'running' | 'whole' | 'part' | 'live' | 'incomplete';

export function shapeOf({ outcome, head }: Pick<Copy, 'outcome' | 'head'>): CopyShape {
  if (outcome === undefined) return 'running';
  if (head.live === true) return 'live';
  if (outcome !== 'complete') return 'incomplete';
  return head.range === undefined ? 'whole' : 'part';
}

export type CopyState = 'kept' | 'unanswered' | 'overdue' | 'destroyed' | 'returned' | 'nothing';

export function stateOf(copy: Pick<Copy, 'gone' | 'destroyBy' | 'kept'>, now: number): CopyState {
  if (copy.gone !== undefined) return copy.gone.how;
  if (now >= copy.destroyBy) return 'overdue';
  return copy.kept === undefined ? 'unanswered' : 'kept';
}

/** From when on a copy that is there holds back new ones of the same person at the same client. */
export function holdsBackFrom(
  copy: Pick<Copy, 'destroyBy' | 'answerBy' | 'graceDays'> & { readonly kept: unknown },
): number {
  const overdue = copy.destroyBy + copy.graceDays * day;
  return copy.kept === undefined ? Math.min(copy.answerBy, overdue) : overdue;
}

/** When a copy that is registered now must be gone, and until when somebody says where it is kept. */
export function timesOf(
  rules: Pick<CopyRules, 'keepDays' | 'answerHours'>,
  at: number,
): { readonly destroyBy: number; readonly answerBy: number } {
  return { destroyBy: at + rules.keepDays * day, answerBy: at + rules.answerHours * hour };
}

/** The rules of a purpose at a client, whose own limit only shortens. */
export function copyRules(purpose: CopyRules | undefined, clientDays: number | undefined): CopyRules {
  return keptAtMost(purpose ?? usualCopies, clientDays);
}

/** The same rules, under which copies are kept no longer than so many days. */
export function keptAtMost(rules: CopyRules, days: number | undefined): CopyRules {
  return days === undefined || days >= rules.keepDays ? rules : { ...rules, keepDays: days };
}

/** Whether a place and a custodian are said: each at least two letters or digits, and none too long. */
export function saysWhere(place: string, custodian: string): boolean {
  return [place, custodian].every(
    (said) => said.length <= longestPlace && (said.match(/[\p{L}\p{N}]/gu)?.length ?? 0) >= 2,
  );
}

/** Whether a text says how a copy was destroyed. */
export function saysHow(text: string): boolean {
  return text.length <= longestGone && isReason(text);
}

/** Why an act was not done when somebody says it was: before there was a copy, or later than now. */
export function doneFault(registeredAt: number, done: number, now: number): 'copy_done' | undefined {
  return Number.isSafeInteger(done) && done >= registeredAt && done <= now ? undefined : 'copy_done';
}
