/** What the closed commands of commands.ts answer, once they are committed. */
import type { BudgetPart } from './budget.ts';
import type { CommandLineAnswers } from './command-line.ts';
import type { InvitationRefusal } from './commands.ts';
import type { CopyAnswers } from './copies.ts';
import type { EndingAnswers } from './ending-commands.ts';
import type { Receipt } from './entries.ts';
import type { HookAnswers } from './hooks.ts';
import type { MatterAnswers } from './matters.ts';
import type { Account, ControllerUser, Grant, Opening } from './model.ts';
import type { SayingRefusal } from './outside.ts';
import type { OwnInstructions } from './own-instructions.ts';
import type { CodeReason } from './reasons-codes.ts';
import type { EmergencyReason } from './reasons-emergency.ts';
import type { CorrectionRefusal } from './references.ts';
import type { ToolRefusal } from './tool.ts';

/** Why a code of somebody who has no key of their own proves nothing. `unsigned`: the client's file accepts no such agreement. */
export type CodeRefusal = 'code_wrong' | 'code_locked';
export type UnsignedRefusal = CodeRefusal | 'unsigned';

/** What each command answers. Failures that are nobody's fault are values; everything else is a Fault. */
export interface Answers extends MatterAnswers, HookAnswers, CommandLineAnswers, CopyAnswers, EndingAnswers {
  intent: { readonly receipt: Receipt } | { readonly moved: number };
  result: { readonly receipt: Receipt };
  append: { readonly receipt: Receipt };
  declare: /** `started`: with this first use the agreement's clock started, and the epoch moved. */
    | { readonly receipt: Receipt; readonly started?: { readonly epoch: number; readonly at: number } }
    | { readonly moved: number }
    /** The agreement's budget does not reach: what is missing, and how much of it is left. */
    | { readonly spent: BudgetPart; readonly left: number }
    /** The person owes more real references than they may. */
    | { readonly owed: number }
    /** The person owes more lines on what was done outside than they may. */
    | { readonly unsaid: number }
    /** It is no emergency, or the clause cannot be used now. */
    | { readonly refused: EmergencyReason };
  /** `not_yet`: whoever may not sign yet reviews nothing. */
  'review-emergency':
    | { readonly receipt: Receipt }
    | { readonly refused: 'not_seated' | 'not_yet' | 'emergency_unknown' | 'reviewed_already' };
  correct:
    | { readonly receipt: Receipt }
    | { readonly already: true }
    | { readonly refused: 'opening_unknown' | CorrectionRefusal };
  'say-outside':
    | { readonly receipt: Receipt; readonly late: boolean }
    | { readonly refused: 'opening_unknown' | SayingRefusal };
  extend:
    | { readonly receipt: Receipt; readonly epoch: number; readonly extended: Opening }
    | { readonly moved: number }
    /** The agreement's budget does not reach. */
    | { readonly spent: BudgetPart; readonly left: number }
    | { readonly refused: 'opening_ended' | 'extended_already' };
  code: { readonly ok: boolean };
  tool: { readonly ok: true } | { readonly refused: ToolRefusal };
  redeem:
    | { readonly opening: Opening; readonly system: string }
    | { readonly refused: 'code_unknown' }
    /** `of`: the access that the code was made for. */
    | { readonly refused: Exclude<CodeReason, 'code_unknown'> | 'opening_ended'; readonly of: Opening };
  close: { readonly epoch: number; readonly closed: readonly string[] };
  request:
    | { readonly receipt: Receipt }
    | { readonly already: string }
    | { readonly refused: 'too_many_requests' };
  'request-say':
    | { readonly receipt: Receipt }
    | {
        readonly refused:
          | 'request_unknown'
          | 'request_ended'
          | 'request_turn'
          | 'reminders_used'
          | 'reminder_early'
          | 'not_seated';
      };
  'requests-lapse': { readonly lapsed: number };
  propose: { readonly receipt: Receipt } | { readonly refused: 'proposal_exists' | 'too_many_proposals' };
  decline:
    | { readonly receipt: Receipt }
    | { readonly refused: 'proposal_unknown' | 'proposal_ended' | 'not_seated' };
  grant: /** `waiting`: for a second signature. `extended`: the access that it lengthened. */
    | {
        readonly receipt: Receipt;
        readonly epoch: number;
        readonly status: 'active' | 'waiting';
        readonly extended?: Opening;
      }
    | {
        readonly refused:
          | 'not_seated'
          | 'not_yet'
          | 'grant_exists'
          | 'grant_too_long'
          | 'request_ended'
          | 'own_request'
          | 'outside_frame'
          | 'proposal_ended'
          | UnsignedRefusal;
      };
  delegate:
    | { readonly receipt: Receipt }
    | { readonly refused: 'not_seated' | 'not_yet' | 'grant_exists' | 'delegate_gone' | UnsignedRefusal };
  /** `grants`: what was agreed to within it and ended with it. */
  undelegate:
    | { readonly epoch: number; readonly grants: readonly string[] }
    | { readonly refused: 'not_seated' | 'delegation_unknown' };
  /** `complete`: enough have signed. `extended`: the access that it lengthened. */
  sign:
    | {
        readonly receipt: Receipt;
        readonly epoch: number;
        readonly complete: boolean;
        readonly extended?: Opening;
      }
    | {
        readonly refused:
          | 'not_seated'
          | 'not_yet'
          | 'grant_unknown'
          | 'grant_ended'
          | 'grant_settled'
          | 'same_person'
          | UnsignedRefusal;
      };
  /** `complete`: the rule holds now. */
  rule:
    | { readonly receipt: Receipt; readonly complete: boolean }
    | {
        readonly refused:
          | 'not_seated'
          | 'not_yet'
          | 'rule_same'
          | 'rule_pending'
          | 'nobody_else'
          | 'same_person'
          | UnsignedRefusal;
      };
  /** `grant_contested`: it is not resumed before the client has answered. */
  'grant-status':
    | { readonly receipt: Receipt; readonly epoch: number; readonly grant: Grant }
    | { readonly refused: 'grant_unknown' | 'grant_ended' | 'grant_contested' };
  /** `version_stale`: another version came first. */
  instruct:
    | { readonly receipt: Receipt; readonly epoch: number; readonly instructions: OwnInstructions }
    | { readonly refused: 'not_seated' | 'not_yet' | 'version_stale' | UnsignedRefusal };
  /** `not_yet`: whoever may not sign yet names nobody, removes nobody and confirms nobody. */
  invite: { readonly receipt: Receipt } | { readonly refused: 'not_seated' | 'not_yet' };
  /** `byClient`: a representative of the client invited. `left`: how many wrong codes are still borne. */
  'try-invitation':
    | { readonly nominee: ControllerUser; readonly byClient: boolean; readonly expiresAt: number }
    | { readonly refused: InvitationRefusal; readonly left: number };
  /** `replaced`: how many passkeys of the same person ended with it. */
  seat:
    | { readonly receipt: Receipt; readonly replaced: number }
    | { readonly refused: InvitationRefusal | 'recovery_unknown' | 'not_seated' | 'totp_wrong' };
  'confirm-seat':
    | { readonly receipt: Receipt }
    | { readonly refused: 'not_seated' | 'not_yet' | 'nobody_waits' | 'own_seat' };
  /** `not_yet`: whoever just recovered cannot end the codes that are left. */
  'recovery-codes': { readonly receipt: Receipt } | { readonly refused: 'not_seated' | 'not_yet' };
  'try-recovery': { readonly holder: ControllerUser } | { readonly refused: 'recovery_unknown' };
  'arrivals-seen': { readonly ok: boolean };
  /** `accounts`: those whose sign-ins ended. */
  unseat:
    | { readonly epoch: number; readonly accounts: readonly Account[] }
    | { readonly refused: 'not_seated' | 'not_yet' | 'nobody_seated' | 'last_representative' };
  credentials: { readonly recorded: number; readonly rotated: number; readonly returned: number };
  connect: { readonly receipt: Receipt } | { readonly refused: 'not_seated' | 'too_many_connections' };
  disconnect:
    | { readonly receipt: Receipt }
    | { readonly already: true }
    | { readonly refused: 'not_seated' | 'connection_unknown' };
  'connection-used': { readonly ok: true } | { readonly refused: 'connection_unknown' | 'connection_ended' };
  drill:
    | { readonly receipt: Receipt; readonly drill: string }
    | { readonly refused: 'not_seated' | 'drills_spent' | 'drill_over' };
  'view-save': { readonly ok: true } | { readonly refused: 'views_full' };
  'view-drop': { readonly dropped: boolean };
  'credential-used': { readonly ok: true };
  /** `used_already`: there is a sign-in of that id. */
  login: { readonly ok: true } | { readonly refused: 'not_seated' | 'used_already' | CodeRefusal };
  logout: { readonly logins: readonly string[]; readonly openings: readonly Opening[] };
  token: { readonly kept: boolean };
  bind: { readonly bound: true } | { readonly refused: 'bound_already' };
  directory: { readonly ok: true };
  'read-notice': { readonly ok: true };
  policy: { readonly activated: readonly string[] };
  'watch-robots': { readonly missed: number };
  heartbeat: { readonly written: readonly string[] };
}
