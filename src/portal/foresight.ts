/**
 * What an agreement will allow, in sentences, for the page on which it is signed: the answer of `foresee` and nothing
 * beyond it. Names people by name and function, as every page of the client does.
 */
import { inBoth, joinTexts } from '../core/both-languages.ts';
import { type Budget, countsUse } from '../core/budget.ts';
import type { EmergencyClause } from '../core/emergency.ts';
import type { FirstUse } from '../core/first-use.ts';
import { type ForeseenUse, foresee } from '../core/foresee.ts';
import type { Client, Grant, Language, Operation, Snapshot, Text } from '../core/model.ts';
import { reasonAnswers } from '../core/reasons.ts';
import { namedRobot } from '../core/robots.ts';
import { reasonText } from './activity-words.ts';
import { firstDay, lastDay, size } from './formats.ts';
import { personText } from './person-name.ts';
import { robotsForeseen } from './robot-words.ts';
import { systemName } from './system-names.ts';
import { texts } from './texts.ts';

const words = texts.foresight;
const operations: readonly Operation[] = ['read', 'write', 'copy'];

export interface Foresight {
  /** First the sentence that counts the people; undefined when nobody could enter. */
  readonly who: Text | undefined;
  /** One line per person. */
  readonly people: readonly Text[];
  readonly sentences: readonly Text[];
}

/** `grant` as it would be given. */
export function foresight(snapshot: Snapshot, client: Client, given: Grant, now: number): Foresight {
  // Machines are told by themselves: they are not counted among people.
  const grant = { ...given, people: given.people.filter((who) => namedRobot(who) === undefined) };
  const { people, uses, stopped, moreByGroups } = foresee(snapshot, grant, now);
  const { said } = words;
  const byHours = uses.filter(({ hours }) => hours);
  const sentences = [
    ...(client.status === 'preparing' ? [said.preparing] : []),
    ...(people.length === 0 && grant.people.length > 0 ? [said.nobody] : []),
    ...(grant.emergency === undefined ? [] : inEmergency(snapshot, client, grant.emergency, given, now)),
    ...uses.map((use) => sayUse(snapshot, client, use, people.length, grant)),
    ...uses
      .filter(({ copiesForbidden }) => copiesForbidden)
      .map((use) => said.copies(purposeOf(snapshot, use), placeOf(client, use, grant))),
    ...(byHours.length === 0 ? [] : [said.hours(joinTexts(distinct(byHours, snapshot)))]),
    ...(uses.length === 0 ? [] : [said.minutes(joinTexts(limitsOf(uses, snapshot)))]),
    ...(grant.firstUse === undefined ? [] : [onceOf(grant.firstUse, client)]),
    ...(grant.budget === undefined || !countsUse(grant.budget)
      ? []
      : [said.budget(limitsInWords(grant.budget))]),
    ...(grant.budget?.keep === undefined ? [] : [words.keep(grant.budget.keep)]),
    ...(grant.people.includes('assigned') ? [said.later] : []),
    ...(moreByGroups ? [said.groups] : []),
    ...robotsForeseen(snapshot, client, given, now),
    ...(grant.people.includes('assigned') || moreByGroups ? [] : [said.nobodyElse]),
    ...stopped.map(({ person, reason }) =>
      said.stopped(personText(snapshot, client, person), reasonText(reasonAnswers[reason].leaf)),
    ),
  ];
  const systems = joinTexts(grant.systems.map((id) => systemName(client, id)));
  return {
    who: people.length === 0 ? undefined : said.who(people.length, systems, windowOf(grant, client, now)),
    people: people.map((id) => shownAs(snapshot, client, id)),
    sentences,
  };
}

