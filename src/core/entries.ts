/**
 * The lines of a client's ledger. A leaf is flat: strings, booleans and integers, no nulls. What can identify
 * somebody stands outside the leaf in groups; the leaf holds one salted commitment per group. The writer adds
 * `v`, `at`, `node`, `boot` and `n`.
 */

export type EntryKind =
  | 'log.opened'
  | 'log.closed'
  | 'node.started'
  | 'node.stopped'
  | 'policy.activated'
  | 'controller.nominated'
  | 'controller.seated'
  | 'controller.removed'
  | 'controller.confirmed'
  | 'controller.recovery'
  | 'consent.granted'
  | 'consent.suspended'
  | 'consent.resumed'
  | 'consent.revoked'
  | 'consent.expired'
  | 'consent.requested'
  | 'consent.asked'
  | 'consent.answered'
  | 'consent.reminded'
  | 'consent.refused'
  | 'consent.lapsed'
  | 'consent.proposed'
  | 'instructions.set'
  | 'delegation.granted'
  | 'delegation.revoked'
  | 'consent.signed'
  | 'consent.rule'
  | 'matter.opened'
  | 'matter.answered'
  | 'matter.closed'
  | 'staff.bound'
  | 'connection.created'
  | 'connection.used'
  | 'connection.revoked'
  | 'hook.added'
  | 'hook.removed'
  | 'credential.recorded'
  | 'credential.rotated'
  | 'credential.returned'
  | 'session.opened'
  | 'session.extended'
  | 'session.closed'
  | 'session.corrected'
  | 'session.declared'
  | 'emergency.reviewed'
  | 'copy.registered'
  | 'copy.kept'
  | 'copy.destroyed'
  | 'access.intent'
  | 'access.static'
  | 'access.progress'
  | 'access.result'
  | 'access.refused'
  | 'drill.ran'
  | 'bypass.checked'
  | 'robot.missed'
  | 'ending.set'
  | 'ending.began'
  | 'ending.lifted'
  | 'ending.notified'
  | 'ending.certified'
  | 'log.read'
  | 'heartbeat';

export type LeafValue = string | number | boolean;
export type LeafFields = Readonly<Record<string, LeafValue>>;

/** The groups that can be disclosed or erased alone. `target`, `work` and `change` are under the client's key, the rest under the person's. */
export type GroupName = 'person' | 'role' | 'origin' | 'work' | 'standing' | 'target' | 'change';
export type Groups = { readonly [G in GroupName]?: LeafFields };

/** One line to be written: everything the caller knows, nothing the writer assigns. */
export interface Draft {
  readonly client: string;
  readonly t: EntryKind;
  /** Unique per installation; for an exchange this is its request id. */
  readonly id: string;
  readonly fields: LeafFields;
  readonly groups?: Groups;
  /** Whose key encrypts the person's groups; required when such a group is present. A staff or controller id. */
  readonly person?: string;
}

/** Where a line stands, once it is durable. */
export interface Receipt {
  readonly origin: string;
  readonly index: number;
  readonly at: number;
}

/** `session.opened`: who works for which purpose under which grant, until when. */
export interface SessionFields {
  /** Space-separated system ids. */
  readonly systems: string;
  /** Those of them that are outside: what is done there is declared, not observed. Left out: none. */
  readonly declared?: string;
  /** `owed`: what was done outside is to be said when it is over; written by the writer. Left out: nothing of it is outside. */
  readonly said?: string;
  readonly purpose: string;
  /** Space-separated operation ceiling: what purpose and grant both permit. */
  readonly operations: string;
  readonly grant: string;
  /** Hash of the client's own policy slice. */
  readonly policy: string;
  /** RFC 3339 UTC. */
  readonly ends: string;
  /** Minutes that the rules leave an agreement whose clock starts now, when they are fewer than agreed. */
  readonly clock?: number;
  /** Hash of the client's instructions as they were shown and acknowledged by declaring. Left out: there are none. */
  readonly instructions?: string;
  /** Until when the real reference is owed, RFC 3339 UTC; written by the writer. Left out: it is none that stands for one. */
  readonly reference_due?: string;
  /** What the ticket system said about the reference: `ok`, `failed` or `unchecked`. Left out: it was not asked. */
  readonly reference_check?: string;
  /** It was declared by command line. Left out: on a page. */
  readonly command_line?: true;
  /** Hash of the client's own instructions in force, shown and acknowledged too. Left out: there are none. */
  readonly own?: string;
  /** Id of the robot that comes; it acknowledges nothing, and what the instructions ask holds all the same. Left out: a person. */
  readonly robot?: string;
  /** The planned runs that begin with it, `FROM/LATEST` in RFC 3339 UTC, space-separated. Left out: none, or it is older than this field. */
  readonly runs?: string;
}

/** `robot.missed`: a planned run that had not begun by its latest time. */
export interface MissedFields {
  readonly robot: string;
  readonly system: string;
  /** RFC 3339 UTC: between these it was to begin. */
  readonly from: string;
  readonly latest: string;
  /** False: the gateway did not run all that time, so what the robot tried is not known. */
  readonly observed: boolean;
}

/** What `session.opened` says beside, when it is an emergency. */
export interface EmergencyFields {
  readonly emergency: true;
  /** Which of the people that the clause names: the first is 1. */
  readonly named: number;
  /** The same for the same reference at this client. */
  readonly mark: string;
  /** RFC 3339 UTC. */
  readonly review_by: string;
}

/** `access.intent` and `access.static`; group `target` holds `path` (the template). */
export interface IntentFields {
  /** The opening's id, which is the id of its `session.opened` line. */
  readonly session: string;
  readonly system: string;
  readonly grant: string;
  readonly epoch: number;
  readonly method: string;
  readonly operation: string;
  readonly dest: string;
  readonly policy: string;
  /** A program sent it, with a credential that was connected to the access. Left out: a browser did. */
  readonly tool?: true;
}

/** `access.result`; the writer adds `request` (the intent's id), `shard` (its origin) and `intent` (its index). */
export interface ResultFields {
  /** 0 when no status line was received. */
  readonly status: number;
  readonly up: number;
  readonly down: number;
  readonly ms: number;
  /** Media type without parameters, or ''. */
  readonly type: string;
  readonly disposition: string;
  readonly outcome: string;
  /** Of a registered copy that left whole: SHA-256 of its bytes as they were sent, `sha256:<base64url>`. */
  readonly digest?: string;
}

/** `access.refused`; groups `target`, `standing` and, outside an opening, `person`. */
export interface RefusalFields {
  readonly session: string;
  readonly system: string;
  readonly method: string;
  readonly operation: string;
  /** The reason as the client may know it. */
  readonly reason: string;
  readonly count: number;
  readonly policy: string;
}
