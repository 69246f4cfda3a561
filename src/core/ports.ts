/**
 * The ports through which the rooms meet. Every method says what is durable when it resolves, what "nothing"
 * means and what it throws. Implementations live in stores/, identity/ and gateway/; app.ts joins them.
 */

import type { Spent } from './budget.ts';
import type { CommandLineReader } from './command-line.ts';
import type { Actor, AnswerOf, Command, Counts, Login, RunOutcome, Seat } from './commands.ts';
import type { Connection } from './connections.ts';
import type { CopyReader } from './copies.ts';
import type { Presented, RegisteredCredential } from './credential.ts';
import type { Delegation } from './delegations.ts';
import type { EmergencyBook } from './emergency.ts';
import type { EndingReader, Noticed } from './ending.ts';
import type { Draft, EntryKind, LeafFields, Receipt } from './entries.ts';
import type { EventPage, EventPlace } from './events.ts';
import type {
  Bar,
  HistoryPage,
  HistoryPlace,
  HistoryQuery,
  HistoryTerms,
  OpenedStory,
  StoryLines,
} from './history.ts';
import type { HookReading } from './hooks.ts';
import type { MatterReader } from './matters.ts';
import type { ControllerUser, EndCause, Grant, Opening, Operation, Snapshot, System } from './model.ts';
import type { OwnInstructions } from './own-instructions.ts';
import type { Binding, DirectoryUser } from './people.ts';
import type { PolicyFault } from './policy/faults.ts';
import type { Proposal } from './proposals.ts';
import type { ConsentRequest } from './requests.ts';
import type { Signing } from './signers.ts';
import type { NoticeRead } from './staff-notice.ts';
import type { Take } from './taken-rows.ts';
import type { Tool } from './tool.ts';
import type { CodeLock } from './totp.ts';
import type { SavedView } from './views.ts';

export type { Signer, Signing } from './signers.ts';

export interface Clock {
  /** Wall clock, epoch milliseconds UTC. */
  now(): number;
  /** Milliseconds that never go back; for durations and leases only. */
  monotonic(): number;
}

export interface Policies {
  /** The snapshot in force. Read once per exchange, at arrival. */
  current(): Snapshot;
}

/** How the last reading of the policy folder ended. */
export interface PolicyState {
  /** Epoch milliseconds. */
  readonly readAt: number;
  /** The first faults of what is in the folder and therefore not in force; empty: all of it is in force, unless `unread`. */
  readonly faults: readonly PolicyFault[];
  /** Whether it failed for another reason than the files. */
  readonly unread: boolean;
}

/** Credentials that clients handed over. Secrets leave here towards the client's own system and nowhere else. */
export interface Credentials {
  /**
   * What goes up to a system that has a credential, as its file holds it now. Synchronous; the same object until the secret
   * changes. Undefined: it cannot be used, and nothing may be forwarded.
   */
  of(system: System): Presented | undefined;
}

declare const recorded: unique symbol;

/** A draft that is durable. Only the ledger makes these; `forward` takes nothing else. */
export type Recorded<D extends Draft = Draft> = D & { readonly receipt: Receipt; readonly [recorded]: true };

/** The writing side of the log. All methods may be called concurrently; calls are committed in batches. */
export interface Ledger {
  /**
   * Records an intent under the epoch it was decided under. Durable on disk (fsync) when it resolves.
   * `{moved}`: rights changed meanwhile, nothing was written, decide again. Throws Fault `ledger_unavailable`
   * (nothing may be forwarded) or `ledger_rollback_detected`.
   */
  intent<D extends Draft>(draft: D, epoch: number): Promise<Recorded<D> | { readonly moved: number }>;
  /**
   * Hands over the result of a recorded intent. Returns at once; the line rides along with the next commit and
   * never starts one of its own within 50 ms. Kept and retried while the ledger is unavailable.
   */
  result(intent: Recorded, id: string, fields: LeafFields): void;
  /** Runs one command. Durable when it resolves. Throws Fault `ledger_unavailable` with nothing applied. */
  run<C extends Command>(command: C): Promise<AnswerOf<C>>;
  /** Milliseconds (monotonic) for which writing has been failing; 0 when it works. */
  failingFor(): number;
  /** Logs whose newest state could not be kept beside the database, as of the last answer: a rollback of them would pass. */
  unguarded(): number;
  /** Writes everything handed over, `node.stopped`, and closes. */
  close(): Promise<void>;
}

