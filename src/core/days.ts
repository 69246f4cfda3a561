/** Days and times of day, as a zone's calendar and clock have them. Pure. */

/** The day that an instant (epoch milliseconds) lies in. */
export function dayAt(at: number, zone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(zone).toPlainDate();
}

/** The first instant of a day, epoch milliseconds. */
export function dayStart(day: Temporal.PlainDate, zone: string): number {
  return day.toZonedDateTime(zone).epochMilliseconds;
}

/** The first instant after a day. */
export function dayEnd(day: Temporal.PlainDate, zone: string): number {
  return dayStart(day.add({ days: 1 }), zone);
}

/** The day that is written `2026-12-31`; undefined: it is written otherwise, or there is no such day. */
export function parseDay(text: string): Temporal.PlainDate | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' });
  } catch {
    return undefined;
  }
}

/** `08:30`, from minutes since midnight; `24:00` is the end of the day. */
export function clockTime(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
