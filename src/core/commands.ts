/**
 * The closed commands that the ledger's writer takes: one command is one unit, committed whole or not at all,
 * entry and projection together. Nothing else ever writes to the ledger's database.
 */
import type { Answers } from './answers.ts';
import type { CommandLineCommand } from './command-line.ts';
import type { Connection } from './connections.ts';
import type { CopyCommand } from './copies.ts';
import type { HeldCredential } from './credential.ts';
import type { Delegation } from './delegations.ts';
import type { DrillCommand } from './drills.ts';
import type { ReviewEmergency } from './emergency.ts';
import type { EndingCommand } from './ending-commands.ts';
import type { Draft, Groups, LeafFields, Receipt } from './entries.ts';
import type { HookCommand } from './hooks.ts';
import type { MatterCommand } from './matters.ts';
import type { ControllerRole, ControllerUser, EndCause, Grant, Opening, Text } from './model.ts';
import type { SayOutside } from './outside.ts';
import type { Binding, DirectoryUser } from './people.ts';
import type { Proposal } from './proposals.ts';
import type { RecoveryProof } from './recovery.ts';
import type { Correction } from './references.ts';
import type { ConsentRequest, Said } from './requests.ts';
import type { WatchRobots } from './robot-runs.ts';
import type { Evidence, Seat } from './seats.ts';
import type { RuleText } from './signers.ts';
import type { NoticeRead } from './staff-notice.ts';
import type { TotpProof } from './totp.ts';
import type { ViewCommand } from './views.ts';

export type { Arrival, Evidence, Seat } from './seats.ts';

/** A one-time entry code, stored hashed, bound to a system and to the nonce sealed in the browser's cookie. */
export interface EntryCode {
  readonly hash: string;
  readonly opening: string;
  /** `client/system` */
  readonly system: string;
  readonly nonceHash: string;
  readonly expiresAt: number;
}

/** A sign-in at an identity provider; openings refer to it and end with it. */
export interface Login {
  readonly id: string;
  readonly issuer: string;
  /** The value of the provider's `subject_claim`: who this is, here. */
  readonly subject: string;
  /** The provider's own `sub`, by which its logout tokens name the person, where `subject` is another claim's value. */
  readonly sub?: string;
  /** The provider's session id, for back-channel logout. */
  readonly sid: string | undefined;
  /** Staff, controller or provider-user id. */
  readonly who: string;
  readonly acr: string | undefined;
  readonly amr: readonly string[];
  readonly authTime: number;
  /** As in `Authentication`. */
  readonly groups?: readonly string[];
  readonly startedAt: number;
}

/** What both halves of an invitation hash to; see invitation.ts. */
export interface InvitationProof {
  readonly link: string;
  readonly code: string;
}

/** Why an invitation seats nobody. */
export type InvitationRefusal = 'link_unknown' | 'link_used' | 'link_expired' | 'link_dead' | 'code_wrong';

/** Counts that a closed opening tells. Bytes as seen by the client of the gateway. */
export interface Counts {
  readonly exchanges: number;
  readonly refused: number;
  readonly statics: number;
  readonly up: number;
  readonly down: number;
}

export interface Closing {
  readonly opening: string;
  readonly cause: EndCause;
  /** Milliseconds from the decision to the last exchange being cut; 0 when nothing ran. */
  readonly cutMs: number;
  /** When it was in force, epoch milliseconds; the line says it when it is written noticeably later. Left out: as it is written. */
  readonly cutAt?: number;
  readonly counts: Counts;
  /** What a robot said that came of it; left out: nothing. */
  readonly outcome?: RunOutcome;
}

/** What came of a robot's run, in its own words. */
export interface RunOutcome {
  readonly result: 'done' | 'failed';
  /** One line; may be ''. */
  readonly said: string;
}

/** Who asked for a stop, a suspension or a revocation: a seat of the client, or the provider. */
export type Actor =
  /** `connection`: the program of theirs that acted for them; left out: they did it themselves. */
  | { readonly seat: string; readonly role: ControllerRole; readonly connection?: string }
  | { readonly provider: string };

