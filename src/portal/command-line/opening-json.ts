/** An access as the command line is told of it. */
import type { Client, Opening } from '../../core/model.ts';
import { hour, rfc3339 } from '../formats.ts';
import { sayIn } from '../language.ts';
import { systemName } from '../system-names.ts';
import type { CommandLineCall } from './call.ts';

/** With the address of each of its systems; never a credential. */
export function openingJson({ snapshot, deps, language }: CommandLineCall, opening: Opening): object {
  const client = snapshot.clients.get(opening.client);
  const zone = client?.zone ?? 'UTC';
  const say = sayIn(language);
  const purpose = snapshot.purposes.get(opening.purpose);
  return {
    id: opening.id,
    client: opening.client,
    client_name: client?.name ?? opening.client,
    systems: opening.systems.map((id) => ({
      id,
      name: say(systemName(client, id)),
      origins: originsOf(client, id),
    })),
    purpose: opening.purpose,
    purpose_name: purpose === undefined ? opening.purpose : say(purpose.label),
    reference: opening.reference,
    opened_at: rfc3339(opening.openedAt),
    ends_at: rfc3339(opening.endsAt),
    ends: hour(opening.endsAt, zone, language),
    page: new URL(`/openings/${opening.id}`, deps.portalUrl).href,
  };
}

/** Where a system is reached: the origin of each of its hosts, its first one first. */
function originsOf(client: Client | undefined, id: string): readonly string[] {
  const system = client?.systems.get(id);
  if (system === undefined) return [];
  const others = system.hosts.map((host) => {
    const url = new URL(system.publicOrigin);
    url.hostname = host;
    return url.origin;
  });
  return [...new Set([system.publicOrigin, ...others])];
}
