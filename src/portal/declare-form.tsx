/**
 * The declaration form as it is shown and shown again: who may see it, what is wrong with it, and which refusals are said on
 * the client's record.
 */
import { decide } from '../core/decide.ts';
import type { Client, Opening, Person, Text } from '../core/model.ts';
import type { InForce } from '../core/ports.ts';
import { type Reason, reasonAnswers } from '../core/reasons.ts';
import { type Arrival, carried, declarePath, readArrival } from './arrival.ts';
import { contractOver, overInBrief } from './contract-over.ts';
import type { Chosen, Declared, DeclaredErrors } from './declaration.ts';
import { declareProps, openLine } from './declare-view.ts';
import { type Outcome, type Second, spendingMeans } from './declaring.ts';
import { emergencyOffer } from './emergency-offer.ts';
import { sayErrors } from './language.ts';
import { refusedDeclaration } from './lines.ts';
import { firstWithin, memoryOf, type PortalMemory } from './memory.ts';
import { type Barred, DeclarePage, type DeclareProps, type Problem } from './pages/declare.tsx';
import type { OnRecord, Spending } from './record-opening.ts';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { againAddress } from './step-up.ts';
import { liveOf } from './technician.tsx';
import { texts } from './texts.ts';
import { field, technicianOf, type Visit } from './visit.ts';

const refusalPause = 10 * 60_000;
const words = texts.technician;

/** Says what stands in the way; refusals are said on the client's record too. */
export async function refuseOutcome(
  visit: Visit,
  frame: Framer,
  arrival: Arrival,
  values: Declared,
  outcome: Exclude<Outcome, { readonly opened: unknown }>,
): Promise<void> {
  if ('unread' in outcome) {
    const confirm = ['confirmed', texts.instructions.errors.confirm] as const;
    const errors = new Map<string, Text>([...outcome.wrong, confirm]);
    return sendForm(visit, frame, arrival, { values, status: 422, errors });
  }
  if ('wrong' in outcome)
    return sendForm(visit, frame, arrival, { values, status: 422, errors: outcome.wrong });
  if ('second' in outcome) {
    const errors = new Map([['second', texts.desk.secondAsk]]);
    return sendForm(visit, frame, arrival, { values, status: 422, errors, second: outcome.second });
  }
  if ('unchosen' in outcome) return refuseChoice(visit, frame, arrival, values, outcome.unchosen);
  if ('spent' in outcome) return refuseSpent(visit, frame, arrival, values, outcome.spent);
  if ('refused' in outcome) return refuseOnRecord(visit, frame, arrival, values, outcome.refused);
  return refuseForm(visit, frame, arrival, values, words.errors.moved);
}

/** Whoever owes too many real references, or names a ticket or an emergency that is none, declares nothing; said on the record. */
async function refuseOnRecord(
  visit: Visit,
  frame: Framer,
  arrival: Arrival,
  values: Declared,
  reason: OnRecord,
): Promise<void> {
  const { client, system } = arrival;
  await recordRefusal(visit, technicianOf(visit), { client, system }, reason, ['references']);
  return refuseReason(visit, frame, arrival, values, reason);
}

