/**
 * What the declaration page offers of emergencies: only where no agreement permits as much without, and the counter of the clause
 * allows. The log's writer judges again; this only says what is worth trying.
 */
import {
  clauseRefused,
  type Emergency,
  isNamedIn,
  meantAs,
  overdueReviews,
  usedInYear,
} from '../core/emergency.ts';
import { Fault } from '../core/faults.ts';
import type { Grant, Text } from '../core/model.ts';
import { type Option, options } from '../core/options.ts';
import type { InForce } from '../core/ports.ts';
import { seenAs } from '../core/teams.ts';
import type { Arrival } from './arrival.ts';
import { texts } from './texts.ts';
import { technicianOf, type Visit } from './visit.ts';

const words = texts.emergencies;

export interface EmergencyOffer {
  /** What may be said of a purpose, by its code; no entry: the clause is not about it. */
  readonly purposes: ReadonlyMap<string, { readonly text: Text; readonly open: boolean }>;
  /** The person's own references whose review is late, and that of others as `–`; empty: none is. */
  readonly overdue: readonly string[];
}

const nothing: EmergencyOffer = { purposes: new Map(), overdue: [] };

/** As whom an agreement may mean the technician of this visit, with the teams of their sign-in. */
export function declaredAs(visit: Pick<Visit, 'snapshot' | 'signedIn'>): readonly string[] {
  return meantAs(seenAs(visit.snapshot, technicianOf(visit), visit.signedIn.authentication));
}

/** Nothing when no clause names the person, or the log cannot be read: the form is shown without it. */
export async function emergencyOffer(
  visit: Visit,
  arrival: Arrival,
  inForce: InForce,
): Promise<EmergencyOffer> {
  const person = technicianOf(visit);
  const { client } = arrival;
  const named = [...inForce.grants.values()].filter((grant) => isNamedIn(grant, person.id));
  if (named.length === 0) return nothing;
  const all = await emergenciesOf(visit, client.id);
  if (all === undefined) return nothing;
  const as = [visit.snapshot, person.id, visit.signedIn.authentication, client.id] as const;
  const ordinary = options(...as, inForce.grants.values(), visit.now);
  const urgent = options(...as, named, visit.now, true);
  const purposes = new Map<string, { text: Text; open: boolean }>();
  for (const cell of urgent) {
    const grant = inForce.grants.get(cell.grant ?? '');
    const mine = arrival.mine.some(({ id }) => id === cell.system);
    if (grant === undefined || !mine || isPermittedAnyway(cell, ordinary)) continue;
    if (purposes.get(cell.purpose)?.open === true) continue;
    const told = offerOf(visit, grant, cell, all);
    if (told !== undefined) purposes.set(cell.purpose, told);
  }
  return { purposes, overdue: purposes.size === 0 ? [] : await lateReferences(visit, all) };
}

async function emergenciesOf(visit: Visit, client: string): Promise<readonly Emergency[] | undefined> {
  try {
    return await visit.deps.archive.emergencies(client);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

function isPermittedAnyway(cell: Option, ordinary: readonly Option[]): boolean {
  const same = ordinary.find((one) => one.system === cell.system && one.purpose === cell.purpose);
  return cell.operations.every((operation) => same?.operations.includes(operation) === true);
}

function offerOf(visit: Visit, grant: Grant, cell: Option, all: readonly Emergency[]) {
  const { emergency: clause } = grant;
  if (clause === undefined) return undefined;
  const used = usedInYear(grant.id, clause, all, visit.now);
  const full = clauseRefused(grant.id, clause, all, undefined, visit.now) !== undefined;
  const purpose = visit.snapshot.purposes.get(cell.purpose);
  const minutes = Math.min(clause.minutes, purpose?.minutes ?? clause.minutes);
  return full
    ? { text: words.usedUp(used, clause.perYear), open: false }
    : { text: words.offered(minutes, used, clause.perYear), open: true };
}

/** Only who declared it is told its reference. */
async function lateReferences(visit: Visit, all: readonly Emergency[]): Promise<readonly string[]> {
  const late = overdueReviews(all, visit.now);
  if (late.length === 0) return [];
  const mine = await visit.deps.archive.openingsOf(technicianOf(visit).id, 200);
  const own = late.flatMap(({ opening }) => mine.find(({ id }) => id === opening)?.reference ?? []);
  return [...new Set(own.length < late.length ? [...own, '–'] : own)];
}
