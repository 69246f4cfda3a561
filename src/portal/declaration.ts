/**
 * From a filled-in form to an opening: what is wrong with the fields, which agreement serves, until when. Asks
 * `decide` with the very opening that would be stored, so that what is declared is also what the gateway lets pass.
 */
import { decide } from '../core/decide.ts';
import { judgeNote, judgeReference, saysSomething } from '../core/declared.ts';
import { isNamedIn, longestUnder } from '../core/emergency.ts';
import { endUnder } from '../core/first-use.ts';
import { indexGrants } from '../core/grant-index.ts';
import type {
  AnySystem,
  Authentication,
  Grant,
  Opening,
  Operation,
  Person,
  Purpose,
  Snapshot,
  Text,
} from '../core/model.ts';
import { type CriterionName, criterionNames, type Decision } from '../core/question.ts';
import type { Reason } from '../core/reasons.ts';
import { isReason, leastContent } from '../core/requests.ts';
import type { Arrival } from './arrival.ts';
import { texts } from './texts.ts';
import { field, fields } from './visit.ts';

const words = texts.technician.errors;
const minute = 60_000;
export const longest = { reference: 64, note: 500, minutes: 1440 } as const;

/** The form as it was sent; shown again when something is wrong with it. */
export interface Declared {
  readonly systems: readonly string[];
  readonly purpose: string;
  readonly reference: string;
  readonly note: string;
  readonly minutes: string;
  /** There is no ticket yet: a reference is made for it. */
  readonly call: boolean;
  /** Nobody of the client can be reached in time. */
  readonly emergency: boolean;
}

export type DeclaredErrors = ReadonlyMap<keyof Declared, Text>;

export interface Wish {
  readonly systems: readonly AnySystem[];
  readonly purpose: Purpose;
  readonly reference: string;
  readonly note: string;
  readonly minutes: number;
  readonly emergency: boolean;
}

/** What a fresh form shows. */
export function blankDeclaration(arrival: Arrival): Declared {
  return {
    ...{ systems: [arrival.system.id], purpose: '', reference: '', note: '' },
    ...{ minutes: '60', call: false, emergency: false },
  };
}

/** A fresh form with the systems and purpose that an address names, as after signing in again. */
export function begunDeclaration(query: unknown, arrival: Arrival): Declared {
  const named = fields(query, 'systems').filter((id) => arrival.mine.some((system) => system.id === id));
  const blank = blankDeclaration(arrival);
  return { ...blank, systems: [...new Set([...blank.systems, ...named])], purpose: field(query, 'purpose') };
}

/** Reads the form `systems purpose reference note minutes`. Systems may be named `erp` or `acme/erp`. */
export function readDeclared(body: unknown, arrival: Arrival): Declared {
  const prefix = `${arrival.client.id}/`;
  return {
    systems: fields(body, 'systems').map((id) => (id.startsWith(prefix) ? id.slice(prefix.length) : id)),
    purpose: field(body, 'purpose'),
    reference: field(body, 'reference').trim(),
    note: field(body, 'note').replace(/\r\n?/g, '\n').trim(),
    minutes: field(body, 'minutes').trim(),
    call: field(body, 'call') !== '',
    emergency: field(body, 'emergency') !== '',
  };
}

