/**
 * The client's view: who is in their data now and why, what happened, and Stop. Every query carries the client of
 * the person who asks; there is no parameter by which another client could be named.
 */
import { Fault } from '../core/faults.ts';
import { readPage, type View } from './activity-lines.ts';
import { toRows } from './activity-rows.ts';
import { noteReading, type Seated, seatedOf, stopperOf } from './controller.ts';
import { namedDrills, runningDrills, stopDrills } from './drill.ts';
import { lateAt } from './late-references.ts';
import { memoryOf, plainNotice, takeNotice } from './memory.ts';
import { missedInWords } from './missed-runs.ts';
import { functionsInWords, openNow } from './open-now.ts';
import { unsaidAt } from './outside.ts';
import { ActivityPage, ActivityPanes, type ActivityPanesProps } from './pages/activity.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { waitingAt } from './request-view.tsx';
import { tasksFor } from './tasks.ts';
import { purposeLabel } from './technician.tsx';
import { texts } from './texts.ts';
import { field, type Visit } from './visit.ts';

const idForm = /^[A-Za-z0-9_-]{1,64}$/;

/** GET `/activity`: what is open now and what happened. */
export async function showActivity(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const noted = await noteReading(visit, seated, 'activity');
  const panes = await panesOf(visit, seated, readView(visit));
  sendPage(
    visit.res,
    <ActivityPage
      frame={frame(visit, { scripts: ['stream.js'] })}
      client={seated.client.name}
      noted={noted}
      notice={takeNotice(memoryOf(visit.req))}
      waiting={await waitingAt(visit, seated.client)}
      late={await lateAt(visit, seated)}
      unsaid={await unsaidAt(visit, seated)}
      tasks={await tasksFor(visit, seated)}
      panes={panes}
      live={`/activity/live${addressOf(readView(visit))}`}
    />,
  );
}

/** GET `/activity/live`: the same panes alone, as long as somebody watches. */
export async function streamActivity(visit: Visit): Promise<void> {
  const view = readView(visit);
  const { client } = await seatedOf(visit);
  if (view.session !== undefined) await refuseForeign(visit, client.id, view.session);
  await visit.deps.live.open(visit, 'activity', async (now, seated) => (
    <ActivityPanes {...(await panesOf(now, seated, view))} />
  ));
}

/** POST `/stop`: fields `opening` (an id, or `all`). Blocks and cuts first, then records. */
export async function stop(visit: Visit): Promise<void> {
  const { client, by } = await stopperOf(visit);
  const opening = field(visit.req.body, 'opening');
  if (opening !== 'all' && !idForm.test(opening)) {
    throw new Refusal(422, 'bad_request', texts.errors.badForm, texts.errors.badFormNext);
  }
  const began = visit.deps.clock.monotonic();
  const what = opening === 'all' ? { client: client.id } : { client: client.id, opening };
  const drill = opening === 'all' ? 0 : await stopDrills(visit, client.id, opening, by);
  if (opening !== 'all' && drill === 0) await refuseForeign(visit, client.id, opening);
  const ended = await visit.deps.authority.end(what, 'stopped', by);
  const drills = opening === 'all' ? await stopDrills(visit, client.id, 'all', by) : drill;
  if (drills > 0 && ended.openings.length === 0) {
    const cutMs = Math.ceil(visit.deps.clock.monotonic() - began);
    memoryOf(visit.req).notice = { ...plainNotice('drill-stopped'), cutMs };
    return visit.res.redirect(303, '/');
  }
  memoryOf(visit.req).notice = {
    kind: 'stopped',
    openings: ended.openings.length,
    exchanges: ended.exchanges,
    cutMs: ended.cutMs,
    recorded: ended.recorded,
  };
  visit.res.redirect(303, '/');
}

/**
 * Another client's access does not exist here; an own one that has just ended does, and stopping it is no error. When
 * that cannot be looked up the stop goes ahead: it is bound to the client in any case.
 */
async function refuseForeign(visit: Visit, client: string, opening: string): Promise<void> {
  try {
    const { openings, blocked } = await visit.deps.authority.client(client);
    if (openings.has(opening) || blocked.has(opening)) return;
    const query = { client, kinds: ['session.opened'], session: opening, limit: 1, disclose: [] } as const;
    if ((await visit.deps.archive.lines(query)).length > 0) return;
  } catch (error) {
    if (error instanceof Fault) return;
    throw error;
  }
  throw new Refusal(404, 'not_found', texts.errors.notFound, texts.errors.notFoundNext);
}

function readView(visit: Visit): View {
  const session = field(visit.req.query, 'session');
  const [at, index] = field(visit.req.query, 'before').split('.');
  const before = { at: whole(at), index: whole(index) };
  return {
    session: idForm.test(session) ? session : undefined,
    before: before.at > 0 && before.index >= 0 ? before : undefined,
  };
}

function whole(text: string | undefined): number {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : -1;
}

function addressOf(view: View): string {
  const query = new URLSearchParams();
  if (view.session !== undefined) query.set('session', view.session);
  if (view.before !== undefined) query.set('before', `${view.before.at}.${view.before.index}`);
  return query.size === 0 ? '' : `?${query}`;
}

async function panesOf(visit: Visit, seated: Seated, view: View): Promise<ActivityPanesProps> {
  const { client, inForce } = seated;
  const { deps, snapshot } = visit;
  const running = deps.cutters.running(client.id);
  const ids = new Set(running.map((exchange) => exchange.id));
  const missed = (line: Parameters<typeof missedInWords>[2]) => missedInWords(snapshot, client, line);
  const { archive, history } = deps;
  const page = await readPage({ archive, history, snapshot, client, inForce, running: ids }, view);
  const { accesses, results } = page;
  const seats = new Map(inForce.seats.map((seat) => [seat.id, seat]));
  const agreed = page.rows.some((line) => String(line.leaf.t).startsWith('consent.'));
  const known = agreed ? await deps.archive.grants(client.id) : [];
  const grants = new Map(known.map((grant) => [grant.id, grant]));
  return {
    say: visit.say,
    language: visit.language,
    zone: client.zone,
    now: visit.now,
    csrf: deps.csrf.token(visit.req),
    open: openNow(visit, seated, running),
    drills: namedDrills(await runningDrills(visit, client.id), inForce),
    rows: toRows(page.rows, { client, accesses, results, seats, grants, running: ids, missed }).map(
      (row) => ({
        ...row,
        access:
          row.access === undefined
            ? undefined
            : { ...row.access, function: functionsInWords(visit, row.access.function.split(', ')) },
        purpose: row.access === undefined ? '' : purposeLabel(visit, row.access.purpose),
      }),
    ),
    session: view.session,
    paged: view.before !== undefined,
    older:
      page.next === undefined
        ? undefined
        : `/activity${addressOf({ session: view.session, before: page.next })}`,
  };
}
