/**
 * Turns the dates of policy files into instants. A date without a time is a whole day in the file's zone: as a
 * beginning it means its first moment, as an end the whole day is still inside. Impossible dates are undefined.
 */

const day = /^\d{4}-\d{2}-\d{2}$/;
const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})$/;

/** Later than any date in a policy file can be: "until further notice" where a number is needed. */
export const farFuture = 253_402_300_799_000;

/** Whether the text is a real date, or a real instant with its offset. */
export function isInstantText(text: string): boolean {
  return startOf(text, 'UTC') !== undefined;
}

/** Epoch milliseconds of the beginning that is meant; undefined when the date does not exist. */
export function startOf(text: string, zone: string): number | undefined {
  return toInstant(text, zone, 0);
}

/** Epoch milliseconds of the first moment after the end that is meant. */
export function endOf(text: string, zone: string): number | undefined {
  return toInstant(text, zone, 1);
}

/** Epoch milliseconds of the first moment of the day that lies so many days or months after; undefined: no such date. */
export function startAfter(
  text: string,
  length: { readonly days: number } | { readonly months: number },
  zone: string,
): number | undefined {
  try {
    const date = Temporal.PlainDate.from(text, { overflow: 'reject' }).add(length);
    return date.toZonedDateTime(zone).epochMilliseconds;
  } catch {
    return undefined;
  }
}

/** Whether the text is a real day, without a time. */
export function isDayText(text: string): boolean {
  return day.test(text) && isInstantText(text);
}

/** Zones that were found to exist; looking one up is slow, and there are only so many. */
const zones = new Set<string>();

/** Whether the name is an IANA time zone this runtime knows. */
export function isZone(name: string): boolean {
  if (zones.has(name)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
  } catch {
    return false;
  }
  if (/^[+-]/.test(name)) return false;
  zones.add(name);
  return true;
}

/** Days that were looked up: thousands of people share a few dates, and calendars with zones are slow. */
const days = new Map<string, number | undefined>();
const mostDays = 10_000;

function toInstant(text: string, zone: string, addDays: number): number | undefined {
  if (!day.test(text)) return momentOf(text);
  const key = `${text} ${addDays} ${zone}`;
  if (days.has(key)) return days.get(key);
  const found = dayIn(text, zone, addDays);
  if (days.size < mostDays) days.set(key, found);
  return found;
}

function dayIn(text: string, zone: string, addDays: number): number | undefined {
  try {
    const date = Temporal.PlainDate.from(text, { overflow: 'reject' }).add({ days: addDays });
    return date.toZonedDateTime(zone).epochMilliseconds;
  } catch {
    return undefined;
  }
}

function momentOf(text: string): number | undefined {
  try {
    return moment.test(text) ? Temporal.Instant.from(text).epochMilliseconds : undefined;
  } catch {
    return undefined;
  }
}
