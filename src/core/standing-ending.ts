/** What of people's standing (trainings, charter, confidentiality) is missing, over or ends soon. Pure; by person, no sums. */
import type { Person, Standing } from './model.ts';

const day = 86_400_000;
/** Time enough for a course or a signature. */
export const standingSoon = 60 * day;

export interface EndingStanding {
  readonly person: Pick<Person, 'id' | 'name'>;
  readonly what: keyof Standing;
  /** Epoch milliseconds; undefined: missing. */
  readonly until: number | undefined;
}

const parts = ['securityTraining', 'gdprTraining', 'charter', 'confidentiality'] as const;

/** Of everybody who works here at `now`, or will within the same time; what is missing first, then by its end. */
export function endingStanding(people: Iterable<Person>, now: number): readonly EndingStanding[] {
  const found: EndingStanding[] = [];
  for (const { id, name, from, until, standing, robot } of people) {
    if (robot !== undefined || (until !== undefined && until <= now) || from > now + standingSoon) continue;
    for (const what of parts) {
      const held = standing[what];
      if (held !== undefined && held.until > now + standingSoon) continue;
      found.push({ person: { id, name }, what, until: held?.until });
    }
  }
  return found.sort((a, b) => (a.until ?? 0) - (b.until ?? 0) || (a.person.name < b.person.name ? -1 : 1));
}
