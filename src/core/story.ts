/**
 * The story a log tells, checked line by line in its order: nobody is in a system but inside an opening, under a
 * consent that a seated representative signed and nobody has ended; every exchange has one beginning and at most one
 * end; times, counters and epochs only go forward. Pure; it knows only what the lines before have said.
 */
import { BudgetMeter } from './budget.ts';
import { textDifference } from './consent-text.ts';
import type { EntryKind, LeafFields } from './entries.ts';
import { evidenceFault, evidenceFrom, type RelyingParty } from './evidence.ts';
import { endFrom, type FirstUse, parseFirstUse } from './first-use.ts';
import { textHash } from './leaf.ts';
import { CredentialsTold } from './story-credentials.ts';
import { CorrectionStory } from './story-corrections.ts';
import { openedAgainst } from './own-instructions.ts';
import { InstructionsTold } from './story-instructions.ts';
import { ExchangesTold, type Position } from './story-exchanges.ts';
import { DelegationsTold } from './story-delegations.ts';
import { LineOrder } from './story-order.ts';
import { ProposalsTold } from './story-proposals.ts';
import { createRequestStory } from './story-requests.ts';
import { isTime, lineFault, list, within } from './story-lines.ts';
import { lengthenFault, otherThanSession, type SessionTold } from './story-sessions.ts';
import { SeatsTold } from './story-seats.ts';

export interface StoryContext {
  /** The text of a consent or policy by its hash, from the export; undefined when it is not there. */
  textOf(hash: string): Uint8Array | undefined;
  readonly party: RelyingParty;
}

interface GivenGrant {
  readonly systems: readonly string[];
  readonly purposes: readonly string[];
  readonly operations: readonly string[];
  readonly from: string;
  until: string;
  readonly firstUse: FirstUse | undefined;
  started: boolean;
  /** Longest access under it; 0: not limited. */
  readonly minutes: number;
  /** The access that it was given to lengthen; '': none. */
  readonly session: string;
  status: 'active' | 'suspended' | 'revoked' | 'expired';
}

export interface Story {
  /** Takes the next line. Answers the first thing wrong with it, in words; undefined when it fits. */
  line(position: Position, leaf: LeafFields): string | undefined;
  /** A new shard begins: counters start again, everything else goes on. */
  shard(): void;
  /** What is no failure but should be known. */
  notices(): readonly string[];
}

class StoryTeller implements Story {
  readonly #context: StoryContext;
  readonly #seats = new SeatsTold();
  readonly #delegations: DelegationsTold;
  readonly #credentials = new CredentialsTold();
  readonly #grants = new Map<string, GivenGrant>();
  readonly #requests = createRequestStory();
  readonly #proposals = new ProposalsTold();
  readonly #instructions: InstructionsTold;
  readonly #sessions = new Map<string, SessionTold>();
  readonly #budgets = new BudgetMeter();
  readonly #exchanges = new ExchangesTold();
  readonly #evaluationSigned: string[] = [];
  readonly #order = new LineOrder();
  readonly #corrections = new CorrectionStory();
  #epoch = 0;
  #raised = false;

  constructor(context: StoryContext) {
    this.#context = context;
    this.#instructions = new InstructionsTold(context, this.#seats);
    this.#delegations = new DelegationsTold(this.#seats, context);
  }

  line(position: Position, leaf: LeafFields): string | undefined {
    return (
      lineFault(leaf) ?? this.#order.line(leaf) ?? this.#content(position, leaf) ?? this.#budgets.line(leaf)
    );
  }

  shard(): void {
    this.#order.shard();
    this.#corrections.shard();
  }

  notices(): readonly string[] {
    const notices = this.#evaluationSigned.map(
      (id) =>
        `consent ${id} is signed only by an evaluation key that the gateway itself holds: it proves nothing`,
    );
    if (this.#exchanges.open > 0) notices.push(`${this.#exchanges.open} exchanges have no result yet`);
    return notices;
  }

