/**
 * The story a log tells, checked line by line in its order: nobody is in a system but inside an opening, under a
 * consent that a seated representative signed and nobody has ended; every exchange has one beginning and at most one
 * end; times, counters and epochs only go forward. Pure; it knows only what the lines before have said.
 */
import { BudgetMeter } from './budget-meter.ts';
import { bypassFault } from './doors.ts';
import type { EntryKind, LeafFields } from './entries.ts';
import { openedAgainst } from './own-instructions.ts';
import { RobotsTold } from './robot-runs.ts';
import { ConnectionStory } from './story-connections.ts';
import { ConsentsTold } from './story-consents.ts';
import type { Story, StoryContext } from './story-context.ts';
import { CopiesTold } from './story-copies.ts';
import { CorrectionStory } from './story-corrections.ts';
import { CredentialsTold } from './story-credentials.ts';
import { DelegationsTold } from './story-delegations.ts';
import { DrillStory } from './story-drills.ts';
import { EmergenciesTold } from './story-emergencies.ts';
import { EndingsTold } from './story-endings.ts';
import { ExchangesTold, type Position } from './story-exchanges.ts';
import { HookStory } from './story-hooks.ts';
import { InstructionsTold } from './story-instructions.ts';
import { isTime, lineFault, list } from './story-lines.ts';
import { MattersTold } from './story-matters.ts';
import { LineOrder } from './story-order.ts';
import { OutsideTold } from './story-outside.ts';
import { PoliciesTold } from './story-policies.ts';
import { ProposalsTold } from './story-proposals.ts';
import { createRequestStory } from './story-requests.ts';
import { SeatsTold } from './story-seats.ts';
import { otherThanSession, type SessionTold } from './story-sessions.ts';

class StoryTeller implements Story {
  readonly #seats = new SeatsTold();
  readonly #connections = new ConnectionStory(this.#seats);
  readonly #drills = new DrillStory(this.#seats);
  readonly #hooks = new HookStory(this.#seats);
  readonly #delegations: DelegationsTold;
  readonly #credentials = new CredentialsTold();
  readonly #consents: ConsentsTold;
  readonly #requests = createRequestStory();
  readonly #proposals = new ProposalsTold();
  readonly #instructions: InstructionsTold;
  readonly #sessions = new Map<string, SessionTold>();
  readonly #budgets = new BudgetMeter();
  readonly #exchanges = new ExchangesTold();
  readonly #order = new LineOrder();
  readonly #corrections = new CorrectionStory();
  readonly #outside = new OutsideTold();
  readonly #robots = new RobotsTold();
  readonly #emergencies: EmergenciesTold;
  readonly #policies: PoliciesTold;
  readonly #copies: CopiesTold;
  readonly #matters: MattersTold;
  readonly #endings: EndingsTold;
  #epoch = 0;
  /** What somebody known by mail and code agreed to. */
  readonly #unsigned: string[] = [];
  #raised = false;

