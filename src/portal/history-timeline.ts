/**
 * Accesses over time as bars: which days or weeks, and how high each part stands. Pure geometry; the page draws it.
 */
import { dayEnd, dayStart } from '../core/days.ts';
import type { Bar } from '../core/history.ts';

/** Longer periods are told by the week. */
const mostDailyBars = 62;
/** Purposes with a colour of their own; the rest share one. */
export const mostSeries = 5;

export const chart = { width: 720, height: 142, base: 140, top: 4 } as const;

export interface Bin {
  readonly first: Temporal.PlainDate;
  readonly last: Temporal.PlainDate;
}

export interface Column extends Bin {
  readonly x: number;
  readonly width: number;
  readonly total: number;
  /** From the base upwards. `series` is -1 for what has no colour of its own. */
  readonly parts: readonly {
    readonly series: number;
    readonly y: number;
    readonly height: number;
    readonly count: number;
    readonly purpose: string;
  }[];
}

export interface Timeline {
  readonly weekly: boolean;
  /** Purposes by colour. */
  readonly series: readonly string[];
  readonly others: boolean;
  readonly columns: readonly Column[];
  readonly highest: number;
}

/** The days of a period, or its weeks, which begin on Mondays. */
export function binsOf(first: Temporal.PlainDate, last: Temporal.PlainDate): readonly Bin[] {
  const weekly = first.until(last, { largestUnit: 'day' }).days >= mostDailyBars;
  const bins: Bin[] = [];
  let day = first;
  while (Temporal.PlainDate.compare(day, last) <= 0) {
    const end = weekly ? day.add({ days: 7 - day.dayOfWeek }) : day;
    const until = Temporal.PlainDate.compare(end, last) > 0 ? last : end;
    bins.push({ first: day, last: until });
    day = until.add({ days: 1 });
  }
  return bins;
}

/** The instants at which the bins begin, and the end of the last. */
export function edgesOf(bins: readonly Bin[], zone: string): readonly number[] {
  const end = bins.at(-1);
  if (end === undefined) return [];
  return [...bins.map(({ first }) => dayStart(first, zone)), dayEnd(end.last, zone)];
}

/** Lays the counts out. `bars` belong to `bins`, one by one. */
export function layOut(bins: readonly Bin[], bars: readonly Bar[]): Timeline {
  const totals = new Map<string, number>();
  for (const { purposes } of bars)
    for (const { purpose, count } of purposes) totals.set(purpose, (totals.get(purpose) ?? 0) + count);
  const ordered = [...totals].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([code]) => code);
  const series = ordered.slice(0, mostSeries);
  const sums = bars.map(({ purposes }) => purposes.reduce((sum, { count }) => sum + count, 0));
  const highest = Math.max(0, ...sums);
  const step = chart.width / Math.max(1, bins.length);
  const scale = (chart.base - chart.top) / Math.max(1, highest);
  return {
    weekly: bins.some(({ first, last }) => Temporal.PlainDate.compare(first, last) !== 0),
    series,
    others: ordered.length > mostSeries,
    highest,
    columns: bins.map((bin, at) => ({
      ...bin,
      x: round(at * step),
      width: round(Math.max(1, step - Math.min(2, step / 5))),
      total: sums[at] ?? 0,
      parts: stack(bars[at], series, scale),
    })),
  };
}

function stack(bar: Bar | undefined, series: readonly string[], scale: number): Column['parts'] {
  let y: number = chart.base;
  return (bar?.purposes ?? [])
    .map(({ purpose, count }) => ({ purpose, count, series: series.indexOf(purpose) }))
    .sort((a, b) => rank(a.series) - rank(b.series) || (a.purpose < b.purpose ? -1 : 1))
    .map((part) => {
      const height = round(part.count * scale);
      y = round(y - height);
      return { ...part, y, height };
    });
}

function rank(series: number): number {
  return series < 0 ? mostSeries : series;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
