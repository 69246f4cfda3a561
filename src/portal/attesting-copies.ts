/** Saying that copies are gone: which, how, when and in which words. */
import { type Copy, doneFault, goneWays, longestGone, saysHow } from '../core/copies.ts';
import type { Client } from '../core/model.ts';
import { isPlain } from './declaration.ts';
import { endingState } from './endings.ts';
import { readDayEnd, readDayStart } from './local-times.ts';
import type { FieldErrors } from './pages/parts.tsx';
import { Refusal } from './refusal.ts';
import { texts } from './texts.ts';
import { field, fields, type Visit } from './visit.ts';

const words = texts.copies;

export interface GoneForm {
  readonly copies: readonly string[];
  readonly how: string;
  readonly done: string;
  readonly text: string;
  readonly errors: FieldErrors;
}

export const emptyGone: GoneForm = { copies: [], how: 'destroyed', done: '', text: '', errors: new Map() };

/** Accounts that the client handed over and nobody returned, once its contract is over; undefined: it goes on. */
export async function heldAfterEnd(visit: Visit, client: Client): Promise<number | undefined> {
  const { over, book } = await endingState(visit, client);
  return over === undefined ? undefined : book.open.credentials;
}

/** Records that copies are gone; answers what is wrong with the form, or nothing. Throws Refusal. */
export async function attest(
  visit: Visit,
  client: string,
  among: readonly Copy[],
  by: { readonly person: string; readonly name: string; readonly contact: boolean },
): Promise<GoneForm | undefined> {
  const chosen = new Set(fields(visit.req.body, 'copy').filter(Boolean));
  if (chosen.size > 0 && ![...chosen].every((id) => among.some((copy) => copy.id === id)))
    throw new Refusal(404, 'copy_unknown', texts.errors.notFound, texts.errors.notFoundNext);
  const copies = among.filter(({ id }) => chosen.has(id));
  const how = field(visit.req.body, 'how');
  const done = field(visit.req.body, 'done');
  const text = field(visit.req.body, 'text').replace(/\s+/g, ' ').trim();
  const zone = visit.snapshot.clients.get(client)?.zone ?? 'UTC';
  const at = doneAt(done, zone, visit.now);
  const errors = new Map<string, string>();
  const { copy_unknown, copy_done, copy_said } = words.refused;
  if (copies.length === 0) errors.set('copy', visit.say(copy_unknown));
  const way = goneWays.find((one) => one === how);
  if (way === undefined) errors.set('how', visit.say(words.way));
  if (at === undefined || copies.some((copy) => doneFault(copy.registeredAt, at, visit.now) !== undefined))
    errors.set('done', visit.say(copy_done));
  if (text.length > longestGone || !isPlain(text, false) || !saysHow(text))
    errors.set('text', visit.say(copy_said));
  if (errors.size > 0 || way === undefined || at === undefined)
    return { copies: [...chosen], how, done, text, errors };
  const ids = copies.map(({ id }) => id);
  const answer = await visit.deps.authority.run({
    do: 'copy-gone',
    client,
    copies: ids,
    by,
    how: way,
    done: at,
    text,
  });
  if ('refused' in answer)
    throw new Refusal(409, answer.refused, words.refused[answer.refused], words.mineIntro);
  return undefined;
}

/** The end of a day in the client's zone, or now when that is earlier; undefined: no day that has begun. */
function doneAt(day: string, zone: string, now: number): number | undefined {
  const [begins, ends] = [readDayStart(day, zone), readDayEnd(day, zone)];
  if (begins === undefined || ends === undefined || begins > now) return undefined;
  return Math.min(ends, now);
}