/** What the clause says, then who of those it names could enter today and what keeps out the others. */
function inEmergency(
  snapshot: Snapshot,
  client: Client,
  clause: EmergencyClause,
  grant: Grant,
  now: number,
): readonly Text[] {
  const { said } = words;
  const { emergency: _, ...plain } = grant;
  const { people, stopped } = foresee(snapshot, { ...plain, people: clause.people }, now);
  const named = joinTexts(clause.people.map((id) => personText(snapshot, client, id)));
  const only = grant.people.length === 0;
  return [
    said.emergency(named, clause.minutes, clause.perYear, clause.reviewDays, only),
    ...(people.length === 0
      ? []
      : [said.emergencyAble(joinTexts(people.map((id) => personText(snapshot, client, id))))]),
    ...clause.people
      .filter((id) => !people.includes(id))
      .map((id) => {
        // Who is in no file is nobody's employee any more.
        const reason = stopped.find(({ person }) => person === id)?.reason ?? 'not_employee';
        return said.emergencyStopped(
          personText(snapshot, client, id),
          reasonText(reasonAnswers[reason].leaf),
        );
      }),
  ];
}

function sayUse(snapshot: Snapshot, client: Client, use: ForeseenUse, everybody: number, grant: Grant): Text {
  const cannot = operations.filter((operation) => !use.operations.includes(operation));
  const who =
    use.people.length === everybody
      ? words.they(everybody)
      : joinTexts(use.people.map((id) => personText(snapshot, client, id)));
  const can = joinTexts(use.operations.map((operation) => words.verbs[operation]));
  const where = placeOf(client, use, grant);
  const purpose = purposeOf(snapshot, use);
  if (cannot.length === 0) return words.said.may(use.people.length, purpose, where, who, can);
  const not = joinTexts(cannot.map((operation) => words.verbs[operation]));
  return words.said.mayNot(use.people.length, purpose, where, who, can, not);
}

/** Said only where it is not everywhere. */
function placeOf(client: Client, use: ForeseenUse, grant: Grant): Text {
  if (use.systems.length === grant.systems.length) return { en: '', fr: '' };
  return words.on(joinTexts(use.systems.map((id) => systemName(client, id))));
}

function purposeOf(snapshot: Snapshot, { purpose }: ForeseenUse): Text {
  return snapshot.purposes.get(purpose)?.label ?? { en: purpose, fr: purpose };
}

function distinct(uses: readonly ForeseenUse[], snapshot: Snapshot): readonly Text[] {
  return [...new Set(uses.map((use) => purposeOf(snapshot, use)))];
}

function limitsOf(uses: readonly ForeseenUse[], snapshot: Snapshot): readonly Text[] {
  const first = new Map(uses.map((use) => [use.purpose, use]));
  return [...first.values()].map((use) => {
    const { en, fr } = purposeOf(snapshot, use);
    return { en: words.their(en, use.minutes).en, fr: words.their(fr, use.minutes).fr };
  });
}

function onceOf({ minutes, startBy }: FirstUse, { zone }: Client): Text {
  const count = { en: String(minutes), fr: String(minutes) };
  return words.said.once(
    count,
    inBoth((language) => lastDay(startBy, zone, language)),
  );
}

function limitsInWords({ per, openings, minutes, bytes, copies, copied }: Budget): Text {
  const { budgets } = texts;
  const told = (language: Language): string =>
    [
      ...(openings === undefined ? [] : [words.limits.openings(openings)[language]]),
      ...(minutes === undefined ? [] : [words.limits.minutes(minutes)[language]]),
      ...(bytes === undefined ? [] : [size(bytes, language)]),
      ...(copies === undefined ? [] : [words.limits.copies(copies)[language]]),
      ...(copied === undefined ? [] : [words.limits.copied(size(copied, language))[language]]),
    ].join(', ');
  const each = budgets.periods[per];
  return { en: `at most ${told('en')} each ${each.en}`, fr: `${told('fr')} au plus par ${each.fr}` };
}

function shownAs(snapshot: Snapshot, client: Client, id: string): Text {
  const name = personText(snapshot, client, id);
  const functions = joinTexts(
    (snapshot.people.get(id)?.functions ?? []).map(
      (code) => snapshot.functions.get(code) ?? { en: code, fr: code },
    ),
  );
  return inBoth((language) =>
    functions[language] === '' ? name[language] : `${name[language]}, ${functions[language]}`,
  );
}

function windowOf(grant: Grant, { zone }: Client, now: number): Text {
  return inBoth((language) => {
    const until = lastDay(grant.firstUse?.startBy ?? grant.until, zone, language);
    return grant.from <= now
      ? words.window.until(until)[language]
      : words.window.between(firstDay(grant.from, zone, language), until)[language];
  });
}
