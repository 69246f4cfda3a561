/**
 * What somebody says was done in a system outside: one line when the access is over, because nothing there was observed. How
 * long it may wait, when it is late, and how many a person may owe. Pure.
 */
import type { Groups } from './entries.ts';
import type { Opening } from './model.ts';
import { isReason } from './requests.ts';

const hour = 3_600_000;

/** Milliseconds after the end of an access: from when on the line is late, until when it may be written, how long a missing one counts. */
export const sayingTime = { late: hour, last: 24 * hour, counts: 7 * 24 * hour } as const;

/** Whoever owes more lines than this declares nothing outside until some are written. */
export const mostUnsaid = 3;

/** Longest line, in characters. */
export const longestSaid = 500;

/** Command `session.declared`: the person whose access it was says what was done. Once. */
export interface SayOutside {
  readonly do: 'say-outside';
  readonly client: string;
  readonly opening: string;
  readonly person: string;
  readonly text: string;
  /** Who says it; what is said is the writer's to add. */
  readonly groups: Groups;
}

/** `saying_none`: nothing of it is outside, or it was said already. */
export type SayingRefusal = 'saying_running' | 'saying_late' | 'saying_none' | 'saying_empty';

/** When an access was over, epoch milliseconds: as it was closed, and never after its declared end. */
export function endOf({ endsAt, endedAt }: Pick<Opening, 'endsAt' | 'endedAt'>): number {
  return Math.min(endedAt ?? endsAt, endsAt);
}

/** Why the line cannot be written now; undefined: it can. */
export function sayingFault(
  access: { readonly end: number; readonly said: Opening['said'] },
  text: string,
  now: number,
): SayingRefusal | undefined {
  if (access.said !== 'owed') return 'saying_none';
  if (now < access.end) return 'saying_running';
  if (now > access.end + sayingTime.last) return 'saying_late';
  return saysWhat(text) ? undefined : 'saying_empty';
}

/** Whether a text says what was done: not too long, and more than a word or a dash. */
export function saysWhat(text: string): boolean {
  return text.length <= longestSaid && isReason(text);
}

/** Whether a line that is written now about an access that was over then is late. */
export function isLate(end: number, now: number): boolean {
  return now > end + sayingTime.late;
}

/** Whether an access that was over then, and of which nothing was said, counts against its person now. */
export function countsAsUnsaid(end: number, now: number): boolean {
  return end <= now && now - end < sayingTime.counts;
}
