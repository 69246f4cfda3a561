/**
 * Declaring an access: shows what is permitted and why not, checks the form, records the opening with its one-time
 * code, and sends the browser on through a page of the portal. Nothing is opened before the record is durable.
 */
import { asksNothing } from '../core/own-instructions.ts';
import type { InForce } from '../core/ports.ts';
import type { ConsentRequest } from '../core/requests.ts';
import { type Arrival, beginAddress } from './arrival.ts';
import { begunDeclaration, blankDeclaration, type Declared, readDeclared } from './declaration.ts';
import {
  arrivalOf,
  continuable,
  refuseForm,
  refuseOutcome,
  refuseReason,
  sendForm,
} from './declare-form.tsx';
import { declareAccess } from './declaring.ts';
import { memoryOf, takeBegun } from './memory.ts';
import type { Framer } from './render.tsx';
import { texts } from './texts.ts';
import { field, technicianOf, type Visit } from './visit.ts';
import { goOn, newCode, type WayIn } from './way-in.tsx';

const words = texts.technician;

/** GET `/declare`: the form; who does not come from the system is sent there to begin, if it can be gone to. */
export async function showDeclare(visit: Visit, frame: Framer): Promise<void> {
  const arrival = await arrivalOf(visit, visit.req.query);
  const served = arrival.client.systems.get(arrival.system.id);
  if (arrival.back === undefined && served !== undefined) {
    visit.res.redirect(303, beginAddress(served));
    return;
  }
  if (await goesOn(visit, arrival)) return;
  const begun = begunDeclaration(visit.req.query, arrival);
  const values = begun.purpose === '' ? ((await agreedTo(visit, arrival)) ?? begun) : begun;
  await sendForm(visit, frame, arrival, { values, status: 200 });
}

/** What the client agreed to when this person asked, filled in: nobody types the same twice. */
export async function agreedTo(visit: Visit, arrival: Arrival): Promise<Declared | undefined> {
  const { grants } = await visit.deps.authority.client(arrival.client.id);
  const grantOf = (request: ConsentRequest) => grants.get(request.grant ?? '');
  const request = (await visit.deps.archive.requestsOf(technicianOf(visit).id)).find((one) => {
    const grant = grantOf(one);
    const now = grant?.status === 'active' && grant.from <= visit.now && visit.now < grant.until;
    return one.client === arrival.client.id && now && grant.systems.includes(arrival.system.id);
  });
  const grant = request === undefined ? undefined : grantOf(request);
  if (request === undefined || grant === undefined) return undefined;
  const { purpose, reference, note } = request;
  const systems = grant.systems.filter((id) => arrival.mine.some((system) => system.id === id));
  return {
    systems,
    purpose,
    reference,
    note,
    minutes: String(grant.minutes ?? request.minutes),
    call: false,
    emergency: false,
  };
}

/** POST `/declare`: fields `systems purpose reference note minutes`, and what the arrival carries. */
export async function declare(visit: Visit, frame: Framer): Promise<void> {
  const arrival = await arrivalOf(visit, visit.req.body);
  await declareThere(visit, frame, arrival, readDeclared(visit.req.body, arrival));
}

/** Records the declaration and leads on; or shows the form with what is wrong with it. */
export async function declareThere(
  visit: Visit,
  frame: Framer,
  arrival: Arrival,
  values: Declared,
): Promise<void> {
  const { back } = arrival;
  if (!hasDoor(arrival)) return refuseForm(visit, frame, arrival, values, words.errors.doorMissing);
  let way: WayIn | undefined;
  const outcome = await declareAccess(visit, arrival, values, {
    acknowledged: (inForce) => isAcknowledged(visit, inForce),
    second: field(visit.req.body, 'second'),
    origin: { address: visit.deps.address?.(visit.req), agent: visit.req.headers['user-agent'] },
    commandLine: undefined,
    ...(back === undefined
      ? {}
      : {
          code: (opening: string) => {
            way = newCode(visit, opening, arrival, back);
            return way.entry;
          },
        }),
  });
  if ('opened' in outcome) return goOn(visit, outcome.opened.id, way, arrival);
  return refuseOutcome(visit, frame, arrival, values, outcome);
}

/** Whether the form confirms the version of the client's own instructions that is in force; remembered for this sign-in. */
function isAcknowledged(visit: Visit, { instructions }: InForce): boolean {
  if (instructions === undefined || asksNothing(instructions)) return true;
  if (field(visit.req.body, 'confirmed') !== instructions.textHash) return false;
  memoryOf(visit.req).confirmed = instructions.textHash;
  return true;
}

/** POST `/continue`: another code for a live opening of one's own that covers the system asked for. */
export async function continueOpening(visit: Visit, frame: Framer): Promise<void> {
  const arrival = await arrivalOf(visit, visit.req.body);
  const { back } = arrival;
  const values = blankDeclaration(arrival);
  if (!hasDoor(arrival)) return refuseForm(visit, frame, arrival, values, words.errors.doorMissing);
  const inForce = await visit.deps.authority.client(arrival.client.id);
  const id = field(visit.req.body, 'opening');
  const opening = continuable(visit, arrival, inForce).find((one) => one.id === id);
  if (opening === undefined) return refuseReason(visit, frame, arrival, values, 'opening_ended');
  const way = back && newCode(visit, opening.id, arrival, back);
  const answer = way && (await visit.deps.authority.run({ do: 'code', code: way.entry }));
  if (answer?.ok === false) return refuseReason(visit, frame, arrival, values, 'opening_ended');
  await goOn(visit, opening.id, way, arrival);
}

/**
 * What was declared at the desk a moment ago; or what nobody asked to declare anew, while the one access that this sign-in
 * opened to the system lives. Nothing new is declared then, so nothing is asked. The code it takes is worth nothing outside
 * the browser that came from that host.
 */
async function goesOn(visit: Visit, arrival: Arrival): Promise<boolean> {
  const { back } = arrival;
  if (back === undefined || visit.req.method !== 'GET') return false;
  const begun = takeBegun(memoryOf(visit.req), `${arrival.client.id}/${arrival.system.id}`, visit.now);
  if (begun !== undefined) {
    const fragment = back.fragment === '' ? begun.fragment : back.fragment;
    return enterWith(visit, { ...arrival, back: { ...back, fragment } }, begun.opening);
  }
  if (!back.goesOn) return false;
  const inForce = await visit.deps.authority.client(arrival.client.id);
  const [opening, ...others] = continuable(visit, arrival, inForce);
  if (opening === undefined || others.length > 0 || opening.login !== visit.signedIn.login.id) return false;
  return enterWith(visit, arrival, opening.id);
}

/** Into the system in a live opening; false: it has ended. */
async function enterWith(visit: Visit, arrival: Arrival, opening: string): Promise<boolean> {
  const { back } = arrival;
  if (back === undefined) return false;
  const way = newCode(visit, opening, arrival, back);
  if (!(await visit.deps.authority.run({ do: 'code', code: way.entry })).ok) return false;
  await goOn(visit, opening, way, arrival);
  return true;
}

/** Whether there is a way on: back to the host, to a place that it is yet to seal, or none because nothing of it passes here. */
function hasDoor({ client, system, back, place }: Arrival): boolean {
  return back !== undefined || place !== undefined || client.outside.has(system.id);
}
