/**
 * French public holidays as data: the eleven of the labour code, and what Alsace-Moselle and each overseas territory
 * have besides. A calendar belongs to a client's territory. Pure; dates are days of that territory.
 */

/** `none` has no holidays; `FR-AM` is Alsace-Moselle; the others are ISO codes. */
export const calendars = ['FR', 'FR-AM', 'GP', 'MQ', 'GF', 'RE', 'YT', 'MF', 'BL', 'PM', 'none'] as const;

export type Calendar = (typeof calendars)[number];

/** `MM-DD`. */
const fixedDays = ['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'];

/** Days after Easter Sunday: Easter Monday, Ascension Day, Whit Monday. */
const movingDays = [1, 39, 50];

/** What a calendar has besides: fixed days, and days after Easter Sunday. */
const besides: {
  readonly [C in Calendar]?: { readonly fixed: readonly string[]; readonly moving: readonly number[] };
} = {
  // Good Friday and Saint Stephen's Day.
  'FR-AM': { fixed: ['12-26'], moving: [-2] },
  // The abolition of slavery.
  GP: { fixed: ['05-27'], moving: [] },
  MQ: { fixed: ['05-22'], moving: [] },
  GF: { fixed: ['06-10'], moving: [] },
  RE: { fixed: ['12-20'], moving: [] },
  YT: { fixed: ['04-27'], moving: [] },
  MF: { fixed: ['05-28'], moving: [] },
  BL: { fixed: ['10-09'], moving: [] },
};

/** Easter Sunday of a year of the Gregorian calendar (Meeus, Jones and Butcher). */
export function easter(year: number): Temporal.PlainDate {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return Temporal.PlainDate.from({ year, month: Math.floor(n / 31), day: (n % 31) + 1 });
}

/** The holidays of a year, as ISO dates in order. */
export function holidaysOf(calendar: Calendar, year: number): readonly string[] {
  if (calendar === 'none') return [];
  const more = besides[calendar];
  const sunday = easter(year);
  const moving = [...movingDays, ...(more?.moving ?? [])].map((days) => sunday.add({ days }).toString());
  const fixed = [...fixedDays, ...(more?.fixed ?? [])].map((day) => `${year}-${day}`);
  return [...new Set([...moving, ...fixed])].sort();
}

/** Whether a day is worked in general: Monday to Friday, and no public holiday. */
export function isWorkingDay(calendar: Calendar, day: Temporal.PlainDate): boolean {
  return day.dayOfWeek <= 5 && !isHoliday(calendar, day);
}

/** Whether a day is a public holiday. */
export function isHoliday(calendar: Calendar, day: Temporal.PlainDate): boolean {
  return holidaysOf(calendar, day.year).includes(day.toString());
}