export type Command =
  /** `access.intent` or `access.static`. Written only if the client's epoch is still `epoch`; opens the exchange. */
  | { readonly do: 'intent'; readonly epoch: number; readonly draft: Draft }
  /** `access.result` of an intent: written to the current shard, names the intent, ends the open exchange. */
  | {
      readonly do: 'result';
      readonly client: string;
      readonly intent: Receipt;
      readonly id: string;
      readonly fields: LeafFields;
    }
  /** A line with no projection: `access.refused`, `access.progress`, `log.read`, `bypass.checked`. */
  | { readonly do: 'append'; readonly draft: Draft }
  /** `session.opened`, the opening's row and its first code, if any. Only under this epoch and a live grant. */
  | {
      readonly do: 'declare';
      readonly epoch: number;
      readonly opening: Opening;
      readonly fields: LeafFields;
      readonly groups: Groups;
      /** Of an emergency: as whom an agreement may mean the person, see `meantAs`. Only while none permits it anyway. */
      readonly emergency?: { readonly as: readonly string[] };
      /** Left out when nothing is entered now. */
      readonly code?: EntryCode;
      /** Hash of a tool's credential that hangs on it at once; left out: none. */
      readonly tool?: string;
    }
  | Correction
  | SayOutside
  | CopyCommand
  /** `session.extended` by the technician, within what the agreement permits; raises the epoch. Only while it ends at `from`. */
  | {
      readonly do: 'extend';
      readonly client: string;
      readonly opening: string;
      readonly person: string;
      readonly epoch: number;
      readonly from: number;
      readonly endsAt: number;
    }
  | ReviewEmergency
  | WatchRobots
  /** Another code for a live opening (another system, another tab). No line. */
  | { readonly do: 'code'; readonly code: EntryCode }
  /** Hangs the hash of a tool's credential on a live opening. No line. */
  | { readonly do: 'tool'; readonly client: string; readonly opening: string; readonly hash: string }
  /** Redeems a code once and hangs the cookie's hash on the opening. No line. */
  | {
      readonly do: 'redeem';
      readonly codeHash: string;
      readonly system: string;
      readonly nonceHash: string;
      readonly cookieHash: string;
    }
  /** `session.closed` for each; raises the epoch. Openings already closed are passed over. */
  | {
      readonly do: 'close';
      readonly client: string;
      readonly by: Actor | undefined;
      readonly closings: readonly Closing[];
    }
  /** `consent.requested` and the request's row. The same wish that waits already is that request; so many may wait per person. */
  | { readonly do: 'request'; readonly request: ConsentRequest; readonly groups: Groups }
  /** `consent.asked`, `.answered`, `.reminded` or `.refused` about a request that waits, in the state in which that may be said. */
  | {
      readonly do: 'request-say';
      readonly client: string;
      readonly request: string;
      readonly say: Said['say'];
      readonly text: string;
      readonly by: Actor;
    }
  /** `consent.lapsed` for every request and every proposal that nobody answered in time. */
  | { readonly do: 'requests-lapse' }
  /** `consent.proposed` and the proposal's row; a client may have so many waiting. `name`: of the contact. */
  | { readonly do: 'propose'; readonly proposal: Proposal; readonly name: string }
  /** `consent.refused` about a proposal that waits; by a seated representative. */
  | { readonly do: 'decline'; readonly client: string; readonly proposal: string; readonly by: Actor }
  /**
   * `consent.granted`, the grant's row and text. Only if a seat with that credential exists. One that answers a request or
   * comes of a proposal answers it in the same transaction, and only while it waits; one that lengthens an access does so in
   * it, `session.extended`.
   */
  | { readonly do: 'grant'; readonly grant: Grant; readonly text: string; readonly evidence: Evidence }
  /** `delegation.granted` and the frame's row. Only by a seated representative, for somebody who sits as a delegate. */
  | {
      readonly do: 'delegate';
      readonly delegation: Delegation;
      readonly text: string;
      readonly evidence: Evidence;
    }
  /** `delegation.revoked`, and `consent.revoked` for what a delegate gave within it and is not over; raises the epoch. */
  | { readonly do: 'undelegate'; readonly client: string; readonly delegation: string; readonly by: Actor }
  /** `consent.signed`: the second signature under a grant that waits for it, or another after a signer was removed. */
  | { readonly do: 'sign'; readonly client: string; readonly grant: string; readonly evidence: Evidence }
  /** `consent.rule`: whether the client wants two signatures. Wanting one again takes two under the same text. */
  | { readonly do: 'rule'; readonly client: string; readonly rule: RuleText; readonly evidence: Evidence }
  /** `consent.revoked`, `.suspended`, `.resumed` or `.expired`; all but resuming raise the epoch. `cutAt`: as in `Closing`. */
  | {
      readonly do: 'grant-status';
      readonly client: string;
      readonly grant: string;
      readonly to: 'active' | 'suspended' | 'revoked' | 'expired';
      readonly by: Actor | undefined;
      readonly cutAt?: number;
    }
  /**
   * `instructions.set`: the next version of the client's own instructions, signed by a seated representative. Raises the
   * epoch. A version that asks for nothing takes back what an earlier one asked.
   */
  | { readonly do: 'instruct'; readonly client: string; readonly text: string; readonly evidence: Evidence }
  /**
   * `controller.nominated` and the invitation that will seat the person, single use; earlier ones of theirs that were not
   * used are void. `by`: a seated representative; undefined: the provider.
   */
  | {
      readonly do: 'invite';
      readonly nominee: ControllerUser;
      readonly proof: InvitationProof;
      readonly expiresAt: number;
      readonly by: Actor | undefined;
    }
  /** Whether link and code belong together; a wrong code is counted, and the fifth ends the invitation. No line. */
  | { readonly do: 'try-invitation'; readonly proof: InvitationProof }
  /**
   * `controller.seated`. Needs a live invitation, or evaluation mode, or an earlier seat of the same account (a new passkey).
   * What the provider invites after somebody sat for the client may sign agreements after 48 hours only. By an invitation of
   * the client or a recovery code the person's other passkeys end in the same transaction, and the sign-ins made with them;
   * whoever recovered waits for 48 hours too.
   */
  | {
      readonly do: 'seat';
      readonly seat: Seat;
      readonly authorisedBy:
        | { readonly invitation: InvitationProof }
        | { readonly recovery: RecoveryProof }
        | { readonly seat: string }
        | { readonly evaluation: true };
      /** For somebody who signs in by mail and code: the secret of their app, and a code of it that holds now. */
      readonly totp?: TotpProof;
    }
  /**
   * `controller.removed` for each seat of a person, `delegation.revoked` as in `undelegate` for their frames; voids their invitations, ends their sign-ins, raises the epoch. Only by a
   * seated representative, and never the last one of them.
   */
  | { readonly do: 'unseat'; readonly client: string; readonly controller: string; readonly by: Actor }
  /** `controller.confirmed`: a representative stands by somebody who may not sign yet, and they may at once. */
  | { readonly do: 'confirm-seat'; readonly client: string; readonly controller: string; readonly by: Actor }
  /** `controller.recovery`: new recovery codes for a seat that signs in alone; those from before end. */
  | {
      readonly do: 'recovery-codes';
      readonly client: string;
      readonly seat: string;
      readonly proofs: readonly RecoveryProof[];
    }
  /** Whom a recovery code would let in again; a wrong one is counted, and the tenth ends the set. No line. */
  | { readonly do: 'try-recovery'; readonly proof: RecoveryProof }
  /** The holder of this seat has seen who arrived. No line. */
  | { readonly do: 'arrivals-seen'; readonly client: string; readonly seat: string }
  /**
   * The register of credentials held against what the clients' files name now: `credential.recorded`, `.rotated` and
   * `.returned` for what changed. `secrets`: the secret files that are there, as `<client>/<file>`. Clients that are not
   * named hold none any more, unless `only` names the one that is looked at.
   */
  | {
      readonly do: 'credentials';
      readonly held: ReadonlyMap<string, readonly HeldCredential[]>;
      readonly secrets: ReadonlySet<string>;
      readonly only: string | undefined;
    }
  /** `connection.created`: a program may act for this seat, within these scopes, with the token that has this hash. */
  | {
      readonly do: 'connect';
      readonly connection: Pick<Connection, 'id' | 'client' | 'seat' | 'name' | 'scopes' | 'expiresAt'>;
      readonly hash: string;
    }
  /** `connection.revoked`, by whose it is or a representative. */
  | { readonly do: 'disconnect'; readonly client: string; readonly connection: string; readonly seat: string }
  /** A connection is used; `connection.used` when it is the first time. */
  | { readonly do: 'connection-used'; readonly client: string; readonly connection: string }
  | ViewCommand
  | MatterCommand
  | HookCommand
  /** The credential of a system was used. No line: the uses are. */
  | { readonly do: 'credential-used'; readonly client: string; readonly system: string; readonly at: number }
  /**
   * `seat`: signed in with its passkey; refused when it was removed. `code`: the account's app showed it, which is checked and
   * used up here; wrong ones are counted. `after`: the sign-in whose place it takes in its browser; if that is the same person's and
   * lives, command lines go on with this one.
   */
  | {
      readonly do: 'login';
      readonly login: Login;
      readonly seat?: string;
      readonly code?: string;
      readonly after?: string;
    }
  /**
   * Ends sign-ins by id, provider session, the provider's own `sub`, or subject. Tells which openings hung on them. `browser`: with those
   * whose place it took in its browser, or that took its own.
   */
  | {
      readonly do: 'logout';
      readonly by:
        | { readonly login: string; readonly browser?: true }
        | { readonly issuer: string; readonly sid: string }
        | { readonly issuer: string; readonly sub: string }
        | { readonly issuer: string; readonly subject: string };
    }
  /** Keeps the newest refresh token of a sign-in, and when the provider last stood by it. No line. */
  | { readonly do: 'token'; readonly login: string; readonly token: string; readonly confirmedAt: number }
  | CommandLineCommand
  /** Binds an account to a staff entry, once: the row, and `staff.bound` in the log of each of these clients, with the name that it may read. */
  | {
      readonly do: 'bind';
      readonly binding: Binding;
      readonly clients: readonly { readonly client: string; readonly name: string }[];
    }
  /** What the company's directory says now about some of its users; `forgotten` are ids. No line. */
  | {
      readonly do: 'directory';
      readonly users: readonly DirectoryUser[];
      readonly forgotten: readonly string[];
    }
  /** That somebody of the staff read a version of the notice; once. No line: it concerns no client. */
  | { readonly do: 'read-notice'; readonly read: NoticeRead }
  /** `policy.activated` in the log of each client whose slice is not the one last recorded there. */
  | {
      readonly do: 'policy';
      readonly slices: readonly {
        readonly client: string;
        readonly hash: string;
        readonly text: string;
        /** Texts that it names and its log may lack. */
        readonly parts?: readonly { readonly hash: string; readonly text: string }[];
        /** What kinds of things changed; names nobody. */
        readonly summary: string;
        /** What changed for the client, in words; left out when it is the first. */
        readonly change?: Text;
        /** Systems that lead elsewhere now: agreements that name one are suspended in the same transaction. */
        readonly rests?: readonly string[];
      }[];
    }
  | DrillCommand
  | EndingCommand
  /** `heartbeat` for logs silent for an hour; counts are those of anonymous refusals since the last one. */
  | {
      readonly do: 'heartbeat';
      readonly counts: readonly {
        readonly client: string;
        readonly anonymous: number;
        readonly live: number;
      }[];
    };

export type CommandName = Command['do'];

export type AnswerOf<C extends Command> = Answers[C['do']];
