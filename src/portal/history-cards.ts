/**
 * Openings as pages show them: one sentence, and the card behind it. Joins what was counted with the words of the policy
 * in force. Pure.
 */
import { dayAt } from '../core/days.ts';
import type { Fact, Story } from '../core/history.ts';
import { deedOf, furniture, type Known, tally } from '../core/history-tally.ts';
import { sentence, type ToldFact } from '../core/history-words.ts';
import type { Client, Language, Snapshot, Text } from '../core/model.ts';
import { shown } from '../core/shown.ts';
import { causeText, operationText, outcomeOf, reasonText } from './activity-words.ts';
import { hour, instant, size } from './formats.ts';
import { routeInWords } from './route-words.ts';
import { systemName } from './system-names.ts';
import { resultClassTexts } from './texts/history.ts';
import { texts } from './texts.ts';

const words = texts.history;

/** Requests of one kind, by what people call them. */
export interface CardRow {
  readonly key: string;
  readonly what: string;
  readonly system: string;
  readonly operation: Text | undefined;
  readonly result: Text;
  readonly kind: 'good' | 'bad' | 'calm';
  readonly count: number;
  readonly up: number;
  readonly down: number;
  readonly first: number;
  readonly last: number;
}

export interface Card {
  readonly story: Story;
  /** `2026-11-25` in the client's zone. */
  readonly day: string;
  readonly sentence: string;
  readonly name: string;
  readonly function: string;
  readonly systems: string;
  readonly purpose: string;
  readonly reference: string;
  readonly note: string;
  readonly cause: Text | undefined;
  readonly rows: readonly CardRow[];
  /** Scripts, styles and images among the counted requests. */
  readonly furniture: number;
}

export interface CardWords {
  readonly client: Client;
  readonly snapshot: Snapshot;
  readonly language: Language;
  /** As on the page: until when everything is counted. */
  readonly behind: number | undefined;
}

export function toCard(story: Story, by: CardWords): Card {
  const { client, snapshot, language } = by;
  const say = (text: Text | string): string => shown(typeof text === 'string' ? text : text[language], 80);
  const { facts, ...known } = countedIn(story, client, by.behind);
  const who = {
    name: say(story.name ?? words.erased),
    function: story.functions.map((code) => say(snapshot.functions.get(code) ?? code)).join(', '),
    systems: story.systems.map((id) => say(systemName(client, id))).join(', '),
    purpose: say(snapshot.purposes.get(story.purpose)?.label ?? story.purpose),
    reference: say(story.reference ?? words.erased),
  };
  const hours = hoursOf(story, client.zone, language);
  const before = [who.name, who.function, who.systems, who.purpose, who.reference, hours];
  const told = story.kind === 'refusal' ? refusalIn(before, story, language) : undefined;
  return {
    story,
    ...who,
    day: dayAt(story.at, client.zone).toString(),
    sentence: told ?? sentence({ ...known, before, facts }, language, (bytes) => size(bytes, language)),
    note: shown(story.note, 500),
    cause: story.cause === '' ? undefined : causeText(story.cause),
    rows: rowsOf(facts, client, language),
    furniture: tally(facts).assets.count,
  };
}

/** What was counted in an opening, with what its routes are called; `behind` as on a page. */
export function countedIn(
  story: Story,
  client: Client,
  behind: number | undefined,
): Known & { readonly facts: readonly ToldFact[] } {
  const ended = story.endedAt !== undefined;
  return {
    ended,
    complete: story.whole && (ended || behind === undefined),
    outside: story.declared.length > 0,
    said: saidWords(story),
    copies: story.operations.includes('copy'),
    served: story.systems.some((id) => !story.declared.includes(id)),
    facts: story.facts.map((fact) => ({
      ...fact,
      label: routeInWords(client, fact.system, fact.method, fact.path),
    })),
  };
}

/** '' where nothing is said; undefined where nothing is owed or it is erased. */
function saidWords({ said }: Story): string | undefined {
  if (said === undefined) return undefined;
  if (said === 'owed') return '';
  return said.text === undefined ? undefined : shown(said.text, 500);
}

function refusalIn(before: readonly string[], { facts }: Story, language: Language): string {
  const reason = facts[0]?.result.slice('refused:'.length) ?? '';
  const why = words.refusedBefore(reasonText(reason)[language])[language];
  return `${before.filter((part) => part !== '').join(', ')}${language === 'fr' ? ' : ' : ': '}${why}.`;
}

/** `14:02–14:31 +01:00`, with the day where the access went over one. */
function hoursOf({ at, endedAt, kind }: Story, zone: string, language: Language): string {
  if (kind === 'refusal') return hour(at, zone, language);
  if (endedAt === undefined) return words.since(hour(at, zone, language))[language];
  if (!dayAt(at, zone).equals(dayAt(endedAt, zone)))
    return `${instant(at, zone, language)} – ${instant(endedAt, zone, language)}`;
  const [from = '', before = ''] = hour(at, zone, language).split(' ');
  const [to = '', offset = ''] = hour(endedAt, zone, language).split(' ');
  return before === offset ? `${from}–${to} ${offset}` : `${from} ${before} – ${to} ${offset}`;
}

/** Requests that people would call the same, together; page furniture is left to its own line. */
function rowsOf(facts: readonly ToldFact[], client: Client, language: Language): readonly CardRow[] {
  const rows = new Map<string, CardRow>();
  for (const fact of facts) {
    if (furniture.has(deedOf(fact))) continue;
    const what = shown(typeof fact.label === 'string' ? fact.label : fact.label[language], 100);
    const key = [what, fact.system, fact.operation, fact.result].join('\0');
    const row = rows.get(key);
    rows.set(key, {
      key,
      what,
      system: shown(systemName(client, fact.system)[language], 60),
      operation: operationText(fact.operation),
      ...resultOf(fact),
      count: (row?.count ?? 0) + fact.count,
      up: (row?.up ?? 0) + fact.up,
      down: (row?.down ?? 0) + fact.down,
      first: Math.min(row?.first ?? fact.first, fact.first),
      last: Math.max(row?.last ?? fact.last, fact.last),
    });
  }
  return [...rows.values()];
}

function resultOf({ result }: Fact): Pick<CardRow, 'result' | 'kind'> {
  const { results } = texts.controller;
  if (result === '') return { result: results.pending, kind: 'calm' };
  if (result === 'answered') return { result: resultClassTexts.answered, kind: 'calm' };
  if (result.startsWith('refused:'))
    return { result: results.refused(reasonText(result.slice('refused:'.length))), kind: 'bad' };
  return outcomeOf({ leaf: { outcome: shown(result, 60), status: 200 } });
}
