/**
 * What a person could declare: for each system and purpose of a client, the agreement that would serve or the reason
 * why none does. Asked of `decide` itself with the opening that would result, so page and gateway cannot disagree.
 */
import { decide } from './decide.ts';
import { longestUnder } from './emergency.ts';
import { endUnder } from './first-use.ts';
import { indexGrants } from './grant-index.ts';
import type {
  AnySystem,
  Authentication,
  Client,
  Grant,
  Opening,
  Operation,
  Person,
  Purpose,
  Snapshot,
} from './model.ts';
import { type Allow, criterionNames, type Decision } from './question.ts';
import type { Reason } from './reasons.ts';
import { exampleOf } from './reference-pattern.ts';
import { everySystem } from './systems.ts';

const MINUTE = 60_000;

/** One cell of the declaration page: exactly one of `grant` and `reason` is set. */
export interface Option {
  readonly system: string;
  readonly purpose: string;
  /** The agreement that would serve: of those that do, the one with most operations, then the latest end. */
  readonly grant: string | undefined;
  readonly reason: Reason | undefined;
  /** Everything that stands in the way, in the order of the criteria; begins with `reason`. */
  readonly unmet: readonly Reason[];
  /** What purpose, agreement and instructions all permit; empty when refused. */
  readonly operations: readonly Operation[];
  /** The latest end that an opening declared now could have, epoch milliseconds; 0 when refused. */
  readonly until: number;
}

/**
 * All options of a person at a client, in the order of the policy files. `grants` are the client's, in any state.
 * Unknown people and clients have no option that serves; never throws. `emergency`: as if each were declared one.
 */
export function options(
  snapshot: Snapshot,
  personId: string,
  authentication: Authentication,
  client: string,
  grants: Iterable<Grant>,
  now: number,
  emergency = false,
): readonly Option[] {
  const person = snapshot.people.get(personId);
  const asked = snapshot.clients.get(client);
  if (person === undefined || asked === undefined) return [];
  const index = indexGrants(client, grants);
  const found: Option[] = [];
  for (const system of everySystem(asked)) {
    for (const purpose of snapshot.purposes.values()) {
      const of = { snapshot, person, authentication, client: asked, system, purpose, now, emergency };
      found.push(best(of, index.candidates(system.id, purpose.code, now)));
    }
  }
  return found;
}

/** What would be asked: this person, signed in like this, at this system for this purpose at `now`. */
export interface Case {
  readonly snapshot: Snapshot;
  readonly person: Person;
  readonly authentication: Authentication;
  readonly client: Client;
  readonly system: AnySystem;
  readonly purpose: Purpose;
  readonly now: number;
  /** Declared an emergency; left out: it is not. */
  readonly emergency?: boolean;
}

function best(of: Case, grants: readonly Grant[]): Option {
  let serving: Option | undefined;
  let nearest = refusal(of, decideAsIf(of, undefined));
  for (const grant of grants) {
    const decision = decideAsIf(of, grant);
    if (decision.effect === 'allow') {
      const option = served(of, grant, decision);
      if (serving === undefined || isBetter(option, serving)) serving = option;
    } else {
      const option = refusal(of, decision);
      if (isNearer(option, nearest)) nearest = option;
    }
  }
  if (serving !== undefined) return serving;
  const { rank: _, ...option } = nearest;
  return option;
}

function served(of: Case, grant: Grant, { until }: Allow): Option {
  const { system, purpose } = of;
  return {
    system: system.id,
    purpose: purpose.code,
    grant: grant.id,
    reason: undefined,
    unmet: [],
    operations: purpose.operations.filter((operation) => decideAsIf(of, grant, operation).effect === 'allow'),
    until,
  };
}

type Ranked = Option & { readonly rank: number };

function refusal({ system, purpose }: Case, decision: Decision): Ranked {
  const reason = decision.effect === 'allow' ? 'no_consent' : decision.reason;
  const option = {
    system: system.id,
    purpose: purpose.code,
    grant: undefined,
    reason,
    unmet: unmetOf(reason, decision),
    operations: [],
    until: 0,
  };
  return { ...option, rank: rank(reason, decision) };
}

/** Without an agreement nothing can be said about its limits and operations: that would only repeat it. */
function unmetOf(reason: Reason, decision: Decision): readonly Reason[] {
  if (decision.effect !== 'refuse') return [reason];
  const { criteria } = decision;
  const agreed = criteria.every(({ name, met }) => name !== 'grant' || met);
  return criteria.flatMap((one) =>
    one.reason === undefined || (!agreed && (one.name === 'limits' || one.name === 'operation'))
      ? []
      : one.reason,
  );
}

/** How far a refusal got: the reason of the agreement that came nearest helps most. */
function rank(reason: Reason | undefined, decision: Decision): number {
  if (decision.effect !== 'refuse') return 0;
  const first = decision.criteria.find((criterion) => !criterion.met);
  const order = first === undefined ? 0 : criterionNames.indexOf(first.name) * 2;
  return reason === 'no_consent' ? order : order + 1;
}

/** The one that got further; of two that failed at the same criterion the one to which less is missing. */
function isNearer(option: Ranked, than: Ranked): boolean {
  if (option.rank !== than.rank) return option.rank > than.rank;
  return option.unmet.length < than.unmet.length;
}

function isBetter(option: Option, than: Option): boolean {
  if (option.operations.length !== than.operations.length)
    return option.operations.length > than.operations.length;
  return option.until > than.until;
}

/** The decision on a first exchange under the opening that declaring would create, with all fields filled in. */
export function decideAsIf(of: Case, grant: Grant | undefined, operation: Operation = 'read'): Decision {
  const { snapshot, person, authentication, client, system, purpose, now } = of;
  const kind = of.emergency === true ? { emergency: true as const } : {};
  const most = grant === undefined ? purpose.minutes : longestUnder(grant, kind);
  const longest = now + Math.min(purpose.minutes, most) * MINUTE;
  const opening: Opening = {
    id: '',
    client: client.id,
    person: person.id,
    account: { issuer: person.issuer, subject: person.subject },
    systems: [system.id],
    purpose: purpose.code,
    reference: purpose.referencePatterns[0] === undefined ? 'asked' : exampleOf(purpose.referencePatterns[0]),
    note: 'x'.repeat(Math.max(1, purpose.noteMinimum)),
    grant: grant?.id ?? '',
    login: '',
    authentication,
    openedAt: now,
    // An agreement that is over is reported as such, not as an opening that ended before it began.
    endsAt: grant !== undefined && grant.until > now ? Math.min(longest, endUnder(grant, now)) : longest,
    endedAt: undefined,
    endCause: undefined,
    ...kind,
  };
  const question = {
    client: client.id,
    system: system.id,
    opening,
    grant,
    authentication,
    operation,
    method: 'GET',
    template: '/',
  } as const;
  return decide(snapshot, question, now);
}
