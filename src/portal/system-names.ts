/** What systems are called on pages. Of one that is outside it is said each time that nobody but the person saw it. */
import type { Client, Text } from '../core/model.ts';

/** The name of a client's system, or its id when the client's file no longer has it. */
export function systemName(client: Client | undefined, id: string): Text {
  const outside = client?.outside.get(id)?.name;
  if (outside !== undefined) {
    return { en: `${outside.en} (declared, not observed)`, fr: `${outside.fr} (déclaré, non observé)` };
  }
  return client?.systems.get(id)?.name ?? { en: id, fr: id };
}
