/**
 * Everything between arrival and forwarding, for requests and upgrades alike: identify, classify, decide, register,
 * record. What comes out is either a *recorded* allow with its registered exchange, or an answer of our own. There
 * is no third way.
 */

import type { IncomingMessage } from 'node:http';
import { toldEvery } from '../core/budget.ts';
import { classify } from '../core/classify.ts';
import { classifyBody, classifyUnread } from '../core/classify-body.ts';
import { Fault, type FaultCode } from '../core/faults.ts';
import type { Opening } from '../core/model.ts';
import type { Authority, Clock, InForce, Ledger, Policies, Recorded } from '../core/ports.ts';
import type { Allow, BodyPeek, Classified, Question } from '../core/question.ts';
import type { Reason } from '../core/reasons.ts';
import type { Arrival } from './arrive.ts';
import type { Covers } from './covers.ts';
import type { Registry } from './cutters.ts';
import { decideExchange, wouldAllowCopy } from './decisions.ts';
import { addDestination, hasDestination } from './destination.ts';
import { Exchange } from './exchange.ts';
import { onlyValue } from './headers.ts';
import { identify } from './identify.ts';
import { type AllowedDraft, intentOf } from './intent.ts';
import { limits } from './limits.ts';
import { readBody } from './peek.ts';
import type { Refusals } from './refusals.ts';
import { refuse } from './refuse.ts';
import { routeGate, siteGate } from './site-gate.ts';

/** What `forward` and `tunnel` take, and nothing else: the durable intent and the exchange it is for. */
export interface Admitted {
  readonly recorded: Recorded<AllowedDraft>;
  readonly exchange: Exchange;
  readonly opening: Opening;
  readonly allow: Allow;
  readonly classified: Classified;
  /** The body, if it had to be looked at; otherwise it still streams. */
  readonly body: Buffer | undefined;
  /** Asked only when an answer turns out to be a copy: do purpose, agreement and contract permit one, now? */
  readonly mayCopy: () => boolean;
}

/** Why nothing is forwarded. */
export type Turned =
  | { readonly kind: 'refused'; readonly reason: Reason }
  | { readonly kind: 'declare' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'fault'; readonly code: FaultCode }
  | { readonly kind: 'gone' };

export interface AdmitDeps {
  readonly policies: Policies;
  readonly authority: Authority;
  readonly ledger: Ledger;
  readonly registry: Registry;
  readonly refusals: Refusals;
  readonly covers: Covers;
  readonly clock: Clock;
}

const attempts = 3;

/**
 * Runs the steps. Never throws: what could not be done is a `fault`. `on.cut` learns of the exchange as soon as it is
 * registered; `on.expect` is called when a body has to be looked at before there is a decision.
 */
export async function admit(
  arrival: Arrival,
  req: IncomingMessage,
  on: { readonly cut: (exchange: Exchange) => void; readonly expect: () => void },
  deps: AdmitDeps,
): Promise<Admitted | Turned> {
  try {
    const found = identify(arrival, req.socket, deps);
    const who = found instanceof Promise ? await found : found;
    if ('kind' in who) return who;
    if ('refused' in who) return await refuse(arrival, who.refused, who.reason, deps);
    const gate = siteGate(arrival, req);
    if (gate !== undefined) return await refuse(arrival, who, gate, deps);
    const looked = sort(arrival, req, who, on.expect, deps);
    const sorted = looked instanceof Promise ? await looked : looked;
    if ('kind' in sorted) return sorted;
    const shut = routeGate(arrival, sorted.classified, req);
    if (shut !== undefined) return await refuse(arrival, who, shut, deps, sorted);
    return await decideAndRecord(arrival, who, sorted, on.cut, deps);
  } catch (error) {
    if (error instanceof Fault) return { kind: 'fault', code: error.code };
    throw error;
  }
}

interface Sorted {
  readonly classified: Classified;
  /** The body, if it had to be looked at. */
  readonly body: Buffer | undefined;
}

/** Classifies on exactly the bytes that will be forwarded, with a look at the body where the route asks for one. */
function sort(
  arrival: Arrival,
  req: IncomingMessage,
  opening: Opening,
  onExpect: () => void,
  deps: AdmitDeps,
): Sorted | Promise<Sorted | Turned> {
  const headers = req.headers;
  const classified = classify(arrival.system.profile, arrival.method, arrival.target, {
    upgrade: arrival.upgrade,
    dest: headers['sec-fetch-dest'] as string | undefined,
    accept: headers.accept,
    body: arrival.chunked || (arrival.contentLength ?? 0) > 0,
    type: headers['content-type'],
    encoded: headers['content-encoding'] !== undefined,
    header: (name) => onlyValue(arrival.lines, name),
  });
  if ('refuse' in classified) return refuse(arrival, opening, classified.refuse, deps);
  const elsewhere = hasDestination(arrival.method) ? addDestination(arrival, req.rawHeaders) : undefined;
  if (elsewhere !== undefined) return refuse(arrival, opening, elsewhere, deps, { classified });
  if (classified.peek === undefined) return { classified, body: undefined };
  // Too long to look at: a write, streamed as it comes.
  if ((arrival.contentLength ?? 0) > limits.peekBytes)
    return { classified: classifyUnread(classified), body: undefined };
  if (headers.expect !== undefined) onExpect();
  return sortByBody(req, classified, classified.peek);
}

