/** The copy register on pages: whoever took copies says that they are gone, and the client reads. */
import type { Client } from '../core/model.ts';
import { nameTold } from '../core/pseudonyms.ts';
import { attest, emptyGone, type GoneForm, heldAfterEnd } from './attesting-copies.ts';
import { seatedOf } from './controller.ts';
import { copyRow } from './copy-rows.ts';
import { endingState, lastDayOf } from './endings.ts';
import { memoryOf, plainNotice, takeNotice } from './memory.ts';
import { CopiesPage, MyCopiesPage } from './pages/copies.tsx';
import { plannedRuns } from './planned-runs.ts';
import { type Framer, sendPage } from './render.tsx';
import { texts } from './texts.ts';
import { field, technicianOf, type Visit } from './visit.ts';

/** GET `/copies`: one's own, or the client's. */
export async function showCopies(visit: Visit, frame: Framer): Promise<void> {
  if (visit.role === 'technician') return sendMine(visit, frame, undefined);
  const { client, inForce } = await seatedOf(visit);
  const copies = await visit.deps.archive.copies(client.id);
  const rows = copies.map((copy) => copyRow(visit, client, copy));
  sendPage(
    visit.res,
    <CopiesPage
      frame={frame(visit, { self: '/copies' })}
      zone={client.zone}
      rows={rows}
      ended={await heldAfterEnd(visit, client)}
      runs={await plannedRuns(visit, client, inForce.grants.values())}
      endingAt="/ending"
      attest={undefined}
      at={undefined}
    />,
  );
}

/** `wrong`: at which client the form could not be taken. */
async function sendMine(
  visit: Visit,
  frame: Framer,
  wrong: { readonly client: string; readonly form: GoneForm } | undefined,
): Promise<void> {
  const mine = await visit.deps.archive.copiesOf(technicianOf(visit).id);
  const clients = [];
  for (const [id, copies] of Map.groupBy(mine, ({ client }) => client)) {
    const client = visit.snapshot.clients.get(id);
    clients.push({
      id,
      name: client?.name ?? id,
      zone: client?.zone ?? 'UTC',
      rows: copies.map((copy) => copyRow(visit, client, copy)),
      form: wrong?.client === id ? wrong.form : emptyGone,
      ended: client && (await chosenAt(visit, client)),
    });
  }
  sendPage(
    visit.res,
    <MyCopiesPage
      frame={frame(visit, { self: '/copies' })}
      csrf={visit.deps.csrf.token(visit.req)}
      clients={clients}
      recorded={takeNotice(memoryOf(visit.req))?.kind === 'copies'}
    />,
    wrong === undefined ? 200 : 422,
  );
}

/** What the client chose for its copies, once its contract is over, in a sentence; undefined: it goes on. */
async function chosenAt(visit: Visit, client: Client): Promise<string | undefined> {
  const { over, statement } = await endingState(visit, client);
  if (over === undefined) return undefined;
  const { choice, dueAt } = statement ?? {};
  const { mine, mineNone, chosen } = texts.endings;
  return visit.say(
    choice === undefined || dueAt === undefined
      ? mineNone
      : mine(chosen[choice], lastDayOf(dueAt, client.zone)),
  );
}

/** POST `/copies/gone`: fields `client copy how done text`; several `copy`. */
export async function endMyCopies(visit: Visit, frame: Framer): Promise<void> {
  const person = technicianOf(visit);
  const client = field(visit.req.body, 'client');
  const mine = (await visit.deps.archive.copiesOf(person.id)).filter((copy) => copy.client === client);
  const known = visit.snapshot.clients.get(client);
  const name = known === undefined ? '' : nameTold(known, person);
  const by = { person: person.id, name, contact: false };
  const wrong = await attest(visit, client, mine, by);
  if (wrong !== undefined) return sendMine(visit, frame, { client, form: wrong });
  memoryOf(visit.req).notice = plainNotice('copies');
  visit.res.redirect(303, '/copies');
}
