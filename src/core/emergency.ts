/**
 * Emergencies: nobody of the client can be reached in time, and an agreement says what then. Its clause names the people, how
 * long, how often a calendar year, and until when each access is to be reviewed. Everything else that is asked of an access is
 * asked as ever. One function each, asked by the writer, the pages and the client's own check. Pure.
 */
import type { Grant } from './agreed.ts';
import type { Actor } from './commands.ts';
import type { LeafFields } from './entries.ts';
import { cameTooLate } from './first-use.ts';
import { foldedReference } from './history.ts';
import type { Opening, Person } from './model.ts';
import { isZone } from './policy/instants.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The most that a clause may say. */
export const mostOfClause = { minutes: 1440, perYear: 50, reviewDays: 60, people: 30 } as const;

export interface EmergencyClause {
  /** Ids of staff, never a team. */
  readonly people: readonly string[];
  /** Longest access. */
  readonly minutes: number;
  /** Accesses in a calendar year of the zone, for all these people together. */
  readonly perYear: number;
  /** Days within which the client reviews each of them. */
  readonly reviewDays: number;
  /** IANA zone in which years begin. */
  readonly zone: string;
}

/** The one way it is written, in the signed text and on the line; people stand apart, because lines name nobody. */
export function printClause({ minutes, perYear, reviewDays, zone }: Omit<EmergencyClause, 'people'>): string {
  return `minutes=${minutes} per_year=${perYear} review_days=${reviewDays} zone=${zone}`;
}

/** Reads what `printClause` wrote; undefined for anything else, and for what a clause may not say. */
export function parseClause(text: string, people: readonly string[]): EmergencyClause | undefined {
  const found =
    /^minutes=([1-9]\d{0,3}) per_year=([1-9]\d?) review_days=([1-9]\d?) zone=([A-Za-z0-9_+/-]{1,64})$/.exec(
      text,
    );
  if (found === null) return undefined;
  const [, minutes, perYear, reviewDays, zone = ''] = found;
  const clause = {
    people,
    minutes: Number(minutes),
    perYear: Number(perYear),
    reviewDays: Number(reviewDays),
    zone,
  };
  return isClause(clause) ? clause : undefined;
}

/** Whether the numbers are within bounds, and people are named one by one. */
export function isClause({ people, minutes, perYear, reviewDays, zone }: EmergencyClause): boolean {
  const isWhole = (value: number, most: number) => Number.isInteger(value) && value >= 1 && value <= most;
  return (
    isWhole(minutes, mostOfClause.minutes) &&
    isWhole(perYear, mostOfClause.perYear) &&
    isWhole(reviewDays, mostOfClause.reviewDays) &&
    isWhole(people.length, mostOfClause.people) &&
    new Set(people).size === people.length &&
    people.every((who) => /^[^\s:]+$/.test(who) && who !== 'assigned') &&
    isZone(zone)
  );
}

/** What the signed text says of emergencies. */
export interface ClauseTold {
  readonly clause: EmergencyClause;
  /** Nobody comes in under it otherwise. */
  readonly only: boolean;
}

/** From the fields of the signed text. `none`: it says nothing of emergencies; undefined: what it says cannot be read, or goes with something else that it says. */
export function clauseIn(document: LeafFields): ClauseTold | 'none' | undefined {
  const { emergency, emergency_people: people, people: others } = document;
  if (emergency === undefined && people === undefined) return others === '' ? undefined : 'none';
  const alone = ['first_use', 'request', 'session', 'delegation', 'proposal'].every(
    (field) => document[field] === undefined,
  );
  if (!alone) return undefined;
  if (typeof emergency !== 'string' || typeof people !== 'string') return undefined;
  const clause = parseClause(emergency, people.split(' '));
  return clause === undefined ? undefined : { clause, only: others === '' };
}

/** An access that was declared an emergency, and what became of its review. A row is a projection of the ledger. */
export interface Emergency {
  /** The access. */
  readonly opening: string;
  /** The agreement whose clause it used, also when it goes on under another. */
  readonly grant: string;
  readonly at: number;
  /** The same for the same reference at this client, and says nothing else. */
  readonly mark: string;
  readonly reviewBy: number;
  /** Left out: nobody has reviewed it. */
  readonly review?: EmergencyReview;
}

export type ReviewOutcome = 'in_order' | 'not_in_order';
export const reviewOutcomes = ['in_order', 'not_in_order'] as const satisfies readonly ReviewOutcome[];

export interface EmergencyReview {
  readonly at: number;
  readonly outcome: ReviewOutcome;
  readonly seat: string;
  readonly note: string;
}

