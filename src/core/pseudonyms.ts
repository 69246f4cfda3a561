/**
 * How a client is shown the provider's technicians: by name, or by a pseudonym that is theirs at this client alone and the
 * same in every year. Inside, everybody keeps their id; what the client reads, signs or sends says the term. Pure.
 */
import { hash } from 'node:crypto';
import type { Client, Person, Snapshot } from './model.ts';
import { namedRobot } from './robots.ts';

export const displayLevels = ['name', 'pseudonym'] as const;

/** As a client's file says it. */
export interface Display {
  readonly level: (typeof displayLevels)[number];
  /** Technician -> term. Kept when names are shown again, so that what was signed goes on meaning the same people. */
  readonly terms: ReadonlyMap<string, string>;
}

type Shown = Pick<Client, 'display'>;

/** What stands for somebody whom no file knows any more. */
export const goneTerm = 'gone';

/** No letter that is taken for a digit or another letter; the first is a letter, so that a term has the form of an id. */
const letters = 'abcdefghjkmnpqrstvwxyz';
const signs = `0123456789${letters}`;

/**
 * The term of a technician at a client, such as `k7q2-m4xr`: 39 bits of a keyed hash. Without the key nobody finds out who it
 * is, nor that two clients mean the same person.
 */
export function termFor(key: string, client: string, person: string): string {
  const drawn = hash('sha256', `${key}\0${client}\0${person}`, 'buffer');
  const said = [...drawn.subarray(0, 8)].map((byte, nth) => {
    const among = nth === 0 ? letters : signs;
    return among[byte % among.length] ?? '';
  });
  return `${said.slice(0, 4).join('')}-${said.slice(4).join('')}`;
}

/** Whether this client reads pseudonyms. */
export function hidesNames(client: Shown | undefined): boolean {
  return client?.display?.level === 'pseudonym';
}

/** A term as people read and say it. */
export function spoken(term: string): string {
  return term.toUpperCase();
}

/** What a client's lines and pages call a technician: the name, or the pseudonym. */
export function nameTold(client: Shown, { id, name, robot }: Pick<Person, 'id' | 'name' | 'robot'>): string {
  // A machine is nobody whose name could be hidden.
  return hidesNames(client) && robot === undefined ? spoken(client.display?.terms.get(id) ?? goneTerm) : name;
}

/** What a client's forms, texts and answers say for one of an agreement's people: an id, its term; `assigned` and teams as they are. */
export function termOf(client: Shown | undefined, who: string): string {
  if (!hidesNames(client) || isNobodyInParticular(who)) return who;
  return client?.display?.terms.get(who) ?? goneTerm;
}

/** The other way: whom a term of this client means. Undefined: nobody, which an id is where pseudonyms are shown. */
export function meantBy(client: Shown | undefined, term: string): string | undefined {
  if (isNobodyInParticular(term)) return term;
  for (const [id, one] of client?.display?.terms ?? []) if (one === term) return id;
  return hidesNames(client) ? undefined : term;
}

/** Whether a signed text means this person by a term: by theirs, or by the id of when the client read names. */
export function means(client: Shown | undefined, term: string, person: string): boolean {
  return term === person || client?.display?.terms.get(person) === term;
}

function isNobodyInParticular(who: string): boolean {
  return who === 'assigned' || who.startsWith('team:') || namedRobot(who) !== undefined;
}

/**
 * The snapshot as pages of this client see it: technicians are called what the client may read, and have no mail address. Ids
 * are as ever, because rules and rows go by them; none is ever shown.
 */
export function shownTo(snapshot: Snapshot, client: Client | undefined): Snapshot {
  if (client === undefined || !hidesNames(client)) return snapshot;
  const people = new Map(
    [...snapshot.people].map(([id, { mail: _, ...person }]) => [
      id,
      { ...person, name: nameTold(client, person) },
    ]),
  );
  return { ...snapshot, people };
}
