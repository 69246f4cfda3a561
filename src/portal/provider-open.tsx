/**
 * What the provider's own people see of what is open: across clients how much, and of one client who and why. The second is a look
 * into that client and stands in its log before it is shown; nothing here acts, and nothing is added up by person.
 */
import type { InForce } from '../core/ports.ts';
import { waitingMatters } from './matter-tasks.ts';
import { missedAcross } from './missed-runs.ts';
import { jobOf } from './open-now.ts';
import { OpenAcrossPage, OpenAtPage } from './pages/provider.tsx';
import { nameBeside } from './person-name.ts';
import { clientNamed, noteLook } from './provider-look.ts';
import { type Framer, sendPage } from './render.tsx';
import { purposeLabel, systemNames } from './technician.tsx';
import type { Visit } from './visit.ts';

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
  const client = clientNamed(visit);
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
