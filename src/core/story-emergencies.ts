/**
 * Emergencies, as the lines tell them: only under a clause that the client signed, by one of the people it names, not longer and not
 * oftener than it says, and under no new reference while a review is late. Pure; it knows only what the lines before have said.
 */
import {
  type ClauseTold,
  clauseIn,
  clauseRefused,
  type Emergency,
  reviewBy,
  reviewOutcomes,
} from './emergency.ts';
import type { LeafFields } from './entries.ts';
import { parseLeaf } from './leaf.ts';
import type { StoryContext } from './story-context.ts';
import type { SeatsTold } from './story-seats.ts';

type Told = Omit<Emergency, 'review'> & { review?: true };

const refusals = {
  emergency_used_up: 'the emergencies of the year were used up',
  emergency_unreviewed: 'an emergency under a new reference, while a review was overdue',
} as const;

/** Each method takes a line and answers what is wrong with it, in words; undefined when it fits. */
export class EmergenciesTold {
  readonly #context: StoryContext;
  readonly #seats: SeatsTold;
  readonly #clauses = new Map<string, ClauseTold>();
  readonly #all = new Map<string, Told>();
  /** Within one part of the log: which person was which of those named, both ways. */
  #who = new Map<string, string>();

  constructor(context: StoryContext, seats: SeatsTold) {
    this.#context = context;
    this.#seats = seats;
  }

  /** A new part begins: people have other names in it. */
  shard(): void {
    this.#who = new Map();
  }

  /** A consent whose text and signature were checked. */
  granted(leaf: LeafFields): string | undefined {
    const text = this.#context.textOf(String(leaf.text));
    const told = clauseIn((text && parseLeaf(text)) ?? {});
    if (told === undefined) return 'what the text of the consent says of emergencies cannot be read';
    if (told !== 'none') this.#clauses.set(String(leaf.id), told);
    return undefined;
  }

  /** An opening that is otherwise right. */
  opened(leaf: LeafFields): string | undefined {
    const grant = String(leaf.grant);
    const told = this.#clauses.get(grant);
    if (leaf.emergency === undefined)
      return told?.only === true ? 'its consent is for emergencies only' : undefined;
    if (leaf.emergency !== true || told === undefined) return 'its consent has no clause for emergencies';
    const { clause } = told;
    const at = Date.parse(String(leaf.at));
    if (Date.parse(String(leaf.ends)) > at + clause.minutes * 60_000)
      return 'it is longer than the clause for emergencies permits';
    const until = reviewBy(clause, at);
    if (leaf.review_by !== new Date(until).toISOString()) return 'its review is due at another time';
    if (typeof leaf.mark !== 'string' || leaf.mark === '')
      return 'it does not tell its reference from others';
    const stranger = this.#namedFault(leaf, clause.people.length);
    if (stranger !== undefined) return stranger;
    const refused = clauseRefused(grant, clause, [...this.#all.values()], leaf.mark, at);
    if (refused !== undefined) return refusals[refused];
    const opening = String(leaf.id);
    this.#all.set(opening, { opening, grant, at, mark: leaf.mark, reviewBy: until });
    return undefined;
  }

  /** One of those named, and the same one each time that the same person comes. */
  #namedFault(leaf: LeafFields, count: number): string | undefined {
    const { named, actor } = leaf;
    if (typeof named !== 'number' || !Number.isInteger(named) || named < 1 || named > count)
      return 'the clause for emergencies does not name its person';
    const [place, person] = [
      `${String(leaf.grant)} ${named}`,
      `${String(leaf.grant)} ${String(actor)} person`,
    ];
    const same = (key: string, value: string) => (this.#who.get(key) ?? value) === value;
    if (!same(place, String(actor)) || !same(person, place))
      return 'the person is another of those named than before';
    this.#who.set(place, String(actor));
    this.#who.set(person, place);
    return undefined;
  }

  /** The longest access under a consent, minutes, as its clause limits an emergency; 0: it does not. */
  longest(session: string, grant: string): number {
    return this.#all.has(session) ? (this.#clauses.get(grant)?.clause.minutes ?? 0) : 0;
  }

  reviewed(leaf: LeafFields): string | undefined {
    const found = this.#all.get(String(leaf.session));
    if (found === undefined) return 'it reviews what was no emergency';
    if (found.review === true) return 'the emergency was reviewed already';
    const seat = this.#seats.get(String(leaf.seat));
    if (seat === undefined || seat.removed || seat.role === 'reader' || seat.role !== leaf.role)
      return 'it is nobody seated for the client who reviews';
    if (String(leaf.at) < seat.grantsFrom) return 'whoever reviews could not sign yet';
    if (!(reviewOutcomes as readonly unknown[]).includes(leaf.outcome))
      return 'the review does not say whether it is in order';
    found.review = true;
    return undefined;
  }
}
