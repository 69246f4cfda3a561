/**
 * Declaring an access: shows what is permitted and why not, checks the form, records the opening with its one-time
 * code, and sends the browser on through a page of the portal. Nothing is opened before the record is durable.
 */
import type { Answers } from '../core/answers.ts';
import { decide } from '../core/decide.ts';
import type { Opening, Person, Text } from '../core/model.ts';
import { asksNothing } from '../core/own-instructions.ts';
import type { InForce } from '../core/ports.ts';
import { type Reason, reasonAnswers } from '../core/reasons.ts';
import type { ConsentRequest } from '../core/requests.ts';
import type { TicketFault } from '../core/ticket-check.ts';
import { type Arrival, beginAddress, carried, declarePath, readArrival } from './arrival.ts';
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
import { declareProps } from './declare-view.ts';
import { refusedDeclaration, sessionFields, sessionGroups } from './lines.ts';
import { firstWithin, memoryOf } from './memory.ts';
import { DeclarePage, type Problem } from './pages/declare.tsx';
import { type Checked, checkReference } from './reference-check.ts';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { againAddress } from './step-up.ts';
import { liveOf } from './technician.tsx';
import { texts } from './texts.ts';
import { field, technicianOf, type Visit } from './visit.ts';
import { goOn, newCode } from './way-in.tsx';

const refusalPause = 10 * 60_000;
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
async function agreedTo(visit: Visit, arrival: Arrival): Promise<Declared | undefined> {
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
  };
}

/** POST `/declare`: fields `systems purpose reference note minutes`, and what the arrival carries. */
export async function declare(visit: Visit, frame: Framer): Promise<void> {
  const arrival = await arrivalOf(visit, visit.req.body);
  const values = readDeclared(visit.req.body, arrival);
  const { back } = arrival;
  if (back === undefined && !isOutside(arrival))
    return refuseForm(visit, frame, arrival, values, words.errors.doorMissing);
  const wish = wishOf(visit, arrival, values);
  const held = await visit.deps.authority.client(arrival.client.id);
  if (!isAcknowledged(visit, held)) return refuseUnread(visit, frame, arrival, values, wish);
  if (!('purpose' in wish)) return sendForm(visit, frame, arrival, { values, status: 422, errors: wish });

  // The rights may move between looking and recording; then look once more, and no oftener.
  const spent: Spending = new Map();
  let checked: Checked | undefined;
  for (let inForce = held, left = 1; ; ) {
    const chosen = chooseNow(visit, arrival, wish, inForce, spent);
    if (!('opening' in chosen)) {
      if (spent.size > 0) return refuseSpent(visit, frame, arrival, values, spent);
      return refuseChoice(visit, frame, arrival, values, chosen);
    }
    checked ??= await checkReference(visit.deps, arrival.client, wish.reference);
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
      ...(way && { code: way.entry }),
    });
    if ('owed' in answer) return refuseOnRecord(visit, frame, arrival, values, 'references_owed');
    if ('spent' in answer) {
      // Another agreement may serve.
      spent.set(chosen.opening.grant, answer);
      continue;
    }
    if (!('moved' in answer)) return goOn(visit, chosen.opening.id, way, back);
    if (left === 0) return refuseForm(visit, frame, arrival, values, words.errors.moved);
    left -= 1;
    inForce = await visit.deps.authority.refresh(arrival.client.id);
    if (!isAcknowledged(visit, inForce)) return refuseUnread(visit, frame, arrival, values, wish);
  }
}

/** What the form asks for; where there is no ticket yet, under a reference made here. */
function wishOf(visit: Visit, arrival: Arrival, values: Declared): Wish | DeclaredErrors {
  if (!values.call || values.reference !== '') return checkDeclared(values, arrival, visit.snapshot);
  const reference = newProvisional(visit, arrival.client.zone);
  const wish = checkDeclared({ ...values, reference }, arrival, visit.snapshot);
  if ('purpose' in wish || !wish.has('reference')) return wish;
  return new Map([...wish, ['reference', texts.corrections.callNotHere] as const]);
}

/** Whoever owes too many real references, or names a ticket that is none, declares nothing; said on the record. */
async function refuseOnRecord(
  visit: Visit,
  frame: Framer,
  arrival: Arrival,
  values: Declared,
  reason: TicketFault | 'references_owed',
): Promise<void> {
  const { client, system } = arrival;
  await recordRefusal(visit, technicianOf(visit), { client, system }, reason, ['references']);
  return refuseReason(visit, frame, arrival, values, reason);
}

