/** The provider's own people at one client: which, who looks, and the line that says so before anything is shown. */
import { Fault } from '../core/faults.ts';
import type { Client, ProviderUser } from '../core/model.ts';
import { providerRead } from './lines.ts';
import { firstWithin, memoryOf } from './memory.ts';
import { Refusal } from './refusal.ts';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

const words = texts.provider.open;

export type ProviderView = 'open' | 'matter' | 'copies' | 'ending';

const readPause = 15 * 60_000;

/** The client that the address names. Throws the Refusal when there is none. */
export function clientNamed({ snapshot, req }: Visit): Client {
  const client = snapshot.clients.get(String(req.params.client));
  if (client === undefined) throw new Refusal(404, 'not_found', words.unknown, texts.errors.notFoundNext);
  return client;
}

/** Whoever looks. Throws the Refusal when they are nobody of the provider's own. */
export function providerUserOf({ signedIn: { who } }: Visit): ProviderUser {
  if (who.kind !== 'provider-user')
    throw new Refusal(403, 'role_not_allowed', texts.errors.forbidden, texts.errors.forbiddenNext);
  return who.user;
}

/**
 * `log.read` in the client's log, once in 15 minutes of a session, view and thing looked at. What cannot be recorded is not
 * shown. `matter`: which one is read.
 */
export async function noteLook(
  visit: Visit,
  client: Client,
  view: ProviderView,
  matter?: string,
): Promise<void> {
  const user = providerUserOf(visit);
  const memory = memoryOf(visit.req);
  const key = `look ${view} ${client.id} ${matter ?? ''}`;
  if (!firstWithin(memory, key, readPause, visit.now)) return;
  const id = visit.deps.random(16).toString('base64url');
  const draft = providerRead({ id, client: client.id, user, view, matter });
  try {
    await visit.deps.authority.run({ do: 'append', draft });
  } catch (error) {
    delete memory.noted?.[key];
    if (!(error instanceof Fault)) throw error;
    throw new Refusal(503, error.code, words.unrecorded, words.unrecordedNext);
  }
}
