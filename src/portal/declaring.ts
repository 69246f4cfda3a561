/**
 * Declares an access, for the page and for the command line alike: every check in the same order, and nothing opened before its
 * record is durable. What it came to is told as a value; saying so, and recording a refusal, is for whoever asked.
 */
import type { Answers } from '../core/answers.ts';
import type { EntryCode } from '../core/commands.ts';
import type { Opening } from '../core/model.ts';
import type { InForce } from '../core/ports.ts';
import type { EmergencyReason } from '../core/reasons-emergency.ts';
import type { TicketFault } from '../core/ticket-check.ts';
import type { Arrival } from './arrival.ts';
import { newProvisional } from './corrections.tsx';
import {
  checkDeclared,
  choose,
  type Chosen,
  clockFor,
  type Declared,
  type DeclaredErrors,
  type Wish,
} from './declaration.ts';
import { declaredAs } from './emergency-offer.ts';
import { sessionFields, sessionGroups } from './lines.ts';
import { type Checked, checkReference } from './reference-check.ts';
import { liveOf } from './technician.tsx';
import { texts } from './texts.ts';
import { technicianOf, type Visit } from './visit.ts';

/** Who declares, when, under which rules. */
export type Declaring = Pick<Visit, 'deps' | 'snapshot' | 'now' | 'signedIn'>;

/** How it is declared. */
export interface Ways {
  /** Whether what the client instructs, as it is in force, was shown and confirmed. */
  acknowledged(inForce: InForce): boolean;
  /** The reference that was confirmed to be a second one; empty: none. */
  readonly second: string;
  /** Where from, as it is recorded. */
  readonly origin: { readonly address: string | undefined; readonly agent: string | undefined };
  /** The session of the command line by which, by its hash; undefined: on the page. */
  readonly commandLine: string | undefined;
  /** A one-time code for the opening, stored with it; undefined: nobody enters by one. */
  code?(opening: string): EntryCode;
}

/** Agreements that would serve, but whose budget does not reach, or whose emergencies are used up. */
export type Spending = Map<
  string,
  Extract<Answers['declare'], { readonly spent: unknown } | { readonly refused: unknown }>
>;

/** Why something that was declared is refused on the client's record. */
export type OnRecord = TicketFault | EmergencyReason | 'references_owed' | 'outside_unsaid';

/** A second reference that waits to be confirmed, and what is open under others. */
export interface Second {
  readonly value: string;
  readonly others: readonly Opening[];
}

/** Whatever is not `opened` opened nothing. */
export type Outcome =
  | { readonly opened: Opening }
  /** Something of the client's instructions is to be read and confirmed first. */
  | { readonly unread: InForce; readonly wrong: DeclaredErrors }
  | { readonly wrong: DeclaredErrors }
  | { readonly second: Second }
  | { readonly unchosen: Exclude<Chosen, { readonly opening: Opening }> }
  | { readonly spent: Spending }
  | { readonly refused: OnRecord }
  /** Rights kept changing while it was looked at. */
  | { readonly moved: true };

const none: DeclaredErrors = new Map();