/** Everything that can be said about the fields alone. */
export function checkDeclared(
  declared: Declared,
  arrival: Arrival,
  snapshot: Snapshot,
): Wish | DeclaredErrors {
  const errors = new Map<keyof Declared, Text>();
  const systems = arrival.mine.filter((system) => declared.systems.includes(system.id));
  if (declared.systems.length === 0) errors.set('systems', words.systemsMissing);
  else if (declared.systems.some((id) => !arrival.mine.some((system) => system.id === id)))
    errors.set('systems', words.systemsUnknown);
  else if (!systems.includes(arrival.system)) errors.set('systems', words.systemsAsked);

  const purpose = snapshot.purposes.get(declared.purpose);
  if (declared.purpose === '') errors.set('purpose', words.purposeMissing);
  else if (purpose === undefined) errors.set('purpose', words.purposeUnknown);

  const { reference, note } = declared;
  if (reference.length > longest.reference || !isPlain(reference, false))
    errors.set('reference', words.referenceForm);
  else if (purpose !== undefined) {
    const missing = judgeReference(purpose, reference);
    const forms = purpose.referencePatterns.map(({ text }) => text).join(', ');
    if (missing === 'reference_form') errors.set('reference', words.referencePattern(forms));
    else if (missing !== undefined) errors.set('reference', words.referenceMissing);
  }
  if (declared.emergency && reference === '') errors.set('reference', words.referenceMissing);
  if (note.length > longest.note || !isPlain(note, true)) errors.set('note', words.noteForm);
  else if (declared.emergency && !isReason(note))
    errors.set('note', texts.emergencies.errors.reason(leastContent));
  else if (purpose !== undefined) {
    const missing = judgeNote(purpose, note);
    if (missing === 'note_too_short') errors.set('note', words.noteTooShort(purpose.noteMinimum));
    else if (missing !== undefined) errors.set('note', words.noteMissing);
    else if (purpose.noteRequired && !saysSomething(note)) errors.set('note', words.noteOneWord);
  }

  const minutes = /^\d{1,4}$/.test(declared.minutes) ? Number(declared.minutes) : 0;
  if (minutes < 1 || minutes > longest.minutes) errors.set('minutes', words.minutesForm);
  if (errors.size > 0 || purpose === undefined) return errors;
  return { systems, purpose, reference, note, minutes, emergency: declared.emergency };
}

/** No control characters, no direction overrides, no broken characters: it will stand on pages and in exports. */
export function isPlain(text: string, lines: boolean): boolean {
  const forbidden = lines ? /[^\P{C}\n]/u : /\p{C}/u;
  return text.isWellFormed() && !forbidden.test(text);
}

export interface Declarer {
  readonly person: Person;
  readonly login: string;
  readonly authentication: Authentication;
}

export type Chosen =
  | { readonly opening: Opening; readonly grant: Grant; readonly operations: readonly Operation[] }
  | { readonly refused: Reason; readonly system: AnySystem; readonly criteria: readonly CriterionName[] }
  | { readonly split: true };

/**
 * The agreement that lets this person do all that is wished for: of those that serve every system, the one that
 * permits most, then the one that lasts longest. Otherwise the reason of the agreement that came nearest.
 */
export function choose(
  snapshot: Snapshot,
  declarer: Declarer,
  arrival: Arrival,
  wish: Wish,
  grants: Iterable<Grant>,
  id: string,
  now: number,
): Chosen {
  const usable = wish.emergency ? [...grants].filter((one) => isNamedIn(one, declarer.person.id)) : grants;
  const index = indexGrants(arrival.client.id, usable);
  const worthAsking = wish.systems.flatMap(({ id: system }) =>
    index.candidates(system, wish.purpose.code, now),
  );
  const tries = [...new Set(worthAsking)].map((grant) =>
    tryGrant(snapshot, openingUnder(grant, declarer, arrival, wish, id, now), grant, wish, now),
  );
  const serving = tries.filter((one) => one.refusals.length === 0).sort(better);
  const best = serving[0];
  if (best !== undefined) {
    const endsAt = Math.min(best.opening.endsAt, best.until);
    return { opening: { ...best.opening, endsAt }, grant: best.grant, operations: best.operations };
  }
  const none = tryGrant(
    snapshot,
    openingUnder(undefined, declarer, arrival, wish, id, now),
    undefined,
    wish,
    now,
  );
  const alone = wish.systems.map((system) =>
    tries.some((one) => !one.refusals.some((refusal) => refusal.system === system)),
  );
  if (wish.systems.length > 1 && alone.every(Boolean)) return { split: true };
  const [nearest] = [...tries, none]
    .flatMap((one) => one.refusals)
    .sort((a, b) => b.rank - a.rank || a.criteria.length - b.criteria.length);
  if (nearest === undefined) return { split: true };
  return { refused: nearest.reason, system: nearest.system, criteria: nearest.criteria };
}

