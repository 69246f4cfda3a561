/**
 * What a reader's eye is led to: a closed list of things about an opening, never about a person's conduct as such (no
 * score, no ranking). Thresholds are the client's own. Pure. Nothing here refuses anything: what must not happen is a
 * criterion of the decision.
 */
import type { Fact, Story } from './history.ts';
import type { Purpose } from './model.ts';
import { isRobots } from './robots.ts';
import { type Schedule, stretchAt } from './schedule.ts';

/** The closed list, most urgent first. */
export const lookCodes = [
  'after_end',
  'emergency',
  'copy',
  'refused_then_allowed',
  'out_of_hours',
  'volume',
  'first_time',
] as const;

export type LookCode = (typeof lookCodes)[number];

/** Something about one opening; `amount`: bytes of a copy or a volume, refusals, else 0. */
export interface Look {
  readonly code: LookCode;
  readonly story: Story;
  readonly amount: number;
}

/** What is usual for a client. */
export interface Watch {
  /** Hours in which its openings usually lie. */
  readonly hours: Schedule;
  /** Bytes that usually leave in one opening for a purpose; a purpose that is not here has `usualBytes`. */
  readonly bytes: ReadonlyMap<string, number>;
}

/** Where neither file nor client says anything: what an hour of looking at pages does not reach. */
export const usualBytes = 50_000_000;
/** Refusals in one opening from which on what was allowed afterwards is shown. */
export const manyRefusals = 3;

export interface LookContext {
  readonly watch: Watch;
  readonly purposes: ReadonlyMap<string, Pick<Purpose, 'operations'>>;
  /** When the agreement of that id ended or ends, epoch milliseconds; undefined: unknown. */
  endOf(grant: string): number | undefined;
}

/** What is worth a look in these openings: most urgent first, then newest. An opening may be there for several reasons. */
export function worthALook(stories: readonly Story[], context: LookContext): readonly Look[] {
  return stories
    .filter(({ kind }) => kind === 'opening')
    .flatMap((story) => lookCodes.flatMap((code) => told(code, story, context)))
    .sort((a, b) => rank(a) - rank(b) || b.story.at - a.story.at);
}

function rank({ code }: Look): number {
  return lookCodes.indexOf(code);
}

function told(code: LookCode, story: Story, context: LookContext): Look[] {
  const amount = amountOf(code, story, context);
  return amount === undefined ? [] : [{ code, story, amount }];
}

/** Undefined: it does not apply. */
function amountOf(code: LookCode, story: Story, context: LookContext): number | undefined {
  switch (code) {
    case 'after_end': {
      const end = context.endOf(story.grant);
      return end !== undefined && lastPassed(story) > end ? 0 : undefined;
    }
    case 'emergency':
      return story.emergency ? 0 : undefined;
    case 'copy': {
      const copies = story.facts.filter((fact) => fact.operation === 'copy' && passed(fact));
      return copies.length === 0 ? undefined : sum(copies, ({ down }) => down);
    }
    case 'refused_then_allowed':
      return refusedThenAllowed(story);
    case 'out_of_hours':
      // A robot comes within hours of its own, which the client agreed to.
      return isRobots(story) || stretchAt(context.watch.hours, story.at).open ? undefined : 0;
    case 'volume': {
      const down = sum(story.facts, (fact) => fact.down);
      return down > usual(story.purpose, context) ? down : undefined;
    }
    case 'first_time':
      return story.first ? 0 : undefined;
  }
}

/** Purposes that copy have no usual volume unless the client says one: each copy is told by itself. */
function usual(purpose: string, { watch, purposes }: LookContext): number {
  const said = watch.bytes.get(purpose);
  if (said !== undefined) return said;
  return purposes.get(purpose)?.operations.includes('copy') === true ? Number.POSITIVE_INFINITY : usualBytes;
}

function refusedThenAllowed({ facts }: Story): number | undefined {
  const refused = facts.filter(({ result }) => result.startsWith('refused:'));
  const times = sum(refused, ({ count }) => count);
  if (times < manyRefusals) return undefined;
  const since = Math.max(...refused.map(({ last }) => last));
  const changed = facts.some(
    (fact) => passed(fact) && fact.last > since && fact.operation !== 'read' && sameThing(fact, refused),
  );
  return changed ? times : undefined;
}

/** What was refused before, on the same system: the same route, or the same kind of operation. */
function sameThing(fact: Fact, refused: readonly Fact[]): boolean {
  return refused.some(
    ({ system, path, operation }) =>
      system === fact.system && (path === fact.path || operation === fact.operation),
  );
}

function lastPassed({ facts, at }: Story): number {
  return Math.max(at, ...facts.filter(passed).map(({ last }) => last));
}

/** Something reached the system. */
function passed({ result }: Fact): boolean {
  return !result.startsWith('refused:');
}

function sum(facts: readonly Fact[], of: (fact: Fact) => number): number {
  return facts.reduce((total, fact) => total + of(fact), 0);
}
