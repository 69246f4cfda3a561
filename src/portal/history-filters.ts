/**
 * The filters of the history as they stand in an address, so that every view can be kept and sent as a link. Reads
 * strictly: an unknown filter or a value without meaning is refused in words. Days are those of the client's zone.
 */
import { dayAt, dayEnd, dayStart, parseDay } from '../core/days.ts';
import type { HistoryPlace } from '../core/history.ts';
import { resultClasses } from '../core/history.ts';
import { shown } from '../core/shown.ts';
import { Refusal } from './refusal.ts';
import { texts } from './texts.ts';

/** The most days that one page shows. */
export const mostDays = 366;
const usualDays = 30;

/** Filters in the order of the form; each is one text in the address. */
export const filterNames = [
  'from',
  'to',
  'system',
  'person',
  'function',
  'purpose',
  'reference',
  'operation',
  'result',
  'route',
  'emergency',
  'agreement',
] as const;

export type FilterName = (typeof filterNames)[number];

/** '' where a filter is not set. */
export type FilterValues = { readonly [N in FilterName]: string };

export interface Filters {
  readonly values: FilterValues;
  /** First day and last day, both included. */
  readonly first: Temporal.PlainDate;
  readonly last: Temporal.PlainDate;
  /** Epoch milliseconds: from, and until just before. */
  readonly from: number;
  readonly until: number;
  /** The period asked for was longer than a page shows. */
  readonly bounded: boolean;
  readonly before: HistoryPlace | undefined;
}

const idForm = /^[A-Za-z0-9_.-]{1,100}$/;
const others: ReadonlySet<string> = new Set(['before', 'lang']);

/** Reads a query. Throws Refusal 422 that names the first filter that is wrong. */
export function readFilters(query: unknown, zone: string, now: number): Filters {
  const given = new Map(typeof query === 'object' && query !== null ? Object.entries(query) : []);
  for (const [name, value] of given) {
    const known = others.has(name) || (filterNames as readonly string[]).includes(name);
    if (!known || typeof value !== 'string') throw wrong(name);
  }
  const of = (name: string): string => String(given.get(name) ?? '').trim();
  const values = Object.fromEntries(filterNames.map((name) => [name, of(name)])) as FilterValues;
  checkValues(values);
  const today = dayAt(now, zone);
  const last = dayOf('to', values.to) ?? today;
  const asked = dayOf('from', values.from) ?? last.subtract({ days: usualDays - 1 });
  if (Temporal.PlainDate.compare(asked, last) > 0) throw wrong('from');
  const earliest = last.subtract({ days: mostDays - 1 });
  const bounded = Temporal.PlainDate.compare(asked, earliest) < 0;
  const first = bounded ? earliest : asked;
  return {
    values: { ...values, from: first.toString(), to: last.toString() },
    first,
    last,
    from: dayStart(first, zone),
    until: dayEnd(last, zone),
    bounded,
    before: readPlace('before', of('before')),
  };
}

function checkValues(values: FilterValues): void {
  for (const name of ['system', 'person', 'function', 'purpose', 'agreement'] as const) {
    if (values[name] !== '' && !idForm.test(values[name])) throw wrong(name);
  }
  const { operation, result, reference, route } = values;
  if (operation !== '' && !['read', 'write', 'copy'].includes(operation)) throw wrong('operation');
  if (result !== '' && !(resultClasses as readonly string[]).includes(result)) throw wrong('result');
  if (!['', 'yes'].includes(values.emergency)) throw wrong('emergency');
  if (reference.length > 200) throw wrong('reference');
  if (route.length > 200) throw wrong('route');
}

function dayOf(name: string, text: string): Temporal.PlainDate | undefined {
  if (text === '') return undefined;
  // Years that a form can hold; a calendar's far ends are nobody's day.
  const day = /^(?:19|20|21)/.test(text) ? parseDay(text) : undefined;
  if (day === undefined) throw wrong(name);
  return day;
}

/** A place in the log as addresses have it: `<epoch ms>.<index>`; '' is none. Throws Refusal 422. */
export function readPlace(name: string, text: string): HistoryPlace | undefined {
  if (text === '') return undefined;
  const found = /^(\d{1,14})\.(\d{1,10})$/.exec(text);
  if (found === null) throw wrong(name);
  return { at: Number(found[1]), index: Number(found[2]) };
}

export function printPlace({ at, index }: HistoryPlace): string {
  return `${at}.${index}`;
}

/** The address of the history with these filters; empty ones are left out. */
export function historyAddress(values: Partial<FilterValues>, before?: HistoryPlace): string {
  const query = new URLSearchParams();
  for (const name of filterNames) {
    const value = values[name] ?? '';
    if (value !== '') query.set(name, value);
  }
  if (before !== undefined) query.set('before', printPlace(before));
  return query.size === 0 ? '/history' : `/history?${query}`;
}

export function wrong(name: string): Refusal {
  const { wrongTitle, wrong: next } = texts.history;
  return new Refusal(422, 'bad_request', wrongTitle, next(shown(name, 40)));
}
