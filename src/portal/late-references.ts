/** Accesses to the client whose real reference did not come in time. */
import type { Seated } from './controller.ts';
import type { LateReference } from './pages/activity.tsx';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

/** Newest first, as the log has them. */
export async function lateAt(visit: Visit, { client }: Seated): Promise<readonly LateReference[]> {
  const owed = await visit.deps.archive.owed(client.id);
  return owed.flatMap(({ id, person, reference, referenceDue: due }) => {
    const name = visit.snapshot.people.get(person)?.name ?? visit.say(texts.controller.unnamed);
    return due !== undefined && due < visit.now ? [{ id, name, reference, due }] : [];
  });
}
