/** The accesses under a technician's own name; those of others do not exist for them. */
import type { Opening, Person } from '../core/model.ts';
import { Refusal } from './refusal.ts';
import { texts } from './texts.ts';
import { field, type Visit } from './visit.ts';

/** How many of the newest are listed. */
export const recordLength = 100;
/** One of the technician's own openings; another's does not exist for them. */
export async function ownOpening(visit: Visit, person: Person): Promise<Opening> {
  const opening = await visit.deps.archive.ownOpening(person.id, String(visit.req.params.id));
  if (opening === undefined) {
    throw new Refusal(404, 'not_found', texts.technician.openingUnknown, texts.errors.notFoundNext);
  }
  return opening;
}

/** The page of the access, or the desk when a form there was used. */
export function backFrom(visit: Visit, id: string): string {
  return field(visit.req.body, 'from_desk') === '' ? `/openings/${id}` : '/';
}
