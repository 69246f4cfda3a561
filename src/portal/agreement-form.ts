/**
 * The form of an agreement: fields to terms, with everything that is wrong said at once. Days are days of the
 * client's zone; the last day is included. There is no field for "no end".
 */
import { dayAt, dayStart, parseDay } from '../core/days.ts';
import { endAtLatest, mostMinutes } from '../core/first-use.ts';
import { longestMonths } from '../core/grant-limits.ts';
import type { GrantTerms } from '../core/grant-text.ts';
import type { Client, Language, Operation, Snapshot, Text } from '../core/model.ts';
import { termOf } from '../core/pseudonyms.ts';
import { namedRobot, robotInWords, robotName, robotsIn } from '../core/robots.ts';
import { everySystem } from '../core/systems.ts';
import { systemsOf } from './arrival.ts';
import { type BudgetForm, budgetFields, budgetIn, readBudgetFields } from './budget-form.ts';
import { checkEmergency, type EmergencyForm, emergencyFields, readEmergency } from './emergency-form.ts';
import { firstDay, lastDay } from './formats.ts';
import type { Say } from './language.ts';
import { calledText } from './person-name.ts';
import { windowsInWords } from './robot-words.ts';
import { systemName } from './system-names.ts';
import { operationTexts } from './texts/everywhere.ts';
import { texts } from './texts.ts';
import { field, fields } from './visit.ts';

const words = texts.agreements;
const operations: readonly Operation[] = ['read', 'write', 'copy'];

export interface AgreementForm extends EmergencyForm, BudgetForm {
  readonly systems: readonly string[];
  readonly purposes: readonly string[];
  readonly operations: readonly string[];
  /** `assigned` or `named`; '' where it is for emergencies only. */
  readonly who: string;
  /** As the client means them: see `termOf`. */
  readonly people: readonly string[];
  /** As an agreement names them; beside people, or alone. */
  readonly robots: readonly string[];
  readonly from: string;
  readonly until: string;
  /** '' for an agreement over the whole time, else minutes from the first access on. */
  readonly onceMinutes: string;
}

export type AgreementErrors = ReadonlyMap<keyof AgreementForm, Text>;

/** What may be ticked. */
export interface AgreementOffer {
  readonly systems: readonly { readonly id: string; readonly label: string }[];
  readonly purposes: readonly { readonly id: string; readonly label: string; readonly about: string }[];
  readonly operations: readonly { readonly id: Operation; readonly label: string }[];
  readonly people: readonly { readonly id: string; readonly label: string }[];
  /** Machines, by the name that an agreement gives them. */
  readonly robots: readonly { readonly id: string; readonly label: string; readonly about: string }[];
}

/** Systems and purposes of the client's own file; people and teams that the provider assigned to it. */
export function offerOf(client: Client, snapshot: Snapshot, say: Say, now: number): AgreementOffer {
  const offered = new Set(everySystem(client).flatMap((system) => system.purposes));
  const assigned = [...snapshot.people.values()].filter(
    (person) => systemsOf(client, person, now).length > 0,
  );
  const people = assigned.filter(({ robot }) => robot === undefined);
  const teams = new Set(client.assignments.map(({ who }) => who).filter((who) => who.startsWith('team:')));
  return {
    systems: everySystem(client).map(({ id }) => ({ id, label: say(systemName(client, id)) })),
    purposes: [...snapshot.purposes.values()]
      .filter((purpose) => offered.has(purpose.code))
      .map((purpose) => ({ id: purpose.code, label: say(purpose.label), about: say(purpose.description) })),
    operations: operations.map((id) => ({ id, label: say(operationTexts[id]) })),
    people: [
      ...people.map((person) => ({
        id: termOf(client, person.id),
        label: say(calledText(snapshot, client, person)),
      })),
      ...[...teams].map((id) => ({ id, label: say(words.team(id.slice('team:'.length))) })),
    ],
    robots: robotsIn(assigned).map((one) => ({
      id: robotName(one.id),
      label: say(robotInWords(snapshot, one.id)),
      about: say(windowsInWords(one.robot)),
    })),
  };
}

/** The fields that say who, of an agreement that names these. */
export function peopleFields(named: readonly string[]): Pick<AgreementForm, 'who' | 'people' | 'robots'> {
  const robots = named.filter((who) => namedRobot(who) !== undefined);
  const people = named.filter((who) => namedRobot(who) === undefined);
  if (people.includes('assigned')) return { who: 'assigned', people: [], robots };
  return { who: people.length === 0 ? '' : 'named', people, robots };
}

/** A fresh form: nothing ticked, because silence is not agreement; dates from today for a month. */
export function blankAgreement(client: Client, now: number): AgreementForm {
  const today = dayAt(now, client.zone);
  return {
    systems: [],
    purposes: [],
    operations: [],
    who: '',
    people: [],
    robots: [],
    from: today.toString(),
    until: today.add({ months: 1 }).toString(),
    onceMinutes: '',
    ...budgetFields(undefined),
    ...emergencyFields(undefined),
  };
}

export function readAgreement(body: unknown): AgreementForm {
  return {
    systems: fields(body, 'systems'),
    purposes: fields(body, 'purposes'),
    operations: fields(body, 'operations'),
    who: field(body, 'who'),
    people: fields(body, 'people'),
    robots: fields(body, 'robots'),
    from: field(body, 'from').trim(),
    until: field(body, 'until').trim(),
    onceMinutes: field(body, 'onceMinutes').trim(),
    ...readBudgetFields(body),
    ...readEmergency(body),
  };
}

