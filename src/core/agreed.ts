/**
 * What was agreed and is used: a client's agreement, and an access session under it. Pure data, deeply readonly; every
 * instant is epoch milliseconds UTC, every duration says its unit.
 */
import type { Budget } from './budget.ts';
import type { EmergencyClause } from './emergency.ts';
import type { FirstUse } from './first-use.ts';
import type { Account, Authentication, Operation } from './model.ts';
import type { OwnInstructions } from './own-instructions.ts';
import type { ReferenceCheck } from './ticket-check.ts';

/** `waiting` for the second signature; `void`: whoever had signed was removed before it came. */
export type GrantStatus = 'waiting' | 'void' | 'active' | 'suspended' | 'revoked' | 'expired' | 'superseded';

/** What the client agreed to. A row is a projection of the ledger, never edited apart from it. */
export interface Grant {
  readonly id: string;
  readonly client: string;
  readonly version: number;
  readonly status: GrantStatus;
  readonly systems: readonly string[];
  readonly purposes: readonly string[];
  readonly operations: readonly Operation[];
  /** Person ids, `team:<name>`, or `assigned` (whoever the provider assigned to the system). */
  readonly people: readonly string[];
  readonly from: number;
  readonly until: number;
  /** Account at the client's system that this agreement is about, if the client named one. */
  readonly upstreamAccount: string | undefined;
  /** Hash of the full text that was shown and agreed to. */
  readonly textHash: string;
  readonly grantedBy: string;
  readonly grantedAt: number;
  /** `one-off`: for one case, given in answer to a request. Left out: standing. */
  readonly kind?: 'standing' | 'one-off';
  /** The request that it answers, if it answers one. */
  readonly request?: string;
  /** What the provider proposed and it came of, if it did. */
  readonly proposal?: string;
  /** Set when its clock starts at its first use; `until` is the latest end until then, and the end afterwards. */
  readonly firstUse?: FirstUse;
  /** When it was first used; left out: not yet, or its clock is not of that kind. */
  readonly startedAt?: number;
  /** How much may be used in each period; left out: as much as the rules let. */
  readonly budget?: Budget;
  /** Who may come in when nobody of the client can be reached in time; with no `people`, nobody does otherwise. Left out: nobody. */
  readonly emergency?: EmergencyClause;
  /** Until when nothing more passes because the bytes of its budget are used up, as last read; left out: they are not. */
  readonly spentUntil?: number;
  /** The running access that it was given to lengthen by `minutes`; left out: none. */
  readonly session?: string;
  /** The frame within which a delegate gave it; left out: a representative did. */
  readonly delegation?: string;
  /** `until` ends here because a signer was removed, unless another representative signs; left out: nobody need. */
  readonly confirmBy?: number;
  /** Longest access under it; left out: as long as the purpose permits. */
  readonly minutes?: number;
  /** The client's own instructions, as last read: they narrow every agreement. Left out: there are none. */
  readonly instructions?: OwnInstructions;
  /** The first instant after the last day of the contract that the client gave notice of, as last read; left out: none. */
  readonly noticed?: number;
}

/** An access session: one person, one client, one purpose, one reference, one grant, some of its systems. */
export interface Opening {
  readonly id: string;
  readonly client: string;
  readonly person: string;
  readonly account: Account;
  readonly systems: readonly string[];
  readonly purpose: string;
  readonly reference: string;
  readonly note: string;
  readonly grant: string;
  readonly login: string;
  readonly authentication: Authentication;
  readonly openedAt: number;
  readonly endsAt: number;
  readonly endedAt: number | undefined;
  readonly endCause: EndCause | undefined;
  /** It was declared an emergency; left out: it was not. */
  readonly emergency?: true;
  /** Until when the real reference is owed, as last read; left out: it is not. */
  readonly referenceDue?: number;
  /** What was said to be done outside, and when; `owed`: nothing yet; left out: nothing of it is outside. */
  readonly said?: 'owed' | { readonly at: number; readonly text: string };
  /** What the ticket system said about the reference; left out: it was not asked. */
  readonly referenceCheck?: ReferenceCheck;
  /** The session of the command line that declared it, by its hash; it ends with it. Left out: declared elsewhere. */
  readonly commandLine?: string;
}

export type EndCause =
  | 'technician' // closed by the technician
  | 'robot' // closed by the robot, which said what came of it
  | 'stopped' // stopped by the client
  | 'revoked' // its grant was revoked
  | 'suspended' // its grant was suspended
  | 'expired'
  | 'signed-out'
  | 'leaver'
  | 'budget' // what its grant lets be used in this period was
  | 'ticket-closed' // the ticket system said that its ticket was closed
  | 'policy'
  | 'instructions' // the client's own instructions changed
  | 'contract' // the contract is over
  | 'shutdown';
