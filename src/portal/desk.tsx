/**
 * The technician's first page: find a system by words or a pasted link, go on in what is open, see what may be done and what
 * stands in the way. Shows a technician only what is theirs.
 */
import type { ComponentProps } from 'preact';
import { Fault } from '../core/faults.ts';
import { purposeLeaves } from '../core/lengthen.ts';
import type { Client, Opening, Person, Text } from '../core/model.ts';
import type { Option } from '../core/options.ts';
import { endOf, sayingTime } from '../core/outside.ts';
import type { InForce } from '../core/ports.ts';
import { reasonAnswers } from '../core/reasons.ts';
import { isWaiting, statusAt } from '../core/requests.ts';
import { enterPath, systemsOf } from './arrival.ts';
import { overInBrief } from './contract-over.ts';
import { hour } from './formats.ts';
import { owedCopies } from './keeping-copies.ts';
import { memoryOf, takeNotice } from './memory.ts';
import { cellsAt, otherPurposes } from './other-purposes.ts';
import { isUnsaid } from './outside.ts';
import { recordLength } from './own-openings.ts';
import { type DeskHit, type DeskOpening, DeskPage, type Found } from './pages/desk.tsx';
import { oneClick } from './pages/opening.tsx';
import type { SystemsClient } from './pages/systems.tsx';
import { type Known, type Place, placeOn, readLink, searchSystems, systemsAt } from './place.ts';
import { type Framer, sendPage } from './render.tsx';
import { systemName } from './system-names.ts';
import { liveOf, purposeLabel, systemNames } from './technician.tsx';
import { texts } from './texts.ts';
import { field, technicianOf, type Visit } from './visit.ts';

const words = texts.desk;
const most = { found: 12, recent: 6, query: 4_000 } as const;

/** What one visit of the desk knows: the person's clients with what is in force there, looked up once. */
interface Desk {
  readonly visit: Visit;
  readonly person: Person;
  readonly known: readonly Known[];
  /** Undefined: it could not be looked. */
  readonly inForce: ReadonlyMap<string, InForce | undefined>;
  /** Newest first. */
  readonly own: readonly Opening[];
  /** What may be declared at a client, by its id; judged once, when it is first asked for. */
  readonly cells: Map<string, readonly Option[]>;
}

/** GET `/` for a technician: fields `q`, and `go` when the form was sent rather than followed while typing. */
export async function showDesk(visit: Visit, frame: Framer): Promise<void> {
  const desk = await deskOf(visit);
  const query = field(visit.req.query, 'q').trim().slice(0, most.query);
  const found = query === '' ? undefined : find(desk, query);
  const [only, ...others] = found?.hits ?? [];
  if (
    only !== undefined &&
    others.length === 0 &&
    only.open === undefined &&
    field(visit.req.query, 'go') !== ''
  )
    return visit.res.redirect(303, only.href);
  const requests = await visit.deps.archive.requestsOf(desk.person.id);
  sendPage(
    visit.res,
    <DeskPage
      frame={frame(visit, { scripts: ['desk.js'] })}
      csrf={visit.deps.csrf.token(visit.req)}
      now={visit.now}
      query={query}
      found={found}
      notice={takeNotice(memoryOf(visit.req))}
      open={openOf(desk)}
      recent={recentOf(desk)
        .map((known) => hitOf(desk, known, undefined))
        .filter(({ open }) => open === undefined)
        .slice(0, most.recent)}
      requests={requests
        .filter((request) => isWaiting(request, visit.now))
        .map((request) => {
          const client = visit.snapshot.clients.get(request.client);
          const text = `${purposeLabel(visit, request.purpose)} · ${request.reference}`;
          const where = `${client?.name ?? request.client}, ${systemNames(visit, client, request.systems)}`;
          return {
            id: request.id,
            text,
            where,
            state: visit.say(texts.requests.states[statusAt(request, visit.now)]),
          };
        })}
      clients={[...clientsOf(desk)]}
      owed={owedOf(desk)}
      copies={await owedCopies(visit, desk.person)}
    />,
  );
}

