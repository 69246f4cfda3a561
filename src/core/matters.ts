/**
 * A matter: a thread that somebody of a client opens about one access, to ask or to dispute. The provider answers within two
 * working days of the client's; the client closes it with an outcome in words. A dispute stands only while nothing is permitted
 * under the agreements of the access any more. A contest is the same thread begun by the provider, about an agreement. Pure.
 */
import type { ContestAnswer, ContestCommand, Contested, ContestingRole, ContestOutcome } from './contests.ts';
import { dayAt, dayEnd } from './days.ts';
import type { Receipt } from './entries.ts';
import { type Calendar, isWorkingDay } from './holidays.ts';

export type MatterWhat = 'question' | 'dispute' | 'contest';

/** Roles of the provider's people who answer. */
export type AnsweringRole = 'contact' | 'dpo';

/** One thing said: the first opens the matter, the one that closes it is its outcome. */
export interface MatterSaid {
  /** Made with the form, so that sending it twice says it once. */
  readonly id: string;
  readonly by: 'client' | 'provider';
  /** A seat of the client, or the id of the provider's person. */
  readonly who: string;
  readonly at: number;
  readonly text: string;
}

/** A row is a projection of the ledger, never edited apart from it. Instants are epoch milliseconds UTC. */
export interface Matter {
  readonly id: string;
  readonly client: string;
  /** The access that it is about; '' in a contest. */
  readonly opening: string;
  readonly what: MatterWhat;
  /** Who opened it, by the id of the client's file; '' in a contest, whose author is who spoke first. */
  readonly controller: string;
  /** In a contest. */
  readonly contested?: Contested;
  /** Of a contest that is closed. */
  readonly outcome?: ContestOutcome;
  readonly status: 'open' | 'closed';
  readonly openedAt: number;
  /** Until when the provider must have answered; undefined: it waits for nothing. */
  readonly dueAt: number | undefined;
  readonly changedAt: number;
  readonly said: readonly MatterSaid[];
}

/** Questions that one person may have open at a client. */
export const mostQuestions = 10;

/** Things that each side may say in one matter, the outcome not counted: nobody can leave the other no room. */
export const mostSaid = 100;

/** Whether so much was said by this side that it may say no more. */
export function isFull(said: readonly Pick<MatterSaid, 'by'>[], side: MatterSaid['by']): boolean {
  return said.filter(({ by }) => by === side).length >= mostSaid;
}

/** Working days that the provider has for an answer. */
export const answerDays = 2;

/** No two working days of any calendar lie further ahead than this, milliseconds. */
const longestWait = 10 * 24 * 3_600_000;

/** When an answer is due to what is said at `at`: when the second working day after that day ends, in the client's zone. */
export function answerDue(at: number, zone: string, calendar: Calendar): number {
  let day = dayAt(at, zone);
  for (let left = answerDays; left > 0; ) {
    day = day.add({ days: 1 });
    if (isWorkingDay(calendar, day)) left -= 1;
  }
  return dayEnd(day, zone);
}

/** Whether that is a time until which an answer to what is said at `at` may be waited for. */
export function mayBeDue(at: number, due: number): boolean {
  return due > at && due <= at + longestWait;
}

/** Whether the provider owes an answer, and since when. */
export function isOverdue({ status, dueAt }: Pick<Matter, 'status' | 'dueAt'>, now: number): boolean {
  return status === 'open' && dueAt !== undefined && dueAt <= now;
}

/** Whether the provider spoke last, so that the client is to read and to go on or close. A contest is answered by closing it. */
export function isAnswered({
  status,
  dueAt,
  what,
}: Pick<Matter, 'status' | 'dueAt'> & { readonly what?: MatterWhat }): boolean {
  return status === 'open' && dueAt === undefined && what !== 'contest';
}

/** Whether this person of the provider began it. */
export function isContestOf({ what, said }: Pick<Matter, 'what' | 'said'>, person: string): boolean {
  return what === 'contest' && said[0]?.by === 'provider' && said[0].who === person;
}

/** Until when an answer is owed after something was said; what the client adds while it waits postpones nothing. */
export function dueAfter(
  { dueAt }: Pick<Matter, 'dueAt'>,
  by: MatterSaid['by'],
  due: number,
): number | undefined {
  return by === 'provider' ? undefined : (dueAt ?? due);
}

/** Somebody of the client: the seat, and the person who holds it. */
export interface Sitting {
  readonly seat: string;
  readonly controller: string;
}

/**
 * Who says something in a matter: a seat of the client, or somebody of the provider who answers; a technician only in a
 * contest of their own.
 */
export type Speaker =
  | Sitting
  | { readonly provider: string; readonly role: ContestingRole; readonly name: string };

export type MatterCommand =
  /**
   * `matter.opened` and the row. A dispute only by a representative, and only when no agreement of the access is in force any
   * more. `due`: when the answer is. The same id, or another dispute about an access that has one, changes nothing.
   */
  | {
      readonly do: 'matter-open';
      readonly client: string;
      readonly matter: Pick<Matter, 'id' | 'opening'> & { readonly what: 'question' | 'dispute' };
      readonly by: Sitting;
      readonly text: string;
      readonly due: number;
    }
  /** `matter.answered`: either side says something. `due`: when an answer is, if none is owed yet and the client speaks. */
  | {
      readonly do: 'matter-say';
      readonly client: string;
      readonly matter: string;
      readonly id: string;
      readonly by: Speaker;
      readonly text: string;
      readonly due: number;
    }
  /**
   * `matter.closed`, by whoever opened it or by a representative who may sign. Gives no agreement back. A contest is closed by
   * such a representative only, with an `outcome`; as withdrawn only when its agreement has ended.
   */
  | {
      readonly do: 'matter-close';
      readonly client: string;
      readonly matter: string;
      readonly id: string;
      readonly by: Sitting;
      readonly text: string;
      readonly outcome?: ContestOutcome;
    }
  | ContestCommand;

export interface MatterAnswers {
  /** `active`: agreements of the access that must be suspended before it can be disputed. */
  'matter-open':
    | { readonly receipt: Receipt }
    | { readonly already: string }
    | { readonly active: readonly string[] }
    | { readonly refused: 'not_seated' | 'opening_unknown' | 'too_many_matters' };
  'matter-say':
    | { readonly receipt: Receipt }
    | { readonly already: true }
    | { readonly refused: 'not_seated' | 'matter_unknown' | 'matter_closed' | 'matter_full' };
  'matter-close':
    | { readonly receipt: Receipt }
    | { readonly already: true }
    | { readonly refused: 'not_seated' | 'matter_unknown' | 'matter_closed' | 'not_yours' | 'grant_live' };
  contest: ContestAnswer;
}

/** How matters are read. Throws Fault `ledger_unavailable`. */
export interface MatterReader {
  /** Matters of a client, those that are open first, then newest first; at most 200. */
  matters(client: string): Promise<readonly Matter[]>;
  /** The matter of that id, whoever's it is; undefined: there is none. */
  matterAt(id: string): Promise<Matter | undefined>;
  /** Open matters of all clients: those that wait for the provider, due first first, then the others; at most 200. */
  mattersOpen(): Promise<readonly Matter[]>;
  /** What this person of the provider contested, at all clients, those that are open first, then newest first; at most 100. */
  contestsOf(person: string): Promise<readonly Matter[]>;
}
