/** Copies of all clients, as the provider's own people see them; the contact may attest for whoever took one. */
import type { Client } from '../core/model.ts';
import { attest, emptyGone, type GoneForm, heldAfterEnd } from './attesting-copies.ts';
import { copyRow, countCopies } from './copy-rows.ts';
import { isOver } from './endings.ts';
import { CopiesAcrossPage, CopiesPage } from './pages/copies.tsx';
import { plannedRuns } from './planned-runs.ts';
import { clientNamed, noteLook, providerUserOf } from './provider-look.ts';
import { type Framer, sendPage } from './render.tsx';
import type { Visit } from './visit.ts';

/** GET `/provider/copies`: by client how many, none added up by person. */
export async function showCopiesAcross(visit: Visit, frame: Framer): Promise<void> {
  const states = await visit.deps.archive.endingStates();
  const rows = await Promise.all(
    [...visit.snapshot.clients.values()].map(async (client) => ({
      id: client.id,
      name: client.name,
      ended: isOver(client, states.get(client.id), visit.now),
      ...countCopies(await visit.deps.archive.copies(client.id), visit.now),
    })),
  );
  const order = (a: (typeof rows)[number], b: (typeof rows)[number]) =>
    b.overdue - a.overdue || (a.name < b.name ? -1 : 1);
  sendPage(
    visit.res,
    <CopiesAcrossPage
      frame={frame(visit, { self: '/provider/copies' })}
      rows={rows.filter(({ there }) => there > 0).sort(order)}
    />,
  );
}

/** GET `/provider/copies/:client`: recorded in the client's log before it is shown. */
export async function showCopiesAt(visit: Visit, frame: Framer): Promise<void> {
  await sendCopiesAt(visit, frame, clientNamed(visit), undefined);
}

async function sendCopiesAt(
  visit: Visit,
  frame: Framer,
  client: Client,
  wrong: GoneForm | undefined,
): Promise<void> {
  await noteLook(visit, client, 'copies');
  const rows = (await visit.deps.archive.copies(client.id)).map((copy) => copyRow(visit, client, copy));
  const form = wrong ?? emptyGone;
  const { grants } = await visit.deps.authority.client(client.id);
  sendPage(
    visit.res,
    <CopiesPage
      frame={frame(visit)}
      zone={client.zone}
      rows={rows}
      ended={await heldAfterEnd(visit, client)}
      runs={await plannedRuns(visit, client, grants.values())}
      endingAt={`/provider/endings/${client.id}`}
      attest={
        visit.role === 'contact'
          ? { csrf: visit.deps.csrf.token(visit.req), action: `/provider/copies/${client.id}/gone`, form }
          : undefined
      }
      at={client.name}
    />,
    wrong === undefined ? 200 : 422,
  );
}

/** POST `/provider/copies/:client/gone`: the contact, for whoever took them. Fields as of `/copies/gone`. */
export async function endCopiesAt(visit: Visit, frame: Framer): Promise<void> {
  const client = clientNamed(visit);
  const { id, name } = providerUserOf(visit);
  const there = (await visit.deps.archive.copies(client.id)).filter(({ gone }) => gone === undefined);
  const by = { person: id, name, contact: true };
  const wrong = await attest(visit, client.id, there, by);
  if (wrong !== undefined) return sendCopiesAt(visit, frame, client, wrong);
  visit.res.redirect(303, `/provider/copies/${client.id}`);
}
