/**
 * Requests as both sides see them: a technician raises one, answers questions and sees only their own; the client's
 * people see those to their client, ask back and refuse. Agreeing is in request-approval.ts.
 */
import type { Answers } from '../core/answers.ts';
import type { AnySystem, Client, Snapshot } from '../core/model.ts';
import { reasonAnswers } from '../core/reasons.ts';
import { type ConsentRequest, isWaiting, leastContent, type Said, statusAt } from '../core/requests.ts';
import { everySystem } from '../core/systems.ts';
import { type Arrival, beginAddress, declareAddress, readArrival } from './arrival.ts';
import { seatedOf } from './controller.ts';
import { choose } from './declaration.ts';
import { workGroups } from './lines.ts';
import { toLocal } from './local-times.ts';
import type { Problem } from './pages/declare.tsx';
import { RequestFormPage } from './pages/request-form.tsx';
import { type RequestCard, RequestPage, RequestsPage } from './pages/requests.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import {
  type AskedFor,
  type Asking,
  type AskingErrors,
  begunAsking,
  checkAsking,
  isSentence,
  readAsking,
  readText,
  stillRefused,
} from './request-form.ts';
import { may } from './roles.ts';
import { purposeLabel, systemNames } from './technician.tsx';
import { texts } from './texts.ts';
import { operationTexts } from './texts/everywhere.ts';
import { technicianOf, type Visit } from './visit.ts';

const words = texts.requests;

/** GET `/requests/new`: the form; `system` names where, `systems` and `purpose` may be given. */
export async function showRequestForm(visit: Visit, frame: Framer): Promise<void> {
  const arrival = arrivalOf(visit, visit.req.query);
  sendForm(visit, frame, arrival, { values: begunAsking(visit.req.query, arrival, visit.now), status: 200 });
}

/** POST `/requests/new`: fields `system systems purpose operations reference note minutes until`. */
export async function raiseRequest(visit: Visit, frame: Framer): Promise<void> {
  const arrival = arrivalOf(visit, visit.req.body);
  const values = readAsking(visit.req.body, arrival);
  const asked = checkAsking(values, arrival, visit.snapshot, visit.now);
  if (!('purpose' in asked)) return sendForm(visit, frame, arrival, { values, status: 422, errors: asked });
  const problem = await problemWith(visit, arrival, asked);
  if (problem !== undefined) return sendForm(visit, frame, arrival, { values, status: 422, problem });
  const person = technicianOf(visit);
  const request: ConsentRequest = {
    id: visit.deps.random(16).toString('base64url'),
    client: arrival.client.id,
    person: person.id,
    systems: asked.systems.map(({ id }) => id),
    purpose: asked.purpose.code,
    operations: asked.operations,
    reference: asked.reference,
    note: asked.note,
    minutes: asked.minutes,
    ...(asked.from === undefined ? {} : { from: asked.from }),
    until: asked.until,
    status: 'raised',
    raisedAt: visit.now,
    changedAt: visit.now,
    grant: undefined,
    said: [],
  };
  const groups = workGroups(request, person, visit.snapshot.organisation);
  const answer = await visit.deps.authority.run({ do: 'request', request, groups });
  if ('refused' in answer)
    throw new Refusal(409, answer.refused, words.errors.too_many_requests, words.errors.tooManyNext);
  visit.res.redirect(303, `/requests/${'already' in answer ? answer.already : request.id}`);
}

/** Why asking would not help, in words. */
async function problemWith(visit: Visit, arrival: Arrival, asked: AskedFor): Promise<Problem | undefined> {
  const { say, snapshot, now, signedIn } = visit;
  const who = {
    person: technicianOf(visit),
    login: signedIn.login.id,
    authentication: signedIn.authentication,
  };
  const reason = stillRefused(snapshot, who, arrival.client.id, asked, now);
  if (reason !== undefined)
    return { title: say(reasonAnswers[reason].title), next: say(reasonAnswers[reason].next) };
  const inForce = await visit.deps.authority.client(arrival.client.id);
  const chosen = choose(snapshot, who, arrival, asked, inForce.grants.values(), 'asked', now);
  const fits =
    'operations' in chosen &&
    asked.operations.every((one) => chosen.operations.includes(one)) &&
    chosen.opening.endsAt >= now + asked.minutes * 60_000;
  return fits ? { title: say(words.errors.fits), next: say(words.errors.fitsNext) } : undefined;
}