/** A line as its reader may see it: the leaf, and the disclosed groups. */
export interface Line {
  readonly origin: string;
  readonly index: number;
  readonly leaf: Readonly<Record<string, string | number | boolean>>;
  readonly groups: { readonly [group: string]: LeafFields | 'erased' };
}

export interface LineQuery {
  readonly client: string;
  readonly kinds?: readonly EntryKind[];
  readonly session?: string;
  /** Only lines before this position, newest first. */
  readonly before?: { readonly at: number; readonly index: number };
  readonly limit: number;
  /** Which groups to disclose; `origin` and `standing` are not for clients by default. */
  readonly disclose: readonly string[];
}

/** The reading side: a worker with a read-only connection. Sees what is committed. Throws Fault `ledger_unavailable`. */
export interface Archive
  extends EmergencyBook,
    MatterReader,
    HookReading,
    CommandLineReader,
    CopyReader,
    EndingReader {
  /** What is in force for a client: epoch, live and suspended grants, live openings, seats. */
  inForce(client: string): Promise<
    Noticed & {
      readonly epoch: number;
      readonly grants: readonly Grant[];
      readonly openings: readonly Opening[];
      readonly seats: readonly Seat[];
      /** The client's own instructions; left out: none were ever given. Each grant carries them too. */
      readonly instructions?: OwnInstructions;
    }
  >;
  /** The live opening behind a cookie, or undefined. */
  door(cookieHash: string): Promise<{ readonly opening: Opening; readonly system: string } | undefined>;
  /** The access that the credential of a tool with this hash was made for, ended ones too; undefined: no such credential. */
  tool(hash: string): Promise<Opening | undefined>;
  /** Epochs of all clients that have a log. */
  epochs(): Promise<ReadonlyMap<string, number>>;
  grants(client: string): Promise<readonly (Grant & { readonly text: string })[]>;
  /** When these agreements of a client end or ended as they were signed, epoch milliseconds; those it does not have are left out. */
  grantEnds(client: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Every version of the client's own instructions, newest first. */
  instructions(client: string): Promise<readonly InstructionVersion[]>;
  /** What agreements with a budget used, by the beginning of the period; a period in which nothing was used is not there. */
  budgets(client: string): Promise<readonly UsedBudget[]>;
  /** Requests to a client, those that wait first, then newest first; at most 100. */
  requests(client: string): Promise<readonly ConsentRequest[]>;
  /** How the client signs, and who signed what. */
  signing(client: string): Promise<Signing>;
  /** Proposals to a client, those that wait first, then newest first; at most 100. */
  proposals(client: string): Promise<readonly Proposal[]>;
  /** The newest 100 requests of one person, at all clients. */
  requestsOf(person: string): Promise<readonly ConsentRequest[]>;
  /** Frames for delegates, newest first, withdrawn ones too. */
  delegations(client: string): Promise<readonly (Delegation & { readonly text: string })[]>;
  /** The hash of the policy slice last recorded in each log; '' when none was. */
  slices(): Promise<ReadonlyMap<string, string>>;
  /** When the rules of each client last changed, epoch milliseconds, as its log says. */
  rulesChanged(): Promise<ReadonlyMap<string, number>>;
  /** The rules that a log named by this hash, as one canonical text; undefined when there are none. */
  rulesText(client: string, hash: string): Promise<string | undefined>;
  /** The register of what the client handed over, newest first, returned ones too. */
  credentials(client: string): Promise<readonly RegisteredCredential[]>;
  /** The views of the history that a person keeps at a client, by name. */
  views(client: string, controller: string): Promise<readonly SavedView[]>;
  /** Openings of one person, newest first, ended ones too. */
  openingsOf(person: string, limit: number): Promise<readonly Opening[]>;
  /** Those of them that were open at some time of a period, a page at a time. */
  openingsWithin(person: string, period: Period, page: Keyset): Promise<readonly Opening[]>;
  /** One of them; undefined: it is another's, or there is none of that id. */
  ownOpening(person: string, id: string): Promise<Opening | undefined>;
  /** Openings at a client whose real reference is still owed, oldest first, at most 100. */
  owed(client: string): Promise<readonly Opening[]>;
  /** Openings at a client of which what was done outside was not said, newest first, running ones too; at most 100. */
  unsaid(client: string): Promise<readonly Opening[]>;
  /** Connections of a client, newest first, ended ones too; at most 200. */
  connections(client: string): Promise<readonly Connection[]>;
  /** The connection of a token, by the token's hash; ended ones too. */
  connection(hash: string): Promise<Connection | undefined>;
  /** Openings at a client, and requests to it, newest first, a page at a time. */
  openingsPage(client: string, page: Keyset): Promise<readonly Opening[]>;
  requestsPage(client: string, page: Keyset): Promise<readonly ConsentRequest[]>;
  /** One of them; undefined: the client has none of that id. */
  openingAt(client: string, id: string): Promise<Opening | undefined>;
  requestAt(client: string, id: string): Promise<ConsentRequest | undefined>;
  /** The live seat whose passkey has this credential id; undefined: none. */
  passkey(credentialId: string): Promise<Seat | undefined>;
  /** Seats of a client that sign in by code and were locked by wrong ones since then, epoch milliseconds. */
  codeLocks(client: string, since: number): Promise<readonly CodeLock[]>;
  login(id: string): Promise<(Login & { readonly endedAt: number | undefined }) | undefined>;
  /** Sign-ins that live and took one another's place in one browser with this one, itself left out. */
  besideLogin(id: string): Promise<readonly string[]>;
  /** The newest refresh token of a sign-in and when the provider last stood by it (epoch ms); undefined: none. */
  token(login: string): Promise<{ readonly token: string; readonly confirmedAt: number } | undefined>;
  /** What was learned about staff beside the policy files. */
  learned(): Promise<{
    readonly bindings: readonly Binding[];
    readonly directory: readonly DirectoryUser[];
    /** People of clients who sit and sign in with a passkey alone, whether a file names them or not. */
    readonly controllers: readonly ControllerUser[];
    readonly notices: readonly NoticeRead[];
  }>;
  /** How many lines each client's log has. */
  sizes(): Promise<ReadonlyMap<string, number>>;
  /** Clients in whose log an opening has not ended. */
  busyClients(): Promise<readonly string[]>;
  lines(query: LineQuery): Promise<readonly Line[]>;
  /** Current origin, size, the signed checkpoint note and the verifier key, for a client to keep elsewhere. */
  head(client: string): Promise<
    | {
        readonly origin: string;
        readonly size: number;
        readonly checkpoint: string;
        readonly verifierKey: string;
      }
    | undefined
  >;
  /** All shards of a client's log as a zip in the layout of tlog-tiles. */
  export(client: string): AsyncIterable<Uint8Array>;
  /** A client's log as one file in a plain format, in chunks. */
  take(take: Take): AsyncIterable<Uint8Array>;
  /** A client's log as events, from a place on; undefined: the place is not in this log. */
  events(client: string, after: EventPlace | undefined, limit: number): Promise<EventPage | undefined>;
  /** Re-reads every hash and projection of all logs (or one client's). Findings in words; empty means all is well. */
  fsck(client?: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/**
 * A client's openings with what was counted in them, however long its log is. Made from the lines, a second or so behind
 * them; a page says until when it is complete. Never evidence. Throws Fault `ledger_unavailable`.
 */
export interface History {
  page(query: HistoryQuery): Promise<HistoryPage>;
  /** Everything by which a client's openings can be found. */
  terms(client: string): Promise<HistoryTerms>;
  /** Openings by purpose between neighbouring instants. */
  bars(client: string, edges: readonly number[]): Promise<readonly Bar[]>;
  /** One opening of this client; undefined: it has none of that id. */
  story(client: string, id: string): Promise<OpenedStory | undefined>;
  /** Lines of one opening after a place, oldest first; undefined as above. */
  lines(
    client: string,
    id: string,
    after: HistoryPlace | undefined,
    limit: number,
  ): Promise<StoryLines | undefined>;
  /** The newest line of one opening; undefined: it has none of that id, or not everything is counted. */
  lastLine(client: string, id: string): Promise<HistoryPlace | undefined>;
  /** Resolves when everything committed before now is counted. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** One version of a client's own instructions, with when it was set, epoch milliseconds, and its signed text. */
export interface InstructionVersion {
  readonly said: OwnInstructions;
  readonly at: number;
  readonly text: string;
}

/** From an instant, epoch milliseconds, up to another that is not included. */
export interface Period {
  readonly from: number;
  readonly until: number;
}

/** A page: so many rows, beginning after the one with this time and id. */
export interface Keyset {
  readonly before: { readonly at: number; readonly id: string } | undefined;
  readonly limit: number;
}

/** What one agreement used in the period that began then, epoch milliseconds. */
export interface UsedBudget {
  readonly grant: string;
  readonly period: number;
  readonly spent: Spent;
}

/** Why something is ended, and what hangs on it. All given fields must match. */
export interface Cut {
  readonly client?: string;
  readonly opening?: string;
  readonly grant?: string;
  readonly person?: string;
  readonly exchange?: string;
}

/** Which openings are ended. */
export interface Ending extends Cut {
  /** The sign-in that they hang on. */
  readonly login?: string;
  /** The reference that they were declared under, as it stands now. */
  readonly reference?: string;
  /** The session of the command line that declared them, by its hash. */
  readonly commandLine?: string;
}

/** The registry of running exchanges. In memory; synchronous. */
export interface Cutters {
  /** Destroys all matching exchanges on both sides now. Answers how many, after the sockets are reset. */
  cut(what: Cut, outcome: string): number;
  running(client: string): readonly RunningExchange[];
  /** What an opening did so far, on this node, since it started. */
  counts(opening: string): Counts;
  /** Forgets the counts of an opening that is closed and recorded, and lets go of its upstream connections. */
  forget(opening: string): void;
}

export interface RunningExchange {
  readonly id: string;
  readonly client: string;
  readonly system: string;
  readonly opening: string;
  readonly person: string;
  readonly grant: string;
  readonly method: string;
  readonly template: string;
  readonly operation: Operation;
  readonly startedAt: number;
  /** Wall clock after which it is cut. A policy that changed may bring it nearer. */
  until: number;
  readonly up: number;
  readonly down: number;
}

/**
 * What is in force, in memory, per client: grants, openings, epoch. Loaded on first use, replaced when the epoch
 * moved, told of every act of this process at once. The database stays the truth.
 */
export interface Authority {
  /** Whether other processes were heard of lately: if not, not another byte may pass of what was decided before. Synchronous. */
  inTouch(): boolean;
  /** In memory if known, else loaded. Throws Fault `ledger_unavailable` when it could not look. */
  client(id: string): InForce | Promise<InForce>;
  /** Looks again, after the ledger said that the epoch moved. */
  refresh(id: string): Promise<InForce>;
  /** The opening behind a cookie: from memory synchronously, else from the database. Undefined: nobody. */
  door(cookieHash: string): Door | Promise<Door | undefined>;
  /** The access behind the credential of a tool: from memory synchronously, else from the database. Undefined: nobody's. */
  tool(hash: string): Tool | Promise<Tool | undefined>;
  /** Runs a command and folds its effect into memory before it resolves. */
  run<C extends Command>(command: C): Promise<AnswerOf<C>>;
  /**
   * Ends openings: blocks and cuts in memory first, then records `session.closed` with how long the cut took.
   * If recording fails the block stays and `recorded` is false.
   */
  end(what: Ending, cause: EndCause, by: Actor | undefined, outcome?: RunOutcome): Promise<Ended>;
  /**
   * Signs a command line out with what it opened: blocks and cuts in memory first, then records both in one transaction. Throws
   * Fault when it cannot be recorded; the block stays, and it is tried again until it is.
   */
  endCommandLine(hash: string): Promise<Ended & { readonly ended: boolean }>;
  /** Revokes or suspends a grant: blocks, cuts, records. */
  withdraw(client: string, grant: string, to: 'revoked' | 'suspended', by: Actor): Promise<Ended>;
}

export interface Ended {
  readonly openings: readonly string[];
  readonly exchanges: number;
  readonly cutMs: number;
  readonly recorded: boolean;
}

export interface Door {
  readonly opening: Opening;
  /** `client/system` */
  readonly system: string;
}

export interface InForce extends Noticed {
  readonly epoch: number;
  readonly grants: ReadonlyMap<string, Grant>;
  readonly openings: ReadonlyMap<string, Opening>;
  readonly seats: readonly Seat[];
  /** The client's own instructions; left out: none. Each grant carries them too. */
  readonly instructions?: OwnInstructions;
  /** Ended in memory but not yet recorded. */
  readonly blocked: ReadonlyMap<string, Opening>;
  /** Grants taken back in memory but not yet recorded, with what they are now. */
  readonly withdrawn: ReadonlyMap<string, 'revoked' | 'suspended'>;
}
