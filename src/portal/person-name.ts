/** Somebody of the staff as a page says them. The snapshot of a visit shows them as its reader may read them. */
import { inBoth } from '../core/both-languages.ts';
import type { Client, Person, Snapshot, Text } from '../core/model.ts';
import { hidesNames, spoken, termOf } from '../core/pseudonyms.ts';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

/** In both languages. Who is in no file any more is told by their id, and not at all where the client reads pseudonyms. */
export function personText(snapshot: Snapshot, client: Client | undefined, id: string): Text {
  const name = snapshot.people.get(id)?.name ?? (hidesNames(client) ? undefined : id);
  return name === undefined ? texts.controller.unnamed : { en: name, fr: name };
}

export function personName(
  { snapshot, say }: Pick<Visit, 'snapshot' | 'say'>,
  client: Client | undefined,
  id: string,
): string {
  return say(personText(snapshot, client, id));
}

/** Somebody to choose or to answer: a pseudonym alone tells little, so the functions stand before it. */
export function calledText({ functions: known }: Snapshot, client: Client, person: Person): Text {
  return inBoth((language) => {
    if (!hidesNames(client)) return person.name;
    const functions = person.functions.map((code) => known.get(code)?.[language] ?? code).join(', ');
    return functions === '' ? person.name : `${functions} · ${person.name}`;
  });
}

/** As `personName`; for the provider's own people also what the client calls the person, when that is a pseudonym. */
export function nameBeside(
  visit: Pick<Visit, 'snapshot' | 'say' | 'signedIn'>,
  client: Client,
  id: string,
): string {
  const name = visit.snapshot.people.get(id)?.name;
  if (name === undefined) return visit.say(texts.controller.unnamed);
  const theirs = visit.signedIn.who.kind === 'controller';
  return theirs || !hidesNames(client) ? name : `${name} (${spoken(termOf(client, id))})`;
}
