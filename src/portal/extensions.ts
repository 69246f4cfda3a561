/**
 * More time for a running access: at once where its agreement permits it anyway, else by a small request to the client. Never
 * longer than the purpose permits, and never past another rule's end.
 */
import { decide } from '../core/decide.ts';
import { agreementReaches, lengthening, permittedUntil, purposeLeaves } from '../core/lengthen.ts';
import type { Grant, Opening, Person, Text } from '../core/model.ts';
import type { InForce } from '../core/ports.ts';
import type { ConsentRequest } from '../core/requests.ts';
import type { Declaring } from './declaring.ts';
import { workGroups } from './lines.ts';
import { Refusal } from './refusal.ts';
import { texts } from './texts.ts';

const words = texts.extensions;
const minute = 60_000;

/** By how much, and the end that whoever wants it saw: asked for twice, it is lengthened once. */
export interface Longer {
  /** NaN: no whole number. */
  readonly minutes: number;
  readonly from: number;
}

/** What is wrong with the minutes, or the access as it is now, or the request to the client that it takes. */
export type Lengthened =
  | { readonly wrong: Text }
  | { readonly extended: Opening }
  | { readonly asked: string };

/** Lengthens one of the person's own accesses, or asks the client; for the page and the command line alike. Throws Refusal. */
export async function lengthen(
  visit: Declaring,
  person: Person,
  opening: Opening,
  { minutes, from }: Longer,
): Promise<Lengthened> {
  const most = purposeLeaves(visit.snapshot, opening);
  if (most === 0) return { wrong: words.none };
  if (!(minutes >= 1 && minutes <= most)) return { wrong: words.errors.minutes(most) };
  const inForce = await visit.deps.authority.client(opening.client);
  if (from !== opening.endsAt) throw already();
  const grant = inForce.grants.get(opening.grant);
  if (grant === undefined || !inForce.openings.has(opening.id)) throw ended();
  const endsAt = opening.endsAt + minutes * minute;
  const rules = rulesLeave(visit, opening, grant, endsAt);
  if (rules < minutes) return { wrong: words.errors.until(rules) };
  if (agreementReaches(grant, opening, endsAt)) {
    const extended = await extendNow(visit, person, opening, endsAt, inForce);
    if (extended !== undefined) return { extended };
  }
  return { asked: await ask(visit, person, opening, grant, minutes) };
}

/** Whole minutes that everything but the agreement leaves. */
function rulesLeave(visit: Declaring, opening: Opening, grant: Grant, endsAt: number): number {
  const agreed = lengthening(opening, grant, endsAt, visit.now);
  const until = permittedUntil(visit.snapshot, { ...opening, endsAt }, agreed, visit.now) ?? 0;
  return Math.max(0, Math.floor((Math.min(until, endsAt) - opening.endsAt) / minute));
}

/** Undefined: the agreement's budget does not reach, and the client may be asked. */
async function extendNow(
  visit: Declaring,
  person: Person,
  opening: Opening,
  endsAt: number,
  { epoch }: InForce,
): Promise<Opening | undefined> {
  const { client, id } = opening;
  const answer = await visit.deps.authority.run({
    do: 'extend',
    ...{ client, opening: id, person: person.id, epoch, from: opening.endsAt, endsAt },
  });
  if ('moved' in answer) {
    await visit.deps.authority.refresh(client);
    throw new Refusal(409, 'ledger_conflict', words.errors.moved, texts.requests.errors.lookAgain);
  }
  if ('refused' in answer) throw answer.refused === 'extended_already' ? already() : ended();
  if ('spent' in answer) return undefined;
  await lengthenRunning(visit, opening, answer.extended);
  return answer.extended;
}

/** A request to the client: nothing but how much longer. */
async function ask(
  visit: Declaring,
  person: Person,
  opening: Opening,
  grant: Grant,
  minutes: number,
): Promise<string> {
  const { client, systems, purpose, reference, note } = opening;
  const permitted = visit.snapshot.purposes.get(purpose)?.operations ?? [];
  const { issuer, subject } = visit.signedIn.login;
  const request: ConsentRequest = {
    id: visit.deps.random(16).toString('base64url'),
    client,
    person: person.id,
    account: { issuer, subject },
    systems,
    purpose,
    operations: grant.operations.filter((one) => permitted.includes(one)),
    reference,
    note,
    minutes,
    opening: opening.id,
    until: opening.endsAt,
    status: 'raised',
    raisedAt: visit.now,
    changedAt: visit.now,
    grant: undefined,
    said: [],
  };
  const groups = workGroups(request, person, visit.snapshot.clients.get(client), visit.snapshot.organisation);
  const answer = await visit.deps.authority.run({ do: 'request', request, groups });
  const { errors } = texts.requests;
  if ('refused' in answer)
    throw new Refusal(409, answer.refused, errors.too_many_requests, errors.tooManyNext);
  return 'already' in answer ? answer.already : request.id;
}

/** What runs in the access on this node goes on with it, as far as the rules let it. */
export async function lengthenRunning(visit: Declaring, before: Opening, now: Opening): Promise<void> {
  const grant = (await visit.deps.authority.client(now.client)).grants.get(now.grant);
  for (const exchange of visit.deps.cutters.running(now.client)) {
    if (exchange.opening !== now.id || exchange.until < before.endsAt) continue;
    const { authentication, client } = now;
    const { system, operation, method, template } = exchange;
    const question = { client, system, opening: now, grant, authentication, operation, method, template };
    const decision = decide(visit.snapshot, question, visit.now);
    if (decision.effect !== 'allow') continue;
    const finish = exchange.until - before.endsAt;
    exchange.until = Math.max(exchange.until, Math.min(now.endsAt + finish, decision.atMost));
  }
}

function ended(): Refusal {
  return new Refusal(409, 'opening_ended', words.errors.ended, words.errors.endedNext);
}

function already(): Refusal {
  return new Refusal(409, 'extended_already', words.errors.already, words.errors.alreadyNext);
}
