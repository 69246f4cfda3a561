/**
 * What a technician says was done in systems outside, when the access is over or within a day; who owes such a line, as the
 * technician and the client see it.
 */
import type { Opening, Person } from '../core/model.ts';
import {
  countsAsUnsaid,
  endOf,
  longestSaid,
  type SayingRefusal,
  sayingTime,
  saysWhat,
} from '../core/outside.ts';
import type { Seated } from './controller.ts';
import { isPlain } from './declaration.ts';
import { workGroups } from './lines.ts';
import { Refusal } from './refusal.ts';
import { texts } from './texts.ts';
import { field, type Visit } from './visit.ts';

const words = texts.outside;

/** What the form for the line shows. */
export interface Saying {
  readonly text: string;
  readonly errors: ReadonlyMap<string, string>;
}

/** An access that is over and of which nothing was said. */
export interface Unsaid {
  readonly id: string;
  readonly name: string;
  readonly reference: string;
  /** Until when the line is taken, epoch milliseconds. */
  readonly until: number;
}

/** The line in a form, as it would be kept. */
export function saidIn(visit: Visit): string {
  return field(visit.req.body, 'said').replace(/\s+/g, ' ').trim();
}

/** Says what was done; answers what is wrong with the form, or nothing. Throws Refusal. */
export async function sayOutside(
  visit: Visit,
  person: Person,
  opening: Opening,
): Promise<Saying | undefined> {
  const text = saidIn(visit);
  if (text.length > longestSaid || !isPlain(text, false) || !saysWhat(text)) return wrongLine(visit, text);
  const { client, id } = opening;
  const { clients, organisation } = visit.snapshot;
  const { work: _, ...groups } = workGroups(opening, person, clients.get(client), organisation);
  const answer = await visit.deps.authority.run({
    ...{ do: 'say-outside', client, opening: id, person: person.id, text, groups },
  });
  if ('refused' in answer) throw refusedLine(answer.refused);
  return undefined;
}

function wrongLine(visit: Visit, text: string): Saying {
  const { saying_empty: what } = words.refused;
  return {
    text,
    errors: new Map([['said', `${visit.say(what)}. ${visit.say(words.next.saying_empty)}`]]),
  };
}

function refusedLine(why: 'opening_unknown' | SayingRefusal): Refusal {
  if (why === 'opening_unknown')
    return new Refusal(404, 'not_found', texts.technician.openingUnknown, texts.errors.notFoundNext);
  return new Refusal(why === 'saying_empty' ? 422 : 409, why, words.refused[why], words.next[why]);
}

/** Until when the line of an access is taken, epoch milliseconds; undefined: none is owed, or no more, or not yet. */
export function sayableUntil(opening: Opening, now: number): number | undefined {
  const until = endOf(opening) + sayingTime.last;
  return opening.said === 'owed' && endOf(opening) <= now && now <= until ? until : undefined;
}

/** Whether what was done is still owed, or counts as missing. */
export function isUnsaid(opening: Opening, now: number): boolean {
  return opening.said === 'owed' && countsAsUnsaid(endOf(opening), now);
}

/** The client's accesses outside of the last days of which nobody has said what was done. */
export async function unsaidAt(visit: Visit, { client }: Seated): Promise<readonly Unsaid[]> {
  const owed = await visit.deps.archive.unsaid(client.id);
  return owed
    .filter((one) => isUnsaid(one, visit.now))
    .map((one) => ({
      id: one.id,
      name: visit.snapshot.people.get(one.person)?.name ?? visit.say(texts.controller.unnamed),
      reference: one.reference,
      until: endOf(one) + sayingTime.last,
    }));
}
