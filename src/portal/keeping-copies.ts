/**
 * Where the copies of an access are: said by whoever took them, on its page; what they owe is shown at their desk, and what is
 * overdue on the client's first page.
 */
import { longestPlace, saysWhere } from '../core/copies.ts';
import type { Client, Opening, Person } from '../core/model.ts';
import { nameTold } from '../core/pseudonyms.ts';
import { type CopyRow, copyRow, countCopies } from './copy-rows.ts';
import { isPlain } from './declaration.ts';
import type { FieldErrors } from './pages/parts.tsx';
import { Refusal } from './refusal.ts';
import { texts } from './texts.ts';
import { field, type Visit } from './visit.ts';

const words = texts.copies;

export interface KeepForm {
  /** Newest first. */
  readonly rows: readonly CopyRow[];
  /** How many of them nobody said where they are, and until when it is to be said. */
  readonly owed: number;
  readonly until: number;
  readonly place: string;
  readonly custodian: string;
  readonly errors: FieldErrors;
}

/** The form on the page of an access. */
export async function keepFormOf(
  visit: Visit,
  opening: Opening,
  wrong: KeepForm | undefined,
): Promise<KeepForm> {
  const client = visit.snapshot.clients.get(opening.client);
  const copies = await visit.deps.archive.copiesIn(opening.client, opening.id);
  const unanswered = copies.filter(({ gone, kept }) => gone === undefined && kept === undefined);
  return {
    rows: copies
      .filter(({ gone }) => gone?.how !== 'nothing')
      .map((copy) => copyRow(visit, client, copy))
      .toSorted((a, b) => b.taken - a.taken),
    owed: unanswered.length,
    until: Math.min(...unanswered.map(({ answerBy }) => answerBy)),
    place: wrong?.place ?? '',
    custodian: wrong?.custodian ?? '',
    errors: wrong?.errors ?? new Map(),
  };
}

/** Says where the copies of one's own access are; answers what is wrong with the form, or nothing. Throws Refusal. */
export async function sayWhere(
  visit: Visit,
  person: Person,
  opening: Opening,
): Promise<KeepForm | undefined> {
  const said = (name: string) => field(visit.req.body, name).replace(/\s+/g, ' ').trim();
  const [place, custodian] = [said('place'), said('custodian')];
  const plain = [place, custodian].every((one) => one.length <= longestPlace && isPlain(one, false));
  if (!plain || !saysWhere(place, custodian)) {
    const errors = new Map([['place', visit.say(words.refused.copy_place)]]);
    return { ...(await keepFormOf(visit, opening, undefined)), place, custodian, errors };
  }
  const { client, id } = opening;
  const known = visit.snapshot.clients.get(client);
  const name = known === undefined ? '' : nameTold(known, person);
  const command = { client, opening: id, person: person.id, name, place, custodian };
  const answer = await visit.deps.authority.run({ do: 'copy-keep', ...command });
  if (!('refused' in answer)) return undefined;
  if (answer.refused === 'opening_unknown')
    throw new Refusal(404, 'not_found', texts.technician.openingUnknown, texts.errors.notFoundNext);
  throw new Refusal(409, answer.refused, words.refused[answer.refused], words.mineIntro);
}

/** At the desk: what a technician owes of copies. */
export interface OwedCopies {
  readonly unanswered: readonly { readonly opening: string; readonly reference: string }[];
  readonly overdue: number;
}

export async function owedCopies(visit: Visit, person: Person): Promise<OwedCopies> {
  const mine = await visit.deps.archive.copiesOf(person.id);
  const unanswered = mine.filter(({ kept }) => kept === undefined);
  return {
    unanswered: [
      ...new Map(unanswered.map(({ opening, reference }) => [opening, { opening, reference }])).values(),
    ],
    overdue: mine.filter(({ destroyBy }) => destroyBy <= visit.now).length,
  };
}

/** How many copies of a client are overdue. */
export async function overdueAt(visit: Visit, client: Client): Promise<number> {
  return countCopies(await visit.deps.archive.copies(client.id), visit.now).overdue;
}
