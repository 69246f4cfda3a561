/**
 * What the provider proposes that a client agrees to, from a template of its policy files. It permits nothing; a
 * representative strikes lines and signs, declines, or says nothing and it lapses. Striking only narrows. Pure.
 */
import { type Budget, countsUse, limitNames } from './budget.ts';
import type { Client, Grant, Operation, Text } from './model.ts';
import { namedRobot } from './robots.ts';

const DAY = 24 * 60 * 60_000;

/** Days from the proposal to its lapse. */
export const proposalDays = 30;

/** Proposals that one client may have waiting: a heap is not read. */
export const mostProposals = 10;

/** A form of agreement that the provider keeps ready. Which systems it is about follows from the client's file. */
export interface GrantTemplate {
  readonly id: string;
  readonly label: Text;
  readonly about: Text;
  readonly purposes: readonly string[];
  readonly operations: readonly Operation[];
  /** `assigned`, `team:<name>`, or `robot:<id>`. */
  readonly people: readonly string[];
  /** How long the agreement lasts at most, from the day it is signed; with `onceMinutes` until when it may begin. */
  readonly days: number;
  /** Used once, for so many minutes from its first access on; undefined: over the whole time. */
  readonly onceMinutes: number | undefined;
  /** Its zone is the client's. */
  readonly budget: Omit<Budget, 'zone'> | undefined;
}

/** `waiting` for the client; the others are the end. */
export type ProposalStatus = 'waiting' | 'accepted' | 'declined' | 'lapsed';

/** A row is a projection of the ledger, never edited apart from it. Instants are epoch milliseconds UTC. */
export interface Proposal {
  readonly id: string;
  readonly client: string;
  /** The template it was made from. */
  readonly template: string;
  readonly systems: readonly string[];
  readonly purposes: readonly string[];
  readonly operations: readonly Operation[];
  readonly people: readonly string[];
  /** As in `GrantTemplate`. */
  readonly days: number;
  readonly onceMinutes: number | undefined;
  readonly budget: Budget | undefined;
  /** Who of the provider proposes, by the id of the staff file. */
  readonly by: string;
  readonly proposedAt: number;
  /** Silence until then is a refusal. */
  readonly until: number;
  readonly status: ProposalStatus;
  readonly changedAt: number;
  /** The consent that came of it. */
  readonly grant: string | undefined;
}

/** Whether it still waits for an answer at that instant. */
export function isOpen({ status, until }: Pick<Proposal, 'status' | 'until'>, now: number): boolean {
  return status === 'waiting' && now < until;
}

/** The state as it is told at that instant: what nobody answered in time has lapsed, written down or not. */
export function proposalStatusAt(
  { status, until }: Pick<Proposal, 'status' | 'until'>,
  now: number,
): ProposalStatus {
  return status === 'waiting' && now >= until ? 'lapsed' : status;
}

/** The lines of a proposal that a signed agreement is held against. */
export type Proposed = Pick<
  Proposal,
  'systems' | 'purposes' | 'operations' | 'days' | 'onceMinutes' | 'budget'
>;

/** The robots among those whom an agreement or proposal names, by the name that it gives them. */
export function robotsNamed(people: readonly string[]): readonly string[] {
  return people.filter((who) => namedRobot(who) !== undefined);
}

/** What goes beyond what was proposed, in one word; undefined: nothing. `at`: when it is signed. */
export function beyondProposal(
  proposed: Proposed,
  given: Pick<Grant, 'systems' | 'purposes' | 'operations' | 'until' | 'firstUse' | 'budget'>,
  at: number,
): string | undefined {
  const within = (some: readonly string[], all: readonly string[]) => some.every((one) => all.includes(one));
  if (!within(given.systems, proposed.systems)) return 'systems';
  if (!within(given.purposes, proposed.purposes)) return 'purposes';
  if (!within(given.operations, proposed.operations)) return 'operations';
  const { firstUse } = given;
  if (proposed.onceMinutes !== undefined && !(firstUse && firstUse.minutes <= proposed.onceMinutes))
    return 'minutes';
  // Whole days of the client's zone, which the log does not know: the day it is signed and the last one may both be long.
  if ((firstUse?.startBy ?? given.until) > at + (proposed.days + 2) * DAY) return 'days';
  return exceedsBudget(proposed.budget, given.budget) ? 'budget' : undefined;
}

/** A limit that was proposed stays, in the same periods, and may only be lower. */
function exceedsBudget(proposed: Budget | undefined, given: Budget | undefined): boolean {
  if (proposed === undefined) return false;
  if (given === undefined || given.zone !== proposed.zone) return true;
  // How long copies are kept is of no period.
  if (countsUse(proposed) && given.per !== proposed.per) return true;
  return limitNames.some((part) => {
    const most = proposed[part];
    return most !== undefined && !((given[part] ?? Number.POSITIVE_INFINITY) <= most);
  });
}

/**
 * What is proposed to a client from a template; undefined when it has no system for any of its purposes. Of robots, those that
 * are assigned to one of its systems; where nobody else is proposed, the systems are those that they are assigned to.
 */
export function proposalFrom(
  template: GrantTemplate,
  client: Pick<Client, 'id' | 'zone' | 'assignments'>,
  systems: readonly { readonly id: string; readonly purposes: readonly string[] }[],
  made: { readonly id: string; readonly by: string; readonly now: number },
): Proposal | undefined {
  const fitting = systems.filter(({ purposes }) => template.purposes.some((code) => purposes.includes(code)));
  const reaches = (who: string, system: string): boolean =>
    client.assignments.some(
      (one) =>
        one.who === namedRobot(who) &&
        (one.until === undefined || made.now < one.until) &&
        (one.systems.includes(system) || one.systems.includes('*')),
    );
  const robots = robotsNamed(template.people);
  const people = template.people.filter(
    (who) => !robots.includes(who) || fitting.some(({ id }) => reaches(who, id)),
  );
  const machines = people.every((who) => robots.includes(who));
  const mine = machines ? fitting.filter(({ id }) => people.some((who) => reaches(who, id))) : fitting;
  const purposes = template.purposes.filter((code) => mine.some((system) => system.purposes.includes(code)));
  if (mine.length === 0) return undefined;
  const { budget } = template;
  return {
    id: made.id,
    client: client.id,
    template: template.id,
    systems: mine.map(({ id }) => id),
    purposes,
    operations: template.operations,
    people,
    days: template.days,
    onceMinutes: template.onceMinutes,
    budget: budget === undefined ? undefined : orderedBudget({ ...budget, zone: client.zone }),
    by: made.by,
    proposedAt: made.now,
    until: made.now + proposalDays * DAY,
    status: 'waiting',
    changedAt: made.now,
    grant: undefined,
  };
}

function orderedBudget(budget: Budget): Budget {
  const limits = limitNames.flatMap((part) => (budget[part] === undefined ? [] : [[part, budget[part]]]));
  return { per: budget.per, zone: budget.zone, ...Object.fromEntries(limits) };
}
