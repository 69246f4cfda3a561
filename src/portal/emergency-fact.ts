/** What an agreement's clause for emergencies says on pages, with the counter of the year. */
import { type Emergency, usedInYear } from '../core/emergency.ts';
import type { Grant, Text } from '../core/model.ts';
import { personName } from './person-name.ts';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

const words = texts.emergencies;

/** Accesses that were declared emergencies; asked for only when one of these agreements has a clause. */
export async function declaredUnder(visit: Visit, grants: readonly Grant[]): Promise<readonly Emergency[]> {
  const found = grants.find(({ emergency }) => emergency !== undefined);
  return found === undefined ? [] : visit.deps.archive.emergencies(found.client);
}

/** Undefined: the agreement says nothing of emergencies. */
export function emergencyFact(visit: Visit, grant: Grant, all: readonly Emergency[]): Text | undefined {
  const { emergency: clause } = grant;
  if (clause === undefined) return undefined;
  const client = visit.snapshot.clients.get(grant.client);
  const people = clause.people.map((id) => personName(visit, client, id)).join(', ');
  const counter = words.counter(usedInYear(grant.id, clause, all, visit.now), clause.perYear);
  return words.factText(people, clause.minutes, counter);
}
