/** Days and times as people type them into a form, in a client's zone; and back. Pure. */
import { dayEnd, dayStart, parseDay } from '../core/days.ts';

const localForm = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?)?$/;
const instantForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * The instant of `2026-10-05T18:00` in the zone, of an RFC 3339 time, or of the end of the day `2026-10-05`; epoch
 * milliseconds. Undefined: it is none of them, or there is no such day.
 */
export function readLocal(text: string, zone: string): number | undefined {
  try {
    if (instantForm.test(text)) return Temporal.Instant.from(text).epochMilliseconds;
    if (!localForm.test(text)) return undefined;
    if (text.includes('T'))
      return Temporal.PlainDateTime.from(text, { overflow: 'reject' }).toZonedDateTime(zone)
        .epochMilliseconds;
    return readDayEnd(text, zone);
  } catch {
    return undefined;
  }
}

/** The first instant of a day as typed; undefined: it is none. */
export function readDayStart(text: string, zone: string): number | undefined {
  const day = parseDay(text);
  return day && dayStart(day, zone);
}

/** The first instant after a day as typed; undefined: it is none. */
export function readDayEnd(text: string, zone: string): number | undefined {
  const day = parseDay(text);
  return day && dayEnd(day, zone);
}

/** `2026-10-05T18:00`, as `datetime-local` fields take it; the minute that has begun. */
export function toLocal(at: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' });
}
