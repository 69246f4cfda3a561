/**
 * The form of a client's own instructions: fields to terms, with everything that is wrong said at once; and the sentences
 * that terms are said in, which are signed, shown to the client and shown to technicians.
 */
import { joinTexts } from '../core/both-languages.ts';
import { clockTime, dayAt, parseDay } from '../core/days.ts';
import type { Client, Snapshot, Text } from '../core/model.ts';
import {
  assessments,
  type InstructionTerms,
  type OwnHours,
  type OwnInstructions,
  sensitivities,
} from '../core/own-instructions.ts';
import { means, termOf } from '../core/pseudonyms.ts';
import { systemsOf } from './arrival.ts';
import { texts } from './texts.ts';
import { field, fields } from './visit.ts';

const words = texts.instructions;

export interface InstructionForm {
  readonly sensitivity: string;
  readonly assessment: string;
  readonly assessedOn: string;
  readonly days: readonly string[];
  readonly hoursFrom: string;
  readonly hoursUntil: string;
  readonly noCopy: boolean;
  /** `anybody` or `named`. */
  readonly who: string;
  readonly people: readonly string[];
  readonly note: string;
}

export type InstructionErrors = ReadonlyMap<keyof InstructionForm, Text>;

/** The form of what is in force; without instructions, one that asks for nothing. */
export function formOf(terms: InstructionTerms | undefined): InstructionForm {
  return {
    sensitivity: terms?.sensitivity ?? 'ordinary',
    assessment: terms?.assessment ?? 'unsaid',
    assessedOn: terms?.assessedOn ?? '',
    days: terms?.hours?.days.map(String) ?? [],
    hoursFrom: terms?.hours === undefined ? '' : clockTime(terms.hours.from),
    hoursUntil: terms?.hours === undefined ? '' : clockTime(terms.hours.until),
    noCopy: terms?.noCopy ?? false,
    who: terms?.only === undefined ? 'anybody' : 'named',
    people: terms?.only ?? [],
    note: terms?.note ?? '',
  };
}

export function readForm(body: unknown): InstructionForm {
  const said = (name: string) => field(body, name).trim();
  return {
    sensitivity: said('sensitivity'),
    assessment: said('assessment'),
    assessedOn: said('assessedOn'),
    days: fields(body, 'days'),
    hoursFrom: said('hoursFrom'),
    hoursUntil: said('hoursUntil'),
    noCopy: said('noCopy') === '1',
    who: said('who'),
    people: fields(body, 'people'),
    note: said('note'),
  };
}

/** People who may be named: those whom the provider assigned to the client, and those named already. */
export function peopleFor(
  client: Client,
  snapshot: Snapshot,
  own: OwnInstructions | undefined,
  now: number,
): readonly { readonly id: string; readonly label: string }[] {
  const isNamed = (id: string) => own?.only?.some((term) => means(client, term, id)) === true;
  return [...snapshot.people.values()]
    .filter((person) => isNamed(person.id) || systemsOf(client, person, now).length > 0)
    .map(({ id, name }) => ({ id: termOf(client, id), label: name }));
}

/** Checks every field against what was offered; `people` are the terms that may be named. */
export function checkForm(
  form: InstructionForm,
  people: readonly string[],
  zone: string,
  now: number,
): InstructionTerms | InstructionErrors {
  const errors = new Map<keyof InstructionForm, Text>();
  const sensitivity = sensitivities.find((one) => one === form.sensitivity);
  const assessment = assessments.find((one) => one === form.assessment);
  if (sensitivity === undefined) errors.set('sensitivity', words.errors.sensitivity);
  if (assessment === undefined) errors.set('assessment', words.errors.assessment);
  if (form.assessedOn !== '' && !isPast(form.assessedOn, zone, now))
    errors.set('assessedOn', words.errors.assessedOn);
  const hours = hoursOf(form, zone);
  if (hours === 'malformed') errors.set('days', words.errors.hours);
  const only = form.who === 'named' ? people.filter((id) => form.people.includes(id)) : undefined;
  const known = form.people.every((id) => people.includes(id));
  if ((form.who !== 'named' && form.who !== 'anybody') || only?.length === 0 || (only && !known))
    errors.set('who', words.errors.people);
  if (form.note.length > 300 || !form.note.isWellFormed() || /[\p{C}\u2028\u2029]/u.test(form.note))
    errors.set('note', words.errors.note);
  if (errors.size > 0 || sensitivity === undefined || assessment === undefined || hours === 'malformed')
    return errors;
  const { assessedOn, noCopy, note } = form;
  return { sensitivity, assessment, assessedOn, hours, noCopy, only, note };
}

function isPast(text: string, zone: string, now: number): boolean {
  const day = parseDay(text);
  return day !== undefined && Temporal.PlainDate.compare(day, dayAt(now, zone)) <= 0;
}

function hoursOf(
  { days, hoursFrom, hoursUntil }: InstructionForm,
  zone: string,
): OwnHours | undefined | 'malformed' {
  if (days.length === 0 && hoursFrom === '' && hoursUntil === '') return undefined;
  const from = minutesOf(hoursFrom);
  const until = minutesOf(hoursUntil);
  const sound =
    days.length > 0 && new Set(days).size === days.length && days.every((day) => /^[1-7]$/.test(day));
  if (!sound || from === undefined || until === undefined || from >= until) return 'malformed';
  return { days: days.map(Number).sort(), from, until, zone };
}

function minutesOf(text: string): number | undefined {
  const found = /^(\d{1,2}):([0-5]\d)$/.exec(text);
  const minutes = found === null ? Number.NaN : Number(found[1]) * 60 + Number(found[2]);
  return minutes >= 0 && minutes <= 1440 ? minutes : undefined;
}

/** What the instructions ask, a sentence each; empty when they ask for nothing. */
export function sentencesOf(
  terms: InstructionTerms,
  snapshot: Snapshot,
  client: Client | undefined,
): readonly Text[] {
  const { said } = words;
  const { hours, only, note, sensitivity, assessment, assessedOn } = terms;
  const days = (hours?.days ?? []).map((day) => words.dayNames[day - 1] ?? { en: '', fr: '' });
  return [
    ...(sensitivity === 'ordinary' ? [] : [said.sensitivity(words.sensitivities[sensitivity])]),
    ...(assessment === 'unsaid' ? [] : [said.assessment(words.assessments[assessment], assessedOn)]),
    ...(hours === undefined
      ? []
      : [said.hours(joinTexts(days), clockTime(hours.from), clockTime(hours.until), hours.zone)]),
    ...(terms.noCopy ? [said.noCopy] : []),
    ...(only === undefined
      ? []
      : [said.only(only.map((term) => nameOfTerm(snapshot, client, term)).join(', '))]),
    ...(note === '' ? [] : [said.note(note)]),
  ];
}

function nameOfTerm(snapshot: Snapshot, client: Client | undefined, term: string): string {
  return [...snapshot.people.values()].find(({ id }) => means(client, term, id))?.name ?? term;
}
