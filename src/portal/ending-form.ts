/**
 * The form in which a client gives notice and chooses: fields to terms, with everything that is wrong said at once; and the sentences
 * that are signed.
 */
import { inBoth } from '../core/both-languages.ts';
import { dayAt } from '../core/days.ts';
import {
  type EndingStatement,
  type EndingTerms,
  endingChoices,
  longestEndingNote,
  saysNothing,
} from '../core/ending.ts';
import type { Text } from '../core/model.ts';
import { isPlain } from './declaration.ts';
import { dayInWords } from './formats.ts';
import { readDayEnd } from './local-times.ts';
import { texts } from './texts.ts';
import { field } from './visit.ts';

const words = texts.endings;

/** Days after the end, or after today when it has come, where the client names no day. */
const usualDays = 30;

export interface EndingForm {
  readonly lastDay: string;
  /** `return`, `delete` or `later`. */
  readonly choice: string;
  readonly by: string;
  readonly note: string;
}

export type EndingErrors = ReadonlyMap<keyof EndingForm, Text>;

export function endingFormOf(terms: EndingTerms | undefined): EndingForm {
  return {
    lastDay: terms?.lastDay ?? '',
    choice: terms?.choice ?? (terms === undefined ? '' : 'later'),
    by: terms?.by ?? '',
    note: terms?.note ?? '',
  };
}

export function readEndingForm(body: unknown): EndingForm {
  const said = (name: string) => field(body, name).trim();
  return { lastDay: said('lastDay'), choice: said('choice'), by: said('by'), note: said('note') };
}

/** `end`: the first instant after the last day that the contract has without this form; undefined: none is known. */
export function checkEnding(
  form: EndingForm,
  before: EndingStatement | undefined,
  of: { readonly zone: string; readonly end: number | undefined; readonly now: number },
): EndingTerms | EndingErrors {
  const { zone, now } = of;
  const errors = new Map<keyof EndingForm, Text>();
  const { lastDay, note } = form;
  const endsAt = lastDay === '' ? undefined : readDayEnd(lastDay, zone);
  const kept = lastDay !== '' && lastDay === before?.lastDay;
  if (lastDay !== '' && (endsAt === undefined || (endsAt <= now && !kept)))
    errors.set('lastDay', words.errors.lastDay);
  const choice = endingChoices.find((one) => one === form.choice);
  if (choice === undefined && form.choice !== 'later') errors.set('choice', words.errors.choice);
  const by = choice === undefined ? '' : form.by || usualBy(Math.max(now, endsAt ?? of.end ?? now), zone);
  if (choice !== undefined && by !== before?.by && !((readDayEnd(by, zone) ?? 0) > now))
    errors.set('by', words.errors.by);
  if (note.length > longestEndingNote || (note !== '' && !isPlain(note, false)))
    errors.set('note', words.errors.note);
  if (errors.size > 0) return errors;
  const terms = { lastDay, choice, by, note };
  const same =
    before === undefined
      ? saysNothing(terms)
      : (['lastDay', 'choice', 'by', 'note'] as const).every((name) => before[name] === terms[name]);
  return same ? new Map([['lastDay', words.errors.same]]) : terms;
}

/** The day that lies so many days after the last one before `end`. */
function usualBy(end: number, zone: string): string {
  return dayAt(end - 1, zone)
    .add({ days: usualDays })
    .toString();
}

/** What the terms say, a sentence each. */
export function endingSentences(terms: EndingTerms): readonly Text[] {
  const { said } = words;
  const day = (text: string): Text => inBoth((language) => dayInWords(text, language));
  const { lastDay, choice, by, note } = terms;
  if (saysNothing(terms)) return [said.nothing];
  return [
    ...(lastDay === '' ? [] : [said.notice(day(lastDay))]),
    ...(choice === undefined ? [] : [said[choice](day(by)), said.law]),
    ...(note === '' ? [] : [said.note(note)]),
  ];
}