  constructor(given: StoryContext) {
    const accepts = () => this.#policies.withoutSignature;
    const context: StoryContext = {
      textOf: (hash) => given.textOf(hash),
      get party() {
        return { ...given.party, withoutSignature: accepts() };
      },
    };
    this.#instructions = new InstructionsTold(context, this.#seats);
    this.#delegations = new DelegationsTold(this.#seats, context);
    this.#emergencies = new EmergenciesTold(context, this.#seats);
    this.#consents = new ConsentsTold(context, this.#seats, () => {
      this.#raised = true;
    });
    this.#policies = new PoliciesTold(context, this.#consents);
    this.#copies = new CopiesTold(this.#policies, this.#consents);
    this.#matters = new MattersTold(this.#seats, this.#consents, this.#instructions);
    this.#endings = new EndingsTold(context, {
      ...{ seats: this.#seats, consents: this.#consents, copies: this.#copies },
      ...{ credentials: this.#credentials, policies: this.#policies },
      openings: () => [...this.#sessions.values()].filter(({ closed }) => !closed).length,
    });
  }

  line(position: Position, leaf: LeafFields): string | undefined {
    const fault =
      lineFault(leaf) ??
      this.#order.line(leaf) ??
      this.#policies.line(leaf) ??
      this.#endings.line(leaf) ??
      this.#matters.line(leaf) ??
      this.#connections.line(leaf) ??
      this.#content(position, leaf) ??
      this.#budgets.line(leaf);
    if (fault === undefined && leaf.method === 'mail-totp' && leaf.t !== 'controller.seated')
      this.#unsigned.push(`${String(leaf.t)} ${String(leaf.grant ?? leaf.rule ?? leaf.id)}`);
    return fault;
  }

  shard(): void {
    this.#order.shard();
    this.#corrections.shard();
    this.#outside.shard();
    this.#copies.shard();
    this.#emergencies.shard();
    this.#matters.shard();
  }

  end(): string | undefined {
    return this.#policies.end() ?? this.#endings.end();
  }

  notices(): readonly string[] {
    const notices = this.#consents.evaluationSigned.map(
      (id) =>
        `consent ${id} is signed only by an evaluation key that the gateway itself holds: it proves nothing`,
    );
    for (const what of this.#unsigned)
      notices.push(
        `${what} carries no signature of its own: its giver was known by mail and code only, which is weaker evidence`,
      );
    notices.push(...this.#endings.certified);
    if (this.#exchanges.open > 0) notices.push(`${this.#exchanges.open} exchanges have no result yet`);
    return notices;
  }

  #unseated(leaf: LeafFields): string | undefined {
    this.#raised = true;
    const fault = this.#seats.removed(leaf);
    this.#consents.unseated(String(leaf.seat), String(leaf.at));
    return fault;
  }

  #granted(leaf: LeafFields): string | undefined {
    return this.#consents.granted(
      leaf,
      (seat) =>
        (leaf.request === undefined ? undefined : this.#requests.approved(leaf)) ??
        (leaf.proposal === undefined
          ? undefined
          : this.#proposals.accepted(leaf, this.#consents.peopleIn(String(leaf.text)))) ??
        this.#delegations.covers(leaf, seat) ??
        this.#emergencies.granted(leaf),
    );
  }

  #instructed(leaf: LeafFields): string | undefined {
    this.#raised = true;
    return this.#instructions.set(leaf);
  }

  #ended(leaf: LeafFields): string | undefined {
    const { fault, raised } = this.#endings.take(leaf);
    this.#raised ||= raised;
    return fault;
  }

  /** Whoever asks back or refuses for the client is seated. */
  #saidByNobody(leaf: LeafFields): string | undefined {
    const seat = this.#seats.get(String(leaf.seat));
    return seat === undefined || seat.removed ? 'it is not said by somebody seated' : undefined;
  }

  #lapsed(leaf: LeafFields): string | undefined {
    if (leaf.proposal !== undefined) return this.#proposals.ended(leaf, 'lapsed');
    if (leaf.request !== undefined) return this.#requests.line(leaf);
    return this.#consents.lapsed(leaf);
  }

  /** Only a representative declines what the provider proposed. */
  #declined(leaf: LeafFields): string | undefined {
    const seat = this.#seats.get(String(leaf.seat));
    return seat?.role === 'representative'
      ? this.#proposals.ended(leaf, 'declined')
      : 'it is no representative who declines';
  }

  #opened(leaf: LeafFields): string | undefined {
    const id = String(leaf.id);
    if (this.#sessions.has(id)) return 'the opening exists already';
    const session: SessionTold = {
      systems: list(leaf.systems),
      operations: list(leaf.operations),
      purpose: String(leaf.purpose),
      grant: String(leaf.grant),
      began: String(leaf.grant),
      opened: String(leaf.at),
      ends: String(leaf.ends),
      closed: false,
    };
    if (!isTime(session.ends) || session.ends <= String(leaf.at)) return 'the opening ends before it begins';
    const time = String(leaf.at);
    const fault =
      this.#consents.fault(session, time) ??
      this.#consents.lengthFault(session, time) ??
      openedAgainst(this.#instructions.current(), leaf) ??
      this.#emergencies.opened(leaf);
    if (fault !== undefined) return fault;
    this.#sessions.set(id, session);
    const clock = leaf.clock === undefined ? undefined : Number(leaf.clock);
    return this.#consents.used(session, time, clock);
  }

  /** A running access goes on under its consent, or under one that was given for it. */
  #extended(leaf: LeafFields): string | undefined {
    const session = this.#sessions.get(String(leaf.session));
    const time = String(leaf.at);
    if (session === undefined || session.closed || time >= session.ends)
      return 'it lengthens an opening that is not open';
    const longest = this.#emergencies.longest(String(leaf.session), String(leaf.grant));
    const fault = this.#consents.lengthened(session, leaf, time, longest);
    if (fault === undefined) this.#raised = true;
    return fault;
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
    const fault = this.#consents.fault(session, time);
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
    this.#outside.closed(leaf);
    this.#raised = true;
    return undefined;
  }

  #resulted(leaf: LeafFields): string | undefined {
    const running = this.#exchanges.running(String(leaf.request));
    return this.#exchanges.resulted(leaf) ?? this.#copies.resulted(leaf, running);
  }

  #inOpening(leaf: LeafFields): string | undefined {
    const session = String(leaf.session);
    return session === '' || this.#sessions.has(session)
      ? undefined
      : 'it names an opening that does not exist';
  }

  #content(position: Position, leaf: LeafFields): string | undefined {
    if (leaf.cut_at !== undefined && (!isTime(String(leaf.cut_at)) || String(leaf.cut_at) > String(leaf.at)))
      return 'it was in force at no time before its line';
    switch (leaf.t as EntryKind) {
      case 'controller.nominated':
        return this.#seats.nominated(leaf);
      case 'controller.seated':
        return this.#seats.seated(leaf);
      case 'controller.removed':
        return this.#unseated(leaf);
      case 'controller.confirmed':
        return this.#seats.confirmed(leaf);
      case 'controller.recovery':
        return this.#seats.held(leaf);
      case 'consent.granted':
        return this.#granted(leaf);
      case 'consent.suspended':
        return this.#matters.suspended(leaf) ?? this.#consents.statusChanged(leaf);
      case 'consent.resumed':
        return this.#matters.resumed(leaf) ?? this.#consents.statusChanged(leaf);
      case 'consent.revoked':
      case 'consent.expired':
        return this.#consents.statusChanged(leaf);
      case 'consent.signed':
        return this.#consents.signed(leaf);
      case 'consent.rule':
        return this.#consents.rule(leaf);
      case 'consent.proposed':
        return this.#proposals.proposed(leaf);
      case 'consent.requested':
        return otherThanSession(leaf, this.#sessions) ?? this.#requests.line(leaf);
      case 'consent.answered':
      case 'consent.reminded':
        return this.#requests.line(leaf);
      case 'consent.lapsed':
        return this.#lapsed(leaf);
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
      case 'hook.added':
        return this.#hooks.added(leaf);
      case 'hook.removed':
        return this.#hooks.removed(leaf);
      case 'session.opened':
        return (
          this.#opened(leaf) ??
          this.#corrections.opened(leaf) ??
          this.#robots.opened(leaf) ??
          this.#outside.opened(leaf, this.#sessions.get(String(leaf.id)))
        );
      case 'session.declared':
        return this.#outside.declared(leaf);
      case 'emergency.reviewed':
        return this.#emergencies.reviewed(leaf);
      case 'session.corrected':
        return this.#corrections.corrected(leaf);
      case 'session.extended':
        return this.#extended(leaf);
      case 'session.closed':
        return this.#sessionClosed(leaf);
      case 'matter.opened':
        return this.#matters.opened(leaf, this.#sessions.get(String(leaf.session)));
      case 'matter.answered':
        return this.#matters.answered(leaf);
      case 'matter.closed':
        return this.#matters.closed(leaf);
      case 'access.intent':
      case 'access.static':
        return this.#robots.intended(leaf) ?? this.#intended(position, leaf);
      case 'access.result':
        return this.#resulted(leaf);
      case 'copy.registered':
        return this.#copies.registered(
          leaf,
          this.#sessions.get(String(leaf.session)),
          this.#exchanges.running(String(leaf.request)),
        );
      case 'copy.kept':
        return this.#copies.kept(leaf);
      case 'copy.destroyed':
        return this.#copies.destroyed(leaf);
      case 'access.progress':
      case 'access.refused':
        return this.#inOpening(leaf);
      case 'credential.recorded':
      case 'credential.rotated':
      case 'credential.returned':
        return this.#credentials.line(leaf);
      case 'drill.ran':
        return this.#drills.line(leaf);
      case 'bypass.checked':
        return bypassFault(leaf, String(leaf.at));
      case 'robot.missed':
        return this.#robots.missed(leaf);
      case 'ending.set':
      case 'ending.began':
      case 'ending.lifted':
      case 'ending.notified':
      case 'ending.certified':
        return this.#ended(leaf);
      case 'policy.activated':
        return this.#policies.told(leaf);
      case 'log.closed':
        this.#order.close();
        return undefined;
      case 'log.opened':
      case 'connection.created':
      case 'connection.used':
      case 'connection.revoked':
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