/** Who arrives where; refusals to a person who may not even see the form are recorded. */
export async function arrivalOf(visit: Visit, source: unknown): Promise<Arrival> {
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

/**
 * One line per person, system and reason within ten minutes: reloading a page must not fill a client's log. Where another site
 * led the browser, the page says so and no line does: whoever made that link is not the person under whose name it would
 * stand. What they do from there is theirs, and recorded.
 */
export async function recordRefusal(
  visit: Visit,
  person: Person,
  where: Pick<Arrival, 'client' | 'system'>,
  reason: Reason,
  criteria: readonly string[],
): Promise<void> {
  if (isLedHere(visit.req)) return;
  await noteRefusal(visit, memoryOf(visit.req), person, where, reason, criteria);
}

/** As `recordRefusal`, for whoever has no browser that another site could lead. */
export async function noteRefusal(
  { deps, snapshot, now }: Pick<Visit, 'deps' | 'snapshot' | 'now'>,
  memory: PortalMemory,
  person: Person,
  where: Pick<Arrival, 'client' | 'system'>,
  reason: Reason,
  criteria: readonly string[],
): Promise<void> {
  const key = `refused ${where.client.id}/${where.system.id} ${reason}`;
  if (!firstWithin(memory, key, refusalPause, now)) return;
  const id = deps.random(16).toString('base64url');
  const employer = snapshot.organisation;
  const draft = refusedDeclaration({ id, ...where, person, employer, reason, criteria });
  try {
    await deps.authority.run({ do: 'append', draft });
  } catch (error) {
    delete memory.noted?.[key];
    throw error;
  }
}

/**
 * Whether a page of another site made the browser come here by a link, a script or a redirect; the hosts of systems are other
 * sites too. Typed addresses and bookmarks are `none`; browsers that say nothing are taken for the person.
 */
function isLedHere({ headers }: Visit['req']): boolean {
  const site = headers['sec-fetch-site'];
  return site === 'cross-site' || site === 'same-site';
}

/** The person's live openings that cover the system and that would be let through now. */
export function continuable(visit: Visit, arrival: Arrival, inForce: InForce): readonly Opening[] {
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
  const means = spendingMeans(spent);
  if ('refused' in means) return refuseOnRecord(visit, frame, arrival, values, means.refused);
  const { minutes } = means;
  if (minutes > 0) {
    const errors: DeclaredErrors = new Map([['minutes', words.errors.budgetMinutes(minutes)] as const]);
    return sendForm(visit, frame, arrival, { values, status: 422, errors });
  }
  const { client, system } = arrival;
  await recordRefusal(visit, technicianOf(visit), { client, system }, 'budget_spent', ['limits']);
  return refuseReason(visit, frame, arrival, values, 'budget_spent');
}

export async function refuseReason(
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

export async function refuseForm(
  visit: Visit,
  frame: Framer,
  arrival: Arrival,
  values: Declared,
  why: (typeof words.errors)['moved' | 'doorMissing'],
): Promise<void> {
  const problem = { title: visit.say(texts.errors.unsure), next: visit.say(why) };
  await sendForm(visit, frame, arrival, { values, status: 422, problem });
}

export async function sendForm(
  visit: Visit,
  frame: Framer,
  arrival: Arrival,
  form: {
    readonly values: Declared;
    readonly status: number;
    readonly errors?: ReadonlyMap<string, Text>;
    readonly problem?: Problem;
    readonly second?: Second;
    /** Purposes that the person declared, the one most likely meant first. */
    readonly recent?: readonly string[];
  },
): Promise<void> {
  const inForce = await visit.deps.authority.client(arrival.client.id);
  const errors = sayErrors(form.errors ?? new Map(), visit.say);
  const open = continuable(visit, arrival, inForce);
  const offer = await emergencyOffer(visit, arrival, inForce);
  const shown = declareProps(visit, arrival, inForce, open, offer);
  const over = await barredByEnd(visit, arrival.client, inForce);
  const props = {
    frame: frame(visit, { self: declarePath(arrival) }),
    csrf: visit.deps.csrf.token(visit.req),
    carried: carried(arrival),
    values: form.status === 200 ? chosenFor(form.values, shown.choices, form.recent) : form.values,
    errors,
    problem: form.problem,
    second: form.second && {
      value: form.second.value,
      others: form.second.others.map((opening) => openLine(visit, arrival.client, opening)),
    },
    ...shown,
    ...(over === undefined ? {} : { problem: undefined, barred: over }),
  };
  sendPage(visit.res, <DeclarePage {...props} />, form.status);
}

/** Why nothing can be declared any more; undefined: the contract goes on. */
async function barredByEnd(visit: Visit, client: Client, inForce: InForce): Promise<Barred | undefined> {
  // Looked up only where it is over: this is asked of every declaration.
  const brief = overInBrief(client, inForce, visit.now);
  if (brief === undefined) return undefined;
  const title = (await contractOver(visit, client)) ?? visit.say(brief);
  return { title, next: visit.say(texts.contractOver.technician), more: [] };
}

/**
 * A fresh form chooses a purpose that is possible on the system asked for: the one that is said, else the one used last, else
 * the only one.
 */
function chosenFor(
  values: Declared,
  choices: DeclareProps['choices'],
  recent: readonly string[] = [],
): Declared {
  const here = choices.filter(({ possibleHere }) => possibleHere).map(({ code }) => code);
  const said = [values.purpose, ...recent].find((code) => here.includes(code));
  const only = here.length === 1 ? here[0] : undefined;
  return { ...values, purpose: said ?? only ?? '' };
}
