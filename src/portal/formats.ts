/**
 * Times, durations and sizes for people. Times are always shown in a named zone with their offset from UTC, so
 * that the repeated hour in October stays unambiguous.
 */
import type { Language } from '../core/model.ts';

const locales = { en: 'en-GB', fr: 'fr-FR' } as const;

const dateTime = formatterCache(
  (language, zone) =>
    new Intl.DateTimeFormat(locales[language], {
      timeZone: zone,
      day: '2-digit',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    }),
);
const clockTime = formatterCache(
  (language, zone) =>
    new Intl.DateTimeFormat(locales[language], {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }),
);
const offsets = formatterCache(
  (_language, zone) => new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'longOffset' }),
);

/** `22 Nov 2026, 21:00:18 +01:00` in the given IANA zone. `at` is epoch milliseconds. */
export function instant(at: number, zone: string, language: Language): string {
  return `${dateTime(language, zone).format(at)} ${offset(at, zone)}`;
}

/** `21:00 +01:00`, for instants of today. */
export function hour(at: number, zone: string, language: Language): string {
  return `${clockTime(language, zone).format(at)} ${offset(at, zone)}`;
}

function offset(at: number, zone: string): string {
  const part = offsets('en', zone)
    .formatToParts(at)
    .find((piece) => piece.type === 'timeZoneName');
  const name = part?.value ?? 'GMT';
  return name === 'GMT' ? '+00:00' : name.slice(3);
}

const day = formatterCache(
  (language, zone) => new Intl.DateTimeFormat(locales[language], { timeZone: zone, dateStyle: 'long' }),
);
const dayAndTime = formatterCache(
  (language, zone) =>
    new Intl.DateTimeFormat(locales[language], { timeZone: zone, dateStyle: 'long', timeStyle: 'short' }),
);

/** In French the first day of a month is an ordinal: `1er novembre 2026`. */
function told(day: string, language: Language): string {
  return language === 'fr' ? day.replace(/^1 /, '1er ') : day;
}

/** `22 November 2026` in the given IANA zone. */
export function date(at: number, zone: string, language: Language): string {
  return told(day(language, zone).format(at), language);
}

/** When an agreement begins: `22 November 2026`, with the time when that is not the first minute of the day. */
export function firstDay(at: number, zone: string, language: Language): string {
  return told((beginsDay(at, zone) ? day : dayAndTime)(language, zone).format(at), language);
}

/** When an agreement ends: `22 December 2026 inclusive` when that is midnight, else the day and the time. */
export function lastDay(at: number, zone: string, language: Language): string {
  if (!beginsDay(at, zone)) return told(dayAndTime(language, zone).format(at), language);
  return `${date(at - 1, zone, language)} ${language === 'fr' ? 'inclus' : 'inclusive'}`;
}

function beginsDay(at: number, zone: string): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  return local.startOfDay().epochMilliseconds === at;
}

const calendarDay = formatterCache(
  (language, zone) => new Intl.DateTimeFormat(locales[language], { timeZone: zone, dateStyle: 'long' }),
);

/** `25 November 2026`, from `2026-11-25`. */
export function dayInWords(day: string, language: Language): string {
  return told(calendarDay(language, 'UTC').format(Date.parse(`${day}T00:00:00Z`)), language);
}

/** Names of countries by their codes (ISO 3166), in the order of the language. */
export function countries(codes: Iterable<string>, language: Language): string {
  const names = new Intl.DisplayNames(locales[language], { type: 'region' });
  return [...codes]
    .map((code) => names.of(code) ?? code)
    .toSorted(new Intl.Collator(locales[language]).compare)
    .join(', ');
}

/** RFC 3339 UTC, for `datetime` attributes and for the log. */
export function rfc3339(at: number): string {
  return new Date(at).toISOString();
}

/** How long something still lasts or took, in its two largest units. Milliseconds in; never negative. */
export function duration(ms: number, language: Language): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const steps = [
    [Math.floor(seconds / 86_400), language === 'fr' ? 'j' : 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = steps.findIndex(([count]) => count > 0);
  if (first < 0) return `0\u00a0s`;
  return steps
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}\u00a0${unit}`)
    .join(' ');
}

/** `2.5 ms`, `2,5 ms`. */
export function milliseconds(ms: number, language: Language): string {
  const number = ms.toLocaleString(locales[language], { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return `${number}\u00a0ms`;
}

const decimals = (language: Language, digits: number): Intl.NumberFormat =>
  new Intl.NumberFormat(locales[language], { minimumFractionDigits: digits, maximumFractionDigits: digits });
const numbers = {
  en: [decimals('en', 0), decimals('en', 1)],
  fr: [decimals('fr', 0), decimals('fr', 1)],
} as const;

/** Decimal units: `12.4 MB`, `12,4 Mo`. */
export function size(bytes: number, language: Language): string {
  const units = language === 'fr' ? ['o', 'ko', 'Mo', 'Go', 'To'] : ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  const number = numbers[language][digits].format(value);
  return `${number}\u00a0${units[unit] ?? ''}`;
}

/** Formatters are costly to make; there are few zones and two languages. */
function formatterCache(
  make: (language: Language, zone: string) => Intl.DateTimeFormat,
): (language: Language, zone: string) => Intl.DateTimeFormat {
  const made = new Map<string, Intl.DateTimeFormat>();
  return (language, zone) => {
    const key = `${language} ${zone}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const fresh = make(language, zone);
    made.set(key, fresh);
    return fresh;
  };
}