/** What was agreed to for one case is cut to what the purpose permits by the time that it is used. */
export function clockFor({ request, firstUse, startedAt }: Grant, { purpose }: Wish): number | undefined {
  const starts = request !== undefined && firstUse !== undefined && startedAt === undefined;
  return starts && purpose.minutes < firstUse.minutes ? purpose.minutes : undefined;
}

interface Refused {
  readonly system: AnySystem;
  readonly reason: Reason;
  readonly rank: number;
  readonly criteria: readonly CriterionName[];
}

interface Try<G> {
  readonly grant: G;
  readonly opening: Opening;
  readonly operations: readonly Operation[];
  readonly refusals: readonly Refused[];
  /** The earliest instant at which time alone ends it on one of the systems. */
  readonly until: number;
}

function tryGrant<G extends Grant | undefined>(
  snapshot: Snapshot,
  opening: Opening,
  grant: G,
  wish: Wish,
  now: number,
): Try<G> {
  const refusals: Refused[] = [];
  let until = Number.POSITIVE_INFINITY;
  for (const system of wish.systems) {
    const decision = ask(snapshot, opening, grant, system, 'read', now);
    if (decision.effect === 'allow') {
      until = Math.min(until, decision.until);
      continue;
    }
    const criteria =
      decision.effect === 'refuse' ? decision.criteria.filter(({ met }) => !met).map(({ name }) => name) : [];
    const rank = criteria[0] === undefined ? 0 : criterionNames.indexOf(criteria[0]);
    refusals.push({ system, reason: decision.reason, rank, criteria });
  }
  // What an instruction forbids on one system only is still permitted on the others, and refused there.
  const operations = wish.purpose.operations.filter((operation) =>
    wish.systems.some((system) => ask(snapshot, opening, grant, system, operation, now).effect === 'allow'),
  );
  return { grant, opening, operations, refusals, until };
}

function ask(
  snapshot: Snapshot,
  opening: Opening,
  grant: Grant | undefined,
  system: AnySystem,
  operation: Operation,
  now: number,
): Decision {
  const { client, authentication } = opening;
  const request = { operation, method: 'GET', template: '/' };
  return decide(snapshot, { client, system: system.id, opening, grant, authentication, ...request }, now);
}

function better(a: Try<Grant>, b: Try<Grant>): number {
  return b.operations.length - a.operations.length || b.grant.until - a.grant.until;
}

function openingUnder(
  grant: Grant | undefined,
  declarer: Declarer,
  arrival: Arrival,
  wish: Wish,
  id: string,
  now: number,
): Opening {
  const kind = wish.emergency ? { emergency: true as const } : {};
  const most = grant === undefined ? Number.POSITIVE_INFINITY : longestUnder(grant, kind);
  const longest = Math.min(wish.purpose.minutes, most);
  const wanted = now + Math.min(wish.minutes, longest) * minute;
  return {
    id,
    client: arrival.client.id,
    person: declarer.person.id,
    account: { issuer: declarer.person.issuer, subject: declarer.person.subject },
    systems: wish.systems.map((system) => system.id),
    purpose: wish.purpose.code,
    reference: wish.reference,
    note: wish.note,
    grant: grant?.id ?? '',
    login: declarer.login,
    authentication: declarer.authentication,
    openedAt: now,
    // An agreement that is over must be named as such, not as an opening that ended before it began.
    endsAt: grant !== undefined && grant.until > now ? Math.min(wanted, endUnder(grant, now)) : wanted,
    endedAt: undefined,
    endCause: undefined,
    ...kind,
  };
}
