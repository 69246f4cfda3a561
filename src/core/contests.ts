/**
 * A contest: somebody of the provider says that an agreement, or an instruction under it, would break the law. The agreement
 * is suspended in the transaction that says so, and is resumed only after a representative of the client has answered; staff
 * neither resume nor close. Pure.
 */
import type { Receipt } from './entries.ts';

/** Roles of the provider's people who may contest. */
export const contestingRoles = ['technician', 'contact', 'dpo'] as const;
export type ContestingRole = (typeof contestingRoles)[number];

/** How the client answers: it stands by it, it gives another one instead, or it withdraws the agreement. */
export const contestOutcomes = ['upheld', 'changed', 'withdrawn'] as const;
export type ContestOutcome = (typeof contestOutcomes)[number];

/** What is contested. */
export interface Contested {
  readonly grant: string;
  /** `own:<version>` of the client's own instructions, `rule:<id>` of those in its file; '': the agreement itself. */
  readonly instruction: string;
}

/** Contests that one person may have open, at all clients: enough to object, too few to stop the work of everybody. */
export const mostContests: { readonly [R in ContestingRole]: number } = {
  technician: 3,
  contact: 10,
  dpo: 10,
};

const instructionForm = /^(?:own:[1-9]\d{0,5}|rule:[\w.-]{1,100})?$/;

/** Whether that may name an instruction, or none. */
export function isInstructionName(name: string): boolean {
  return instructionForm.test(name);
}

/** The version of the client's own instructions that it names; undefined: it names none of them. */
export function ownVersion(name: string): number | undefined {
  return name.startsWith('own:') ? Number(name.slice('own:'.length)) : undefined;
}

export function isContestingRole(role: unknown): role is ContestingRole {
  return (contestingRoles as readonly unknown[]).includes(role);
}

export function isContestOutcome(text: unknown): text is ContestOutcome {
  return (contestOutcomes as readonly unknown[]).includes(text);
}

/**
 * `matter.opened`, the row and, when the agreement is in force, `consent.suspended` before it; raises the epoch then. The same
 * id, or another contest of the same agreement by the same person while one is open, changes nothing.
 */
export interface ContestCommand {
  readonly do: 'contest';
  readonly client: string;
  readonly id: string;
  readonly contested: Contested;
  readonly by: { readonly provider: string; readonly role: ContestingRole; readonly name: string };
  readonly text: string;
}

/** `epoch`: the agreement was in force and no longer is, since this epoch. */
export type ContestAnswer =
  | { readonly receipt: Receipt; readonly epoch?: number }
  | { readonly already: string }
  | {
      readonly refused:
        | 'grant_unknown'
        | 'grant_ended'
        | 'grant_waits'
        | 'instruction_unknown'
        | 'too_many_contests';
    };
