/**
 * Links that begin a declaration at the desk: they fill in the form and never send it, and lead nowhere but to the systems
 * that they name. Going on for another purpose under the same reference is such a form, sent by its button.
 */
import type { Opening, Text } from '../core/model.ts';
import { reasonAnswers } from '../core/reasons.ts';
import type { Arrival } from './arrival.ts';
import { begunDeclaration, type Declared, isPlain, longest } from './declaration.ts';
import { agreedTo, declareThere } from './declare.tsx';
import { arrivalOf, recordRefusal, sendForm } from './declare-form.tsx';
import { ownOpening, recordLength } from './own-openings.ts';
import { type Place, placeOn, readLink, systemsAt } from './place.ts';
import { Refusal } from './refusal.ts';
import type { Framer } from './render.tsx';
import { texts } from './texts.ts';
import { field, fields, technicianOf, type Visit } from './visit.ts';

const minute = 60_000;
const mostSystems = 20;
const { errors } = texts.extensions;
const words = texts.desk;

/**
 * GET `/enter`: fields `systems` (`client/system`, several times or with commas), `purpose`, `reference`, and `to`: a path of
 * the first system, or an address of one of them, which may also be all that is named. Throws Refusal.
 */
export async function showEnter(visit: Visit, frame: Framer): Promise<void> {
  const { query } = visit.req;
  const wanted = field(query, 'to') || field(query, 'return');
  const named = fields(query, 'systems')
    .flatMap((list) => list.split(','))
    .map((name) => name.trim())
    .filter(Boolean);
  const names = [...new Set(named.length > 0 ? named : namedBy(visit, wanted))];
  const arrival = await arrivalAt(visit, names, wanted);
  const values = await filledIn(visit, arrival, names);
  await sendForm(visit, frame, arrival, {
    values,
    status: 200,
    recent: await recentPurposes(visit, arrival),
  });
}

/** The one system at an address. */
function namedBy(visit: Visit, wanted: string): readonly string[] {
  const link = readLink(wanted);
  if (link === undefined)
    throw refused(422, 'unknown_system', words.nothingNamedTitle, words.nothingNamedNext);
  const found = systemsAt(visit.snapshot, link).map(({ client, id }) => `${client}/${id}`);
  if (found.length === 0)
    throw refused(404, 'unknown_host', reasonAnswers.unknown_system.title, words.unknownHost);
  return found;
}

async function arrivalAt(visit: Visit, names: readonly string[], wanted: string): Promise<Arrival> {
  if (new Set(names.map((name) => name.split('/')[0])).size > 1 || names.length > mostSystems)
    throw refused(422, 'several_clients', words.severalTitle, words.severalNext);
  const arrivals: Arrival[] = [];
  for (const system of names) arrivals.push(await arrivalOf(visit, { system }));
  const placed = arrivals.flatMap((arrival) => {
    const place = placeAt(arrival, wanted);
    return place === undefined ? [] : [{ ...arrival, place }];
  });
  const [first] = arrivals;
  const found = placed[0] ?? (wanted === '' ? first : undefined);
  if (found !== undefined) return found;
  if (first !== undefined)
    await recordRefusal(visit, technicianOf(visit), first, 'foreign_target', ['target']);
  const { status, title, next } = reasonAnswers.foreign_target;
  throw refused(status, 'foreign_target', title, next);
}

function placeAt({ client, system }: Arrival, wanted: string): Place | undefined {
  const served = client.systems.get(system.id);
  return served && placeOn(served, wanted);
}

/** What the link says; where it says nothing, what the client agreed to when this person asked. */
async function filledIn(visit: Visit, arrival: Arrival, names: readonly string[]): Promise<Declared> {
  const { query } = visit.req;
  const systems = names.map((name) => name.slice(arrival.client.id.length + 1));
  const said = field(query, 'reference').trim();
  const reference = said.length <= longest.reference && isPlain(said, false) ? said : '';
  const purpose = field(query, 'purpose');
  const begun = { ...begunDeclaration({ systems, purpose }, arrival), reference };
  if (visit.snapshot.purposes.has(purpose)) return begun;
  const agreed = reference === '' && systems.length === 1 ? await agreedTo(visit, arrival) : undefined;
  return agreed ?? begun;
}

/** What the person declared on this system, then elsewhere; newest first. */
async function recentPurposes(visit: Visit, { client, system }: Arrival): Promise<readonly string[]> {
  const own = await visit.deps.archive.openingsOf(technicianOf(visit).id, recordLength);
  const isHere = (one: Opening) => one.client === client.id && one.systems.includes(system.id);
  const ordered = [...own.filter(isHere), ...own.filter((one) => !isHere(one))];
  return [...new Set(ordered.map(({ purpose }) => purpose))];
}

/**
 * POST `/openings/:id/purpose`: field `purpose`, and what an arrival carries; the same case goes on for another purpose, declared
 * by this one click. It leads to where the person wanted to be on a system of the access, else to its first system.
 */
export async function changePurpose(visit: Visit, frame: Framer): Promise<void> {
  const opening = await ownOpening(visit, technicianOf(visit));
  const left = Math.ceil((opening.endsAt - visit.now) / minute);
  if (opening.endedAt !== undefined || left < 1)
    throw refused(409, 'opening_ended', errors.ended, errors.endedNext);
  const arrival = await arrivalOf(visit, wishFor(visit, opening));
  const { systems, reference, note } = opening;
  const purpose = field(visit.req.body, 'purpose');
  await declareThere(visit, frame, arrival, {
    systems,
    purpose,
    reference,
    note,
    minutes: String(left),
    call: false,
    // An emergency is declared with its reason, never by one click.
    emergency: false,
  });
}

function wishFor({ req, snapshot }: Visit, { client, systems }: Opening): unknown {
  const asked = field(req.body, 'system');
  if (systems.some((id) => asked === `${client}/${id}`)) return req.body;
  const served = snapshot.clients.get(client)?.systems;
  const first = systems.find((id) => served?.has(id)) ?? systems[0];
  return { system: `${client}/${first}`, to: '/' };
}

function refused(status: number, code: string, title: Text, next: Text): Refusal {
  return new Refusal(status, code, title, next);
}