async function deskOf(visit: Visit): Promise<Desk> {
  const person = technicianOf(visit);
  const known = [...visit.snapshot.clients.values()].flatMap((client) =>
    systemsOf(client, person, visit.now).map((system) => ({ client, system })),
  );
  const inForce = new Map<string, InForce | undefined>();
  for (const { client } of known)
    if (!inForce.has(client.id)) inForce.set(client.id, await inForceAt(visit, client.id));
  const own = await visit.deps.archive.openingsOf(person.id, recordLength);
  return { visit, person, known, inForce, own, cells: new Map() };
}

async function inForceAt(visit: Visit, client: string): Promise<InForce | undefined> {
  try {
    return await visit.deps.authority.client(client);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/** By a link when it is one, else by words; of equals the ones used last come first. */
function find(desk: Desk, query: string): Found {
  const link = readLink(query);
  if (link === undefined) {
    const recent = recentOf(desk);
    const ordered = [...recent, ...desk.known.filter((one) => !recent.includes(one))];
    return foundOf(
      desk,
      searchSystems(query, ordered).map((known) => ({ known, place: undefined })),
    );
  }
  const there = systemsAt(desk.visit.snapshot, link);
  const mine = desk.known.flatMap((known) => {
    const system = there.find((one) => one === known.system);
    const place = system && placeOn(system, query);
    return place === undefined ? [] : [{ known, place }];
  });
  if (mine.length > 0) return foundOf(desk, mine);
  return {
    hits: [],
    total: 0,
    problem: desk.visit.say(there.length === 0 ? words.unknownHost : words.notMine),
  };
}

/** Only what is shown is looked at closely: this is asked while somebody types. */
function foundOf(
  desk: Desk,
  found: readonly { readonly known: Known; readonly place: Place | undefined }[],
): Found {
  const hits = found.slice(0, most.found).map(({ known, place }) => hitOf(desk, known, place));
  return { hits, total: found.length, problem: undefined };
}

/** The systems that the person opened last. */
function recentOf({ own, known }: Desk): readonly Known[] {
  const names = new Set(own.flatMap(({ client, systems }) => systems.map((id) => `${client}/${id}`)));
  return [...names].flatMap(
    (name) => known.find(({ client, system }) => `${client.id}/${system.id}` === name) ?? [],
  );
}

function liveAt({ visit, person, inForce }: Desk, client: string): readonly Opening[] {
  const there = inForce.get(client);
  return there === undefined ? [] : liveOf(there, person.id, visit.now);
}

/** One system with its way in: straight on while something is open there, else to the declaration. */
function hitOf(desk: Desk, { client, system }: Known, place: Place | undefined): DeskHit {
  const { visit } = desk;
  const open = liveAt(desk, client.id).find(({ systems }) => systems.includes(system.id));
  const declare = enterPath(client.id, system, place);
  const served = client.systems.get(system.id);
  const hit = {
    key: `${client.id}/${system.id}`,
    client: client.name,
    name: visit.say(systemName(client, system.id)),
    test: system.environment === 'test',
    declare,
    ...allowance(desk, client, system.id),
  };
  if (open === undefined) return { ...hit, href: declare, open: undefined };
  const until = hour(open.endsAt, client.zone, visit.language);
  const text = visit.say(words.openUnder(purposeLabel(visit, open.purpose), open.reference, until));
  const href = served === undefined ? `/openings/${open.id}` : addressOf(served.publicOrigin, place);
  return { ...hit, href, open: text };
}

function addressOf(origin: string, place: Place | undefined): string {
  if (place === undefined) return origin;
  const url = new URL(place.path, origin);
  if (place.host !== '') url.hostname = place.host;
  url.hash = place.fragment;
  return url.href;
}

/** What may be declared there now, or the first thing that stands in the way. */
function allowance(desk: Desk, client: Client, system: string): Pick<DeskHit, 'may' | 'why'> {
  const { visit } = desk;
  const over = overOf(desk, client);
  if (over !== undefined) return { may: '', why: visit.say(over) };
  const cells = cellsOf(desk, client).filter((cell) => cell.system === system);
  const may = cells
    .filter(({ grant }) => grant !== undefined)
    .map(({ purpose }) => purposeLabel(visit, purpose));
  const near = cells.find(({ reason }) => reason !== undefined && reason !== 'purpose_not_on_system');
  const why = near?.reason === undefined ? undefined : visit.say(reasonAnswers[near.reason].title);
  return may.length > 0 ? { may: may.join(', '), why: undefined } : { may: '', why };
}

function overOf({ visit, inForce }: Desk, client: Client): Text | undefined {
  return overInBrief(client, inForce.get(client.id) ?? {}, visit.now);
}

function cellsOf({ visit, inForce, cells }: Desk, { id }: Client): readonly Option[] {
  const there = inForce.get(id);
  const known = cells.get(id) ?? (there === undefined ? [] : cellsAt(visit, id, there));
  cells.set(id, known);
  return known;
}

/** What the person has not said yet was done outside. */
function owedOf({ visit, own }: Desk): ComponentProps<typeof DeskPage>['owed'] {
  return own
    .filter((opening) => isUnsaid(opening, visit.now))
    .map((opening) => {
      const client = visit.snapshot.clients.get(opening.client);
      const until = endOf(opening) + sayingTime.last;
      return {
        ...{ id: opening.id, name: client?.name ?? opening.client, reference: opening.reference, until },
        ...{ zone: client?.zone ?? 'UTC', open: visit.now <= until },
      };
    });
}

/** What is open, the first to end first. */
function openOf(desk: Desk): readonly DeskOpening[] {
  const { visit } = desk;
  const clients = new Map(desk.known.map(({ client }) => [client.id, client]));
  return [...clients.values()]
    .flatMap((client) => liveAt(desk, client.id).map((opening) => ({ client, opening })))
    .sort((a, b) => a.opening.endsAt - b.opening.endsAt)
    .map(({ client, opening }) => ({
      id: opening.id,
      client: client.name,
      zone: client.zone,
      systems: opening.systems.map((id) => ({
        name: visit.say(systemName(client, id)),
        address: client.systems.get(id)?.publicOrigin,
      })),
      purpose: purposeLabel(visit, opening.purpose),
      reference: opening.reference,
      endsAt: opening.endsAt,
      more: Math.min(oneClick, purposeLeaves(visit.snapshot, opening)),
      others: otherPurposes(visit, opening, cellsOf(desk, client)),
    }));
}

/** Everything the person is assigned to, by client. */
function* clientsOf(desk: Desk): Generator<SystemsClient> {
  const { visit } = desk;
  for (const [id, inForce] of desk.inForce) {
    const client = visit.snapshot.clients.get(id);
    if (client === undefined) continue;
    const live = liveAt(desk, id);
    const over = overOf(desk, client);
    const state = over ?? (client.status === 'preparing' ? texts.technician.preparing : undefined);
    yield {
      id,
      name: client.name,
      zone: client.zone,
      state: state && visit.say(state),
      over: over !== undefined,
      known: inForce !== undefined,
      systems: desk.known
        .filter((known) => known.client === client)
        .map(({ system }) => {
          const open = live.filter(({ systems }) => systems.includes(system.id));
          const begin = enterPath(id, system);
          const served = client.systems.get(system.id);
          return {
            id: system.id,
            name: visit.say(systemName(client, system.id)),
            test: system.environment === 'test',
            address: open.length > 0 && served !== undefined ? served.publicOrigin : begin,
            begin,
            open: open.map((opening) => ({
              id: opening.id,
              purpose: purposeLabel(visit, opening.purpose),
              reference: opening.reference,
              endsAt: opening.endsAt,
            })),
          };
        }),
    };
  }
}
