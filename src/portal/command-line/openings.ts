/**
 * Accesses by command line: declared by the same function as on the page, listed, and closed. Where the page would ask something the
 * refusal says what, and the address of the page; nothing is agreed to, confirmed or chosen for anybody.
 */
import { z } from 'zod';
import { textHash } from '../../core/leaf.ts';
import type { Client, Opening, Text } from '../../core/model.ts';
import { asksNothing } from '../../core/own-instructions.ts';
import type { InForce } from '../../core/ports.ts';
import { type Reason, reasonAnswers } from '../../core/reasons.ts';
import { toolHash, toolSecret } from '../../core/tool.ts';
import { type Arrival, enterPath, readArrival } from '../arrival.ts';
import type { Declared } from '../declaration.ts';
import { noteRefusal } from '../declare-form.tsx';
import { askAddress, isConsentReason } from '../declare-view.ts';
import { declareAccess, type OnRecord, type Outcome, spendingMeans } from '../declaring.ts';
import { hour, rfc3339 } from '../formats.ts';
import { sentencesOf } from '../instruction-form.ts';
import { sayIn } from '../language.ts';
import { shownInstructions } from '../lines.ts';
import { Refusal } from '../refusal.ts';
import { againAddress } from '../step-up.ts';
import { systemName } from '../system-names.ts';
import { liveOf } from '../technician.tsx';
import { texts } from '../texts.ts';
import { technicianOf } from '../visit.ts';
import type { CommandLineCall } from './call.ts';

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
    ...{ second, origin: call.origin, byCommandLine: true },
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

/** The hash of everything that the client instructs, as it is shown; undefined: there is nothing to confirm. */
function instructionsOf(client: Client, { instructions: own }: InForce): string | undefined {
  const asked = own !== undefined && !asksNothing(own);
  if (client.instructions.length === 0 && !asked) return undefined;
  return textHash(JSON.stringify([shownInstructions(client), asked ? own.textHash : '']));
}

/** What stands in the way, recorded where the page records it. */
async function refusalOf(
  call: CommandLineCall,
  arrival: Arrival,
  values: Declared,
  outcome: Exclude<Outcome, { readonly opened: unknown }>,
): Promise<Refusal> {
  const { client } = arrival;
  const page = pageOf(call, arrival, values);
  if ('unread' in outcome) {
    const say = sayIn(call.language);
    const own = outcome.unread.instructions;
    const sentences = own === undefined ? [] : sentencesOf(own, call.snapshot, client);
    const instructions = [...sentences, ...client.instructions.map(({ text }) => text)].map(say);
    const confirm = instructionsOf(client, outcome.unread);
    return new Refusal(
      ...([422, 'instructions_unconfirmed', words.instructions, words.instructionsNext] as const),
      { instructions, confirm, page },
    );
  }
  if ('wrong' in outcome) return incomplete(call, outcome.wrong, page);
  if ('second' in outcome) {
    const { value, others } = outcome.second;
    const open = others.map((one) => openingJson(call, one));
    const { secondLegend, secondAsk } = texts.desk;
    return new Refusal(409, 'second_reference', secondLegend, secondAsk, {
      ...{ open, second: value, page },
    });
  }
  if ('unchosen' in outcome) return unchosen(call, arrival, values, outcome.unchosen);
  if ('spent' in outcome) {
    const means = spendingMeans(outcome.spent);
    if ('refused' in means) return onRecord(call, arrival, means.refused, page);
    const { budgetMinutes } = texts.technician.errors;
    if (means.minutes > 0)
      return incomplete(call, new Map([['minutes', budgetMinutes(means.minutes)]]), page);
    return onRecord(call, arrival, 'budget_spent', page, ['limits']);
  }
  if ('refused' in outcome) return onRecord(call, arrival, outcome.refused, page);
  return new Refusal(409, 'rights_moved', texts.errors.unsure, texts.technician.errors.moved);
}

/** Fields that are missing or wrong, each with its sentence. */
function incomplete({ language }: CommandLineCall, wrong: ReadonlyMap<string, Text>, page: string): Refusal {
  const fields = Object.fromEntries([...wrong].map(([name, text]) => [name, sayIn(language)(text)]));
  const all = [...wrong.values()];
  const next = { en: all.map(({ en }) => en).join(' '), fr: all.map(({ fr }) => fr).join(' ') };
  return new Refusal(422, 'declaration_incomplete', words.incomplete, next, { fields, page });
}

async function onRecord(
  call: CommandLineCall,
  arrival: Arrival,
  reason: OnRecord | 'budget_spent',
  page: string,
  criteria: readonly string[] = ['references'],
): Promise<Refusal> {
  await noteRefusal(call, call.memory, technicianOf(call), arrival, reason, criteria);
  return forReason(reason, page);
}

function forReason(reason: Reason, page: string): Refusal {
  const { title, next } = reasonAnswers[reason];
  return new Refusal(422, reason, title, next, { page });
}

/** Nothing permits it: where a new sign-in or an agreement would, the address leads there. */
async function unchosen(
  call: CommandLineCall,
  arrival: Arrival,
  values: Declared,
  chosen: Extract<Outcome, { readonly unchosen: unknown }>['unchosen'],
): Promise<Refusal> {
  const page = pageOf(call, arrival, values);
  if ('split' in chosen)
    return incomplete(call, new Map([['systems', texts.technician.errors.noSingleAgreement]]), page);
  const { client } = arrival;
  const { refused, system, criteria } = chosen;
  await noteRefusal(call, call.memory, technicianOf(call), { client, system }, refused, criteria);
  const purpose = call.snapshot.purposes.get(values.purpose);
  const systems = arrival.mine.filter(({ id }) => values.systems.includes(id));
  if (purpose === undefined) return forReason(refused, page);
  const [only, ...others] = criteria;
  const again =
    only === 'authentication' && others.length === 0
      ? againAddress(call, arrival, systems, purpose)
      : undefined;
  const ask = isConsentReason(refused) ? askAddress(arrival, purpose, systems) : undefined;
  const there = again ?? ask;
  return forReason(refused, there === undefined ? page : new URL(there, call.deps.portalUrl).href);
}

/** The page on which the same is declared by hand, filled in. */
function pageOf(
  { deps }: CommandLineCall,
  { client, system }: Arrival,
  { purpose, reference }: Pick<Declared, 'purpose' | 'reference'>,
): string {
  const url = new URL(enterPath(client.id, system), deps.portalUrl);
  url.searchParams.set('purpose', purpose);
  url.searchParams.set('reference', reference);
  return url.href;
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

/** POST `/openings/:id/close`. What has ended already stays as it is. */
export async function closeAccess(call: CommandLineCall): Promise<object> {
  const { deps, id } = call;
  const opening = await deps.archive.ownOpening(technicianOf(call).id, id);
  if (opening === undefined)
    throw new Refusal(404, 'not_found', texts.technician.openingUnknown, texts.api.missingNext);
  const ended = await deps.authority.end({ client: opening.client, opening: id }, 'technician', undefined);
  const { exchanges, recorded } = ended;
  return { closed: ended.openings.length > 0, exchanges, recorded, owes: opening.said === 'owed' };
}

function openingJson({ snapshot, deps, language }: CommandLineCall, opening: Opening): object {
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
