/**
 * Agreeing to a request: to all of it or to less, shorter or later. The form only leads to the text; what is read and
 * signed there is the consent (agreement-signing.ts). What the rules no longer permit is not signed.
 */
import { type Delegation, frameFor } from '../core/delegations.ts';
import type { Text } from '../core/model.ts';
import { meantBy, termOf } from '../core/pseudonyms.ts';
import { type ConsentRequest, isWaiting } from '../core/requests.ts';
import { everySystem } from '../core/systems.ts';
import { systemsOf } from './arrival.ts';
import { type Seated, seatedOf } from './controller.ts';
import { framesOf, outsideOfFrame } from './frame-of.ts';
import { sayErrors } from './language.ts';
import { readLocal } from './local-times.ts';
import { type AgreementDraft, memoryOf } from './memory.ts';
import { Refusal } from './refusal.ts';
import type { Framer } from './render.tsx';
import { draftOf } from './request-draft.ts';
import { refusedRequest, requestOf, sendRequest } from './request-view.tsx';
import { texts } from './texts.ts';
import { field, fields, type Visit } from './visit.ts';

const words = texts.requests;

interface Answer {
  readonly systems: readonly string[];
  readonly operations: ConsentRequest['operations'];
  readonly minutes: number;
  readonly from: number;
  readonly until: number;
}

/** POST `/requests/:id/approve`: fields `systems operations minutes from until`; leads to the text that is signed. */
export async function approveRequest(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const request = await requestOf(visit);
  if (!isWaiting(request, visit.now)) throw refusedRequest('request_ended');
  // More time for a running access is signed where the request is read.
  if (request.opening !== undefined) return visit.res.redirect(303, `/requests/${request.id}`);
  const { issuer, subject } = seated.seat;
  if (request.account?.issuer === issuer && request.account.subject === subject)
    throw new Refusal(403, 'own_request', texts.agreements.errors.own_request, words.errors.lookAgain);
  const answer = readAnswer(visit, request, seated.client.zone);
  if (answer instanceof Map) {
    const errors = sayErrors(answer, visit.say);
    return sendRequest(visit, frame, request, { status: 422, errors });
  }
  const { minutes, ...window } = answer;
  const answers = { request: request.id, minutes };
  mustStillHold(visit, seated, {
    ...answer,
    people: [termOf(seated.client, request.person)],
    purposes: [request.purpose],
    answers,
  });
  const within = await frameOf(visit, seated, request, answer);
  // Waiting eats nothing of the minutes; what was not begun by the end is nothing.
  const scope = { ...window, firstUse: { minutes, startBy: window.until } };
  memoryOf(visit.req).draft = draftOf(visit, seated, request, { scope, answers, within });
  visit.res.redirect(303, '/agreements/review');
}

/** The frame in which a delegate agrees; undefined for a representative, who needs none. Throws the Refusal for what lies outside. */
async function frameOf(
  visit: Visit,
  seated: Seated,
  { purpose }: ConsentRequest,
  { systems, operations, minutes }: Answer,
): Promise<Delegation | undefined> {
  if (visit.role !== 'delegate') return undefined;
  const wanted = { systems, operations, purposes: [purpose], minutes, clock: minutes };
  const frame = frameFor(await framesOf(visit, seated), wanted, visit.now);
  if (frame === undefined) throw outsideOfFrame();
  return frame;
}

function readAnswer(visit: Visit, request: ConsentRequest, zone: string): Answer | Map<string, Text> {
  const { body } = visit.req;
  const errors = new Map<string, Text>();
  const systems = request.systems.filter((id) => fields(body, 'systems').includes(id));
  const operations = request.operations.filter((one) => fields(body, 'operations').includes(one));
  const beyond = (name: 'systems' | 'operations', asked: readonly string[]) =>
    fields(body, name).some((one) => !asked.includes(one));
  if (systems.length === 0 || beyond('systems', request.systems)) errors.set('systems', words.errors.systems);
  if (operations.length === 0 || beyond('operations', request.operations))
    errors.set('operations', words.errors.less);
  const told = field(body, 'minutes').trim();
  const minutes = /^\d{1,4}$/.test(told) ? Number(told) : 0;
  if (minutes < 1 || minutes > request.minutes) errors.set('minutes', words.errors.minutes(request.minutes));
  const begins = field(body, 'from').trim();
  const earliest = Math.max(visit.now, request.from ?? 0);
  const from = begins === '' ? earliest : (readLocal(begins, zone) ?? Number.NaN);
  const ends = readLocal(field(body, 'until').trim(), zone) ?? Number.NaN;
  // The field shows whole minutes: the minute that was asked for means the very instant.
  const until = ends < request.until && request.until - ends < 60_000 ? request.until : ends;
  if (!(from >= earliest - 60_000 && from < until && until <= request.until && until > visit.now))
    errors.set('until', words.errors.window);
  return errors.size > 0 ? errors : { systems, operations, minutes, from: Math.max(from, earliest), until };
}

/**
 * What is agreed to must still be possible under the rules of now: the systems and the purpose are offered, the purpose permits
 * the operations and so long an access, the person still works there. Throws the Refusal that says so.
 */
export function mustStillHold(
  visit: Visit,
  { client }: Pick<Seated, 'client'>,
  scope: Pick<AgreementDraft, 'systems' | 'purposes' | 'operations' | 'people' | 'answers'>,
): void {
  const [term = ''] = scope.people;
  const person = visit.snapshot.people.get(meantBy(client, term) ?? '');
  const current =
    person !== undefined &&
    person.from <= visit.now &&
    (person.until === undefined || person.until > visit.now);
  const assigned = current ? systemsOf(client, person, visit.now).map((system) => system.id) : [];
  const offered = everySystem(client).filter(({ purposes }) =>
    scope.purposes.every((code) => purposes.includes(code) && visit.snapshot.purposes.has(code)),
  );
  const permitted = scope.purposes.every((code) => {
    const purpose = visit.snapshot.purposes.get(code);
    const longest = purpose?.minutes ?? 0;
    return (
      scope.operations.every((one) => purpose?.operations.includes(one)) &&
      (scope.answers?.minutes ?? 0) <= longest
    );
  });
  const holds =
    permitted &&
    scope.systems.every((system) => assigned.includes(system) && offered.some((one) => one.id === system));
  if (!holds) throw new Refusal(409, 'request_overtaken', words.errors.overtaken, words.errors.overtakenNext);
}