/** Throws Fault and Refusal when something that has to be asked does not answer. */
export async function declareAccess(
  by: Declaring,
  arrival: Arrival,
  values: Declared,
  ways: Ways,
): Promise<Outcome> {
  const wish = wishOf(by, arrival, values);
  const held = await by.deps.authority.client(arrival.client.id);
  const wrong = 'purpose' in wish ? none : wish;
  if (!ways.acknowledged(held)) return { unread: held, wrong };
  if (!('purpose' in wish)) return { wrong: wish };
  const others = underOthers(by, wish, held);
  const value = asSecond(values);
  if (others.length > 0 && ways.second !== value) return { second: { value, others } };

  // The rights may move between looking and recording; then look once more, and no oftener.
  const spent: Spending = new Map();
  let checked: Checked | undefined;
  for (let inForce = held, left = 1; ; ) {
    const chosen = chooseNow(by, arrival, wish, inForce, spent);
    if (!('opening' in chosen)) return spent.size > 0 ? { spent } : { unchosen: chosen };
    checked ??= await checkReference(by.deps, arrival.client, wish.reference, wish.emergency);
    if ('refused' in checked) return { refused: checked.refused };
    const { operations, grant } = chosen;
    const { commandLine } = ways;
    const opening = commandLine === undefined ? chosen.opening : { ...chosen.opening, commandLine };
    const code = ways.code?.(opening.id);
    const answer = await by.deps.authority.run({
      do: 'declare',
      epoch: inForce.epoch,
      opening,
      fields: {
        ...sessionFields(
          opening,
          operations,
          arrival.client,
          clockFor(grant, wish),
          inForce.instructions,
          checked.check,
        ),
        ...(ways.commandLine === undefined ? {} : { command_line: true }),
      },
      groups: sessionGroups(opening, technicianOf(by), arrival.client, by.snapshot.organisation, ways.origin),
      ...(wish.emergency ? { emergency: { as: declaredAs(by) } } : {}),
      ...(code && { code }),
    });
    if ('unsaid' in answer) return { refused: 'outside_unsaid' };
    if ('owed' in answer) return { refused: 'references_owed' };
    if ('refused' in answer && answer.refused !== 'emergency_used_up') return { refused: answer.refused };
    if ('spent' in answer || 'refused' in answer) {
      // Another agreement may serve.
      spent.set(opening.grant, answer);
      continue;
    }
    if (!('moved' in answer)) return { opened: opening };
    if (left === 0) return { moved: true };
    left -= 1;
    inForce = await by.deps.authority.refresh(arrival.client.id);
    if (!ways.acknowledged(inForce)) return { unread: inForce, wrong };
  }
}

/** What spending comes to: refused on the record, or too long for what is left, or nothing left at all. */
export function spendingMeans(spent: Spending): { refused: OnRecord } | { minutes: number } {
  const all = [...spent.values()];
  const refused = all.find((one) => 'refused' in one)?.refused;
  if (refused !== undefined) return { refused };
  const left = all.map((one) => ('spent' in one && one.spent === 'minutes' ? one.left : 0));
  return { minutes: Math.max(0, ...left) };
}

/** What the person has open on the same systems under another reference: two cases at once are asked about first. */
function underOthers(by: Declaring, wish: Wish, held: InForce): readonly Opening[] {
  const ids = wish.systems.map(({ id }) => id);
  return liveOf(held, technicianOf(by).id, by.now).filter(
    ({ reference, systems }) => reference !== wish.reference && systems.some((id) => ids.includes(id)),
  );
}

/** What confirms it; a reference that is made here is another one each time. */
function asSecond({ call, reference }: Declared): string {
  return call && reference === '' ? 'call' : reference;
}

/** What is asked for; where there is no ticket yet, under a reference made here. */
function wishOf(by: Declaring, arrival: Arrival, values: Declared): Wish | DeclaredErrors {
  if (!values.call || values.reference !== '') return checkDeclared(values, arrival, by.snapshot);
  const reference = newProvisional(by, arrival.client.zone);
  const wish = checkDeclared({ ...values, reference }, arrival, by.snapshot);
  if ('purpose' in wish || !wish.has('reference')) return wish;
  return new Map([...wish, ['reference', texts.corrections.callNotHere] as const]);
}

function chooseNow(by: Declaring, arrival: Arrival, wish: Wish, inForce: InForce, spent: Spending): Chosen {
  const declarer = {
    person: technicianOf(by),
    login: by.signedIn.login.id,
    authentication: by.signedIn.authentication,
  };
  const id = by.deps.random(16).toString('base64url');
  const grants = [...inForce.grants.values()].filter((grant) => !spent.has(grant.id));
  return choose(by.snapshot, declarer, arrival, wish, grants, id, by.now);
}