/** The part of the terms that the form decides. */
export type AgreementScope = Pick<
  GrantTerms,
  'systems' | 'purposes' | 'operations' | 'people' | 'from' | 'until' | 'budget' | 'firstUse' | 'emergency'
>;

/** Checks every field against what was offered. Lists come back in the order of the offer. */
export function checkAgreement(
  form: AgreementForm,
  offer: AgreementOffer,
  zone: string,
  now: number,
): AgreementScope | AgreementErrors {
  const errors = new Map<keyof AgreementForm, Text>();
  const systems = ticked(form.systems, offer.systems);
  const purposes = ticked(form.purposes, offer.purposes);
  const permitted = ticked(form.operations, offer.operations);
  const robots = ticked(form.robots, offer.robots);
  const named =
    form.who === 'assigned' ? ['assigned'] : form.who === 'named' ? ticked(form.people, offer.people) : [];
  if (systems.length === 0) errors.set('systems', words.errors.systems);
  if (purposes.length === 0) errors.set('purposes', words.errors.purposes);
  if (permitted.length === 0) errors.set('operations', words.errors.operations);
  const emergency = checkEmergency(form, offer, zone);
  if (emergency === 'malformed') errors.set('emergencyPeople', texts.emergencies.errors.form);
  // Whoever chose nobody else agreed to emergencies only.
  const nobody = form.who === '' && form.people.length === 0;
  if (form.robots.length > 0 && robots.length === 0) errors.set('robots', texts.robots.unknown);
  if (named.length === 0 && !(nobody && (emergency !== undefined || robots.length > 0)))
    errors.set('who', words.errors.people);
  const people = [...named, ...robots];
  const window = checkWindow(form, zone, now);
  for (const [name, text] of window.errors) errors.set(name, text);
  const budget = budgetIn(form, zone);
  if (budget === 'malformed') errors.set('budgetPer', texts.budgets.errors.form);
  const once = form.onceMinutes === '' ? undefined : Number(form.onceMinutes);
  if (once !== undefined && !(/^[1-9]\d{0,3}$/.test(form.onceMinutes) && once <= mostMinutes))
    errors.set('onceMinutes', texts.firstUse.errors.form);
  if (errors.size > 0 || budget === 'malformed' || emergency === 'malformed') return errors;
  return {
    ...{ systems, purposes, operations: permitted, people, from: window.from },
    ...endOf(window.until, once),
    ...(budget === undefined ? {} : { budget }),
    ...(emergency === undefined ? {} : { emergency }),
  };
}

/** The end; for an agreement that is used once, the last day is that on which it may still begin. */
function endOf(until: number, once: number | undefined): Pick<AgreementScope, 'until' | 'firstUse'> {
  if (once === undefined) return { until };
  const firstUse = { minutes: once, startBy: until };
  return { until: endAtLatest(firstUse), firstUse };
}

/** Only what was offered counts; one unknown value spoils the list. */
export function ticked<T extends string>(
  chosen: readonly string[],
  offer: readonly { readonly id: T }[],
): readonly T[] {
  const known = offer.map(({ id }) => id);
  if (!chosen.every((id) => (known as readonly string[]).includes(id))) return [];
  return known.filter((id) => chosen.includes(id));
}

function checkWindow(form: AgreementForm, zone: string, now: number) {
  const errors = new Map<'from' | 'until', Text>();
  const today = dayAt(now, zone);
  const first = parseDay(form.from);
  const last = parseDay(form.until);
  if (first === undefined || Temporal.PlainDate.compare(first, today) < 0)
    errors.set('from', words.errors.from);
  if (last === undefined || (first !== undefined && Temporal.PlainDate.compare(last, first) < 0)) {
    errors.set('until', words.errors.until);
  }
  if (first === undefined || last === undefined || errors.size > 0) return { errors, from: 0, until: 0 };
  const end = last.add({ days: 1 });
  if (Temporal.PlainDate.compare(end, today.add({ months: longestMonths })) > 0)
    errors.set('until', words.errors.grant_too_long);
  // What starts today starts now: an agreement never reaches back.
  return { errors, from: Math.max(now, dayStart(first, zone)), until: dayStart(end, zone) };
}

/** How a scope is said to people: names instead of ids. */
export function wordsOf(
  scope: AgreementScope,
  offer: AgreementOffer,
  zone: string,
  language: Language,
  say: Say,
): Pick<
  GrantTerms['words'],
  'systems' | 'purposes' | 'people' | 'robots' | 'inEmergency' | 'from' | 'until'
> {
  const named = (ids: readonly string[], among: readonly { readonly id: string; readonly label: string }[]) =>
    ids.map((id) => among.find((one) => one.id === id)?.label ?? id);
  const [people, robots] = [
    scope.people.filter((who) => namedRobot(who) === undefined),
    scope.people.filter((who) => namedRobot(who) !== undefined),
  ];
  const nobody = scope.emergency === undefined ? '' : say(texts.emergencies.only);
  return {
    systems: named(scope.systems, offer.systems),
    purposes: named(scope.purposes, offer.purposes),
    people:
      people.length === 0
        ? nobody
        : named(people, [{ id: 'assigned', label: lowerFirst(say(words.assigned)) }, ...offer.people]).join(
            ', ',
          ),
    ...(robots.length === 0 ? {} : { robots: named(robots, offer.robots) }),
    ...(scope.emergency === undefined
      ? {}
      : { inEmergency: named(scope.emergency.people, offer.people).join(', ') }),
    from: firstDay(scope.from, zone, language),
    until: lastDay(scope.firstUse?.startBy ?? scope.until, zone, language),
  };
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
