/**
 * Requests as pages show them: a technician sees their own, the client's people those to their client, and each what may be
 * done about it now.
 */
import type { Answers } from '../core/answers.ts';
import { type Delegation, mostWithin } from '../core/delegations.ts';
import type { AnySystem, Client, Snapshot } from '../core/model.ts';
import {
  type ConsentRequest,
  isWaiting,
  mostReminders,
  reminderFault,
  remindersOf,
  statusAt,
  waitedFor,
} from '../core/requests.ts';
import { everySystem } from '../core/systems.ts';
import { beginAddress, declareAddress } from './arrival.ts';
import { contractOver } from './contract-over.ts';
import { seatedOf } from './controller.ts';
import { whomToCall } from './declare-view.ts';
import { readyDraft } from './extension-approval.ts';
import { framesOf, mayRefuse } from './frame-of.ts';
import { toLocal } from './local-times.ts';
import { functionsInWords } from './open-now.ts';
import { type RequestCard, RequestPage, RequestsPage } from './pages/requests.tsx';
import { personName } from './person-name.ts';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { may } from './roles.ts';
import { type Ready, readyToSign } from './signatures.ts';
import { purposeLabel, systemNames } from './technician.tsx';
import { operationTexts } from './texts/everywhere.ts';
import { texts } from './texts.ts';
import { technicianOf, type Visit } from './visit.ts';

const words = texts.requests;

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
  const frames = own ? [] : await framesOf(visit, await seatedOf(visit));
  const ended = client === undefined ? undefined : await contractOver(visit, client);
  const ready = ended === undefined ? await readyFor(visit, request, frames) : undefined;
  const within = visit.role === 'delegate' ? mostWithin(frames, request, visit.now) : request;
  const waiting = isWaiting(request, visit.now);
  const mayAgree = ended === undefined && waiting && may(visit.role, 'requestApprove');
  const speaker = (by: string): string =>
    inForce.seats.find(({ id }) => id === by)?.name ?? snapshot.people.get(by)?.name ?? '–';
  const label = (id: string) => systemNames(visit, client, [id]);
  const page = (
    <RequestPage
      frame={frame(visit, ready === undefined ? {} : { scripts: ['passkey.js'] })}
      csrf={visit.deps.csrf.token(visit.req)}
      own={own}
      card={cardOf(visit, request)}
      zone={zone}
      said={request.said.map((one) => ({ ...one, by: speaker(one.by) }))}
      ended={ended}
      turn={{
        answer: own && ended === undefined && status === 'more_info',
        remind: own && ended === undefined && reminderFault(request, visit.now) === undefined,
        ask: !own && ended === undefined && status === 'raised',
        refuse: waiting && mayRefuse(visit.role, frames, request, visit.now),
        approve: mayAgree && within !== undefined && request.opening === undefined,
      }}
      offer={{
        systems: (within ?? request).systems.map((id) => ({ id, label: label(id) })),
        operations: (within ?? request).operations.map((id) => ({ id, label: say(operationTexts[id]) })),
        minutes: (within ?? request).minutes,
        until: toLocal(request.until, zone),
      }}
      ready={ready}
      others={
        visit.role === 'delegate' &&
        ended === undefined &&
        waiting &&
        (request.opening === undefined ? within === undefined : ready === undefined)
      }
      declare={
        own && usable && client !== undefined && request.opening === undefined
          ? declareAt(client, request)
          : undefined
      }
      over={status === 'approved' && !usable && grant?.status !== 'waiting'}
      callWhom={
        own && client !== undefined && ended === undefined && waiting ? whomToCall(client) : undefined
      }
      waits={status === 'approved' && grant?.status === 'waiting'}
      errors={more.errors ?? new Map()}
      texts={more.texts ?? {}}
    />
  );
  sendPage(visit.res, page, more.status);
}

/** The text that one signature agrees to, for whoever may sign it. */
async function readyFor(
  visit: Visit,
  request: ConsentRequest,
  frames: readonly Delegation[],
): Promise<Ready | undefined> {
  if (request.opening === undefined || !isWaiting(request, visit.now) || !may(visit.role, 'requestApprove'))
    return undefined;
  const seated = await seatedOf(visit);
  const draft = readyDraft(visit, seated, request, frames);
  if (draft === undefined) return undefined;
  return readyToSign(visit, seated, draft);
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
    person: personName(visit, client, request.person),
    function: [functionsInWords(visit, person?.functions ?? []), snapshot.organisation]
      .filter(Boolean)
      .join(', '),
    systems: systemNames(visit, client, request.systems),
    purpose: purposeLabel(visit, request.purpose),
    operations: request.operations.map((one) => say(operationTexts[one])).join(', '),
    reference: request.reference,
    note: request.note,
    opening: request.opening,
    minutes: request.minutes,
    from: request.from,
    until: request.until,
    raisedAt: request.raisedAt,
    reminders: { sent: remindersOf(request).length, most: mostReminders },
    waited: waitedFor(request, visit.now),
    waitedMs: visit.now - request.changedAt,
    leftMs: request.until - visit.now,
    grant: request.grant,
  };
}