function arrivalOf(visit: Visit, source: unknown): Arrival {
  const arrival = readArrival(source, visit.snapshot, technicianOf(visit), visit.now);
  if (!('problem' in arrival)) return arrival;
  const { technician } = texts;
  if (arrival.problem === 'unknown_system')
    throw new Refusal(404, 'unknown_system', technician.unknownSystemTitle, technician.unknownSystemNext);
  throw new Refusal(403, 'not_assigned', technician.notAssignedTitle, reasonAnswers.not_assigned.next);
}

function sendForm(
  visit: Visit,
  frame: Framer,
  arrival: Arrival,
  form: {
    readonly values: Asking;
    readonly status: number;
    readonly errors?: AskingErrors;
    readonly problem?: Problem;
  },
): void {
  const { client, system, mine } = arrival;
  const { say } = visit;
  const offered = new Set(mine.flatMap(({ purposes }) => purposes));
  const where = `${client.id}/${system.id}`;
  const page = (
    <RequestFormPage
      frame={frame(visit, { self: `/requests/new?${new URLSearchParams({ system: where })}` })}
      csrf={visit.deps.csrf.token(visit.req)}
      client={client.name}
      zone={client.zone}
      system={where}
      systems={mine.map(({ id, name }) => ({ id, label: say(name) }))}
      purposes={[...visit.snapshot.purposes.values()]
        .filter(({ code }) => offered.has(code))
        .map(({ code, label, description }) => ({ id: code, label: say(label), about: say(description) }))}
      values={form.values}
      errors={new Map([...(form.errors ?? [])].map(([name, text]) => [name as string, say(text)]))}
      problem={form.problem}
    />
  );
  sendPage(visit.res, page, form.status);
}

/** GET `/requests`: a technician's own, or those to the client. */
export async function showRequests(visit: Visit, frame: Framer): Promise<void> {
  const own = visit.role === 'technician';
  const requests = own
    ? await visit.deps.archive.requestsOf(technicianOf(visit).id)
    : await visit.deps.archive.requests((await seatedOf(visit)).client.id);
  const cards = requests.map((request) => cardOf(visit, request));
  sendPage(visit.res, <RequestsPage frame={frame(visit)} own={own} cards={cards} />);
}

/** The requests that wait for the client, as its first page shows them. */
export async function waitingAt(visit: Visit, client: Client): Promise<readonly RequestCard[]> {
  const requests = await visit.deps.archive.requests(client.id);
  return requests.filter((request) => isWaiting(request, visit.now)).map((request) => cardOf(visit, request));
}

/** GET `/requests/:id`. */
export async function showRequest(visit: Visit, frame: Framer): Promise<void> {
  const request = await requestOf(visit);
  await sendRequest(visit, frame, request, { status: 200 });
}

/** The request named in the address, if it is the visitor's to see; any other does not exist here. */
export async function requestOf(visit: Visit): Promise<ConsentRequest> {
  const { archive } = visit.deps;
  const requests =
    visit.role === 'technician'
      ? await archive.requestsOf(technicianOf(visit).id)
      : await archive.requests((await seatedOf(visit)).client.id);
  const found = requests.find(({ id }) => id === visit.req.params.id);
  if (found === undefined) throw refusedRequest('request_unknown');
  return found;
}

/** POST `/requests/:id/answer`: field `text`, by the technician who asked. */
export async function answerRequest(visit: Visit, frame: Framer): Promise<void> {
  await sayAbout(visit, frame, 'answered', 'text');
}

/** POST `/requests/:id/ask`: field `text`, by anybody who acts for the client. */
export async function askBack(visit: Visit, frame: Framer): Promise<void> {
  await sayAbout(visit, frame, 'asked', 'text');
}

/** POST `/requests/:id/refuse`: field `reason`. */
export async function refuseRequest(visit: Visit, frame: Framer): Promise<void> {
  await sayAbout(visit, frame, 'refused', 'reason');
}

