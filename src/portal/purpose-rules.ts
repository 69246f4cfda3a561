/** When a purpose may be used and what its reference looks like, in words for the declaration page. */
import { clockTime } from '../core/days.ts';
import type { Client, Language, Purpose } from '../core/model.ts';
import type { Schedule } from '../core/schedule.ts';
import type { Say } from './language.ts';
import { texts } from './texts.ts';

const words = texts.technician;

/** One sentence per rule; none when there is none. */
export function purposeRules(
  purpose: Purpose,
  client: Client,
  language: Language,
  say: Say,
): readonly string[] {
  const hours = client.hours.get(purpose.code);
  const forms = purpose.referencePatterns.map(({ text }) => text).join(', ');
  return [
    ...(hours === undefined ? [] : [hoursSentence(hours, language, say)]),
    ...(forms === '' ? [] : [say(words.referenceForms(forms))]),
  ];
}

function hoursSentence(hours: Schedule, language: Language, say: Say): string {
  if (hours.windows.length === 0) return say(words.noHours);
  const windows = hours.windows.map(
    ({ days, from, until }) => `${daysText(days, language)} ${clockTime(from)}–${clockTime(until)}`,
  );
  const holidays = hours.closedOn === 'none' ? '' : `, ${say(words.notOnHolidays)}`;
  return say(words.hours(`${windows.join(', ')} (${hours.zone})${holidays}`));
}

/** Runs of three days and more as `Mon–Fri`. */
function daysText(days: readonly number[], language: Language): string {
  const runs: number[][] = [];
  for (const day of days.toSorted((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last?.at(-1) === day - 1) last.push(day);
    else runs.push([day]);
  }
  const named = runs.flatMap((run) => {
    const first = dayName(run[0] ?? 1, language);
    return run.length < 3
      ? run.map((day) => dayName(day, language))
      : [`${first}–${dayName(run.at(-1) ?? 1, language)}`];
  });
  return named.join(', ');
}

/** 2024-01-01 was a Monday. */
function dayName(day: number, language: Language): string {
  const at = Temporal.PlainDate.from({ year: 2024, month: 1, day });
  return at.toLocaleString(language === 'fr' ? 'fr-FR' : 'en-GB', { weekday: 'short' });
}