/** Whether the form confirms the version of the client's own instructions that is in force; remembered for this sign-in. */
function isAcknowledged(visit: Visit, { instructions }: InForce): boolean {
  if (instructions === undefined || asksNothing(instructions)) return true;
  if (field(visit.req.body, 'confirmed') !== instructions.textHash) return false;
  memoryOf(visit.req).confirmed = instructions.textHash;
  return true;
}

function refuseUnread(
  visit: Visit,
  frame: Framer,
  arrival: Arrival,
  values: Declared,
  wish: Wish | DeclaredErrors,
): Promise<void> {
  const others = 'purpose' in wish ? [] : [...wish];
  const errors = new Map<string, Text>([...others, ['confirmed', texts.instructions.errors.confirm]]);
  return sendForm(visit, frame, arrival, { values, status: 422, errors });
}

/** Agreements that would serve, but whose budget does not reach. */
type Spending = Map<string, Extract<Answers['declare'], { readonly spent: unknown }>>;

/** POST `/continue`: another code for a live opening of one's own that covers the system asked for. */
export async function continueOpening(visit: Visit, frame: Framer): Promise<void> {
  const arrival = await arrivalOf(visit, visit.req.body);
  const { back } = arrival;
  const values = blankDeclaration(arrival);
  if (back === undefined && !isOutside(arrival))
    return refuseForm(visit, frame, arrival, values, words.errors.doorMissing);
  const inForce = await visit.deps.authority.client(arrival.client.id);
  const id = field(visit.req.body, 'opening');
  const opening = continuable(visit, arrival, inForce).find((one) => one.id === id);
  if (opening === undefined) return refuseReason(visit, frame, arrival, values, 'opening_ended');
  const way = back && newCode(visit, opening.id, arrival, back);
  const answer = way && (await visit.deps.authority.run({ do: 'code', code: way.entry }));
  if (answer?.ok === false) return refuseReason(visit, frame, arrival, values, 'opening_ended');
  await goOn(visit, opening.id, way, back);
}

/**
 * A system's other host, while the one access that this sign-in opened to the system lives: nothing new is declared, so
 * nothing is asked. The code it takes is worth nothing outside the browser that came from that host.
 */
async function goesOn(visit: Visit, arrival: Arrival): Promise<boolean> {
  const { back } = arrival;
  if (back?.goesOn !== true || visit.req.method !== 'GET') return false;
  const inForce = await visit.deps.authority.client(arrival.client.id);
  const [opening, ...others] = continuable(visit, arrival, inForce);
  if (opening === undefined || others.length > 0 || opening.login !== visit.signedIn.login.id) return false;
  const way = newCode(visit, opening.id, arrival, back);
  if (!(await visit.deps.authority.run({ do: 'code', code: way.entry })).ok) return false;
  await goOn(visit, opening.id, way, back);
  return true;
}

/** Nothing of it passes here, so there is no way back to go. */
function isOutside({ client, system }: Arrival): boolean {
  return client.outside.has(system.id);
}

/** Who arrives where; refusals to a person who may not even see the form are recorded. */
async function arrivalOf(visit: Visit, source: unknown): Promise<Arrival> {
  const person = technicianOf(visit);
  const arrival = readArrival(source, visit.snapshot, person, visit.now);
  if (!('problem' in arrival)) return arrival;
  if (arrival.problem === 'unknown_system') {
    throw new Refusal(404, 'unknown_system', words.unknownSystemTitle, words.unknownSystemNext);
  }
  const [, system] = field(source, 'system').split('/');
  const asked = arrival.client?.systems.get(system ?? '');
  if (arrival.client !== undefined && asked !== undefined) {
    await recordRefusal(visit, person, { client: arrival.client, system: asked }, 'not_assigned', [
      'assignment',
    ]);
  }
  throw new Refusal(403, 'not_assigned', words.notAssignedTitle, reasonAnswers.not_assigned.next);
}

