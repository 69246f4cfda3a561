/** What waits for a client's people beside the requests of technicians, each with the page on which it is dealt with. */
import { isOpen } from '../core/proposals.ts';
import type { Seated } from './controller.ts';
import { duration } from './formats.ts';
import type { Task } from './pages/requests.tsx';
import { labelOf } from './proposals.tsx';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

/** For representatives what they should decide; for the others, that it is waited for. */
export async function tasksFor(visit: Visit, { client }: Seated): Promise<readonly Task[]> {
  const proposals = await visit.deps.archive.proposals(client.id);
  return proposals
    .filter((one) => isOpen(one, visit.now))
    .map((one) => {
      const left = (language: 'en' | 'fr') => duration(one.until - visit.now, language);
      return {
        href: `/proposals/${one.id}`,
        title: texts.proposals.title(labelOf(visit, one)),
        text: {
          en: texts.proposals.lapses(left('en')).en,
          fr: texts.proposals.lapses(left('fr')).fr,
        },
        act: texts.proposals.look,
      };
    });
}
