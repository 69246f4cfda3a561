/**
 * Agreements whose clock starts at their first use: so many minutes from the first access declared under them, which must begin
 * before a set moment, and never beyond the end they name. Waiting eats nothing of them, and whoever is second shares what is
 * left. Pure.
 */
import type { Grant } from './model.ts';

const MINUTE = 60_000;

/** An agreement that is used once lasts a day at most. */
export const mostMinutes = 1440;

export interface FirstUse {
  readonly minutes: number;
  /** The first access is declared before this instant, epoch milliseconds. */
  readonly startBy: number;
}

/** The one way it is written, in the signed text and on the line: `minutes=30 start_by=2026-06-01T22:00:00.000Z`. */
export function printFirstUse({ minutes, startBy }: FirstUse): string {
  return `minutes=${minutes} start_by=${new Date(startBy).toISOString()}`;
}

/** Reads what `printFirstUse` wrote; undefined for anything else. At most a day. */
export function parseFirstUse(text: string): FirstUse | undefined {
  const [, minutes = '', by = ''] = /^minutes=([1-9]\d{0,3}) start_by=(\S{24})$/.exec(text) ?? [];
  const found = { minutes: Number(minutes), startBy: Date.parse(by) };
  if (!(found.minutes <= mostMinutes) || Number.isNaN(found.startBy)) return undefined;
  return printFirstUse(found) === text ? found : undefined;
}

/**
 * The end of an agreement whose first access is declared at `at`. `clock`: minutes that the rules of that moment leave, when they
 * are fewer than agreed.
 */
export function endFrom({ minutes }: FirstUse, at: number, clock = minutes): number {
  return at + Math.min(minutes, clock) * MINUTE;
}

/** The latest end that an agreement may name: that of a first access at the last moment. It may name an earlier one. */
export function endAtLatest(firstUse: FirstUse): number {
  return endFrom(firstUse, firstUse.startBy);
}

/** The latest end of an access declared at `now`. */
export function endUnder({ until, firstUse, startedAt }: Grant, now: number): number {
  if (firstUse === undefined || startedAt !== undefined) return until;
  return Math.min(until, endFrom(firstUse, now));
}

/** Whether nobody used it while it could be begun. */
export function cameTooLate({ firstUse, startedAt }: Grant, now: number): boolean {
  return firstUse !== undefined && startedAt === undefined && !(now < firstUse.startBy);
}
