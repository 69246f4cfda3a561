/**
 * Declares an access of a person, for the page and for the command line alike: every check in the same order. What it came to is told as a value; saying so, and recording a refusal, is for whoever asked.
 */
import type { EntryCode } from '../core/commands.ts';
import type { Opening } from '../core/model.ts';
import type { InForce } from '../core/ports.ts';
import type { Arrival } from './arrival.ts';
import { newProvisional } from './corrections.tsx';
import {
  checkDeclared,
  type Declared,
  type DeclaredErrors,
  type Declarer,
  type Wish,
} from './declaration.ts';
import { declaredAs } from './emergency-offer.ts';
import { type OnRecord, type Recorded, recordOpening, type Spending } from './record-opening.ts';
import { checkReference } from './reference-check.ts';
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

/** A second reference that waits to be confirmed, and what is open under others. */
export interface Second {
  readonly value: string;
  readonly others: readonly Opening[];
}

/** Whatever is not `opened` opened nothing. */
export type Outcome =
  | Exclude<Recorded, { readonly unread: unknown }>
  /** Something of the client's instructions is to be read and confirmed first. */
  | { readonly unread: InForce; readonly wrong: DeclaredErrors }
  | { readonly wrong: DeclaredErrors }
  | { readonly second: Second };

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

  const { commandLine } = ways;
  const recorded = await recordOpening(
    {
      ...{ deps: by.deps, snapshot: by.snapshot, now: by.now, declarer: declarerOf(by), arrival, wish },
      origin: ways.origin,
      serving: (grants) => grants,
      acknowledged: (inForce) => ways.acknowledged(inForce),
      check: () => checkReference(by.deps, arrival.client, wish.reference, wish.emergency),
      beside: (opening) => {
        const code = ways.code?.(opening);
        return {
          fields: commandLine === undefined ? {} : { command_line: true },
          ...(commandLine !== undefined && { commandLine }),
          ...(wish.emergency ? { emergency: { as: declaredAs(by) } } : {}),
          ...(code && { code }),
        };
      },
    },
    held,
  );
  return 'unread' in recorded ? { ...recorded, wrong } : recorded;
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

function declarerOf(by: Declaring): Declarer {
  const { login, authentication } = by.signedIn;
  return { person: technicianOf(by), login: login.id, authentication };
}
