/** What each act of the programming interface does: for the caller's own client, by the same commands as the pages. */
import type * as z from 'zod';
import type { Budget } from '../../core/budget.ts';
import { printPlace, readPlace } from '../../core/events.ts';
import type { Grant, Opening } from '../../core/model.ts';
import type { Ended, Ending, Keyset } from '../../core/ports.ts';
import { meantBy, termOf } from '../../core/pseudonyms.ts';
import { type ConsentRequest, isReason, leastContent, statusAt } from '../../core/requests.ts';
import { ecsDocument } from '../../core/taken-rows.ts';
import { rfc3339 } from '../formats.ts';
import { mayRefuse, outsideOfFrame } from '../frame-of.ts';
import { Refusal } from '../refusal.ts';
import { refusedRequest } from '../request-view.tsx';
import { texts } from '../texts.ts';
import type { ApiActName } from './acts.ts';
import type { Call } from './api.ts';
import { endingJson } from './ending-json.ts';
import type * as schemas from './schemas.ts';

const words = texts.api;

type Answer<S extends z.ZodType> = z.infer<S>;

export const calls: { readonly [N in ApiActName]: (call: Call) => Promise<object> } = {
  async requests(call) {
    const { page, limit } = pageOf(call);
    const found = await call.deps.archive.requestsPage(call.client.id, page);
    return listOf(
      found,
      limit,
      (one) => one.raisedAt,
      (one) => requestJson(call, one),
    );
  },
  async request(call) {
    return requestJson(call, await requestOf(call));
  },
  ask: (call) => say(call, 'asked'),
  async refuse(call) {
    const { deps, client, seat, now } = call;
    const all = await deps.archive.delegations(client.id);
    const frames = all.filter((one) => one.status === 'active' && one.controller === seat.controller);
    if (!mayRefuse(seat.role, frames, await requestOf(call), now)) throw outsideOfFrame();
    return say(call, 'refused');
  },
  async grants(call) {
    const { page, limit } = pageOf(call);
    const all = [...(await call.deps.archive.grants(call.client.id))].sort(
      (a, b) => b.grantedAt - a.grantedAt || (a.id < b.id ? 1 : -1),
    );
    const { before } = page;
    const rest = all.filter(
      ({ grantedAt, id }) =>
        before === undefined || grantedAt < before.at || (grantedAt === before.at && id < before.id),
    );
    return listOf(
      rest.slice(0, page.limit),
      limit,
      (one) => one.grantedAt,
      (one) => grantJson(call, one),
    );
  },
  async grant(call) {
    return grantJson(call, await grantOf(call));
  },
  suspend: (call) => withdraw(call, 'suspended'),
  revoke: (call) => withdraw(call, 'revoked'),
  async openings(call) {
    const { page, limit } = pageOf(call);
    await noteReading(call);
    const found = await call.deps.archive.openingsPage(call.client.id, page);
    return listOf(
      found,
      limit,
      (one) => one.openedAt,
      (one) => openingJson(call, one),
    );
  },
  async opening(call) {
    const found = await call.deps.archive.openingAt(call.client.id, call.id);
    if (found === undefined) throw missing();
    await noteReading(call);
    return openingJson(call, found);
  },
  async stop(call) {
    const { client, deps, by } = call;
    const what = await meant(call, call.body as Answer<typeof schemas.stopBody>);
    return endedJson(await deps.authority.end({ ...what, client: client.id }, 'stopped', by));
  },
  async events(call) {
    const { deps, client } = call;
    const { limit, after } = call.query as Answer<typeof schemas.eventQuery>;
    await noteReading(call);
    const place = after === undefined ? undefined : readPlace(after);
    const page = await deps.archive.events(client.id, place, limit);
    if (page === undefined) throw new Refusal(409, 'cursor_unknown', words.elsewhere, words.elsewhereNext);
    const next = page.next === undefined ? null : printPlace(page.next);
    return { items: page.rows.map((row) => ecsDocument(row, client.id)), next, more: page.more };
  },
  ending: (call) => endingJson(call),
  async head({ deps, client }) {
    const head = await deps.archive.head(client.id);
    if (head === undefined) throw missing();
    const { origin, size, checkpoint, verifierKey } = head;
    return { origin, size, checkpoint, verifier_key: verifierKey };
  },
};

function missing(): Refusal {
  return new Refusal(404, 'not_found', words.missing, words.missingNext);
}

/** One more than is asked for tells whether there is a next page. */
function pageOf({ query }: Call): { readonly page: Keyset; readonly limit: number } {
  const { limit, after } = query as Answer<typeof schemas.pageQuery>;
  const dot = after?.indexOf('.') ?? 0;
  const before =
    after === undefined ? undefined : { at: Number(after.slice(0, dot)), id: after.slice(dot + 1) };
  return { page: { before, limit: limit + 1 }, limit };
}

function listOf<T extends { readonly id: string }>(
  found: readonly T[],
  limit: number,
  at: (one: T) => number,
  json: (one: T) => object,
): object {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const next = found.length > limit && last !== undefined ? `${at(last)}.${last.id}` : null;
  return { items: items.map(json), next };
}

async function requestOf({ deps, client, id }: Call): Promise<ConsentRequest> {
  const found = await deps.archive.requestAt(client.id, id);
  if (found === undefined) throw missing();
  return found;
}

