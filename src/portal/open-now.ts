/** Who is in a client's systems at this moment, as its pages tell it; from memory, so that Stop is at hand when nothing can be read. */
import type { Person, Text } from '../core/model.ts';
import type { RunningExchange } from '../core/ports.ts';
import type { Seated } from './controller.ts';
import type { OpenAccess } from './pages/open-access.tsx';
import { routeInWords } from './route-words.ts';
import { purposeLabel, systemNames } from './technician.tsx';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

/** Functions of staff as people call them; a code that is no longer known stays as it was recorded. */
export function functionsInWords({ snapshot, say }: Visit, codes: readonly string[]): string {
  return codes.map((code) => inWords({ say }, snapshot.functions.get(code) ?? code)).join(', ');
}

/** What somebody does here; of a robot who answers for it. */
export function jobOf(visit: Visit, person: Person | undefined): string {
  if (person?.robot === undefined) return functionsInWords(visit, person?.functions ?? []);
  // Whoever answers for a robot stands in the same file.
  const by = visit.snapshot.people.get(person.robot.responsible)?.name;
  return visit.say(texts.robots.answersFor(by ?? visit.say(texts.controller.unnamed)));
}

function inWords({ say }: Pick<Visit, 'say'>, words: Text | string): string {
  return typeof words === 'string' ? words : say(words);
}

/** What is open now: live by time, and what is stopped but not yet recorded. */
export function openNow(
  visit: Visit,
  { client, inForce }: Seated,
  running: readonly RunningExchange[],
): readonly OpenAccess[] {
  const live = [...inForce.openings.values()].filter(
    (opening) =>
      opening.endedAt === undefined && opening.endsAt > visit.now && !inForce.blocked.has(opening.id),
  );
  return [...live, ...inForce.blocked.values()]
    .sort((a, b) => b.openedAt - a.openedAt)
    .map((opening) => {
      const person = visit.snapshot.people.get(opening.person);
      return {
        id: opening.id,
        name: person?.name ?? visit.say(texts.controller.unnamed),
        function: jobOf(visit, person),
        purpose: purposeLabel(visit, opening.purpose),
        reference: opening.reference,
        note: opening.note,
        systems: systemNames(visit, client, opening.systems),
        since: opening.openedAt,
        until: opening.endsAt,
        emergency: opening.emergency === true,
        blocked: inForce.blocked.has(opening.id),
        running: running
          .filter((exchange) => exchange.opening === opening.id)
          .map((exchange) => ({
            id: exchange.id,
            what: inWords(visit, routeInWords(client, exchange.system, exchange.method, exchange.template)),
            up: exchange.up,
            down: exchange.down,
          })),
      };
    });
}
