/**
 * Accesses by command line: declared and lengthened by the same functions as on the page, listed, and closed. Where the page would
 * ask something the refusal says what, and the address of the page; nothing is agreed to, confirmed or chosen for anybody.
 */
import * as z from 'zod';
import type { Opening } from '../../core/model.ts';
import { reasonAnswers } from '../../core/reasons.ts';
import { toolHash, toolSecret } from '../../core/tool.ts';
import { type Arrival, readArrival } from '../arrival.ts';
import type { Declared } from '../declaration.ts';
import { noteRefusal } from '../declare-form.tsx';
import { declareAccess } from '../declaring.ts';
import { lengthen } from '../extensions.ts';
import { Refusal } from '../refusal.ts';
import { liveOf } from '../technician.tsx';
import { texts } from '../texts.ts';
import { technicianOf } from '../visit.ts';
import type { CommandLineCall } from './call.ts';
import { openingJson } from './opening-json.ts';
import { incomplete, instructionsOf, pageOf, refusalOf } from './refusals.ts';

const words = texts.commandLine;

const named = z.string().max(200);
const openBody = z.strictObject({
  /** `client/system`; several of one client. */
  systems: z.array(named).min(1).max(20),
  purpose: named,
  reference: named,
  note: z.string().max(2_000).default(''),
  minutes: z.int().default(60),
  /** Of the instructions that were shown and confirmed. */
  confirmed: named.default(''),
  /** The reference that was confirmed to be a second one. */
  second: named.default(''),
});

/** POST `/openings`: declares, and hangs a credential on the access that is on this answer and nowhere else. */
export async function openAccess(call: CommandLineCall): Promise<object> {
  const read = openBody.safeParse(call.body);
  if (!read.success) throw new Refusal(422, 'bad_request', texts.api.badBody, texts.api.badBodyNext);
  const { systems: names, purpose, reference, note, minutes, confirmed, second } = read.data;
  const arrival = await arrivalAt(call, names);
  const { client } = arrival;
  const prefix = `${client.id}/`;
  if (names.some((name) => !name.startsWith(prefix)))
    throw new Refusal(422, 'several_clients', texts.desk.severalTitle, texts.desk.severalNext);
  const systems = names.map((name) => name.slice(prefix.length));
  const page = pageOf(call, arrival, { purpose, reference });
  if (systems.some((id) => client.outside.has(id)))
    throw new Refusal(409, 'outside_on_page', words.outside, words.outsideNext, { page });
  const values: Declared = {
    ...{ systems, purpose, reference: reference.trim(), minutes: String(minutes) },
    ...{ note: note.replace(/\r\n?/g, '\n').trim(), call: false, emergency: false },
  };
  const outcome = await declareAccess(call, arrival, values, {
    acknowledged: (inForce) => {
      const asked = instructionsOf(client, inForce);
      return asked === undefined || asked === confirmed;
    },
    ...{ second, origin: call.origin, commandLine: call.session.hash },
  });
  if (!('opened' in outcome)) throw await refusalOf(call, arrival, values, outcome);
  const credential = await connect(call, outcome.opened);
  return { ...openingJson(call, outcome.opened), credential };
}

async function arrivalAt(call: CommandLineCall, names: readonly string[]): Promise<Arrival> {
  const person = technicianOf(call);
  const { snapshot, now } = call;
  const arrival = readArrival({ system: names[0], to: '/' }, snapshot, person, now);
  if (!('problem' in arrival)) return arrival;
  const { unknownSystemTitle, unknownSystemNext, notAssignedTitle } = texts.technician;
  if (arrival.problem === 'unknown_system')
    throw new Refusal(404, 'unknown_system', unknownSystemTitle, unknownSystemNext);
  const { client } = arrival;
  const system = client?.systems.get(names[0]?.split('/')[1] ?? '');
  if (client !== undefined && system !== undefined)
    await noteRefusal(call, call.memory, person, { client, system }, 'not_assigned', ['assignment']);
  throw new Refusal(403, 'not_assigned', notAssignedTitle, reasonAnswers.not_assigned.next);
}

/** A credential for the command; where none can be made, the access is of no use and ends again. */
async function connect({ deps }: CommandLineCall, { client, id }: Opening): Promise<string> {
  const secret = toolSecret(deps.random(32));
  const end = () => deps.authority.end({ client, opening: id }, 'technician', undefined);
  const answer = await deps.authority
    .run({ do: 'tool', client, opening: id, hash: toolHash(secret) })
    .catch(async (error: unknown) => {
      await end();
      throw error;
    });
  if ('ok' in answer) return secret;
  const { refused, next } = texts.tools;
  throw new Refusal(409, answer.refused, refused[answer.refused], next[answer.refused]);
}

/** GET `/openings`: what the technician has open, at all clients, the first to end first. */
export async function listAccesses(call: CommandLineCall): Promise<object> {
  const person = technicianOf(call);
  const own = await call.deps.archive.openingsOf(person.id, 100);
  const clients = [...new Set(own.map(({ client }) => client))];
  const live = await Promise.all(
    clients.map(async (id) => liveOf(await call.deps.authority.client(id), person.id, call.now)),
  );
  const openings = live
    .flat()
    .sort((a, b) => a.endsAt - b.endsAt)
    .map((one) => openingJson(call, one));
  return { openings };
}

const extendBody = z.strictObject({ minutes: z.int(), from: z.iso.datetime() });

/**
 * POST `/openings/:id/extend`: `{ minutes, from }`, where `from` is the end that was listed. Answers the access with its new end, or the
 * page of the request to the client where the agreement does not reach.
 */
export async function extendAccess(call: CommandLineCall): Promise<object> {
  const read = extendBody.safeParse(call.body);
  if (!read.success) throw new Refusal(422, 'bad_request', texts.api.badBody, texts.api.badBodyNext);
  const opening = await ownAccess(call);
  const { minutes, from } = read.data;
  const answer = await lengthen(call, technicianOf(call), opening, { minutes, from: Date.parse(from) });
  if ('extended' in answer) return { extended: openingJson(call, answer.extended) };
  if ('asked' in answer)
    return { asked: answer.asked, page: new URL(`/requests/${answer.asked}`, call.deps.portalUrl).href };
  const page = new URL(`/openings/${opening.id}`, call.deps.portalUrl).href;
  throw incomplete(call, new Map([['minutes', answer.wrong]]), page);
}

/** One's own; another's does not exist. */
async function ownAccess({ deps, id, ...call }: CommandLineCall): Promise<Opening> {
  const opening = await deps.archive.ownOpening(technicianOf(call).id, id);
  if (opening !== undefined) return opening;
  throw new Refusal(404, 'not_found', texts.technician.openingUnknown, texts.api.missingNext);
}

/** POST `/openings/:id/close`. What has ended already stays as it is. */
export async function closeAccess(call: CommandLineCall): Promise<object> {
  const opening = await ownAccess(call);
  const { client, id } = opening;
  const ended = await call.deps.authority.end({ client, opening: id }, 'technician', undefined);
  const { exchanges, recorded } = ended;
  return { closed: ended.openings.length > 0, exchanges, recorded, owes: opening.said === 'owed' };
}