  #unseated(leaf: LeafFields): string | undefined {
    this.#raised = true;
    return this.#seats.removed(leaf);
  }

  #granted(leaf: LeafFields): string | undefined {
    const id = String(leaf.id);
    if (this.#grants.has(id)) return 'the consent was given already';
    const seat = this.#seats.get(String(leaf.seat));
    if (seat === undefined || seat.removed) return 'the consent is not signed by somebody seated';
    if (String(leaf.at) < seat.grantsFrom) return 'whoever signed the consent could not sign yet';
    const hash = String(leaf.text);
    const text = this.#context.textOf(hash);
    if (text === undefined) return 'the text of the consent is missing';
    if (textHash(text) !== hash) return 'the text of the consent is not the one that was signed';
    const difference = textDifference(text, leaf);
    if (difference !== undefined) return difference;
    const unasked = leaf.request === undefined ? undefined : this.#requests.approved(leaf);
    if (unasked !== undefined) return unasked;
    const unproposed = leaf.proposal === undefined ? undefined : this.#proposals.accepted(leaf);
    if (unproposed !== undefined) return unproposed;
    const outside = this.#delegations.covers(leaf, seat);
    if (outside !== undefined) return outside;
    const signer = seat.role === 'delegate' ? 'delegate' : 'representative';
    const fault = evidenceFault(seat, evidenceFrom(leaf), hash, this.#context.party, signer);
    if (fault !== undefined) return `the signature of the consent does not hold: ${fault}`;
    const firstUse = leaf.first_use === undefined ? undefined : parseFirstUse(String(leaf.first_use));
    if (leaf.first_use !== undefined && firstUse === undefined)
      return 'the latest start of the consent cannot be read';
    if (seat.method === 'evaluation-key') this.#evaluationSigned.push(id);
    this.#grants.set(id, {
      systems: list(leaf.systems),
      purposes: list(leaf.purposes),
      operations: list(leaf.operations),
      from: String(leaf.from),
      until: String(leaf.until),
      firstUse,
      started: false,
      minutes: Number(leaf.minutes ?? 0),
      session: String(leaf.session ?? ''),
      status: 'active',
    });
    return undefined;
  }

  #instructed(leaf: LeafFields): string | undefined {
    this.#raised = true;
    return this.#instructions.set(leaf);
  }

  /** Whoever asks back or refuses for the client is seated. */
  #saidByNobody(leaf: LeafFields): string | undefined {
    const seat = this.#seats.get(String(leaf.seat));
    return seat === undefined || seat.removed ? 'it is not said by somebody seated' : undefined;
  }

  /** Only a representative declines what the provider proposed. */
  #declined(leaf: LeafFields): string | undefined {
    const seat = this.#seats.get(String(leaf.seat));
    return seat?.role === 'representative'
      ? this.#proposals.ended(leaf, 'declined')
      : 'it is no representative who declines';
  }

  #statusChanged(leaf: LeafFields): string | undefined {
    const grant = this.#grants.get(String(leaf.grant));
    if (grant === undefined) return 'it changes a consent that was never given';
    if (grant.status === 'revoked' || grant.status === 'expired')
      return 'it changes a consent that has ended';
    const to = statusOf[leaf.t as keyof typeof statusOf];
    if (grant.status === to) return `the consent is ${to} already`;
    if (to === 'active') {
      const seat = this.#seats.get(String(leaf.seat));
      if (seat === undefined || seat.removed || seat.role !== 'representative') {
        return 'the consent is not resumed by a seated representative';
      }
    } else {
      this.#raised = true;
    }
    grant.status = to;
    return undefined;
  }

  #opened(leaf: LeafFields): string | undefined {
    const id = String(leaf.id);
    if (this.#sessions.has(id)) return 'the opening exists already';
    const session: SessionTold = {
      systems: list(leaf.systems),
      operations: list(leaf.operations),
      purpose: String(leaf.purpose),
      grant: String(leaf.grant),
      opened: String(leaf.at),
      ends: String(leaf.ends),
      closed: false,
    };
    if (!isTime(session.ends) || session.ends <= String(leaf.at)) return 'the opening ends before it begins';
    const fault =
      this.#consentFault(session, String(leaf.at)) ??
      this.#lengthFault(session, String(leaf.at)) ??
      openedAgainst(this.#instructions.current(), leaf);
    if (fault !== undefined) return fault;
    this.#sessions.set(id, session);
    return this.#firstUsed(
      session,
      String(leaf.at),
      leaf.clock === undefined ? undefined : Number(leaf.clock),
    );
  }

  /** The first opening under a consent of that kind starts its clock; none of its openings outlives it. */
  #firstUsed(session: SessionTold, time: string, clock: number | undefined): string | undefined {
    const grant = this.#grants.get(session.grant);
    if (grant?.firstUse === undefined) return undefined;
    if (!grant.started) {
      const at = Date.parse(time);
      if (at >= grant.firstUse.startBy) return 'its consent was not used before its latest start';
      grant.started = true;
      const end = new Date(endFrom(grant.firstUse, at, clock)).toISOString();
      if (end < grant.until) grant.until = end;
      this.#raised = true;
    }
    return session.ends > grant.until ? 'it ends after its consent' : undefined;
  }

  /** A running access goes on under its consent, or under one that was given for it. */
  #extended(leaf: LeafFields): string | undefined {
    const session = this.#sessions.get(String(leaf.session));
    const grant = this.#grants.get(String(leaf.grant));
    const time = String(leaf.at);
    if (session === undefined || session.closed || time >= session.ends)
      return 'it lengthens an opening that is not open';
    if (grant === undefined) return 'no such consent was given before';
    const { systems, purpose } = session;
    const under = { systems, purpose, operations: list(leaf.operations), grant: String(leaf.grant) };
    const fault = this.#consentFault(under, time) ?? lengthenFault(session, leaf, grant);
    if (fault === undefined) this.#raised = true;
    return fault;
  }

  /** Whether the opening is under a consent that is in force and covers it. */
  #consentFault(
    session: Pick<SessionTold, 'systems' | 'purpose' | 'operations' | 'grant'>,
    time: string,
  ): string | undefined {
    const grant = this.#grants.get(session.grant);
    if (grant === undefined) return 'no such consent was given before';
    if (grant.status !== 'active') return `the consent is ${grant.status}`;
    if (time < grant.from || time >= grant.until) return 'the consent is out of its time';
    if (!within(session.systems, grant.systems)) return 'the consent does not cover the system';
    if (!grant.purposes.includes(session.purpose)) return 'the consent does not cover the purpose';
    if (!within(session.operations, grant.operations)) return 'the consent does not cover the operation';
    return undefined;
  }

  /** An opening under a consent that limits accesses is no longer than that. */
  #lengthFault(session: SessionTold, time: string): string | undefined {
    const minutes = this.#grants.get(session.grant)?.minutes ?? 0;
    const longest = Date.parse(time) + minutes * 60_000;
    return minutes > 0 && Date.parse(session.ends) > longest
      ? 'the opening is longer than the consent permits'
      : undefined;
  }

  #intended(position: Position, leaf: LeafFields): string | undefined {
    const session = this.#sessions.get(String(leaf.session));
    if (session === undefined) return 'it lies in no opening';
    if (session.closed) return 'its opening was closed before';
    const time = String(leaf.at);
    if (time >= session.ends) return 'its opening had ended';
    if (leaf.grant !== session.grant) return 'it names another consent than its opening';
    if (!session.systems.includes(String(leaf.system))) return 'its opening does not have that system';
    if (!session.operations.includes(String(leaf.operation)))
      return 'its opening does not permit that operation';
    const fault = this.#consentFault(session, time);
    if (fault !== undefined) return fault;
    const told = Number(leaf.epoch);
    if (told < this.#epoch || (this.#raised && told === this.#epoch))
      return 'it was decided under rights that had changed';
    this.#epoch = told;
    this.#raised = false;
    // Static assets are covered by one line and counted when the access is closed: no result follows.
    if (leaf.t === 'access.intent') this.#exchanges.began(position, leaf);
    return undefined;
  }

  #sessionClosed(leaf: LeafFields): string | undefined {
    const session = this.#sessions.get(String(leaf.session));
    if (session === undefined || session.closed) return 'it closes an opening that is not open';
    session.closed = true;
    this.#raised = true;
    return undefined;
  }

  #policyTold(leaf: LeafFields): string | undefined {
    const text = this.#context.textOf(String(leaf.policy));
    if (text === undefined) return 'the text of the policy is missing';
    return textHash(text) === leaf.policy
      ? undefined
      : 'the text of the policy is not the one that was in force';
  }

  #inOpening(leaf: LeafFields): string | undefined {
    const session = String(leaf.session);
    return session === '' || this.#sessions.has(session)
      ? undefined
      : 'it names an opening that does not exist';
  }

  #content(position: Position, leaf: LeafFields): string | undefined {
    switch (leaf.t as EntryKind) {
      case 'controller.nominated':
        return this.#seats.nominated(leaf);
      case 'controller.seated':
        return this.#seats.seated(leaf);
      case 'controller.removed':
        return this.#unseated(leaf);
      case 'consent.granted':
        return this.#granted(leaf);
      case 'consent.suspended':
      case 'consent.resumed':
      case 'consent.revoked':
      case 'consent.expired':
        return this.#statusChanged(leaf);
      case 'consent.proposed':
        return this.#proposals.proposed(leaf);
      case 'consent.requested':
        return otherThanSession(leaf, this.#sessions) ?? this.#requests.line(leaf);
      case 'consent.answered':
      case 'consent.reminded':
        return this.#requests.line(leaf);
      case 'consent.lapsed':
        return leaf.proposal === undefined
          ? this.#requests.line(leaf)
          : this.#proposals.ended(leaf, 'lapsed');
      case 'consent.asked':
        return this.#saidByNobody(leaf) ?? this.#requests.line(leaf);
      case 'consent.refused':
        return (
          this.#saidByNobody(leaf) ??
          (leaf.proposal === undefined ? this.#requests.line(leaf) : this.#declined(leaf))
        );
      case 'instructions.set':
        return this.#instructed(leaf);
      case 'delegation.granted':
        return this.#delegations.granted(leaf);
      case 'delegation.revoked':
        this.#raised = true;
        return this.#delegations.revoked(leaf);
      case 'session.opened':
        return this.#opened(leaf) ?? this.#corrections.opened(leaf);
      case 'session.corrected':
        return this.#corrections.corrected(leaf);
      case 'session.extended':
        return this.#extended(leaf);
      case 'session.closed':
        return this.#sessionClosed(leaf);
      case 'access.intent':
      case 'access.static':
        return this.#intended(position, leaf);
      case 'access.result':
        return this.#exchanges.resulted(leaf);
      case 'access.progress':
      case 'access.refused':
        return this.#inOpening(leaf);
      case 'credential.recorded':
      case 'credential.rotated':
      case 'credential.returned':
        return this.#credentials.line(leaf);
      case 'policy.activated':
        return this.#policyTold(leaf);
      case 'log.closed':
        this.#order.close();
        return undefined;
      case 'log.opened':
      case 'node.started':
      case 'node.stopped':
      case 'staff.bound':
      case 'log.read':
      case 'heartbeat':
        return undefined;
    }
  }
}

export function createStory(context: StoryContext): Story {
  return new StoryTeller(context);
}

const statusOf = {
  'consent.suspended': 'suspended',
  'consent.resumed': 'active',
  'consent.revoked': 'revoked',
  'consent.expired': 'expired',
} as const;