async function sortByBody(
  req: IncomingMessage,
  classified: Classified,
  peek: BodyPeek,
): Promise<Sorted | Turned> {
  const body = await readBody(req);
  if (body === 'gone') return { kind: 'gone' };
  if (body === 'longer') return { classified: classifyUnread(classified), body: undefined };
  return { classified: classifyBody(peek, body, classified), body };
}

async function decideAndRecord(
  arrival: Arrival,
  opening: Opening,
  { classified, body }: { classified: Classified; body: Buffer | undefined },
  onCut: (exchange: Exchange) => void,
  deps: AdmitDeps,
): Promise<Admitted | Turned> {
  const { authority, clock, registry } = deps;
  const { system } = arrival;
  if (registry.inFlight(opening.id, system.id) >= limits.exchangesPerOpening) {
    return refuse(arrival, opening, 'too_many_requests', deps, { classified });
  }
  let exchange: Exchange | undefined;
  let known = authority.client(system.client);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const inForce: InForce = known instanceof Promise ? await known : known;
    // The policy changed while this waited: what is registered from here on would not be looked at again.
    if (deps.policies.current() !== arrival.snapshot) {
      exchange?.finish('client-abort');
      return { kind: 'fault', code: 'policy_changed' };
    }
    const current = inForce.blocked.has(opening.id) ? undefined : inForce.openings.get(opening.id);
    const question: Question = {
      client: system.client,
      system: system.id,
      opening: current,
      grant: current === undefined ? undefined : inForce.grants.get(current.grant),
      authentication: current?.authentication,
      operation: classified.operation,
      method: arrival.method,
      template: classified.template,
    };
    const decision = decideExchange(arrival.snapshot, question, clock.now());
    if (decision.effect !== 'allow' || current === undefined) {
      exchange?.finish('client-abort');
      if (decision.effect === 'ask' || decision.effect === 'allow')
        return arrival.tool === undefined
          ? { kind: arrival.method === 'GET' ? 'declare' : 'ended' }
          : refuse(arrival, opening, 'tool_ended', deps, { classified });
      return refuse(arrival, opening, decision.reason, deps, { classified, criteria: decision.criteria });
    }
    if (exchange === undefined) {
      exchange = register(arrival, current, classified, decision, toldEvery(question.grant?.budget), deps);
      onCut(exchange);
    }
    const { epoch } = inForce;
    const draft = intentOf(arrival, current, classified, decision, epoch);
    let recorded: Awaited<ReturnType<typeof record>>;
    try {
      recorded = await record(arrival, draft, current, epoch, deps);
    } catch (error) {
      exchange.finish('client-abort');
      throw error;
    }
    if (exchange.ended !== undefined && 'moved' in recorded) return { kind: 'gone' };
    if (!('moved' in recorded)) {
      if (classified.static) registry.static(current.id);
      exchange.recorded(recorded);
      if (exchange.ended !== undefined) return { kind: 'gone' };
      const mayCopy = (): boolean => wouldAllowCopy(deps.policies.current(), question, clock.now());
      return { recorded, exchange, opening: current, allow: decision, classified, body, mayCopy };
    }
    known = authority.refresh(system.client);
  }
  exchange?.finish('client-abort');
  return { kind: 'fault', code: 'ledger_conflict' };
}

function register(
  arrival: Arrival,
  opening: Opening,
  classified: Classified,
  allow: Allow,
  tellBytes: number,
  deps: AdmitDeps,
): Exchange {
  const purpose = arrival.snapshot.purposes.get(opening.purpose);
  // A running transfer may outlive the expiry of its opening; a socket may not.
  const finish = arrival.upgrade ? 0 : (purpose?.finishMinutes ?? 0) * 60_000;
  return new Exchange(
    {
      id: arrival.id,
      system: arrival.system.id,
      opening,
      method: arrival.method,
      template: classified.template,
      operation: allow.operation,
      idleSeconds: classified.idleSeconds,
      covered: classified.static,
      startedAt: arrival.startedAt,
      until: Math.min(opening.endsAt + finish, allow.atMost),
      tellBytes,
    },
    {
      registry: deps.registry,
      ledger: deps.ledger,
      monotonic: deps.clock.monotonic,
      inTouch: () => deps.authority.inTouch(),
    },
  );
}

/** Writes the line of this exchange; for a static asset the one that covers its opening, if there is none yet. */
function record(
  arrival: Arrival,
  draft: AllowedDraft,
  opening: Opening,
  epoch: number,
  deps: AdmitDeps,
): Promise<Recorded<AllowedDraft> | { readonly moved: number }> {
  const write = () => deps.ledger.intent(draft, epoch);
  return draft.t === 'access.static' ? deps.covers.of(opening.id, cover(arrival, epoch), write) : write();
}

/** What one `access.static` line covers: browser and tools apart. */
function cover({ system, tool }: Arrival, epoch: number): string {
  return `${system.id} ${epoch}${tool === undefined ? '' : ' tool'}`;
}
