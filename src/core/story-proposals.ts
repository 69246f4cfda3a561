/**
 * The part of the story that tells of proposals: each is made once, and answered once, in time: by a consent within
 * what was proposed, by declining, or by silence. Pure.
 */
import { parseBudget } from './budget.ts';
import type { LeafFields } from './entries.ts';
import { parseFirstUse } from './first-use.ts';
import type { Operation } from './model.ts';
import { beyondProposal, type ProposalStatus, type Proposed, robotsNamed } from './proposals.ts';
import { list } from './story-lines.ts';

interface Made extends Proposed {
  readonly until: string;
  /** Those that it names; a machine is proposed by its name or not at all. */
  readonly robots: readonly string[];
  status: ProposalStatus;
}

/** Each method takes a line and answers what is wrong with it, in words; undefined when it fits. */
export class ProposalsTold {
  readonly #proposals = new Map<string, Made>();

  proposed(leaf: LeafFields): string | undefined {
    const id = String(leaf.id);
    if (this.#proposals.has(id)) return 'the proposal was made already';
    if (!(String(leaf.at) < String(leaf.until))) return 'the proposal had lapsed before it was made';
    const budget = leaf.budget === undefined ? undefined : parseBudget(String(leaf.budget));
    if (leaf.budget !== undefined && budget === undefined) return 'the limit of the proposal cannot be read';
    this.#proposals.set(id, {
      systems: list(leaf.systems),
      purposes: list(leaf.purposes),
      operations: list(leaf.operations) as readonly Operation[],
      days: Number(leaf.days),
      onceMinutes: leaf.once === undefined ? undefined : Number(leaf.once),
      budget,
      until: String(leaf.until),
      robots: list(leaf.robots ?? ''),
      status: 'waiting',
    });
    return undefined;
  }

  /** Declined by somebody of the client, or lapsed. */
  ended(leaf: LeafFields, to: 'declined' | 'lapsed'): string | undefined {
    const proposal = this.#proposals.get(String(leaf.proposal));
    if (proposal === undefined) return 'it is about a proposal that was never made';
    if (proposal.status !== 'waiting') return `the proposal is ${proposal.status}`;
    const late = String(leaf.at) >= proposal.until;
    if (late !== (to === 'lapsed')) return late ? 'the proposal had lapsed' : 'the proposal still had time';
    proposal.status = to;
    return undefined;
  }

  /** A consent was given that names a proposal. `people`: whom its text names. */
  accepted(granted: LeafFields, people: readonly string[]): string | undefined {
    const proposal = this.#proposals.get(String(granted.proposal));
    if (proposal === undefined) return 'the consent follows a proposal that was never made';
    if (proposal.status !== 'waiting') return `the consent follows a proposal that is ${proposal.status}`;
    if (String(granted.at) >= proposal.until) return 'the consent follows a proposal that had lapsed';
    const firstUse = parseFirstUse(String(granted.first_use));
    const budget = parseBudget(String(granted.budget));
    const given = {
      systems: list(granted.systems),
      purposes: list(granted.purposes),
      operations: list(granted.operations) as readonly Operation[],
      until: Date.parse(String(granted.until)),
      ...(firstUse === undefined ? {} : { firstUse }),
      ...(budget === undefined ? {} : { budget }),
    };
    const beyond = beyondProposal(proposal, given, Date.parse(String(granted.at)));
    if (beyond !== undefined) return `the consent goes beyond its proposal in ${beyond}`;
    if (!robotsNamed(people).every((robot) => proposal.robots.includes(robot)))
      return 'the consent names a robot that its proposal does not';
    proposal.status = 'accepted';
    return undefined;
  }
}