/** Its name in the row of an access: whoever declares the same reference again has the same. */
export function markOf(alias: (domain: string, value: string) => string, reference: string): string {
  return alias('emergency reference', foldedReference(reference));
}

/** The last instant of the review, from the time of the line. */
export function reviewBy({ reviewDays }: EmergencyClause, at: number): number {
  return at + reviewDays * DAY;
}

/** How many accesses of the calendar year that holds `at` used the clause of this agreement. */
export function usedInYear(
  grant: string,
  { zone }: EmergencyClause,
  all: Iterable<Pick<Emergency, 'grant' | 'at'>>,
  at: number,
): number {
  const year = yearOf(zone, at);
  let used = 0;
  for (const one of all) if (one.grant === grant && yearOf(zone, one.at) === year) used += 1;
  return used;
}

function yearOf(zone: string, at: number): number {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).year;
}

type Reviewable = Pick<Emergency, 'at' | 'mark' | 'reviewBy'> & { readonly review?: unknown };

/** Those whose review is late: while there is one, only the references that wait for a review may be used again. */
export function overdueReviews<E extends Reviewable>(all: Iterable<E>, at: number): readonly E[] {
  return [...all].filter((one) => one.review === undefined && one.reviewBy <= at);
}

/** Why the clause cannot be used at `at` under the reference of that mark; undefined: it can. `mark` undefined: under any. */
export function clauseRefused(
  grant: string,
  clause: EmergencyClause,
  all: readonly (Reviewable & Pick<Emergency, 'grant'>)[],
  mark: string | undefined,
  at: number,
): 'emergency_used_up' | 'emergency_unreviewed' | undefined {
  if (usedInYear(grant, clause, all, at) >= clause.perYear) return 'emergency_used_up';
  if (mark === undefined || overdueReviews(all, at).length === 0) return undefined;
  const known = all.some((one) => one.review === undefined && one.mark === mark);
  return known ? undefined : 'emergency_unreviewed';
}

/** Whether the clause of an agreement names this person. */
export function isNamedIn({ emergency }: Pick<Grant, 'emergency'>, person: string): boolean {
  return emergency?.people.includes(person) === true;
}

/** The longest access of this kind under the agreement, minutes; infinite: as long as the purpose permits. */
export function longestUnder(
  { minutes, emergency }: Pick<Grant, 'minutes' | 'emergency'>,
  opening: Pick<Opening, 'emergency'>,
): number {
  const clause = opening.emergency === true ? emergency?.minutes : undefined;
  return Math.min(minutes ?? Number.POSITIVE_INFINITY, clause ?? Number.POSITIVE_INFINITY);
}

/** As whom an agreement may mean this person: by name, as one of a team, as one of those assigned. */
export function meantAs({
  id,
  teams,
  employment,
}: Pick<Person, 'id' | 'teams' | 'employment'>): readonly string[] {
  return employment === 'employee' ? [id, 'assigned', ...teams.map((team) => `team:${team}`)] : [id];
}

/** What somebody wants to do, and as whom an agreement may mean them. */
export interface Need {
  readonly systems: readonly string[];
  readonly purpose: string;
  readonly operations: readonly string[];
  readonly as: readonly string[];
}

/** Whether an agreement permits all of it at `at` without any emergency. Its budget is the caller's to look at. */
export function permitsOrdinarily(grant: Grant, need: Need, at: number): boolean {
  const covers = (all: readonly string[], some: readonly string[]) => some.every((one) => all.includes(one));
  return (
    grant.status === 'active' &&
    at >= grant.from &&
    at < grant.until &&
    !cameTooLate(grant, at) &&
    grant.session === undefined &&
    covers(grant.systems, need.systems) &&
    grant.purposes.includes(need.purpose) &&
    covers(grant.operations, need.operations) &&
    grant.people.some((who) => need.as.includes(who))
  );
}

/** `emergency.reviewed`: what the client says of an access that was declared an emergency; once. */
export interface ReviewEmergency {
  readonly do: 'review-emergency';
  readonly client: string;
  readonly opening: string;
  readonly outcome: ReviewOutcome;
  /** What is wrong, or anything else to say; needed when it is not in order. */
  readonly note: string;
  readonly by: Actor;
}

/** What a clause is used for, as pages ask the archive. Throws Fault `ledger_unavailable`. */
export interface EmergencyBook {
  /** Accesses at a client that were declared emergencies, newest first; at most 500. */
  emergencies(client: string): Promise<readonly Emergency[]>;
}
