/**
 * Hours in which something may happen: windows of a week in a time zone, with or without public holidays. What is
 * true at an instant stays true for a stretch of time, and the stretch last found is kept, so that asking again costs
 * two comparisons. Pure: what is kept never changes an answer.
 */
import { dayAt } from './days.ts';
import { type Calendar, isHoliday } from './holidays.ts';

/** `days` are ISO days of the week, 1 is Monday; times are minutes after midnight, `until` up to 1440. */
export interface HoursWindow {
  readonly days: readonly number[];
  readonly from: number;
  /** Not after `from`: the window ends on the next day, and belongs to the day on which it begins. */
  readonly until: number;
}

export interface Schedule {
  readonly zone: string;
  readonly windows: readonly HoursWindow[];
  /** The calendar whose holidays are closed all day; `none` when holidays do not matter. */
  readonly closedOn: Calendar;
}

/** The answer holds from `from` until just before `until`, epoch milliseconds. */
export interface Stretch {
  readonly open: boolean;
  readonly from: number;
  readonly until: number;
}

/** How far ahead one stretch is looked for; one that lasts longer is told in parts. */
const horizonDays = 15;

const found = new WeakMap<Schedule, Stretch>();

/** Whether the hours are open at `now`, and how long that stays so. Throws RangeError when `now` is no instant. */
export function stretchAt(schedule: Schedule, now: number): Stretch {
  const known = found.get(schedule);
  if (known !== undefined && now >= known.from && now < known.until) return known;
  const stretch = look(schedule, now);
  found.set(schedule, stretch);
  return stretch;
}

function look(schedule: Schedule, now: number): Stretch {
  const today = dayAt(now, schedule.zone);
  // From the day before yesterday: a window of yesterday may reach into today, and a stretch may begin there.
  const first = today.subtract({ days: 2 });
  const spans: { from: number; until: number }[] = [];
  for (let ahead = 0; ahead <= horizonDays + 2; ahead += 1) {
    spans.push(...spansOf(schedule, first.add({ days: ahead })));
  }
  let from = instantOf(first, 0, schedule.zone);
  for (const span of joined(spans)) {
    if (now < span.from) return { open: false, from, until: span.from };
    if (now < span.until) return { open: true, from: span.from, until: span.until };
    from = Math.max(from, span.until);
  }
  return { open: false, from, until: instantOf(today, horizonDays * 1440, schedule.zone) };
}

function spansOf(schedule: Schedule, day: Temporal.PlainDate): readonly { from: number; until: number }[] {
  if (schedule.closedOn !== 'none' && isHoliday(schedule.closedOn, day)) return [];
  return schedule.windows
    .filter(({ days }) => days.includes(day.dayOfWeek))
    .map(({ from, until }) => ({
      from: instantOf(day, from, schedule.zone),
      until: instantOf(day, until > from ? until : until + 1440, schedule.zone),
    }))
    .filter((span) => span.from < span.until);
}

/** Each time this window is there, holidays too, that ends after `after` and begins before `before`; epoch milliseconds. */
export function windowsBetween(
  zone: string,
  window: HoursWindow,
  after: number,
  before: number,
): readonly { from: number; until: number }[] {
  const schedule: Schedule = { zone, windows: [window], closedOn: 'none' };
  const found: { from: number; until: number }[] = [];
  const last = dayAt(before, zone);
  for (
    let day = dayAt(after, zone).subtract({ days: 2 });
    Temporal.PlainDate.compare(day, last) <= 0;
    day = day.add({ days: 1 })
  )
    found.push(...spansOf(schedule, day));
  return found.filter(({ from, until }) => until > after && from < before);
}

/** By the clock on the wall: on days of 23 or 25 hours the window still begins and ends when the clock says so. */
function instantOf(day: Temporal.PlainDate, minutes: number, zone: string): number {
  const date = day.add({ days: Math.floor(minutes / 1440) });
  const rest = minutes % 1440;
  const time = Temporal.PlainTime.from({ hour: Math.floor(rest / 60), minute: rest % 60 });
  return date.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds;
}

function joined(
  spans: readonly { from: number; until: number }[],
): readonly { from: number; until: number }[] {
  const whole: { from: number; until: number }[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = whole.at(-1);
    if (last !== undefined && span.from <= last.until) last.until = Math.max(last.until, span.until);
    else whole.push({ ...span });
  }
  return whole;
}
