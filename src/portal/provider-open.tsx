/**
 * What the provider's own people see of what is open: across clients how much, and of one client who and why. The second is a look
 * into that client and stands in its log before it is shown; nothing here acts, and nothing is added up by person.
 */
import { Fault } from '../core/faults.ts';
import type { Client, ProviderUser } from '../core/model.ts';
import type { InForce } from '../core/ports.ts';
import { providerRead } from './lines.ts';
import { waitingMatters } from './matter-tasks.ts';
import { firstWithin, memoryOf } from './memory.ts';
import { missedAcross } from './missed-runs.ts';
import { jobOf } from './open-now.ts';
import { OpenAcrossPage, OpenAtPage } from './pages/provider.tsx';
import { nameBeside } from './person-name.ts';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { purposeLabel, systemNames } from './technician.tsx';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

const words = texts.provider.open;
export type ProviderView = 'open' | 'matter' | 'copies' | 'ending';

const readPause = 15 * 60_000;

/** GET `/provider`: clients in whose systems somebody is now. */
export async function showOpenAcross(visit: Visit, frame: Framer): Promise<void> {
  const { deps, snapshot, now } = visit;
  const clients = (await deps.archive.busyClients()).flatMap((id) => snapshot.clients.get(id) ?? []);
  const rows = await Promise.all(
    clients.map(async (client) => {
      const open = openOf(await deps.authority.client(client.id), now);
      const until = Math.max(0, ...open.map(({ endsAt }) => endsAt));
      return { id: client.id, name: client.name, count: open.length, until, zone: client.zone };
    }),
  );
  const busy = rows.filter(({ count }) => count > 0).sort((a, b) => (a.name < b.name ? -1 : 1));
  sendPage(
    visit.res,
    <OpenAcrossPage
      frame={frame(visit, { self: '/provider' })}
      rows={busy}
      matters={await waitingMatters(visit)}
      missed={await missedAcross(visit)}
    />,
  );
}

function openOf({ openings, blocked }: InForce, now: number) {
  return [...openings.values()]
    .filter(({ id, endedAt, endsAt }) => endedAt === undefined && endsAt > now && !blocked.has(id))
    .sort((a, b) => a.openedAt - b.openedAt);
}

/** GET `/provider/open/:client`: who is in there, why and until when. Recorded first. */
export async function showOpenAt(visit: Visit, frame: Framer): Promise<void> {
  const { deps, snapshot, now } = visit;
  const client = snapshot.clients.get(String(visit.req.params.client));
  if (client === undefined) throw new Refusal(404, 'not_found', words.unknown, texts.errors.notFoundNext);
  await noteLook(visit, client, 'open');
  const open = openOf(await deps.authority.client(client.id), now);
  const rows = open.map((opening) => {
    const person = snapshot.people.get(opening.person);
    return {
      id: opening.id,
      who: nameBeside(visit, client, opening.person),
      function: jobOf(visit, person),
      purpose: purposeLabel(visit, opening.purpose),
      systems: systemNames(visit, client, opening.systems),
      reference: opening.reference,
      since: opening.openedAt,
      until: opening.endsAt,
    };
  });
  sendPage(
    visit.res,
    <OpenAtPage frame={frame(visit)} client={{ name: client.name, zone: client.zone }} rows={rows} />,
  );
}

function userOf({ signedIn: { who } }: Visit): ProviderUser {
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
  const user = userOf(visit);
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
