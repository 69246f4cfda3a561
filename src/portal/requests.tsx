/**
 * What both sides do about requests: a technician raises one, answers questions and reminds; the client's people ask back and
 * refuse. Agreeing is in request-approval.ts, the pages are in request-view.tsx.
 */
import { reasonAnswers } from '../core/reasons.ts';
import { type ConsentRequest, leastContent, type Said } from '../core/requests.ts';
import { type Arrival, readArrival } from './arrival.ts';
import { contractOver } from './contract-over.ts';
import { seatedOf } from './controller.ts';
import { choose } from './declaration.ts';
import { framesOf, mayRefuse, outsideOfFrame } from './frame-of.ts';
import { sayErrors } from './language.ts';
import { workGroups } from './lines.ts';
import type { Problem } from './pages/declare.tsx';
import { RequestFormPage } from './pages/request-form.tsx';
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
import { refusedRequest, requestOf, sendRequest } from './request-view.tsx';
import { texts } from './texts.ts';
import { technicianOf, type Visit } from './visit.ts';

const words = texts.requests;

/** GET `/requests/new`: the form; `system` names where, `systems` and `purpose` may be given. */
export async function showRequestForm(visit: Visit, frame: Framer): Promise<void> {
  const arrival = arrivalOf(visit, visit.req.query);
  const values = begunAsking(visit.req.query, arrival, visit.now);
  await sendForm(visit, frame, arrival, { values, status: 200 });
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
    account: { issuer: visit.signedIn.login.issuer, subject: visit.signedIn.login.subject },
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
  const groups = workGroups(request, person, arrival.client, visit.snapshot.organisation);
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

async function sendForm(
  visit: Visit,
  frame: Framer,
  arrival: Arrival,
  form: {
    readonly values: Asking;
    readonly status: number;
    readonly errors?: AskingErrors;
    readonly problem?: Problem;
  },
): Promise<void> {
  const { client, system, mine } = arrival;
  const { say } = visit;
  const over = await contractOver(visit, client);
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
      errors={sayErrors(form.errors ?? new Map(), say)}
      problem={form.problem}
      barred={over === undefined ? undefined : { title: over, next: say(texts.contractOver.technician) }}
    />
  );
  sendPage(visit.res, page, form.status);
}

/** POST `/requests/:id/answer`: field `text`, by the technician who asked. */
export async function answerRequest(visit: Visit, frame: Framer): Promise<void> {
  await sayAbout(visit, frame, 'answered', 'text');
}

/** POST `/requests/:id/ask`: field `text`, by anybody who acts for the client. */
export async function askBack(visit: Visit, frame: Framer): Promise<void> {
  await sayAbout(visit, frame, 'asked', 'text');
}

/** POST `/requests/:id/refuse`: field `reason`. By a representative, or the substitute of one. */
export async function refuseRequest(visit: Visit, frame: Framer): Promise<void> {
  const frames = await framesOf(visit, await seatedOf(visit));
  if (!mayRefuse(visit.role, frames, await requestOf(visit), visit.now)) throw outsideOfFrame();
  await sayAbout(visit, frame, 'refused', 'reason');
}

/** POST `/requests/:id/remind`: field `text`, which may be empty; counted, and not too often. */
export async function remindClient(visit: Visit, frame: Framer): Promise<void> {
  await sayAbout(visit, frame, 'reminded', 'text');
}

async function sayAbout(
  visit: Visit,
  frame: Framer,
  say: Said['say'],
  name: 'text' | 'reason',
): Promise<void> {
  const request = await requestOf(visit);
  const text = readText(visit.req.body, name);
  if (!isSentence(text) && !(say === 'reminded' && text === '')) {
    const errors = new Map([[name as string, visit.say(words.errors.content(leastContent))]]);
    return sendRequest(visit, frame, request, { status: 422, errors, texts: { [name]: text } });
  }
  const by =
    say === 'answered' || say === 'reminded'
      ? { provider: technicianOf(visit).id }
      : await seatedOf(visit).then(({ seat }) => ({ seat: seat.id, role: seat.role }));
  const { client, id } = request;
  const answer = await visit.deps.authority.run({ do: 'request-say', client, request: id, say, text, by });
  if ('refused' in answer) throw refusedRequest(answer.refused);
  visit.res.redirect(303, `/requests/${id}`);
}
