/**
 * What a technician writes into the ticket when an access is over, ready to be copied: what was declared, from when to when,
 * and what was counted in it. Plain text; nothing of what was seen.
 */
import { Fault } from '../core/faults.ts';
import type { OpenedStory } from '../core/history.ts';
import { deedsInWords } from '../core/history-words.ts';
import type { Client, Opening } from '../core/model.ts';
import { instant, size } from './formats.ts';
import { countedIn } from './history-cards.ts';
import { systemName } from './system-names.ts';
import { endCauseTexts } from './texts/everywhere.ts';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

const words = texts.desk.summary;

/** The text of an access that has ended. What is not counted yet, or cannot be looked at, is said to be so. */
export async function ticketSummary(visit: Visit, client: Client, opening: Opening): Promise<string> {
  const { say, language, snapshot } = visit;
  const at = (instantMs: number) => instant(instantMs, client.zone, language);
  const cause = say(endCauseTexts[opening.endCause ?? 'expired']);
  const purpose = snapshot.purposes.get(opening.purpose)?.label;
  const { technician } = texts;
  const told: readonly (readonly [string, string])[] = [
    [say(technician.reference), opening.reference],
    [say(technician.client), client.name],
    [say(technician.systems), opening.systems.map((id) => say(systemName(client, id))).join(', ')],
    [say(technician.purpose), purpose === undefined ? opening.purpose : say(purpose)],
    [say(technician.note), opening.note],
    [say(technician.opened), at(opening.openedAt)],
    [say(words.ended), `${at(opening.endedAt ?? opening.endsAt)} (${cause})`],
    [say(words.done), await done(visit, client, opening)],
    [say(words.access), new URL(`/openings/${opening.id}`, visit.deps.portalUrl).href],
  ];
  return told
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}${language === 'fr' ? '\u00a0' : ''}: ${value}`)
    .join('\n');
}

async function done(visit: Visit, client: Client, { id }: Opening): Promise<string> {
  const counted = await countedOf(visit, client, id);
  if (counted?.story.endedAt === undefined) return visit.say(words.uncounted);
  const { language } = visit;
  return deedsInWords(countedIn(counted.story, client, counted.behind), language, (bytes) =>
    size(bytes, language),
  );
}

/** The counts stand beside the record; without them the page of an access still opens. */
async function countedOf(visit: Visit, client: Client, id: string): Promise<OpenedStory | undefined> {
  try {
    return await visit.deps.history.story(client.id, id);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}