/** One line per person, system and reason within ten minutes: reloading a page must not fill a client's log. */
async function recordRefusal(
  visit: Visit,
  person: Person,
  where: Pick<Arrival, 'client' | 'system'>,
  reason: Reason,
  criteria: readonly string[],
): Promise<void> {
  const key = `refused ${where.client.id}/${where.system.id} ${reason}`;
  const memory = memoryOf(visit.req);
  if (!firstWithin(memory, key, refusalPause, visit.now)) return;
  const id = visit.deps.random(16).toString('base64url');
  const employer = visit.snapshot.organisation;
  const draft = refusedDeclaration({ id, ...where, person, employer, reason, criteria });
  try {
    await visit.deps.authority.run({ do: 'append', draft });
  } catch (error) {
    delete memory.noted?.[key];
    throw error;
  }
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

/** The person's live openings that cover the system and that would be let through now. */
function continuable(visit: Visit, arrival: Arrival, inForce: InForce): readonly Opening[] {
  const person = technicianOf(visit);
  return liveOf(inForce, person.id, visit.now).filter((opening) => {
    const decision = decide(
      visit.snapshot,
      {
        client: arrival.client.id,
        system: arrival.system.id,
        opening,
        grant: inForce.grants.get(opening.grant),
        authentication: opening.authentication,
        operation: 'read',
        method: 'GET',
        template: '/',
      },
      visit.now,
    );
    return (
      opening.account.issuer === person.issuer &&
      opening.account.subject === person.subject &&
      decision.effect === 'allow'
    );
  });
}

async function refuseChoice(
  visit: Visit,
  frame: Framer,
  arrival: Arrival,
  values: Declared,
  chosen: Exclude<Chosen, { readonly opening: Opening }>,
): Promise<void> {
  if ('split' in chosen) {
    const errors: DeclaredErrors = new Map([['systems', words.errors.noSingleAgreement] as const]);
    return sendForm(visit, frame, arrival, { values, status: 422, errors });
  }
  await recordRefusal(
    visit,
    technicianOf(visit),
    { client: arrival.client, system: chosen.system },
    chosen.refused,
    chosen.criteria,
  );
  const purpose = visit.snapshot.purposes.get(values.purpose);
  const [only, ...others] = chosen.criteria;
  const again =
    purpose !== undefined && only === 'authentication' && others.length === 0
      ? againAddress(
          visit,
          arrival,
          arrival.mine.filter(({ id }) => values.systems.includes(id)),
          purpose,
        )
      : undefined;
  return refuseReason(visit, frame, arrival, values, chosen.refused, again);
}

/** Where a shorter access would do, that is said; else what is used up is refused, on the record. */
async function refuseSpent(
  visit: Visit,
  frame: Framer,
  arrival: Arrival,
  values: Declared,
  spent: Spending,
): Promise<void> {
  const minutes = Math.max(0, ...[...spent.values()].map((one) => (one.spent === 'minutes' ? one.left : 0)));
  if (minutes > 0) {
    const errors: DeclaredErrors = new Map([['minutes', words.errors.budgetMinutes(minutes)] as const]);
    return sendForm(visit, frame, arrival, { values, status: 422, errors });
  }
  const { client, system } = arrival;
  await recordRefusal(visit, technicianOf(visit), { client, system }, 'budget_spent', ['limits']);
  return refuseReason(visit, frame, arrival, values, 'budget_spent');
}

async function refuseReason(
  visit: Visit,
  frame: Framer,
  arrival: Arrival,
  values: Declared,
  reason: Reason,
  again?: string,
): Promise<void> {
  const { title, next } = reasonAnswers[reason];
  await sendForm(visit, frame, arrival, {
    values,
    status: 422,
    problem: { title: visit.say(title), next: visit.say(next), again },
  });
}

async function refuseForm(
  visit: Visit,
  frame: Framer,
  arrival: Arrival,
  values: Declared,
  why: (typeof words.errors)['moved' | 'doorMissing'],
): Promise<void> {
  const problem = { title: visit.say(texts.errors.unsure), next: visit.say(why) };
  await sendForm(visit, frame, arrival, { values, status: 422, problem });
}

async function sendForm(
  visit: Visit,
  frame: Framer,
  arrival: Arrival,
  form: {
    readonly values: Declared;
    readonly status: number;
    readonly errors?: ReadonlyMap<string, Text>;
    readonly problem?: Problem;
  },
): Promise<void> {
  const inForce = await visit.deps.authority.client(arrival.client.id);
  const errors = new Map([...(form.errors ?? [])].map(([name, text]) => [name, visit.say(text)]));
  const props = {
    frame: frame(visit, { self: declarePath(arrival) }),
    csrf: visit.deps.csrf.token(visit.req),
    carried: carried(arrival),
    values: form.values,
    errors,
    problem: form.problem,
    ...declareProps(visit, arrival, inForce, continuable(visit, arrival, inForce)),
  };
  sendPage(visit.res, <DeclarePage {...props} />, form.status);
}
