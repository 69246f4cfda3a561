/**
 * Declaring an access: shows what is permitted and why not, checks the form, records the opening with its one-time
 * code, and sends the browser on through a page of the portal. Nothing is opened before the record is durable.
 */
import type { Opening } from '../core/model.ts';
import { asksNothing } from '../core/own-instructions.ts';
import type { InForce } from '../core/ports.ts';
import type { ConsentRequest } from '../core/requests.ts';
import { type Arrival, beginAddress } from './arrival.ts';
import {
  begunDeclaration,
  blankDeclaration,
  checkDeclared,
  choose,
  clockFor,
  type Chosen,
  type Declared,
  type DeclaredErrors,
  readDeclared,
  type Wish,
} from './declaration.ts';
import { newProvisional } from './corrections.tsx';
import {
  arrivalOf,
  askSecond,
  continuable,
  refuseChoice,
  refuseForm,
  refuseOnRecord,
  refuseReason,
  refuseSpent,
  refuseUnread,
  sendForm,
  type Spending,
} from './declare-form.tsx';
import { declaredAs } from './emergency-offer.ts';
import { sessionFields, sessionGroups } from './lines.ts';
import { memoryOf, takeBegun } from './memory.ts';
import { type Checked, checkReference } from './reference-check.ts';
import type { Framer } from './render.tsx';
import { liveOf } from './technician.tsx';
import { texts } from './texts.ts';
import { field, technicianOf, type Visit } from './visit.ts';
import { goOn, newCode } from './way-in.tsx';

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
  const wish = wishOf(visit, arrival, values);
  const held = await visit.deps.authority.client(arrival.client.id);
  if (!isAcknowledged(visit, held)) return refuseUnread(visit, frame, arrival, values, wish);
  if (!('purpose' in wish)) return sendForm(visit, frame, arrival, { values, status: 422, errors: wish });
  const others = underOthers(visit, wish, held);
  if (others.length > 0 && field(visit.req.body, 'second') !== asSecond(values))
    return askSecond(visit, frame, arrival, values, { value: asSecond(values), others });

  // The rights may move between looking and recording; then look once more, and no oftener.
  const spent: Spending = new Map();
  let checked: Checked | undefined;
  for (let inForce = held, left = 1; ; ) {
    const chosen = chooseNow(visit, arrival, wish, inForce, spent);
    if (!('opening' in chosen)) {
      if (spent.size > 0) return refuseSpent(visit, frame, arrival, values, spent);
      return refuseChoice(visit, frame, arrival, values, chosen);
    }
    checked ??= await checkReference(visit.deps, arrival.client, wish.reference, wish.emergency);
    if ('refused' in checked) return refuseOnRecord(visit, frame, arrival, values, checked.refused);
    const way = back && newCode(visit, chosen.opening.id, arrival, back);
    const answer = await visit.deps.authority.run({
      do: 'declare',
      epoch: inForce.epoch,
      opening: chosen.opening,
      fields: sessionFields(
        chosen.opening,
        chosen.operations,
        arrival.client,
        clockFor(chosen.grant, wish),
        inForce.instructions,
        checked.check,
      ),
      groups: sessionGroups(chosen.opening, technicianOf(visit), visit.snapshot.organisation, {
        address: visit.deps.address?.(visit.req),
        agent: visit.req.headers['user-agent'],
      }),
      ...(wish.emergency ? { emergency: { as: declaredAs(visit) } } : {}),
      ...(way && { code: way.entry }),
    });
    if ('unsaid' in answer) return refuseOnRecord(visit, frame, arrival, values, 'outside_unsaid');
    if ('owed' in answer) return refuseOnRecord(visit, frame, arrival, values, 'references_owed');
    if ('refused' in answer && answer.refused !== 'emergency_used_up')
      return refuseOnRecord(visit, frame, arrival, values, answer.refused);
    if ('spent' in answer || 'refused' in answer) {
      // Another agreement may serve.
      spent.set(chosen.opening.grant, answer);
      continue;
    }
    if (!('moved' in answer)) return goOn(visit, chosen.opening.id, way, arrival);
    if (left === 0) return refuseForm(visit, frame, arrival, values, words.errors.moved);
    left -= 1;
    inForce = await visit.deps.authority.refresh(arrival.client.id);
    if (!isAcknowledged(visit, inForce)) return refuseUnread(visit, frame, arrival, values, wish);
  }
}

/** What the person has open on the same systems under another reference: two cases at once are asked about first. */
function underOthers(visit: Visit, wish: Wish, held: InForce): readonly Opening[] {
  const ids = wish.systems.map(({ id }) => id);
  return liveOf(held, technicianOf(visit).id, visit.now).filter(
    ({ reference, systems }) => reference !== wish.reference && systems.some((id) => ids.includes(id)),
  );
}

/** What the box says that confirms it; a reference that is made here is another one each time. */
function asSecond({ call, reference }: Declared): string {
  return call && reference === '' ? 'call' : reference;
}

/** What the form asks for; where there is no ticket yet, under a reference made here. */
function wishOf(visit: Visit, arrival: Arrival, values: Declared): Wish | DeclaredErrors {
  if (!values.call || values.reference !== '') return checkDeclared(values, arrival, visit.snapshot);
  const reference = newProvisional(visit, arrival.client.zone);
  const wish = checkDeclared({ ...values, reference }, arrival, visit.snapshot);
  if ('purpose' in wish || !wish.has('reference')) return wish;
  return new Map([...wish, ['reference', texts.corrections.callNotHere] as const]);
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

function chooseNow(visit: Visit, arrival: Arrival, wish: Wish, inForce: InForce, spent: Spending): Chosen {
  const declarer = {
    person: technicianOf(visit),
    login: visit.signedIn.login.id,
    authentication: visit.signedIn.authentication,
  };
  const id = visit.deps.random(16).toString('base64url');
  const grants = [...inForce.grants.values()].filter((grant) => !spent.has(grant.id));
  return choose(visit.snapshot, declarer, arrival, wish, grants, id, visit.now);
}
