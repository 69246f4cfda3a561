/**
 * The part of the story that tells of consents: each is given by somebody seated who really signed its text, by two of
 * them where the client wants two, again by another when a signer was removed; and nothing is done under one that is not in
 * force. Pure; it knows only what the lines before have said.
 */
import { parseBudget } from './budget.ts';
import { textDifference } from './consent-text.ts';
import type { LeafFields } from './entries.ts';
import { evidenceFault, evidenceFrom } from './evidence.ts';
import { endFrom, type FirstUse, parseFirstUse } from './first-use.ts';
import { parseLeaf, textHash } from './leaf.ts';
import { confirmTime, ruleDifference, ruleTime } from './signers.ts';
import type { StoryContext } from './story-context.ts';
import { list, within } from './story-lines.ts';
import type { SeatsTold, SeatTold } from './story-seats.ts';
import { lengthenFault, type SessionTold } from './story-sessions.ts';

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
  /** Days that copies under it are kept at most; undefined: as long as the rules say. */
  readonly keep: number | undefined;
  readonly text: string;
  /** How many different representatives must have signed it. */
  readonly needed: number;
  /** Seats whose signature stands: those of removed people are taken out. */
  readonly signers: Set<string>;
  /** Until when it holds unless another representative signs it; '': nobody need. */
  confirmBy: string;
  status: 'waiting' | 'active' | 'suspended' | 'revoked' | 'expired' | 'void';
}

/** What an opening wants to do under a consent. */
export interface Wanted {
  readonly systems: readonly string[];
  readonly operations: readonly string[];
  readonly purpose: string;
  readonly grant: string;
  readonly ends: string;
}

const statusOf: Readonly<Record<string, 'suspended' | 'active' | 'revoked' | 'expired'>> = {
  'consent.suspended': 'suspended',
  'consent.resumed': 'active',
  'consent.revoked': 'revoked',
  'consent.expired': 'expired',
};

/** Each method takes a line and answers what is wrong with it, in words; undefined when it fits. */
export class ConsentsTold {
  readonly #context: StoryContext;
  readonly #seats: SeatsTold;
  /** Called when rights were taken away. */
  readonly #raise: () => void;
  readonly #grants = new Map<string, GivenGrant>();
  readonly #voided = new Set<string>();
  /** Consents that only an evaluation key signed. */
  readonly evaluationSigned: string[] = [];
  #two = false;
  #off:
    | { readonly id: string; readonly text: string; readonly seat: string; readonly at: number }
    | undefined;

  constructor(context: StoryContext, seats: SeatsTold, raise: () => void) {
    this.#context = context;
    this.#seats = seats;
    this.#raise = raise;
  }

  /** `answers`: what is wrong with what the consent answers; asked once everything else about it is right. */
  granted(leaf: LeafFields, answers: (seat: SeatTold) => string | undefined): string | undefined {
    const id = String(leaf.id);
    if (this.#grants.has(id)) return 'the consent was given already';
    const hash = String(leaf.text);
    const fault = this.#signerFault(leaf) ?? this.#textFault(hash, (text) => textDifference(text, leaf));
    if (fault !== undefined) return fault;
    const seat = this.#seats.get(String(leaf.seat));
    if (seat === undefined) return 'the consent is not signed by somebody seated';
    const unsigned =
      answers(seat) ??
      this.#signatureFault(leaf, hash, seat.role === 'delegate' ? 'delegate' : 'representative');
    if (unsigned !== undefined) return unsigned;
    if ((leaf.second === 'needed') !== this.#two)
      return this.#two
        ? 'the client wants two signatures, and the consent waits for none'
        : 'the consent waits for a second signature that the client does not want';
    const firstUse = leaf.first_use === undefined ? undefined : parseFirstUse(String(leaf.first_use));
    if (leaf.first_use !== undefined && firstUse === undefined)
      return 'the latest start of the consent cannot be read';
    if (leaf.method === 'evaluation-key') this.evaluationSigned.push(id);
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
      keep: parseBudget(String(leaf.budget))?.keep,
      text: hash,
      needed: this.#two ? 2 : 1,
      signers: new Set([String(leaf.seat)]),
      confirmBy: '',
      status: this.#two ? 'waiting' : 'active',
    });
    return undefined;
  }