async function sayAbout(
  visit: Visit,
  frame: Framer,
  say: Said['say'],
  name: 'text' | 'reason',
): Promise<void> {
  const request = await requestOf(visit);
  const text = readText(visit.req.body, name);
  if (!isSentence(text)) {
    const errors = new Map([[name as string, visit.say(words.errors.content(leastContent))]]);
    return sendRequest(visit, frame, request, { status: 422, errors, texts: { [name]: text } });
  }
  const by =
    say === 'answered'
      ? { provider: technicianOf(visit).id }
      : await seatedOf(visit).then(({ seat }) => ({ seat: seat.id, role: seat.role }));
  const { client, id } = request;
  const answer = await visit.deps.authority.run({ do: 'request-say', client, request: id, say, text, by });
  if ('refused' in answer) throw refusedRequest(answer.refused);
  visit.res.redirect(303, `/requests/${id}`);
}

type Refused = Extract<Answers['request-say'], { readonly refused: string }>['refused'];

export function refusedRequest(why: Refused): Refusal {
  const title = why === 'not_seated' ? texts.agreements.errors.not_seated : words.errors[why];
  const next = why === 'request_unknown' ? texts.errors.notFoundNext : words.errors.lookAgain;
  return new Refusal(why === 'request_unknown' ? 404 : 409, why, title, next);
}

export async function sendRequest(
  visit: Visit,
  frame: Framer,
  request: ConsentRequest,
  more: {
    readonly status: number;
    readonly errors?: ReadonlyMap<string, string>;
    readonly texts?: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const { client, snapshot, say, zone } = whereOf(visit, request);
  const inForce = await visit.deps.authority.client(request.client);
  const own = visit.role === 'technician';
  const grant = inForce.grants.get(request.grant ?? '');
  const usable = grant?.status === 'active' && grant.until > visit.now;
  const status = statusAt(request, visit.now);
  const speaker = (by: string): string =>
    inForce.seats.find(({ id }) => id === by)?.name ?? snapshot.people.get(by)?.name ?? '–';
  const label = (id: string) => systemNames(visit, client, [id]);
  const page = (
    <RequestPage
      frame={frame(visit)}
      csrf={visit.deps.csrf.token(visit.req)}
      own={own}
      card={cardOf(visit, request)}
      zone={zone}
      said={request.said.map((one) => ({ ...one, by: speaker(one.by) }))}
      turn={{
        answer: own && status === 'more_info',
        ask: !own && status === 'raised',
        refuse: may(visit.role, 'requestRefuse') && isWaiting(request, visit.now),
        approve: may(visit.role, 'requestApprove') && isWaiting(request, visit.now),
      }}
      offer={{
        systems: request.systems.map((id) => ({ id, label: label(id) })),
        operations: request.operations.map((id) => ({ id, label: say(operationTexts[id]) })),
        minutes: request.minutes,
        until: toLocal(request.until, zone),
      }}
      declare={own && usable && client !== undefined ? declareAt(client, request) : undefined}
      over={status === 'approved' && !usable}
      errors={more.errors ?? new Map()}
      texts={more.texts ?? {}}
    />
  );
  sendPage(visit.res, page, more.status);
}

/** Where the declaration for what was agreed to begins. */
function declareAt(client: Client, request: ConsentRequest): string | undefined {
  const mine: readonly AnySystem[] = everySystem(client).filter(({ id }) => request.systems.includes(id));
  const [first] = mine;
  if (first === undefined) return undefined;
  const served = client.systems.get(first.id);
  return served === undefined ? declareAddress(client.id, first.id) : beginAddress(served);
}

function whereOf(visit: Visit, request: ConsentRequest) {
  const snapshot: Snapshot = visit.snapshot;
  const client = snapshot.clients.get(request.client);
  return { client, snapshot, say: visit.say, zone: client?.zone ?? 'UTC' };
}

function cardOf(visit: Visit, request: ConsentRequest): RequestCard {
  const { client, snapshot, say, zone } = whereOf(visit, request);
  const person = snapshot.people.get(request.person);
  return {
    id: request.id,
    status: statusAt(request, visit.now),
    client: client?.name ?? request.client,
    zone,
    person: person?.name ?? request.person,
    function: [person?.functions.join(', ') ?? '', snapshot.organisation].filter(Boolean).join(', '),
    systems: systemNames(visit, client, request.systems),
    purpose: purposeLabel(visit, request.purpose),
    operations: request.operations.map((one) => say(operationTexts[one])).join(', '),
    reference: request.reference,
    note: request.note,
    minutes: request.minutes,
    from: request.from,
    until: request.until,
    raisedAt: request.raisedAt,
    waitedMs: visit.now - request.changedAt,
    leftMs: request.until - visit.now,
    grant: request.grant,
  };
}
