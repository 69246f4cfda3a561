/**
 * The form by which a technician asks a client: the declaration's fields, what is to be done, and until when. Whether
 * it is worth asking is asked of `decide`, with the consent that would answer it: who may not enter for another reason
 * is told that reason instead.
 */
import { decide } from '../core/decide.ts';
import type { Authentication, Grant, Opening, Operation, Person, Snapshot, Text } from '../core/model.ts';
import type { CriterionName } from '../core/question.ts';
import type { Reason } from '../core/reasons.ts';
import { isReason, leastContent, longestDays } from '../core/requests.ts';
import { stretchAt } from '../core/schedule.ts';
import type { Arrival } from './arrival.ts';
import { begunDeclaration, checkDeclared, type Declared, readDeclared, type Wish } from './declaration.ts';
import { readLocal, toLocal } from './local-times.ts';
import { texts } from './texts.ts';
import { field, fields } from './visit.ts';

const words = texts.requests;
const minute = 60_000;
const day = 86_400_000;
const longestText = 500;

export interface Asking extends Declared {
  readonly operations: readonly string[];
  readonly from: string;
  readonly until: string;
}

export type AskingErrors = ReadonlyMap<keyof Asking, Text>;

export interface AskedFor extends Wish {
  readonly operations: readonly Operation[];
  /** Undefined: as soon as it is agreed to. */
  readonly from: number | undefined;
  readonly until: number;
}

/** A fresh form; the address may name systems and purpose. It is of use until this time tomorrow. */
export function begunAsking(query: unknown, arrival: Arrival, now: number): Asking {
  const until = toLocal(now + day, arrival.client.zone);
  return { ...begunDeclaration(query, arrival), operations: ['read'], from: '', until };
}

export function readAsking(body: unknown, arrival: Arrival): Asking {
  return {
    ...readDeclared(body, arrival),
    operations: fields(body, 'operations'),
    from: field(body, 'from').trim(),
    until: field(body, 'until').trim(),
  };
}

/** Everything that can be said about the fields alone. */
export function checkAsking(
  asking: Asking,
  arrival: Arrival,
  snapshot: Snapshot,
  now: number,
): AskedFor | AskingErrors {
  const wish = checkDeclared(asking, arrival, snapshot);
  const errors = new Map<keyof Asking, Text>('purpose' in wish ? [] : wish);
  const purpose = snapshot.purposes.get(asking.purpose);
  const permitted = (purpose?.operations ?? []).filter((one) => asking.operations.includes(one));
  const unknown = asking.operations.some((one) => !(purpose?.operations as readonly string[])?.includes(one));
  if (purpose !== undefined && (permitted.length === 0 || unknown))
    errors.set('operations', words.errors.operations);
  if (!errors.has('note') && !isSentence(asking.note)) errors.set('note', words.errors.content(leastContent));
  if (purpose !== undefined && !errors.has('minutes') && Number(asking.minutes) > purpose.minutes)
    errors.set('minutes', words.errors.minutesPurpose(purpose.minutes));
  const until = readLocal(asking.until, arrival.client.zone);
  if (until === undefined || until <= now || until > now + longestDays * day)
    errors.set('until', words.errors.until);
  const from = asking.from === '' ? undefined : readLocal(asking.from, arrival.client.zone);
  if (
    asking.from !== '' &&
    (from === undefined || from <= now - minute || (until !== undefined && from >= until))
  )
    errors.set('from', words.errors.from);
  if (errors.size > 0 || !('purpose' in wish) || until === undefined) return errors;
  return {
    ...wish,
    operations: permitted,
    from: from === undefined || from <= now ? undefined : from,
    until,
  };
}

/** Free text that says something, not too long, with nothing that hides on a page. */
export function isSentence(text: string): boolean {
  return isReason(text) && text.length <= longestText && text.isWellFormed() && !/[^\P{C}\n]/u.test(text);
}

/** Free text as a form sends it. */
export function readText(body: unknown, name: string): string {
  return field(body, name).replace(/\r\n?/g, '\n').trim();
}

/** What may be otherwise by the time the client has answered: the sign-in, the hour. */
const passing: ReadonlySet<CriterionName> = new Set([
  'authentication',
  'limits',
  'instructions',
  'operation',
]);

/** Why a consent alone would not let this person in; undefined: it would. */
export function stillRefused(
  snapshot: Snapshot,
  who: { readonly person: Person; readonly authentication: Authentication; readonly login: string },
  client: string,
  asked: Pick<AskedFor, 'systems' | 'purpose' | 'operations' | 'reference' | 'note' | 'from' | 'until'>,
  now: number,
): Reason | undefined {
  const at = asked.from ?? now;
  const reason = refusedAt(snapshot, who, client, asked, at);
  if (reason !== 'outside_hours') return reason;
  // Who asks in the evening for tomorrow is told nothing about the hour of now.
  const hours = snapshot.clients.get(client)?.hours.get(asked.purpose.code);
  const opens = hours === undefined ? at : stretchAt(hours, at).until;
  return opens < asked.until ? refusedAt(snapshot, who, client, asked, opens) : reason;
}

function refusedAt(
  snapshot: Snapshot,
  who: Parameters<typeof stillRefused>[1],
  client: string,
  asked: Parameters<typeof stillRefused>[3],
  now: number,
): Reason | undefined {
  const grant: Grant = {
    id: 'asked',
    client,
    version: 1,
    status: 'active',
    systems: asked.systems.map(({ id }) => id),
    purposes: [asked.purpose.code],
    operations: asked.operations,
    people: [who.person.id],
    from: now,
    until: asked.until,
    upstreamAccount: undefined,
    textHash: '',
    grantedBy: '',
    grantedAt: now,
  };
  const opening: Opening = {
    id: 'asked',
    client,
    person: who.person.id,
    account: { issuer: who.person.issuer, subject: who.person.subject },
    systems: grant.systems,
    purpose: asked.purpose.code,
    reference: asked.reference,
    note: asked.note,
    grant: grant.id,
    login: who.login,
    authentication: who.authentication,
    openedAt: now,
    endsAt: asked.until,
    endedAt: undefined,
    endCause: undefined,
  };
  for (const system of grant.systems) {
    const [operation] = asked.operations;
    const question = { client, system, opening, grant, authentication: who.authentication };
    const request = { operation: operation ?? 'read', method: 'GET', template: '/' };
    const decision = decide(snapshot, { ...question, ...request }, now);
    if (decision.effect !== 'refuse') continue;
    const lasting = decision.criteria.find(({ name, met }) => !met && !passing.has(name));
    if (lasting?.reason !== undefined) return lasting.reason;
  }
  return undefined;
}