  /** A further signature under a consent. */
  signed(leaf: LeafFields): string | undefined {
    const grant = this.#grants.get(String(leaf.grant));
    if (grant === undefined) return 'it signs a consent that was never given';
    const time = String(leaf.at);
    const waits = grant.status === 'waiting' ? 'second' : grant.confirmBy === '' ? undefined : 'confirmed';
    if (grant.status === 'revoked' || grant.status === 'expired' || grant.status === 'void')
      return 'it signs a consent that has ended';
    if (waits === undefined || leaf.as !== waits) return 'the consent does not wait for that signature';
    if (time >= grant.until || (waits === 'confirmed' && time >= grant.confirmBy))
      return 'the consent has ended before it was signed';
    const seat = String(leaf.seat);
    const fault = this.#signerFault(leaf) ?? this.#signatureFault(leaf, grant.text);
    if (fault !== undefined) return fault;
    if ([...grant.signers].some((one) => this.#seats.isSame(one, seat)))
      return 'the same person signs the consent twice';
    grant.signers.add(seat);
    const complete = grant.signers.size >= grant.needed;
    if (leaf.complete !== complete) return 'it says otherwise whether enough have signed';
    if (complete && waits === 'second') grant.status = 'active';
    if (complete) grant.confirmBy = '';
    return undefined;
  }

  /** The client's choice to want two signatures, or one again. */
  rule(leaf: LeafFields): string | undefined {
    const wish = String(leaf.wish);
    const hash = String(leaf.text);
    const [id, seat, at] = [String(leaf.rule), String(leaf.seat), Date.parse(String(leaf.at))];
    const fault =
      this.#signerFault(leaf) ??
      this.#textFault(hash, (text) => ruleDifference(text, leaf)) ??
      this.#signatureFault(leaf, hash);
    if (fault !== undefined) return fault;
    if ((wish === 'on') === this.#two) return 'the rule is so already';
    if (wish === 'on') {
      this.#two = true;
      return leaf.step === 'set' ? undefined : 'the rule needs no second signature';
    }
    const first = this.#off;
    if (leaf.step === 'first') {
      if (first !== undefined) return 'another wish to do without a second signature waits';
      this.#off = { id, text: hash, seat, at };
      return undefined;
    }
    if (first === undefined || first.id !== id || first.text !== hash)
      return 'nobody signed first to do without a second signature';
    if (at >= first.at + ruleTime) return 'the first signature had lapsed';
    if (this.#seats.isSame(first.seat, seat)) return 'the same person signs the rule twice';
    this.#two = false;
    this.#off = undefined;
    return undefined;
  }

  /** Signatures of a seat that was removed stand no more. */
  unseated(seat: string, at: string): void {
    if (this.#off?.seat === seat) this.#voided.add(this.#off.id);
    for (const [id, grant] of this.#grants) {
      if (!grant.signers.delete(seat)) continue;
      if (grant.status === 'waiting') {
        grant.status = 'void';
        this.#voided.add(id);
      }
      if ((grant.status === 'active' || grant.status === 'suspended') && grant.confirmBy === '')
        grant.confirmBy = new Date(Date.parse(at) + confirmTime).toISOString();
    }
  }

  /** What waited for a second signature is over: its signer was removed, or nobody came. */
  lapsed(leaf: LeafFields): string | undefined {
    const id = String(leaf.grant ?? leaf.rule);
    const late = this.#off?.id === id && Date.parse(String(leaf.at)) >= this.#off.at + ruleTime;
    if (!this.#voided.delete(id) && !late) return 'nothing of that name has lapsed';
    if (this.#off?.id === id) this.#off = undefined;
    return undefined;
  }

  /** What has to be said next of consents that name one of these systems, because they lead elsewhere: by consent. */
  rest(systems: readonly string[]): ReadonlyMap<string, 'consent.suspended' | 'consent.lapsed'> {
    const due = new Map<string, 'consent.suspended' | 'consent.lapsed'>();
    for (const [id, grant] of this.#grants) {
      if (!grant.systems.some((system) => systems.includes(system))) continue;
      if (grant.status === 'active') due.set(id, 'consent.suspended');
      if (grant.status !== 'waiting') continue;
      grant.status = 'void';
      this.#voided.add(id);
      due.set(id, 'consent.lapsed');
    }
    return due;
  }

  statusChanged(leaf: LeafFields): string | undefined {
    const grant = this.#grants.get(String(leaf.grant));
    if (grant === undefined) return 'it changes a consent that was never given';
    if (grant.status === 'revoked' || grant.status === 'expired' || grant.status === 'void')
      return 'it changes a consent that has ended';
    const to = statusOf[String(leaf.t)] ?? 'expired';
    if (grant.status === to) return `the consent is ${to} already`;
    if (grant.status === 'waiting' && (to === 'active' || to === 'suspended'))
      return 'the consent waits for its second signature';
    if (to === 'active') {
      const seat = this.#seats.get(String(leaf.seat));
      if (seat === undefined || seat.removed || seat.role !== 'representative')
        return 'the consent is not resumed by a seated representative';
      if (String(leaf.at) < seat.grantsFrom) return 'whoever resumed the consent could not sign yet';
    } else {
      this.#raise();
    }
    grant.status = to;
    return undefined;
  }

  /** Consents that are neither suspended nor over at that time. */
  active(time: string): readonly string[] {
    return [...this.#grants]
      .filter(([, one]) => one.status === 'active' && time < one.until)
      .map(([id]) => id);
  }

  /** Whether a consent is neither suspended nor over, as far as lines say; its own end may have come. */
  isActive(grant: string): boolean {
    return this.#grants.get(grant)?.status === 'active';
  }

  /** What a consent is as far as lines say; undefined: it was never given. */
  standing(grant: string): GivenGrant['status'] | undefined {
    return this.#grants.get(grant)?.status;
  }

  /** Whom the text of that hash names; nobody when it is not there. */
  peopleIn(hash: string): readonly string[] {
    return list(parseLeaf(this.#context.textOf(hash) ?? new Uint8Array(0))?.people ?? '');
  }

  keepUnder(grant: string): number | undefined {
    return this.#grants.get(grant)?.keep;
  }

  /** Whether something is under a consent that is in force then and covers it. */
  fault(wanted: Wanted, time: string): string | undefined {
    const grant = this.#grants.get(wanted.grant);
    if (grant === undefined) return 'no such consent was given before';
    if (grant.status !== 'active') return `the consent is ${grant.status}`;
    if (time < grant.from || time >= grant.until) return 'the consent is out of its time';
    if (grant.confirmBy !== '' && time >= grant.confirmBy)
      return 'the consent was not signed again after its signer was removed';
    if (!within(wanted.systems, grant.systems)) return 'the consent does not cover the system';
    if (!grant.purposes.includes(wanted.purpose)) return 'the consent does not cover the purpose';
    if (!within(wanted.operations, grant.operations)) return 'the consent does not cover the operation';
    return undefined;
  }

  /** An opening under a consent that limits accesses is no longer than that. */
  lengthFault(wanted: Wanted, time: string): string | undefined {
    const minutes = this.#grants.get(wanted.grant)?.minutes ?? 0;
    const longest = Date.parse(time) + minutes * 60_000;
    return minutes > 0 && Date.parse(wanted.ends) > longest
      ? 'the opening is longer than the consent permits'
      : undefined;
  }

  /** A running access goes on under its consent, or under one that was given for it. `longest`: minutes beside those of the consent; 0: none. */
  lengthened(session: SessionTold, leaf: LeafFields, time: string, longest: number): string | undefined {
    const grant = this.#grants.get(String(leaf.grant));
    if (grant === undefined) return 'no such consent was given before';
    const { systems, purpose, ends } = session;
    const operations = list(leaf.operations);
    const under = { systems, purpose, operations, ends, grant: String(leaf.grant) };
    const limits = [grant.minutes, longest].filter((limit) => limit > 0);
    const minutes = limits.length === 0 ? 0 : Math.min(...limits);
    return this.fault(under, time) ?? lengthenFault(session, leaf, { ...grant, minutes });
  }

  /** The first opening under a consent of that kind starts its clock; none of its openings outlives it. */
  used(wanted: Wanted, time: string, clock: number | undefined): string | undefined {
    const grant = this.#grants.get(wanted.grant);
    if (grant?.firstUse === undefined) return undefined;
    if (!grant.started) {
      const at = Date.parse(time);
      if (at >= grant.firstUse.startBy) return 'its consent was not used before its latest start';
      grant.started = true;
      const end = new Date(endFrom(grant.firstUse, at, clock)).toISOString();
      if (end < grant.until) grant.until = end;
      this.#raise();
    }
    return wanted.ends > grant.until ? 'it ends after its consent' : undefined;
  }

  #signerFault(leaf: LeafFields): string | undefined {
    const seat = this.#seats.get(String(leaf.seat));
    if (seat === undefined || seat.removed) return 'the consent is not signed by somebody seated';
    return String(leaf.at) < seat.grantsFrom ? 'whoever signed the consent could not sign yet' : undefined;
  }

  #signatureFault(
    leaf: LeafFields,
    hash: string,
    signer: 'delegate' | 'representative' = 'representative',
  ): string | undefined {
    const seat = this.#seats.get(String(leaf.seat));
    if (seat === undefined) return 'the consent is not signed by somebody seated';
    const fault = evidenceFault(seat, evidenceFrom(leaf), hash, this.#context.party, signer);
    return fault === undefined ? undefined : `the signature of the consent does not hold: ${fault}`;
  }

  #textFault(hash: string, difference: (text: Uint8Array) => string | undefined): string | undefined {
    const text = this.#context.textOf(hash);
    if (text === undefined) return 'the text of the consent is missing';
    if (textHash(text) !== hash) return 'the text of the consent is not the one that was signed';
    return difference(text);
  }
}