async function say(call: Call, what: 'asked' | 'refused'): Promise<object> {
  const { deps, client, id, by } = call;
  await requestOf(call);
  const { text } = call.body as Answer<typeof schemas.textBody>;
  const sentence = text.replace(/\r\n?/g, '\n').trim();
  if (!isReason(sentence) || !sentence.isWellFormed() || /[^\P{C}\n]/u.test(sentence))
    throw new Refusal(422, 'bad_request', words.badBody, texts.requests.errors.content(leastContent));
  const answer = await deps.authority.run({
    ...{ do: 'request-say', client: client.id, request: id },
    ...{ say: what, text: sentence, by },
  });
  if ('refused' in answer) throw refusedRequest(answer.refused);
  return requestJson(call, await requestOf(call));
}

async function grantOf({ deps, client, id }: Call): Promise<Grant> {
  const found = (await deps.archive.grants(client.id)).find((one) => one.id === id);
  if (found === undefined) throw missing();
  return found;
}

/** Asked twice it is done once: what is in that state already is no error. */
async function withdraw(call: Call, to: 'suspended' | 'revoked'): Promise<object> {
  const { deps, client, id, by } = call;
  const { status } = await grantOf(call);
  if (status === to) return endedJson({ openings: [], exchanges: 0, cutMs: 0, recorded: true });
  if (status !== 'active' && status !== 'suspended')
    throw new Refusal(409, 'grant_ended', texts.agreements.errors.grant_ended, words.missingNext);
  return endedJson(await deps.authority.withdraw(client.id, id, to, by));
}

/** What of this client is meant; another client's does not exist here. */
async function meant(call: Call, body: Answer<typeof schemas.stopBody>): Promise<Ending> {
  const { deps, client, snapshot } = call;
  if ('opening' in body) {
    if ((await deps.archive.openingAt(client.id, body.opening)) === undefined) throw missing();
    return { opening: body.opening };
  }
  if ('grant' in body) {
    await grantOf({ ...call, id: body.grant });
    return { grant: body.grant };
  }
  if ('person' in body) {
    const person = meantBy(client, body.person);
    if (person === undefined || !snapshot.people.has(person)) throw missing();
    return { person };
  }
  return {};
}

/** A look at the accesses stands in the log like one on the pages, for the program once in fifteen minutes. */
const lookedAt = new WeakMap<object, Map<string, number>>();
const readPause = 15 * 60_000;

async function noteReading({ deps, client, by, now }: Call): Promise<void> {
  const looks = lookedAt.get(deps) ?? new Map<string, number>();
  lookedAt.set(deps, looks);
  const connection = by.connection ?? '';
  const last = looks.get(connection);
  if (last !== undefined && Math.abs(now - last) < readPause) return;
  const fields = { role: by.role, seat: by.seat, connection, view: 'api' };
  const id = deps.random(16).toString('base64url');
  await deps.authority.run({ do: 'append', draft: { client: client.id, t: 'log.read', id, fields } });
  looks.set(connection, now);
  for (const [known, at] of looks) if (Math.abs(now - at) >= readPause) looks.delete(known);
}

function personJson({ client, snapshot }: Call, id: string): { readonly id: string; readonly name: string } {
  return { id: termOf(client, id), name: snapshot.people.get(id)?.name ?? '' };
}

function requestJson(call: Call, one: ConsentRequest): Answer<typeof schemas.requestAnswer> {
  const speaker = (by: string): string => (by === one.person ? termOf(call.client, by) : by);
  return {
    id: one.id,
    status: statusAt(one, call.now),
    person: personJson(call, one.person),
    systems: [...one.systems],
    purpose: one.purpose,
    operations: [...one.operations],
    reference: one.reference,
    note: one.note,
    minutes: one.minutes,
    until: rfc3339(one.until),
    raised_at: rfc3339(one.raisedAt),
    changed_at: rfc3339(one.changedAt),
    grant: one.grant ?? null,
    said: one.said.map(({ say, by, at, text }) => ({ say, by: speaker(by), at: rfc3339(at), text })),
  };
}

function grantJson({ client }: Call, one: Grant): Answer<typeof schemas.grantAnswer> {
  return {
    id: one.id,
    status: one.status,
    systems: [...one.systems],
    purposes: [...one.purposes],
    operations: [...one.operations],
    people: one.people.map((who) => termOf(client, who)),
    from: rfc3339(one.from),
    until: rfc3339(one.until),
    granted_at: rfc3339(one.grantedAt),
    limits: one.budget === undefined ? null : limitsJson(one.budget),
    text_hash: one.textHash,
  };
}

function limitsJson({ per, zone, ...limits }: Budget): Answer<typeof schemas.grantAnswer>['limits'] {
  const { openings = null, minutes = null, bytes = null, copies = null, copied = null, keep = null } = limits;
  return { per, zone, openings, minutes, bytes, copies, copied_bytes: copied, keep_days: keep };
}

function openingJson(call: Call, one: Opening): Answer<typeof schemas.openingAnswer> {
  return {
    id: one.id,
    person: personJson(call, one.person),
    systems: [...one.systems],
    purpose: one.purpose,
    reference: one.reference,
    note: one.note,
    grant: one.grant,
    opened_at: rfc3339(one.openedAt),
    ends_at: rfc3339(one.endsAt),
    ended_at: one.endedAt === undefined ? null : rfc3339(one.endedAt),
    end_cause: one.endCause ?? null,
    emergency: one.emergency === true,
    reference_due: one.referenceDue === undefined ? null : rfc3339(one.referenceDue),
  };
}

function endedJson({ openings, exchanges, cutMs, recorded }: Ended): Answer<typeof schemas.stoppedAnswer> {
  return { openings: [...openings], exchanges, cut_ms: cutMs, recorded };
}
