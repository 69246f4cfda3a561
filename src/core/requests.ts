/**
 * What a technician asks of a client when no consent fits: systems, purpose, operations, why, for how long and until
 * when an answer is of use. It permits nothing; it waits for one side, is answered once, or lapses. Pure.
 */
import { hasContent, saysSomething } from './declared.ts';
import type { Account, Operation } from './model.ts';

/** `raised` waits for the client, `more_info` for the technician; the others are the end. */
export type RequestStatus = 'raised' | 'more_info' | 'approved' | 'refused' | 'lapsed';

/** One thing said about a request. `by` is a seat of the client, or the id of the technician. */
export interface Said {
  readonly say: 'asked' | 'answered' | 'reminded' | 'refused';
  readonly by: string;
  readonly at: number;
  /** Empty for a reminder that says nothing else. */
  readonly text: string;
}

/** A row is a projection of the ledger, never edited apart from it. Instants are epoch milliseconds UTC. */
export interface ConsentRequest {
  readonly id: string;
  readonly client: string;
  /** The technician who asks, by the id of the staff file. */
  readonly person: string;
  /** The account that asks: it cannot answer for the client. Left out: not known. */
  readonly account?: Account;
  readonly systems: readonly string[];
  readonly purpose: string;
  readonly operations: readonly Operation[];
  readonly reference: string;
  readonly note: string;
  /** Longest access that is asked for. */
  readonly minutes: number;
  /** The running access that it is to last longer: `until` is then its end, `minutes` how much longer. Left out: none. */
  readonly opening?: string;
  /** Not needed before; left out: as soon as it is agreed to. */
  readonly from?: number;
  /** Silence until then is a refusal; what is agreed to ends then at the latest. */
  readonly until: number;
  readonly status: RequestStatus;
  readonly raisedAt: number;
  /** Since when it waits for the side it waits for, or when it was answered. */
  readonly changedAt: number;
  /** The consent that answered it. */
  readonly grant: string | undefined;
  readonly said: readonly Said[];
}

/** Letters and digits that free text has at least: a dot is no reason. */
export const leastContent = 10;

/** Whether free text says something: enough letters, in words. */
export function isReason(text: string): boolean {
  return hasContent(text, leastContent) && saysSomething(text);
}

/** Requests that one person may have waiting at one client. */
export const mostWaiting = 10;

/** Reminders that one request may have. */
export const mostReminders = 3;

/** Milliseconds for which nothing else may have been said before a reminder. */
export const reminderPause = 30 * 60_000;

/** Days from the request to its `until`, at most. */
export const longestDays = 30;

/** Whether it still waits for an answer at that instant. */
export function isWaiting(request: Pick<ConsentRequest, 'status' | 'until'>, now: number): boolean {
  return (request.status === 'raised' || request.status === 'more_info') && now < request.until;
}

/** The state as it is told at that instant: one that nobody answered in time has lapsed, written down or not. */
export function statusAt(request: Pick<ConsentRequest, 'status' | 'until'>, now: number): RequestStatus {
  const open = request.status === 'raised' || request.status === 'more_info';
  return open && now >= request.until ? 'lapsed' : request.status;
}

/** What may be said in which state, and the state after it. Asking and answering alternate; a reminder changes nothing. */
export const afterSaying = {
  asked: { from: ['raised'], to: 'more_info' },
  answered: { from: ['more_info'], to: 'raised' },
  reminded: { from: ['raised'], to: 'raised' },
  refused: { from: ['raised', 'more_info'], to: 'refused' },
} as const satisfies {
  readonly [S in Said['say']]: { readonly from: readonly RequestStatus[]; readonly to: RequestStatus };
};

/** How what is agreed to must lie within what was asked for; undefined: it does. */
export function beyondRequest(
  asked: Pick<ConsentRequest, 'systems' | 'purpose' | 'operations'>,
  given: {
    readonly systems: readonly string[];
    readonly purposes: readonly string[];
    readonly operations: readonly string[];
  },
): string | undefined {
  if (!given.systems.every((system) => asked.systems.includes(system))) return 'systems';
  if (given.purposes.length !== 1 || given.purposes[0] !== asked.purpose) return 'purpose';
  const operations: readonly string[] = asked.operations;
  return given.operations.every((operation) => operations.includes(operation)) ? undefined : 'operations';
}

export function remindersOf({ said }: Pick<ConsentRequest, 'said'>): readonly Said[] {
  return said.filter(({ say }) => say === 'reminded');
}

/** Why the client is not reminded now; undefined: it may be. */
export function reminderFault(
  request: Pick<ConsentRequest, 'status' | 'until' | 'said' | 'raisedAt'>,
  now: number,
): 'request_turn' | 'reminders_used' | 'reminder_early' | undefined {
  if (request.status !== 'raised' || !isWaiting(request, now)) return 'request_turn';
  if (remindersOf(request).length >= mostReminders) return 'reminders_used';
  const last = request.said.at(-1)?.at ?? request.raisedAt;
  return now < last + reminderPause ? 'reminder_early' : undefined;
}

/** How long each side was waited for until now, milliseconds; a request that has ended waits no longer. */
export function waitedFor(
  request: Pick<ConsentRequest, 'status' | 'until' | 'said' | 'raisedAt' | 'changedAt'>,
  now: number,
): { readonly client: number; readonly technician: number } {
  const waited = { client: 0, technician: 0 };
  let side: 'client' | 'technician' = 'client';
  let since = request.raisedAt;
  const until = (at: number) => {
    waited[side] += Math.max(0, at - since);
    since = at;
  };
  for (const { say, at } of request.said) {
    if (say === 'reminded') continue;
    until(at);
    side = say === 'asked' ? 'technician' : 'client';
  }
  if (isWaiting(request, now)) until(now);
  else if (request.status === 'approved') until(request.changedAt);
  else if (request.status !== 'refused') until(Math.min(now, request.until));
  return waited;
}
