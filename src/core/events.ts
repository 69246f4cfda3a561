/**
 * What a client's security tools pull: each act of the log once, in the order in which it became complete, from wherever they
 * left off. A cursor is a place in the log and a mark of the line before it, so that a log that was put back, or is
 * another, is noticed instead of being read on. Pure.
 */
import type { TakenRow } from './taken-rows.ts';

/** After which line to go on: its year's part of the log, how many lines of it were read, and the mark of the last. */
export interface EventPlace {
  readonly year: number;
  readonly read: number;
  /** The first 16 characters of that line's hash, base64url. */
  readonly mark: string;
}

/** `next` undefined: there is no line yet. `more`: there may be further lines. */
export interface EventPage {
  readonly rows: readonly TakenRow[];
  readonly next: EventPlace | undefined;
  readonly more: boolean;
}

export const markLength = 16;
const form = /^e1\.(\d{4})\.([1-9]\d{0,9})\.([A-Za-z0-9_-]{16})$/;
export const cursorForm: RegExp = form;

export function printPlace({ year, read, mark }: EventPlace): string {
  return `e1.${year}.${read}.${mark}`;
}

/** Undefined: it is no cursor. */
export function readPlace(text: string): EventPlace | undefined {
  const [, year, read, mark] = form.exec(text) ?? [];
  return mark === undefined ? undefined : { year: Number(year), read: Number(read), mark };
}
